"""Value functions with fixed anchors, and how each criterion is read from an alternative."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fmselect.catalog.derived import Ability, Derived, Measured
from fmselect.criteria import (
    CRITERIA,
    Reading,
    context_value,
    cost_at,
    cost_value,
    factuality_value,
    quality_value,
    seconds_value,
    throughput_value,
)
from fmselect.estimates import Alternative, Estimate
from fmselect.speed import Interval
from fmselect.units import CRITERIA as NAMES
from fmselect.units import Criterion
from fmselect.usage import Workload
from tests.builders import CITED, alternative, catalog, estimate, model, offering, usage

LOAD = Workload(1_000, usage(input_tokens=9_000, output_tokens=1_000))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (cost_value(0), 1.0),
        (cost_value(10), 1 - math.log(2) / math.log(100_001)),
        (cost_value(1_000_000), 0.0),
        (cost_value(5_000_000), 0.0),
        (seconds_value(0), 1.0),
        (seconds_value(0.2), 1.0),
        (seconds_value(math.sqrt(12)), 0.5),
        (seconds_value(60), 0.0),
        (seconds_value(600), 0.0),
        (throughput_value(0), 0.0),
        (throughput_value(5), 0.0),
        (throughput_value(math.sqrt(5_000)), 0.5),
        (throughput_value(1_000), 1.0),
        (context_value(8_000, 8_000), 0.0),
        (context_value(32_000, 8_000), 0.5),
        (context_value(128_000, 8_000), 1.0),
        (context_value(4_000, 8_000), 0.0),
        (context_value(16, 0), 1.0),
        (context_value(0, 8_000), 0.0),
        (quality_value(-3), 0.0),
        (quality_value(0), 0.5),
        (quality_value(9), 1.0),
        (factuality_value(0), 1.0),
        (factuality_value(5), 0.8),
        (factuality_value(40), 0.0),
    ],
)
def test_values_are_those_of_the_formulas(value: float, expected: float) -> None:
    assert value == pytest.approx(expected, abs=1e-12)


@given(st.floats(min_value=0, max_value=1_000_000))
def test_the_cost_of_a_value_is_the_cost_that_has_it(usd: float) -> None:
    assert cost_at(cost_value(usd)) == pytest.approx(usd, rel=1e-9, abs=1e-9)


def test_there_is_a_row_for_every_criterion() -> None:
    assert tuple(CRITERIA) == NAMES


# ---------------------------------------------------------------- reading an alternative


def read(name: Criterion, way: Alternative | None = None, figures: Estimate | None = None, derived: Derived | None = None) -> Reading:
    return CRITERIA[name].read(way or alternative(), figures or estimate(), LOAD, "chat", catalog(derived=derived))


def test_cost_is_that_of_the_month_with_its_sources() -> None:
    known = read("cost", figures=estimate("100"))

    assert (known.raw, known.low, known.high, known.known) == (100.0, known.value, known.value, True)
    assert known.value == cost_value(100)
    assert known.basis == (CITED,)
    assert read("cost", figures=estimate(None)) == Reading(None, 0.0, 0.0, 1.0, known=False)


def test_quality_is_taken_at_the_effort_of_the_alternative_and_of_no_other() -> None:
    at_high = Derived(
        abilities={"chat": {"acme/atlas": (Ability(effort="high", theta=1.2, sd=0.3, basis=("duel 1500",)),)}},
        low_theta={"chat": -1.5},
    )
    high, plain = read("quality", alternative(effort="high"), derived=at_high), read("quality", derived=at_high)

    assert high.raw == 1.2
    assert (high.low, high.value, high.high) == pytest.approx(
        (quality_value(1.2 - 0.5879892), quality_value(1.2), quality_value(1.2 + 0.5879892))
    )
    assert high.sd == pytest.approx(0.05)
    assert (high.estimated, high.basis) == (False, ("duel 1500",))
    assert plain == Reading(None, quality_value(-1.5), 0.0, 1.0, known=False)


def test_a_family_estimate_stands_for_every_effort_and_says_so() -> None:
    relatives = Derived(abilities={"chat": {"acme/atlas": (Ability(theta=0.4, sd=0.47, estimated=True),)}})
    found = read("quality", alternative(effort="high"), derived=relatives)

    assert (found.raw, found.estimated, found.known) == (0.4, True, True)


def test_an_unknown_quality_takes_the_low_end_of_the_family_then_of_the_catalog() -> None:
    of_family = Derived(low_theta={"chat": -1.5}, low_theta_of_family={"chat": {"atlas": 0.6}})
    other = alternative(offering("cirrus/cumulus"), by=model("cirrus/cumulus"))

    assert read("quality", derived=of_family).value == quality_value(0.6)
    assert read("quality", other, derived=of_family).value == quality_value(-1.5)
    assert read("quality").value == 0.0
    assert not read("quality", derived=of_family).known


def test_latency_is_that_of_a_whole_answer_with_its_reasoning() -> None:
    found = read("latency", figures=replace(estimate(), answer_s=Interval(16.0, 32.0, "timed")))

    assert found.raw == pytest.approx(math.sqrt(16 * 32))
    assert (found.low, found.high, found.basis, found.estimated) == (seconds_value(32), seconds_value(16), ("timed",), False)
    assert found.sd == pytest.approx((found.high - found.low) / 2 / 1.644854)
    assert read("latency") == Reading(None, 0.0, 0.0, 1.0, known=False)


def test_what_holds_for_any_model_is_read_at_its_worst() -> None:
    any_model = Interval(4.0, 9.0, "any", "estimated", generic=True)
    found = read("latency", figures=replace(estimate(), answer_s=any_model))
    rate = read("throughput", figures=replace(estimate(), output_tokens_per_s=any_model))

    assert (found.raw, found.value, found.estimated) == (9.0, seconds_value(9), True)
    assert (rate.raw, rate.value) == (4.0, throughput_value(4))
    relatives = read("throughput", figures=replace(estimate(), output_tokens_per_s=Interval(4.0, 9.0, "kin", "estimated")))
    assert (relatives.raw, relatives.estimated) == (6.0, True)


def test_throughput_is_the_middle_of_its_interval() -> None:
    found = read("throughput", figures=replace(estimate(), output_tokens_per_s=Interval(50.0, 200.0, "rate")))

    assert (found.raw, found.value) == (100.0, throughput_value(100))
    assert (found.low, found.high) == (throughput_value(50), throughput_value(200))
    assert read("throughput") == Reading(None, 0.0, 0.0, 1.0, known=False)


def test_context_is_headroom_over_the_requests() -> None:
    found = read("context")

    assert (found.raw, found.value) == (200_000.0, context_value(200_000, 10_000))
    assert not read("context", alternative(by=model(context=None))).known


def test_factuality_is_measured_and_never_taken_from_ability() -> None:
    smart: dict[str, dict[str, tuple[Ability, ...]]] = {"chat": {"acme/atlas": (Ability(theta=3.0, sd=0.1),)}}
    rates: dict[str, tuple[Measured, ...]] = {
        "acme/atlas": (Measured(effort="high", low=4.0, high=6.0, basis="x"), Measured(low=8.0, high=12.0, basis="y"))
    }
    measured = Derived(abilities=smart, factuality=rates, poor_factuality=10.0)

    assert read("factuality", alternative(effort="high"), derived=measured).raw == 5.0
    assert read("factuality", alternative(effort="low"), derived=measured).raw == 10.0
    unknown = read("factuality", alternative(offering("acme/b"), by=model("acme/b")), derived=measured)
    assert (unknown.known, unknown.value) == (False, factuality_value(10))
    assert read("factuality", derived=Derived(abilities=smart)).value == 0.0
