"""What one alternative costs and how fast it answers, for one workload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from fmselect import requests_file
from fmselect.billing import Cost, UnknownPrice, charge, total
from fmselect.capacity import ByUse, Comparison, Hosting, provisioned, self_hosted, tuned
from fmselect.catalog.catalog import Catalog
from fmselect.requirements import Requirements, Spread
from fmselect.speed import Interval, first_answer, pace, whole_answer
from fmselect.units import EFFORTS, Effort, Tier
from fmselect.usage import RequestClass, Usage, Workload

if TYPE_CHECKING:
    from fmselect.catalog.derived import Derived
    from fmselect.catalog.schema import Model, Offering, Platform, Price, Scope, Sourced, Task


class Estimate(msgspec.Struct, frozen=True, gc=False):
    """What one alternative costs and how fast it is; None is unknown."""

    cost: Cost | None
    cost_unknown: str
    """Which price is missing, when the cost is unknown."""
    ttft_s: Interval | None
    """Seconds to the first token of the answer, reasoning before it included."""
    output_tokens_per_s: Interval | None
    call_s: Interval | None
    """Seconds of a whole call, as measured on the offering by the benchmark that `basis` names."""
    answer_s: Interval | None
    """Seconds of a whole answer under the workload, reasoning included."""
    reasoning_tokens: Decimal
    """Reasoning tokens per request that the cost contains."""


class Alternative(msgspec.Struct, frozen=True, gc=False):
    """One offering at one service tier, scope and effort."""

    offering: Offering
    model: Model
    platform: Platform
    tier: Tier
    scope: Scope | None
    """None: the catalog does not say where it runs."""
    regions: tuple[str, ...]
    """Regions of the scope that share these prices; empty: not listed."""
    effort: Effort | None
    prices: tuple[Price, ...]
    """The prices that hold on the day: one, or several for hours of the day."""
    by_use: tuple[Alternative, ...] = ()
    """For capacity that is bought, and machines of one's own: where the same is paid by use, to compare with."""

    @property
    def scope_name(self) -> str:
        """`in_region`, `geo:eu`, `global`, or `unknown`."""
        return self.scope.name if self.scope else "unknown"

    @property
    def key(self) -> tuple[str, int, str, tuple[str, ...], int, int]:
        """Identity, and the last resort for ordering."""
        effort = -1 if self.effort is None else EFFORTS.index(self.effort)
        return (self.offering.id, _TIER_ORDER[self.tier], self.scope_name, self.regions, effort, self.commitment_months)

    @property
    def commitment_months(self) -> int:
        """Months that the customer commits to; 0: none."""
        return self.prices[0].commitment_months if self.prices else 0

    @property
    def platform_model_id(self) -> str:
        """The id to call."""
        return (self.scope.platform_model_id if self.scope else None) or self.offering.sale.platform_model_id


_TIER_ORDER: Mapping[Tier, int] = {"standard": 0, "priority": 1, "flex": 2, "batch": 3, "provisioned": 4, "reserved": 5}


# ---------------------------------------------------------------- workload


def workload(requirements: Requirements, task: Task) -> tuple[Workload, tuple[str, ...]]:
    """Return the workload, and in words what was assumed because the user said nothing.

    Raises `InvalidInput` for a file of requests that cannot be read.
    """
    if requirements.requests is not None:
        return _from_file(requirements, requirements.requests)
    typical = task.workload
    taken: list[str] = []

    def usual(name: str, unit: str, stated: int | Decimal | None) -> Decimal:
        amount = Decimal(getattr(typical, name))
        if stated is None and amount:
            taken.append(f"{amount:,f} {unit}")
        return amount if stated is None else Decimal(stated)

    def given(name: str, unit: str) -> Decimal:
        return usual(name, unit, getattr(requirements, name))

    def spread(name: str, unit: str) -> Spread:
        stated: Spread | None = getattr(requirements, name)
        return stated or Spread(mean=int(usual(name, unit, None)))

    requests = int(given("requests_per_month", "requests a month"))
    inputs = spread("input_tokens", "input tokens a request")
    outputs = spread("output_tokens", "output tokens a request")
    written = f"cache_write{'' if requirements.cache_lifetime == '5m' else f'_{requirements.cache_lifetime}'}_tokens"
    usage = Usage(
        output_tokens=Decimal(outputs.mean),
        output_audio_tokens=Decimal(requirements.output_audio_tokens or 0),
        reasoning_tokens=Decimal(requirements.reasoning_tokens or 0),
        images=given("images", "images a request"),
        image_size=requirements.image_size,
        input_images=Decimal(requirements.input_images or 0),
        audio_minutes=given("audio_minutes", "minutes of audio a request"),
        video_seconds=given("video_seconds", "seconds of video a request"),
        video_resolution=requirements.video_resolution,
        pages=given("pages", "pages a request"),
        characters=given("characters", "characters a request"),
        searches=given("searches", "searches a request"),
    )

    def sized(tokens: Decimal) -> Usage:
        """Return the usage with so much input; cached shares and audio are in proportion to it."""
        shares = {"cache_read_tokens": requirements.cached_share, written: requirements.cache_write_share}
        parts: dict[str, Any] = {name: tokens * share for name, share in shares.items() if share}
        if requirements.input_audio_tokens:
            parts["input_audio_tokens"] = tokens * requirements.input_audio_tokens / inputs.mean
        return replace(usage, input_tokens=tokens, **parts)

    classes = inputs.distribution.classes()
    said = (f"workload, typical for {task.id}: {', '.join(taken)} ({typical.why})",) if taken else ()
    load = Workload(
        requests,
        sized(Decimal(inputs.mean)),
        tuple(RequestClass(weight, sized(tokens), requirements.hours_utc) for weight, tokens in classes) if len(classes) > 1 else (),
        requirements.hours_utc,
        requirements.weekdays,
        requirements.peak,
        requirements.growth,
        requirements.reasoning_tokens is not None,
        None if len(classes) == len(outputs.distribution.classes()) == 1 else (inputs.distribution.longest, outputs.distribution.longest),
    )
    return load, said


def _from_file(requirements: Requirements, path: str) -> tuple[Workload, tuple[str, ...]]:
    read = requests_file.read(path)
    total_count = sum((one.weight for one in read.classes), Decimal(0))
    said: tuple[str, ...] = ()
    if requirements.requests_per_month is None:
        said = (f"the {total_count:,f} requests of {path} are a month (say --requests-per-month)",)
    classes = read.classes
    if requirements.hours_utc is not None:
        classes = tuple(replace(one, hours_utc=one.hours_utc or requirements.hours_utc) for one in classes)
    whole = Workload(1, Usage(image_size=requirements.image_size, video_resolution=requirements.video_resolution), classes)
    load = Workload(
        requirements.requests_per_month or int(total_count),
        whole.mean,
        classes,
        requirements.hours_utc,
        requirements.weekdays,
        requirements.peak,
        requirements.growth,
        read.has_reasoning,
        (max(one.usage.input_tokens for one in classes), max(one.usage.output_tokens for one in classes)),
    )
    return load, said


def load_at(load: Workload, alternative: Alternative, catalog: Catalog) -> Workload:
    """Return the workload with the reasoning that the alternative's effort takes."""
    if load.reasoning_known or not alternative.effort or not load.usage.output_tokens:
        return load
    ratio = effort_ratio(catalog.derived, alternative.model.id, alternative.effort)
    extra = Decimal(str(round(ratio, 4))) - 1
    return load.with_reasoning(extra) if extra > 0 else load


def effort_ratio(derived: Derived, model: str, effort: Effort) -> float:
    """Return how many tokens the effort takes, as a multiple of the model's lowest measured effort.

    A model that was not measured at the effort takes the median of the models that were, against
    low effort. The lowest effort counts as 1: what it reasons is taken as part of the answer.
    """
    own = derived.effort_tokens.get(model, {})
    if effort in own:
        lowest = min(own, key=EFFORTS.index)
        return max(1.0, own[effort] / own[lowest])
    return max(1.0, derived.usual_effort_ratio.get(effort, 1.0))


# ---------------------------------------------------------------- alternatives


def alternatives(
    offering: Offering, catalog: Catalog, requirements: Requirements, on: date, efforts: Sequence[Effort | None] = ()
) -> Iterator[Alternative]:
    """Yield every way of using an offering on a day, at least one: tier x scope x effort, standard tier first.

    Where no price is known for a scope, or for some of its regions, they stay as an alternative without one.
    `efforts` are those of `efforts_of`, where they are known already.
    """
    model, platform = catalog.model_of(offering), catalog.platform_of(offering)
    efforts = efforts or efforts_of(model, catalog, requirements)
    own = platform.kind == "self-hosted" and requirements.gpu is not None
    elsewhere = tuple(_sold_by_use(model, catalog, on)) if own else ()
    sold: dict[tuple[int, int], list[Price]] = {}
    for price in offering.prices:
        if in_force(price, on):
            sold.setdefault((_TIER_ORDER[price.tier], price.commitment_months), []).append(price)
    scopes = offering.scopes or (None,)
    priced: dict[int, list[tuple[str, ...]]] = {}
    for _, cards in sorted(sold.items()) if sold else (((0, 0), []),):
        tier = cards[0].tier if cards else "standard"
        for index, scope in enumerate(scopes):
            for regions, prices in _cards(scope, cards):
                priced.setdefault(index, []).append(regions)
                by_use = elsewhere
                if tier in ("provisioned", "reserved"):
                    rivals = _sold_by_use(model, catalog, on)
                    by_use = tuple(rival for rival in rivals if rival.offering is offering and rival.scope is scope)
                for effort in efforts:
                    yield Alternative(offering, model, platform, tier, scope, regions, effort, prices, by_use)
    for index, scope in enumerate(scopes):
        left = scope.regions or () if scope is not None else ()
        with_prices = priced.get(index)
        if with_prices is not None:
            left = _outside(left, with_prices) if left else ()
        if left or with_prices is None:
            for effort in efforts:
                yield Alternative(offering, model, platform, "standard", scope, left, effort, (), elsewhere)


def _outside(regions: Sequence[str], taken: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(region for region in regions if not any(region in some for some in taken))


def _sold_by_use(model: Model, catalog: Catalog, on: date) -> Iterator[Alternative]:
    """Yield every way of using a model at a standard price."""
    for offering in catalog.offerings_by_model.get(model.id, ()):
        life = offering.lifecycle
        if life is not None and (life.stage == "retired" or (life.retires_on is not None and life.retires_on <= on)):
            continue
        platform = catalog.platform_of(offering)
        standard = [price for price in offering.prices if price.tier == "standard" and in_force(price, on)]
        for scope in offering.scopes or (None,):
            for regions, prices in _cards(scope, standard):
                if prices:
                    yield Alternative(offering, model, platform, "standard", scope, regions, None, prices)


def efforts_of(model: Model, catalog: Catalog, requirements: Requirements) -> Sequence[Effort | None]:
    """Return the efforts to consider: the one asked for, or those at which the task was measured.

    Results without a stated effort stand for a model only when none of its results states one.
    """
    offered = model.reasoning.efforts if model.reasoning else ()
    if requirements.effort:
        return (requirements.effort,) if requirements.effort in offered else (None,)
    abilities = catalog.derived.abilities.get(requirements.task, {}).get(model.id, ())
    stated = sorted({ability.effort for ability in abilities if ability.effort is not None}, key=EFFORTS.index)
    return stated or (None,)


def in_force(price: Price, on: date) -> bool:
    """Whether a price holds on a day."""
    return (price.from_on is None or price.from_on <= on) and (price.until_on is None or on < price.until_on)


def _cards(scope: Scope | None, cards: Sequence[Price]) -> list[tuple[tuple[str, ...], tuple[Price, ...]]]:
    """Return the prices of a scope, by the regions that share them.

    A price that names the scope goes before one that names none, and one that names the region
    before one that does not.
    """
    if len(cards) == 1 and cards[0].scopes is None and cards[0].regions is None:
        return [(scope.regions or () if scope is not None else (), tuple(cards))]
    named = [price for price in cards if price.scopes is not None and scope is not None and scope.name in price.scopes]
    open_to_all = [price for price in cards if price.scopes is None]
    regional = [price for price in named + open_to_all if price.regions is not None]
    general = [price for price in named if price.regions is None] or [price for price in open_to_all if price.regions is None]
    regions = (scope.regions or ()) if scope is not None else ()
    if not regional:
        return [(regions, tuple(general))] if general or not cards else []
    groups: list[tuple[tuple[str, ...], tuple[Price, ...]]] = []
    left = regions
    for price in regional:
        here = tuple(region for region in left if region in (price.regions or ()))
        if here:
            together = tuple(other for other in regional if set(here) <= set(other.regions or ()))
            groups.append((here, together))
            left = tuple(region for region in left if region not in here)
    if general and (left or not regions):
        groups.insert(0, (left, tuple(general)))
    return groups


# ---------------------------------------------------------------- cost


def estimate(alternative: Alternative, load: Workload, catalog: Catalog, requirements: Requirements) -> Estimate:
    """Return what the alternative costs and how fast it answers under the workload."""
    own = load_at(load, alternative, catalog)
    cost: Cost | None = None
    missing = ""
    try:
        cost = price_of(alternative, own, catalog, requirements)
    except UnknownPrice as error:
        missing = str(error)
    told = catalog.derived.speed
    rated = pace(alternative.offering, alternative.model, alternative.platform, alternative.tier, alternative.effort, told)
    first = first_answer(rated, float(own.usage.reasoning_tokens), float(own.usage.input_tokens))
    answer = whole_answer(first, float(own.usage.output_tokens), rated.output_tokens_per_s) if own.usage.output_tokens else None
    calls = told.calls.get(alternative.offering.id, ()) if told is not None and alternative.tier == "standard" else ()
    call = next((Interval(c.low, c.high, c.basis) for c in calls if c.effort == alternative.effort), None)
    return Estimate(cost, missing, first, rated.output_tokens_per_s, call, answer, own.usage.reasoning_tokens)


def price_of(alternative: Alternative, load: Workload, catalog: Catalog, requirements: Requirements) -> Cost:
    """Return the cost of a month: of the tuned model, of machines of one's own, or as the platform sells it.

    Raises `UnknownPrice` for a price that is missing.
    """
    if requirements.training_tokens is not None:
        return _tuned(alternative, load, requirements)
    if alternative.platform.kind == "self-hosted" and not alternative.prices:
        hosting = hosting_of(catalog, requirements)
        return self_hosted(alternative.model, hosting, load, _compared(alternative, load, requirements.discount))
    return cost_of(alternative, load, requirements.discount)


def cost_of(alternative: Alternative, load: Workload, discounts: Mapping[str, Decimal] | None = None) -> Cost:
    """Return the cost of a month as the platform sells it, line by line; raises `UnknownPrice` for a price that is missing."""
    if not alternative.prices:
        raise UnknownPrice(f"the catalog has no {alternative.tier} price for {alternative.offering.id}")
    multiplier, rules = _adjusted(alternative, discounts or {})
    first = alternative.prices[0]
    if first.capacity is not None:
        return provisioned(first, load, multiplier, rules, _compared(alternative, load, discounts or {}))
    return total(charge(alternative.prices, load, multiplier, rules), load.requests_per_month)


def _adjusted(alternative: Alternative, discounts: Mapping[str, Decimal]) -> tuple[Decimal, list[str]]:
    """Return what rates are taken times, for the scope and the discount, and why."""
    multiplier, rules = Decimal(1), []
    scope = alternative.scope
    named = any(scope is not None and scope.name in (price.scopes or ()) for price in alternative.prices)
    if scope is not None and scope.price_multiplier is not None and not named:
        multiplier = scope.price_multiplier
        rules.append(f"{alternative.scope_name} costs x{multiplier.normalize():f}")
    percent = discounts.get(alternative.platform.id, Decimal(0))
    if percent:
        rules.append(f"less {percent.normalize():f}% discount")
    return multiplier * (100 - percent) / 100, rules


def _compared(alternative: Alternative, load: Workload, discounts: Mapping[str, Decimal]) -> Comparison:
    """Return what finds the cheapest place where the same is paid by use."""

    def by_use() -> ByUse | None:
        found: list[ByUse] = []
        for rival in alternative.by_use:
            try:
                usd = cost_of(rival, load, discounts).usd_per_request
            except UnknownPrice:
                continue
            found.append(ByUse(usd, f"{rival.offering.id}, standard, {rival.scope_name}"))
        # What is given away is limited, and no measure of what capacity is worth.
        paid = (one for one in found if one.usd_per_request)
        return min(paid, key=lambda one: one.usd_per_request, default=None)

    return by_use


def hosting_of(catalog: Catalog, requirements: Requirements) -> Hosting:
    """Return the machines that the user describes; raises `UnknownPrice` that names what is missing."""
    needed = {"--gpu": requirements.gpu, "--gpu-tokens-per-s": requirements.gpu_tokens_per_s}
    missing = [flag for flag, value in needed.items() if value is None]
    if requirements.gpu is None or requirements.gpu_tokens_per_s is None:
        raise UnknownPrice(f"what your own machines cost depends on them: say {' and '.join(missing)}")
    card = catalog.vocabulary.gpus.terms[requirements.gpu]
    rate = requirements.gpu_usd_per_hour
    rent = min(card.rents, key=lambda one: one.usd_per_hour, default=None)
    if rate is None and rent is None:
        raise UnknownPrice(f"what an hour of {card.name} costs is not in the catalog: say --gpu-usd-per-hour")
    cited: Sourced = card if rate is not None or rent is None else rent
    said = "at your rate" if rate is not None or rent is None else f"as rented out by {rent.by}"
    usd = rate if rate is not None else rent.usd_per_hour if rent is not None else Decimal(0)
    return Hosting(requirements.gpu, card, requirements.precision, requirements.gpu_tokens_per_s, requirements.gpu_load, usd, cited, said)


def capacity_assumptions(requirements: Requirements) -> Iterator[str]:
    """Yield what is assumed about machines and the busiest minute, where capacity is bought, because the user said nothing."""
    if requirements.peak == 1:
        spread = "the hours in which requests come" if requirements.hours_utc else "the hours of the day"
        yield f"requests are spread evenly over {spread}, so that the busiest minute is the mean one (say --peak)"
    if requirements.gpu is not None and requirements.gpu_load == 1:
        yield "GPUs may be fully loaded in the busiest minute (say --gpu-load)"


def _tuned(alternative: Alternative, load: Workload, requirements: Requirements) -> Cost:
    """Return the cost of tuning the model here and of calling the tuned one."""
    known = [
        tuning
        for tuning in alternative.offering.tuning
        if (tuning.scopes is None or alternative.scope_name in tuning.scopes)
        and (not requirements.customization or tuning.method in requirements.customization)
    ]
    if not known or alternative.tier != "standard":
        raise UnknownPrice(f"the catalog has no price for tuning {alternative.offering.id} ({alternative.tier}, {alternative.scope_name})")
    percent = requirements.discount.get(alternative.platform.id, Decimal(0))
    rules = [f"less {percent.normalize():f}% discount"] if percent else []
    trained = Decimal(requirements.training_tokens or 0)
    return tuned(known[0], load, trained, requirements.epochs, (100 - percent) / 100, rules)
