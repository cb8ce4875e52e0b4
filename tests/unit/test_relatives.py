"""What relatives make one expect, and that leaving every one out in turn says how wide that must be."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmselect.catalog.derived import SpeedEvidence
from fmselect.catalog.schema import Accelerator, Benchmark, Model, Offering, Platform, Reasoning, Relative, Row, Speed
from fmselect.relatives import fit
from tests.builders import SEEN, model, offering, platform

DAY = date(2026, 11, 20)


def board(rows: Sequence[Row] = (), relatives: Sequence[Relative] = (), measures: Any = "output_tokens_per_s") -> Benchmark:
    return Benchmark(
        id=f"board-{measures}".replace("_", "-"),
        name="Board",
        measures=measures,
        says="Speeds.",
        unit="tokens_per_s" if measures == "output_tokens_per_s" else "seconds",
        higher_is_better=True,
        license="any",
        rows=tuple(rows),
        relatives=tuple(relatives),
        **SEEN,
    )


def row(of: str, score: float, **facts: Any) -> Row:
    return Row(model=of, score=score, on=DAY, name=of, **facts)


def kin(name: str, score: float, **facts: Any) -> Relative:
    return Relative(name=name, score=score, on=DAY, **facts)


def fitted(
    boards: Iterable[Benchmark] = (),
    models: Iterable[Model] | None = None,
    offerings: Iterable[Offering] = (),
    platforms: Iterable[Platform] | None = None,
) -> SpeedEvidence:
    return fit(
        {entry.id: entry for entry in ((model(),) if models is None else models)},
        {entry.id: entry for entry in ((platform(),) if platforms is None else platforms)},
        {entry.id: entry for entry in offerings},
        {entry.id: entry for entry in boards},
    )


def test_no_evidence_tells_nothing() -> None:
    assert fitted() == SpeedEvidence()


def test_rows_with_a_platform_are_measured_on_that_offering() -> None:
    found = fitted(
        [
            board([row("acme/atlas", 50, low=40, high=60, platform="nimbus", effort="low"), row("acme/atlas", 9), row("acme/gone", 1)]),
            board([row("acme/atlas", 2, low=2, high=3, platform="nimbus"), row("acme/atlas", 90)], measures="call_s"),
        ]
    )

    (rate,) = found.rates["atlas@nimbus"]
    assert (rate.effort, rate.low, rate.high, rate.basis) == ("low", 40, 60, "Board, 40 to 60 tokens/s, 2026-11-20")
    assert [(call.low, call.high) for call in found.calls["atlas@nimbus"]] == [(2, 3)]
    assert found.rate_of_model["acme/atlas"].low == pytest.approx(math.sqrt(math.sqrt(40 * 60) * 9), rel=1e-3)


def test_a_family_is_as_wide_as_its_members_are_apart() -> None:
    found = fitted([board(relatives=[kin("a", 40, family="f"), kin("b", 80, family="f"), kin("c", 7, family="g")])])

    assert found.rate_of_family["f"].low == pytest.approx(math.sqrt(40 * 80), rel=1e-3)
    trial = found.trials["family"]
    assert (trial.factor, trial.count, trial.covered) == (2 * 2, 2, 2)
    assert found.rate_of_any is None
    assert "kind" not in found.trials


def test_enough_members_give_the_quantile_itself() -> None:
    pairs = [kin(f"{name}{index}", rate, family=f"f{index}") for index in range(9) for name, rate in (("a", 50), ("b", 50 + index))]
    found = fitted([board(relatives=pairs)])

    assert found.trials["family"].count == 18
    assert found.trials["family"].factor == pytest.approx(58 / 50)
    assert found.trials["family"].covered == 18


def test_a_law_of_size_is_found_and_tried() -> None:
    sizes = [1, 2, 4, 8, 16, 32, 64, 3, 6, 12]
    exact = [kin(f"s{size}", 400 * size**-0.5, active_billion=Decimal(size)) for size in sizes]
    found = fitted([board(relatives=exact)])

    law = found.rate_by_size
    assert law is not None
    assert law.slope == pytest.approx(-0.5, abs=1e-4)
    assert law.intercept == pytest.approx(math.log(400), abs=1e-4)
    assert (law.low_billion, law.high_billion) == (1, 64)
    assert found.trials["size"].factor == pytest.approx(1, abs=1e-3)
    assert fitted([board(relatives=exact[:4])]).rate_by_size is None


def test_the_interval_of_all_needs_many_and_leaves_the_smallest_out() -> None:
    many = [kin(f"m{index}", 10 + index, family=f"f{index}") for index in range(19)]
    found = fitted([board(relatives=[*many, kin("toy", 999, active_billion=Decimal(1))])])

    assert found.rate_of_any is not None
    assert (found.rate_of_any.low, found.rate_of_any.high) == (10, 28)
    assert fitted([board(relatives=many[1:])]).rate_of_any is None
    more = fitted([board(relatives=[*many, kin("m19", 29, family="f19")])])
    assert (more.trials["kind"].count, more.trials["kind"].covered) == (20, 18)


def test_whole_calls_bound_the_first_token_unless_they_reasoned() -> None:
    calls = [kin(f"m{index}", 1 + index, high=2 + index, hosted=True) for index in range(9)]
    thinking = model("acme/sage", reasoning=Reasoning(efforts=("high",), **SEEN))
    slow = [kin("slow", 500, reasons=True)]
    found = fitted([board([row("acme/sage", 900, platform="nimbus")], [*calls, *slow], "call_s")], [thinking])

    assert found.first_of_any is not None
    assert (found.first_of_any.low, found.first_of_any.high, len(found.first_of_any.basis)) == (0, 10, 9)
    assert list(found.calls) == ["sage@nimbus"]


def test_what_offerings_say_of_themselves_counts_for_their_relatives() -> None:
    def said(name: str, on: str = "nimbus", kind: Any = "chat", **facts: Any) -> tuple[Model, Offering]:
        made = model(f"acme/{name}", family="atlas", kind=kind)
        return made, offering(made.id, on, speed=(Speed(kind="stated", **SEEN, **facts),))

    pairs = [
        said("typical", output_tokens_per_s=(Decimal(40), Decimal(90))),
        said("promised", output_tokens_per_s_at_least=Decimal(1)),
        said("priority", tier="priority", output_tokens_per_s=(Decimal(1), Decimal(1))),
        said("worded", latency_class="Fast"),
        said("other", kind="embedding", output_tokens_per_s=(Decimal(1), Decimal(1))),
        said("quick", "fast", output_tokens_per_s_about=Decimal(3000)),
        said("quicker", "fast", output_tokens_per_s_about=Decimal(4000)),
    ]
    fast = platform("fast", accelerator=Accelerator(says="Its own.", **SEEN))
    found = fitted([], [made for made, _ in pairs], [sold for _, sold in pairs], [platform(), fast])

    assert found.rate_of_family["atlas"].basis == ("typical@nimbus",)
    assert found.rate_of_family["atlas"].low == 60
    assert found.rate_of_platform["fast"].basis == ("quick@fast", "quicker@fast")
    assert found.trials["platform"].factor == pytest.approx(2 * 4 / 3, abs=1e-3)


@given(st.lists(st.floats(1, 1000), min_size=2, max_size=30))
def test_trials_never_claim_more_than_they_saw(rates: list[float]) -> None:
    found = fitted([board(relatives=[kin(f"m{index}", rate, family="f") for index, rate in enumerate(rates)])])
    trial = found.trials["family"]

    assert 0 <= trial.covered <= trial.count == len(rates)
    assert trial.factor >= 1
