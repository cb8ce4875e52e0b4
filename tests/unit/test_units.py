"""Quantities are read the ways people write them, and written short."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmselect.units import ANSWER_WITHIN, TIER_ANSWERS, TIERS, figure, money, parse_count, plain, short_count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("200000", 200_000),
        ("200_000", 200_000),
        ("200,000", 200_000),
        ("200k", 200_000),
        (" 1.5M ", 1_500_000),
        ("2b", 2_000_000_000),
        ("0", 0),
    ],
)
def test_a_count_is_read_as_people_write_it(text: str, count: int) -> None:
    assert parse_count(text) == count


@pytest.mark.parametrize("text", ["", "k", "1.5", "0.0001k", "-5", "1e3", "12 tokens", "twelve"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no whole number: write 200000, 200k or 1.5M"):
        parse_count(text)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (512, "512"),
        (1_000, "1k"),
        (8_192, "8.19k"),
        (131_072, "131k"),
        (200_000, "200k"),
        (999_499, "999k"),
        (999_999, "1M"),
        (1_048_576, "1.05M"),
        (10_000_000, "10M"),
        (1_000_000_000, "1B"),
    ],
)
def test_a_count_is_written_short(count: int, text: str) -> None:
    assert short_count(count) == text


@given(st.integers(min_value=0, max_value=10**12))
def test_a_short_count_reads_back_within_half_a_percent(count: int) -> None:
    read = parse_count(short_count(count))

    assert abs(read - count) <= count * 0.005


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        ("0", "$0.00"),
        ("1234.56", "$1,235"),
        ("12.344", "$12.34"),
        ("1", "$1.00"),
        ("0.0123", "$0.012"),
        ("0.00001234", "$1.2e-5"),
    ],
)
def test_money_is_written_with_the_digits_that_tell(usd: str, text: str) -> None:
    assert money(Decimal(usd)) == text


@pytest.mark.parametrize(
    ("value", "text"), [("0.0000125", "0.0000125"), ("4.00", "4"), ("1E+3", "1000"), ("100", "100"), ("0.10", "0.1"), ("0", "0")]
)
def test_a_decimal_is_written_in_full(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


def test_every_tier_has_an_answer_time() -> None:
    assert set(TIER_ANSWERS) == set(TIERS)
    assert set(TIER_ANSWERS.values()) == set(ANSWER_WITHIN)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("125000", "125,000"),
        ("0.0000125", "0.0000125"),
        ("1.50", "1.5"),
        ("3333.333333333333333333333333", "3,333.33"),
        ("666666.6666666666666666666667", "666,667"),
        ("0.1234567890123", "0.123457"),
        ("779.35674", "779.357"),
        ("0", "0"),
    ],
)
def test_figures_are_written_in_full_where_that_is_short(value: str, text: str) -> None:
    assert figure(Decimal(value)) == text
