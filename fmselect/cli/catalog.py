"""`fmselect catalog`: keep the catalog true."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from fmselect.cli.options import CatalogOption, OnOption
from fmselect.units import KINDS

app = typer.Typer(no_args_is_help=True, help="Check the catalog, add to it, and get its schemas.")


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
    """Write a file, filled in and commented, ready for an editor that knows the schema.

    Example: fmselect catalog new offering my-model@my-platform --into my-catalog
    """
    from fmselect.catalog import drafts, json_schema
    from fmselect.cli.session import emit, today
    from fmselect.errors import InvalidInput, Problem

    day = today(on)
    place = _place(kind, identity)
    if model_kind is not None and model_kind not in KINDS:
        raise typer.BadParameter(f"'{model_kind}' is not one of {', '.join(KINDS)}", param_hint="--kind")
    text = {
        "model": lambda: drafts.model(name, family, model_kind, source, day),
        "offering": lambda: drafts.offering(place.stem, source, day),
        "platform": lambda: drafts.platform(identity, name, source, day),
    }[kind]()
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
    emit(f"{target}\nedit it, then: fmselect catalog check {into}\nand rank it:   fmselect recommend --catalog {into} ...", None)


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
