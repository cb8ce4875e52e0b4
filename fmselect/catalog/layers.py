"""Folders of a catalog and the files in them, by their place in the layout."""

from __future__ import annotations

from pathlib import Path

import msgspec

SHIPPED = "catalog"
"""How files of the shipped catalog are shown to the user."""


class Layer(msgspec.Struct, frozen=True):
    """One catalog folder, and how its files are shown to the user."""

    root: Path
    shown_as: str

    def shown(self, relative: str) -> str:
        """Return a file of the layer the way the user would name it."""
        return f"{self.shown_as}/{relative}"


class Source(msgspec.Struct, frozen=True):
    """A file of a catalog: its place in the layout, and where it really is."""

    relative: str
    layer: Layer

    @property
    def path(self) -> Path:
        """The file itself."""
        return self.layer.root / self.relative

    @property
    def shown(self) -> str:
        """The file as shown to the user."""
        return self.layer.shown(self.relative)
