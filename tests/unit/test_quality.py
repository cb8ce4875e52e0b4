"""From benchmark rows to abilities: what the one-factor fit recovers, and what it must never do."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from statistics import fmean
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fmselect import quality
from fmselect.catalog.derived import Ability, Derived
from fmselect.catalog.schema import Benchmark, Model, Parameters, Release, Row, Task, TaskBenchmark
from fmselect.units import Effort, Kind
from tests.builders import ON, SOURCE, model, task

Cell = tuple[str, Effort | None]
Scores = Mapping[str, float] | Mapping[str | Cell, float]


def board(identity: str, scores: Scores, *, unit: str = "elo", **facts: Any) -> Benchmark:
    """Return a benchmark with these scores by model, or by model and effort."""
    rows = []
    for key, score in scores.items():
        name, effort = key if isinstance(key, tuple) else (key, None)
        rows.append(Row(model=name, effort=effort, score=score, on=ON, name=f"{name} as published"))
    made: dict[str, Any] = {
        "name": identity.title(),
        "measures": "quality",
        "says": "A test.",
        "unit": unit,
        "higher_is_better": True,
        "license": "CC0-1.0",
        "source": SOURCE,
        "checked": ON,
        "rows": tuple(rows),
    }
    return Benchmark(id=identity, **{**made, **facts})


def job(identity: str = "chat", boards: Iterable[str] = ("first",), kind: Kind = "chat", weight: str = "1") -> Task:
    """Return a task that these benchmarks speak to."""
    uses = tuple(TaskBenchmark.model_validate({"benchmark": name, "weight": weight, "why": "It does."}) for name in boards)
    return task(identity, kinds=(kind,), benchmarks=uses)


def release(day: date) -> Release:
    """Return that a model came out on a day."""
    return Release(released_on=day, source=SOURCE, checked=ON)


def fitted(boards: Sequence[Benchmark], tasks: Sequence[Task] = (), models: Sequence[Model] = ()) -> Derived:
    """Return what is derived, from the boards' own models where none are given."""
    named = sorted({row.model for each in boards for row in each.rows})
    entries = models or [model(name) for name in named]
    jobs = tasks or [job(boards=[each.id for each in boards])]
    return quality.fit({each.id: each for each in entries}, {each.id: each for each in boards}, {each.id: each for each in jobs})


def only(derived: Derived, name: str, of: str = "chat", effort: Effort | None = None) -> Ability:
    """Return the one ability of a model at an effort."""
    (found,) = [ability for ability in derived.abilities[of][name] if ability.effort == effort]
    return found


def factor_data(seed: int = 7, models: int = 30, noise: float = 0.15) -> tuple[dict[str, float], list[Benchmark]]:
    """Return true abilities, and scores made from them on boards of unlike slopes, some cells missing."""
    draw = random.Random(seed)
    truth = {f"acme/m{number:02}": draw.gauss(0, 1) for number in range(models)}
    shapes = {"first": ("elo", 0.5, 7.0), "second": ("elo", 0.9, 6.0), "third": ("percent", 1.2, 0.5), "fourth": ("percent", 0.7, -1.5)}
    boards = []
    for name, (unit, slope, offset) in shapes.items():
        logits = {
            of: slope * theta + offset + draw.gauss(0, noise) for of, theta in truth.items() if name == "first" or draw.random() < 0.8
        }
        scores = {of: y * 173.72 if unit == "elo" else 100 / (1 + math.exp(-y)) for of, y in logits.items()}
        boards.append(board(name, {of: round(score, 4) for of, score in scores.items()}, unit=unit))
    return truth, boards


# ---------------------------------------------------------------- the fit


def test_it_recovers_the_abilities_that_made_the_scores() -> None:
    truth, boards = factor_data()

    found = fitted(boards)

    thetas = {name: only(found, name).theta for name in truth}
    mean, deviation = fmean(truth.values()), math.sqrt(fmean((theta - fmean(truth.values())) ** 2 for theta in truth.values()))
    errors = [thetas[name] - (theta - mean) / deviation for name, theta in truth.items()]
    assert math.sqrt(fmean(error**2 for error in errors)) < 0.2
    assert max(abs(error) for error in errors) < 0.6


def test_the_scale_is_that_of_the_models_measured() -> None:
    truth, boards = factor_data()

    thetas = [only(fitted(boards), name).theta for name in truth]

    assert fmean(thetas) == pytest.approx(0, abs=0.05)
    assert math.sqrt(fmean(theta**2 for theta in thetas)) == pytest.approx(1, abs=0.1)


def test_a_strong_model_measured_on_a_hard_board_only_does_not_look_weak() -> None:
    linking = {f"acme/m{number}": number for number in range(8)}
    easy = board("first", {name: 60 + 4 * number for name, number in linking.items()}, unit="percent")
    hard = board("second", {name: 4 + 4 * number for name, number in linking.items()} | {"acme/new": 40}, unit="percent")

    found = fitted([easy, hard])

    assert only(found, "acme/new").theta > max(only(found, name).theta for name in linking)


def test_the_fewer_results_the_less_sure() -> None:
    scores = {f"acme/m{number}": 1000.0 + 50 * number for number in range(8)}
    boards = [board(name, scores) for name in ("second", "third", "fourth")]

    found = fitted([board("first", scores | {"acme/new": 1200.0}), *boards])

    assert only(found, "acme/new").sd > only(found, "acme/m4").sd > quality.TAU


def test_nearly_the_same_score_is_nearly_the_same_ability() -> None:
    found = fitted([board("first", {"acme/one": 1000.0, "acme/two": 1001.0})])

    one, two = only(found, "acme/one"), only(found, "acme/two")
    assert 0 < two.theta - one.theta < one.sd / 4
    assert one.sd == two.sd
    assert one.sd > 0.4


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 50), cell=st.integers(0, 10_000), more=st.floats(0.01, 300), share=st.floats(0.01, 0.9))
def test_a_better_score_never_lowers_the_ability(seed: int, cell: int, more: float, share: float) -> None:
    _, boards = factor_data(seed, models=12, noise=0.3)
    place = cell % len(boards)
    raised = boards[place]
    row = raised.rows[cell % len(raised.rows)]
    score = row.score + more if raised.unit == "elo" else row.score + share * (100 - row.score)
    rows = tuple(row.model_copy(update={"score": score}) if each is row else each for each in raised.rows)
    after = [*boards[:place], raised.model_copy(update={"rows": rows}), *boards[place + 1 :]]

    assert only(fitted(after), row.model).theta >= only(fitted(boards), row.model).theta - 1e-4


def test_a_board_where_lower_is_better_counts_the_other_way() -> None:
    errors = {f"acme/m{number}": 5.0 + 3 * number for number in range(6)}
    found = fitted([board("first", errors, unit="percent", higher_is_better=False)])

    thetas = [only(found, name).theta for name in errors]
    assert thetas == sorted(thetas, reverse=True)
    assert thetas[0] > thetas[-1] + 1


@pytest.mark.parametrize(("score", "as_if"), [(100.0, 99.5), (0.0, 0.5)])
def test_a_share_of_all_or_nothing_is_clipped(score: float, as_if: float) -> None:
    def theta(of: float) -> float:
        return only(
            fitted([board("first", {"acme/a": 40.0, "acme/b": 55.0, "acme/c": 60.0, "acme/d": of}, unit="percent")]), "acme/d"
        ).theta

    assert math.isfinite(theta(score))
    assert theta(score) == theta(as_if)


def test_the_order_of_files_and_rows_changes_nothing() -> None:
    _, boards = factor_data()
    names = [f"acme/m{number:02}" for number in range(30)]
    turned = [each.model_copy(update={"rows": each.rows[::-1]}) for each in reversed(boards)]
    jobs = [job("chat", ["first", "third"]), job("coding", ["second"])]

    one = fitted(boards, jobs, [model(name) for name in names])
    two = fitted(turned, jobs[::-1], [model(name) for name in reversed(names)])

    assert one == fitted(boards, jobs, [model(name) for name in names])
    assert one.low_theta == pytest.approx(two.low_theta, abs=1e-5)
    for name in one.abilities["chat"]:
        assert only(one, name).theta == pytest.approx(only(two, name).theta, abs=1e-5)


def test_many_boards_of_one_suite_do_not_outvote_another() -> None:
    rivals = {f"acme/m{number}": 1000.0 + 40 * number for number in range(10)}
    people = rivals | {"acme/liked": 1250.0, "acme/right": 1150.0}
    checked = rivals | {"acme/liked": 1150.0, "acme/right": 1250.0}
    one_suite = [board(f"people-votes-{number}", people) for number in range(12)]
    own_suites = [board(f"people{number}-votes", people) for number in range(12)]
    others = [board(f"checked{number}-answers", checked) for number in range(2)]

    def lead(boards: Sequence[Benchmark]) -> float:
        found = fitted(boards, [job(boards=["unmeasured"])])
        return only(found, "acme/liked").theta - only(found, "acme/right").theta

    assert lead([*one_suite, *others]) < lead([*own_suites, *others])
    few, many = (fitted([*others, *parts]) for parts in (one_suite[:1], one_suite))
    assert only(few, "acme/m5").sd > only(many, "acme/m5").sd > math.hypot(quality.TAU, 0.5 * math.sqrt(quality.SUITE_VARIANCE))


def test_a_board_of_one_model_says_nothing() -> None:
    assert fitted([board("first", {"acme/one": 1000.0})]).abilities == {}


# ---------------------------------------------------------------- efforts


def test_one_effort_is_not_credited_with_the_result_of_another() -> None:
    rivals: dict[str | Cell, float] = {f"acme/m{number}": 1000.0 + 40 * number for number in range(6)}
    first = board("first", {**rivals, ("acme/atlas", "low"): 1000.0, ("acme/atlas", "high"): 1200.0})
    second = board("second", {**rivals, ("acme/atlas", "high"): 1200.0})

    jobs = [job(boards=["first"])]

    found = fitted([first, second], jobs)

    assert [ability.effort for ability in found.abilities["chat"]["acme/atlas"]] == ["low", "high"]
    assert only(found, "acme/atlas", effort="low").theta < only(found, "acme/m1").theta
    assert only(found, "acme/atlas", effort="high").theta > only(found, "acme/m4").theta
    assert only(found, "acme/atlas", effort="low").sd > only(found, "acme/atlas", effort="high").sd
    better = board("second", {**rivals, ("acme/atlas", "high"): 1240.0})
    assert only(fitted([first, better], jobs), "acme/atlas", effort="low").theta == pytest.approx(
        only(found, "acme/atlas", effort="low").theta, abs=0.1
    )


def test_a_result_without_an_effort_stands_by_itself() -> None:
    scores: dict[str | Cell, float] = {"acme/atlas": 1000.0, ("acme/atlas", "none"): 900.0, ("acme/atlas", "max"): 1300.0}

    found = fitted([board("first", scores)])

    assert [ability.effort for ability in found.abilities["chat"]["acme/atlas"]] == [None, "none", "max"]


def test_an_effort_that_the_tasks_own_benchmarks_do_not_speak_for_is_left_out_beside_one_they_do() -> None:
    rivals: dict[str | Cell, float] = {f"acme/m{number}": 1000.0 + 40 * number for number in range(6)}
    chats = board("chats", {**rivals, ("acme/atlas", "high"): 1150.0})
    apps = board("apps", {**rivals, ("acme/atlas", "max"): 1400.0})
    jobs = [job("chat", ["chats"]), job("coding", ["chats", "apps"]), job("coding-2", ["apps"])]

    found = fitted([chats, apps], jobs)

    assert [ability.effort for ability in found.abilities["chat"]["acme/atlas"]] == ["high"]
    assert [ability.effort for ability in found.abilities["coding"]["acme/atlas"]] == ["high", "max"]
    assert [ability.effort for ability in found.abilities["coding-2"]["acme/atlas"]] == ["max"]


def test_an_effort_with_part_of_the_evidence_of_another_is_left_out() -> None:
    rivals: dict[str | Cell, float] = {f"acme/m{number}": 1000.0 + 40 * number for number in range(6)}
    chats = board("chats", {**rivals, ("acme/atlas", "high"): 1150.0})
    apps = board("apps", {**rivals, ("acme/atlas", "high"): 1300.0, ("acme/atlas", "low"): 1290.0})

    found = fitted([chats, apps], [job("coding", ["chats", "apps"])])

    assert [ability.effort for ability in found.abilities["coding"]["acme/atlas"]] == ["high"]


def test_where_a_task_says_nothing_of_a_model_its_best_known_efforts_stand() -> None:
    rivals: dict[str | Cell, float] = {f"acme/m{number}": 1000.0 + 40 * number for number in range(6)}
    known = [board(name, {**rivals, ("acme/atlas", "high"): 1150.0, ("acme/atlas", "low"): 1100.0}) for name in ("first", "second")]
    third = board("third", {**rivals, ("acme/atlas", "high"): 1150.0, ("acme/atlas", "max"): 1400.0})
    legal = board("legal", rivals)

    found = fitted([*known, third, legal], [job("legal", ["legal"])])

    assert [ability.effort for ability in found.abilities["legal"]["acme/atlas"]] == ["low", "high"]


# ---------------------------------------------------------------- tasks and their scales


def test_a_task_moves_the_ability_by_its_own_benchmarks() -> None:
    scores = {f"acme/m{number}": 1000.0 + 40 * number for number in range(8)}
    general = [board(name, scores) for name in ("first", "second", "third")]
    coding = board("fourth", scores | {"acme/m3": 1400.0})
    jobs = [job("chat", ["first"]), job("coding", ["fourth"]), job("math", ["fourth", "first"], weight="2")]

    found = fitted([*general, coding], jobs)

    assert only(found, "acme/m3", "coding").theta > only(found, "acme/m3", "math").theta > only(found, "acme/m3").theta
    assert only(found, "acme/m3", "coding").theta < (1400 - 1140) / 40 / 2.3, "drawn to what the others say"


def test_a_task_that_no_benchmark_of_a_model_speaks_to_takes_the_general_ability() -> None:
    scores = {f"acme/m{number}": 1000.0 + 40 * number for number in range(6)}
    jobs = [job("chat", ["first"]), job("legal", ["second"]), job("other", [])]

    found = fitted([board("first", scores | {"acme/new": 1300.0}), board("second", scores)], jobs)

    assert only(found, "acme/new", "legal").theta == only(found, "acme/new", "other").theta
    assert not only(found, "acme/new", "legal").estimated


def test_kinds_do_not_share_a_scale() -> None:
    chats = board("first", {"acme/a": 1000.0, "acme/b": 1100.0, "acme/c": 1200.0})
    vectors = board("vectors", {"acme/e": 40.0, "acme/f": 60.0}, unit="percent")
    jobs = [job(), job("embedding", ["vectors"], "embedding")]
    models = [*(model(f"acme/{name}") for name in "abc"), model("acme/e", kind="embedding"), model("acme/f", kind="embedding")]

    found = fitted([chats, vectors], jobs, models)
    alone = fitted([vectors], jobs[1:], models)

    assert set(found.abilities["chat"]) == {"acme/a", "acme/b", "acme/c"}
    assert found.abilities["embedding"] == alone.abilities["embedding"]
    assert set(found.abilities["embedding"]) == {"acme/e", "acme/f"}


def test_a_chat_board_that_no_task_names_still_informs_and_another_does_not() -> None:
    scores = {f"acme/m{number}": 1000.0 + 40 * number for number in range(6)}
    models = [*(model(name) for name in scores), model("acme/e", kind="embedding"), model("acme/f", kind="embedding")]
    unnamed = board("unnamed", scores)
    vectors = board("vectors", {"acme/e": 40.0, "acme/f": 60.0}, unit="percent")
    jobs = [job(), job("embedding", [], "embedding")]

    found = fitted([board("first", scores), unnamed, vectors], jobs, models)

    assert only(found, "acme/m5").sd < only(fitted([board("first", scores)], jobs, models), "acme/m5").sd
    assert "embedding" not in found.abilities


def test_what_is_measured_besides_quality_does_not_touch_it() -> None:
    scores = {f"acme/m{number}": 1000.0 + 40 * number for number in range(6)}
    slips = board("slips", {"acme/m5": 60.0, "acme/m0": 1.0}, unit="percent", measures="factuality", higher_is_better=False)

    found = fitted([board("first", scores), slips], [job(boards=["first", "slips"])])

    assert found.abilities == fitted([board("first", scores)], [job(boards=["first", "slips"])]).abilities


def test_the_basis_names_results_of_the_task_first() -> None:
    scores: dict[str | Cell, float] = {("acme/a", "high"): 1508.8, "acme/b": 1400.0}
    boards = [board(name, scores) for name in ("coding", "alpha", "beta", "gamma")]
    rows = (boards[0].rows[0].model_copy(update={"low": 1501.8, "high": 1515.7}), boards[0].rows[1])

    found = fitted([boards[0].model_copy(update={"rows": rows}), *boards[1:]], [job("coding", ["coding"]), job("chat", ["alpha"])])

    basis = only(found, "acme/a", "coding", "high").basis
    assert basis[0] == "Coding 1508.8 (1501.8 to 1515.7), high effort, 2026-11-23"
    assert len(basis) == quality.SHOWN
    assert only(found, "acme/b").basis[0] == "Alpha 1400, 2026-11-23"


# ---------------------------------------------------------------- what was not measured


def test_an_unmeasured_model_gets_its_familys_mean_and_says_so() -> None:
    scores: dict[str | Cell, float] = {
        ("acme/a", "low"): 1000.0,
        ("acme/a", "high"): 1200.0,
        "acme/b": 1100.0,
        "acme/other": 900.0,
    }
    models = [model(f"acme/{name}", family="atlas") for name in ("a", "b", "new")] + [model("acme/other")]

    found = fitted([board("first", scores)], models=models)

    (ability,) = found.abilities["chat"]["acme/new"]
    best = fmean([only(found, "acme/a", effort="high").theta, only(found, "acme/b").theta])
    assert ability.theta == pytest.approx(best, abs=1e-5)
    assert ability.estimated
    assert ability.effort is None
    assert ability.sd >= quality.FAMILY_SD
    assert ability.basis == ("mean of the family atlas: acme/a, acme/b",)
    assert not any(ability.estimated for name in ("a", "b", "other") for ability in found.abilities["chat"][f"acme/{name}"])


def test_a_family_that_lies_far_apart_tells_less_of_its_next_member() -> None:
    scores = {"acme/a": 1000.0, "acme/b": 1500.0, "acme/c": 1240.0, "acme/d": 1250.0, "acme/only": 1100.0}
    families = {"a": "wide", "b": "wide", "c": "near", "d": "near", "only": "single"}
    models = [model(f"acme/{name}", family=family) for name, family in families.items()]
    models += [model(f"acme/new-{family}", family=family) for family in ("wide", "near", "single")]

    found = fitted([board(name, scores) for name in ("first", "second", "third")], models=models)

    sds = {family: found.abilities["chat"][f"acme/new-{family}"][0].sd for family in ("wide", "near", "single")}
    assert sds["wide"] > 1.5 * quality.UNDATED_FAMILY_SD
    assert sds["near"] == sds["single"] == quality.UNDATED_FAMILY_SD


def test_without_a_measured_relative_it_stays_unknown() -> None:
    models = [model("acme/a"), model("acme/b"), model("acme/new"), model("acme/vectors", family="a", kind="embedding")]

    found = fitted([board("first", {"acme/a": 1000.0, "acme/b": 1100.0})], models=models)

    assert set(found.abilities["chat"]) == {"acme/a", "acme/b"}


def test_a_row_of_a_model_that_the_catalog_does_not_have_gets_no_entry() -> None:
    scores = {"acme/a": 1000.0, "acme/b": 1100.0, "acme/gone": 1200.0}

    found = fitted([board("first", scores)], models=[model("acme/a"), model("acme/b")])

    assert set(found.abilities["chat"]) == {"acme/a", "acme/b"}


def test_the_tenth_percentile_stands_in_for_an_unknown() -> None:
    scores = {f"acme/m{number:02}": 1000.0 + 10 * number for number in range(20)}
    models = [model(name, family="atlas" if number < 3 else f"f{number // 2}") for number, name in enumerate(scores)]

    found = fitted([board("first", scores)], models=models)

    assert found.low_theta["chat"] == only(found, "acme/m02").theta
    assert found.low_theta_of_family["chat"] == {"atlas": only(found, "acme/m00").theta}


# ---------------------------------------------------------------- what is used as measured


def test_what_an_effort_usually_takes_is_the_median_of_the_models_measured_at_low_effort_too() -> None:
    used: dict[str | Cell, float] = {
        ("acme/a", "none"): 10.0,
        ("acme/a", "low"): 100.0,
        ("acme/a", "high"): 400.0,
        ("acme/b", "low"): 100.0,
        ("acme/b", "high"): 200.0,
        ("acme/b", "max"): 500.0,
        ("acme/c", "medium"): 50.0,
        ("acme/c", "high"): 10.0,
    }

    found = fitted([board("spent", used, unit="tokens", measures="output_tokens")])

    assert found.usual_effort_ratio == {"high": 3.0, "max": 5.0}


def test_other_measures_are_kept_as_they_are() -> None:
    rates: dict[str | Cell, float] = {"acme/a": 3.3, ("acme/b", "high"): 12.0}
    slips = board("slips", rates, unit="percent", measures="factuality", higher_is_better=False)
    tokens: dict[str | Cell, float] = {("acme/a", "high"): 900.0, ("acme/a", "low"): 100.0, "acme/b": 50.0}
    spent = board("spent", tokens, unit="tokens", measures="output_tokens")

    found = fitted([slips, spent])

    assert [(entry.low, entry.high) for entry in found.factuality["acme/a"]] == [(3.3, 3.3)]
    assert found.factuality["acme/b"][0].effort == "high"
    assert found.factuality["acme/b"][0].basis == "Slips 12, high effort, 2026-11-23"
    assert list(found.effort_tokens["acme/a"].items()) == [("low", 100.0), ("high", 900.0)]
    assert "acme/b" not in found.effort_tokens
    assert found.usual_effort_ratio == {"high": 9.0}
    assert found.abilities == {}


# ---------------------------------------------------------------- dates, rows and shares


def test_a_new_model_with_one_result_is_taken_for_one_of_its_time() -> None:
    truth = {f"acme/m{number:02}": 1000.0 + 20 * number for number in range(20)}
    dated = [model(name, release=release(date(2024, 1, 1) + timedelta(days=30 * number))) for number, name in enumerate(truth)]
    new, undated = model("acme/new", release=release(date(2025, 9, 1))), model("acme/undated")
    boards = [board(name, truth) for name in ("first", "second")]
    third = board("third", truth | {"acme/new": 1200.0, "acme/undated": 1200.0})

    found = fitted([*boards, third], models=[*dated, new, undated])

    expected = found.expected["chat"].thetas
    assert expected["acme/m19"] > expected["acme/m00"] + 1
    assert "acme/undated" not in expected
    assert only(found, "acme/new").theta > only(found, "acme/undated").theta
    assert only(found, "acme/m19").theta == pytest.approx(
        only(fitted([*boards, third], models=[model(each.id) for each in [*dated, new, undated]]), "acme/m19").theta, abs=0.15
    )


def sized(billion: str) -> Parameters:
    """Return how large a model is."""
    return Parameters.model_validate({"total_billion": billion, "source": SOURCE, "checked": ON})


def test_an_unmeasured_model_is_taken_for_one_of_its_time_and_family() -> None:
    truth = {f"acme/{family}{number}": 1000.0 + 100 * number + 50 * (family == "b") for family in "ab" for number in range(6)}
    models = [model(name, family=name[5], release=release(date(2020 + int(name[6]), 1, 1))) for name in truth]
    new = {
        name: model(f"acme/{name}", family=family, release=release(date(year, 1, 1)) if year else None)
        for name, family, year in (
            ("a9", "a", 2027),
            ("b9", "b", 2027),
            ("b8", "b", 2019),
            ("c9", "c", 2027),
            ("b7", "b", 0),
            ("c7", "c", 0),
        )
    }

    found = fitted([board(name, truth) for name in ("first", "second")], models=[*models, *new.values()])

    theta = {name: only(found, f"acme/{name}").theta for name in new if name != "c7"}
    assert theta["b9"] > theta["a9"] > only(found, "acme/b5").theta
    assert theta["b8"] < only(found, "acme/a0").theta + 0.2
    assert theta["a9"] - quality.OUTLOOK_SD < theta["c9"] < theta["b9"] - quality.OUTLOOK_SD
    sd = {name: only(found, f"acme/{name}").sd for name in theta}
    assert (sd["b9"], sd["c9"]) == (quality.FAMILY_SD, quality.OUTLOOK_SD)
    assert sd["b7"] > quality.OUTLOOK_SD
    assert "acme/c7" not in found.abilities["chat"]
    assert only(found, "acme/c9").basis == ("the lower end of models of its time, since neither its size nor a relative is known",)
    assert only(found, "acme/b9").basis[0].startswith("models of its time, and how the family b does beside them: acme/b0, ")


def test_relatives_without_a_date_count_half() -> None:
    truth = {f"acme/m{number:02}": 1000.0 + 20 * number for number in range(12)}
    models = [model(name, family=name[5:], release=release(date(2024, 1, 1) + timedelta(days=60 * at))) for at, name in enumerate(truth)]
    old = model("acme/old", family="kin")
    new = model("acme/new", family="kin", release=release(date(2025, 12, 1)))

    found = fitted([board(name, truth | {"acme/old": 1000.0}) for name in ("first", "second")], models=[*models, old, new])

    assert only(found, "acme/old").theta + 0.5 < only(found, "acme/new").theta < only(found, "acme/m11").theta - 0.5
    assert only(found, "acme/new").basis == ("half models of its time, half the mean of the family kin: acme/old",)


def test_a_small_unmeasured_model_is_taken_for_one_of_its_size() -> None:
    truth = {f"acme/m{number:02}": 1000.0 + 10 * number + 150 * (number % 2) for number in range(20)}
    models = [
        model(
            name,
            family=f"f{name[-2:]}",
            release=release(date(2024, 1, 1) + timedelta(days=30 * at)),
            parameters=sized("500" if at % 2 else "5"),
        )
        for at, name in enumerate(truth)
    ]
    new = [
        model(f"acme/{name}", family=name, release=release(date(2025, 1, 1)), parameters=sized(size))
        for name, size in (("big", "500"), ("small", "5"))
    ]

    found = fitted([board(name, truth) for name in ("first", "second")], models=[*models, *new])

    assert only(found, "acme/big").theta > only(found, "acme/small").theta + 1
    assert only(found, "acme/small").basis == ("models of its time and size",)


def test_a_result_with_wide_limits_moves_less() -> None:
    scores = {f"acme/m{number}": 1000.0 + 40 * number for number in range(10)}
    rows = {"sure": 8.0, "unsure": 200.0}

    def theta(width: float) -> float:
        limited = board("third", scores | {"acme/m0": 1360.0})
        rows = [row.model_copy(update={"low": row.score - 8, "high": row.score + 8}) for row in limited.rows]
        rows[0] = rows[0].model_copy(update={"low": 1360.0 - width, "high": 1360.0 + width})
        boards = [board("first", scores), board("second", scores), limited.model_copy(update={"rows": tuple(rows)})]
        return only(fitted(boards, [job(boards=["third"])]), "acme/m0").theta

    assert theta(rows["unsure"]) < theta(rows["sure"])


def test_what_each_result_did_adds_up_to_what_was_found() -> None:
    scores: dict[str | Cell, float] = {f"acme/m{number}": 1000.0 + 40 * number for number in range(8)}
    boards = {each.id: each for each in (board("first", scores), board("second", scores | {"acme/m3": 1300.0}), board("third", scores))}
    models = [model(f"acme/m{number}", release=release(date(2024 + number % 3, 1, 1))) for number in range(8)]
    tasks = [job("coding", ["second"])]
    found = fitted(list(boards.values()), tasks, models)

    moved = quality.moves(tasks[0], models[3], None, found, boards)

    assert moved[0].benchmark == "second"
    assert moved[0].change > 0.3
    assert moved[0].row.score == 1300.0
    assert all(move.change <= 0 for move in moved[1:])
    left = {name: each for name, each in boards.items() if name == "first"}
    assert quality.moves(tasks[0], models[3], "high", found, left | boards) == ()


def test_cuts_of_the_same_votes_share_one_part() -> None:
    of = job("coding", ["arena-text-coding", "arena-text-coding-by-effort", "terminal-bench"])

    boards = {name: board(name, {}) for name in ("arena-text-coding", "arena-text-coding-by-effort", "terminal-bench")}

    assert quality.shares(of, boards) == {"arena-text-coding": 0.5, "arena-text-coding-by-effort": 0.5, "terminal-bench": 0.5}


def test_the_abler_beats_the_other_as_surely_as_both_are_known() -> None:
    strong, weak = Ability(theta=1.0, sd=0.3), Ability(theta=0.5, sd=0.4)

    assert quality.beats(strong, weak) == pytest.approx(0.841, abs=0.001)
    assert quality.beats(weak, strong) == pytest.approx(0.159, abs=0.001)
