"""The weighted sum: contributions, score, order, ties and dominance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol, TypeVar

import msgspec

from fmselect.catalog.catalog import Catalog
from fmselect.criteria import CRITERIA, Reading, rank_order_weights
from fmselect.estimates import Alternative, Estimate
from fmselect.requirements import Requirements
from fmselect.units import Criterion
from fmselect.usage import Workload

TIED_BELOW = 0.75
"""Two alternatives are tied when neither beats the other with at least this probability (judgement)."""

_DIGITS = 12
"""Scores are compared to so many digits: what floating point adds beyond them decides nothing."""


class Part(msgspec.Struct, frozen=True, gc=False):
    """One criterion's part of a score."""

    reading: Reading
    weight: float

    @property
    def contribution(self) -> float:
        """Weight x value."""
        return self.weight * self.reading.value


class Rated(Protocol):
    """Anything that has a score and the parts it is the sum of."""

    @property
    def alternative(self) -> Alternative:
        """What is rated."""
        ...

    @property
    def estimate(self) -> Estimate:
        """What it costs and how fast it is."""
        ...

    @property
    def parts(self) -> Mapping[Criterion, Part]:
        """The parts of its score."""
        ...

    @property
    def score(self) -> float:
        """Their sum."""
        ...

    @property
    def variance(self) -> float:
        """Variance of the score."""
        ...


class Scored(msgspec.Struct, frozen=True, gc=False):
    """An alternative with its score and the parts it is the sum of."""

    alternative: Alternative
    estimate: Estimate
    parts: Mapping[Criterion, Part]
    score: float

    @property
    def interval(self) -> tuple[float, float]:
        """Lowest and highest score that the uncertain and unknown values allow."""
        low = sum(part.weight * part.reading.low for part in self.parts.values())
        high = sum(part.weight * part.reading.high for part in self.parts.values())
        return low, high

    @property
    def variance(self) -> float:
        """Variance of the score, from the uncertainty of what was estimated from evidence."""
        return sum((part.weight * part.reading.sd) ** 2 for part in self.parts.values())


def weights(requirements: Requirements, preset: Mapping[Criterion, Decimal]) -> dict[Criterion, float]:
    """Return the weights, summing to 1: the user's, by rank order, or the task's preset."""
    if requirements.priority:
        raw = dict(zip(requirements.priority, rank_order_weights(len(requirements.priority)), strict=True))
    else:
        raw = dict(requirements.weight or preset)
    total = sum(raw.values(), Decimal(0))
    return {name: float(raw[name] / total) for name in CRITERIA if raw.get(name)}


def additive(values: Sequence[float], weighing: Sequence[float]) -> float:
    """Return the weighted sum of values, the weights taken relative to their sum."""
    total = math.fsum(weighing)
    return math.fsum(weight * value for weight, value in zip(weighing, values, strict=True)) / total


def score(
    alternative: Alternative,
    estimate: Estimate,
    load: Workload,
    task: str,
    weighing: Mapping[Criterion, float],
    catalog: Catalog,
    shared: dict[object, Part] | None = None,
) -> Scored:
    """Return the score of one alternative, which depends on no other alternative.

    `shared` keeps, for one task and weighing, the parts that are the same wherever a model runs.
    """
    known = {} if shared is None else shared
    parts: dict[Criterion, Part] = {}
    for name, weight in weighing.items():
        row = CRITERIA[name]
        key = (name, alternative.model.id, alternative.effort) if row.of_model else None
        part = known.get(key)
        if part is None:
            part = Part(row.read(alternative, estimate, load, task, catalog), weight)
            if key is not None:
                known[key] = part
        parts[name] = part
    total = additive([part.reading.value for part in parts.values()], [part.weight for part in parts.values()])
    return Scored(alternative, estimate, parts, total)


AnyRated = TypeVar("AnyRated", bound=Rated)


def ordered(scored: Sequence[AnyRated]) -> list[AnyRated]:
    """Return alternatives best first: by score, then raw measures, then cost, then id."""
    return sorted(scored, key=_place)


def _place(item: Rated) -> tuple[object, ...]:
    """Return the place of one alternative, which depends on no other.

    Raw measures are compared one after the other, cost first, so that one that dominates comes first.
    """
    readings = sorted(item.parts.items(), key=lambda part: part[0] != "cost")
    raw = [math.inf if part.reading.raw is None else part.reading.raw * _BETTER_LOW[name] for name, part in readings]
    cost = item.estimate.cost.usd_per_month if item.estimate.cost else Decimal("Infinity")
    return (-round(item.score, _DIGITS), *raw, cost, item.alternative.key)


_BETTER_LOW = {name: -1.0 if row.higher_is_better else 1.0 for name, row in CRITERIA.items()}
"""What a raw measure is multiplied by so that lower is better."""


def dominates(one: Rated, other: Rated) -> bool:
    """Whether one is at least as good in every raw measure and better in one, uncertainty granted.

    With intervals, the better one's worst must be at least the other's best.
    """
    better = False
    for name, part in one.parts.items():
        mine, theirs = part.reading, other.parts[name].reading
        if mine.raw is not None and mine.raw == theirs.raw and mine.value == theirs.value:
            continue
        if mine.low < theirs.high:
            return False
        if mine.raw is None or theirs.raw is None:
            better = better or mine.low > theirs.high
            continue
        gain = (theirs.raw - mine.raw) * _BETTER_LOW[name]
        if gain < 0:
            return False
        better = better or gain > 0
    return better


def beats(one: Rated, other: Rated) -> float:
    """Return the probability that one is really better than the other.

    The same model at the same effort has the same ability wherever it runs, so that between two of
    its offerings nothing is left to chance.
    """
    gap = one.score - other.score
    same = one.alternative.model.id == other.alternative.model.id and one.alternative.effort == other.alternative.effort
    spread = 0.0 if same else math.sqrt(one.variance + other.variance)
    if spread == 0:
        return 0.5 if round(gap, _DIGITS) == 0 else float(gap > 0)
    return 0.5 * (1 + math.erf(gap / spread / math.sqrt(2)))


def tied(one: Rated, other: Rated) -> bool:
    """Whether neither can be said to beat the other."""
    chance = beats(one, other)
    return 1 - TIED_BELOW < chance < TIED_BELOW
