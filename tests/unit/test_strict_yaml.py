"""Strict reading: what is read is exactly what was written, and what could change meaning is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fmselect.errors import InvalidInput
from fmselect.strict_yaml import MAX_BYTES, MAX_DEPTH, dotted, parse, read


def problems(text: str | bytes) -> list[str]:
    """Return the problems of a text, as lines."""
    with pytest.raises(InvalidInput, match=r"^f:") as caught:
        parse(text.encode() if isinstance(text, str) else text, "f")
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: 1", {"a": 1}),
        ("a: -12", {"a": -12}),
        ("a: 0.10", {"a": Decimal("0.10")}),
        ("a: 1.25e-3", {"a": Decimal("0.00125")}),
        ("a: true\nb: false", {"a": True, "b": False}),
        ("a: 2026-11-22", {"a": date(2026, 11, 22)}),
        ("a: 2026-11", {"a": "2026-11"}),
        ("a: 'no'", {"a": "no"}),
        ('a: "1.0"', {"a": "1.0"}),
        ('a: ! "5"', {"a": "5"}),
        ("a: ''", {"a": ""}),
        ("a: 1.5.0", {"a": "1.5.0"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: |\n  null\n", {"a": "null\n"}),
        ("no: 1", {"no": 1}),
        ("a: [1, [b]]", {"a": (1, ("b",))}),
        ("\ufeffa: 1", {"a": 1}),
    ],
)
def test_values_are_read_as_written(text: str, data: Any) -> None:
    found = parse(text.encode(), "f").data

    assert found == data
    assert repr(found) == repr(data)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3", "f:3: a: is given twice; the first is on line 1: keep one"),
        ("a: &x 1", "f:1: a: defines the anchor &x: write the value out where it is used"),
        ("&x a: 1", "f:1: a: defines the anchor &x: write the key out where it is used"),
        ("a: !!str 5", "f:1: a: carries the tag tag:yaml.org,2002:str: plain values only"),
        ("a: !env HOME", "f:1: a: carries the tag !env: plain values only"),
        ("a:\n  b:\n", "f:2: a.b: is null: leave the key out; absent means unknown"),
        ("a: ~", "f:1: a: is null: leave the key out; absent means unknown"),
        ("a: no", "f:1: a: is `no`: write true or false, or quote it if it is text"),
        ("a: Off", "f:1: a: is `Off`: write true or false, or quote it if it is text"),
        ("a: True", "f:1: a: is `True`: write true or false, or quote it if it is text"),
        ("a: .nan", "f:1: a: is .nan: only finite numbers"),
        ("a: -.Inf", "f:1: a: is -.Inf: only finite numbers"),
        ("a: 0o17", "f:1: a: is `0o17`: write a plain decimal number, or quote it if it is text"),
        ("a: 017", "f:1: a: is `017`: write a plain decimal number, or quote it if it is text"),
        ("a: 1_000", "f:1: a: is `1_000`: write a plain decimal number, or quote it if it is text"),
        ("a: .5", "f:1: a: is `.5`: write a plain decimal number, or quote it if it is text"),
        ("a: 2026-02-30", "f:1: a: is no date: day is out of range for month"),
        ("a: " + "9" * 41, "f:1: a: has more than 40 digits"),
        ("a: 1e50", "f:1: a: is 1e50: out of any sensible range"),
        ("a: 1e99999999999999999999", "f:1: a: is 1e99999999999999999999: out of any sensible range"),
        ("a: 0." + "1" * 60, "f:1: a: is 0." + "1" * 58 + ": out of any sensible range"),
        ("? [a]\n: 1\n", "f:1: has a key that is not plain text"),
        ("a: 1\n---\nb: 2\n", "f:2: holds more than one document: keep one per file, without `---`"),
        ("", "f:1: is empty"),
        ("# only a comment\n", "f:1: is empty"),
        ("a: [1, 2", "f:1: is not valid YAML: did not find expected ',' or ']'"),
        ("a: 1\n\tb: 2", "f:2: is not valid YAML: found a tab character that violates indentation"),
        ("a: 1\nb: x\x07", "f:2: is not valid YAML: control characters are not allowed"),
    ],
)
def test_what_could_change_meaning_is_refused_with_its_place(text: str, problem: str) -> None:
    assert problems(text) == [problem]


def test_an_alias_and_a_merge_are_refused_beside_their_anchor() -> None:
    assert problems("base: &b\n  x: 1\none: *b\ntwo:\n  <<: *b\n") == [
        "f:1: base: defines the anchor &b: write the value out where it is used",
        "f:3: one: uses the alias *b: write the value out",
        "f:5: two.<<: merges another mapping: write its keys out",
        "f:5: two.<<: uses the alias *b: write the value out",
    ]


def test_every_problem_is_reported_up_to_the_syntax_error() -> None:
    assert problems("a: no\nb: ~\nc: {") == [
        "f:1: a: is `no`: write true or false, or quote it if it is text",
        "f:2: b: is null: leave the key out; absent means unknown",
        "f:3: is not valid YAML: did not find expected node content",
    ]


def test_what_stands_below_a_key_given_twice_or_not_plain_is_still_read() -> None:
    assert problems("a: 1\na:\n  b: no\n? {x: {y: z}}\n: yes\n") == [
        "f:2: a: is given twice; the first is on line 1: keep one",
        "f:3: a.?.b: is `no`: write true or false, or quote it if it is text",
        "f:4: has a key that is not plain text",
        "f:5: ?: is `yes`: write true or false, or quote it if it is text",
    ]


@pytest.mark.parametrize("nested", ["[" * 31 + "]" * 31, "- " * 5_000 + "a", "[" * 200_000, "a: " + "{a: " * 40])
def test_deep_nesting_is_refused_and_never_overflows(nested: str) -> None:
    assert problems(nested) == [f"f:1: is nested more than {MAX_DEPTH} deep"]


def test_the_deepest_nesting_allowed_is_read() -> None:
    assert parse(b"[" * MAX_DEPTH + b"1" + b"]" * MAX_DEPTH, "f").data


def test_bytes_that_are_no_utf8_are_refused_with_their_line() -> None:
    assert problems(b"a: 1\nb: \xff") == ["f:2: is not UTF-8: save the file as UTF-8"]


def test_a_file_that_is_too_large_or_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * (MAX_BYTES + 1))

    with pytest.raises(InvalidInput, match=r"large.yaml:1: the file has 2,000,001 bytes; the limit is 2,000,000: split it"):
        read(large)
    with pytest.raises(InvalidInput, match=r"^mine/none.yaml:1: cannot be read: No such file or directory$"):
        read(tmp_path / "none.yaml", "mine/none.yaml")


def test_a_file_is_shown_under_the_name_the_user_gave(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1\n", encoding="utf-8")

    assert read(file).path == str(file)
    assert read(file, "catalog/a.yaml").path == "catalog/a.yaml"


def test_every_key_and_item_has_its_line_and_what_is_absent_that_of_its_parent() -> None:
    document = parse(b"a: 1\nb:\n  - x\n  - c: 2\n", "f")

    assert {dotted(field): line for field, line in document.lines.items()} == {"": 1, "a": 1, "b": 2, "b[0]": 3, "b[1]": 4, "b[1].c": 4}
    assert document.line_of(("b", 1, "d", "e")) == 4
    assert document.line_of(("z",)) == 1
    assert str(document.problem(("b", 1, "d"), "is missing: add it")) == "f:4: b[1].d: is missing: add it"
