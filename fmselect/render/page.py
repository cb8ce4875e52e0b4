"""The page that people read: its width and color, and the pieces it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import RenderableType


Cell = str | Text
"""What a cell of a table holds."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a renderer for people may fill."""

    width: int = 80
    color: bool = False


def lay_out(parts: Iterable[RenderableType], page: Page) -> str:
    """Return the parts below each other as text, without trailing blanks."""
    out = StringIO()
    console = Console(
        file=out,
        width=page.width,
        force_terminal=page.color,
        color_system="standard" if page.color else None,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def heading(text: str) -> Text:
    """Return a heading with a blank line above it."""
    return Text("\n" + text, style="bold")


def bullets(items: Iterable[str | Text], mark: str | Sequence[str] = "-") -> Table:
    """Return a list whose lines wrap under their own text; urls are broken only where they must be.

    Give one mark for all items, or one for each.
    """
    marked = [(mark, item) for item in items] if isinstance(mark, str) else list(zip(mark, items, strict=True))
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(
        width=max((len(each) for each, _ in marked), default=1) + (1 if isinstance(mark, str) else 0), justify="right", no_wrap=True
    )
    table.add_column(overflow="fold")
    for each, item in marked:
        table.add_row(each, item)
    return table


def indented(part: RenderableType, by: int = 2) -> Padding:
    """Return the part moved to the right."""
    return Padding(part, (0, 0, 0, by))


def grid(
    headers: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    right: Sequence[int] = (),
    fold: Sequence[int] = (),
    widths: Mapping[int, int] | None = None,
) -> Table:
    """Return a plain table: headers underlined by nothing, columns apart by two blanks.

    `right` are the columns aligned to the right, `fold` those that may wrap, `widths` those whose width is set.
    """
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold", show_header=any(headers))
    for index, header in enumerate(headers):
        wraps = index in fold
        align: Literal["left", "right"] = "right" if index in right else "left"
        table.add_column(
            header, justify=align, no_wrap=not wraps, overflow="fold" if wraps else "ellipsis", width=(widths or {}).get(index)
        )
    for row in rows:
        table.add_row(*row)
    return table


def dim(text: str) -> Text:
    """Return text that stands back."""
    return Text(text, style="dim")
