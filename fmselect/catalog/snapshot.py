"""The compiled catalog: read from a validated snapshot when no file changed, else built anew.

A snapshot is named after the content of every file and of the code that reads them. To know the
content without reading it, an index keeps the size and times of change of each, as git does; a file
changed close to the moment the index was written is read again. The snapshot is lines of JSON: the entries,
validated when it was written, and the shapes they are read back by. A snapshot or index that is
missing, damaged, or cannot be written costs time, never the answer.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from mmap import ACCESS_READ, mmap
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import msgspec

from fmselect.catalog import records
from fmselect.catalog.catalog import Catalog
from fmselect.errors import InvalidInput

if TYPE_CHECKING:
    from fmselect.catalog.derived import Ability, Derived
    from fmselect.catalog.layers import Layer, Source
    from fmselect.catalog.loader import Entries
    from fmselect.catalog.schema import Benchmark

    Fit = Callable[[Entries], Derived]
    """Derives abilities and speeds from the evidence; given from above, since it is no business of the catalog."""

KEPT = 6
"""Snapshots kept in the cache; older ones are removed when a new one is written."""

_RACY_NS = 2_000_000_000
"""A file changed less than this before the index was written may have changed since unnoticed."""


_SECTIONS: Mapping[str, Any] = {
    "models": ["map", "str", ["record", "Model"]],
    "platforms": ["map", "str", ["record", "Platform"]],
    "offerings": ["map", "str", ["record", "Offering"]],
    "benchmarks": ["map", "str", ["record", "Benchmark"]],
    "tasks": ["map", "str", ["record", "Task"]],
    "licenses": ["map", "str", ["record", "License"]],
    "vocabulary": ["record", "Vocabulary"],
    "derived": ["record", "Derived"],
    "as_of": "date",
    "places": ["map", "str", "str"],
}
"""What a snapshot holds besides its shapes and the abilities of each task."""


class _Abilities(Mapping[str, Mapping[str, tuple["Ability", ...]]]):
    """The abilities by task, each task read when it is first asked for: most commands need only one."""

    def __init__(self, texts: Mapping[str, memoryview], kind: Any) -> None:
        self._texts = texts
        self._kind = kind
        self._read: dict[str, Mapping[str, tuple[Ability, ...]]] = {}

    def __getitem__(self, task: str) -> Mapping[str, tuple[Ability, ...]]:
        if task not in self._read:
            self._read[task] = msgspec.json.decode(self._texts[task], type=self._kind)
        return self._read[task]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


def load(layers: Sequence[Layer], cache: Path | None, fit: Fit, on: date) -> Catalog:
    """Return the catalog of the layers, later ones over earlier ones.

    `cache` is the folder for snapshots (None: keep none), `on` is today.
    Raises `InvalidInput` with every problem of every file.
    """
    digest = _digest(layers, cache)
    kept = cache / f"{digest}.evidence.json" if cache is not None else None
    if cache is not None and (found := _linked(_mapped(cache / f"{digest}.jsonl"), lambda: _evidence(layers, kept))) is not None:
        return found
    entries = read(layers, on)
    full = _ordered(entries.benchmarks)
    text, rows = _compile(entries, fit(entries)), _compile_evidence(full)
    if cache is not None:
        _write(cache, f"{digest}.evidence.json", rows)
        _write(cache, f"{digest}.jsonl", text)
        _prune(cache)
    compiled = _linked(memoryview(text), lambda: _rows(rows) or {})
    if compiled is None:
        raise RuntimeError("a snapshot just written cannot be read")
    return compiled


def read(layers: Sequence[Layer], on: date) -> Entries:
    """Read and check all files; raises `InvalidInput` with every problem of every file."""
    from fmselect.catalog import checks, loader  # only needed when the files are read

    entries, problems = loader.read(loader.files(layers))
    problems += checks.problems(entries, on)
    if problems:
        raise InvalidInput(problems)
    return entries


# ---------------------------------------------------------------- to and from JSON


def _compile(entries: Entries, derived: Any) -> bytes:
    """Return the snapshot: every section, the abilities of each task, and the shapes they are read by."""
    from fmselect.catalog import derived as of_evidence
    from fmselect.catalog import schema

    bare = {
        key: found if found.own else found.model_copy(update={"rows": (), "relatives": ()}) for key, found in entries.benchmarks.items()
    }
    looks = [
        group.checked
        for offering in entries.offerings.values()
        for group in (offering.sale, *offering.prices, *filter(None, [offering.lifecycle]))
    ]
    sections: dict[str, Any] = {
        **{kind: _plain(getattr(entries, kind)) for kind in ("models", "platforms", "offerings", "tasks", "licenses")},
        "benchmarks": _plain(bare),
        "vocabulary": _data(entries.vocabulary),
        "derived": derived.model_dump(mode="json", exclude_defaults=True, exclude={"abilities"}),
        "as_of": max(looks, default=date.min),
        "places": {key: document.path for key, document in sorted(entries.documents.items())},
        "shapes": records.shapes([*(getattr(schema, name) for name in _KEPT), of_evidence.Derived, of_evidence.Ability]),
    }
    for task, by_model in sorted(derived.abilities.items()):
        sections[_ABILITIES + task] = {model: [_data(ability) for ability in found] for model, found in by_model.items()}
    return _lines(sections)


_ABILITIES = "abilities of "
"""What the sections with the abilities of a task are called, before the task."""


def _lines(sections: Mapping[str, Any]) -> bytes:
    """Return JSON lines: first where each section begins and ends, counted from behind that line, then a section each."""
    from pydantic_core import to_json  # a settled start writes nothing

    texts = {name: to_json(section) for name, section in sections.items()}
    places: dict[str, tuple[int, int]] = {}
    end = 0
    for name, text in texts.items():
        places[name] = (end, end + len(text))
        end += len(text) + 1
    return b"\n".join([to_json(places), *texts.values()])


def _sections(lines: memoryview) -> dict[str, memoryview]:
    """Return the sections, none of which is read yet; raises what decoding raises when they are damaged."""
    head = bytes(lines[:_HEAD]).partition(b"\n")[0]
    body = lines[len(head) + 1 :]
    places = msgspec.json.decode(head, type=dict[str, tuple[int, int]])
    return {name: body[start:end] for name, (start, end) in places.items()}


_HEAD = 10_000
"""Bytes within which the first line ends."""


def _plain(entries: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _data(entry) for key, entry in sorted(entries.items())}


def _data(entry: Any) -> dict[str, Any]:
    data: dict[str, Any] = entry.model_dump(mode="json", exclude_defaults=True)
    return data


_KEPT = ("Model", "Platform", "Offering", "Benchmark", "Task", "License", "Vocabulary")


def _compile_evidence(benchmarks: Mapping[str, Any]) -> bytes:
    """Return the benchmarks with their rows, which are read only when somebody asks for them."""
    from pydantic_core import to_json

    from fmselect.catalog.schema import Benchmark

    return to_json({"benchmarks": _plain(benchmarks), "shapes": records.shapes([Benchmark])})


def _linked(lines: memoryview, evidence: Callable[[], Mapping[str, Benchmark]]) -> Catalog | None:
    """Return the catalog of a snapshot; None when it is missing or damaged."""
    try:
        parts = _sections(lines)
        made = records.classes(bytes(parts["shapes"]))
        found = {name: msgspec.json.decode(parts[name], type=records.type_of(shape, made)) for name, shape in _SECTIONS.items()}
        ability = records.type_of(["map", "str", ["tuple", ["record", "Ability"]]], made)
        texts = {name.removeprefix(_ABILITIES): part for name, part in parts.items() if name.startswith(_ABILITIES)}
        found["derived"] = msgspec.structs.replace(found["derived"], abilities=_Abilities(texts, ability))
    except (msgspec.MsgspecError, ValueError, KeyError, TypeError):
        return None
    return Catalog(**found, evidence=evidence)


def _rows(text: bytes) -> Mapping[str, Benchmark] | None:
    """Return the benchmarks with their rows; None when they are missing or damaged."""
    try:
        parts = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        made = records.classes(bytes(parts["shapes"]))
        found: Mapping[str, Benchmark] = msgspec.json.decode(parts["benchmarks"], type=records.type_of(_SECTIONS["benchmarks"], made))
    except (msgspec.MsgspecError, ValueError, KeyError, TypeError):
        return None
    return found


def _evidence(layers: Sequence[Layer], kept: Path | None) -> Mapping[str, Benchmark]:
    found = _rows(_bytes(kept)) if kept is not None else None
    if found is None:
        from fmselect.catalog import loader

        entries, _ = loader.read(loader.files(layers))
        found = _rows(_compile_evidence(_ordered(entries.benchmarks)))
    return found or {}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _mapped(path: Path) -> memoryview:
    """Return a file without reading it: only what is looked at is read."""
    try:
        with path.open("rb") as stream:
            return memoryview(mmap(stream.fileno(), 0, access=ACCESS_READ))
    except (OSError, ValueError):
        return memoryview(b"")


def _ordered(entries: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(entries.items()))


def _digest(layers: Sequence[Layer], cache: Path | None) -> str:
    """Return the digest of the content of all files and of the code that compiles them."""
    roots = "\n".join(f"{layer.root}={layer.shown_as}" for layer in layers)
    stamps, newest = _stamped(layers)
    index = cache / f"{crc32(roots.encode()):08x}.index" if cache is not None else None
    if index is not None and (known := _known_digest(index, roots, stamps, newest)) is not None:
        return known
    import hashlib  # a settled start needs neither

    from fmselect.catalog import loader

    digest = hashlib.sha256()
    for part in _code():
        digest.update(part.read_bytes())
    for place, source in loader.files(layers).items():
        content = _content(source)
        digest.update(f"{source.shown}\0{place}\0{len(content)}\0".encode() + content)
    found = digest.hexdigest()[:32]
    if cache is not None and index is not None and (now := _now_ns(cache)) is not None:
        _write(cache, index.name, msgspec.json.encode({"roots": roots, "digest": found, "written_ns": now}) + b"\n" + stamps)
    return found


def _content(source: Source) -> bytes:
    try:
        return source.path.read_bytes()
    except OSError:
        return b"unreadable"


def _known_digest(index: Path, roots: str, stamps: bytes, newest: int) -> str | None:
    """Return the digest that the index knows, when it is of the same files and none changed since shortly before it was written."""
    try:
        head, _, files = index.read_bytes().partition(b"\n")
        if files == stamps:
            known = msgspec.json.decode(head)
            if known["roots"] == roots and newest < known["written_ns"] - _RACY_NS:
                return str(known["digest"])
    except (OSError, ValueError, KeyError, TypeError, msgspec.MsgspecError):
        pass
    return None


def _stamped(layers: Sequence[Layer]) -> tuple[bytes, int]:
    """Return the stamp of every file of the layers and of the code that compiles them, and the latest change of any."""
    stamps: list[tuple[str, int, int, int]] = []
    for layer in layers:
        _stamp(str(layer.root), stamps)
    for part in _code():
        stat = part.stat()
        stamps.append((str(part), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))
    newest = max(max(stamp[2] for stamp in stamps), max(stamp[3] for stamp in stamps))
    return msgspec.json.encode(stamps), newest


def _stamp(root: str, stamps: list[tuple[str, int, int, int]]) -> None:
    """Add (path, size, times of change in ns) of every folder and file below a folder, in a fixed order.

    The second time cannot be set back, as a copy that keeps the first one does.
    """
    pending = [root]
    while pending:
        folder = pending.pop()
        try:
            entries = sorted(os.scandir(folder), key=_name)
        except OSError:
            continue
        stamps.append((folder, 0, 0, 0))
        for entry in entries:
            try:
                if entry.is_dir():
                    pending.append(entry.path)
                else:
                    stat = entry.stat()
                    stamps.append((entry.name, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))
            except OSError:
                stamps.append((entry.name, -1, 0, 0))


_name = attrgetter("name")


def _code() -> list[Path]:
    """Return the files of code whose change makes a snapshot stale."""
    package = Path(__file__).parent.parent
    stages = [package / f"{stage}.py" for stage in ("own_evidence", "quality", "relatives", "speed", "strict_yaml", "units")]
    return [*sorted((package / "catalog").glob("*.py")), *stages]


def _now_ns(cache: Path) -> int | None:
    """Return the time by the file system's own clock, the one the stamps use; None when nothing can be written."""
    import tempfile  # only needed to write

    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=cache, prefix=".", suffix=".tmp") as probe:
            return os.fstat(probe.fileno()).st_mtime_ns
    except OSError:
        return None


def _write(cache: Path, name: str, content: bytes) -> None:
    """Put a file into the cache whole or not at all; a cache that cannot be written is no error."""
    import tempfile

    try:
        cache.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=cache, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(temporary).replace(cache / name)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError:
        return


def _prune(cache: Path) -> None:
    """Remove all but the newest snapshots; a file that another command just removed is no error."""
    for pattern, kept in (("*.json", KEPT), ("*.jsonl", KEPT), ("*.index", KEPT)):
        try:
            aged = sorted(cache.glob(pattern), key=lambda path: path.stat().st_mtime_ns, reverse=True)
            for old in aged[kept:]:
                old.unlink(missing_ok=True)
        except OSError:
            return
