"""A table of aliases -> the text of its file in a catalog, the same for the same content."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from fmselect.catalog.schema import Aliases

HEADER = "# yaml-language-server: $schema=../schema/aliases.schema.json"


def text(aliases: Aliases) -> str:
    """Return the file of a table of aliases, its names in order."""
    return "\n".join(_lines(aliases)) + "\n"


def _lines(aliases: Aliases) -> Iterator[str]:
    yield HEADER
    yield f"says: {json.dumps(aliases.says, ensure_ascii=False)}"
    left_out = {
        name: f"{{of: {left.of}, why: {_quoted(left.why)}{f', ended: {left.ended}' if left.ended else ''}}}"
        for name, left in aliases.left_out.items()
    }
    ignored = {name: _quoted(why) for name, why in aliases.ignored.items()}
    tables: Mapping[str, Mapping[str, str]] = {
        "platforms": aliases.platforms,
        "names": aliases.names,
        "efforts": aliases.efforts,
        "left_out": left_out,
        "ignored": ignored,
    }
    for field, table in tables.items():
        if table:
            yield f"{field}:"
            yield from (f"  {_quoted(name)}: {said}" for name, said in sorted(table.items()))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
