"""What makes sense between the facts of a catalog: contradictions, and rules of thumb with their exceptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from statistics import median_low
from typing import NamedTuple

from fmselect.catalog.loader import Entries
from fmselect.catalog.schema import Lifecycle, Modalities, Model, Offering, Price, Sourced, TokenRates
from fmselect.errors import Problem
from fmselect.units import EFFORTS, Kind, Modality, plain

FieldPath = tuple[str | int, ...]

HIGHEST_USD_PER_MTOK = 1_000
"""No text model has been sold above this; more is a slip by a thousand (judgement)."""

FAR_APART = 100
"""Two platforms do not sell one model at prices this many times apart (judgement; the widest seen is below 20)."""

HIGHEST_USD: Mapping[str, Decimal] = {
    "usd_per_image": Decimal(20),
    "usd_per_input_image": Decimal(5),
    "usd_per_audio_minute": Decimal(20),
    "usd_per_video_second": Decimal(20),
    "usd_per_page": Decimal(5),
    "usd_per_mchar": Decimal(2_000),
    "usd_per_search": Decimal(5),
    "usd_per_request": Decimal(20),
}
"""Nothing has been sold above these; more is a slip between cents and dollars, or one and a thousand (judgement)."""

_NEEDS: Mapping[Kind, tuple[frozenset[Modality], frozenset[Modality]]] = {
    "chat": (frozenset({"text"}), frozenset({"text"})),
    "embedding": (frozenset(), frozenset({"embedding"})),
    "rerank": (frozenset(), frozenset({"relevance"})),
    "image": (frozenset(), frozenset({"image"})),
    "video": (frozenset(), frozenset({"video"})),
    "speech-to-text": (frozenset({"audio"}), frozenset({"text"})),
    "text-to-speech": (frozenset({"text"}), frozenset({"audio"})),
    "music": (frozenset(), frozenset({"audio"})),
    "realtime": (frozenset({"audio"}), frozenset()),
}
"""What a model of a kind takes and gives at least."""


def _at(entries: Entries, key: str, field: FieldPath, message: str) -> Problem:
    return entries.documents[key].problem(field, message)


# ---------------------------------------------------------------- contradictions


def models_agree_with_themselves(entries: Entries, on: date) -> Iterator[Problem]:
    """A model's limits, parameters, license, reasoning and dates do not contradict each other."""
    for identity, model in entries.models.items():
        for field, message in _contradictions(model):
            yield _at(entries, f"models/{identity}", field, message)


def _contradictions(model: Model) -> Iterator[tuple[FieldPath, str]]:
    limits, size, reasoning = model.limits, model.parameters, model.reasoning
    window = limits.context_tokens if limits else None
    for name in ("input_tokens", "output_tokens"):
        part = getattr(limits, name) if limits else None
        if part is not None and window is not None and part > window:
            yield ("limits", name), f"is {part:,}, above context_tokens {window:,}, which holds input and output: check both"
    if size and size.active_billion is not None and size.active_billion > size.total_billion:
        yield ("parameters", "active_billion"), f"is {size.active_billion}, above total_billion {size.total_billion}: check both"
    if reasoning and list(reasoning.efforts) != sorted(set(reasoning.efforts), key=EFFORTS.index):
        yield ("reasoning", "efforts"), "are not in order, lowest first: " + ", ".join(sorted(set(reasoning.efforts), key=EFFORTS.index))
    if reasoning and model.features and "reasoning" in model.features.unsupported and {*reasoning.efforts} - {"none"}:
        yield ("features", "unsupported"), "names reasoning, and reasoning.efforts has some: keep one"


def offerings_agree_with_their_platform(entries: Entries, on: date) -> Iterator[Problem]:
    """An offering has no tier or method that its platform does not give, and only open weights are self-hosted."""
    for offering in entries.offerings.values():
        key, platform, model = f"offerings/{offering.id}", entries.platforms.get(offering.platform), entries.models.get(offering.model)
        if platform is None:
            continue
        for index, price in enumerate(offering.prices):
            terms = platform.tiers.get(price.tier)
            if terms is not None and terms.access == "none":
                yield _at(
                    entries, key, ("prices", index, "tier"), f"is {price.tier}, which platforms/{offering.platform}.yaml does not sell"
                )
        for method, own in offering.customization.items():
            general = platform.customization.get(method)
            if general is not None and general.access == "none" and own.access != "none":
                message = f"is {own.access}, and none in platforms/{offering.platform}.yaml: one of the two is wrong"
                yield _at(entries, key, ("customization", method, "access"), message)
        terms_of_model = offering.license or (model.license if model else None)
        if platform.kind == "self-hosted" and terms_of_model is not None and not terms_of_model.open_weights:
            yield _at(entries, key, (), f"is self-hosted, and models/{offering.model}.yaml has no open weights: one of the two is wrong")


def retention_agrees_with_itself(entries: Entries, on: date) -> Iterator[Problem]:
    """Zero retention by default means that nothing is kept."""
    for kind in ("platforms", "offerings"):
        for identity, entry in entries.of_kind(kind).items():
            kept = entry.retention
            if kept is not None and kept.zero == "default" and kept.days:
                message = f"is default, and {kept.days} days are kept: zero retention is not the default"
                yield _at(entries, f"{kind}/{identity}", ("retention", "zero"), message)


def lives_fit_together(entries: Entries, on: date) -> Iterator[Problem]:
    """A life's stage, dates, promise and prices agree, and the successor outlives what it succeeds."""
    for offering in entries.offerings.values():
        if offering.lifecycle:
            for field, message in _life(entries, offering, offering.lifecycle):
                yield _at(entries, f"offerings/{offering.id}", field, message)


def _life(entries: Entries, offering: Offering, life: Lifecycle) -> Iterator[tuple[FieldPath, str]]:
    model = entries.models.get(offering.model)
    if life.stage != "retired" and life.retires_on is not None and life.retires_on <= life.checked:
        yield (
            ("lifecycle", "stage"),
            f"is {life.stage}, but retires_on {life.retires_on} is not after checked {life.checked}: it is retired",
        )
    if life.retires_on is not None and life.retires_not_before is not None and life.retires_on < life.retires_not_before:
        yield (
            ("lifecycle", "retires_on"),
            f"is {life.retires_on}, before retires_not_before {life.retires_not_before}: keep what is announced",
        )
    if model and model.release and life.retires_on is not None and life.retires_on < model.release.released_on:
        yield ("lifecycle", "retires_on"), f"is {life.retires_on}, before the model came out on {model.release.released_on}"
    for index, price in enumerate(offering.prices):
        if life.retires_on is not None and price.from_on is not None and price.from_on >= life.retires_on:
            yield ("prices", index, "from_on"), f"is {price.from_on}, when it is already retired ({life.retires_on})"
    if life.successor is not None:
        yield from _successor(entries, offering, life, life.successor)


def _successor(entries: Entries, offering: Offering, life: Lifecycle, successor: str) -> Iterator[tuple[FieldPath, str]]:
    field = ("lifecycle", "successor")
    if successor == offering.model:
        yield field, "is the model itself: name the one to move to"
        return
    sold = [other for other in entries.offerings.values() if other.model == successor]
    here = [other for other in sold if other.platform == offering.platform] or sold
    ends = max((_end(other.lifecycle) for other in here), default=date.max)
    if ends <= max(life.retires_on or date.min, life.checked):
        yield field, f"is '{successor}', which ends {ends} itself: name a model that lasts longer"


def _end(life: Lifecycle | None) -> date:
    if life is None:
        return date.max
    return life.retires_on or (life.checked if life.stage == "retired" else date.max)


def prices_of_units_make_sense(entries: Entries, on: date) -> Iterator[Problem]:
    """No image, minute, second, page or search costs more than any has ever been sold for."""
    for offering in entries.offerings.values():
        for index, price in enumerate(offering.prices):
            for name, highest in HIGHEST_USD.items():
                given = getattr(price, name)
                for key, amount in given.items() if isinstance(given, dict) else ((None, given),):
                    if amount is not None and amount > highest:
                        field = ("prices", index, name, *([] if key is None else [key]))
                        message = f"is {plain(amount)} USD, above {plain(highest)}, which nothing costs: give dollars for one"
                        yield _at(entries, f"offerings/{offering.id}", field, message)


def prices_hold_where_it_is_called(entries: Entries, on: date) -> Iterator[Problem]:
    """The regions of a price are among those of its scopes."""
    for offering in entries.offerings.values():
        for index, price in enumerate(offering.prices):
            scopes = [scope for scope in offering.scopes if price.scopes is None or scope.name in price.scopes]
            if not price.regions or not scopes or any(scope.regions is None for scope in scopes):
                continue
            known = {region for scope in scopes for region in scope.regions or ()}
            for number, region in enumerate(price.regions):
                if region not in known:
                    place = ("prices", index, "regions", number)
                    yield _at(
                        entries, f"offerings/{offering.id}", place, f"'{region}' is no region of its scopes: add it there, or remove it"
                    )


# ---------------------------------------------------------------- rules of thumb


class Oddity(NamedTuple):
    """A group of facts that breaks a rule of thumb."""

    key: str
    group: FieldPath
    """The group that may excuse it under `unusual`."""
    field: FieldPath
    facts: Sourced
    message: str


Rule = Callable[[Entries], Iterator[Oddity]]


def rules_of_thumb_hold(entries: Entries, on: date) -> Iterator[Problem]:
    """What breaks a rule of thumb says so, with what its source says."""
    for rule, find in RULES.items():
        for odd in find(entries):
            if rule not in odd.facts.unusual:
                hint = f"if the source really says so, tell it under `unusual: {{{rule}: ...}}`"
                yield _at(entries, odd.key, odd.field, f"{odd.message}: check it; {hint}")


def exceptions_are_needed(entries: Entries, on: date) -> Iterator[Problem]:
    """Nothing is excused that breaks no rule of thumb."""
    broken = {(odd.key, (*odd.group, "unusual", rule)) for rule, find in RULES.items() for odd in find(entries)}
    for key, document in entries.documents.items():
        for field in document.lines:
            if len(field) >= 2 and field[-2] == "unusual" and (key, field) not in broken:
                known = ", ".join(RULES)
                yield _at(entries, key, field, f"excuses nothing: this group does not break '{field[-1]}' (rules: {known}); remove it")


def _prices(entries: Entries) -> Iterator[tuple[Offering, int, Price, TokenRates, FieldPath]]:
    """Return all token rates, those of the long-context steps too, with their place."""
    for offering in entries.offerings.values():
        for index, price in enumerate(offering.prices):
            if price.usd_per_mtok is not None:
                yield offering, index, price, price.usd_per_mtok, ("prices", index, "usd_per_mtok")
            for number, step in enumerate(price.steps):
                yield offering, index, price, step.usd_per_mtok, ("prices", index, "steps", number, "usd_per_mtok")


def _cache_read_dearer(entries: Entries) -> Iterator[Oddity]:
    for offering, index, price, rates, place in _prices(entries):
        if rates.cache_read is not None and rates.input is not None and rates.cache_read > rates.input:
            message = f"is {plain(rates.cache_read)}, dearer than input {plain(rates.input)}"
            yield Oddity(f"offerings/{offering.id}", ("prices", index), (*place, "cache_read"), price, message)


def _output_cheaper(entries: Entries) -> Iterator[Oddity]:
    for offering, index, price, rates, place in _prices(entries):
        model = entries.models.get(offering.model)
        if model is None or model.kind != "chat" or rates.output is None or rates.input is None:
            continue
        if rates.output < rates.input <= HIGHEST_USD_PER_MTOK:
            message = f"is {plain(rates.output)}, cheaper than input {plain(rates.input)}"
            yield Oddity(f"offerings/{offering.id}", ("prices", index), (*place, "output"), price, message)


def _step_cheaper(entries: Entries) -> Iterator[Oddity]:
    for offering, index, price, rates, place in _prices(entries):
        base = price.usd_per_mtok
        if "steps" not in place or base is None:
            continue
        for name in ("input", "output"):
            below, above = getattr(base, name), getattr(rates, name)
            if below is not None and above is not None and above < below:
                message = f"is {plain(above)}, cheaper than {plain(below)} below the bound"
                yield Oddity(f"offerings/{offering.id}", ("prices", index), (*place, name), price, message)


def _batch_dearer(entries: Entries) -> Iterator[Oddity]:
    for offering in entries.offerings.values():
        standard = [price for price in offering.prices if price.tier == "standard"]
        for index, price in enumerate(offering.prices):
            if price.tier not in ("batch", "flex") or price.usd_per_mtok is None:
                continue
            for other in standard:
                if other.usd_per_mtok is None or not _meet(price, other):
                    continue
                for name in ("input", "output"):
                    rate, usual = getattr(price.usd_per_mtok, name), getattr(other.usd_per_mtok, name)
                    if rate is not None and usual is not None and rate > usual:
                        message = f"is {plain(rate)} for {price.tier}, dearer than {plain(usual)} for standard"
                        field = ("prices", index, "usd_per_mtok", name)
                        yield Oddity(f"offerings/{offering.id}", ("prices", index), field, price, message)


def _meet(price: Price, other: Price) -> bool:
    """Whether two prices are for the same scopes, regions and hours, and hold on one day."""
    same = price.scopes == other.scopes and price.regions == other.regions and price.hours_utc == other.hours_utc
    together = (price.until_on or date.max) > (other.from_on or date.min) and (other.until_on or date.max) > (price.from_on or date.min)
    return same and together


def _unlike_elsewhere(entries: Entries) -> Iterator[Oddity]:
    found: dict[str, list[tuple[Decimal, Offering, int, Price]]] = {}
    for offering, index, price, rates, place in _prices(entries):
        if price.tier == "standard" and "steps" not in place and rates.input:
            found.setdefault(offering.model, []).append((rates.input, offering, index, price))
    for rates_of_model in found.values():
        usual = median_low(rate for rate, *_ in rates_of_model)
        for rate, offering, index, price in rates_of_model:
            if rate > FAR_APART * usual or usual > FAR_APART * rate:
                message = f"is {plain(rate)}, and the middle of all prices of the model is {plain(usual)}"
                field = ("prices", index, "usd_per_mtok", "input")
                yield Oddity(f"offerings/{offering.id}", ("prices", index), field, price, message)


def _sold_before_release(entries: Entries) -> Iterator[Oddity]:
    for offering in entries.offerings.values():
        life, model = offering.lifecycle, entries.models.get(offering.model)
        release = model.release if model else None
        if life and life.available_on and release and life.available_on < release.released_on:
            message = f"is {life.available_on}, before the model came out on {release.released_on}"
            yield Oddity(f"offerings/{offering.id}", ("lifecycle",), ("lifecycle", "available_on"), life, message)


def _known_after_release(entries: Entries) -> Iterator[Oddity]:
    for identity, model in entries.models.items():
        known, release = model.knowledge, model.release
        if known and release and known.cutoff > f"{release.released_on:%Y-%m}":
            message = f"is {known.cutoff}, after released_on {release.released_on}"
            yield Oddity(f"models/{identity}", ("knowledge",), ("knowledge", "cutoff"), known, message)


def _kind_unlike_modalities(entries: Entries) -> Iterator[Oddity]:
    for identity, model in entries.models.items():
        takes, gives = _NEEDS.get(model.kind, (frozenset(), frozenset()))
        has: Modalities | None = model.modalities
        for way, needed in (("input", takes), ("output", gives)) if has else ():
            missing: Iterable[str] = sorted(needed - {*getattr(has, way)})
            if has and missing:
                message = f"does not name {', '.join(missing)}, which every model of kind {model.kind} has"
                yield Oddity(f"models/{identity}", ("modalities",), ("modalities", way), has, message)


RULES: Mapping[str, Rule] = {
    "cache-read-not-dearer": _cache_read_dearer,
    "output-not-cheaper": _output_cheaper,
    "step-not-cheaper": _step_cheaper,
    "batch-not-dearer": _batch_dearer,
    "like-elsewhere": _unlike_elsewhere,
    "released-before-sale": _sold_before_release,
    "cutoff-before-release": _known_after_release,
    "kind-fits-modalities": _kind_unlike_modalities,
}
"""Rules of thumb by the name under which a group of facts may excuse itself."""
