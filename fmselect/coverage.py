"""What share of models, offerings and fields the catalog knows, by kind and by platform."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from fmselect.catalog.provenance import fact_groups
from fmselect.eligibility import stage_on
from fmselect.estimates import in_force
from fmselect.speed import KINDS as SPEED_KINDS
from fmselect.speed import pace
from fmselect.units import KINDS, Kind

if TYPE_CHECKING:
    from fmselect.against import Against
    from fmselect.catalog.catalog import Catalog
    from fmselect.catalog.schema import Model, Offering, Platform, Scope

Standing = Literal["documented", "not documented", "not looked for"]
"""What the catalog has of a fact: it says something, somebody looked and found nothing, or nobody looked."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are of one sort; current ones can be used on the day."""

    name: str
    models: int
    current_models: int
    offerings: int
    current_offerings: int


@dataclass(frozen=True, slots=True)
class Field:
    """How often a field is known, among the entries that it concerns."""

    of: Literal["models", "offerings"]
    group: str
    """The kind of model, or the platform."""
    field: str
    known: int
    concerned: int


@dataclass(frozen=True, slots=True)
class PlatformFacts:
    """What is known of a platform, fact by fact."""

    platform: str
    facts: Mapping[str, Standing]

    def count(self, standing: Standing) -> int:
        """Return how many facts have this standing."""
        return sum(found == standing for found in self.facts.values())

    @property
    def full(self) -> bool:
        """Whether every fact is documented, or was looked for."""
        return not self.count("not looked for")


@dataclass(frozen=True, slots=True)
class Sources:
    """How many fact groups there are of one sort of file, and where they come from."""

    kind: str
    groups: int
    sourced: int
    """Groups with a source and the day it was looked at."""
    secondary: int
    """Groups whose source reports what the vendor says."""
    conflicts: int
    """Values of other sources that are recorded with the reason why they were not taken."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the catalog knows on a day."""

    on: date
    totals: Mapping[str, int]
    kinds: tuple[Count, ...]
    platforms: tuple[Count, ...]
    fields: tuple[Field, ...]
    platform_facts: tuple[PlatformFacts, ...]
    sources: tuple[Sources, ...]
    speeds: Mapping[str, Mapping[str, int]]
    """How the speed of chat offerings is known: by what is told of it, how many by kind."""
    qualities: Mapping[str, int]
    """How the quality of chat models is known: how many by kind."""
    against: Against | None = None
    """What a price map sells that the catalog does not, when one was given."""


def coverage(catalog: Catalog, on: date, held_against: Against | None = None) -> Coverage:
    """Return what the catalog knows on a day, computed from its entries."""
    return Coverage(
        on=on,
        totals=_totals(catalog, on),
        kinds=tuple(_kinds(catalog, on)),
        platforms=tuple(_platforms(catalog, on)),
        fields=(*_model_fields(catalog), *_offering_fields(catalog, on)),
        platform_facts=tuple(PlatformFacts(platform.id, standings(platform)) for platform in catalog.platforms.values()),
        sources=tuple(_sources(catalog)),
        speeds=speed_kinds(catalog, on),
        qualities=quality_kinds(catalog, on),
        against=held_against,
    )


# ---------------------------------------------------------------- counts


def _current(offerings: Iterable[Offering], on: date) -> list[Offering]:
    return [offering for offering in offerings if stage_on(offering.lifecycle, on) != "retired"]


def _totals(catalog: Catalog, on: date) -> dict[str, int]:
    current = _current(catalog.offerings.values(), on)
    results = catalog.evidence()
    return {
        "models": len(catalog.models),
        "current models": len({offering.model for offering in current}),
        "open-weight models": sum(bool(model.license and model.license.open_weights) for model in catalog.models.values()),
        "developers": len(catalog.developers),
        "offerings": len(catalog.offerings),
        "current offerings": len(current),
        "platforms": len(catalog.platforms),
        "licenses": len(catalog.licenses),
        "tasks": len(catalog.tasks),
        "benchmarks": len(catalog.benchmarks),
        "results of benchmarks": sum(len(benchmark.rows) for benchmark in results.values()),
    }


def _count(name: str, models: Iterable[str], offerings: Iterable[Offering], on: date) -> Count:
    sold = list(offerings)
    current = _current(sold, on)
    return Count(name, len(set(models)), len({offering.model for offering in current}), len(sold), len(current))


def _kinds(catalog: Catalog, on: date) -> Iterable[Count]:
    for kind in KINDS:
        models = [model.id for model in catalog.models.values() if model.kind == kind]
        offerings = [offering for model in models for offering in catalog.offerings_by_model.get(model, ())]
        yield _count(kind, models, offerings, on)


def _platforms(catalog: Catalog, on: date) -> Iterable[Count]:
    for platform, offerings in _by_platform(catalog).items():
        yield _count(platform, [offering.model for offering in offerings], offerings, on)


def _by_platform(catalog: Catalog) -> dict[str, list[Offering]]:
    found: dict[str, list[Offering]] = {platform: [] for platform in catalog.platforms}
    for offering in catalog.offerings.values():
        found[offering.platform].append(offering)
    return found


def speed_kinds(catalog: Catalog, on: date) -> dict[str, dict[str, int]]:
    """Count the chat offerings that are not retired by how their standard speed is known: measured, stated, estimated, unknown."""
    kinds_of = (*SPEED_KINDS, "unknown")
    found: dict[str, dict[str, int]] = {what: dict.fromkeys(kinds_of, 0) for what in ("first token", "output rate", "either")}
    for offering in catalog.offerings.values():
        model = catalog.model_of(offering)
        if model.kind != "chat" or stage_on(offering.lifecycle, on) == "retired":
            continue
        rated = pace(offering, model, catalog.platform_of(offering), "standard", None, catalog.derived.speed)
        kinds = [interval.kind if interval else "unknown" for interval in (rated.ttft_s, rated.output_tokens_per_s)]
        kinds.append(min(kinds, key=kinds_of.index))
        for what, kind in zip(found, kinds, strict=True):
            found[what][kind] += 1
    return found


def quality_kinds(catalog: Catalog, on: date) -> dict[str, int]:
    """Count the chat models that are sold by how their quality at some task is known: measured, estimated, unknown."""
    abilities = [catalog.derived.abilities.get(task.id, {}) for task in catalog.tasks.values() if "chat" in task.kinds]
    found = dict.fromkeys(("measured", "estimated", "unknown"), 0)
    for name in {offering.model for offering in _current(catalog.offerings.values(), on)}:
        if catalog.models[name].kind == "chat":
            known = [ability.estimated for by_model in abilities for ability in by_model.get(name, ())]
            found["unknown" if not known else "estimated" if all(known) else "measured"] += 1
    return found


# ---------------------------------------------------------------- fields

_TALK: tuple[Kind, ...] = ("chat", "realtime")
_READ: tuple[Kind, ...] = ("chat", "embedding", "rerank", "realtime")
_IN_WORDS: tuple[Kind, ...] = (*_READ, "speech-to-text", "text-to-speech")


class _Read(NamedTuple):
    """A field of a model: how to read it, and which models it concerns."""

    field: str
    read: Callable[[Model], Any]
    concerns: Callable[[Model], bool] | tuple[Kind, ...] = KINDS

    def of(self, model: Model) -> bool:
        return model.kind in self.concerns if isinstance(self.concerns, tuple) else self.concerns(model)


MODEL_FIELDS: tuple[_Read, ...] = (
    _Read("release", lambda model: model.release),
    _Read("modalities", lambda model: model.modalities),
    _Read("context", lambda model: model.limits and (model.limits.context_tokens or model.limits.input_tokens), _READ),
    _Read("output limit", lambda model: model.limits and model.limits.output_tokens, _TALK),
    _Read("features", lambda model: model.features, _TALK),
    _Read(
        "efforts",
        lambda model: model.reasoning and (model.reasoning.efforts or model.reasoning.always_on is not None),
        lambda model: model.features is not None and "reasoning" in model.features.supported,
    ),
    _Read("languages", lambda model: model.languages, _IN_WORDS),
    _Read("license", lambda model: model.license),
    _Read("parameters", lambda model: model.parameters, lambda model: model.license is not None and model.license.open_weights),
    _Read("knowledge cutoff", lambda model: model.knowledge, ("chat",)),
    _Read("training data", lambda model: model.training_data),
    _Read("safety", lambda model: model.safety),
    _Read("uses", lambda model: model.uses),
)
"""Every field of a model that is counted."""


def _model_fields(catalog: Catalog) -> Iterable[Field]:
    measured = {model for abilities in catalog.derived.abilities.values() for model, found in abilities.items() if not found[0].estimated}
    for kind in KINDS:
        models = [model for model in catalog.models.values() if model.kind == kind]
        for field in MODEL_FIELDS:
            concerned = [model for model in models if field.of(model)]
            if concerned:
                yield Field("models", kind, field.field, sum(bool(field.read(model)) for model in concerned), len(concerned))
        if models:
            yield Field("models", kind, "measured quality", sum(model.id in measured for model in models), len(models))


class _Sold(NamedTuple):
    """An offering on a day, with its platform, whose terms hold where it has none of its own."""

    offering: Offering
    platform: Platform
    on: date

    @property
    def ends(self) -> date | None:
        life = self.offering.lifecycle
        return (life.retires_on or life.retires_not_before) if life else None

    @property
    def closed(self) -> bool:
        """Whether the platform refuses a method of customization, and with it the method for every model that is sold there."""
        return any(terms.access == "none" for terms in self.platform.customization.values())

    def runs(self, scope: Scope) -> bool:
        """Whether the catalog tells in which countries a scope may process."""
        if scope.scope == "global" or self.platform.kind == "self-hosted":
            return True
        if scope.scope == "in_region":
            return bool(scope.regions)
        drawn = self.platform.geographies.get(scope.geography or "")
        return drawn is not None and (drawn.countries is not None or drawn.within is not None)


OFFERING_FIELDS: Mapping[str, Callable[[_Sold], Any]] = {
    "price": lambda sold: any(in_force(price, sold.on) for price in sold.offering.prices),
    "lifecycle": lambda sold: sold.offering.lifecycle,
    "end": lambda sold: sold.ends,
    "scopes": lambda sold: sold.offering.scopes,
    "place": lambda sold: any(sold.runs(scope) for scope in sold.offering.scopes),
    "compliance": lambda sold: sold.offering.compliance or sold.platform.compliance,
    "training": lambda sold: sold.offering.no_training or sold.platform.no_training,
    "retention": lambda sold: sold.offering.retention or sold.platform.retention,
    "customization": lambda sold: sold.offering.customization or sold.closed,
    "speed": lambda sold: sold.offering.speed,
}
"""Every field of an offering that is counted: `end` is an end or a promise of none before a day, `place` the countries it runs in."""


def _offering_fields(catalog: Catalog, on: date) -> Iterable[Field]:
    for platform, offerings in _by_platform(catalog).items():
        current = [_Sold(offering, catalog.platforms[platform], on) for offering in _current(offerings, on)]
        for field, read in OFFERING_FIELDS.items():
            if current:
                yield Field("offerings", platform, field, sum(bool(read(sold)) for sold in current), len(current))


# ---------------------------------------------------------------- platforms

_PROGRAMS = (
    "hipaa", "gdpr-dpa", "soc2-type2", "iso-27001", "iso-42001", "fedramp-moderate", "fedramp-high", "pci-dss", "hitrust", "c5", "irap",
)  # fmt: skip

PLATFORM_FACTS: tuple[str, ...] = (
    *(f"compliance.{program}" for program in _PROGRAMS),
    "no_training", "retention.days", "retention.zero", "human_review", "logging", "private_network", "customer_managed_keys",
    "processing", "storage", "tiers.batch", "tiers.flex", "tiers.priority", "tiers.provisioned", "customization", "guardrails", "legacy",
)  # fmt: skip
"""What a platform's file should answer, one way or the other."""


def standings(platform: Platform) -> dict[str, Standing]:
    """Return for every fact of a platform whether it is documented, was looked for, or neither."""
    looked_for = {fact for group in platform.not_documented for fact in group.facts}
    return {fact: _standing(platform, fact, looked_for) for fact in PLATFORM_FACTS}


def _standing(platform: Platform, fact: str, looked_for: set[str]) -> Standing:
    name, _, key = fact.partition(".")
    group = getattr(platform, name)
    found = group if not key else group.get(key) if isinstance(group, Mapping) else getattr(group, key, None)
    if found is not None and found != {}:
        return "documented"
    return "not documented" if {fact, name} & looked_for else "not looked for"


# ---------------------------------------------------------------- sources


def _sources(catalog: Catalog) -> Iterable[Sources]:
    found: dict[str, list[Any]] = {}
    for fact in fact_groups(catalog):
        found.setdefault("prices" if fact.kind == "prices" else fact.entry.partition("/")[0], []).append(fact.facts)
    for kind, groups in sorted(found.items()):
        sourced = sum(bool(group.source and group.checked) for group in groups)
        yield Sources(kind, len(groups), sourced, sum(group.secondary for group in groups), sum(len(group.conflicts) for group in groups))
