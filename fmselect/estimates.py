"""What one alternative costs and how fast it answers, for one workload.

The rules of the bill are those of decision-method, section 6: the long-context step is chosen by
all input of a request and moves the whole request; what is read from or written to the cache is
not billed again as input; a missing cache rate means the input rate; reasoning is billed as
output; any other missing rate makes the cost unknown, never zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, Any

from fmselect.catalog.catalog import Catalog
from fmselect.requirements import Requirements
from fmselect.units import EFFORTS, Effort, Tier

if TYPE_CHECKING:
    from fmselect.catalog.derived import Measured
    from fmselect.catalog.schema import Model, Offering, Platform, Price, Scope, Task, TokenRates

MILLION = Decimal(1_000_000)
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Usage:
    """What one request uses; tokens are counted once, cached ones inside `input_tokens`."""

    input_tokens: Decimal = Decimal(0)
    """All input, cached or not."""
    cache_read_tokens: Decimal = Decimal(0)
    cache_write_tokens: Decimal = Decimal(0)
    """Written to the cache for its shortest lifetime."""
    cache_write_1h_tokens: Decimal = Decimal(0)
    cache_write_12h_tokens: Decimal = Decimal(0)
    output_tokens: Decimal = Decimal(0)
    reasoning_tokens: Decimal = Decimal(0)
    """Reasoning on top of the output."""
    images: Decimal = Decimal(0)
    image_size: str | None = None
    audio_minutes: Decimal = Decimal(0)
    video_seconds: Decimal = Decimal(0)
    pages: Decimal = Decimal(0)
    characters: Decimal = Decimal(0)
    searches: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        cached = self.cache_read_tokens + self.cache_write_tokens + self.cache_write_1h_tokens + self.cache_write_12h_tokens
        if cached > self.input_tokens:
            raise ValueError(f"{cached} tokens of cache are more than the {self.input_tokens} tokens of input that hold them")


@dataclass(frozen=True, slots=True)
class Workload:
    """A month of requests that are all alike."""

    requests_per_month: int
    usage: Usage


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the bill of one request: quantity x rate = amount."""

    what: str
    quantity: Decimal
    unit: str
    """What the quantity counts."""
    usd_per: Decimal
    """Rate in USD, per million for tokens and characters and per one for the rest."""
    usd: Decimal
    rule: str
    """Why this rate applies; empty where it is the plain one."""
    source: str
    """Where the rate comes from."""
    checked: date
    """When that was looked up."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What an alternative costs."""

    usd_per_request: Decimal
    usd_per_month: Decimal
    lines: tuple[Line, ...]


class UnknownPrice(Exception):
    """The bill needs a price that the catalog does not have; the message names it."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A number that is known to lie between two."""

    low: float
    high: float
    basis: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one alternative costs and how fast it is; None is unknown."""

    cost: Cost | None
    cost_unknown: str
    """Which price is missing, when the cost is unknown."""
    ttft_s: Interval | None
    output_tokens_per_s: Interval | None
    call_s: Interval | None
    """Seconds of a whole call, as measured on the benchmark that `basis` names."""
    reasoning_tokens: Decimal
    """Reasoning tokens per request that the cost contains."""


@dataclass(frozen=True, slots=True)
class Alternative:
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

    @property
    def scope_name(self) -> str:
        """`in_region`, `geo:eu`, `global`, or `unknown`."""
        return self.scope.name if self.scope else "unknown"

    @property
    def key(self) -> tuple[str, int, str, tuple[str, ...], int]:
        """Identity, and the last resort for ordering."""
        effort = -1 if self.effort is None else EFFORTS.index(self.effort)
        return (self.offering.id, _TIER_ORDER[self.tier], self.scope_name, self.regions, effort)

    @property
    def platform_model_id(self) -> str:
        """The id to call."""
        return (self.scope.platform_model_id if self.scope else None) or self.offering.sale.platform_model_id


_TIER_ORDER: Mapping[Tier, int] = {"standard": 0, "priority": 1, "flex": 2, "batch": 3, "provisioned": 4, "reserved": 5}


# ---------------------------------------------------------------- workload


def workload(requirements: Requirements, task: Task) -> tuple[Workload, tuple[str, ...]]:
    """Return the workload, and in words what was assumed because the user said nothing."""
    typical = task.workload
    taken: list[str] = []

    def given(name: str, unit: str) -> Decimal:
        stated = getattr(requirements, name)
        usual = Decimal(getattr(typical, name))
        if stated is None and usual:
            taken.append(f"{usual:,f} {unit}")
        return Decimal(stated) if stated is not None else usual

    requests = int(given("requests_per_month", "requests a month"))
    total = given("input_tokens", "input tokens a request")
    read = (total * requirements.cached_share).to_integral_value()
    usage = Usage(
        input_tokens=total,
        cache_read_tokens=read,
        output_tokens=given("output_tokens", "output tokens a request"),
        reasoning_tokens=Decimal(requirements.reasoning_tokens or 0),
        images=given("images", "images a request"),
        image_size=requirements.image_size,
        audio_minutes=given("audio_minutes", "minutes of audio a request"),
        video_seconds=given("video_seconds", "seconds of video a request"),
        pages=given("pages", "pages a request"),
        characters=given("characters", "characters a request"),
        searches=given("searches", "searches a request"),
    )
    said = (f"workload, typical for {task.id}: {', '.join(taken)} ({typical.why})",) if taken else ()
    return Workload(requests, usage), said


def usage_at(usage: Usage, alternative: Alternative, catalog: Catalog, requirements: Requirements) -> Usage:
    """Return the usage with the reasoning that the alternative's effort takes."""
    if requirements.reasoning_tokens is not None or not alternative.effort or not usage.output_tokens:
        return usage
    ratio = effort_ratio(catalog.derived.effort_tokens, alternative.model.id, alternative.effort)
    extra = (usage.output_tokens * (Decimal(str(round(ratio, 4))) - 1)).to_integral_value()
    return replace(usage, reasoning_tokens=max(extra, Decimal(0)))


def effort_ratio(measured: Mapping[str, Mapping[Effort, float]], model: str, effort: Effort) -> float:
    """Return how many tokens the effort takes, as a multiple of the model's lowest measured effort.

    A model that was not measured at the effort takes the median of the models that were, against
    low effort. The lowest effort counts as 1: what it reasons is taken as part of the answer.
    """
    own = measured.get(model, {})
    if effort in own:
        lowest = min(own, key=EFFORTS.index)
        return max(1.0, own[effort] / own[lowest])
    if EFFORTS.index(effort) <= EFFORTS.index("low"):
        return 1.0
    others = [tokens[effort] / tokens["low"] for tokens in measured.values() if "low" in tokens and effort in tokens]
    return max(1.0, median(others)) if others else 1.0


# ---------------------------------------------------------------- alternatives


def alternatives(offering: Offering, catalog: Catalog, requirements: Requirements, on: date) -> Iterator[Alternative]:
    """Yield every way of using an offering on a day, at least one: tier x scope x effort, standard tier first.

    Where no price is known for a scope, or for some of its regions, they stay as an alternative without one.
    """
    model, platform = catalog.model_of(offering), catalog.platform_of(offering)
    efforts = efforts_of(model, catalog, requirements)
    today = [price for price in offering.prices if in_force(price, on)]
    tiers = sorted({price.tier for price in today}, key=_TIER_ORDER.__getitem__) or ["standard"]
    scopes = offering.scopes or (None,)
    priced: dict[str | None, list[tuple[str, ...]]] = {}
    for tier in tiers:
        cards = [price for price in today if price.tier == tier]
        for scope in scopes:
            for regions, prices in _cards(scope, cards):
                priced.setdefault(scope.name if scope else None, []).append(regions)
                for effort in efforts:
                    yield Alternative(offering, model, platform, tier, scope, regions, effort, prices)
    for scope in scopes:
        with_prices = priced.get(scope.name if scope else None, ())
        left = tuple(region for region in (scope and scope.regions) or () if not any(region in regions for regions in with_prices))
        if left or not with_prices:
            for effort in efforts:
                yield Alternative(offering, model, platform, "standard", scope, left, effort, ())


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
    usage = usage_at(load.usage, alternative, catalog, requirements)
    cost: Cost | None = None
    missing = ""
    try:
        cost = cost_of(alternative, Workload(load.requests_per_month, usage), requirements.discount)
    except UnknownPrice as error:
        missing = str(error)
    timed = [speed for speed in alternative.offering.speed if speed.effort == alternative.effort]
    ttft = next((_interval(s.ttft_s, s) for s in timed if s.ttft_s), None)
    rate = next((_interval(s.output_tokens_per_s, s) for s in timed if s.output_tokens_per_s), None)
    calls = catalog.derived.call_s.get(alternative.model.id, ())
    call = next((_measured(m) for m in calls if m.effort == alternative.effort), None)
    return Estimate(cost, missing, ttft, rate, call, usage.reasoning_tokens)


def _interval(bounds: tuple[Decimal, Decimal], speed: Any) -> Interval:
    place = f" from {speed.place}" if speed.place else ""
    return Interval(float(bounds[0]), float(bounds[1]), f"{speed.kind}{place}, {speed.source} ({speed.checked})")


def _measured(measured: Measured) -> Interval:
    return Interval(measured.low, measured.high, measured.basis)


def cost_of(alternative: Alternative, load: Workload, discounts: Mapping[str, Decimal] | None = None) -> Cost:
    """Return the cost of a month, line by line; raises `UnknownPrice` for a price that is missing.

    Where the price depends on the hour of the day, requests are taken to be spread evenly over it.
    """
    if not alternative.prices:
        raise UnknownPrice(f"the catalog has no {alternative.tier} price for {alternative.offering.id}")
    multiplier = Decimal(1)
    scope = alternative.scope
    if scope is not None and scope.price_multiplier is not None and not any(scope.name in (p.scopes or ()) for p in alternative.prices):
        multiplier = scope.price_multiplier
    percent = (discounts or {}).get(alternative.platform.id, Decimal(0))
    keep = (100 - percent) / 100
    lines: list[Line] = []
    for price, share in _shares(alternative.prices):
        for line in bill(price, load.usage):
            rules = [line.rule] if line.rule else []
            if share != 1:
                rules.append(f"{price.hours_utc or 'other hours'} UTC, {share:.0%} of the day")
            if multiplier != 1:
                rules.append(f"{alternative.scope_name} costs x{multiplier.normalize():f}")
            if keep != 1:
                rules.append(f"less {percent.normalize():f}% discount")
            quantity = line.quantity if share == 1 else line.quantity * share
            usd = line.usd * multiplier * keep if share == 1 else line.usd * share * multiplier * keep
            lines.append(replace(line, quantity=quantity, usd_per=line.usd_per * multiplier * keep, usd=usd, rule="; ".join(rules)))
    request = sum((line.usd for line in lines), Decimal(0))
    return Cost(request, request * load.requests_per_month, tuple(lines))


def _shares(prices: Sequence[Price]) -> list[tuple[Price, Decimal]]:
    """Return each price with the share of the day in which it holds."""
    hourly = [price for price in prices if price.hours_utc]
    general = [price for price in prices if not price.hours_utc]
    if not hourly:
        return [(general[0], Decimal(1))]
    shares = [(price, Decimal(_minutes(price.hours_utc or "")) / MINUTES_A_DAY) for price in hourly]
    left = 1 - sum((share for _, share in shares), Decimal(0))
    if left > 0:
        if not general:
            raise UnknownPrice(f"the catalog has no price for {left:.0%} of the day")
        shares.insert(0, (general[0], left))
    return shares


def _minutes(hours: str) -> int:
    """Return how many minutes `16:30-00:30` lasts; the end may be on the next day."""
    start, end = ((int(part[:2]) * 60 + int(part[3:])) for part in hours.split("-"))
    return (end - start) % MINUTES_A_DAY or MINUTES_A_DAY


def bill(price: Price, usage: Usage) -> list[Line]:
    """Return the bill of one request at one price; raises `UnknownPrice` for a rate that is missing."""
    lines = _tokens(price, usage)
    flat: tuple[tuple[str, Decimal, str, Decimal | None, Decimal], ...] = (
        ("audio", usage.audio_minutes, "minutes", price.usd_per_audio_minute, Decimal(1)),
        ("pages", usage.pages, "pages", price.usd_per_page, Decimal(1)),
        ("speech", usage.characters, "characters", price.usd_per_mchar, MILLION),
        ("search", usage.searches, "searches", price.usd_per_search, Decimal(1)),
    )
    for what, quantity, unit, rate, per in flat:
        if not quantity:
            continue
        if rate is None:
            raise UnknownPrice(f"the price per {_SINGULAR[unit]} is not in the catalog")
        lines.append(_line(what, quantity, unit, rate, per, "", price))
    if usage.images:
        size, rate = _sized(price.usd_per_image, usage.image_size, "image")
        lines.append(_line("image", usage.images, "images", rate, Decimal(1), size, price))
    if usage.video_seconds:
        size, rate = _sized(price.usd_per_video_second, None, "second of video")
        lines.append(_line("video", usage.video_seconds, "seconds", rate, Decimal(1), size, price))
    if price.usd_per_request is not None:
        lines.append(_line("request", Decimal(1), "requests", price.usd_per_request, Decimal(1), "", price))
    if not lines:
        raise UnknownPrice("the workload uses nothing that the catalog has a price for")
    return lines


_SINGULAR = {"minutes": "minute of audio", "pages": "page", "characters": "million characters", "searches": "search"}


def _tokens(price: Price, usage: Usage) -> list[Line]:
    if not (usage.input_tokens or usage.output_tokens or usage.reasoning_tokens):
        return []
    if price.usd_per_mtok is None:
        # What is sold per search, page, minute or image does not bill the tokens it is given.
        if price.usd_per_search or price.usd_per_page or price.usd_per_audio_minute or price.usd_per_mchar or price.usd_per_image:
            return []
        raise UnknownPrice("the price per token is not in the catalog")
    rates, step = rates_for(price, usage.input_tokens)
    lines: list[Line] = []

    def add(what: str, quantity: Decimal, names: Sequence[str], rule: str = "") -> None:
        if not quantity:
            return
        for name in names:
            rate: Decimal | None = getattr(rates, name)
            if rate is not None:
                said = rule if name != names[0] else ""
                lines.append(_line(what, quantity, "tokens", rate, MILLION, "; ".join(filter(None, [step, said])), price))
                return
        raise UnknownPrice(f"the price of {what} is not in the catalog")

    cached = usage.cache_read_tokens + usage.cache_write_tokens + usage.cache_write_1h_tokens + usage.cache_write_12h_tokens
    add("input", usage.input_tokens - cached, ["input"])
    add("cache read", usage.cache_read_tokens, ["cache_read", "input"], "no cache rate: billed as input")
    add("cache write", usage.cache_write_tokens, ["cache_write", "input"], "no cache rate: billed as input")
    add("cache write 1h", usage.cache_write_1h_tokens, ["cache_write_1h"])
    add("cache write 12h", usage.cache_write_12h_tokens, ["cache_write_12h"])
    add("output", usage.output_tokens, ["output"])
    add("reasoning", usage.reasoning_tokens, ["reasoning", "output"], "billed as output")
    return lines


def rates_for(price: Price, input_tokens: Decimal) -> tuple[TokenRates, str]:
    """Return the rates for a request of so much input, and the step they come from in words.

    Input tokens include cached ones; the highest step whose bound is passed takes the whole request.
    """
    if price.usd_per_mtok is None:
        raise UnknownPrice("the price per token is not in the catalog")
    rates, said = price.usd_per_mtok, ""
    for step in price.steps:
        if input_tokens > step.input_tokens or (step.inclusive and input_tokens == step.input_tokens):
            rates, said = step.usd_per_mtok, f"long context, {'from' if step.inclusive else 'above'} {step.input_tokens:,} tokens"
    return rates, said


def _sized(rates: Mapping[str, Decimal], size: str | None, what: str) -> tuple[str, Decimal]:
    """Return the rate of a size: the one asked for, the default, or the dearest, and say which."""
    if not rates:
        raise UnknownPrice(f"the price per {what} is not in the catalog")
    if size is not None:
        if size not in rates:
            raise UnknownPrice(f"the price per {what} of {size} is not in the catalog: it has {', '.join(sorted(rates))}")
        return size, rates[size]
    if "default" in rates:
        return "", rates["default"]
    dearest = max(sorted(rates), key=lambda name: rates[name])
    return (f"{dearest}, the dearest of {len(rates)}" if len(rates) > 1 else dearest), rates[dearest]


def _line(what: str, quantity: Decimal, unit: str, rate: Decimal, per: Decimal, rule: str, price: Price) -> Line:
    return Line(what, quantity, unit, rate, quantity * rate / per, rule, price.source, price.checked)
