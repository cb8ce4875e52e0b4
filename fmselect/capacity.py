"""What is paid whether it is used or not: provisioned units, GPUs of one's own, and a tuned model.

Formulas: decision-method, section 6. Units follow from the busiest minute; a unit that is bought is
paid for every hour of the month.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

import msgspec

from fmselect.billing import MILLION, BreakEven, Capacity, Cost, Line, UnknownPrice, charge_tokens, fixed, total
from fmselect.units import Precision
from fmselect.usage import HOURS_A_MONTH, Usage, Workload

if TYPE_CHECKING:
    from fmselect.catalog.schema import Gpu, Model, Price, Sourced, TuningPrice

BITS: Mapping[Precision, int] = {"fp32": 32, "bf16": 16, "fp16": 16, "fp8": 8, "int8": 8, "fp4": 4, "int4": 4}
"""Bits that a weight takes at a precision."""

MINUTES_A_MONTH = HOURS_A_MONTH * 60


class Hosting(msgspec.Struct, frozen=True):
    """Machines of one's own, as the user describes them."""

    gpu: str
    card: Gpu
    precision: Precision
    tokens_per_s: Decimal
    """Tokens a second that one GPU gives."""
    load: Decimal
    """Share of that which may be planned with in the busiest minute."""
    usd_per_hour: Decimal
    rent: Sourced
    """Where the rate comes from."""
    rate_rule: str
    """Whose rate it is, for people."""


class ByUse(msgspec.Struct, frozen=True):
    """What a mean request costs where it is paid by use, to compare capacity with."""

    usd_per_request: Decimal
    where: str


Comparison = Callable[[], ByUse | None]
"""Finds what the same would cost by use; None: no such price is known."""


# ---------------------------------------------------------------- provisioned and reserved


def provisioned(price: Price, load: Workload, keep: Decimal, rules: Sequence[str], by_use: Comparison) -> Cost:
    """Return the cost of the capacity units that a workload needs; raises `UnknownPrice` where nobody publishes what a unit serves."""
    bought = price.capacity
    if bought is None:
        raise UnknownPrice(f"the price of {price.tier} capacity is not in the catalog")
    if bought.longest_input_tokens is not None and load.longest_input_tokens > bought.longest_input_tokens:
        raise UnknownPrice(f"{price.tier} capacity takes requests of at most {bought.longest_input_tokens:,} input tokens")
    if bought.tokens_per_minute is None:
        raise UnknownPrice(f"nobody publishes how many tokens a {bought.unit} serves")
    weighed = _weighed(load.usage, bought.cache_read_weight, bought.output_weight)
    if not weighed:
        raise UnknownPrice("the workload uses no tokens, which is what the capacity is sold for")
    needed = _settled(load.peak_requests_per_minute * weighed / bought.tokens_per_minute)
    steps = max(Decimal(0), (needed - bought.units_min) / bought.units_step).to_integral_value(ROUND_CEILING)
    units = int(bought.units_min + steps * bought.units_step)
    rule = "; ".join([_sizing(needed, bought.unit, bought.units_min, bought.units_step), *_commitment(bought.commitment_months), *rules])
    count = Decimal(units)
    if bought.usd_per_unit_hour is not None:
        line = fixed(
            f"{bought.unit} x {HOURS_A_MONTH} h",
            count * HOURS_A_MONTH,
            "unit-hours",
            bought.usd_per_unit_hour * keep,
            load.requests_per_month,
            rule,
            price,
        )
    else:
        line = fixed(
            bought.unit, count, "unit-months", (bought.usd_per_unit_month or Decimal(0)) * keep, load.requests_per_month, rule, price
        )
    served = count * bought.tokens_per_minute * MINUTES_A_MONTH / weighed
    return _bought([line], load, units, bought.unit, needed, served, by_use)


def _settled(needed: Decimal) -> Decimal:
    """Return what is needed without the last digits of a division, which must not buy one unit more."""
    return needed.quantize(Decimal("1e-9"))


def _weighed(usage: Usage, cache_read_weight: Decimal, output_weight: Decimal) -> Decimal:
    """Return the input tokens that a request counts as."""
    fresh = usage.input_tokens - usage.cache_read_tokens
    return fresh + usage.cache_read_tokens * cache_read_weight + (usage.output_tokens + usage.reasoning_tokens) * output_weight


def _sizing(needed: Decimal, unit: str, least: int, step: int) -> str:
    sold = f"sold from {least} in steps of {step}" if (least, step) != (1, 1) else "sold one by one"
    return f"the busiest minute needs {needed:.2f} {unit}, {sold}"


def _commitment(months: int) -> list[str]:
    return [f"committed for {months} months" if months != 1 else "committed for 1 month"] if months else []


def _bought(lines: Sequence[Line], load: Workload, units: int, unit: str, needed: Decimal, served: Decimal, by_use: Comparison) -> Cost:
    """Return the cost of what was bought, with its use and break-even; `served` is the most requests a month it could serve."""
    other = by_use()
    fee = sum((line.usd_per_month for line in lines), Decimal(0))
    even = None
    if other is not None and other.usd_per_request:
        requests = fee / other.usd_per_request
        even = BreakEven(other.usd_per_request, other.where, requests, requests / served)
    capacity = Capacity(units, unit, needed, load.requests_per_month / served, even)
    return total(lines, load.requests_per_month, capacity=capacity)


# ---------------------------------------------------------------- machines of one's own


def gpus_for_weights(model: Model, precision: Precision, card: Gpu) -> int:
    """Return how many GPUs hold the weights: parameters x bits / 8 over the memory of one; the cache of keys and values comes on top."""
    if model.parameters is None:
        raise UnknownPrice(f"how many parameters {model.name} has is not in the catalog")
    gigabytes = model.parameters.total_billion * BITS[precision] / 8
    return math.ceil(gigabytes / card.memory_gb)


def self_hosted(model: Model, hosting: Hosting, load: Workload, by_use: Comparison) -> Cost:
    """Return the cost of the GPUs that a workload needs, around the clock.

    GPUs = ceil(peak tokens/s / (tokens/s per GPU x load)), in whole copies of the model.
    """
    usage = load.usage
    tokens = usage.output_tokens + usage.reasoning_tokens or usage.input_tokens
    if not tokens:
        raise UnknownPrice("the workload uses no tokens, which is what the speed of a GPU is given in")
    copy = gpus_for_weights(model, hosting.precision, hosting.card)
    needed = _settled(load.peak_requests_per_minute * tokens / 60 / (hosting.tokens_per_s * hosting.load))
    units = max(1, math.ceil(needed / copy)) * copy
    weights = f"the weights in {hosting.precision} need {copy} of {hosting.card.memory_gb} GB"
    rule = f"the busiest minute needs {needed:.2f} at a load of {hosting.load:.0%}; {weights}; {hosting.rate_rule}"
    count = Decimal(units)
    line = fixed(
        f"{hosting.gpu} x {HOURS_A_MONTH} h",
        count * HOURS_A_MONTH,
        "GPU-hours",
        hosting.usd_per_hour,
        load.requests_per_month,
        rule,
        hosting.rent,
    )
    served = count * hosting.tokens_per_s * 3600 * HOURS_A_MONTH / tokens
    return _bought([line], load, units, hosting.gpu, needed, served, by_use)


# ---------------------------------------------------------------- a tuned model


def tuned(tuning: TuningPrice, load: Workload, trained_tokens: Decimal, epochs: int, keep: Decimal, rules: Sequence[str]) -> Cost:
    """Return what training once, keeping and hosting the tuned model, and calling it cost."""
    if tuning.usd_per_training_mtok is None:
        raise UnknownPrice("the price of training per token is not in the catalog")
    if tuning.usd_per_mtok is None:
        raise UnknownPrice("the price per token of the tuned model is not in the catalog")
    said = "; ".join(
        [f"{trained_tokens:,f} tokens x {epochs} epochs" if epochs != 1 else f"{trained_tokens:,f} tokens, once through", *rules]
    )
    seen = trained_tokens * epochs
    rate = tuning.usd_per_training_mtok * keep
    once = Line("training", seen, "tokens", rate, seen * rate / MILLION, Decimal(0), said, tuning.source, tuning.checked, "once")
    by_month = (
        (f"hosting x {HOURS_A_MONTH} h", Decimal(HOURS_A_MONTH), "hours", tuning.usd_per_hosting_hour),
        ("storage", Decimal(1), "months", tuning.usd_per_storage_month),
    )
    held = [
        fixed(what, quantity, unit, usd * keep, load.requests_per_month, "; ".join(["for the tuned model", *rules]), tuning)
        for what, quantity, unit, usd in by_month
        if usd is not None
    ]
    lines = charge_tokens(tuning.usd_per_mtok, load, keep, ["rate of the tuned model", *rules], tuning)
    return total([*lines, *held], load.requests_per_month, once=[once])
