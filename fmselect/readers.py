"""Readers of stated values: what each kind of value may look like, and what is said of anything else.

A reader takes a value as a flag, a requirements file or Python gives it, and where it stands. It
returns what is meant, or raises `Wrong` with everything wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from fmselect.errors import FieldPath, Said, did_you_mean, shown, unknown_key
from fmselect.units import parse_count

Read = Callable[[Any, FieldPath], Any]


class Wrong(Exception):
    """A value is not what it has to be; `found` tells each thing wrong with where it stands."""

    def __init__(self, *found: tuple[FieldPath, str]) -> None:
        self.found = found
        super().__init__("; ".join(message for _, message in found))


def _wrong(at: FieldPath, said: str, value: Any, **facts: object) -> Wrong:
    return Wrong((at, said.format(it=shown(value), **facts)))


def text(value: Any, at: FieldPath) -> str:
    """Read a text."""
    if not isinstance(value, str):
        raise _wrong(at, Said.NOT_TEXT, value)
    return value


def flag(value: Any, at: FieldPath) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise _wrong(at, Said.NOT_BOOLEAN, value)
    return value


def day(value: Any, at: FieldPath) -> date:
    """Read a date."""
    if type(value) is not date:
        raise _wrong(at, Said.NOT_DATE, value)
    return value


def whole(*, at_least: int | None = None, above: int | None = None) -> Read:
    """Return a reader of whole numbers, which may be written `200k` or `1.5M`."""

    def read(value: Any, at: FieldPath) -> int:
        if isinstance(value, str):
            try:
                value = parse_count(value)
            except ValueError as error:
                raise Wrong((at, str(error))) from error
        if not isinstance(value, int) or isinstance(value, bool):
            raise _wrong(at, Said.NOT_WHOLE, value)
        _within(value, at, at_least=at_least, above=above)
        return value

    return read


def number(
    *,
    at_least: int | None = None,
    above: int | None = None,
    at_most: int | None = None,
    below: int | None = None,
    percent: bool = False,
) -> Read:
    """Return a reader of finite numbers, exact as they are written; of percentages, which may be written `5%`."""

    def read(value: Any, at: FieldPath) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
            raise _wrong(at, Said.NOT_NUMBER, value)
        try:
            found = Decimal(value.strip().removesuffix("%") if percent and isinstance(value, str) else str(value))
        except InvalidOperation as error:
            raise _wrong(at, Said.NOT_NUMBER, value) from error
        if not found.is_finite():
            raise _wrong(at, Said.NOT_FINITE, value)
        _within(found, at, at_least=at_least, above=above, at_most=at_most, below=below)
        return found

    return read


def _within(
    value: int | Decimal,
    at: FieldPath,
    *,
    at_least: int | None = None,
    above: int | None = None,
    at_most: int | None = None,
    below: int | None = None,
) -> None:
    if at_least is not None and value < at_least:
        raise _wrong(at, Said.AT_LEAST, value, bound=at_least)
    if above is not None and value <= above:
        raise _wrong(at, Said.ABOVE, value, bound=above)
    if at_most is not None and value > at_most:
        raise _wrong(at, Said.AT_MOST, value, bound=at_most)
    if below is not None and value >= below:
        raise _wrong(at, Said.BELOW, value, bound=below)


def pattern(expression: str, example: str) -> Read:
    """Return a reader of texts of a pattern, which an example makes clear."""
    fits = re.compile(expression)

    def read(value: Any, at: FieldPath) -> str:
        found = text(value, at)
        if not fits.fullmatch(found):
            raise Wrong((at, f"is {shown(value)}: write it like {example}"))
        return found

    return read


def one_of(terms: Sequence[str]) -> Read:
    """Return a reader of one of a few terms."""

    def read(value: Any, at: FieldPath) -> str:
        if not isinstance(value, str) or value not in terms:
            raise _wrong(at, Said.NOT_ONE_OF, value, terms=", ".join(terms), meant=did_you_mean(str(value), terms))
        return value

    return read


def several(item: Read) -> Read:
    """Return a reader of lists, for which one item may stand alone."""

    def read(value: Any, at: FieldPath) -> tuple[Any, ...]:
        items = value if isinstance(value, (tuple, list)) else (value,)
        return tuple(_all(((*at, index), item, each) for index, each in enumerate(items)))

    return read


def mapping(key: Read, item: Read) -> Read:
    """Return a reader of mappings."""

    def read(value: Any, at: FieldPath) -> dict[Any, Any]:
        if not isinstance(value, Mapping):
            raise _wrong(at, Said.NOT_MAPPING, value)
        parts = [part for name, each in value.items() for part in (((*at, name), key, name), ((*at, name), item, each))]
        found = iter(_all(parts))
        return dict(zip(found, found, strict=True))

    return read


def _all(parts: Iterable[tuple[FieldPath, Read, Any]]) -> list[Any]:
    found: list[Any] = []
    wrong: list[tuple[FieldPath, str]] = []
    for at, read, value in parts:
        try:
            found.append(read(value, at))
        except Wrong as error:
            wrong.extend(error.found)
    if wrong:
        raise Wrong(*wrong)
    return found


def fields(values: Mapping[str, Any], known: Mapping[str, Read], at: FieldPath = ()) -> dict[str, Any]:
    """Read every value by the reader of its name; raises `Wrong` with everything wrong, unknown names among them."""
    wrong: list[tuple[FieldPath, str]] = [((*at, name), unknown_key(str(name), known)) for name in values if name not in known]
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name in known:
            try:
                found[name] = known[name](value, (*at, name))
            except Wrong as error:
                wrong.extend(error.found)
    if wrong:
        raise Wrong(*wrong)
    return found
