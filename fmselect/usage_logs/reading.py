"""Reads a usage log line by line: recognises its format by content, and tells every line that cannot be read."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from fmselect.usage_logs import anthropic, openai, opentelemetry, plain
from fmselect.usage_logs.records import Format, How, Odd, Reading, Skipped, Unreadable, shown

FORMATS: Mapping[str, Format] = {found.FORMAT.name: found.FORMAT for found in (opentelemetry, anthropic, openai, plain)}
"""Every format, in the order in which they are tried: from the most particular to the most general."""

LONGEST_CELL = 16_000_000
"""Characters of the longest cell of a CSV file; logs keep whole prompts."""


def read(lines: Iterable[bytes], how: How) -> Iterator[tuple[str, Reading]]:
    """Yield the format and the content of every line of a log, in order; what cannot be read comes as `Odd`.

    Only a line is held at a time, except of a JSON document that stretches over many lines.
    """
    numbered = enumerate(lines, start=1)
    head = next((entry for entry in numbered if entry[1].strip(b"\xef\xbb\xbf \t\r\n")), None)
    if head is None:
        yield "", Odd(1, "is empty: give a log with at least one request")
        return
    number, first = head
    if first.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in first[:200]:
        yield "", Odd(number, "is not text in UTF-8: save or export it as UTF-8")
        return
    first = first.removeprefix(b"\xef\xbb\xbf")
    rest = chain([(number, first)], numbered)
    if first.lstrip().startswith((b"{", b"[")):
        yield from _values(_documents(rest) if _is_opened(first) else _json_lines(rest), how)
    else:
        yield from _rows(rest, how)


def _is_opened(first: bytes) -> bool:
    """Whether the first line opens a JSON document that goes on below, rather than being a value of its own."""
    end = first.rstrip()
    return end.endswith((b"{", b"[", b",")) or (end.startswith(b"[") and _decoded(end) is None)


# ---------------------------------------------------------------- JSON


def _json_lines(lines: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, Any]]:
    """Yield the values of JSON lines; those of a list are values of their own."""
    decode = json.JSONDecoder(parse_constant=_refuse).decode
    for number, line in lines:
        if not line.strip():
            continue
        try:
            value = decode(line.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            yield number, _no_json(number, error, "repair the line, or remove it")
            continue
        if isinstance(value, list):
            yield from ((number, item) for item in value)
        else:
            yield number, value


def _documents(lines: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, Any]]:
    """Yield the values of JSON documents below each other; those of a list one by one, so that only one is held."""
    numbers = iter(lines)
    decoder = json.JSONDecoder(parse_constant=_refuse)
    text, at, line = "", 0, 1
    inside, ended = False, False
    while True:
        at = _skip(text, at, " \t\r\n," if inside else " \t\r\n")
        if at < len(text) and text[at] == "[" and not inside:
            inside, at = True, at + 1
            continue
        if at < len(text) and text[at] == "]" and inside:
            inside, at = False, at + 1
            continue
        problem: Exception | None = None
        if at < len(text):
            try:
                value, end = decoder.raw_decode(text, at)
            except (ValueError, RecursionError) as error:
                problem = error
            else:
                yield line + text.count("\n", 0, at), value
                at = end
                continue
        if ended:
            if problem is not None or inside:
                number = line + text.count("\n", 0, at)
                yield number, _no_json(number, problem or ValueError("the list is not closed"), "export it again, whole")
            return
        # What was read is dropped, and as much again as is left is read, so that a long value is tried a few times only.
        line += text.count("\n", 0, at)
        text, at, ended = _more(text[at:], numbers)


def _more(text: str, lines: Iterator[tuple[int, bytes]]) -> tuple[str, int, bool]:
    parts, size = [text], 0
    for _, line in lines:
        parts.append(line.decode("utf-8", "replace"))
        size += len(line)
        if size > max(len(text), 65_536):
            return "".join(parts), 0, False
    return "".join(parts), 0, True


def _skip(text: str, at: int, blanks: str) -> int:
    while at < len(text) and text[at] in blanks:
        at += 1
    return at


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def _decoded(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _no_json(line: int, error: Exception, remedy: str) -> Odd:
    said = "it is nested too deep" if isinstance(error, RecursionError) else str(error).split(": line ")[0].split(" (char")[0]
    if isinstance(error, UnicodeDecodeError):
        said = "it is not UTF-8"
    return Odd(line, f"is not valid JSON ({said}): {remedy}")


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
    decoded = _Decoded(lines)
    head = next(decoded)
    delimiter = max(",;\t|", key=head.count)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(chain([head], decoded), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(reader)]
    except csv.Error as error:
        yield "", Odd(decoded.first, f"is not valid CSV ({error}): export it again")
        return
    known = next((form for form in _candidates(how) if form.knows_header(header, how)), None)
    if known is None:
        yield "", Odd(decoded.first, _unknown_header(header))
        return
    if missing := [column for _, column in how.columns if column not in header]:
        yield known.name, Odd(decoded.first, f"has no column {', '.join(missing)}: it has {', '.join(header)[:300]}")
        return
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield known.name, Odd(decoded.line, f"is not valid CSV ({error}): close the quotes, or remove the row")
            continue
        for reading in _row(decoded.line, header, row, known, how):
            yield known.name, reading


class _Decoded:
    """The lines of a file as text, with the number of the last one that was handed out."""

    def __init__(self, lines: Iterable[tuple[int, bytes]]) -> None:
        self._lines = iter(lines)
        self.first = 0
        self.line = 0

    def __iter__(self) -> _Decoded:
        return self

    def __next__(self) -> str:
        self.line, raw = next(self._lines)
        self.first = self.first or self.line
        return raw.decode("utf-8", "replace")


def _row(line: int, header: Sequence[str], row: Sequence[str], known: Format, how: How) -> Iterable[Reading]:
    if not any(row):
        return ()
    if len(row) != len(header):
        return (Odd(line, f"has {len(row)} cells, and the header has {len(header)}: correct the row, or remove it"),)
    try:
        return tuple(known.read_row(line, dict(zip(header, row, strict=True)), how))
    except Unreadable as error:
        return (_odd(line, error),)


def _unknown_header(header: Sequence[str]) -> str:
    names = ", ".join(header)
    shortened = names if len(names) <= 200 else names[:199] + "…"
    return f"has no column that is known to hold usage ({shortened}): name them, as in --columns input=tokens_in,output=tokens_out"
