"""Titled tables below each other, as a page and Markdown; and flat rows as CSV."""

from __future__ import annotations

import csv as csv_writer
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

from fmselect.render.markdown import table as markdown_table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from fmselect.render.page import Page


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table; `right` are the columns of numbers, `fold` those that may wrap."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()
    fold: tuple[int, ...] = ()
    note: str = ""
    """What a reader must know, below the table."""


def page(sections: Iterable[Section], page: Page) -> str:
    """Return the sections as a page; those without rows are left out."""
    from fmselect.render.page import dim, grid, heading, lay_out

    parts: list[RenderableType] = []
    for section in sections:
        if section.rows:
            parts += [heading(section.title), grid(section.columns, section.rows, right=section.right, fold=section.fold)]
        if section.note:
            parts.append(dim(section.note))
    return lay_out(parts, page).lstrip("\n")


def markdown(sections: Iterable[Section]) -> str:
    """Return the sections as Markdown tables; those without rows are left out."""
    lines: list[str] = []
    for section in sections:
        if section.rows:
            lines += [f"## {section.title}", "", *markdown_table(section.columns, section.rows), ""]
        if section.note:
            lines += [section.note, ""]
    return "\n".join(lines)


def csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV."""
    out = StringIO()
    writer = csv_writer.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def share(known: int, of: int) -> str:
    """Write a share in whole percent, 100% only when it is all of them."""
    if not of:
        return ""
    percent = known * 100 / of
    return f"{percent:.0f}%" if known == of or percent < 99 else "99%"
