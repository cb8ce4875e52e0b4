"""Hold evidence out, fit on the rest, and say how well the abilities foretell it; `make evidence-report` runs it.

Each board that speaks to a task is held out in turn, together with the other cut of the same votes (by
effort, or not). What the rest says of the task is then compared with the board: order, first choice, top
three, and claimed probabilities. Beside it stand two ways to choose without a model of evidence: the rating
of Arena text overall, and the output price. Nothing here looks at a board to tune what is said about it.
"""

from __future__ import annotations

import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, NamedTuple

import msgspec

from fmselect import quality
from fmselect.catalog.catalog import Catalog
from fmselect.catalog.derived import Ability, Derived
from fmselect.catalog.schema import Benchmark, Model, Task
from fmselect.eligibility import stage_on
from fmselect.loading import load_catalog
from fmselect.quality import Unit

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "evidence-report.md"
TASKS = ROOT / "catalog" / "tasks"
ARENA = "arena-text-overall"
LEAST_ROWS = 5
"""A board with fewer rows to compare says nothing about an order."""
SHORTLIST = 10
"""Alternatives that a user's constraints leave, in the cases that are drawn."""
CASES = 300
"""Shortlists drawn from each board."""
CUTS = (date(2026, 6, 1), date(2026, 10, 1))
"""Days of which only older evidence is fitted, and newer evidence foretold."""
BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.975, 1.0)

Guess = Mapping[Unit, float]
"""What a way of choosing says of each alternative; higher is better."""


class Order(NamedTuple):
    """How well a way of choosing foretells one board."""

    spearman: float
    regret: float
    """How far its first choice stays below the best, in standard deviations of the board, over the cases."""
    top3: float
    """Share of cases in which the best is among its first three."""


@dataclass(frozen=True)
class Pair:
    """One claim "A beats B", and what the board said."""

    claimed: float
    held: float
    """1: so it was; 0: it was not; one half for a tie."""
    weight: float


@dataclass(frozen=True)
class Outcome:
    """What the rest of the evidence foretold of one board for one task."""

    task: str
    board: str
    rows: int
    """Alternatives on the board for which the rest gives an ability at that effort."""
    ours: Order
    arena: tuple[int, Order, Order] | None
    """Alternatives with an Arena rating besides, ours on them, and Arena's."""
    price: tuple[int, Order, Order] | None
    """The same with an output price."""
    pairs: tuple[Pair, ...] = field(repr=False)


def main(arguments: Sequence[str]) -> None:
    """Print the report, and write it to its page and its figures to the tasks; `--print` writes nothing."""
    catalog = load_catalog(on=date.max)
    study = Study.of(catalog)
    boards, independent = (trial(study, groups(study.benchmarks)) for groups in (twins, suites))
    page = report(catalog, study, boards, independent)
    sys.stdout.write(page)
    if "--print" not in arguments:
        PAGE.write_text(page, encoding="utf-8")
        for result in boards.tasks:
            apart = next((other for other in independent.tasks if other.task == result.task), None)
            path = TASKS / f"{result.task}.yaml"
            path.write_text(with_foretold(path.read_text(encoding="utf-8"), result, apart, catalog.as_of), encoding="utf-8")


def with_foretold(text: str, result: TaskResult, independent: TaskResult | None, on: date) -> str:
    """Return a task's file with the figures of the report, in place of older ones."""
    kept = re.sub(r"^foretold:\n(  .*\n)*", "", text, flags=re.MULTILINE)
    apart = f"  spearman_independent: {independent.ours('spearman'):.3f}\n" if independent else ""
    return (
        f"{kept.rstrip()}\nforetold:\n"
        f"  boards: {len(result.outcomes)}\n"
        f"  results: {sum(outcome.rows for outcome in result.outcomes)}\n"
        f"  spearman: {result.ours('spearman'):.3f}\n{apart}"
        f"  best_in_top_three: {result.ours('top3'):.3f}\n"
        f'  source: "docs/explanation/evidence-report.md"\n'
        f"  checked: {on}\n"
    )


# ---------------------------------------------------------------- holding out


@dataclass(frozen=True)
class Study:
    """A catalog's evidence, fitted whole and with parts held out."""

    models: Mapping[str, Model]
    benchmarks: Mapping[str, Benchmark]
    tasks: Mapping[str, Task]
    whole: Derived
    arena: Guess
    price: Mapping[str, float]

    @classmethod
    def of(cls, catalog: Catalog) -> Study:
        """Return the study of a catalog."""
        benchmarks = dict(sorted(catalog.evidence().items()))
        arena: dict[Unit, float] = {}
        for name in (f"{ARENA}-by-effort", ARENA):
            if name in benchmarks:
                arena |= {(row.model, row.effort): row.score for row in benchmarks[name].rows}
        whole = quality.fit(catalog.models, benchmarks, catalog.tasks)
        return cls(catalog.models, benchmarks, catalog.tasks, whole, arena, output_prices(catalog))

    def without(self, names: Iterable[str]) -> Derived:
        """Return what is derived when some boards are held out."""
        out = set(names)
        rest = {name: benchmark for name, benchmark in self.benchmarks.items() if name not in out}
        return quality.fit(self.models, rest, self.tasks)

    def before(self, day: date) -> Derived:
        """Return what is derived from results older than a day."""
        older: dict[str, Any] = {
            name: msgspec.structs.replace(benchmark, rows=tuple(row for row in benchmark.rows if row.on < day))  # type: ignore[type-var]  # read from a snapshot, they are records
            for name, benchmark in self.benchmarks.items()
        }
        return quality.fit(self.models, older, self.tasks)

    def outcome(self, derived: Derived, task: str, board: str, *, since: date = date.min, arena: bool = True) -> Outcome | None:
        """Compare what is derived for a task with a board that was held out (its rows since a day)."""
        benchmark = self.benchmarks[board]
        truth = {
            (row.model, row.effort): quality.logit_of(row.score, benchmark)
            for row in benchmark.rows
            if row.on >= since and row.model in self.models and self.models[row.model].kind in self.tasks[task].kinds
        }
        abilities = measured(derived, task)
        known = {unit: abilities[unit] for unit in truth if unit in abilities}
        if len(known) < LEAST_ROWS:
            return None
        thetas = {unit: ability.theta for unit, ability in known.items()}

        def against(guess: Guess) -> tuple[int, Order, Order] | None:
            both = [unit for unit in known if unit in guess]
            if len(both) < LEAST_ROWS:
                return None
            shared = {unit: truth[unit] for unit in both}
            return len(both), order(shared, thetas), order(shared, guess)

        return Outcome(
            task,
            board,
            len(known),
            order({unit: truth[unit] for unit in known}, thetas),
            against({unit: rating for unit in known if (rating := self.rating(unit)) is not None}) if arena else None,
            against({unit: self.price[unit[0]] for unit in known if unit[0] in self.price}),
            tuple(claims(truth, known)),
        )

    def rating(self, unit: Unit) -> float | None:
        """Return the Arena rating of a model at the effort, else the best it has at any: all that a reader of the board sees."""
        if unit in self.arena:
            return self.arena[unit]
        return max((rating for (model, _), rating in self.arena.items() if model == unit[0]), default=None)


def twins(benchmarks: Mapping[str, Benchmark]) -> dict[str, frozenset[str]]:
    """Return what is held out with each board: the board, and the other cut of the same votes."""
    return _grouped({name: name.removesuffix("-by-effort") for name in benchmarks})


def suites(benchmarks: Mapping[str, Benchmark]) -> dict[str, frozenset[str]]:
    """Return what is held out with each board: all boards of its suite."""
    return _grouped({name: quality.suite(benchmark) for name, benchmark in benchmarks.items()})


def _grouped(group_of: Mapping[str, str]) -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for name, group in group_of.items():
        groups[group].add(name)
    return {name: frozenset(groups[group]) for name, group in group_of.items()}


def measured(derived: Derived, task: str) -> dict[Unit, Ability]:
    """Return the abilities at a task that rest on measurements, by model and effort."""
    return {
        (model, ability.effort): ability
        for model, abilities in derived.abilities.get(task, {}).items()
        for ability in abilities
        if not ability.estimated
    }


def output_prices(catalog: Catalog) -> dict[str, float]:
    """Return each model's lowest standard price for what it makes: output tokens, images, else input tokens."""
    found: dict[str, float] = {}
    for offering in catalog.offerings.values():
        for price in offering.prices:
            if price.tier != "standard" or price.until_on:
                continue
            rates = price.usd_per_mtok
            amounts: list[Any] = [rates.output, rates.output_image] if rates else []
            amounts += [max(price.usd_per_image.values(), default=None), price.usd_per_audio_minute, rates.input if rates else None]
            amount = next((float(amount) for amount in amounts if amount), None)
            if amount is not None:
                found[offering.model] = min(amount, found.get(offering.model, amount))
    return found


# ---------------------------------------------------------------- comparing with a board


def order(truth: Guess, guess: Guess) -> Order:
    """Return how well a guess foretells a board."""
    units = sorted(truth, key=lambda unit: (unit[0], unit[1] or ""))
    spread = stdev(truth.values()) or 1.0
    draw = random.Random(len(units))
    regret, top3 = [], []
    for _ in range(CASES):
        case = draw.sample(units, min(SHORTLIST, len(units)))
        best = max(truth[unit] for unit in case)
        chosen = sorted(case, key=lambda unit: -guess[unit])
        regret.append((best - truth[chosen[0]]) / spread)
        top3.append(float(any(truth[unit] == best for unit in chosen[:3])))
    return Order(spearman([truth[unit] for unit in units], [guess[unit] for unit in units]), fmean(regret), fmean(top3))


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the rank correlation, ties at their mean rank; 0 when either side does not differ."""
    a, b = _ranks(one), _ranks(other)
    mean = (len(a) + 1) / 2
    top = sum((x - mean) * (y - mean) for x, y in zip(a, b, strict=True))
    bottom = (sum((x - mean) ** 2 for x in a) * sum((y - mean) ** 2 for y in b)) ** 0.5
    return top / bottom if bottom else 0.0


def _ranks(values: Sequence[float]) -> list[float]:
    places: dict[float, list[int]] = defaultdict(list)
    for place, value in enumerate(sorted(values), 1):
        places[value].append(place)
    return [fmean(places[value]) for value in values]


def claims(truth: Guess, known: Mapping[Unit, Ability]) -> Iterator[Pair]:
    """Yield every claim "A beats B" about a board; each board counts by its rows, however many pairs they make."""
    weight = 2 / max(1, len(known) - 1)
    for one, other in combinations(sorted(known, key=lambda unit: (unit[0], unit[1] or "")), 2):
        chance = quality.beats(known[one], known[other])
        better, worse = (one, other) if chance >= 0.5 else (other, one)
        held = 0.5 if truth[better] == truth[worse] else float(truth[better] > truth[worse])
        yield Pair(max(chance, 1 - chance), held, weight)


class Bin(NamedTuple):
    """Claims of about the same probability."""

    low: float
    high: float
    pairs: int
    claimed: float
    observed: float


def calibration(pairs: Sequence[Pair]) -> list[Bin]:
    """Return claimed against observed probabilities, by how much was claimed."""
    found = []
    for low, high in pairwise(BINS):
        inside = [pair for pair in pairs if low <= pair.claimed < high or (high == 1 and pair.claimed == 1)]
        total = sum(pair.weight for pair in inside)
        if inside:
            claimed, held = (sum(getattr(pair, name) * pair.weight for pair in inside) / total for name in ("claimed", "held"))
            found.append(Bin(low, high, len(inside), claimed, held))
    return found


# ---------------------------------------------------------------- by task


@dataclass(frozen=True)
class TaskResult:
    """A task's boards, each held out in turn."""

    task: str
    outcomes: tuple[Outcome, ...]

    def mean(self, read: Callable[[Outcome], tuple[int, float] | None]) -> float | None:
        """Return a mean over the boards, each counting by the rows compared."""
        found = [value for outcome in self.outcomes if (value := read(outcome)) is not None]
        total = sum(rows for rows, _ in found)
        return sum(rows * value for rows, value in found) / total if total else None

    def ours(self, measure: str) -> float | None:
        """Return our mean of a measure of `Order`."""
        return self.mean(lambda outcome: (outcome.rows, getattr(outcome.ours, measure)))

    def baseline(self, name: str, measure: str) -> tuple[float, float] | None:
        """Return ours and a baseline's mean of a measure, on the rows that both can tell of."""
        sides = []
        for side in (1, 2):

            def read(outcome: Outcome, side: int = side) -> tuple[int, float] | None:
                found = getattr(outcome, name)
                return (found[0], getattr(found[side], measure)) if found else None

            sides.append(self.mean(read))
        return (sides[0], sides[1]) if sides[0] is not None and sides[1] is not None else None

    def lead(self, name: str) -> float | None:
        """Return by how much our Spearman exceeds a baseline's; negative: falls short."""
        found = self.baseline(name, "spearman")
        return found[0] - found[1] if found else None


class Stability(NamedTuple):
    """What dropping boards did to the abilities of what is left."""

    changes: int
    within_sd: float
    """Share that changed by no more than one standard deviation."""
    within_95: float
    """Share that stayed within the stated 95% interval."""


@dataclass(frozen=True)
class Trial:
    """Parts of the evidence held out in turn."""

    tasks: tuple[TaskResult, ...]
    stability: Stability

    @property
    def pairs(self) -> list[Pair]:
        """All claims."""
        return [pair for task in self.tasks for outcome in task.outcomes for pair in outcome.pairs]


def trial(study: Study, groups: Mapping[str, frozenset[str]]) -> Trial:
    """Hold out each board's group in turn, and return what was foretold of the boards, and how far the rest moved."""
    outcomes: dict[str, list[Outcome]] = {name: [] for name in study.tasks}
    moves: list[float] = []
    for group in sorted(set(groups.values()), key=sorted):
        derived = study.without(group)
        for name, task in study.tasks.items():
            for board in sorted(group & {use.benchmark for use in task.benchmarks}):
                if found := study.outcome(derived, name, board, arena=ARENA not in group):
                    outcomes[name].append(found)
            before, after = measured(study.whole, name), measured(derived, name)
            moves += [abs(after[unit].theta - ability.theta) / ability.sd for unit, ability in before.items() if unit in after]
    results = tuple(TaskResult(name, tuple(found)) for name, found in outcomes.items() if found)
    return Trial(results, Stability(len(moves), *(fmean(move <= most for move in moves) for most in (1.0, quality.Z95))))


# ---------------------------------------------------------------- coverage and families


def coverage(catalog: Catalog, derived: Derived, on: date) -> tuple[int, int, int]:
    """Return how many current chat models there are, how many are measured, and how many have a family estimate."""
    current = {
        offering.model
        for offering in catalog.offerings.values()
        if catalog.model_of(offering).kind == "chat" and stage_on(offering.lifecycle, on) not in ("retired", "legacy")
    }
    found = derived.abilities.get("chat", {})
    with_figure = [found[model][0].estimated for model in current if model in found]
    return len(current), with_figure.count(False), with_figure.count(True)


class Estimates(NamedTuple):
    """How well models are estimated whose results are left out."""

    models: int
    error: float
    """Root of the mean squared error, in theta."""
    alone: float
    """The error of guessing the mean of all models."""
    within_95: float
    """Share of models inside the stated 95% interval."""


def estimates(study: Study, task: str, *, family: bool) -> Estimates:
    """Leave out each model in turn, or all of its family, and return how far its estimate lies from what was measured."""
    found = study.whole.abilities.get(task, {})
    best = {model: max(entries, key=lambda entry: entry.theta) for model, entries in found.items() if not entries[0].estimated}
    mean = fmean(ability.theta for ability in best.values())
    errors, alone, inside = [], [], []
    for model, ability in best.items():
        out = {name for name in best if family and study.models[name].family == study.models[model].family} | {model}
        others = {name: (entry,) for name, entry in best.items() if name not in out}
        wanted = {name: study.models[name] for name in (*others, model)}
        if (guess := quality.estimated(study.tasks[task], others, wanted).get(model)) is not None:
            errors.append(guess[0].theta - ability.theta)
            alone.append(mean - ability.theta)
            inside.append(abs(errors[-1]) <= quality.Z95 * guess[0].sd)
    if not errors:
        return Estimates(0, 0.0, 0.0, 0.0)
    root, without = (fmean(error**2 for error in side) ** 0.5 for side in (errors, alone))
    return Estimates(len(errors), root, without, fmean(inside))


# ---------------------------------------------------------------- the page


def report(catalog: Catalog, study: Study, boards: Trial, independent: Trial) -> str:
    """Return the whole page."""
    lines = [
        "<!-- Generated by `make evidence-report`; do not edit. -->",
        "# How well the evidence foretells what it has not seen",
        "",
        *_HEAD,
        "",
        *_stock(catalog, study, catalog.as_of),
        "",
        "## Each board held out",
        "",
        *_ABOUT_BOARDS,
        "",
        *_tasks(boards.tasks),
        "",
        *verdict(boards.tasks),
        "",
        "## Each suite held out",
        "",
        *_ABOUT_SUITES,
        "",
        *_tasks(independent.tasks),
        "",
        *_board_table(study, independent.tasks),
        "",
        "## Claimed and observed",
        "",
        *_ABOUT_CLAIMS,
        "",
        *_claims(independent, boards),
        "",
        "## Over time",
        "",
        *_over_time(study),
        "",
        "## Dropping a board",
        "",
        *_dropping(boards.stability, independent.stability),
        "",
        "## Models that nobody measured",
        "",
        *_estimates(study),
    ]
    return "\n".join(lines) + "\n"


_HEAD = (
    "Every ability of the catalog is a claim about work that nobody has measured yet.",
    "This page tests the claims: parts of the evidence are held out, the rest is fitted, and the two are compared.",
    "Only a model at the effort at which the rest measured it is compared; family estimates are tested apart, at the end.",
    "How the abilities are found is told in [How fmselect decides](how-it-decides.md).",
)
_ABOUT_BOARDS = (
    "Each board that speaks to a task is held out in turn, together with the other cut of the same votes.",
    "Spearman is the agreement of the order with the board; 1 is the same order.",
    f"Cases are {CASES} shortlists of {SHORTLIST} drawn from the board, as a user's constraints would leave them.",
    (
        "Regret is how far the first choice stays below the best, in standard deviations of the board;"
        " top three is the share of cases in which the best is among our first three."
    ),
    (
        "Against Arena, ours stands before that of Arena text overall alone (its rating at this effort, else the model's best);"
        " against price, before that of the output price alone, dearest first; each on the alternatives that both can tell of."
    ),
    "A task's numbers are means over its boards, by the rows compared.",
)
_ABOUT_SUITES = (
    "Boards of one suite share people, prompts or harness, so a board is held out more honestly with its whole suite.",
    "Arena text is then held out from itself; for its boards there is no Arena to compare with.",
)
_ABOUT_CLAIMS = (
    "Of all pairs on a held-out board: how often the model that we call better was better, by the probability that we claimed.",
    "Independent: the whole suite was held out, so this is what a claim is worth on a board that we have never seen.",
    "Same suite: only the board was held out; its siblings tell of the same votes, so claims about it are more cautious than needed.",
)


def _stock(catalog: Catalog, study: Study, on: date) -> list[str]:
    rows = sum(len(benchmark.rows) for benchmark in study.benchmarks.values())
    current, with_results, by_family = coverage(catalog, study.whole, on)
    share = (with_results + by_family) / current if current else 0.0
    models = {row.model for benchmark in study.benchmarks.values() for row in benchmark.rows}
    return [
        f"{rows} results of {len(models)} models on {len(study.benchmarks)} boards.",
        (
            f"Of {current} chat models on sale, {with_results} have a figure of their own and {by_family} an estimate from their relatives,"
            f" marked as one: {share:.0%}."
        ),
    ]


def _tasks(results: Sequence[TaskResult]) -> list[str]:
    rows = [
        (
            "| task | boards | results | Spearman | against Arena | against price | regret | against Arena | against price | top three |"
            " against Arena | against price |"
        ),
        "|-|-|-|-|-|-|-|-|-|-|-|-|",
    ]
    for result in results:
        cells = [result.task, str(len(result.outcomes)), str(sum(outcome.rows for outcome in result.outcomes))]
        for measure in Order._fields:
            cells.append(f"{result.ours(measure):.3f}")
            for name in ("arena", "price"):
                found = result.baseline(name, measure)
                cells.append(f"{found[0]:.3f} : {found[1]:.3f}" if found else "")
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def verdict(results: Sequence[TaskResult]) -> list[str]:
    """Return in words on how many tasks we foretell better than both baselines, and where we fall short."""
    leads = {
        result.task: min(found)
        for result in results
        if (found := [lead for name in ("arena", "price") if (lead := result.lead(name)) is not None])
    }
    ahead = [task for task, lead in leads.items() if lead > 0]
    behind = [f"{task} ({lead:.3f})" for task, lead in leads.items() if lead <= 0]
    said = [f"**Ahead of both baselines on {len(ahead)} of {len(leads)} tasks, by Spearman.**"]
    if behind:
        said.append(f"Behind the better one on {', '.join(behind)}.")
    return said


def _board_table(study: Study, results: Sequence[TaskResult]) -> list[str]:
    rows = ["| board | task | results | Spearman | regret | top three |", "|-|-|-|-|-|-|"]
    votes = {quality.suite(study.benchmarks[name]) for name in study.benchmarks if name == ARENA}
    for result in results:
        for outcome in result.outcomes:
            if quality.suite(study.benchmarks[outcome.board]) not in votes:
                ours = outcome.ours
                rows.append(
                    f"| {outcome.board} | {outcome.task} | {outcome.rows} | {ours.spearman:.3f} | {ours.regret:.3f} | {ours.top3:.3f} |"
                )
    return rows


def _claims(independent: Trial, boards: Trial) -> list[str]:
    sides = [{found.low: found for found in calibration(tried.pairs)} for tried in (independent, boards)]
    rows = [
        "| we claim | pairs | claimed | observed, independent | gap | pairs | claimed | observed, same suite | gap |",
        "|-|-|-|-|-|-|-|-|-|",
    ]
    for low, high in pairwise(BINS):
        cells = [f"{low:.1%} to {high:.1%}"]
        for side in sides:
            found = side.get(low)
            cells += (
                [str(found.pairs), f"{found.claimed:.1%}", f"{found.observed:.1%}", f"{100 * (found.observed - found.claimed):+.1f}"]
                if found
                else [""] * 4
            )
        rows.append(f"| {' | '.join(cells)} |")
    worst = max(abs(found.observed - found.claimed) for found in sides[0].values())
    by = {
        result.task: 100 * max(abs(found.observed - found.claimed) for found in bins)
        for result in independent.tasks
        if (bins := [found for found in calibration([pair for o in result.outcomes for pair in o.pairs]) if found.pairs >= 100])
    }
    return [
        *rows,
        "",
        f"**On independent boards what we claim is within {100 * worst:.1f} points of what is observed.**",
        "The largest gap of any task, over ranges with 100 pairs or more: "
        + ", ".join(f"{task} {gap:.0f}" for task, gap in by.items())
        + ".",
    ]


def _over_time(study: Study) -> list[str]:
    rows = [
        "Only results older than a day are fitted; boards are then foretold from that day on.",
        "",
        "| older than | task | boards | results | Spearman | against price | regret | top three |",
        "|-|-|-|-|-|-|-|-|",
    ]
    for day in CUTS:
        derived = study.before(day)
        for name, task in study.tasks.items():
            outcomes = [
                found
                for use in task.benchmarks
                if (found := study.outcome(derived, name, use.benchmark, since=day, arena=False)) is not None
            ]
            if outcomes:
                result = TaskResult(name, tuple(outcomes))
                price = result.baseline("price", "spearman")
                cells = [
                    str(day),
                    name,
                    str(len(outcomes)),
                    str(sum(outcome.rows for outcome in outcomes)),
                    f"{result.ours('spearman'):.3f}",
                ]
                cells += [f"{price[0]:.3f} : {price[1]:.3f}" if price else "", f"{result.ours('regret'):.3f}", f"{result.ours('top3'):.3f}"]
                rows.append(f"| {' | '.join(cells)} |")
    return rows


def _dropping(found: Stability, whole: Stability) -> list[str]:
    return [
        (
            f"Dropping each board in turn, {found.within_sd:.1%} of {found.changes} abilities moved by no more than the one standard"
            f" deviation that they state, and {found.within_95:.1%} stayed within their 95% interval."
        ),
        f"Dropping each suite, it was {whole.within_sd:.1%} and {whole.within_95:.1%} of {whole.changes}.",
    ]


def _estimates(study: Study) -> list[str]:
    rows = [
        "A model that nobody measured is expected to do what models of its time, size and family do, marked as estimated.",
        "Here each measured model is left out in turn, and then its whole family; beside it, the error of guessing the mean of all models.",
        "",
        "| task | models | error | within 95% | models, family left out | error | within 95% | guessing the mean |",
        "|-|-|-|-|-|-|-|-|",
    ]
    for name in study.tasks:
        if not study.whole.abilities.get(name):
            continue
        one, all_of_it = (estimates(study, name, family=family) for family in (False, True))
        if one.models >= LEAST_ROWS:
            cells = [name, str(one.models), f"{one.error:.2f}", f"{one.within_95:.1%}"]
            known = all_of_it.models >= LEAST_ROWS
            cells += [str(all_of_it.models), f"{all_of_it.error:.2f}", f"{all_of_it.within_95:.1%}"] if known else ["", "", ""]
            rows.append(f"| {' | '.join([*cells, f'{one.alone:.2f}'])} |")
    return rows


if __name__ == "__main__":
    main(sys.argv[1:])
