"""Single requests as a CSV file of requests, alike ones together, ready for `fmselect cost --requests`."""

from __future__ import annotations

from fmselect.observed_workload import ObservedWorkload, together
from fmselect.units import plain
from fmselect.usage_logs.records import QUANTITIES, Amount

MOST = 10_000
"""Rows of a file from which on requests are put together: bills are worked out in seconds, and stay the same to fractions of a percent."""


def render(found: ObservedWorkload, most: int = MOST) -> str:
    """Return the file: the quantities that any request used, `hour_utc` where it is known of all, and `count`.

    With more different requests than `most`, those that are nearly alike are put together. The rows are
    sorted, so that the order of the log does not matter.
    """
    told = {"input_tokens", "output_tokens"} | ({"reasoning_tokens"} if found.reasoning_told == 1 else set())
    used = [index for index, quantity in enumerate(QUANTITIES) if found.totals[quantity] or quantity in told]
    timed = bool(found.hours)
    names = [*(QUANTITIES[index] for index in used), *(["hour_utc"] if timed else []), "count"]
    alike: dict[str, int] = {}
    for hour, amounts, count in together(found.rows, most):
        row = ",".join([*(_cell(amounts[index]) for index in used), *([str(hour)] if timed else [])])
        alike[row] = alike.get(row, 0) + count
    lines = (f"{row},{alike[row]}" for row in sorted(sorted(alike), key=_first))
    return "\n".join([",".join(names), *lines]) + "\n"


def _cell(amount: Amount) -> str:
    return str(amount) if isinstance(amount, int) else plain(amount)


def _first(row: str) -> int:
    return int(row.partition(",")[0])
