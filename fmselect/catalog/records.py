"""The catalog as everything reads it: light records with the attributes of the schema's classes.

The schema's pydantic classes validate the files; building them costs a start-up more than the answer.
So a snapshot tells the shape of every class beside the data, and the records are made from that:
same names, same types, same methods, checked again for type as they are read.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from fmselect.catalog.traits import TRAITS

if TYPE_CHECKING:
    from pydantic import BaseModel

Shape = Any
"""A type as plain data: `decimal`, ["tuple", shape], ["pair", shape, shape], ["map", key, value],
["maybe", shape], or ["record", name]."""

Field = tuple[str, Shape, bool, Any]
"""A field: its name, its shape, whether it must be given, and else its default."""

_SCALARS: Mapping[Any, str] = {str: "str", int: "int", float: "float", bool: "bool", Decimal: "decimal", date: "date"}
_TYPES: Mapping[str, Any] = {name: kind for kind, name in _SCALARS.items()}

Entry = TypeVar("Entry")


# ---------------------------------------------------------------- from the schema


def shapes(models: Iterable[type[BaseModel]]) -> dict[str, list[Field]]:
    """Return the fields of the classes, and of every class they hold, those that are held first."""
    found: dict[str, list[Field]] = {}
    for model in models:
        _add(model, found)
    return found


def _add(model: type[BaseModel], found: dict[str, list[Field]]) -> None:
    if model.__name__ in found:
        return
    fields: list[Field] = []
    for name, info in model.model_fields.items():
        default = None if info.is_required() else info.get_default(call_default_factory=True)
        fields.append((name, _shape(info.annotation, found), info.is_required(), str(default) if isinstance(default, Decimal) else default))
    found[model.__name__] = fields


def _shape(annotation: Any, found: dict[str, list[Field]]) -> Shape:
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shape(arguments[0], found)
    if origin is Literal:
        return _SCALARS[type(arguments[0])]
    if origin in (Union, types.UnionType):
        (only,) = (argument for argument in arguments if argument is not type(None))
        return ["maybe", _shape(only, found)]
    if origin is tuple and arguments[-1] is Ellipsis:
        return ["tuple", _shape(arguments[0], found)]
    if origin is tuple:
        return ["pair", *(_shape(argument, found) for argument in arguments)]
    if origin is not None and issubclass(origin, Mapping):
        return ["map", *(_shape(argument, found) for argument in arguments)]
    _add(annotation, found)
    return ["record", annotation.__name__]


# ---------------------------------------------------------------- to records


@lru_cache(maxsize=4)
def classes(found: bytes) -> Mapping[str, type[msgspec.Struct]]:
    """Return a record class for every shape, given the shapes as JSON; records of the same shapes can be compared."""
    made: dict[str, type[msgspec.Struct]] = {}
    read: dict[str, list[Field]] = msgspec.json.decode(found)
    for name, fields in read.items():
        made[name] = msgspec.defstruct(
            name,
            [_field(field, made) for field in fields],
            bases=(*((TRAITS[name],) if name in TRAITS else ()), msgspec.Struct),
            frozen=True,
            kw_only=True,
            omit_defaults=True,
            gc=False,
        )
    return made


def _field(field: Field, made: Mapping[str, type[msgspec.Struct]]) -> tuple[str, Any] | tuple[str, Any, Any]:
    name, shape, required, default = field
    kind = type_of(shape, made)
    if required:
        return name, kind
    if default is not None and shape == "decimal":
        return name, kind, Decimal(default)
    if isinstance(default, dict):
        return name, kind, msgspec.field(default_factory=dict)
    return name, kind, tuple(default) if isinstance(default, list) else default


def type_of(shape: Shape, made: Mapping[str, type[msgspec.Struct]]) -> Any:
    """Return the type of a shape, given the record classes."""
    if isinstance(shape, str):
        return _TYPES[shape]
    kind, *inner = shape
    if kind == "record":
        return made[inner[0]]
    held = [type_of(part, made) for part in inner]
    if kind == "maybe":
        return held[0] | None
    if kind == "map":
        return dict[held[0], held[1]]  # type: ignore[valid-type]  # the types are known at run time only
    return tuple[held[0], ...] if kind == "tuple" else tuple[tuple(held)]  # type: ignore[valid-type,misc]  # as above


def changed(entry: Entry, **facts: Any) -> Entry:
    """Return an entry, a record or one of the schema's, with some of its facts changed."""
    if isinstance(entry, msgspec.Struct):
        return msgspec.structs.replace(entry, **facts)
    found: Entry = entry.model_copy(update=facts)  # type: ignore[attr-defined]  # what is no record is of the schema
    return found


def plain_data(entry: Any) -> dict[str, Any]:
    """Return what an entry says as plain data, ready for JSON, without what is left at its default."""
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(entry))
    return data
