"""Findings of one source and the files of a catalog -> what the files should say instead, and why.

A source writes only the groups that cite it. A group that cites another source stays as it is; where
the two differ, this is told until somebody settles it by an entry in the group's `conflicts`. What
people wrote into a group of the source stays too: scopes and regions of a price, what follows the
names in its note, and every field that `conflicts` gives to another source.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import Any, Literal

from fmselect.importers.findings import Finding, Findings, Origin
from fmselect.units import plain

Data = dict[str, Any]
Group = Mapping[str, Any]

SOURCED = ("source", "checked", "secondary", "note", "conflicts")
"""Keys of every group that are no facts."""

PLACES = ("scopes", "regions", "from_on", "until_on")
"""Where and when a price holds: told by a finding for a new price, and kept as people wrote it afterwards."""

COSTS = (
    "usd_per_mtok", "steps", "usd_per_image", "usd_per_input_image", "usd_per_audio_minute", "usd_per_video_second",
    "usd_per_page", "usd_per_mchar", "usd_per_search", "usd_per_request",
)  # fmt: skip
"""What a price says that a finding replaces whole."""

DATES = ("legacy_on", "retires_on", "retires_not_before")


@dataclass(frozen=True, slots=True)
class Owner:
    """A source as the catalog names it."""

    name: str
    """How notes and conflicts call it, such as litellm."""
    cites: tuple[str, ...]
    """How the `source` of its groups begins, whatever the version."""
    word: str = ""
    """What its notes call an outside name, such as row; nothing where they call it nothing."""

    def owns(self, group: Group) -> bool:
        """Return whether the group cites this source."""
        return str(group.get("source", "")).startswith(self.cites)

    def speaks_in(self, conflict: Group) -> bool:
        """Return whether a conflict holds what this source says."""
        source = str(conflict.get("source", ""))
        return source.startswith(self.cites) or self.name in source.lower()


@dataclass(frozen=True, slots=True)
class Note:
    """What happened, or did not, to one group of one file."""

    entry: str
    group: str
    """The group, such as `limits` or `prices batch geo:eu`."""
    what: Literal["new", "changed", "differs", "settled", "gone", "not placed"]
    """new and changed are written; differs: another source says something else and stays; settled: it differs and
    `conflicts` tells why; gone: its names are no longer in the source; not placed: the entry has no scope for it."""
    field: str = ""
    old: str = ""
    new: str = ""
    why: str = ""
    """The outside names, or the source that was kept."""


@dataclass(slots=True)
class Merged:
    """What the files should say, and what there is to tell about it."""

    data: dict[str, Data]
    """New content of every entry that changes."""
    notes: list[Note] = field(default_factory=list)
    agreed: int = 0
    """Findings that a group of another source says too."""
    same: int = 0
    """Findings that the source's own group said already."""
    confirmed: int = 0
    """Groups whose facts stay, and that another version of the source said."""
    dates: bool = True
    """Whether these now cite this version."""


def merge(
    entries: Mapping[str, Group], findings: Findings, origin: Origin, owner: Owner, known: Collection[str], *, confirm: bool = True
) -> Merged:
    """Merge findings into entries; `entries` holds what the files say now, by `kind/id`.

    `known` are models and platforms that exist, as `models/developer/model` and `platforms/platform`: an offering
    of others is not made. `confirm` dates groups whose facts stay by this version of the source.
    """
    merged = Merged({}, dates=confirm)
    by_entry: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings.found:
        by_entry[finding.entry].append(finding)
    slugs = {key.rpartition("/")[2] for key in known if key.startswith("models/")}
    for entry, found in sorted(by_entry.items()):
        old = entries.get(entry, {})
        slug, _, platform = entry.partition("/")[2].partition("@")
        missing = "models" if slug not in slugs else "platforms" if f"platforms/{platform}" not in known else None
        if not old and platform and missing:
            names = ", ".join(dict.fromkeys(name for finding in found for name in finding.names))
            merged.notes.append(Note(entry, "", "not placed", why=f"no file in {missing}/ describes it: {names}"))
            continue
        if not old and entry.startswith("models/") and all(finding.path for finding in found):
            continue  # nothing here tells its name, so it is no model that could be made
        new = _Entry(entry, old, origin, owner, findings.names, merged).result(found)
        if new != old:
            merged.data[entry] = new
    return merged


class _Entry:
    """Merges the findings about one entry."""

    def __init__(self, entry: str, old: Group, origin: Origin, owner: Owner, names: frozenset[str], merged: Merged) -> None:
        self.entry, self.old, self.origin, self.owner, self.names, self.merged = entry, old, origin, owner, names, merged
        self.data: Data = {key: list(value) if key in ("prices", "scopes") else value for key, value in old.items()}
        self.taken: dict[int, set[str]] = {}

    def result(self, found: Sequence[Finding]) -> Data:
        for finding in found:
            if finding.path == ("prices",):
                continue
            if finding.path == ("scopes",):
                self._scope(finding)
            elif finding.path == ():
                self._whole(finding)
            else:
                self._group(finding)
        self._prices([finding for finding in found if finding.path == ("prices",)])
        return {key: tuple(value) if isinstance(value, list) else value for key, value in self.data.items()}

    # ------------------------------------------------------------ groups of one place

    def _whole(self, finding: Finding) -> None:
        """Merge facts of the file itself, where it is new or cites the source as a whole."""
        if not self.old:
            self.data = {**self._stamped(finding.facts, finding), **self.data} if not finding.fills else {**finding.facts, **self.data}
            self._note("", "new", why=_names(finding))
        elif not finding.fills and "source" in self.old:
            self._compare(finding, self.old, (), "", self._set_whole)

    def _set_whole(self, group: Data) -> None:
        self.data = {**self.data, **group}

    def _group(self, finding: Finding) -> None:
        group = _at(self.data, finding.path)
        label = ".".join(finding.path)
        if group is None and not finding.adds:
            return
        if group is None:
            facts = {**finding.places, **finding.facts}
            self._put(finding.path, self._stamped(facts, finding))
            self._note(label, "new", new=_told(facts), why=_names(finding))
        elif not finding.fills or (self.owner.owns(group) and _says(group, finding.facts)):
            self._compare(finding, group, finding.path, label, lambda changed: self._put(finding.path, changed))

    def _put(self, path: tuple[str, ...], group: Data) -> None:
        if len(path) == 1:
            self.data[path[0]] = group
        else:
            self.data[path[0]] = {**self.data.get(path[0], {}), path[1]: group}

    def _scope(self, finding: Finding) -> None:
        scopes: list[Any] = self.data.get("scopes", [])
        name = _scope_name(finding.facts)
        at = next((index for index, scope in enumerate(scopes) if _scope_name(scope) == name), None)
        if at is None and _ended(self.data.get("lifecycle"), self.origin.checked):
            self._note(f"scopes {name}", "not placed", new=_told(finding.facts), why=f"it has ended: {_names(finding)}")
        elif at is None:
            self.data["scopes"] = scopes
            scopes.append(self._stamped(finding.facts, finding))
            self._note(f"scopes {name}", "new", new=_told(finding.facts), why=_names(finding))
        elif not finding.fills:
            finding = replace(finding, facts=_with_governments(finding.facts, scopes[at]))
            self._compare(finding, scopes[at], ("scopes",), f"scopes {name}", lambda changed: scopes.__setitem__(at, changed))

    def _compare(self, finding: Finding, group: Group, path: tuple[str, ...], label: str, put: Any) -> None:
        """Take over what differs where the group is the source's own; tell it where it is not."""
        facts = _life(finding.facts, group) if path == ("lifecycle",) else finding.facts
        differing = {key: value for key, value in facts.items() if not _equal(group.get(key), value)}
        own = self.owner.owns(group)
        for key in [key for key in differing if self._settled(group, key)]:
            self._note(label, "settled", key, _said(group.get(key)), _said(differing.pop(key)), str(group.get("source")))
        if not own:
            present = {key: value for key, value in differing.items() if key in group}
            for key, value in present.items():
                for where, old, new in _parts(key, group[key], value):
                    self._note(label, "differs", where, old, new, str(group.get("source")))
            self.merged.agreed += not present
            return
        self._update(group, differing, finding, label, put)

    def _update(self, group: Group, differing: Mapping[str, Any], finding: Finding, label: str, put: Any) -> None:
        changed = {key: value for key, value in group.items() if not (key in differing and differing[key] is None)}
        changed |= {key: value for key, value in differing.items() if value is not None}
        for key, value in differing.items():
            for where, old, new in _parts(key, group.get(key), value):
                self._note(label, "changed", where, old, new, _names(finding))
        if group["source"] != self.origin.source and not differing:
            self.merged.confirmed += 1
        elif not differing:
            self.merged.same += 1
        if differing or (group["source"] != self.origin.source and self.merged.dates):
            changed |= {"source": self.origin.source, "checked": self.origin.checked}
            changed = {key: changed[key] for key in sorted(changed, key=lambda key: key in SOURCED)}
            put(changed)

    def _settled(self, group: Group, key: str) -> bool:
        return any(
            self.owner.speaks_in(conflict) and re.split(r"[.\[]", conflict["field"])[0] == key for conflict in group.get("conflicts", ())
        )

    # ------------------------------------------------------------ prices

    def _prices(self, found: Sequence[Finding]) -> None:
        prices: list[Any] = self.data.get("prices", [])
        before = len(prices)
        matched: dict[int, list[Finding]] = defaultdict(list)
        others: list[Finding] = []
        ended = _ended(self.data.get("lifecycle"), self.origin.checked)
        found = [_current(finding, self.origin.checked) for finding in found if not _past(finding, self.origin.checked)]
        for match in (self._named, self._placed):  # a price that lists the names goes before one at the same place
            left = others if match == self._placed else list(found)
            others = []
            for finding in left:
                index = match(prices, finding)
                if index is None or (index in matched and not _costs_alike(matched[index][0].facts, finding.facts)):
                    others.append(finding)
                else:
                    matched[index].append(finding)
        for index, findings in sorted(matched.items()):
            self._price(prices, index, findings)
        for finding in [finding for finding in others if finding.adds]:
            if ended:
                self._note(_price_label(finding.facts), "not placed", why=f"it has ended: {_names(finding)}")
            else:
                self._add_price(prices, finding, list(matched))
        for index in range(before):
            names = self._listed(prices[index])
            if index not in matched and names and self.owner.owns(prices[index]) and not set(names) & self.names:
                self._note(_price_label(prices[index]), "gone", why=", ".join(names))
        if prices:
            self.data["prices"] = prices

    def _listed(self, price: Group) -> tuple[str, ...]:
        return listed(str(price.get("note", "")), self.owner.name, self.names)[0]

    def _named(self, prices: Sequence[Group], finding: Finding) -> int | None:
        """Return the source's own price that lists most of the finding's names."""
        shared = {
            index: len(set(self._listed(price)) & set(finding.names))
            for index, price in enumerate(prices)
            if self.owner.owns(price) and _same_terms(price, finding) and _same_time(price, finding, self.origin.checked)
        }
        narrow = {index: len(self._listed(prices[index])) for index in shared}
        return max(
            (index for index, count in shared.items() if count), key=lambda index: (shared[index], -narrow[index], -index), default=None
        )

    def _placed(self, prices: Sequence[Group], finding: Finding) -> int | None:
        """Return the price of the same tier, place and time, whoever it is from."""
        index = self._there(prices, finding)
        if index is None or (self._anothers(prices[index], finding) and not _costs_alike(prices[index], finding.facts)):
            return None
        return index

    def _there(self, prices: Sequence[Group], finding: Finding) -> int | None:
        scopes = self.data.get("scopes", ())
        return next(
            (
                index
                for index, price in enumerate(prices)
                if _same_terms(price, finding) and _same_time(price, finding, self.origin.checked) and _meets(price, finding, scopes)
            ),
            None,
        )

    def _anothers(self, price: Group, finding: Finding) -> bool:
        """Return whether a price of the source stands for other rows only, which the source still has."""
        listed_ = set(self._listed(price)) & self.names
        return self.owner.owns(price) and bool(listed_) and not listed_ & set(finding.names)

    def _price(self, prices: list[Any], index: int, findings: Sequence[Finding]) -> None:
        price, finding = prices[index], findings[0]
        label = _price_label(price)
        facts = {key: finding.facts.get(key) for key in COSTS if key in finding.facts or key in price}
        facts = _kept_inclusive(facts, price)
        facts = {key: _with_more_sizes(value, price.get(key)) if key == "usd_per_image" else value for key, value in facts.items()}
        own = self.owner.owns(price)
        if not own:  # another source's price may say more, and this one too
            facts = {key: value for key, value in facts.items() if value is not None and key in price}
        differing = {key: value for key, value in facts.items() if not _equal(price.get(key), value)}
        if nearly(price.get("usd_per_audio_minute"), differing.get("usd_per_audio_minute")):
            del differing["usd_per_audio_minute"]
        for key in [key for key in differing if self._settled(price, key)]:
            for where, old, new in _parts(key, price.get(key), differing.pop(key)):
                self._note(label, "settled", where, old, new, str(price.get("source")))
        if not own:
            differing = {key: _as_rounded(value, price[key]) for key, value in differing.items()}
            told = [part for key, value in differing.items() for part in _parts(key, price.get(key), value) if part[1] and part[2]]
            for where, old, new in told:
                self._note(label, "differs", where, old, new, str(price.get("source")))
            self.merged.agreed += not told
            return
        names = tuple(dict.fromkeys(name for found in findings for name in found.names))
        note = self._renamed(price, names)
        if note is not None:
            price = {**price, "note": note}
        self._update(price, differing, finding, label, lambda changed: prices.__setitem__(index, changed))
        if note is not None and prices[index] != price:
            prices[index] = {**prices[index], "note": note}

    def _renamed(self, price: Group, names: tuple[str, ...]) -> str | None:
        """Return the note with new names, where a name it lists is no longer in the source."""
        had, rest = listed(str(price.get("note", "")), self.owner.name, self.names)
        if set(had) & self.names or not had:
            return None
        return noted(self.owner, names) + rest

    def _add_price(self, prices: list[Any], finding: Finding, matched: Sequence[int]) -> None:
        places = self._resolved(finding.places, [price for price in prices if _same_terms(price, finding)])
        label = _price_label({**finding.facts, **(places or {})})
        hindrance = "it has no such scope" if places is None else self._hindrance(prices, replace(finding, places=places))
        if places is None or hindrance is not None:
            self._note(label, "not placed", new=_told(_costs(finding.facts)), why=f"{hindrance}: {_names(finding)}")
            return
        before = [self._give_up(prices, index, finding, places) for index in matched]
        note = noted(self.owner, finding.names) + (f"; {finding.note}" if finding.note else "")
        price = {"tier": finding.facts["tier"], **places, **{k: v for k, v in finding.facts.items() if k != "tier"}}
        prices.append({**price, "source": self.origin.source, "checked": self.origin.checked, "secondary": True, "note": note})
        parted = next((price for price in before if price is not None), None)
        if parted is None:
            self._note(label, "new", new=_told(_costs(finding.facts)), why=_names(finding))
            return
        for key in COSTS:
            if not _equal(parted.get(key), finding.facts.get(key)):
                for where, old, new in _parts(key, parted.get(key), finding.facts.get(key)):
                    self._note(label, "changed", where, old, new, _names(finding))

    def _hindrance(self, prices: list[Any], finding: Finding) -> str | None:
        """Return why a price cannot be added, or None."""
        there = self._there(prices, finding)
        if there is not None and self._anothers(prices[there], finding):
            return f"{self._listed(prices[there])[0]} is there"
        if "usd_per_image" not in finding.facts and any("usd_per_image" in price for price in prices):
            return "it is sold by the image"
        start = finding.places.get("from_on")
        if start is not None and not self._made_room(prices, finding, start):
            return f"the price before {start} has no end"
        return None

    def _made_room(self, prices: list[Any], finding: Finding, start: date) -> bool:
        """End the price that an announced one follows, where it is the source's own; return whether nothing overlaps."""
        scopes = self.data.get("scopes", ())
        for index, price in enumerate(prices):
            if _same_terms(price, finding) and _meets(price, finding, scopes) and price.get("until_on", date.max) > start:
                if not self.owner.owns(price):
                    return False
                prices[index] = {**price, "until_on": start}
                self._note(_price_label(price), "changed", "until_on", "", start.isoformat(), _names(finding))
        return True

    def _give_up(self, prices: list[Any], index: int, finding: Finding, places: Group) -> Group | None:
        """Take scopes and names away from a price when they now have one of their own; return it as it was, or None."""
        price = prices[index]
        if price["tier"] != finding.facts["tier"] or not self.owner.owns(price):
            return None
        scopes = price.get("scopes")
        left = tuple(scope for scope in scopes or () if scope not in places.get("scopes", ()))
        if not left or len(left) == len(scopes) or "regions" in places:
            return None
        had, rest = listed(str(price.get("note", "")), self.owner.name, self.names)
        names = [name for name in had if name not in finding.names]
        prices[index] = {**price, "scopes": left} | ({"note": noted(self.owner, names) + rest} if names and names != list(had) else {})
        return dict(price)

    def _resolved(self, places: Group, others: Sequence[Group]) -> Data | None:
        """Return the places of a new price as the entry can say them, those that others hold in left out; None for none."""
        scopes = {_scope_name(scope): scope for scope in self.data.get("scopes", ())}
        found: Data = {key: value for key, value in places.items() if key != "regions" or isinstance(value, tuple)}
        wanted = places.get("scopes")
        if wanted is not None:
            held = {scope for price in others if "regions" not in price and "from_on" not in places for scope in price.get("scopes", ())}
            there = tuple(scope for scope in wanted if scope in scopes and (scope not in held or len(wanted) == 1))
            if not there:
                return None
            found["scopes"] = there
        if isinstance(places.get("regions"), str):
            if "in_region" not in found.get("scopes", ()):
                return {key: value for key, value in found.items() if key != "regions"}
            regions = (scopes["in_region"].get("regions") or ()) if "in_region" in scopes else ()
            inside = tuple(region for region in regions if region.startswith(places["regions"]) and "gov" not in region)
        elif "regions" in places:
            served = scopes["in_region"].get("regions") if "in_region" in scopes else None
            inside = tuple(region for region in places["regions"] if served is None or region in served)
        else:
            return found
        return {**found, "regions": inside} if inside else None

    # ------------------------------------------------------------ telling

    def _stamped(self, facts: Group, finding: Finding) -> Data:
        note = {"note": finding.note} if finding.note else {}
        return {**facts, "source": self.origin.source, "checked": self.origin.checked, "secondary": True, **note}

    def _note(self, group: str, what: Any, field: str = "", old: str = "", new: str = "", why: str = "") -> None:
        self.merged.notes.append(Note(self.entry, group, what, field, old, new, why))


def listed(note: str, source: str, names: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """Return the outside names at the head of a price's note, and the rest of the note.

    A note begins `litellm row A` or `litellm rows A, B`, and what follows `; ` is people's.
    """
    match = re.search(rf"{re.escape(source)} (?:rows? )?(?P<names>[^;]*)", note)
    if match is None:
        return (), note
    known = names if isinstance(names, (set, frozenset)) else set(names)
    words = [word.strip(",").rstrip(":.").removeprefix("(").removesuffix(")") for word in match["names"].split()]
    found = tuple(word for word in words if word in known)
    return found or (tuple(words) if " row" in match[0] and len(words) == 1 else ()), note[match.end() :]


def noted(owner: Owner, names: Sequence[str]) -> str:
    """Return the head of a price's note."""
    word = f"{owner.word}{'s' if len(names) > 1 else ''} " if owner.word else ""
    return f"{owner.name} {word}{', '.join(names)}"


def _names(finding: Finding) -> str:
    return ", ".join(finding.names)


def _at(data: Group, path: tuple[str, ...]) -> Group | None:
    found: Any = data
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else None


def _scope_name(scope: Group) -> str:
    return f"geo:{scope['geography']}" if scope["scope"] == "geo" else str(scope["scope"])


def _equal(old: Any, new: Any) -> bool:
    """Return whether two values say the same: lists of plain terms in any order, and steps by what they cost."""
    if isinstance(old, (tuple, list)) and isinstance(new, (tuple, list)):
        if any(isinstance(item, Mapping) for item in (*old, *new)):
            return len(old) == len(new) and all(_equal(one, other) for one, other in zip(old, new, strict=True))
        return sorted(map(str, old)) == sorted(map(str, new))
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(_equal(old[key], new[key]) for key in old)
    return bool(old == new)


def _with_governments(facts: Group, scope: Group) -> Group:
    """Keep regions of governments where the list knows none: they are a partition of their own, with lists of their own."""
    if "regions" not in facts or any("gov" in region for region in facts["regions"]):
        return facts
    return {**facts, "regions": tuple(sorted([*facts["regions"], *(r for r in scope.get("regions") or () if "gov" in r)]))}


def _says(group: Group, facts: Group) -> bool:
    return all(_equal(group.get(key), value) for key, value in facts.items())


def _as_rounded(new: Any, old: Any) -> Any:
    """Return what one source says, with what another says wherever the two differ by rounding only."""
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        return {key: _as_rounded(value, old.get(key)) for key, value in new.items()}
    if isinstance(new, (tuple, list)) and isinstance(old, (tuple, list)):
        return tuple(_as_rounded(one, other) for one, other in zip_longest(new, old[: len(new)]))
    return old if nearly(old, new) else new


def nearly(old: Any, new: Any) -> bool:
    """Return whether two numbers differ by rounding at most, as a price by the second does from one by the minute."""
    if not isinstance(old, (int, Decimal)) or not isinstance(new, (int, Decimal)):
        return False
    return old == new or abs(Decimal(old) - Decimal(new)) < Decimal(old) / 1000


def _life(facts: Group, group: Group) -> Group:
    """Return which date of a life to compare: where another date of the group already says that day, none is."""
    others = {key: value for key, value in facts.items() if key not in DATES}
    days = [facts[key] for key in DATES if key in facts]
    if not days or any(group.get(key) == days[0] for key in DATES):
        return others
    named = next((key for key in ("retires_on", "retires_not_before") if key in group), None)
    return {**others, named or next(key for key in DATES if key in facts): days[0]}


def _ended(life: Group | None, on: date) -> bool:
    return life is not None and (life.get("stage") == "retired" or life.get("retires_on", date.max) <= on)


def _past(finding: Finding, on: date) -> bool:
    return bool(finding.places.get("until_on", date.max) <= on)


def _current(finding: Finding, on: date) -> Finding:
    """Leave out since when a price holds that holds already: nobody asks for the past."""
    if finding.places.get("from_on", date.max) > on:
        return finding
    return replace(finding, places={key: value for key, value in finding.places.items() if key != "from_on"})


def _same_time(price: Group, finding: Finding, on: date) -> bool:
    """Return whether a price holds from the day of an announced finding, or on the day of import."""
    announced = finding.places.get("from_on")
    if announced is not None:
        return bool(price.get("from_on") == announced)
    return bool(price.get("from_on", date.min) <= on < price.get("until_on", date.max))


def _same_terms(price: Group, finding: Finding) -> bool:
    days = finding.facts.get("weekdays")
    same_days = days is None or price.get("weekdays") == days
    return price["tier"] == finding.facts["tier"] and price.get("hours_utc") == finding.facts.get("hours_utc") and same_days


def _meets(price: Group, finding: Finding, scopes: Sequence[Group]) -> bool:
    """Return whether a price holds where the finding does."""
    wanted, there = finding.places.get("scopes"), price.get("scopes")
    if wanted is not None and there is not None and not set(wanted) & set(there):
        return False
    if wanted is None and there is not None and len(scopes) > 1 and "global" not in there:
        return False
    regions = finding.places.get("regions")
    here = price.get("regions")
    if isinstance(regions, tuple) and here is not None:
        return bool(set(regions) & set(here))
    if isinstance(regions, str) and here is not None:
        return any(region.startswith(regions) and "gov" not in region for region in here)
    return not (isinstance(regions, tuple) and here is None)


def _kept_inclusive(facts: Data, price: Group) -> Data:
    """Keep what people said about the bounds of steps."""
    old = {step["input_tokens"]: step for step in price.get("steps", ())}
    steps = facts.get("steps")
    if not steps:
        return facts
    kept = tuple(
        {**{key: value for key, value in old.get(step["input_tokens"], {}).items() if key == "inclusive"}, **step} for step in steps
    )
    return {**facts, "steps": tuple(dict(sorted(step.items(), key=lambda item: item[0] == "usd_per_mtok")) for step in kept)}


def _with_more_sizes(new: Any, old: Any) -> Any:
    """Keep sizes of images that people added."""
    return {**new, **{size: usd for size, usd in old.items() if size not in new}} if isinstance(new, Mapping) and old else new


def _costs_alike(one: Group, other: Group) -> bool:
    return all(_equal(one.get(key), other.get(key)) for key in COSTS)


def _costs(facts: Group) -> Data:
    return {key: facts[key] for key in COSTS if key in facts}


def _price_label(price: Group) -> str:
    where = [*(price.get("scopes") or ()), *(price.get("regions") or ())[:3]]
    hours = [price["hours_utc"]] if price.get("hours_utc") else []
    return " ".join(["prices", price["tier"], *where, *hours])


def _parts(key: str, old: Any, new: Any) -> Iterator[tuple[str, str, str]]:
    """Yield what differs inside a value: field, old and new, as the report shows them."""
    if key == "steps":
        olds, news = ({step["input_tokens"]: step["usd_per_mtok"] for step in steps or ()} for steps in (old, new))
        for bound in sorted({*olds, *news}):
            yield from _parts(f"steps above {bound:,}", olds.get(bound), news.get(bound))
    elif isinstance(old, Mapping) or isinstance(new, Mapping):
        for name in dict.fromkeys([*(old or {}), *(new or {})]):
            one, other = (old or {}).get(name), (new or {}).get(name)
            if not _equal(one, other):
                yield f"{key}.{name}", _said(one), _said(other)
    elif isinstance(old, (tuple, list)) and isinstance(new, (tuple, list)):
        yield key, _more(old, new), _more(new, old)
    else:
        yield key, _said(old), _said(new)


def _more(one: Sequence[Any], other: Sequence[Any]) -> str:
    """Return what one list has and the other has not: terms by name, others by their number."""
    only = [item for item in one if item not in other]
    return f"{len(only)} more" if any(isinstance(item, Mapping) for item in only) else f"{', '.join(map(_said, only)) or 'no'} more"


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return ", ".join(map(_said, value))
    return _told(value) if isinstance(value, Mapping) else str(value)


def _told(facts: Group) -> str:
    """Return facts in one line."""
    return ", ".join(
        f"{key.removeprefix('usd_per_')} {_said(value)}" if not isinstance(value, Mapping) else _told(value) for key, value in facts.items()
    )
