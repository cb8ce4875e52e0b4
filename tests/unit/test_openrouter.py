"""OpenRouter's list gives its own prices; what it says of models is only compared."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from fmselect.catalog.schema import Aliases
from fmselect.errors import InvalidInput
from fmselect.importers.findings import Finding, Findings
from fmselect.importers.openrouter import read

ROW: dict[str, Any] = {
    "id": "acme/atlas-2",
    "name": "Acme: Atlas 2",
    "context_length": 200000,
    "architecture": {"input_modalities": ["text", "file", "smell"], "output_modalities": ["text"]},
    "pricing": {
        "prompt": "0.000003",
        "completion": "0.000015",
        "request": "0",
        "input_cache_read": "0.0000003",
        "internal_reasoning": "0.000015",
    },
    "top_provider": {"context_length": 200000, "max_completion_tokens": 64000},
}


def of(target: str = "acme/atlas-2", **change: Any) -> Findings:
    raw = json.dumps({"data": [{**ROW, **change}]}).encode()
    return read(raw, Aliases(id="openrouter", says="ids", names={"acme/atlas-2": target}))


def groups(findings: Findings) -> dict[str, Finding]:
    return {f"{finding.entry} {'.'.join(finding.path)}": finding for finding in findings.found}


def test_a_model_of_ours_is_an_offering_of_openrouter() -> None:
    found = groups(of())

    assert found["offerings/atlas-2@openrouter prices"].facts == {
        "tier": "standard", "usd_per_mtok": {"input": 3, "output": 15, "cache_read": Decimal("0.3")},
    }  # fmt: skip
    assert found["offerings/atlas-2@openrouter sale"].facts == {"platform_model_id": "acme/atlas-2"}


def test_what_it_says_of_the_model_is_only_compared() -> None:
    found = groups(of())

    assert found["models/acme/atlas-2 limits"].facts == {"context_tokens": 200_000, "output_tokens": 64_000}
    assert found["models/acme/atlas-2 modalities"].facts == {"input": ("text", "document"), "output": ("text",)}
    assert not found["models/acme/atlas-2 limits"].adds


def test_a_name_can_mean_an_offering() -> None:
    assert {finding.entry for finding in of("atlas-2@my-router").found} == {"offerings/atlas-2@my-router"}


def test_what_is_not_said_is_left_out() -> None:
    assert [finding.path for finding in of(architecture=None, top_provider=None, context_length=None, pricing=None).found] == [
        ("sale",),
        ("lifecycle",),
    ]


@pytest.mark.parametrize(
    ("pricing", "remark"),
    [
        ({"prompt": "-1", "completion": "-1"}, "acme/atlas-2: has a price below zero, as routers that pick a model do: left out"),
        ({"prompt": "0", "completion": "0"}, "acme/atlas-2: says 0, which may mean free or unknown: left out"),
    ],
)
def test_a_price_that_is_none_is_left_out_and_told(pricing: Any, remark: str) -> None:
    findings = of(pricing=pricing)

    assert findings.remarks == (remark,)
    assert "offerings/atlas-2@openrouter prices" not in groups(findings)


def test_a_price_by_the_request_or_image() -> None:
    facts = groups(of(pricing={"request": "0.01", "image": "0.002", "odd": "cheap"}))["offerings/atlas-2@openrouter prices"].facts

    assert facts == {"tier": "standard", "usd_per_request": Decimal("0.01"), "usd_per_input_image": Decimal("0.002")}


def test_names_that_nobody_knows_are_told() -> None:
    assert read(json.dumps({"data": [ROW]}).encode(), Aliases(id="openrouter", says="ids")).unmatched == ("acme/atlas-2",)


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"data": []}', b'{"data": [{}]}'])
def test_what_is_no_list_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match="is no model list of OpenRouter"):
        read(raw, Aliases(id="openrouter", says="ids"))
