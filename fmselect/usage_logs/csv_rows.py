"""The rows of a CSV file, one at a time, each with its line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from fmselect.usage_logs.records import Odd

LONGEST_CELL = 16_000_000
"""Characters of the longest cell; logs keep whole prompts."""


def csv_rows(lines: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, Sequence[str] | Odd]]:
    """Yield the header, and then every row that is not blank; what cannot be read comes as `Odd`.

    The delimiter is the one of comma, semicolon, tab and bar that stands in the header most often.
    Every row has as many cells as the header.
    """
    decoded = _Decoded(lines)
    head = next(decoded)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(chain([head], decoded), delimiter=max(",;\t|", key=head.count), strict=True)
    width = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield decoded.line, Odd(decoded.line, f"is not valid CSV ({error}): close the quotes, or remove the row")
            if not width:
                return
            continue
        if not width:
            width = len(row)
            yield decoded.line, [name.strip() for name in row]
        elif any(row) and len(row) != width:
            said = f"has {len(row)} cells, and the header has {width}: correct the row, or remove it"
            yield decoded.line, Odd(decoded.line, said)
        elif any(row):
            yield decoded.line, row


class _Decoded:
    """The lines of a file as text, with the number of the last one that was handed out."""

    def __init__(self, lines: Iterable[tuple[int, bytes]]) -> None:
        self._lines = iter(lines)
        self.line = 0

    def __iter__(self) -> _Decoded:
        return self

    def __next__(self) -> str:
        self.line, raw = next(self._lines)
        return raw.decode("utf-8", "replace")
