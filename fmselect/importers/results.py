"""Results of an evaluation as its tool wrote them: the shape that every reader gives, and which reader a file is for."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from fmselect.errors import InvalidInput, Problem
from fmselect.units import EFFORTS, Effort

MAX_BYTES = 300_000_000
"""A larger file is no table of results."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one model scored on one measure, as the tool wrote it."""

    suite: str
    """What was run: a task, an evaluation, a column."""
    metric: str
    """What was computed of it; empty when the suite has only one."""
    name: str
    """The model, as the tool names it."""
    score: float
    """As written: a share of 1, or another scale."""
    on: date | None = None
    """Day of the run; None: the file does not say."""
    effort: Effort | None = None
    """Reasoning effort it was run at; None: not stated."""
    n: int | None = None
    """Cases behind the score."""
    stderr: float | None = None
    """Standard error, on the scale of the score."""
    low: float | None = None
    """Lower end of the 95% interval, where the file gives one."""
    high: float | None = None
    """Upper end of the 95% interval, where the file gives one."""
    higher_is_better: bool = True
    line: int | None = None
    """Line of the file, where it has lines of its own."""

    @property
    def measure(self) -> tuple[str, str]:
        """What is comparable: results of one suite by one metric."""
        return self.suite, self.metric


@dataclass(frozen=True, slots=True)
class Results:
    """Everything one file holds."""

    tool: str
    """Who wrote it, with its version where the file says so."""
    results: tuple[Result, ...]
    notes: tuple[str, ...] = ()
    """What was left out of the file, and why; what the user should know about the rest."""
    publisher: str | None = None
    """Whose results they are, when they are not the user's but a copy that the user may keep; None: the user's."""


@dataclass(frozen=True, slots=True)
class Content:
    """A file's bytes, and its text and JSON where it has them."""

    file: str
    """The file as the user named it."""
    raw: bytes
    text: str = ""
    data: Any = None
    """What the JSON holds; None for what is no JSON."""

    def problem(self, message: str, line: int | None = None, field: str = "") -> InvalidInput:
        """Return a problem of the file to raise."""
        return InvalidInput([Problem(message, self.file, line, field)])

    def line_of(self, *keys: str) -> int | None:
        """Return the line on which the last of some nested keys stands, as near as text alone can tell."""
        at = 0
        for key in keys:
            found = self.text.find(json.dumps(key, ensure_ascii=False), at)
            if found < 0:
                break
            at = found
        return self.text.count("\n", 0, at) + 1 if self.text else None


def content(file: str, raw: bytes) -> Content:
    """Return a file's content, ready to be recognized.

    Raises `InvalidInput` for an empty file, and for one that begins like JSON and is none.
    """
    bare = Content(file, raw)
    if len(raw) > MAX_BYTES:
        raise bare.problem(f"the file has {len(raw):,} bytes; the limit is {MAX_BYTES:,}: export the scores without the answers")
    if raw.startswith(b"PK\x03\x04"):
        return bare
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise bare.problem("is not UTF-8: save the file as UTF-8", line) from error
    if not text.strip():
        raise bare.problem("is empty: give a file of results")
    if text.lstrip()[0] not in "{[":
        return Content(file, raw, text)
    try:
        data = json.loads(text, parse_constant=lambda _: math.nan)
    except json.JSONDecodeError as error:
        hint = ": give the results file, not the samples (.jsonl)" if error.msg == "Extra data" else ""
        raise bare.problem(f"is not valid JSON: {error.msg}{hint}", error.lineno) from error
    except RecursionError as error:
        raise bare.problem("is not valid JSON: it is nested too deep") from error
    return Content(file, raw, text, data)


Reader = Callable[[Content], Results]


def number(value: Any) -> float | None:
    """Return a finite number; None for anything else, such as `N/A`."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) else None


def count(value: Any) -> int | None:
    """Return a number of cases; None for anything that counts none."""
    found = number(value)
    return int(found) if found is not None and found >= 1 and found == int(found) else None


def day_of(value: Any) -> date | None:
    """Return the day of a moment: seconds since 1970 (UTC), or ISO 8601; None for anything else."""
    if (seconds := number(value)) is not None:
        try:
            return datetime.fromtimestamp(seconds, tz=UTC).date()
        except (OverflowError, OSError, ValueError):
            return None
    if isinstance(value, str) and (match := re.match(r"\d{4}-\d{2}-\d{2}", value)):
        try:
            return date.fromisoformat(match[0])
        except ValueError:
            return None
    return None


def effort_of(value: Any) -> Effort | None:
    """Return a reasoning effort that is written as one; None for anything else."""
    return next((effort for effort in EFFORTS if effort == value), None)


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a mapping, or an empty one for what is none."""
    return value if isinstance(value, dict) else {}


def texts(items: Iterable[str], most: int = 6) -> str:
    """Write some names for people, not more than a few."""
    named = list(items)
    shown = ", ".join(named[:most])
    return f"{shown} and {len(named) - most} more" if len(named) > most else shown
