"""Rows of models.dev become facts of models; what a host says of others' models is only compared."""

from __future__ import annotations

import gzip
import json
from datetime import date
from typing import Any

import pytest

from fmselect.catalog.schema import Aliases
from fmselect.errors import InvalidInput
from fmselect.importers import models_dev
from fmselect.importers.findings import Finding
from fmselect.importers.models_dev import read

ROW: dict[str, Any] = {
    "id": "atlas-2",
    "name": "Atlas 2",
    "family": "atlas",
    "release_date": "2026-03-01",
    "knowledge": "2025-06-30",
    "modalities": {"input": ["text", "pdf", "smell"], "output": ["text"]},
    "limit": {"context": 200000, "input": 180000, "output": 0},
    "tool_call": True,
    "reasoning": False,
    "open_weights": False,
}


def found(row: dict[str, Any], provider: str = "acme", target: str = "acme/atlas-2", others: Any = ()) -> dict[str, Finding]:
    rows = {row["id"]: row, **{f"other-{index}": other for index, other in enumerate(others)}}
    raw = json.dumps({provider: {"models": rows}}).encode()
    findings = read(raw, Aliases(id="models-dev", says="models", names={f"{provider}/{row['id']}": target}))
    return {".".join(finding.path): finding for finding in findings.found}


def test_a_row_tells_what_a_model_is() -> None:
    facts = {path: finding.facts for path, finding in found(ROW).items()}

    assert facts == {
        "": {"name": "Atlas 2", "family": "atlas", "kind": "chat"},
        "release": {"released_on": date(2026, 3, 1)},
        "modalities": {"input": ("text", "document"), "output": ("text",)},
        "limits": {"context_tokens": 200_000, "input_tokens": 180_000},
        "features": {"supported": ("tools",), "unsupported": ("reasoning",)},
        "knowledge": {"cutoff": "2025-06"},
        "license": {"id": "proprietary-api", "open_weights": False},
    }


def test_it_may_come_zipped() -> None:
    raw = gzip.compress(json.dumps({"acme": {"models": {"atlas-2": ROW}}}).encode())

    assert read(raw, Aliases(id="models-dev", says="models")).unmatched == ("acme/atlas-2",)


def test_what_a_host_says_of_a_release_is_only_compared() -> None:
    hosted = found(ROW, provider="host")

    assert {path for path, finding in hosted.items() if not finding.adds} >= {"release", "knowledge"}
    assert hosted["limits"].adds
    assert found(ROW, provider="alibaba", target="qwen/atlas-2")["release"].adds


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"release_date": "2026-03"}, "release"),
        ({"release_date": "2026-02-30"}, "release"),
        ({"knowledge": "2026-03"}, "knowledge"),
        ({"knowledge": None}, "knowledge"),
        ({"modalities": {"input": ["text"], "output": []}}, "modalities"),
        ({"limit": {}}, "limits"),
        ({"tool_call": False}, "features"),
        ({"open_weights": True}, "license"),
        ({"family": None}, "license"),
    ],
)
def test_what_is_not_said_or_makes_no_sense_is_left_out(change: dict[str, Any], missing: str) -> None:
    assert missing not in found({**ROW, **change})


def test_closed_weights_are_not_believed_where_the_family_is_open() -> None:
    assert "license" not in found(ROW, others=[{**ROW, "open_weights": True}])


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"id": "atlas-embed"}, "embedding"),
        ({"modalities": {"input": ["text"], "output": ["image"]}}, "image"),
        ({"modalities": {"input": ["text"], "output": ["audio"]}}, "text-to-speech"),
        ({"modalities": {"input": ["text", "image"], "output": ["video"]}}, "video"),
        ({"modalities": {"input": ["audio"], "output": ["text"]}}, "speech-to-text"),
        ({"modalities": {"input": ["text"], "output": ["smell"]}}, "chat"),
    ],
)
def test_the_kind_follows_from_what_goes_in_and_out(change: dict[str, Any], kind: str) -> None:
    made = found({**ROW, **change})

    assert made[""].facts["kind"] == kind
    assert ("limits" in made) == (kind in ("chat", "embedding"))


def test_an_embedding_model_gives_vectors() -> None:
    assert found({**ROW, "id": "atlas-embed"})["modalities"].facts["output"] == ("embedding",)


@pytest.mark.parametrize(("family", "target", "said"), [("Odd One", "acme/atlas-2", "atlas"), (None, "acme/4-you", "4-you")])
def test_a_family_is_the_name_without_version_where_none_fits(family: Any, target: str, said: str) -> None:
    assert found({**ROW, "family": family}, target=target)[""].facts["family"] == said


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"a": {"models": []}}', b"\x1f\x8b broken"])
def test_what_is_no_list_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"is no list of models\.dev"):
        read(raw, Aliases(id="models-dev", says="models"))


def test_a_list_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models_dev, "MAX_BYTES", 10)

    with pytest.raises(InvalidInput, match="unpacks to more than 10 bytes"):
        read(gzip.compress(b"1" * 100), Aliases(id="models-dev", says="models"))
