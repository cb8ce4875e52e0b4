"""The least that would have to give: minimal sets of constraints whose relaxation admits something.

V is the set of constraints that an alternative violates; the inclusion-minimal V are exactly the
minimal relaxations (decision-method, section 5). What is unknown asks for verification instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from fmselect.eligibility import Verdict

FIXED = frozenset({"task", "modality", "choice", "platform", "developer", "exclude"})
"""Constraints that say what the job is, or what was chosen away: relaxing them is another question."""


class Rejected(msgspec.Struct, frozen=True):
    """An alternative that violates at least one constraint."""

    offering: str
    verdicts: tuple[Verdict, ...]
    """Its verdicts that are not met."""

    @property
    def violated(self) -> frozenset[str]:
        """The constraints it violates."""
        return frozenset(verdict.constraint for verdict in self.verdicts if verdict.outcome == "violated")

    @property
    def doubts(self) -> int:
        """How many verdicts are unknown besides."""
        return sum(verdict.outcome == "unknown" for verdict in self.verdicts)

    @property
    def hopeless(self) -> bool:
        """Whether no relaxation would admit it: it does another job, or it is gone."""
        return bool(self.violated & FIXED) or any(
            verdict.constraint == "lifecycle" and verdict.actual.startswith("retired") for verdict in self.verdicts
        )


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
    candidates = [item for item in rejected if not item.hopeless]
    sets = {item.violated for item in candidates}
    minimal = [one for one in sets if not any(other < one for other in sets)]
    found = [_relaxation(one, [item for item in candidates if item.violated == one]) for one in minimal]
    found.sort(key=lambda r: (len(r.constraints), -len(r.offerings), r.unverified, r.constraints))
    return tuple(found[:most])


def _relaxation(constraints: frozenset[str], items: Sequence[Rejected]) -> Relaxation:
    nearest = min(items, key=lambda item: (item.doubts, item.offering))
    return Relaxation(
        constraints=tuple(sorted(constraints)),
        offerings=tuple(sorted({item.offering for item in items})),
        needs=tuple(verdict for verdict in nearest.verdicts if verdict.outcome == "violated"),
        unverified=nearest.doubts > 0,
    )
