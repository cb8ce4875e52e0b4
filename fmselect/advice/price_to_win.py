"""How much cheaper an alternative would have to be to come first."""

from __future__ import annotations

import msgspec

from fmselect.criteria import cost_at
from fmselect.scoring import Rated


class PriceToWin(msgspec.Struct, frozen=True):
    """The monthly cost at which an alternative would equal the first, or that none would do."""

    usd_per_month: float | None
    """None: no price would do."""
    fall: float | None
    """Share by which the price would have to fall."""


def price_to_win(one: Rated, first: Rated) -> PriceToWin | None:
    """Return the price at which `one` would score as `first` does; None when cost is not weighed or unknown.

    v* = v_cost + (S_first - S_one) / w_cost; above 1 no price would do (decision-method, section 5).
    """
    part = one.parts.get("cost")
    if part is None or part.reading.raw is None or one.score >= first.score:
        return None
    wanted = part.reading.value + (first.score - one.score) / part.weight
    if wanted > 1:
        return PriceToWin(None, None)
    usd = cost_at(wanted)
    return PriceToWin(usd, 1 - usd / part.reading.raw if part.reading.raw else None)
