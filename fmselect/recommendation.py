"""The pipeline as one readable function, and its result.

requirements + catalog -> alternatives -> estimates -> screening -> scores -> ranking, with what was
left out, what is unverified, what would have to give, and what was assumed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from fmselect import own_evidence
from fmselect.advice.relaxations import Relaxation, relaxations
from fmselect.catalog.catalog import Catalog
from fmselect.catalog.provenance import STALE_PRICE_DAYS, STALE_TERMS_DAYS
from fmselect.eligibility import (
    EACH,
    OF_MODEL,
    SHORT_NOTICE_DAYS,
    WHOLE,
    Case,
    Judge,
    Level,
    Outcome,
    Screening,
    Verdict,
    asked,
    keys,
    screening,
    stage_on,
)
from fmselect.errors import InvalidInput, Problem, did_you_mean
from fmselect.estimates import Alternative, Estimate, alternatives, capacity_assumptions, effort_ratio, efforts_of, estimate, workload
from fmselect.outlook import changes
from fmselect.requirements import Requirements
from fmselect.scoring import Part, Scored, dominates, ordered, score, tied, weights
from fmselect.units import EFFORTS, Criterion, Effort, money, plain
from fmselect.usage import Workload

if TYPE_CHECKING:
    from fmselect.catalog.schema import Offering, Task

_TERMS = frozenset(
    {
        "license",
        "commercial_use",
        "training",
        "retention",
        "private_network",
        "customer_managed_keys",
        "customization",
        "residency",
        "compliance",
    }
)
"""Constraints whose verdict rests on terms, of which a customer wants to know when they were last looked up."""


class Run(msgspec.Struct, frozen=True, eq=False, dict=True):
    """What every alternative of one recommendation is estimated and scored by."""

    catalog: Catalog
    requirements: Requirements
    on: date
    task: Task
    load: Workload
    weighing: Mapping[Criterion, float]
    judges: Mapping[Level, tuple[Judge, ...]]
    parts: dict[object, Part] = msgspec.field(default_factory=dict)
    """Parts of scores that several alternatives share."""

    def estimate(self, alternative: Alternative) -> Estimate:
        """Return the estimate of an alternative."""
        return estimate(alternative, self.load, self.catalog, self.requirements)

    def score(self, alternative: Alternative, figures: Estimate) -> Scored:
        """Return the score of an alternative."""
        return score(alternative, figures, self.load, self.task.id, self.weighing, self.catalog, self.parts)


class Judged(msgspec.Struct, frozen=True, eq=False, dict=True):
    """An alternative with the verdict of every constraint; its estimate and score are worked out when asked for."""

    alternative: Alternative
    screenings: tuple[Screening, ...]
    """By level; those that several alternatives share are one."""
    violated: frozenset[str]
    """The constraints that are violated."""
    doubts: int
    """How many verdicts are unknown."""
    run: Run

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdict of every constraint."""
        return self.of_outcome("met", "violated", "unknown")

    @cached_property
    def estimate(self) -> Estimate:
        """What it costs and how fast it is."""
        return self.run.estimate(self.alternative)

    @cached_property
    def scored(self) -> Scored:
        """Its score with the parts."""
        return self.run.score(self.alternative, self.estimate)

    @property
    def parts(self) -> Mapping[Criterion, Part]:
        """The parts of its score."""
        return self.scored.parts

    @property
    def score(self) -> float:
        """The weighted sum of the values."""
        return self.scored.score

    @property
    def interval(self) -> tuple[float, float]:
        """Lowest and highest score that the uncertain and unknown values allow."""
        return self.scored.interval

    @property
    def variance(self) -> float:
        """Variance of the score."""
        return self.scored.variance

    @property
    def outcome(self) -> Outcome:
        """Violated if any constraint is, else unknown if any is, else met."""
        return "violated" if self.violated else "unknown" if self.doubts else "met"

    def of_outcome(self, *outcomes: Outcome) -> tuple[Verdict, ...]:
        """Return the verdicts with an outcome."""
        places = self.run.catalog.places
        wanted: list[Verdict] = []
        for found in self.screenings:
            for verdict in found.verdicts:
                if verdict.outcome in outcomes:
                    wanted.append(verdict.of(self.alternative, places))
        return tuple(wanted)

    @property
    def todos(self) -> tuple[str, ...]:
        """What the customer has to do for the constraints that are met."""
        return tuple(dict.fromkeys(verdict.todo for verdict in self.verdicts if verdict.outcome == "met" and verdict.todo))


class Ranked(msgspec.Struct, frozen=True):
    """A row of the ranking."""

    rank: int
    judged: Judged
    tied_with: tuple[str, ...]
    """Offerings of other rows that it cannot be told apart from."""
    pareto: bool
    """Whether no other eligible alternative is better in everything weighed."""
    also_on: tuple[Judged, ...]
    """The best alternative of each other eligible offering of the model, when a row is a model."""
    warnings: tuple[str, ...]


class Recommendation(msgspec.Struct, frozen=True, dict=True):
    """The answer, and everything needed to defend it."""

    requirements: Requirements
    catalog: Catalog
    on: date
    task: Task
    workload: Workload
    weights: Mapping[Criterion, float]
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    judged: tuple[Judged, ...]
    """Every alternative: of an offering that is out as a whole, one that shows why."""

    @cached_property
    def eligible(self) -> tuple[Judged, ...]:
        """The alternatives that may be ranked, best first."""
        allowed = {"met", "unknown"} if self.requirements.unknown == "allow" else {"met"}
        return tuple(ordered([item for item in self.judged if item.outcome in allowed]))

    @cached_property
    def rows(self) -> tuple[Judged, ...]:
        """The best alternative of each model, or offering, or every alternative; best first."""
        seen: set[object] = set()
        rows: list[Judged] = []
        for item in self.eligible:
            unit = self._unit(item)
            if unit not in seen:
                seen.add(unit)
                rows.append(item)
        return tuple(rows)

    def _unit(self, item: Judged) -> object:
        if self.requirements.per == "model":
            return item.alternative.model.id
        return item.alternative.offering.id if self.requirements.per == "offering" else item.alternative.key

    @cached_property
    def ranking(self) -> tuple[Ranked, ...]:
        """The first rows, as many as were asked for."""
        shown = self.rows[: self.requirements.top]
        return tuple(self._row(rank, item, shown) for rank, item in enumerate(shown, 1))

    def _row(self, rank: int, item: Judged, shown: Sequence[Judged]) -> Ranked:
        others = [other for other in self.eligible if other is not item]
        return Ranked(
            rank,
            item,
            tuple(other.alternative.offering.id for other in shown if other is not item and tied(item, other)),
            not any(dominates(other, item) for other in others),
            self._elsewhere(item) if self.requirements.per == "model" else (),
            tuple(self._warnings(item)),
        )

    def _elsewhere(self, item: Judged) -> tuple[Judged, ...]:
        best: dict[str, Judged] = {}
        for other in self.eligible:
            if other.alternative.model.id == item.alternative.model.id:
                best.setdefault(other.alternative.offering.id, other)
        best.pop(item.alternative.offering.id, None)
        return tuple(best.values())

    def _warnings(self, item: Judged) -> Iterator[str]:
        life = item.alternative.offering.lifecycle
        stage = stage_on(life, self.on)
        if stage in ("preview", "legacy"):
            yield f"is {stage}"
        if life is not None and life.retires_on is not None:
            yield f"ends {life.retires_on}"
        training = item.alternative.offering.no_training or item.alternative.platform.no_training
        if training is not None and training.access == "none":
            yield "your data may train models there"
        for change in changes(item.alternative, self.workload, self.catalog, self.requirements, self.on)[:1]:
            if change.usd_per_month is None:
                yield f"no price is known from {change.on} on"
            else:
                yield f"costs {money(change.usd_per_month)} a month from {change.on} on"
        stale = [line.checked for line in (item.estimate.cost.lines if item.estimate.cost else ())]
        if stale and min(stale) < self.on - timedelta(days=STALE_PRICE_DAYS):
            yield f"price last checked {min(stale)}"
        terms = [(day, verdict.constraint) for verdict in item.verdicts if verdict.constraint in _TERMS and (day := verdict.looked_up_on)]
        if terms and min(terms)[0] < self.on - timedelta(days=STALE_TERMS_DAYS):
            day, constraint = min(terms)
            yield f"{constraint.replace('_', ' ')} last checked {day}"
        yield from (f"{verdict.constraint}: {verdict.actual}" for verdict in item.of_outcome("unknown"))

    @cached_property
    def unverified(self) -> tuple[Judged, ...]:
        """Offerings with nothing against them but something unknown: their best alternative each.

        Those with the fewest unknowns come first, then the best scored.
        """
        if self.requirements.unknown != "list":
            return ()
        nearest: list[Judged] = []
        for items in self._left_out(self.eligible):
            if waiting := [item for item in items if item.outcome == "unknown"]:
                fewest = min(item.doubts for item in waiting)
                best = [item for item in waiting if item.doubts == fewest]
                nearest.append(best[0] if len(best) == 1 else ordered(best)[0])
        return tuple(sorted(ordered(nearest), key=lambda item: item.doubts))

    def _left_out(self, taken: Iterable[Judged]) -> Iterator[list[Judged]]:
        """Yield what was judged of each offering that is not among those taken."""
        ids = {item.alternative.offering.id for item in taken}
        for offering, items in groupby(self.judged, key=lambda item: item.alternative.offering.id):
            if offering not in ids:
                yield list(items)

    @cached_property
    def excluded(self) -> tuple[Judged, ...]:
        """Offerings with every alternative violating something: the one that violates least each."""
        least = [
            items[0] if len(items) == 1 else min(items, key=lambda item: (len(self._against(item)), item.alternative.key))
            for items in self._left_out((*self.eligible, *self.unverified))
        ]
        return tuple(sorted(least, key=lambda item: item.alternative.offering.id))

    def reasons(self, item: Judged) -> tuple[Verdict, ...]:
        """Return why an excluded alternative is out; with `unknown: exclude`, unknowns count."""
        return self._against(item)

    def _against(self, item: Judged) -> tuple[Verdict, ...]:
        return item.of_outcome("violated", "unknown") if self.requirements.unknown == "exclude" else item.of_outcome("violated")

    @cached_property
    def candidates(self) -> tuple[Judged, ...]:
        """Excluded offerings that do the task at all, and are still to be had."""
        return tuple(item for item in self.excluded if not any(_beside_the_point(verdict) for verdict in item.of_outcome("violated")))

    @cached_property
    def excluded_by(self) -> Mapping[str, int]:
        """How many excluded offerings each constraint is against, the most frequent first."""
        if self.requirements.unknown == "exclude":
            against = [{verdict.constraint for verdict in self._against(item)} for item in self.excluded]
        else:
            against = [set(item.violated) for item in self.excluded]
        counts = Counter(name for names in against for name in names)
        return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))

    @cached_property
    def relaxations(self) -> tuple[Relaxation, ...]:
        """The least that would have to give to admit something more."""
        out = {item.alternative.offering.id for item in self.excluded}
        return relaxations(item for item in self.judged if item.violated and item.alternative.offering.id in out)


def _beside_the_point(verdict: Verdict) -> bool:
    """Whether a violation says that an offering does another job, or is gone."""
    return verdict.constraint in ("task", "modality") or (verdict.constraint == "lifecycle" and verdict.actual.startswith("retired"))


def recommend(catalog: Catalog, requirements: Requirements, on: date, in_full: Collection[str] = ()) -> Recommendation:
    """Return the recommendation for the requirements on a day.

    An offering of a model that does another job is judged by what its model is, unless it is one of `in_full`.
    Raises `InvalidInput` for terms that the catalog does not know.
    """
    problems = list(unknown_terms(catalog, requirements))
    if problems:
        raise InvalidInput(problems)
    task = catalog.tasks[requirements.task]
    catalog = own_evidence.counted(catalog, requirements.evidence, [task.id])
    load, assumed = workload(requirements, task)
    weighing = weights(requirements, task.weights)
    run = Run(catalog, requirements, on, task, load, weighing, asked(requirements, task))
    judging = _Judging(run)
    judged = [item for offering in catalog.offerings.values() for item in judging.judge(offering, offering.id in in_full)]
    return Recommendation(
        requirements,
        catalog,
        on,
        task,
        load,
        weighing,
        (*assumed, *_assumptions(run, judged)),
        tuple(_general_warnings(catalog, requirements, on)),
        tuple(judged),
    )


class _Judging:
    """Judges offerings one after the other, and what several of them have in common only once."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._efforts: dict[str, Sequence[Effort | None]] = {}
        self._keys = keys(run.catalog.platforms.values())
        self._shared: dict[Level, dict[Hashable, Screening]] = {level: {} for level in self._keys}

    def judge(self, offering: Offering, in_full: bool) -> Iterator[Judged]:
        """Judge every alternative of an offering, or only one when the offering is out as a whole."""
        run = self._run
        model, platform = run.catalog.model_of(offering), run.catalog.platform_of(offering)
        any_way = Alternative(offering, model, platform, "standard", None, (), None, ())
        if not in_full and model.kind not in run.task.kinds:
            yield self._judged(any_way, self._all(OF_MODEL, any_way))
            return
        whole = self._all(WHOLE, any_way)
        out = any(found.violated for found in whole)
        if (efforts := self._efforts.get(model.id)) is None:
            efforts = self._efforts[model.id] = efforts_of(model, run.catalog, run.requirements)
        ways = alternatives(offering, run.catalog, run.requirements, run.on, efforts)
        for way in (next(ways),) if out else ways:
            yield self._judged(way, whole + self._all(EACH, way))

    def _judged(self, alternative: Alternative, screenings: tuple[Screening, ...]) -> Judged:
        violated: frozenset[str] = frozenset()
        doubts = 0
        for found in screenings:
            doubts += found.doubts
            if found.violated:
                violated = violated | found.violated if violated else found.violated
        return Judged(alternative, screenings, violated, doubts, self._run)

    def _all(self, levels: tuple[Level, ...], alternative: Alternative) -> tuple[Screening, ...]:
        """Return the verdicts of levels, of those that have any."""
        judges = self._run.judges
        said: list[Screening] = []
        for level in levels:
            if judges[level] and (found := self._screened(level, alternative)).verdicts:
                said.append(found)
        return tuple(said)

    def _screened(self, level: Level, alternative: Alternative) -> Screening:
        """Return the verdicts of a level, which are known already where the key is the same."""
        key = self._keys[level](alternative)
        if key is None:
            return self._screen(level, alternative)
        shared = self._shared[level]
        if (known := shared.get(key)) is None:
            known = shared[key] = self._screen(level, alternative)
        return known

    def _screen(self, level: Level, alternative: Alternative) -> Screening:
        run = self._run
        figures = run.estimate(alternative) if level == "figures" else None
        return screening(Case(alternative, run.requirements, run.task, run.load, run.catalog, run.on, figures, run.judges), level)


# ---------------------------------------------------------------- what the user should know


def _assumptions(run: Run, judged: Sequence[Judged]) -> Iterator[str]:
    requirements, task = run.requirements, run.task
    origin = "by your priority" if requirements.priority else "yours" if requirements.weight else f"typical for {task.id}"
    yield f"weights, {origin}: " + ", ".join(f"{name} {share:.0%}" for name, share in run.weighing.items())
    yield from _own_evidence(run)
    if requirements.cached_share == 0 and run.load.usage.input_tokens:
        yield "no input is read from a cache (say --cached-share)"
    efforts = sorted({item.alternative.effort for item in judged if item.alternative.effort}, key=EFFORTS.index)
    if efforts and requirements.reasoning_tokens is None and run.load.usage.output_tokens:
        ratios = {effort: effort_ratio(run.catalog.derived, "", effort) for effort in efforts}
        said = ", ".join(f"{effort} x{ratio:.2g}" for effort, ratio in ratios.items())
        yield f"reasoning adds output tokens by effort, as measured per model, else the median: {said} (say --reasoning-tokens)"
    if requirements.gpu is not None:
        if requirements.gpu_tokens_per_s is not None:
            yield f"a GPU gives {requirements.gpu_tokens_per_s.normalize():f} tokens/s whichever model it serves: measure each"
        yield from capacity_assumptions(requirements)
    if not requirements.allow_legacy:
        yield f"offerings whose announced end is within {SHORT_NOTICE_DAYS} days of {run.on} are out (say --allow-legacy)"


def _own_evidence(run: Run) -> Iterator[str]:
    for name, benchmark in run.catalog.benchmarks.items():
        if benchmark.own and own_evidence.silent(run.catalog, name, run.task.id) is None:
            weight = run.requirements.evidence.get(name)
            if weight:
                yield f"your evidence {name} counts as {plain(weight)} public boards, as far as its cases allow (say --evidence {name}=N)"
            elif weight is None:
                yield f"your evidence {name} is not counted (say --evidence {name})"


def _general_warnings(catalog: Catalog, requirements: Requirements, on: date) -> Iterator[str]:
    for name, weight in requirements.evidence.items():
        why = own_evidence.silent(catalog, name, requirements.task) if weight else None
        if why is not None:
            yield f"your evidence {name} changes nothing: {why}"
    age = (on - catalog.as_of).days
    if age > STALE_PRICE_DAYS:
        yield f"the catalog's newest price was checked {age} days ago, on {catalog.as_of}: update it"


# ---------------------------------------------------------------- terms


def unknown_terms(catalog: Catalog, requirements: Requirements) -> Iterator[Problem]:
    """Yield a problem for every term of the requirements that the catalog does not know."""
    vocabulary = catalog.vocabulary
    regions = {region for cloud in vocabulary.regions.clouds.values() for region in cloud.regions}
    models = {name for model in catalog.models.values() for name in (model.id, model.slug, model.family)}
    known: tuple[tuple[str, Iterable[str], Iterable[str], str], ...] = (
        ("task", (requirements.task,), catalog.tasks, "`fmselect list tasks`"),
        ("feature", requirements.feature, vocabulary.features.terms, "`fmselect list features`"),
        ("language", requirements.language, vocabulary.languages.terms, "`fmselect list languages`"),
        ("region", requirements.region, regions, "`fmselect list regions`"),
        ("residency", requirements.residency, {*vocabulary.geographies.terms, *_countries(catalog)}, "`fmselect list geographies`"),
        ("compliance", requirements.compliance, vocabulary.compliance.terms, "`fmselect list compliance`"),
        ("license", requirements.license, catalog.licenses, "`fmselect list licenses`"),
        ("customization", requirements.customization, vocabulary.customization.terms, "`fmselect list customization`"),
        ("platform", requirements.platform, catalog.platforms, "`fmselect list platforms`"),
        ("exclude_platform", requirements.exclude_platform, catalog.platforms, "`fmselect list platforms`"),
        ("discount", requirements.discount, catalog.platforms, "`fmselect list platforms`"),
        ("gpu", (requirements.gpu,) if requirements.gpu else (), vocabulary.gpus.terms, "`fmselect list gpus`"),
        ("developer", requirements.developer, catalog.developers, "`fmselect list developers`"),
        ("exclude", requirements.exclude, {*models, *catalog.developers, *catalog.offerings}, "`fmselect list models`"),
    )
    for field, terms, vocabulary_terms, where in known:
        for term in terms:
            if term not in vocabulary_terms:
                yield Problem(f"'{term}' is not in the catalog{did_you_mean(term, vocabulary_terms) or f': see {where}'}", field=field)
    yield from own_evidence.unknown(catalog, requirements.evidence)
    based = requirements.based_in
    if based is not None and based.lower() not in vocabulary.geographies.terms and based.upper() not in _countries(catalog):
        hint = did_you_mean(based, vocabulary.geographies.terms) or ": give a geography such as eu, or a country code such as DE"
        yield Problem(f"'{based}' is no geography or country{hint}", field="based_in")


def _countries(catalog: Catalog) -> set[str]:
    """Return every country that some geography holds, by its code."""
    return {country for geography in catalog.vocabulary.geographies.terms.values() for country in geography.countries}
