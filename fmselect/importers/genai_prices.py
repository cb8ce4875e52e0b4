"""genai-prices (pydantic's price list) -> prices by tier, time and hour of the day.

The package keeps its data as a Python module of calls such as `ModelPrice(input_mtok=Decimal('3'))`. The
module is parsed and never run, so nothing in it can act. A name is `provider/model`.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from fmselect.catalog.schema import Aliases
from fmselect.errors import InvalidInput, Problem
from fmselect.importers.findings import ANYWHERE, Finding, Findings, tidy, unmatched

MEMBER = r"genai_prices/data\.py"
"""The file in the package's wheel."""

_RATES = {
    "input_mtok": "input",
    "output_mtok": "output",
    "output_reasoning_mtok": "reasoning",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write",
    "cache_write_1h_mtok": "cache_write_1h",
    "input_audio_mtok": "input_audio",
    "input_image_mtok": "input_image",
    "input_video_mtok": "input_video",
    "output_audio_mtok": "output_audio",
    "output_image_mtok": "output_image",
    "output_video_mtok": "output_video",
    "cache_audio_read_mtok": "cache_read_audio",
}

_OTHERS: Mapping[str, tuple[str, Decimal]] = {
    "audio_hours": ("usd_per_audio_minute", Decimal(60)),
    "input_audio_hours": ("usd_per_audio_minute", Decimal(60)),
    "input_document_kpages": ("usd_per_page", Decimal(1000)),
    "input_mchars": ("usd_per_mchar", Decimal(1)),
    "requests_kcount": ("usd_per_request", Decimal(1000)),
}
"""Prices that are not by the token, and what they are divided by."""

_TIERS = {
    ("processing", "batch"): "batch",
    ("service_tier", "flex"): "flex",
    ("service_tier", "priority"): "priority",
}
"""What a variant of a price is selected by, and the tier that this means here."""

_REGIONAL = ("in_region", "geo:us", "geo:eu", "geo:jp", "geo:au", "geo:apac", "geo:ca", "geo:in")
"""The package carries one rate for all regional endpoints and geographic profiles of AWS, outside GovCloud."""

_MINUTE = Decimal("0.000000000001")


def read(raw: bytes, aliases: Aliases) -> Findings:
    """Read the data module.

    Raises `InvalidInput` when the bytes are no such module.
    """
    named = models(raw)
    found: list[Finding] = []
    remarks: list[str] = []
    for name, model in sorted(named.items()):
        target = aliases.names.get(name, "")
        if "@" in target:
            found += _model(f"offerings/{target}", name, model, remarks)
    return Findings(tuple(found), frozenset(named), unmatched(named, aliases), tuple(remarks))


def models(raw: bytes) -> dict[str, Mapping[str, Any]]:
    """Read the data module: every model by its name.

    Raises `InvalidInput` when the bytes are no such module.
    """
    return {f"{provider['id']}/{model['id']}": model for provider in _providers(raw) for model in provider["models"]}


def _providers(raw: bytes) -> list[Any]:
    try:
        module = ast.parse(raw)
        data = next(_value(node.value) for node in module.body if isinstance(node, ast.AnnAssign) and node.value is not None)
        if [model["id"] for provider in data for model in provider["models"] if isinstance(provider["id"], str)]:
            return list(data)
    except (SyntaxError, ValueError, TypeError, KeyError, StopIteration, ArithmeticError, RecursionError) as error:
        raise InvalidInput([Problem(f"is no data of genai-prices: {type(error).__name__}: {error}")]) from error
    raise InvalidInput([Problem("is no data of genai-prices: it names no models")])


def _value(node: ast.expr) -> Any:
    """Return what an expression of the module means; a call is a mapping with its name under `_`."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.List):
        return [_value(item) for item in node.elts]
    if isinstance(node, ast.Dict):
        return {_value(key): _value(value) for key, value in zip(node.keys, node.values, strict=True) if key is not None}
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name == "Decimal":
            return Decimal(str(_value(node.args[0])))
        if name == "date":
            return date(*map(_value, node.args))
        return {"_": name, "args": [_value(item) for item in node.args], **{str(key.arg): _value(key.value) for key in node.keywords}}
    raise ValueError(f"line {node.lineno}: {ast.unparse(node)[:60]} is no plain value")


def _model(entry: str, name: str, model: Mapping[str, Any], remarks: list[str]) -> Iterator[Finding]:
    own = name.partition("/")[2]
    yield Finding(entry, ("sale",), {"platform_model_id": own.removeprefix("global.").removeprefix("regional.")}, (name,), fills=True)
    base = {"standard": model["prices"] if isinstance(model["prices"], list) else [{"prices": model["prices"]}]}
    variants: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for variant in model.get("price_variants") or ():
        tier = next((tier for (key, value), tier in _TIERS.items() if variant["when"] == {key: value}), None)
        if tier is not None:
            variants[tier].append(variant)
    for tier, conditional in {**base, **variants}.items():
        note = None if tier == "standard" else f"processing {tier}" if tier == "batch" else f"service tier {tier}"
        for price, when in _periods(conditional):
            facts = _price(tier, price, name, remarks)
            hours = {"hours_utc": when.pop("hours_utc")} if "hours_utc" in when else {}
            if facts:
                yield Finding(entry, ("prices",), {"tier": tier, **hours, **facts}, (name,), note, {**_place(name), **when})


def _place(name: str) -> dict[str, Any]:
    provider, _, own = name.partition("/")
    if provider != "aws":
        return {}
    if own.startswith("global."):
        return {"scopes": ("global",)}
    if own.startswith("regional."):
        return {"scopes": _REGIONAL, "regions": ANYWHERE}
    return {"scopes": ("in_region",), "regions": "us"}


def _periods(conditional: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], dict[str, Any]]]:
    """Yield prices with the days and hours in which they hold.

    In the list the last one whose condition is met wins, so prices by the hour stand over the newest other.
    """
    dated = sorted((price for price in conditional if not _hours(price)), key=_start)
    hourly = [(hours, price) for price in conditional if (hours := _hours(price))]
    for index, price in enumerate(dated):
        start, end = _start(price), _start(dated[index + 1]) if index + 1 < len(dated) else None
        when = ({"from_on": start} if start > date.min else {}) | ({"until_on": end} if end else {})
        yield price["prices"], when
        for hours, at_hours in hourly if end is None else ():
            yield at_hours["prices"], {**when, "hours_utc": hours}


def _start(price: Mapping[str, Any]) -> date:
    constraint = price.get("constraint") or {}
    return constraint["start_date"] if constraint.get("_") == "StartDateConstraint" else date.min


def _hours(price: Mapping[str, Any]) -> str | None:
    constraint = price.get("constraint") or {}
    if constraint.get("_") != "TimeOfDateConstraint":
        return None
    return "-".join("{:02}:{:02}".format(*[*constraint[key]["args"], 0][:2]) for key in ("start_time", "end_time"))


def _price(tier: str, price: Mapping[str, Any], name: str, remarks: list[str]) -> dict[str, Any]:
    rates: dict[str, Decimal] = {}
    steps: dict[tuple[int, bool], dict[str, Decimal]] = defaultdict(dict)
    for key, rate in _RATES.items():
        value = price.get(key)
        if isinstance(value, dict):
            for step in value["tiers"]:
                steps[_bound(step["start"])][rate] = tidy(step["price"])
            value = value["base"]
        if isinstance(value, Decimal) and value > 0:
            rates[rate] = tidy(value)
    if "embed" in name:
        rates.pop("output", None)  # vectors are not billed
    if "image" in name and "output_image" not in rates and "output" in rates:
        rates["output_image"] = rates.pop("output")  # what comes out is the image
    told = _told(rates)
    found: dict[str, Any] = {"usd_per_mtok": told} if told else {}
    longer = [(bound, inclusive, _told(above)) for (bound, inclusive), above in sorted(steps.items())]
    if longer and told:
        found["steps"] = tuple(
            {"input_tokens": bound, **({"inclusive": True} if inclusive else {}), "usd_per_mtok": above}
            for bound, inclusive, above in longer
        )
    for key, (field, divisor) in _OTHERS.items():
        if isinstance(value := price.get(key), Decimal) and value > 0:
            found[field] = tidy((value / divisor).quantize(_MINUTE))
    if not found and any(isinstance(price.get(key), Decimal) for key in _RATES):
        remarks.append(f"{name}: {tier}: says 0, which may mean free or unknown: left out")
    return found


def _bound(start: int) -> tuple[int, bool]:
    """Return the bound of a step, and whether it is inclusive: the package writes 199,999 for `from 200,000 on`."""
    return (start + 1, True) if (start + 1) % 1000 == 0 else (start, False)


def _told(rates: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Leave out rates that repeat the one they would fall back to."""
    fallback = {**{f"input_{kind}": "input" for kind in ("audio", "image", "video")}, "reasoning": "output"}
    return {rate: usd for rate, usd in rates.items() if usd != rates.get(fallback.get(rate, ""))}
