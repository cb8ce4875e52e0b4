"""The API lists of Amazon Bedrock become sale, scopes and stage; profiles tell where to call from."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fmselect.catalog.schema import Aliases
from fmselect.errors import InvalidInput
from fmselect.importers.bedrock_models import BY_MANTLE, CALLED_FROM, read
from fmselect.importers.findings import Finding

ROW: dict[str, Any] = {
    "regions": ["eu-1", "eu-2", "us-1"],
    "inference_types": {"eu-1": ["EU", "GLOBAL"], "eu-2": ["EU"], "us-1": ["GLOBAL", "ON_DEMAND"]},
    "model_lifecycle_status": "ACTIVE",
    "runtime_supported": True,
}


def found(**rows: Any) -> list[Finding]:
    named = {name.replace("_", "."): row for name, row in rows.items()}
    table = Aliases(id="bedrock-models", says="ids", names=dict.fromkeys(named, "atlas-2@amazon-bedrock"))
    return list(read(json.dumps(named).encode(), table).found)


def scopes(findings: list[Finding]) -> dict[str, Any]:
    return {
        finding.facts.get("geography", finding.facts["scope"]): finding.facts["regions"]
        for finding in findings
        if finding.path == ("scopes",)
    }


def test_scopes_have_the_regions_of_their_kind_only() -> None:
    findings = found(acme_atlas=ROW)

    assert scopes(findings) == {"in_region": ("us-1",), "eu": ("eu-1", "eu-2"), "global": ("eu-1", "us-1")}
    geo = next(finding for finding in findings if finding.facts.get("geography") == "eu")
    assert (geo.facts["platform_model_id"], geo.note) == ("eu.acme.atlas", CALLED_FROM)


def test_sale_and_stage() -> None:
    sale, stage = found(acme_atlas=ROW)[:2]

    assert (sale.facts, sale.fills) == ({"platform_model_id": "acme.atlas"}, True)
    assert stage.facts == {"stage": "ga"}


def test_two_ids_of_one_model_are_read_together() -> None:
    second = {"inference_types": {"ap-1": ["ON_DEMAND"]}, "model_lifecycle_status": "LEGACY"}

    findings = found(acme_atlas=ROW, acme_old=second)

    assert scopes(findings)["in_region"] == ("ap-1", "us-1")
    assert not [finding for finding in findings if finding.path == ("lifecycle",)]
    assert findings[0].facts == {"platform_model_id": "acme.atlas"}


def test_the_mantle_endpoint_is_in_its_region() -> None:
    findings = found(acme_atlas={"inference_types": {}, "mantle_supported_regions": ["us-1"], "model_lifecycle_status": "ODD"})

    assert scopes(findings) == {"in_region": ("us-1",)}
    assert findings[-1].note == BY_MANTLE
    assert [finding.path for finding in findings] == [("sale",), ("scopes",)]


def test_ids_that_nobody_knows_are_told() -> None:
    assert read(json.dumps({"x": ROW}).encode(), Aliases(id="bedrock-models", says="ids")).unmatched == ("x",)


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"a": {}}'])
def test_what_is_no_list_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match="is no list of bedrock-models"):
        read(raw, Aliases(id="bedrock-models", says="ids"))
