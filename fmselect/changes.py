"""What changed for a user between two catalogs: new and gone, prices, dates, terms, abilities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args

from fmselect.catalog.loader import Entries
from fmselect.catalog.schema import Benchmark, Frozen, Offering, Price, Scope, Sourced
from fmselect.estimates import in_force
from fmselect.strict_yaml import dotted
from fmselect.units import plain

What = Literal["new", "gone", "price", "dates", "where", "terms", "abilities", "evidence", "other"]
"""What sort of change it is: an entry that came or went, prices, the dates of a life, scopes and regions,
terms that verdicts rest on, what it can do and how much it may hold, results of benchmarks, or anything else."""

WHATS: tuple[What, ...] = get_args(What)

_WHAT: Mapping[str, What] = {
    "lifecycle": "dates",
    "release": "dates",
    "legacy": "terms",
    "scopes": "where",
    "geographies": "where",
    "processing": "where",
    "storage": "where",
    "compliance": "terms",
    "no_training": "terms",
    "retention": "terms",
    "human_review": "terms",
    "logging": "terms",
    "private_network": "terms",
    "customer_managed_keys": "terms",
    "license": "terms",
    "customization": "terms",
    "tiers": "terms",
    "commercial_use": "terms",
    "conditions": "terms",
    "thresholds": "terms",
    "territories": "terms",
    "derivatives": "terms",
    "outputs": "terms",
    "obligations": "terms",
    "kind": "abilities",
    "modalities": "abilities",
    "limits": "abilities",
    "features": "abilities",
    "reasoning": "abilities",
    "languages": "abilities",
    "knowledge": "abilities",
    "parameters": "abilities",
    "speed": "evidence",
    "rows": "evidence",
}
"""By first key of the field; what is not listed is something else."""

_PROVENANCE = frozenset(Sourced.model_fields)
_KINDS = ("offerings", "models", "platforms", "licenses", "tasks", "benchmarks")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not what it was."""

    what: What
    entry: str
    """The entry, as `kind/id`."""
    field: str
    """What of the entry; empty for an entry that came or went."""
    old: str
    """What it was; empty for nothing."""
    new: str
    """What it is; empty for nothing."""
    percent: float | None = None
    """For amounts: how much higher (or, negative, lower) the new one is."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that changed, and what was only looked up again."""

    on: date
    items: tuple[Change, ...]
    confirmed: int
    """Entries that say the same as before, with a newer look or another source."""
    same: int
    """Entries in which nothing changed at all."""


def changes(old: Entries, new: Entries, on: date) -> Changes:
    """Return what changed for a user from the old to the new catalog, with the prices of a day and after."""
    items: list[Change] = []
    confirmed = same = 0
    for kind in _KINDS:
        before, after = old.of_kind(kind), new.of_kind(kind)
        for identity in sorted({*before, *after}):
            entry = f"{kind}/{identity}"
            one, other = before.get(identity), after.get(identity)
            if one is None or other is None:
                items.append(Change("new", entry, "", "", _name(other)) if one is None else Change("gone", entry, "", _name(one), ""))
                continue
            if one == other:
                same += 1
                continue
            found = [*_of_entry(entry, one, other, on)]
            items += found
            confirmed += not found
    order = {what: index for index, what in enumerate(WHATS)}
    return Changes(on, tuple(sorted(items, key=lambda item: order[item.what])), confirmed, same)


def _name(entry: Any) -> str:
    return entry.model if isinstance(entry, Offering) else entry.name


def _of_entry(entry: str, old: Any, new: Any, on: date) -> Iterator[Change]:
    if isinstance(old, Offering):
        yield from _prices(entry, old.prices, new.prices, on)
    if isinstance(old, Benchmark):
        yield from _rows(entry, old, new)
    before, after = dict(_leaves(old, ())), dict(_leaves(new, ()))
    for field in dict.fromkeys((*before, *after)):
        one, other = before.get(field), after.get(field)
        if one != other:
            yield _change(entry, field, one, other)


def _change(entry: str, field: tuple[str | int, ...], old: Any, new: Any) -> Change:
    what = _WHAT.get(str(field[0]), "other")
    if isinstance(old, frozenset) or isinstance(new, frozenset):
        gone, come = sorted((old or frozenset()) - (new or frozenset())), sorted((new or frozenset()) - (old or frozenset()))
        return Change(what, entry, dotted(field), ", ".join(gone), ", ".join(come))
    return Change(what, entry, dotted(field), _said(old), _said(new), _percent(old, new))


def _percent(old: Any, new: Any) -> float | None:
    numbers = isinstance(old, int | Decimal) and isinstance(new, int | Decimal) and not isinstance(old, bool) and not isinstance(new, bool)
    return float((new - old) / old * 100) if numbers and old else None


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, Decimal) else str(value)


def _leaves(value: Any, field: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Return what an entry says, without where it was read; lists of terms as sets, scopes by their name."""
    if isinstance(value, Frozen):
        skipped = _PROVENANCE | ({"id", "prices", "rows"} if not field else set())
        for name in type(value).model_fields:
            if name not in skipped:
                yield from _leaves(getattr(value, name), (*field, name))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*field, key))
    elif isinstance(value, tuple) and value and isinstance(value[0], Frozen):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*field, inner.name if isinstance(inner, Scope) else index))
    elif isinstance(value, tuple):
        if value:
            yield field, frozenset(map(str, value))
    elif value is not None:
        yield field, value


# ---------------------------------------------------------------- prices


def _prices(entry: str, old: Iterable[Price], new: Iterable[Price], on: date) -> Iterator[Change]:
    """Compare the amounts of the day, and those announced for later days where these change again."""
    before, after = _amounts(old), _amounts(new)
    days = {day for cards in (*before.values(), *after.values()) for price, _ in cards for day in (price.from_on, price.until_on)}
    for key in dict.fromkeys((*before, *after)):
        last: tuple[Decimal | None, Decimal | None] | None = None
        for day in (on, *sorted(day for day in days if day is not None and day > on)):
            pair = (_amount(before.get(key, ()), day), _amount(after.get(key, ()), day))
            if pair[0] != pair[1] and pair != last:
                field = key if day == on else f"{key} from {day}"
                yield Change("price", entry, field, _said(pair[0]), _said(pair[1]), _percent(*pair))
            last = pair


def _amounts(prices: Iterable[Price]) -> dict[str, list[tuple[Price, Decimal]]]:
    """Return every amount by tier, scope, region, hours and unit, with the price it stands in."""
    found: dict[str, list[tuple[Price, Decimal]]] = {}
    for price in prices:
        for place in _places(price):
            for unit, amount in _units(price):
                found.setdefault(" ".join(filter(None, (price.tier, place, price.hours_utc, unit))), []).append((price, amount))
    return found


def _places(price: Price) -> Iterator[str]:
    for scope in price.scopes or ("",):
        for region in price.regions or ("",):
            yield " ".join(filter(None, (scope, region)))


def _units(price: Price) -> Iterator[tuple[str, Decimal]]:
    for field, value in _leaves(price, ()):
        if isinstance(value, Decimal):
            bound = price.steps[field[1]].input_tokens if field[0] == "steps" and isinstance(field[1], int) else None
            yield (dotted(field) if bound is None else f"{dotted(field[2:])} above {bound:,} tokens"), value


def _amount(cards: Iterable[tuple[Price, Decimal]], day: date) -> Decimal | None:
    return next((amount for price, amount in cards if in_force(price, day)), None)


# ---------------------------------------------------------------- evidence


def _rows(entry: str, old: Benchmark, new: Benchmark) -> Iterator[Change]:
    """Count the results that came, went and changed."""
    before, after = ({(row.model, row.effort, row.name): row.score for row in benchmark.rows} for benchmark in (old, new))
    counts = {
        "new": len(after.keys() - before.keys()),
        "gone": len(before.keys() - after.keys()),
        "changed": sum(before[key] != after[key] for key in before.keys() & after.keys()),
    }
    if any(counts.values()):
        said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        yield Change("evidence", entry, "rows", f"{len(before)} results", f"{len(after)} results: {said}")
