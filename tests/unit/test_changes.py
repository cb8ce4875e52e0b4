"""What changed between two catalogs, as a user would tell it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fmselect.catalog.loader import Entries
from fmselect.catalog.schema import (
    Benchmark,
    Compliance,
    Features,
    LicenseTerms,
    Lifecycle,
    Limits,
    Price,
    Retention,
    Row,
    Scope,
    Statement,
    Step,
    TokenRates,
)
from fmselect.changes import Change, changes
from tests.builders import ON, SEEN, model, offering, platform

LATER: Any = {"source": "https://example.com/newer", "checked": date(2026, 11, 23)}


def price(amount: str, **facts: Any) -> Price:
    return Price(**{"tier": "standard", "usd_per_mtok": TokenRates(input=Decimal(amount)), **SEEN, **facts})


def sold(**facts: Any) -> Entries:
    one = offering(**{"prices": (), "scopes": (), **facts})
    return Entries(offerings={one.id: one})


def between(old: Entries, new: Entries) -> list[tuple[Any, ...]]:
    return [(item.what, item.field, item.old, item.new, item.percent) for item in changes(old, new, ON).items]


def test_what_came_and_went_is_told_with_its_name() -> None:
    old = Entries(models={"acme/atlas": model()})
    new = Entries(models={"acme/bear": model("acme/bear")}, platforms={"nimbus": platform()})

    assert changes(old, new, ON).items == (
        Change("new", "models/acme/bear", "", "", "Bear"),
        Change("new", "platforms/nimbus", "", "", "Nimbus"),
        Change("gone", "models/acme/atlas", "", "Atlas", ""),
    )


def test_a_price_is_told_with_its_percent() -> None:
    assert between(sold(prices=(price("2"),)), sold(prices=(price("2.5", **LATER),))) == [
        ("price", "standard usd_per_mtok.input", "2", "2.5", 25.0)
    ]


def test_an_announced_price_is_told_with_its_day_and_not_for_today() -> None:
    announced = (price("2", until_on=date(2026, 12, 1)), price("4", from_on=date(2026, 12, 1)))

    assert between(sold(prices=(price("2"),)), sold(prices=announced)) == [
        ("price", "standard usd_per_mtok.input from 2026-12-01", "2", "4", 100.0)
    ]


def test_a_price_that_changed_once_is_told_once_though_other_prices_change_later() -> None:
    def pair(amount: str) -> tuple[Price, ...]:
        batch = (price("1", tier="batch", until_on=date(2027, 1, 1)), price("1", tier="batch", from_on=date(2027, 1, 1)))
        return (price(amount), *batch)

    assert between(sold(prices=pair("2")), sold(prices=pair("3"))) == [("price", "standard usd_per_mtok.input", "2", "3", 50.0)]


def test_prices_are_told_by_scope_region_hours_and_step() -> None:
    def steep(amount: str) -> Price:
        step = Step(input_tokens=200_000, usd_per_mtok=TokenRates(input=Decimal(amount)))
        return price("1", steps=(step,), scopes=("geo:eu", "global"), regions=("eu-1",), hours_utc="08:00-20:00")

    assert between(sold(prices=(steep("2"),)), sold(prices=(steep("1"),))) == [
        ("price", f"standard {scope} eu-1 08:00-20:00 usd_per_mtok.input above 200,000 tokens", "2", "1", -50.0)
        for scope in ("geo:eu", "global")
    ]


def test_a_price_that_came_or_went_has_no_percent() -> None:
    assert between(sold(), sold(prices=(price("2"),))) == [("price", "standard usd_per_mtok.input", "", "2", None)]
    assert between(sold(prices=(price("0"),)), sold(prices=(price("1"),)))[0][-1] is None


CHANGED: list[tuple[dict[str, Any], dict[str, Any], tuple[Any, ...]]] = [
    (
        {"lifecycle": Lifecycle(stage="ga", **SEEN)},
        {"lifecycle": Lifecycle(stage="ga", retires_on=date(2027, 3, 30), **SEEN)},
        ("dates", "lifecycle.retires_on", "", "2027-03-30", None),
    ),
    (
        {"scopes": (Scope(scope="in_region", regions=("eu-1", "us-1"), **SEEN),)},
        {"scopes": (Scope(scope="in_region", regions=("eu-1", "eu-2"), **SEEN),)},
        ("where", "scopes.in_region.regions", "us-1", "eu-2", None),
    ),
    (
        {"compliance": {"hipaa": Compliance(access="on_request", **SEEN)}},
        {"compliance": {"hipaa": Compliance(access="self_serve", **SEEN)}},
        ("terms", "compliance.hipaa.access", "on_request", "self_serve", None),
    ),
    (
        {"retention": Retention(days=30, **SEEN)},
        {"retention": Retention(days=0, **SEEN)},
        ("terms", "retention.days", "30", "0", -100.0),
    ),
    (
        {"license": LicenseTerms(id="mit", open_weights=True, **SEEN)},
        {"license": LicenseTerms(id="mit", open_weights=False, **SEEN)},
        ("terms", "license.open_weights", "yes", "no", None),
    ),
    (
        {"limits": Limits(context_tokens=1000, **SEEN)},
        {"limits": Limits(context_tokens=2000, **SEEN)},
        ("abilities", "limits.context_tokens", "1000", "2000", 100.0),
    ),
    (
        {},
        {"features": Features(supported=("tools", "caching"), **SEEN)},
        ("abilities", "features.supported", "", "caching, tools", None),
    ),
]


@pytest.mark.parametrize(("before", "after", "told"), CHANGED, ids=[told[1] for *_, told in CHANGED])
def test_a_change_is_told_with_what_it_was_and_is(before: dict[str, Any], after: dict[str, Any], told: tuple[Any, ...]) -> None:
    assert between(sold(**before), sold(**after)) == [told]


def test_another_look_or_source_is_no_change_but_counted() -> None:
    old, new = sold(retention=Retention(days=30, **SEEN)), sold(retention=Retention(days=30, note="so it says", **LATER))

    found = changes(old, new, ON)

    assert (found.items, found.confirmed, found.same) == ((), 1, 0)
    assert (changes(old, old, ON).confirmed, changes(old, old, ON).same) == (0, 1)


def test_what_has_no_kind_of_its_own_is_something_else() -> None:
    old = Entries(models={"acme/atlas": model(uses=Statement(says="Chat.", **SEEN))})
    new = Entries(models={"acme/atlas": model(uses=Statement(says="Agents.", **SEEN))})

    assert between(old, new) == [("other", "uses.says", "Chat.", "Agents.", None)]


def test_results_of_a_benchmark_are_counted() -> None:
    def board(*rows: tuple[str, float]) -> Entries:
        facts: dict[str, Any] = {"id": "duel", "name": "Duel", "measures": "quality", "says": "Wins.", "unit": "elo", "license": "MIT"}
        made = tuple(Row(model=name, score=score, on=ON, name=name) for name, score in rows)
        return Entries(benchmarks={"duel": Benchmark(**facts, higher_is_better=True, rows=made, **SEEN)})

    old, new = board(("a/a", 1), ("a/b", 2)), board(("a/b", 3), ("a/c", 4), ("a/d", 5))

    assert between(old, new) == [("evidence", "rows", "2 results", "3 results: 2 new, 1 gone, 1 changed", None)]
    assert between(old, old) == []
