"""Runs whole commands on the frozen catalog, in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from fmselect import loading
from fmselect.cli.app import run
from tests.builders import FROZEN


@dataclass(frozen=True)
class Result:
    """What a person sees of a command."""

    code: int
    out: str
    err: str


Command = Callable[..., Result]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the machine's own catalogs, caches and terminal out of the tests."""
    monkeypatch.setattr(loading, "shipped", lambda: FROZEN)
    for name in ("FMSELECT_CATALOG", "NO_COLOR", "FMSELECT_TRACEBACK", "TERMINAL_WIDTH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FMSELECT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def fmselect(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return a function that runs `fmselect` with arguments, on the day of the fixtures."""

    def command(*arguments: object) -> Result:
        words = [str(argument) for argument in arguments]
        takes_a_day = (
            words[:1] not in (["--help"], ["--version"], ["workload"]) and words[:2] != ["catalog", "schema"] and "--help" not in words
        )
        dated = [*words, "--on", "2026-11-23"] if takes_a_day and "--on" not in words else words
        monkeypatch.setattr(sys, "argv", ["fmselect", *dated])
        code: object = 0
        try:
            run()
        except SystemExit as ended:
            code = ended.code
        captured = capsys.readouterr()
        return Result(code if isinstance(code, int) else 0, captured.out, captured.err)

    return command
