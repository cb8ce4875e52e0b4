"""The data module of genai-prices is parsed, never run; its days, hours, variants and bounds become prices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fmselect.catalog.schema import Aliases
from fmselect.errors import InvalidInput
from fmselect.importers.findings import ANYWHERE, Findings
from fmselect.importers.genai_prices import read

MODULE = """\
import datetime
from decimal import Decimal
from .types import *

providers: list[Provider] = [
    Provider(
        id={provider!r},
        name='Acme',
        api_pattern='https://acme',
        models=[ModelInfo(id={model!r}, match=ClauseEquals(equals='atlas'), prices={prices}{more})],
    )
]
"""

DATED = (
    "[ConditionalPrice(prices=ModelPrice(input_mtok=Decimal('2'), output_mtok=Decimal('8'))),"
    " ConditionalPrice(constraint=StartDateConstraint(start_date=datetime.date(2027, 1, 1)),"
    " prices=ModelPrice(input_mtok=Decimal('4'), output_mtok=Decimal('16')))]"
)


def of(prices: str, more: str = "", provider: str = "acme", model: str = "atlas") -> Findings:
    text = MODULE.format(provider=provider, model=model, prices=prices, more=more and f", {more}")
    return read(text.encode(), Aliases(id="genai-prices", says="models", names={f"{provider}/{model}": "atlas-2@acme-api"}))


def told(findings: Findings) -> list[dict[str, Any]]:
    return [{**finding.facts, **finding.places} for finding in findings.found if finding.path == ("prices",)]


def one(prices: str, **more: Any) -> dict[str, Any]:
    (price,) = told(of(prices, **more))
    return price


def test_rates_and_what_is_not_by_the_token() -> None:
    price = one(
        "ModelPrice(input_mtok=Decimal('3'), output_mtok=Decimal('15.00'), cache_read_mtok=Decimal('0.3'), cache_write_1h_mtok=Decimal('6'),"
        " input_audio_mtok=Decimal('3'), web_searches_kcount=Decimal('10'), requests_kcount=Decimal('5'))"
    )

    assert price == {
        "tier": "standard",
        "usd_per_mtok": {"input": 3, "output": 15, "cache_read": Decimal("0.3"), "cache_write_1h": 6},
        "usd_per_request": Decimal("0.005"),
    }


@pytest.mark.parametrize(
    ("price", "said"),
    [
        ("audio_hours=Decimal('0.36')", {"usd_per_audio_minute": Decimal("0.006")}),
        ("input_document_kpages=Decimal('4')", {"usd_per_page": Decimal("0.004")}),
        ("input_mchars=Decimal('22')", {"usd_per_mchar": 22}),
    ],
)
def test_other_units(price: str, said: dict[str, Any]) -> None:
    assert one(f"ModelPrice({price})") == {"tier": "standard", **said}


def test_a_bound_of_199999_means_from_200000_on() -> None:
    tiers = "TieredPrices(base=Decimal('2'), tiers=[Tier(start={start}, price=Decimal('4'))])"

    above = one(f"ModelPrice(input_mtok={tiers.format(start=200000)})")["steps"]
    from_ = one(f"ModelPrice(input_mtok={tiers.format(start=199999)})")["steps"]

    assert above == ({"input_tokens": 200_000, "usd_per_mtok": {"input": 4}},)
    assert from_ == ({"input_tokens": 200_000, "inclusive": True, "usd_per_mtok": {"input": 4}},)


def test_days_become_periods() -> None:
    assert [(price["usd_per_mtok"]["input"], price.get("from_on"), price.get("until_on")) for price in told(of(DATED))] == [
        (2, None, date(2027, 1, 1)),
        (4, date(2027, 1, 1), None),
    ]


def test_prices_of_hours_stand_over_the_price_around_them() -> None:
    peak = (
        "ConditionalPrice(constraint=TimeOfDateConstraint(start_time=datetime.time({start}, tzinfo=datetime.UTC),"
        " end_time=datetime.time({end}, tzinfo=datetime.UTC)), prices=ModelPrice(input_mtok=Decimal('2')))"
    )
    day = "ConditionalPrice(prices=ModelPrice(input_mtok=Decimal('1')))"

    found = told(of(f"[{day}, {peak.format(start='1, 0', end='4, 0')}, {peak.format(start='16, 30', end='0, 30')}]"))

    assert [(price.get("hours_utc"), price["usd_per_mtok"]["input"]) for price in found] == [
        (None, 1),
        ("01:00-04:00", 2),
        ("16:30-00:30", 2),
    ]


def test_variants_are_tiers() -> None:
    more = (
        "price_variants=["
        "PriceVariant(when={'processing': 'batch'}, prices=ModelPrice(input_mtok=Decimal('1'))),"
        "PriceVariant(when={'service_tier': 'flex'}, prices=ModelPrice(input_mtok=Decimal('1.5'))),"
        "PriceVariant(when={'speed': 'fast'}, prices=ModelPrice(input_mtok=Decimal('9')))]"
    )
    findings = of("ModelPrice(input_mtok=Decimal('2'))", more)

    assert {price["tier"]: price["usd_per_mtok"]["input"] for price in told(findings)} == {
        "standard": 2,
        "batch": 1,
        "flex": Decimal("1.5"),
    }
    assert [finding.note for finding in findings.found] == [None, None, "processing batch", "service tier flex"]


def test_on_aws_the_name_tells_the_scope() -> None:
    def places(model: str) -> Any:
        return of("ModelPrice(input_mtok=Decimal('2'))", provider="aws", model=model).found[1].places

    assert places("global.acme.atlas") == {"scopes": ("global",)}
    assert places("acme.atlas") == {"scopes": ("in_region",), "regions": "us"}
    assert places("regional.acme.atlas")["regions"] == ANYWHERE
    assert {"in_region", "geo:eu"} <= set(places("regional.acme.atlas")["scopes"])
    assert of("ModelPrice()", provider="aws", model="global.acme.atlas").found[0].facts == {"platform_model_id": "acme.atlas"}


def test_what_an_image_model_puts_out_is_the_image_and_vectors_cost_nothing() -> None:
    rates = "ModelPrice(input_mtok=Decimal('2'), output_mtok=Decimal('8'))"

    assert one(rates, model="atlas-image")["usd_per_mtok"] == {"input": 2, "output_image": 8}
    assert one(rates, model="atlas-embed")["usd_per_mtok"] == {"input": 2}


def test_zero_is_left_out_and_told() -> None:
    findings = of("ModelPrice(input_mtok=Decimal('0'), output_mtok=Decimal('0'))")

    assert told(findings) == []
    assert findings.remarks == ("acme/atlas: standard: says 0, which may mean free or unknown: left out",)


def test_names_that_nobody_knows_are_told() -> None:
    text = MODULE.format(provider="acme", model="atlas", prices="ModelPrice()", more="")

    assert read(text.encode(), Aliases(id="genai-prices", says="models")).unmatched == ("acme/atlas",)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"x: int = 1",
        b"providers: list = []",
        b"providers: list = [Provider(id='a', models=[print('hi') or 1])]",
        b"providers: list = [Provider(id='a', models=[ModelInfo(id=1, prices=Decimal('x'))])]",
        b"providers: list = (",
        b"\x00",
    ],
)
def test_what_is_no_data_module_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match="is no data of genai-prices"):
        read(raw, Aliases(id="genai-prices", says="models"))
