"""OpenRouter's statistics of endpoints: bytes -> how fast each host of a model answered in the last 30 minutes.

The answer of `GET /api/v1/models/{author}/{slug}/endpoints` with an API key holds, for each endpoint of a
model, `latency_last_30m` (percentiles of the time to the first token, in milliseconds), `throughput_last_30m`
(percentiles of tokens per second) and `uptime_last_1d` in percent (openrouter.ai/docs, PublicEndpoint).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fmselect.errors import InvalidInput, Problem
from fmselect.importers.results import Content, mapping, number

PLATFORMS: Mapping[str, str] = {
    "amazon-bedrock": "amazon-bedrock",
    "anthropic": "anthropic-api",
    "azure": "azure-foundry",
    "cerebras": "cerebras",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "fireworks": "fireworks",
    "google-ai-studio": "gemini-api",
    "google-vertex": "google-vertex",
    "groq": "groq",
    "mistral": "mistral",
    "moonshotai": "moonshot",
    "openai": "openai-api",
    "perplexity": "perplexity",
    "together": "together",
    "xai": "xai",
    "z-ai": "zai",
}
"""OpenRouter's tag of a host, and the platform it is; a tag with a region or precision after it is another one."""

LEAST_MS = 5
"""A time to the first token below this is no number of milliseconds."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How fast one host of a model answered."""

    model: str
    """OpenRouter's id of the model."""
    tag: str
    """OpenRouter's tag of the host."""
    ttft_s: tuple[Decimal, Decimal] | None
    """Seconds to the first token, from the median to the 90th percentile."""
    output_tokens_per_s: tuple[Decimal, Decimal] | None
    """Output tokens a second, about the median as far as the 90th percentile lies from it to either side."""
    uptime_percent: Decimal | None
    """Share of requests answered in the last day."""

    @property
    def name(self) -> str:
        """The endpoint as a table of aliases names it."""
        return f"{self.model} {self.tag}"


def recognizes(found: Content) -> bool:
    """Whether the file is an answer about the endpoints of models."""
    return bool(_models(found))


def _models(found: Content) -> list[Mapping[str, Any]]:
    """Return the models of one answer, or of several in a list."""
    answers = found.data if isinstance(found.data, list) else [found.data]
    data = [mapping(mapping(answer).get("data") or answer) for answer in answers]
    return [entry for entry in data if isinstance(entry.get("endpoints"), list) and isinstance(entry.get("id"), str)]


def read(found: Content) -> tuple[Endpoint, ...]:
    """Return every endpoint with a measurement.

    Raises `InvalidInput` when there is none, or a latency can be no number of milliseconds.
    """
    problems: list[Problem] = []
    endpoints = [each for entry in _models(found) for each in _endpoints(found, entry, problems)]
    if problems:
        raise InvalidInput(problems)
    if not endpoints:
        raise found.problem("holds no measurement: OpenRouter gives latency and throughput to requests with an API key only", 1)
    return tuple(endpoints)


def _endpoints(found: Content, entry: Mapping[str, Any], problems: list[Problem]) -> Iterator[Endpoint]:
    for each in map(mapping, entry["endpoints"]):
        tag = each.get("tag")
        latency, throughput = _percentiles(each.get("latency_last_30m")), _percentiles(each.get("throughput_last_30m"))
        if not isinstance(tag, str) or (latency is None and throughput is None):
            continue
        if latency is not None and min(latency) < LEAST_MS:
            line = found.line_of(entry["id"], tag, "latency_last_30m")
            problems.append(Problem(f"is {min(latency):g} for '{tag}', no number of milliseconds", found.file, line, "latency_last_30m"))
            continue
        uptime = number(each.get("uptime_last_1d"))
        yield Endpoint(
            entry["id"],
            tag,
            None if latency is None else (_rounded(min(latency) / 1000), _rounded(max(latency) / 1000)),
            None if throughput is None else _about(*throughput),
            None if uptime is None else _rounded(uptime),
        )


def _percentiles(value: Any) -> tuple[float, float] | None:
    """Return the median and the 90th percentile; None when either is missing."""
    stated = mapping(value)
    median, far = number(stated.get("p50")), number(stated.get("p90"))
    return (median, far) if median and far else None


def _about(median: float, far: float) -> tuple[Decimal, Decimal]:
    """Return an interval about the median, as far to either side as the 90th percentile lies.

    Whether that percentile is of the fast or of the slow requests, the other half is not published.
    """
    ratio = max(median / far, far / median)
    return _rounded(median / ratio), _rounded(median * ratio)


def _rounded(value: float) -> Decimal:
    return Decimal(f"{value:.3g}") if value < 100 else Decimal(round(value))
