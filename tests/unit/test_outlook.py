"""The next twelve months: dated prices by the day, growth by the month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from fmselect.catalog.schema import Price
from fmselect.estimates import Alternative, alternatives
from fmselect.outlook import Change, Month, changes, outlook
from fmselect.usage import Workload
from tests.builders import ON, catalog, offering, platform, price, rates, requirements, scope, usage

D = Decimal
LOAD = Workload(1_000, usage(input_tokens=1_000_000))
NOW, THEN = price(rates("1"), until_on=date(2026, 12, 1)), price(rates("2"), from_on=date(2026, 12, 1))


def first(*prices: Price, **facts: Any) -> Alternative:
    one = offering(prices=prices, **facts)
    return next(iter(alternatives(one, catalog(offerings=[one]), requirements(), ON)))


def months(of: Alternative, load: Workload = LOAD) -> tuple[Month, ...]:
    return outlook(of, load, catalog(), requirements(), ON)


def test_where_nothing_changes_there_is_no_outlook() -> None:
    assert months(first(price())) == ()
    assert changes(first(price()), LOAD, catalog(), requirements(), ON) == ()


def test_a_dated_price_counts_for_the_days_it_holds() -> None:
    found = months(first(NOW, THEN))

    assert [month.from_on for month in found[:3]] == [date(2026, 11, 23), date(2026, 12, 23), date(2027, 1, 23)]
    assert found[0].usd == 1_000 * D(8) / 30 + 2_000 * D(22) / 30  # from the 23rd, 8 of 30 days at the old price
    assert {month.usd for month in found[1:]} == {D(2_000)}
    assert changes(first(NOW, THEN), LOAD, catalog(), requirements(), ON) == (Change(date(2026, 12, 1), D(2_000)),)


def test_requests_grow_month_by_month_in_whole_requests() -> None:
    found = months(first(price()), Workload(1_000, usage(input_tokens=1_000_000), growth=D("2.5")))

    assert [month.requests for month in found[:4]] == [1_000, 1_025, 1_051, 1_077]
    assert [month.usd for month in found[:4]] == [1_000, 1_025, 1_051, 1_077]


def test_requests_never_shrink_to_none() -> None:
    assert months(first(price()), Workload(1, usage(input_tokens=1), growth=D(-50)))[-1].requests == 1


def test_a_price_that_ends_without_another_is_unknown_from_then_on() -> None:
    found = months(first(NOW))

    assert [month.usd for month in found] == [None] * 12
    assert changes(first(NOW), LOAD, catalog(), requirements(), ON) == (Change(date(2026, 12, 1), None),)


def test_a_date_that_changes_nothing_is_no_change() -> None:
    same = price(rates("1"), from_on=date(2026, 12, 1))

    assert changes(first(NOW, same), LOAD, catalog(), requirements(), ON) == ()
    assert {month.usd for month in months(first(NOW, same))} == {D(1_000)}


def test_prices_of_another_tier_or_scope_change_nothing() -> None:
    other = price(rates("9"), tier="batch", from_on=date(2026, 12, 1))
    elsewhere = price(rates("9"), scopes=("global",), from_on=date(2026, 12, 1))

    assert months(first(price(), other, elsewhere, scopes=[scope(), scope("global")])) == ()


def test_a_rate_that_the_new_price_does_not_have_is_unknown() -> None:
    nothing = price(usd_per_page=D(1), from_on=date(2026, 12, 1))

    assert changes(first(NOW, nothing), LOAD, catalog(), requirements(), ON) == (Change(date(2026, 12, 1), None),)


def test_machines_of_one_s_own_follow_the_growth() -> None:
    own = platform("own", kind="self-hosted")
    held = offering(platform_id="own", prices=[])
    within = catalog(platforms=[own], offerings=[held])
    way = next(iter(alternatives(held, within, requirements(), ON)))

    found = outlook(way, Workload(1, usage(output_tokens=1), growth=D(1)), within, requirements(), ON)

    assert [month.usd for month in found] == [None] * 12  # what the machines are is not said


def test_a_month_that_begins_on_the_31st_ends_with_a_shorter_one() -> None:
    one = offering(prices=[price()])
    way = next(iter(alternatives(one, catalog(offerings=[one]), requirements(), ON)))
    found = outlook(way, Workload(1, usage(input_tokens=1), growth=D(1)), catalog(), requirements(), date(2027, 1, 31))

    assert [str(month.from_on) for month in found[:3]] == ["2027-01-31", "2027-02-28", "2027-03-31"]
