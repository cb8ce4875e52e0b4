"""One entry of the catalog as a page or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from fmselect.listing import Entry
from fmselect.render.json_v1 import dump
from fmselect.render.listing import fitted

if TYPE_CHECKING:
    from rich.console import RenderableType

    from fmselect.render.page import Cell, Page


def json(entry: Entry) -> str:
    """Return what the file says, and what else is known, as JSON."""
    extra = {
        found.kind if title != "Evidence" else "evidence": [
            {key: cell for key, cell in zip(found.columns, row, strict=True) if key and cell} for row in found.rows
        ]
        for title, found in entry.lists
    }
    return dump({"kind": entry.kind.removesuffix("s"), "id": entry.id, "file": entry.file, **entry.data, **extra})


def table(entry: Entry, page: Page) -> str:
    """Return the entry as a page."""
    from fmselect.render.page import lay_out

    return lay_out(_parts(entry, page.width), page)


def _parts(entry: Entry, width: int) -> Iterator[RenderableType]:
    from rich.text import Text

    from fmselect.render.page import dim, grid, heading

    yield Text(f"{entry.data.get('name', entry.id)} ({entry.kind.removesuffix('s')} {entry.id})", style="bold")
    yield dim(entry.file)
    yield ""
    listed = ("rows", "benchmark ") if entry.kind == "tasks" else ("rows",)
    facts = ((name, value, source) for name, value, source in _flat(entry.data, "") if name != "name" and not name.startswith(listed))
    rows: list[list[Cell]] = [[name, value, dim(source)] for name, value, source in facts]
    yield grid(("", "", ""), rows, fold=(1, 2))
    for title, found in entry.lists:
        if found.rows:
            yield heading(f"{title} ({len(found.rows)})")
            body, left = fitted(found, width, fold=(len(found.columns) - 1,))
            yield body
            if left:
                yield dim(f"no room for {', '.join(left)} (a wider terminal or --format json shows all)")


_PROVENANCE = ("source", "checked", "secondary", "note", "conflicts")


def _flat(data: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str, str]]:
    """Yield every fact with its name, its value, and the source of its group."""
    source = _source(data)
    plain = {key: value for key, value in data.items() if key not in _PROVENANCE}
    for key, value in plain.items():
        name = f"{prefix}{key}".replace("_", " ")
        if isinstance(value, dict) and "source" not in value and all(not isinstance(inner, (dict, list)) for inner in value.values()):
            yield name, ", ".join(f"{inner} {amount}" for inner, amount in value.items()), source
        elif isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key} ")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for item in value:
                yield from _flat(item, f"{prefix}{key.removesuffix('s')} ")
        else:
            yield name, _text(value), source
    if data.get("note"):
        yield f"{prefix}note".replace("_", " "), str(data["note"]), source
    for conflict in data.get("conflicts", ()):
        said = f"{conflict['source']} says {conflict['field']} {conflict['value']}; not followed: {conflict['reason']}"
        yield f"{prefix}conflict".replace("_", " "), said, ""


def _source(data: Mapping[str, Any]) -> str:
    if "source" not in data:
        return ""
    return f"{data['source']} ({'secondary, ' if data.get('secondary') else ''}{data['checked']})"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
