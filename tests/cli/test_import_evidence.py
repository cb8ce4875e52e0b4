"""`fmselect catalog import evidence`: rows by the tables of names, once and the same twice, and what did not match."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command

BOARD = """\
name: Arena text, coding
measures: quality
says: People compare two answers.
unit: elo
higher_is_better: true
license: CC BY 4.0
source: https://example.com/facts
checked: 2026-11-22
rows: []
"""
NAMES = """\
says: Models as a board names them.
names: {"Atlas 2 (High)": acme/atlas-2, Bear: borealis/bear-70b}
efforts: {"Atlas 2 (High)": high}
ignored: {Bear old: another snapshot}
"""


def line(name: str, score: float, **facts: Any) -> str:
    return json.dumps({
        "benchmark": "arena/text/coding", "metric": "bradley-terry rating", "model_as_published": name, "score": score,
        "ci_low": score - 5, "ci_high": score + 5, "date": "2026-10-20", "source": "a package", **facts,
    })  # fmt: skip


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Return a catalog folder with one board, without rows, and the table of its names."""
    for place, text in (("benchmarks/arena-text-coding.yaml", BOARD), ("aliases/arena.yaml", NAMES)):
        (tmp_path / "mine" / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mine" / place).write_text(text, encoding="utf-8")
    return tmp_path / "mine"


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Return a folder with one evidence file."""
    lines = [
        line("Atlas 2 (High)", 1500),
        line("Bear", 1400),
        line("Bear old", 1300),
        line("Atlas 2 mini", 1200),
        line("Nobody", 1),
        line("Bear", 1, benchmark="arena/agent", metric="steerability"),
    ]
    (tmp_path / "files").mkdir()
    (tmp_path / "files/arena.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "files"


def test_the_rows_of_a_board_are_written_once_and_what_did_not_match_is_told(fmselect: Command, mine: Path, published: Path) -> None:
    first = fmselect("catalog", "import", "evidence", published, "--into", mine)
    second = fmselect("catalog", "import", "evidence", published / "arena.jsonl", "--into", mine)

    assert (first.code, first.err) == (0, "")
    assert first.out == (
        f"{mine}/benchmarks/arena-text-coding.yaml: written, 2 rows: 2 new\n"
        "matched: 2 of 3 results of models in the catalog (66.7%)\n"
        "left out on purpose: 1 result, as the tables of names say\n"
        "not in the catalog: 1 result by 1 name\n"
        "not matched, and like a model of the catalog (say in aliases/ what they mean, or why they are left out):\n"
        "  'Atlas 2 mini' (1 result): acme/atlas-2-mini?\n"
        "boards that are not taken:\n"
        "  arena/agent, steerability: parts of the same sessions as net improvement (1 result)\n"
    )
    assert second.out.startswith("1 board unchanged\n")
    assert (mine / "benchmarks/arena-text-coding.yaml").read_text(encoding="utf-8") == BOARD.replace(
        "rows: []\n",
        "rows:\n"
        '  - {model: acme/atlas-2, effort: high, score: 1500, low: 1495, high: 1505, on: 2026-10-20, name: "Atlas 2 (High)"}\n'
        '  - {model: borealis/bear-70b, score: 1400, low: 1395, high: 1405, on: 2026-10-20, name: "Bear"}\n',
    )
    assert fmselect("catalog", "check", mine).code == 0


def test_a_dry_run_lists_what_would_change_and_writes_nothing(fmselect: Command, mine: Path, published: Path) -> None:
    fmselect("catalog", "import", "evidence", published, "--into", mine)
    (published / "arena.jsonl").write_text(line("Atlas 2 (High)", 1510) + "\n", encoding="utf-8")
    before = (mine / "benchmarks/arena-text-coding.yaml").read_bytes()

    done = fmselect("catalog", "import", "evidence", published, "--into", mine, "--dry-run", "--all")

    assert "would be written, 1 row: 1 changed, 1 gone\n" in done.out
    assert "  ~ acme/atlas-2 high 1500 (1495 to 1505), 2026-10-20, 'Atlas 2 (High)' -> acme/atlas-2 high 1510 (1505 to 1515), 2026-10-20, 'Atlas 2 (High)'\n" in done.out  # fmt: skip
    assert "  - borealis/bear-70b 1400 (1395 to 1405), 2026-10-20, 'Bear'\n" in done.out
    assert (mine / "benchmarks/arena-text-coding.yaml").read_bytes() == before


def test_what_is_wrong_is_told_with_its_place(fmselect: Command, mine: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.jsonl").write_text(line("Bear", 1) + '\n{"hello": 1}\n', encoding="utf-8")

    broken = fmselect("catalog", "import", "evidence", tmp_path / "odd.jsonl", "--into", mine)
    missing = fmselect("catalog", "import", "evidence", tmp_path / "none.jsonl", "--into", mine)
    empty = fmselect("catalog", "import", "evidence", mine, "--into", mine)

    assert (broken.code, broken.out) == (1, "")
    assert broken.err == f"{tmp_path}/odd.jsonl:2: is no JSON of a result: give the evidence file as it was published\n"
    assert missing.err == f"{tmp_path}/none.jsonl:1: cannot be read: No such file or directory\n"
    assert empty.err == f"{mine}:1: holds no .jsonl file: give an evidence file, or a folder of them\n"


def test_every_file_that_cannot_be_read_is_told(fmselect: Command, mine: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / "results" / f"{name}.jsonl").mkdir(parents=True)

    done = fmselect("catalog", "import", "evidence", tmp_path / "results", "--into", mine)

    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines() == [
        f"{tmp_path}/results/a.jsonl:1: cannot be read: Is a directory",
        f"{tmp_path}/results/b.jsonl:1: cannot be read: Is a directory",
        "fmselect: 2 problems",
    ]
