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
    for field in ("names", "efforts", "ignored"):
        table: Mapping[str, str] = getattr(aliases, field)
        if table:
            yield f"{field}:"
            yield from (
                f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(said, ensure_ascii=False) if field == 'ignored' else said}"
                for name, said in sorted(table.items())
            )
