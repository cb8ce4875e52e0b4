"""What an alternative costs over the next twelve months, where dated prices or growth change it."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import msgspec

from fmselect.billing import UnknownPrice
from fmselect.catalog.catalog import Catalog
from fmselect.estimates import Alternative, alternatives, load_at, price_of
from fmselect.requirements import Requirements
from fmselect.usage import Workload

MONTHS = 12


class Month(msgspec.Struct, frozen=True):
    """One month from a day on."""

    from_on: date
    requests: int
    usd: Decimal | None
    """None: the price is not known for all of it."""


class Change(msgspec.Struct, frozen=True):
    """A price that changes within the next months."""

    on: date
    usd_per_month: Decimal | None
    """What a month of the same requests costs from then on; None: no price is known."""


def outlook(alternative: Alternative, load: Workload, catalog: Catalog, requirements: Requirements, on: date) -> tuple[Month, ...]:
    """Return the next twelve months; none when neither growth nor a dated price changes anything.

    A month begins on the day of the month asked for. Within a month each price counts for the days it
    holds; the number of requests grows from one month to the next, in whole requests.
    """
    months = [_later(on, number) for number in range(MONTHS + 1)]
    if not load.growth and not _boundaries(alternative, on, months[-1]):
        return ()
    found = []
    for number, (start, end) in enumerate(pairwise(months)):
        grown = load.requests_per_month * (1 + load.growth / 100) ** number
        requests = max(1, int(grown.to_integral_value()))
        usd = _cost(alternative, load.with_requests(requests), catalog, requirements, start, end)
        found.append(Month(start, requests, usd))
    return tuple(found)


def changes(alternative: Alternative, load: Workload, catalog: Catalog, requirements: Requirements, on: date) -> tuple[Change, ...]:
    """Return the days within the next twelve months on which a month of the same requests begins to cost something else."""
    found: list[Change] = []
    before = None
    for day in [on, *_boundaries(alternative, on, _later(on, MONTHS))]:
        now = _cost(alternative, load, catalog, requirements, day, day + timedelta(days=1))
        if day != on and now != before:
            found.append(Change(day, now))
        before = now
    return tuple(found)


def _cost(alternative: Alternative, load: Workload, catalog: Catalog, requirements: Requirements, start: date, end: date) -> Decimal | None:
    """Return the cost of a month from start to end, each price for its share of the days."""
    days = [start, *_boundaries(alternative, start, end), end]
    usd = Decimal(0)
    for first, last in pairwise(days):
        then = _on(alternative, catalog, requirements, first)
        if then is None:
            return None
        try:
            month = price_of(then, load_at(load, then, catalog), catalog, requirements).usd_per_month
        except UnknownPrice:
            return None
        usd += month * (last - first).days / (end - start).days
    return usd


def _on(alternative: Alternative, catalog: Catalog, requirements: Requirements, day: date) -> Alternative | None:
    """Return the same alternative as it is sold on a day."""
    wanted = _way(alternative)
    same = [one for one in alternatives(alternative.offering, catalog, requirements, day) if _way(one) == wanted and one.prices]
    at = [one for one in same if one.regions == alternative.regions or set(one.regions) & set(alternative.regions)]
    if not alternative.prices:  # machines of one's own have no dated price
        return alternative
    return at[0] if at else None


def _way(alternative: Alternative) -> tuple[object, ...]:
    return (alternative.tier, alternative.scope_name, alternative.effort, alternative.commitment_months)


def _boundaries(alternative: Alternative, start: date, end: date) -> Sequence[date]:
    """Return the days between start and end, both excluded, on which a price of the alternative begins or ends."""

    def days() -> Iterator[date]:
        for price in alternative.offering.prices:
            if price.tier == alternative.tier and (price.scopes is None or alternative.scope_name in price.scopes):
                yield from (day for day in (price.from_on, price.until_on) if day is not None)

    return sorted({day for day in days() if start < day < end})


def _later(day: date, months: int) -> date:
    """Return the same day some months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
