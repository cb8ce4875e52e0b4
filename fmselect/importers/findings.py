"""What an importer gives: groups of facts about entries, and the names that it could not match."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from fmselect.catalog.schema import Aliases

ANYWHERE = ""
"""As regions of a place: all regions but those of governments. Other texts are how the names of regions begin."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the bytes come from, as every group written from them will say."""

    source: str
    """The url or document that the groups cite."""
    checked: date
    """The day the importer looked."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One group of facts about one entry, as an outside list gives it."""

    entry: str
    """The entry, as `models/developer/model`, `offerings/model@platform` or `benchmarks/benchmark`."""
    path: tuple[str, ...]
    """Keys that lead to the group, such as `("limits",)` or `("customization", "fine-tuning")`; `("prices",)` and
    `("scopes",)` mean one item of the list; `()` means the file itself."""
    facts: Mapping[str, Any]
    """The facts, without source and date."""
    names: tuple[str, ...] = ()
    """The outside names they were read under."""
    note: str | None = None
    """What a reader must know to use them rightly."""
    places: Mapping[str, Any] = field(default_factory=dict)
    """What is used for a new group only, since people may know better: where and when a price holds (scopes, regions,
    from_on, until_on), the stage of a life. Scopes that the entry does not have are left out; regions are names, or
    how names begin."""
    adds: bool = True
    """False for what is only compared: an entry that has no such group gets none."""
    fills: bool = False
    """True for what is used only where the entry has no such group yet."""


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that one importer read."""

    found: tuple[Finding, ...]
    names: frozenset[str]
    """All names in the outside list."""
    unmatched: tuple[str, ...] = ()
    """Names that the table of aliases does not know, sorted."""
    remarks: tuple[str, ...] = ()
    """What was left out of matched rows, and why."""


Read = Callable[[bytes, Aliases], Findings]
"""An importer: pure, from the bytes of the outside list and the table of its names."""


def unmatched(names: Iterable[str], aliases: Aliases) -> tuple[str, ...]:
    """Return the names that the table does not know, sorted."""
    return tuple(
        sorted(name for name in names if name not in aliases.names and name not in aliases.left_out and name not in aliases.ignored)
    )


def tidy(value: Decimal) -> Decimal:
    """Return a number without trailing zeros or exponent: 2.50 is 2.5, 1E+1 is 10."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short
