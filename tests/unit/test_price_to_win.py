"""How much cheaper an alternative would have to be to come first, checked by making it so."""

from __future__ import annotations

import pytest

from fmselect.advice.price_to_win import PriceToWin, price_to_win
from fmselect.criteria import cost_value
from fmselect.scoring import Scored
from fmselect.units import Criterion
from tests.builders import reading, scored

WEIGHTS: dict[Criterion, float] = {"quality": 0.75, "cost": 0.25}


def at(quality: float, usd: float, name: str = "one") -> Scored:
    return scored(name, {"quality": reading(quality, quality), "cost": reading(usd, cost_value(usd))}, WEIGHTS)


def test_at_the_price_to_win_it_scores_as_the_first_does() -> None:
    first, loser = at(0.60, 2_000, "first"), at(0.59, 2_000)

    found = price_to_win(loser, first)

    assert found is not None
    assert found.usd_per_month is not None
    assert found.fall == pytest.approx(1 - found.usd_per_month / 2_000)
    assert 0 < found.usd_per_month < 2_000
    assert at(0.59, found.usd_per_month).score == pytest.approx(first.score)


def test_no_price_would_do_when_even_nothing_is_not_enough() -> None:
    assert price_to_win(at(0.6, 2_000), at(0.9, 2_000)) == PriceToWin(None, None)


def test_the_first_needs_no_lower_price() -> None:
    assert price_to_win(at(0.9, 2_000), at(0.9, 2_000)) is None


def test_there_is_no_price_to_win_without_a_weighed_and_known_cost() -> None:
    first = scored("first", {"quality": reading(1, 0.9)})

    assert price_to_win(scored("one", {"quality": reading(0, 0.1)}), first) is None
    assert price_to_win(scored("one", {"cost": reading(None, 0.0)}), first) is None
