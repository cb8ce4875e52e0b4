"""Bills as a page, JSON, CSV and Markdown."""

from __future__ import annotations

import csv as csv_writer
from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING, Any

from fmselect.bills import Bill, Bills
from fmselect.render.json_v1 import cost, dump
from fmselect.render.markdown import table as markdown_table
from fmselect.render.words import workload_in_words
from fmselect.units import figure, money, plain

if TYPE_CHECKING:
    from rich.console import RenderableType

    from fmselect.render.page import Cell, Page


def json(found: Bills) -> str:
    """Return a list of bills as JSON."""
    return dump([_data(bill) for bill in found.bills])


def _data(bill: Bill) -> dict[str, Any]:
    chosen, figures = bill.alternative, cost(bill.estimate.cost)
    return {
        "offering": chosen.offering.id,
        "tier": chosen.tier,
        "scope": chosen.scope_name,
        "regions": list(chosen.regions),
        "effort": chosen.effort,
        "usd": figures["usd_per_request"],
        "usd_per_month": figures["usd_per_month"],
        "unknown": bill.estimate.cost_unknown or None,
        "lines": figures["lines"],
    }


def csv(found: Bills) -> str:
    """Return the bills as CSV, one line of a bill a row."""
    out = StringIO()
    writer = csv_writer.writer(out, lineterminator="\n")
    writer.writerow(
        (
            "offering",
            "tier",
            "scope",
            "effort",
            "what",
            "quantity",
            "unit",
            "usd_per",
            "usd",
            "usd_per_month",
            "per",
            "rule",
            "source",
            "checked",
        )
    )
    for bill in found.bills:
        chosen = bill.alternative
        start = [chosen.offering.id, chosen.tier, chosen.scope_name, chosen.effort or ""]
        if bill.estimate.cost is None:
            writer.writerow([*start, "unknown", "", "", "", "", "", "", bill.estimate.cost_unknown, "", ""])
            continue
        for line in (*bill.estimate.cost.lines, *bill.estimate.cost.once):
            amounts = [plain(line.quantity), line.unit, plain(line.usd_per), plain(line.usd), plain(line.usd_per_month)]
            writer.writerow([*start, line.what, *amounts, line.per, line.rule, line.source, line.checked])
    return out.getvalue()


def markdown(found: Bills) -> str:
    """Return the bills as a Markdown table."""
    rows = [
        [
            bill.alternative.offering.id,
            bill.alternative.tier,
            bill.alternative.scope_name,
            bill.alternative.effort or "",
            money(bill.estimate.cost.usd_per_request) if bill.estimate.cost else "unknown",
            money(bill.estimate.cost.usd_per_month) if bill.estimate.cost else bill.estimate.cost_unknown,
        ]
        for bill in found.bills
    ]
    head = f"{workload_in_words(found.workload)}, on {found.on}"
    return "\n".join([head, "", *markdown_table(("Offering", "Tier", "Scope", "Effort", "A request", "A month"), rows)]) + "\n"


def table(found: Bills, page: Page) -> str:
    """Return the bills as a page."""
    from fmselect.render.page import lay_out

    return lay_out(_parts(found), page)


def _parts(found: Bills) -> Iterator[RenderableType]:
    from rich.text import Text

    from fmselect.render.page import bullets, dim, grid, heading, indented

    yield Text(f"{workload_in_words(found.workload)}, at the prices of {found.on}", style="bold")
    for bill in found.bills:
        chosen = bill.alternative
        regions = f" ({', '.join(chosen.regions)})" if chosen.scope_name == "in_region" and 0 < len(chosen.regions) <= 3 else ""
        effort = f", effort {chosen.effort}" if chosen.effort else ""
        title = f"{chosen.offering.id}: {chosen.tier}, {chosen.scope_name}{regions}{effort}"
        if bill.estimate.cost is None:
            yield heading(f"{title}: unknown")
            yield indented(bill.estimate.cost_unknown)
            continue
        total = bill.estimate.cost
        yield heading(f"{title}: {money(total.usd_per_request)} a request, {money(total.usd_per_month)} a month")
        rows: list[list[Cell]] = [
            [
                line.what,
                f"{figure(line.quantity)} {line.unit}",
                f"x ${figure(line.usd_per)}{'/M' if line.unit in ('tokens', 'characters') else ''}",
                f"= ${figure(line.usd)}" if line.per == "request" else "",
                money(line.usd_per_month) if line.per != "once" else f"{money(line.usd)} once",
                dim(line.rule),
            ]
            for line in (*total.lines, *total.once)
        ]
        yield indented(grid(("", "per request", "rate", "USD", "a month", ""), rows, right=(1, 2, 3, 4), fold=(5,)))
        yield indented(dim("\n".join(dict.fromkeys(f"{line.source} ({line.checked})" for line in total.lines))))
    if found.assumptions:
        yield heading("Assumed")
        yield bullets(found.assumptions)
