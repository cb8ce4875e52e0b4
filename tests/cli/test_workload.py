"""`fmselect workload`, as people see it."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from fmselect.cli.workload import own_counter, vocabularies
from fmselect.token_counts.counter import NoTokenizer
from tests.cli.conftest import Command

LOGS = Path(__file__).parent.parent / "fixtures" / "usage_logs"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(LOGS)


def test_single_requests_become_a_requirements_file(fmselect: Command) -> None:
    result = fmselect("workload", "openai-responses.jsonl", "--model", "gpt-*", "--task", "rag")

    assert (result.code, result.err) == (0, snapshot("note: a log of 1 day does not show a whole week, so the month is a rough one\n"))
    assert result.out == snapshot("""\
# Workload of openai-responses.jsonl, made by `fmselect workload`.
# Read: 3 single requests from 2026-11-01 00:00 to 2026-11-02 00:00 UTC (1 day); openai format.
#
# Model                       requests   share      input    output
# gpt-5.6-sol                        3   75.0%      2,333       200
# text-embedding-3-small             1   25.0%          8         0  left out
# Input and output are tokens a request, in the mean.
#
# Note: by service tier, in shares of the requests: not told 33%, default 33%, batch 33%; `answer_within: hours` opens batch
# Note: a log of 1 day does not show a whole week, so the month is a rough one

task: rag
requests_per_month: 91            # 3 in 1 day, for a month of 30.4 days
input_tokens: {mean: 2333, p50: 2000}  # the largest request has 4,000, cached ones included
output_tokens: {mean: 200, p50: 200}  # the largest request has 300
reasoning_tokens: 100             # as the logged models reasoned; without this line, each model's effort is estimated
cached_share: 0.1462              # of the input was read from the cache
# searches: 0.3333 a request in the mean, too few to write; a file of requests holds them.
# min_context: 4500               # the largest request; uncomment to need models that take it
#
# Requests by hour of the day (UTC), in percent:
#   00h 66.7  01h 0.0   02h 0.0   03h 0.0   04h 0.0   05h 0.0
#   06h 0.0   07h 0.0   08h 0.0   09h 0.0   10h 0.0   11h 0.0
#   12h 33.3  13h 0.0   14h 0.0   15h 0.0   16h 0.0   17h 0.0
#   18h 0.0   19h 0.0   20h 0.0   21h 0.0   22h 0.0   23h 0.0
""")


def test_buckets_say_that_they_give_means_only(fmselect: Command) -> None:
    result = fmselect("workload", "openai-usage-page.json")

    assert (result.code, result.err) == (
        0,
        snapshot("""\
note: openai-usage-page.json: left out, as no request: 1 x usage.code_interpreter_sessions, which is billed apart from requests
note: a log of 3 days does not show a whole week, so the month is a rough one
"""),
    )
    assert result.out == snapshot("""\
# Workload of openai-usage-page.json, made by `fmselect workload`.
# Read: 200 requests, in sums over time from 2026-11-01 00:00 to 2026-11-04 00:00 UTC (3 days); openai format.
# Sums give means only: how sizes differ from request to request is not known.
#
# Model             requests   share      input    output
# gpt-5.6-sol            150   75.0%      5,333       467
# gpt-5.6-luna            50   25.0%      2,000       200
# Input and output are tokens a request, in the mean.
# The workload is all of them together; --model NAME takes one.
#
# Note: by service tier, in shares of the requests: default 50%, not told 25%, batch 25%; `answer_within: hours` opens batch
# Note: openai-usage-page.json: left out, as no request: 1 x usage.code_interpreter_sessions, which is billed apart from requests
# Note: a log of 3 days does not show a whole week, so the month is a rough one

# task: chat                      # say what the job is: `fmselect list tasks`
requests_per_month: 2028          # 200 in 3 days, for a month of 30.4 days
input_tokens: 4500                # mean, cached ones included
output_tokens: 400                # mean
# The log does not tell the reasoning apart: where the model reasoned, that is inside output_tokens.
# Then add `reasoning_tokens: 0`, so that it is not estimated on top.
cached_share: 0.2222              # of the input was read from the cache
# searches: 0.1 a request in the mean, too few to write; a file of requests holds them.
""")


def test_what_is_written_is_what_recommend_and_cost_read(fmselect: Command, tmp_path: Path) -> None:
    file = tmp_path / "need.yaml"

    written = fmselect("workload", "plain.csv", "--task", "rag", "--output", file)
    assert (written.code, written.out, written.err) == (0, "", "")
    assert "9 requests a month of 6k input tokens" in " ".join(fmselect("recommend", "-r", file).out.split())
    cost = fmselect("cost", "atlas-2@nimbus", "-r", file)
    assert (cost.code, cost.err) == (0, "")
    assert "6k input tokens" in " ".join(cost.out.split())


def test_every_request_can_be_written(fmselect: Command, tmp_path: Path) -> None:
    file = tmp_path / "requests.csv"

    assert fmselect("workload", "plain.csv", "--requests-out", file).code == 0
    assert file.read_text(encoding="utf-8") == snapshot("""\
input_tokens,cache_read_tokens,output_tokens,hour_utc,count
4000,0,300,14,1
6000,1000,500,9,1
8000,2000,400,9,1
""")


def test_the_file_of_requests_stands_for_the_sizes(fmselect: Command, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    requests, need = tmp_path / "there" / "requests.csv", tmp_path / "need.yaml"

    assert fmselect("workload", "plain.csv", "--requests-out", requests, "--output", need).code == 0
    assert 'requests: "there/requests.csv"' in need.read_text(encoding="utf-8")
    assert "9 requests a month of on average 6k input tokens, 400 output tokens" in " ".join(fmselect("recommend", "-r", need).out.split())


def test_sums_are_no_requests_to_write(fmselect: Command, tmp_path: Path) -> None:
    result = fmselect("workload", "openai-usage-page.json", "--requests-out", tmp_path / "requests.csv")

    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "openai-usage-page.json:1: holds sums over time, not single requests, "
        "so there is no file of requests to write: leave --requests-out away\n"
    )


def test_every_unreadable_line_is_told_and_nothing_is_answered(fmselect: Command, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text((LOGS / "openai-responses.jsonl").read_text() + '{"usage": {"prompt_tokens": -1}}\n{"usage"\n', encoding="utf-8")

    result = fmselect("workload", log, "plain.csv")
    assert (result.code, result.out) == (1, "")
    assert result.err.replace(str(tmp_path), "") == snapshot("""\
/log.jsonl:5: usage.prompt_tokens is -1: a count cannot be negative: correct the line, or remove it
/log.jsonl:6: is not valid JSON (Expecting ':' delimiter): repair the line, or remove it
fmselect: 2 problems
""")


def test_unreadable_lines_can_be_left_out_and_are_told(fmselect: Command, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text((LOGS / "openai-responses.jsonl").read_text() + '{"usage": {"prompt_tokens": -1}}\n', encoding="utf-8")

    result = fmselect("workload", log, "--skip-unreadable")
    assert result.code == 0
    assert "# Read: 4 single requests" in result.out
    assert "# Note: 1 unreadable line left out, as told on stderr" in result.out
    assert result.err.replace(str(tmp_path), "") == snapshot("""\
/log.jsonl:5: usage.prompt_tokens is -1: a count cannot be negative: correct the line, or remove it
note: 1 unreadable line left out, as told on stderr
note: a log of 1.03 days does not show a whole week, so the month is a rough one
""")


def test_gzip_and_stdin_are_read(fmselect: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "plain.csv.gz"
    packed.write_bytes(gzip.compress((LOGS / "plain.csv").read_bytes()))
    plain = fmselect("workload", "plain.csv").out

    assert fmselect("workload", packed).out == plain.replace("plain.csv", str(packed))
    stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO((LOGS / "plain.csv").read_bytes())))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert fmselect("workload", "-").out == plain.replace("plain.csv", "stdin")


@pytest.mark.parametrize("damage", [lambda raw: raw[:-20], lambda raw: raw[:40] + b"\x00\xff\x00" + raw[43:]])
def test_a_damaged_gzip_is_told(fmselect: Command, tmp_path: Path, damage: object) -> None:
    packed = tmp_path / "plain.csv.gz"
    packed.write_bytes(damage(gzip.compress((LOGS / "plain.csv").read_bytes())))  # type: ignore[operator]  # a lambda

    result = fmselect("workload", packed)
    assert (result.code, result.out) == (1, "")
    assert "cannot be read" in result.err


def test_a_file_that_is_not_there_is_told(fmselect: Command) -> None:
    result = fmselect("workload", "none.csv")

    assert (result.code, result.out, result.err) == (1, "", "none.csv:1: cannot be read: No such file or directory\n")


def test_columns_and_days_can_be_said(fmselect: Command, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("in,out\n100,10\n300,30\n", encoding="utf-8")

    result = fmselect(
        "workload", log, "--columns", "input=in", "--columns", "output_tokens=out", "--days", "1", "--requests-per-month", "2k"
    )
    assert (result.code, result.err) == (0, "")
    assert "requests_per_month: 2000          # as you said" in result.out
    assert "input_tokens: {mean: 200, p50: 100}" in result.out


def test_unknown_days_are_told(fmselect: Command) -> None:
    result = fmselect("workload", "requests.csv")

    assert result.code == 0
    assert "# requests_per_month:             # unknown" in result.out
    assert result.err == snapshot(
        "note: the days that the log covers are not told (4 requests without a time), so the requests a month are unknown: give --days N\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--log-format", "csv"), "'csv' is not one of openai, anthropic, opentelemetry, plain"),
        (("--columns", "input"), "'input' is not WHAT=COLUMN"),
        (("--columns", "imput=a"), "did you mean 'input'?"),
        (("--days", "none"), "'none' is no number of days above 0"),
        (("--days", "0"), "'0' is no number of days above 0"),
        (("--requests-per-month", "many"), "'many' is no whole number"),
        (("--requests-per-month", "0"), "must be above 0"),
        (("--task", "ragg"), "did you mean 'rag'?"),
    ],
)
def test_wrong_usage_is_told(fmselect: Command, arguments: tuple[str, ...], said: str) -> None:
    result = fmselect("workload", "plain.csv", *arguments)

    assert (result.code, result.out) == (2, "")
    assert said in " ".join(result.err.replace("│", " ").split())


def test_anthropic_exports_need_the_number_of_requests(fmselect: Command) -> None:
    missing = fmselect("workload", "anthropic-console.csv")
    assert (missing.code, missing.out) == (1, "")
    assert missing.err == snapshot(
        "anthropic-console.csv:1: tells how many tokens were used, but not by how many requests: add --requests-per-month N\n"
    )

    result = fmselect("workload", "anthropic-console.csv", "--requests-per-month", "3042")
    assert result.out == snapshot("""\
# Workload of anthropic-console.csv, made by `fmselect workload`.
# Read: 200 requests, in sums over time from 2026-11-01 00:00 to 2026-11-03 00:00 UTC (2 days); anthropic format.
# Sums give means only: how sizes differ from request to request is not known.
#
# Note: by service tier, in shares of the requests: standard 0%, batch 0%; `answer_within: hours` opens batch
# Note: a log of 2 days does not show a whole week, so the month is a rough one

# task: chat                      # say what the job is: `fmselect list tasks`
requests_per_month: 3042          # as you said
input_tokens: 600                 # mean, cached ones included
output_tokens: 28                 # mean
# The log does not tell the reasoning apart: where the model reasoned, that is inside output_tokens.
# Then add `reasoning_tokens: 0`, so that it is not estimated on top.
cached_share: 0.0583              # of the input was read from the cache
cache_write_share: 0.025          # of the input was written to the cache
# 33.3% of that was for an hour; only a file of requests (--requests-out) holds both.
# searches: 0.05 a request in the mean, too few to write; a file of requests holds them.
""")


def test_the_help_names_the_formats(fmselect: Command) -> None:
    result = fmselect("workload", "--help")

    assert (result.code, result.err) == (0, "")
    assert "OpenTelemetry" in result.out


# ---------------------------------------------------------------- sample prompts


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    file = tmp_path / "prompts.jsonl"
    file.write_text(
        '{"prompt": "' + "word " * 80 + '", "answer": "' + "word " * 8 + '"}\n{"prompt": "' + "word " * 8 + '"}\n', encoding="utf-8"
    )
    return file


def test_prompts_are_estimated_with_their_margin(fmselect: Command, prompts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("tiktoken", "mistral_common"):
        monkeypatch.setitem(sys.modules, name, None)

    result = fmselect("workload", "--prompts", prompts, "--for", "atlas-2", "--for", "borealis/bear-70b", "--task", "rag")
    assert result.code == 0
    assert result.out.replace(str(prompts), "prompts.jsonl") == snapshot("""\
# Workload of prompts.jsonl, made by `fmselect workload --prompts`.
# Read: 2 prompts of 440 characters, 1 of them with an answer.
# Not counted: the few tokens that a chat API adds to each message, and images.
#
# Tokens, in the mean     prompt  between                answer
# acme/atlas-2                55  44 and 92                  10
# borealis/bear-70b           55  44 and 92                  10
#
# Note: acme/atlas-2: estimated by characters, about 4 a token in English (its tokenizer comes with no package: where the weights are open, give their tokenizer.json with --tokenizer)
# Note: borealis/bear-70b: estimated by characters, about 4 a token in English (its tokenizer comes with no package: where the weights are open, give their tokenizer.json with --tokenizer)

task: rag
# requests_per_month: 10k         # prompts do not tell; without it, the task's typical number is taken
input_tokens: 55                  # mean for acme/atlas-2, where they are the most; an estimate: between 44 and 92
                                  # half have up to 10, 95% up to 100, the largest 100
output_tokens: 10                 # mean for acme/atlas-2, where they are the most; an estimate: between 8 and 17
                                  # half have up to 10, 95% up to 10, the largest 10
# min_context: 110                # the largest prompt and answer; uncomment to need models that take them
""")
    assert result.err == snapshot("""\
note: acme/atlas-2: estimated by characters, about 4 a token in English (its tokenizer comes with no package: where the weights are open, give their tokenizer.json with --tokenizer)
note: borealis/bear-70b: estimated by characters, about 4 a token in English (its tokenizer comes with no package: where the weights are open, give their tokenizer.json with --tokenizer)
""")


def test_prompts_without_a_model_are_estimated_for_any(fmselect: Command, prompts: Path) -> None:
    result = fmselect("workload", "--prompts", prompts, "--requests-per-month", "5k")

    assert result.code == 0
    assert "# any model " in result.out
    assert "requests_per_month: 5000 " in result.out


def test_what_prompts_give_is_what_recommend_reads(fmselect: Command, prompts: Path, tmp_path: Path) -> None:
    file = tmp_path / "need.yaml"

    assert fmselect("workload", "--prompts", prompts, "--for", "atlas-2", "--output", file).code == 0
    assert "55 input tokens" in " ".join(fmselect("recommend", "-r", file).out.split())


def test_many_prompts_give_percentiles(fmselect: Command, tmp_path: Path) -> None:
    file = tmp_path / "prompts.txt"
    file.write_text("\n---\n".join("word " * size for size in range(8, 808, 8)), encoding="utf-8")

    assert "input_tokens: {mean: 505, p50: 500, p95: 950} " in fmselect("workload", "--prompts", file).out


def test_unreadable_prompts_are_told(fmselect: Command, prompts: Path) -> None:
    with prompts.open("a", encoding="utf-8") as file:
        file.write("{}\n")

    refused = fmselect("workload", "--prompts", prompts)
    assert (refused.code, refused.out) == (1, "")
    assert ":3: has no prompt" in refused.err
    skipped = fmselect("workload", "--prompts", prompts, "--skip-unreadable")
    assert skipped.code == 0
    assert ":3: has no prompt" in skipped.err
    assert "# Note: 1 unreadable prompt left out, as told on stderr" in skipped.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give usage logs, or sample prompts with --prompts"),
        (("plain.csv", "--prompts", "plain.csv"), "give usage logs, or sample prompts with --prompts"),
        (("--prompts", "plain.csv", "--for", "atlas-22"), "did you mean 'atlas-2'?"),
        (("--prompts", "plain.csv", "--tokenizer", "plain.csv"), "Invalid value for --tokenizer"),
    ],
)
def test_wrong_usage_of_prompts_is_told(fmselect: Command, arguments: tuple[str, ...], said: str) -> None:
    result = fmselect("workload", *arguments)

    assert (result.code, result.out) == (2, "")
    assert said in " ".join(result.err.replace("│", " ").split())


@pytest.mark.parametrize(
    ("developer", "said"),
    [
        ("openai", "tiktoken is not installed"),
        ("mistral", "mistral-common is not installed"),
        ("acme", "its tokenizer comes with no package"),
    ],
)
def test_each_developer_has_its_own_tokenizer(developer: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("tiktoken", "mistral_common"):
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(NoTokenizer, match=said):
        own_counter(developer, ["a-model"])


def test_the_vocabularies_of_tiktoken_are_where_it_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "there")
    assert vocabularies() == Path("there")
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR")
    monkeypatch.delenv("DATA_GYM_CACHE_DIR", raising=False)
    assert vocabularies().name == "data-gym-cache"
