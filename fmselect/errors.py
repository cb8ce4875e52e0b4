"""The problems the program reports, each saying what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


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
