"""Which bill is told of an offering: the cheapest tier that answers in time, or all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from fmselect.bills import Bills, bills
from fmselect.catalog.schema import Capacity, Offering, Price
from fmselect.errors import InvalidInput
from tests.builders import ON, SEEN, catalog, offering, platform, price, rates, requirements, scope

TIERED = offering(prices=[price(tier="priority"), price(rates("0.8")), price(rates("0.6"), tier="flex"), price(rates("0.4"), tier="batch")])


def told(*offerings: Offering, **wants: Any) -> Bills:
    within = catalog(offerings=offerings, platforms=[platform(), platform("other")])
    return bills(within, requirements(**{"output_tokens": 0, **wants}), offerings, ON)


@pytest.mark.parametrize(("within", "tier"), [("interactive", "standard"), ("minutes", "flex"), ("hours", "batch")])
def test_the_cheapest_tier_that_answers_in_time_is_told(within: str, tier: str) -> None:
    (bill,) = told(TIERED, answer_within=within).bills

    assert bill.alternative.tier == tier
    assert bill.against == ()
    assert len(bill.others) == 3


def test_what_answers_too_late_comes_last_among_the_others() -> None:
    (bill,) = told(TIERED).bills

    assert [(other.alternative.tier, [verdict.constraint for verdict in other.against]) for other in bill.others] == [
        ("priority", []), ("batch", ["answer_within"]), ("flex", ["answer_within"]),
    ]  # fmt: skip


def test_per_alternative_all_are_told_and_per_model_one_for_all_offerings() -> None:
    cheaper = offering(platform_id="other", prices=[price(rates("0.1"))])

    assert [bill.alternative.tier for bill in told(TIERED, per="alternative").bills] == ["standard", "priority", "flex", "batch"]
    assert [bill.alternative.offering.id for bill in told(TIERED, cheaper).bills] == ["atlas@nimbus", "atlas@other"]
    (best,) = told(TIERED, cheaper, per="model").bills
    assert best.alternative.offering is cheaper


def test_a_residency_that_is_asked_for_chooses_the_scope() -> None:
    one = offering(prices=[price()], scopes=[scope("global"), scope("geo", price_multiplier=Decimal("1.1"))])
    (bill,) = told(one, residency=("eu",)).bills

    assert bill.alternative.scope_name == "geo:eu" or bill.against


def test_an_unknown_price_comes_after_a_known_one_and_is_told_alone() -> None:
    one = offering(prices=[price(scopes=("global",))], scopes=[scope(), scope("global")])

    (bill,) = told(one).bills
    assert (bill.alternative.scope_name, bill.others[0].estimate.cost) == ("global", None)
    (alone,) = told(offering(prices=[])).bills
    assert (alone.estimate.cost, alone.others) == (None, ())


def test_capacity_wins_only_above_its_break_even() -> None:
    unit = Capacity(unit="PTU", usd_per_unit_hour=Decimal(1), tokens_per_minute=Decimal(100_000))
    both = offering(prices=[price(rates("1")), Price(tier="provisioned", capacity=unit, **SEEN)])

    (few,) = told(both, requests_per_month=100, input_tokens=1_000_000).bills
    (many,) = told(both, requests_per_month=1_000, input_tokens=1_000_000).bills

    assert few.alternative.tier == "standard"
    assert many.alternative.tier == "provisioned"
    assert many.estimate.cost is not None
    assert many.estimate.cost.capacity is not None
    assert many.estimate.cost.capacity.break_even is not None
    assert many.estimate.cost.capacity.break_even.requests_per_month == 730
    assert (
        told(both, requests_per_month=1_000, input_tokens=1_000_000)
        .assumptions[-1]
        .startswith("requests are spread evenly over the hours of the day")
    )
    assert not told(both, requests_per_month=1_000, input_tokens=1_000_000, peak=Decimal(2)).assumptions[-1:]


def test_a_commitment_must_be_allowed() -> None:
    unit = Capacity(unit="PTU", usd_per_unit_month=Decimal(1), commitment_months=12, tokens_per_minute=Decimal(100_000))
    both = offering(prices=[price(rates("1")), Price(tier="reserved", capacity=unit, **SEEN)])

    (free,) = told(both, requests_per_month=1_000, input_tokens=1_000_000).bills
    (bound,) = told(both, requests_per_month=1_000, input_tokens=1_000_000, commitment=12).bills

    assert (free.alternative.tier, bound.alternative.tier) == ("standard", "reserved")
    assert [verdict.required for verdict in free.others[0].against] == ["no commitment"]


def test_terms_that_the_catalog_does_not_know_are_told() -> None:
    with pytest.raises(InvalidInput, match="'h1000' is not in the catalog: see `fmselect list gpus`"):
        told(TIERED, gpu="h1000")
