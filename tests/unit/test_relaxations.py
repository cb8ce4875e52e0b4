"""The least that would have to give: minimal sets, the nearest first, and nothing that would not help."""

from __future__ import annotations

from itertools import chain, combinations
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from fmselect.advice.relaxations import relaxations
from fmselect.eligibility import Outcome, Screening, Verdict
from fmselect.recommendation import Judged
from tests.builders import alternative, offering


def out(name: str, *verdicts: Verdict) -> Judged:
    """Return an offering `name@p` that was judged so."""
    violated = frozenset(verdict.constraint for verdict in verdicts if verdict.outcome == "violated")
    doubts = sum(verdict.outcome == "unknown" for verdict in verdicts)
    sold = alternative(offering(f"acme/{name}", "p"))
    run = SimpleNamespace(catalog=SimpleNamespace(places={}))
    return Judged(sold, (Screening(verdicts, violated, doubts),), violated, doubts, run)  # type: ignore[arg-type]  # nothing is estimated


def rejected(name: str, violated: str, unknown: str = "", actual: str = "no") -> Judged:
    """Return an offering that violates the constraints named, one letter each."""
    outcomes: list[tuple[str, Outcome]] = [*((one, "violated") for one in violated), *((one, "unknown") for one in unknown)]
    return out(name, *(Verdict(one, outcome, "yes", actual) for one, outcome in outcomes))


def test_a_set_that_contains_another_is_not_minimal() -> None:
    found = relaxations([rejected("x", "ab"), rejected("y", "a"), rejected("z", "bc")])

    assert [(one.constraints, one.offerings) for one in found] == [(("a",), ("y@p",)), (("b", "c"), ("z@p",))]


def test_few_constraints_come_first_then_many_offerings() -> None:
    found = relaxations([rejected("v", "cd"), rejected("w", "a"), rejected("x", "b"), rejected("y", "b"), rejected("y", "b")])

    assert [(one.constraints, one.offerings) for one in found] == [
        (("b",), ("x@p", "y@p")),
        (("a",), ("w@p",)),
        (("c", "d"), ("v@p",)),
    ]
    assert len(relaxations([rejected(name, name) for name in "abcdefgh"])) == 5


def test_what_is_needed_is_that_of_the_offering_with_the_fewest_doubts() -> None:
    (found,) = relaxations([rejected("x", "a", "uv", "three"), rejected("y", "a", "u", "two"), rejected("z", "a", "uv", "three")])

    assert [verdict.actual for verdict in found.needs] == ["two"]
    assert found.unverified
    assert not relaxations([rejected("x", "a")])[0].unverified


def test_another_job_or_a_model_that_is_gone_is_no_near_miss() -> None:
    gone = out("x", Verdict("lifecycle", "violated", "for sale", "retired since 2026-09-01"))
    closing = out("y", Verdict("lifecycle", "violated", "for sale", "legacy since 2026-09-01"))
    other_job = out("z", Verdict("task", "violated", "chat", "embedding"), Verdict("cost", "violated", "1", "2"))

    assert [one.offerings for one in relaxations([gone, closing, other_job])] == [("y@p",)]
    assert relaxations([gone, other_job]) == ()


@given(st.lists(st.sets(st.sampled_from("abcd"), min_size=1), min_size=1, max_size=8))
def test_minimal_relaxations_are_those_that_brute_force_finds(violated: list[set[str]]) -> None:
    """A relaxation admits something when some offering violates nothing else."""
    found = relaxations([rejected(f"m{index}", "".join(sorted(names))) for index, names in enumerate(violated)], most=99)

    everything = chain.from_iterable(combinations("abcd", size) for size in range(1, 5))
    admitting = [frozenset(names) for names in everything if any(one <= set(names) for one in violated)]
    minimal = {names for names in admitting if not any(other < names for other in admitting)}
    assert {frozenset(one.constraints) for one in found} == minimal
    assert all(one.offerings for one in found)
