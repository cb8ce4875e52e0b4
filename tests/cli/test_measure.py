"""`fmselect measure` against a real server on this machine, which answers well, slowly, or wrongly."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.builders import FROZEN
from tests.cli.conftest import Command, Result
from tests.cli.scripted import Answer, Exchange, Server, serving, well

ATLAS = "atlas-2-mini@nimbus"


def timed(fmselect: Command, server: Server, *more: object) -> Result:
    return fmselect("measure", "--base-url", server.url, "--model", "atlas", "--repeats", 6, *more)


def told(fmselect: Command, server: Server, *more: object) -> dict[str, Any]:
    result = timed(fmselect, server, "--format", "json", *more)
    found: dict[str, Any] = json.loads(result.out)
    return found


def test_a_healthy_endpoint_is_timed_and_told(fmselect: Command) -> None:
    with serving(well) as server:
        result = timed(fmselect, server)

    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[0] == "atlas at 127.0.0.1"
    assert lines[1] == "6 of 6 requests timed, 1 at a time"
    assert [line.split("  ")[0] for line in lines[4:7]] == ["first token, s", "output tokens/s", "whole answer, s"]
    assert "A request: 512 input tokens, 5 output tokens. Used: 7 requests, 3,619 tokens." in result.out
    assert max(len(line) for line in lines) <= 80


def test_the_request_is_a_stream_of_a_new_prompt(fmselect: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_KEY", "sk-secret")
    with serving(well) as server:
        result = timed(fmselect, server, "--key-env", "ATLAS_KEY", "--effort", "low", "--output-tokens", 64)

    bodies = [exchange.body for exchange in server.asked]
    assert bodies[0]["stream"] is True
    assert bodies[0]["stream_options"] == {"include_usage": True}
    assert (bodies[0]["model"], bodies[0]["max_tokens"], bodies[0]["reasoning_effort"]) == ("atlas", 64, "low")
    assert len({body["messages"][0]["content"] for body in bodies}) == 7
    assert server.asked[0].headers["Authorization"] == "Bearer sk-secret"
    assert "sk-secret" not in result.out
    assert "effort low" in result.out


def test_json_tells_percentiles_and_how_they_were_counted(fmselect: Command) -> None:
    with serving(well) as server:
        found = told(fmselect, server)

    assert found["requests"] == {"planned": 6, "timed": 6, "failed": 0, "sent": 7, "concurrency": 1}
    assert (found["ended"], found["usd"], found["tokens_counted_by"], found["input_tokens"]) == (None, None, "endpoint", 512)
    assert found["ttft_s"]["p5"] <= found["ttft_s"]["p50"] <= found["ttft_s"]["p95"] <= found["answer_s"]["p95"]
    assert set(found["output_tokens_per_s"]) == {"p5", "p50", "p95"}


# ---------------------------------------------------------------- what endpoints do


def slow_to_begin(exchange: Exchange) -> None:
    exchange.begin()
    exchange.wait(0.2)
    for word in ("late ", "but ", "here"):
        exchange.text(word)
    exchange.usage(9, 3)
    exchange.end()


def slow_to_go_on(exchange: Exchange) -> None:
    exchange.begin()
    for word in ("one ", "two ", "three"):
        exchange.text(word)
        exchange.wait(0.4)
    exchange.usage(9, 3)
    exchange.end()


def test_a_slow_first_token_and_a_slow_stream_are_told_apart(fmselect: Command) -> None:
    with serving(slow_to_begin) as server:
        begun = told(fmselect, server, "--repeats", 2)
    with serving(slow_to_go_on) as server:
        gone = told(fmselect, server, "--repeats", 2)

    assert begun["ttft_s"]["p5"] >= 0.2
    assert gone["answer_s"]["p5"] >= 0.8
    assert gone["ttft_s"]["p5"] < gone["answer_s"]["p5"] - 0.4, "a busy machine may take half of the time by itself"
    assert gone["output_tokens_per_s"]["p95"] <= 2 / 0.4


def without_usage(exchange: Exchange) -> None:
    exchange.begin()
    exchange.line(": keep-alive")
    exchange.line("event: message")
    for word in ("a ", "b ", "c ", "d"):
        exchange.text(word)
    exchange.text("", finish="stop")
    exchange.handler.wfile.write(b"0\r\n\r\n")


def hidden(exchange: Exchange) -> None:
    exchange.begin()
    exchange.text("so ")
    exchange.text("it is")
    exchange.usage(9, 102, 100)
    exchange.end()


def shown(exchange: Exchange) -> None:
    exchange.begin()
    exchange.text("hm", key="reasoning_content")
    exchange.text("so")
    exchange.usage(9, 102, 100)
    exchange.end()


def test_endpoints_that_count_nothing_are_counted_by_chunks(fmselect: Command) -> None:
    with serving(without_usage) as server:
        result = timed(fmselect, server)

    assert result.code == 0
    assert "The endpoint counts no tokens, so every chunk of the stream counts as one." in " ".join(result.out.split())


def test_reasoning_that_is_hidden_is_told(fmselect: Command) -> None:
    with serving(hidden) as server:
        result = timed(fmselect, server)
    with serving(shown) as server:
        found = told(fmselect, server)

    assert "Reasoning is not streamed: the first token comes after it." in " ".join(result.out.split())
    assert not found["ttft_after_reasoning"]


def test_an_endpoint_that_knows_other_words_is_asked_in_them(fmselect: Command) -> None:
    def newer(exchange: Exchange) -> None:
        if "max_tokens" in exchange.body:
            exchange.status(400, json.dumps({"error": {"message": "Use 'max_completion_tokens' instead."}}))
        elif "stream_options" in exchange.body:
            exchange.status(400, json.dumps({"error": "unknown field stream_options"}))
        else:
            well(exchange)

    with serving(newer) as server:
        found = told(fmselect, server, "--warm-up", 2)

    assert found["requests"]["failed"] == 1
    assert "max_completion_tokens" in server.asked[-1].body
    assert "stream_options" not in server.asked[-1].body


def busy(exchange: Exchange) -> None:
    if exchange.number < 2:
        exchange.status(429, json.dumps({"error": {"message": "slow down"}}), Retry_After="0")
    elif exchange.number == 2:
        when = "Wed, 25 Nov 2026 10:00:00 GMT"
        exchange.status(503, "", Retry_After=when, Date=when)
    else:
        well(exchange)


def test_an_endpoint_that_says_too_many_is_asked_again(fmselect: Command) -> None:
    with serving(busy) as server:
        found = told(fmselect, server, "--warm-up", 0)

    assert found["requests"]["timed"] + found["requests"]["failed"] == 6
    assert found["requests"]["sent"] > 6
    assert found["requests"]["failed"] == 1
    assert found["failures"] == ["HTTP 503 Service Unavailable"]


def cut_off(exchange: Exchange) -> None:
    exchange.begin()
    exchange.text("half an ")
    exchange.handler.wfile.write(b"0\r\n\r\n")


def broken(exchange: Exchange) -> None:
    exchange.begin()
    exchange.text("half an ")
    exchange.handler.connection.shutdown(socket.SHUT_RDWR)


def no_json(exchange: Exchange) -> None:
    exchange.begin()
    exchange.line("data: {this is not")
    exchange.end()


def no_chunk(exchange: Exchange) -> None:
    exchange.begin()
    exchange.line("data: 7")
    exchange.end()


def late_error(exchange: Exchange) -> None:
    exchange.begin()
    exchange.event(error={"message": "out of memory"})
    exchange.end()


def no_text(exchange: Exchange) -> None:
    exchange.begin()
    exchange.usage(9, 0)
    exchange.end()


def in_one_piece(exchange: Exchange) -> None:
    exchange.status(200, '{"choices": []}', Content_Type="application/json")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (cut_off, "the stream was cut off before its end"),
        (broken, "the stream was cut off before its end"),
        (no_json, "the stream holds what is no JSON: '{this is not'"),
        (no_chunk, "the stream holds what is no chunk: '7'"),
        (late_error, "the stream ended with an error: out of memory"),
        (no_text, "the answer holds no text"),
        (in_one_piece, "the endpoint does not stream: it answers in one piece"),
        (lambda e: e.status(500, "boom"), "HTTP 500 Internal Server Error: boom"),
        (lambda e: e.status(401, '{"error": {"message": "no key"}}'), "HTTP 401 Unauthorized: no key (set the key with --key-env)"),
        (lambda e: e.status(404), "HTTP 404 Not Found (look at --base-url and --model)"),
        (lambda e: e.status(400, "bad"), "HTTP 400 Bad Request: bad"),
        (lambda e: e.status(429, "", Retry_After="3600"), "HTTP 429 Too Many Requests"),
        (lambda e: e.status(429, "", Retry_After="tomorrow", Date="today"), "HTTP 429 Too Many Requests"),
    ],
)
def test_a_fault_is_told_and_never_timed(fmselect: Command, monkeypatch: pytest.MonkeyPatch, answer: Answer, said: str) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    with serving(answer) as server:
        result = timed(fmselect, server)

    assert result.code == 1
    assert "0 of 6 requests timed" in result.out
    assert "Ended early: 3 requests failed in a row." in result.out
    assert said in " ".join(result.out.split())


def test_an_endpoint_that_says_nothing_in_time_fails(fmselect: Command) -> None:
    with serving(lambda exchange: exchange.wait(30)) as server:
        result = timed(fmselect, server, "--timeout", 0.1)

    assert (result.code, "no answer in time (see --timeout)" in result.out) == (1, True)


def test_a_stream_that_stops_halfway_fails(fmselect: Command) -> None:
    def stalled(exchange: Exchange) -> None:
        exchange.begin()
        exchange.text("half an ")
        exchange.wait(30)

    with serving(stalled) as server:
        result = timed(fmselect, server, "--timeout", 0.1)

    assert (result.code, "the stream broke off: no answer in time (see --timeout)" in result.out) == (1, True)


def test_text_that_comes_at_once_has_no_rate(fmselect: Command, tmp_path: Path) -> None:
    def at_once(exchange: Exchange) -> None:
        exchange.begin()
        exchange.text("all of it")
        exchange.usage(9, 50)
        exchange.end()

    with serving(at_once) as server:
        result = keep(fmselect, server, tmp_path / "mine", "--effort", "low", "--samples", tmp_path / "timings.jsonl")

    assert "output tokens/s" in result.out
    assert "All text came at once, so that there is no rate to tell." in " ".join(result.out.split())
    assert "+    effort: low" in result.out
    assert "output_tokens_per_s" not in result.out


def test_nothing_that_listens_is_told(fmselect: Command) -> None:
    with serving(well) as server:
        pass

    result = timed(fmselect, server)

    assert (result.code, "nothing listens there: look at --base-url" in result.out) == (1, True)


def test_faults_between_are_counted(fmselect: Command) -> None:
    with serving(well, well, cut_off, well) as server:
        found = told(fmselect, server)

    assert found["requests"] == {"planned": 6, "timed": 5, "failed": 1, "sent": 7, "concurrency": 1}


# ---------------------------------------------------------------- limits


def test_a_spending_limit_is_kept_by_the_price_of_the_catalog(fmselect: Command) -> None:
    with serving(well) as server:
        found = told(fmselect, server, "--offering", ATLAS, "--max-usd", "0.0012", "--concurrency", 2)

    assert found["ended"] == "another request could pass $0.0012"
    assert 0 < found["requests"]["timed"] < 6
    assert float(found["usd"]) <= 0.0012


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--max-usd", "1"), "needs --offering, to know the price: or say --max-requests or"),
        (("--max-usd", "much"), "'much' is no amount in USD"),
        (("--max-usd", "-1"), "'-1' is no amount in USD"),
        (("--max-usd", "1", "--offering", "bear-embed@nimbus"), "has no standard price per token in the catalog"),
        (("--into", "mine"), "needs --offering and --place"),
        (("--effort", "huge"), "'huge' is not one of none, minimal"),
        (("--key-env", "NOT_SET_ANYWHERE"), "the environment has no NOT_SET_ANYWHERE"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_sent(fmselect: Command, flags: tuple[str, ...], said: str) -> None:
    with serving(well) as server:
        result = timed(fmselect, server, *flags)

    assert (result.code, result.out, server.asked) == (2, "", [])
    assert said in " ".join(result.err.replace("│", " ").split())


@pytest.mark.parametrize("url", ["api.example.com/v1", "ftp://api.example.com", "http://", "http://host:port/v1"])
def test_a_base_url_that_is_none_is_refused(fmselect: Command, url: str) -> None:
    result = fmselect("measure", "--base-url", url, "--model", "x")

    assert (result.code, result.out) == (2, "")


def test_an_offering_that_is_not_there_is_refused(fmselect: Command) -> None:
    with serving(well) as server:
        near = timed(fmselect, server, "--offering", "atlas-2-mni@nimbus")
        far = timed(fmselect, server, "--offering", "zzz@here")

    assert (near.code, near.err) == (
        1,
        "--offering: 'atlas-2-mni@nimbus' is no offering of the catalog; did you mean 'atlas-2-mini@nimbus'?\n",
    )
    assert far.err == "--offering: 'zzz@here' is no offering of the catalog; add it: fmselect catalog new offering zzz@here\n"


# ---------------------------------------------------------------- what is kept


def keep(fmselect: Command, server: Server, into: Path, *more: object) -> Result:
    return timed(fmselect, server, "--offering", ATLAS, "--place", "my desk", "--into", into, *more)


def test_the_result_becomes_a_copy_of_the_offering_in_your_folder(fmselect: Command, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    with serving(well) as server:
        result = keep(fmselect, server, mine)
        again = keep(fmselect, server, mine, "--catalog", mine)

    file = mine / "offerings/nimbus/atlas-2-mini.yaml"
    text = file.read_text(encoding="utf-8")
    shipped = (FROZEN.root / "offerings/nimbus/atlas-2-mini.yaml").read_text(encoding="utf-8")
    assert (result.code, result.err) == (0, "")
    assert f"\nWritten: {file}\nUse it with: --catalog {mine}\n" in result.out
    assert '+    place: "my desk"' in result.out
    assert text.startswith(shipped.rstrip("\n"))
    assert text.count("kind: measured") == 1
    assert "measured_on: 2026-11-23" in text
    assert again.code == 0
    assert again.out.endswith(f"\nWritten: {file}\n")
    assert fmselect("catalog", "check", mine).code == 0


def test_what_was_measured_is_what_is_used(fmselect: Command, tmp_path: Path) -> None:
    with serving(well) as server:
        keep(fmselect, server, tmp_path / "mine")

    flags = ("rag", "--max-answer-s", "5", "--format", "json", "--exclude-platform", "acme-api")
    before = json.loads(fmselect("recommend", *flags).out)
    after = json.loads(fmselect("recommend", *flags, "--catalog", tmp_path / "mine").out)

    assert ATLAS not in [row["offering"] for row in before["ranking"]]
    row = next(row for row in after["ranking"] if row["offering"] == ATLAS)
    verdict = next(verdict for verdict in row["verdicts"] if verdict["constraint"] == "answer")
    assert (verdict["verdict"], row["estimate"]["answer_s"]["kind"]) == ("met", "measured")
    assert verdict["source"].startswith("measured from my desk on 2026-11-23, own measurement with fmselect measure")


def test_a_dry_run_shows_the_change_and_writes_nothing(fmselect: Command, tmp_path: Path) -> None:
    with serving(well) as server:
        result = keep(fmselect, server, tmp_path / "mine", "--dry-run")

    assert result.out.endswith("\nNot written: --dry-run.\n")
    assert not (tmp_path / "mine").exists()


def test_too_few_are_not_kept(fmselect: Command, tmp_path: Path) -> None:
    with serving(well) as server:
        result = keep(fmselect, server, tmp_path / "mine", "--repeats", 4)

    assert result.code == 0
    assert result.err == f"fmselect: 4 timed requests are too few to keep: 5 or more are needed; {tmp_path / 'mine'} is not changed\n"
    assert not (tmp_path / "mine").exists()


def test_a_file_that_cannot_be_changed_is_left_alone(fmselect: Command, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    file = mine / "offerings/nimbus/atlas-2-mini.yaml"
    file.parent.mkdir(parents=True)
    shipped = (FROZEN.root / "offerings/nimbus/atlas-2-mini.yaml").read_text(encoding="utf-8")
    file.write_text(shipped + "speed: []\n", encoding="utf-8")
    with serving(well) as server:
        result = keep(fmselect, server, mine)

    assert result.code == 1
    assert "writes `speed` on one line" in result.err
    assert file.read_text(encoding="utf-8").endswith("speed: []\n")


def test_a_folder_that_cannot_be_written_is_told(fmselect: Command, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "offerings").write_text("in the way", encoding="utf-8")
    with serving(well) as server:
        result = keep(fmselect, server, tmp_path / "mine")

    assert result.code == 1
    assert "cannot be written" in result.err


def test_timings_are_kept_and_gone_on_from(fmselect: Command, tmp_path: Path) -> None:
    file = tmp_path / "timings.jsonl"
    with serving(well) as server:
        first = told(fmselect, server, "--samples", file, "--max-requests", 4)
        second = told(fmselect, server, "--samples", file)
        asked = len(server.asked)
        third = told(fmselect, server, "--samples", file)

    assert (first["requests"]["timed"], first["ended"]) == (3, "4 requests are reached")
    assert (second["requests"]["timed"], second["requests"]["sent"]) == (6, 4)
    assert (third["requests"]["timed"], len(server.asked)) == (6, asked)
    assert len(file.read_text(encoding="utf-8").splitlines()) == 7


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "is no file of samples"), ("{]", "is no file of samples"), ("{}\n", "holds timings of something else")],
)
def test_a_file_of_other_things_is_not_added_to(fmselect: Command, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "timings.jsonl"
    file.write_text(text, encoding="utf-8")
    with serving(well) as server:
        result = timed(fmselect, server, "--samples", file)

    assert (result.code, result.out, server.asked) == (1, "", [])
    assert f"{file}:1: {said}" in result.err


def test_a_file_of_samples_that_cannot_be_made_is_told(fmselect: Command, tmp_path: Path) -> None:
    with serving(well) as server:
        result = timed(fmselect, server, "--samples", tmp_path / "none" / "timings.jsonl")

    assert (result.code, "cannot be used" in result.err) == (1, True)


def test_ctrl_c_tells_what_was_timed_until_then(tmp_path: Path) -> None:
    def three_then_none(exchange: Exchange) -> None:
        if exchange.number < 4:
            well(exchange)
            return
        process.send_signal(signal.SIGINT)
        exchange.wait(30)

    command = [sys.executable, "-m", "fmselect", "measure", "--model", "atlas", "--samples", str(tmp_path / "timings.jsonl"), "--base-url"]
    environment = {"PATH": "", "HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parent.parent.parent), "COLUMNS": "80"}
    # Where the tests run in the background, the shell has them ignore Ctrl-C, and so would what they start.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with serving(three_then_none) as server:
            process = subprocess.Popen([*command, server.url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
            out, err = process.communicate(timeout=60)
    finally:
        signal.signal(signal.SIGINT, before)

    assert "3 of 20 requests timed" in out, err
    assert "Ended early: stopped by you." in out
    assert (process.returncode, err) == (0, "")
    assert len((tmp_path / "timings.jsonl").read_text(encoding="utf-8").splitlines()) == 4


# ---------------------------------------------------------------- the way there


def test_a_proxy_of_the_environment_is_used(fmselect: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(well) as server:
        monkeypatch.setenv("http_proxy", server.url.removesuffix("/v1"))
        monkeypatch.delenv("no_proxy", raising=False)
        result = fmselect("measure", "--base-url", "http://elsewhere.example/v1", "--model", "x", "--repeats", 1)

    assert (result.code, server.asked) == (1, server.asked)
    assert server.asked[0].handler.path == "http://elsewhere.example/v1/chat/completions"


def test_a_connection_that_the_endpoint_closed_is_made_anew(fmselect: Command) -> None:
    def closing(exchange: Exchange) -> None:
        well(exchange)
        exchange.handler.close_connection = True

    with serving(closing) as server:
        found = told(fmselect, server)

    assert found["requests"]["failed"] == 0


def test_https_is_checked(fmselect: Command) -> None:
    with serving(well) as server:
        result = fmselect("measure", "--base-url", server.url.replace("http:", "https:"), "--model", "x", "--repeats", 1)

    assert (result.code, "SSLError" in result.out) == (1, True)
