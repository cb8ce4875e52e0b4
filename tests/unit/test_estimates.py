"""What a bill says line by line, how prices are found, and how the workload is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from fmselect.billing import UnknownPrice, bill
from fmselect.catalog.derived import Derived, Measured, SpeedEvidence
from fmselect.catalog.schema import Price, Speed, TaskWorkload
from fmselect.estimates import (
    Alternative,
    alternatives,
    cost_of,
    effort_ratio,
    efforts_of,
    estimate,
    in_force,
    load_at,
    workload,
)
from fmselect.usage import Usage, Workload
from tests.builders import (
    ON,
    SEEN,
    SOURCE,
    abilities,
    alternative,
    catalog,
    model,
    offering,
    price,
    rates,
    requirements,
    scope,
    step,
    task,
    usage,
)


def total(card: Price, used: Usage) -> Decimal:
    return sum((line.usd for line in bill(card, used)), Decimal(0))


# ---------------------------------------------------------------- the bill of one request

FULL = rates("4", "20", cache_read="0.4", cache_write="5", cache_write_1h="8", cache_write_12h="10", reasoning="16")


def test_every_kind_of_token_is_billed_once_at_its_own_rate() -> None:
    used = usage(
        input_tokens=1_000_000,
        cache_read_tokens=500_000,
        cache_write_tokens=100_000,
        cache_write_1h_tokens=50_000,
        cache_write_12h_tokens=10_000,
        output_tokens=2_000,
        reasoning_tokens=1_000,
    )

    lines = {line.what: (str(line.quantity), str(line.usd_per), line.usd) for line in bill(price(FULL), used)}

    assert lines == {
        "input": ("340000", "4", Decimal("1.36")),
        "cache read": ("500000", "0.4", Decimal("0.2")),
        "cache write": ("100000", "5", Decimal("0.5")),
        "cache write 1h": ("50000", "8", Decimal("0.4")),
        "cache write 12h": ("10000", "10", Decimal("0.1")),
        "output": ("2000", "20", Decimal("0.04")),
        "reasoning": ("1000", "16", Decimal("0.016")),
    }


def test_a_missing_cache_rate_means_the_input_rate_and_says_so() -> None:
    lines = bill(price(), usage(input_tokens=1000, cache_read_tokens=600, cache_write_tokens=400, output_tokens=1))

    assert [(line.what, line.usd_per, line.rule) for line in lines] == [
        ("cache read", Decimal(1), "no cache rate: billed as input"),
        ("cache write", Decimal(1), "no cache rate: billed as input"),
        ("output", Decimal(2), ""),
    ]


def test_reasoning_without_a_rate_is_billed_as_output() -> None:
    (line,) = bill(price(), usage(reasoning_tokens=500))

    assert (line.usd, line.rule, line.source, line.checked) == (Decimal("0.001"), "billed as output", SOURCE, SEEN["checked"])


@pytest.mark.parametrize(
    ("card", "used", "missing"),
    [
        (price(rates("1", None)), usage(input_tokens=1, output_tokens=1), "the price of output is not in the catalog"),
        (price(rates("1", None)), usage(reasoning_tokens=1), "the price of reasoning is not in the catalog"),
        (price(rates(None, "1")), usage(input_tokens=1), "the price of input is not in the catalog"),
        (price(), usage(input_tokens=1, cache_write_1h_tokens=1), "the price of cache write 1h is not in the catalog"),
        (price(), usage(input_tokens=1, cache_write_12h_tokens=1), "the price of cache write 12h is not in the catalog"),
        (price(usd_per_request=Decimal(1)), usage(input_tokens=1), "the price per token is not in the catalog"),
        (price(), usage(audio_minutes=1), "the price per minute of audio is not in the catalog"),
        (price(), usage(pages=1), "the price per page is not in the catalog"),
        (price(), usage(characters=1), "the price per million characters is not in the catalog"),
        (price(), usage(searches=1), "the price per search is not in the catalog"),
        (price(), usage(images=1), "the price per image is not in the catalog"),
        (price(), usage(video_seconds=1), "the price per second of video is not in the catalog"),
        (price(), usage(), "the workload uses nothing that the catalog has a price for"),
        (
            price(usd_per_image={"1k": Decimal(1), "2k": Decimal(2)}),
            usage(images=1, image_size="4k"),
            "the price per image of 4k is not in the catalog: it has 1k, 2k",
        ),
    ],
)
def test_a_missing_rate_makes_the_cost_unknown_and_never_zero(card: Price, used: Usage, missing: str) -> None:
    with pytest.raises(UnknownPrice, match=f"^{missing}$"):
        bill(card, used)


@pytest.mark.parametrize(
    ("card", "used", "usd"),
    [
        (price(usd_per_audio_minute=Decimal("0.006")), usage(audio_minutes="2.5"), "0.015"),
        (price(usd_per_page=Decimal("0.001")), usage(pages=7), "0.007"),
        (price(usd_per_mchar=Decimal(15)), usage(characters=2000), "0.03"),
        (price(usd_per_search=Decimal("0.002")), usage(searches=3, input_tokens=5000), "0.006"),
        (price(usd_per_request=Decimal("0.01"), usd_per_mtok=rates()), usage(input_tokens=1_000_000), "1.01"),
        (price(usd_per_image={"1k": Decimal("0.02"), "2k": Decimal("0.05")}), usage(images=2, image_size="1k"), "0.04"),
        (price(usd_per_image={"1k": Decimal("0.02"), "2k": Decimal("0.05")}), usage(images=2), "0.10"),
        (price(usd_per_image={"default": Decimal("0.02"), "2k": Decimal("0.05")}), usage(images=2), "0.04"),
        (price(usd_per_video_second={"720p": Decimal("0.3")}), usage(video_seconds=4), "1.2"),
    ],
)
def test_what_is_no_token_is_billed_by_its_own_unit(card: Price, used: Usage, usd: str) -> None:
    assert total(card, used) == Decimal(usd)


def test_an_unnamed_size_takes_the_dearest_and_says_so() -> None:
    (line,) = bill(price(usd_per_image={"1k": Decimal("0.02"), "2k": Decimal("0.05")}), usage(images=1))

    assert line.rule == "2k, the dearest of 2"


def test_a_long_context_step_moves_the_whole_request() -> None:
    card = price(rates("2", "10", cache_read="0.2"), steps=(step(200_000, rates("4", "15", cache_read="0.4")),))
    below = usage(input_tokens=200_000, cache_read_tokens=150_000, output_tokens=1000)
    above = usage(input_tokens=200_001, cache_read_tokens=150_000, output_tokens=1000)

    assert total(card, below) == Decimal("0.14")
    assert total(card, above) == Decimal("0.275004")
    assert {line.rule for line in bill(card, above)} == {"long context, above 200,000 tokens"}


def test_an_inclusive_step_holds_from_its_bound_on_and_the_highest_one_passed_wins() -> None:
    card = price(rates("1"), steps=(step(100, rates("10"), inclusive=True), step(200, rates("100"))))

    found = {tokens: bill(card, usage(input_tokens=tokens))[0].usd_per for tokens in (99, 100, 200, 201)}

    assert found == {99: Decimal(1), 100: Decimal(10), 200: Decimal(10), 201: Decimal(100)}
    assert bill(card, usage(input_tokens=100))[0].rule == "long context, from 100 tokens"


def test_more_cached_than_given_is_no_usage() -> None:
    with pytest.raises(ValueError, match="6 tokens of cache are more than the 5 tokens of input that hold them"):
        usage(input_tokens=5, cache_read_tokens=4, cache_write_tokens=2)


# ---------------------------------------------------------------- the cost of an alternative

LOAD = Workload(1_000, usage(input_tokens=1_000_000))


def sold(*prices: Price, **scope_facts: object) -> Alternative:
    where = scope(**scope_facts)  # type: ignore[arg-type]  # named by the test
    made = alternative(offering(scopes=[where], prices=prices))
    return replace(made, prices=prices)


def test_a_month_is_its_requests() -> None:
    cost = cost_of(sold(price()), LOAD)

    assert (cost.usd_per_request, cost.usd_per_month) == (Decimal(1), Decimal(1000))
    assert sum(line.usd for line in cost.lines) == cost.usd_per_request


def test_a_discount_takes_its_share_off_every_line_of_its_platform() -> None:
    cost = cost_of(sold(price()), LOAD, {"nimbus": Decimal("12.5"), "other": Decimal(50)})

    assert cost.usd_per_request == Decimal("0.875")
    assert cost.lines[0].rule == "less 12.5% discount"


def test_a_scope_without_prices_of_its_own_is_multiplied() -> None:
    cost = cost_of(sold(price(), kind="geo", price_multiplier=Decimal("1.10")), LOAD)

    assert cost.usd_per_request == Decimal("1.1")
    assert cost.lines[0].rule == "geo:eu costs x1.1"


def test_a_scope_with_prices_of_its_own_is_not_multiplied() -> None:
    cost = cost_of(sold(price(scopes=("geo:eu",)), kind="geo", price_multiplier=Decimal("1.10")), LOAD)

    assert cost.usd_per_request == Decimal(1)


def test_prices_by_the_hour_are_spread_over_the_day() -> None:
    night = price(rates("0.5"), hours_utc="16:30-00:30")
    cost = cost_of(sold(price(rates("2")), night), LOAD)

    assert cost.usd_per_request == Decimal(2) * 2 / 3 + Decimal("0.5") / 3
    assert [line.rule for line in cost.lines] == ["other hours UTC, 67% of the day", "16:30-00:30 UTC, 33% of the day"]
    assert cost_of(sold(price(rates("0.5"), hours_utc="08:00-08:00")), LOAD).usd_per_request == Decimal("0.5")


def test_hours_that_leave_a_gap_make_the_cost_unknown() -> None:
    with pytest.raises(UnknownPrice, match="the catalog has no price for 50% of the day"):
        cost_of(sold(price(hours_utc="00:00-12:00")), LOAD)


def test_no_price_is_an_unknown_cost() -> None:
    with pytest.raises(UnknownPrice, match="the catalog has no standard price for atlas@nimbus"):
        cost_of(sold(), LOAD)


# ---------------------------------------------------------------- which alternatives there are


def ways(*prices: Price, scopes: object = None, on: date = ON) -> list[tuple[str, str, tuple[str, ...], list[str]]]:
    """Return tier, scope, regions and input rates of every way of using an offering."""
    one = offering(prices=prices, scopes=scopes)  # type: ignore[arg-type]  # named by the test
    found = list(alternatives(one, catalog(offerings=[one]), requirements(), on))
    return [
        (way.tier, way.scope_name, way.regions, [str(card.usd_per_mtok.input) for card in way.prices if card.usd_per_mtok]) for way in found
    ]


def test_every_tier_and_scope_is_an_alternative() -> None:
    assert ways(price(tier="batch"), price(), scopes=[scope(), scope("global")]) == [
        ("standard", "in_region", ("eu-1", "us-1"), ["1"]),
        ("standard", "global", ("eu-1", "us-1"), ["1"]),
        ("batch", "in_region", ("eu-1", "us-1"), ["1"]),
        ("batch", "global", ("eu-1", "us-1"), ["1"]),
    ]


def test_a_price_that_names_the_scope_goes_before_one_that_names_none() -> None:
    assert ways(price(), price(rates("3"), scopes=("global",)), scopes=[scope(), scope("global")]) == [
        ("standard", "in_region", ("eu-1", "us-1"), ["1"]),
        ("standard", "global", ("eu-1", "us-1"), ["3"]),
    ]


def test_a_price_that_names_the_region_goes_before_one_that_names_none() -> None:
    assert ways(price(), price(rates("3"), regions=("eu-1",))) == [
        ("standard", "in_region", ("us-1",), ["1"]),
        ("standard", "in_region", ("eu-1",), ["3"]),
    ]


def test_prices_of_all_regions_leave_none_for_the_rest() -> None:
    assert ways(price(), price(rates("3"), regions=("eu-1", "us-1"))) == [("standard", "in_region", ("eu-1", "us-1"), ["3"])]


def test_regions_without_a_price_stay_with_an_unknown_one() -> None:
    assert ways(price(regions=("eu-1",))) == [
        ("standard", "in_region", ("eu-1",), ["1"]),
        ("standard", "in_region", ("us-1",), []),
    ]


def test_a_scope_without_a_price_stays_with_an_unknown_one() -> None:
    assert ways(price(scopes=("global",)), scopes=[scope(), scope("global")]) == [
        ("standard", "global", ("eu-1", "us-1"), ["1"]),
        ("standard", "in_region", ("eu-1", "us-1"), []),
    ]


def test_regional_prices_of_an_unknown_scope_are_an_unknown_price() -> None:
    assert ways(price(regions=("eu-1",)), scopes=[]) == [("standard", "unknown", (), [])]
    assert ways(price(regions=("eu-1",)), scopes=[scope(regions=None)]) == [("standard", "in_region", (), [])]


def test_an_offering_without_prices_is_one_alternative() -> None:
    assert ways() == [("standard", "in_region", ("eu-1", "us-1"), [])]


def test_only_prices_that_hold_on_the_day_count() -> None:
    old, new = price(until_on=date(2026, 12, 1)), price(rates("2"), from_on=date(2026, 12, 1))

    assert ways(old, new, on=date(2026, 11, 30))[0][3] == ["1"]
    assert ways(old, new, on=date(2026, 12, 1))[0][3] == ["2"]
    assert not in_force(new, date(2026, 11, 30))


def test_prices_by_the_hour_stay_together() -> None:
    assert ways(price(), price(rates("0.5"), hours_utc="16:00-00:00")) == [("standard", "in_region", ("eu-1", "us-1"), ["1", "0.5"])]


def test_the_id_to_call_is_that_of_the_scope() -> None:
    one = offering(scopes=[scope("geo", platform_model_id="eu.atlas-v1"), scope("global")])
    found = list(alternatives(one, catalog(offerings=[one]), requirements(), ON))

    assert [way.platform_model_id for way in found] == ["eu.atlas-v1", "atlas-v1"]
    assert len({way.key for way in found}) == 2


def test_efforts_are_those_measured_at_the_task_or_the_one_asked_for() -> None:
    able = model(efforts=("low", "high"))
    measured = Derived(abilities={"chat": {able.id: abilities({able.id: 0.0}, effort="high").abilities["chat"][able.id] * 2}})
    assert efforts_of(able, catalog(derived=measured), requirements()) == ["high"]
    assert efforts_of(able, catalog(), requirements()) == (None,)
    assert efforts_of(able, catalog(), requirements(effort="low")) == ("low",)
    assert efforts_of(able, catalog(), requirements(effort="max")) == (None,)


# ---------------------------------------------------------------- workload, reasoning and speed


def test_the_task_says_what_the_user_does_not() -> None:
    load, assumed = workload(requirements(input_tokens=5000, cached_share=Decimal("0.5")), task())

    assert load == Workload(1_000, usage(input_tokens=5_000, cache_read_tokens=2_500, output_tokens=100))
    assert assumed == ("workload, typical for chat: 1,000 requests a month, 100 output tokens a request (typical)",)


def test_a_workload_that_is_stated_assumes_nothing() -> None:
    asked = requirements(requests_per_month=10, input_tokens=0, output_tokens=0, searches=3, image_size="1k")
    load, assumed = workload(asked, task(workload=TaskWorkload(requests_per_month=5, searches=1, why="typical")))

    assert assumed == ()
    assert load == Workload(10, usage(searches=3, image_size="1k"))


TOKENS = {"acme/a": {"low": 100.0, "high": 400.0}, "acme/b": {"low": 100.0, "high": 200.0}, "acme/c": {"medium": 50.0, "high": 10.0}}


@pytest.mark.parametrize(
    ("name", "effort", "ratio"),
    [
        ("acme/a", "high", 4.0),
        ("acme/a", "low", 1.0),
        ("acme/c", "high", 1.0),
        ("acme/new", "high", 3.0),
        ("acme/new", "low", 1.0),
        ("acme/new", "none", 1.0),
        ("acme/new", "max", 1.0),
    ],
)
def test_an_effort_takes_as_many_tokens_as_measured_else_the_median(name: str, effort: str, ratio: float) -> None:
    derived = Derived(effort_tokens=TOKENS, usual_effort_ratio={"high": 3.0})  # type: ignore[arg-type]  # written out above

    assert effort_ratio(derived, name, effort) == ratio  # type: ignore[arg-type]  # written out above


def test_reasoning_follows_the_effort_unless_the_user_says() -> None:
    told = catalog(derived=Derived(effort_tokens={"acme/atlas": {"low": 100.0, "high": 350.0}}))
    high = alternative(effort="high")

    def reasoning(way: Alternative, known: bool = False, tokens: int = 0) -> Decimal:
        load = Workload(1, usage(output_tokens=200, reasoning_tokens=tokens), reasoning_known=known)
        return load_at(load, way, told).usage.reasoning_tokens

    assert reasoning(high) == 500
    assert reasoning(alternative()) == 0
    assert reasoning(high, known=True, tokens=7) == 7


def test_the_estimate_counts_the_reasoning_of_its_effort_into_the_answer() -> None:
    timed = Speed(
        kind="measured",
        measured_on=date(2026, 11, 20),
        ttft_s=(Decimal(1), Decimal(2)),
        output_tokens_per_s=(Decimal(50), Decimal(100)),
        **SEEN,
    )
    calls = SpeedEvidence(calls={"atlas@nimbus": (Measured(low=2.0, high=5.0, basis="calls"),)})
    told = catalog(derived=Derived(effort_tokens={"acme/atlas": {"low": 100.0, "high": 600.0}}, speed=calls))
    load = Workload(1, usage(output_tokens=100))

    plain = estimate(alternative(offering(speed=(timed,))), load, told, requirements())
    high = estimate(alternative(offering(speed=(timed,)), "high"), load, told, requirements())

    assert plain.ttft_s is not None
    assert plain.answer_s is not None
    assert plain.call_s is not None
    assert high.ttft_s is not None
    assert high.answer_s is not None
    assert (plain.ttft_s.low, plain.ttft_s.high, plain.answer_s.low, plain.answer_s.high) == (1, 2, 1 + 1, 2 + 2)
    assert (high.ttft_s.low, high.ttft_s.high, high.answer_s.low, high.answer_s.high) == (1 + 5, 2 + 10, 1 + 6, 2 + 12)
    assert (plain.call_s.high, plain.call_s.basis, high.call_s) == (5.0, "calls", None)
    assert estimate(alternative(offering(speed=(timed,))), Workload(1, usage()), told, requirements()).answer_s is None


def test_an_unknown_cost_names_the_price_that_is_missing() -> None:
    found = estimate(sold(price(rates("1", None))), Workload(1, usage(output_tokens=1)), catalog(), requirements())

    assert (found.cost, found.cost_unknown) == (None, "the price of output is not in the catalog")
