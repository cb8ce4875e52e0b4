"""The commands that the docs show really run, on the shipped catalog."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from fmselect.units import money

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMAND = re.compile(r"^\$ (fmselect (?:.*\\\n)*.*)$", re.MULTILINE)

FILE = re.compile(r"^```\w+ (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
"""A block whose fence names a file, as in "```csv usage.csv"."""


def commands() -> list[tuple[str, str]]:
    """Return every `$ fmselect ...` of the docs, in order, with its page."""
    found = []
    for page in PAGES:
        for match in COMMAND.finditer(page.read_text(encoding="utf-8")):
            found.append((page.relative_to(ROOT).as_posix(), match[1].replace("\\\n", " ").partition("  #")[0]))
    return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files that the docs tell of."""
    folder = tmp_path_factory.mktemp("desk")
    text = (ROOT / "docs/how-to/use-a-requirements-file.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert block is not None
    (folder / "requirements.yaml").write_text(block[1], encoding="utf-8")
    for page in PAGES:
        for name, content in FILE.findall(page.read_text(encoding="utf-8")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_there_are_commands_to_run() -> None:
    assert len(commands()) >= 15


@pytest.mark.parametrize("page", sorted({page for page, _ in commands()}))
def test_the_commands_of_a_page_run_one_after_the_other(page: str, desk: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    environment = {
        "PATH": "", "PYTHONPATH": str(ROOT), "HOME": str(desk), "FMSELECT_CACHE": str(tmp_path_factory.getbasetemp() / "cache"),
    }  # fmt: skip
    for command in (command for where, command in commands() if where == page):
        words = [sys.executable, "-m", "fmselect", *shlex.split(command)[1:]]
        done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=desk, env=environment, input="")

        assert done.returncode in (0, 3), f"{page}: {command}\n{done.stderr}"


def test_a_price_is_corrected_in_three_steps(tmp_path: Path) -> None:
    text = (ROOT / "docs/how-to/correct-a-price.md").read_text(encoding="utf-8")
    environment = {"PATH": "", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "FMSELECT_CACHE": str(tmp_path / "cache")}

    def run(command: str) -> str:
        words = [sys.executable, "-m", "fmselect", *shlex.split(command)[1:]]
        return subprocess.run(words, capture_output=True, text=True, check=True, cwd=tmp_path, env=environment).stdout

    copy, check, diff = COMMAND.findall(text.replace("   $ ", "$ "))
    file = tmp_path / run(copy).splitlines()[0]
    lines = file.read_text(encoding="utf-8").splitlines()
    start = lines.index("prices:")
    for old, new in re.findall(r"^   -(.*)\n   \+(.*)$", text, re.MULTILINE):
        key = old.partition(":")[0] + ":"
        lines[next(index for index, line in enumerate(lines) if index > start and line.startswith(key))] = new
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    assert run(check).endswith("no problems\n")
    assert re.search(r"input +\S+ +0\.9 +[-+]\d+%", run(diff))


def test_python_in_the_docs_runs() -> None:
    text = (ROOT / "docs/how-to/use-it-from-python.md").read_text(encoding="utf-8")
    block = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert block is not None

    done = subprocess.run([sys.executable, "-c", block[1]], capture_output=True, text=True, check=True, cwd=ROOT)

    assert done.stdout.startswith("1 ")


def test_what_is_computed_by_hand_is_right_and_what_the_command_prints() -> None:
    sections = (ROOT / "docs/how-to/compute-a-bill.md").read_text(encoding="utf-8").split("\n## ")
    by_hand = [
        (section, *match) for section in sections for match in re.findall(r"^    ([0-9. x/+]+) = ([0-9.]+)(.*)$", section, re.MULTILINE)
    ]

    assert len(by_hand) == 14
    for section, sum_, stated, unit in by_hand:
        exact = eval(re.sub(r"([0-9.]+)", r"Fraction('\1')", sum_.replace("x", "*")), {"Fraction": Fraction})
        assert round(exact, len(stated.partition(".")[2])) == Fraction(stated), sum_
        if unit.startswith(" USD") and "by use" not in unit:
            printed = section.partition("```text")[2]
            assert money(Decimal(stated)) in printed, f"{sum_} is not in:\n{printed}"


def test_links_in_the_docs_lead_somewhere() -> None:
    broken = []
    for page in [*PAGES, *sorted((ROOT / "catalog").glob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")

    assert broken == []


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120
