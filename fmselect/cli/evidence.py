"""`fmselect evidence`: bring results of your own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from fmselect.cli.openrouter import FORMAT
from fmselect.cli.options import CatalogOption, OnOption
from fmselect.units import EFFORTS, counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from fmselect.catalog.catalog import Catalog
    from fmselect.catalog.schema import Aliases, Model
    from fmselect.importers.own_benchmarks import Imported, Outcome, Read

app = typer.Typer(no_args_is_help=True, help="Bring results of your own, to count beside the public boards.")

SHOWN = 20
"""Rows of a benchmark, and names that did not match, that are told."""
OWN_ALIASES = "own"
"""The table of aliases, in the user's catalog, for the names that evaluation tools write."""


@app.callback()
def _group() -> None:
    """Bring results of your own, to count beside the public boards."""


@app.command("import")
def import_results(
    files: Annotated[list[Path], typer.Argument(metavar="[FORMAT] FILE...", help="Results; FORMAT only where a file is not recognized.")],
    name: Annotated[str | None, typer.Option("--name", help="Name for the benchmark; else after what was run.")] = None,
    into: Annotated[Path | None, typer.Option("--into", help="Your catalog folder; else the one read every time.", file_okay=False)] = None,
    alias: Annotated[
        list[str] | None,
        typer.Option("--alias", metavar="NAME=MODEL", help="What a name means: NAME=DEVELOPER/MODEL, or with :EFFORT (repeatable); kept."),
    ] = None,
    metric: Annotated[str | None, typer.Option("--metric", help="The metric to take; else the first of each task.")] = None,
    effort: Annotated[str | None, typer.Option("--effort", help="Effort of results that state none: " + ", ".join(EFFORTS) + ".")] = None,
    unit: Annotated[
        Literal["share", "percent", "elo"] | None,
        typer.Option("--unit", help="What scores are: 0.83, 83, or a rating; else told from them."),
    ] = None,
    lower_is_better: Annotated[bool, typer.Option("--lower-is-better", help="A lower score is better.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Write nothing unless every name matches.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")] = False,
    catalog: CatalogOption = None,
    on: OnOption = None,
) -> None:
    """Read results of lm-evaluation-harness, promptfoo, Inspect, or a table (CSV: model, metric, score, n) into your catalog.

    With `openrouter` first, the statistics of endpoints become speeds of offerings; with `artificial-analysis`, your
    copy of their data becomes benchmarks of yours.

    Example: fmselect evidence import results_2026-11-20.json --alias my-gpt=openai/gpt-6-sol
    """
    from fmselect.cli.session import emit, open_catalog, own_folder, today
    from fmselect.importers import own_benchmarks
    from fmselect.importers.names import Names

    day = today(on)
    folder = into or own_folder()
    if name is not None and own_benchmarks.slug(name) != name:
        hint = own_benchmarks.slug(name)
        raise typer.BadParameter(f"'{name}' cannot be an id{f': write {hint}' if hint else ''}", param_hint="--name")
    asked = own_benchmarks.Asked(name, metric, _effort(effort), unit, lower_is_better)
    folders = [*(catalog or []), *([into] if into is not None and into.is_dir() else [])]
    opened = open_catalog(folders)
    aliases = _aliases(folder, alias or [], [*opened.models, *opened.offerings])
    if str(files[0]) == FORMAT and not files[0].exists():
        emit("\n".join(_speeds(files[1:], opened, aliases, bool(alias), folder, folders, day, strict, dry_run)), None)
        return
    outcome = own_benchmarks.benchmarks(_read(files), Names(opened, aliases), opened.benchmarks, asked, day)
    if not outcome.imported or (strict and outcome.unmatched):
        _refuse(outcome, files, opened.models)
    written = {folder / f"benchmarks/{item.benchmark.id}.yaml": _text(item) for item in outcome.imported}
    if alias and aliases is not None:
        from fmselect.importers import alias_file

        written[folder / f"aliases/{OWN_ALIASES}.yaml"] = alias_file.text(aliases)
    changed = {path: text for path, text in written.items() if _now(path) != text}
    if not dry_run:
        _write(folder, changed)
    for line in _remarks(outcome, opened.models):
        typer.echo(line, err=True)
    emit("\n".join(_said(outcome, folder, changed, dry_run, into is not None)), None)


def _speeds(
    files: list[Path],
    opened: Catalog,
    aliases: Aliases | None,
    keep: bool,
    folder: Path,
    folders: list[Path],
    day: date,
    strict: bool,
    dry_run: bool,
) -> Iterator[str]:
    """Import OpenRouter's statistics into the user's copies of the offerings, and yield the report."""
    from fmselect.cli.openrouter import speeds
    from fmselect.errors import InvalidInput, Problem
    from fmselect.importers import alias_file

    if not files:
        raise typer.BadParameter(f"name a file after '{FORMAT}'", param_hint="FILE")
    found = speeds(files, opened, aliases, folders, day)
    told = [f"'{name}' is no offering of the catalog: say --alias '{name}=MODEL@PLATFORM'" for name in found.unmatched]
    if told and (strict or not found.said):
        raise InvalidInput(Problem(text, str(files[-1])) for text in told)
    written = {folder / place: text for place, text in found.texts.items()}
    if keep and aliases is not None:
        written[folder / f"aliases/{OWN_ALIASES}.yaml"] = alias_file.text(aliases)
    if not dry_run:
        _write(folder, written)
    for text in told[:SHOWN]:
        typer.echo(f"not imported: {text}", err=True)
    yield f"{folder}: {counted(len(found.texts), 'offering')} {'would be written' if dry_run else 'written'}"
    yield from found.said


def _effort(effort: str | None) -> Any:
    from fmselect.errors import did_you_mean

    if effort is not None and effort not in EFFORTS:
        raise typer.BadParameter(f"'{effort}' is not one of {', '.join(EFFORTS)}{did_you_mean(effort, EFFORTS)}", param_hint="--effort")
    return effort


def _read(files: list[Path]) -> list[Read]:
    """Read every file; all problems of all files come at once."""
    from fmselect.cli.fetching import each
    from fmselect.importers import formats
    from fmselect.importers.own_benchmarks import Read

    named = str(files[0]) if str(files[0]) in formats.FORMATS and not files[0].exists() else None
    paths = files[1:] if named else files
    if not paths:
        raise typer.BadParameter(f"name a file after '{named}'", param_hint="FILE")
    return each(paths, lambda path: Read(path.name, formats.read(str(path), path.read_bytes(), named)))


def _aliases(folder: Path, added: list[str], entries: Iterable[str]) -> Aliases | None:
    """Return the user's table of aliases with what the flags add; None when there is none."""
    from fmselect import strict_yaml
    from fmselect.catalog.schema import Aliases
    from fmselect.errors import did_you_mean

    known = list(entries)
    path = folder / f"aliases/{OWN_ALIASES}.yaml"
    table = Aliases(id=OWN_ALIASES, says="Names that my evaluation tools write for models.")
    if path.is_file():
        table = Aliases.model_validate({**strict_yaml.read(path).data, "id": OWN_ALIASES})
    elif not added:
        return None
    names, efforts = dict(table.names), dict(table.efforts)
    for text in added:
        name, sign, target = text.rpartition("=")
        model, _, effort = target.partition(":")
        if not sign or not name or not model:
            raise typer.BadParameter(f"'{text}' is not NAME=DEVELOPER/MODEL", param_hint="--alias")
        if model not in known:
            message = f"'{model}' is no model{' or offering' if '@' in model else ''} of the catalog{did_you_mean(model, known)}"
            raise typer.BadParameter(message, param_hint="--alias")
        names[name] = model
        efforts.pop(name, None)
        if effort:
            efforts[name] = _effort(effort)
    return table.model_copy(update={"names": names, "efforts": efforts})


def _refuse(outcome: Outcome, files: list[Path], models: Iterable[str]) -> None:
    from fmselect.errors import InvalidInput, Problem

    known = list(models)
    problems = [Problem(f"'{item.name}' {_unmatched(item.name, known)}", str(files[-1])) for item in outcome.unmatched]
    problems += [Problem(note) for note in outcome.notes if not outcome.unmatched]
    raise InvalidInput(problems or [Problem("nothing was found to import", str(files[-1]))])


def _unmatched(name: str, models: list[str]) -> str:
    from fmselect.errors import did_you_mean

    slugs = {model.partition("/")[2]: model for model in models}
    near = did_you_mean(name.rpartition("/")[2].rpartition(":")[2], slugs)
    hint = f" (is it {slugs[near.split(chr(39))[1]]}?)" if near else ""
    return f"means no model of the catalog{hint}: say --alias '{name}=DEVELOPER/MODEL'"


def _text(item: Imported) -> str:
    from fmselect.importers import benchmark_file

    return benchmark_file.text(item.benchmark)


def _now(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None


def _write(folder: Path, texts: dict[Path, str]) -> None:
    """Write the files, and the schemas that their first lines name."""
    from fmselect.catalog import json_schema
    from fmselect.errors import InvalidInput, Problem

    schemas = {
        folder / "schema" / file: text
        for file, text in json_schema.schemas().items()
        if file.split(".")[0] in ("aliases", "benchmark", "offering")
    }
    for path, text in {**texts, **(schemas if texts else {})}.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise InvalidInput([Problem(f"cannot be written: {error.strerror}", str(path))]) from error


def _remarks(outcome: Outcome, models: Mapping[str, Model]) -> Iterator[str]:
    """Yield what the user should know: what did not match, what was left out, what is unsure."""
    from fmselect.importers.own_benchmarks import unsure

    known = list(models)
    yield from outcome.notes
    yield from unsure(outcome, models)
    if outcome.unmatched:
        waiting = counted(sum(item.results for item in outcome.unmatched), "result")
        yield f"not imported: {waiting} whose model is not known by that name"
        yield from (f"  '{item.name}' {_unmatched(item.name, known)}" for item in outcome.unmatched[:SHOWN])
        if len(outcome.unmatched) > SHOWN:
            yield f"  and {len(outcome.unmatched) - SHOWN} more names"


def _said(outcome: Outcome, folder: Path, changed: dict[Path, str], dry_run: bool, named: bool) -> Iterator[str]:
    for item in outcome.imported:
        path = folder / f"benchmarks/{item.benchmark.id}.yaml"
        done = "unchanged" if path not in changed else "would be written" if dry_run else "written"
        yield f"{path}: {done}, {len(item.joined)} of {len(item.benchmark.rows)} rows from these files ({item.measure})"
        ranked = sorted(item.joined, key=lambda one: item.benchmark.rows.index(one.row))
        for each in ranked[:SHOWN]:
            row = each.row
            limits = f" ({row.low:g} to {row.high:g})" if row.low is not None and row.high is not None else ""
            cases = f", {row.n} cases" if row.n else ""
            effort = f", {row.effort} effort" if row.effort else ""
            yield f"  {row.model} {row.score:g}{limits}{cases}{effort}, {row.on}: '{row.name}', {each.why}"
        if len(ranked) > SHOWN:
            yield f"  and {len(ranked) - SHOWN} more"
    ids = " ".join(f"--evidence {item.benchmark.id}" for item in outcome.imported[:1])
    where = f" --catalog {folder}" if named else ""
    yield f"count it: fmselect recommend TASK {ids}{where}"
