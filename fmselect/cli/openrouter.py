"""`fmselect evidence import openrouter`: how fast endpoints answered, into the user's copies of the offerings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fmselect.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from fmselect.catalog.catalog import Catalog
    from fmselect.catalog.schema import Aliases
    from fmselect.importers.openrouter_endpoints import Endpoint

FORMAT = "openrouter"
"""The format, as a command takes it."""


@dataclass(frozen=True, slots=True)
class Speeds:
    """What the files make of the user's catalog."""

    texts: dict[str, str]
    """New text of every offering that changes, by its place."""
    said: tuple[str, ...]
    """A line for each endpoint that was imported."""
    unmatched: tuple[str, ...]
    """Endpoints that are no offering of the catalog."""


def speeds(files: Sequence[Path], opened: Catalog, aliases: Aliases | None, folders: list[Path], day: date) -> Speeds:
    """Return the speeds that the files hold, as offerings of the user's catalog.

    Raises `InvalidInput` with every problem of every file, and where an offering's file cannot take a speed.
    """
    from fmselect.catalog.amendments import with_speed
    from fmselect.catalog.loader import files as sources
    from fmselect.cli.session import layers

    found = _read(files)
    known = sources(layers(folders))
    texts: dict[str, str] = {}
    said: list[str] = []
    unmatched: list[str] = []
    for endpoint in found:
        offering = _offering(endpoint, opened, aliases)
        if offering is None:
            unmatched.append(endpoint.name)
            continue
        slug, _, platform = offering.partition("@")
        place = f"offerings/{platform}/{slug}.yaml"
        before = texts.get(place) or known[place].path.read_text(encoding="utf-8-sig")
        try:
            texts[place] = with_speed(before, _item(endpoint, day))
        except ValueError as error:
            raise InvalidInput([Problem(str(error), known[place].shown)]) from error
        said.append(f"  {offering}: {', '.join(_figures(endpoint))}: '{endpoint.name}'")
    changed = {place: text for place, text in texts.items() if known[place].path.read_text(encoding="utf-8-sig") != text}
    return Speeds(changed, tuple(said), tuple(unmatched))


def _read(files: Sequence[Path]) -> list[Endpoint]:
    from fmselect.cli.fetching import each
    from fmselect.importers.openrouter_endpoints import read
    from fmselect.importers.results import content

    return [endpoint for found in each(files, lambda path: read(content(str(path), path.read_bytes()))) for endpoint in found]


def _offering(endpoint: Endpoint, opened: Catalog, aliases: Aliases | None) -> str | None:
    """Return the offering that an endpoint is: by the user's alias, else that of its model on its platform."""
    from fmselect.importers.names import Names
    from fmselect.importers.openrouter_endpoints import PLATFORMS

    named = aliases.names.get(endpoint.name) if aliases else None
    if named is not None:
        return named if named in opened.offerings else None
    model, platform = Names(opened, aliases).match(endpoint.model), PLATFORMS.get(endpoint.tag)
    offering = f"{model.model.partition('/')[2]}@{platform}" if model and platform else ""
    return offering if offering in opened.offerings else None


def _item(endpoint: Endpoint, day: date) -> str:
    from fmselect.catalog.amendments import COPY_OF_OPENROUTER, speed_item

    uptime = f" Uptime of the last day {endpoint.uptime_percent}%." if endpoint.uptime_percent is not None else ""
    return speed_item(
        place="through OpenRouter",
        on=day,
        ttft_s=_floats(endpoint.ttft_s),
        output_tokens_per_s=_floats(endpoint.output_tokens_per_s),
        source=COPY_OF_OPENROUTER,
        note=f"Of the last 30 minutes: time to the first token from the median to the 90th percentile; "
        f"rate about the median, as far as the 90th percentile lies from it.{uptime}",
    )


def _floats(bounds: tuple[object, object] | None) -> tuple[float, float] | None:
    return None if bounds is None else (float(str(bounds[0])), float(str(bounds[1])))


def _figures(endpoint: Endpoint) -> Iterator[str]:
    if endpoint.ttft_s:
        yield "first token {}-{}s".format(*endpoint.ttft_s)
    if endpoint.output_tokens_per_s:
        yield "{}-{} tokens/s".format(*endpoint.output_tokens_per_s)
    if endpoint.uptime_percent is not None:
        yield f"uptime {endpoint.uptime_percent}%"
