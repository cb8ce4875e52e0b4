"""The catalog held against a price map: what is there, what is left out, and what is missing."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest

from fmselect.against import Row, Sold, against, read_price_list
from fmselect.catalog.schema import Aliases, LeftOut
from fmselect.errors import InvalidInput
from tests.builders import ON

ROWS: dict[str, dict[str, Any]] = {
    "atlas-2": {"litellm_provider": "nimbus_ai", "mode": "chat"},
    "atlas-2-2026-06-01": {"litellm_provider": "nimbus_ai", "mode": "chat"},
    "hd/atlas-2": {"litellm_provider": "nimbus_ai", "mode": "chat"},
    "nimbus/eu/atlas-9-20260101-v1:0": {"litellm_provider": "nimbus_ai", "mode": "chat"},
    "nimbus/us/atlas-9": {"litellm_provider": "nimbus_ai", "mode": "chat"},
    "atlas-0": {"litellm_provider": "nimbus_ai", "mode": "chat", "deprecation_date": "2026-11-23"},
    "atlas-router": {"litellm_provider": "nimbus_ai", "mode": "chat", "deprecation_date": "soon"},
    "atlas-music": {"litellm_provider": "nimbus_ai", "mode": "chat"},
    "hd/atlas-music": {"litellm_provider": "nimbus_ai", "mode": "chat"},
    "nimbus/acme_platform/atlas-2": {"litellm_provider": "nimbus_ai", "mode": "chat"},
    "atlas-2-elsewhere": {"litellm_provider": "stratus"},
}
NAMES = Aliases(
    id="litellm",
    says="Rows of a price map.",
    platforms={"nimbus_ai": "nimbus"},
    names={"atlas-2": "atlas-2@nimbus", "atlas-2-2026-06-01": "atlas-2@nimbus", "never-there": "atlas-1@nimbus"},
    left_out={
        "hd/atlas-2": LeftOut(of="atlas-2@nimbus", why="a price by size"),
        "atlas-music": LeftOut(of="atlas-music@nimbus", why="it makes music"),
        "hd/atlas-music": LeftOut(of="atlas-music@nimbus", why="it makes music"),
        "nimbus/acme_platform/atlas-2": LeftOut(of="atlas-2@acme-api", why="sold by the developer there"),
    },
    ignored={"atlas-router": "a router since 2026-01-01, not a model"},
)
HERE = {"atlas-2@nimbus": False, "atlas-2@acme-api": True}
LIST = read_price_list(json.dumps(ROWS).encode(), "map.json")


def test_all_names_of_an_offering_count_once_and_what_is_left_out_without_one_is_missing() -> None:
    found = against(LIST, NAMES, HERE, ON)
    nimbus = Sold(
        "nimbus", rows=9, ended=1, no_model=1, offerings=1, retired=0, missing={"atlas-music": "it makes music"}, unmatched=("atlas-9",)
    )

    assert found.platforms == (Sold("acme-api", rows=1, ended=0, no_model=0, offerings=1, retired=1, missing={}, unmatched=()), nimbus)
    assert (nimbus.share, found.share) == ((1, 3), (2, 4))
    assert found.elsewhere == {"stratus": 1}


def test_the_reasons_say_what_the_rows_stand_for_whatever_day_they_name() -> None:
    assert against(LIST, NAMES, HERE, ON).reasons == {
        ("missing", "it makes music"): 2,
        ("here", "a price by size"): 1,
        ("no model", "a router since ..., not a model"): 1,
        ("here", "sold by the developer there"): 1,
    }


def test_only_the_platforms_asked_for_are_counted() -> None:
    found = against(LIST, NAMES, HERE, ON, ["acme-api"])

    assert [sold.platform for sold in found.platforms] == ["acme-api"]
    assert (found.share, found.reasons) == ((1, 1), {("here", "sold by the developer there"): 1})


def test_what_is_matched_to_an_offering_that_is_gone_is_missing() -> None:
    nimbus = against(LIST, NAMES, {}, ON).platforms[1]

    assert nimbus.missing == {"atlas-2": "a price by size", "atlas-music": "it makes music"}
    assert nimbus.share == (0, 3)


def test_a_name_of_a_model_belongs_to_the_platform_of_its_seller() -> None:
    table = NAMES.model_copy(update={"names": {"nimbus/us/atlas-9": "acme/atlas-9"}})

    assert against(LIST, table, HERE, ON, ["nimbus"]).platforms[0].unmatched == ("atlas-2", "atlas-9")


def test_a_row_is_current_until_its_end_date() -> None:
    assert against(LIST, NAMES, HERE, date(2026, 11, 22)).platforms[1].ended == 0


def test_the_table_may_know_the_end_of_a_row_from_another_source() -> None:
    gone = {name: left.model_copy(update={"ended": ON}) for name, left in NAMES.left_out.items() if "music" in name}
    table = NAMES.model_copy(update={"left_out": {**NAMES.left_out, **gone}})
    nimbus = against(LIST, table, HERE, ON).platforms[1]

    assert (nimbus.ended, nimbus.missing, nimbus.share) == (3, {}, (1, 2))
    assert against(LIST, table, HERE, date(2026, 11, 22)).platforms[1].missing == {"atlas-music": "it makes music"}


def wheel(member: str, text: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(member, text or json.dumps({"sample_spec": {"litellm_provider": "x"}, **ROWS}))
    return out.getvalue()


def test_a_price_map_is_read_as_json_or_out_of_a_wheel() -> None:
    plain = json.dumps({"sample_spec": {"litellm_provider": "x"}, "note": "text", **ROWS}).encode()

    for raw in (plain, wheel("litellm/model_prices_and_context_window_backup.json")):
        found = read_price_list(raw, "list")
        assert (found.names, set(found.rows)) == ("litellm", set(ROWS))
        assert found.rows["atlas-0"] == Row("nimbus_ai", date(2026, 11, 23))
        assert found.rows["atlas-router"] == Row("nimbus_ai")


def test_genai_prices_is_read_out_of_its_wheel() -> None:
    model = "ModelInfo(id={!r}, match=ClauseEquals(equals=''), prices=ModelPrice(){})"
    models = f"{model.format('atlas-2', '')}, {model.format('atlas-1', ', deprecated=True')}"
    found = read_price_list(wheel("genai_prices/data.py", f"providers: list = [Provider(id='acme', models=[{models}])]"), "list")

    assert found.names == "genai-prices"
    assert {name: (row.seller, row.past(ON)) for name, row in found.rows.items()} == {
        "acme/atlas-2": ("acme", False),
        "acme/atlas-1": ("acme", True),
    }


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"not json", "map:1: is neither JSON nor a wheel"),
        (b"PK\x03\x04 torn", "map:1: is neither JSON nor a wheel"),
        (b"[]", "map:1: is no price map of LiteLLM"),
        (b'{"a": {"price": 1}}', "map:1: is no price map of LiteLLM"),
        (wheel("other/prices.json"), "map:1: is no wheel of litellm or genai-prices"),
    ],
)
def test_anything_else_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_price_list(raw, "map")
