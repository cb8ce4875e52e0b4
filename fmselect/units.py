"""The field's small vocabularies, and how quantities are read and written."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import Literal, get_args

Modality = Literal["text", "image", "audio", "video", "document", "embedding", "relevance"]
"""What goes in or comes out; `document` is a file such as PDF, `relevance` is a reranker's score."""

Kind = Literal[
    "chat",
    "embedding",
    "rerank",
    "image",
    "video",
    "speech-to-text",
    "text-to-speech",
    "music",
    "realtime",
    "document",
    "moderation",
    "encoder",
]
"""What sort of model it is; `encoder` gives features and does not generate."""

Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
"""Reasoning effort, from no reasoning to the most the model offers."""

Tier = Literal["standard", "priority", "flex", "batch", "provisioned", "reserved"]
"""Service tier; see `AnswerWithin` for how long each may take."""

ScopeKind = Literal["in_region", "geo", "global"]
"""Where inference may run: in the region called, in a named geography, or anywhere."""

Access = Literal["default", "self_serve", "on_request", "none"]
"""How a customer gets a protection: it holds without asking, the customer turns it on or signs it
alone, the platform must agree first, or it is not to be had."""

AnswerWithin = Literal["interactive", "minutes", "hours"]
"""How long an answer may take: a user waits, minutes are fine, or hours (batch) are fine."""

Stage = Literal["preview", "ga", "legacy", "retired"]
"""Stage of an offering's life: before release, for sale, closing, gone."""

Weekdays = Literal["mon-fri", "sat-sun"]
"""Part of the week: the five working days, or the weekend."""

Precision = Literal["fp32", "bf16", "fp16", "fp8", "int8", "fp4", "int4"]
"""Precision at which weights are served."""

Criterion = Literal["quality", "cost", "latency", "throughput", "context", "factuality"]
"""What the score is made of."""

MODALITIES: tuple[Modality, ...] = get_args(Modality)
KINDS: tuple[Kind, ...] = get_args(Kind)
EFFORTS: tuple[Effort, ...] = get_args(Effort)
WEEKDAYS: tuple[Weekdays, ...] = get_args(Weekdays)
PRECISIONS: tuple[Precision, ...] = get_args(Precision)
TIERS: tuple[Tier, ...] = get_args(Tier)
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)
ANSWER_WITHIN: tuple[AnswerWithin, ...] = get_args(AnswerWithin)

TIER_ANSWERS: dict[Tier, AnswerWithin] = {
    "standard": "interactive",
    "priority": "interactive",
    "provisioned": "interactive",
    "reserved": "interactive",
    "flex": "minutes",
    "batch": "hours",
}
"""The slowest class of answer each tier may give (flex is best effort, batch has a day)."""

_COUNT = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<suffix>[kKmMbB]?)\Z")
_SCALE = {"": 1, "k": 1_000, "m": 1_000_000, "b": 1_000_000_000}


def parse_count(text: str) -> int:
    """Read a whole number written as `200000`, `200_000`, `200,000`, `200k` or `1.5M`.

    Raises `ValueError` for anything else, a fraction of one, or a negative number.
    """
    match = _COUNT.match(text.strip().replace(",", "").replace("_", ""))
    value = Decimal(match["number"]) * _SCALE[match["suffix"].lower()] if match else None
    if value is None or value != value.to_integral_value():
        raise ValueError(f"'{text}' is no whole number: write 200000, 200k or 1.5M")
    return int(value)


def short_count(value: int) -> str:
    """Write a number of tokens or requests short: 200k, 1M, 1.05M, 922k, 512."""
    for scale, suffix in ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k")):
        if value >= scale - scale // 2000:  # from here on it would be written as 1000 of the next smaller unit
            scaled = Decimal(value) / scale
            digits = 2 if scaled < 10 else 1 if scaled < 100 else 0
            return f"{scaled:.{digits}f}".rstrip("0").rstrip(".") + suffix if digits else f"{scaled:.0f}{suffix}"
    return str(value)


def counted(count: int, thing: str) -> str:
    """Write a count of things: `1 offering`, `3 offerings`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def money(usd: Decimal) -> str:
    """Write an amount in USD for people: cents from one dollar up, significant digits below."""
    if usd >= 1000:
        return f"${usd:,.0f}"
    if usd >= 1 or usd == 0:
        return f"${usd:,.2f}"
    return f"${usd:.2g}" if usd >= Decimal("0.0001") else f"${usd:.1e}"


def figure(value: Decimal) -> str:
    """Write a Decimal for people: in full where that is short, else with six significant digits."""
    digits = value.normalize().as_tuple().digits
    whole = value if len(digits) <= 7 else value.normalize(Context(prec=max(6, value.adjusted() + 1)))
    text = f"{whole:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain(value: Decimal) -> str:
    """Write a Decimal in full, without exponent or trailing zeros: `0.0000125`, `4`."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
