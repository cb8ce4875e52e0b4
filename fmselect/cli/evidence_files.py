"""`fmselect catalog import evidence`: the rows of the catalog's benchmarks, from the files that they were published in."""

from __future__ import annotations

from pathlib import Path

from fmselect.errors import InvalidInput, Problem


def import_evidence(place: str, into: Path, dry_run: bool, everything: bool, catalog: list[Path] | None) -> str:
    """Import an evidence file, or all of a folder, and return the report."""
    from fmselect.cli.fetching import write
    from fmselect.cli.session import layers
    from fmselect.importers.evidence_import import importing
    from fmselect.render.evidence_import import render

    done = importing(layers([*(catalog or []), *([into] if into.is_dir() else [])]), _files(Path(place)))
    if not dry_run:
        write(into, done.texts)
    return render(done, str(into), dry_run, everything)


def _files(place: Path) -> dict[str, bytes]:
    """Return the bytes of a file, or of every `.jsonl` file of a folder."""
    paths = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
    from fmselect.cli.fetching import each

    if not paths:
        raise InvalidInput([Problem("holds no .jsonl file: give an evidence file, or a folder of them", str(place))])
    return dict(each(paths, lambda path: (str(path), path.read_bytes())))
