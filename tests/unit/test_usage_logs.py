"""Usage logs: each documented format is read to its figures, and every line that cannot be read is told."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fmselect.usage_logs.reading import FORMATS, read
from fmselect.usage_logs.records import QUANTITIES, How, Odd, Paged, Reading, Skipped, Unreadable, Used, amount, moment, whole

LOGS = Path(__file__).parent.parent / "fixtures" / "usage_logs"
PLAIN = How()


def readings(content: str | bytes, how: How = PLAIN) -> list[Reading]:
    raw = content.encode() if isinstance(content, str) else content
    return [reading for _, reading in read(raw.splitlines(keepends=True), how)]


def from_file(name: str, how: How = PLAIN) -> tuple[set[str], list[Reading]]:
    found = list(read((LOGS / name).read_bytes().splitlines(keepends=True), how))
    return {form for form, _ in found}, [reading for _, reading in found]


def used(found: list[Reading]) -> list[Used]:
    return [reading for reading in found if isinstance(reading, Used) and reading.requests != 0]


def figures(reading: Used) -> dict[str, Any]:
    return {name: value for name, value in zip(QUANTITIES, reading.amounts, strict=True) if value}


def problems(content: str | bytes, how: How = PLAIN) -> list[str]:
    return [f"{reading.line}: {reading.message}" for reading in readings(content, how) if isinstance(reading, Odd)]


def line(**usage: Any) -> str:
    return json.dumps({"object": "chat.completion", "model": "m", "created": 1793491200, "usage": usage})


# ---------------------------------------------------------------- formats


def test_openai_usage_pages_are_buckets() -> None:
    formats, found = from_file("openai-usage-page.json")

    assert formats == {"openai"}
    first, second, third = used(found)
    assert figures(first) == {"input_tokens": 600_000, "cache_read_tokens": 150_000, "output_tokens": 50_000}
    assert (first.requests, first.bucket, first.model, first.tier) == (100, True, "gpt-5.6-sol", "default")
    assert (first.at, first.until) == (1793491200, 1793577600)
    assert second.tier == "batch"
    assert third.requests == 50
    searches = next(reading for reading in found if isinstance(reading, Used) and reading.requests == 0 and any(reading.amounts))
    assert figures(searches) == {"searches": 20}
    assert Skipped(1, "usage.code_interpreter_sessions, which is billed apart from requests") in found
    assert Paged(1, False) in found


def test_the_empty_buckets_of_openai_cover_time() -> None:
    _, found = from_file("openai-usage-page.json")

    assert [reading.at for reading in found if isinstance(reading, Used) and not any(reading.amounts)] == [
        1793491200,
        1793577600,
        1793664000,
    ]


def test_openai_dashboard_exports_are_buckets() -> None:
    formats, found = from_file("openai-dashboard.csv")

    assert formats == {"openai"}
    assert [(reading.requests, figures(reading)) for reading in used(found)] == [
        (3, {"input_tokens": 4212, "cache_read_tokens": 1280, "output_tokens": 1673}),
        (1, {"input_tokens": 1788, "output_tokens": 327}),
    ]
    assert max(reading.until or 0 for reading in found if isinstance(reading, Used)) == 1793502000


def test_openai_responses_are_single_requests_with_reasoning_apart() -> None:
    formats, found = from_file("openai-responses.jsonl")

    assert formats == {"openai"}
    assert [figures(reading) for reading in used(found)] == [
        {"input_tokens": 2000, "cache_read_tokens": 1024, "output_tokens": 200, "reasoning_tokens": 100},
        {"input_tokens": 4000, "output_tokens": 300, "reasoning_tokens": 200, "searches": 1},
        {"input_tokens": 1000, "output_tokens": 100},
        {"input_tokens": 8},
    ]
    assert [reading.tier for reading in used(found)] == ["default", "", "batch", ""]
    assert [reading.reasoning_told for reading in used(found)] == [True, True, True, False]
    assert not any(reading.bucket for reading in used(found))


def test_other_kinds_of_openai_usage_count_what_they_bill() -> None:
    results = [
        {"object": "organization.usage.images.result", "num_model_requests": 2, "images": 5},
        {"object": "organization.usage.audio_speeches.result", "num_model_requests": 1, "characters": 900},
        {"object": "organization.usage.audio_transcriptions.result", "num_model_requests": 1, "seconds": 90},
    ]
    page = {"object": "bucket", "start_time": 1793491200, "end_time": 1793577600, "results": results}

    assert [figures(reading) for reading in used(readings(json.dumps(page)))] == [
        {"images": 5},
        {"characters": 900},
        {"audio_minutes": Decimal("1.5")},
    ]


def test_a_vendor_that_counts_reasoning_on_top_is_told_by_its_total() -> None:
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 35, "completion_tokens_details": {"reasoning_tokens": 20}}

    assert figures(used(readings(line(**usage)))[0]) == {"input_tokens": 10, "output_tokens": 5, "reasoning_tokens": 20}


def test_anthropic_usage_reports_do_not_count_requests() -> None:
    formats, found = from_file("anthropic-usage-report.json")

    assert formats == {"anthropic"}
    (report,) = used(found)
    assert (report.requests, report.bucket, report.model, report.tier) == (None, True, "claude-opus-5-5", "standard")
    assert figures(report) == {
        "input_tokens": 5000,
        "cache_read_tokens": 2000,
        "cache_write_tokens": 500,
        "cache_write_1h_tokens": 1000,
        "output_tokens": 500,
        "searches": 10,
    }


def test_anthropic_analytics_count_requests() -> None:
    _, found = from_file("anthropic-analytics.json")

    assert [(reading.requests, reading.model, reading.amounts[0]) for reading in used(found)] == [(5, "claude-sonnet-5", 5000)]


def test_the_console_of_anthropic_exports_days() -> None:
    formats, found = from_file("anthropic-console.csv")

    assert formats == {"anthropic"}
    first, second = used(found)
    assert figures(first)["input_tokens"] == 110_000
    assert ((first.until or 0) - (first.at or 0), first.requests, second.tier) == (86_400, None, "batch")


def test_anthropic_messages_count_cached_tokens_apart() -> None:
    formats, found = from_file("anthropic-messages.jsonl")

    assert formats == {"anthropic"}
    first, second = used(found)
    assert figures(first) == {
        "input_tokens": 1000,
        "cache_read_tokens": 600,
        "cache_write_tokens": 100,
        "cache_write_1h_tokens": 200,
        "output_tokens": 50,
        "reasoning_tokens": 40,
        "searches": 1,
    }
    assert figures(second) == {"input_tokens": 1050, "cache_write_tokens": 50, "output_tokens": 10}
    assert Skipped(3, "a batch result without a message") in found


def test_spans_are_read_by_current_and_older_names_and_agents_are_left_out() -> None:
    formats, found = from_file("otlp.jsonl")

    assert formats == {"opentelemetry"}
    assert [figures(reading) for reading in used(found)] == [
        {
            "input_tokens": 1000,
            "cache_read_tokens": 400,
            "cache_write_tokens": 100,
            "output_tokens": 50,
            "reasoning_tokens": 30,
        },
        {"input_tokens": 3000, "output_tokens": 120},
    ]
    assert [reading.reason for reading in found if isinstance(reading, Skipped)] == [
        "a span of invoke_agent, which repeats the usage of the calls below it",
        "a span without token usage",
    ]


def test_spans_as_sdks_print_them_are_read_over_many_lines() -> None:
    _, found = from_file("sdk-spans.json")

    assert [(reading.line, reading.amounts[0]) for reading in used(found)] == [(1, 500), (8, 700)]


def test_plain_rows_are_recognised_by_the_names_of_their_columns() -> None:
    formats, found = from_file("plain.csv")

    assert formats == {"plain"}
    assert [(reading.model, figures(reading)) for reading in used(found)] == [
        ("gpt-5.6-sol", {"input_tokens": 6000, "cache_read_tokens": 1000, "output_tokens": 500}),
        ("gpt-5.6-sol", {"input_tokens": 4000, "output_tokens": 300}),
        ("claude-sonnet-5", {"input_tokens": 8000, "cache_read_tokens": 2000, "output_tokens": 400}),
    ]


def test_a_file_of_requests_is_read_as_it_is_written() -> None:
    _, found = from_file("requests.csv")

    first, second = used(found)
    assert (first.requests, first.hour, first.reasoning_told) == (3, 9, True)
    assert figures(second) == {
        "input_tokens": 4000,
        "cache_write_tokens": 500,
        "cache_write_1h_tokens": 200,
        "output_tokens": 300,
        "reasoning_tokens": 400,
        "images": 1,
        "audio_minutes": Decimal("0.5"),
        "pages": 2,
        "characters": 100,
        "searches": 1,
    }


def test_flat_json_lines_are_plain_and_bedrock_counts_cached_tokens_apart() -> None:
    _, found = from_file("flat.jsonl")

    assert [figures(reading) for reading in used(found)] == [
        {"input_tokens": 1000, "cache_read_tokens": 100, "output_tokens": 100},
        {"input_tokens": 1100, "output_tokens": 300},
    ]


def test_reasoning_is_inside_the_output_of_plain_logs() -> None:
    found = used(readings("model,output_tokens,reasoning_tokens\nm,100,30\n"))

    assert figures(found[0]) == {"output_tokens": 70, "reasoning_tokens": 30}


def test_google_counts_thoughts_on_top() -> None:
    found = used(readings("prompt_token_count,candidates_token_count,thoughts_token_count\n10,100,300\n"))

    assert figures(found[0]) == {"input_tokens": 10, "output_tokens": 100, "reasoning_tokens": 300}


def test_a_column_of_requests_makes_rows_buckets() -> None:
    (row,) = used(readings("day;requests;input_tokens\nx;10;500\n"))

    assert (row.bucket, row.requests, row.amounts[0]) == (True, 10, 500)


def test_columns_can_be_named() -> None:
    how = How(columns=(("input", "In"), ("output", "Out")))

    assert figures(used(readings("When\tIn\tOut\nx\t5\t6\n", how))[0]) == {"input_tokens": 5, "output_tokens": 6}


def test_cached_tokens_can_be_outside_the_input() -> None:
    found = readings("input_tokens,cached_tokens,model\n5,6,m\n", How(cached_apart=True))

    assert figures(used(found)[0]) == {"input_tokens": 11, "cache_read_tokens": 6}


def test_input_without_the_cached_tokens_is_completed() -> None:
    assert figures(used(readings("uncached_input_tokens,cached_tokens\n5,6\n"))[0]) == {"input_tokens": 11, "cache_read_tokens": 6}


def test_a_forced_format_reads_nothing_else() -> None:
    formats, found = from_file("openai-responses.jsonl", How(format="anthropic"))

    assert used(found) == []
    assert formats == {""}
    assert Skipped(1, "a line without usage as anthropic writes it") in found


def test_lines_of_several_vendors_may_stand_in_one_log() -> None:
    both = (LOGS / "anthropic-messages.jsonl").read_text() + (LOGS / "openai-responses.jsonl").read_text()

    assert [reading.amounts[0] for reading in used(readings(both))] == [1000, 1050, 2000, 4000, 1000, 8]


def test_formats_say_what_they_are() -> None:
    assert list(FORMATS) == ["opentelemetry", "anthropic", "openai", "plain"]
    assert all(form.says for form in FORMATS.values())


# ---------------------------------------------------------------- documents


@pytest.mark.parametrize("indent", [None, 1, 4])
def test_a_list_of_responses_is_read_one_by_one(indent: int | None) -> None:
    lines = (LOGS / "openai-responses.jsonl").read_text().splitlines()
    document = json.dumps([json.loads(text) for text in lines], indent=indent)

    assert [reading.amounts[0] for reading in used(readings(document))] == [2000, 4000, 1000, 8]


def test_the_lines_of_a_list_are_told() -> None:
    assert [reading.line for reading in used(readings("[\n" + line(prompt_tokens=1) + ",\n\n" + line(prompt_tokens=2) + "\n]\n"))] == [2, 4]


def test_a_document_larger_than_what_is_read_at_once_is_read_whole() -> None:
    document = json.dumps([json.loads(line(prompt_tokens=number, note="x" * 3000)) for number in range(1, 100)], indent=1)

    assert [reading.amounts[0] for reading in used(readings(document))] == list(range(1, 100))


def test_pages_may_follow_each_other() -> None:
    page = (LOGS / "openai-usage-page.json").read_text()

    assert len(used(readings(page + page))) == 6


# ---------------------------------------------------------------- faults


def test_a_cut_off_line_is_told_with_the_others_read() -> None:
    content = line(prompt_tokens=1) + "\n" + line(prompt_tokens=2)[:40] + "\n" + line(prompt_tokens=3) + "\n"

    assert len(used(readings(content))) == 2
    assert problems(content) == ["2: is not valid JSON (Invalid control character at): repair the line, or remove it"]


def test_a_cut_off_document_is_told() -> None:
    whole_page = (LOGS / "openai-usage-page.json").read_text()

    (problem,) = problems(whole_page[:700])
    assert problem.startswith("1: is not valid JSON (")
    assert problem.endswith("): export it again, whole")


def test_a_list_that_is_not_closed_is_told() -> None:
    assert problems("[\n" + line(prompt_tokens=1) + ",\n") == ["3: is not valid JSON (the list is not closed): export it again, whole"]


@pytest.mark.parametrize(
    ("usage", "said"),
    [
        ({"prompt_tokens": -5}, "usage.prompt_tokens is -5: a count cannot be negative"),
        ({"prompt_tokens": "many"}, "usage.prompt_tokens is 'many': not a whole number"),
        ({"prompt_tokens": 1.5}, "usage.prompt_tokens is 1.5: not a whole number"),
        ({"prompt_tokens": True}, "usage.prompt_tokens is true: not a whole number"),
        ({"prompt_tokens": [1]}, "usage.prompt_tokens is a list: not a whole number"),
        ({"prompt_tokens": {"a": 1}}, "usage.prompt_tokens is an object: not a whole number"),
        ({"prompt_tokens": None}, "usage has no prompt_tokens"),
        ({"prompt_tokens": 1, "prompt_tokens_details": 7}, "usage.prompt_tokens_details is 7: not an object"),
        (
            {"prompt_tokens": 1, "prompt_tokens_details": {"cached_tokens": 2}},
            "the cached tokens (2) are more than the input tokens that should hold them (1)",
        ),
        (
            {"prompt_tokens": 1, "completion_tokens": 1, "completion_tokens_details": {"reasoning_tokens": 2}},
            "the reasoning tokens (2) are more than the output tokens that should hold them (1)",
        ),
    ],
)
def test_wrong_figures_are_told(usage: dict[str, Any], said: str) -> None:
    assert problems(line(prompt_tokens=1) + "\n" + line(**usage)) == [f"2: {said}: correct the line, or remove it"]


@pytest.mark.parametrize("constant", ["NaN", "Infinity"])
def test_what_is_no_json_is_told(constant: str) -> None:
    assert problems(f'{{"usage": {{"prompt_tokens": {constant}}}}}') == [
        f"1: is not valid JSON ({constant} is no JSON): repair the line, or remove it"
    ]


def test_values_that_are_no_objects_are_told() -> None:
    assert problems('[1, "two"]\n') == [
        "1: is 1, not an object with a request's usage: remove the line",
        "1: is 'two', not an object with a request's usage: remove the line",
    ]


def test_deep_nesting_is_told() -> None:
    assert problems("[" * 100_000 + "]" * 100_000 + "\n" + line(prompt_tokens=1)) != []


def test_lines_without_usage_are_left_out_with_their_reason() -> None:
    content = '{"role": "user"}\n{"object": "chat.completion.chunk", "usage": null}\n{"object": "response", "usage": null}\n'

    assert [reading.reason for reading in readings(content) if isinstance(reading, Skipped)] == [
        "a line without usage",
        "a chunk of a streamed answer without its usage",
        "a response without usage",
    ]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_told(content: bytes) -> None:
    assert problems(content) == ["1: is empty: give one with at least one request"]


def test_another_encoding_is_told() -> None:
    assert problems("a,b\n".encode("utf-16")) == ["1: is not text in UTF-8: save or export it as UTF-8"]
    assert problems(line(prompt_tokens=1).encode() + b'\n{"usage": "\xff"}') == [
        "2: is not valid JSON (it is not UTF-8): repair the line, or remove it"
    ]


@pytest.mark.parametrize("name", ["openai-responses.jsonl", "plain.csv", "openai-usage-page.json"])
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(name: str) -> None:
    plain = (LOGS / name).read_bytes()

    assert readings(b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n")) == readings(plain)


def test_costs_are_not_usage() -> None:
    cost = {"object": "bucket", "results": [{"object": "organization.costs.result"}]}
    anthropic = {"starting_at": "2026-11-01T00:00:00Z", "results": [{"amount": "1"}]}

    assert problems(json.dumps(cost)) == ["1: it reports costs, not what was used: export usage instead of costs"]
    assert problems(json.dumps(anthropic)) == ["1: it reports costs, not what was used: export usage instead of costs"]
    assert problems("start_time,end_time,start_time_iso,end_time_iso,amount_value\n1793491200,1793577600,,,3\n") == [
        "2: it reports costs, not what was used: export the activity instead of the costs"
    ]


def test_a_bucket_without_requests_that_used_something_is_told() -> None:
    bucket = {"object": "bucket", "results": [{"object": "organization.usage.completions.result", "input_tokens": 5}]}

    assert problems(json.dumps(bucket)) == ["1: num_model_requests is 0, although something was used: correct the line, or remove it"]


def test_a_bucket_without_its_input_is_told() -> None:
    assert problems('{"starting_at": "2026-11-01T00:00:00Z", "results": [{}]}') == [
        "1: it has no uncached_input_tokens: correct the line, or remove it"
    ]
    assert problems('{"type": "message", "usage": {}}') == ["1: usage has no input_tokens: correct the line, or remove it"]


def test_metrics_are_not_spans() -> None:
    assert problems('{"resourceMetrics": []}') == ["1: it holds metrics or logs, which do not tell requests apart: export the spans"]


def test_cached_tokens_outside_the_input_of_spans_are_explained() -> None:
    span = {"spanId": "1", "attributes": {"gen_ai.usage.input_tokens": 1, "gen_ai.usage.cache_read.input_tokens": 5}}

    (problem,) = problems(json.dumps(span))
    assert problem.startswith("1: the cached tokens (5) are more than the input tokens (1): where your instrumentation leaves")
    assert problem.endswith("add --cached-apart")
    assert figures(used(readings(json.dumps(span), How(cached_apart=True)))[0]) == {"input_tokens": 6, "cache_read_tokens": 5}


def test_cached_tokens_outside_the_input_of_plain_rows_are_explained() -> None:
    assert problems("input_tokens,cached_tokens\n1,5\n") == [
        "2: the cached tokens (5) are more than the input tokens (1): where the input leaves cached tokens out, add --cached-apart"
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1,2", "has 2 cells, and the header has 3: correct the row, or remove it"),
        ("x,2,3", "input_tokens is 'x': not a whole number: correct the line, or remove it"),
        ("1,2,24", "hour_utc is 24: an hour of the day is 0 to 23: correct the line, or remove it"),
        ('"1,2,3', "is not valid CSV (unexpected end of data): close the quotes, or remove the row"),
    ],
)
def test_wrong_rows_are_told(row: str, said: str) -> None:
    assert problems(f"input_tokens,output_tokens,hour_utc\n1,2,3\n{row}\n") == [f"3: {said}"]


def test_blank_rows_are_no_rows_and_rows_without_usage_are_left_out() -> None:
    assert readings("input_tokens,model\n\n,\n,m\n") == [Skipped(4, "a row without usage")]


def test_unknown_columns_are_told_with_the_way_to_name_them() -> None:
    assert problems("a,b\n1,2\n") == [
        "1: has no column that is known to hold usage (a, b): name them, as in --columns input=tokens_in,output=tokens_out"
    ]
    assert problems("a,b\n1,2\n", How(columns=(("input", "c"),))) == ["1: has no column c: it has a, b"]


def test_a_header_that_is_no_csv_is_told() -> None:
    assert problems('"a,b\n')[0].startswith("1: is not valid CSV (")


# ---------------------------------------------------------------- values


def test_counts_are_read_as_formats_write_them() -> None:
    assert [whole(value, "n") for value in (3, "3", "3.0", 3.0, None, "")] == [3, 3, 3, 3, 0, 0]
    with pytest.raises(Unreadable, match="n is '1e99': not a whole number"):
        whole("1e99", "n")


def test_quantities_are_read_as_formats_write_them() -> None:
    assert [amount(value, "n") for value in (None, "", "0.5", 2)] == [0, 0, Decimal("0.5"), 2]
    with pytest.raises(Unreadable, match="n is true: not a number"):
        amount(True, "n")
    with pytest.raises(Unreadable, match=r"n is -1: a quantity cannot be negative"):
        amount(-1, "n")


@pytest.mark.parametrize(
    "written",
    [
        1793491200,
        "1793491200",
        1793491200.0,
        1793491200000,
        "1793491200000000000",
        "2026-11-01T00:00:00Z",
        "2026-11-01",
        "2026-11-01T01:00:00+01:00",
        "2026-11-01 00:00:00 UTC",
    ],
)
def test_times_are_read_as_formats_write_them(written: Any) -> None:
    assert moment(written, "t") == 1793491200


@pytest.mark.parametrize(
    ("written", "said"),
    [("soon", "t is 'soon': not a point in time"), (12, "t is 12: no point in time after 2000"), ([], r"t is a list: not a point in time")],
)
def test_what_is_no_time_is_told(written: Any, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        moment(written, "t")


def test_no_time_is_none() -> None:
    assert moment(None, "t") is None


def test_a_console_export_needs_its_day() -> None:
    header = (LOGS / "anthropic-console.csv").read_text().splitlines()[0]

    assert problems(header + "\n1 Nov" + "," * header.count(",")) == [
        "2: usage_date_utc is '1 Nov': not a day (YYYY-MM-DD): correct the line, or remove it"
    ]
