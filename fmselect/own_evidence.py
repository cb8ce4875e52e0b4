"""The user's own results beside the public boards: abilities as both say, without refitting anything.

Public boards say of each model's ability at a task theta ~ N(theta_0, sd^2). A board of the user's own
says y = a * theta + d + e of the models it names: y is the logit of a share, or a rating in logits; the
slope a is the public boards' usual one, taken when the catalog is compiled; the offset d, how hard the
board is, follows from the other models on it. The two are joined by precision, model by model:

    r = (y - d) / a,    d = sum of w_j (y_j - a theta_j) / sum of w_j    over the other models j on the board
    v = s^2 / a^2 + ERROR_SHARE^2 / weight + var(d) / a^2
    theta = (theta_0 / sd^2 + sum of r / v) / (1 / sd^2 + sum of 1 / v)

with s the error of the number of cases, and 1 / w_j = a^2 sd_j^2 + s_j^2 + a^2 ERROR_SHARE^2 / weight.
Since neither a, s nor a model's own d depend on its score, a higher score never lowers the model.
A board of one model says nothing: nobody knows how hard it is.
"""

from __future__ import annotations

import math
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from fmselect.catalog.catalog import Catalog
from fmselect.catalog.records import changed
from fmselect.errors import Problem, did_you_mean

if TYPE_CHECKING:
    from fmselect.catalog.derived import Ability, Derived
    from fmselect.catalog.schema import Benchmark, Model, Row, Task

ERROR_SHARE = 0.5
"""What one board says besides ability, as a share of the slope; the fit of the public boards expects the same."""
USUAL_SLOPE = 0.8
"""Logits per standard deviation of ability, where no public board of the task tells (the median of chat's)."""
ELO_PER_LOGIT = 173.72
TYPICAL_SHARE = 0.8
"""Where the error of a share is taken, so that it does not depend on the score (judgement)."""
UNKNOWN_CASES = 30
"""Cases that a result is taken to rest on when it states neither them nor an interval (judgement)."""
EFFORT_SD = 0.4
"""Spread between the efforts of a model, where fewer than two were measured (judgement)."""
ALONE_SD = 1.0
"""Spread of the abilities of all models: what is known of one that no public board measured."""
Z95 = 1.959964

Abilities = Mapping[str, "tuple[Ability, ...]"]


def slopes(derived: Derived, benchmarks: Mapping[str, Benchmark], tasks: Mapping[str, Task]) -> dict[str, dict[str, float]]:
    """Return the usual slope of the public boards by task and unit, from abilities that were just fitted."""
    found: dict[str, dict[str, float]] = {}
    for name, abilities in derived.abilities.items():
        theta = {(model, ability.effort): ability.theta for model, entries in abilities.items() for ability in entries}
        by_unit: dict[str, list[float]] = {}
        for use in tasks[name].benchmarks:
            board = benchmarks.get(use.benchmark)
            points = (
                [(theta[row.model, row.effort], in_logits(row, board)) for row in board.rows if (row.model, row.effort) in theta]
                if board
                else []
            )
            if board and (slope := _slope(points)) is not None:
                by_unit.setdefault(board.unit, []).append(slope)
        found[name] = {unit: round(sorted(values)[len(values) // 2], 6) for unit, values in sorted(by_unit.items())}
    return found


def _slope(points: Sequence[tuple[float, float]]) -> float | None:
    """Return the slope of the line through some points; None where they are few or do not rise."""
    if len(points) < 5:
        return None
    mean_x, mean_y = (sum(axis) / len(points) for axis in zip(*points, strict=True))
    sxx = sum((x - mean_x) ** 2 for x, _ in points)
    sxy = sum((x - mean_x) * (y - mean_y) for x, y in points)
    return sxy / sxx if sxx > 0 and sxy > 0 else None


def in_logits(row: Row, benchmark: Benchmark) -> float:
    """Return a result in logits, higher for better; half a case is added to either side, so that 100% stays finite."""
    if benchmark.unit == "elo":
        value = row.score / ELO_PER_LOGIT
    else:
        cases = row.n or UNKNOWN_CASES
        right = min(max(row.score / 100, 0.0), 1.0) * cases
        value = math.log((right + 0.5) / (cases - right + 0.5))
    return value if benchmark.higher_is_better else -value


def _variance(row: Row, benchmark: Benchmark) -> float:
    """Return the error of a result in logits, squared; of the same cases or width it is the same at every score."""
    width = (row.high - row.low) / 2 / Z95 if row.low is not None and row.high is not None else None
    if benchmark.unit == "elo":
        return ((width if width is not None else ELO_PER_LOGIT) / ELO_PER_LOGIT) ** 2
    steep = TYPICAL_SHARE * (1 - TYPICAL_SHARE)
    if row.n is None and width is not None:
        return (width / 100 / steep) ** 2
    return 1 / ((row.n or UNKNOWN_CASES) * steep)


class _Said(msgspec.Struct, frozen=True):
    """One result of the user's own, beside what public boards say of the model."""

    row: Row
    y: float
    variance: float
    """Error of y besides that of theta, squared, in logits."""
    theta: float
    theta_variance: float
    known: bool
    """Whether public boards, or the model's family, say anything of it."""


class _Measure(msgspec.Struct, frozen=True):
    """What one result says of the ability of a model."""

    benchmark: Benchmark
    row: Row
    weight: float
    theta: float
    variance: float


def counted(catalog: Catalog, weights: Mapping[str, Decimal], tasks: Sequence[str]) -> Catalog:
    """Return the catalog with the abilities at the tasks as public boards and the user's own benchmarks together say.

    `weights` gives, by benchmark, how many public boards it counts as; 0 leaves it out.
    """
    heard = {name: float(weight) for name, weight in sorted(weights.items()) if weight > 0}
    if not heard:
        return catalog
    updated = {name: dict(_updated(catalog, catalog.tasks[name], heard)) for name in tasks}
    abilities = ChainMap(updated, catalog.derived.abilities)  # type: ignore[arg-type]  # only read
    return replace(catalog, derived=changed(catalog.derived, abilities=abilities))


def unknown(catalog: Catalog, names: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for every name that is no benchmark of the user's own."""
    own = [name for name, benchmark in catalog.benchmarks.items() if benchmark.own]
    for name in names:
        if name in own:
            continue
        if name in catalog.benchmarks:
            message = f"'{name}' is a public board, and counts already; name one of your own, with `own: true` in its file"
        else:
            message = f"'{name}' is no benchmark of your own{did_you_mean(name, own) or '; bring one with `fmselect evidence import FILE`'}"
        yield Problem(message, field="evidence")


def silent(catalog: Catalog, name: str, task: str) -> str | None:
    """Return why a benchmark of the user's own says nothing about a task; None when it does."""
    models = {row.model for row in catalog.benchmarks[name].rows if _does(catalog.models.get(row.model), catalog.tasks[task])}
    known = {model for model in models if catalog.derived.abilities.get(task, {}).get(model)}
    if not models:
        return "it names no model that does the task"
    if len(models) == 1:
        return f"it names one model only, {next(iter(models))}: nobody can tell how hard it is, so measure another one"
    return None if known else "public boards know none of its models, so they cannot be placed beside the others"


def _does(model: Model | None, task: Task) -> bool:
    return model is not None and model.kind in task.kinds


def _updated(catalog: Catalog, task: Task, weights: Mapping[str, float]) -> Abilities:
    public = catalog.derived.abilities.get(task.id, {})
    measures: dict[str, list[_Measure]] = {}
    for name, weight in weights.items():
        board = catalog.benchmarks[name]
        slope = catalog.derived.slopes.get(task.id, {}).get(board.unit, USUAL_SLOPE)
        said = [_said(row, board, slope, weight, public) for row in board.rows if _does(catalog.models.get(row.model), task)]
        for model, measure in _measures(said, board, slope, weight):
            measures.setdefault(model, []).append(measure)
    if not measures:
        return public
    blank = next(entry for entries in public.values() for entry in entries)
    return {**public, **{model: tuple(_joined(public.get(model, ()), found, type(blank))) for model, found in measures.items()}}


def _said(row: Row, board: Benchmark, slope: float, weight: float, public: Abilities) -> _Said:
    theta, variance, known = _before(public.get(row.model, ()), row)
    return _Said(row, in_logits(row, board), _variance(row, board) + (slope * ERROR_SHARE) ** 2 / weight, theta, variance, known)


def _before(abilities: Sequence[Ability], row: Row) -> tuple[float, float, bool]:
    """Return what is known beforehand of the model at the effort of a result: theta, its variance, and whether anything is."""
    same = next((ability for ability in abilities if ability.effort == row.effort or ability.estimated), None)
    if same is not None:
        return same.theta, same.sd**2, True
    if not abilities:
        return 0.0, ALONE_SD**2, False
    theta, spread = _all_efforts(abilities)
    return theta, sum(ability.sd**2 for ability in abilities) / len(abilities) + spread, True


def _all_efforts(abilities: Sequence[Ability]) -> tuple[float, float]:
    """Return the mean of a model's abilities over its efforts, and their variance."""
    mean = sum(ability.theta for ability in abilities) / len(abilities)
    spread = sum((ability.theta - mean) ** 2 for ability in abilities) / len(abilities)
    return mean, spread if len(abilities) > 1 else EFFORT_SD**2


def _measures(said: Sequence[_Said], board: Benchmark, slope: float, weight: float) -> Iterator[tuple[str, _Measure]]:
    """Yield what each result says of its model: beside the other models, which tell how hard the board is."""
    for one in said:
        others = [other for other in said if other.known and other.row.model != one.row.model]
        if not others:
            continue
        shares = [1 / (slope**2 * other.theta_variance + other.variance) for other in others]
        offset = sum(share * (other.y - slope * other.theta) for share, other in zip(shares, others, strict=True)) / sum(shares)
        variance = (one.variance + 1 / sum(shares)) / slope**2
        yield one.row.model, _Measure(board, one.row, weight, (one.y - offset) / slope, variance)


def _joined(abilities: Sequence[Ability], measures: Sequence[_Measure], made: type[Ability]) -> Iterator[Ability]:
    """Yield the abilities of one model, as public boards and the user's own say together.

    A result at no stated effort speaks for all efforts alike, with their spread as further error; one at
    an effort that no public board measured gives the model an ability there.
    """
    measured = [ability for ability in abilities if not ability.estimated]
    known = [*measured, *_unmeasured(abilities, measures, made)]
    mean, spread = _all_efforts(known)
    for ability in known:
        mine: list[tuple[_Measure, float, float]] = []
        for measure in measures:
            if measure.row.effort == ability.effort:
                mine.append((measure, measure.theta, measure.variance))
            elif measure.row.effort is None and ability in measured:
                mine.append((measure, measure.theta + ability.theta - mean, measure.variance + spread))
        yield _joined_one(ability, mine) if mine else ability
    if all(ability.effort is not None for ability in known):
        yield from (ability for ability in abilities if ability.estimated)


def _unmeasured(abilities: Sequence[Ability], measures: Sequence[_Measure], made: type[Ability]) -> Iterator[Ability]:
    """Yield an ability for every effort that only the user measured: what is known beforehand, to be joined."""
    efforts = {ability.effort for ability in abilities if not ability.estimated}
    for effort, row in {measure.row.effort: measure.row for measure in measures}.items():
        if effort not in efforts and (effort is not None or not efforts):
            theta, variance, _ = _before(abilities, row)
            yield made(effort=effort, theta=theta, sd=math.sqrt(variance))


def _joined_one(ability: Ability, measures: Sequence[tuple[_Measure, float, float]]) -> Ability:
    precision = 1 / ability.sd**2 + sum(1 / variance for _, _, variance in measures)
    theta = (ability.theta / ability.sd**2 + sum(theta / variance for _, theta, variance in measures)) / precision
    moved = f"which {'moves' if len(measures) == 1 else 'together move'} the ability from {ability.theta:+.2f} to {theta:+.2f}"
    return changed(
        ability,
        theta=round(theta, 6),
        sd=round(math.sqrt(1 / precision), 6),
        estimated=False,
        basis=(*(_own(measure) for measure, _, _ in measures), moved, *ability.basis),
    )


def _own(measure: _Measure) -> str:
    """Say a result of the user's own for people."""
    row, board = measure.row, measure.benchmark
    limits = f" ({row.low:g} to {row.high:g})" if row.low is not None and row.high is not None else ""
    cases = f", {row.n} cases" if row.n else ""
    effort = f", {row.effort} effort" if row.effort else ""
    return f"your {board.id} {row.score:g}{limits}{cases}{effort}, {row.on}, counted as {measure.weight:g} public boards"
