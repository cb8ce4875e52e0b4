"""The rules of the house that no linter knows: layers, and what may not be asked for below the command line."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

import fmselect

PACKAGE = Path(fmselect.__file__).parent
BELOW_CLI = sorted(path for path in PACKAGE.rglob("*.py") if "cli" not in path.relative_to(PACKAGE).parts and path.name != "__main__.py")

CALLS = {"print", "input", "open", "breakpoint"}
ATTRIBUTES = {
    ("date", "today"),
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("os", "environ"),
    ("os", "getenv"),
    ("sys", "stdout"),
    ("sys", "stderr"),
    ("sys", "stdin"),
    ("sys", "argv"),
}
MODULES = {"socket", "ssl", "urllib", "http", "requests", "httpx", "subprocess", "time", "random", "getpass", "logging", "warnings"}


def outside(path: Path) -> list[str]:
    """Return where a module asks for the clock, the environment, the network, the screen or chance."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            found.append(f"{path.name}:{node.lineno}: {node.func.id}()")
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in ATTRIBUTES:
            found.append(f"{path.name}:{node.lineno}: {node.value.id}.{node.attr}")
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found += [f"{path.name}: imports {name}" for name in names if name.partition(".")[0] in MODULES]
    return found


@pytest.mark.parametrize("path", BELOW_CLI, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_below_the_command_line_there_is_no_clock_environment_network_or_printing(path: Path) -> None:
    assert outside(path) == []


def test_what_is_looked_for_would_be_found(tmp_path: Path) -> None:
    module = tmp_path / "m.py"
    module.write_text("import urllib.request\nfrom datetime import date\nprint(date.today())\n", encoding="utf-8")

    assert outside(module) == ["m.py: imports urllib.request", "m.py:3: print()", "m.py:3: date.today"]


def test_imports_point_down_the_layers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(PACKAGE.parent)

    assert lint_imports(config_filename="pyproject.toml", no_cache=True, is_debug_mode=False, show_timings=False, verbose=False) == 0


def test_the_package_says_that_it_is_typed() -> None:
    assert (PACKAGE / "py.typed").is_file()
