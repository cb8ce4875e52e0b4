"""Evidence -> ability per model, effort and task, with uncertainty; run when the catalog is compiled.

A one-factor model joins the benchmarks of one scale: y = a_b * theta + d_b + e, where y is the logit
of a share or a rating in logits, theta ~ N(0, 1) is the ability of a model at an effort, and the
slopes a_b > 0 are drawn to their median (decision-method, section 4). Jobs of chat models share a
scale; every other task has its own, and nothing is carried from one scale to another.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median, stdev

from fmselect.catalog.derived import Ability, Derived, Measured
from fmselect.catalog.schema import Benchmark, Model, Row, Task
from fmselect.units import EFFORTS, Effort

TAU = 0.25
"""Spread between benchmarks that the fit's own error does not see (fitted .19 to .32)."""
FAMILY_SD = 0.47
"""Least error of a family's mean, where the family's own spread does not show a larger one."""
TASK_SHRINKAGE = 16
"""Residuals on a task's own benchmarks count as n / (n + 16)."""
FAMILY_MEMBERS = 3
"""Members a family needs for a 10th percentile of its own."""
ELO_PER_LOGIT = 173.72
ROUNDS = 40
SLOPE_PRIOR = 5.0
"""How many rows the median slope counts for (judgement)."""
LEAST_ERROR = 0.1
"""No benchmark is taken to be more exact than this, in logits (judgement)."""
LEAST_SLOPE = 0.05
"""A better model never scores worse on a benchmark, but for error."""
ERROR_PRIOR = 10.0
"""How many rows the error expected beforehand counts for (judgement)."""
ERROR_SHARE = 0.5
"""Error expected beforehand, as a share of the slope: one board tells only part of an ability (judgement)."""
SUITE_VARIANCE = 0.02
"""Variance of what the benchmarks of one suite share besides ability, in theta: the same people, prompts
or harness. Thirty boards of one suite then tell no more than it allows. Measured with each suite outside
Arena text held out whole: the mean Spearman with its boards rises from .79 to .82; Arena overall alone: .78."""
SHOWN = 3
"""Results named as the basis of an ability."""

Unit = tuple[str, Effort | None]
"""A model at an effort, as it was measured."""


def fit(models: Mapping[str, Model], benchmarks: Mapping[str, Benchmark], tasks: Mapping[str, Task]) -> Derived:
    """Return everything derived from the evidence of a catalog; deterministic."""
    scale_of = _scales(models, benchmarks, tasks)
    fits = {
        scale: _Fit.of({name: benchmarks[name] for name, other in sorted(scale_of.items()) if other == scale})
        for scale in sorted(set(scale_of.values()))
    }
    abilities: dict[str, dict[str, tuple[Ability, ...]]] = {}
    low: dict[str, float] = {}
    low_of_family: dict[str, dict[str, float]] = {}
    for name, task in sorted(tasks.items()):
        found = fits.get(_scale(task))
        measured = _measured(task, found, models, benchmarks) if found else {}
        if not measured:
            continue
        abilities[name] = measured | _estimated(task, measured, models)
        low[name] = _tenth([ability.theta for entries in measured.values() for ability in entries])
        families: dict[str, list[float]] = defaultdict(list)
        for model, entries in measured.items():
            families[models[model].family].append(max(ability.theta for ability in entries))
        low_of_family[name] = {family: _tenth(thetas) for family, thetas in sorted(families.items()) if len(thetas) >= FAMILY_MEMBERS}
    factuality, calls = _intervals(benchmarks, "factuality"), _intervals(benchmarks, "call_s")
    return Derived(
        abilities=abilities,
        low_theta=low,
        low_theta_of_family=low_of_family,
        factuality=factuality,
        poor_factuality=_poor(factuality),
        effort_tokens=_effort_tokens(benchmarks),
        call_s=calls,
        poor_call_s=_poor(calls),
    )


# ---------------------------------------------------------------- scales


def _scale(task: Task) -> str:
    """Return the scale of a task: one for all jobs of chat models, one for each other task."""
    return "chat" if "chat" in task.kinds else task.id


def _scales(models: Mapping[str, Model], benchmarks: Mapping[str, Benchmark], tasks: Mapping[str, Task]) -> dict[str, str]:
    """Return the scale that each quality benchmark belongs to.

    That is the scale of the tasks that use it; one that no task uses still informs the chat scale
    when it rates mostly chat models, and nothing otherwise.
    """
    used = {use.benchmark: _scale(task) for _, task in sorted(tasks.items(), reverse=True) for use in task.benchmarks}
    found: dict[str, str] = {}
    for name, benchmark in benchmarks.items():
        if benchmark.measures != "quality" or not benchmark.rows:
            continue
        kinds = Counter(models[row.model].kind for row in benchmark.rows if row.model in models)
        if name in used:
            found[name] = used[name]
        elif kinds and kinds.most_common(1)[0][0] == "chat":
            found[name] = "chat"
    return found


# ---------------------------------------------------------------- the one-factor fit


def logit_of(score: float, benchmark: Benchmark) -> float:
    """Return a score in logits, higher for better: a rating / 173.72, or the logit of a share."""
    if benchmark.unit == "elo":
        value = score / ELO_PER_LOGIT
    else:
        share = min(max(score / 100, 0.005), 0.995)
        value = math.log(share / (1 - share))
    return value if benchmark.higher_is_better else -value


@dataclass
class _Board:
    """One benchmark in the fit: y = slope * theta + offset + error."""

    rows: dict[Unit, float]
    slope: float = 1.0
    offset: float = 0.0
    error: float = 1.0

    def refit(self, theta: Mapping[Unit, float], se: Mapping[Unit, float], typical: float) -> None:
        """Fit the line through the board's rows, knowing that each theta is itself uncertain by its `se`."""
        xs = [theta[unit] for unit in self.rows]
        ys = list(self.rows.values())
        mean_x, mean_y = fmean(xs), fmean(ys)
        blur = sum(se[unit] ** 2 for unit in self.rows)
        sxx = sum((x - mean_x) ** 2 for x in xs) + blur
        sxy = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
        self.slope = max((sxy + SLOPE_PRIOR * typical) / (sxx + SLOPE_PRIOR), LEAST_SLOPE)
        self.offset = mean_y - self.slope * mean_x
        squares = sum((y - self.offset - self.slope * x) ** 2 for x, y in zip(xs, ys, strict=True)) + self.slope**2 * blur
        prior = ERROR_PRIOR * (self.slope * ERROR_SHARE) ** 2
        self.error = max(math.sqrt((squares + prior) / (len(xs) + ERROR_PRIOR)), LEAST_ERROR)


@dataclass
class _Fit:
    """Abilities on one scale."""

    boards: dict[str, _Board]
    theta: dict[Unit, float] = field(default_factory=dict)
    error: dict[Unit, float] = field(default_factory=dict)

    @classmethod
    def of(cls, benchmarks: Mapping[str, Benchmark]) -> _Fit:
        boards = {
            name: _Board({(row.model, row.effort): logit_of(row.score, benchmark) for row in benchmark.rows})
            for name, benchmark in benchmarks.items()
        }
        found = cls({name: board for name, board in boards.items() if len(board.rows) > 1})
        if found.boards:
            found._solve()
        return found

    def _solve(self) -> None:
        on: dict[Unit, dict[str, list[tuple[_Board, float]]]] = defaultdict(lambda: defaultdict(list))
        for name, board in self.boards.items():
            mean = fmean(board.rows.values())
            board.offset, board.slope = mean, max(_deviation(list(board.rows.values()), mean), LEAST_SLOPE)
            for unit, y in board.rows.items():
                on[unit][_suite(name)].append((board, y))
        units = sorted(on, key=lambda unit: (unit[0], unit[1] or ""))
        for _ in range(ROUNDS):
            for unit in units:
                information = pull = 0.0
                for rows in on[unit].values():
                    told = [(board.slope / board.error) ** 2 for board, _ in rows]
                    share = 1 / (1 + SUITE_VARIANCE * (sum(told) - max(told)))
                    information += share * sum(told)
                    pull += share * sum(board.slope * (y - board.offset) / board.error**2 for board, y in rows)
                self.theta[unit] = pull / (information + 1)
                self.error[unit] = math.sqrt(1 / (information + 1))
            self._standardize(units)
            typical = median(board.slope for board in self.boards.values())
            for board in self.boards.values():
                board.refit(self.theta, self.error, typical)

    def _standardize(self, units: Sequence[Unit]) -> None:
        """Fix the scale, which the model leaves open: mean 0 and deviation 1 over everything measured.

        What is uncertain about each theta is part of that deviation, so that two models with nearly
        the same score are not drawn apart.
        """
        mean = fmean(self.theta[unit] for unit in units)
        deviation = math.sqrt(fmean((self.theta[unit] - mean) ** 2 + self.error[unit] ** 2 for unit in units))
        for unit in units:
            self.theta[unit] = (self.theta[unit] - mean) / deviation
            self.error[unit] /= deviation


def _suite(name: str) -> str:
    """Return the suite of a benchmark: those whose ids begin with the same two words are parts of one."""
    return "-".join(name.split("-")[:2])


def _deviation(values: Sequence[float], mean: float) -> float:
    return math.sqrt(fmean((value - mean) ** 2 for value in values))


# ---------------------------------------------------------------- abilities by task


def _measured(task: Task, found: _Fit, models: Mapping[str, Model], benchmarks: Mapping[str, Benchmark]) -> dict[str, tuple[Ability, ...]]:
    """Return the abilities at a task of all models of its kinds that were measured, by effort."""
    entries: dict[str, list[Ability]] = defaultdict(list)
    rows = _rows_by_unit(benchmarks, found.boards)
    own = {use.benchmark: float(use.weight) for use in task.benchmarks if use.benchmark in found.boards}
    total = sum(own.values()) or 1.0
    weights = {name: weight * len(own) / total for name, weight in own.items()}
    comparable = _comparable(rows, own)
    for unit, theta in sorted(found.theta.items(), key=lambda pair: (pair[0][0], _order(pair[0][1]))):
        model, effort = unit
        if model not in models or models[model].kind not in task.kinds or unit not in comparable:
            continue
        residuals = [
            weight * ((board.rows[unit] - board.offset) / board.slope - theta)
            for name, weight in weights.items()
            if unit in (board := found.boards[name]).rows
        ]
        entries[model].append(
            Ability(
                effort=effort,
                theta=round(theta + sum(residuals) / (len(residuals) + TASK_SHRINKAGE), 6),
                sd=round(math.hypot(found.error[unit], TAU), 6),
                basis=_basis(rows[unit], own, benchmarks),
            )
        )
    return {model: tuple(abilities) for model, abilities in entries.items()}


def _comparable(rows: Mapping[Unit, Sequence[tuple[str, Row]]], own: Mapping[str, float]) -> set[Unit]:
    """Return the efforts of each model that may stand beside each other at a task.

    Two efforts measured on different benchmarks are compared by their benchmarks, not by their efforts.
    So where the task's own benchmarks speak for a model, an effort they do not speak for is left out, and
    so is one for which they say only part of what they say for another. Where they say nothing of the
    model, an effort with less than half the results of another is left out.
    """
    by_model: dict[str, list[Unit]] = defaultdict(list)
    for unit in rows:
        by_model[unit[0]].append(unit)
    kept: set[Unit] = set()
    for units in by_model.values():
        told = {unit: frozenset(_suite(name) for name, _ in rows[unit] if name in own) for unit in units}
        most = max(len(rows[unit]) for unit in units)
        if any(told.values()):
            kept.update(unit for unit in units if told[unit] and not any(told[unit] < other for other in told.values()))
        else:
            kept.update(unit for unit in units if 2 * len(rows[unit]) >= most)
    return kept


def _rows_by_unit(benchmarks: Mapping[str, Benchmark], names: Iterable[str]) -> dict[Unit, list[tuple[str, Row]]]:
    rows: dict[Unit, list[tuple[str, Row]]] = defaultdict(list)
    for name in names:
        for row in benchmarks[name].rows:
            rows[row.model, row.effort].append((name, row))
    return rows


def _basis(rows: Sequence[tuple[str, Row]], own: Mapping[str, float], benchmarks: Mapping[str, Benchmark]) -> tuple[str, ...]:
    """Name the results that tell most: those of the task's own benchmarks first, the weightiest first."""
    telling = sorted(rows, key=lambda pair: (-own.get(pair[0], 0.0), pair[0]))
    return tuple(_said(benchmarks[name], row) for name, row in telling[:SHOWN])


def _said(benchmark: Benchmark, row: Row) -> str:
    limits = f" ({row.low:g} to {row.high:g})" if row.low is not None and row.high is not None else ""
    effort = f", {row.effort} effort" if row.effort else ""
    return f"{benchmark.name} {row.score:g}{limits}{effort}, {row.on}"


def _estimated(task: Task, measured: Mapping[str, tuple[Ability, ...]], models: Mapping[str, Model]) -> dict[str, tuple[Ability, ...]]:
    """Return the family's mean for models of the task's kinds that nobody measured."""
    members: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for model, abilities in sorted(measured.items()):
        members[models[model].family].append((model, max(ability.theta for ability in abilities)))
    return {
        name: (
            Ability(
                theta=round(fmean(theta for _, theta in members[model.family]), 6),
                sd=round(max(FAMILY_SD, _spread([theta for _, theta in members[model.family]])), 6),
                estimated=True,
                basis=(f"mean of the family {model.family}: {', '.join(member for member, _ in members[model.family])}",),
            ),
        )
        for name, model in sorted(models.items())
        if model.kind in task.kinds and name not in measured and model.family in members
    }


def _spread(values: Sequence[float]) -> float:
    """Return the error to expect of the next member of a family, from how far its members lie apart."""
    return stdev(values) * math.sqrt(1 + 1 / len(values)) if len(values) > 1 else 0.0


def _tenth(values: Sequence[float]) -> float:
    """Return the 10th percentile, taken from below so that it is one of the values."""
    return round(sorted(values)[len(values) // 10], 6)


def _order(effort: Effort | None) -> int:
    return -1 if effort is None else EFFORTS.index(effort)


# ---------------------------------------------------------------- what is used as measured


def _intervals(benchmarks: Mapping[str, Benchmark], measures: str) -> dict[str, tuple[Measured, ...]]:
    found: dict[str, list[Measured]] = defaultdict(list)
    for _, benchmark in sorted(benchmarks.items()):
        for row in benchmark.rows if benchmark.measures == measures else ():
            low = row.low if row.low is not None else row.score
            high = row.high if row.high is not None else row.score
            found[row.model].append(Measured(effort=row.effort, low=low, high=high, basis=_said(benchmark, row)))
    return {model: tuple(entries) for model, entries in sorted(found.items())}


def _poor(measured: Mapping[str, tuple[Measured, ...]]) -> float | None:
    """Return the 90th percentile of what is better when it is lower; None when nothing was measured."""
    values = sorted((entry.low + entry.high) / 2 for entries in measured.values() for entry in entries)
    return values[-1 - len(values) // 10] if values else None


def _effort_tokens(benchmarks: Mapping[str, Benchmark]) -> dict[str, dict[Effort, float]]:
    found: dict[str, dict[Effort, float]] = defaultdict(dict)
    for _, benchmark in sorted(benchmarks.items()):
        for row in benchmark.rows if benchmark.measures == "output_tokens" else ():
            if row.effort is not None:
                found[row.model][row.effort] = row.score
    return {model: dict(sorted(tokens.items(), key=lambda pair: _order(pair[0]))) for model, tokens in sorted(found.items())}
