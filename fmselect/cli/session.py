"""What a command needs from outside: today, the user's folders, the screen; the only place that asks."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from fmselect.cli.options import day

if TYPE_CHECKING:
    from fmselect.catalog.catalog import Catalog
    from fmselect.catalog.layers import Layer
    from fmselect.render.page import Page

WIDTHS = (80, 140)
"""Narrowest and widest page that is laid out; a terminal in between gives its own width."""


def today(on: str | None) -> date:
    """Return the day to answer for."""
    return day(on, "--on") if on else datetime.now(tz=UTC).astimezone().date()


def layers(folders: list[Path] | None) -> list[Layer]:
    """Return the catalog folders: shipped, the user's own, FMSELECT_CATALOG, --catalog; later ones win."""
    from fmselect import loading

    own = _configured()
    return loading.layers(*([own] if own.is_dir() else []), *_named(), *(folders or []))


def own_folder() -> Path:
    """Return the user's own catalog folder: the last of FMSELECT_CATALOG, else that of the configuration."""
    return [_configured(), *_named()][-1]


def _configured() -> Path:
    return Path(typer.get_app_dir("fmselect")) / "catalog"


def _named() -> list[Path]:
    return [Path(part) for part in os.environ.get("FMSELECT_CATALOG", "").split(os.pathsep) if part]


def cache() -> Path:
    """Return the folder for snapshots."""
    if own := os.environ.get("FMSELECT_CACHE"):
        return Path(own)
    if sys.platform == "win32":
        home = Path(os.environ.get("LOCALAPPDATA", "~")).expanduser()
    elif sys.platform == "darwin":
        home = Path("~/Library/Caches").expanduser()
    else:
        home = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return home / "fmselect"


Held = TypeVar("Held")
_held: dict[type, Any] = {}


def hold(value: Held) -> Held:
    """Keep a large value until another of its type comes or the process ends, which is faster than to free it part by part."""
    _held[type(value)] = value
    return value


def open_catalog(folders: list[Path] | None) -> Catalog:
    """Load the catalog that the user's folders and environment ask for.

    Whether facts were checked in the future is for `catalog check` to say: a clock that is wrong must
    not stop an answer.
    """
    from fmselect.loading import load_layers

    return hold(load_layers(layers(folders), date.max, cache()))


def names(kind: str) -> list[str]:
    """Return the ids of a kind, for completion."""
    from fmselect.cli.browse import ids

    return ids(open_catalog(None), kind)


def page(no_color: bool) -> Page:
    """Return the page that stdout is."""
    from fmselect.render.page import Page

    tty = sys.stdout.isatty()
    width = shutil.get_terminal_size((100, 24)).columns if tty or "COLUMNS" in os.environ else 100
    color = tty and not no_color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Page(min(max(width, WIDTHS[0]), WIDTHS[1]), color)


def emit(text: str | bytes, output: Path | None) -> None:
    """Print the answer, a text or one in UTF-8 already, or write it to the file that was asked for."""
    from fmselect.errors import InvalidInput, Problem

    if output is None and isinstance(text, str):
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        return
    whole = text.encode() if isinstance(text, str) else text
    end = b"" if whole.endswith(b"\n") else b"\n"
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.writelines([whole, end])
        return
    try:
        with output.open("wb") as stream:
            stream.writelines([whole, end])
    except OSError as error:
        raise InvalidInput([Problem(f"cannot be written: {error.strerror}", str(output))]) from error
