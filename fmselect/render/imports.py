"""What an import changes, keeps, and could not match -> text for people."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from fmselect.importers.importing import Import, place_of
from fmselect.importers.merging import Note
from fmselect.importers.sources import Source
from fmselect.units import counted

FEW = 10
"""Names that are listed where somebody did not ask for all."""


def render(done: Import, source: Source, into: str, dry_run: bool, everything: bool) -> str:
    """Return the report of one import; `everything` lists also what was kept, left out and not matched."""
    merged = done.merged
    lines: list[str] = []
    lines += _files("", [note for note in merged.notes if note.what in ("new", "changed")], done, into)
    lines += _files("differs and stays:", [note for note in merged.notes if note.what == "differs"], done, into)
    lines += _files("no longer in the list:", [note for note in merged.notes if note.what == "gone"], done, into)
    if everything:
        lines += _files("settled by a conflict:", [note for note in merged.notes if note.what == "settled"], done, into)
        lines += _files("not taken over:", [note for note in merged.notes if note.what == "not placed"], done, into)
    lines += _list("left out", done.findings.remarks, everything)
    lines += _list("not matched", done.findings.unmatched, everything)
    return "\n".join([*lines, *_summary(done, source, into, dry_run)])


def _files(title: str, notes: list[Note], done: Import, into: str) -> list[str]:
    lines = [title] if title and notes else []
    for entry, group in groupby(notes, key=lambda note: note.entry):
        place = place_of(entry)
        shown = f"{into}/{place}" if place in done.texts else done.shown.get(entry, f"{into}/{place}")
        lines.append(f"{shown}{' (new file)' if place in done.made else ''}")
        lines += [f"  {_line(note)}" for note in group]
    return [*lines, ""] if lines else []


def _line(note: Note) -> str:
    what = " ".join(filter(None, [note.group, note.field]))
    value = f"{note.old or 'nothing'} -> {note.new or 'nothing'}" if note.what == "changed" else note.new
    if note.what in ("differs", "settled"):
        return f"{what}: {note.old}, while the list says {note.new} ({note.why})"
    return f"{what or 'file'}: {value} ({note.why})" if value else f"{what or 'file'}: {note.why}"


def _list(title: str, names: tuple[str, ...], everything: bool) -> list[str]:
    if not names:
        return []
    shown = names if everything else names[:FEW]
    more = [f"  ... and {len(names) - len(shown):,} more: --all lists them"] if len(names) > len(shown) else []
    return [f"{title}:", *(f"  {name}" for name in shown), *more, ""]


def _summary(done: Import, source: Source, into: str, dry_run: bool) -> list[str]:
    merged, findings, aliases = done.merged, done.findings, done.aliases
    count = Counter(note.what for note in merged.notes)
    ignored = len([name for name in findings.names if name in aliases.ignored or name in aliases.left_out])
    matched = len(findings.names) - len(findings.unmatched) - ignored
    changed = len({(note.entry, note.group) for note in merged.notes if note.what == "changed"})
    confirmed = f"{merged.confirmed:,} confirmed by this version"
    if merged.confirmed and not merged.dates:
        confirmed += " (--confirm dates them)"
    written = f"{counted(len(done.texts), 'file')} {'would change' if dry_run else 'written'}"
    return [
        f"{source.name}, {done.origin.source}",
        f"names: {matched:,} matched, {ignored:,} left out, {len(findings.unmatched):,} not matched",
        f"groups: {count['new']:,} new, {changed:,} changed, {merged.same:,} as before, {confirmed}",
        f"other sources: {merged.agreed:,} agree, {count['differs']:,} differ and stay, {count['settled']:,} settled by a conflict",
        f"{written}{'' if dry_run or not done.texts else f': {into}'}",
    ]
