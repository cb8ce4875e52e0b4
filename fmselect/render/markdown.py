"""The recommendation as Markdown, for a pull request or a decision record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fmselect.recommendation import Recommendation
from fmselect.render.table import catalog_line
from fmselect.render.words import (
    monthly,
    needs_in_words,
    proofs,
    quality_in_words,
    reason,
    speed_in_words,
    verdict_in_words,
    where,
    workload_in_words,
)


def render(recommendation: Recommendation) -> str:
    """Return the recommendation as Markdown."""
    return "\n".join(_lines(recommendation)) + "\n"


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a Markdown table; bars inside cells are escaped."""
    lines = ["| " + " | ".join(headers) + " |", "|" + " - |" * len(headers)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return lines


def _lines(recommendation: Recommendation) -> Iterator[str]:
    yield f"## {recommendation.task.name}: {workload_in_words(recommendation.workload)}"
    yield ""
    if needs := needs_in_words(recommendation.requirements):
        yield f"Needs: {', '.join(needs)}."
        yield ""
    if recommendation.ranking:
        rows = [
            [
                str(row.rank),
                row.judged.alternative.model.name,
                row.judged.alternative.effort or "",
                row.judged.alternative.offering.id,
                where(row.judged),
                f"{row.judged.score:.3f}",
                monthly(row.judged.estimate),
                quality_in_words(row.judged.parts.get("quality")),
                speed_in_words(row.judged),
                reason(row.judged, recommendation.rows),
            ]
            for row in recommendation.ranking
        ]
        yield from table(("#", "Model", "Effort", "Offering", "Tier and scope", "Score", "$/month", "Quality", "Speed", "Why"), rows)
    else:
        yield "Nothing in the catalog meets every constraint."
    todos = {f"{row.judged.alternative.platform.name}: {todo}" for row in recommendation.ranking for todo in row.judged.todos}
    yield from _section("Before you rely on it", sorted(todos))
    yield from _section(
        "Why these meet the constraints",
        [
            f"{platform}, {verdict.constraint} {verdict.required}: {verdict.actual} ({_ranks(ranks)}). {verdict.source}"
            for platform, verdict, ranks in proofs(recommendation)
        ],
    )
    yield from _section(
        "Not verified, so not ranked",
        [
            f"{item.alternative.offering.id}: " + "; ".join(verdict_in_words(v) for v in item.of_outcome("unknown"))
            for item in recommendation.unverified
        ],
    )
    yield from _section(
        "What would have to give to admit more",
        [
            f"{' + '.join(relaxation.constraints)}: admits {len(relaxation.offerings)}, such as {relaxation.offerings[0]}"
            for relaxation in recommendation.relaxations
        ],
    )
    yield from _section("Excluded, by constraint", [f"{name}: {count}" for name, count in recommendation.excluded_by.items()])
    yield from _section("Assumed", [*recommendation.assumptions, *recommendation.warnings])
    yield ""
    yield catalog_line(recommendation)


def _ranks(ranks: Sequence[int]) -> str:
    return ", ".join(f"#{rank}" for rank in ranks)


def _section(title: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield ""
        yield f"### {title}"
        yield ""
        yield from (f"- {item}" for item in items)
