"""`fmselect compare`: offerings side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from fmselect.cli.options import (
    CatalogOption,
    FormatOption,
    NoColorOption,
    OnOption,
    OutputOption,
    TaskOption,
    complete,
    needs_requirements,
)

if TYPE_CHECKING:
    from fmselect.requirements import Requirements


@needs_requirements
def compare(
    requirements: Requirements,
    names: Annotated[list[str], typer.Argument(metavar="OFFERING...", help="Offerings, or models.", autocompletion=complete("offerings"))],
    task: TaskOption = None,
    format: FormatOption = "table",
    output: OutputOption = None,
    catalog: CatalogOption = None,
    on: OnOption = None,
    no_color: NoColorOption = False,
) -> None:
    """Put offerings side by side: all facts, and the parts of their scores. Works without any requirement.

    Example: fmselect compare claude-sonnet-5-5 gpt-6-sol gemini-3.8-flash --task coding
    """
    from fmselect.cli.names import find_offerings, task_for
    from fmselect.cli.session import emit, open_catalog, page, today
    from fmselect.comparison import compare as run
    from fmselect.recommendation import recommend
    from fmselect.render import comparison

    day = today(on)
    opened = open_catalog(catalog)
    groups = [[offering.id for offering in find_offerings(opened, name)] for name in dict.fromkeys(names)]
    if "task" not in requirements.given:
        first = opened.model_of(opened.offerings[groups[0][0]])
        requirements = replace(requirements, task=task_for(opened, first))
    found = run(recommend(opened, requirements, day, in_full=[name for group in groups for name in group]), groups)
    if format == "table":
        emit(comparison.table(found, page(no_color)), output)
    else:
        emit({"json": comparison.json, "csv": comparison.csv, "markdown": comparison.markdown}[format](found), output)
