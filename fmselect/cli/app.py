"""The command line: every command, and the one place where errors become messages and exit codes.

Exit codes: 0 answered; 1 the input is invalid, or an internal fault; 2 wrong usage; 3 answered, and
nothing is eligible.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from fmselect import __version__
from fmselect.cli import browse, catalog, compare, cost, explain, recommend
from fmselect.errors import FmselectError, InvalidInput

EPILOG = "Exit codes: 0 answered, 1 invalid input, 2 wrong usage, 3 nothing is eligible. Docs: `fmselect COMMAND --help`."

app = typer.Typer(
    name="fmselect",
    help="Which foundation model should I use for this job, and where should I run it? With the proof.",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fmselect {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Which foundation model should I use for this job, and where should I run it? With the proof."""


app.command("recommend")(recommend.recommend)
app.command("explain")(explain.explain)
app.command("compare")(compare.compare)
app.command("cost")(cost.cost)
app.command("list")(browse.list_entries)
app.command("show")(browse.show)
app.add_typer(catalog.app, name="catalog")


def main() -> None:
    """Run the command line; the entry point of the package."""
    try:
        app()
    except InvalidInput as error:
        for problem in error.problems:
            sys.stderr.write(f"{problem}\n")
        count = len(error.problems)
        if count > 1:
            sys.stderr.write(f"fmselect: {count} problems\n")
        sys.exit(1)
    except FmselectError as error:
        sys.stderr.write(f"fmselect: {error}\n")
        sys.exit(1)
    except Exception as error:
        if os.environ.get("FMSELECT_TRACEBACK"):
            raise
        sys.stderr.write(f"fmselect: internal fault: {type(error).__name__}: {error}\n")
        sys.stderr.write("Please report it, with the output under FMSELECT_TRACEBACK=1.\n")
        sys.exit(1)
