"""What changed between two catalogs as a page, JSON, CSV and Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from fmselect.changes import WHATS, Change, Changes, What
from fmselect.render import sections
from fmselect.render.json_v1 import dump
from fmselect.render.sections import Section
from fmselect.units import counted

if TYPE_CHECKING:
    from fmselect.render.page import Page

_TITLES: Mapping[What, str] = {
    "new": "New",
    "gone": "Gone",
    "price": "Prices",
    "dates": "Dates",
    "where": "Scopes and regions",
    "terms": "Terms that verdicts rest on",
    "abilities": "What models take, hold and can do",
    "evidence": "Evidence",
    "other": "Anything else",
}


def json(found: Changes) -> str:
    """Return every change as JSON."""
    return dump(
        {
            "on": found.on,
            "counts": {what: sum(item.what == what for item in found.items) for what in WHATS},
            "confirmed": found.confirmed,
            "same": found.same,
            "items": [
                {"what": item.what, "entry": item.entry, "field": item.field, "old": item.old, "new": item.new, "percent": item.percent}
                for item in found.items
            ],
        }
    )


def csv(found: Changes) -> str:
    """Return every change as CSV."""
    rows = (
        (item.what, item.entry, item.field, item.old, item.new, "" if item.percent is None else f"{item.percent:.1f}")
        for item in found.items
    )
    return sections.csv(("what", "entry", "field", "old", "new", "percent"), rows)


def table(found: Changes, page: Page) -> str:
    """Return the changes by what they are, as a page."""
    return sections.page(_sections(found), page)


def markdown(found: Changes) -> str:
    """Return the changes by what they are, as Markdown."""
    return sections.markdown(_sections(found))


def _sections(found: Changes) -> Iterator[Section]:
    for what, title in _TITLES.items():
        items = [item for item in found.items if item.what == what]
        if what in ("new", "gone"):
            came_or_went = tuple((item.entry, item.old or item.new) for item in items)
            yield Section(f"{title} ({len(items)})", ("entry", "is"), came_or_went, fold=(1,))
        else:
            changed = tuple((item.entry, item.field, item.old, item.new, _percent(item)) for item in items)
            yield Section(f"{title} ({len(items)})", ("entry", "field", "old", "new", ""), changed, right=(4,), fold=(1, 2, 3))
    summary = f"{counted(len(found.items), 'change')} for prices on {found.on} and after; "
    summary += f"{counted(found.confirmed, 'entry').replace('entrys', 'entries')} only looked up again, {found.same:,} the same"
    yield Section("", (), (), note=("\n" if found.items else "") + summary)


def _percent(item: Change) -> str:
    return "" if item.percent is None else f"{item.percent:+.0f}%" if abs(item.percent) >= 1 else f"{item.percent:+.1f}%"
