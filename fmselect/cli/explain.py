"""`fmselect explain`: the same run seen from one offering."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from fmselect.cli.options import (
    CatalogOption,
    NoColorOption,
    OnOption,
    OutputOption,
    TextFormatOption,
    complete,
    needs_requirements,
)

if TYPE_CHECKING:
    from fmselect.requirements import Requirements


@needs_requirements
def explain(
    requirements: Requirements,
    name: Annotated[str, typer.Argument(metavar="OFFERING", help="An offering, or a model.", autocompletion=complete("offerings"))],
    task: Annotated[str | None, typer.Argument(help="The job: `fmselect list tasks`.", autocompletion=complete("tasks"))] = None,
    format: TextFormatOption = "table",
    output: OutputOption = None,
    catalog: CatalogOption = None,
    on: OnOption = None,
    no_color: NoColorOption = False,
) -> None:
    """Tell why an offering stands where it does: every constraint, every part of its score, what would change it.

    Example: fmselect explain gpt-6-sol@amazon-bedrock rag --residency eu
    """
    from fmselect.cli.names import find_offerings, task_for
    from fmselect.cli.session import emit, open_catalog, page, today
    from fmselect.explanation import explain as run
    from fmselect.explanation import quality_moves
    from fmselect.recommendation import recommend

    day = today(on)
    opened = open_catalog(catalog)
    found = find_offerings(opened, name)
    if "task" not in requirements.given:
        requirements = replace(requirements, task=task_for(opened, opened.model_of(found[0])))
    named = [offering.id for offering in found]
    result = recommend(opened, requirements, day, in_full=named)
    explanation = run(result, named)
    moves = quality_moves(opened, explanation.best, result.task.id)
    if format == "json":
        from fmselect.render import explanation_json

        emit(explanation_json.render(explanation, moves), output)
    else:
        from fmselect.render import explanation_table

        emit(explanation_table.render(explanation, moves, page(no_color)), output)
