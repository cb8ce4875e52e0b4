"""The user's own results beside the public boards: joined by precision, model by model."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmselect.catalog.catalog import Catalog
from fmselect.catalog.derived import Ability, Derived
from fmselect.catalog.schema import Benchmark, Row, TaskBenchmark
from fmselect.own_evidence import counted, in_logits, silent, slopes, unknown
from fmselect.recommendation import recommend
from fmselect.units import Effort
from tests.builders import ON, SEEN, abilities, catalog, model, offering, requirements, task

NAMES = ("acme/a", "acme/b", "acme/c")


def row(name: str, score: float, n: int | None = 400, effort: Effort | None = None, **facts: Any) -> Row:
    return Row(model=name, effort=effort, score=score, n=n, on=date(2026, 11, 20), name=name, **facts)


def board(*rows: Row, own: bool = True, identity: str = "mine", unit: Any = "percent", higher: bool = True) -> Benchmark:
    return Benchmark(
        id=identity, name="Mine", measures="quality", says="Mine.", unit=unit, higher_is_better=higher, license="own", own=own, rows=rows, **SEEN
    )  # fmt: skip


def house(*boards: Benchmark, derived: Derived | None = None, **efforts: tuple[Effort, ...]) -> Catalog:
    """Return a catalog of three chat models, equally able unless told otherwise, and an embedding model."""
    names = (*NAMES, "acme/e")
    return catalog(
        models=[model(name, kind="embedding" if name == "acme/e" else "chat", efforts=efforts.get(name[-1], ())) for name in names],
        offerings=[offering(name) for name in names],
        benchmarks=boards,
        derived=abilities(dict.fromkeys(NAMES, 0.0)) if derived is None else derived,
    )


def after(found: Catalog, weight: float = 10, *more: str) -> dict[tuple[str, Effort | None], Ability]:
    """Return the abilities at the chat task, by model and effort, with the boards counted."""
    weights = {name: Decimal(str(weight)) for name in ("mine", *more)}
    together = counted(found, weights, ["chat"]).derived.abilities["chat"]
    return {(name, ability.effort): ability for name, entries in together.items() for ability in entries}


# ---------------------------------------------------------------- joining


def test_two_models_part_by_what_their_scores_say() -> None:
    found = after(house(board(row("acme/a", 90), row("acme/b", 80))))

    error = 1 / (400 * 0.16) + (0.8 * 0.5) ** 2 / 10
    told = (math.log(360.5 / 40.5) - math.log(320.5 / 80.5)) / 0.8
    variance = (error + 0.8**2 * 0.2**2 + error) / 0.8**2
    assert found["acme/a", None].theta == pytest.approx(told / variance / (1 / 0.2**2 + 1 / variance), abs=1e-6)
    assert found["acme/a", None].theta == pytest.approx(-found["acme/b", None].theta, abs=1e-6)
    assert found["acme/a", None].sd == pytest.approx((1 / 0.2**2 + 1 / variance) ** -0.5, abs=1e-6)
    assert found["acme/c", None].theta == 0


def test_the_basis_says_whose_result_it_is_what_it_counts_and_what_it_moves() -> None:
    found = after(house(board(row("acme/a", 90, low=86, high=93, effort="high"), row("acme/b", 80, None))), 3)

    assert found["acme/a", "high"].basis[0] == "your mine 90 (86 to 93), 400 cases, high effort, 2026-11-20, counted as 3 public boards"
    assert found["acme/b", None].basis[0] == "your mine 80, 2026-11-20, counted as 3 public boards"
    assert found["acme/b", None].basis[1].startswith("which moves the ability from +0.00 to -0.")
    assert found["acme/b", None].basis[2] == "a board"


def test_more_weight_and_more_cases_move_more() -> None:
    def moved(weight: float, n: int) -> float:
        return after(house(board(row("acme/a", 90, n), row("acme/b", 80, n))), weight)["acme/a", None].theta

    assert moved(1, 400) < moved(10, 400) < moved(1000, 400)
    assert moved(10, 50) < moved(10, 400) < moved(10, 4000)


def test_a_weight_of_zero_changes_nothing() -> None:
    found = house(board(row("acme/a", 90), row("acme/b", 80)))

    assert counted(found, {"mine": Decimal(0)}, ["chat"]) is found


def test_a_board_of_one_model_says_nothing() -> None:
    found = house(board(row("acme/a", 99, effort="low"), row("acme/a", 90, effort="high")))

    assert after(found)["acme/a", None] == found.derived.abilities["chat"]["acme/a"][0]
    assert silent(found, "mine", "chat") == ("it names one model only, acme/a: nobody can tell how hard it is, so measure another one")


def test_a_board_of_other_models_says_nothing() -> None:
    found = house(board(row("acme/e", 90), row("acme/gone", 90)))

    assert silent(found, "mine", "chat") == "it names no model that does the task"
    assert set(after(found)) == {(name, None) for name in NAMES}


def test_models_that_no_public_board_knows_are_placed_by_those_it_knows() -> None:
    known = house(board(row("acme/a", 90), row("acme/b", 90), row("acme/c", 90)), derived=abilities({"acme/a": 1.0, "acme/b": 1.0}))
    nobody = house(board(row("acme/a", 90), row("acme/b", 90)), derived=abilities({}))

    assert after(known)["acme/c", None].theta == pytest.approx(0.9, abs=0.1)
    assert not after(known)["acme/c", None].estimated
    assert after(nobody) == {}
    assert silent(known, "mine", "chat") is None
    assert silent(nobody, "mine", "chat") == "public boards know none of its models, so they cannot be placed beside the others"


def test_a_measurement_replaces_what_the_family_was_taken_for() -> None:
    guess = Ability(theta=0.0, sd=0.5, estimated=True, basis=("mean of the family",))
    derived = Derived(abilities={"chat": {"acme/a": (guess,), "acme/b": abilities({"acme/b": 0.0}).abilities["chat"]["acme/b"]}})

    unstated = after(house(board(row("acme/a", 95), row("acme/b", 80)), derived=derived))
    stated = after(house(board(row("acme/a", 95, effort="high"), row("acme/b", 80)), derived=derived, a=("high",)))

    assert unstated["acme/a", None].theta > 0.3
    assert not unstated["acme/a", None].estimated
    assert stated["acme/a", "high"].theta > 0.3
    assert stated["acme/a", None] == guess


# ---------------------------------------------------------------- efforts


def two_efforts() -> Derived:
    entries = (Ability(effort="low", theta=-0.5, sd=0.2), Ability(effort="high", theta=0.5, sd=0.2))
    return Derived(abilities={"chat": {"acme/a": entries, "acme/b": (Ability(theta=0.0, sd=0.2),)}})


def test_a_result_at_an_effort_speaks_for_that_effort_alone() -> None:
    found = after(house(board(row("acme/a", 95, effort="high"), row("acme/b", 80)), derived=two_efforts()))

    assert found["acme/a", "high"].theta > 0.7
    assert found["acme/a", "low"].theta == -0.5


def test_a_result_at_no_stated_effort_speaks_for_all_alike_and_less_surely() -> None:
    found = after(house(board(row("acme/a", 95), row("acme/b", 80)), derived=two_efforts()))

    assert found["acme/a", "high"].theta - found["acme/a", "low"].theta == pytest.approx(1.0)
    assert -0.5 < found["acme/a", "low"].theta < -0.2
    assert ("acme/a", None) not in found


def test_an_effort_that_only_the_user_measured_gets_an_ability_of_its_own() -> None:
    found = after(house(board(row("acme/a", 95, effort="max"), row("acme/b", 80)), derived=two_efforts()))
    single = after(house(board(row("acme/b", 95, effort="max"), row("acme/a", 80, effort="high")), derived=two_efforts()))

    assert 0 < found["acme/a", "max"].theta < 1.5
    assert found["acme/a", "max"].sd > found["acme/a", "high"].sd
    assert single["acme/b", "max"].theta > single["acme/b", None].theta == 0


# ---------------------------------------------------------------- scales


def test_results_are_read_in_logits_higher_for_better() -> None:
    assert in_logits(row("acme/a", 50), board()) == 0
    assert in_logits(row("acme/a", 100, 10), board()) == pytest.approx(math.log(21))
    assert in_logits(row("acme/a", 80), board(higher=False)) < 0
    assert in_logits(row("acme/a", 1173.72), board(unit="elo")) - in_logits(row("acme/a", 1000), board(unit="elo")) == pytest.approx(1)


@pytest.mark.parametrize(
    ("rows", "unit"),
    [
        ((row("acme/a", 1100, None, low=1080, high=1120), row("acme/b", 1000, None, low=980, high=1020)), "elo"),
        ((row("acme/a", 1100, None), row("acme/b", 1000, None)), "elo"),
        ((row("acme/a", 90, None, low=85, high=95), row("acme/b", 80, None, low=75, high=85)), "percent"),
        ((row("acme/a", 90, None), row("acme/b", 80, None)), "percent"),
    ],
)
def test_intervals_stand_in_for_cases_and_neither_means_few(rows: tuple[Row, ...], unit: str) -> None:
    assert after(house(board(*rows, unit=unit)))["acme/a", None].theta > 0


def test_the_usual_slope_is_that_of_the_public_boards_of_the_task() -> None:
    thetas = {f"acme/m{index}": index / 2 for index in range(6)}
    public = board(*(row(name, 100 / (1 + math.exp(-0.6 * theta)), 10**9) for name, theta in thetas.items()), own=False, identity="public")
    flat = board(*(row(name, 50) for name in thetas), own=False, identity="flat")
    uses = tuple(TaskBenchmark(benchmark=name, why="it does") for name in ("public", "flat", "gone"))

    found = slopes(abilities(thetas), {"public": public, "flat": flat}, {"chat": task(benchmarks=uses)})

    assert found == {"chat": {"percent": pytest.approx(0.6, abs=1e-5)}}
    steep = house(board(row("acme/a", 90), row("acme/b", 80)), derived=abilities(dict.fromkeys(NAMES, 0.0)).model_copy(update={"slopes": {"chat": {"percent": 3.0}}}))  # fmt: skip
    assert 0 < after(steep)["acme/a", None].theta < after(house(board(row("acme/a", 90), row("acme/b", 80))))["acme/a", None].theta


# ---------------------------------------------------------------- names, and the whole answer


def test_only_benchmarks_of_the_users_own_can_be_counted() -> None:
    found = house(board(row("acme/a", 90)), board(own=False, identity="public"))

    assert [str(problem) for problem in unknown(found, ["mine", "public", "mime", "zzz"])] == [
        "evidence: 'public' is a public board, and counts already; name one of your own, with `own: true` in its file",
        "evidence: 'mime' is no benchmark of your own; did you mean 'mine'?",
        "evidence: 'zzz' is no benchmark of your own; bring one with `fmselect evidence import FILE`",
    ]


def test_a_recommendation_counts_it_and_says_so() -> None:
    found = house(board(row("acme/a", 60), row("acme/b", 95)))

    without = recommend(found, requirements(), ON)
    counting = recommend(found, requirements(evidence=("mine=5",)), ON)
    silenced = recommend(house(board(row("acme/a", 60))), requirements(evidence="mine"), ON)

    assert without.rows[0].alternative.model.id == "acme/a"
    assert counting.rows[0].alternative.model.id == "acme/b"
    assert "your evidence mine is not counted (say --evidence mine)" in without.assumptions
    assert "your evidence mine counts as 5 public boards, as far as its cases allow (say --evidence mine=N)" in counting.assumptions
    assert silenced.warnings == (
        "your evidence mine changes nothing: it names one model only, acme/a: nobody can tell how hard it is, so measure another one",
    )
    assert not [text for text in recommend(found, requirements(evidence="mine=0"), ON).assumptions if "mine" in text]


SCORES = st.lists(st.integers(0, 100), min_size=6, max_size=6)


@given(SCORES, st.integers(0, 5), st.integers(1, 100), st.sampled_from([1, 20, 400]), st.floats(0.1, 1000))
def test_a_higher_score_never_lowers_the_model(scores: list[int], which: int, gain: int, n: int, weight: float) -> None:
    """Over two boards, with efforts stated and not, whatever else they say."""
    units: list[tuple[str, str, Effort | None]] = [
        ("mine", "acme/a", "high"), ("mine", "acme/a", None), ("mine", "acme/b", None),
        ("more", "acme/a", "max"), ("more", "acme/b", "low"), ("more", "acme/c", None),
    ]  # fmt: skip

    def thetas(values: list[int]) -> dict[tuple[str, Effort | None], float]:
        rows = [(name, row(each, value, n, effort)) for (name, each, effort), value in zip(units, values, strict=True)]
        boards = [board(*(found for name, found in rows if name == identity), identity=identity) for identity in ("mine", "more")]
        return {unit: ability.theta for unit, ability in after(house(*boards, derived=two_efforts()), weight, "more").items()}

    raised = [min(score + gain, 100) if index == which else score for index, score in enumerate(scores)]
    before, now = thetas(scores), thetas(raised)
    lifted = units[which][1]

    assert all(now[unit] >= before[unit] - 1e-6 for unit in before if unit[0] == lifted)
    assert all(now[unit] <= before[unit] + 1e-6 for unit in before if unit[0] != lifted)


def test_nothing_here_depends_on_the_order_of_boards_or_rows() -> None:
    rows = [row("acme/a", 90), row("acme/b", 80), row("acme/c", 70, 100)]
    other = board(row("acme/c", 95), row("acme/a", 60), identity="more")

    one = after(house(board(*rows), other), 10, "more")
    two = after(house(other, board(*reversed(rows))), 10, "more")

    assert {unit: (ability.theta, ability.sd) for unit, ability in one.items()} == {
        unit: (ability.theta, ability.sd) for unit, ability in two.items()
    }
