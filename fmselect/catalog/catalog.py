"""The linked, immutable catalog that everything else reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from fmselect.catalog.derived import Derived
    from fmselect.catalog.schema import Benchmark, License, Model, Offering, Platform, Task, Vocabulary


class Catalog(msgspec.Struct, frozen=True, eq=False, dict=True):
    """All entries by id, linked, with what was derived from the evidence.

    `benchmarks` here carry no rows but the user's own; `evidence()` reads them all when somebody asks for them.
    """

    models: Mapping[str, Model]
    platforms: Mapping[str, Platform]
    offerings: Mapping[str, Offering]
    benchmarks: Mapping[str, Benchmark]
    tasks: Mapping[str, Task]
    licenses: Mapping[str, License]
    vocabulary: Vocabulary
    derived: Derived
    as_of: date
    """The latest day on which any fact of an offering was checked."""
    evidence: Callable[[], Mapping[str, Benchmark]]
    """Read the benchmarks with their rows."""
    places: Mapping[str, str] = msgspec.field(default_factory=dict)
    """File of every entry, by `kind/id`, as shown to the user."""

    def model_of(self, offering: Offering) -> Model:
        """Return the model that the offering sells."""
        return self.models[offering.model]

    def platform_of(self, offering: Offering) -> Platform:
        """Return the platform that sells the offering."""
        return self.platforms[offering.platform]

    @cached_property
    def offerings_by_model(self) -> Mapping[str, tuple[Offering, ...]]:
        """Offerings of each model, in order of id."""
        found: dict[str, list[Offering]] = {}
        for offering in self.offerings.values():
            found.setdefault(offering.model, []).append(offering)
        return {model: tuple(offerings) for model, offerings in found.items()}

    @cached_property
    def developers(self) -> tuple[str, ...]:
        """Developers of all models, sorted."""
        return tuple(sorted({model.developer for model in self.models.values()}))

    @cached_property
    def families(self) -> tuple[str, ...]:
        """Families of all models, sorted."""
        return tuple(sorted({model.family for model in self.models.values()}))
