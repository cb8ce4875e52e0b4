"""What importing evidence files does, as text."""

from __future__ import annotations

from collections.abc import Iterator

from fmselect.catalog.schema import Row
from fmselect.importers.evidence_files import Change
from fmselect.importers.evidence_import import EvidenceImport
from fmselect.units import counted


def render(done: EvidenceImport, into: str, dry_run: bool, everything: bool) -> str:
    """Return the report: what changes board by board, what matched, and what did not.

    `everything` lists each row that changes, each name that did not match, and why others were left out.
    """
    return "\n".join(_lines(done, into, dry_run, everything))


def _lines(done: EvidenceImport, into: str, dry_run: bool, everything: bool) -> Iterator[str]:
    word = "would be written" if dry_run else "written"
    for change in done.changes:
        if f"benchmarks/{change.benchmark}.yaml" in done.texts:
            yield f"{into}/benchmarks/{change.benchmark}.yaml: {word}, {counted(change.rows, 'row')}: {_summary(change)}"
            yield from _rows(change) if everything else ()
    same = len(done.changes) - len(done.texts)
    if same:
        yield f"{counted(same, 'board')} unchanged"
    everyone = done.matched + done.missed
    share = f" ({done.matched / everyone:.1%})" if everyone else ""
    yield f"matched: {done.matched:,} of {everyone:,} results of models in the catalog{share}"
    yield f"left out on purpose: {counted(done.ignored, 'result')}, as the tables of names say"
    others = sum(done.unmatched.values()) - done.missed
    yield f"not in the catalog: {counted(others, 'result')} by {counted(len(done.unmatched) - len(done.resembling), 'name')}"
    if done.resembling:
        yield "not matched, and like a model of the catalog (say in aliases/ what they mean, or why they are left out):"
        yield from (f"  '{name}' ({counted(done.unmatched[name], 'result')}): {model}?" for name, model in done.resembling.items())
    if everything:
        yield "names that are not in the catalog:"
        yield from (f"  '{name}' ({count})" for name, count in done.unmatched.items() if name not in done.resembling)
    if done.read.left_out:
        yield "boards that are not taken:"
        yield from (f"  {said} ({counted(count, 'result')})" for said, count in sorted(done.read.left_out.items()))


def _summary(change: Change) -> str:
    told = [f"{len(rows)} {word}" for word, rows in (("new", change.added), ("changed", change.changed), ("gone", change.gone)) if rows]
    return ", ".join(told) or "in another order"


def _rows(change: Change) -> Iterator[str]:
    for row in change.added:
        yield f"  + {_row(row)}"
    for old, new in change.changed:
        yield f"  ~ {_row(old)} -> {_row(new)}"
    for row in change.gone:
        yield f"  - {_row(row)}"


def _row(row: Row) -> str:
    limits = f" ({row.low:g} to {row.high:g})" if row.low is not None and row.high is not None else ""
    return f"{row.model}{f' {row.effort}' if row.effort else ''} {row.score:g}{limits}, {row.on}, '{row.name}'"
