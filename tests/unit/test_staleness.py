"""What is stale, by kind of fact."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from fmselect.catalog.catalog import Catalog
from fmselect.catalog.provenance import FACT_KINDS, FactKind, evidence_days, fact_groups
from fmselect.loading import load_layers
from fmselect.staleness import staleness
from tests.builders import FROZEN, ON

LOOKED = date(2026, 11, 22)


@pytest.fixture(scope="module")
def frozen() -> Catalog:
    return load_layers([FROZEN], ON, None)


@pytest.mark.parametrize(("kind", "days"), [("prices", 90), ("terms", 180)])
def test_a_kind_is_stale_the_day_after_its_days_are_over(frozen: Catalog, kind: FactKind, days: int) -> None:
    last = LOOKED + timedelta(days=days)

    assert staleness(frozen, last, kind=kind).items == ()
    late = staleness(frozen, last + timedelta(days=1), kind=kind)
    assert len(late.items) == late.tallies[kind].stale > 0
    assert {item.stale_on for item in late.items} == {last + timedelta(days=1)}
    assert {item.age_days for item in late.items} == {days + 1}


def test_looking_ahead_gives_what_will_be_stale(frozen: Catalog) -> None:
    ahead = staleness(frozen, ON, within_days=90, kind="prices")

    assert len(ahead.items) == ahead.tallies["prices"].groups
    assert staleness(frozen, ON, kind="prices").items == ()


def test_evidence_is_as_old_as_its_newest_result_and_the_benchmark_may_say_how_old_it_may_be(frozen: Catalog) -> None:
    duel: Any = frozen.benchmarks["duel"]
    newest = max(row.on for row in frozen.evidence()["duel"].rows)

    fact = next(fact for fact in fact_groups(frozen) if fact.entry == "benchmarks/duel")

    assert (fact.dated, fact.kind, fact.fresh_days) == (newest, "evidence", 365)
    assert evidence_days(msgspec.structs.replace(duel, stale_after_days=0)) == 0
    assert evidence_days(msgspec.structs.replace(duel, measures="call_s")) == 180


def test_a_speed_is_evidence(frozen: Catalog) -> None:
    speeds = [fact for fact in fact_groups(frozen) if fact.field.startswith("speed[")]

    assert {(fact.kind, fact.fresh_days) for fact in speeds} == {("evidence", 180)}


def test_a_platform_is_looked_at_with_what_it_sells(frozen: Catalog) -> None:
    found = staleness(frozen, date(2030, 1, 1), platform="acme-api")

    entries = {item.fact.entry for item in found.items}
    assert "platforms/acme-api" in entries
    assert {entry.rpartition("@")[2] for entry in entries if entry.startswith("offerings/")} == {"acme-api"}
    assert tuple(found.tallies) == FACT_KINDS
    assert found.tallies["evidence"].oldest is None


def test_the_longest_overdue_comes_first(frozen: Catalog) -> None:
    days = [item.stale_on for item in staleness(frozen, date(2030, 1, 1)).items]

    assert days == sorted(days)
