"""Bills as a page, JSON, CSV and Markdown."""

from __future__ import annotations

import csv as csv_writer
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING, Any

from fmselect.billing import Capacity, Line
from fmselect.bills import Bill, Bills
from fmselect.eligibility import Verdict
from fmselect.estimates import Alternative
from fmselect.outlook import Month
from fmselect.render.json_v1 import cost, dump, months
from fmselect.render.markdown import table as markdown_table
from fmselect.render.words import UNKNOWN, capacity_in_words, verdict_in_words, workload_in_words
from fmselect.units import figure, money, plain
from fmselect.usage import Workload

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
        "commitment_months": chosen.commitment_months,
        "usd": figures["usd_per_request"],
        "usd_per_month": figures["usd_per_month"],
        "usd_once": figures["usd_once"],
        "unknown": bill.estimate.cost_unknown or None,
        "against": [verdict_in_words(verdict) for verdict in bill.against],
        "lines": figures["lines"],
        "capacity": figures["capacity"],
        "months": months(bill.months),
    }


_COLUMNS = (
    "offering", "tier", "scope", "effort", "what", "quantity", "unit", "usd_per", "usd", "usd_per_month", "per", "rule", "source",
    "checked",
)  # fmt: skip


def csv(found: Bills) -> str:
    """Return the bills as CSV, one line of a bill a row."""
    out = StringIO()
    writer = csv_writer.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for bill in found.bills:
        chosen, total = bill.alternative, bill.estimate.cost
        start = [chosen.offering.id, chosen.tier, chosen.scope_name, chosen.effort or ""]
        if total is None:
            writer.writerow([*start, "unknown", "", "", "", "", "", "", bill.estimate.cost_unknown, "", ""])
            continue
        for line in (*total.lines, *total.once):
            amounts = [plain(line.quantity), line.unit, plain(line.usd_per), plain(line.usd), plain(line.usd_per_month)]
            writer.writerow([*start, line.what, *amounts, line.per, line.rule, line.source, line.checked])
    return out.getvalue()


def markdown(found: Bills) -> str:
    """Return the bills as Markdown: a table each."""
    out = [f"{workload_in_words(found.workload)}, on {found.on}"]
    for bill in found.bills:
        out += ["", f"## {_title(bill.alternative)}", ""]
        total = bill.estimate.cost
        if total is None:
            out.append(f"Unknown: {bill.estimate.cost_unknown}.")
            continue
        rows = [
            [line.what, f"{figure(line.quantity)} {line.unit}", _rate(line), _amount(line), _monthly(line), line.rule, _cited(line)]
            for line in (*total.lines, *total.once)
        ]
        rows.append(["**total**", "", "", f"${figure(total.usd_per_request)}", money(total.usd_per_month), "", ""])
        out += markdown_table(("", "Quantity", "Rate", "A request", "A month", "Rule", "Source"), rows)
        for note in _notes(bill):
            out += ["", note]
        if bill.months:
            out += ["", f"{_year(bill, found.workload)}:", ""]
            out += markdown_table(("From", "Requests", "USD"), _month_rows(bill.months))
        if bill.others:
            out += ["", "Otherwise:", ""]
            out += markdown_table(("Way", "A month", ""), _other_rows(bill))
    if found.assumptions:
        out += ["", "Assumed:", "", *(f"- {text}" for text in found.assumptions)]
    return "\n".join(out) + "\n"


def table(found: Bills, page: Page) -> str:
    """Return the bills as a page."""
    from fmselect.render.page import lay_out

    return lay_out(_parts(found), page)


def _parts(found: Bills) -> Iterator[RenderableType]:
    from rich.text import Text

    from fmselect.render.page import bullets, dim, grid, heading, indented

    yield Text(f"{workload_in_words(found.workload)}, at the prices of {found.on}", style="bold")
    for bill in found.bills:
        total = bill.estimate.cost
        yield heading(_title(bill.alternative))
        if total is None:
            yield indented(f"Unknown: {bill.estimate.cost_unknown}.")
        else:
            lines = (*total.lines, *total.once)
            marks = _marks(line.rule for line in lines)
            rows: list[list[Cell]] = [
                [
                    line.what + (f" [{marks[line.rule]}]" if line.rule else ""),
                    f"{figure(line.quantity)} {line.unit}",
                    f"x {_rate(line)}",
                    f"= {_amount(line)}" if line.per == "request" else "",
                    _monthly(line),
                ]
                for line in lines
            ]
            rows.append(
                [Text("total", style="bold"), "", "", f"${figure(total.usd_per_request)}", Text(money(total.usd_per_month), style="bold")]
            )
            yield indented(grid(("", "quantity", "rate", "a request", "a month"), rows, right=(1, 2, 3, 4)))
            if marks:
                yield indented(bullets((dim(rule) for rule in marks), tuple(f"[{number}]" for number in marks.values())))
            for note in _notes(bill):
                yield indented(note)
            if bill.months:
                yield indented(f"{_year(bill, found.workload)}:")
                yield indented(grid(("from", "requests", "USD"), _month_rows(bill.months), right=(1, 2)), 4)
            yield indented(dim("\n".join(dict.fromkeys(_cited(line) for line in lines))))
        if bill.others:
            yield indented("Otherwise:")
            yield indented(grid(("", "", ""), _other_rows(bill), right=(1,), fold=(2,)), 4)
    if found.assumptions:
        yield heading("Assumed")
        yield bullets(found.assumptions)


# ---------------------------------------------------------------- in words


def _title(chosen: Alternative) -> str:
    regions = f" ({', '.join(chosen.regions)})" if chosen.scope_name == "in_region" and 0 < len(chosen.regions) <= 3 else ""
    return f"{chosen.offering.id}: {_way(chosen)}{regions}"


def _way(chosen: Alternative) -> str:
    place = "scope unknown" if chosen.scope is None else chosen.scope_name
    effort = f", effort {chosen.effort}" if chosen.effort else ""
    commitment = f", committed for {chosen.commitment_months} months" if chosen.commitment_months else ""
    return f"{chosen.tier}, {place}{effort}{commitment}"


def _marks(rules: Iterator[str]) -> Mapping[str, int]:
    """Return a number for every rule, in order."""
    found = dict.fromkeys(rule for rule in rules if rule)
    return {rule: number for number, rule in enumerate(found, 1)}


def _rate(line: Line) -> str:
    return f"${figure(line.usd_per)}{'/M' if line.unit in ('tokens', 'characters') else ''}"


def _amount(line: Line) -> str:
    return f"${figure(line.usd)}" if line.per == "request" else ""


def _monthly(line: Line) -> str:
    return f"{money(line.usd)} once" if line.per == "once" else money(line.usd_per_month)


def _cited(line: Line) -> str:
    return f"{line.source} ({line.checked})"


def _notes(bill: Bill) -> Iterator[str]:
    total = bill.estimate.cost
    if total is not None and total.capacity is not None:
        yield capacity_in_words(total.capacity)
    if bill.against:
        yield "Against it: " + "; ".join(verdict_in_words(verdict) for verdict in bill.against)


def _year(bill: Bill, load: Workload) -> str:
    """Say what the next months cost, and why they differ."""
    known = [month.usd for month in bill.months if month.usd is not None]
    cost = f"cost {money(sum(known, Decimal(0)))}" if len(known) == len(bill.months) else "as far as prices are known"
    why = [f"the price changes on {change.on}" for change in bill.changes]
    why += [f"requests grow by {load.growth.normalize():f}% a month"] if load.growth else []
    return f"The next {len(bill.months)} months {cost} ({'; '.join(why)})"


def _month_rows(found: Sequence[Month]) -> list[list[str]]:
    return [[str(month.from_on), f"{month.requests:,}", UNKNOWN if month.usd is None else money(month.usd)] for month in found]


def _other_rows(bill: Bill) -> list[list[str]]:
    rows = []
    for other in bill.others:
        total, chosen = other.estimate.cost, other.alternative
        said = [_short(verdict) for verdict in other.against]
        if total is None:
            said.insert(0, other.estimate.cost_unknown.replace(f" for {chosen.offering.id}", ""))
        elif total.capacity is not None:
            said.insert(0, _capacity(total.capacity))
        elsewhere = f"{chosen.platform.id}, " if chosen.offering.id != bill.alternative.offering.id else ""
        rows.append([elsewhere + _way(chosen), money(total.usd_per_month) if total else UNKNOWN, "; ".join(said)])
    return rows


def _short(verdict: Verdict) -> str:
    """Write what speaks against an alternative in as few words as do."""
    return f"answers within {verdict.actual.partition(': ')[2]}" if verdict.constraint == "answer_within" else verdict_in_words(verdict)


def _capacity(bought: Capacity) -> str:
    share = bought.break_even.utilization if bought.break_even else None
    even = "" if share is None else ", never pays" if share > 1 else f", pays from {share:.0%} on"
    return f"{bought.units:,} {bought.unit}, {bought.utilization:.0%} used{even}"
