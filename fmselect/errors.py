"""The problems the program reports, each saying what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

FieldPath = tuple[str | int, ...]
"""Where a value stands: keys and positions in lists, from the outside in."""


class Said:
    """What is said of a value that is not what it has to be, wherever it comes from."""

    UNKNOWN_KEY = "is not a known key{meant}{known}"
    MISSING = "is missing: add it"
    NOT_ONE_OF = "is {it}, not one of {terms}{meant}"
    NOT_TEXT = "is {it}, not text: quote it if it is meant as text"
    NOT_WHOLE = "is {it}, not a whole number: write it in digits, such as 200000"
    NOT_NUMBER = "is {it}, not a number"
    NOT_FINITE = "is {it}: only finite numbers"
    NOT_BOOLEAN = "is {it}, not true or false"
    NOT_DATE = "is {it}, not a date: write YYYY-MM-DD, without quotes"
    NOT_MAPPING = "is {it}, not a mapping: write its keys below it"
    NOT_LIST = "is {it}, not a list: write each item on its own line, after `- `"
    AT_LEAST = "is {it}: it must be at least {bound}"
    ABOVE = "is {it}: it must be above {bound}"
    AT_MOST = "is {it}: it must be at most {bound}"
    BELOW = "is {it}: it must be below {bound}"


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong with an input: where it stands and what to do about it."""

    message: str
    """What is wrong and what to do, in one sentence."""
    file: str | None = None
    """The file as the user named it; None when the input came from flags."""
    line: int | None = None
    """One-based line in the file."""
    field: str = ""
    """Dotted path of the field, such as `prices[0].usd_per_mtok.input`."""

    def __str__(self) -> str:
        place = "" if self.file is None else f"{self.file}:{self.line or 1}: "
        return f"{place}{self.field + ': ' if self.field else ''}{self.message}"

    @property
    def order(self) -> tuple[str, int, str, str]:
        """Sort key: by file, then line, then field."""
        return (self.file or "", self.line or 0, self.field, self.message)


class FmselectError(Exception):
    """An error with a message for the user; never shown with a traceback."""


class InvalidInput(FmselectError):
    """An input is invalid; `problems` holds everything wrong with it, not just the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems), key=lambda p: p.order))
        super().__init__("\n".join(str(p) for p in self.problems))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` for the nearest known term, or an empty string."""
    from difflib import get_close_matches  # only ever needed on the way to an error

    terms = list(known)
    lowered = {term.lower(): term for term in reversed(terms)}
    near = get_close_matches(word.lower(), list(lowered), n=1, cutoff=0.6)
    if not near:
        near = sorted((low for low in lowered if len(word) > 2 and word.lower() in low), key=lambda low: (len(low), low))
    return f"; did you mean '{lowered[near[0]]}'?" if near else ""


def unknown_key(name: str, known: Iterable[str]) -> str:
    """Say that a key is not known, which is meant, and which there are if they are few."""
    keys = sorted(known)
    told = f" (known: {', '.join(keys)})" if 0 < len(keys) <= 12 else ""
    return Said.UNKNOWN_KEY.format(meant=did_you_mean(name, keys), known=told)


def shown(value: Any) -> str:
    """Write a value that is wrong: a text in quotes, and of what holds others only what it is."""
    if isinstance(value, (Mapping, tuple, list)):
        return "a mapping" if isinstance(value, Mapping) else "a list"
    return f"'{value}'" if isinstance(value, str) else str(value)
