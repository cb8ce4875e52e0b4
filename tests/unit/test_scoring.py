"""The weighted sum, its parts, and the order it gives."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fmselect.criteria import CRITERIA, Reading
from fmselect.scoring import Scored, additive, beats, dominates, ordered, score, tied, weights
from fmselect.units import Criterion
from fmselect.usage import Workload
from tests.builders import abilities, alternative, catalog, estimate, named, reading, requirements, scored, usage

PRESET: dict[Criterion, Decimal] = {"quality": Decimal(3), "cost": Decimal(1), "latency": Decimal(0)}


def test_weights_are_the_presets_unless_the_user_weighs() -> None:
    assert weights(requirements(), PRESET) == {"quality": 0.75, "cost": 0.25}
    assert weights(requirements(weight={"latency": Decimal(2), "cost": Decimal(2)}), PRESET) == {"cost": 0.5, "latency": 0.5}


def test_a_priority_weighs_by_rank_order() -> None:
    found = weights(requirements(priority=("cost", "quality", "latency")), PRESET)

    assert found == {"quality": pytest.approx(5 / 18), "cost": pytest.approx(11 / 18), "latency": pytest.approx(2 / 18)}
    assert list(found) == [name for name in CRITERIA if name in found]
    assert sum(found.values()) == pytest.approx(1)


def test_a_score_is_the_sum_of_its_contributions() -> None:
    found = score(
        alternative(),
        estimate("100"),
        Workload(1, usage(output_tokens=1)),
        "chat",
        {"quality": 0.75, "cost": 0.25},
        catalog(derived=abilities({"acme/atlas": 1.5})),
    )

    assert found.parts["quality"].contribution == 0.75 * 0.75
    assert found.score == pytest.approx(sum(part.contribution for part in found.parts.values()))
    assert found.interval[0] < found.score < found.interval[1]
    assert found.variance == pytest.approx((0.75 * 0.2 / 6) ** 2)


def test_weights_count_relative_to_their_sum() -> None:
    assert additive([1.0, 0.0], [3, 1]) == 0.75


def test_the_order_is_by_score() -> None:
    items = [scored("low", {"cost": reading(9, 0.1)}), scored("high", {"cost": reading(1, 0.9)})]

    assert named(ordered(items)) == ["high", "low"]


def test_what_floating_point_adds_decides_nothing() -> None:
    """0.1 + 0.2 is more than 0.3 only in binary; the cheaper one is to win."""
    dear = scored("dear", {"quality": reading(1, 0.1), "cost": reading(2, 0.2)}, {"quality": 1, "cost": 1})
    cheap = scored("cheap", {"quality": reading(0, 0.0), "cost": reading(1, 0.3)}, {"quality": 1, "cost": 1})

    assert named(ordered([dear, cheap])) == ["cheap", "dear"]


def test_equal_scores_are_ordered_by_raw_measures_then_cost_then_id() -> None:
    """Beyond an anchor values are alike, and the raw measure still tells."""
    wide = scored("wide", {"context": reading(900_000, 1.0)}, usd_per_month="9")
    wider = scored("wider", {"context": reading(1_000_000, 1.0)}, usd_per_month="99")
    cheaper = scored("cheaper", {"context": reading(900_000, 1.0)}, usd_per_month="8")
    alike = scored("alike", {"context": reading(900_000, 1.0)}, usd_per_month="8")
    unpriced = scored("unpriced", {"context": reading(900_000, 1.0)}, usd_per_month=None)
    unknown = scored("unknown", {"context": reading(None, 1.0)}, usd_per_month="1")

    items = [unknown, unpriced, cheaper, wide, wider, alike]
    assert named(ordered(items)) == ["wider", "alike", "cheaper", "wide", "unpriced", "unknown"]


def test_equal_scores_go_in_one_order_whoever_else_competes() -> None:
    """Dominance is no order by itself: A dominates B, B is cheaper than C, C is cheaper than A.

    A comparison in pairs would go round in a circle, and adding one would reorder the others.
    """
    a = scored("a", {"context": reading(3, 1.0), "quality": reading(2, 1.0)}, usd_per_month="9")
    b = scored("b", {"context": reading(2, 1.0), "quality": reading(1, 1.0)}, usd_per_month="1")
    c = scored("c", {"context": reading(1, 1.0), "quality": reading(3, 1.0)}, usd_per_month="5")

    whole = named(ordered([a, b, c]))
    assert dominates(a, b)
    assert whole.index("a") < whole.index("b")
    for left_out in (a, b, c):
        rest = [item for item in (c, b, a) if item is not left_out]
        assert named(ordered(rest)) == [name for name in whole if name != left_out.alternative.model.slug]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"quality": reading(1, 0.6), "cost": reading(9, 0.5)}, {"quality": reading(0, 0.5), "cost": reading(9, 0.5)}, True),
        ({"quality": reading(1, 0.6), "cost": reading(9, 0.5)}, {"quality": reading(0, 0.5), "cost": reading(8, 0.6)}, False),
        ({"cost": reading(9, 0.5)}, {"cost": reading(9, 0.5)}, False),
        ({"cost": reading(2e6, 0.0)}, {"cost": reading(3e6, 0.0)}, True),
        ({"quality": reading(1, 0.6), "cost": reading(3e6, 0.0)}, {"quality": reading(0, 0.5), "cost": reading(2e6, 0.0)}, False),
        ({"quality": reading(1, 0.6, low=0.5, high=0.7)}, {"quality": reading(0, 0.4, low=0.3, high=0.5)}, True),
        ({"quality": reading(1, 0.6, low=0.5, high=0.7)}, {"quality": reading(0, 0.5, low=0.4, high=0.6)}, False),
        ({"latency": reading(None, 0.9)}, {"latency": reading(3, 0.1)}, False),
        ({"latency": reading(3, 0.9)}, {"latency": reading(None, 0.1)}, False),
        ({"latency": reading(None, 0.3), "cost": reading(1, 0.9)}, {"latency": reading(None, 0.3), "cost": reading(2, 0.8)}, False),
    ],
)
def test_one_dominates_when_it_is_surely_no_worse_anywhere_and_better_somewhere(
    one: dict[Criterion, Reading], other: dict[Criterion, Reading], expected: bool
) -> None:
    first, second = scored("one", one), scored("other", other)

    assert dominates(first, second) is expected
    assert not dominates(second, first)


def test_alternatives_are_tied_when_chance_may_turn_them() -> None:
    def at(name: str, value: float) -> Scored:
        return scored(name, {"quality": reading(value, value, sd=0.05)})

    near, far, base = at("near", 0.54), at("far", 0.56), at("base", 0.5)

    assert beats(near, base) == pytest.approx(0.7142, abs=1e-4)
    assert beats(base, near) == pytest.approx(1 - 0.7142, abs=1e-4)
    assert tied(near, base)
    assert not tied(far, base)


def test_the_same_model_at_the_same_effort_leaves_nothing_to_chance() -> None:
    dear, cheap = (
        scored("same", {"quality": reading(1, 0.5, sd=0.1), "cost": reading(usd, value)}) for usd, value in ((9, 0.5), (8, 0.51))
    )

    assert (beats(cheap, dear), beats(dear, cheap), beats(dear, dear)) == (1.0, 0.0, 0.5)
    assert not tied(cheap, dear)
    assert tied(dear, dear)
