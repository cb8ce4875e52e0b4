"""A list as a page, JSON, CSV and Markdown."""

from __future__ import annotations

import csv as csv_writer
from io import StringIO
from typing import TYPE_CHECKING

from fmselect.listing import Listing
from fmselect.render.json_v1 import dump
from fmselect.render.markdown import table as markdown_table

if TYPE_CHECKING:
    from fmselect.render.page import Page


def json(found: Listing) -> str:
    """Return the rows as a list of objects; what is unknown is left out."""
    rows = [{key: cell for key, cell in zip(found.columns, row, strict=True) if cell} for row in found.rows]
    return dump(rows)


def csv(found: Listing) -> str:
    """Return the rows as CSV."""
    out = StringIO()
    writer = csv_writer.writer(out, lineterminator="\n")
    writer.writerow(found.columns)
    writer.writerows(found.rows)
    return out.getvalue()


def markdown(found: Listing) -> str:
    """Return the rows as a Markdown table."""
    return "\n".join(markdown_table(found.columns, found.rows)) + "\n"


def table(found: Listing, page: Page) -> str:
    """Return the rows as a page."""
    from fmselect.render.page import dim, grid, lay_out

    last = len(found.columns) - 1
    body = grid(found.columns, found.rows, fold=(1, last) if last > 3 else (last,))
    count = f"{len(found.rows)} {found.kind if len(found.rows) != 1 else found.kind.removesuffix('s')}"
    return lay_out([body, dim(f"\n{count}")], page)
