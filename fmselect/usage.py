"""What requests use: one request, classes of alike requests, and a month of them.

A mean with percentiles becomes classes by the distribution of maximum entropy: of all distributions
with the stated percentiles and mean, the one that assumes nothing else. Between two percentiles its
density is proportional to exp(-rate x), with one rate for all (Cover and Thomas, Elements of
Information Theory, 2nd edition, theorem 12.1.1, with the percentiles' indicators and x as
constraints); above the highest one it is an exponential tail. The rate is solved for the stated mean.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import msgspec
from msgspec.structs import replace

from fmselect.units import WEEKDAYS, Weekdays, figure

HOURS_A_MONTH = 730
"""Hours of a month, as the clouds count them (365 x 24 / 12)."""

MINUTES_A_DAY = 24 * 60

DAYS: Mapping[Weekdays, int] = dict(zip(WEEKDAYS, (5, 2), strict=True))
"""Days that each part of the week has."""

DUST = Decimal("1e-9")
"""Tokens that the rounding of a mean may make up; fewer than these are none."""

SLICES = 100
"""Equally likely slices that every stretch between two percentiles is cut into."""

Hours = str
"""Hours of the day in UTC, as `16:30-00:30`."""


class Usage(msgspec.Struct, frozen=True, dict=True):
    """What one request uses; every token is counted once, cached and audio ones inside input and output."""

    input_tokens: Decimal = Decimal(0)
    """All input, cached or not."""
    cache_read_tokens: Decimal = Decimal(0)
    cache_write_tokens: Decimal = Decimal(0)
    """Written to the cache for its shortest lifetime."""
    cache_write_1h_tokens: Decimal = Decimal(0)
    cache_write_12h_tokens: Decimal = Decimal(0)
    input_audio_tokens: Decimal = Decimal(0)
    """Audio among the input."""
    cache_read_audio_tokens: Decimal = Decimal(0)
    """Audio among the input and among what is read from the cache."""
    input_image_tokens: Decimal = Decimal(0)
    """Images among the input, where they are counted in tokens."""
    output_tokens: Decimal = Decimal(0)
    output_audio_tokens: Decimal = Decimal(0)
    """Audio among the output."""
    output_image_tokens: Decimal = Decimal(0)
    """Images among the output, where they are counted in tokens."""
    reasoning_tokens: Decimal = Decimal(0)
    """Reasoning on top of the output."""
    images: Decimal = Decimal(0)
    """Images made."""
    image_size: str | None = None
    """Size of the images made, or quality/size, as the price list names it."""
    input_images: Decimal = Decimal(0)
    """Images given, where they are billed by the image."""
    audio_minutes: Decimal = Decimal(0)
    video_seconds: Decimal = Decimal(0)
    """Seconds of video made."""
    video_resolution: str | None = None
    """Resolution of the video made, as the price list names it."""
    pages: Decimal = Decimal(0)
    characters: Decimal = Decimal(0)
    """Characters spoken."""
    searches: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if self.cached_tokens - self.input_tokens > DUST:
            raise ValueError(f"{self.cached_tokens} tokens of cache are more than the {self.input_tokens} tokens of input that hold them")
        if not (
            self.input_audio_tokens
            or self.cache_read_audio_tokens
            or self.input_image_tokens
            or self.output_audio_tokens
            or self.output_image_tokens
        ):
            return
        audio = self.input_audio_tokens - self.cache_read_audio_tokens
        fresh = self.input_tokens - self.cached_tokens
        for part, whole, said in (
            (self.cache_read_audio_tokens, self.input_audio_tokens, "audio read from the cache are more than the {} tokens of audio given"),
            (
                self.cache_read_audio_tokens,
                self.cache_read_tokens,
                "audio read from the cache are more than the {} tokens read from the cache",
            ),
            (audio + self.input_image_tokens, fresh, "audio and images are more than the {} tokens of input that hold them"),
            (
                self.output_audio_tokens + self.output_image_tokens,
                self.output_tokens,
                "audio and images are more than the {} tokens of output that hold them",
            ),
        ):
            if part - whole > DUST:
                raise ValueError(f"{part} tokens of {said.format(whole)}")

    @property
    def cached_tokens(self) -> Decimal:
        """Input that is read from or written to the cache."""
        return self.cache_read_tokens + self.cache_write_tokens + self.cache_write_1h_tokens + self.cache_write_12h_tokens

    @cached_property
    def tokens(self) -> tuple[tuple[str, Decimal], ...]:
        """Every kind of token that is used, each token in one kind, and how many."""
        audio = self.input_audio_tokens - self.cache_read_audio_tokens
        made = self.output_audio_tokens + self.output_image_tokens
        kinds = (
            ("input", self.input_tokens - self.cached_tokens - audio - self.input_image_tokens),
            ("audio input", audio),
            ("image input", self.input_image_tokens),
            ("cache read", self.cache_read_tokens - self.cache_read_audio_tokens),
            ("audio cache read", self.cache_read_audio_tokens),
            ("cache write", self.cache_write_tokens),
            ("cache write 1h", self.cache_write_1h_tokens),
            ("cache write 12h", self.cache_write_12h_tokens),
            ("output", self.output_tokens - made),
            ("audio output", self.output_audio_tokens),
            ("image output", self.output_image_tokens),
            ("reasoning", self.reasoning_tokens),
        )
        return tuple((kind, tokens) for kind, tokens in kinds if tokens > DUST)

    @property
    def quantities(self) -> tuple[Decimal, ...]:
        """Everything that is counted, in the order of `QUANTITIES`."""
        return tuple(getattr(self, name) for name in QUANTITIES)

    def of(self, quantities: Sequence[Decimal]) -> Usage:
        """Return the same sort of usage with other quantities."""
        counted: dict[str, Any] = dict(zip(QUANTITIES, quantities, strict=True))
        return replace(self, **counted)


QUANTITIES = tuple(name for name in Usage.__struct_fields__ if name not in ("image_size", "video_resolution"))
"""The fields of a usage that are counted."""
_OUTPUT, _REASONING = QUANTITIES.index("output_tokens"), QUANTITIES.index("reasoning_tokens")


class RequestClass(msgspec.Struct, frozen=True):
    """Requests that are all alike."""

    weight: Decimal
    """How many of them there are, against the other classes."""
    usage: Usage
    hours_utc: Hours | None = None
    """Hours of the day in which they come; None: spread over the day."""


class Workload(msgspec.Struct, frozen=True, dict=True):
    """A month of requests: how many, what they use on average, and how they differ."""

    requests_per_month: int
    usage: Usage
    """The mean over all requests."""
    classes: tuple[RequestClass, ...] = ()
    """Classes of alike requests; none: all are alike."""
    hours_utc: Hours | None = None
    """Hours of the day in which requests come, where they are all alike."""
    weekdays: Weekdays | None = None
    """Part of the week in which requests come; None: all of it."""
    peak: Decimal = Decimal(1)
    """The busiest minute against the mean of the hours in which requests come."""
    growth: Decimal = Decimal(0)
    """Growth of the number of requests in percent a month."""
    reasoning_known: bool = False
    """Whether the reasoning tokens are given, and not to be estimated from the effort."""
    longest: tuple[Decimal, Decimal] | None = None
    """Longest input and output that are stated, in tokens; None: the mean."""
    reasoning_ratio: Decimal = Decimal(0)
    """Tokens of reasoning per token of output that come on top of those of the classes."""

    @property
    def longest_input_tokens(self) -> Decimal:
        """Longest input that is stated, which the context window must hold."""
        return self.longest[0] if self.longest else self.usage.input_tokens

    @property
    def longest_output_tokens(self) -> Decimal:
        """Longest output that is stated."""
        return self.longest[1] if self.longest else self.usage.output_tokens

    @property
    def peak_requests_per_minute(self) -> Decimal:
        """Requests in the busiest minute: the mean over the hours in which they come, times the peak."""
        days = DAYS[self.weekdays] if self.weekdays else 7
        return self.requests_per_month * max(self._by_minute.values()) * self.peak * 7 / (days * HOURS_A_MONTH * 60)

    @cached_property
    def _by_minute(self) -> Mapping[int, Decimal]:
        """By minute of the day: how many requests come in it, against a day on which they are spread evenly."""
        rates = dict.fromkeys(range(MINUTES_A_DAY), Decimal(0))
        for hours, share in self.shares_by_hours.items():
            minutes = minutes_of(hours)
            for minute in minutes:
                rates[minute] += share * MINUTES_A_DAY / len(minutes)
        return rates

    @cached_property
    def shares_by_hours(self) -> Mapping[Hours | None, Decimal]:
        """The share of the requests that comes in some hours of the day."""
        total = sum((one.weight for one in self._classes), Decimal(0))
        shares: dict[Hours | None, Decimal] = {}
        for one in self._classes:
            shares[one.hours_utc] = shares.get(one.hours_utc, Decimal(0)) + one.weight / total
        return shares

    @property
    def even(self) -> bool:
        """Whether requests are spread evenly over the day and the week."""
        return set(self.shares_by_hours) == {None} and self.weekdays is None

    @cached_property
    def _classes(self) -> tuple[RequestClass, ...]:
        return self.classes or (RequestClass(Decimal(1), self.usage, self.hours_utc),)

    @cached_property
    def total_weight(self) -> Decimal:
        """How many requests the classes are about, in their own measure."""
        return sum((one.weight for one in self._classes), Decimal(0))

    @cached_property
    def _sums(self) -> Mapping[Hours | None, tuple[list[Decimal], list[list[Decimal]]]]:
        """By hours: the inputs in rising order, and what the requests up to each use together (weight first)."""
        found: dict[Hours | None, tuple[list[Decimal], list[list[Decimal]]]] = {}
        for hours in self.shares_by_hours:
            ranked = sorted((one for one in self._classes if one.hours_utc == hours), key=lambda one: one.usage.input_tokens)
            counted = [one.usage.quantities for one in ranked]
            used = [index for index in range(len(QUANTITIES)) if any(quantities[index] for quantities in counted)]
            running = [Decimal(0)] * (len(QUANTITIES) + 1)
            sums = [running]
            for one, quantities in zip(ranked, counted, strict=True):
                running = running.copy()
                running[0] += one.weight
                for index in used:
                    running[index + 1] += one.weight * quantities[index]
                sums.append(running)
            found[hours] = ([one.usage.input_tokens for one in ranked], sums)
        return found

    def stretches(self, bounds: Sequence[tuple[Decimal, bool]], hours: Hours | None) -> Iterator[tuple[int, Decimal, tuple[Decimal, ...]]]:
        """Yield what the requests of some hours use between bounds of input, in the measure of `total_weight`.

        A bound is a number of tokens and whether a request of exactly so many has passed it. Each item is
        how many bounds are passed, the weight of the requests, and their quantities added up.
        """
        inputs, sums = self._sums[hours]
        cuts = [0, *((bisect_left if inclusive else bisect_right)(inputs, bound) for bound, inclusive in bounds), len(inputs)]
        for passed, (start, end) in enumerate(pairwise(cuts)):
            if end > start:
                low, high = sums[start], sums[end]
                quantities = [b - a for a, b in zip(low[1:], high[1:], strict=True)]
                quantities[_REASONING] += quantities[_OUTPUT] * self.reasoning_ratio
                yield passed, high[0] - low[0], tuple(quantities)

    def together(self, bounds: tuple[tuple[Decimal, bool], ...]) -> Sequence[tuple[int, Decimal, Usage]]:
        """Return what all requests use between bounds of input: how many bounds are passed, the weight, and the usage added up."""
        known: dict[object, Sequence[tuple[int, Decimal, Usage]]] = self.__dict__.setdefault("_together", {})
        if bounds not in known:
            parts: dict[int, tuple[Decimal, Sequence[Decimal]]] = {}
            for hours in self.shares_by_hours:
                for passed, weight, quantities in self.stretches(bounds, hours):
                    before, used = parts.get(passed, (Decimal(0), [Decimal(0)] * len(quantities)))
                    parts[passed] = before + weight, [a + b for a, b in zip(used, quantities, strict=True)]
            known[bounds] = [(passed, weight, self.usage.of(used)) for passed, (weight, used) in sorted(parts.items())]
        return known[bounds]

    @property
    def mean(self) -> Usage:
        """The mean of the classes."""
        sums = [totals[-1][1:] for _, totals in self._sums.values()]
        return self.usage.of([sum(values, Decimal(0)) / self.total_weight for values in zip(*sums, strict=True)])

    def with_reasoning(self, ratio: Decimal) -> Workload:
        """Return the workload with reasoning of so many tokens per token of output."""
        known: dict[Decimal, Workload] = self.__dict__.setdefault("_with_reasoning", {})
        if ratio not in known:
            usage = replace(self.usage, reasoning_tokens=self.usage.output_tokens * ratio)
            known[ratio] = self._like(replace(self, usage=usage, reasoning_ratio=ratio))
        return known[ratio]

    def with_requests(self, requests_per_month: int) -> Workload:
        """Return the workload with another number of requests."""
        return self._like(replace(self, requests_per_month=requests_per_month))

    def _like(self, other: Workload) -> Workload:
        """Return another workload of the same classes, without adding them up again."""
        for name in ("_classes", "_sums", "shares_by_hours", "total_weight"):
            other.__dict__[name] = getattr(self, name)
        return other


# ---------------------------------------------------------------- hours


@lru_cache(maxsize=256)
def minutes_of(hours: Hours | None) -> frozenset[int]:
    """Return the minutes of the day that hours such as `16:30-00:30` hold; the end may be on the next day."""
    if hours is None:
        return frozenset(range(MINUTES_A_DAY))
    start, end = ((int(part[:2]) * 60 + int(part[3:])) for part in hours.split("-"))
    length = (end - start) % MINUTES_A_DAY or MINUTES_A_DAY
    return frozenset((start + minute) % MINUTES_A_DAY for minute in range(length))


# ---------------------------------------------------------------- distributions


class Distribution(msgspec.Struct, frozen=True):
    """A mean and percentiles of something that is counted per request."""

    mean: Decimal
    percentiles: tuple[tuple[Decimal, Decimal], ...] = ()
    """Pairs of percent and value, rising: (95, 180000) says that 95% of the requests have at most 180,000."""

    def __post_init__(self) -> None:
        rising = [value for _, value in self.percentiles]
        if rising != sorted(rising):
            raise ValueError("a higher percentile has a smaller value: check both")
        if self.percentiles and self.mean <= self.least_mean:
            raise ValueError(
                f"no requests have a mean of {figure(self.mean)} with these percentiles: what lies at or above them alone makes "
                f"a mean of {figure(self.least_mean)}; if {figure(self.mean)} is the typical request, write it as p50 and give "
                "the mean (all tokens over all requests), or give the requests themselves with --requests"
            )

    @property
    def longest(self) -> Decimal:
        """The largest value stated."""
        return max([self.mean, *(value for _, value in self.percentiles)])

    @property
    def _bins(self) -> list[tuple[Decimal, float, float]]:
        """Share, lower end and upper end of every stretch between two percentiles."""
        points = [(Decimal(0), Decimal(0)), *self.percentiles]
        ends = [*self.percentiles, (Decimal(100), Decimal("Infinity"))]
        return [((high - low) / 100, float(start), float(end)) for (low, start), (high, end) in zip(points, ends, strict=True)]

    @property
    def least_mean(self) -> Decimal:
        """What the mean would be if every request had the lower end of its stretch."""
        points = [(Decimal(0), Decimal(0)), *self.percentiles]
        ends = [*(percent for percent, _ in self.percentiles), Decimal(100)]
        return sum(((high - low) / 100 * value for (low, value), high in zip(points, ends, strict=True)), Decimal(0))

    def classes(self) -> list[tuple[Decimal, Decimal]]:
        """Return weights that add up to 1 with the value each stands for; their mean is exactly the stated one."""
        if not self.percentiles:
            return [(Decimal(1), self.mean)]
        rate = self._rate()
        found: list[tuple[Decimal, Decimal]] = []
        for share, start, end in self._bins:
            for number in range(SLICES):
                value = start + _slice_mean(rate, end - start, number)
                found.append((share / SLICES, Decimal(value).to_integral_value(ROUND_FLOOR)))
        # Whole tokens leave the mean a fraction of a token too low: every class takes it.
        rest = self.mean - sum((weight * value for weight, value in found), Decimal(0))
        return [(weight, value + rest) for weight, value in found]

    def _rate(self) -> float:
        """Return the rate at which the distribution has the stated mean; the mean falls as the rate rises."""
        wanted = float(self.mean)

        def mean(rate: float) -> float:
            return math.fsum(float(share) * (start + _mean(rate, end - start)) for share, start, end in self._bins)

        low, high = 1e-18, 1.0
        while mean(high) > wanted:
            high *= 2
        for _ in range(200):
            middle = math.sqrt(low * high)
            low, high = (middle, high) if mean(middle) > wanted else (low, middle)
        return high


def _mean(rate: float, width: float) -> float:
    """Mean of an exponential density of a rate on [0, width]."""
    if math.isinf(width):
        return 1 / rate
    turned = rate * width
    if turned < 1e-6:
        return width / 2
    return 1 / rate - (width / math.expm1(turned) if turned < 700 else 0.0)


def _slice_mean(rate: float, width: float, number: int) -> float:
    """Mean of one of `SLICES` equally likely slices of an exponential density of a rate on [0, width]."""
    start = _quantile(rate, width, number / SLICES)
    if number + 1 == SLICES and math.isinf(width):
        return start + 1 / rate
    end = _quantile(rate, width, (number + 1) / SLICES)
    return start + _mean(rate, end - start)


def _quantile(rate: float, width: float, share: float) -> float:
    if rate * width < 1e-6:
        return width * share
    mass = 1.0 if math.isinf(width) else -math.expm1(-rate * width)
    return -math.log1p(-share * mass) / rate if share * mass < 1 else width
