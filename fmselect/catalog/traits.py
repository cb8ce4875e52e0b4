"""What entries of the catalog can tell besides their fields; shared by the schema's classes and the records."""

from __future__ import annotations

from typing import Protocol


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


class _Scoped(Protocol):
    @property
    def scope(self) -> str: ...
    @property
    def geography(self) -> str | None: ...


class _Committed(Protocol):
    @property
    def commitment_months(self) -> int: ...


class _Bought(Protocol):
    @property
    def capacity(self) -> _Committed | None: ...


class ModelTraits:
    """What a model's id tells."""

    __slots__ = ()

    @property
    def developer(self: _Identified) -> str:
        """Who trained the model."""
        return self.id.split("/", 1)[0]

    @property
    def slug(self: _Identified) -> str:
        """The id without the developer."""
        return self.id.split("/", 1)[1]


class ScopeTraits:
    """What a scope is called."""

    __slots__ = ()

    @property
    def name(self: _Scoped) -> str:
        """`in_region`, `global`, or `geo:` and the geography."""
        return f"geo:{self.geography}" if self.scope == "geo" else self.scope


class PriceTraits:
    """What a price binds the customer to."""

    __slots__ = ()

    @property
    def commitment_months(self: _Bought) -> int:
        """Months that the customer commits to; 0: none."""
        return self.capacity.commitment_months if self.capacity is not None else 0


TRAITS: dict[str, type] = {"Model": ModelTraits, "Scope": ScopeTraits, "Price": PriceTraits}
"""By class of the schema."""
