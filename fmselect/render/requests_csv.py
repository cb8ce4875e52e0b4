"""Single requests as a CSV file of requests, alike ones together, ready for `fmselect cost --requests`."""

from __future__ import annotations

import csv as csv_writer
from io import StringIO

from fmselect.observed_workload import ObservedWorkload
from fmselect.units import plain
from fmselect.usage_logs.records import QUANTITIES, Amount


def render(found: ObservedWorkload) -> str:
    """Return the file: the quantities that any request used, `hour_utc` where it is known of all, and `count`.

    The rows are sorted, so that the order of the log does not matter.
    """
    used = [index for index, quantity in enumerate(QUANTITIES) if found.totals[quantity] or quantity in ("input_tokens", "output_tokens")]
    timed = bool(found.hours)
    out = StringIO()
    writer = csv_writer.writer(out, lineterminator="\n")
    writer.writerow([*(QUANTITIES[index] for index in used), *(["hour_utc"] if timed else []), "count"])
    alike: dict[tuple[Amount, ...], int] = {}
    for (hour, amounts), count in found.rows.items():
        row = (*(amounts[index] for index in used), *([hour or 0] if timed else []))
        alike[row] = alike.get(row, 0) + count
    for row in sorted(alike):
        writer.writerow([*(cell if isinstance(cell, int) else plain(cell) for cell in row), alike[row]])
    return out.getvalue()
