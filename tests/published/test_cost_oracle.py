"""Requests priced by published calculators cost the same here, to the last digit."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fmselect.billing import bill
from fmselect.catalog.schema import Price, Step, TokenRates
from tests.builders import SEEN, usage

CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "cost_oracle.jsonl").read_text(encoding="utf-8").splitlines()
]

RATES = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write",
    "cache_write_1h_mtok": "cache_write_1h",
    "input_audio_mtok": "input_audio",
    "cache_audio_read_mtok": "cache_read_audio",
}


def card(case: dict[str, Any]) -> Price:
    """Write the rates of a case as a price; a tier holds above its bound, for the whole request."""
    base: dict[str, Decimal] = {}
    steps: dict[int, dict[str, Decimal]] = {}
    for name, rate in case["rates_per_mtok"].items():
        base[RATES[name]] = Decimal(rate["base"] if isinstance(rate, dict) else rate)
        for bound, above in rate["tiers"] if isinstance(rate, dict) else ():
            steps.setdefault(bound, {})[RATES[name]] = Decimal(above)
    return Price(
        tier="standard",
        usd_per_mtok=TokenRates(**base),
        steps=tuple(Step(input_tokens=bound, usd_per_mtok=TokenRates(**rates)) for bound, rates in sorted(steps.items())),
        **SEEN,
    )


def name_of(case: dict[str, Any]) -> str:
    return f"{CASES.index(case)}-{case['model']}"


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_request_costs_what_the_published_calculator_says(case: dict[str, Any]) -> None:
    used: dict[str, int] = dict(case["usage"])
    hour = used.get("cache_write_1h_tokens", 0)
    used["cache_write_tokens"] = used.get("cache_write_tokens", 0) - hour  # theirs holds those of an hour, too

    lines = bill(card(case), usage(**used))

    assert sum((line.usd for line in lines), Decimal(0)) == Decimal(case["expected_usd"])


def test_all_cases_are_there() -> None:
    assert len(CASES) == 47
