"""Evidence -> the speeds that relatives make one expect, and how wide they must be; run when the catalog is compiled.

Every model with a figure of its own is left out in turn and looked for in what the others say: the
interval of its family, the law of its size, the interval of all of its kind. The interval is then
widened until it holds `CONFIDENCE` of those left out (conformal prediction by leave-one-out, as the
jackknife+ of Barber, Candes, Ramdas and Tibshirani, Annals of Statistics 49(1), 2021).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from fmselect.catalog.derived import Measured, SizeLaw, Span, SpeedEvidence, Trial
from fmselect.catalog.schema import Benchmark, Model, Offering, Platform, Relative, Row
from fmselect.speed import active_billion, bounds_of, rate_at

CONFIDENCE = 0.9
"""Share of the speeds left out that an estimated interval has to hold."""
FEW_FACTOR = 2.0
"""What the largest error is multiplied by where too few were left out for a quantile (judgement)."""
SMALLEST_BILLION = 3
"""Models with fewer parameters are no measure for what is sold as a chat model (judgement)."""
LEAST_SIZES = 5
"""Sizes that a law of size needs (judgement)."""


@dataclass(frozen=True, slots=True)
class _Point:
    """One figure of one model."""

    name: str
    model: str | None
    family: str | None
    size: float | None
    low: float
    high: float
    reasons: bool = False

    @property
    def whose(self) -> str:
        """The model whose figures are left out together."""
        return self.model or self.name


_Key = Callable[[_Point], str | None]
"""What relatives share: a family, a model, or nothing."""


def fit(
    models: Mapping[str, Model], platforms: Mapping[str, Platform], offerings: Mapping[str, Offering], benchmarks: Mapping[str, Benchmark]
) -> SpeedEvidence:
    """Return everything that tells the speed of offerings without a figure of their own; deterministic."""
    rows = [(b, row) for _, b in sorted(benchmarks.items()) for row in b.rows if row.model in models]
    rates = [(b, row) for b, row in rows if b.measures == "output_tokens_per_s"]
    calls = [(b, row) for b, row in rows if b.measures == "call_s" and row.platform is not None]
    own, by_platform = _stated(models, platforms, offerings)
    points = [*own, *(_of_row(row, models[row.model]) for _, row in rates), *_relatives(benchmarks, "output_tokens_per_s")]
    firsts = [*(_of_row(row, models[row.model]) for _, row in calls), *_relatives(benchmarks, "call_s")]
    prompt = [point for point in firsts if not point.reasons]
    named = [point for point in points if point.family is not None]
    sized = [point for point in points if point.size is not None]
    usual = [point for point in points if point.size is None or point.size >= SMALLEST_BILLION]
    middles = [_middle(group) for group in _by_model(usual).values()]
    ends = [max(point.high for point in group) for group in _by_model(prompt).values()]
    trials = {
        "platform": _trial([factor for group in by_platform.values() for factor in _left_out(group, lambda _: "")]),
        "family": _trial(_left_out(named, lambda point: point.family)),
        "size": _trial(_size_left_out(sized)),
        "kind": _any_trial(middles),
        "first token": _any_trial(ends, only_above=True),
    }
    return SpeedEvidence(
        rates=_by_offering(rates),
        calls=_by_offering(calls),
        rate_of_model=_spans(named, lambda point: point.model),
        rate_of_family=_spans(named, lambda point: point.family),
        rate_of_platform={name: span for name, group in sorted(by_platform.items()) for span in _spans(group, lambda _: "").values()},
        rate_by_size=_law(sized),
        rate_of_any=_any(usual, middles),
        first_of_any=_any(prompt, ends, only_above=True),
        trials={name: trial for name, trial in trials.items() if trial is not None},
    )


def _stated(
    models: Mapping[str, Model], platforms: Mapping[str, Platform], offerings: Mapping[str, Offering]
) -> tuple[list[_Point], dict[str, list[_Point]]]:
    """Return the standard rates that offerings themselves tell, and those of platforms with accelerators of their own."""
    ordinary: list[_Point] = []
    special: dict[str, list[_Point]] = defaultdict(list)
    for _, offering in sorted(offerings.items()):
        model, platform = models[offering.model], platforms[offering.platform]
        if model.kind != "chat":
            continue
        for speed in offering.speed:
            bounds = bounds_of(speed) if speed.tier == "standard" else None
            if bounds is None or speed.output_tokens_per_s_at_least is not None:
                continue  # the least that is promised tells nothing of what is usual
            point = _Point(offering.id, model.id, model.family, active_billion(model), *bounds)
            (ordinary if platform.accelerator is None else special[platform.id]).append(point)
    return ordinary, special


def _of_row(row: Row, model: Model) -> _Point:
    low, high = _limits(row)
    return _Point(row.name, model.id, model.family, active_billion(model), low, high, model.reasoning is not None)


def _relatives(benchmarks: Mapping[str, Benchmark], measures: str) -> Iterator[_Point]:
    for _, benchmark in sorted(benchmarks.items()):
        for found in benchmark.relatives if benchmark.measures == measures else ():
            size = None if found.active_billion is None else float(found.active_billion)
            yield _Point(found.name, None, found.family, size, *_limits(found), found.reasons)


def _limits(row: Row | Relative) -> tuple[float, float]:
    return (row.score if row.low is None else row.low), (row.score if row.high is None else row.high)


def _by_offering(rows: Iterable[tuple[Benchmark, Row]]) -> dict[str, tuple[Measured, ...]]:
    found: dict[str, list[Measured]] = defaultdict(list)
    for benchmark, row in rows:
        if row.platform is not None:
            low, high = _limits(row)
            basis = f"{benchmark.name}, {low:g} to {high:g} {benchmark.unit.replace('_per_s', '/s')}, {row.on}"
            found[f"{row.model.partition('/')[2]}@{row.platform}"].append(Measured(effort=row.effort, low=low, high=high, basis=basis))
    return {name: tuple(entries) for name, entries in sorted(found.items())}


def _spans(points: Sequence[_Point], key: _Key) -> dict[str, Span]:
    groups: dict[str, list[_Point]] = defaultdict(list)
    for point in points:
        name = key(point)
        if name is not None:
            groups[name].append(point)
    return {
        name: Span(
            low=round(_middle(group), 4),
            high=round(_middle(group), 4),
            basis=tuple(dict.fromkeys(point.name for point in group)),
        )
        for name, group in sorted(groups.items())
    }


# ---------------------------------------------------------------- how wide: every model left out in turn


def _left_out(points: Sequence[_Point], key: _Key) -> list[float]:
    """Return by what factor the middle of its relatives misses each model that is left out."""
    factors: list[float] = []
    for whose, mine in _by_model(points).items():
        others = [point for point in points if point.whose != whose and key(point) == key(mine[0])]
        if others:
            ratio = _middle(others) / _middle(mine)
            factors.append(max(ratio, 1 / ratio))
    return factors


def _size_left_out(points: Sequence[_Point]) -> list[float]:
    """Return by what factor the law of size, fitted without it, misses each model."""
    factors: list[float] = []
    for whose, mine in _by_model(points).items():
        law = _law([point for point in points if point.whose != whose])
        if law is not None and mine[0].size is not None:
            ratio = rate_at(law, mine[0].size) / _middle(mine)
            factors.append(max(ratio, 1 / ratio))
    return factors


def _trial(factors: Sequence[float]) -> Trial | None:
    """Return the factor that holds `CONFIDENCE` of those left out, and how many it holds that it did not know."""
    if not factors:
        return None
    covered = sum(factor <= _factor([*factors[:index], *factors[index + 1 :]]) for index, factor in enumerate(factors))
    return Trial(factor=round(_factor(factors), 4), count=len(factors), covered=covered)


def _factor(factors: Sequence[float]) -> float:
    """Return the conformal quantile: the k-th smallest of n with k = ceil(CONFIDENCE (n + 1)); of too few, the doubled largest."""
    rank = math.ceil(CONFIDENCE * (len(factors) + 1))
    return sorted(factors)[rank - 1] if rank <= len(factors) else FEW_FACTOR * max(factors, default=1.0)


def _law(points: Sequence[_Point]) -> SizeLaw | None:
    """Fit log rate = intercept + slope x log(parameters per token) by least squares, every model once."""
    groups = list(_by_model(points).values())
    xs = [math.log(group[0].size) for group in groups if group[0].size]
    ys = [math.log(_middle(group)) for group in groups if group[0].size]
    if len(set(xs)) < LEAST_SIZES:
        return None
    mean_x, mean_y = fmean(xs), fmean(ys)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sum((x - mean_x) ** 2 for x in xs)
    return SizeLaw(
        intercept=round(mean_y - slope * mean_x, 6),
        slope=round(slope, 6),
        low_billion=round(math.exp(min(xs)), 4),
        high_billion=round(math.exp(max(xs)), 4),
        basis=tuple(dict.fromkeys(point.name for point in points)),
    )


def _any(points: Sequence[_Point], values: Sequence[float], *, only_above: bool = False) -> Span | None:
    """Return the interval that holds `CONFIDENCE` of all models, where there are enough to say."""
    bounds = _quantiles(values, only_above)
    if bounds is None:
        return None
    return Span(low=round(bounds[0], 4), high=round(bounds[1], 4), basis=tuple(_by_model(points)))


def _any_trial(values: Sequence[float], *, only_above: bool = False) -> Trial | None:
    """Return how many models the interval of all others holds."""
    intervals = [_quantiles([*values[:index], *values[index + 1 :]], only_above) for index in range(len(values))]
    told = [(bounds, value) for bounds, value in zip(intervals, values, strict=True) if bounds is not None]
    if not told:
        return None
    return Trial(factor=1.0, count=len(told), covered=sum(low <= value <= high for (low, high), value in told))


def _quantiles(values: Sequence[float], only_above: bool) -> tuple[float, float] | None:
    """Return the interval between two order statistics that the next value falls into with `CONFIDENCE`."""
    ranked, miss = sorted(values), 1 - CONFIDENCE
    above = math.ceil((1 - (miss if only_above else miss / 2)) * (len(ranked) + 1))
    below = 0 if only_above else len(ranked) + 1 - above
    if above > len(ranked) or (below < 1 and not only_above):
        return None
    return (0.0 if only_above else ranked[below - 1]), ranked[above - 1]


def _by_model(points: Sequence[_Point]) -> dict[str, list[_Point]]:
    groups: dict[str, list[_Point]] = defaultdict(list)
    for point in points:
        groups[point.whose].append(point)
    return groups


def _middle(points: Sequence[_Point]) -> float:
    """Return the geometric middle of the figures of one model."""
    return math.exp(fmean((math.log(point.low) + math.log(point.high)) / 2 for point in points))
