"""What a workload costs on the cheapest service tier of some offerings that answers in time, or on all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from fmselect.catalog.catalog import Catalog
from fmselect.eligibility import EACH, Case, Verdict, screen
from fmselect.errors import InvalidInput
from fmselect.estimates import Alternative, Estimate, alternatives, capacity_assumptions, estimate, workload
from fmselect.outlook import Change, Month, changes, outlook
from fmselect.recommendation import unknown_terms
from fmselect.requirements import Requirements
from fmselect.usage import Workload

if TYPE_CHECKING:
    from fmselect.catalog.schema import Offering


@dataclass(frozen=True, slots=True)
class Bill:
    """The bill of one alternative."""

    alternative: Alternative
    estimate: Estimate
    against: tuple[Verdict, ...] = ()
    """What speaks against it: it answers too late, runs elsewhere, or commits for too long."""
    months: tuple[Month, ...] = ()
    """The next twelve months, where dated prices or growth change them."""
    changes: tuple[Change, ...] = ()
    """Days on which its price changes within them."""
    others: tuple[Bill, ...] = ()
    """The other ways of using the offering, when a bill is for the cheapest one; the cheapest first."""


@dataclass(frozen=True, slots=True)
class Bills:
    """Bills for one workload, in the order of the offerings."""

    workload: Workload
    assumptions: tuple[str, ...]
    bills: tuple[Bill, ...]
    on: date


def bills(catalog: Catalog, requirements: Requirements, offerings: Sequence[Offering], on: date) -> Bills:
    """Return the bills of the offerings; raises `InvalidInput` for terms that the catalog does not know.

    Of each offering (or, when asked for, model) it is that of the cheapest alternative that meets the
    time allowed and everything asked for about where it runs; per alternative it is all of them.
    """
    problems = list(unknown_terms(catalog, requirements))
    if problems:
        raise InvalidInput(problems)
    task = catalog.tasks[requirements.task]
    load, assumed = workload(requirements, task)
    ways: dict[str, list[Bill]] = {}
    for offering in {offering.id: offering for offering in offerings}.values():
        unit = offering.model if _per(requirements) == "model" else offering.id
        found = ways.setdefault(unit, [])
        for alternative in alternatives(offering, catalog, requirements, on):
            figures = estimate(alternative, load, catalog, requirements)
            case = Case(alternative, requirements, task, load, catalog, on, figures)
            against = tuple(verdict for level in EACH for verdict in screen(case, level) if verdict.outcome == "violated")
            found.append(Bill(alternative, figures, against))
    told = [bill for unit in ways.values() for bill in _told(unit, requirements)]
    told = [
        replace(
            bill,
            months=outlook(bill.alternative, load, catalog, requirements, on),
            changes=changes(bill.alternative, load, catalog, requirements, on),
        )
        for bill in told
    ]
    bought = any(bill.estimate.cost is not None and bill.estimate.cost.capacity is not None for bill in told)
    return Bills(load, (*assumed, *(capacity_assumptions(requirements) if bought else ())), tuple(told), on)


def _per(requirements: Requirements) -> str:
    """Return what a bill is for: an offering, unless something else is asked for."""
    return requirements.per if "per" in requirements.given else "offering"


def _told(ways: Sequence[Bill], requirements: Requirements) -> list[Bill]:
    """Return the bills to tell: all that differ, or the cheapest with the others below it."""
    distinct: dict[tuple[object, ...], Bill] = {}
    for bill in ways:
        chosen = bill.alternative
        key = (chosen.offering.id, chosen.tier, chosen.scope_name, chosen.regions, chosen.commitment_months)
        distinct.setdefault((*key, bill.estimate.cost, bill.estimate.cost_unknown), bill)
    if _per(requirements) == "alternative":
        return list(distinct.values())
    best, *others = sorted(distinct.values(), key=_place)
    return [replace(best, others=tuple(others))]


def _place(bill: Bill) -> tuple[object, ...]:
    """Cheapest first, after what has a price and nothing against it."""
    cost = bill.estimate.cost
    return (bool(bill.against), cost is None, cost.usd_per_month if cost else Decimal(0), bill.alternative.key)
