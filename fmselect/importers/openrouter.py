"""OpenRouter's model list (`/api/v1/models`) -> its prices of our models, and what it says of their limits.

A name is OpenRouter's id, such as `acme/atlas-2`, and means a model of ours. OpenRouter routes between
hosts, so its prices are those of the platform `openrouter`, and what it says of a model is only compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from fmselect.catalog.schema import Aliases
from fmselect.errors import InvalidInput, Problem
from fmselect.importers.findings import Finding, Findings, tidy, unmatched

PLATFORM = "openrouter"

_RATES = {
    "prompt": "input",
    "completion": "output",
    "internal_reasoning": "reasoning",
    "input_cache_read": "cache_read",
    "input_cache_write": "cache_write",
}
_MODALITIES = {"text": "text", "image": "image", "audio": "audio", "video": "video", "file": "document", "embeddings": "embedding"}
_MILLION = Decimal(1_000_000)


def read(raw: bytes, aliases: Aliases) -> Findings:
    """Read the list.

    Raises `InvalidInput` when the bytes are no such list.
    """
    rows = {str(row["id"]): row for row in _rows(raw)}
    found: list[Finding] = []
    remarks: list[str] = []
    for name, row in sorted(rows.items()):
        target = aliases.names.get(name, "")
        if target:
            found += _model(name, row, target, remarks)
    return Findings(tuple(found), frozenset(rows), unmatched(rows, aliases), tuple(remarks))


def _rows(raw: bytes) -> list[Mapping[str, Any]]:
    try:
        data = json.loads(raw, parse_float=Decimal)
    except ValueError as error:
        raise InvalidInput([Problem(f"is no model list of OpenRouter: {error}")]) from error
    rows = data.get("data") if isinstance(data, dict) else None
    if isinstance(rows, list) and rows and all(isinstance(row, dict) and "id" in row for row in rows):
        return rows
    raise InvalidInput([Problem("is no model list of OpenRouter: it should hold its models under `data`, each with an id")])


def _model(name: str, row: Mapping[str, Any], target: str, remarks: list[str]) -> Iterator[Finding]:
    slug = target.partition("@")[0].rpartition("/")[2]
    offering = target if "@" in target else f"{slug}@{PLATFORM}"
    entry = f"offerings/{offering}"
    yield Finding(entry, ("sale",), {"platform_model_id": name}, (name,), fills=True)
    yield Finding(entry, ("lifecycle",), {}, (name,), "As OpenRouter lists it.", {"stage": "ga"})
    price = _price(name, row.get("pricing") or {}, remarks)
    if price:
        yield Finding(entry, ("prices",), {"tier": "standard", **price}, (name,))
    if "/" in target:
        yield from _facts(f"models/{target}", name, row)


def _price(name: str, pricing: Mapping[str, Any], remarks: list[str]) -> dict[str, Any]:
    read_ = {key: _usd(value) for key, value in pricing.items()}
    if any(value is not None and value < 0 for value in read_.values()):
        remarks.append(f"{name}: has a price below zero, as routers that pick a model do: left out")
        return {}
    usd = {key: value for key, value in read_.items() if value}
    if not usd and read_:
        remarks.append(f"{name}: says 0, which may mean free or unknown: left out")
    rates = {rate: tidy(usd[key] * _MILLION) for key, rate in _RATES.items() if key in usd}
    if rates.get("reasoning") == rates.get("output"):
        rates.pop("reasoning", None)
    others = {"usd_per_request": "request", "usd_per_input_image": "image"}
    return ({"usd_per_mtok": rates} if rates else {}) | {field: tidy(usd[key]) for field, key in others.items() if key in usd}


def _usd(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _facts(entry: str, name: str, row: Mapping[str, Any]) -> Iterator[Finding]:
    ways = row.get("architecture") or {}
    both = {
        way: tuple(_MODALITIES[kind] for kind in ways.get(f"{way}_modalities") or () if kind in _MODALITIES) for way in ("input", "output")
    }
    top = row.get("top_provider") or {}
    told = {"context_tokens": row.get("context_length"), "output_tokens": top.get("max_completion_tokens")}
    limits = {key: value for key, value in told.items() if isinstance(value, int) and value > 0}
    for path, facts in (("modalities", both if all(both.values()) else {}), ("limits", limits)):
        if facts:
            yield Finding(entry, (path,), facts, (name,), adds=False)
