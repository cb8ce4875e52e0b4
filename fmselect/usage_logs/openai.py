"""OpenAI's usage: the organization usage API and the dashboard's CSV export (buckets), and responses (single requests).

Formats, as documented by OpenAI:
- buckets: https://developers.openai.com/api/docs/api-reference/usage (`input_tokens` includes cached and
  cache-write tokens; `num_model_requests` counts), fields as in openai-python's `UsageCompletionsResponse`;
- the CSV export of the Activity view (https://help.openai.com/en/articles/8554956-understanding-your-api-usage;
  UTC) has a row per bucket, with `start_time`, `end_time` and the names of the API;
- chat completions (`prompt_tokens`, `completion_tokens` with reasoning inside, `prompt_tokens_details.cached_tokens`),
  embeddings and responses (`input_tokens`, `output_tokens`, `input_tokens_details.cached_tokens`):
  https://developers.openai.com/api/docs/api-reference/chat and .../responses. Batch output files wrap them in
  `response.body`. Many other vendors answer in the same form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from fmselect.usage_logs.records import (
    Amount,
    Format,
    How,
    Paged,
    Reading,
    Skipped,
    Unreadable,
    Used,
    amount,
    amounts,
    apart,
    items,
    logged_at,
    mapping,
    moment,
    response_in,
    text,
    whole,
)

_RESPONSES = {"chat.completion", "chat.completion.chunk", "text_completion", "response", "list", "embedding"}


def knows_value(value: Any, _how: How) -> bool:
    """Whether it is a page, a bucket or a response of the OpenAI API, or of one that answers in its form."""
    if not isinstance(value, dict):
        return False
    if value.get("object") in ("page", "bucket"):
        return True
    response = response_in(value)
    if response is None:
        return value.get("object") in _RESPONSES
    usage = response["usage"]
    return "prompt_tokens" in usage or "input_tokens_details" in usage or ("input_tokens" in usage and response.get("type") != "message")


def read_value(line: int, value: Any, _how: How) -> Iterable[Reading]:
    """Read a page of buckets, a bucket, or a response."""
    if value.get("object") == "page":
        for bucket in items(value.get("data"), "data"):
            yield from _bucket(line, mapping(bucket, "a bucket"))
        yield Paged(line, bool(value.get("has_more")))
    elif value.get("object") == "bucket":
        yield from _bucket(line, value)
    else:
        yield from _response(line, value)


# ---------------------------------------------------------------- buckets


def _bucket(line: int, bucket: Mapping[str, Any]) -> Iterable[Reading]:
    start, end = moment(bucket.get("start_time"), "start_time"), moment(bucket.get("end_time"), "end_time")
    results = items(bucket.get("results", bucket.get("result")), "results")
    yield Used(line, amounts(), requests=0, bucket=True, at=start, until=end)  # an empty bucket counts to the period, too
    for result in results:
        yield from _result(line, mapping(result, "a result"), start, end)


def _result(line: int, result: Mapping[str, Any], start: float | None, end: float | None) -> Iterable[Reading]:
    kind = text(result.get("object")).removeprefix("organization.").removesuffix(".result") or "usage.completions"
    if kind == "costs":
        raise Unreadable("it reports costs, not what was used: export usage instead of costs")
    reader = _KINDS.get(kind)
    if reader is None:
        yield Skipped(line, f"{kind}, which is billed apart from requests")
        return
    requests = whole(result.get("num_model_requests"), "num_model_requests")
    used = reader(result)
    if kind == "usage.web_searches":
        requests = 0  # the requests that searched are counted among the completions
    elif requests == 0 and any(used):
        raise Unreadable("num_model_requests is 0, although something was used")
    tier = "batch" if result.get("batch") in (True, "true", "True") else text(result.get("service_tier"))
    yield Used(line, used, requests=requests, bucket=True, model=text(result.get("model")), at=start, until=end, tier=tier)


def _tokens(result: Mapping[str, Any]) -> tuple[Amount, ...]:
    return amounts(
        given=whole(result.get("input_tokens"), "input_tokens"),
        cache_read=whole(result.get("input_cached_tokens"), "input_cached_tokens"),
        cache_write=whole(result.get("input_cache_write_tokens"), "input_cache_write_tokens"),
        output=whole(result.get("output_tokens"), "output_tokens"),
    )


def _images(result: Mapping[str, Any]) -> tuple[Amount, ...]:
    return amounts(images=whole(result.get("images"), "images"))


def _speech(result: Mapping[str, Any]) -> tuple[Amount, ...]:
    return amounts(characters=whole(result.get("characters"), "characters"))


def _transcripts(result: Mapping[str, Any]) -> tuple[Amount, ...]:
    return amounts(audio_minutes=amount(result.get("seconds"), "seconds") / 60)


def _web_searches(result: Mapping[str, Any]) -> tuple[Amount, ...]:
    return amounts(searches=whole(result.get("num_requests"), "num_requests"))


_KINDS: Mapping[str, Callable[[Mapping[str, Any]], tuple[Amount, ...]]] = {
    "usage.completions": _tokens,
    "usage.embeddings": _tokens,
    "usage.moderations": _tokens,
    "usage.images": _images,
    "usage.audio_speeches": _speech,
    "usage.audio_transcriptions": _transcripts,
    "usage.web_searches": _web_searches,
}
"""What each kind of result counts; what is not here is billed apart from requests."""


def knows_header(header: Sequence[str], _how: How) -> bool:
    """Whether the columns are those of the dashboard's export."""
    return "start_time" in header and "end_time" in header and ("num_model_requests" in header or "start_time_iso" in header)


def read_row(line: int, row: Mapping[str, str], _how: How) -> Iterable[Reading]:
    """Read a row of the dashboard's export: one bucket, or one group of a bucket."""
    if "amount_value" in row:
        raise Unreadable("it reports costs, not what was used: export the activity instead of the costs")
    start, end = moment(row["start_time"], "start_time"), moment(row["end_time"], "end_time")
    yield Used(line, amounts(), requests=0, bucket=True, at=start, until=end)
    if row.get("num_model_requests"):
        kind = next((kind for column, kind in _EXPORTS.items() if row.get(column)), "usage.completions")
        yield from _result(line, {**row, "object": f"organization.{kind}.result"}, start, end)


_EXPORTS = {"images": "usage.images", "characters": "usage.audio_speeches", "seconds": "usage.audio_transcriptions"}
"""Columns that only exports of some kinds of usage have."""


# ---------------------------------------------------------------- responses


def _response(line: int, value: Mapping[str, Any]) -> Iterable[Reading]:
    response = response_in(value)
    if response is None:
        yield Skipped(line, _without_usage(value))
        return
    usage = response["usage"]
    told = "prompt_tokens" in usage
    given, answer = ("prompt_tokens", "completion_tokens") if told else ("input_tokens", "output_tokens")
    before = mapping(usage.get(f"{given}_details"), f"usage.{given}_details")
    after = mapping(usage.get(f"{answer}_details"), f"usage.{answer}_details")
    if usage.get(given) is None:
        raise Unreadable(f"usage has no {given}")
    total_input = whole(usage[given], f"usage.{given}")
    output = whole(usage.get(answer), f"usage.{answer}")
    reasoning = whole(after.get("reasoning_tokens"), f"usage.{answer}_details.reasoning_tokens")
    # A few vendors that answer in this form count reasoning on top of the output; their own total tells.
    on_top = bool(reasoning) and usage.get("total_tokens") == total_input + output + reasoning
    cached = before.get("cached_tokens", usage.get("prompt_cache_hit_tokens"))
    yield Used(
        line,
        amounts(
            given=total_input,
            cache_read=whole(cached, f"usage.{given}_details.cached_tokens"),
            cache_write=whole(before.get("cache_write_tokens"), f"usage.{given}_details.cache_write_tokens"),
            output=output if on_top else apart(output, reasoning),
            reasoning=reasoning,
            searches=_searches(response),
        ),
        model=text(response.get("model")),
        at=logged_at(response, value),
        tier="batch" if "custom_id" in value else text(response.get("service_tier")),
        reasoning_told="reasoning_tokens" in after,
        identity=text(response.get("id")),
    )


def _without_usage(value: Mapping[str, Any]) -> str:
    if value.get("object") == "chat.completion.chunk":
        return "a chunk of a streamed answer without its usage"
    return "a response without usage"


def _searches(response: Mapping[str, Any]) -> int:
    output = response.get("output")
    return sum(1 for item in output if isinstance(item, dict) and item.get("type") == "web_search_call") if isinstance(output, list) else 0


FORMAT = Format(
    "openai",
    "OpenAI: usage API pages, the dashboard's CSV, responses of its API or in its form",
    knows_value,
    read_value,
    knows_header,
    read_row,
)
