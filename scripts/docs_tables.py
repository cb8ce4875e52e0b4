"""What the generated parts of the docs say; `cog` calls these from the Markdown files."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DEMO = (
    "recommend", "rag", "--requests-per-month", "100000", "--input-tokens", "6000", "--output-tokens", "500",
    "--min-context", "200k", "--residency", "eu", "--compliance", "hipaa", "--no-training",
)  # fmt: skip
"""The main job, as the Makefile's demo runs it."""


def constraints() -> str:
    """Return the table of constraints."""
    from fmselect.eligibility import CONSTRAINTS

    rows = [f"| `{constraint.name}` | {constraint.says} |" for constraint in CONSTRAINTS]
    return "\n".join(["| constraint | met when |", "|-|-|", *rows])


def criteria() -> str:
    """Return the table of criteria."""
    from fmselect.criteria import CRITERIA

    rows = [
        f"| `{row.name}` | {row.says} | {row.unit} | {'more' if row.higher_is_better else 'less'} is better | {_value_doc(name)} |"
        for name, row in CRITERIA.items()
    ]
    return "\n".join(["| criterion | measures | unit | direction | value |", "|-|-|-|-|-|", *rows])


def _value_doc(name: str) -> str:
    from fmselect import criteria as module

    functions = {"latency": "seconds", "quality": "quality", "cost": "cost"}
    doc = getattr(module, f"{functions.get(name, name)}_value").__doc__ or ""
    return doc.strip().split(": ", 1)[1].rstrip(".")


def efforts(task: str, offering: str, on: date) -> str:
    """Return what a model's efforts at a task differ in: quality, reasoning, cost and time, all at the same effort."""
    from fmselect.loading import load_catalog
    from fmselect.recommendation import recommend
    from fmselect.requirements import Requirements

    catalog = load_catalog(on=on)
    found = recommend(catalog, Requirements(task=task, weight={"quality": Decimal(1), "cost": Decimal(1), "latency": Decimal(1)}), on)
    rows = ["| effort | quality (theta) | reasoning tokens a request | USD a request | seconds an answer |", "|-|-|-|-|-|"]
    seen: set[str | None] = set()
    for item in sorted(found.judged, key=lambda each: each.alternative.key):
        chosen, estimate = item.alternative, item.estimate
        if chosen.offering.id != offering or chosen.tier != "standard" or chosen.effort in seen or estimate.cost is None:
            continue
        seen.add(chosen.effort)
        quality, latency = item.parts["quality"].reading, item.parts["latency"].reading
        theta = "unknown" if quality.raw is None else f"{quality.raw:.2f}"
        seconds = "unknown" if latency.raw is None else f"{latency.raw:,.0f}"
        cells = [chosen.effort or "", theta, f"{estimate.reasoning_tokens:,.0f}", f"{estimate.cost.usd_per_request:.3f}", seconds]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def requirements() -> str:
    """Return the table of requirements: flag, key of the file, meaning."""
    tree = ast.parse((ROOT / "fmselect" / "requirements.py").read_text(encoding="utf-8"))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Requirements").body
    rows = [
        f"| `{_flag(field.target.id)}` | `{field.target.id}` | {_text(doc.value)} |"
        for field, doc in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(doc, ast.Expr)
        and field.target.id != "given"
    ]
    return "\n".join(["| flag | key in a file | meaning |", "|-|-|-|", *rows])


def _flag(field: str) -> str:
    return "TASK" if field == "task" else "--" + field.replace("_", "-")


def _text(node: ast.expr) -> str:
    return " ".join(str(ast.literal_eval(node)).split()).replace("|", "\\|")


def tasks() -> str:
    """Return the table of tasks of the shipped catalog."""
    from fmselect.loading import load_catalog

    catalog = load_catalog(on=date.max)
    rows = [
        f"| `{task.id}` | {task.says} | {', '.join(task.kinds)} | {', '.join(f'{k} {v}' for k, v in task.weights.items() if v)} |"
        for task in catalog.tasks.values()
    ]
    return "\n".join(["| task | what it is | kinds of model | weights |", "|-|-|-|-|", *rows])


def speed_trials() -> str:
    """Return how wide estimated speeds have to be, as measured on the shipped catalog."""
    from fmselect.loading import load_catalog

    evidence = load_catalog(on=date.max).derived.speed
    assert evidence is not None
    ways = {
        "family": "output rate, from the model elsewhere or its family",
        "size": "output rate, from models of any size by parameters per token",
        "platform": "output rate, from other models on a platform with accelerators of its own",
        "kind": "output rate, as for any chat model",
        "first token": "first token, as for any chat model",
    }
    spans = {"kind": evidence.rate_of_any, "first token": evidence.first_of_any}
    rows = []
    for name, says in ways.items():
        if (trial := evidence.trials.get(name)) is not None:
            span = spans.get(name)
            wide = f"x/÷ {trial.factor:.2f}" if span is None else f"{span.low:.0f} to {span.high:.0f}"
            rows.append(f"| {says} | {wide} | {trial.count} | {trial.covered} ({trial.covered / trial.count:.0%}) |")
    return "\n".join(["| estimate | width | models left out | held |", "|-|-|-|-|", *rows])


def speed_kinds() -> str:
    """Return how the speeds of the shipped catalog are known."""
    from fmselect.coverage import speed_kinds as counts
    from fmselect.loading import load_catalog

    found = counts(load_catalog(on=date.max), date(2026, 11, 25))
    kinds = list(next(iter(found.values())))
    rows = [f"| {what} | " + " | ".join(f"{n} ({n / sum(row.values()):.0%})" for n in row.values()) + " |" for what, row in found.items()]
    return "\n".join([f"| | {' | '.join(kinds)} |", "|-|" + "-|" * len(kinds), *rows])


def run(*arguments: str, on: str, width: int = 80, lines: int | None = None, where: Path = ROOT) -> str:
    """Return what a command prints, as of a day, so that the docs do not change by themselves."""
    import os

    environment = {**os.environ, "COLUMNS": str(width), "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "fmselect", *arguments, "--on", on]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=where)  # our own command
    if done.returncode not in (0, 3):
        raise RuntimeError(done.stderr)
    shown = done.stdout.splitlines()
    return "\n".join(shown if lines is None else shown[:lines])


FILE = re.compile(r"^```\w+ (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
"""A block whose fence names a file, as in "```csv usage.csv"."""


def write_files(page: Path, folder: Path) -> None:
    """Write the files that a page tells of into a folder."""
    for name, content in FILE.findall(page.read_text(encoding="utf-8")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")


def bill(way: str, *arguments: str, page: str | None = None) -> str:
    """Return the one bill of `fmselect cost` that is for a tier and scope, as of the day on which the docs were written.

    With a page, the files that it tells of are there for the command.
    """
    import tempfile

    with tempfile.TemporaryDirectory() as desk:
        if page is not None:
            write_files(ROOT / page, Path(desk))
        shown = run("cost", *arguments, on="2026-11-25", where=Path(desk))
    (found,) = (part for part in shown.split("\n\n") if f": {way}" in part.partition("\n")[0])
    return found.partition("\n  Otherwise:")[0]


def recommendation_schema() -> str:
    """Return the JSON Schema of JSON version 1."""
    import json

    from pydantic import TypeAdapter

    from fmselect.render.shape_v1 import RecommendationShape

    schema: dict[str, Any] = TypeAdapter(RecommendationShape).json_schema()
    head = {"$comment": "Generated by `make catalog`; do not edit.", "$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(head | schema, indent=1) + "\n"


def main() -> None:
    """Write what is generated whole: the published JSON Schema."""
    (ROOT / "docs" / "reference" / "recommendation.schema.json").write_text(recommendation_schema(), encoding="utf-8")


if __name__ == "__main__":
    main()
