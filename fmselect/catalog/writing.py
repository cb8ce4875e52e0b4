"""The text of a catalog file, and what it should say instead -> new text, in which only that has changed.

What stays is copied line by line, with its comments, order and layout; what changes or comes is written
in one way. The result is read back, so a text that would say something else is never returned.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from fmselect import strict_yaml
from fmselect.errors import FieldPath, InvalidInput
from fmselect.strict_yaml import Document
from fmselect.units import plain

WIDTH = 100
"""A list of short items stands on one line up to this width."""

_BLOCK = frozenset({"regions", "scopes"})
"""Lists that always have one item a line: they grow, and their changes should be easy to see."""

_PLAIN = re.compile(r"[A-Za-z][^:#\[\]{}\"'&*!|>%@`\\\t\n]*(?<! )\Z|https://[^\s#]+\Z")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9._/@+-]*\Z")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})
_SCALAR_LINE = re.compile(r"(?P<key>\s*(?:- )?[^\s#][^#]*?:\s+)(?P<value>[^\s#\"'\[{|>][^#]*?)(?P<comment>\s+#.*)?\Z")


def rewritten(document: Document, text: str, data: Mapping[str, Any]) -> str:
    """Return the text of the document's file, changed so that it says `data`.

    `text` is what `document` was read from. Keys keep their order; a new key stands after the key that
    it follows in `data`.
    """
    data = _tuples(data)
    if data == document.data:
        return text
    lines = text.removeprefix("\ufeff").splitlines()
    head = lines[: min(document.lines[(key,)] for key in document.data) - 1] if document.data else lines
    body = _Rewriter(document, lines).mapping((), document.data, data, 0, len(lines))
    result = "\n".join([*head, *body]) + "\n"
    try:
        said = strict_yaml.parse(result.encode(), document.path).data
    except InvalidInput:
        said = None
    if said != data:
        result = "\n".join([*head, *written(data)]) + "\n"
    return result


def new_file(kind: str, data: Mapping[str, Any], depth: int) -> str:
    """Return the text of a new file of the catalog, with the line that names its schema for editors."""
    return f"# yaml-language-server: $schema={'../' * depth}schema/{kind}.schema.json\n" + "\n".join(written(data)) + "\n"


def written(data: Mapping[str, Any], indent: int = 0) -> list[str]:
    """Return the lines of a mapping."""
    lines: list[str] = []
    for key, value in data.items():
        lines += _entry(key, value, indent)
    return lines


def _entry(key: str, value: Any, indent: int) -> list[str]:
    head = f"{' ' * indent}{key if _KEY.match(key) and key.lower() not in _WORDS else _quoted(key)}:"
    if isinstance(value, Mapping):
        return [head, *written(value, indent + 2)] if value else [f"{head} {{}}"]
    if isinstance(value, (tuple, list)):
        items = [_inline(item) for item in value] if not any(isinstance(item, Mapping) for item in value) else None
        flow = None if items is None else f"{head} [{', '.join(items)}]"
        if flow is not None and (not value or (key not in _BLOCK and len(flow) <= WIDTH)):
            return [flow]
        return [head, *(line for item in value for line in _item(item, indent + 2))]
    return [f"{head} {scalar(value)}"]


def _item(value: Any, indent: int) -> list[str]:
    if not isinstance(value, Mapping):
        return [f"{' ' * indent}- {_inline(value)}"]
    if not value:
        return [f"{' ' * indent}- {{}}"]
    return _dashed(written(value, indent + 2), indent)


def _dashed(lines: Sequence[str], indent: int) -> list[str]:
    """Put the dash of a list item before its first line that says something."""
    first = next((at for at, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), 0)
    return [*lines[:first], f"{' ' * indent}- {lines[first][indent + 2 :]}", *lines[first + 1 :]]


def _inline(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(_inline, value))}]"
    return _quoted(value) if isinstance(value, str) and "," in value else scalar(value)


def scalar(value: Any) -> str:
    """Write one value so that the strict reader reads it back as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if _PLAIN.match(value) and value.lower() not in _WORDS else _quoted(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _tuples(value: Any) -> Any:
    """Return the data as the strict reader gives it: lists are tuples."""
    if isinstance(value, Mapping):
        return {key: _tuples(item) for key, item in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, (tuple, list)) else value


class _Rewriter:
    """Copies what stays, and writes what changed."""

    def __init__(self, document: Document, lines: Sequence[str]) -> None:
        self.at = document.lines
        self.lines = lines

    def mapping(self, path: FieldPath, old: Mapping[str, Any], new: Mapping[str, Any], indent: int, end: int) -> list[str]:
        """Return the lines of the mapping at `path`, whose old text ends before line `end` (zero-based)."""
        spans = dict(self._spans([(*path, key) for key in old], end))
        found: list[str] = []
        for key in _order(old, new):
            place = (*path, key)
            if key in old and _same(old[key], new[key]):
                found += self._undashed(path, place, spans[place], indent)
            elif key in old:
                found += self._changed(path, place, old[key], new[key], indent, spans[place])
            else:
                found += _entry(key, new[key], indent)
        if old:
            last = max(stop for _, stop in spans.values())
            found += self.lines[last:end]  # comments below the last key
        return found

    def _changed(self, parent: FieldPath, place: FieldPath, old: Any, new: Any, indent: int, span: tuple[int, int]) -> list[str]:
        key = str(place[-1])
        line = self.at[place] - 1
        children = [self.at[child] - 1 for child in self._children(place, old)]
        block = bool(children) and min(children) > line
        head = self._undashed(parent, place, (span[0], line + 1), indent)
        if block and isinstance(old, Mapping) and isinstance(new, Mapping) and new:
            inner = min(children)
            below = self._column(inner)
            return [*head, *self.lines[line + 1 : self._first(place, old)], *self.mapping(place, old, new, below, span[1])]
        if block and isinstance(old, tuple) and isinstance(new, (tuple, list)) and new:
            return [*head, *self.lines[line + 1 : min(children)], *self._items(place, old, new, self._column(min(children)), span[1])]
        comments, entry = head[:-1], _entry(key, new, indent)
        match = _SCALAR_LINE.match(head[-1])
        if (
            match
            and len(entry) == 1
            and span[1] == line + 1
            and not isinstance(old, (Mapping, tuple))
            and not isinstance(new, (Mapping, tuple))
        ):
            entry = [f"{match['key']}{scalar(new)}{match['comment'] or ''}"]
        return [*comments, *entry]

    def _items(self, place: FieldPath, old: tuple[Any, ...], new: Sequence[Any], indent: int, end: int) -> list[str]:
        spans = dict(self._spans([(*place, index) for index in range(len(old))], end))
        same = _pairs(old, new)
        found: list[str] = []
        for index, item in enumerate(new):
            twin = same.get(index)
            if twin is not None and _same(old[twin], item):
                start, stop = spans[*place, twin]
                found += self.lines[start:stop]
            elif twin is not None and isinstance(item, Mapping) and item and isinstance(old[twin], Mapping):
                start, stop = spans[*place, twin]
                inner = self.mapping((*place, twin), old[twin], item, indent + 2, stop)
                found += [*self.lines[start : self.at[*place, twin] - 1], *_dashed(inner, indent)]
            else:
                found += _item(item, indent)
        return [*found, *self.lines[max(stop for _, stop in spans.values()) : end]]

    def _spans(self, places: Sequence[FieldPath], end: int) -> Iterator[tuple[FieldPath, tuple[int, int]]]:
        """Yield the lines of each place with the comments above it: zero-based, the end not included."""
        starts = sorted((self.at[place] - 1, place) for place in places)
        begin = None
        for number, (line, place) in enumerate(starts):
            following = starts[number + 1][0] if number + 1 < len(starts) else end
            stop = following
            while stop > line + 1 and self._is_comment(stop - 1):
                stop -= 1
            yield place, (line if begin is None else begin, stop)
            begin = stop

    def _is_comment(self, line: int) -> bool:
        text = self.lines[line].strip()
        return not text or text.startswith("#")

    def _first(self, place: FieldPath, old: Mapping[str, Any]) -> int:
        return min(self.at[(*place, key)] - 1 for key in old)

    def _children(self, place: FieldPath, old: Any) -> list[FieldPath]:
        if isinstance(old, Mapping):
            return [(*place, key) for key in old]
        return [(*place, index) for index in range(len(old))] if isinstance(old, tuple) else []

    def _column(self, line: int) -> int:
        return len(self.lines[line]) - len(self.lines[line].lstrip())

    def _undashed(self, parent: FieldPath, place: FieldPath, span: tuple[int, int], indent: int) -> list[str]:
        """Return lines of a key, without the dash that stands before the first key of a list item."""
        lines = list(self.lines[span[0] : span[1]])
        line = self.at[place] - 1
        if parent and isinstance(parent[-1], int) and self.at[parent] - 1 == line:
            lines[line - span[0]] = " " * indent + lines[line - span[0]].lstrip()[1:].lstrip()
        return lines


def _order(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return the new keys: known ones in their old order, others after the key they follow."""
    found = [key for key in old if key in new]
    before: str | None = None
    for key in new:
        if key not in old:
            found.insert(found.index(before) + 1 if before is not None else 0, key)
        before = key
    return found


def _same(old: Any, new: Any) -> bool:
    """Return whether two values are written alike: 1 is no `true`."""
    return bool(old == new) and isinstance(old, bool) == isinstance(new, bool)


def _pairs(old: Sequence[Any], new: Sequence[Any]) -> dict[int, int]:
    """Return which new items are which old ones: equal ones first, then those at the same place between them."""
    pairs: dict[int, int] = {}
    free = list(range(len(old)))
    for index, item in enumerate(new):
        twin = next((other for other in free if _same(old[other], item)), None)
        if twin is not None:
            pairs[index] = twin
            free.remove(twin)
    for index in range(len(new)):
        if index not in pairs and index in free:
            pairs[index] = index
            free.remove(index)
    return pairs
