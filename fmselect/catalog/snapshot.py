"""The compiled catalog: read from a validated snapshot when no file changed, else built anew.

A snapshot is named after the content of every file and of the code that reads them. To know the
content without reading it, an index keeps each file's size and times of change, as git does; a file
changed close to the moment the index was written is read again. The snapshot is JSON, checked by
the same schema as the YAML. A snapshot or index that is missing, damaged, or cannot be written
costs time, never the answer.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from fmselect.catalog import loader
from fmselect.catalog.catalog import Catalog
from fmselect.catalog.derived import Ability, Derived
from fmselect.catalog.loader import Entries, Layer, Source
from fmselect.catalog.schema import Benchmark, Frozen, License, Model, Offering, Platform, Task, Vocabulary
from fmselect.errors import InvalidInput

Fit = Callable[[Mapping[str, Model], Mapping[str, Benchmark], Mapping[str, Task]], Derived]
"""Derives abilities from the evidence; given from above, since it is no business of the catalog."""

KEPT = 6
"""Snapshots kept in the cache; older ones are removed when a new one is written."""

_RACY_NS = 2_000_000_000
"""A file changed less than this before the index was written may have changed since unnoticed."""


class Compiled(Frozen):
    """What start-up reads."""

    models: dict[str, Model]
    platforms: dict[str, Platform]
    offerings: dict[str, Offering]
    benchmarks: dict[str, Benchmark]
    tasks: dict[str, Task]
    licenses: dict[str, License]
    vocabulary: Vocabulary
    derived: Derived
    """Everything derived, but for the abilities."""
    abilities: dict[str, str]
    """The abilities of each task as JSON: most commands need one task only."""
    as_of: date
    places: dict[str, str]


_OF_TASK = TypeAdapter(dict[str, tuple[Ability, ...]], config=ConfigDict(defer_build=True))


class _Abilities(Mapping[str, Mapping[str, tuple[Ability, ...]]]):
    """The abilities by task, each task read when it is first asked for."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._read: dict[str, Mapping[str, tuple[Ability, ...]]] = {}

    def __getitem__(self, task: str) -> Mapping[str, tuple[Ability, ...]]:
        if task not in self._read:
            self._read[task] = _OF_TASK.validate_json(self._texts[task])
        return self._read[task]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


class Evidence(Frozen):
    """The benchmarks with their rows, read only when somebody asks for them."""

    benchmarks: dict[str, Benchmark]


_Parsed = TypeVar("_Parsed", bound=Frozen)


def load(layers: Sequence[Layer], cache: Path | None, fit: Fit, on: date) -> Catalog:
    """Return the catalog of the layers, later ones over earlier ones.

    `cache` is the folder for snapshots (None: keep none), `on` is today.
    Raises `InvalidInput` with every problem of every file.
    """
    digest = _digest(layers, cache)
    if cache is not None and (compiled := _parse(Compiled, cache / f"{digest}.json")) is not None:
        return _linked(compiled, lambda: _evidence(layers, cache / f"{digest}.evidence.json"))
    entries = read(layers, on)
    full = _ordered(entries.benchmarks)
    derived = fit(_ordered(entries.models), full, _ordered(entries.tasks))
    compiled = _compile(entries, derived)
    if cache is not None:
        _write(cache, f"{digest}.evidence.json", Evidence(benchmarks=full).model_dump_json(exclude_defaults=True))
        _write(cache, f"{digest}.json", compiled.model_dump_json(exclude_defaults=True))
        _prune(cache)
    return _linked(compiled, lambda: full)


def read(layers: Sequence[Layer], on: date) -> Entries:
    """Read and check all files; raises `InvalidInput` with every problem of every file."""
    from fmselect.catalog import checks  # only needed when the files are read

    entries, problems = loader.read(loader.files(layers))
    problems += checks.problems(entries, on)
    if problems:
        raise InvalidInput(problems)
    return entries


def _compile(entries: Entries, derived: Derived) -> Compiled:
    bare = {key: benchmark.model_copy(update={"rows": ()}) for key, benchmark in entries.benchmarks.items()}
    looks = [
        group.checked
        for offering in entries.offerings.values()
        for group in (offering.sale, *offering.prices, *filter(None, [offering.lifecycle]))
    ]
    return Compiled(
        models=_ordered(entries.models),
        platforms=_ordered(entries.platforms),
        offerings=_ordered(entries.offerings),
        benchmarks=_ordered(bare),
        tasks=_ordered(entries.tasks),
        licenses=_ordered(entries.licenses),
        vocabulary=entries.vocabulary,
        derived=derived.model_copy(update={"abilities": {}}),
        abilities={
            task: _OF_TASK.dump_json(dict(found), exclude_defaults=True).decode() for task, found in sorted(derived.abilities.items())
        },
        as_of=max(looks, default=date.min),
        places={key: document.path for key, document in sorted(entries.documents.items())},
    )


def _linked(compiled: Compiled, evidence: Callable[[], Mapping[str, Benchmark]]) -> Catalog:
    return Catalog(
        models=compiled.models,
        platforms=compiled.platforms,
        offerings=compiled.offerings,
        benchmarks=compiled.benchmarks,
        tasks=compiled.tasks,
        licenses=compiled.licenses,
        vocabulary=compiled.vocabulary,
        derived=compiled.derived.model_copy(update={"abilities": _Abilities(compiled.abilities)}),
        as_of=compiled.as_of,
        places=compiled.places,
        evidence=evidence,
    )


def _ordered(entries: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(entries.items()))


def _evidence(layers: Sequence[Layer], path: Path) -> Mapping[str, Benchmark]:
    found = _parse(Evidence, path)
    if found is not None:
        return found.benchmarks
    entries, _ = loader.read(loader.files(layers))
    return _ordered(entries.benchmarks)


def _parse(model: type[_Parsed], path: Path) -> _Parsed | None:
    try:
        return model.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _digest(layers: Sequence[Layer], cache: Path | None) -> str:
    """Return the digest of the content of all files and of the code that compiles them."""
    code = _code()
    roots = hashlib.sha256("\n".join([*(f"{layer.root}={layer.shown_as}" for layer in layers), code]).encode()).hexdigest()[:32]
    stamps = [stamp for layer in layers for stamp in _stamps(layer.root)]
    index = cache / f"{roots}.index" if cache is not None else None
    if index is not None and (known := _known_digest(index, stamps)) is not None:
        return known
    digest = hashlib.sha256(code.encode())
    for place, source in loader.files(layers).items():
        content = _content(source)
        digest.update(f"{source.shown}\0{place}\0{len(content)}\0".encode() + content)
    found = digest.hexdigest()[:32]
    if cache is not None and index is not None and (now := _now_ns(cache)) is not None:
        _write(cache, index.name, json.dumps({"digest": found, "written_ns": now, "files": stamps}))
    return found


def _content(source: Source) -> bytes:
    try:
        return source.path.read_bytes()
    except OSError:
        return b"unreadable"


def _known_digest(index: Path, stamps: list[list[Any]]) -> str | None:
    try:
        known = json.loads(index.read_bytes())
        settled = known["written_ns"] - _RACY_NS
        if known["files"] == stamps and all(max(stamp[2:]) < settled for stamp in stamps):
            return str(known["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def _stamps(root: Path) -> list[list[Any]]:
    """Return [path, size, times of change in ns] of every folder and file below the folder, sorted.

    The second time cannot be set back, as a copy that keeps the first one does.
    """
    found: list[list[Any]] = []
    pending = [str(root)]
    while pending:
        folder = pending.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        found.append([folder, 0, 0, 0])
        for entry in entries:
            try:
                if entry.is_dir():
                    pending.append(entry.path)
                else:
                    stat = entry.stat()
                    found.append([entry.path, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns])
            except OSError:
                found.append([entry.path, -1, 0, 0])
    found.sort()
    return found


def _code() -> str:
    """Return the digest of the code whose change makes a snapshot stale."""
    package = Path(__file__).parent.parent
    parts = [*sorted((package / "catalog").glob("*.py")), package / "quality.py", package / "strict_yaml.py", package / "units.py"]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes())
    return digest.hexdigest()


def _now_ns(cache: Path) -> int | None:
    """Return the time by the file system's own clock, the one the stamps use; None when nothing can be written."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=cache, prefix=".", suffix=".tmp") as probe:
            return os.fstat(probe.fileno()).st_mtime_ns
    except OSError:
        return None


def _write(cache: Path, name: str, text: str) -> None:
    """Put a file into the cache whole or not at all; a cache that cannot be written is no error."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=cache, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(text)
            Path(temporary).replace(cache / name)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError:
        return


def _prune(cache: Path) -> None:
    """Remove all but the newest snapshots; a file that another command just removed is no error."""
    for pattern, kept in (("*.json", 2 * KEPT), ("*.index", KEPT)):
        try:
            aged = sorted(cache.glob(pattern), key=lambda path: path.stat().st_mtime_ns, reverse=True)
            for old in aged[kept:]:
                old.unlink(missing_ok=True)
        except OSError:
            return
