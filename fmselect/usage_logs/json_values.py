"""The values of JSON lines and of JSON documents, one at a time, each with its line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from fmselect.usage_logs.records import Odd

LONG = 65_536
"""Bytes of a list on one line from which on its items are read one by one, rather than all at once."""


def is_json(first: bytes) -> bool:
    """Whether a file whose first line is this holds JSON."""
    return first.lstrip().startswith((b"{", b"["))


def json_values(first: bytes, lines: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, Any]]:
    """Yield the values of a file with its first line among the numbered lines; what cannot be read comes as `Odd`.

    A line is a value, or a document stretches over lines; the items of a list are values of their own.
    """
    return _documents(lines) if _is_opened(first) else _json_lines(lines)


def _is_opened(first: bytes) -> bool:
    """Whether the first line opens a JSON document that goes on below, rather than being a value of its own."""
    end = first.rstrip()
    if end.startswith(b"["):
        return len(end) > LONG or _decoded(end) is None
    return end.endswith((b"{", b"[", b","))


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
