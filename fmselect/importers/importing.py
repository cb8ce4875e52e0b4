"""A catalog and the bytes of one source -> the files that would change, checked, and what there is to tell.

This is the whole import but for reading the bytes and writing the files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fmselect import strict_yaml
from fmselect.catalog import checks, loader, writing
from fmselect.catalog.layers import Layer
from fmselect.catalog.layers import Source as File
from fmselect.catalog.loader import Entries
from fmselect.catalog.schema import Aliases
from fmselect.errors import InvalidInput, Problem, did_you_mean
from fmselect.importers.agreement import Agreement, agreement, paired
from fmselect.importers.findings import Findings, Origin
from fmselect.importers.merging import Merged, merge
from fmselect.importers.sources import SOURCES, Source, opened


@dataclass(frozen=True, slots=True)
class Import:
    """What importing one source would do."""

    origin: Origin
    findings: Findings
    aliases: Aliases
    merged: Merged
    texts: Mapping[str, str]
    """New text of every file that changes, by its place in the catalog."""
    shown: Mapping[str, str]
    """Every file of the catalog as it is shown to the user, by entry."""
    made: frozenset[str]
    """Places that had no file before."""


def importing(layers: Sequence[Layer], source: Source, raw: bytes, place: str, into: str, on: date, *, confirm: bool) -> Import:
    """Return what importing the bytes into the catalog of these layers would do; nothing is written.

    `place` is the file's name or address, `into` how the folder that would be written to is shown, `on` is
    today, `confirm` also dates groups that this version says unchanged. Raises `InvalidInput` when the bytes are not what
    the source gives, the catalog cannot be read, or a file would break a rule of the catalog.
    """
    files = loader.files(layers)
    entries, problems = loader.read(files)
    if problems:
        raise InvalidInput(problems)
    aliases = _table(entries, source)
    content, origin = opened(source, raw, place, on)
    findings = _read(source, content, aliases, place)
    known = {*(f"models/{model}" for model in entries.models), *(f"platforms/{platform}" for platform in entries.platforms)}
    said: dict[str, Mapping[str, Any]] = {key: document.data for key, document in entries.documents.items()}
    merged = merge(said, findings, origin, source.owner, known, confirm=confirm)
    texts = {place_of(entry): _text(entry, data, entries, files) for entry, data in sorted(merged.data.items())}
    made = frozenset(place_of(entry) for entry in merged.data if entry not in entries.documents)
    _check(texts, entries, into, on)
    shown = {key: document.path for key, document in entries.documents.items()}
    return Import(origin, findings, aliases, merged, texts, shown, made)


def agreeing(layers: Sequence[Layer], contents: Mapping[str, bytes], on: date) -> Agreement:
    """Return how LiteLLM's and genai-prices' prices agree with each other and with the catalog on a day.

    `contents` holds the two lists by file name or address, LiteLLM's first. Raises `InvalidInput` when one
    is not what it should be, or the catalog cannot be read.
    """
    entries, problems = loader.read(loader.files(layers))
    if problems:
        raise InvalidInput(problems)
    pair = (SOURCES["litellm"], SOURCES["genai-prices"])
    tables = [_table(entries, source) for source in pair]
    lists = [(place, opened(source, raw, place, on)[0]) for source, (place, raw) in zip(pair, contents.items(), strict=True)]

    def read(which: int) -> Findings:
        return _read(pair[which], lists[which][1], tables[which], lists[which][0])

    tables = list(paired(tables[0], tables[1], read(0).names, read(1).names))
    return agreement(entries.offerings, read(0).found, read(1).found, (pair[0].owner, pair[1].owner), on)


def _table(entries: Entries, source: Source) -> Aliases:
    if source.aliases in entries.aliases:
        return entries.aliases[source.aliases]
    near = did_you_mean(source.aliases, entries.aliases)
    raise InvalidInput([Problem(f"there is no aliases/{source.aliases}.yaml, so no name of {source.name} means anything{near}")])


def _read(source: Source, raw: bytes, table: Aliases, place: str) -> Findings:
    try:
        return source.read(raw, table)
    except InvalidInput as error:
        raise InvalidInput(
            [Problem(problem.message, problem.file or place, problem.line, problem.field) for problem in error.problems]
        ) from error


def place_of(entry: str) -> str:
    """Return the place of an entry's file in the catalog."""
    kind, _, identity = entry.partition("/")
    slug, _, platform = identity.partition("@")
    return f"{kind}/{platform}/{slug}.yaml" if kind == "offerings" else f"{kind}/{identity}.yaml"


def _text(entry: str, data: Mapping[str, Any], entries: Entries, files: Mapping[str, File]) -> str:
    document, place = entries.documents.get(entry), place_of(entry)
    if document is None:
        return writing.new_file(entry.partition("/")[0].removesuffix("s"), data, place.count("/"))
    return writing.rewritten(document, files[place].path.read_text(encoding="utf-8-sig"), data)


def _check(texts: Mapping[str, str], entries: Entries, into: str, on: date) -> None:
    """Raise `InvalidInput` when a file would break a rule of the catalog."""
    problems: list[Problem] = []
    for place, text in sorted(texts.items()):  # models come before the offerings that sell them
        problems += loader.admit(place, strict_yaml.parse(text.encode(), f"{into}/{place}"), entries)
    shown = {f"{into}/{place}" for place in texts}
    problems += [problem for problem in checks.problems(entries, on) if problem.file in shown]
    if problems:
        raise InvalidInput(problems)
