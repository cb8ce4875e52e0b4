"""The table of criteria: what each measures, and the fixed value function that maps it to [0, 1].

The anchors are constants of this version. They are never taken from the alternatives or the
constraints, so that adding, removing or filtering one alternative reorders no others.
Formulas and judgements: decision-method, section 3.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from fmselect.catalog.catalog import Catalog
from fmselect.estimates import Alternative, Estimate
from fmselect.speed import Interval
from fmselect.units import Criterion
from fmselect.usage import Workload

if TYPE_CHECKING:
    from fmselect.catalog.derived import Ability

COST_FROM_USD = 10.0
COST_TO_USD = 1_000_000.0
SLOWEST_S = 60.0
FASTEST_S = 0.2
LEAST_TOKENS_PER_S = 5.0
MOST_TOKENS_PER_S = 1000.0
MOST_HEADROOM = 16.0
LOWEST_THETA = -3.0
HIGHEST_THETA = 3.0
WORST_RATE_PERCENT = 25.0
Z95 = 1.959964
Z90 = 1.644854


def cost_value(usd_per_month: float) -> float:
    """Value of a monthly cost: 1 for nothing, 0 from a million USD on, logarithmic between."""
    capped = min(max(usd_per_month, 0.0), COST_TO_USD)
    return 1 - math.log1p(capped / COST_FROM_USD) / math.log1p(COST_TO_USD / COST_FROM_USD)


def cost_at(value: float) -> float:
    """Monthly cost in USD that has the value; the inverse of `cost_value` below the cap."""
    return COST_FROM_USD * math.expm1((1 - value) * math.log1p(COST_TO_USD / COST_FROM_USD))


def seconds_value(seconds: float) -> float:
    """Value of a time: 1 at 0.2 s, 0 at 60 s, logarithmic between."""
    return _log_between(seconds, SLOWEST_S, FASTEST_S)


def throughput_value(tokens_per_s: float) -> float:
    """Value of an output rate: 0 at 5 tokens/s, 1 at 1000 tokens/s, logarithmic between."""
    return _log_between(tokens_per_s, LEAST_TOKENS_PER_S, MOST_TOKENS_PER_S)


def context_value(window: float, need: float) -> float:
    """Value of the headroom of a context window: 0 when it just fits, 1 at sixteen times the need."""
    return _clip(math.log(window / max(need, 1.0)) / math.log(MOST_HEADROOM)) if window > 0 else 0.0


def quality_value(theta: float) -> float:
    """Value of an ability: linear between anchors that leave headroom above today's best."""
    return _clip((theta - LOWEST_THETA) / (HIGHEST_THETA - LOWEST_THETA))


def theta_value(change: float) -> float:
    """Change of value that a change of ability brings, between the anchors."""
    return change / (HIGHEST_THETA - LOWEST_THETA)


def factuality_value(rate_percent: float) -> float:
    """Value of a hallucination rate: 1 at none, 0 at 25 percent (judgement)."""
    return _clip(1 - rate_percent / WORST_RATE_PERCENT)


def _log_between(x: float, zero_at: float, one_at: float) -> float:
    return _clip(math.log(x / zero_at) / math.log(one_at / zero_at)) if x > 0 else float(one_at < zero_at)


def _clip(value: float) -> float:
    return min(1.0, max(0.0, value))


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One criterion of one alternative, before it is weighed."""

    raw: float | None
    """The raw measure; None when it is unknown."""
    value: float
    """Its value in [0, 1]; of an unknown, what stands in for it."""
    low: float
    """Lowest value it may have."""
    high: float
    """Highest value it may have."""
    sd: float = 0.0
    """Standard deviation of the value, where it is estimated from evidence."""
    known: bool = True
    estimated: bool = False
    """True when relatives stand in for a measurement."""
    basis: tuple[str, ...] = ()
    """Where the raw measure comes from."""


Read = Callable[[Alternative, Estimate, Workload, str, Catalog], Reading]


class CriterionRow(msgspec.Struct, frozen=True):
    """A criterion: its unit, direction and how it is read."""

    name: Criterion
    unit: str
    higher_is_better: bool
    says: str
    read: Read
    of_model: bool = False
    """Whether it is the same wherever the model runs, at one effort."""


def _unknown(stand_in: float) -> Reading:
    return Reading(None, stand_in, 0.0, 1.0, known=False)


def ability_of(alternative: Alternative, task: str, catalog: Catalog) -> Ability | None:
    """Return the ability at the alternative's effort; never that of another effort.

    An estimate from models like it stands for every effort, since it was measured at none.
    """
    found = catalog.derived.abilities.get(task, {}).get(alternative.model.id, ())
    return next((ability for ability in found if ability.effort == alternative.effort or ability.estimated), None)


def _quality(alternative: Alternative, estimate: Estimate, load: Workload, task: str, catalog: Catalog) -> Reading:
    ability = ability_of(alternative, task, catalog)
    if ability is None:
        family = catalog.derived.low_theta_of_family.get(task, {}).get(alternative.model.family)
        low = family if family is not None else catalog.derived.low_theta.get(task)
        return _unknown(quality_value(low) if low is not None else 0.0)
    spread = Z95 * ability.sd
    return Reading(
        ability.theta,
        quality_value(ability.theta),
        quality_value(ability.theta - spread),
        quality_value(ability.theta + spread),
        sd=ability.sd / (HIGHEST_THETA - LOWEST_THETA),
        estimated=ability.estimated,
        basis=ability.basis,
    )


def _cost(alternative: Alternative, estimate: Estimate, load: Workload, task: str, catalog: Catalog) -> Reading:
    if estimate.cost is None:
        return _unknown(0.0)
    usd = float(estimate.cost.usd_per_month)
    value = cost_value(usd)
    sources = tuple(dict.fromkeys(f"{line.source} ({line.checked})" for line in estimate.cost.lines))
    return Reading(usd, value, value, value, basis=sources)


def _latency(alternative: Alternative, estimate: Estimate, load: Workload, task: str, catalog: Catalog) -> Reading:
    return _unknown(0.0) if estimate.answer_s is None else _speed(estimate.answer_s, seconds_value)


def _throughput(alternative: Alternative, estimate: Estimate, load: Workload, task: str, catalog: Catalog) -> Reading:
    rate = estimate.output_tokens_per_s
    return _unknown(0.0) if rate is None else _speed(rate, throughput_value)


def _speed(interval: Interval, value: Callable[[float], float]) -> Reading:
    """Read a speed: at the geometric middle of its interval, or, where only the kind of model is known, at its worst end.

    What is true of any model is no better news than an unknown, and stands in for it as section 3 has it.
    """
    low, high = sorted((value(interval.low), value(interval.high)))
    worst = interval.low if value(interval.low) < value(interval.high) else interval.high
    raw = worst if interval.generic else math.sqrt(interval.low * interval.high)
    return Reading(raw, value(raw), low, high, (high - low) / (2 * Z90), estimated=interval.kind == "estimated", basis=(interval.basis,))


def _context(alternative: Alternative, estimate: Estimate, load: Workload, task: str, catalog: Catalog) -> Reading:
    window = context_window(alternative)
    if window is None:
        return _unknown(0.0)
    value = context_value(window, float(load.longest_input_tokens + load.longest_output_tokens))
    return Reading(float(window), value, value, value)


def context_window(alternative: Alternative) -> int | None:
    """Return the tokens that a request may hold: the offering's own limit, else the model's."""
    for limits in (alternative.offering.limits, alternative.model.limits):
        if limits is not None and (limits.context_tokens or limits.input_tokens):
            return limits.context_tokens or limits.input_tokens
    return None


def _factuality(alternative: Alternative, estimate: Estimate, load: Workload, task: str, catalog: Catalog) -> Reading:
    """Hallucination rate; never taken from general ability, with which it goes badly together."""
    found = catalog.derived.factuality.get(alternative.model.id, ())
    measured = next((m for m in found if m.effort == alternative.effort), None) or next((m for m in found if m.effort is None), None)
    if measured is None:
        poor = catalog.derived.poor_factuality
        return _unknown(factuality_value(poor) if poor is not None else 0.0)
    rate = (measured.low + measured.high) / 2
    return Reading(rate, factuality_value(rate), factuality_value(measured.high), factuality_value(measured.low), basis=(measured.basis,))


CRITERIA: Mapping[Criterion, CriterionRow] = {
    row.name: row
    for row in (
        CriterionRow("quality", "theta", True, "ability at the task, from benchmarks", _quality, of_model=True),
        CriterionRow("cost", "usd_per_month", False, "cost of a month of the workload", _cost),
        CriterionRow("latency", "s", False, "seconds of a whole answer", _latency),
        CriterionRow("throughput", "output_tokens_per_s", True, "output tokens a second", _throughput),
        CriterionRow("context", "tokens", True, "headroom of the context window over the requests", _context),
        CriterionRow("factuality", "percent", False, "hallucination rate on given documents", _factuality, of_model=True),
    )
}
"""Every criterion, in the order in which parts of a score are given."""


def rank_order_weights(count: int) -> list[Decimal]:
    """Rank-order centroid weights: w_i = (1/n) sum over j = i..n of 1/j (Barron and Barrett 1996)."""
    return [sum((Decimal(1) / j for j in range(i, count + 1)), Decimal(0)) / count for i in range(1, count + 1)]
