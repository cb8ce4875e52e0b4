"""Single requests as a CSV file of requests, alike ones together, ready for `fmselect cost --requests`."""

from __future__ import annotations

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
    out.write(",".join([*(QUANTITIES[index] for index in used), *(["hour_utc"] if timed else []), "count"]) + "\n")
    alike: dict[str, int] = {}
    for hour, amounts, count in found.rows:
        row = ",".join([*(_cell(amounts[index]) for index in used), *([str(hour)] if timed else [])])
        alike[row] = alike.get(row, 0) + count
    for row in sorted(sorted(alike), key=_first):
        out.write(f"{row},{alike[row]}\n")
    return out.getvalue()


def _cell(amount: Amount) -> str:
    return str(amount) if isinstance(amount, int) else plain(amount)


def _first(row: str) -> int:
    return int(row.partition(",")[0])
