"""The recommendation as a page for people: the ranking, its proof, and what was left out and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

from rich.text import Text

from fmselect.recommendation import Judged, Ranked, Recommendation
from fmselect.render.page import Cell, Page, bullets, dim, grid, heading, lay_out
from fmselect.render.words import (
    UNKNOWN,
    capacity_in_words,
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
from fmselect.units import counted, money

if TYPE_CHECKING:
    from rich.console import RenderableType

UNVERIFIED_SHOWN = 5


def render(recommendation: Recommendation, page: Page) -> str:
    """Return the page."""
    return lay_out(_parts(recommendation, page), page)


def _parts(recommendation: Recommendation, page: Page) -> Iterator[RenderableType]:
    yield Text(f"{recommendation.task.name}: {workload_in_words(recommendation.workload)}", style="bold")
    if needs := needs_in_words(recommendation.requirements):
        yield "Needs: " + " · ".join(needs)
    yield ""
    if recommendation.ranking:
        yield from _ranking(recommendation, page)
        yield from _legend(recommendation)
    else:
        yield from _nothing(recommendation)
    yield from _conditions(recommendation)
    yield from _proof(recommendation)
    yield from _unverified(recommendation)
    yield from _excluded(recommendation)
    if recommendation.ranking:
        yield from _relaxations(recommendation, "What would widen the choice")
    yield heading("Assumed")
    yield bullets([*recommendation.assumptions, *(f"warning: {text}" for text in recommendation.warnings)])
    yield dim(f"\n{catalog_line(recommendation)}")


def catalog_line(recommendation: Recommendation) -> str:
    """Say which catalog the answer rests on."""
    catalog = recommendation.catalog
    return (
        f"Catalog of {catalog.as_of}: {len(catalog.models)} models, {len(catalog.offerings)} offerings "
        f"on {len(catalog.platforms)} platforms. Answer for {recommendation.on}."
    )


_HEADERS = ("#", "Model (effort)", "Where", "Score", "$/month", "Quality", "Speed")
_RIGHT = (3, 4, 5)
_MODEL = 1
_GAP = 2


def _ranking(recommendation: Recommendation, page: Page) -> Iterator[RenderableType]:
    """Yield a line of figures for every row, with the reason below it across the page."""
    cells = [_cells(row) for row in recommendation.ranking]
    widths = [max(len(line[column]) for line in (_HEADERS, *cells)) for column in range(len(_HEADERS))]
    spare = page.width - sum(widths) - _GAP * (len(widths) - 1)
    widths[_MODEL] = max(widths[_MODEL] + min(spare, 0), len(_HEADERS[_MODEL]))
    yield Text(_line(_HEADERS, widths), style="bold")
    indent = " " * (widths[0] + _GAP)
    for row, line in zip(recommendation.ranking, cells, strict=True):
        figures = Text(_line(line, widths))
        figures.stylize("bold", len(indent), len(indent) + widths[_MODEL])
        yield figures
        for note in _notes(row, recommendation):
            yield dim(fill(note, page.width, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False))


def _cells(row: Ranked) -> tuple[str, ...]:
    item = row.judged
    effort = f" ({item.alternative.effort})" if item.alternative.effort else ""
    return (
        f"{row.rank}{'=' if row.tied_with else ''}",
        item.alternative.model.name + effort,
        item.alternative.platform.id,
        f"{item.score:.3f}",
        monthly(item.estimate),
        quality_in_words(item.parts.get("quality")),
        speed_in_words(item),
    )


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    parts = []
    for column, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        shown = cell if len(cell) <= width else cell[: width - 1] + "…"
        parts.append(shown.rjust(width) if column in _RIGHT else shown.ljust(width))
    return (" " * _GAP).join(parts).rstrip()


def _notes(row: Ranked, recommendation: Recommendation) -> Iterator[str]:
    yield f"{where(row.judged)}: {reason(row.judged, recommendation.rows)}"
    cost = row.judged.estimate.cost
    if cost is not None and cost.capacity is not None:
        yield "buys " + capacity_in_words(cost.capacity)
    if cost is not None and cost.once:
        yield f"training costs {money(cost.usd_once)} once"
    if row.also_on:
        yield "also on " + ", ".join(f"{item.alternative.platform.id} {monthly(item.estimate)}" for item in row.also_on)
    if row.warnings:
        yield "mind: " + "; ".join(row.warnings)


def _legend(recommendation: Recommendation) -> Iterator[RenderableType]:
    said = ["Score and quality: more is better; quality is 0 to 100 with its 95% interval"]
    if any(row.tied_with for row in recommendation.ranking):
        said.append("= cannot be told apart from another row")
    if any(row.judged.parts["quality"].reading.estimated for row in recommendation.ranking if "quality" in row.judged.parts):
        said.append("~ quality estimated from the model's family")
    speeds = [speed_in_words(row.judged) for row in recommendation.ranking]
    if any(speed != UNKNOWN for speed in speeds):
        said.append("speed: seconds of a whole answer, or output tokens/s")
        marks = {"~": "~ estimated", "*": "* as the platform states"}
        said += [text for mark, text in marks.items() if any(speed.startswith(mark) for speed in speeds)]
    said.append("? unknown")
    left = len(recommendation.rows) - len(recommendation.ranking)
    more = f" {counted(left, 'more row')} can be had with --top." if left else ""
    yield dim("\n" + "; ".join(said) + "." + more)


def _nothing(recommendation: Recommendation) -> Iterator[RenderableType]:
    yield Text("Nothing in the catalog meets every constraint.", style="bold")
    candidates = recommendation.candidates
    if candidates:
        counts = [(name, count) for name, count in recommendation.excluded_by.items() if name not in ("task", "modality")]
        name, count = counts[0]
        yield f"Of {len(candidates)} offerings that do the task, {name} removed most: {count}."
    if recommendation.unverified:
        yield f"{len(recommendation.unverified)} have nothing against them but something unknown: see below."
    yield from _relaxations(recommendation, "What would have to give")


def _relaxations(recommendation: Recommendation, title: str) -> Iterator[RenderableType]:
    found = recommendation.relaxations
    if not found:
        return
    yield heading(title)
    said = []
    for relaxation in found:
        needs = "; ".join(f"{verdict.constraint}: {verdict.required} → {verdict.actual}" for verdict in relaxation.needs)
        unverified = ", still to verify" if relaxation.unverified else ""
        count = len(relaxation.offerings)
        said.append(f"{' + '.join(relaxation.constraints)}: admits {count}{unverified}, such as {relaxation.offerings[0]} ({needs})")
    yield bullets(said)


def _conditions(recommendation: Recommendation) -> Iterator[RenderableType]:
    found: dict[tuple[str, str], list[int]] = {}
    for row in recommendation.ranking:
        for todo in row.judged.todos:
            found.setdefault((row.judged.alternative.platform.name, todo), []).append(row.rank)
    if found:
        yield heading("Before you rely on it, you have to")
        yield bullets(f"{platform}: {todo} [{_ranks(ranks)}]" for (platform, todo), ranks in found.items())


def _proof(recommendation: Recommendation) -> Iterator[RenderableType]:
    found = proofs(recommendation)
    if found:
        yield heading("Why these meet your constraints")
        yield bullets(
            Text.assemble(f"{verdict_in_words(verdict)}; {platform} [{_ranks(ranks)}]\n", dim(verdict.source))
            for platform, verdict, ranks in found
        )


def _ranks(ranks: list[int]) -> str:
    return ", ".join(f"#{rank}" for rank in ranks)


def _unverified(recommendation: Recommendation) -> Iterator[RenderableType]:
    waiting = recommendation.unverified
    if not waiting:
        return
    yield heading(f"Not ranked: {counted(len(waiting), 'offering')} with something unverified, the nearest first")
    shown: list[str | Text] = []
    for item in waiting[:UNVERIFIED_SHOWN]:
        open_points = [f"{verdict_in_words(v)}\n→ {v.todo}" for v in item.of_outcome("unknown")]
        shown.append(
            Text.assemble(
                (item.alternative.offering.id, "bold"),
                f" (score {item.score:.3f}, {monthly(item.estimate)} a month)\n",
                dim("\n".join(open_points)),
            )
        )
    yield bullets(shown)
    if len(waiting) > UNVERIFIED_SHOWN:
        yield dim(f"  and {len(waiting) - UNVERIFIED_SHOWN} more (--format json lists all; --unknown allow ranks them)")


def _excluded(recommendation: Recommendation) -> Iterator[RenderableType]:
    candidates = recommendation.candidates
    if not candidates:
        return
    others = len(recommendation.excluded) - len(candidates)
    yield heading(f"Excluded: {counted(len(candidates), 'offering')} on sale for the task ({others:,} besides do another, or are retired)")
    counts: dict[str, list[Judged]] = {}
    for item in candidates:
        for name in {verdict.constraint for verdict in recommendation.reasons(item)}:
            counts.setdefault(name, []).append(item)
    rows: list[list[Cell]] = []
    for name, items in sorted(counts.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        best = max(items, key=lambda item: (item.score, item.alternative.key))
        actual = next(verdict.actual for verdict in recommendation.reasons(best) if verdict.constraint == name)
        rows.append([str(len(items)), name, dim(f"{best.alternative.offering.id}: {actual}")])
    yield grid(("", "", ""), rows, right=(0,), fold=(2,))
    yield dim("One may violate several; `fmselect explain OFFERING` with the same flags tells all of one.")
