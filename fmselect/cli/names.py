"""What people type for a thing of the catalog -> the thing, with `did you mean`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fmselect.errors import InvalidInput, Problem, did_you_mean

if TYPE_CHECKING:
    from fmselect.catalog.catalog import Catalog
    from fmselect.catalog.schema import Model, Offering


def find_model(catalog: Catalog, name: str) -> Model | None:
    """Return the model of an id, or of its part after the developer."""
    if name in catalog.models:
        return catalog.models[name]
    return next((model for model in catalog.models.values() if model.slug == name), None)


def find_offerings(catalog: Catalog, name: str) -> tuple[Offering, ...]:
    """Return the offering of an id, or all offerings of a model.

    Raises `InvalidInput` for a name that is neither, or a model that nobody sells.
    """
    if name in catalog.offerings:
        return (catalog.offerings[name],)
    model = find_model(catalog, name)
    if model is not None:
        found = catalog.offerings_by_model.get(model.id, ())
        if not found:
            raise InvalidInput([Problem(f"no platform of the catalog sells '{model.id}'")])
        return found
    known = [*catalog.offerings, *(model.slug for model in catalog.models.values())]
    hint = did_you_mean(name, known) or ": see `fmselect list offerings`"
    raise InvalidInput([Problem(f"'{name}' is no offering or model{hint}")])


def task_for(catalog: Catalog, model: Model) -> str:
    """Return a task for a model of this kind, where the user names none: chat, or the first that fits."""
    fitting = [task.id for task in catalog.tasks.values() if model.kind in task.kinds]
    return "chat" if "chat" in fitting or not fitting else fitting[0]
