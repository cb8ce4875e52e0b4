"""What holds for every usage log: nothing is lost, nothing is counted twice, and the order of the lines does not matter."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmselect.errors import InvalidInput
from fmselect.observed_workload import Asked, ObservedWorkload, observe, together
from fmselect.render import requests_csv, workload_yaml
from fmselect.requirements import from_document
from fmselect.strict_yaml import parse
from fmselect.usage_logs.reading import read
from fmselect.usage_logs.records import QUANTITIES, How, Odd

counts = st.integers(0, 2_000_000)
models = st.sampled_from(["gpt-5.6-sol", "claude-opus-5-5", "model: with #signs"])


@st.composite
def openai(draw: st.DrawFn) -> dict[str, Any]:
    given_tokens, output = draw(counts), draw(counts)
    usage = {
        "prompt_tokens": given_tokens,
        "completion_tokens": output,
        "prompt_tokens_details": {"cached_tokens": draw(st.integers(0, given_tokens))},
        "completion_tokens_details": {"reasoning_tokens": draw(st.integers(0, output))},
    }
    created = draw(st.integers(1_790_000_000, 1_796_000_000))
    return {"object": "chat.completion", "created": created, "model": draw(models), "usage": usage}


@st.composite
def anthropic(draw: st.DrawFn) -> dict[str, Any]:
    short, long = draw(counts), draw(counts)
    usage = {
        "input_tokens": draw(counts),
        "cache_read_input_tokens": draw(counts),
        "cache_creation_input_tokens": short + long,
        "cache_creation": {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": long},
        "output_tokens": draw(counts),
    }
    return {"type": "message", "timestamp": draw(st.integers(1_790_000_000, 1_796_000_000)), "model": draw(models), "usage": usage}


logs = st.lists(openai() | anthropic(), min_size=1, max_size=20)


def seen(lines: list[str], asked: Asked | None = None) -> ObservedWorkload:
    return observe([("a.jsonl", read((line.encode() + b"\n" for line in lines), How()))], asked or Asked())


def tokens_in(value: dict[str, Any]) -> int:
    usage: dict[str, int] = value["usage"]
    if "prompt_tokens" in usage:
        return usage["prompt_tokens"] + usage["completion_tokens"]
    return sum(usage[key] for key in ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "output_tokens"))


@given(logs)
def test_no_request_and_no_token_is_lost(values: list[dict[str, Any]]) -> None:
    found = seen([json.dumps(value) for value in values])

    assert (
        found.requests == len(values) == sum(share.requests for share in found.models.values()) == sum(count for _, _, count in found.rows)
    )
    total = sum(map(Decimal, (found.totals[name] for name in ("input_tokens", "output_tokens", "reasoning_tokens"))))
    assert total == sum(tokens_in(value) for value in values)
    for quantity, spread in found.spreads.items():
        assert spread.mean == found.mean(quantity)
        assert list(spread.percentiles) == sorted(spread.percentiles)
        assert spread.percentiles[-1] <= spread.largest


@given(logs, st.randoms())
def test_the_order_of_the_lines_does_not_matter(values: list[dict[str, Any]], chance: Any) -> None:
    lines = [json.dumps(value) for value in values]
    shuffled = chance.sample(lines, len(lines))

    one, other = seen(lines), seen(shuffled)
    assert workload_yaml.render(one, None) == workload_yaml.render(other, None)
    assert requests_csv.render(one) == requests_csv.render(other)


@given(logs)
def test_the_models_together_are_the_whole(values: list[dict[str, Any]]) -> None:
    lines = [json.dumps(value) for value in values]
    whole = seen(lines)

    parts = [seen(lines, Asked(models=(model,))) for model in whole.models]
    assert sum(part.requests or 0 for part in parts) == whole.requests
    assert all(sum(Decimal(part.totals[name]) for part in parts) == whole.totals[name] for name in QUANTITIES)


@given(logs)
def test_a_file_of_requests_says_the_same_again(values: list[dict[str, Any]]) -> None:
    once = seen([json.dumps(value) for value in values])
    written = requests_csv.render(once)

    again = seen(written.splitlines())
    assert (again.requests, again.totals, again.spreads, again.hours) == (once.requests, once.totals, once.spreads, once.hours)
    assert requests_csv.render(again) == written


@given(logs, st.integers(0, 5))
def test_requests_that_are_put_together_keep_their_sums(values: list[dict[str, Any]], most: int) -> None:
    found = seen([json.dumps(value) for value in values])

    groups = together(found.rows, most)
    assert sum(group.requests for group in groups) == len(values)
    smallest = min(group.requests for group in groups)
    for index, name in enumerate(QUANTITIES):
        total = sum((Decimal(group.amounts[index]) * group.requests for group in groups), Decimal(0))
        assert abs(total - found.totals[name]) <= smallest * (4 if name == "input_tokens" else 1) / Decimal(2)
    for group in groups:
        assert sum(group.amounts[1:4]) <= group.amounts[0]


@given(logs)
def test_a_plain_csv_of_the_same_requests_gives_the_same_means(values: list[dict[str, Any]]) -> None:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["model", "created_at", "completion_tokens", "prompt_tokens"])
    chats = [value for value in values if "prompt_tokens" in value["usage"]]
    for value in chats:
        writer.writerow([value["model"], value["created"], value["usage"]["completion_tokens"], value["usage"]["prompt_tokens"]])
    if not chats:
        return

    plain, full = seen(out.getvalue().splitlines()), seen([json.dumps(value) for value in chats])
    assert plain.totals["input_tokens"] == full.totals["input_tokens"]
    assert plain.requests_per_month == full.requests_per_month


@given(logs, st.sampled_from([None, "rag"]))
def test_the_answer_is_a_requirements_file(values: list[dict[str, Any]], task: str | None) -> None:
    found = seen([json.dumps(value) for value in values])

    stated = from_document(parse(workload_yaml.render(found, task).encode(), "need.yaml"))
    assert stated.requests_per_month == found.requests_per_month
    assert abs(
        Decimal(stated.input_tokens.mean if stated.input_tokens else 0) - Decimal(found.totals["input_tokens"]) / len(values)
    ) <= Decimal("0.5")
    assert stated.task == (task or "chat")


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_is_given_is_read_or_told(content: bytes) -> None:
    readings = [reading for _, reading in read(content.splitlines(keepends=True), How())]

    assert readings or content.strip()
    assert all(reading.line >= 1 for reading in readings)


@given(logs, st.data())
def test_a_log_that_is_cut_off_is_told_and_its_whole_lines_are_read(values: list[dict[str, Any]], data: st.DataObject) -> None:
    whole = "".join(json.dumps(value) + "\n" for value in values)
    cut = data.draw(st.integers(1, len(whole) - 2))
    part = whole[:cut]
    readings = [reading for _, reading in read(part.encode().splitlines(keepends=True), How())]

    broken = [reading for reading in readings if isinstance(reading, Odd)]
    complete = part.count("\n") + (1 if part and not part.endswith("\n") and whole[cut] == "\n" else 0)
    assert len(readings) - len(broken) == complete
    assert bool(broken) == (not part.endswith("\n") and whole[cut] != "\n")
    if broken:
        with pytest.raises(InvalidInput, match="is not valid JSON"):
            seen(part.splitlines())
