"""New content for a catalog file changes only the lines that say something else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmselect.catalog.writing import new_file, rewritten
from fmselect.strict_yaml import parse

TEXT = """\
# yaml-language-server: $schema=../../schema/offering.schema.json
# bought by the eval team
sale:
  platform_model_id: atlas   # as calls name it
  source: https://acme.example/models
  checked: 2026-11-22

# the prices of the contract
prices:
  # standard first
  - tier: standard
    usd_per_mtok:
      input: 3.00   # per million
      output: 15
    source: https://acme.example/prices
    checked: 2026-11-22
  - tier: batch
    usd_per_mtok: {input: 1.5, output: 7.5}
    source: https://acme.example/prices
    checked: 2026-11-22
# the end
"""


def read(text: str) -> Any:
    return parse(text.encode(), "f").data


def changed(text: str, data: Mapping[str, Any]) -> str:
    return rewritten(parse(text.encode(), "f"), text, data)


def price(**rates: Any) -> dict[str, Any]:
    return {"tier": "standard", "usd_per_mtok": rates, "source": "https://acme.example/prices", "checked": date(2026, 11, 22)}


def test_what_stays_is_copied() -> None:
    assert changed(TEXT, read(TEXT)) == TEXT


def test_one_price_changes_one_line_and_keeps_its_comment() -> None:
    data = read(TEXT)
    data["prices"] = (price(input=Decimal(4), output=15), data["prices"][1])

    assert changed(TEXT, data) == TEXT.replace("input: 3.00   # per million", "input: 4   # per million")


def test_a_new_key_stands_after_the_one_it_follows() -> None:
    data = read(TEXT)
    data["prices"] = (price(input=Decimal("3.00"), cache_read=Decimal("0.30"), output=15), data["prices"][1])

    assert changed(TEXT, data) == TEXT.replace("      output: 15\n", "      cache_read: 0.3\n      output: 15\n")


def test_a_new_first_key_takes_the_dash() -> None:
    data = read(TEXT)
    data["prices"] = ({"scopes": ("global",), **data["prices"][0]}, data["prices"][1])

    assert "  # standard first\n  - scopes:\n      - global\n    tier: standard\n" in changed(TEXT, data)


def test_a_group_is_added_and_another_removed() -> None:
    data = read(TEXT)
    del data["sale"]
    data["limits"] = {"context_tokens": 5, "source": "x: y", "checked": date(2026, 11, 22)}

    text = changed(TEXT, data)

    assert text.startswith("# yaml-language-server")
    assert "sale" not in text
    assert text.endswith('limits:\n  context_tokens: 5\n  source: "x: y"\n  checked: 2026-11-22\n# the end\n')


def test_items_are_added_at_the_end_and_taken_from_the_middle() -> None:
    data = read(TEXT)
    data["prices"] = (data["prices"][1], price(input=1))

    text = changed(TEXT, data)

    assert read(text) == data
    assert "usd_per_mtok: {input: 1.5, output: 7.5}" in text


def test_a_value_of_another_kind_is_written_anew() -> None:
    data = read(TEXT)
    data["prices"] = "none"
    data["sale"] = {"platform_model_id": ("a", "b, c"), "checked": True}

    assert read(changed(TEXT, data)) == data


def test_a_layout_that_cannot_be_followed_is_written_anew_and_says_the_same() -> None:
    text = "{a: 1, b: {c: 2}}\n"

    assert read(changed(text, {"a": 1, "b": {"c": 3}})) == {"a": 1, "b": {"c": 3}}


def test_an_empty_mapping_or_list_can_be_written() -> None:
    assert new_file("model", {"a": {}, "b": ()}, 1) == "# yaml-language-server: $schema=../schema/model.schema.json\na: {}\nb: []\n"


def test_a_long_list_has_one_item_a_line() -> None:
    words = tuple(f"word-number-{number}" for number in range(20))

    assert "\n  - word-number-0\n" in new_file("model", {"uses": words}, 1)


KEYS = st.sampled_from(["a", "b", "c", "geo:eu", "no", "1", "x y", "regions"])
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-5, 2_000_000),
    st.decimals(0, 100, places=4),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.sampled_from(
        [
            "plain",
            "no",
            "true",
            "1.5",
            "2026-11-22",
            "a: b",
            "a # b",
            "",
            " x",
            "x ",
            "- a",
            "é",
            "https://a.example/b",
            "a,b",
            "12:30",
            "x:",
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=8),
)
DATA = st.recursive(
    st.one_of(SCALARS, st.lists(SCALARS, max_size=3).map(tuple)),
    lambda inner: st.one_of(
        st.dictionaries(KEYS, inner, max_size=4), st.lists(st.dictionaries(KEYS, inner, max_size=3), max_size=3).map(tuple)
    ),
    max_leaves=12,
)
FILES = st.dictionaries(KEYS, DATA, min_size=1, max_size=4)


@given(FILES, FILES)
def test_whatever_changes_into_whatever_the_text_says_it(old: dict[str, Any], new: dict[str, Any]) -> None:
    text = new_file("model", old, 1)

    assert read(text) == old
    assert read(changed(text, new)) == new
    assert changed(text, old) == text


@pytest.mark.parametrize("name", ["a", "b"])
@given(FILES, DATA)
def test_a_change_of_one_key_leaves_comments_above_others(name: str, old: dict[str, Any], value: Any) -> None:
    text = new_file("model", {"kept": 1, **old}, 1).replace("kept: 1", "# why\nkept: 1  # so")

    assert "# why\nkept: 1  # so\n" in changed(text, {**read(text), name: value})
