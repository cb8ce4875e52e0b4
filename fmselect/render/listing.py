"""A list as a page, JSON, CSV and Markdown."""

from __future__ import annotations

import csv as csv_writer
from io import StringIO
from typing import TYPE_CHECKING

from fmselect.listing import Listing
from fmselect.render.json_v1 import dump
from fmselect.render.markdown import table as markdown_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.table import Table

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
    """Return the rows as a page; columns that can be spared are left out where the page is too narrow for all."""
    from fmselect.render.page import dim, lay_out

    last = len(found.columns) - 1
    body, left = fitted(found, page.width, fold=(1, last) if last > 3 else (last,))
    count = f"{len(found.rows)} {found.kind if len(found.rows) != 1 else found.kind.removesuffix('s')}"
    narrow = f"; no room for {', '.join(left)} (a wider terminal or --format csv shows all)" if left else ""
    return lay_out([body, dim(f"\n{count}{narrow}")], page)


_SPARED = ("as published", "license", "released", "scopes", "unit", "name", "stage", "context")
"""Columns that are left out first where a page is narrow, in this order."""


def fitted(found: Listing, width: int, fold: Sequence[int]) -> tuple[Table, list[str]]:
    """Return the rows as a table of at most a width that breaks no word, and the columns it has no room for."""
    from fmselect.render.page import grid

    texts = [[name, *(row[index] for row in found.rows)] for index, name in enumerate(found.columns)]
    least = [
        _widest(word for text in column for word in text.split()) if index in fold else _widest(column)
        for index, column in enumerate(texts)
    ]
    kept = _kept(found.columns, least, width)
    spare = max(width - _total(least[index] for index in kept), 0)
    widths = {}
    for place, index in enumerate(kept):
        if index in fold:
            more = min(_widest(texts[index]) - least[index], spare)
            widths[place] = least[index] + more
            spare -= more
    rows = [[row[index] for index in kept] for row in found.rows]
    body = grid([found.columns[index] for index in kept], rows, fold=tuple(widths), widths=widths)
    return body, [name for index, name in enumerate(found.columns) if index not in kept]


_GAP = 2


def _widest(texts: Iterable[str]) -> int:
    return max(map(len, texts), default=0)


def _total(widths: Iterable[int]) -> int:
    return sum(width + _GAP for width in widths) - _GAP


def _kept(columns: Sequence[str], least: Sequence[int], width: int) -> list[int]:
    """Return the columns for which a page has room, when no word is broken."""
    kept = list(range(len(columns)))
    for name in _SPARED:
        if _total(least[index] for index in kept) <= width:
            break
        kept = [index for index in kept if columns[index] != name]
    return kept
