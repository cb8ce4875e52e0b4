"""The command line: every command, and the one place where errors become messages and exit codes.

Exit codes: 0 answered; 1 the input is invalid, or an internal fault; 2 wrong usage; 3 answered, and
nothing is eligible.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from fmselect import __version__
from fmselect.cli.options import narrowed
from fmselect.errors import FmselectError, InvalidInput

EPILOG = "Exit codes: 0 answered, 1 invalid input, 2 wrong usage, 3 nothing is eligible. Docs: `fmselect COMMAND --help`."

COMMANDS = {
    "recommend": "recommend:recommend",
    "explain": "explain:explain",
    "compare": "compare:compare",
    "cost": "cost:cost",
    "workload": "workload:workload",
    "measure": "measure:measure",
    "list": "browse:list_entries",
    "show": "browse:show",
    "evidence": "evidence:app",
    "catalog": "catalog:app",
}
"""Every command and where it lives, in the order in which the help lists them."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fmselect {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Which foundation model should I use for this job, and where should I run it? With the proof."""


def build(only: str | None = None, words: Sequence[str] = ()) -> typer.Typer:
    """Return the command line with all commands, or with only one and the options that the words name, which is faster to set up."""
    app = typer.Typer(
        name="fmselect",
        epilog=EPILOG,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for name, place in COMMANDS.items():
        if only in (None, name):
            module, _, attribute = place.partition(":")
            found = getattr(import_module(f"fmselect.cli.{module}"), attribute)
            if isinstance(found, typer.Typer):
                app.add_typer(found, name=name)
            else:
                app.command(name)(narrowed(found, words) if only else found)
    return app


def run() -> None:
    """Run the command line, and turn errors into messages and exit codes."""
    first = sys.argv[1] if len(sys.argv) > 1 else None
    completing = any(name.endswith("_COMPLETE") for name in os.environ)
    try:
        build(first if first in COMMANDS and not completing else None, sys.argv[2:])()
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
