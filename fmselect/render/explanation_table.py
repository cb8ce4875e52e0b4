"""An explanation as a page for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from fmselect.criteria import CRITERIA, theta_value
from fmselect.explanation import Explanation
from fmselect.recommendation import Judged
from fmselect.render.page import Cell, Page, bullets, dim, grid, heading, lay_out
from fmselect.render.table import catalog_line
from fmselect.render.words import UNKNOWN, monthly, needs_in_words, speed_parts, verdict_in_words, where, workload_in_words
from fmselect.units import counted, money, plain

if TYPE_CHECKING:
    from rich.console import RenderableType

    from fmselect.quality import Move

MARKS = {"met": ("yes", "green"), "violated": ("no", "red"), "unknown": ("?", "yellow")}
OTHERS_SHOWN = 12
MOVES_SHOWN = 8


def render(explanation: Explanation, moves: Sequence[Move], page: Page) -> str:
    """Return the page; `moves` are the results that moved its quality."""
    return lay_out(_parts(explanation, moves), page)


def _parts(explanation: Explanation, moves: Sequence[Move]) -> Iterator[RenderableType]:
    recommendation, best = explanation.recommendation, explanation.best
    chosen = best.alternative
    effort = f", effort {chosen.effort}" if chosen.effort else ""
    yield Text(f"{chosen.model.name} on {chosen.platform.name} ({chosen.offering.id})", style="bold")
    yield f"For {recommendation.task.name}: {workload_in_words(recommendation.workload)}"
    if needs := needs_in_words(recommendation.requirements):
        yield "Needs: " + " · ".join(needs)
    yield f"Best alternative: {where(best)}{effort}; call it {chosen.platform_model_id}"
    yield ""
    yield Text(_standing(explanation), style="bold")
    yield from _change(explanation)
    yield heading("Constraints")
    yield constraints(best)
    yield heading(f"Score {best.score:.3f}")
    yield from score_parts(best)
    yield from _moves(best, moves)
    yield from _cost(best)
    yield from _speed(best)
    yield from _others(explanation)
    yield dim(f"\n{catalog_line(recommendation)}")


def _standing(explanation: Explanation) -> str:
    rows = len(explanation.recommendation.rows)
    if explanation.standing == "ranked":
        return f"Ranked {explanation.rank} of {rows}."
    if explanation.standing == "eligible":
        return "Eligible, but the same model does better elsewhere."
    if explanation.standing == "unverified":
        return f"Not ranked: {counted(explanation.best.doubts, 'point')} could not be verified."
    return f"Excluded: it violates {', '.join(sorted({v.constraint for v in explanation.best.of_outcome('violated')}))}."


def _change(explanation: Explanation) -> Iterator[RenderableType]:
    said: list[str] = []
    first, price = explanation.first, explanation.price
    if first is not None:
        name = f"{first.alternative.model.name} on {first.alternative.platform.id}"
        said.append(f"First is {name}: score {first.score:.3f}, {monthly(first.estimate)} a month.")
        if price is not None and price.usd_per_month is None:
            said.append("No price would make this one first.")
        elif price is not None and price.fall is not None:
            said.append(f"It would be first at ${price.usd_per_month:,.2f} a month, {price.fall:.0%} less.")
    for relaxation in explanation.relaxations:
        needs = "; ".join(f"{verdict.required} → {verdict.actual}" for verdict in relaxation.needs)
        rest = ", and verify what is unknown" if relaxation.unverified else ""
        said.append(f"To admit it, give up {' and '.join(relaxation.constraints)} ({needs}){rest}.")
    said += [f"Ask: {verdict.todo}" for verdict in explanation.best.of_outcome("unknown") if verdict.todo]
    said += [f"Do: {todo}" for todo in explanation.best.todos]
    if said:
        yield bullets(said)


def constraints(item: Judged) -> RenderableType:
    """Return every verdict of an alternative with its source."""
    rows: list[list[Cell]] = []
    for verdict in item.verdicts:
        mark, style = MARKS[verdict.outcome]
        source = dim(f"\n{verdict.source}") if verdict.source else ""
        rows.append([Text(mark, style=style), Text.assemble(verdict_in_words(verdict), source)])
    return grid(("", ""), rows, fold=(1,))


def score_parts(item: Judged) -> Iterator[RenderableType]:
    """Yield the parts of a score (raw measure, value, weight, contribution), and what they rest on."""
    rows: list[list[Cell]] = []
    basis: list[str | Text] = []
    for name, part in item.parts.items():
        reading = part.reading
        raw = UNKNOWN if reading.raw is None else f"{reading.raw:,.4g} {CRITERIA[name].unit}"
        rows.append([name, raw, f"{reading.value:.3f}", f"x {part.weight:.2f}", f"= {part.contribution:.3f}"])
        if not reading.known:
            basis.append(dim(f"{name}: unknown, so a low value stands in"))
        elif reading.basis:
            basis.append(dim(f"{name}{', estimated' if reading.estimated else ''}: {'; '.join(reading.basis)}"))
    yield grid(("Criterion", "Measured", "Value", "Weight", "Part"), rows, right=(2,))
    yield ""
    yield bullets(basis)


def _moves(item: Judged, moves: Sequence[Move]) -> Iterator[RenderableType]:
    """Yield the results that moved the quality: what the ability, and with it the score, would be without each."""
    if not moves:
        return
    weight = item.parts["quality"].weight
    yield heading("What moved the quality")
    yield grid(
        ("Result", "Date", "As published", "Ability", "Score"),
        [
            [
                f"{move.benchmark} {move.row.score:g}",
                str(move.row.on),
                dim(move.row.name),
                f"{move.change:+.3f}",
                f"{weight * theta_value(move.change):+.4f}",
            ]
            for move in moves[:MOVES_SHOWN]
        ],
        right=(3, 4),
        fold=(2,),
    )
    if len(moves) > MOVES_SHOWN:
        yield dim(f"and {len(moves) - MOVES_SHOWN} more (--format json lists all)")


def _cost(item: Judged) -> Iterator[RenderableType]:
    cost = item.estimate.cost
    if cost is None:
        yield heading(f"Cost unknown: {item.estimate.cost_unknown}")
        return
    yield heading(f"Cost {money(cost.usd_per_request)} a request, {money(cost.usd_per_month)} a month")
    yield grid(
        ("", "Quantity", "USD per", "USD", ""),
        [[line.what, f"{plain(line.quantity)} {line.unit}", plain(line.usd_per), plain(line.usd), dim(line.rule)] for line in cost.lines],
        right=(1, 2, 3),
        fold=(4,),
    )


def _speed(item: Judged) -> Iterator[RenderableType]:
    rows: list[list[Cell]] = [[what, said, dim(basis)] for what, said, basis in speed_parts(item)]
    if any(said != UNKNOWN for _, said, _ in speed_parts(item)):
        yield heading("Speed under this workload")
        yield grid(("", "", ""), rows, fold=(2,))


def _others(explanation: Explanation) -> Iterator[RenderableType]:
    others = [item for item in explanation.alternatives if item is not explanation.best]
    if not others:
        return
    yield heading("Its other alternatives")
    rows: list[list[Cell]] = []
    for item in others[:OTHERS_SHOWN]:
        mark, style = MARKS[item.outcome]
        against = ", ".join(sorted({verdict.constraint for verdict in item.verdicts if verdict.outcome != "met"}))
        rows.append(
            [Text(mark, style=style), where(item), item.alternative.effort or "", f"{item.score:.3f}", monthly(item.estimate), dim(against)]
        )
    yield grid(("", "Tier and scope", "Effort", "Score", "$/month", "Against it"), rows, right=(3, 4), fold=(5,))
    if len(others) > OTHERS_SHOWN:
        yield dim(f"and {len(others) - OTHERS_SHOWN} more (--format json lists all)")
