"""`fmselect evidence`: results of one's own come in, count, and are told apart; what is wrong is told with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import FIXTURES
from tests.cli.conftest import Command

EVIDENCE = FIXTURES / "evidence"
ATLAS, BEAR, SCORES = EVIDENCE / "lm-eval-atlas.json", EVIDENCE / "lm-eval-bear.json", EVIDENCE / "scores.csv"
BEAR_ALIAS = ("--alias", "bear-ai/Bear-70B=borealis/bear-70b")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Return the folder of a catalog of one's own, not made yet."""
    return tmp_path / "mine"


def theta(fmselect: Command, mine: Path, *evidence: str) -> dict[str, float]:
    """Return the raw quality by model and effort, as JSON tells it."""
    answer = json.loads(fmselect("recommend", "rag", "--per", "alternative", "--top", 99, "--unknown", "allow", "--catalog", mine, "--format", "json", *evidence).out)  # fmt: skip
    return {f"{row['model']} {row.get('effort', '')}".strip(): row["criteria"]["quality"].get("raw") for row in answer["ranking"]}


def test_results_of_the_harness_become_a_benchmark_of_ones_own(fmselect: Command, mine: Path) -> None:
    done = fmselect("evidence", "import", ATLAS, BEAR, "--metric", "exact_match", "--into", mine, *BEAR_ALIAS)

    assert (done.code, done.err) == (0, "lm-eval-atlas.json: 2 tasks are counted within their groups: letters_de, letters_fr\n")
    assert done.out == (
        f"{mine}/benchmarks/tickets.yaml: written, 2 of 2 rows from these files (tickets, exact_match,strict-match)\n"
        "  acme/atlas-2 92 (89.33 to 94.67), 400 cases, high effort, 2026-11-20: 'atlas-2', its id here\n"
        "  borealis/bear-70b 81 (77.16 to 84.84), 400 cases, 2026-11-20: 'bear-ai/Bear-70B', your alias\n"
        f"count it: fmselect recommend TASK --evidence tickets --catalog {mine}\n"
    )
    assert (mine / "benchmarks/tickets.yaml").read_text(encoding="utf-8") == (
        "# yaml-language-server: $schema=../schema/benchmark.schema.json\n"
        'name: "Own tickets"\n'
        "measures: quality\n"
        'says: "Own results: tickets, exact_match,strict-match, as lm-evaluation-harness gave them."\n'
        "unit: percent\n"
        "higher_is_better: true\n"
        'license: "your own results"\n'
        "own: true\n"
        'source: "own results, lm-evaluation-harness 0.4.9.1"\n'
        "checked: 2026-11-20\n"
        "rows:\n"
        '  - {model: acme/atlas-2, effort: high, score: 92, low: 89.33, high: 94.67, n: 400, on: 2026-11-20, name: "atlas-2"}\n'
        '  - {model: borealis/bear-70b, score: 81, low: 77.16, high: 84.84, n: 400, on: 2026-11-20, name: "bear-ai/Bear-70B"}\n'
    )
    assert (mine / "aliases/own.yaml").read_text(encoding="utf-8").endswith('names:\n  "bear-ai/Bear-70B": borealis/bear-70b\n')
    assert (mine / "schema/benchmark.schema.json").is_file()
    assert fmselect("catalog", "check", mine).code == 0


def test_the_same_files_again_change_nothing_and_the_alias_is_kept(fmselect: Command, mine: Path) -> None:
    fmselect("evidence", "import", ATLAS, BEAR, "--metric", "exact_match", "--into", mine, *BEAR_ALIAS)
    before = {path: path.read_bytes() for path in mine.rglob("*") if path.is_file()}

    again = fmselect("evidence", "import", ATLAS, BEAR, "--metric", "exact_match", "--into", mine, "--on", "2027-01-01")

    assert "tickets.yaml: unchanged, 2 of 2 rows" in again.out
    assert {path: path.read_bytes() for path in mine.rglob("*") if path.is_file()} == before


def test_what_does_not_match_is_told_and_the_rest_is_imported(fmselect: Command, mine: Path) -> None:
    done = fmselect("evidence", "import", ATLAS, BEAR, "--metric", "exact_match", "--into", mine)

    assert done.code == 0
    assert "not imported: 1 result whose model is not known by that name\n" in done.err
    assert (
        "  'bear-ai/Bear-70B' means no model of the catalog (is it borealis/bear-70b?): say --alias 'bear-ai/Bear-70B=DEVELOPER/MODEL'\n"
        in done.err
    )
    assert "1 of 1 rows" in done.out


def test_strict_writes_nothing_unless_every_name_matches(fmselect: Command, mine: Path) -> None:
    done = fmselect("evidence", "import", ATLAS, BEAR, "--metric", "exact_match", "--into", mine, "--strict")

    assert (done.code, done.out) == (1, "")
    assert "'bear-ai/Bear-70B' means no model of the catalog" in done.err
    assert not mine.exists()


def test_a_dry_run_writes_nothing(fmselect: Command, mine: Path) -> None:
    done = fmselect("evidence", "import", SCORES, "--into", mine, "--dry-run")

    assert "right.yaml: would be written, 3 of 3 rows from these files (right)\n" in done.out
    assert not mine.exists()


def test_without_a_folder_it_goes_where_every_command_reads(fmselect: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configured = tmp_path / "config/fmselect/catalog/benchmarks/right.yaml"
    fmselect("evidence", "import", SCORES)
    assert configured.is_file()
    assert "count it: fmselect recommend TASK --evidence again\n" in fmselect("evidence", "import", SCORES, "--name", "again").out

    monkeypatch.setenv("FMSELECT_CATALOG", str(tmp_path / "named"))
    (tmp_path / "named").mkdir()
    fmselect("evidence", "import", SCORES, "--name", "here")

    assert (tmp_path / "named/benchmarks/here.yaml").is_file()
    assert fmselect("recommend", "rag", "--evidence", "here", "--evidence", "again").code == 0


def test_the_other_formats_come_in_alike(fmselect: Command, mine: Path) -> None:
    promptfoo = fmselect("evidence", "import", "promptfoo", EVIDENCE / "promptfoo.json", "--into", mine, "--alias", "acme:chat:atlas-2=acme/atlas-2:high", "--alias", "bear=borealis/bear-70b")  # fmt: skip
    inspect = fmselect("evidence", "import", EVIDENCE / "inspect.json", "--into", mine, "--name", "logged")

    assert "  acme/atlas-2 66.6667 (20.77 to 93.85), 3 cases, high effort, 2026-11-18: 'acme:chat:atlas-2', your alias\n" in promptfoo.out
    assert "  acme/atlas-2 90 (84.57 to 95.43), 118 cases, high effort, 2026-11-20: 'acme/atlas-2', its id here\n" in inspect.out
    assert (mine / "aliases/own.yaml").read_text(encoding="utf-8").endswith('efforts:\n  "acme:chat:atlas-2": high\n')


def test_a_copy_of_artificial_analysis_stays_with_the_user(fmselect: Command, mine: Path) -> None:
    done = fmselect("evidence", "import", "artificial-analysis", EVIDENCE / "artificial-analysis.json", "--into", mine, "--alias", "borealis/bear-70b-instruct=borealis/bear-70b")  # fmt: skip

    assert done.code == 0
    assert "  acme/atlas-2 62.9, high effort, 2026-11-23: 'acme/atlas-2', its id here\n" in done.out
    assert sorted(path.name for path in (mine / "benchmarks").iterdir()) == [
        "artificial-analysis-gpqa.yaml",
        "artificial-analysis-intelligence-index.yaml",
    ]
    text = (mine / "benchmarks/artificial-analysis-gpqa.yaml").read_text(encoding="utf-8")
    assert 'license: "Artificial Analysis: your own copy, not to be passed on"\nown: true\n' in text
    assert fmselect("recommend", "rag", "--catalog", mine, "--evidence", "artificial-analysis-gpqa").code == 0


def test_openrouters_statistics_become_speeds_of_offerings(fmselect: Command, mine: Path) -> None:
    file = EVIDENCE / "openrouter-endpoints.json"
    alias = ("--alias", "acme/atlas-2 nimbus=atlas-2@nimbus")

    first = fmselect("evidence", "import", "openrouter", file, "--into", mine, *alias)
    text = (mine / "offerings/nimbus/atlas-2.yaml").read_text(encoding="utf-8")
    again = fmselect("evidence", "import", "openrouter", file, "--into", mine)

    assert (first.code, first.err) == (0, "")
    assert (
        first.out
        == f"{mine}: 1 offering written\n  atlas-2@nimbus: first token 0.82-1.64s, 31.2-80 tokens/s, uptime 99.3%: 'acme/atlas-2 nimbus'\n"
    )
    assert (
        "    ttft_s: [0.82, 1.64]\n    output_tokens_per_s: [31.2, 80]\n    source: a copy of OpenRouter's statistics of endpoints\n"
        in text
    )
    assert fmselect("catalog", "check", mine).code == 0
    assert again.out.startswith(f"{mine}: 0 offerings written\n")
    assert (mine / "offerings/nimbus/atlas-2.yaml").read_text(encoding="utf-8") == text


def test_an_endpoint_that_is_no_offering_is_told(fmselect: Command, mine: Path, tmp_path: Path) -> None:
    unmatched = fmselect("evidence", "import", "openrouter", EVIDENCE / "openrouter-endpoints.json", "--into", mine)
    missing = fmselect("evidence", "import", "openrouter", tmp_path / "none.json", "--into", mine)
    none = fmselect("evidence", "import", "openrouter")
    odd = fmselect("evidence", "import", "openrouter", tmp_path / "none.json", "--alias", "x=atlas-2@nimbsu")

    assert (unmatched.code, unmatched.out) == (1, "")
    assert "'acme/atlas-2 nimbus' is no offering of the catalog: say --alias 'acme/atlas-2 nimbus=MODEL@PLATFORM'\n" in unmatched.err
    assert missing.err == f"{tmp_path}/none.json:1: cannot be read: No such file or directory\n"
    assert (none.code, odd.code) == (2, 2)
    assert not mine.exists()


def test_long_lists_are_cut(fmselect: Command, mine: Path, tmp_path: Path) -> None:
    table = tmp_path / "many.csv"
    table.write_text("model,metric,score\natlas-2,right,0.5\n" + "".join(f"model-{i},right,0.5\n" for i in range(25)), encoding="utf-8")

    done = fmselect("evidence", "import", table, "--into", mine, "--dry-run")

    assert "not imported: 25 results whose model is not known by that name\n" in done.err
    assert done.err.endswith("  and 5 more names\n")


# ---------------------------------------------------------------- counting


def test_evidence_moves_what_it_names_and_explain_says_so(fmselect: Command, mine: Path) -> None:
    fmselect("evidence", "import", SCORES, "--into", mine)

    public, counted = theta(fmselect, mine), theta(fmselect, mine, "--evidence", "right")
    explained = fmselect("explain", "atlas-2-mini", "rag", "--catalog", mine, "--evidence", "right=2")

    assert counted != public
    assert set(counted) == set(public)
    assert "your right 85 (79.39 to 89.29), 200 cases, 2026-11-20, counted as" in " ".join(explained.out.split())
    assert "2 public boards; which moves the ability from" in " ".join(explained.out.split())


def test_a_requirements_file_says_how_much_it_counts(fmselect: Command, mine: Path, tmp_path: Path) -> None:
    fmselect("evidence", "import", SCORES, "--into", mine)
    file = tmp_path / "need.yaml"

    def asked(text: str) -> dict[str, object]:
        file.write_text(f"task: rag\n{text}", encoding="utf-8")
        found: dict[str, object] = json.loads(fmselect("recommend", "-r", file, "--catalog", mine, "--format", "json").out)["requirements"]
        return found

    assert asked("evidence: right\n")["evidence"] == {"right": "10"}
    assert asked("evidence: [right=3]\n")["evidence"] == {"right": "3"}
    assert asked("evidence: {right: 2.5}\n")["evidence"] == {"right": "2.5"}


def test_compare_and_show_count_it_too(fmselect: Command, mine: Path) -> None:
    fmselect("evidence", "import", SCORES, "--into", mine)

    def shown(*more: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = json.loads(fmselect("show", "bear-70b", "--catalog", mine, "--format", "json", *more).out)[
            "abilities"
        ]
        return found

    assert fmselect("compare", "bear-70b", "atlas-2", "--task", "rag", "--catalog", mine, "--evidence", "right").code == 0
    assert shown() != shown("--evidence", "right")
    assert "right" in fmselect("show", "bear-70b", "--catalog", mine).out
    wrong = fmselect("show", "bear-70b", "--catalog", mine, "--evidence", "rihgt")
    assert (wrong.code, wrong.err) == (1, "evidence: 'rihgt' is no benchmark of your own; did you mean 'right'?\n")


# ---------------------------------------------------------------- what is wrong

WRONG: dict[str, tuple[str | None, tuple[str, ...], int, str]] = {
    "no such file": (None, (), 1, "{file}:1: cannot be read: No such file or directory"),
    "empty": ("", (), 1, "{file}:1: is empty: give a file of results"),
    "of no format": ("hello\n", (), 1, "{file}:1: holds no results in a known format"),
    "broken JSON": ('{\n"results": }', (), 1, "{file}:2: is not valid JSON: Expecting value"),
    "samples": ('{"doc_id": 0}\n{"doc_id": 1}\n', (), 1, "{file}:2: is not valid JSON: Extra data: give the results file, not the samples (.jsonl)"),
    "a missing column": ("model,score\na,1\n", (), 1, "{file}:1: has no column 'metric': name the columns"),
    "a word for a number": ("model,metric,score\na,right,good\n", (), 1, "{file}:2: score: is 'good', not a number: write 0.83, 83 or 83%"),
    "no match": ("model,metric,score\natlas-22,right,1\n", (), 1, "{file}:1: 'atlas-22' means no model of the catalog (is it acme/atlas-2?): say --alias 'atlas-22=DEVELOPER/MODEL'"),
    "not comparable": ("model,metric,score\natlas-2,right,1200\n", (), 1, "right: left out, since scores from 1200 to 1200 are no share (say --unit elo if they are ratings)"),
    "another unit": ("model,metric,score\natlas-2,right,12\n", ("--unit", "share"), 1, "file.csv:2: score: is 12, no share: give another --unit"),
    "a board of the catalog": ("model,metric,score\natlas-2,right,1\n", ("--name", "duel"), 1, "--name: 'duel' is a board of the catalog: give yours another name"),
    "an odd name": ("model,metric,score\natlas-2,right,1\n", ("--name", "My Tests"), 2, "'My Tests' cannot be an id: write my-tests"),
    "an odd alias": ("model,metric,score\natlas-2,right,1\n", ("--alias", "x"), 2, "'x' is not NAME=DEVELOPER/MODEL"),
    "an alias of nothing": ("model,metric,score\natlas-2,right,1\n", ("--alias", "x=acme/atlas-22"), 2, "'acme/atlas-22' is no model of the catalog; did you mean 'acme/atlas-2'?"),
    "an odd effort": ("model,metric,score\natlas-2,right,1\n", ("--effort", "hihg"), 2, "'hihg' is not one of none, minimal, low, medium, high, xhigh, max; did you mean 'high'?"),
    "an unknown metric": ("model,metric,score\natlas-2,right,1\n", ("--metric", "wrong"), 1, "--metric: 'wrong' is no metric of the files: they hold right"),
    "an ignored model alone": ("model,metric,score\ntoy,right,1\n", (), 1, "'toy' is left out: a toy"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_with_its_place_and_what_to_do(fmselect: Command, mine: Path, tmp_path: Path, case: str) -> None:
    text, flags, code, expected = WRONG[case]
    file = tmp_path / "file.csv"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    (mine / "aliases").mkdir(parents=True)
    (mine / "aliases/own.yaml").write_text("says: mine\nignored: {toy: a toy}\n", encoding="utf-8")

    done = fmselect("evidence", "import", file, "--into", mine, *flags)

    assert (done.code, done.out) == (code, "")
    assert expected.format(file=file) in " ".join(done.err.replace("│", " ").split())
    assert not (mine / "benchmarks").exists()


def test_a_format_needs_a_file_after_it(fmselect: Command) -> None:
    done = fmselect("evidence", "import", "inspect")

    assert (done.code, done.out) == (2, "")
    assert "name a file after 'inspect'" in done.err


def test_a_folder_that_cannot_be_written_is_told(fmselect: Command, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")

    done = fmselect("evidence", "import", SCORES, "--into", tmp_path / "taken" / "mine")

    assert done.code == 1
    assert "right.yaml:1: cannot be written: Not a directory\n" in done.err
