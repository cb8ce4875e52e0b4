"""A plain table of scores (CSV): bytes -> results.

The first line names the columns: `model`, `metric` and `score` are needed; `n`, `effort`, `date`,
`low`, `high` and `stderr` may be there. A score is a share of 1 (0.83), a percentage (83), or a
percentage with its sign (83%).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date

from fmselect.errors import InvalidInput, Problem, did_you_mean
from fmselect.importers.results import Content, Result, Results
from fmselect.units import EFFORTS, Effort, parse_count

NEEDED = ("model", "metric", "score")
KNOWN = (*NEEDED, "n", "effort", "date", "low", "high", "stderr")


def recognizes(found: Content) -> bool:
    """Whether the file is text with a first line that names some of the columns."""
    if found.data is not None or not found.text:
        return False
    columns = _columns(next(csv.reader(io.StringIO(found.text), delimiter=_delimiter(found.text)), []))
    return "model" in columns or len(set(columns) & set(KNOWN)) > 1


def read(found: Content) -> Results:
    """Return a result a line.

    Raises `InvalidInput` with every wrong cell of the file, each at its line.
    """
    rows = csv.reader(io.StringIO(found.text), delimiter=_delimiter(found.text), strict=True)
    problems: list[Problem] = []
    results: list[Result] = []
    try:
        columns = _columns(next(rows))
        _check(found, columns)
        for cells in rows:
            if any(cell.strip() for cell in cells):
                line = rows.line_num
                values = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
                if len(cells) != len(columns):
                    message = f"has {len(cells)} cells for {len(columns)} columns: quote a cell that holds the separator"
                    problems.append(Problem(message, found.file, line))
                    continue
                wrong = list(_wrong(values))
                problems += [Problem(message, found.file, line, column) for column, message in wrong]
                if not wrong:
                    results.append(_result(values, line))
    except csv.Error as error:
        raise found.problem(f"is not valid CSV: {error}", rows.line_num) from error
    if problems:
        raise InvalidInput(problems)
    if not results:
        raise found.problem("has no line of results below its first line", 1)
    return Results("a table of scores", tuple(results))


def _delimiter(text: str) -> str:
    """Return what separates the columns of the first line."""
    first = text.splitlines()[0]
    return max(",;\t", key=first.count)


def _columns(cells: Sequence[str]) -> list[str]:
    return [cell.strip().lower() for cell in cells]


def _check(found: Content, columns: Sequence[str]) -> None:
    problems = [
        Problem(f"has no column '{name}': name the columns model, metric, score, n in the first line", found.file, 1)
        for name in NEEDED
        if name not in columns
    ]
    problems += [
        Problem(f"has a column '{name}' that is not known{did_you_mean(name, KNOWN)} (known: {', '.join(KNOWN)})", found.file, 1)
        for name in columns
        if name not in KNOWN
    ]
    problems += [
        Problem(f"names the column '{name}' twice: keep one", found.file, 1) for name in sorted(set(columns)) if columns.count(name) > 1
    ]
    if problems:
        raise InvalidInput(problems)


def _wrong(values: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the cells of a line."""
    for column in ("model", "metric"):
        if not values[column]:
            yield column, "is empty: say what was measured" if column == "metric" else "is empty: name the model"
    for column in ("score", "low", "high", "stderr"):
        cell = values.get(column, "")
        if (cell or column == "score") and _number(cell) is None:
            yield column, f"is '{cell}', not a number: write 0.83, 83 or 83%"
    if (cell := values.get("n", "")) and _count(cell) is None:
        yield "n", f"is '{cell}', not a number of cases: write 400"
    if (cell := values.get("effort", "")) and cell not in EFFORTS:
        yield "effort", f"is '{cell}', not one of {', '.join(EFFORTS)}{did_you_mean(cell, EFFORTS)}"
    if (cell := values.get("date", "")) and _date(cell) is None:
        yield "date", f"is '{cell}', no date: write YYYY-MM-DD"


def _result(values: dict[str, str], line: int) -> Result:
    score = _number(values["score"])
    assert score is not None  # noqa: S101  `_wrong` has said so
    effort: Effort | None = next((known for known in EFFORTS if known == values.get("effort")), None)
    return Result(
        values["metric"],
        "",
        values["model"],
        score,
        on=_date(values.get("date", "")),
        effort=effort,
        n=_count(values.get("n", "")),
        stderr=_number(values.get("stderr", "")),
        low=_number(values.get("low", "")),
        high=_number(values.get("high", "")),
        line=line,
    )


def _number(cell: str) -> float | None:
    """Return a cell's number; a percentage with its sign becomes a share of 1."""
    try:
        found = float(cell.removesuffix("%").strip())
    except ValueError:
        return None
    if not abs(found) < 1e15 or "_" in cell:
        return None
    return found / 100 if cell.endswith("%") else found


def _count(cell: str) -> int | None:
    try:
        found = parse_count(cell)
    except ValueError:
        return None
    return found or None


def _date(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None
