"""`fmselect catalog`: keep the catalog true."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from fmselect.cli.options import CatalogOption, FormatOption, NoColorOption, OnOption, OutputOption, complete
from fmselect.importers import NAMES
from fmselect.units import KINDS

if TYPE_CHECKING:
    from fmselect.against import Against

app = typer.Typer(no_args_is_help=True, help="Check the catalog, see what it knows and what changed, add to it, and get its schemas.")


EVIDENCE = "evidence"
"""The source that gives the rows of benchmarks: files of published results, or a folder of them."""

_SOURCES = (*NAMES, EVIDENCE)


@app.command()
def check(
    folders: Annotated[list[Path] | None, typer.Argument(help="Catalog folders to check over the shipped one.", file_okay=False)] = None,
    catalog: CatalogOption = None,
    on: OnOption = None,
) -> None:
    """Read every file strictly and report every problem, as `file:line: field: message`.

    Example: fmselect catalog check my-catalog
    """
    from fmselect.catalog.snapshot import read
    from fmselect.cli.session import emit, layers, today

    entries = read(layers([*(catalog or []), *(folders or [])]), today(on))
    counts = [f"{len(entries.of_kind(kind))} {kind}" for kind in ("models", "offerings", "platforms", "benchmarks", "tasks", "licenses")]
    emit(f"{', '.join(counts)}: no problems", None)


@app.command()
def new(
    kind: Annotated[Literal["model", "offering", "platform"], typer.Argument(help="What to add.")],
    identity: Annotated[str, typer.Argument(metavar="ID", help="DEVELOPER/MODEL, MODEL@PLATFORM, or PLATFORM.")],
    into: Annotated[Path, typer.Option("--into", help="Your catalog folder.", file_okay=False)] = Path("fmselect-catalog"),
    name: Annotated[str | None, typer.Option("--name", help="Its name, as its developer or operator writes it.")] = None,
    family: Annotated[str | None, typer.Option("--family", help="Model: the line it belongs to, such as claude-opus.")] = None,
    model_kind: Annotated[str | None, typer.Option("--kind", help="Model: " + ", ".join(KINDS) + ".")] = None,
    source: Annotated[str, typer.Option("--source", help="Where the facts come from: a url, or a document.")] = "my own records",
    on: OnOption = None,
) -> None:
    """Write a file, filled in and commented, ready for an editor that knows the schema; what is shipped is copied, to be corrected.

    Example: fmselect catalog new offering my-model@my-platform --into my-catalog
    """
    from fmselect.catalog import drafts, json_schema
    from fmselect.cli.session import emit, today
    from fmselect.errors import InvalidInput, Problem
    from fmselect.loading import shipped

    day = today(on)
    place = _place(kind, identity)
    if model_kind is not None and model_kind not in KINDS:
        raise typer.BadParameter(f"'{model_kind}' is not one of {', '.join(KINDS)}", param_hint="--kind")
    original = shipped().root / place
    copied = original.is_file()
    text = (
        original.read_text(encoding="utf-8")
        if copied
        else {
            "model": lambda: drafts.model(name, family, model_kind, source, day),
            "offering": lambda: drafts.offering(place.stem, source, day),
            "platform": lambda: drafts.platform(identity, name, source, day),
        }[kind]()
    )
    target = into / place
    if target.exists():
        raise InvalidInput([Problem("is already there: edit it, or remove it first", str(target))])
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        schemas = into / "schema"
        schemas.mkdir(exist_ok=True)
        for file, content in json_schema.schemas().items():
            (schemas / file).write_text(content, encoding="utf-8")
    except OSError as error:
        raise InvalidInput([Problem(f"cannot be written: {error.strerror}", str(target))]) from error
    if copied:
        then = f"fmselect catalog check {into}\nfmselect catalog diff --catalog {into}"
        emit(f"{target}\nis a copy of the shipped file and replaces it: correct it, then\n{then}", None)
        return
    emit(f"{target}\nedit it, then: fmselect catalog check {into}\nand rank it:   fmselect recommend --catalog {into} ...", None)


@app.command("import")
def import_(
    source: Annotated[
        str, typer.Argument(help="Whose list it is: " + ", ".join(_SOURCES) + ".", autocompletion=lambda: list(_SOURCES), metavar="SOURCE")
    ],
    file: Annotated[str, typer.Argument(help="The list: a file, a wheel of its package, or an https address.", metavar="FILE_OR_URL")],
    into: Annotated[Path, typer.Option("--into", help="Catalog folder to write to.", file_okay=False)] = Path("fmselect-catalog"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="Date also what this version says unchanged.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="List also what was kept, left out and not matched.")] = False,
    catalog: CatalogOption = None,
    on: OnOption = None,
) -> None:
    """Take prices and facts over from an outside list, and show what changes and why.

    Names mean what aliases/ in the catalog says; what it does not know is reported, never guessed.
    Only groups that cite the list itself are changed: what somebody read elsewhere stays.

    `evidence` takes a file of published results (.jsonl), or a folder of them, and writes the rows of benchmarks.

    Example: fmselect catalog import litellm litellm-1.109.1.whl --dry-run
    """
    from fmselect.cli.evidence_files import import_evidence
    from fmselect.cli.fetching import content, write
    from fmselect.cli.session import emit, layers, today
    from fmselect.errors import did_you_mean
    from fmselect.importers.importing import importing
    from fmselect.importers.sources import SOURCES
    from fmselect.render.imports import render

    if source == EVIDENCE:
        emit(import_evidence(file, into, dry_run, everything, catalog), None)
        return
    if source not in SOURCES:
        message = f"'{source}' is not one of {', '.join(_SOURCES)}{did_you_mean(source, _SOURCES)}"
        raise typer.BadParameter(message, param_hint="SOURCE")
    day = today(on)
    found = layers([*(catalog or []), *([into] if into.is_dir() else [])])
    done = importing(found, SOURCES[source], content(file), file, str(into), day, confirm=confirm)
    if not dry_run:
        write(into, done.texts)
    emit(render(done, SOURCES[source], str(into), dry_run, everything), None)


@app.command()
def agreement(
    litellm: Annotated[str, typer.Argument(help="LiteLLM's price map: a file, its wheel, or an https address.", metavar="LITELLM")],
    genai_prices: Annotated[str, typer.Argument(help="genai-prices: its wheel, or its data.py.", metavar="GENAI_PRICES")],
    everything: Annotated[bool, typer.Option("--all", help="List also the disagreements that are settled.")] = False,
    catalog: CatalogOption = None,
    on: OnOption = None,
) -> None:
    """Compare two price lists with each other and with the catalog, rate by rate.

    Where both lists agree, ours should be the same; where they do not, the entry should tell which it
    follows and why. Ends with 3 when a price is different or open.

    Example: fmselect catalog agreement litellm-1.109.1.whl genai_prices-0.2.3.whl
    """
    from fmselect.cli.fetching import content
    from fmselect.cli.session import emit, layers, today
    from fmselect.importers.importing import agreeing
    from fmselect.render.agreement import render

    found = agreeing(layers(catalog), {place: content(place) for place in (litellm, genai_prices)}, today(on))
    emit(render(found, ("litellm", "genai-prices"), everything), None)
    if found.different or found.open:
        raise typer.Exit(3)


def _place(kind: str, identity: str) -> Path:
    """Return where the file of an id belongs in a catalog."""
    import re

    shapes = {
        "model": (r"([a-z0-9._-]+)/([a-z0-9._-]+)", "DEVELOPER/MODEL", "models/{0}/{1}.yaml"),
        "offering": (r"([a-z0-9._-]+)@([a-z0-9._-]+)", "MODEL@PLATFORM", "offerings/{1}/{0}.yaml"),
        "platform": (r"([a-z0-9._-]+)", "PLATFORM", "platforms/{0}.yaml"),
    }
    pattern, shape, place = shapes[kind]
    match = re.fullmatch(pattern, identity)
    if match is None:
        message = f"'{identity}' is not {shape} in lower-case letters, digits, dots and dashes"
        raise typer.BadParameter(message, param_hint="ID")
    return Path(place.format(*match.groups()))


@app.command()
def schema(
    kind: Annotated[str | None, typer.Argument(help="Print the schema of this kind of file.")] = None,
    into: Annotated[Path | None, typer.Option("--into", help="Write all schemas into this folder.", file_okay=False)] = None,
) -> None:
    """Print or write the JSON Schemas of the catalog's files, for editors.

    Example: fmselect catalog schema model
    """
    from fmselect.catalog.json_schema import schemas
    from fmselect.cli.session import emit
    from fmselect.errors import did_you_mean

    found = schemas()
    if into is not None:
        into.mkdir(parents=True, exist_ok=True)
        for file, text in found.items():
            (into / file).write_text(text, encoding="utf-8")
        emit("\n".join(str(into / file) for file in found), None)
        return
    kinds = [file.removesuffix(".schema.json") for file in found]
    if kind is None:
        emit("\n".join(kinds), None)
    elif kind in kinds:
        emit(found[f"{kind}.schema.json"], None)
    else:
        raise typer.BadParameter(f"'{kind}' is not one of {', '.join(kinds)}{did_you_mean(kind, kinds)}", param_hint="KIND")


@app.command()
def coverage(
    price_list: Annotated[
        Path | None,
        typer.Option(
            "--against",
            metavar="FILE",
            help="Also what a price list sells and the catalog does not: LiteLLM's (JSON, or its wheel), or the wheel of genai-prices.",
            dir_okay=False,
        ),
    ] = None,
    platform: Annotated[
        list[str] | None,
        typer.Option("--platform", help="Hold only this platform against the list; repeatable.", autocompletion=complete("platforms")),
    ] = None,
    format: FormatOption = "table",
    output: OutputOption = None,
    catalog: CatalogOption = None,
    on: OnOption = None,
    no_color: NoColorOption = False,
) -> None:
    """Count what the catalog knows: by kind, platform and field, with the share of sourced and of secondary facts.

    With --against also how many models of a price list are here, of all that it sells on the day, by platform.

    Example: fmselect catalog coverage --against litellm-1.109.1.whl --platform openai-api --platform mistral
    """
    from fmselect.cli.session import emit, open_catalog, page, today
    from fmselect.coverage import coverage as cover
    from fmselect.errors import did_you_mean
    from fmselect.render import coverage as render

    day = today(on)
    opened = open_catalog(catalog)
    for name in platform or ():
        if name not in opened.platforms:
            raise typer.BadParameter(f"'{name}' is not in the catalog{did_you_mean(name, opened.platforms)}", param_hint="--platform")
    if platform and price_list is None:
        raise typer.BadParameter("says which platforms to hold against a list: give the list with --against", param_hint="--platform")
    found = cover(opened, day, _against(price_list, catalog, day, platform or []) if price_list is not None else None)
    if format == "table":
        emit(render.table(found, page(no_color)), output)
    else:
        emit({"json": render.json, "csv": render.csv, "markdown": render.markdown}[format](found), output)


def _against(price_list: Path, catalog: list[Path] | None, day: date, platforms: list[str]) -> Against:
    """Hold the catalog against a price list, by its table of names in aliases/."""
    from fmselect.against import against, read_price_list
    from fmselect.catalog.snapshot import read
    from fmselect.cli.fetching import content
    from fmselect.cli.session import layers
    from fmselect.eligibility import stage_on
    from fmselect.errors import InvalidInput, Problem

    listed = read_price_list(content(str(price_list)), str(price_list))
    entries = read(layers(catalog), date.max)
    if listed.names not in entries.aliases:
        raise InvalidInput([Problem("is missing: the list's names are matched by it alone", f"aliases/{listed.names}.yaml")])
    offerings = {identity: stage_on(offering.lifecycle, day) == "retired" for identity, offering in entries.offerings.items()}
    return against(listed, entries.aliases[listed.names], offerings, day, platforms)


@app.command()
def stale(
    kind: Annotated[
        Literal["prices", "terms", "evidence"] | None, typer.Option("--kind", help="Only facts of this kind: prices, terms or evidence.")
    ] = None,
    platform: Annotated[
        str | None, typer.Option("--platform", help="Only facts of this platform and what it sells.", autocompletion=complete("platforms"))
    ] = None,
    within: Annotated[int, typer.Option("--within", metavar="DAYS", min=0, help="Also what will be stale within so many days.")] = 0,
    format: FormatOption = "table",
    output: OutputOption = None,
    catalog: CatalogOption = None,
    on: OnOption = None,
    no_color: NoColorOption = False,
) -> None:
    """List the facts that are older than their kind may be: prices 90 days, terms 180, evidence by benchmark.

    Example: fmselect catalog stale --kind prices --within 30
    """
    from fmselect.cli.session import emit, open_catalog, page, today
    from fmselect.errors import did_you_mean
    from fmselect.render import staleness as render
    from fmselect.staleness import staleness

    day = today(on)
    opened = open_catalog(catalog)
    if platform is not None and platform not in opened.platforms:
        raise typer.BadParameter(f"'{platform}' is not in the catalog{did_you_mean(platform, opened.platforms)}", param_hint="--platform")
    found = staleness(opened, day, within, kind, platform)
    if format == "table":
        emit(render.table(found, page(no_color)), output)
    else:
        emit({"json": render.json, "csv": render.csv, "markdown": render.markdown}[format](found), output)


@app.command()
def diff(
    old: Annotated[
        Path | None,
        typer.Argument(
            metavar="OLD", help="Catalog folder as it was, over the shipped one unless it is whole; else the shipped.", file_okay=False
        ),
    ] = None,
    new: Annotated[
        Path | None,
        typer.Argument(metavar="NEW", help="Catalog folder as it is; else what every command reads.", file_okay=False),
    ] = None,
    format: FormatOption = "table",
    output: OutputOption = None,
    catalog: CatalogOption = None,
    on: OnOption = None,
    no_color: NoColorOption = False,
) -> None:
    """Tell what changed for a user: what is new and gone, prices, dates, scopes, terms and abilities.

    Example: fmselect catalog diff --catalog my-catalog
    """
    from fmselect.catalog.snapshot import read
    from fmselect.changes import changes
    from fmselect.cli.session import emit, layers, page, today
    from fmselect.loading import shipped, whole
    from fmselect.render import changes as render

    if new is not None and catalog:
        raise typer.BadParameter("give either NEW or --catalog", param_hint="NEW")
    day = today(on)
    before = [shipped()] if old is None else whole(old)
    found = changes(read(before, date.max), read(layers(catalog) if new is None else whole(new), date.max), day)
    if format == "table":
        emit(render.table(found, page(no_color)), output)
    else:
        emit({"json": render.json, "csv": render.csv, "markdown": render.markdown}[format](found), output)
