"""YAML read strictly: path -> data plus the line of every key, or every problem at once.

The reader knows the YAML 1.2 core types and dates, and refuses what silently changes meaning:
duplicate keys, anchors and aliases, tags, null, the YAML 1.1 booleans (`no`, `off` ...), NaN and
infinity, octal and underscored numbers, several documents in a file, and very large files.
Decimal numbers become `Decimal`, exactly as written; lists become tuples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from fmselect.errors import FieldPath, InvalidInput, Problem, Said, did_you_mean, shown, unknown_key

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

MAX_BYTES = 2_000_000
MAX_DEPTH = 30
_TOO_DEEP = f"is nested more than {MAX_DEPTH} deep"

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_NUMBER_LIKE = re.compile(r"[-+]?(\.[0-9]|[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?\Z|0[xob][0-9a-fA-F_]+\Z)")
_OLD_BOOLEANS = frozenset({"yes", "no", "on", "off", "y", "n"})
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_NOT_FINITE = frozenset({".nan", ".inf", "-.inf", "+.inf"})


class Document(msgspec.Struct, frozen=True):
    """What one YAML file says, and on which line it says each thing."""

    path: str
    """The file, as it is shown to the user."""
    data: Any
    """Mappings, tuples, strings, ints, Decimals, bools and dates."""
    lines: Mapping[FieldPath, int]
    """One-based line of every key and list item."""

    def line_of(self, field: FieldPath) -> int:
        """Return the line of the field, or of its nearest ancestor that is in the file."""
        for length in range(len(field), -1, -1):
            if (line := self.lines.get(field[:length])) is not None:
                return line
        return 1

    def problem(self, field: FieldPath, message: str) -> Problem:
        """Return a problem located at the field."""
        return Problem(message, self.path, self.line_of(field), dotted(field))

    def problems_from(self, error: ValidationError, model: type[BaseModel]) -> Iterator[Problem]:
        """Translate pydantic's errors about this document into located problems."""
        for detail in error.errors(include_url=False):
            field = tuple(part for part in detail["loc"] if part != "[key]")
            yield self.problem(field, _say(detail, field, model))


def read(path: Path, shown_as: str | None = None) -> Document:
    """Read one YAML file strictly.

    Raises `InvalidInput` with every problem found in the file.
    """
    name = shown_as or str(path)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InvalidInput([Problem(f"the file has {size:,} bytes; the limit is {MAX_BYTES:,}: split it", name)])
        raw = path.read_bytes()
    except OSError as error:
        raise InvalidInput([Problem(f"cannot be read: {error.strerror}", name)]) from error
    return parse(raw, name)


def parse(raw: bytes, name: str, *, nulls: bool = False) -> Document:
    """Parse the bytes of one YAML file; `name` is what problems call it.

    `nulls` accepts null as None: in files of others, never in ours.
    """
    import yaml  # a start from the snapshot never parses, so it never pays for the parser

    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InvalidInput([Problem("is not UTF-8: save the file as UTF-8", name, line)]) from error
    builder = _Builder(name, yaml, nulls)
    try:
        data = builder.document(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = str(error.problem or error.context)
        # Newer builds of libyaml refuse deep nesting themselves, before the events reach us.
        message = _TOO_DEEP if "nesting depth" in said else f"is not valid YAML: {said}"
        raise InvalidInput([*builder.problems, Problem(message, name, _within(text, mark))]) from error
    except yaml.reader.ReaderError as error:
        line = raw[: error.position].count(b"\n") + 1
        raise InvalidInput([*builder.problems, Problem(f"is not valid YAML: {error.reason}", name, line)]) from error
    if builder.problems:
        raise InvalidInput(builder.problems)
    return Document(name, data, builder.lines)


def _within(text: str, mark: Any) -> int:
    """Return the line of a mark; what is missing at the end of the file is on its last line."""
    return min(mark.line + 1, len(text.splitlines())) if mark else 1


def dotted(field: Sequence[str | int]) -> str:
    """Write a field path the way people read it: `prices[0].tier`."""
    text = ""
    for part in field:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


class _Builder:
    """Builds data from YAML events, keeping the line of everything and collecting problems."""

    def __init__(self, name: str, yaml: Any, nulls: bool) -> None:
        self.name = name
        self.yaml = yaml
        self.nulls = nulls
        self.lines: dict[FieldPath, int] = {}
        self.problems: list[Problem] = []

    def document(self, events: Iterator[Any]) -> Any:
        data: Any = None
        documents = 0
        events = self._shallow(events)
        for event in events:
            if isinstance(event, self.yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse((), event, "holds more than one document: keep one per file, without `---`")
            elif isinstance(event, self.yaml.NodeEvent):
                value = self._node(event, events, ())
                data = value if documents == 1 else data
        if documents == 0:
            self.problems.append(Problem("is empty", self.name, 1))
        return data

    def _shallow(self, events: Iterator[Any]) -> Iterator[Any]:
        """Pass events on, and stop reading where they are nested too deep."""
        depth = 0
        for event in events:
            depth += isinstance(event, self.yaml.CollectionStartEvent) - isinstance(event, self.yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise InvalidInput([*self.problems, Problem(_TOO_DEEP, self.name, _line(event))])
            yield event

    def _node(self, event: Any, events: Iterator[Any], field: FieldPath) -> Any:
        self.lines.setdefault(field, _line(event))
        if isinstance(event, self.yaml.AliasEvent):
            return self._refuse(field, event, f"uses the alias *{event.anchor}: write the value out")
        if event.anchor:
            self._refuse(field, event, f"defines the anchor &{event.anchor}: write the value out where it is used")
        if event.tag and event.tag != "!":
            self._refuse(field, event, f"carries the tag {event.tag}: plain values only")
        if isinstance(event, self.yaml.ScalarEvent):
            return self._scalar(event, field)
        if isinstance(event, self.yaml.SequenceStartEvent):
            items: list[Any] = []
            for item in events:
                if isinstance(item, self.yaml.SequenceEndEvent):
                    break
                items.append(self._node(item, events, (*field, len(items))))
            return tuple(items)
        return self._mapping(events, field)

    def _mapping(self, events: Iterator[Any], field: FieldPath) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_event in events:
            if isinstance(key_event, self.yaml.MappingEndEvent):
                break
            if not isinstance(key_event, self.yaml.ScalarEvent):
                self._refuse(field, key_event, "has a key that is not plain text")
                self._skip(key_event, events)
                self._node(next(events), events, (*field, "?"))
                continue
            key = key_event.value
            inner = (*field, key)
            if key_event.anchor:
                self._refuse(inner, key_event, f"defines the anchor &{key_event.anchor}: write the key out where it is used")
            if key == "<<":
                self._refuse(inner, key_event, "merges another mapping: write its keys out")
            if key in data:
                first = self.lines[inner]
                self._refuse(inner, key_event, f"is given twice; the first is on line {first}: keep one")
                self._node(next(events), events, (*inner, "?"))
                continue
            self.lines[inner] = _line(key_event)
            data[key] = self._node(next(events), events, inner)
        return data

    def _skip(self, event: Any, events: Iterator[Any]) -> None:
        depth = int(isinstance(event, self.yaml.CollectionStartEvent))
        while depth:
            following = next(events)
            depth += isinstance(following, self.yaml.CollectionStartEvent)
            depth -= isinstance(following, self.yaml.CollectionEndEvent)

    def _scalar(self, event: Any, field: FieldPath) -> Any:
        text: str = event.value
        if event.style or not event.implicit[0]:
            return text
        if text in _NULLS and self.nulls:
            return None
        if text in _NULLS:
            return self._refuse(field, event, "is null: leave the key out; absent means unknown")
        if text in ("true", "false"):
            return text == "true"
        if text.lower() in _OLD_BOOLEANS or text in ("True", "TRUE", "False", "FALSE"):
            return self._refuse(field, event, f"is `{text}`: write true or false, or quote it if it is text")
        if text.lower() in _NOT_FINITE:
            return self._refuse(field, event, f"is {text}: only finite numbers")
        if _INT.match(text):
            if len(text) > 40:
                return self._refuse(field, event, "has more than 40 digits")
            return int(text)
        if _DECIMAL.match(text):
            return self._decimal(text, event, field)
        if _DATE.match(text):
            try:
                return date.fromisoformat(text)
            except ValueError as error:
                return self._refuse(field, event, f"is no date: {error}")
        if _NUMBER_LIKE.match(text):
            return self._refuse(field, event, f"is `{text}`: write a plain decimal number, or quote it if it is text")
        return text

    def _decimal(self, text: str, event: Any, field: FieldPath) -> Any:
        exponent = text.lower().partition("e")[2]
        value = Decimal(text) if len(exponent) <= 4 else None
        if value is None or abs(value.adjusted()) > 40 or len(text) > 60:
            return self._refuse(field, event, f"is {text[:60]}: out of any sensible range")
        return value

    def _refuse(self, field: FieldPath, event: Any, message: str) -> None:
        self.problems.append(Problem(message, self.name, _line(event), dotted(field)))


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 1


def _say(detail: Any, field: FieldPath, model: type[BaseModel]) -> str:
    """Say one of pydantic's errors in our own words."""
    kind = detail["type"]
    context = detail.get("ctx", {})
    if kind == "extra_forbidden":
        return unknown_key(str(field[-1]), _keys_at(model, field[:-1]))
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        meant = did_you_mean(str(detail["input"]), known)
        return Said.NOT_ONE_OF.format(it=shown(detail["input"]), terms=", ".join(known), meant=meant)
    if kind == "value_error":
        return str(context["error"])
    said = next((said for kinds, said in _SAID.items() if kind in kinds), None)
    if said is not None:
        bound = next((context[name] for name in ("ge", "gt", "le", "lt") if name in context), None)
        return said.format(it=shown(detail["input"]), bound=bound, **context)
    message = str(detail["msg"])
    return f"{message[0].lower()}{message[1:]} (it is {shown(detail['input'])})"


_SAID: Mapping[tuple[str, ...], str] = {
    ("missing",): Said.MISSING,
    ("int_type", "int_from_float", "int_parsing"): Said.NOT_WHOLE,
    ("decimal_type", "decimal_parsing", "float_type", "float_parsing"): Said.NOT_NUMBER,
    ("string_type",): Said.NOT_TEXT,
    ("string_too_short",): "is empty: write something, or leave the key out",
    ("string_pattern_mismatch",): "is {it}, which does not fit the pattern {pattern}",
    ("bool_type", "bool_parsing"): Said.NOT_BOOLEAN,
    ("date_type", "date_from_datetime_parsing", "date_parsing"): Said.NOT_DATE,
    ("model_type", "model_attributes_type", "dict_type"): Said.NOT_MAPPING,
    ("tuple_type",): Said.NOT_LIST,
    ("greater_than_equal",): Said.AT_LEAST,
    ("greater_than",): Said.ABOVE,
    ("less_than_equal",): Said.AT_MOST,
    ("less_than",): Said.BELOW,
    ("too_long",): "has {actual_length} items: it may have at most {max_length}",
}
"""Kinds of pydantic's errors, and how we say them."""


def _keys_at(model: type[BaseModel], field: FieldPath) -> list[str]:
    """Return the keys that the model allows at a field path, for `did you mean`."""
    schema = model.model_json_schema()
    node = schema
    for part in field:
        node = _step(schema, node, part)
    return list(_resolve(schema, node).get("properties", {}))


def _resolve(schema: Any, node: Any) -> Any:
    while True:
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
        elif "anyOf" in node:
            node = next((option for option in node["anyOf"] if option.get("type") != "null"), {})
        elif len(node.get("allOf", [])) == 1:
            node = node["allOf"][0]
        else:
            return node


def _step(schema: Any, node: Any, part: str | int) -> Any:
    node = _resolve(schema, node)
    if isinstance(part, int):
        return node.get("items", {})
    known = node.get("properties", {})
    extra = node.get("additionalProperties")
    return known.get(part, extra if isinstance(extra, dict) else {})
