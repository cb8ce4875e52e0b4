"""Plain logs: a CSV with a request a row, or JSON lines with a request each, whose columns are recognised by name.

The columns of a file of requests (`fmselect cost --requests`) are known, and the names under which gateways and
vendors write the same; `--columns input=tokens_in` names others. A `count` says how many alike requests a row stands
for; a column of `requests` makes each row a bucket, whose other columns are sums.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from fmselect.usage_logs.records import (
    QUANTITIES,
    TIMES,
    Format,
    How,
    Reading,
    Skipped,
    Unreadable,
    Used,
    amount,
    amounts,
    apart,
    moment,
    whole,
)

HOLDS: Mapping[str, tuple[str, ...]] = {
    "input": ("input_tokens", "prompt_tokens", "tokens_in", "prompt_token_count", "inputtokens", "prompttokens", "inputtokencount"),
    "uncached_input": ("uncached_input_tokens", "input_uncached_tokens", "input_tokens_no_cache", "prompt_cache_miss_tokens"),
    "cache_read": (
        "cache_read_tokens",
        "cached_tokens",
        "cached_input_tokens",
        "input_cached_tokens",
        "cache_read_input_tokens",
        "cacheread",
        "prompt_cache_hit_tokens",
        "cached_content_token_count",
        "cachereadinputtokens",
    ),
    "cache_write": (
        "cache_write_tokens",
        "cache_creation_tokens",
        "cache_creation_input_tokens",
        "input_cache_write_tokens",
        "cachewriteinputtokens",
    ),
    "cache_write_1h": ("cache_write_1h_tokens", "cache_creation_1h_input_tokens"),
    "output": (
        "output_tokens",
        "completion_tokens",
        "tokens_out",
        "candidates_token_count",
        "outputtokens",
        "completiontokens",
        "outputtokencount",
    ),
    "reasoning": ("reasoning_tokens", "thinking_tokens", "thoughts_token_count", "reasoning_output_tokens"),
    "images": ("images", "image_count"),
    "audio_minutes": ("audio_minutes",),
    "pages": ("pages", "page_count"),
    "characters": ("characters", "character_count"),
    "searches": ("searches", "web_searches", "search_count", "web_search_requests"),
    "count": ("count",),
    "requests": ("requests", "num_requests", "num_model_requests", "request_count"),
    "time": TIMES,
    "hour_utc": ("hour_utc",),
    "model": ("model", "model_name", "model_id", "modelid", "model_version"),
    "tier": ("service_tier", "tier"),
}
"""What a column may hold, and the names by which it is recognised (compared without case, blanks as underscores)."""

OF_REQUESTS = (*QUANTITIES, "count", "hour_utc")
"""The columns of a file of requests, in which reasoning is on top of the output."""
ON_TOP = ("thoughts_token_count",)
"""Names of reasoning that is counted on top of the output; the other vendors count it inside."""
CACHED_OUTSIDE = (
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
    "cache_creation_1h_input_tokens",
    "cachereadinputtokens",
    "cachewriteinputtokens",
)
"""Names of cached tokens that are Anthropic's and Amazon Bedrock's, both of which count them outside the input."""

_USED = ("input", "uncached_input", "output", "images", "audio_minutes", "pages", "characters", "searches")


def plain_name(name: str) -> str:
    """Return a column's name as it is compared."""
    return re.sub(r"[^a-z0-9@]+", "_", name.strip().lower()).strip("_")


@lru_cache(maxsize=256)
def columns(names: tuple[str, ...], how: How) -> Mapping[str, str]:
    """Return the column for each thing that is held, as the user says or by its name."""
    known = {plain_name(name): name for name in reversed(names)}
    found: dict[str, str] = {}
    for held, spellings in HOLDS.items():
        if spelling := next((spelling for spelling in spellings if spelling in known), None):
            found[held] = known[spelling]
    return found | dict(how.columns)


def knows_value(value: Any, how: How) -> bool:
    """Whether it is a flat object with a count of tokens, or of what else a request uses."""
    return isinstance(value, dict) and any(held in _USED for held in columns(tuple(value), how))


def knows_header(header: Sequence[str], how: How) -> bool:
    """Whether a column says what a request used."""
    return any(held in _USED for held in columns(tuple(header), how))


def read(line: int, value: Any, how: How) -> Iterable[Reading]:
    """Read one row or object."""
    if not isinstance(value, dict):
        raise Unreadable("it is not an object with a request's figures")
    held = columns(tuple(value), how)

    def of(name: str) -> Any:
        return value.get(held[name]) if name in held else None

    def count(name: str) -> int:
        return whole(of(name), held.get(name, name))

    if all(of(name) in (None, "") for name in _USED):
        yield Skipped(line, "a row without usage")
        return
    read_tokens, written, written_1h = count("cache_read"), count("cache_write"), count("cache_write_1h")
    cached = read_tokens + written + written_1h
    outside = how.cached_apart or any(plain_name(held.get(name, "")) in CACHED_OUTSIDE for name in ("cache_read", "cache_write"))
    given = count("input") + (cached if outside else 0) if "input" in held else count("uncached_input") + cached
    if cached > given:
        raise Unreadable(
            f"the cached tokens ({cached}) are more than the input tokens ({given}): "
            "where the input leaves cached tokens out, add --cached-apart"
        )
    output, reasoning = count("output"), count("reasoning")
    bucket = "requests" in held
    yield Used(
        line,
        amounts(
            given=given,
            cache_read=read_tokens,
            cache_write=written,
            cache_write_1h=written_1h,
            output=output if _on_top(tuple(value), held) else apart(output, reasoning),
            reasoning=reasoning,
            images=count("images"),
            audio_minutes=amount(of("audio_minutes"), "audio_minutes") if "audio_minutes" in held else Decimal(0),
            pages=count("pages"),
            characters=count("characters"),
            searches=count("searches"),
        ),
        requests=count("requests") if bucket else whole(of("count"), held.get("count", "count"), missing=1),
        bucket=bucket,
        model=str(of("model") or ""),
        at=moment(of("time"), held.get("time", "time")),
        hour=_hour(of("hour_utc")),
        tier=str(of("tier") or ""),
        reasoning_told="reasoning" in held,
    )


@lru_cache(maxsize=256)
def _is_file_of_requests(names: tuple[str, ...]) -> bool:
    return all(name in OF_REQUESTS for name in names)


def _on_top(names: tuple[str, ...], held: Mapping[str, str]) -> bool:
    return _is_file_of_requests(names) or plain_name(held.get("reasoning", "")) in ON_TOP


def _hour(value: Any) -> int | None:
    if value is None or value == "":
        return None
    hour = whole(value, "hour_utc")
    if hour > 23:
        raise Unreadable(f"hour_utc is {hour}: an hour of the day is 0 to 23")
    return hour


FORMAT = Format("plain", "plain: a CSV or JSON lines with a request each", knows_value, read, knows_header, read)
