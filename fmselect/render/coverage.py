"""What the catalog knows as a page, JSON, CSV and Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from fmselect.coverage import OFFERING_FIELDS, Count, Coverage, Field
from fmselect.render import sections
from fmselect.render.json_v1 import dump
from fmselect.render.sections import Section, share
from fmselect.units import counted

if TYPE_CHECKING:
    from fmselect.against import Against, Sold, Standing
    from fmselect.render.page import Page

_TERMS = ("compliance", "training", "retention", "customization")
_SALE = tuple(name for name in OFFERING_FIELDS if name not in _TERMS)


def json(found: Coverage) -> str:
    """Return all counts as JSON."""
    data: dict[str, Any] = {
        "on": found.on,
        "totals": found.totals,
        "by_kind": {count.name: _count(count) for count in found.kinds},
        "by_platform": {count.name: _count(count) for count in found.platforms},
        "fields": [
            {"of": field.of, "group": field.group, "field": field.field, "known": field.known, "concerned": field.concerned}
            for field in found.fields
        ],
        "platform_facts": {facts.platform: {"full": facts.full, "facts": facts.facts} for facts in found.platform_facts},
        "sources": {
            source.kind: {
                "groups": source.groups,
                "sourced": source.sourced,
                "secondary": source.secondary,
                "conflicts": source.conflicts,
            }
            for source in found.sources
        },
        "speeds": found.speeds,
        "qualities": found.qualities,
    }
    if found.against is not None:
        data["against"] = _against(found.against)
    return dump(data)


def _against(held: Against) -> dict[str, Any]:
    there, models = held.share
    return {
        "names": held.names,
        "there": there,
        "models": models,
        "platforms": {
            sold.platform: {
                "rows": sold.rows,
                "ended": sold.ended,
                "no_model": sold.no_model,
                "there": sold.share[0],
                "retired": sold.retired,
                "models": sold.share[1],
                "missing": sold.missing,
                "unmatched": sold.unmatched,
            }
            for sold in held.platforms
        },
        "reasons": [{"standing": standing, "reason": reason, "rows": rows} for (standing, reason), rows in held.reasons.items()],
        "elsewhere": held.elsewhere,
    }


def _count(count: Count) -> dict[str, int]:
    return {
        "models": count.models,
        "current_models": count.current_models,
        "offerings": count.offerings,
        "current_offerings": count.current_offerings,
    }


def csv(found: Coverage) -> str:
    """Return all counts as rows: what is counted, of which group, how many are known of how many."""
    return sections.csv(("of", "group", "field", "known", "concerned"), _rows(found))


def _rows(found: Coverage) -> Iterator[tuple[object, ...]]:
    for name, number in found.totals.items():
        yield "catalog", "", name, number, ""
    for of, counts in (("kinds", found.kinds), ("platforms", found.platforms)):
        for count in counts:
            yield of, count.name, "current models", count.current_models, count.models
            yield of, count.name, "current offerings", count.current_offerings, count.offerings
    for field in found.fields:
        yield field.of, field.group, field.field, field.known, field.concerned
    for facts in found.platform_facts:
        for fact, standing in facts.facts.items():
            yield "platform facts", facts.platform, fact, standing, ""
    for source in found.sources:
        yield "sources", source.kind, "with source and date", source.sourced, source.groups
        yield "sources", source.kind, "secondary", source.secondary, source.groups
    for what, kinds in found.speeds.items():
        for kind, known in kinds.items():
            yield "speeds of current chat offerings", what, kind, known, sum(kinds.values())
    for kind, known in found.qualities.items():
        yield "quality of current chat models", "", kind, known, sum(found.qualities.values())
    for sold in found.against.platforms if found.against else ():
        yield ("price list", sold.platform, "models", *sold.share)
        yield from (("price list", sold.platform, "missing", name, why) for name, why in sold.missing.items())
        yield from (("price list", sold.platform, "unmatched", name, "") for name in sold.unmatched)


def table(found: Coverage, page: Page) -> str:
    """Return all counts as a page."""
    return sections.page(_sections(found), page)


def markdown(found: Coverage) -> str:
    """Return all counts as Markdown."""
    return sections.markdown(_sections(found))


def _sections(found: Coverage) -> Iterator[Section]:
    totals = tuple((name, f"{number:,}") for name, number in found.totals.items())
    yield Section(f"The catalog on {found.on}", ("", ""), totals, right=(1,))
    numbers = ("models", "current", "offerings", "current")
    yield Section("By kind", ("kind", *numbers), tuple(map(_figures, found.kinds)), right=(1, 2, 3, 4))
    yield Section("By platform", ("platform", *numbers), tuple(map(_figures, found.platforms)), right=(1, 2, 3, 4))
    yield Section(
        "Known of models, by kind",
        ("field", "all", "by kind"),
        tuple(_model_fields([field for field in found.fields if field.of == "models"])),
        right=(1,),
        fold=(2,),
        note="A field counts among the models that it concerns: parameters for open weights, say.",
    )
    offerings = [field for field in found.fields if field.of == "offerings"]
    for title, names in (("What is known of current offerings", _SALE), ("What is known of their terms", _TERMS)):
        yield Section(title, ("platform", *names), tuple(_offering_fields(offerings, names)), right=tuple(range(1, len(names) + 1)))
    yield _known("How the quality of current chat models is known", {"at some task": found.qualities})
    yield _known(
        "How the speed of current chat offerings is known, at the standard tier", found.speeds, note="Either counts the surer of the two."
    )
    yield _platform_facts(found)
    yield _sources(found)
    if found.against is not None:
        yield _price_list(found.against)
        yield _missing(found.against)
        yield _reasons(found.against)


def _price_list(held: Against) -> Section:
    rows = [(sold.platform, *(f"{number:,}" for number in _numbers(sold)), _exact(*sold.share)) for sold in held.platforms]
    rows.append(("all", *(f"{sum(column):,}" for column in zip(*map(_numbers, held.platforms), strict=True)), _exact(*held.share)))
    rest = sum(held.elsewhere.values())
    ended = counted(sum(sold.retired for sold in held.platforms), "model")
    others = f"Not held against it: {counted(rest, 'row')} of {counted(len(held.elsewhere), 'seller')} that are no platform here."
    return Section(
        f"Held against {_LISTS.get(held.names, held.names)}",
        ("platform", "rows", "ended", "no model", "models", "here", "missing", "unmatched", "share"),
        tuple(rows),
        right=tuple(range(1, 9)),
        note=f"All current rows that name one offering are one model, as aliases/{held.names}.yaml says. "
        f"By the catalog {ended} of those here ended, though the list gives no end. {others}",
    )


def _numbers(sold: Sold) -> tuple[int, ...]:
    return sold.rows, sold.ended, sold.no_model, sold.share[1], sold.offerings, len(sold.missing), len(sold.unmatched)


def _exact(known: int, concerned: int) -> str:
    """Return a share to a tenth of a percent, rounded down."""
    return f"{known * 1000 // concerned / 10:.1f}%" if concerned else ""


_LISTS = {"litellm": "LiteLLM's price map", "genai-prices": "genai-prices"}


def _missing(held: Against) -> Section:
    rows = [(sold.platform, name, why) for sold in held.platforms for name, why in sold.missing.items()]
    rows += [(sold.platform, name, "in no table of names") for sold in held.platforms for name in sold.unmatched]
    return Section("Current models of the list that are missing", ("platform", "model", "why"), tuple(sorted(rows)), fold=(1, 2))


def _reasons(held: Against) -> Section:
    rows = tuple((f"{rows:,}", _STANDINGS[standing], reason) for (standing, reason), rows in held.reasons.items())
    return Section("Why nothing is taken from its current rows", ("rows", "stand for", "reason"), rows, right=(0,), fold=(2,))


_STANDINGS: Mapping[Standing, str] = {"here": "an offering here", "missing": "a missing model", "no model": "no model"}


def _figures(count: Count) -> tuple[str, ...]:
    return (count.name, *(str(number) for number in (count.models, count.current_models, count.offerings, count.current_offerings)))


def _model_fields(fields: list[Field]) -> Iterator[tuple[str, ...]]:
    for name in dict.fromkeys(field.field for field in fields):
        same = [field for field in fields if field.field == name]
        by_kind = ", ".join(f"{field.group} {share(field.known, field.concerned)}" for field in same)
        yield name, share(sum(field.known for field in same), sum(field.concerned for field in same)), by_kind


def _offering_fields(fields: list[Field], names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    by_platform: dict[str, dict[str, Field]] = {}
    for field in fields:
        by_platform.setdefault(field.group, {})[field.field] = field
    for platform, known in by_platform.items():
        yield (platform, *(share(known[name].known, known[name].concerned) for name in names))
    totals = ([known[name] for known in by_platform.values()] for name in names)
    yield ("all", *(share(sum(field.known for field in every), sum(field.concerned for field in every)) for every in totals))


def _known(title: str, counted: Mapping[str, Mapping[str, int]], note: str = "") -> Section:
    kinds = tuple(dict.fromkeys(kind for counts in counted.values() for kind in counts))
    rows = tuple((name, *(share(known, sum(counts.values())) for known in counts.values())) for name, counts in counted.items())
    return Section(title, ("", *kinds), rows, right=tuple(range(1, len(kinds) + 1)), note=note)


def _platform_facts(found: Coverage) -> Section:
    full = sum(facts.full for facts in found.platform_facts)
    rows = tuple(
        (
            facts.platform,
            str(facts.count("documented")),
            str(facts.count("not documented")),
            str(facts.count("not looked for")),
            ", ".join(fact.removeprefix("compliance.") for fact, standing in facts.facts.items() if standing == "not looked for"),
        )
        for facts in found.platform_facts
    )
    return Section(
        "Facts of platforms",
        ("platform", "known", "not found", "open", "which are open"),
        rows,
        right=(1, 2, 3),
        fold=(4,),
        note=f"Not found: somebody looked. Open: nobody did. {full} of {len(found.platform_facts)} platforms leave nothing open.",
    )


def _sources(found: Coverage) -> Section:
    rows = [
        (
            source.kind,
            f"{source.groups:,}",
            share(source.sourced, source.groups),
            share(source.secondary, source.groups),
            f"{source.conflicts:,}",
        )
        for source in found.sources
    ]
    groups, sourced, secondary, conflicts = (
        sum(getattr(source, name) for source in found.sources) for name in ("groups", "sourced", "secondary", "conflicts")
    )
    rows.append(("all", f"{groups:,}", share(sourced, groups), share(secondary, groups), f"{conflicts:,}"))
    return Section(
        "Groups of facts and their sources",
        ("in", "groups", "with source and date", "secondary", "other values settled"),
        tuple(rows),
        right=(1, 2, 3, 4),
        note="Secondary: the source reports what the vendor says.",
    )
