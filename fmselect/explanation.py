"""One offering seen through a recommendation: its standing, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from fmselect.advice.price_to_win import PriceToWin, price_to_win
from fmselect.advice.relaxations import Relaxation, relaxations
from fmselect.criteria import ability_of
from fmselect.recommendation import Judged, Recommendation

if TYPE_CHECKING:
    from fmselect.catalog.catalog import Catalog
    from fmselect.quality import Move

Standing = Literal["ranked", "eligible", "unverified", "excluded"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where an offering stands, and why."""

    recommendation: Recommendation
    best: Judged
    """Its best alternative: the one that ranks, or that is nearest to it."""
    standing: Standing
    """ranked: a row of the ranking; eligible: better alternatives stand for its row."""
    rank: int | None
    """Its row among all eligible rows."""
    alternatives: tuple[Judged, ...]
    """All its alternatives that were judged, the best first."""
    first: Judged | None
    """What comes first, unless it is this one."""
    price: PriceToWin | None
    """What it would have to cost to come first."""
    relaxations: tuple[Relaxation, ...]
    """What would have to give for it to be eligible."""


def quality_moves(catalog: Catalog, best: Judged, task: str) -> tuple[Move, ...]:
    """Return which results moved the quality of an alternative and by how much, the most telling first.

    Empty when quality does not count, is unknown, or is estimated from relatives.
    """
    ability = ability_of(best.alternative, task, catalog)
    if "quality" not in best.parts or ability is None or ability.estimated:
        return ()
    from fmselect.quality import moves  # only needed for the alternative that is explained

    return moves(catalog.tasks[task], best.alternative.model, ability.effort, catalog.derived, catalog.evidence())


def explain(recommendation: Recommendation, offerings: Sequence[str]) -> Explanation:
    """Explain the best of some offerings of one model (or the one offering named)."""
    wanted = set(offerings)
    standings: tuple[tuple[Standing, Sequence[Judged]], ...] = (
        ("ranked", recommendation.rows),
        ("eligible", recommendation.eligible),
        ("unverified", recommendation.unverified),
        ("excluded", recommendation.excluded),
    )
    standing, best = next((standing, item) for standing, group in standings for item in group if item.alternative.offering.id in wanted)
    rank = recommendation.rows.index(best) + 1 if standing == "ranked" else None
    mine = [item for item in recommendation.judged if item.alternative.offering.id == best.alternative.offering.id]
    order = {"met": 0, "unknown": 1, "violated": 2}
    mine.sort(key=lambda item: (order[item.outcome], len(item.of_outcome("violated")), -item.score, item.alternative.key))
    first = recommendation.rows[0] if recommendation.rows and recommendation.rows[0] is not best else None
    return Explanation(
        recommendation,
        best,
        standing,
        rank,
        tuple(mine),
        first,
        price_to_win(best, first) if first is not None else None,
        relaxations(item for item in mine if item.violated) if standing == "excluded" else (),
    )
