"""The least that would have to give: minimal sets of constraints whose relaxation admits something.

V is the set of constraints that an alternative violates; the inclusion-minimal V are exactly the
minimal relaxations (decision-method, section 5). What is unknown asks for verification instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from fmselect.eligibility import Outcome, Verdict
from fmselect.estimates import Alternative

FIXED = frozenset({"task", "modality", "choice", "platform", "developer", "exclude"})
"""Constraints that say what the job is, or what was chosen away: relaxing them is another question."""


class Rejected(Protocol):
    """An alternative that violates at least one constraint."""

    @property
    def alternative(self) -> Alternative:
        """What is rejected."""
        ...

    @property
    def violated(self) -> frozenset[str]:
        """The constraints it violates."""
        ...

    @property
    def doubts(self) -> int:
        """How many verdicts are unknown besides."""
        ...

    def of_outcome(self, *outcomes: Outcome) -> tuple[Verdict, ...]:
        """Return the verdicts with an outcome."""
        ...


def _hopeless(item: Rejected) -> bool:
    """Whether no relaxation would admit it: it does another job, or it is gone."""
    if item.violated & FIXED:
        return True
    ended = "lifecycle" in item.violated
    return ended and any(v.constraint == "lifecycle" and v.actual.startswith("retired") for v in item.of_outcome("violated"))


class Relaxation(msgspec.Struct, frozen=True):
    """A minimal set of constraints to give up, and whom that would admit."""

    constraints: tuple[str, ...]
    offerings: tuple[str, ...]
    """Offerings that violate exactly these."""
    needs: tuple[Verdict, ...]
    """What the nearest of them would need: the violated verdicts, required against actual."""
    unverified: bool
    """True when even then each of them has something unknown."""


def relaxations(rejected: Iterable[Rejected], most: int = 5) -> tuple[Relaxation, ...]:
    """Return the minimal relaxations: fewest constraints first, then the most offerings admitted."""
    candidates = [item for item in rejected if not _hopeless(item)]
    sets = {item.violated for item in candidates}
    minimal = [one for one in sets if not any(other < one for other in sets)]
    found = [_relaxation(one, [item for item in candidates if item.violated == one]) for one in minimal]
    found.sort(key=lambda r: (len(r.constraints), -len(r.offerings), r.unverified, r.constraints))
    return tuple(found[:most])


def _relaxation(constraints: frozenset[str], items: Sequence[Rejected]) -> Relaxation:
    nearest = min(items, key=lambda item: (item.doubts, item.alternative.offering.id))
    return Relaxation(
        constraints=tuple(sorted(constraints)),
        offerings=tuple(sorted({item.alternative.offering.id for item in items})),
        needs=nearest.of_outcome("violated"),
        unverified=nearest.doubts > 0,
    )
