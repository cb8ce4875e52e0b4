"""What in the catalog is older than its kind may be, on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from fmselect.catalog.provenance import FACT_KINDS, FactGroup, FactKind, fact_groups

if TYPE_CHECKING:
    from fmselect.catalog.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Aged:
    """A group of facts that is stale, or will be by the day asked for."""

    fact: FactGroup
    stale_on: date
    """First day on which it is stale."""
    age_days: int
    """Days since the day it speaks for."""
    file: str
    """The file to look it up in."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many groups of one kind there are, and how old they get."""

    groups: int
    stale: int
    oldest: date | None
    """The oldest day that any of them speaks for."""


@dataclass(frozen=True, slots=True)
class Staleness:
    """What is stale on a day, the longest overdue first."""

    on: date
    within_days: int
    """How many days ahead of the day were looked at too."""
    tallies: Mapping[FactKind, Tally]
    items: tuple[Aged, ...]


def staleness(catalog: Catalog, on: date, within_days: int = 0, kind: FactKind | None = None, platform: str | None = None) -> Staleness:
    """Return what is stale on a day, or within so many days of it; only one kind or platform when asked."""
    found: dict[FactKind, list[FactGroup]] = {name: [] for name in FACT_KINDS if kind in (None, name)}
    for fact in fact_groups(catalog):
        if fact.kind in found and (platform is None or _concerns(fact, platform)):
            found[fact.kind].append(fact)
    horizon = on + timedelta(days=within_days)
    aged = [
        Aged(fact, stale_on, (on - fact.dated).days, catalog.places.get(fact.entry, fact.entry))
        for facts in found.values()
        for fact in facts
        if (stale_on := _stale_on(fact)) <= horizon
    ]
    tallies = {
        name: Tally(len(facts), sum(_stale_on(fact) <= horizon for fact in facts), min((fact.dated for fact in facts), default=None))
        for name, facts in found.items()
    }
    return Staleness(on, within_days, tallies, tuple(sorted(aged, key=lambda item: (item.stale_on, item.fact.entry, item.fact.field))))


def _stale_on(fact: FactGroup) -> date:
    return fact.dated + timedelta(days=fact.fresh_days + 1)


def _concerns(fact: FactGroup, platform: str) -> bool:
    return fact.entry == f"platforms/{platform}" or (fact.entry.startswith("offerings/") and fact.entry.endswith(f"@{platform}"))
