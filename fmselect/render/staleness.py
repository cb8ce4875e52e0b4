"""What is stale as a page, JSON, CSV and Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fmselect.render import sections
from fmselect.render.json_v1 import dump
from fmselect.render.sections import Section
from fmselect.staleness import Aged, Staleness
from fmselect.units import counted

if TYPE_CHECKING:
    from fmselect.render.page import Page

PLACES = 5
"""Files shown for each source."""


def json(found: Staleness) -> str:
    """Return the counts and every stale group as JSON."""
    return dump(
        {
            "on": found.on,
            "within_days": found.within_days,
            "kinds": {
                name: {"groups": tally.groups, "stale": tally.stale, "oldest": tally.oldest} for name, tally in found.tallies.items()
            },
            "items": [
                {
                    "file": item.file,
                    "field": item.fact.field,
                    "kind": item.fact.kind,
                    "dated": item.fact.dated,
                    "age_days": item.age_days,
                    "fresh_days": item.fact.fresh_days,
                    "stale_on": item.stale_on,
                    "source": item.fact.facts.source,
                }
                for item in found.items
            ],
        }
    )


def csv(found: Staleness) -> str:
    """Return every stale group as CSV."""
    rows = (
        (
            item.file,
            item.fact.field,
            item.fact.kind,
            item.fact.dated,
            item.age_days,
            item.fact.fresh_days,
            item.stale_on,
            item.fact.facts.source,
        )
        for item in found.items
    )
    return sections.csv(("file", "field", "kind", "dated", "age_days", "fresh_days", "stale_on", "source"), rows)


def table(found: Staleness, page: Page) -> str:
    """Return the counts, and the stale groups by file, as a page."""
    return sections.page(_sections(found), page)


def markdown(found: Staleness) -> str:
    """Return the counts, and the stale groups by file, as Markdown."""
    return sections.markdown(_sections(found))


def _sections(found: Staleness) -> Iterator[Section]:
    ahead = f", or within {counted(found.within_days, 'day')}" if found.within_days else ""
    tallies = tuple((name, f"{tally.groups:,}", f"{tally.stale:,}", str(tally.oldest or "")) for name, tally in found.tallies.items())
    yield Section(
        f"Stale on {found.on}{ahead}",
        ("kind", "groups", "stale", "oldest"),
        tallies,
        right=(1, 2),
        note="Prices are stale after 90 days, other terms after 180, evidence when a benchmark's newest result is too old for it.",
    )
    yield Section(
        "To look up again, longest overdue first", ("stale on", "kind", "source and places"), tuple(_rows(found.items)), fold=(2,)
    )


def _rows(items: tuple[Aged, ...]) -> Iterator[tuple[str, ...]]:
    """Return a row for everything of one kind that one look at a source would renew."""
    looks: dict[tuple[str, str], list[Aged]] = {}
    for item in items:
        looks.setdefault((item.fact.facts.source, item.fact.kind), []).append(item)
    for (source, kind), group in looks.items():
        files: dict[str, list[str]] = {}
        for item in group:
            files.setdefault(item.file, []).append(item.fact.field)
        places = [f"{file}: {', '.join(fields)}" if any(fields) else file for file, fields in files.items()]
        more = [f"and {len(places) - PLACES} more files (--format csv lists all)"] if len(places) > PLACES else []
        yield str(group[0].stale_on), kind, "\n".join([source, *places[:PLACES], *more])
