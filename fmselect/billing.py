"""What a month of requests costs at a price, line by line: quantity x rate = amount.

The rules are those of decision-method, section 6: the long-context step is chosen by all input of a
request and moves the whole request; what is read from or written to the cache is not billed again as
input; a missing cache rate means the input rate; reasoning is billed as output; any other missing
rate makes the cost unknown, never zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import msgspec

from fmselect.usage import DAYS, Usage, Workload, minutes_of

if TYPE_CHECKING:
    from fmselect.catalog.schema import Price, Sourced, TokenRates

MILLION = Decimal(1_000_000)

Per = Literal["request", "month", "once"]
"""What a line of a bill comes back with: every request, every month, or it is paid once."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """One line of a bill: quantity x rate = amount."""

    what: str
    quantity: Decimal
    """Of the mean request, or of a month for a line that is paid by the month."""
    unit: str
    """What the quantity counts."""
    usd_per: Decimal
    """Rate in USD, per million for tokens and characters and per one for the rest."""
    usd: Decimal
    """Amount of the mean request; of a line that is paid by the month, its part of it."""
    usd_per_month: Decimal
    rule: str
    """Why this rate applies; empty where it is the plain one."""
    source: str
    """Where the rate comes from."""
    checked: date
    """When that was looked up."""
    per: Per = "request"


class BreakEven(msgspec.Struct, frozen=True):
    """From when on capacity that is paid by the hour is cheaper than paying by use."""

    usd_per_request: Decimal
    """What a request costs where it is paid by use."""
    where: str
    """Where that is, for people."""
    requests_per_month: Decimal
    """Requests a month from which on the capacity is cheaper."""
    utilization: Decimal
    """The same as a share of all that the capacity could serve; above 1 it never is cheaper."""


class Capacity(msgspec.Struct, frozen=True):
    """Capacity that is paid by the hour for a workload."""

    units: int
    unit: str
    needed: Decimal
    """Units that the busiest minute needs, before rounding to what is sold."""
    utilization: Decimal
    """Share of all that it could serve which the workload uses."""
    break_even: BreakEven | None
    """None: no price by use is known to compare with."""


class Cost(msgspec.Struct, frozen=True, gc=False):
    """What a month of requests costs."""

    usd_per_request: Decimal
    """The mean request, with its part of what is paid by the month."""
    usd_per_month: Decimal
    lines: tuple[Line, ...]
    once: tuple[Line, ...] = ()
    """What is paid once, in no month's cost."""
    capacity: Capacity | None = None
    """What is paid by the hour."""

    @property
    def usd_once(self) -> Decimal:
        """What is paid once."""
        return sum((line.usd for line in self.once), Decimal(0))


class UnknownPrice(Exception):
    """The bill needs a price that the catalog does not have; the message names it."""


def total(lines: Sequence[Line], requests_per_month: int, *, once: Sequence[Line] = (), capacity: Capacity | None = None) -> Cost:
    """Add up the lines of a bill."""
    month = sum((line.usd_per_month for line in lines), Decimal(0))
    return Cost(sum((line.usd for line in lines), Decimal(0)), month, tuple(lines), tuple(once), capacity)


# ---------------------------------------------------------------- by use


class Item(msgspec.Struct, frozen=True, gc=False):
    """What some requests use of one thing, and its rate."""

    what: str
    quantity: Decimal
    unit: str
    usd_per: Decimal
    per: Decimal
    """How many of the unit the rate is for."""
    rule: str


def bill(price: Price, usage: Usage) -> list[Line]:
    """Return the bill of one request at one price; raises `UnknownPrice` for a rate that is missing."""
    return charge([price], Workload(1, usage))


def charge(prices: Sequence[Price], load: Workload, multiplier: Decimal = Decimal(1), rules: Sequence[str] = ()) -> list[Line]:
    """Return the bill of a workload by use; raises `UnknownPrice` for a rate that is missing.

    `prices` hold at the same time: one, or several for hours of the day. Every rate is taken times the
    multiplier, for which the rules say why.
    """
    lines: list[Line] = []
    weight = load.total_weight
    for price, parts in _by_price(prices, load):
        for passed, requests, usage in parts:
            rates, step = _rates(price, passed)
            if step and requests != weight:
                step += f", {requests / weight:.1%} of the requests"
            said = [*_when(price, prices, load), *rules]
            items = _items(price, rates, step, usage, requests)
            lines.extend(_line(item, load, multiplier, said, price) for item in items)
    if not lines:
        raise UnknownPrice("the workload uses nothing that the catalog has a price for")
    return lines


def charge_tokens(rates: TokenRates, load: Workload, multiplier: Decimal, rules: Sequence[str], cited: Sourced) -> list[Line]:
    """Return the bill of the tokens of a workload at rates without long-context steps."""
    weight = load.total_weight
    used = load.usage.of([quantity * weight for quantity in load.usage.quantities])
    return [_line(item, load, multiplier, rules, cited) for item in _tokens(rates, "", used)]


def _line(item: Item, load: Workload, multiplier: Decimal, rules: Sequence[str], cited: Sourced) -> Line:
    """Return the line of what all requests of the workload's classes use together."""
    quantity, rate = item.quantity / load.total_weight, item.usd_per * multiplier
    return Line(
        item.what,
        quantity,
        item.unit,
        rate,
        quantity * rate / item.per,
        item.quantity * load.requests_per_month / load.total_weight * rate / item.per,
        "; ".join(filter(None, [item.rule, *rules])) if rules else item.rule,
        cited.source,
        cited.checked,
    )


Part = tuple[int, Decimal, Usage]
"""How many long-context bounds some requests pass, how many requests, and what they use together."""


def _by_price(prices: Sequence[Price], load: Workload) -> Iterator[tuple[Price, Sequence[Part]]]:
    """Yield each price with the requests that it bills, by how many long-context bounds they pass."""
    if len(prices) == 1 and not _timed(prices[0]):
        yield prices[0], load.together(_bounds(prices[0]))
        return
    shares = {hours: _shares(prices, load, hours) for hours in load.shares_by_hours}
    for index, price in enumerate(prices):
        bounds = _bounds(price)
        parts: dict[int, tuple[Decimal, tuple[Decimal, ...]]] = {}
        for hours, of_day in shares.items():
            if not of_day[index]:
                continue
            for passed, requests, quantities in load.stretches(bounds, hours):
                here = (requests * of_day[index], tuple(quantity * of_day[index] for quantity in quantities))
                before = parts.get(passed)
                parts[passed] = (
                    here if before is None else (before[0] + here[0], tuple(a + b for a, b in zip(before[1], here[1], strict=True)))
                )
        if parts:
            yield price, [(passed, requests, load.usage.of(quantities)) for passed, (requests, quantities) in sorted(parts.items())]


def _bounds(price: Price) -> tuple[tuple[Decimal, bool], ...]:
    """Return the bounds of long context, and whether a request of exactly so many tokens has passed each."""
    return tuple((Decimal(step.input_tokens), step.inclusive) for step in price.steps)


def _shares(prices: Sequence[Price], load: Workload, hours: str | None) -> list[Decimal]:
    """Return the share of the requests of some hours that each price bills; the one without hours and days takes the rest."""
    own = minutes_of(hours)
    parts = [part for part in DAYS if load.weekdays in (None, part)]
    units = len(own) * sum(DAYS[part] for part in parts)
    billed = [0] * len(prices)
    left = 0
    for part in parts:
        rest = own
        for index, price in enumerate(prices):
            if _timed(price) and price.weekdays in (None, part):
                here = own & minutes_of(price.hours_utc)
                billed[index] += len(here) * DAYS[part]
                rest -= here
        left += len(rest) * DAYS[part]
    general = next((index for index, price in enumerate(prices) if not _timed(price)), None)
    if general is not None:
        billed[general] = left
    elif left:
        raise UnknownPrice(f"the catalog has no price for {Decimal(left) / units:.0%} of the day")
    return [Decimal(minutes) / units for minutes in billed]


def _timed(price: Price) -> bool:
    """Whether a price holds at some hours or days only."""
    return price.hours_utc is not None or price.weekdays is not None


def _when(price: Price, prices: Sequence[Price], load: Workload) -> Iterator[str]:
    """Say for which hours and days a price is, where there are several."""
    if any(_timed(other) for other in prices):
        index = prices.index(price)
        share = sum((part * _shares(prices, load, hours)[index] for hours, part in load.shares_by_hours.items()), Decimal(0))
        times = [f"{price.hours_utc} UTC"] if price.hours_utc else []
        times += [price.weekdays] if price.weekdays else []
        yield f"{' '.join(times) or 'other hours UTC'}, {share:.0%} of the {'day' if load.even else 'requests'}"


# ---------------------------------------------------------------- one request


def _rates(price: Price, passed: int) -> tuple[TokenRates | None, str]:
    if not passed:
        return price.usd_per_mtok, ""
    step = price.steps[passed - 1]
    return step.usd_per_mtok, f"long context, {'from' if step.inclusive else 'above'} {step.input_tokens:,} tokens"


def _items(price: Price, rates: TokenRates | None, step: str, usage: Usage, requests: Decimal) -> Iterator[Item]:
    """Yield what requests use of everything that is billed, with its rate."""
    yield from _priced_tokens(price, rates, step, usage)
    flat = (
        ("image given", usage.input_images, "images", price.usd_per_input_image, Decimal(1)),
        ("audio", usage.audio_minutes, "minutes", price.usd_per_audio_minute, Decimal(1)),
        ("pages", usage.pages, "pages", price.usd_per_page, Decimal(1)),
        ("speech", usage.characters, "characters", price.usd_per_mchar, MILLION),
        ("search", usage.searches, "searches", price.usd_per_search, Decimal(1)),
    )
    for what, quantity, unit, rate, per in flat:
        if not quantity:
            continue
        if rate is None:
            raise UnknownPrice(f"the price per {_SINGULAR[what]} is not in the catalog")
        yield Item(what, quantity, unit, rate, per, "")
    if usage.images:
        size, rate = _sized(price.usd_per_image, usage.image_size, "image")
        yield Item("image", usage.images, "images", rate, Decimal(1), size)
    if usage.video_seconds:
        size, rate = _sized(price.usd_per_video_second, usage.video_resolution, "second of video")
        yield Item("video", usage.video_seconds, "seconds", rate, Decimal(1), size)
    if price.usd_per_request is not None:
        yield Item("request", requests, "requests", price.usd_per_request, Decimal(1), "")


_SINGULAR = {
    "image given": "image given",
    "audio": "minute of audio",
    "pages": "page",
    "speech": "million characters",
    "search": "search",
}


def _priced_tokens(price: Price, rates: TokenRates | None, step: str, usage: Usage) -> Iterator[Item]:
    if rates is not None:
        yield from _tokens(rates, step, usage)
        return
    # What is sold per search, page, minute or image does not bill the tokens it is given.
    other = price.usd_per_search or price.usd_per_page or price.usd_per_audio_minute or price.usd_per_mchar or price.usd_per_image
    if not other and (usage.input_tokens or usage.output_tokens or usage.reasoning_tokens):
        raise UnknownPrice("the price per token is not in the catalog")


def _tokens(rates: TokenRates, step: str, usage: Usage) -> Iterator[Item]:
    for what, quantity in usage.tokens:
        names, rule = _RATES[what]
        for name in names:
            rate: Decimal | None = getattr(rates, name)
            if rate is not None:
                said = rule if name != names[0] else ""
                yield Item(what, quantity, "tokens", rate, MILLION, "; ".join(filter(None, [step, said])) if step or said else "")
                break
        else:
            raise UnknownPrice(f"the price of {what} is not in the catalog")


_AS_INPUT, _AS_OUTPUT = "no rate of its own: billed as input", "no rate of its own: billed as output"
_UNCACHED = "no cache rate: billed as input"

_RATES: Mapping[str, tuple[Sequence[str], str]] = {
    "input": (("input",), ""),
    "audio input": (("input_audio", "input"), _AS_INPUT),
    "image input": (("input_image", "input"), _AS_INPUT),
    "cache read": (("cache_read", "input"), _UNCACHED),
    "audio cache read": (("cache_read_audio", "cache_read", "input"), "no rate of its own: billed as cache read or input"),
    "cache write": (("cache_write", "input"), _UNCACHED),
    "cache write 1h": (("cache_write_1h",), ""),
    "cache write 12h": (("cache_write_12h",), ""),
    "output": (("output",), ""),
    "audio output": (("output_audio", "output"), _AS_OUTPUT),
    "image output": (("output_image", "output"), _AS_OUTPUT),
    "reasoning": (("reasoning", "output"), "billed as output"),
}
"""By kind of token: the rates that may apply, the first that is known, and what to say of all but the first."""


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


# ---------------------------------------------------------------- lines that are no use


def fixed(
    what: str, quantity: Decimal, unit: str, rate: Decimal, requests_per_month: int, rule: str, cited: Sourced, per: Per = "month"
) -> Line:
    """Return a line that is paid by the month, or once, however much is used."""
    amount = quantity * rate
    if per == "once":
        return Line(what, quantity, unit, rate, amount, Decimal(0), rule, cited.source, cited.checked, per)
    return Line(what, quantity, unit, rate, amount / requests_per_month, amount, rule, cited.source, cited.checked, per)
