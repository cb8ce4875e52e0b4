"""Every group of facts with its place, its kind, and how long it stays fresh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, get_args

import msgspec

if TYPE_CHECKING:
    from fmselect.catalog.catalog import Catalog
    from fmselect.catalog.schema import Benchmark, Sourced

FactKind = Literal["prices", "terms", "evidence"]
"""What a group of facts is, as far as its age goes: prices, results of measurements, or anything else."""

FACT_KINDS: tuple[FactKind, ...] = get_args(FactKind)

STALE_PRICE_DAYS = 90
"""A price looked up longer ago than this is stale."""

STALE_TERMS_DAYS = 180
"""Any other fact looked up longer ago than this is stale."""

STALE_EVIDENCE_DAYS: Mapping[str, int] = {
    "quality": 365,
    "factuality": 365,
    "output_tokens": 365,
    "call_s": 180,
    "output_tokens_per_s": 180,
    "real_time_factor": 180,
}
"""By what a benchmark measures: days after which its newest result is stale, where its file does not say (judgement)."""

STALE_SPEED_DAYS = STALE_EVIDENCE_DAYS["call_s"]
"""A measurement of an offering's speed looked up longer ago than this is stale."""


class FactGroup(msgspec.Struct, frozen=True):
    """A group of facts, where it stands, and how old it may get."""

    entry: str
    """The entry it is in, as `kind/id`."""
    field: str
    """Its place in the entry, such as `prices[0]`; empty when the whole entry is one group."""
    kind: FactKind
    facts: Sourced
    dated: date
    """The day it speaks for: when it was looked up, or for a benchmark the day of its newest result."""
    fresh_days: int
    """Days after that day from which it is stale."""


def fact_groups(catalog: Catalog) -> Iterator[FactGroup]:
    """Return every group of facts of the catalog, in order of its files."""
    for kind in ("models", "platforms", "offerings", "licenses"):
        entries: Mapping[str, Any] = getattr(catalog, kind)
        for identity, entry in entries.items():
            yield from _inside(entry, f"{kind}/{identity}", "")
    for name in ("geographies", "regions"):
        yield from _inside(getattr(catalog.vocabulary, name), f"vocabulary/{name}", "")
    results = catalog.evidence()
    for identity, benchmark in catalog.benchmarks.items():
        told = results[identity]
        newest = max((*(row.on for row in told.rows), *(found.on for found in told.relatives)), default=benchmark.checked)
        yield FactGroup(f"benchmarks/{identity}", "", "evidence", benchmark, newest, evidence_days(benchmark))


def evidence_days(benchmark: Benchmark) -> int:
    """Return the days after which a benchmark's newest result is stale."""
    own = benchmark.stale_after_days
    return own if own is not None else STALE_EVIDENCE_DAYS[benchmark.measures]


def _inside(value: Any, entry: str, field: str) -> Iterator[FactGroup]:
    """Return the groups in a part of an entry, which may be of the schema's classes or a record of the same name."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _inside(inner, entry, f"{field}.{key}" if field else key)
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _inside(inner, entry, f"{field}[{index}]")
    elif names := fields_of(value):
        if "source" in names and "checked" in names:
            kind, days = _KINDS.get(type(value).__name__, ("terms", STALE_TERMS_DAYS))
            yield FactGroup(entry, field, kind, value, value.checked, days)
        for name in names:
            yield from _inside(getattr(value, name), entry, f"{field}.{name}" if field else name)


def fields_of(value: Any) -> tuple[str, ...]:
    """Return the names of the fields of an entry, or of a part of one; nothing for plain values."""
    kind = type(value)
    return getattr(kind, "__struct_fields__", ()) or tuple(getattr(kind, "model_fields", ()))


_KINDS: Mapping[str, tuple[FactKind, int]] = {"Price": ("prices", STALE_PRICE_DAYS), "Speed": ("evidence", STALE_SPEED_DAYS)}
"""By class of the schema: kinds of facts that are not terms, and how long they stay fresh."""
