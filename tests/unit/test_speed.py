"""How fast an offering is: its own figures before its relatives', and how sure that is."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fmselect.catalog.derived import Measured, SizeLaw, Span, SpeedEvidence, Trial
from fmselect.catalog.schema import Accelerator, Model, Offering, Parameters, Platform, Speed
from fmselect.speed import ELSEWHERE, FLOOR_SPREAD, PRIORITY_GAIN, STATED_SPREAD, Interval, Pace, first_answer, pace, whole_answer
from fmselect.units import Effort, Tier
from tests.builders import CITED, SEEN, model, offering, platform

TRIALS = {name: Trial(factor=2.0, count=20, covered=18) for name in ("platform", "family", "size", "kind", "first token")}
LAW = SizeLaw(intercept=math.log(400), slope=-0.5, low_billion=1, high_billion=100, basis=("a", "b", "c", "d"))
ANY = SpeedEvidence(rate_of_any=Span(low=10, high=1000, basis=("a", "b")), first_of_any=Span(low=0, high=12, basis=("a",)), trials=TRIALS)


def timed(**facts: Any) -> Speed:
    return Speed(**{"kind": "measured", "measured_on": date(2026, 11, 20), "place": "eu-1", **SEEN, **facts})


def stated(**facts: Any) -> Speed:
    return Speed(**{"kind": "stated", **SEEN, **facts})


def sized(billion: int, active: int | None = None, **facts: Any) -> Model:
    return model(
        parameters=Parameters(total_billion=Decimal(billion), active_billion=None if active is None else Decimal(active), **SEEN), **facts
    )


def of(
    *speeds: Speed,
    by: Model | None = None,
    on: Platform | None = None,
    tier: Tier = "standard",
    effort: Effort | None = None,
    told: SpeedEvidence | None = None,
) -> Pace:
    sold: Offering = offering(speed=speeds)
    return pace(sold, by or model(), on or platform(), tier, effort, told)


def rate(*speeds: Speed, **facts: Any) -> Interval:
    found = of(*speeds, **facts).output_tokens_per_s
    assert found is not None
    return found


def test_nothing_known_is_unknown() -> None:
    assert of() == Pace(None, None)
    assert of(told=SpeedEvidence()) == Pace(None, None)


def test_a_measurement_says_where_when_and_at_which_effort() -> None:
    found = of(timed(effort="low", ttft_s=(Decimal("0.5"), Decimal("1.5")), input_tokens=900, secondary=True), effort="low")

    assert found.ttft_s is not None
    assert (found.ttft_s.low, found.ttft_s.high, found.ttft_s.kind) == (0.5, 1.5, "measured")
    assert found.ttft_s.basis == f"measured from eu-1 on 2026-11-20 at low effort, {CITED.replace('(', '(secondary, ')}"
    assert found.timed_at_tokens == 900


def test_what_was_measured_goes_before_what_is_stated_and_both_before_relatives() -> None:
    measured = timed(output_tokens_per_s=(Decimal(50), Decimal(60)))
    claimed = stated(output_tokens_per_s=(Decimal(90), Decimal(99)))

    assert rate(claimed, measured, told=ANY).kind == "measured"
    assert rate(claimed, told=ANY) == Interval(90, 99, f"stated, {CITED}", "stated")
    assert rate(told=ANY).kind == "estimated"


def test_a_rate_holds_at_every_effort_and_best_at_its_own() -> None:
    low = timed(effort="low", output_tokens_per_s=(Decimal(50), Decimal(60)))
    high = timed(effort="high", output_tokens_per_s=(Decimal(40), Decimal(45)))

    assert rate(low, high, effort="high").low == 40
    assert rate(low, high, effort="low").low == 50
    assert rate(high, effort="low").low == 40


def test_a_first_token_that_waits_for_hidden_reasoning_holds_at_its_own_effort_only() -> None:
    hidden = timed(effort="high", ttft_s=(Decimal(9), Decimal(12)), ttft_after_reasoning=True)
    shown = timed(effort="high", ttft_s=(Decimal(1), Decimal(2)))

    assert of(hidden, effort="low").ttft_s is None
    assert of(hidden, effort="high").after_reasoning
    assert not of(shown, effort="low").after_reasoning
    assert of(shown, effort="low").ttft_s is not None


def test_a_figure_and_a_promise_are_read_as_intervals() -> None:
    about = rate(stated(output_tokens_per_s_about=Decimal(300)))
    promised = rate(stated(tier="priority", output_tokens_per_s_at_least=Decimal(80)), tier="priority")

    assert (about.low, about.high) == (300 / STATED_SPREAD, 300 * STATED_SPREAD)
    assert (promised.low, promised.high, promised.kind) == (80, 80 * FLOOR_SPREAD, "stated")


def test_a_promise_for_priority_bounds_the_standard_tier() -> None:
    found = rate(stated(tier="priority", output_tokens_per_s_at_least=Decimal(80)), told=ANY)

    assert (found.low, found.high, found.kind) == (80 / PRIORITY_GAIN, 80 * FLOOR_SPREAD, "estimated")
    assert found.basis.startswith("estimated from its priority tier, at most 2.5 times as fast: stated")


def test_a_class_in_words_is_no_figure() -> None:
    assert of(stated(latency_class="Fastest")) == Pace(None, None)


@pytest.mark.parametrize("tier", ["flex", "batch"])
def test_tiers_that_promise_no_time_are_unknown(tier: Tier) -> None:
    assert of(timed(output_tokens_per_s=(Decimal(50), Decimal(60))), tier=tier, told=ANY) == Pace(None, None)


def test_rows_of_a_benchmark_count_as_measured_on_their_offering() -> None:
    rows = (Measured(effort="low", low=40, high=50, basis="runs"), Measured(effort="high", low=30, high=60, basis="more runs"))
    told = SpeedEvidence(rates={"atlas@nimbus": rows})

    assert rate(effort="low", told=told) == Interval(40, 50, "measured: runs", "measured")
    assert (rate(told=told).low, rate(told=told).high) == (30, 60)
    assert of(tier="priority", told=told).output_tokens_per_s is None


def test_the_first_token_comes_before_the_end_of_a_whole_call() -> None:
    told = SpeedEvidence(
        calls={"atlas@nimbus": (Measured(low=1, high=3, basis="calls"), Measured(effort="low", low=1, high=2, basis="quick"))}
    )

    assert of(told=told).ttft_s == Interval(0, 3, "within a whole call: calls", "measured")
    assert of(effort="low", told=told).ttft_s == Interval(0, 2, "within a whole call: quick", "measured")
    generic = of(told=ANY).ttft_s
    assert generic is not None
    assert (generic.low, generic.high, generic.kind, generic.generic) == (0, 12, "estimated", True)


def test_of_several_relatives_those_that_tell_most_count() -> None:
    told = ANY.model_copy(update={"rate_of_family": {"atlas": Span(low=90, high=90, basis=("a", "b", "c", "d"))}, "rate_by_size": LAW})

    of_family = rate(told=told)
    assert (of_family.low, of_family.high) == (90 / 2 / ELSEWHERE, 90 * 2 * ELSEWHERE)
    assert of_family.basis == "estimated from the family atlas: a, b, c and 1 more"
    by_size = rate(by=sized(100, 16, family="other"), told=told)
    assert by_size.low == pytest.approx(100 / 2 / ELSEWHERE)
    assert by_size.high == pytest.approx(100 * 2 * ELSEWHERE)
    assert by_size.basis.startswith("estimated from its size, 16B parameters per token: a, b, c")
    any_model = rate(by=model(family="other"), told=told)
    assert (any_model.low, any_model.high, any_model.generic) == (10, 1000, True)
    assert any_model.basis == "estimated as for any chat model: 2 with figures"
    assert not by_size.generic


def test_a_size_far_from_those_measured_says_nothing() -> None:
    told = SpeedEvidence(rate_by_size=LAW, trials=TRIALS)

    assert of(by=sized(300), told=told).output_tokens_per_s is not None
    assert of(by=sized(301), told=told).output_tokens_per_s is None
    assert of(by=sized(16), told=SpeedEvidence(rate_by_size=LAW)).output_tokens_per_s is None


def test_other_kinds_of_model_are_not_estimated() -> None:
    told = ANY.model_copy(update={"rate_by_size": LAW})

    assert of(by=sized(16, kind="embedding"), told=told) == Pace(None, None)


def test_your_own_machines_are_estimated_by_size_alone() -> None:
    own = platform("own", kind="self-hosted")
    told = ANY.model_copy(update={"rate_by_size": LAW, "rate_of_family": {"atlas": Span(low=90, high=90)}})

    assert of(on=own, told=told) == Pace(None, None)
    found = rate(by=sized(16), on=own, told=told)
    assert found.basis.startswith("estimated from its size, 16B parameters per token on GPUs for data centers")
    assert of(by=sized(16), on=own, told=told).ttft_s is None


def test_a_platform_with_accelerators_of_its_own_is_known_by_its_own_figures_only() -> None:
    fast = platform("fast", accelerator=Accelerator(says="Its own.", **SEEN))
    told = ANY.model_copy(update={"rate_of_family": {"atlas": Span(low=90, high=90)}})

    assert of(on=fast, told=told).output_tokens_per_s is None
    told = told.model_copy(update={"rate_of_platform": {"fast": Span(low=2000, high=2000, basis=("x@fast",))}})
    found = rate(on=fast, told=told)
    assert (found.low, found.high, found.basis) == (1000, 4000, "estimated from other models on Fast: x@fast")


# ---------------------------------------------------------------- answers


FIRST = Interval(1.0, 2.0, "first", "measured")
RATE = Interval(50.0, 100.0, "rate", "stated")


def test_reasoning_comes_before_the_first_token_of_the_answer() -> None:
    found = first_answer(Pace(FIRST, RATE), 500, 1_000)

    assert found == Interval(1 + 5, 2 + 10, "first token: first; rate: rate", "stated")
    assert first_answer(Pace(FIRST, RATE), 0, 1_000) == FIRST
    assert first_answer(Pace(FIRST, RATE, after_reasoning=True), 500, 1_000) == FIRST
    assert first_answer(Pace(None, RATE), 500, 1_000) is None
    assert first_answer(Pace(FIRST, None), 500, 1_000) is None


def test_a_long_input_may_delay_the_first_token_in_proportion() -> None:
    def latest(pace: Pace, tokens: int) -> float:
        found = first_answer(pace, 0, tokens)
        assert found is not None
        assert found.low == 1
        return found.high

    assert latest(Pace(FIRST, RATE), 10_000) == 2
    assert latest(Pace(FIRST, RATE), 50_000) == 10
    assert latest(Pace(FIRST, RATE, timed_at_tokens=50_000), 50_000) == 2


def test_a_whole_answer_is_no_surer_than_its_parts() -> None:
    guess = Interval(10.0, 100.0, "kin", "estimated", generic=True)

    assert whole_answer(FIRST, 100, RATE) == Interval(1 + 1, 2 + 2, "first token: first; rate: rate", "stated")
    assert whole_answer(FIRST, 100, guess) == Interval(1 + 1, 2 + 10, "first token: first; rate: kin", "estimated", generic=True)
    assert whole_answer(RATE, 0, RATE) == RATE
    reasoned = first_answer(Pace(FIRST, RATE), 500, 0)
    assert reasoned is not None
    assert whole_answer(reasoned, 100, RATE) == Interval(7, 14, reasoned.basis, "stated")
    assert whole_answer(None, 100, RATE) is None
    assert whole_answer(FIRST, 100, None) is None
