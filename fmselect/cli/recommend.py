"""`fmselect recommend`: the ranking, with its reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fmselect.cli.options import (
    CatalogOption,
    FormatOption,
    NoColorOption,
    OnOption,
    OutputOption,
    complete,
    needs_requirements,
)

if TYPE_CHECKING:
    from fmselect.recommendation import Recommendation
    from fmselect.requirements import Requirements

NOTHING_ELIGIBLE = 3
"""Exit code when the question was answered and nothing is eligible."""


@needs_requirements
def recommend(
    requirements: Requirements,
    task: Annotated[str | None, typer.Argument(help="The job: `fmselect list tasks`.", autocompletion=complete("tasks"))] = None,
    format: FormatOption = "table",
    output: OutputOption = None,
    catalog: CatalogOption = None,
    on: OnOption = None,
    no_color: NoColorOption = False,
) -> None:
    """Rank every offering against your task, workload and constraints, with the reasons.

    Example: fmselect recommend rag --requests-per-month 100k --input-tokens 6000 --residency eu --compliance hipaa
    """
    from fmselect.cli.session import emit, hold, open_catalog, today
    from fmselect.recommendation import recommend as run

    day = today(on)
    result = hold(run(open_catalog(catalog), requirements, day))
    emit(_rendered(result, format, no_color), output)
    if not result.ranking:
        raise typer.Exit(NOTHING_ELIGIBLE)


def _rendered(result: Recommendation, form: str, no_color: bool) -> str | bytes:
    if form == "json":
        from fmselect.render import json_v1

        return json_v1.encode(result)
    if form == "csv":
        from fmselect.render import csv

        return csv.render(result)
    if form == "markdown":
        from fmselect.render import markdown

        return markdown.render(result)
    from fmselect.cli.session import page
    from fmselect.render import table

    return table.render(result, page(no_color))
