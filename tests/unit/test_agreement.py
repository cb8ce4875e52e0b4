"""Two price lists, rate by rate: what both say is compared with ours, and what they do not say alike is settled or open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from fmselect.catalog.schema import Aliases, Offering
from fmselect.importers.agreement import Agreement, agreement, paired, told
from fmselect.importers.findings import Finding
from fmselect.importers.merging import Owner
from tests.builders import ON

SOURCED = {"source": "https://nimbus.example", "checked": ON}

OWNERS = (Owner("litellm", ("https://pypi.org/project/litellm/",)), Owner("genai-prices", ("https://pypi.org/project/genai-prices/",)))
NAMES = ("litellm", "genai-prices")


def found(rates: dict[str, Any], entry: str = "atlas-2@nimbus", places: Any = None, **facts: Any) -> Finding:
    return Finding(f"offerings/{entry}", ("prices",), {"tier": "standard", "usd_per_mtok": rates, **facts}, ("atlas",), places=places or {})


def priced(*prices: dict[str, Any], **more: Any) -> dict[str, Offering]:
    sold = {"id": "atlas-2@nimbus", "model": "acme/atlas-2", "platform": "nimbus", "sale": {**SOURCED, "platform_model_id": "atlas"}}
    told_ = [{**SOURCED, "tier": "standard", **price} for price in prices]
    return {"atlas-2@nimbus": Offering.model_validate({**sold, "prices": told_, **more}, strict=False)}


def compared(ours: Any, one: Finding, other: Finding, on: date = ON) -> Agreement:
    return agreement(ours, [one], [other], OWNERS, on)


def test_what_both_lists_say_is_ours_or_different() -> None:
    ours = priced({"usd_per_mtok": {"input": 3, "output": 16}})

    result = compared(ours, found({"input": 3, "output": 15, "cache_read": 1}), found({"input": 3, "output": 15, "reasoning": 9}))

    assert [(cell.place, cell.agreed, cell.equal) for cell in result.carried] == [
        ("standard usd_per_mtok.input", True, True),
        ("standard usd_per_mtok.output", True, False),
    ]
    assert [told(cell, NAMES) for cell in result.different] == ["atlas-2@nimbus: standard usd_per_mtok.output: ours 16, both lists 15"]


def test_a_disagreement_is_open_until_the_entry_records_it() -> None:
    conflict = {"field": "usd_per_mtok.input", "value": "4", "source": "genai-prices 0.2.3", "reason": "the page says 3"}
    lists = found({"input": 3}), found({"input": 4})

    open_ = compared(priced({"usd_per_mtok": {"input": 3}}), *lists)
    settled = compared(priced({"usd_per_mtok": {"input": 3}, "conflicts": [conflict]}), *lists)

    assert [told(cell, NAMES) for cell in open_.open] == ["atlas-2@nimbus: standard usd_per_mtok.input: ours 3, litellm 3, genai-prices 4"]
    assert (settled.open, len(settled.carried)) == ((), 1)


def test_steps_and_prices_by_the_piece_are_compared() -> None:
    step = {"input_tokens": 200_000, "usd_per_mtok": {"input": 6}}
    ours = priced({"usd_per_mtok": {"input": 3}, "steps": [step], "usd_per_image": {"default": 1}, "usd_per_page": 2})
    finding = found({"input": 3}, steps=(step,), usd_per_image={"default": Decimal(1)}, usd_per_page=Decimal(2), usd_per_request=Decimal(3))

    result = compared(ours, finding, finding)

    assert {cell.place: cell.ours for cell in result.carried} == {
        "standard above 200,000 input": 6,
        "standard usd_per_image.default": 1,
        "standard usd_per_mtok.input": 3,
        "standard usd_per_page": 2,
        "standard usd_per_request": None,
    }


def test_a_step_that_we_do_not_have_is_different() -> None:
    finding = found({"input": 3}, steps=({"input_tokens": 5, "usd_per_mtok": {"input": 6}},))

    assert len(compared(priced({"usd_per_mtok": {"input": 3}}), finding, finding).different) == 1


def test_what_has_ended_or_is_not_carried_is_counted_apart() -> None:
    lists = found({"input": 3}), found({"input": 3})
    life = {**SOURCED, "stage": "legacy", "retires_on": ON}

    assert len(compared(priced(lifecycle=life), *lists).ended) == 1
    assert len(compared({}, *lists).elsewhere) == 1


def test_a_scope_is_compared_with_the_price_of_that_scope() -> None:
    scopes = [{**SOURCED, "scope": "global"}, {**SOURCED, "scope": "in_region", "regions": ["us-gov-1"]}]
    ours = priced({"usd_per_mtok": {"input": 3}, "scopes": ["global"]}, {"usd_per_mtok": {"input": 9}}, scopes=scopes)

    def kinds(scope: str) -> Any:
        finding = found({"input": 3}, places={"scopes": (scope,)})
        result = compared(ours, finding, finding)
        return [cell.ours for cell in result.carried], len(result.elsewhere)

    assert kinds("global") == ([3], 0)
    assert kinds("geo:eu") == ([], 1)
    assert kinds("in_region") == ([], 1)  # only for a government


def test_of_regional_prices_that_of_the_us_is_compared() -> None:
    scopes = [{**SOURCED, "scope": "in_region", "regions": ["eu-1", "us-1", "us-gov-1"]}]
    prices = [{"usd_per_mtok": {"input": usd}, "regions": [region]} for usd, region in ((9, "us-gov-1"), (5, "eu-1"), (3, "us-1"))]
    finding = found({"input": 3}, places={"scopes": ("in_region",), "regions": "us"})

    assert [cell.ours for cell in compared(priced(*prices, scopes=scopes), finding, finding).carried] == [3]


def test_a_list_that_tells_no_scope_means_the_one_without_a_region() -> None:
    scopes = [{**SOURCED, "scope": "global"}]

    result = compared(
        priced({"usd_per_mtok": {"input": 3}}, scopes=scopes), found({"input": 3}, places={"scopes": ("global",)}), found({"input": 3})
    )

    assert [cell.place for cell in result.carried] == ["standard global usd_per_mtok.input"]


def test_the_prices_of_the_day_are_compared() -> None:
    start = date(2027, 1, 1)
    ours = priced({"usd_per_mtok": {"input": 3}, "until_on": start}, {"usd_per_mtok": {"input": 6}, "from_on": start})
    one = [found({"input": 3}, places={"until_on": start}), found({"input": 6}, places={"from_on": start})]

    for day, usd in ((ON, 3), (start, 6)):
        (cell,) = agreement(ours, one, one, OWNERS, day).carried
        assert (cell.one, cell.ours) == (Decimal(usd), Decimal(usd))


def test_prices_of_hours_and_single_regions_are_left_out() -> None:
    for finding in (found({"input": 3}, hours_utc="00:00-01:00"), found({"input": 3}, places={"regions": ("eu-1",)})):
        assert compared({}, finding, finding) == Agreement((), (), ())


def test_names_pair_letter_by_letter_behind_the_providers_prefix() -> None:
    litellm = Aliases(id="litellm", says="rows", names={"gpt-1": "gpt-1@openai-api"})
    genai = Aliases(id="genai-prices", says="models", names={"openai/gpt-1": "gpt-1@openai-api"})
    rows = frozenset({"gpt-1", "gpt-2", "mistral/large", "x"})
    models = frozenset({"openai/gpt-1", "openai/gpt-2", "mistral/large", "mistral/Large", "unknown/x"})

    one, other = paired(litellm, genai, rows, models)

    assert set(one.names) == {"gpt-1", "gpt-2", "mistral/large"}
    assert set(other.names) == {"openai/gpt-1", "openai/gpt-2", "mistral/large"}
    assert one.names["mistral/large"] == other.names["mistral/large"]
    assert other.names["openai/gpt-2"].endswith("@openai-api")
