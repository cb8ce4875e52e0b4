"""Evidence -> ability per model, effort and task, with uncertainty; run when the catalog is compiled.

A one-factor model joins the benchmarks of one scale: y = a_b * theta + d_b + e, where y is the logit
of a share or a rating in logits, theta is the ability of a model at an effort, and the slopes a_b > 0
are drawn to their median (decision-method, section 4). What is expected of a model before any result
is what models of its time can do. Besides ability, the benchmarks of one suite share something, and
each set of votes or runs has something of its own; the ability at a task is what is expected over the
task's own benchmarks, these included. Jobs of chat models share a scale; every other task has its own,
and nothing is carried from one scale to another.

What the constants are worth is measured by holding evidence out: `make evidence-report`, and
docs/explanation/evidence.md for the ways that were tried.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median, stdev

from fmselect.catalog.derived import Ability, Derived, Expected, Fitted, Measured
from fmselect.catalog.schema import Benchmark, Model, Row, Task
from fmselect.units import EFFORTS, Effort

TAU = 0.22
"""Spread between benchmarks that the fit's own error does not see: what makes claims about suites held out come true."""
FAMILY_SD = 0.45
"""Least error of what a model's time, size and family say (leave-one-out .42 to .44)."""
OUTLOOK_SD = 0.55
"""The same of time and size without a family (leave-family-out .47 where the size is known, .52 to .57 where it is not)."""
UNDATED_FAMILY_SD = 0.77
"""The same of the family alone, where the release date is unknown (leave-one-out)."""
FAMILY_MEMBERS = 3
"""Members a family needs for a 10th percentile of its own."""
ELO_PER_LOGIT = 173.72
ROUNDS = 40
SLOPE_PRIOR = 5.0
"""How many rows the median slope counts for (judgement)."""
LEAST_ERROR = 0.03
"""No benchmark is taken to be more exact than this, in logits (.1 foretold other suites less well)."""
LEAST_SLOPE = 0.05
"""A better model never scores worse on a benchmark, but for error."""
ERROR_PRIOR = 10.0
"""How many rows the error expected beforehand counts for (judgement)."""
ERROR_SHARE = 0.5
"""Error expected beforehand, as a share of the slope: one board tells only part of an ability (judgement)."""
OUTLIER = 3.0
"""A row counts for no more than three errors when the error of its benchmark is found: one result far above
the rest must not make the whole benchmark, and so itself, count for less (judgement)."""
SUITE_VARIANCE = 0.04
"""Variance of what the benchmarks of one suite share besides ability, in theta: the same people, prompts
or harness. Thirty boards of one suite then tell no more of ability than it allows. Measured with whole suites
held out."""
LASTING = 0.6
"""Share of what is a board's own that the same prompts would show again; the rest is chance."""
DAYS_A_YEAR = 365.25
USUAL_YEAR, USUAL_BILLION = 2025.5, 100.0
"""Where release dates and sizes are counted from; no result depends on it."""
LEAST_DATED = 10
"""Results at models with a release date that a scale needs before it expects anything of a date (judgement)."""
TREND_PRIOR = 1.0
"""How many results, a year or a tenfold size apart, no trend at all counts for (judgement)."""
RELATIVES_PRIOR = 1.0
"""How many relatives exactly on the trend are added to a family."""
LEAST_DOUBT = 0.1
"""Least variance of what is expected of a model by its date (judgement; .25 is what is found)."""
Z95 = 1.959964
SHOWN = 3
"""Results named as the basis of an ability."""

Unit = tuple[str, Effort | None]
"""A model at an effort, as it was measured."""


def fit(models: Mapping[str, Model], benchmarks: Mapping[str, Benchmark], tasks: Mapping[str, Task]) -> Derived:
    """Return everything derived from the evidence of a catalog; deterministic."""
    scale_of = _scales(models, benchmarks, tasks)
    fits = {
        scale: _Fit.of({name: benchmarks[name] for name, other in sorted(scale_of.items()) if other == scale}, models)
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
        abilities[name] = measured | estimated(task, measured, models)
        low[name] = _tenth([ability.theta for entries in measured.values() for ability in entries])
        families: dict[str, list[float]] = defaultdict(list)
        for model, entries in measured.items():
            families[models[model].family].append(max(ability.theta for ability in entries))
        low_of_family[name] = {family: _tenth(thetas) for family, thetas in sorted(families.items()) if len(thetas) >= FAMILY_MEMBERS}
    factuality = _intervals(benchmarks, "factuality")
    tokens = _effort_tokens(benchmarks)
    return Derived(
        abilities=abilities,
        low_theta=low,
        low_theta_of_family=low_of_family,
        factuality=factuality,
        poor_factuality=_poor(factuality),
        effort_tokens=tokens,
        usual_effort_ratio=_usual_ratio(tokens),
        boards={name: board.fitted(scale) for scale, found in sorted(fits.items()) for name, board in sorted(found.boards.items())},
        expected={scale: found.expected for scale, found in sorted(fits.items()) if found.expected},
    )


def beats(one: Ability, other: Ability) -> float:
    """Return the probability that one ability is higher than another (decision-method, section 4)."""
    return 0.5 * (1 + math.erf((one.theta - other.theta) / math.hypot(one.sd, other.sd) / math.sqrt(2)))


def shares(task: Task, benchmarks: Mapping[str, Benchmark]) -> dict[str, float]:
    """Return what share of a task's quality each of its benchmarks is; two cuts of the same votes have one share together."""
    own = {use.benchmark: float(use.weight) for use in task.benchmarks}
    weights = _weights(own, benchmarks)
    total = sum(weights.values())
    return {name: weights[_path(benchmarks[name])] / total for name in own}


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

    path: tuple[str, str]
    """Its branch: the suite, and the same votes or runs."""
    rows: dict[Unit, float]
    widths: dict[Unit, float]
    """Variance of each row in logits, where the benchmark tells its limits."""
    usual: float
    """Their mean."""
    slope: float = 1.0
    offset: float = 0.0
    error: float = 1.0
    own: float = 1.0
    """Variance in theta of what neither ability, nor the suite, nor the limits explain."""

    @classmethod
    def of(cls, benchmark: Benchmark) -> _Board:
        rows = {(row.model, row.effort): logit_of(row.score, benchmark) for row in benchmark.rows}
        spans = {(row.model, row.effort): (row.low, row.high) for row in benchmark.rows if row.low is not None and row.high is not None}
        widths: dict[Unit, float] = {}
        if spans:
            middle = median(high - low for low, high in spans.values()) or 1.0
            logits = median(abs(logit_of(high, benchmark) - logit_of(low, benchmark)) / (2 * Z95) for low, high in spans.values())
            ratio = {unit: (high - low) / middle for unit, (low, high) in spans.items()}
            widths = {unit: (logits * ratio.get(unit, 1.0)) ** 2 for unit in rows}
        return cls(_path(benchmark), rows, widths, fmean(widths.values()) if widths else 0.0)

    @classmethod
    def known(cls, benchmark: Benchmark, found: Fitted) -> _Board:
        """Return the board as it was found."""
        board = cls.of(benchmark)
        board.slope, board.offset, board.own = found.slope, found.offset, found.own
        return board

    def fitted(self, scale: str) -> Fitted:
        """Return what was found, as it is kept."""
        return Fitted(scale=scale, slope=round(self.slope, 9), offset=round(self.offset, 9), own=round(self.own, 9))

    def refit(self, theta: Mapping[Unit, float], variance: Mapping[Unit, float], typical: float) -> None:
        """Fit the line through the board's rows, knowing that each theta is itself uncertain."""
        xs = [theta[unit] for unit in self.rows]
        ys = list(self.rows.values())
        mean_x, mean_y = fmean(xs), fmean(ys)
        blur = sum(variance[unit] for unit in self.rows)
        sxx = sum((x - mean_x) ** 2 for x in xs) + blur
        sxy = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
        self.slope = max((sxy + SLOPE_PRIOR * typical) / (sxx + SLOPE_PRIOR), LEAST_SLOPE)
        self.offset = mean_y - self.slope * mean_x
        far = (OUTLIER * self.error) ** 2
        squares = sum(min((y - self.offset - self.slope * x) ** 2, far) for x, y in zip(xs, ys, strict=True)) + self.slope**2 * blur
        prior = ERROR_PRIOR * (self.slope * ERROR_SHARE) ** 2
        self.error = max(math.sqrt((squares + prior) / (len(xs) + ERROR_PRIOR)), LEAST_ERROR)
        self.own = max((self.error**2 - self.usual) / self.slope**2 - SUITE_VARIANCE, (LEAST_ERROR / self.slope) ** 2)


@dataclass
class _Part:
    """What the rows of one unit on the same votes or runs tell together."""

    rows: list[tuple[_Board, float, float]]
    """Board, score and variance of the score, in logits."""
    told: float = 0.0
    """How exactly the part tells of its own ability: 1 / variance."""
    mean: float = 0.0
    own: float = 0.0
    """Variance of what is the part's own, besides its suite."""

    def gather(self) -> None:
        """Join the rows."""
        told = pull = own = 0.0
        for board, y, width in self.rows:
            own += board.own
            exact = 1 / ((1 - LASTING) * board.own + width / board.slope**2)
            told += exact
            pull += exact * (y - board.offset) / board.slope
        self.told, self.mean, self.own = told, pull / told, LASTING * own / len(self.rows)


@dataclass
class _Evidence:
    """All rows of one unit as a tree: ability, suites, parts of a suite, rows.

    A suite shows the ability plus what its parts share besides (the same people, prompts or harness), a
    part that plus what is its own. All are Gaussian, so what is expected of each is a mean of the rows with
    weights that are never negative: a better score never lowers any of them.
    """

    suites: dict[str, dict[str, _Part]] = field(default_factory=dict)
    before: float = 0.0
    """Ability expected before any result."""
    doubt: float = 1.0
    """Its variance."""
    theta: float = 0.0
    variance: float = 1.0
    told: dict[str, tuple[float, float]] = field(default_factory=dict)
    """By suite: how exactly it tells of what its parts share, and what."""

    def add(self, board: _Board, unit: Unit) -> None:
        """Put a row where it belongs."""
        parts = self.suites.setdefault(board.path[0], {})
        parts.setdefault(board.path[1], _Part([])).rows.append((board, board.rows[unit], board.widths.get(unit, 0.0)))

    def gather(self) -> None:
        """Find the ability from all rows."""
        total = 1 / self.doubt
        pull = self.before * total
        for name, parts in self.suites.items():
            told = mean = 0.0
            for part in parts.values():
                part.gather()
                exact = 1 / (1 / part.told + part.own)
                told += exact
                mean += exact * part.mean
            self.told[name] = told, mean / told
            exact = 1 / (1 / told + SUITE_VARIANCE)
            total += exact
            pull += exact * mean / told
        self.theta, self.variance = pull / total, 1 / total

    def at(self, path: tuple[str, str]) -> tuple[float, float]:
        """Return what is expected on a part of a suite, and its variance."""
        if path[0] not in self.suites:
            return self.theta, self.variance + SUITE_VARIANCE
        theta, variance = _narrowed(self.theta, self.variance, SUITE_VARIANCE, *self.told[path[0]])
        part = self.suites[path[0]].get(path[1])
        return _narrowed(theta, variance, part.own, part.told, part.mean) if part else (theta, variance)


def _narrowed(theta: float, variance: float, own: float, told: float, mean: float) -> tuple[float, float]:
    """Return what is expected below a fork, given what is expected above it and what is told below it.

    What is expected above already holds what is told below, so that only the rest of the gap is due to what is
    the branch's own.
    """
    gain = own / (own + 1 / told) if own else 0.0
    return theta + gain * (mean - theta), gain / told + (1 - gain) ** 2 * variance


@dataclass
class _Fit:
    """Abilities on one scale."""

    boards: dict[str, _Board]
    models: Mapping[str, Model]
    evidence: dict[Unit, _Evidence] = field(default_factory=dict)
    expected: Expected | None = None
    """What is expected of each model before any result."""

    @classmethod
    def of(cls, benchmarks: Mapping[str, Benchmark], models: Mapping[str, Model]) -> _Fit:
        boards = {name: _Board.of(benchmark) for name, benchmark in benchmarks.items()}
        found = cls({name: board for name, board in boards.items() if len(board.rows) > 1}, models)
        if found.boards:
            found._solve()
        return found

    def _solve(self) -> None:
        found: dict[Unit, _Evidence] = defaultdict(_Evidence)
        for board in self.boards.values():
            mean = fmean(board.rows.values())
            board.offset, board.slope = mean, max(_deviation(list(board.rows.values()), mean), LEAST_SLOPE)
            for unit in board.rows:
                found[unit].add(board, unit)
        self.evidence = {unit: found[unit] for unit in sorted(found, key=lambda unit: (unit[0], unit[1] or ""))}
        for turn in range(ROUNDS):
            if turn:
                self._refit()
            for evidence in self.evidence.values():
                evidence.gather()

    def _refit(self) -> None:
        """Fit the boards to the abilities, on a scale of mean 0 and deviation 1 over everything measured.

        The model leaves the scale open. What is uncertain about each theta is part of the deviation, so that
        two models with nearly the same score are not drawn apart.
        """
        everything = self.evidence.values()
        mean = fmean(evidence.theta for evidence in everything)
        deviation = math.sqrt(fmean((evidence.theta - mean) ** 2 + evidence.variance for evidence in everything))
        thetas = {unit: (evidence.theta - mean) / deviation for unit, evidence in self.evidence.items()}
        variances = {unit: evidence.variance / deviation**2 for unit, evidence in self.evidence.items()}
        typical = median(board.slope for board in self.boards.values())
        for board in self.boards.values():
            board.refit(thetas, variances, typical)
        self._expect(thetas, variances)

    def _expect(self, thetas: Mapping[Unit, float], variances: Mapping[Unit, float]) -> None:
        """Expect of each model what models of its time and size can do, and its relatives more or less than those.

        A model's own results, at whatever effort, have no part in what is expected of it.
        """
        outlook = _Outlook.of([(self.models[unit[0]], theta) for unit, theta in thetas.items() if unit[0] in self.models])
        if outlook is None:
            return
        trend = {unit: usual for unit in thetas if (usual := outlook.of_model(self.models.get(unit[0]))) is not None}
        relatives = self._relatives({unit: thetas[unit] - usual for unit, usual in trend.items()})
        theta = {unit: usual + relatives[unit[0]] for unit, usual in trend.items()}
        doubt = max(fmean((thetas[unit] - theta[unit]) ** 2 + variances[unit] for unit in theta), LEAST_DOUBT)
        for unit, before in theta.items():
            self.evidence[unit].before, self.evidence[unit].doubt = before, doubt
        self.expected = Expected(thetas={model: round(theta[model, effort], 9) for model, effort in theta}, variance=round(doubt, 9))

    def _relatives(self, above: Mapping[Unit, float]) -> dict[str, float]:
        """Return how far each model's relatives lie above the trend, drawn to none."""
        by_model: dict[str, list[float]] = defaultdict(list)
        for (model, _), gap in above.items():
            by_model[model].append(gap)
        gaps = {model: fmean(found) for model, found in by_model.items()}
        families: dict[str, list[str]] = defaultdict(list)
        for model in gaps:
            families[self.models[model].family].append(model)
        return {
            model: sum(gaps[other] for other in members if other != model) / (len(members) - 1 + RELATIVES_PRIOR)
            for members in families.values()
            for model in members
        }


@dataclass(frozen=True)
class _Outlook:
    """What models of a release date and size can do, by least squares."""

    weights: tuple[float, ...]

    @classmethod
    def of(cls, points: Iterable[tuple[Model, float]]) -> _Outlook | None:
        """Fit models and their abilities; None where too few have a release date."""
        known = [(facts, theta) for model, theta in points if (facts := cls._facts(model)) is not None]
        if len(known) < LEAST_DATED:
            return None
        size = len(known[0][0])
        table = [[sum(facts[i] * facts[j] for facts, _ in known) for j in range(size)] for i in range(size)]
        right = [sum(facts[i] * theta for facts, theta in known) for i in range(size)]
        for i in range(1, size):
            table[i][i] += TREND_PRIOR
        return cls(tuple(_solved(table, right)))

    def of_model(self, model: Model | None) -> float | None:
        """Return the ability to expect; None when the release date is unknown."""
        facts = self._facts(model) if model else None
        return sum(weight * fact for weight, fact in zip(self.weights, facts, strict=True)) if facts else None

    @staticmethod
    def _facts(model: Model) -> tuple[float, ...] | None:
        """Return the year, whether the size is told, and the size in powers of ten."""
        year = _year(model)
        if year is None:
            return None
        size = math.log10(float(model.parameters.total_billion) / USUAL_BILLION) if model.parameters else 0.0
        return 1.0, year - USUAL_YEAR, float(model.parameters is not None), size


def _solved(table: list[list[float]], right: list[float]) -> list[float]:
    """Solve linear equations whose table is positive definite (Gauss and Jordan)."""
    rows = [[*row, value] for row, value in zip(table, right, strict=True)]
    for at in range(len(rows)):
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(len(rows)):
            if other != at:
                rows[other] = [x - rows[other][at] * y for x, y in zip(rows[other], rows[at], strict=True)]
    return [row[-1] for row in rows]


def suite(benchmark: Benchmark) -> str:
    """Return the suite of a benchmark: the one it names, else that of all whose ids begin with the same two words."""
    return benchmark.suite or "-".join(benchmark.id.split("-")[:2])


def _path(benchmark: Benchmark) -> tuple[str, str]:
    """Return the branch of a benchmark: its suite, and its votes or runs, however they are cut."""
    return suite(benchmark), benchmark.id.removesuffix("-by-effort")


def _deviation(values: Sequence[float], mean: float) -> float:
    return math.sqrt(fmean((value - mean) ** 2 for value in values))


# ---------------------------------------------------------------- abilities by task


def _measured(task: Task, found: _Fit, models: Mapping[str, Model], benchmarks: Mapping[str, Benchmark]) -> dict[str, tuple[Ability, ...]]:
    """Return the abilities at a task of all models of its kinds that were measured, by effort."""
    entries: dict[str, list[Ability]] = defaultdict(list)
    rows = _rows_by_unit(benchmarks, found.boards)
    own = {use.benchmark: float(use.weight) for use in task.benchmarks if use.benchmark in found.boards}
    weights = _weights(own, benchmarks)
    comparable = _comparable(rows, own, benchmarks)
    for unit in sorted(found.evidence, key=lambda unit: (unit[0], _order(unit[1]))):
        model, effort = unit
        if model not in models or models[model].kind not in task.kinds or unit not in comparable:
            continue
        theta, variance = _at_task(found.evidence[unit], weights)
        entries[model].append(
            Ability(
                effort=effort,
                theta=round(theta, 6),
                sd=round(math.sqrt(variance + TAU**2), 6),
                basis=_basis(rows[unit], own, benchmarks),
            )
        )
    return {model: tuple(abilities) for model, abilities in entries.items()}


def _weights(own: Mapping[str, float], benchmarks: Mapping[str, Benchmark]) -> dict[tuple[str, str], float]:
    """Return the weight of each part of a suite; two cuts of the same votes count once."""
    weights: dict[tuple[str, str], float] = {}
    for name, weight in own.items():
        path = _path(benchmarks[name])
        weights[path] = max(weight, weights.get(path, 0.0))
    return weights


def _at_task(evidence: _Evidence, weights: Mapping[tuple[str, str], float]) -> tuple[float, float]:
    """Return the ability expected over the task's own benchmarks, each by its weight, and its variance.

    A benchmark on which the unit has no result counts as what is expected there: its suite, else ability as
    such. The variance is that of benchmarks which go wrong together, so it is never too small.
    """
    total, pull, spread = sum(weights.values()), 0.0, 0.0
    for path, weight in weights.items():
        expected, variance = evidence.at(path)
        pull += weight * expected
        spread += weight * math.sqrt(variance)
    return (pull / total, (spread / total) ** 2) if total else (evidence.theta, evidence.variance)


def _comparable(rows: Mapping[Unit, Sequence[tuple[str, Row]]], own: Mapping[str, float], benchmarks: Mapping[str, Benchmark]) -> set[Unit]:
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
        told = {unit: frozenset(suite(benchmarks[name]) for name, _ in rows[unit] if name in own) for unit in units}
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


def estimated(task: Task, measured: Mapping[str, tuple[Ability, ...]], models: Mapping[str, Model]) -> dict[str, tuple[Ability, ...]]:
    """Return what to expect of models of the task's kinds that nobody measured.

    That is what models of its time and size can do, and its family more or less than those. Where neither size
    nor family is known it may be a small one, which a low price makes look good: it is taken one standard
    deviation lower, so that not telling does not pay. Without a release date it is the
    family's mean; without a family, too, it is unknown.
    """
    best = {model: max(ability.theta for ability in abilities) for model, abilities in sorted(measured.items())}
    families: dict[str, list[str]] = defaultdict(list)
    for member in best:
        families[models[member].family].append(member)
    outlook = _Outlook.of([(models[model], theta) for model, theta in best.items()])
    usual = {model: outlook.of_model(models[model]) for model in best} if outlook else {}
    found: dict[str, tuple[Ability, ...]] = {}
    for name, model in sorted(models.items()):
        if model.kind not in task.kinds or name in measured:
            continue
        relatives = families.get(model.family, [])
        gaps = [best[relative] - own for relative in relatives if (own := usual.get(relative)) is not None]
        of_its_time = outlook.of_model(model) if outlook else None
        if of_its_time is not None and (gaps or model.parameters):
            theta = of_its_time + sum(gaps) / (len(gaps) + RELATIVES_PRIOR)
            least = FAMILY_SD if gaps else OUTLOOK_SD
            size = " and size" if model.parameters else ""
            beside = f", and how the family {model.family} does beside them: {', '.join(relatives)}" if gaps else ""
            basis = f"models of its time{size}{beside}"
        elif of_its_time is not None and relatives:
            theta, least = fmean([of_its_time, fmean(best[relative] for relative in relatives)]), OUTLOOK_SD
            basis = f"half models of its time, half the mean of the family {model.family}: {', '.join(relatives)}"
        elif of_its_time is not None:
            theta, least = of_its_time - OUTLOOK_SD, OUTLOOK_SD
            basis = "the lower end of models of its time, since neither its size nor a relative is known"
        elif relatives:
            gaps = [best[relative] for relative in relatives]
            theta, least = fmean(gaps), UNDATED_FAMILY_SD
            basis = f"mean of the family {model.family}: {', '.join(relatives)}"
        else:
            continue
        sd = max(least, _spread(gaps))
        found[name] = (Ability(theta=round(theta, 6), sd=round(sd, 6), estimated=True, basis=(basis,)),)
    return found


def _year(model: Model) -> float | None:
    return model.release.released_on.toordinal() / DAYS_A_YEAR if model.release else None


def _spread(values: Sequence[float]) -> float:
    """Return the error to expect of the next member of a family, from how far its members lie apart."""
    return stdev(values) * math.sqrt(1 + 1 / len(values)) if len(values) > 1 else 0.0


def _tenth(values: Sequence[float]) -> float:
    """Return the 10th percentile, taken from below so that it is one of the values."""
    return round(sorted(values)[len(values) // 10], 6)


def _order(effort: Effort | None) -> int:
    return -1 if effort is None else EFFORTS.index(effort)


# ---------------------------------------------------------------- which rows told


@dataclass(frozen=True, slots=True)
class Move:
    """What one result did to an ability."""

    benchmark: str
    row: Row
    change: float
    """Ability with the result less ability without it, the benchmarks taken as they were found."""


def moves(
    task: Task,
    model: Model,
    effort: Effort | None,
    derived: Derived,
    benchmarks: Mapping[str, Benchmark],
) -> tuple[Move, ...]:
    """Return what each result of a model at an effort did to its ability at a task, the most telling first."""
    rows = [
        (name, row)
        for name in sorted(derived.boards)
        for row in benchmarks[name].rows
        if (row.model, row.effort) == (model.id, effort) and derived.boards[name].scale == _scale(task)
    ]
    weights = _weights({use.benchmark: float(use.weight) for use in task.benchmarks if use.benchmark in derived.boards}, benchmarks)
    boards = {name: _Board.known(benchmarks[name], derived.boards[name]) for name, _ in rows}

    def theta(kept: Sequence[tuple[str, Row]]) -> float:
        evidence = _Evidence()
        expected = derived.expected.get(_scale(task))
        if expected is not None and model.id in expected.thetas:
            evidence.before, evidence.doubt = expected.thetas[model.id], expected.variance
        for name, _ in kept:
            evidence.add(boards[name], (model.id, effort))
        evidence.gather()
        return _at_task(evidence, weights)[0]

    whole = theta(rows)
    found = [Move(name, row, round(whole - theta([*rows[:at], *rows[at + 1 :]]), 6)) for at, (name, row) in enumerate(rows)]
    return tuple(sorted(found, key=lambda move: (-abs(move.change), move.benchmark)))


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


def _usual_ratio(tokens: Mapping[str, Mapping[Effort, float]]) -> dict[Effort, float]:
    """Return the median, over the models measured at low effort too, of what each effort above takes as a multiple of it."""
    ratios: dict[Effort, list[float]] = defaultdict(list)
    for measured in tokens.values():
        for effort in measured.keys() - {"low"} if "low" in measured else ():
            if _order(effort) > _order("low"):
                ratios[effort].append(measured[effort] / measured["low"])
    return {effort: median(ratios[effort]) for effort in sorted(ratios, key=_order)}
