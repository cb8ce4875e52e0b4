"""What the command line takes from outside, and what it does when something goes wrong."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from fmselect.cli import app, options, session
from fmselect.cli.recommend import recommend
from fmselect.errors import FmselectError
from fmselect.requirements import Requirements
from fmselect.strict_yaml import Document
from tests.cli.conftest import Command


def test_every_requirement_is_a_flag() -> None:
    assert {flag.field for flag in options.FLAGS} == set(Requirements.__struct_fields__) - {"task", "given"}


def test_terms_are_completed_from_the_catalog(monkeypatch: pytest.MonkeyPatch) -> None:
    assert options.complete("platforms")("nim") == ["nimbus"]
    assert "atlas-2" in options.complete("models")("atlas")
    assert "duel" in options.complete("everything")("du")
    assert options.words(("cost", "quality"))("q") == ["quality"]
    monkeypatch.setenv("FMSELECT_CATALOG", "/nowhere/at/all")
    assert options.complete("platforms")("nim") == []


def test_shell_completion_knows_commands_and_platforms(fmselect: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_FMSELECT_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "fmselect rec")
    monkeypatch.setenv("COMP_CWORD", "1")
    monkeypatch.setattr(sys, "argv", ["fmselect"])
    done = subprocess.run([sys.executable, "-m", "fmselect"], capture_output=True, text=True, check=False)

    assert "recommend" in done.stdout


@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/caches"}, "/caches/fmselect"),
        ("linux", {"HOME": "/home/me"}, "/home/me/.cache/fmselect"),
        ("darwin", {"HOME": "/Users/me"}, "/Users/me/Library/Caches/fmselect"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/fmselect"),
        ("linux", {"FMSELECT_CACHE": "/mine"}, "/mine"),
    ],
)
def test_the_cache_is_where_the_system_keeps_caches(
    monkeypatch: pytest.MonkeyPatch, system: str, variables: dict[str, str], expected: str
) -> None:
    monkeypatch.delenv("FMSELECT_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", system)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert session.cache() == Path(expected)


def test_color_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not session.page(no_color=False).color
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert session.page(no_color=False).color
    assert not session.page(no_color=True).color
    monkeypatch.setenv("NO_COLOR", "1")
    assert not session.page(no_color=False).color


def test_the_page_is_as_wide_as_the_terminal_within_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    widths = []
    for columns in ("40", "120", "500"):
        monkeypatch.setenv("COLUMNS", columns)
        widths.append(session.page(no_color=False).width)

    assert widths == [80, 120, 140]


def test_today_is_a_day() -> None:
    assert abs((session.today(None) - datetime.now(tz=UTC).date()).days) <= 1
    assert session.today("2026-12-02") == date(2026, 12, 2)


def fail(error: Exception) -> object:
    def build(only: str | None, words: Sequence[str]) -> object:
        def raised() -> None:
            raise error

        return raised

    return build


def test_an_internal_fault_is_one_message_and_no_traceback(fmselect: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "build", fail(RuntimeError("broken")))

    result = fmselect("recommend")

    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("fmselect: internal fault: RuntimeError: broken\n")


def test_the_traceback_of_a_fault_can_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "build", fail(RuntimeError("broken")))
    monkeypatch.setenv("FMSELECT_TRACEBACK", "1")

    with pytest.raises(RuntimeError, match="broken"):
        app.run()


def test_an_error_of_ours_is_its_message(fmselect: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "build", fail(FmselectError("the reason")))

    assert fmselect("recommend").err == "fmselect: the reason\n"


def test_the_module_runs_like_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "fmselect", "--version"], capture_output=True, text=True, check=True)

    assert done.stdout.startswith("fmselect ")


def test_documents_without_lines_still_locate() -> None:
    assert Document("file.yaml", {}, {}).line_of(("a", 0)) == 1


def test_a_flag_that_is_misspelled_is_answered_with_the_ones_it_may_mean(fmselect: Command) -> None:
    result = fmselect("recommend", "rag", "--max-cots", "5")

    assert result.code == 2
    assert result.out == ""
    assert "No such option: --max-cots" in result.err
    assert "--max-cost" in result.err.replace("\n", " ")


def test_help_lists_every_flag_whatever_else_is_given(fmselect: Command) -> None:
    result = fmselect("recommend", "rag", "--max-cost", "5", "--help")

    assert result.code == 0
    assert all(flag.name in result.out for flag in options.FLAGS if len(flag.name) < 18)


def test_only_the_options_that_are_named_are_set_up() -> None:
    def set_up(*words: str) -> list[str]:
        return list(inspect.signature(options.narrowed(recommend, words)).parameters)

    assert set_up("rag", "--residency", "eu", "-f", "json", "--top=3") == ["task", "format", "residency", "top"]
    assert set_up("rag") == ["task"]
    assert len(set_up("rag", "--residncy", "eu")) == len(set_up("--help")) > len(options.FLAGS)
