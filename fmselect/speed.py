"""How fast an offering answers, as intervals that say whether they are measured, stated or estimated.

What was measured or stated of an offering stands for it. Otherwise relatives stand in: the
same model elsewhere, its family, models of its size, or all models of its kind, as wide as
leaving each of them out has shown to be needed (`fmselect.relatives`); of several ways, the one with
the narrowest interval counts. Without any basis a speed is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from fmselect.units import Effort, Tier

if TYPE_CHECKING:
    from fmselect.catalog.derived import Measured, SizeLaw, Span, SpeedEvidence
    from fmselect.catalog.schema import Model, Offering, Platform, Speed

STATED_SPREAD = 1.5
"""A figure stated as typical is read as so many times less to so many times more (judgement)."""
FLOOR_SPREAD = 4.0
"""A rate that is promised as a minimum is read as up to so many times more (judgement)."""
PRIORITY_GAIN = 2.5
"""The most that priority is faster than standard: up to 2.5 times, says https://openai.com/api-fast-mode/."""
SHORT_INPUT_TOKENS = 10_000
"""Up to here the first token is taken to come as fast as it was measured; beyond, the wait may grow in
proportion to the input, as NVIDIA measured: 0.05 s from 500 tokens, 0.41 s from 5,000 (catalog's nim-rate)."""
ELSEWHERE = 1.5
"""How much wider an estimate is where the relatives ran on other machines, which leaving them out cannot show (judgement)."""
BEYOND = 3.0
"""How many times outside the sizes it was fitted on the law of size is still used (judgement)."""
NAMED = 3
"""Relatives named in the basis of an estimate."""

SpeedKind = Literal["measured", "stated", "estimated"]
"""Somebody timed it; the platform says so; or relatives stand in."""

KINDS: tuple[SpeedKind, ...] = ("measured", "stated", "estimated")
"""From the surest to the least sure."""

_UNTIMED: tuple[Tier, ...] = ("flex", "batch")
"""Tiers that promise no time, so that no figure of another tier says anything of them."""


class Interval(msgspec.Struct, frozen=True, gc=False):
    """A number that is known to lie between two."""

    low: float
    high: float
    basis: str
    kind: SpeedKind = "measured"
    generic: bool = False
    """True when all that is known is what kind of model it is."""


class Pace(msgspec.Struct, frozen=True, gc=False):
    """How fast an offering is at one service tier and effort; None is unknown."""

    ttft_s: Interval | None
    """Seconds to the first token of anything, reasoning included where it is streamed."""
    output_tokens_per_s: Interval | None
    after_reasoning: bool = False
    """True when the first token comes only after all reasoning."""
    timed_at_tokens: int = 0
    """Input tokens of the requests that were timed; 0: not said."""


def pace(offering: Offering, model: Model, platform: Platform, tier: Tier, effort: Effort | None, evidence: SpeedEvidence | None) -> Pace:
    """Return how fast an offering is, from its own figures or its relatives'."""
    if tier in _UNTIMED:
        return Pace(None, None)
    timed = _first_timed(offering.speed, tier, effort)
    first = None if timed is None or timed.ttft_s is None else _told((float(timed.ttft_s[0]), float(timed.ttft_s[1])), timed)
    rate = _own_rate(offering, tier, effort)
    if evidence is not None:
        first = first or _first(offering, model, platform, effort, evidence)
        rate = rate or _rate(offering, model, platform, tier, effort, evidence)
    return Pace(first, rate, timed is not None and timed.ttft_after_reasoning, 0 if timed is None else timed.input_tokens or 0)


def first_answer(pace: Pace, reasoning_tokens: float, input_tokens: float) -> Interval | None:
    """Return the seconds to the first token of the answer: what comes first, and the reasoning before it.

    An input longer than the one it was timed at, and than `SHORT_INPUT_TOKENS`, may take longer in proportion.
    """
    first, rate = pace.ttft_s, pace.output_tokens_per_s
    if first is None:
        return None
    stretched = replace(first, high=first.high * max(1.0, input_tokens / max(pace.timed_at_tokens, SHORT_INPUT_TOKENS)))
    if pace.after_reasoning or not reasoning_tokens:
        return stretched
    return None if rate is None else _after(stretched, reasoning_tokens, rate, "reasoning")


def whole_answer(first: Interval | None, output_tokens: float, rate: Interval | None) -> Interval | None:
    """Return the seconds of a whole answer, from its first token and the rate of the rest."""
    if first is None or rate is None:
        return None
    return _after(first, output_tokens, rate, "output")


def _after(first: Interval, tokens: float, rate: Interval, what: str) -> Interval:
    """Add the time that tokens take; the sum is no surer than its parts."""
    basis = first.basis if first.basis == rate.basis else f"first token: {first.basis}; rate: {rate.basis}"
    if first.basis.startswith("first token: "):
        basis = first.basis
    kind = max(first.kind, rate.kind, key=KINDS.index)
    return Interval(first.low + tokens / rate.high, first.high + tokens / rate.low, basis, kind, first.generic or rate.generic)


# ---------------------------------------------------------------- what is said of the offering itself


def _first_timed(speeds: Sequence[Speed], tier: Tier, effort: Effort | None) -> Speed | None:
    """Return what tells the first token: at this effort, else at another that does not delay it."""
    told = [speed for speed in speeds if speed.tier == tier and speed.ttft_s is not None]
    same = [speed for speed in told if speed.effort == effort]
    other = [speed for speed in told if speed.effort != effort and not speed.ttft_after_reasoning]
    return next(iter(sorted([*same], key=_surest) + sorted(other, key=_surest)), None)


def _surest(speed: Speed) -> int:
    return KINDS.index(speed.kind)


def bounds_of(speed: Speed) -> tuple[float, float] | None:
    """Return the output rate that a group of facts tells: as an interval, about a figure, or at least one."""
    if speed.output_tokens_per_s is not None:
        return float(speed.output_tokens_per_s[0]), float(speed.output_tokens_per_s[1])
    if speed.output_tokens_per_s_about is not None:
        about = float(speed.output_tokens_per_s_about)
        return about / STATED_SPREAD, about * STATED_SPREAD
    if speed.output_tokens_per_s_at_least is not None:
        least = float(speed.output_tokens_per_s_at_least)
        return least, least * FLOOR_SPREAD
    return None


def _told(bounds: tuple[float, float], speed: Speed) -> Interval:
    place = f" from {speed.place}" if speed.place else ""
    when = f" on {speed.measured_on}" if speed.measured_on else ""
    effort = f" at {speed.effort} effort" if speed.effort else ""
    looked = f"secondary, {speed.checked}" if speed.secondary else f"{speed.checked}"
    return Interval(*bounds, f"{speed.kind}{place}{when}{effort}, {speed.source} ({looked})", speed.kind)


def _own_rate(offering: Offering, tier: Tier, effort: Effort | None) -> Interval | None:
    """Return the rate that the offering itself tells: the surest, at this effort before another, since tokens come as fast at each."""
    told = [(speed, bounds) for speed in offering.speed if speed.tier == tier and (bounds := bounds_of(speed))]
    if not told:
        return None
    speed, bounds = min(told, key=lambda pair: (_surest(pair[0]), pair[0].effort != effort))
    return _told(bounds, speed)


def _rate(
    offering: Offering, model: Model, platform: Platform, tier: Tier, effort: Effort | None, evidence: SpeedEvidence
) -> Interval | None:
    """Return the output rate that benchmarks, another tier, or the nearest relatives tell."""
    if (rows := evidence.rates.get(offering.id)) and tier == "standard":
        return _measured(rows, effort)
    if platform.accelerator is not None:
        return _spread(evidence.rate_of_platform.get(platform.id), evidence, "platform", f"other models on {platform.name}")
    if tier == "standard" and (faster := _standard_of(offering)):
        return Interval(*faster[:2], f"estimated from its priority tier, at most {PRIORITY_GAIN:g} times as fast: {faster[2]}", "estimated")
    if platform.kind == "self-hosted":
        return _by_size(model, evidence, " on GPUs for data centers")
    ways = (
        _spread(evidence.rate_of_model.get(model.id), evidence, "family", "the model elsewhere"),
        _spread(evidence.rate_of_family.get(model.family), evidence, "family", f"the family {model.family}"),
        _by_size(model, evidence, ""),
        _generic(model, evidence),
    )
    return min((way for way in ways if way is not None), key=lambda way: way.high / way.low, default=None)


def _measured(rows: Sequence[Measured], effort: Effort | None) -> Interval:
    same = [row for row in rows if row.effort == effort] or rows
    return Interval(min(row.low for row in same), max(row.high for row in same), f"measured: {same[0].basis}", "measured")


def _standard_of(offering: Offering) -> tuple[float, float, str] | None:
    """Return what a priority tier's figure says of the standard one: not faster, and not that much slower."""
    for speed in offering.speed:
        if speed.tier == "priority" and (bounds := bounds_of(speed)):
            return bounds[0] / PRIORITY_GAIN, bounds[1], _told(bounds, speed).basis
    return None


def _spread(span: Span | None, evidence: SpeedEvidence, level: str, whom: str) -> Interval | None:
    trial = evidence.trials.get(level)
    if span is None or trial is None:
        return None
    middle = math.sqrt(span.low * span.high)
    basis = f"estimated from {whom}: {_named(span.basis)}"
    factor = trial.factor * (1.0 if level == "platform" else ELSEWHERE)
    return Interval(middle / factor, middle * factor, basis, "estimated")


def _by_size(model: Model, evidence: SpeedEvidence, where: str) -> Interval | None:
    law, trial, size = evidence.rate_by_size, evidence.trials.get("size"), active_billion(model)
    if law is None or trial is None or size is None or model.kind != "chat":
        return None
    if not law.low_billion / BEYOND <= size <= law.high_billion * BEYOND:
        return None
    middle, factor = rate_at(law, size), trial.factor * ELSEWHERE
    basis = f"estimated from its size, {size:g}B parameters per token{where}: {_named(law.basis)}"
    return Interval(middle / factor, middle * factor, basis, "estimated")


def rate_at(law: SizeLaw, billion: float) -> float:
    """Return the output tokens a second of a model of so many billion parameters per token."""
    return math.exp(law.intercept + law.slope * math.log(billion))


def active_billion(model: Model) -> float | None:
    """Return the parameters a model uses per token, in billions."""
    size = model.parameters
    return None if size is None else float(size.active_billion or size.total_billion)


def _generic(model: Model, evidence: SpeedEvidence) -> Interval | None:
    span = evidence.rate_of_any
    if span is None or model.kind != "chat":
        return None
    return Interval(span.low, span.high, f"estimated as for any chat model: {len(span.basis)} with figures", "estimated", generic=True)


def _first(offering: Offering, model: Model, platform: Platform, effort: Effort | None, evidence: SpeedEvidence) -> Interval | None:
    """Return the wait for the first token, which whole calls bound: it comes before the call ends."""
    calls = evidence.calls.get(offering.id)
    if calls:
        same = [call for call in calls if call.effort == effort] or calls
        return Interval(0.0, max(call.high for call in same), f"within a whole call: {same[0].basis}", "measured")
    span = evidence.first_of_any
    if span is None or platform.kind == "self-hosted" or model.kind != "chat":
        return None
    basis = f"estimated as for any chat model: before the end of short calls of {len(span.basis)} that do not reason"
    return Interval(0.0, span.high, basis, "estimated", generic=True)


def _named(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
