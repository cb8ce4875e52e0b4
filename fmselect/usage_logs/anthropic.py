"""Anthropic's usage: the usage report and the usage analytics API and the Console's CSV (buckets), and messages (single requests).

Formats, as documented by Anthropic; everywhere input that was cached is counted apart from the rest of the input:
- usage report: https://platform.claude.com/docs/en/api/admin/usage_report/retrieve_messages (buckets of
  `uncached_input_tokens`, `cache_creation`, `cache_read_input_tokens`, `output_tokens`; it counts no requests);
- usage analytics: https://platform.claude.com/docs/en/manage-claude/usage-cost-analytics-api (the same under
  `usage`, with `requests`, and the model under `group`);
- the Console's export: https://support.anthropic.com/en/articles/9534590-cost-and-usage-reporting-in-console (a row
  a day, model and key: `usage_date_utc`, `usage_input_tokens_no_cache` ...; it counts no requests);
- messages: https://platform.claude.com/docs/en/api/messages (`usage` with `cache_creation` by lifetime;
  `output_tokens_details.thinking_tokens` is inside `output_tokens`). Batch results wrap them in `result.message`,
  transcripts in `message`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fmselect.usage_logs.records import (
    DAY_S,
    Amount,
    Format,
    How,
    Paged,
    Reading,
    Skipped,
    Unreadable,
    Used,
    amounts,
    apart,
    day_start,
    items,
    logged_at,
    mapping,
    moment,
    response_in,
    text,
    whole,
)


def knows_value(value: Any, _how: How) -> bool:
    """Whether it is a page or bucket of usage, or a message of the Anthropic API."""
    if not isinstance(value, dict):
        return False
    if "starting_at" in value:
        return True
    if isinstance(value.get("data"), list) and value["data"]:
        return isinstance(value["data"][0], dict) and "starting_at" in value["data"][0]
    response = response_in(value)
    if response is None:
        return isinstance(value.get("result"), dict) and "custom_id" in value
    usage = response["usage"]
    return response.get("type") == "message" or "cache_creation_input_tokens" in usage or "cache_read_input_tokens" in usage


def read_value(line: int, value: Any, _how: How) -> Iterable[Reading]:
    """Read a page of buckets, a bucket, or a message."""
    if "starting_at" in value:
        yield from _bucket(line, value)
    elif isinstance(value.get("data"), list):
        for bucket in value["data"]:
            yield from _bucket(line, mapping(bucket, "a bucket"))
        yield Paged(line, bool(value.get("has_more")))
    else:
        yield from _message(line, value)


# ---------------------------------------------------------------- buckets


def _bucket(line: int, bucket: Mapping[str, Any]) -> Iterable[Reading]:
    start, end = moment(bucket.get("starting_at"), "starting_at"), moment(bucket.get("ending_at"), "ending_at")
    yield Used(line, amounts(), requests=0, bucket=True, at=start, until=end)  # an empty bucket counts to the period, too
    if "usage" in bucket:
        yield _group(line, mapping(bucket["usage"], "usage"), mapping(bucket.get("group"), "group"), start, end)
    for result in items(bucket.get("results"), "results"):
        found = mapping(result, "a result")
        yield _group(line, found, found, start, end)


def _group(line: int, usage: Mapping[str, Any], group: Mapping[str, Any], start: float | None, end: float | None) -> Used:
    if "amount" in usage:
        raise Unreadable("it reports costs, not what was used: export usage instead of costs")
    if "uncached_input_tokens" not in usage:
        raise Unreadable("it has no uncached_input_tokens")
    requests = usage.get("requests")
    return Used(
        line,
        _tokens(whole(usage["uncached_input_tokens"], "uncached_input_tokens"), usage, 0),
        requests=None if requests is None else whole(requests, "requests"),
        bucket=True,
        model=text(group.get("model")),
        at=start,
        until=end,
        tier=text(group.get("service_tier")),
    )


def _tokens(uncached: int, usage: Mapping[str, Any], thinking: int) -> tuple[Amount, ...]:
    read = whole(usage.get("cache_read_input_tokens"), "cache_read_input_tokens")
    created = mapping(usage.get("cache_creation"), "cache_creation")
    short = whole(created.get("ephemeral_5m_input_tokens", usage.get("cache_creation_5m_input_tokens")), "ephemeral_5m_input_tokens")
    long = whole(created.get("ephemeral_1h_input_tokens", usage.get("cache_creation_1h_input_tokens")), "ephemeral_1h_input_tokens")
    # Older messages tell only the sum; the lifetime was then the shortest one.
    short = max(short, whole(usage.get("cache_creation_input_tokens"), "cache_creation_input_tokens") - long)
    return amounts(
        given=uncached + read + short + long,
        cache_read=read,
        cache_write=short,
        cache_write_1h=long,
        output=apart(whole(usage.get("output_tokens"), "output_tokens"), thinking),
        reasoning=thinking,
        searches=whole(mapping(usage.get("server_tool_use"), "server_tool_use").get("web_search_requests"), "web_search_requests"),
    )


def knows_header(header: Sequence[str], _how: How) -> bool:
    """Whether the columns are those of the Console's export."""
    return "usage_input_tokens_no_cache" in header


def read_row(line: int, row: Mapping[str, str], _how: How) -> Iterable[Reading]:
    """Read a row of the Console's export: one day, model and key."""
    start = day_start(row.get("usage_date_utc", ""), "usage_date_utc")
    count = {name: whole(row.get(name), name) for name in _COLUMNS}
    no_cache, short, long, read, output, searches = count.values()
    yield Used(
        line,
        amounts(
            given=no_cache + short + long + read,
            cache_read=read,
            cache_write=short,
            cache_write_1h=long,
            output=output,
            searches=searches,
        ),
        requests=None,
        bucket=True,
        model=row.get("model_version", ""),
        at=start,
        until=start + DAY_S,
        tier=row.get("usage_type", ""),
    )


_COLUMNS = (
    "usage_input_tokens_no_cache",
    "usage_input_tokens_cache_write_5m",
    "usage_input_tokens_cache_write_1h",
    "usage_input_tokens_cache_read",
    "usage_output_tokens",
    "web_search_count",
)


# ---------------------------------------------------------------- messages


def _message(line: int, value: Mapping[str, Any]) -> Iterable[Reading]:
    message = response_in(value)
    if message is None:
        yield Skipped(line, "a batch result without a message")
        return
    usage = message["usage"]
    if usage.get("input_tokens") is None:
        raise Unreadable("usage has no input_tokens")
    details = mapping(usage.get("output_tokens_details"), "usage.output_tokens_details")
    thinking = whole(details.get("thinking_tokens"), "usage.output_tokens_details.thinking_tokens")
    yield Used(
        line,
        _tokens(whole(usage["input_tokens"], "usage.input_tokens"), usage, thinking),
        model=text(message.get("model")),
        at=logged_at(message, value),
        tier="batch" if "custom_id" in value else text(usage.get("service_tier")),
        reasoning_told="thinking_tokens" in details,
        identity=text(message.get("id")),
    )


FORMAT = Format(
    "anthropic",
    "Anthropic: usage report and analytics pages, the Console's CSV, messages of its API",
    knows_value,
    read_value,
    knows_header,
    read_row,
)
