"""Offerings side by side: all facts, and the parts of their scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fmselect.estimates import in_force
from fmselect.explanation import explain
from fmselect.recommendation import Judged, Recommendation
from fmselect.units import plain, short_count

if TYPE_CHECKING:
    from fmselect.catalog.schema import Compliance, Sourced, Terms


@dataclass(frozen=True, slots=True)
class Fact:
    """One cell: what is known, and where from; an empty text is unknown."""

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The best alternatives of what was named, and every fact of each."""

    recommendation: Recommendation
    columns: tuple[Judged, ...]
    standings: tuple[str, ...]
    facts: tuple[tuple[str, tuple[Fact, ...]], ...]
    """Rows: what the fact is, and its cell in every column."""


def compare(recommendation: Recommendation, named: Sequence[Sequence[str]]) -> Comparison:
    """Compare the best of each group of offerings, under the recommendation's requirements."""
    explanations = [explain(recommendation, group) for group in named]
    columns = tuple(explanation.best for explanation in explanations)
    facts = tuple((name, tuple(read(item, recommendation) for item in columns)) for name, read in FACTS)
    known = tuple(row for row in facts if any(cell.text for cell in row[1]))
    standings = tuple(
        f"ranked {explanation.rank} of {len(recommendation.rows)}" if explanation.rank else explanation.standing
        for explanation in explanations
    )
    return Comparison(recommendation, columns, standings, known)


Read = Callable[[Judged, Recommendation], Fact]


def _fact(group: Sourced | None, text: str | None) -> Fact:
    if group is None or not text:
        return Fact("")
    return Fact(text, f"{group.source} ({group.checked})")


def _terms(terms: Terms | None) -> Fact:
    if terms is None:
        return Fact("")
    words = {"default": "yes", "self_serve": "yes, you turn it on", "on_request": "on request", "none": "no"}
    return _fact(terms, words[terms.access] + (f": {terms.how}" if terms.how else ""))


def _released(item: Judged, _: Recommendation) -> Fact:
    release = item.alternative.model.release
    return _fact(release, str(release.released_on) if release else "")


def _modalities(item: Judged, _: Recommendation) -> Fact:
    has = item.alternative.model.modalities
    return _fact(has, f"{', '.join(has.input)} → {', '.join(has.output)}" if has else "")


def _limit(name: str) -> Read:
    def read(item: Judged, _: Recommendation) -> Fact:
        for group in (item.alternative.offering.limits, item.alternative.model.limits):
            value = getattr(group, name) if group is not None else None
            if value is not None:
                return _fact(group, f"{short_count(value)} tokens")
        return Fact("")

    return read


def _features(item: Judged, _: Recommendation) -> Fact:
    here, there = item.alternative.offering.features, item.alternative.model.features
    if here is None or there is None:
        either = here or there
        return _fact(either, ", ".join(either.supported) if either else "")
    kept = (feature for feature in there.supported if feature not in here.unsupported)
    told = ", ".join(dict.fromkeys((*kept, *here.supported)))
    sources = dict.fromkeys(fact.source for fact in (_fact(there, told), _fact(here, told)))
    return Fact(told, "; ".join(sources))


def _efforts(item: Judged, _: Recommendation) -> Fact:
    has = item.alternative.model.reasoning
    return _fact(has, ", ".join(has.efforts) if has else "")


def _parameters(item: Judged, _: Recommendation) -> Fact:
    has = item.alternative.model.parameters
    if has is None:
        return Fact("")
    active = f", {plain(has.active_billion)}B active" if has.active_billion else ""
    return _fact(has, f"{plain(has.total_billion)}B{active}")


def _license(item: Judged, recommendation: Recommendation) -> Fact:
    has = item.alternative.offering.license or item.alternative.model.license
    if has is None:
        return Fact("")
    found = recommendation.catalog.licenses.get(has.id)
    use = f", commercial use: {found.commercial_use}" if found and found.commercial_use else ""
    return _fact(has, f"{has.id}{', open weights' if has.open_weights else ''}{use}")


def _cutoff(item: Judged, _: Recommendation) -> Fact:
    has = item.alternative.model.knowledge
    return _fact(has, has.cutoff if has else "")


def _life(item: Judged, _: Recommendation) -> Fact:
    has = item.alternative.offering.lifecycle
    if has is None:
        return Fact("")
    dates = [
        f"{word} {day}"
        for word, day in (("legacy", has.legacy_on), ("ends", has.retires_on), ("not before", has.retires_not_before))
        if day
    ]
    return _fact(has, ", ".join([has.stage, *dates, *([f"then {has.successor}"] if has.successor else [])]))


def _scopes(item: Judged, _: Recommendation) -> Fact:
    scopes = item.alternative.offering.scopes
    said = [scope.name + (f" ({len(scope.regions)} regions)" if scope.regions else "") for scope in scopes]
    return _fact(scopes[0] if scopes else None, ", ".join(said))


def _price(name: str) -> Read:
    def read(item: Judged, recommendation: Recommendation) -> Fact:
        for price in item.alternative.prices:
            rates = price.usd_per_mtok
            rate = getattr(rates, name) if rates is not None else None
            if rate is not None and in_force(price, recommendation.on):
                return _fact(price, f"${plain(rate)} per million tokens")
        return Fact("")

    return read


def _tiers(item: Judged, recommendation: Recommendation) -> Fact:
    prices = [price for price in item.alternative.offering.prices if in_force(price, recommendation.on)]
    return _fact(prices[0] if prices else None, ", ".join(dict.fromkeys(price.tier for price in prices)))


def _training(item: Judged, _: Recommendation) -> Fact:
    return _terms(item.alternative.offering.no_training or item.alternative.platform.no_training)


def _retention(item: Judged, _: Recommendation) -> Fact:
    has = item.alternative.offering.retention or item.alternative.platform.retention
    if has is None:
        return Fact("")
    flagged = f", flagged traffic {has.flagged_days} days" if has.flagged_days else ""
    zero = f"; zero retention: {has.zero.replace('_', ' ')}" if has.zero else ""
    days = "not documented" if has.days is None else f"{has.days} days"
    return _fact(has, f"{days}{flagged}{zero}")


def _compliance(item: Judged, _: Recommendation) -> Fact:
    programs = {**item.alternative.platform.compliance, **item.alternative.offering.compliance}
    held = {program: terms for program, terms in programs.items() if terms.access != "none" and _covers(terms, item)}
    said = [program + (" (on request)" if terms.access == "on_request" else "") for program, terms in held.items()]
    return _fact(next(iter(held.values()), None), ", ".join(said))


def _covers(terms: Compliance, item: Judged) -> bool:
    """Whether the source names the model or its developer, where it names any."""
    if terms.models is None and terms.developers is None:
        return True
    model = item.alternative.model
    return model.id in (terms.models or ()) or model.developer in (terms.developers or ())


def _customization(item: Judged, _: Recommendation) -> Fact:
    methods = item.alternative.offering.customization
    said = [method for method, terms in methods.items() if terms.access != "none"]
    return _fact(next(iter(methods.values()), None), ", ".join(said))


FACTS: tuple[tuple[str, Read], ...] = (
    ("released", _released),
    ("modalities", _modalities),
    ("context", _limit("context_tokens")),
    ("input limit", _limit("input_tokens")),
    ("output limit", _limit("output_tokens")),
    ("features", _features),
    ("efforts", _efforts),
    ("parameters", _parameters),
    ("license", _license),
    ("knowledge cutoff", _cutoff),
    ("lifecycle", _life),
    ("scopes", _scopes),
    ("service tiers", _tiers),
    ("input price", _price("input")),
    ("output price", _price("output")),
    ("cache read price", _price("cache_read")),
    ("no training", _training),
    ("retention", _retention),
    ("compliance", _compliance),
    ("private network", lambda item, _: _terms(item.alternative.platform.private_network)),
    ("customer keys", lambda item, _: _terms(item.alternative.platform.customer_managed_keys)),
    ("customization", _customization),
)
"""Every fact compared, in order."""
