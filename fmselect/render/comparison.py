"""A comparison as a page, JSON, CSV and Markdown."""

from __future__ import annotations

import csv as csv_writer
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from fmselect.comparison import Comparison
from fmselect.recommendation import Judged
from fmselect.render.json_v1 import VERSION, alternative, dump, verdicts
from fmselect.render.markdown import table as markdown_table
from fmselect.render.words import UNKNOWN, bill_in_words, monthly, quality_in_words, speed_in_words, speed_parts, where, workload_in_words
from fmselect.scoring import Part
from fmselect.units import CRITERIA, money

if TYPE_CHECKING:
    from rich.console import RenderableType

    from fmselect.render.page import Cell, Page


def json(found: Comparison) -> str:
    """Return the comparison as JSON."""
    return dump(
        {
            "schema_version": VERSION,
            "on": str(found.recommendation.on),
            "requirements": {"task": found.recommendation.task.id, **found.recommendation.requirements.stated()},
            "columns": [
                {
                    **alternative(item),
                    "standing": standing,
                    "verdicts": verdicts(item.verdicts),
                    "facts": {
                        name: {"text": cells[index].text, "source": cells[index].source} for name, cells in found.facts if cells[index].text
                    },
                }
                for index, (item, standing) in enumerate(zip(found.columns, found.standings, strict=True))
            ],
        }
    )


def csv(found: Comparison) -> str:
    """Return the comparison as CSV, one fact a row."""
    out = StringIO()
    writer = csv_writer.writer(out, lineterminator="\n")
    writer.writerow(("", *_titles(found)))
    writer.writerows(_rows(found))
    return out.getvalue()


def markdown(found: Comparison) -> str:
    """Return the comparison as a Markdown table."""
    return "\n".join(markdown_table(("", *_titles(found)), _rows(found))) + "\n"


def _titles(found: Comparison) -> list[str]:
    return [item.alternative.offering.id for item in found.columns]


def _rows(found: Comparison) -> list[list[str]]:
    items = found.columns
    rows = [
        ["standing", *found.standings],
        ["alternative", *(where(item) + (f", {item.alternative.effort}" if item.alternative.effort else "") for item in items)],
        ["score", *(f"{item.score:.3f}" for item in items)],
        ["a month", *(monthly(item.estimate) for item in items)],
        ["a request", *(money(item.estimate.cost.usd_per_request) if item.estimate.cost else UNKNOWN for item in items)],
        ["bill", *(bill_in_words(item.estimate) for item in items)],
        ["quality", *(quality_in_words(item.parts.get("quality")) for item in items)],
        ["speed", *(speed_in_words(item) for item in items)],
        *_speeds(items),
    ]
    for name in CRITERIA:
        if any(name in item.parts for item in items):
            rows.append([f"{name} part", *(_part(item.parts.get(name)) for item in items)])
    against = [", ".join(f"{v.constraint}: {v.actual}" for v in item.verdicts if v.outcome != "met") for item in items]
    if any(against):
        rows.append(["against it", *(text or "nothing" for text in against)])
    rows += [[name, *(cell.text or UNKNOWN for cell in cells)] for name, cells in found.facts]
    return rows


def _speeds(items: Sequence[Judged]) -> list[list[str]]:
    """Return what makes up the speed, with its kind, one row each."""
    parts = [speed_parts(item) for item in items]
    return [[column[0][0], *(said for _, said, _ in column)] for column in zip(*parts, strict=True)]


def _part(part: Part | None) -> str:
    return f"{part.reading.value:.2f} x {part.weight:.2f}" if part else ""


def table(found: Comparison, page: Page) -> str:
    """Return the comparison as a page."""
    from fmselect.render.page import lay_out

    return lay_out(_parts(found), page)


def _parts(found: Comparison) -> Iterator[RenderableType]:
    from rich.text import Text

    from fmselect.render.page import bullets, dim, grid, heading
    from fmselect.render.table import catalog_line

    yield Text(f"For {found.recommendation.task.name}: {workload_in_words(found.recommendation.workload)}", style="bold")
    yield ""
    columns = range(1, len(found.columns) + 1)
    rows: list[list[Cell]] = [[dim(row[0]), *row[1:]] for row in _rows(found)]
    table = grid(("", *(item.alternative.offering.id for item in found.columns)), rows, fold=tuple(columns))
    for index in columns:
        table.columns[index].ratio = 1
    table.columns[0].min_width = 13
    table.expand = True
    table.show_lines = False
    yield table
    sources = dict.fromkeys(cell.source for _, cells in found.facts for cell in cells if cell.source)
    yield heading("Sources")
    yield bullets(dim(source) for source in sources)
    yield dim(f"\n{catalog_line(found.recommendation)}")
