"""A benchmark -> the text of its file in a catalog, the same for the same content."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from fmselect.catalog.schema import Benchmark, Row

_WRITTEN = ("model", "effort", "score", "low", "high", "n", "on", "name")
"""Fields of a row that have their place in its line; what else a row may have stands after the effort."""
HEADER = "# yaml-language-server: $schema=../schema/benchmark.schema.json"


def text(benchmark: Benchmark) -> str:
    """Return the file of a benchmark: a line a fact, a line a row."""
    return "\n".join(_lines(benchmark)) + "\n"


def _lines(benchmark: Benchmark) -> Iterator[str]:
    yield HEADER
    yield f"name: {_quoted(benchmark.name)}"
    yield f"measures: {benchmark.measures}"
    yield f"says: {_quoted(benchmark.says)}"
    yield f"unit: {benchmark.unit}"
    yield f"higher_is_better: {str(benchmark.higher_is_better).lower()}"
    if benchmark.suite:
        yield f"suite: {benchmark.suite}"
    yield f"license: {_quoted(benchmark.license)}"
    if benchmark.own:
        yield "own: true"
    yield f"source: {benchmark.source if benchmark.source.startswith('https://') else _quoted(benchmark.source)}"
    yield f"checked: {benchmark.checked}"
    if benchmark.stale_after_days is not None:
        yield f"stale_after_days: {benchmark.stale_after_days}"
    if benchmark.secondary:
        yield "secondary: true"
    if benchmark.note:
        yield f"note: {_quoted(benchmark.note)}"
    yield from rows(benchmark.rows)


def rows(found: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of the rows, a row a line."""
    yield "rows:" if found else "rows: []"
    yield from (f"  - {{{', '.join(_cells(row))}}}" for row in found)


def _cells(row: Row) -> Iterator[str]:
    yield f"model: {row.model}"
    if row.effort is not None:
        yield f"effort: {row.effort}"
    yield from (f"{name}: {value}" for name in Row.model_fields if name not in _WRITTEN and (value := getattr(row, name)) is not None)
    for name in ("score", "low", "high"):
        value = getattr(row, name)
        if value is not None:
            yield f"{name}: {value:.10g}"
    if row.n is not None:
        yield f"n: {row.n}"
    yield f"on: {row.on}"
    yield f"name: {_quoted(row.name)}"


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
