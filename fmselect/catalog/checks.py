"""What must hold between the files of a catalog, and what makes sense; one function each."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, get_args

from fmselect.catalog import sense
from fmselect.catalog.loader import Entries
from fmselect.catalog.schema import (
    Compliance,
    Customization,
    Features,
    LegacyTerms,
    Lifecycle,
    Offering,
    Platform,
    Price,
    Retention,
    Statement,
    Terms,
)
from fmselect.errors import Problem, did_you_mean
from fmselect.units import TIERS, ScopeKind

Check = Callable[[Entries, date], Iterator[Problem]]


def problems(entries: Entries, on: date) -> list[Problem]:
    """Return everything that does not hold between the entries, on the given day."""
    return [problem for check in CHECKS for problem in check(entries, on)]


def _at(entries: Entries, key: str, field: tuple[str | int, ...], message: str) -> Problem:
    return entries.documents[key].problem(field, message)


def _unknown(
    entries: Entries, key: str, field: tuple[str | int, ...], term: str, known: Collection[str] | None, where: str
) -> Iterator[Problem]:
    """Yield a problem for a term that is not known; None means that nobody can tell."""
    if known is not None and term not in known:
        yield _at(entries, key, field, f"'{term}' is not in {where}{did_you_mean(term, known)}")


def _ids(entries: Entries, kind: str) -> set[str]:
    """Return the ids of all files of a kind, also of those that could not be read."""
    return {*entries.of_kind(kind), *(key.removeprefix(f"{kind}/") for key in entries.broken if key.startswith(f"{kind}/"))}


def _developers(entries: Entries) -> set[str]:
    return {identity.partition("/")[0] for identity in _ids(entries, "models")}


def _terms(entries: Entries, name: str) -> Mapping[str, Any] | None:
    """Return the terms of a vocabulary; None when it could not be read."""
    vocabulary = entries.vocabularies.get(name)
    return vocabulary.terms if vocabulary else None


def _clouds(entries: Entries) -> Mapping[str, Any] | None:
    regions = entries.vocabularies.get("regions")
    return regions.clouds if regions else None


def slugs_are_unique(entries: Entries, on: date) -> Iterator[Problem]:
    """Offerings name a model by its file name alone, so no two developers may share one."""
    first: dict[str, str] = {}
    for identity, model in entries.models.items():
        other = first.setdefault(model.slug, identity)
        if other != identity:
            yield _at(entries, f"models/{identity}", (), f"has the same file name as {other}: rename one, offerings could mean either")


def model_terms_exist(entries: Entries, on: date) -> Iterator[Problem]:
    """A model's features, languages and license are known terms."""
    for identity, model in entries.models.items():
        key = f"models/{identity}"
        yield from _features(entries, key, model.features)
        for index, code in enumerate(model.languages.codes if model.languages else ()):
            yield from _unknown(
                entries, key, ("languages", "codes", index), code, _terms(entries, "languages"), "vocabulary/languages.yaml"
            )
        if model.license:
            yield from _unknown(entries, key, ("license", "id"), model.license.id, _ids(entries, "licenses"), "licenses/")


def _features(entries: Entries, key: str, features: Features | None) -> Iterator[Problem]:
    if features is None:
        return
    for name in ("supported", "unsupported"):
        for index, feature in enumerate(getattr(features, name)):
            yield from _unknown(entries, key, ("features", name, index), feature, _terms(entries, "features"), "vocabulary/features.yaml")
    for feature in set(features.supported) & set(features.unsupported):
        yield _at(entries, key, ("features", "unsupported"), f"'{feature}' is also in supported: keep one")


def platform_terms_exist(entries: Entries, on: date) -> Iterator[Problem]:
    """A platform's programs, methods, cloud and geographies are known terms."""
    for identity, platform in entries.platforms.items():
        key = f"platforms/{identity}"
        if platform.cloud:
            yield from _unknown(entries, key, ("cloud",), platform.cloud, _clouds(entries), "vocabulary/regions.yaml")
        yield from _compliance(entries, key, identity, platform.compliance)
        yield from _customization(entries, key, identity, platform.customization)
        for name, geography in platform.geographies.items():
            if geography.within:
                place = ("geographies", name, "within")
                yield from _unknown(entries, key, place, geography.within, _terms(entries, "geographies"), "vocabulary/geographies.yaml")


def what_was_not_found_is_not_given(entries: Entries, on: date) -> Iterator[Problem]:
    """A fact that was looked for and not found is a field of the platform that stays empty."""
    for identity, platform in entries.platforms.items():
        for index, group in enumerate(platform.not_documented):
            for number, fact in enumerate(group.facts):
                yield from _not_found(entries, identity, platform, ("not_documented", index, "facts", number), fact)


def _not_found(entries: Entries, identity: str, platform: Platform, place: tuple[str | int, ...], fact: str) -> Iterator[Problem]:
    key, (name, _, inner) = f"platforms/{identity}", fact.partition(".")
    yield from _unknown(entries, key, place, name, _LOOKED_FOR, "the facts of a platform")
    if name not in _LOOKED_FOR:
        return
    group = getattr(platform, name)
    if inner:
        known = _LOOKED_FOR[name] or _terms(entries, name)
        yield from _unknown(entries, key, place, inner, known, f"the keys of {name}")
        group = group.get(inner) if isinstance(group, dict) else getattr(group, inner, None)
    if group is not None and group != {}:
        yield _at(entries, key, place, f"'{fact}' is given in this file: remove it here")


_LOOKED_FOR: Mapping[str, Collection[str] | None] = {
    "compliance": None,
    "customization": None,
    "no_training": Terms.model_fields,
    "retention": Retention.model_fields,
    "human_review": Statement.model_fields,
    "logging": Statement.model_fields,
    "private_network": Terms.model_fields,
    "customer_managed_keys": Terms.model_fields,
    "processing": get_args(ScopeKind),
    "storage": Statement.model_fields,
    "tiers": TIERS,
    "guardrails": Statement.model_fields,
    "legacy": LegacyTerms.model_fields,
}
"""Facts of a platform that somebody may have looked for, and their keys; None: the terms of the vocabulary of that name."""


def _compliance(entries: Entries, key: str, platform: str, programs: Mapping[str, Compliance]) -> Iterator[Problem]:
    for program, terms in programs.items():
        place = ("compliance", program)
        yield from _unknown(entries, key, place, program, _terms(entries, "compliance"), "vocabulary/compliance.yaml")
        yield from _known_regions(entries, key, platform, (*place, "regions"), terms.regions)
        for index, model in enumerate(terms.models or ()):
            yield from _unknown(entries, key, (*place, "models", index), model, _ids(entries, "models"), "models/")
        for index, developer in enumerate(terms.developers or ()):
            yield from _unknown(entries, key, (*place, "developers", index), developer, _developers(entries), "models/")


def _customization(entries: Entries, key: str, platform: str, methods: Mapping[str, Customization]) -> Iterator[Problem]:
    for method, terms in methods.items():
        place = ("customization", method)
        yield from _unknown(entries, key, place, method, _terms(entries, "customization"), "vocabulary/customization.yaml")
        yield from _known_regions(entries, key, platform, (*place, "regions"), terms.regions)


def _known_regions(
    entries: Entries, key: str, platform: str, place: tuple[str | int, ...], regions: Iterable[str] | None
) -> Iterator[Problem]:
    clouds, found = _clouds(entries), entries.platforms.get(platform)
    if clouds is None or found is None or (found.cloud is not None and found.cloud not in clouds):
        return
    for index, region in enumerate(regions or ()):
        if found.cloud is None:
            yield _at(entries, key, (*place, index), f"'{region}': platforms/{platform}.yaml names no cloud, so it has no regions")
            return
        yield from _unknown(entries, key, (*place, index), region, clouds[found.cloud].regions, "vocabulary/regions.yaml")


def offering_terms_exist(entries: Entries, on: date) -> Iterator[Problem]:
    """An offering's platform, scopes, regions, features, programs and successor are known."""
    for offering in entries.offerings.values():
        key = f"offerings/{offering.id}"
        platform = entries.platforms.get(offering.platform)
        if offering.platform not in _ids(entries, "platforms"):
            near = did_you_mean(offering.platform, entries.platforms)
            hint = f"{near}{' Otherwise' if near else ';'} add platforms/{offering.platform}.yaml"
            yield _at(entries, key, (), f"is sold on '{offering.platform}', which no file in platforms/ describes{hint}")
        yield from _features(entries, key, offering.features)
        yield from _compliance(entries, key, offering.platform, offering.compliance)
        yield from _customization(entries, key, offering.platform, offering.customization)
        if offering.license:
            yield from _unknown(entries, key, ("license", "id"), offering.license.id, _ids(entries, "licenses"), "licenses/")
        if offering.lifecycle and offering.lifecycle.successor:
            yield from _unknown(entries, key, ("lifecycle", "successor"), offering.lifecycle.successor, _ids(entries, "models"), "models/")
        for index, scope in enumerate(offering.scopes):
            yield from _known_regions(entries, key, offering.platform, ("scopes", index, "regions"), scope.regions)
            if scope.geography and platform:
                place = ("scopes", index, "geography")
                yield from _unknown(
                    entries, key, place, scope.geography, platform.geographies, f"geographies of platforms/{offering.platform}.yaml"
                )


def prices_fit_scopes(entries: Entries, on: date) -> Iterator[Problem]:
    """A price holds in scopes and regions that the offering has, and no two prices hold at once."""
    for offering in entries.offerings.values():
        key = f"offerings/{offering.id}"
        for index, price in enumerate(offering.prices):
            known = [scope.name for scope in offering.scopes]
            for number, scope in enumerate(price.scopes or ()):
                yield from _unknown(entries, key, ("prices", index, "scopes", number), scope, known, "the offering's scopes")
            yield from _known_regions(entries, key, offering.platform, ("prices", index, "regions"), price.regions)
            for earlier, other in enumerate(offering.prices[:index]):
                if _overlap(price, other):
                    message = f"holds for the same tier, scope and time as prices[{earlier}]: a bill must have one answer"
                    yield _at(entries, key, ("prices", index), message)


def _overlap(price: Price, other: Price) -> bool:
    return (
        price.tier == other.tier
        and _share(price.scopes, other.scopes)
        and _share(price.regions, other.regions)
        and (price.hours_utc, price.weekdays) == (other.hours_utc, other.weekdays)
        and price.commitment_months == other.commitment_months
        and (price.until_on or date.max) > (other.from_on or date.min)
        and (other.until_on or date.max) > (price.from_on or date.min)
    )


def _share(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> bool:
    """Whether two lists name something in common; a missing list is the rest, and meets only itself."""
    if one is None or other is None:
        return one is other
    return bool(set(one) & set(other))


def scopes_are_given_once(entries: Entries, on: date) -> Iterator[Problem]:
    """An offering names each scope once."""
    for offering in entries.offerings.values():
        names: dict[str, int] = {}
        for index, scope in enumerate(offering.scopes):
            first = names.setdefault(scope.name, index)
            if first != index:
                yield _at(entries, f"offerings/{offering.id}", ("scopes", index), f"is {scope.name} again, like scopes[{first}]: join them")


def prices_make_sense(entries: Entries, on: date) -> Iterator[Problem]:
    """No price is a thousand times what any model costs (a slip between per thousand and per million)."""
    for offering in entries.offerings.values():
        for index, price in enumerate(offering.prices):
            if price.usd_per_mtok is None:
                continue
            for name in ("input", "output"):
                rate = getattr(price.usd_per_mtok, name)
                if rate is not None and rate > sense.HIGHEST_USD_PER_MTOK:
                    message = (
                        f"is {rate} USD per million tokens: no model costs that; give the price per million, not per thousand or per token"
                    )
                    yield _at(entries, f"offerings/{offering.id}", ("prices", index, "usd_per_mtok", name), message)


def dates_are_in_order(entries: Entries, on: date) -> Iterator[Problem]:
    """A lifecycle runs forward: sale, legacy, retirement."""
    for offering in entries.offerings.values():
        if offering.lifecycle:
            yield from _lifecycle(entries, offering, offering.lifecycle)


def _lifecycle(entries: Entries, offering: Offering, life: Lifecycle) -> Iterator[Problem]:
    steps = [(name, getattr(life, name)) for name in ("available_on", "legacy_on", "retires_on")]
    given = [(name, day) for name, day in steps if day is not None]
    for (before, first), (after, second) in pairwise(given):
        if first > second:
            yield _at(entries, f"offerings/{offering.id}", ("lifecycle", after), f"is {second}, before {before} {first}: check both dates")
    if life.stage == "retired" and life.retires_on and life.retires_on > life.checked:
        message = f"is retired, but retires_on {life.retires_on} is after checked {life.checked}"
        yield _at(entries, f"offerings/{offering.id}", ("lifecycle", "stage"), message)


def limits_fit_the_model(entries: Entries, on: date) -> Iterator[Problem]:
    """An offering's limits are not above its model's."""
    for offering in entries.offerings.values():
        model = entries.models.get(offering.model)
        if model is None or model.limits is None or offering.limits is None:
            continue
        for name in ("context_tokens", "input_tokens", "output_tokens"):
            here, there = getattr(offering.limits, name), getattr(model.limits, name)
            if here is not None and there is not None and here > there:
                message = f"is {here:,}, above the model's own {there:,}: one of the two is wrong"
                yield _at(entries, f"offerings/{offering.id}", ("limits", name), message)


def evidence_is_linked(entries: Entries, on: date) -> Iterator[Problem]:
    """Rows name models of the catalog, and their intervals hold the score."""
    models = _ids(entries, "models")
    for identity, benchmark in entries.benchmarks.items():
        key = f"benchmarks/{identity}"
        for index, row in enumerate(benchmark.rows):
            yield from _unknown(entries, key, ("rows", index, "model"), row.model, models, "models/")
            if (row.low is not None and row.low > row.score) or (row.high is not None and row.high < row.score):
                yield _at(entries, key, ("rows", index, "score"), f"is {row.score}, outside its interval [{row.low}, {row.high}]")


def tasks_are_linked(entries: Entries, on: date) -> Iterator[Problem]:
    """A task's benchmarks and features exist, and something is weighed."""
    for identity, task in entries.tasks.items():
        key = f"tasks/{identity}"
        for index, use in enumerate(task.benchmarks):
            yield from _unknown(entries, key, ("benchmarks", index, "benchmark"), use.benchmark, _ids(entries, "benchmarks"), "benchmarks/")
        for index, feature in enumerate(task.features):
            yield from _unknown(entries, key, ("features", index), feature, _terms(entries, "features"), "vocabulary/features.yaml")
        if not any(task.weights.values()):
            yield _at(entries, key, ("weights",), "weighs nothing: give at least one criterion a weight above 0")


def licenses_are_linked(entries: Entries, on: date) -> Iterator[Problem]:
    """A license's territories are known geographies."""
    for identity, terms in entries.licenses.items():
        for index, territory in enumerate(terms.territories):
            place = ("territories", index, "geography")
            known = _terms(entries, "geographies")
            yield from _unknown(entries, f"licenses/{identity}", place, territory.geography, known, "vocabulary/geographies.yaml")


def aliases_are_linked(entries: Entries, on: date) -> Iterator[Problem]:
    """An outside name means an entry of the catalog, in one list alone; one that is left out names a platform here."""
    models, offerings = _ids(entries, "models"), _ids(entries, "offerings")
    for identity, aliases in entries.aliases.items():
        key = f"aliases/{identity}"
        for name, target in aliases.names.items():
            known, where = (offerings, "offerings/") if "@" in target else (models, "models/")
            yield from _unknown(entries, key, ("names", name), target, known, where)
            if name in aliases.ignored:
                yield _at(entries, key, ("ignored", name), "is also in names: keep one")
        platforms = _ids(entries, "platforms")
        for seller, platform in aliases.platforms.items():
            yield from _unknown(entries, key, ("platforms", seller), platform, platforms, "platforms/")
        for name, left in aliases.left_out.items():
            place = ("left_out", name)
            yield from _unknown(entries, key, (*place, "of"), left.of.partition("@")[2], platforms, "platforms/")
            if (other := next((field for field in ("names", "ignored") if name in getattr(aliases, field)), None)) is not None:
                yield _at(entries, key, place, f"is also in {other}: keep one")
        for name in aliases.efforts:
            if name not in aliases.names:
                yield _at(entries, key, ("efforts", name), "is not in names: say there which model it means")


def sources_make_sense(entries: Entries, on: date) -> Iterator[Problem]:
    """Nothing was checked in the future, and web sources use https."""
    for key, document in entries.documents.items():
        for field, group in _groups(document.data, ()):
            checked, source = group.get("checked"), group.get("source")
            if isinstance(checked, date) and checked > on:
                yield _at(entries, key, (*field, "checked"), f"is {checked}, in the future (today is {on})")
            if isinstance(source, str) and source.startswith("http://"):
                yield _at(entries, key, (*field, "source"), "is not https: give the https address")
            elif isinstance(source, str) and _ADDRESS.match(source):
                yield _at(entries, key, (*field, "source"), "is an address without https://: write it whole, so that people can follow it")
            elif isinstance(source, str) and source.startswith("https://") and any(map(str.isspace, source)):
                yield _at(entries, key, (*field, "source"), "holds more than one address: give one, and the others in the note")


_ADDRESS = re.compile(r"(www\.|[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|net|io|ai|dev|gov|eu|de)(/|\Z))", re.IGNORECASE)


def _groups(data: Any, field: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    if isinstance(data, dict):
        if "source" in data:
            yield field, data
        for key, value in data.items():
            if key != "rows":
                yield from _groups(value, (*field, key))
    elif isinstance(data, tuple):
        for index, value in enumerate(data):
            yield from _groups(value, (*field, index))


CHECKS: tuple[Check, ...] = (
    slugs_are_unique,
    model_terms_exist,
    platform_terms_exist,
    what_was_not_found_is_not_given,
    offering_terms_exist,
    scopes_are_given_once,
    prices_fit_scopes,
    prices_make_sense,
    dates_are_in_order,
    limits_fit_the_model,
    sense.models_agree_with_themselves,
    sense.offerings_agree_with_their_platform,
    sense.retention_agrees_with_itself,
    sense.lives_fit_together,
    sense.prices_of_units_make_sense,
    sense.prices_hold_where_it_is_called,
    sense.rules_of_thumb_hold,
    sense.exceptions_are_needed,
    evidence_is_linked,
    tasks_are_linked,
    licenses_are_linked,
    aliases_are_linked,
    sources_make_sense,
)
"""Every check, in the order in which they run."""
