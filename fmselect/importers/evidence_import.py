"""A catalog and the evidence files -> the benchmark files that would change, and what there is to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fmselect.catalog import loader
from fmselect.catalog.layers import Layer
from fmselect.errors import InvalidInput
from fmselect.importers import evidence_files
from fmselect.importers.evidence_files import Change, Import


@dataclass(frozen=True, slots=True)
class EvidenceImport:
    """What importing evidence files would do."""

    read: Import
    changes: tuple[Change, ...]
    """By benchmark."""
    texts: Mapping[str, str]
    """New text of every file that changes, by its place in the catalog."""
    resembling: Mapping[str, str]
    """Names that did not match and look like a model of the catalog, and which."""

    @property
    def matched(self) -> int:
        """Results whose name a table knows."""
        return sum(board.matched for board in self.read.taken)

    @property
    def ignored(self) -> int:
        """Results whose name a table leaves out on purpose."""
        return sum(sum(board.ignored.values()) for board in self.read.taken)

    @property
    def unmatched(self) -> Mapping[str, int]:
        """Names that no table knows, and in how many results each stands."""
        found: dict[str, int] = {}
        for board in self.read.taken:
            for name, count in board.unmatched.items():
                found[name] = found.get(name, 0) + count
        return dict(sorted(found.items()))

    @property
    def missed(self) -> int:
        """Results that did not match and look like one of a model of the catalog."""
        return sum(count for name, count in self.unmatched.items() if name in self.resembling)


def importing(layers: Sequence[Layer], files: Mapping[str, bytes]) -> EvidenceImport:
    """Return what importing the files into the catalog of these layers would do; nothing is written.

    Raises `InvalidInput` when a file is broken, or the catalog cannot be read or lacks what the files need.
    """
    sources = loader.files(layers)
    entries, problems = loader.read(sources)
    if problems:
        raise InvalidInput(problems)
    found = evidence_files.read(files, entries.aliases, entries.benchmarks)
    taken = tuple(evidence_files.completed(board, entries.benchmarks[board.benchmark].rows) for board in found.taken)
    read = replace(found, taken=taken)
    changes = tuple(evidence_files.change(entries.benchmarks[board.benchmark].rows, board) for board in read.taken)
    texts: dict[str, str] = {}
    for board in read.taken:
        place = f"benchmarks/{board.benchmark}.yaml"
        before = sources[place].path.read_text(encoding="utf-8-sig")
        after = evidence_files.rewritten(before, board.rows)
        if after != before:
            texts[place] = after
    names = {name for board in read.taken for name in board.unmatched}
    return EvidenceImport(read, changes, texts, evidence_files.resembling(sorted(names), entries.models))
