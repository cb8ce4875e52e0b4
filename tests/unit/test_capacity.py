"""What is paid whether it is used or not: units, GPUs, and a tuned model."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from fmselect.billing import UnknownPrice
from fmselect.capacity import gpus_for_weights
from fmselect.catalog.catalog import Catalog
from fmselect.catalog.schema import Capacity, Offering, Parameters, Price, TuningPrice
from fmselect.estimates import Alternative, alternatives, estimate
from fmselect.requirements import Requirements
from fmselect.usage import Workload
from tests.builders import ON, SEEN, SOURCE, catalog, model, offering, platform, price, rates, requirements, scope, usage

D = Decimal


def capacity(**facts: Any) -> Capacity:
    """Return the units of the example that Microsoft works out for gpt-5.2 in a data zone, at 1.10 USD an hour."""
    made = {"unit": "PTU", "usd_per_unit_hour": D("1.1"), "units_min": 15, "units_step": 5, "tokens_per_minute": D(3_400)}
    return Capacity(**{**made, "output_weight": D(8), "cache_read_weight": D(0), **facts})


def bought(**facts: Any) -> Price:
    return Price(tier="provisioned", capacity=capacity(**facts), **SEEN)


def way(of: Offering, tier: str, wants: Requirements | None = None, within: Catalog | None = None) -> Alternative:
    found = alternatives(of, within or catalog(offerings=[of]), wants or requirements(), ON)
    return next(one for one in found if one.tier == tier)


def minutes(rpm: int, **used: int) -> Workload:
    """Return so many requests a minute."""
    return Workload(rpm * 60 * 730, usage(**used))


def cost(of: Alternative, load: Workload, wants: Requirements | None = None) -> Any:
    found = estimate(of, load, catalog(), wants or requirements())
    assert found.cost is not None, found.cost_unknown
    return found.cost


# ---------------------------------------------------------------- provisioned


@pytest.mark.parametrize(("cached", "needed", "units"), [(0, "105.88", 110), (100, "76.47", 80)])
def test_the_vendor_s_own_example_needs_as_many_units(cached: int, needed: str, units: int) -> None:
    """https://learn.microsoft.com/azure/foundry/openai/how-to/provisioned-throughput-sizing: 1,000 RPM of 200 in and 20 out."""
    of = way(offering(prices=[bought()]), "provisioned")
    found = cost(of, minutes(1_000, input_tokens=200, cache_read_tokens=cached, output_tokens=20))

    assert (found.capacity.units, f"{found.capacity.needed:.2f}") == (units, needed)
    assert found.usd_per_month == units * 730 * D("1.1")
    assert found.lines[0].rule.startswith(f"the busiest minute needs {needed} PTU, sold from 15 in steps of 5")
    assert (found.lines[0].per, found.lines[0].unit, found.lines[0].quantity) == ("month", "unit-hours", units * 730)


def test_a_small_load_takes_the_least_that_is_sold_and_a_peak_takes_more() -> None:
    of = way(offering(prices=[bought()]), "provisioned")
    small = minutes(1, input_tokens=200, output_tokens=20)

    assert cost(of, small).capacity.units == 15
    assert cost(of, replace(small, peak=D(200))).capacity.units == 25


def test_break_even_is_the_fee_over_what_the_same_costs_by_use() -> None:
    one = offering(prices=[price(rates("1.925", "15.4")), bought()])
    found = cost(way(one, "provisioned"), minutes(1_000, input_tokens=200, output_tokens=20))
    even = found.capacity.break_even

    by_use = (200 * D("1.925") + 20 * D("15.4")) / 1_000_000
    assert even.usd_per_request == by_use
    assert even.requests_per_month == 110 * 730 * D("1.1") / by_use
    # 110 units serve 110 x 3,400 / 360 = 1,038.9 requests a minute.
    assert even.utilization == even.requests_per_month / (110 * D(3_400) * 60 * 730 / 360)
    assert round(found.capacity.utilization, 4) == round(D(1_000) * 360 / (110 * 3_400), 4)
    assert even.where == "atlas@nimbus, standard, in_region"


def test_without_a_price_by_use_there_is_no_break_even() -> None:
    assert cost(way(offering(prices=[bought()]), "provisioned"), minutes(1, input_tokens=1)).capacity.break_even is None
    one = offering(prices=[price(usd_per_page=D(1)), bought()])
    assert cost(way(one, "provisioned"), minutes(1, input_tokens=1)).capacity.break_even is None


def test_a_commitment_is_its_own_alternative() -> None:
    committed = Price(tier="reserved", capacity=capacity(usd_per_unit_hour=None, usd_per_unit_month=D(260), commitment_months=1), **SEEN)
    longer = Price(tier="reserved", capacity=capacity(usd_per_unit_hour=None, usd_per_unit_month=D(221), commitment_months=12), **SEEN)
    one = offering(prices=[committed, longer])

    found = list(alternatives(one, catalog(offerings=[one]), requirements(), ON))
    load = minutes(1_000, input_tokens=200, output_tokens=20)

    assert [(each.tier, each.commitment_months) for each in found] == [("reserved", 1), ("reserved", 12)]
    assert [cost(each, load).usd_per_month for each in found] == [110 * 260, 110 * 221]
    assert "committed for 1 month" in cost(found[0], load).lines[0].rule
    assert "committed for 12 months" in cost(found[1], load).lines[0].rule
    assert len({each.key for each in found}) == 2


def test_a_discount_and_a_scope_count_for_capacity_too() -> None:
    one = offering(prices=[bought()], scopes=[scope("geo", price_multiplier=D("1.1"))])
    found = cost(way(one, "provisioned"), minutes(1, input_tokens=200), requirements(discount={"nimbus": D(10)}))

    assert found.usd_per_month == 15 * 730 * D("1.1") * D("1.1") * D("0.9")
    assert found.lines[0].rule.endswith("geo:eu costs x1.1; less 10% discount")


@pytest.mark.parametrize(
    ("card", "load", "said"),
    [
        (bought(tokens_per_minute=None), minutes(1, input_tokens=1), "nobody publishes how many tokens a PTU serves"),
        (bought(longest_input_tokens=128_000), minutes(1, input_tokens=128_001), "provisioned capacity takes requests of at most 128,000 input tokens"),
        (bought(), minutes(1, pages=1), "the workload uses no tokens, which is what the capacity is sold for"),
    ],
)  # fmt: skip
def test_what_nobody_says_of_capacity_is_an_unknown_cost(card: Price, load: Workload, said: str) -> None:
    found = estimate(way(offering(prices=[card]), "provisioned"), load, catalog(), requirements())

    assert (found.cost, found.cost_unknown) == (None, said)


def test_a_price_of_a_tier_of_capacity_without_capacity_is_billed_by_use() -> None:
    one = offering(prices=[price(rates("3"), tier="reserved")])

    assert cost(way(one, "reserved"), Workload(1, usage(input_tokens=1_000_000))).usd_per_request == 3


# ---------------------------------------------------------------- machines of one's own

BIG = model(parameters=Parameters(total_billion=D(70), **SEEN))
OWN = platform("own", kind="self-hosted")
SOLD = offering(prices=[price(rates("0.7", "0.7"))])
HELD = offering(platform_id="own", prices=[])
BOTH = catalog(models=[BIG], platforms=[platform(), OWN], offerings=[SOLD, HELD])


@pytest.mark.parametrize(
    ("precision", "gpu", "count"),
    [("bf16", "g80", 2), ("fp8", "g80", 1), ("int4", "g24", 2), ("fp32", "g80", 4), ("bf16", "g24", 6)],
)
def test_as_many_gpus_as_hold_the_weights(precision: Any, gpu: str, count: int) -> None:
    """70 billion weights take 140 GB in 16 bits, 70 GB in 8, 35 GB in 4 and 280 GB in 32."""
    assert gpus_for_weights(BIG, precision, BOTH.vocabulary.gpus.terms[gpu]) == count


def hosted(load: Workload, **said: Any) -> Any:
    wants = requirements(**{"gpu": "g80", "gpu_tokens_per_s": D(400), "precision": "fp8", **said})
    return estimate(way(HELD, "standard", wants, BOTH), load, BOTH, wants)


def test_gpus_are_paid_around_the_clock_in_whole_copies_of_the_model() -> None:
    load = minutes(120, input_tokens=5_000, output_tokens=500)  # 2 requests, so 1,000 tokens a second
    found = hosted(load, precision="bf16", gpu_load=D("0.8")).cost

    assert (found.capacity.units, found.capacity.needed) == (4, D("3.125"))
    assert found.usd_per_month == 4 * 730 * 4
    assert found.lines[0].source == SOURCE
    assert (
        found.lines[0].rule
        == "the busiest minute needs 3.12 at a load of 80%; the weights in bf16 need 2 of 80 GB; as rented out by Nimbus"
    )
    assert found.capacity.utilization == D(1_000) / 1_600


def test_a_rate_of_one_s_own_goes_before_a_rent() -> None:
    found = hosted(minutes(1, output_tokens=1), gpu_usd_per_hour=D("2.5")).cost

    assert (found.usd_per_month, found.capacity.units) == (730 * D("2.5"), 1)
    assert found.lines[0].rule.endswith("; at your rate")


def test_self_hosting_breaks_even_against_the_cheapest_place_where_the_model_is_sold_by_use() -> None:
    even = hosted(minutes(60, input_tokens=5_000, output_tokens=500)).cost.capacity.break_even

    assert even.where == "atlas@nimbus, standard, in_region"
    assert even.usd_per_request == D("5500") * D("0.7") / 1_000_000
    assert even.requests_per_month == hosted(minutes(60, input_tokens=5_000, output_tokens=500)).cost.usd_per_month / even.usd_per_request


def test_where_nothing_is_written_the_speed_is_that_of_reading() -> None:
    assert hosted(minutes(60, input_tokens=800)).cost.capacity.units == 2


@pytest.mark.parametrize(
    ("load", "said", "unknown"),
    [
        (minutes(1, output_tokens=1), {"gpu": None, "gpu_tokens_per_s": None}, "what your own machines cost depends on them: say --gpu and --gpu-tokens-per-s"),
        (minutes(1, output_tokens=1), {"gpu_tokens_per_s": None}, "what your own machines cost depends on them: say --gpu-tokens-per-s"),
        (minutes(1, output_tokens=1), {"gpu": "g24"}, "what an hour of G24 costs is not in the catalog: say --gpu-usd-per-hour"),
        (minutes(1, pages=1), {}, "the workload uses no tokens, which is what the speed of a GPU is given in"),
    ],
)  # fmt: skip
def test_what_is_not_said_of_the_machines_is_an_unknown_cost(load: Workload, said: dict[str, Any], unknown: str) -> None:
    found = hosted(load, **said)

    assert (found.cost, found.cost_unknown) == (None, unknown)


def test_how_large_a_model_is_must_be_known() -> None:
    with pytest.raises(UnknownPrice, match="how many parameters Atlas has is not in the catalog"):
        gpus_for_weights(model(), "bf16", BOTH.vocabulary.gpus.terms["g80"])


# ---------------------------------------------------------------- a tuned model


def tuning(**facts: Any) -> TuningPrice:
    made = {"method": "fine-tuning", "usd_per_training_mtok": D(25), "usd_per_hosting_hour": D("1.7"), "usd_per_mtok": rates("2", "8")}
    return TuningPrice(**{**made, **SEEN, **facts})


def tuned(of: Offering, **said: Any) -> Any:
    wants = requirements(training_tokens=2_000_000, **said)
    return estimate(way(of, "standard", wants), Workload(1_000, usage(input_tokens=1_000, output_tokens=100)), catalog(), wants)


def test_training_is_paid_once_and_hosting_every_month() -> None:
    found = tuned(offering(tuning=(tuning(usd_per_storage_month=D(2)),)), epochs=3).cost

    assert found.usd_once == 6 * 25
    assert found.once[0].rule == "2,000,000 tokens x 3 epochs"
    assert {line.what: line.usd_per_month for line in found.lines} == {
        "input": D(2), "output": D("0.8"), "hosting x 730 h": D("1241"), "storage": D(2),
    }  # fmt: skip
    assert found.usd_per_month == D("1245.8")
    assert found.usd_per_request * 1_000 == found.usd_per_month


def test_a_discount_counts_for_tuning_too() -> None:
    found = tuned(offering(tuning=(tuning(),)), discount={"nimbus": D(50)}).cost

    assert (found.usd_once, found.usd_per_month) == (25, D("621.9"))
    assert found.once[0].rule == "2,000,000 tokens, once through; less 50% discount"


@pytest.mark.parametrize(
    ("sold", "said", "unknown"),
    [
        ((), {}, "the catalog has no price for tuning atlas@nimbus (standard, in_region)"),
        ((tuning(scopes=("global",)),), {}, "the catalog has no price for tuning atlas@nimbus (standard, in_region)"),
        ((tuning(),), {"customization": ("distillation",)}, "the catalog has no price for tuning atlas@nimbus (standard, in_region)"),
        ((tuning(usd_per_training_mtok=None, usd_per_training_hour=D(100)),), {}, "the price of training per token is not in the catalog"),
        ((tuning(usd_per_mtok=None),), {}, "the price per token of the tuned model is not in the catalog"),
    ],
)
def test_a_price_that_tuning_needs_and_nobody_says_is_unknown(sold: tuple[TuningPrice, ...], said: dict[str, Any], unknown: str) -> None:
    found = tuned(offering(tuning=sold), **said)

    assert (found.cost, found.cost_unknown) == (None, unknown)
