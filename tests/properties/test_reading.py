"""Whatever the bytes, strict reading gives the data that was written or a problem; it never crashes or invents."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fmselect.errors import InvalidInput
from fmselect.strict_yaml import parse

PIECES = st.sampled_from(
    [
        "a",
        "b",
        ":",
        " ",
        "\n",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "&x",
        "*x",
        "!t",
        "no",
        "~",
        ".inf",
        "0x1f",
        "1_0",
        "1e999",
        "'",
        '"',
        "#",
        ">",
        "? ",
        "<<",
        "---",
        "\t",
        "%",
        "é",
        "\x00",
        "\ufeff",
        "2026-02-30",
        "1.50",
    ]
)
BYTES = st.one_of(
    st.binary(max_size=80), st.text(max_size=80).map(str.encode), st.lists(PIECES, max_size=30).map(lambda p: "".join(p).encode())
)


@given(BYTES)
@example(b"[" * 2_000)
@example(b"a: 1e" + b"9" * 50)
def test_reading_gives_data_or_problems_with_a_place(raw: bytes) -> None:
    found = data_or_problems(raw)

    if isinstance(found, InvalidInput):
        lines = len(raw.decode("utf-8", "replace").splitlines()) + 1
        assert found.problems
        assert all(problem.file == "f" and 1 <= (problem.line or 0) <= lines for problem in found.problems)
        assert all(problem.message and len(str(problem).splitlines()) == 1 for problem in found.problems)
    else:
        assert ok(found)


def data_or_problems(raw: bytes) -> Any:
    try:
        return parse(raw, "f").data
    except InvalidInput as error:
        return error


def ok(data: Any) -> bool:
    """Whether data is made only of what the reader may give."""
    if isinstance(data, dict):
        return all(isinstance(key, str) and ok(value) for key, value in data.items())
    if isinstance(data, tuple):
        return all(ok(item) for item in data)
    return type(data) in {str, int, Decimal, bool, date} and not (isinstance(data, Decimal) and not data.is_finite())


LETTERS = st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"])
KEYS = st.text(LETTERS, min_size=1, max_size=8).filter(lambda key: key != "<<")
TEXTS = st.text(LETTERS, max_size=12)
NUMBERS = st.one_of(
    st.integers(-(10**30), 10**30),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("-1e9"), max_value=Decimal("1e9"), places=6),
)
PLAIN = st.recursive(
    st.one_of(TEXTS, NUMBERS, st.booleans(), st.dates()),
    lambda inner: st.one_of(st.lists(inner, max_size=4).map(tuple), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def written(data: Any, depth: int = 0) -> str:
    """Write data as block YAML, the way the catalog's files are written."""
    margin = "  " * depth
    if isinstance(data, dict) and data:
        return "\n" + "\n".join(f"{margin}{quoted(key)}: {written(value, depth + 1)}" for key, value in data.items())
    if isinstance(data, tuple) and data:
        return "\n" + "\n".join(f"{margin}- {written(value, depth + 1)}" for value in data)
    if isinstance(data, (dict, tuple)):
        return "{}" if isinstance(data, dict) else "[]"
    if isinstance(data, str):
        return quoted(data)
    return str(data).lower() if isinstance(data, bool) else f"{data:f}" if isinstance(data, Decimal) else str(data)


@given(PLAIN)
def test_plain_data_is_read_back_exactly(data: Any) -> None:
    found = parse(written(data).encode(), "f").data

    assert found == data
    assert repr(found) == repr(data)


@given(st.dictionaries(KEYS, NUMBERS, min_size=1, max_size=6), st.data())
def test_a_key_given_twice_is_refused_wherever_it_stands(data: dict[str, Any], draw: st.DataObject) -> None:
    key = draw.draw(st.sampled_from(sorted(data)))
    lines = [f"{quoted(name)}: {value}" for name, value in data.items()]
    lines.insert(draw.draw(st.integers(0, len(lines))), f"{quoted(key)}: 1")

    with pytest.raises(InvalidInput, match="is given twice; the first is on line"):
        parse("\n".join(lines).encode(), "f")
