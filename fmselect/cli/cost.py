"""`fmselect cost`: what a workload costs, line by line."""

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
def cost(
    requirements: Requirements,
    names: Annotated[list[str], typer.Argument(metavar="OFFERING...", help="Offerings, or models.", autocompletion=complete("offerings"))],
    task: TaskOption = None,
    format: FormatOption = "table",
    output: OutputOption = None,
    catalog: CatalogOption = None,
    on: OnOption = None,
    no_color: NoColorOption = False,
) -> None:
    """Print what a workload costs on every service tier and scope, line by line.

    Example: fmselect cost gpt-6-sol --requests-per-month 100k --input-tokens 6000 --output-tokens 500
    """
    from fmselect.bills import bills
    from fmselect.cli.names import find_offerings, task_for
    from fmselect.cli.session import emit, open_catalog, page, today
    from fmselect.render import bill

    day = today(on)
    opened = open_catalog(catalog)
    offerings = [offering for name in names for offering in find_offerings(opened, name)]
    if "task" not in requirements.given:
        requirements = replace(requirements, task=task_for(opened, opened.model_of(offerings[0])))
    found = bills(opened, requirements, offerings, day)
    if format == "table":
        emit(bill.table(found, page(no_color)), output)
    else:
        emit({"json": bill.json, "csv": bill.csv, "markdown": bill.markdown}[format](found), output)
