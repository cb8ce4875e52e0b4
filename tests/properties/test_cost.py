"""The bill: its lines add up, nothing used is free by accident, and more never costs less."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from fmselect.billing import MILLION, Cost, UnknownPrice, bill, charge
from fmselect.capacity import provisioned
from fmselect.catalog.schema import Capacity, Price, Step, TokenRates
from fmselect.estimates import cost_of
from fmselect.usage import QUANTITIES, Distribution, RequestClass, Usage, Workload
from tests.builders import SEEN, alternative, keeps_what_is_stated, offering

KINDS = ("input", "output", "reasoning", "cache_read", "cache_write", "cache_write_1h", "cache_write_12h", "input_audio", "output_audio")
rate = st.one_of(st.just(Decimal(0)), st.decimals(min_value=0, max_value=1_000, places=4, allow_nan=False))
count = st.one_of(st.just(0), st.integers(0, 3_000_000)).map(Decimal)
flat = ("usd_per_audio_minute", "usd_per_page", "usd_per_mchar", "usd_per_request")


@st.composite
def cards(draw: st.DrawFn) -> Price:
    """Return a price per token, whose long-context steps cost at least what lies below them."""
    named = set(KINDS) - draw(st.sampled_from([set(), {"reasoning"}, {"cache_read", "cache_write"}, {"output"}, {"cache_write_1h"}]))
    base = {name: draw(rate) for name in sorted(named)}
    steps: list[Step] = []
    current = base
    for bound in sorted(draw(st.sets(st.integers(1, 2_000_000), max_size=2))):
        current = {name: usd * draw(st.sampled_from([Decimal(1), Decimal("1.5"), Decimal(2)])) for name, usd in current.items()}
        steps.append(Step(input_tokens=bound, inclusive=draw(st.booleans()), usd_per_mtok=TokenRates(**current)))
    missing = draw(st.sampled_from([None, *flat]))
    extras: dict[str, Any] = {name: draw(rate) for name in flat if name != missing}
    return Price(tier="standard", usd_per_mtok=TokenRates(**base), steps=tuple(steps), **extras, **SEEN)


@st.composite
def usages(draw: st.DrawFn) -> Usage:
    """Return what one request uses; what is cached is part of the input."""
    cached: dict[str, Any] = {
        name: draw(count) for name in ("cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "cache_write_12h_tokens")
    }
    used: dict[str, Any] = {name: draw(count) for name in ("reasoning_tokens", "characters", "pages")}
    heard, seen, said = draw(count), draw(count), draw(count)
    replayed = draw(st.one_of(st.just(0), st.integers(0, int(cached["cache_read_tokens"])))).__int__()
    return Usage(
        input_tokens=draw(count) + sum(cached.values()) + heard + seen,
        input_audio_tokens=heard + replayed,
        cache_read_audio_tokens=Decimal(replayed),
        input_image_tokens=seen,
        output_tokens=draw(count) + said,
        output_audio_tokens=said,
        audio_minutes=draw(count) / 1000,
        **cached,
        **used,
    )


def priced(card: Price, used: Usage) -> Decimal | None:
    """Return what a request costs, None when a price is missing."""
    try:
        return sum((line.usd for line in bill(card, used)), Decimal(0))
    except UnknownPrice:
        return None


@given(cards(), usages())
def test_every_line_is_quantity_times_rate_and_their_sum_is_the_total(card: Price, used: Usage) -> None:
    assume(priced(card, used) is not None)
    cost = cost_of(alternative(offering(prices=[card])), Workload(7, used))

    assert cost.usd_per_request == sum(line.usd for line in cost.lines)
    assert cost.usd_per_month == 7 * cost.usd_per_request
    for line in cost.lines:
        per = MILLION if line.unit in ("tokens", "characters") else 1
        assert line.usd == line.quantity * line.usd_per / per
        assert line.source == card.source


@given(cards(), usages())
def test_every_token_is_billed_once(card: Price, used: Usage) -> None:
    assume(priced(card, used) is not None)
    lines = [line for line in bill(card, used) if line.unit == "tokens"]

    assert sum(line.quantity for line in lines) == used.input_tokens + used.output_tokens + used.reasoning_tokens
    assert len({line.what for line in lines}) == len(lines)


@given(cards(), usages())
def test_what_is_used_is_free_only_where_its_rate_is_zero(card: Price, used: Usage) -> None:
    total = priced(card, used)
    something = any(getattr(used, name) for name in Usage.__struct_fields__)

    if total == 0 and something:
        assert all(line.usd_per == 0 for line in bill(card, used) if line.quantity)
        assert {line.unit for line in bill(card, used)} >= {
            unit
            for unit, quantity in (
                ("pages", used.pages),
                ("characters", used.characters),
                ("minutes", used.audio_minutes),
                ("tokens", used.output_tokens),
            )
            if quantity
        }


WITHIN = {
    "cache_read_audio_tokens": ("input_tokens", "input_audio_tokens", "cache_read_tokens"),
    **{name: ("input_tokens",) for name in QUANTITIES if name.startswith(("cache", "input_")) and name.endswith("tokens")},
    **{name: ("output_tokens",) for name in QUANTITIES if name.startswith("output_") and name.endswith("tokens")},
}
"""What grows with a quantity, since it is a part of it."""
WITHIN |= {"input_tokens": (), "output_tokens": (), "cache_read_audio_tokens": ("input_tokens", "input_audio_tokens", "cache_read_tokens")}


@given(cards(), usages(), st.sampled_from(QUANTITIES), count)
def test_more_never_costs_less(card: Price, used: Usage, name: str, more: Decimal) -> None:
    grown = {name: getattr(used, name) for name in Usage.__struct_fields__}
    for each in (name, *WITHIN.get(name, ())):
        grown[each] += more

    before, after = priced(card, used), priced(card, Usage(**grown))

    assert before is None or after is None or after >= before


@given(cards(), usages(), st.decimals(0, 99, places=2))
def test_a_discount_takes_exactly_its_share(card: Price, used: Usage, percent: Decimal) -> None:
    assume(priced(card, used) is not None)
    way, load = alternative(offering(prices=[card])), Workload(1, used)

    whole, less = cost_of(way, load), cost_of(way, load, {"nimbus": percent})

    assert less.usd_per_request == whole.usd_per_request * (100 - percent) / 100


# ---------------------------------------------------------------- requests that differ

sizes = st.integers(0, 300_000).map(Decimal)


@st.composite
def spreads(draw: st.DrawFn) -> Distribution:
    """Return a mean with rising percentiles that can be."""
    percents = sorted(draw(st.sets(st.sampled_from([1, 5, 10, 25, 50, 75, 90, 95, 99]), min_size=1, max_size=4)))
    values = sorted(draw(st.lists(sizes, min_size=len(percents), max_size=len(percents))))
    stated = tuple((Decimal(percent), value) for percent, value in zip(percents, values, strict=True))
    ends = [*percents[1:], 100]
    least = sum((value * (end - percent) / 100 for (percent, value), end in zip(stated, ends, strict=True)), Decimal(0))
    return Distribution(Decimal(int(least) + draw(st.integers(1, 300_000))), stated)


@given(spreads())
def test_a_distribution_keeps_its_mean_and_its_percentiles(stated: Distribution) -> None:
    keeps_what_is_stated(stated)


@given(cards(), st.lists(st.tuples(st.integers(1, 9), usages()), min_size=1, max_size=6))
def test_requests_that_differ_cost_what_each_costs(card: Price, requests: list[tuple[int, Usage]]) -> None:
    each = [priced(card, used) for _, used in requests]
    assume(None not in each)
    count = sum(times for times, _ in requests)
    classes = tuple(RequestClass(Decimal(times), used) for times, used in requests)
    mean = requests[0][1].of(
        [sum(values, Decimal(0)) / count for values in zip(*([q * t for q in used.quantities] for t, used in requests), strict=True)]
    )

    lines = charge([card], Workload(count, mean, classes))

    assert sum(line.usd_per_month for line in lines) == sum(
        (usd or Decimal(0)) * times for usd, (times, _) in zip(each, requests, strict=True)
    )


@given(st.integers(1, 10_000_000), st.integers(1, 200_000), st.integers(0, 5_000), st.integers(1, 50), st.integers(1, 20))
def test_capacity_covers_the_busiest_minute_and_more_never_costs_less(
    requests: int, given_: int, written: int, least: int, step: int
) -> None:
    unit = Capacity(
        unit="u", usd_per_unit_hour=Decimal(1), units_min=least, units_step=step, tokens_per_minute=Decimal(1_000), output_weight=Decimal(4)
    )
    card = Price(tier="provisioned", capacity=unit, **SEEN)

    def bought(count: int) -> Cost:
        return provisioned(
            card, Workload(count, Usage(input_tokens=Decimal(given_), output_tokens=Decimal(written))), Decimal(1), (), lambda: None
        )

    some, more = bought(requests), bought(requests + 1)
    assert some.capacity is not None
    assert some.capacity.units >= some.capacity.needed - Decimal("1e-6")
    assert (some.capacity.units - least) % step == 0
    assert some.capacity.utilization <= 1
    assert some.usd_per_month == sum(line.usd_per_month for line in some.lines) == some.capacity.units * 730
    assert more.usd_per_month >= some.usd_per_month
