"""The catalog held against a price map: what is there, what is left out, and what is missing."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest

from fmselect.against import Sold, against, read_price_map
from fmselect.catalog.schema import Aliases
from fmselect.errors import InvalidInput
from tests.builders import ON

ROWS: dict[str, dict[str, Any]] = {
    "atlas-2": {"litellm_provider": "nimbus_ai", "mode": "chat"},
    "atlas-2-2026-06-01": {"litellm_provider": "nimbus_ai", "mode": "chat"},
    "nimbus/eu/atlas-9-20260101-v1:0": {"litellm_provider": "nimbus_ai", "mode": "chat"},
    "nimbus/us/atlas-9": {"litellm_provider": "nimbus_ai", "mode": "chat"},
    "atlas-0": {"litellm_provider": "nimbus_ai", "mode": "chat", "deprecation_date": "2026-11-23"},
    "atlas-router": {"litellm_provider": "nimbus_ai", "mode": "chat", "deprecation_date": "soon"},
    "atlas-2-elsewhere": {"litellm_provider": "stratus"},
}
NAMES = Aliases(
    id="litellm",
    says="Rows of a price map.",
    names={"atlas-2": "atlas-2@nimbus", "atlas-2-2026-06-01": "atlas-2@nimbus", "never-there": "atlas-1@nimbus"},
    ignored={"atlas-router": "a router since 2026-01-01, not a model"},
)


def test_rows_of_one_model_count_once_and_what_nobody_matched_is_missing() -> None:
    found = against(ROWS, NAMES, {"atlas-2@nimbus"}, ON)

    assert found.platforms == (Sold("nimbus", rows=6, ended=1, offerings=1, left_out=1, missing=("atlas-9",)),)
    assert found.platforms[0].share == (1, 2)
    assert found.reasons == {"a router since ..., not a model": 1}
    assert found.elsewhere == {"stratus": 1}


def test_what_is_matched_to_an_offering_that_is_gone_is_missing() -> None:
    assert against(ROWS, NAMES, set(), ON).platforms[0].missing == ("atlas-2", "atlas-9")


def test_a_row_is_current_until_its_end_date() -> None:
    assert against(ROWS, NAMES, {"atlas-2@nimbus"}, date(2026, 11, 22)).platforms[0].ended == 0


def wheel(member: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(member, json.dumps({"sample_spec": {"litellm_provider": "x"}, **ROWS}))
    return out.getvalue()


def test_a_price_map_is_read_as_json_or_out_of_a_wheel() -> None:
    plain = json.dumps({"sample_spec": {"litellm_provider": "x"}, "note": "text", **ROWS}).encode()

    assert read_price_map(plain, "map.json") == ROWS
    assert read_price_map(wheel("litellm/model_prices_and_context_window_backup.json"), "litellm.whl") == ROWS


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"not json", "map:1: is neither JSON nor a wheel"),
        (b"PK\x03\x04 torn", "map:1: is neither JSON nor a wheel"),
        (b"[]", "map:1: is no price map of LiteLLM"),
        (b'{"a": {"price": 1}}', "map:1: is no price map of LiteLLM"),
        (wheel("other/prices.json"), "map:1: is no wheel of litellm"),
    ],
)
def test_anything_else_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_price_map(raw, "map")
