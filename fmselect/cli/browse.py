"""`fmselect list` and `fmselect show`: browse what the catalog knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from fmselect.cli.options import (
    CatalogOption,
    EvidenceOption,
    FormatOption,
    NoColorOption,
    OnOption,
    OutputOption,
    TextFormatOption,
    complete,
)
from fmselect.units import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fmselect.catalog.catalog import Catalog

Listed = Literal[
    "models",
    "offerings",
    "platforms",
    "developers",
    "tasks",
    "benchmarks",
    "licenses",
    "features",
    "compliance",
    "languages",
    "customization",
    "geographies",
    "regions",
    "gpus",
]


def list_entries(
    kind: Annotated[Listed, typer.Argument(help="What to list.")] = "models",
    model_kind: Annotated[str | None, typer.Option("--kind", help="Only models of this kind: " + ", ".join(KINDS) + ".")] = None,
    developer: Annotated[
        str | None, typer.Option("--developer", help="Only models of this developer.", autocompletion=complete("developers"))
    ] = None,
    platform: Annotated[
        str | None, typer.Option("--platform", help="Only what this platform sells.", autocompletion=complete("platforms"))
    ] = None,
    retired: Annotated[bool, typer.Option("--retired", help="Also what can no longer be used.")] = False,
    format: FormatOption = "table",
    output: OutputOption = None,
    catalog: CatalogOption = None,
    on: OnOption = None,
    no_color: NoColorOption = False,
) -> None:
    """List models, offerings, platforms, tasks, or any of the terms that flags take.

    Example: fmselect list offerings --developer anthropic --platform amazon-bedrock
    """
    from fmselect.cli.session import emit, open_catalog, page, today
    from fmselect.listing import listing
    from fmselect.render import listing as render

    day = today(on)
    opened = open_catalog(catalog)
    _known(model_kind, KINDS, "--kind")
    _known(developer, opened.developers, "--developer")
    _known(platform, opened.platforms, "--platform")
    found = listing(opened, kind, day, model_kind=model_kind, developer=developer, platform=platform, retired=retired)
    if format == "table":
        emit(render.table(found, page(no_color)), output)
    else:
        emit({"json": render.json, "csv": render.csv, "markdown": render.markdown}[format](found), output)


def _known(value: str | None, terms: Iterable[str], flag: str) -> None:
    """Refuse a filter that would match nothing because it is misspelled."""
    from fmselect.errors import did_you_mean

    known = list(terms)
    if value is not None and value not in known:
        raise typer.BadParameter(f"'{value}' is not in the catalog{did_you_mean(value, known)}", param_hint=flag)


def show(
    name: Annotated[
        str, typer.Argument(help="A model, offering, platform, task, benchmark or license.", autocompletion=complete("everything"))
    ],
    evidence: EvidenceOption = None,
    format: TextFormatOption = "table",
    output: OutputOption = None,
    catalog: CatalogOption = None,
    on: OnOption = None,
    no_color: NoColorOption = False,
) -> None:
    """Show everything the catalog knows about one thing, with sources and dates.

    Example: fmselect show claude-opus-5-5
    """
    from fmselect.cli.session import emit, open_catalog, page, today
    from fmselect.listing import find
    from fmselect.render import entry

    day = today(on)
    opened = open_catalog(catalog)
    if evidence:
        opened = _counting(opened, evidence)
    found = find(opened, name, day)
    emit(entry.json(found) if format == "json" else entry.table(found, page(no_color)), output)


def _counting(opened: Catalog, evidence: list[str]) -> Catalog:
    """Return the catalog with the user's own benchmarks counted for every task."""
    from fmselect.cli.options import read_requirements
    from fmselect.errors import InvalidInput
    from fmselect.own_evidence import counted, unknown

    weights = read_requirements(None, {"evidence": evidence}).evidence
    if problems := list(unknown(opened, weights)):
        raise InvalidInput(problems)
    return counted(opened, weights, list(opened.derived.abilities))


def ids(opened: Catalog, kind: str) -> list[str]:
    """Return the ids of a kind, for completion."""
    vocabulary = opened.vocabulary
    found: dict[str, Iterable[str]] = {
        "models": [name for model in opened.models.values() for name in (model.slug, model.id)],
        "offerings": [*opened.offerings, *(model.slug for model in opened.models.values())],
        "platforms": opened.platforms,
        "developers": opened.developers,
        "tasks": opened.tasks,
        "benchmarks": opened.benchmarks,
        "own": [name for name, benchmark in opened.benchmarks.items() if benchmark.own],
        "licenses": opened.licenses,
        "features": vocabulary.features.terms,
        "compliance": vocabulary.compliance.terms,
        "languages": vocabulary.languages.terms,
        "customization": vocabulary.customization.terms,
        "geographies": vocabulary.geographies.terms,
        "regions": [region for cloud in vocabulary.regions.clouds.values() for region in cloud.regions],
        "gpus": vocabulary.gpus.terms,
    }
    if kind == "everything":
        return [name for shown in ("offerings", "platforms", "tasks", "benchmarks", "licenses") for name in found[shown]]
    return list(found[kind])
