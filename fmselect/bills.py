"""What a workload costs on every tier, scope and effort of some offerings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fmselect.catalog.catalog import Catalog
from fmselect.errors import InvalidInput
from fmselect.estimates import Alternative, Estimate, alternatives, estimate, workload
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


@dataclass(frozen=True, slots=True)
class Bills:
    """Bills for one workload, in the order of the offerings, each cheapest tier first."""

    workload: Workload
    assumptions: tuple[str, ...]
    bills: tuple[Bill, ...]
    on: date


def bills(catalog: Catalog, requirements: Requirements, offerings: Sequence[Offering], on: date) -> Bills:
    """Return the bills of the offerings; raises `InvalidInput` for terms that the catalog does not know."""
    problems = list(unknown_terms(catalog, requirements))
    if problems:
        raise InvalidInput(problems)
    load, assumed = workload(requirements, catalog.tasks[requirements.task])
    found: list[Bill] = []
    for offering in dict.fromkeys(offering.id for offering in offerings):
        seen: set[tuple[object, ...]] = set()
        for alternative in alternatives(catalog.offerings[offering], catalog, requirements, on):
            figures = estimate(alternative, load, catalog, requirements)
            same = (alternative.tier, alternative.scope_name, alternative.regions, figures.cost, figures.cost_unknown)
            if same not in seen:
                seen.add(same)
                found.append(Bill(alternative, figures))
    return Bills(load, assumed, tuple(found), on)
