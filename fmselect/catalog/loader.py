"""Layers of catalog folders -> entries, or every problem of every file at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError

from fmselect import strict_yaml
from fmselect.catalog.layers import SHIPPED, Layer, Source
from fmselect.catalog.schema import (
    Aliases,
    Benchmark,
    Geographies,
    Gpus,
    License,
    Model,
    Offering,
    Platform,
    Regions,
    Task,
    Terminology,
    Vocabulary,
)
from fmselect.errors import InvalidInput, Problem, did_you_mean
from fmselect.strict_yaml import Document

KINDS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {
        "models": Model,
        "platforms": Platform,
        "offerings": Offering,
        "benchmarks": Benchmark,
        "tasks": Task,
        "licenses": License,
        "aliases": Aliases,
    }
)
"""Folders of a catalog, and what each file in them is."""

VOCABULARIES: Mapping[str, type[BaseModel]] = MappingProxyType(
    {
        "features": Terminology,
        "compliance": Terminology,
        "languages": Terminology,
        "customization": Terminology,
        "geographies": Geographies,
        "regions": Regions,
        "gpus": Gpus,
    }
)
"""Files of vocabulary/."""

_FROM_PATH = {"id", "model", "platform"}
_NAME = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*\Z")


@dataclass(slots=True)
class Entries:
    """Everything the files say, by id, with the document each entry stands in."""

    models: dict[str, Model] = field(default_factory=dict)
    platforms: dict[str, Platform] = field(default_factory=dict)
    offerings: dict[str, Offering] = field(default_factory=dict)
    benchmarks: dict[str, Benchmark] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    licenses: dict[str, License] = field(default_factory=dict)
    aliases: dict[str, Aliases] = field(default_factory=dict)
    vocabularies: dict[str, Any] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    """By `kind/id`."""
    broken: set[str] = field(default_factory=set)
    """Entries, as `kind/id`, whose file is there and could not be read."""

    def of_kind(self, kind: str) -> dict[str, Any]:
        """Return the entries of one folder."""
        found: dict[str, Any] = getattr(self, kind)
        return found

    @property
    def vocabulary(self) -> Vocabulary:
        """All vocabularies, once every file of them has been read."""
        return Vocabulary(**self.vocabularies)


def files(layers: Sequence[Layer]) -> dict[str, Source]:
    """Return the files of all layers by their place; a later layer replaces an earlier one whole."""
    found: dict[str, Source] = {}
    for layer in layers:
        if not layer.root.is_dir():
            raise InvalidInput([Problem("is no folder: give the folder that holds models/ and offerings/", str(layer.root))])
        for kind in (*KINDS, "vocabulary"):
            folder = layer.root / kind
            for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
                if path.is_file() and not path.name.startswith("."):
                    relative = path.relative_to(layer.root).as_posix()
                    found[relative] = Source(relative, layer)
    return dict(sorted(found.items()))


def read(sources: Mapping[str, Source]) -> tuple[Entries, list[Problem]]:
    """Read and validate every file; problems come back beside whatever could be read."""
    entries = Entries()
    problems: list[Problem] = []
    slugs = {Path(place).name.removesuffix(".yaml"): _model_id(place) for place in sources if place.startswith("models/")}
    for place, source in sources.items():
        problems.extend(_read_one(place, source, slugs, entries))
    shown_as = next(iter(sources.values())).layer.shown_as if sources else SHIPPED
    for name in VOCABULARIES:
        if f"vocabulary/{name}.yaml" not in sources:
            problems.append(Problem("is missing: every catalog needs this vocabulary", f"{shown_as}/vocabulary/{name}.yaml"))
    return entries, problems


def _read_one(place: str, source: Source, slugs: Mapping[str, str], entries: Entries) -> Iterator[Problem]:
    kind, _, _ = place.partition("/")
    located = _identity(place, source, slugs)
    if isinstance(located, Problem):
        yield located
        return
    identity = located["id"]
    entries.broken.add(f"{kind}/{identity}")
    try:
        document = strict_yaml.read(source.path, source.shown)
    except InvalidInput as error:
        yield from error.problems
        return
    yield from _admit(kind, located, document, entries)


def admit(place: str, document: Document, entries: Entries) -> list[Problem]:
    """Take what a file at this place would say into the entries, as if it had been read; return what is wrong with it."""
    slugs = {model.slug: model.id for model in entries.models.values()}
    located = _identity(place, Source(place, Layer(Path(), document.path.removesuffix(f"/{place}"))), slugs)
    return [located] if isinstance(located, Problem) else list(_admit(place.partition("/")[0], located, document, entries))


def _admit(kind: str, located: Mapping[str, str], document: Document, entries: Entries) -> Iterator[Problem]:
    identity = located["id"]
    if not isinstance(document.data, dict):
        yield document.problem((), "is not a mapping of keys to values")
        return
    taken = [key for key in sorted(_FROM_PATH & document.data.keys()) if kind != "vocabulary"]
    for key in taken:
        yield document.problem((key,), "comes from the file's path: remove it")
    schema = VOCABULARIES[identity] if kind == "vocabulary" else KINDS[kind]
    injected = {} if kind == "vocabulary" else located
    try:
        entry = schema.model_validate({**document.data, **injected})
    except ValidationError as error:
        yield from document.problems_from(error, schema)
        return
    (entries.vocabularies if kind == "vocabulary" else entries.of_kind(kind))[identity] = entry
    entries.documents[f"{kind}/{identity}"] = document
    entries.broken.discard(f"{kind}/{identity}")


def _model_id(place: str) -> str:
    return place.removeprefix("models/").removesuffix(".yaml")


def _identity(place: str, source: Source, slugs: Mapping[str, str]) -> dict[str, str] | Problem:
    """Return what the path says: id, and for an offering its model and platform."""
    parts = place.split("/")
    kind, name = parts[0], parts[-1].removesuffix(".yaml")
    if not place.endswith(".yaml"):
        return Problem("does not end in .yaml: rename it, or move it out of the catalog", source.shown)
    depth = 3 if kind in ("models", "offerings") else 2
    if len(parts) != depth:
        shape = {"models": "models/<developer>/<model>.yaml", "offerings": "offerings/<platform>/<model>.yaml"}
        return Problem(f"is in the wrong place: it should be {shape.get(kind, f'{kind}/<name>.yaml')}", source.shown)
    odd = next((part for part in (*parts[1:-1], name) if not _NAME.match(part)), None)
    if odd is not None:
        return Problem(f"'{odd}' cannot be an id: rename it to small letters and digits, with single . _ - between", source.shown)
    if kind == "vocabulary" and name not in VOCABULARIES:
        return Problem(f"is no vocabulary: there are {', '.join(VOCABULARIES)}{did_you_mean(name, VOCABULARIES)}", source.shown)
    if kind == "models":
        return {"id": f"{parts[1]}/{name}"}
    if kind == "offerings":
        if name not in slugs:
            near = did_you_mean(name, slugs)
            hint = f"{near}{' Otherwise' if near else ';'} add models/<developer>/{name}.yaml"
            return Problem(f"sells a model that no file in models/ describes: '{name}'{hint}", source.shown)
        return {"id": f"{name}@{parts[1]}", "model": slugs[name], "platform": parts[1]}
    return {"id": name}
