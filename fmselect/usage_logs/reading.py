"""Reads a usage log line by line: recognises its format by content, and tells every line that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from fmselect.usage_logs import anthropic, openai, opentelemetry, plain
from fmselect.usage_logs.csv_rows import csv_rows
from fmselect.usage_logs.json_values import is_json, json_values
from fmselect.usage_logs.records import Format, How, Odd, Reading, Skipped, Unreadable, shown

FORMATS: Mapping[str, Format] = {found.FORMAT.name: found.FORMAT for found in (opentelemetry, anthropic, openai, plain)}
"""Every format, in the order in which they are tried: from the most particular to the most general."""


def read(lines: Iterable[bytes], how: How) -> Iterator[tuple[str, Reading]]:
    """Yield the format and the content of every line of a log, in order; what cannot be read comes as `Odd`.

    Only a line is held at a time, except of a JSON document that stretches over many lines.
    """
    opened = open_lines(lines)
    if isinstance(opened, Odd):
        yield "", opened
        return
    first, rest = opened
    if is_json(first):
        yield from _values(json_values(first, rest), how)
    else:
        yield from _rows(rest, how)


def open_lines(lines: Iterable[bytes]) -> tuple[bytes, Iterator[tuple[int, bytes]]] | Odd:
    """Return the first line of a file that is not blank, and all lines from it on with their numbers."""
    numbered = enumerate(lines, start=1)
    number, first = next((entry for entry in numbered if entry[1].strip(b"\xef\xbb\xbf \t\r\n")), (1, b""))
    if not first:
        return Odd(1, "is empty: give one with at least one request")
    if first.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in first[:200]:
        return Odd(number, "is not text in UTF-8: save or export it as UTF-8")
    first = first.removeprefix(b"\xef\xbb\xbf")
    return first, chain([(number, first)], numbered)


# ---------------------------------------------------------------- JSON


def _values(values: Iterable[tuple[int, Any]], how: How) -> Iterator[tuple[str, Reading]]:
    """Yield what JSON values say, each read in the first format that knows it."""
    candidates = _candidates(how)
    for line, value in values:
        if isinstance(value, Odd):
            yield "", value
            continue
        known = next((form for form in candidates if form.knows_value(value, how)), None)
        if known is None:
            yield "", _not_known(line, value, how)
            continue
        try:
            for reading in known.read_value(line, value, how):
                yield known.name, reading
        except Unreadable as error:
            yield known.name, _odd(line, error)


def _candidates(how: How) -> Sequence[Format]:
    return list(FORMATS.values()) if how.format is None else [FORMATS[how.format]]


def _not_known(line: int, value: Any, how: How) -> Reading:
    if not isinstance(value, dict):
        return Odd(line, f"is {shown(value)}, not an object with a request's usage: remove the line")
    wanted = "usage" if how.format is None else f"usage as {how.format} writes it"
    return Skipped(line, f"a line without {wanted}")


def _odd(line: int, error: Unreadable) -> Odd:
    said = str(error)
    return Odd(line, said if _says_what_to_do(said) else f"{said}: correct the line, or remove it")


def _says_what_to_do(said: str) -> bool:
    return ", add --" in said or ": export " in said


# ---------------------------------------------------------------- CSV


def _rows(lines: Iterable[tuple[int, bytes]], how: How) -> Iterator[tuple[str, Reading]]:
    """Yield what the rows of a CSV file say, all in the format that knows its header."""
    rows = csv_rows(lines)
    first, header = next(rows)
    if isinstance(header, Odd):
        yield "", header
        return
    known = next((form for form in _candidates(how) if form.knows_header(header, how)), None)
    if known is None:
        yield "", Odd(first, _unknown_header(header))
        return
    if missing := [column for _, column in how.columns if column not in header]:
        yield known.name, Odd(first, f"has no column {', '.join(missing)}: it has {', '.join(header)[:300]}")
        return
    for line, row in rows:
        if isinstance(row, Odd):
            yield known.name, row
            continue
        try:
            for reading in known.read_row(line, dict(zip(header, row, strict=True)), how):
                yield known.name, reading
        except Unreadable as error:
            yield known.name, _odd(line, error)


def _unknown_header(header: Sequence[str]) -> str:
    names = ", ".join(header)
    shortened = names if len(names) <= 200 else names[:199] + "…"
    return f"has no column that is known to hold usage ({shortened}): name them, as in --columns input=tokens_in,output=tokens_out"
