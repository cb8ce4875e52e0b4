"""One test for each defect that users of other calculators reported (decision-method, section 6)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from fmselect.billing import bill
from fmselect.catalog.catalog import Catalog
from fmselect.catalog.schema import Offering, Price
from fmselect.cli.names import find_offerings
from fmselect.errors import InvalidInput
from fmselect.estimates import Estimate, alternatives, estimate
from fmselect.usage import Usage, Workload
from tests.builders import ON, catalog, model, offering, price, rates, requirements, scope, step, usage

LOAD = Workload(1, usage(input_tokens=1_000_000))


def usd(card: Price, used: Usage) -> Decimal:
    return sum((line.usd for line in bill(card, used)), Decimal(0))


def estimates(one: Offering, within: Catalog | None = None, on: date = ON) -> dict[tuple[str, str], Estimate]:
    wants, known = requirements(), within or catalog(offerings=[one])
    return {(way.tier, way.scope_name): estimate(way, LOAD, known, wants) for way in alternatives(one, known, wants, on)}


def test_a_step_is_not_billed_marginally() -> None:
    card = price(rates("2", "10"), steps=(step(200_000, rates("4", "15")),))

    # Marginally it would be 200,000 x 2 + 100,000 x 4, and the output at 10.
    assert usd(card, usage(input_tokens=300_000, output_tokens=1_000)) == (300_000 * 4 + 1_000 * 15) / Decimal(1_000_000)


def test_cache_writes_are_not_dropped() -> None:
    card = price(rates("2", cache_write="2.5"))

    assert usd(card, usage(input_tokens=1_000_000, cache_write_tokens=400_000)) == Decimal("1.2") + Decimal("1.0")


def test_cached_tokens_are_not_billed_twice() -> None:
    card = price(rates("2", cache_read="0.2"))

    assert usd(card, usage(input_tokens=1_000_000, cache_read_tokens=1_000_000)) == Decimal("0.2")


def test_cache_writes_of_an_hour_have_their_own_rate_in_batch_too() -> None:
    card = price(rates("1", cache_write="1.25", cache_write_1h="2"), tier="batch")

    assert usd(card, usage(input_tokens=1_000_000, cache_write_1h_tokens=1_000_000)) == 2


def test_priority_never_takes_the_standard_price() -> None:
    both = estimates(offering(prices=[price(), price(rates("3"), tier="priority")]))
    found = both["priority", "in_region"].cost

    assert found is not None
    assert found.usd_per_request == 3
    assert ("priority", "in_region") not in estimates(offering(prices=[price()]))  # not listed: not offered


def test_an_unknown_region_is_not_free() -> None:
    one = offering(prices=[price(scopes=("global",))], scopes=[scope("global"), scope("geo")])
    found = estimates(one)["standard", "geo:eu"]

    assert (found.cost, found.cost_unknown) == (None, "the catalog has no standard price for atlas@nimbus")


def test_a_loose_name_never_prices_another_model() -> None:
    known = catalog(models=[model(), model("acme/atlas-mini")], offerings=[offering(), offering("acme/atlas-mini")])

    assert [one.id for one in find_offerings(known, "atlas")] == ["atlas@nimbus"]
    with pytest.raises(InvalidInput, match="'atlas-min' is no offering or model; did you mean 'atlas-mini'"):
        find_offerings(known, "atlas-min")


def test_a_price_of_the_future_is_not_applied_today() -> None:
    one = offering(prices=[price(until_on=date(2026, 12, 1)), price(rates("2"), from_on=date(2026, 12, 1))])
    before, after = (estimates(one, on=day)["standard", "in_region"].cost for day in (date(2026, 11, 30), date(2026, 12, 1)))

    assert before is not None
    assert after is not None
    assert (before.usd_per_request, after.usd_per_request) == (Decimal(1), Decimal(2))
