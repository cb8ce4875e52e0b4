"""A CSV of real requests -> classes of requests.

One request a line, or `count` alike ones. The columns are those of `COLUMNS`, in any order and any
subset; an empty cell is 0. Tokens are counted once: cached ones are part of `input_tokens`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import msgspec

from fmselect.errors import InvalidInput, Problem, did_you_mean
from fmselect.usage import RequestClass, Usage

COLUMNS = (
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "output_tokens", "reasoning_tokens",
    "images", "audio_minutes", "pages", "characters", "searches", "count", "hour_utc",
)  # fmt: skip
"""Columns of such a file: what a request used, how many such requests there were, and the hour (0 to 23) in which they came."""

SHOWN = 20
"""Problems told of one file; a broken column would otherwise tell one a line."""


class Requests(msgspec.Struct, frozen=True):
    """The requests of a file."""

    classes: tuple[RequestClass, ...]
    has_reasoning: bool
    """Whether the file says how much reasoning there was."""


def read(path: str) -> Requests:
    """Read a CSV of requests; raises `InvalidInput` with every problem at its line."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidInput([Problem(f"cannot be read: {error.strerror}", path)]) from error
    except UnicodeDecodeError as error:
        raise InvalidInput([Problem("is not UTF-8: save the file as UTF-8", path)]) from error
    rows = csv.DictReader(text.splitlines(), restkey="", strict=True)
    problems = [
        Problem(f"'{name}' is no column of requests{did_you_mean(name, COLUMNS) or ': there are ' + ', '.join(COLUMNS)}", path, 1)
        for name in rows.fieldnames or ()
        if name not in COLUMNS
    ]
    if problems:
        raise InvalidInput(problems)
    counts: dict[tuple[Usage, str | None], Decimal] = {}
    try:
        for row in rows:
            try:
                usage, hours, count = _request(row)
            except ValueError as error:
                problems.append(Problem(str(error), path, rows.line_num))
                continue
            counts[usage, hours] = counts.get((usage, hours), Decimal(0)) + count
    except csv.Error as error:
        problems.append(Problem(f"is not valid CSV: {error}", path, rows.line_num))
    if problems:
        more = [Problem(f"and {len(problems) - SHOWN:,} more lines have problems", path, one.line) for one in problems[SHOWN : SHOWN + 1]]
        raise InvalidInput([*problems[:SHOWN], *more])
    if not any(counts.values()):
        raise InvalidInput([Problem("holds no request: give a header line, and one request a line", path)])
    classes = tuple(RequestClass(count, usage, hours) for (usage, hours), count in counts.items() if count)
    return Requests(classes, "reasoning_tokens" in (rows.fieldnames or ()))


def _request(row: Mapping[str, str | None]) -> tuple[Usage, str | None, Decimal]:
    """Return what a line says; raises `ValueError` with what is wrong."""
    if "" in row:
        raise ValueError("has more cells than the header")
    values: dict[str, Any] = {name: _number(name, text) for name, text in row.items() if text is not None and text.strip()}
    count, hour = values.pop("count", Decimal(1)), values.pop("hour_utc", None)
    if hour is not None and hour > 23:
        raise ValueError(f"hour_utc: is {hour}: an hour of the day is 0 to 23")
    hours = None if hour is None else f"{hour:02}:00-{(hour + 1) % 24:02}:00"
    return Usage(**values), hours, count


def _number(name: str, text: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise ValueError(f"{name}: '{text}' is not a number")
    if value < 0:
        raise ValueError(f"{name}: is {text.strip()}: it must be at least 0")
    if name != "audio_minutes" and value != value.to_integral_value():
        raise ValueError(f"{name}: is {text.strip()}, not a whole number")
    return value if name == "audio_minutes" else Decimal(int(value))
