"""Results as evaluation tools write them: recognized by content, read as they are meant, refused with file and line."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import zstandard

from fmselect.errors import InvalidInput
from fmselect.importers import formats
from fmselect.importers.results import Result, Results, count, day_of, number, texts
from tests.builders import FIXTURES

EVIDENCE = FIXTURES / "evidence"

Change = Callable[[dict[str, Any]], object]


def read(name: str) -> Results:
    return formats.read(name, (EVIDENCE / name).read_bytes())


def changed(name: str, change: Change) -> bytes:
    """Return a fixture with a change made to its data."""
    data = json.loads((EVIDENCE / name).read_text(encoding="utf-8"))
    change(data)
    return json.dumps(data, indent=2).encode()


def archive(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as made:
        for name, raw in files.items():
            made.writestr(name, raw)
    return packed.getvalue()


def by_metric(found: Results, suite: str) -> dict[str, Result]:
    return {result.metric: result for result in found.results if result.suite == suite}


# ---------------------------------------------------------------- lm-evaluation-harness


def test_the_harness_gives_every_metric_of_a_task_with_its_error_cases_effort_and_day() -> None:
    found = read("lm-eval-atlas.json")

    assert found.tool == "lm-evaluation-harness 0.4.9.1"
    first = next(iter(by_metric(found, "tickets").values()))
    assert first == Result(
        "tickets",
        "exact_match,strict-match",
        "atlas-2",
        0.92,
        on=date(2026, 11, 20),
        effort="high",
        n=400,
        stderr=0.0136,
        line=5,
    )
    assert by_metric(found, "tickets")["exact_match,flexible-extract"].score == 0.94


def test_tasks_of_a_group_count_within_it_with_all_its_cases() -> None:
    found = read("lm-eval-atlas.json")

    assert by_metric(found, "letters")["acc"].n == 160
    assert by_metric(found, "letters")["acc"].stderr is None
    assert by_metric(found, "letters_de") == {}
    assert found.notes == ("2 tasks are counted within their groups: letters_de, letters_fr",)


def test_the_direction_is_the_one_that_the_harness_states() -> None:
    assert not by_metric(read("lm-eval-atlas.json"), "style")["word_perplexity"].higher_is_better


def test_a_model_is_named_by_the_arguments_where_nothing_else_names_it() -> None:
    assert {result.name for result in read("lm-eval-bear.json").results} == {"bear-ai/Bear-70B"}


def test_an_effort_that_is_none_of_ours_is_not_stated() -> None:
    raw = changed("lm-eval-atlas.json", lambda data: data["config"].update(gen_kwargs="reasoning_effort=huge,top_p=1"))

    assert {result.effort for result in formats.read("x.json", raw).results} == {None}


def test_cases_of_a_group_are_unknown_when_those_of_a_part_are() -> None:
    raw = changed("lm-eval-atlas.json", lambda data: data["n-samples"].pop("letters_fr"))

    assert by_metric(formats.read("x.json", raw), "letters")["acc"].n is None


def test_old_metrics_without_a_filter_are_read_too() -> None:
    raw = b'{"results": {"t": {"acc": 0.5, "acc_stderr": 0.1}}, "n-shot": {}, "model_name": "m"}'

    assert formats.read("x.json", raw).results == (Result("t", "acc", "m", 0.5, stderr=0.1, line=1),)


# ---------------------------------------------------------------- promptfoo


def test_promptfoo_gives_the_share_of_tests_passed_and_the_scores() -> None:
    found = read("promptfoo.json")

    assert found.tool == "promptfoo 0.120.4"
    passed = [result for result in found.results if result.metric == "pass"]
    assert [(result.name, round(result.score, 3), result.n, result.effort) for result in passed] == [
        ("acme:chat:atlas-2", 0.667, 3, "low"),
        ("bear", 0.5, 2, None),
    ]
    assert {result.suite for result in found.results} == {"Support tickets"}
    assert {result.on for result in found.results} == {date(2026, 11, 18)}
    tone = next(result for result in found.results if result.metric == "tone")
    assert (round(tone.score, 3), tone.n) == (0.6, 3)


def test_an_error_of_the_provider_counts_neither_way() -> None:
    assert read("promptfoo.json").notes == ("outputs that ended in an error of the provider count neither way: bear 1",)


def test_older_exports_name_the_provider_as_text_and_errors_by_their_message() -> None:
    def older(data: dict[str, Any]) -> None:
        for output in data["results"]["results"]:
            output["provider"] = output["provider"]["label"] or output["provider"]["id"]
            output.pop("failureReason")

    found = formats.read("x.json", changed("promptfoo.json", older))

    assert [(result.name, result.n) for result in found.results if result.metric == "pass"] == [("acme:chat:atlas-2", 3), ("bear", 2)]


def test_the_columns_stand_in_where_single_outputs_were_left_out() -> None:
    found = formats.read("x.json", changed("promptfoo.json", lambda data: data["results"].pop("results")))

    assert [(result.name, result.metric, round(result.score, 3), result.n) for result in found.results] == [
        ("acme:chat:atlas-2", "pass", 0.667, 3),
        ("bear", "pass", 0.5, 2),
    ]


def test_version_2_keeps_the_columns_in_a_table() -> None:
    def older(data: dict[str, Any]) -> None:
        summary = data["results"]
        summary.update(version=2, results=[], table={"head": {"prompts": summary.pop("prompts")}, "body": []})

    assert len(formats.read("x.json", changed("promptfoo.json", older)).results) == 2


def test_several_prompts_are_counted_together_and_said_so() -> None:
    def second(data: dict[str, Any]) -> None:
        data["results"]["results"][1]["promptIdx"] = 7

    assert (
        "2 prompts are counted together: run the one you use alone to judge it alone"
        in formats.read("x.json", changed("promptfoo.json", second)).notes
    )


# ---------------------------------------------------------------- Inspect


def test_inspect_gives_the_metrics_of_the_scorer_with_error_and_cases() -> None:
    found = read("inspect.json")

    assert found.tool == "Inspect 0.3.190"
    assert found.results == (
        Result("tickets", "accuracy", "acme/atlas-2", 0.9, on=date(2026, 11, 20), effort="high", n=118, stderr=0.0277, line=27),
    )
    assert found.notes == ("2 of 120 samples did not complete, and count neither way",)


def test_an_eval_archive_says_the_same() -> None:
    header = (EVIDENCE / "inspect.json").read_bytes()

    found = formats.read("run.eval", archive({"header.json": header, "samples/1_epoch_1.json": b"{}"}))

    assert [result.score for result in found.results] == [0.9]


def test_several_scorers_are_told_apart() -> None:
    def second(data: dict[str, Any]) -> None:
        data["results"]["scores"].append({"name": "judge", "metrics": {"mean": {"value": 0.5}, "std": {"value": 0.1}}})

    found = formats.read("x.json", changed("inspect.json", second))

    assert [(result.metric, result.score) for result in found.results] == [("match/accuracy", 0.9), ("judge/mean", 0.5)]


def test_the_effort_may_stand_in_the_plan() -> None:
    def planned(data: dict[str, Any]) -> None:
        data["eval"]["model_generate_config"] = {}
        data["plan"]["config"] = {"reasoning_effort": "low"}

    assert formats.read("x.json", changed("inspect.json", planned)).results[0].effort == "low"


# ---------------------------------------------------------------- tables


def test_a_table_gives_a_result_a_line() -> None:
    found = read("scores.csv")

    assert found.results[0] == Result("right", "", "acme/atlas-2", 0.92, on=date(2026, 11, 20), effort="high", n=200, line=2)
    assert (found.results[1].score, found.results[1].effort, found.results[1].line) == (0.81, None, 3)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_table_may_be_separated_otherwise_and_hold_intervals(separator: str) -> None:
    text = "Model,Metric,Score,Low,High,Stderr\r\nm,right,83,80,86,1.5\r\n\r\n".replace(",", separator)

    assert formats.read("x.csv", b"\xef\xbb\xbf" + text.encode()).results == (
        Result("right", "", "m", 83.0, low=80.0, high=86.0, stderr=1.5, line=2),
    )


# ---------------------------------------------------------------- Artificial Analysis


def test_a_copy_of_artificial_analysis_gives_every_evaluation_by_creator_and_slug() -> None:
    found = read("artificial-analysis.json")

    assert (found.tool, found.publisher) == ("Artificial Analysis", "Artificial Analysis")
    assert found.results == (
        Result("artificial-analysis-intelligence-index", "", "acme/atlas-2", 62.9, effort="high"),
        Result("artificial-analysis-gpqa", "", "acme/atlas-2", 0.791, effort="high"),
        Result("artificial-analysis-intelligence-index", "", "borealis/bear-70b-instruct", 31.0),
        Result("artificial-analysis-gpqa", "", "borealis/bear-70b-instruct", 0.42),
    )
    assert found.notes == ("speeds and prices are of a model over all hosts, not of an offering, and are left out",)


def test_a_model_without_slug_or_creator_is_named_as_well_as_it_can_be() -> None:
    def odd(data: dict[str, Any]) -> None:
        data["data"][0].pop("slug")
        data["data"][1]["model_creator"]["slug"] = None

    found = formats.read("x.json", changed("artificial-analysis.json", odd))

    assert {result.name for result in found.results} == {"bear-70b-instruct"}


# ---------------------------------------------------------------- what cannot be read

BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b" \n", "x:1: is empty: give a file of results"),
    "no UTF-8": (b"model,score\n\xff", "x:2: is not UTF-8: save the file as UTF-8"),
    "no JSON": (b'{\n"results": oops}', "x:2: is not valid JSON: Expecting value"),
    "samples": (b'{"doc_id": 0}\n{"doc_id": 1}', "x:2: is not valid JSON: Extra data: give the results file, not the samples (.jsonl)"),
    "nested": (b"[" * 200_000, "x:1: is not valid JSON: it is nested too deep"),
    "other JSON": (b'{"hello": 1}', "x:1: holds no results in a known format: give a file of lm-evaluation-harness, results_*.json; Inspect, .eval or .json; promptfoo, results.json; Artificial Analysis, the JSON of their API; a table with the columns model, metric, score, n"),
    "other text": (b"Dear Sir,\nhello", "x:1: holds no results in a known format: give a file of lm-evaluation-harness, results_*.json; Inspect, .eval or .json; promptfoo, results.json; Artificial Analysis, the JSON of their API; a table with the columns model, metric, score, n"),
    "no column": (b"model,score\nm,1", "x:1: has no column 'metric': name the columns model, metric, score, n in the first line"),
    "odd column": (b"model,metric,score,efort\nm,right,1,", "x:1: has a column 'efort' that is not known; did you mean 'effort'? (known: model, metric, score, n, effort, date, low, high, stderr)"),
    "twice": (b"model,metric,score,n,n\nm,right,1,2,3", "x:1: names the column 'n' twice: keep one"),
    "no rows": (b"model,metric,score\n", "x:1: has no line of results below its first line"),
    "cells": (b"model,metric,score\nm,right", "x:2: has 2 cells for 3 columns: quote a cell that holds the separator"),
    "every wrong cell": (
        b"model,metric,score,n,effort,date\n,,much,many,huge,soon",
        "x:2: date: is 'soon', no date: write YYYY-MM-DD\nx:2: effort: is 'huge', not one of none, minimal, low, medium, high, xhigh, max\nx:2: metric: is empty: say what was measured\nx:2: model: is empty: name the model\nx:2: n: is 'many', not a number of cases: write 400\nx:2: score: is 'much', not a number: write 0.83, 83 or 83%",
    ),
    "endless": (b"model,metric,score\nm,right,1e999", "x:2: score: is '1e999', not a number: write 0.83, 83 or 83%"),
    "a quote": (b'model,metric,score\n"m,right,1', "x:2: is not valid CSV: unexpected end of data"),
    "zip of another": (archive({"a.txt": b""}), "x:1: is a zip archive, but no log of Inspect: it has no header.json"),
    "unfinished zip": (archive({"_journal/start.json": b"{}"}), "x:1: is the log of a run that did not end: it has no header.json yet"),
    "damaged zip": (b"PK\x03\x04 and so on", "x:1: is a damaged zip archive: File is not a zip file"),
    "odd header": (archive({"header.json": b"{"}), "x:1: its header.json is not valid JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    "harness without model": (changed("lm-eval-bear.json", lambda data: data["config"].pop("model_args")), "x:15: names no model: neither model_name nor config.model_args says which was run"),
    "harness without scores": (changed("lm-eval-bear.json", lambda data: data.update(results={"tickets": {"alias": "tickets"}})), "x:2: holds no score: every task in `results` is without a number"),
    "promptfoo without tests": (changed("promptfoo.json", lambda data: data["results"].update(results=[], prompts=[])), "x:3: holds no tested output of any provider: export after `promptfoo eval`, with its results"),
    "Inspect without model": (changed("inspect.json", lambda data: data["eval"].update(model="")), "x:4: names no model in `eval.model`"),
    "Inspect of a failed run": (changed("inspect.json", lambda data: data.update(status="error")), "x:3: is the log of a run with status 'error': import runs that ended with success"),
    "Artificial Analysis without evaluations": (changed("artificial-analysis.json", lambda data: data.update(data=data["data"][2:])), "x:7: holds no evaluations: save the answer about language models whole"),
    "Inspect without scores": (changed("inspect.json", lambda data: data["results"].update(scores=[])), "x:28: holds no scores: score it first, with `inspect score`"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_told_with_file_line_and_what_to_do(case: str) -> None:
    raw, expected = BROKEN[case]

    with pytest.raises(InvalidInput, match=r".") as caught:
        formats.read("x", raw)

    assert str(caught.value) == expected


def zstandard_archive(header: bytes, compression: int = 93, packed: bytes | None = None) -> bytes:
    """Return an archive as newer versions of Inspect write it, made of a stored one."""
    inner = packed if packed is not None else zstandard.ZstdCompressor().compress(header)
    made = bytearray(archive({"header.json": inner}, zipfile.ZIP_STORED))
    central = made.index(b"PK\x01\x02")
    made[8:10] = made[central + 10 : central + 12] = compression.to_bytes(2, "little")
    return bytes(made)


@pytest.mark.skipif(hasattr(zipfile, "ZIP_ZSTANDARD"), reason="this Python reads Zstandard itself")
def test_an_archive_compressed_with_zstandard_is_read_where_the_library_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = zstandard_archive((EVIDENCE / "inspect.json").read_bytes())

    assert [result.score for result in formats.read("x.eval", packed).results] == [0.9]

    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(InvalidInput, match=r"install fmselect\[zstd\], or convert it with `inspect log convert --to json"):
        formats.read("x.eval", packed)


@pytest.mark.skipif(hasattr(zipfile, "ZIP_ZSTANDARD"), reason="this Python reads Zstandard itself")
def test_other_compressions_and_damaged_members_are_refused() -> None:
    with pytest.raises(InvalidInput, match="is compressed in a way that cannot be read"):
        formats.read("x.eval", zstandard_archive(b"{}", 97))
    with pytest.raises(InvalidInput, match="is a damaged zip archive"):
        formats.read("x.eval", zstandard_archive(b"{}", packed=b"no frame at all"))


def test_a_header_or_file_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from fmselect.importers import inspect_log, results

    monkeypatch.setattr(inspect_log, "HEADER_MAX_BYTES", 5)
    with pytest.raises(InvalidInput, match=r"its header.json has 10 bytes; the limit is 5"):
        formats.read("x.eval", archive({"header.json": b'{"a": "b"}'}))
    monkeypatch.setattr(results, "MAX_BYTES", 5)
    with pytest.raises(InvalidInput, match="the file has 11 bytes; the limit is 5"):
        formats.read("x.csv", b"model,score")


def test_a_named_format_is_not_guessed() -> None:
    with pytest.raises(InvalidInput, match=r"names no model in `eval\.model`"):
        formats.read("x", b'{"hello": 1}', "inspect")


def test_small_readers_take_what_is_meant_and_nothing_else() -> None:
    assert [number(value) for value in (1, 0.5, True, "N/A", float("nan"))] == [1.0, 0.5, None, None, None]
    assert [count(value) for value in (3, 3.0, 2.5, 0, "3")] == [3, 3, None, None, None]
    assert day_of(1795132800.5) == date(2026, 11, 20)
    assert [day_of(value) for value in (1e300, "2026-13-01", "soon", None)] == [None] * 4
    assert texts(["a", "b", "c"], 2) == "a, b and 1 more"
