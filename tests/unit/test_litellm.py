"""Rows of LiteLLM's price map become prices; what a row does not say is left out, never guessed."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fmselect.catalog.schema import Aliases
from fmselect.errors import InvalidInput
from fmselect.importers.findings import Finding, Findings
from fmselect.importers.litellm import read

CHAT = {"mode": "chat", "input_cost_per_token": 3e-6, "output_cost_per_token": 15e-6}


def of(rows: dict[str, Any], ignored: dict[str, str] | None = None, offering: str = "atlas-2@acme-api", **names: str) -> Findings:
    table = Aliases(id="litellm", says="rows", names=names or dict.fromkeys(rows, offering), ignored=ignored or {})
    return read(json.dumps({"sample_spec": {"mode": "one of"}, **rows}).encode(), table)


def prices(findings: Findings) -> list[dict[str, Any]]:
    return [{**finding.facts, **finding.places} for finding in findings.found if finding.path == ("prices",)]


def one(row: dict[str, Any], **more: Any) -> dict[str, Any]:
    (price,) = prices(of({"atlas": {**row, **more}}))
    return price


def group(findings: Findings, name: str) -> Finding:
    return next(finding for finding in findings.found if finding.path == (name,))


def test_rates_come_by_tier_in_usd_per_million_tokens() -> None:
    row = {
        **CHAT,
        "cache_read_input_token_cost": 3e-7,
        "cache_creation_input_token_cost": 3.75e-6,
        "cache_creation_input_token_cost_above_1hr": 6e-6,
        "input_cost_per_token_batches": 1.5e-6,
        "output_cost_per_token_batches": 7.5e-6,
        "input_cost_per_token_flex": 1.5e-6,
        "output_cost_per_token_flex": 7.5e-6,
        "input_cost_per_token_priority": 6e-6,
        "output_cost_per_token_priority": 30e-6,
    }

    found = prices(of({"atlas": row}))

    assert [price["tier"] for price in found] == ["standard", "priority", "flex", "batch"]
    assert found[0]["usd_per_mtok"] == {
        "input": 3, "output": 15, "cache_read": Decimal("0.3"), "cache_write": Decimal("3.75"), "cache_write_1h": 6,
    }  # fmt: skip
    assert found[3]["usd_per_mtok"] == {"input": Decimal("1.5"), "output": Decimal("7.5")}


def test_long_context_is_a_step() -> None:
    more = {"input_cost_per_token_above_200k_tokens": 6e-6, "output_cost_per_token_above_200k_tokens": 22.5e-6}

    assert one(CHAT, **more)["steps"] == ({"input_tokens": 200_000, "usd_per_mtok": {"input": 6, "output": Decimal("22.5")}},)


def test_a_write_rate_that_only_a_step_has_is_the_price_of_storing() -> None:
    more = {"input_cost_per_token_above_200k_tokens": 6e-6, "cache_creation_input_token_cost_above_200k_tokens": 2.5e-7}

    assert one(CHAT, **more)["steps"] == ({"input_tokens": 200_000, "usd_per_mtok": {"input": 6}},)


def test_brackets_of_input_are_steps() -> None:
    brackets = [
        {"range": [0, 32000.0], "input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6, "output_cost_per_reasoning_token": 4e-6},
        {"range": [32000.0, 128000.0], "input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6},
    ]

    price = one({"mode": "chat", "tiered_pricing": brackets})

    assert price["usd_per_mtok"] == {"input": 1, "output": 4}
    assert price["steps"] == ({"input_tokens": 32_000, "usd_per_mtok": {"input": 2, "output": 8}},)


def test_hours_of_working_days_have_prices_of_their_own() -> None:
    off = {"input_cost_per_token": 1e-6, "windows": [{"hours_utc": ["00:00-01:00", "10:00-00:00"], "weekdays": [1, 2, 3, 4, 5]}]}

    found = prices(of({"atlas": {**CHAT, "off_peak_pricing": off}}))

    assert [(price.get("hours_utc"), price.get("weekdays"), price["usd_per_mtok"]["input"]) for price in found] == [
        ("01:00-10:00", "mon-fri", 3),
        (None, None, 1),
    ]


def test_hours_of_every_day_name_no_days() -> None:
    off = {"input_cost_per_token": 1e-6, "windows": [{"hours_utc": ["00:00-01:00", "10:00-00:00"], "weekdays": [1, 2, 3, 4, 5, 6, 7]}]}

    assert "weekdays" not in prices(of({"atlas": {**CHAT, "off_peak_pricing": off}}))[0]


def test_zero_means_that_nobody_filled_it_in() -> None:
    assert prices(of({"atlas": {"mode": "chat", "input_cost_per_token": 0.0, "output_cost_per_token": 0.0}})) == []


def test_a_rate_that_repeats_another_says_nothing() -> None:
    more = {"output_cost_per_reasoning_token": 15e-6, "input_cost_per_image_token": 3e-6, "input_cost_per_audio_token": 9e-6}

    assert one(CHAT, **more)["usd_per_mtok"] == {"input": 3, "output": 15, "input_audio": 9}


def test_a_tier_with_half_of_its_rates_is_left_out_and_told() -> None:
    findings = of({"atlas": {**CHAT, "input_cost_per_token_flex": 1e-6}})

    assert [price["tier"] for price in prices(findings)] == ["standard"]
    assert findings.remarks == ("atlas: flex: has no rate for output: left out",)


def test_a_cache_write_below_the_input_rate_is_left_out_and_told() -> None:
    findings = of({"atlas": {**CHAT, "cache_creation_input_token_cost": 1.5e-6}})

    assert prices(findings)[0]["usd_per_mtok"] == {"input": 3, "output": 15}
    assert findings.remarks == ("atlas: standard: cache_write 1.5 is below the input rate: taken for a rate of reading, left out",)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"mode": "image_generation", "output_cost_per_image": 0.04}, {"usd_per_image": {"default": Decimal("0.04")}}),
        ({"mode": "image_generation", "input_cost_per_image": 0.06}, {"usd_per_image": {"default": Decimal("0.06")}}),
        ({"mode": "embedding", "input_cost_per_image": 0.0001}, {"usd_per_input_image": Decimal("0.0001")}),
        ({"mode": "audio_transcription", "input_cost_per_second": 0.0001}, {"usd_per_audio_minute": Decimal("0.006")}),
        (
            {"mode": "audio_transcription", "input_cost_per_second": 7.167e-5, "metadata": {"original_pricing_per_minute": 0.0043}},
            {"usd_per_audio_minute": Decimal("0.0043")},
        ),
        ({"mode": "audio_speech", "input_cost_per_character": 1.5e-5}, {"usd_per_mchar": Decimal(15)}),
        ({"mode": "rerank", "input_cost_per_query": 0.002, "input_cost_per_token": 0.0}, {"usd_per_search": Decimal("0.002")}),
        ({"mode": "ocr", "ocr_cost_per_page": 0.004}, {"usd_per_page": Decimal("0.004")}),
        (
            {"mode": "video_generation", "output_cost_per_second": 0.4, "output_cost_per_second_4k": 0.6},
            {"usd_per_video_second": {"default": Decimal("0.4"), "4k": Decimal("0.6")}},
        ),
        (
            {"mode": "video_generation", "output_cost_per_second": 0.1, "output_cost_per_second_720p": 0.1, "output_cost_per_second_1080p": 0.2},
            {"usd_per_video_second": {"720p": Decimal("0.1"), "1080p": Decimal("0.2")}},
        ),
    ],
)  # fmt: skip
def test_what_is_not_billed_by_the_token(row: dict[str, Any], said: dict[str, Any]) -> None:
    assert one(row) == {"tier": "standard", **said}


def test_pages_have_a_batch_price() -> None:
    found = prices(of({"atlas": {"mode": "ocr", "ocr_cost_per_page": 0.004, "ocr_cost_per_page_batches": 0.002}}))

    assert found[1] == {"tier": "batch", "usd_per_page": Decimal("0.002")}


def test_nothing_is_billed_twice_by_token_and_by_piece() -> None:
    image = {"mode": "image_generation", "input_cost_per_token": 5e-6, "output_cost_per_image": 0.04, "output_cost_per_image_token": 4e-5}
    heard = {"mode": "audio_transcription", "input_cost_per_token": 2e-6, "output_cost_per_token": 1e-5, "input_cost_per_second": 1e-4}
    spoken = {"mode": "audio_speech", "input_cost_per_token": 6e-7, "output_cost_per_token": 1e-5, "output_cost_per_second": 2.5e-4}

    assert one(image, input_cost_per_token_batches=2e-6) == {
        "tier": "standard", "usd_per_mtok": {"input": 5}, "usd_per_image": {"default": Decimal("0.04")},
    }  # fmt: skip
    assert one(heard) == {"tier": "standard", "usd_per_audio_minute": Decimal("0.006")}
    assert one(spoken) == {"tier": "standard", "usd_per_mtok": {"input": Decimal("0.6")}, "usd_per_audio_minute": Decimal("0.015")}


def test_rows_of_qualities_and_sizes_join_their_model() -> None:
    rows = {
        "atlas-image": {"mode": "image_generation", "input_cost_per_token": 5e-6, "output_cost_per_image_token": 3e-5},
        "high/1024-x-1024/atlas-image": {"mode": "image_generation", "input_cost_per_image": 0.2},
        "low/1024-x-1024/atlas-image": {"mode": "image_generation", "input_cost_per_image": 0.01},
    }

    (price,) = prices(of(rows))

    assert price["usd_per_image"] == {"low/1024x1024": Decimal("0.01"), "high/1024x1024": Decimal("0.2")}
    assert price["usd_per_mtok"] == {"input": 5}


def bedrock(**rows: Any) -> list[tuple[tuple[str, ...], Any, Any]]:
    findings = of({name.replace("__", "/").replace("_", "."): row for name, row in rows.items()}, offering="atlas-2@amazon-bedrock")
    return [(f.names, f.places.get("scopes"), f.places.get("regions")) for f in findings.found if f.path == ("prices",)]


def test_rows_of_the_same_rates_are_one_price_of_many_scopes() -> None:
    dear = {**CHAT, "input_cost_per_token": 3.3e-6}

    assert bedrock(us_acme_atlas=dear, eu_acme_atlas=dear, global_acme_atlas=CHAT) == [
        (("eu.acme.atlas", "us.acme.atlas"), ("geo:eu", "geo:us"), None),
        (("global.acme.atlas",), ("global",), None),
    ]


def test_rows_of_regions_are_prices_in_these_regions() -> None:
    assert bedrock(**{"bedrock__eu-1__acme_atlas": CHAT, "bedrock__us-1__acme_atlas": CHAT}) == [
        (("bedrock/eu-1/acme.atlas", "bedrock/us-1/acme.atlas"), ("in_region",), ("eu-1", "us-1")),
    ]


def test_a_row_without_region_is_taken_for_the_us_unless_it_repeats_the_global_price() -> None:
    assert bedrock(acme_atlas=CHAT) == [(("acme.atlas",), ("in_region",), "us")]
    assert bedrock(acme_atlas=CHAT, global_acme_atlas=CHAT) == [(("global.acme.atlas",), ("global",), None)]


@pytest.mark.parametrize(
    ("name", "scopes"),
    [("azure/atlas", ("global",)), ("azure/global/atlas", ("global",)), ("azure/eu/atlas", ("geo:eu",)), ("azure_ai/atlas", None)],
)
def test_azure_tells_the_scope_in_the_name(name: str, scopes: Any) -> None:
    found = of({name: CHAT}, offering="atlas@azure-foundry")

    assert group(found, "prices").places.get("scopes") == scopes
    assert group(found, "sale").facts == {"platform_model_id": "atlas"}


def test_azure_government_is_a_region() -> None:
    places = group(of({"azure/us-gov/atlas": CHAT}, offering="atlas@azure-foundry"), "prices").places

    assert places == {"scopes": ("in_region",), "regions": ("usgovarizona", "usgovvirginia")}


def test_the_life_has_the_end_date() -> None:
    ends = {**CHAT, "deprecation_date": "2027-03-30"}

    assert group(of({"atlas": ends}), "lifecycle").facts == {"retires_on": date(2027, 3, 30)}
    preview = group(of({"gemini/atlas-preview": ends}, offering="atlas@gemini-api"), "lifecycle")
    assert (preview.facts, preview.places) == ({"retires_not_before": date(2027, 3, 30)}, {"stage": "preview"})
    assert (group(of({"atlas": CHAT}), "lifecycle").facts, group(of({"atlas": CHAT}), "lifecycle").places) == ({}, {"stage": "ga"})


def test_the_sale_names_the_platforms_own_id() -> None:
    assert group(of({"us.acme.atlas-v1:0": CHAT}, offering="a@amazon-bedrock"), "sale").facts == {"platform_model_id": "acme.atlas-v1:0"}
    assert group(of({"together_ai/acme/Atlas": CHAT}, offering="a@together"), "sale").facts == {"platform_model_id": "acme/Atlas"}


def test_names_in_neither_list_are_told() -> None:
    findings = of({"atlas": CHAT, "router": CHAT, "new": CHAT}, {"router": "picks a model"}, atlas="atlas-2@acme-api")

    assert findings.unmatched == ("new",)
    assert findings.names == {"atlas", "router", "new"}
    assert {finding.entry for finding in findings.found} == {"offerings/atlas-2@acme-api"}


@pytest.mark.parametrize("raw", [b"", b"[]", b'{"a": 1}', b"\xff"])
def test_what_is_no_price_map_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match="is no price map of LiteLLM"):
        read(raw, Aliases(id="litellm", says="rows"))


def test_the_developers_own_row_tells_of_the_model_what_nobody_else_has_told() -> None:
    row = {
        **CHAT,
        "max_input_tokens": 200_000,
        "max_output_tokens": 0,
        "supports_vision": True,
        "supports_audio_input": False,
        "supports_function_calling": True,
        "supports_tool_choice": True,
        "supports_reasoning": False,
    }

    findings = of({"atlas": row}, offering="gpt-9@openai-api")

    told = {finding.path[0]: finding.facts for finding in findings.found if finding.entry == "models/openai/gpt-9"}
    assert told == {
        "modalities": {"input": ("text", "image"), "output": ("text",)},
        "limits": {"context_tokens": 200_000},
        "features": {"supported": ("tools", "tool-choice"), "unsupported": ("reasoning",)},
    }
    assert all(finding.fills for finding in findings.found if finding.entry.startswith("models/"))


@pytest.mark.parametrize(
    ("row", "offering"),
    [(CHAT, "gpt-9@azure-foundry"), ({"mode": "image_generation", "output_cost_per_image": 1}, "gpt-image-9@openai-api")],
)
def test_what_a_host_offers_or_what_does_not_talk_tells_nothing_of_the_model(row: dict[str, Any], offering: str) -> None:
    assert {finding.entry for finding in of({"atlas": row}, offering=offering).found} == {f"offerings/{offering}"}


def test_a_flag_that_a_parameter_is_passed_on_is_no_feature() -> None:
    findings = of({"atlas": {**CHAT, "supports_tool_choice": True}}, offering="gpt-9@openai-api")

    assert not [finding for finding in findings.found if finding.path == ("features",)]


def test_numbers_of_platforms_that_sell_in_euros_are_only_compared() -> None:
    findings = of({"scaleway/atlas": CHAT}, offering="atlas@scaleway")

    assert not group(findings, "prices").adds
    assert findings.remarks == ("scaleway/atlas: seems to give euros as if they were dollars: no price taken",)


def test_binary_noise_is_left_out() -> None:
    assert one({**CHAT, "input_cost_per_token": 8.900000000000001e-07})["usd_per_mtok"]["input"] == Decimal("0.89")


def test_vectors_and_scores_are_not_billed() -> None:
    row = {"mode": "rerank", "input_cost_per_token": 1e-8, "output_cost_per_token": 1e-8}

    assert one(row)["usd_per_mtok"] == {"input": Decimal("0.01")}
    assert one({**row, "mode": "embedding"})["usd_per_mtok"] == {"input": Decimal("0.01")}


def test_a_batch_price_without_what_is_made_is_left_out() -> None:
    row = {"mode": "audio_speech", "input_cost_per_token": 1e-6, "output_cost_per_audio_token": 2e-5, "input_cost_per_token_batches": 5e-7}

    findings = of({"atlas": row})

    assert [price["tier"] for price in prices(findings)] == ["standard"]
    assert findings.remarks == ("atlas: batch: has no rate for output_audio: left out",)


def test_no_realtime_model_makes_video() -> None:
    row = {**CHAT, "mode": "realtime", "output_cost_per_video_token": 1e-6}

    assert "output_video" not in one(row)["usd_per_mtok"]


def test_a_row_of_one_region_of_the_mantle_endpoint() -> None:
    findings = of({"bedrock_mantle/us-gov-1/acme.atlas": CHAT}, offering="atlas-2@amazon-bedrock")

    assert group(findings, "prices").places == {"scopes": ("in_region",), "regions": ("us-gov-1",)}
