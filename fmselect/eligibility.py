"""Constraints, one function each: met, violated or unknown, with the reason and its source.

Unknown is never yes: what the catalog does not say is unknown, and what a platform gives only on
request is unknown until the platform has agreed. What the customer can turn on alone is met, with
what has to be done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, get_args

import msgspec
from msgspec.structs import replace

from fmselect.catalog.catalog import Catalog
from fmselect.estimates import Alternative, Estimate
from fmselect.requirements import Requirements
from fmselect.speed import Interval
from fmselect.units import ANSWER_WITHIN, TIER_ANSWERS, Access, Stage, counted, money, short_count
from fmselect.usage import Workload

if TYPE_CHECKING:
    from fmselect.catalog.schema import (
        Compliance,
        License,
        LicenseTerms,
        Lifecycle,
        Limits,
        Model,
        Offering,
        Platform,
        Scope,
        Sourced,
        Task,
        Terms,
    )

Outcome = Literal["met", "violated", "unknown"]

SHORT_NOTICE_DAYS = 90
"""An offering whose end is announced within so many days counts as closing (judgement)."""


Todo = Callable[[Alternative], str]
"""Says what to do about one alternative, of a verdict that several share."""


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What one constraint says about one alternative, or about several that share it."""

    constraint: str
    outcome: Outcome
    required: str
    actual: str
    source: str = ""
    """Where the fact comes from, with the day it was checked."""
    todo: str = ""
    """met: what the customer has to do; unknown: what to verify, and with whom."""
    asks: Todo | None = None
    """Gives `todo` where it names one of those who share the verdict; see `of`."""
    filed: bool = False
    """Whether the source is the model's own file, which those who share the verdict do not share."""

    def of(self, alternative: Alternative, places: Mapping[str, str]) -> Verdict:
        """Return the verdict as it is said of one alternative; `places` are the files of the catalog's entries."""
        if self.asks is None and not self.filed:
            return self
        source = places.get(f"models/{alternative.model.id}", "catalog") if self.filed else self.source
        return replace(self, source=source, todo=self.asks(alternative) if self.asks else self.todo, asks=None, filed=False)

    @property
    def looked_up_on(self) -> date | None:
        """The oldest day on which any of its sources was looked at; None when it cites none."""
        return min((date.fromisoformat(day) for day in _LOOKED_UP.findall(self.source)), default=None)


class Screening(msgspec.Struct, frozen=True, gc=False):
    """The verdicts of one level, and what they come to."""

    verdicts: tuple[Verdict, ...] = ()
    violated: frozenset[str] = frozenset()
    """Constraints that are violated."""
    doubts: int = 0
    """How many verdicts are unknown."""


NOTHING = Screening()


class Case(msgspec.Struct, frozen=True, gc=False):
    """One alternative before the constraints; `estimate` is None while only the offering is judged, `judges` None for all."""

    alternative: Alternative
    requirements: Requirements
    task: Task
    workload: Workload
    catalog: Catalog
    on: date
    estimate: Estimate | None = None
    judges: Mapping[Level, tuple[Judge, ...]] | None = None

    @property
    def offering(self) -> Offering:
        """The offering judged."""
        return self.alternative.offering

    @property
    def model(self) -> Model:
        """The model it sells."""
        return self.alternative.model

    @property
    def platform(self) -> Platform:
        """The platform that sells it."""
        return self.alternative.platform

    @property
    def license(self) -> LicenseTerms | None:
        """The license that binds the customer."""
        return self.offering.license or self.model.license

    def countries(self, geography: str) -> frozenset[str]:
        """Return the countries of a geography, or of a country given by its code."""
        found = self.catalog.vocabulary.geographies.terms.get(geography.lower())
        return frozenset(found.countries) if found else frozenset({geography.upper()})


_LOOKED_UP = re.compile(r"\((?:secondary, )?(\d{4}-\d{2}-\d{2})\)")
"""The day in a source as `_cite` writes it."""

Judge = Callable[[Case], Iterator[Verdict]]


Level = Literal[
    "job", "model", "features", "limits", "license", "platform", "data", "offering", "lifecycle", "scope", "tier", "capacity", "figures"
]
"""What verdicts depend on, in the order in which they are told: see `keys`."""

Key = Callable[[Alternative], Hashable]


def _job(alternative: Alternative) -> Hashable:
    model, has = alternative.model, alternative.model.modalities
    return model.kind if has is None else (model.kind, has.input, has.output, has.source, has.secondary, has.checked)


def _limits(group: Limits | None) -> Hashable:
    if group is None:
        return None
    return group.context_tokens, group.input_tokens, group.output_tokens, group.source, group.secondary, group.checked


def _life(alternative: Alternative) -> Hashable:
    life = alternative.offering.lifecycle
    if life is None:
        return alternative.platform.id
    dates = (life.available_on, life.legacy_on, life.retires_on)
    return (life.stage, *dates, life.successor, life.source, life.secondary, life.checked)


def _alone(alternative: Alternative) -> None:
    """Return no key: nothing is shared."""


def _place(platforms: Iterable[Platform]) -> Key:
    """Return the key of all that verdicts on where an alternative runs depend on, besides what its offering says of its own."""
    for_some_models = {
        platform.id
        for platform in platforms
        if any(terms.models is not None or terms.developers is not None for terms in platform.compliance.values())
    }

    def key(alternative: Alternative) -> Hashable:
        if alternative.offering.compliance:
            return None
        platform, scope = alternative.platform.id, alternative.scope
        model = alternative.model.id if platform in for_some_models else None
        if scope is None:
            return platform, model, alternative.regions
        said = (scope.scope, scope.geography, scope.access, scope.how, scope.source, scope.secondary, scope.checked)
        return platform, model, alternative.regions, said

    return key


_KEYS: Mapping[Level, Key] = {
    "job": _job,
    "model": lambda one: one.model.id,
    "features": lambda one: None if one.offering.features else one.model.id,
    "limits": lambda one: (_limits(one.offering.limits), _limits(one.model.limits)),
    "license": lambda one: None if one.offering.license else one.model.id,
    "platform": lambda one: one.platform.id,
    "data": lambda one: None if one.offering.no_training or one.offering.retention else one.platform.id,
    "offering": _alone,
    "lifecycle": _life,
    "tier": lambda one: (one.platform.id, one.tier),
    "capacity": lambda one: None if one.commitment_months else "none",
    "figures": _alone,
}


def keys(platforms: Iterable[Platform]) -> Mapping[Level, Key]:
    """Return by level a key of alternatives: with the same key they have the same verdicts; None: only its own."""
    return {**_KEYS, "scope": _place(platforms)}


OF_MODEL: tuple[Level, ...] = ("job", "model", "features", "limits", "license")
"""Levels that say what the model is."""

WHOLE: tuple[Level, ...] = (*OF_MODEL, "platform", "data", "offering", "lifecycle")
"""Levels that say the same of every alternative of an offering."""

EACH: tuple[Level, ...] = ("scope", "tier", "capacity", "figures")
"""Levels that tell the alternatives of an offering apart."""


class Constraint(msgspec.Struct, frozen=True):
    """A constraint: its name (in results, and of its section in the docs) and its function."""

    name: str
    says: str
    judge: Judge
    level: Level = "offering"
    """What the verdict depends on."""
    asked_by: tuple[str, ...] = ()
    """Requirements of which at least one asks for it; none named: it is always judged."""
    task_asks: str = ""
    """What of a task asks for it too."""


# ---------------------------------------------------------------- stage


def stage_on(life: Lifecycle | None, on: date) -> Stage | None:
    """Return the stage of an offering's life on a day; None when the catalog has no lifecycle."""
    if life is None:
        return None
    if life.stage == "retired" or (life.retires_on is not None and life.retires_on <= on):
        return "retired"
    if life.stage == "legacy" or (life.legacy_on is not None and life.legacy_on <= on):
        return "legacy"
    return life.stage


# ---------------------------------------------------------------- what the model is


def _task(case: Case) -> Iterator[Verdict]:
    fits = case.model.kind in case.task.kinds
    yield Verdict(
        "task",
        "met" if fits else "violated",
        f"{case.task.id}: {' or '.join(case.task.kinds)}",
        case.model.kind,
        filed=True,
    )


def _modality(case: Case) -> Iterator[Verdict]:
    has = case.model.modalities
    for way in ("input", "output"):
        needed = dict.fromkeys((*getattr(case.task, way), *getattr(case.requirements, f"{way}_modality")))
        for modality in needed:
            required = f"{modality} {way}"
            if has is None:
                yield Verdict("modality", "unknown", required, "not documented", asks=_asks(f"whether it takes {required}"))
                continue
            given: tuple[str, ...] = getattr(has, way)
            yield Verdict("modality", "met" if modality in given else "violated", required, ", ".join(given) + f" {way}", _cite(has))


def _feature(case: Case) -> Iterator[Verdict]:
    for feature in dict.fromkeys((*case.task.features, *case.requirements.feature)):
        for group in (case.offering.features, case.model.features):
            if group is not None and feature in group.supported:
                yield Verdict("feature", "met", feature, "supported", _cite(group))
                break
            if group is not None and feature in group.unsupported:
                yield Verdict("feature", "violated", feature, "not supported", _cite(group))
                break
        else:
            yield Verdict("feature", "unknown", feature, "not documented", asks=_asks(f"whether {feature} works there"))


def _language(case: Case) -> Iterator[Verdict]:
    has = case.model.languages
    for language in case.requirements.language:
        if has is None:
            todo = f"ask {case.model.developer} whether {case.model.name} supports {language}, or test it"
            yield Verdict("language", "unknown", language, "not documented", todo=todo)
        else:
            outcome: Outcome = "met" if language in has.codes else "violated"
            yield Verdict("language", outcome, language, f"{len(has.codes)} languages: {', '.join(has.codes)}", _cite(has))


def _limit(case: Case, *names: str) -> tuple[int | None, str]:
    """Return the first limit known of the offering, else of the model, and its source."""
    for group in (case.offering.limits, case.model.limits):
        for name in names:
            value = getattr(group, name) if group is not None else None
            if value is not None and group is not None:
                return value, _cite(group)
    return None, ""


def _context(case: Case) -> Iterator[Verdict]:
    needs = case.requirements.min_context
    longest, answer = case.workload.longest_input_tokens, case.workload.longest_output_tokens
    if needs is not None:
        window, source = _limit(case, "context_tokens", "input_tokens")
        yield _at_least("context", needs, window, source, "tokens of context", case)
    if not longest:
        return
    most, source = _limit(case, "input_tokens")
    window, source_of_window = _limit(case, "context_tokens")
    load, whole = int(longest), int(longest + answer)
    if most is not None:
        yield _at_least("context", load, most, source, "tokens of input a request", case)
    if whole > (needs or 0) and (window is not None or most is None):
        yield _at_least("context", whole, window, source_of_window, "tokens a request", case)


def _output(case: Case) -> Iterator[Verdict]:
    needs = case.requirements.min_output
    limit, source = _limit(case, "output_tokens")
    if needs is not None:
        yield _at_least("output", needs, limit, source, "tokens of output", case)
    elif limit is not None and case.workload.longest_output_tokens:
        yield _at_least("output", int(case.workload.longest_output_tokens), limit, source, "tokens of output", case)


def _at_least(constraint: str, needs: int, has: int | None, source: str, what: str, case: Case) -> Verdict:
    required = f"{short_count(needs)} {what}"
    if has is None:
        return Verdict(constraint, "unknown", required, "not documented", asks=_asks(f"for the limit on {what}"))
    return Verdict(constraint, "met" if has >= needs else "violated", required, short_count(has), source)


def _effort(case: Case) -> Iterator[Verdict]:
    wanted = case.requirements.effort
    if wanted is None:
        return
    reasoning = case.model.reasoning
    if reasoning is None or not reasoning.efforts:
        features = case.model.features
        if features is not None and "reasoning" in features.unsupported:
            yield Verdict("effort", "met" if wanted == "none" else "violated", wanted, "does not reason", _cite(features))
            return
        yield Verdict("effort", "unknown", wanted, "efforts not documented", asks=_asks(f"whether effort {wanted} can be set"))
        return
    outcome: Outcome = "met" if wanted in reasoning.efforts else "violated"
    yield Verdict("effort", outcome, wanted, ", ".join(reasoning.efforts), _cite(reasoning))


# ---------------------------------------------------------------- license


def _license(case: Case) -> Iterator[Verdict]:
    wanted = case.requirements.license
    if wanted:
        terms = case.license
        if terms is None:
            yield Verdict("license", "unknown", " or ".join(wanted), "not documented", asks=_asks("for the license"))
        else:
            yield Verdict("license", "met" if terms.id in wanted else "violated", " or ".join(wanted), terms.id, _cite(terms))


def _open_weights(case: Case) -> Iterator[Verdict]:
    if case.requirements.open_weights:
        terms = case.model.license
        if terms is None:
            todo = f"ask {case.model.developer} whether the weights can be had"
            yield Verdict("open_weights", "unknown", "open weights", "not documented", todo=todo)
        else:
            actual = f"open, {terms.id}" if terms.open_weights else "no weights"
            yield Verdict("open_weights", "met" if terms.open_weights else "violated", "open weights", actual, _cite(terms))


def _commercial_use(case: Case) -> Iterator[Verdict]:
    if not case.requirements.commercial_use:
        return
    name, required = "commercial_use", "commercial use"
    terms = case.license
    found = case.catalog.licenses.get(terms.id) if terms else None
    if terms is None or found is None or found.commercial_use is None:
        actual = "license not documented" if terms is None else f"{terms.id} does not say"
        yield Verdict(name, "unknown", required, actual, asks=_asks("for the license and whether it allows commercial use"))
    elif found.commercial_use == "no":
        yield Verdict(name, "violated", required, f"{found.name} forbids it", _cite(found))
    else:
        doubts = list(_license_doubts(case, found))
        broken = [text for outcome, text in doubts if outcome == "violated"]
        open_points = [text for outcome, text in doubts if outcome == "unknown"]
        if broken:
            yield Verdict(name, "violated", required, f"{found.name}: {'; '.join(broken)}", _cite(found))
        elif open_points:
            yield Verdict(name, "unknown", required, f"{found.name}: depends on your company", _cite(found), "; ".join(open_points))
        elif found.commercial_use == "conditional" and not doubts:
            todo, asks = (f"read its conditions: {found.conditions}", None) if found.conditions else ("", _asks("for its conditions"))
            yield Verdict(name, "unknown", required, f"{found.name} allows it under conditions", _cite(found), todo, asks)
        else:
            todo = found.conditions or ""
            yield Verdict(name, "met", required, f"{found.name} allows it", _cite(found), todo)


def _license_doubts(case: Case, terms: License) -> Iterator[tuple[Outcome, str]]:
    for threshold in terms.thresholds:
        size: int | None = getattr(case.requirements, threshold.measure)
        measure = threshold.measure.replace("_", " ")
        if size is None:
            flag = threshold.measure.replace("_", "-")
            yield "unknown", f"above {short_count(threshold.above)} {measure} it needs {threshold.then}: say yours with --{flag}"
        elif size <= threshold.above:
            yield "met", f"{short_count(size)} {measure} is not above {short_count(threshold.above)}"
        else:
            yield "violated", f"{short_count(size)} {measure} is above {short_count(threshold.above)}: it needs {threshold.then}"
    for territory in terms.territories:
        accepts = set(case.model.modalities.input) if case.model.modalities else None
        if territory.input is not None and accepts is not None and not accepts & set(territory.input):
            continue
        if case.requirements.based_in is None:
            yield "unknown", f"{territory.says}: say where your company is with --based-in"
        elif case.countries(case.requirements.based_in) & case.countries(territory.geography):
            yield "violated", territory.says


# ---------------------------------------------------------------- where it runs


def _answer_within(case: Case) -> Iterator[Verdict]:
    allowed = case.requirements.answer_within
    takes = TIER_ANSWERS[case.alternative.tier]
    fits = ANSWER_WITHIN.index(takes) <= ANSWER_WITHIN.index(allowed)
    terms = case.platform.tiers.get(case.alternative.tier)
    yield Verdict(
        "answer_within",
        "met" if fits else "violated",
        allowed,
        f"{case.alternative.tier}: {takes}",
        _cite(terms) if terms else "definition of the tier",
    )
    if fits and terms is not None and terms.access in ("on_request", "none"):
        yield _by_access("tier", case.alternative.tier, terms.access, terms.says or "", _cite(terms), case)


def _region(case: Case) -> Iterator[Verdict]:
    wanted = case.requirements.region
    if not wanted:
        return
    required = " or ".join(wanted)
    regions, scope = case.alternative.regions, case.alternative.scope
    if scope is None or not regions:
        yield Verdict("region", "unknown", required, "regions not documented", todo=_ask(case, f"whether it can be called in {required}"))
        return
    inside = [region for region in regions if region in wanted]
    outcome: Outcome = "met" if inside else "violated"
    actual = f"{scope.name} from {_listed(inside or regions)}"
    yield Verdict("region", outcome, required, actual, _cite(scope))


def _residency(case: Case) -> Iterator[Verdict]:
    for geography in case.requirements.residency:
        yield _resides(case, geography)


def _resides(case: Case, geography: str) -> Verdict:
    name = "residency"
    required = f"processing in {geography}"
    ask = _ask(case, f"whether all processing stays in {geography}")
    scope = case.alternative.scope
    if scope is None:
        return Verdict(name, "unknown", required, "the catalog does not say where it runs", todo=ask)
    promise = case.platform.processing.get(scope.scope)
    source = "; ".join(dict.fromkeys([_cite(scope), *([_cite(promise)] if promise else [])]))
    if scope.scope == "global":
        return Verdict(name, "violated", required, "global: may be processed anywhere", source)
    if scope.scope == "geo" and (reach := _reach(case, scope)) and not reach & case.countries(geography):
        return Verdict(name, "violated", required, f"{scope.name}: runs in {_listed(sorted(reach))}", source)
    if promise is None or not promise.stays:
        actual = f"{scope.name}: the platform does not promise that processing stays" if promise else f"{scope.name}: not documented"
        return Verdict(name, "unknown", required, actual, source, ask)
    if scope.access in ("on_request", "none"):
        return _by_access(name, required, scope.access, scope.how or "", source, case)
    if scope.scope == "geo":
        return _resides_in_geography(case, geography, required, ask)
    return _resides_in_region(case, geography, required, source, ask)


def _reach(case: Case, scope: Scope) -> frozenset[str]:
    """Return the countries that a geo scope may run in; empty when they are not documented."""
    drawn = case.platform.geographies.get(scope.geography or "")
    if drawn is None:
        return frozenset()
    inside = drawn.countries if drawn.countries is not None else case.countries(drawn.within) if drawn.within else ()
    return frozenset(inside) | frozenset(drawn.for_some_models)


def _resides_in_geography(case: Case, geography: str, required: str, ask: str) -> Verdict:
    scope = case.alternative.scope
    drawn = case.platform.geographies.get(scope.geography or "") if scope else None
    if scope is None or drawn is None or (drawn.countries is None and drawn.within is None):
        return Verdict("residency", "unknown", required, "the geography's countries are not documented", todo=ask)
    source = "; ".join(dict.fromkeys([_cite(scope), _cite(drawn)]))
    reach = frozenset(drawn.countries) if drawn.countries is not None else case.countries(drawn.within or "")
    outside = sorted(reach - case.countries(geography))
    if outside:
        return Verdict("residency", "violated", required, f"{scope.name}: may run in {_listed(outside)}", source)
    doubtful = sorted(frozenset(drawn.for_some_models) - case.countries(geography))
    if doubtful:
        includes = f"for some models {scope.name} includes {_listed(doubtful)}"

        def look_up(alternative: Alternative) -> str:
            return f"look up where {alternative.platform_model_id} runs: {includes}"

        return Verdict("residency", "unknown", required, f"{scope.name}: for some models also in {_listed(doubtful)}", source, asks=look_up)
    return Verdict("residency", "met", required, f"{scope.name} stays in {geography}", source, scope.how or "")


def _resides_in_region(case: Case, geography: str, required: str, source: str, ask: str) -> Verdict:
    if case.platform.kind == "self-hosted":
        return Verdict("residency", "met", required, "your own machines", source, f"run it on machines in {geography}")
    if not case.alternative.regions:
        return Verdict("residency", "unknown", required, "regions not documented", source, ask)
    inside = regions_in(case, geography)
    if not inside:
        return Verdict("residency", "violated", required, f"only in {_listed(case.alternative.regions)}", source)
    return Verdict("residency", "met", required, f"in_region: {_listed(inside)}", source, f"call it in {_listed(inside)}")


def regions_in(case: Case, geography: str) -> list[str]:
    """Return the regions of the alternative that lie in a geography."""
    cloud = case.catalog.vocabulary.regions.clouds.get(case.platform.cloud or "")
    known = cloud.regions if cloud else {}
    countries = case.countries(geography)
    return [region for region in case.alternative.regions if region in known and known[region].country in countries]


def _one_region(case: Case) -> Iterator[Verdict]:
    """Residency, region and compliance must hold in one and the same region."""
    if not case.alternative.regions or case.alternative.scope_name != "in_region":
        return
    left = set(case.alternative.regions)
    asked = 0
    if case.requirements.region:
        left &= set(case.requirements.region)
        asked += 1
    for geography in case.requirements.residency:
        left &= set(regions_in(case, geography))
        asked += 1
    for program in case.requirements.compliance:
        terms = _program(case, program)
        if terms is not None and terms.regions is not None:
            left &= set(terms.regions)
            asked += 1
    if asked > 1:
        actual = f"all hold in {_listed(sorted(left))}" if left else "no region meets all of them"
        source = _cite(case.alternative.scope) if case.alternative.scope else ""
        yield Verdict("one_region", "met" if left else "violated", "region, residency and compliance in one region", actual, source)


def _compliance(case: Case) -> Iterator[Verdict]:
    for program in case.requirements.compliance:
        yield _complies(case, program, _program(case, program))


def _program(case: Case, program: str) -> Compliance | None:
    return case.offering.compliance.get(program) or case.platform.compliance.get(program)


def _complies(case: Case, program: str, terms: Compliance | None) -> Verdict:

    def ask(alternative: Alternative) -> str:
        return _asked(alternative.platform, f"whether {program} covers {alternative.model.name}")

    if terms is None:
        return Verdict("compliance", "unknown", program, *_not_found(case, f"compliance.{program}"), asks=ask)
    source = _cite(terms)
    elsewhere = _outside_its_regions(case, terms) if terms.access != "none" and terms.regions is not None else None
    if elsewhere == "violated":
        there = ", where it is not offered" if case.alternative.scope_name == "in_region" else ""
        return Verdict("compliance", "violated", program, f"holds only in {_listed(terms.regions or ())}{there}", source)
    named = terms.models is not None or terms.developers is not None
    covered = case.model.id in (terms.models or ()) or case.model.developer in (terms.developers or ())
    if terms.access != "none" and named and not covered:
        only = ", ".join((*(terms.developers or ()), *(terms.models or ())))
        return Verdict("compliance", "unknown", program, f"documented for {only} only", source, asks=ask)
    if elsewhere == "unknown":
        return Verdict("compliance", "unknown", program, f"holds only in {_listed(terms.regions or ())}", source, asks=ask)
    return _by_access("compliance", program, terms.access, terms.how or "", source, case)


def _outside_its_regions(case: Case, terms: Compliance) -> Outcome | None:
    """Return how a program's regions speak against an alternative: it runs elsewhere, or perhaps; None when it runs there."""
    regions = case.alternative.regions
    if case.alternative.scope_name == "global" or (regions and not set(regions) & set(terms.regions or ())):
        return "violated"
    return None if regions and case.alternative.scope_name == "in_region" else "unknown"


# ---------------------------------------------------------------- what happens to the data


def _training(case: Case) -> Iterator[Verdict]:
    if case.requirements.no_training:
        yield _by_terms("training", "no training on your data", case.offering.no_training or case.platform.no_training, case)


def _private_network(case: Case) -> Iterator[Verdict]:
    if case.requirements.private_network:
        yield _by_terms("private_network", "private network", case.platform.private_network, case)


def _customer_managed_keys(case: Case) -> Iterator[Verdict]:
    if case.requirements.customer_managed_keys:
        yield _by_terms("customer_managed_keys", "customer-managed keys", case.platform.customer_managed_keys, case)


def _retention(case: Case) -> Iterator[Verdict]:
    most = case.requirements.max_retention_days
    if most is None:
        return
    required = f"kept at most {most} days"
    terms = case.offering.retention or case.platform.retention
    if terms is None:
        todo = _ask(case, "how long prompts and answers are kept")
        yield Verdict("retention", "unknown", required, *_not_found(case, "retention"), todo)
        return
    flagged = f", flagged traffic {terms.flagged_days} days" if terms.flagged_days else ""
    ordinary = "days kept not documented" if terms.days is None else f"kept {terms.days} days" if terms.days else "not kept"
    actual = ordinary + flagged
    if terms.days is not None and max(terms.days, terms.flagged_days or 0) <= most:
        yield Verdict("retention", "met", required, actual, _cite(terms))
    elif terms.zero in ("default", "self_serve") and (terms.flagged_days or 0) <= most:
        todo = terms.how or f"turn on zero retention at {case.platform.name}"
        yield Verdict("retention", "met", required, f"{actual}; zero retention can be turned on", _cite(terms), todo)
    elif terms.zero == "none" and terms.days is None:
        todo = _ask(case, "how long prompts and answers are kept")
        yield Verdict("retention", "unknown", required, f"{actual}; no zero retention", _cite(terms), todo)
    elif terms.zero in ("default", "self_serve"):
        todo = _ask(case, "whether zero retention holds for flagged traffic too")
        yield Verdict("retention", "unknown", required, f"{actual}; zero retention can be turned on", _cite(terms), todo)
    elif terms.zero == "none":
        yield Verdict("retention", "violated", required, f"{actual}; no zero retention", _cite(terms))
    else:
        todo = (terms.how if terms.zero else None) or _ask(case, "for zero retention")
        said = "zero retention only on request" if terms.zero else "zero retention not documented"
        yield Verdict("retention", "unknown", required, f"{actual}; {said}", _cite(terms), todo)


def _by_terms(constraint: str, required: str, terms: Terms | None, case: Case) -> Verdict:
    if terms is None:
        fact = "no_training" if constraint == "training" else constraint
        return Verdict(constraint, "unknown", required, *_not_found(case, fact), _ask(case, f"about {required}"))
    return _by_access(constraint, required, terms.access, terms.how or "", _cite(terms), case)


def _not_found(case: Case, fact: str) -> tuple[str, str]:
    """Return what there is to say of a fact that the platform's file does not give, and where it was looked for."""
    for group in case.platform.not_documented:
        if fact in group.facts or fact.partition(".")[0] in group.facts:
            return "looked for, not documented", _cite(group)
    return "not documented", ""


def _by_access(constraint: str, required: str, access: Access, how: str, source: str, case: Case) -> Verdict:
    if access == "default":
        return Verdict(constraint, "met", required, how or "holds by default", source)
    if access == "self_serve":
        return Verdict(constraint, "met", required, "you turn it on or sign it yourself", source, how)
    if access == "on_request":
        todo = f"{how}: ask {case.platform.operator}" if how else _ask(case, f"for {required}")
        return Verdict(constraint, "unknown", required, "only on request", source, todo)
    return Verdict(constraint, "violated", required, how or "not offered", source)


# ---------------------------------------------------------------- customization, choice, life


def _customization(case: Case) -> Iterator[Verdict]:
    for method in case.requirements.customization:
        here = case.offering.customization.get(method)
        general = case.platform.customization.get(method)
        if here is not None:
            yield _by_access("customization", method, here.access, here.how or "", _cite(here), case)
        elif general is not None and general.access == "none":
            yield Verdict("customization", "violated", method, general.how or "not offered", _cite(general))
        else:
            actual = "offered there, not documented for this model" if general else "not documented"
            source = _cite(general) if general else ""
            yield Verdict("customization", "unknown", method, actual, source, _ask(case, f"whether {method} works with this model"))


def _chosen(case: Case) -> Iterator[Verdict]:
    wants = case.requirements
    where = _catalog(case)
    if wants.platform:
        outcome: Outcome = "met" if case.platform.id in wants.platform else "violated"
        yield Verdict("platform", outcome, " or ".join(wants.platform), case.platform.id, where)
    if case.platform.id in wants.exclude_platform:
        yield Verdict("platform", "violated", f"not {case.platform.id}", case.platform.id, where)
    if wants.developer:
        outcome = "met" if case.model.developer in wants.developer else "violated"
        yield Verdict("developer", outcome, " or ".join(wants.developer), case.model.developer, where)
    for name in wants.exclude:
        if name in {case.model.id, case.model.slug, case.model.family, case.model.developer, case.offering.id}:
            yield Verdict("exclude", "violated", f"not {name}", case.offering.id, where)


def _lifecycle(case: Case) -> Iterator[Verdict]:
    life, on = case.offering.lifecycle, case.on
    stage = stage_on(life, on)
    required = "for sale"
    if life is None or stage is None:
        yield Verdict("lifecycle", "unknown", required, "not documented", todo=_ask(case, "whether it is for sale, and until when"))
        return
    source = _cite(life)
    successor = f"; successor {life.successor}" if life.successor else ""
    if stage == "retired":
        when = f" since {life.retires_on}" if life.retires_on else ""
        yield Verdict("lifecycle", "violated", required, f"retired{when}{successor}", source)
    elif life.available_on is not None and life.available_on > on:
        yield Verdict("lifecycle", "violated", required, f"for sale from {life.available_on}", source)
    elif stage == "preview" and not case.requirements.allow_preview:
        yield Verdict("lifecycle", "violated", "for sale, not a preview", "preview", source)
    elif not case.requirements.allow_legacy and (closing := _closing(life, stage, on)):
        yield Verdict("lifecycle", "violated", f"not closing within {SHORT_NOTICE_DAYS} days", closing + successor, source)
    else:
        ends = f", ends {life.retires_on}" if life.retires_on else ""
        yield Verdict("lifecycle", "met", required, f"{stage}{ends}", source)


def _closing(life: Lifecycle, stage: Stage, on: date) -> str:
    ends = f", ends {life.retires_on}" if life.retires_on else ""
    if stage == "legacy":
        return f"legacy{f' since {life.legacy_on}' if life.legacy_on else ''}{ends}"
    if life.retires_on is not None and life.retires_on < on + timedelta(days=SHORT_NOTICE_DAYS):
        return f"ends {life.retires_on}, in {(life.retires_on - on).days} days"
    return ""


def _supported_until(case: Case) -> Iterator[Verdict]:
    until = case.requirements.supported_until
    if until is None:
        return
    life = case.offering.lifecycle
    required = f"supported until {until}"
    if life is not None and life.retires_on is not None:
        outcome: Outcome = "met" if life.retires_on >= until else "violated"
        yield Verdict("supported_until", outcome, required, f"ends {life.retires_on}", _cite(life))
    elif life is not None and life.retires_not_before is not None and life.retires_not_before >= until:
        yield Verdict("supported_until", "met", required, f"not before {life.retires_not_before}", _cite(life))
    else:
        yield Verdict(
            "supported_until",
            "unknown",
            required,
            "no end announced, and none promised",
            todo=_ask(case, f"until when it is supported ({until} is needed)"),
        )


# ---------------------------------------------------------------- cost and speed


def _commitment(case: Case) -> Iterator[Verdict]:
    months = case.alternative.commitment_months
    if months:
        most = case.requirements.commitment
        required = f"commitment of at most {counted(most, 'month')}" if most else "no commitment"
        price = case.alternative.prices[0]
        yield Verdict("commitment", "met" if months <= most else "violated", required, counted(months, "month"), _cite(price))


def _cost(case: Case) -> Iterator[Verdict]:
    for limit, field, per in (
        (case.requirements.max_cost, "usd_per_month", "a month"),
        (case.requirements.max_cost_per_request, "usd_per_request", "a request"),
    ):
        if limit is None or case.estimate is None:
            continue
        name = "cost" if per == "a month" else "cost_per_request"
        required = f"at most {money(limit)} {per}"
        cost = case.estimate.cost
        if cost is None:
            yield Verdict(name, "unknown", required, case.estimate.cost_unknown, todo=f"find the price at {case.platform.name}")
            continue
        actual: Decimal = getattr(cost, field)
        sources = "; ".join(dict.fromkeys(f"{line.source} ({line.checked})" for line in cost.lines))
        yield Verdict(name, "met" if actual <= limit else "violated", required, f"{money(actual)} {per}", sources)


def _speed(case: Case) -> Iterator[Verdict]:
    if case.estimate is None:
        return
    wants, found = case.requirements, case.estimate
    for name, limit, actual, at_least, what in (
        ("ttft", wants.max_ttft, found.ttft_s, False, "s to the first token"),
        ("throughput", wants.min_throughput, found.output_tokens_per_s, True, "output tokens/s"),
        ("answer", wants.max_answer_s, found.answer_s, False, "s to the end of an answer"),
    ):
        if limit is not None:
            yield _interval(name, actual, float(limit), at_least, what, case)


def _interval(name: str, actual: Interval | None, limit: float, at_least: bool, what: str, case: Case) -> Verdict:
    """Met when the whole interval passes, violated when none of it does, else unknown."""
    required = f"at {'least' if at_least else 'most'} {limit:g} {what}"
    todo = f"measure it at {case.platform.name} with your own prompts (fmselect measure)"
    if actual is None:
        return Verdict(name, "unknown", required, "not measured", todo=todo)
    said = f"{actual.low:.3g} to {actual.high:.3g} {what}, {actual.kind}"
    passes = [end >= limit if at_least else end <= limit for end in (actual.low, actual.high)]
    outcome: Outcome = "met" if all(passes) else "unknown" if any(passes) else "violated"
    return Verdict(name, outcome, required, said, actual.basis, todo if outcome == "unknown" else "")


# ---------------------------------------------------------------- the table


CONSTRAINTS: tuple[Constraint, ...] = (
    Constraint("task", "the model is of a kind that does the task", _task, level="job"),
    Constraint("modality", "it takes and gives what is needed", _modality, level="job"),
    Constraint("feature", "it has the features needed", _feature, level="features", asked_by=("feature",), task_asks="features"),
    Constraint("language", "its developer supports the languages", _language, level="model", asked_by=("language",)),
    Constraint("context", "the context window holds the requests", _context, level="limits"),
    Constraint("output", "an answer may be long enough", _output, level="limits"),
    Constraint("effort", "the reasoning effort can be asked for", _effort, level="model", asked_by=("effort",)),
    Constraint("license", "the license is one of those named", _license, level="license", asked_by=("license",)),
    Constraint("open_weights", "the weights can be had", _open_weights, level="model", asked_by=("open_weights",)),
    Constraint("commercial_use", "the license allows commercial use", _commercial_use, level="license", asked_by=("commercial_use",)),
    Constraint("training", "the data trains no model", _training, level="data", asked_by=("no_training",)),
    Constraint("retention", "prompts and answers are kept no longer", _retention, level="data", asked_by=("max_retention_days",)),
    Constraint(
        "private_network",
        "it can be reached without the public internet",
        _private_network,
        level="platform",
        asked_by=("private_network",),
    ),
    Constraint(
        "customer_managed_keys",
        "data at rest is encrypted with the customer's keys",
        _customer_managed_keys,
        level="platform",
        asked_by=("customer_managed_keys",),
    ),
    Constraint("customization", "the model can be customized there", _customization, asked_by=("customization",)),
    Constraint(
        "choice",
        "platform, developer and model are among those to consider",
        _chosen,
        asked_by=("platform", "exclude_platform", "developer", "exclude"),
    ),
    Constraint("lifecycle", "it is for sale and not about to end", _lifecycle, level="lifecycle"),
    Constraint("supported_until", "it is promised to last", _supported_until, asked_by=("supported_until",)),
    Constraint("region", "it can be called in the region", _region, level="scope", asked_by=("region",)),
    Constraint("residency", "every request is processed in the geography", _residency, level="scope", asked_by=("residency",)),
    Constraint("compliance", "the program covers it, where it runs", _compliance, level="scope", asked_by=("compliance",)),
    Constraint(
        "one_region",
        "region, residency and compliance hold in one region",
        _one_region,
        level="scope",
        asked_by=("region", "residency", "compliance"),
    ),
    Constraint("answer_within", "the service tier answers in time", _answer_within, level="tier"),
    Constraint("commitment", "capacity that is bought commits to no more months", _commitment, level="capacity"),
    Constraint("cost", "a month, and a request, cost no more", _cost, level="figures", asked_by=("max_cost", "max_cost_per_request")),
    Constraint(
        "speed",
        "the first token, the rest and the whole answer come fast enough",
        _speed,
        level="figures",
        asked_by=("max_ttft", "min_throughput", "max_answer_s"),
    ),
)
"""Every constraint, in the order in which reasons are given."""


def screening(case: Case, level: Level) -> Screening:
    """Return the verdicts of the constraints of a level, as all who share them have them."""
    found: list[Verdict] = []
    violated: list[str] = []
    doubts = 0
    for judge in (case.judges or _AT)[level]:
        for verdict in judge(case):
            found.append(verdict)
            if verdict.outcome == "unknown":
                doubts += 1
            elif verdict.outcome == "violated":
                violated.append(verdict.constraint)
    return Screening(tuple(found), frozenset(violated), doubts) if found else NOTHING


def screen(case: Case, level: Level) -> tuple[Verdict, ...]:
    """Return the verdicts of the constraints of a level, as they are said of the case."""
    return tuple(verdict.of(case.alternative, case.catalog.places) for verdict in screening(case, level).verdicts)


def asked(requirements: Requirements, task: Task) -> Mapping[Level, tuple[Judge, ...]]:
    """Return the constraints that requirements or the task ask for, by level; the others have nothing to say."""

    def stated(name: str) -> bool:
        value = getattr(requirements, name)
        return value is not None and value is not False and value != ()

    def wanted(constraint: Constraint) -> bool:
        if constraint.task_asks and getattr(task, constraint.task_asks):
            return True
        return not constraint.asked_by or any(stated(name) for name in constraint.asked_by)

    judged = [constraint for constraint in CONSTRAINTS if wanted(constraint)]
    return _by_level(judged)


def _by_level(constraints: Iterable[Constraint]) -> Mapping[Level, tuple[Judge, ...]]:
    found: dict[Level, list[Judge]] = {level: [] for level in get_args(Level)}
    for constraint in constraints:
        found[constraint.level].append(constraint.judge)
    return {level: tuple(judges) for level, judges in found.items()}


_AT: Mapping[Level, tuple[Judge, ...]] = _by_level(CONSTRAINTS)


def _cite(group: Sourced) -> str:
    """Write a source with the day it was checked, and whether it is second hand."""
    return f"{group.source} ({'secondary, ' if group.secondary else ''}{group.checked.isoformat()})"


def _catalog(case: Case) -> str:
    return case.catalog.places.get(f"models/{case.model.id}", "catalog")


def _ask(case: Case, what: str) -> str:
    return _asked(case.platform, what)


def _asked(platform: Platform, what: str) -> str:
    return f"ask {platform.operator} {what}" if platform.kind != "self-hosted" else f"find out {what}"


def _asks(what: str) -> Todo:
    """Return the question to whoever sells what is judged."""
    return lambda alternative: _asked(alternative.platform, what)


def _listed(items: Sequence[str] | Iterable[str], most: int = 4) -> str:
    terms = list(items)
    return ", ".join(terms[:most]) + (f" and {len(terms) - most} more" if len(terms) > most else "")
