"""LiteLLM's price map (model_prices_and_context_window.json) -> prices, life and model facts.

The map has a row for each model on each platform, often one for each region. Its sample entry explains
the keys; rates are USD per token. A rate of 0 means that nobody filled it in, so it is never taken.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Context, Decimal
from itertools import pairwise
from typing import Any

from fmselect.catalog.schema import Aliases
from fmselect.errors import InvalidInput, Problem
from fmselect.importers.findings import Finding, Findings, tidy, unmatched

MEMBER = "litellm/model_prices_and_context_window_backup.json"
"""The file in the package's wheel."""

SAMPLE = "sample_spec"

_RATES: Mapping[str, str] = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "output_cost_per_reasoning_token": "reasoning",
    "cache_read_input_token_cost": "cache_read",
    "cache_creation_input_token_cost": "cache_write",
    "input_cost_per_audio_token": "input_audio",
    "input_cost_per_image_token": "input_image",
    "input_cost_per_video_token": "input_video",
    "output_cost_per_audio_token": "output_audio",
    "output_cost_per_image_token": "output_image",
    "output_cost_per_video_token": "output_video",
    "cache_read_input_audio_token_cost": "cache_read_audio",
}
_ORDER = ("input", "output", "reasoning", "cache_read", "cache_write", "cache_write_1h", "cache_write_12h", *list(_RATES.values())[5:])
_KEY = re.compile(rf"({'|'.join(_RATES)})(?:_above_(1|12)hr)?(?:_above_(\d+)k_tokens)?(?:_(batches|flex|priority))?\Z")
_TIERS = {None: "standard", "priority": "priority", "flex": "flex", "batches": "batch"}
_SAME_AS = {
    "reasoning": "output",
    "input_audio": "input",
    "input_image": "input",
    "input_video": "input",
    "output_audio": "output",
    "output_image": "output",
    "output_video": "output",
}
"""A rate that equals the one it would fall back to says nothing."""

_TALKS = ("chat", "responses", "completion")
"""Modes that are billed for input and output; a tier with one of the two is not filled in."""

_BOTH = {"input", "output"}
_MADE = {"output", "output_audio", "output_image"}

_EUROS = ("ovhcloud", "scaleway")
"""Platforms that sell in euros, whose numbers the map seems to give as dollars."""

_DEVELOPERS = {
    "alibaba": "qwen",
    "amazon-bedrock": "amazon",
    "anthropic-api": "anthropic",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "gemini-api": "google",
    "google-vertex": "google",
    "minimax": "minimax",
    "mistral": "mistral",
    "moonshot": "moonshot",
    "openai-api": "openai",
    "perplexity": "perplexity",
    "xai": "xai",
    "zai": "zai",
}
"""Platforms of developers: what their rows tell of a model is what the developer says, not what a host offers."""

_LIMITS = {"max_input_tokens": "context_tokens", "max_output_tokens": "output_tokens"}
_ACCEPTS = {"supports_vision": "image", "supports_audio_input": "audio", "supports_video_input": "video", "supports_pdf_input": "document"}
_FEATURES = {
    "supports_function_calling": "tools",
    "supports_parallel_function_calling": "parallel-tools",
    "supports_tool_choice": "tool-choice",
    "supports_response_schema": "structured-output",
    "supports_prompt_caching": "prompt-caching",
    "supports_reasoning": "reasoning",
    "supports_web_search": "web-search",
    "supports_computer_use": "computer-use",
    "supports_system_messages": "system-prompt",
    "supports_assistant_prefill": "assistant-prefill",
    "supports_native_streaming": "streaming",
}
"""Flags of a row, and the terms of vocabulary/features.yaml."""

_EXACT = Context(prec=10)
"""Rates are written as binary fractions; more digits than these are noise."""

_ROUGHLY = Context(prec=5)
"""A price by the second is one by the minute, divided and rounded."""

_MILLION = Decimal(1_000_000)
_SIZED = re.compile(r"(?P<quality>low|medium|high)/(?P<width>\d+)-x-(?P<height>\d+)/(?P<row>.+)\Z")
_GEOGRAPHIES = ("us-gov", "us", "eu", "apac", "jp", "au", "ca", "in", "global")
_US_ONLY = "litellm carries one rate without region, taken as that of the US regions; elsewhere the price is not sourced"

Rates = dict[str, Any]


def read(raw: bytes, aliases: Aliases) -> Findings:
    """Read the price map.

    Raises `InvalidInput` when the bytes are no price map.
    """
    rows = _rows(raw)
    offered: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for name, row in rows.items():
        if name in aliases.names and "@" in aliases.names[name]:
            offered[aliases.names[name]][name] = row
    found: list[Finding] = []
    remarks: list[str] = []
    for offering, named in sorted(offered.items()):
        found += _offering(offering, named, remarks)
    return Findings(tuple(found), frozenset(rows), unmatched(rows, aliases), tuple(remarks))


def _rows(raw: bytes) -> dict[str, Mapping[str, Any]]:
    try:
        data = json.loads(raw, parse_float=Decimal, parse_int=Decimal)
    except ValueError as error:
        raise InvalidInput([Problem(f"is no price map of LiteLLM: {error}")]) from error
    if not isinstance(data, dict) or not all(isinstance(row, dict) for row in data.values()):
        raise InvalidInput([Problem("is no price map of LiteLLM: it should map names of models to their prices")])
    return {name: row for name, row in data.items() if name != SAMPLE}


def _offering(offering: str, named: Mapping[str, Mapping[str, Any]], remarks: list[str]) -> Iterator[Finding]:
    entry = f"offerings/{offering}"
    platform = offering.partition("@")[2]
    sized = {name: match for name in named if (match := _SIZED.match(name))}
    plain = {name: row for name, row in named.items() if name not in sized}
    first = min(plain or named, key=lambda name: (_scope(name, platform) not in (None, "in_region"), len(name), name))
    yield Finding(entry, ("sale",), {"platform_model_id": _bare(first, platform)}, (first,), fills=True)
    yield _life(entry, first, named[first])
    if platform in _DEVELOPERS:
        yield from _facts(f"models/{_DEVELOPERS[platform]}/{offering.partition('@')[0]}", first, named[first])
    if platform in _EUROS:
        remarks.append(f"{first}: seems to give euros as if they were dollars: no price taken")
    alike: dict[Any, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    facts: dict[Any, Rates] = {}
    worldwide = [_standard(row) for name, row in plain.items() if _scope(name, platform) == "global"]
    for name, row in sorted(plain.items(), key=lambda item: (len(item[0]), item[0])):
        if platform == "amazon-bedrock" and "/" not in name and _scope(name, platform) == "in_region" and _standard(row) in worldwide:
            continue  # a row without region that repeats the price of the global profile is no price of a region
        sizes = _sizes(name, sized, named)
        for rates in _prices(name, row, sizes, remarks):
            key = json.dumps(rates, sort_keys=True, default=str)
            facts[key] = rates
            alike[key].append((name, _place(name, platform)))
    for key, places in alike.items():
        for names, place in _together(places):
            note = _US_ONLY if place.get("regions") == "us" else None
            yield Finding(entry, ("prices",), facts[key], names, note, place, adds=platform not in _EUROS)


def _facts(entry: str, name: str, row: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what the developer's own row of a talking model tells of it; it fills what nobody else has told."""
    if row.get("mode") not in _TALKS:
        return
    given = [way for flag, way in _ACCEPTS.items() if row.get(flag) is True]
    yield Finding(entry, ("modalities",), {"input": ("text", *given), "output": ("text",)}, (name,), fills=True)
    limits = {field: int(row[key]) for key, field in _LIMITS.items() if isinstance(row.get(key), Decimal) and row[key] > 0}
    if limits:
        yield Finding(entry, ("limits",), limits, (name,), fills=True)
    has = tuple(feature for flag, feature in _FEATURES.items() if row.get(flag) is True)
    if "tools" not in has:
        has = tuple(feature for feature in has if feature != "tool-choice")  # the flag says that the parameter is passed on
    lacks = tuple(feature for flag, feature in _FEATURES.items() if row.get(flag) is False)
    if has:
        yield Finding(entry, ("features",), {"supported": has, **({"unsupported": lacks} if lacks else {})}, (name,), fills=True)


def _standard(row: Mapping[str, Any]) -> tuple[Any, Any]:
    return row.get("input_cost_per_token"), row.get("output_cost_per_token")


def _together(places: list[tuple[str, dict[str, Any]]]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Join rows of the same rates: those of scopes into one price, those of regions into another."""
    scoped = [(name, place["scopes"]) for name, place in places if "scopes" in place and "regions" not in place]
    if scoped:
        yield tuple(name for name, _ in scoped), {"scopes": tuple(dict.fromkeys(scope for _, scopes in scoped for scope in scopes))}
    regional = [(name, place["regions"]) for name, place in places if isinstance(place.get("regions"), tuple)]
    if regional:
        regions = tuple(sorted({region for _, found in regional for region in found}))
        yield tuple(name for name, _ in regional), {"scopes": ("in_region",), "regions": regions}
    rest = [(name, place) for name, place in places if not place or place.get("regions") == "us"]
    if rest:
        yield tuple(name for name, _ in rest), rest[0][1]


def _scope(name: str, platform: str) -> str | None:
    """Return the scope that the row's name tells, as prices write it; None where it tells none."""
    if platform == "amazon-bedrock":
        head = name.partition(".")[0]
        if head in _GEOGRAPHIES:
            return "global" if head == "global" else f"geo:{head}"
        return "in_region"
    if platform == "azure-foundry" and name.startswith("azure/"):
        area = name.split("/")[1]
        if name.count("/") == 1 or area.startswith("global"):
            return "global"
        return "in_region" if area == "us-gov" else f"geo:{area}"
    return None


def _place(name: str, platform: str) -> dict[str, Any]:
    scope = _scope(name, platform)
    if scope is None:
        return {}
    if scope != "in_region":
        return {"scopes": (scope,)}
    parts = name.split("/")
    if platform == "amazon-bedrock":
        return {"scopes": ("in_region",), "regions": (parts[1],) if len(parts) == 3 else "us"}
    return {"scopes": ("in_region",), "regions": ("usgovarizona", "usgovvirginia")}


def _bare(name: str, platform: str) -> str:
    """Return the platform's own id: the row's name without what LiteLLM puts before it."""
    if platform == "amazon-bedrock":
        own = name.rsplit("/", 1)[-1]
        head, _, rest = own.partition(".")
        return rest if head in _GEOGRAPHIES else own
    own = name.partition("/")[2] if "/" in name else name
    area = own.partition("/")[0]
    return own.partition("/")[2] if platform == "azure-foundry" and area in _GEOGRAPHIES else own


def _life(entry: str, name: str, row: Mapping[str, Any]) -> Finding:
    """Return the end date that the row carries; Google gives such dates as not sooner than."""
    stage = "preview" if re.search(r"preview|-exp(-|$)|beta", name) else "ga"
    day = str(row.get("deprecation_date", ""))
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        return Finding(entry, ("lifecycle",), {}, (name,), "Listed for sale in litellm.", {"stage": stage})
    field = "retires_not_before" if entry.endswith(("@google-vertex", "@gemini-api")) else "retires_on"
    return Finding(entry, ("lifecycle",), {field: date.fromisoformat(day)}, (name,), "litellm carries the date.", {"stage": stage})


def _prices(name: str, row: Mapping[str, Any], sizes: Mapping[str, Decimal], remarks: list[str]) -> Iterator[Rates]:
    """Yield what each tier of the row costs, as a price of the catalog says it."""
    if "off_peak_pricing" in row:
        yield from _by_hours(row)
        return
    base: dict[str, dict[str, Decimal]] = defaultdict(dict)
    steps: dict[str, dict[int, dict[str, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    for key, value in row.items():
        match = _KEY.match(key)
        if match is None or not isinstance(value, Decimal) or value <= 0:
            continue
        rate = _RATES[match[1]] + {"1": "_1h", "12": "_12h"}.get(match[2], "")
        tier = _TIERS[match[4]]
        (steps[tier][int(match[3]) * 1000] if match[3] else base[tier])[rate] = _per_million(value)
    others = _others(row)
    if sizes:
        others["standard"] = {
            **others.get("standard", {}),
            "usd_per_image": {**others.get("standard", {}).get("usd_per_image", {}), **sizes},
        }
    for tier in ("standard", "priority", "flex", "batch"):
        rates = _told(name, row.get("mode"), tier, base[tier], remarks)
        more = others.get(tier, {})
        if tier != "standard" and "usd_per_image" in others.get("standard", {}):
            continue  # the row prices an image for the standard tier only
        _replaced(rates, more, row)
        needed = _BOTH if row.get("mode") in _TALKS else _MADE & base["standard"].keys()
        if rates and (missing := sorted(needed - base[tier].keys())):
            remarks.append(f"{name}: {tier}: has no rate for {' and '.join(missing)}: left out")
            continue
        longer = [_step(bound, above, base["standard"]) for bound, above in sorted(steps[tier].items())] if rates else []
        if tier == "standard" and not rates and row.get("tiered_pricing"):
            rates, longer = _tiered(row["tiered_pricing"])
        longer = [step for step in longer if step["usd_per_mtok"]]
        if rates or more:
            yield {"tier": tier} | ({"usd_per_mtok": rates} if rates else {}) | ({"steps": tuple(longer)} if longer else {}) | more


def _per_million(usd: Decimal) -> Decimal:
    return tidy(_EXACT.create_decimal(usd * _MILLION))


def _told(name: str, mode: Any, tier: str, rates: Mapping[str, Decimal], remarks: list[str]) -> dict[str, Decimal]:
    """Return the rates that tell something, in order."""
    told = {rate: rates[rate] for rate in _ORDER if rate in rates and rates[rate] != rates.get(_SAME_AS.get(rate, ""))}
    if mode in ("embedding", "rerank"):
        told.pop("output", None)  # vectors and scores are not billed
    if mode == "realtime":
        told.pop("output_video", None)  # no realtime model makes video
    for rate in ("cache_write", "cache_write_1h"):
        if rate in told and "input" in told and told[rate] < told["input"]:
            remarks.append(f"{name}: {tier}: {rate} {told.pop(rate):f} is below the input rate: taken for a rate of reading, left out")
    return told


def _step(bound: int, above: Mapping[str, Decimal], standard: Mapping[str, Decimal]) -> dict[str, Any]:
    """Return a long-context step; a write rate that only the step has is the price of storing a cache."""
    rates = {rate: above[rate] for rate in _ORDER if rate in above and above[rate] != above.get(_SAME_AS.get(rate, ""))}
    if "cache_write" not in standard:
        rates.pop("cache_write", None)
    return {"input_tokens": bound, "usd_per_mtok": rates}


def _tiered(brackets: Any) -> tuple[dict[str, Decimal], list[dict[str, Any]]]:
    """Read prices by brackets of input: the first holds from zero, each further one is a step."""
    read_ = [
        (
            int(bracket["range"][0]),
            {_RATES[key]: _per_million(bracket[key]) for key in _RATES if isinstance(bracket.get(key), Decimal) and bracket[key] > 0},
        )
        for bracket in brackets
    ]
    for _, rates in read_:
        if rates.get("reasoning") == rates.get("output"):
            rates.pop("reasoning", None)
    return read_[0][1], [{"input_tokens": bound, "usd_per_mtok": rates} for bound, rates in read_[1:]]


def _by_hours(row: Mapping[str, Any]) -> Iterator[Rates]:
    """Yield the price that holds off peak, and that of the peak hours of working days."""
    peak = {field: _per_million(row[key]) for key, field in _RATES.items() if isinstance(row.get(key), Decimal) and row[key] > 0}
    low = row["off_peak_pricing"]
    off = {field: _per_million(low[key]) for key, field in _RATES.items() if isinstance(low.get(key), Decimal) and low[key] > 0}
    windows: Any = next((window["hours_utc"] for window in low["windows"] if 1 in window["weekdays"]), [])
    spans = sorted(tuple(window.split("-")) for window in ([windows] if isinstance(windows, str) else windows))
    days = {} if any(set(range(1, 8)) <= set(window["weekdays"]) for window in low["windows"]) else {"weekdays": "mon-fri"}
    for (_, end), (start, _) in pairwise(spans):
        yield {"tier": "standard", "hours_utc": f"{end}-{start}", **days, "usd_per_mtok": peak}
    yield {"tier": "standard", "usd_per_mtok": off}


def _others(row: Mapping[str, Any]) -> dict[str, Rates]:
    """Return what is not billed by the token, by tier."""
    mode = row.get("mode")
    found: Rates = {}

    def rate(key: str) -> Decimal | None:
        value = row.get(key)
        return value if isinstance(value, Decimal) and value > 0 else None

    if mode in ("image_generation", "image_edit"):
        image = rate("output_cost_per_image") or (rate("input_cost_per_image") if rate("input_cost_per_token") is None else None)
        if image:
            found["usd_per_image"] = {"default": tidy(image)}
    elif mode in ("video_generation", "embedding"):
        image = rate("input_cost_per_image")
        if image:
            found["usd_per_input_image"] = tidy(image)
    if mode == "video_generation":
        found |= _video(row)
    metadata = row.get("metadata")
    stated = metadata.get("original_pricing_per_minute") if isinstance(metadata, dict) else None
    second = (
        rate("input_cost_per_second")
        if mode == "audio_transcription"
        else rate("output_cost_per_second")
        if mode == "audio_speech"
        else None
    )
    second = second or rate("input_cost_per_audio_per_second")
    if isinstance(stated, Decimal) and stated > 0 and second:
        found["usd_per_audio_minute"] = tidy(stated)
    elif second:
        found["usd_per_audio_minute"] = tidy(_ROUGHLY.create_decimal(second * 60))
    for key, field, factor in (
        ("ocr_cost_per_page", "usd_per_page", 1),
        ("input_cost_per_character", "usd_per_mchar", 1_000_000),
        ("input_cost_per_query", "usd_per_search", 1),
        ("input_cost_per_request", "usd_per_request", 1),
    ):
        if (value := rate(key)) and mode in _PIECES.get(field, (mode,)):
            found[field] = tidy(value * factor)
    batch = {"usd_per_page": tidy(page)} if (page := rate("ocr_cost_per_page_batches")) else {}
    return {tier: rates for tier, rates in (("standard", found), ("batch", batch)) if rates}


_PIECES = {"usd_per_mchar": ("audio_speech",), "usd_per_search": ("rerank", "search")}
"""Modes that are sold by these pieces; for others the row tells the price of something else."""


def _video(row: Mapping[str, Any]) -> Rates:
    seconds: dict[str, Decimal] = {}
    for key, value in row.items():
        match = re.fullmatch(r"output_cost_per_(?:video_per_)?second(?:_(\d+[pk]))?", key)
        if match and isinstance(value, Decimal) and value > 0:
            seconds[match[1] or "default"] = tidy(value)
    if len(seconds) > 2 and seconds.get("default") in [value for size, value in seconds.items() if size != "default"]:
        seconds.pop("default")  # every size has its own price; the default repeats one of them
    return {"usd_per_video_second": dict(sorted(seconds.items(), key=_by_size))} if seconds else {}


def _by_size(item: tuple[str, Decimal]) -> tuple[bool, int]:
    size = item[0]
    return (size != "default", int(size[:-1]) * (1000 if size.endswith("k") else 1) if size != "default" else 0)


def _replaced(rates: dict[str, Decimal], more: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    """Drop the token rates for which a price by the image or minute stands, so that nothing is billed twice."""
    if "usd_per_image" in more:
        rates.pop("output_image", None)
    if "usd_per_audio_minute" in more and row.get("mode") == "audio_transcription":
        for rate in ("input_audio", "input", *(("output",) if "input" in rates else ())):
            rates.pop(rate, None)
    elif "usd_per_audio_minute" in more and row.get("mode") == "audio_speech":
        rates.pop("output", None)


def _sizes(name: str, sized: Mapping[str, re.Match[str]], named: Mapping[str, Any]) -> dict[str, Decimal]:
    """Return the prices of images by quality and size, which stand in rows of their own."""
    found: dict[str, Decimal] = {}
    for row_name, match in sized.items():
        row = named[row_name]
        value = row.get("output_cost_per_image") or row.get("input_cost_per_image")
        if match["row"] == name.rpartition("/")[2] and isinstance(value, Decimal) and value > 0:
            found[f"{match['quality']}/{match['width']}x{match['height']}"] = tidy(value)
    order = {"low": 0, "medium": 1, "high": 2}
    return dict(sorted(found.items(), key=lambda item: (order[item[0].partition("/")[0]], item[0])))
