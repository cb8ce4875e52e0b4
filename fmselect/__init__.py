"""fmselect: which foundation model should I use for this job, and where should I run it?

The public Python face. Everything is loaded on first use, so that importing the package is cheap.

>>> from fmselect import Requirements, load_catalog, recommend
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fmselect.loading import load_catalog
    from fmselect.recommendation import Recommendation, recommend
    from fmselect.requirements import Requirements

__version__ = "0.1.0"
__all__ = ["Recommendation", "Requirements", "__version__", "load_catalog", "recommend"]

_HOMES = {
    "Recommendation": "fmselect.recommendation",
    "Requirements": "fmselect.requirements",
    "load_catalog": "fmselect.loading",
    "recommend": "fmselect.recommendation",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'fmselect' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
