"""The shipped catalog, with the user's folders over it, compiled with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fmselect.catalog.catalog import Catalog
from fmselect.catalog.layers import SHIPPED, Layer
from fmselect.catalog.snapshot import load

if TYPE_CHECKING:
    from fmselect.catalog.derived import Derived
    from fmselect.catalog.loader import Entries


def shipped() -> Layer:
    """Return the catalog that came with the package, or with the checkout."""
    package = Path(__file__).parent
    inside = package / "shipped_catalog"
    return Layer(inside if inside.is_dir() else package.parent / "catalog", SHIPPED)


def layers(*folders: Path | str) -> list[Layer]:
    """Return the shipped catalog and the given folders over it, in order."""
    return [shipped(), *(Layer(Path(folder), str(folder)) for folder in folders)]


def whole(folder: Path) -> list[Layer]:
    """Return the layers of a folder: itself alone when it is a whole catalog, else over the shipped one."""
    return [Layer(folder, str(folder))] if (folder / "vocabulary").is_dir() else layers(folder)


def load_catalog(*folders: Path | str, on: date, cache: Path | None = None) -> Catalog:
    """Load the shipped catalog with the given folders over it.

    `on` is today; `cache` is a folder for snapshots (None: read the files every time).
    Raises `fmselect.errors.InvalidInput` with every problem of every file.
    """
    return load_layers(layers(*folders), on, cache)


def load_layers(found: Sequence[Layer], on: date, cache: Path | None) -> Catalog:
    """Load the catalog of the given layers, later ones over earlier ones."""
    return load(found, cache, _fit, on)


def _fit(entries: Entries) -> Derived:
    from fmselect import own_evidence, quality, relatives  # only needed when the catalog is compiled

    models, tasks = dict(sorted(entries.models.items())), dict(sorted(entries.tasks.items()))
    public = {name: benchmark for name, benchmark in sorted(entries.benchmarks.items()) if not benchmark.own}
    derived = quality.fit(models, public, tasks)
    speed = relatives.fit(models, entries.platforms, entries.offerings, public)
    return derived.model_copy(update={"speed": speed, "slopes": own_evidence.slopes(derived, public, tasks)})
