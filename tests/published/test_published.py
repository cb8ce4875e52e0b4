"""Published examples of additive values, rank-order weights and dominance give their published numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fmselect.criteria import rank_order_weights
from fmselect.scoring import Scored, additive, dominates, ordered, tied, weights
from fmselect.units import CRITERIA, Criterion
from tests.builders import named, reading, requirements, scored

HERE = Path(__file__).parent

HIGHER: tuple[Criterion, ...] = ("quality", "throughput", "context")
LOWER: tuple[Criterion, ...] = ("cost", "latency", "factuality")


def example(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return found


def ranks(totals: list[float]) -> list[int]:
    return [1 + sum(other > total for other in totals) for total in totals]


def alternatives(found: dict[str, Any], weighing: list[float] | None = None) -> list[Scored]:
    """Lay a published table over our criteria; values are linear between the ends of each column."""
    free = {"max": list(HIGHER), "min": list(LOWER)}
    names = [free[direction].pop(0) for direction in found["directions"]]
    columns = list(zip(*found["matrix"], strict=True))

    def value(number: float, column: int) -> float:
        low, high = min(columns[column]), max(columns[column])
        share: float = (number - low) / (high - low)
        return share if found["directions"][column] == "max" else 1 - share

    shares = weighing or [1 / len(names)] * len(names)
    return [
        scored(
            f"m{index}",
            {name: reading(number, value(number, column)) for column, (name, number) in enumerate(zip(names, row, strict=True))},
            dict(zip(names, shares, strict=True)),
        )
        for index, row in enumerate(found["matrix"])
    ]


@pytest.mark.parametrize("name", ["smart_offices", "factor_rating_location"])
def test_a_weighted_sum_of_given_values(name: str) -> None:
    found = example(name)

    totals = [additive(row, found["weights"]) for row in found["matrix"]]

    assert totals == pytest.approx(found["expected_scores"], abs=0.051 if name == "smart_offices" else 1e-12)
    assert ranks(totals) == found["expected_ranks"]


def test_values_between_fixed_anchors() -> None:
    found = example("fixed_anchors_spotis")
    totals = []
    for row in found["matrix"]:
        values = []
        for number, (low, high), direction in zip(row, found["anchors"], found["directions"], strict=True):
            share = (number - low) / (high - low)
            values.append(share if direction == "max" else 1 - share)
        totals.append(additive(values, found["weights"]))

    assert totals == pytest.approx(found["expected_scores"], abs=found["tolerance"])
    assert ranks(totals) == found["expected_ranks"]


def test_equal_weights_tie_what_the_example_says_is_tied() -> None:
    found = example("factor_rating_location")
    totals = {name: sum(row) for name, row in zip(found["alternatives"], found["matrix"], strict=True)}
    assert list(totals.values()) == found["equal_weight_totals"]

    one, other = (scored(name.lower(), {"quality": reading(0, totals[name] / 100)}) for name in found["tie_under_equal_weights"])

    assert tied(one, other)


@pytest.mark.parametrize("count", range(2, 9))
def test_rank_order_centroid_weights(count: int) -> None:
    expected = example("rank_order_centroid")["expected"][str(count)]

    found = rank_order_weights(count)

    assert [round(float(weight), 4) for weight in found] == expected
    assert float(sum(found)) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("count", range(2, 7))
def test_a_priority_of_criteria_has_those_weights(count: int) -> None:
    expected = example("rank_order_centroid")["expected"][str(count)]

    found = weights(requirements(priority=CRITERIA[:count]), {})

    assert [round(weight, 4) for weight in found.values()] == expected


def test_what_nothing_dominates() -> None:
    found = example("pareto_stocks")
    items = alternatives(found)

    kept = [name for name, one in zip(found["alternatives"], items, strict=True) if not any(dominates(other, one) for other in items)]

    assert kept == found["expected_non_dominated"]


def test_a_copy_of_one_does_not_turn_the_order_of_the_others() -> None:
    """With ratios to a sum, as in AHP, adding a copy of B puts A before B."""
    found = example("rank_reversal_belton_gear")
    letters = {"m0": "A", "m1": "B", "m2": "C", "m3": "D"}
    whole = alternatives(found, found["weights"])

    with_copy = [letters[name] for name in named(ordered(whole))]
    without = [letters[name] for name in named(ordered(whole[:3]))]

    assert without == found["expected_order_without_D"]
    assert [letter for letter in with_copy if letter != "D"] == without
    assert whole[1].score == whole[3].score
