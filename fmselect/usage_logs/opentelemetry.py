"""OpenTelemetry spans of generative AI calls: OTLP JSON, whole or a line each, and spans as SDKs print them.

- OTLP JSON: https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/ (`resourceSpans` > `scopeSpans` > `spans`;
  64-bit integers are text).
- Attributes: https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/registry/attributes/gen-ai.md
  (`gen_ai.usage.*`; cached tokens SHOULD be inside `input_tokens`), its older names
  (https://github.com/open-telemetry/semantic-conventions/blob/main/docs/registry/attributes/gen-ai.md, deprecated), and
  the names of OpenLLMetry, Sentry (https://getsentry.github.io/relay/relay_conventions/attributes/) and OpenInference
  (https://arize-ai.github.io/openinference/spec/attributes/semantic-conventions.html).
Spans of agents and workflows repeat the usage of the calls below them, so they are no requests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fmselect.usage_logs.records import (
    Format,
    How,
    Reading,
    Skipped,
    Unreadable,
    Used,
    amounts,
    apart,
    items,
    mapping,
    moment,
    never,
    nothing,
    shown,
    text,
    whole,
)

INPUT = ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.usage.prompt_tokens", "llm.token_count.prompt")
OUTPUT = (
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.usage.completion_tokens",
    "llm.token_count.completion",
)
CACHE_READ = (
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "gen_ai.usage.input_tokens.cached",
    "llm.token_count.prompt_details.cache_read",
)
CACHE_WRITE = (
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "gen_ai.usage.cache_write_input_tokens",
    "gen_ai.usage.input_tokens.cache_write",
    "llm.token_count.prompt_details.cache_write",
)
REASONING = (
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.output_tokens.reasoning",
    "gen_ai.usage.reasoning_tokens",
    "llm.token_count.completion_details.reasoning",
)
MODEL = ("gen_ai.response.model", "gen_ai.request.model", "llm.model_name")
TIER = ("openai.response.service_tier", "gen_ai.openai.response.service_tier", "openai.request.service_tier")

CALLS = ("", "chat", "generate_content", "text_completion", "embeddings")
"""Operations (`gen_ai.operation.name`) that are one request to a model; empty: not told."""


def knows_value(value: Any, _how: How) -> bool:
    """Whether it is OTLP JSON, or one span with its attributes."""
    if not isinstance(value, dict):
        return False
    if any(key in value for key in ("resourceSpans", "resourceMetrics", "resourceLogs")):
        return True
    return "attributes" in value and any(key in value for key in ("spanId", "span_id", "context", "startTimeUnixNano"))


def read_value(line: int, value: Any, how: How) -> Iterable[Reading]:
    """Read every span of an export, or the one span."""
    if "resourceSpans" not in value:
        if "attributes" not in value:
            raise Unreadable("it holds metrics or logs, which do not tell requests apart: export the spans")
        yield from _span(line, value, how)
        return
    for resource in items(value["resourceSpans"], "resourceSpans"):
        found = mapping(resource, "a resource")
        for scope in items(found.get("scopeSpans", found.get("instrumentationLibrarySpans")), "scopeSpans"):
            for span in items(mapping(scope, "a scope").get("spans"), "spans"):
                yield from _span(line, mapping(span, "a span"), how)


def _span(line: int, span: Mapping[str, Any], how: How) -> Iterable[Reading]:
    told = _attributes(span.get("attributes"))
    if not any(name in told for name in (*INPUT, *OUTPUT)):
        yield Skipped(line, "a span without token usage")
        return
    operation = text(told.get("gen_ai.operation.name"))
    if operation not in CALLS:
        yield Skipped(line, f"a span of {operation}, which repeats the usage of the calls below it")
        return
    read, written = _count(told, CACHE_READ), _count(told, CACHE_WRITE)
    given = _count(told, INPUT) + (read + written if how.cached_apart else 0)
    if read + written > given:
        raise Unreadable(
            f"the cached tokens ({read + written}) are more than the input tokens ({given}): "
            "where your instrumentation leaves cached tokens out of the input, add --cached-apart"
        )
    reasoning = _count(told, REASONING)
    yield Used(
        line,
        amounts(
            given=given,
            cache_read=read,
            cache_write=written,
            output=apart(_count(told, OUTPUT), reasoning),
            reasoning=reasoning,
        ),
        model=next((text(told[name]) for name in MODEL if told.get(name)), ""),
        at=moment(span.get("startTimeUnixNano", span.get("start_time_unix_nano", span.get("start_time"))), "the start of the span"),
        tier=next((text(told[name]) for name in TIER if told.get(name)), ""),
        reasoning_told=any(name in told for name in REASONING),
        identity=_identity(span),
    )


def _attributes(value: Any) -> Mapping[str, Any]:
    """Return the attributes of a span by name: OTLP lists them, SDKs print an object."""
    if isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for item in items(value, "attributes"):
        entry = mapping(item, "an attribute")
        if isinstance(entry.get("key"), str):
            found[entry["key"]] = next(iter(mapping(entry.get("value"), f"attribute {shown(entry['key'])}").values()), None)
    return found


def _count(told: Mapping[str, Any], names: tuple[str, ...]) -> int:
    return next((whole(told[name], name) for name in names if told.get(name) is not None), 0)


def _identity(span: Mapping[str, Any]) -> str:
    context = span.get("context")
    inner = context if isinstance(context, dict) else span
    trace, own = (text(inner.get(new)) or text(inner.get(old)) for new, old in (("traceId", "trace_id"), ("spanId", "span_id")))
    return f"{trace}/{own}" if trace and own else ""


FORMAT = Format("opentelemetry", "OpenTelemetry: OTLP JSON with spans of generative AI calls", knows_value, read_value, never, nothing)
