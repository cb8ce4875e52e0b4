"""The catalog browsed: lists of entries, and everything about one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any

from fmselect.catalog.catalog import Catalog
from fmselect.catalog.records import plain_data
from fmselect.eligibility import stage_on
from fmselect.errors import InvalidInput, Problem, did_you_mean
from fmselect.estimates import in_force
from fmselect.units import plain, short_count

if TYPE_CHECKING:
    from fmselect.catalog.derived import Ability
    from fmselect.catalog.schema import Frozen, Model, Offering, Task

PRECISIONS: tuple[tuple[str, Decimal], ...] = (("bf16", Decimal(2)), ("fp8", Decimal(1)), ("int4", Decimal("0.5")))
"""Number formats that weights are served in, and the bytes that a parameter takes in each."""

ACCELERATOR_GB = (24, 48, 80, 141, 192)
"""Memory sizes of one accelerator for which the count is shown (judgement)."""

FROM_PATH = ("id", "model", "platform")
"""Fields that come from a file's path and so never stand in it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: column names, and rows of text; an empty text is unknown."""

    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything about one thing."""

    kind: str
    id: str
    file: str
    """The file to edit."""
    data: Mapping[str, Any]
    """What the file says, as plain data."""
    lists: tuple[tuple[str, Listing], ...]
    """What else the catalog knows about it, with a title each."""


def listing(
    catalog: Catalog,
    kind: str,
    on: date,
    model_kind: str | None = None,
    developer: str | None = None,
    platform: str | None = None,
    retired: bool = False,
) -> Listing:
    """List the entries of a kind; the filters concern models and offerings."""
    if kind in ("models", "offerings"):
        offerings = [
            offering
            for offering in catalog.offerings.values()
            if (developer is None or catalog.model_of(offering).developer == developer)
            and (platform is None or offering.platform == platform)
            and (model_kind is None or catalog.model_of(offering).kind == model_kind)
            and (retired or stage_on(offering.lifecycle, on) != "retired")
        ]
        if kind == "offerings":
            return offerings_list(catalog, offerings, on)
        return _models(catalog, offerings, platform, developer, model_kind, retired)
    columns, rows = _TABLES[kind](catalog)
    return Listing(kind, columns, tuple(rows))


def _models(
    catalog: Catalog, offerings: Sequence[Offering], platform: str | None, developer: str | None, model_kind: str | None, retired: bool
) -> Listing:
    sold: dict[str, list[str]] = {}
    for offering in offerings:
        sold.setdefault(offering.model, []).append(offering.platform)
    rows = [
        (
            model.id,
            model.name,
            model.kind,
            _context(model),
            str(model.release.released_on) if model.release else "",
            (model.license.id if model.license else ""),
            ", ".join(sold.get(model.id, ())),
        )
        for model in catalog.models.values()
        if model.id in sold
        or (
            retired
            and platform is None
            and (developer is None or model.developer == developer)
            and (model_kind is None or model.kind == model_kind)
        )
    ]
    return Listing("models", ("id", "name", "kind", "context", "released", "license", "sold on"), tuple(rows))


def offerings_list(catalog: Catalog, offerings: Sequence[Offering], on: date) -> Listing:
    """List offerings with today's standard token price, scopes and life."""
    rows = [
        (
            offering.id,
            stage_on(offering.lifecycle, on) or "",
            _ends(offering),
            _rate(offering, "input", on),
            _rate(offering, "output", on),
            ", ".join(scope.name for scope in offering.scopes),
        )
        for offering in offerings
    ]
    return Listing("offerings", ("id", "stage", "ends", "input $/M", "output $/M", "scopes"), tuple(rows))


def _ends(offering: Offering) -> str:
    life = offering.lifecycle
    return str(life.retires_on) if life and life.retires_on else ""


def _context(model: Model) -> str:
    limits = model.limits
    window = (limits.context_tokens or limits.input_tokens) if limits else None
    return short_count(window) if window else ""


def _rate(offering: Offering, name: str, on: date) -> str:
    for price in offering.prices:
        rate = getattr(price.usd_per_mtok, name) if price.usd_per_mtok and price.tier == "standard" else None
        if rate is not None and in_force(price, on):
            return plain(rate)
    return ""


def weights_list(model: Model) -> Listing:
    """List what the weights of an open model take at each precision, in GB and in accelerators.

    Billions of parameters times bytes per parameter give GB (of 10^9 bytes). All experts of a mixture
    have to be held, so the total counts. The cache of the context and the work memory come on top, so
    the counts are the least that can do. Empty unless the weights can be had and their size is known.
    """
    columns = ("precision", "GB", *(f"x {size} GB" for size in ACCELERATOR_GB))
    if model.parameters is None or model.license is None or not model.license.open_weights:
        return Listing("weights", columns, ())
    sizes = [(name, model.parameters.total_billion * width) for name, width in PRECISIONS]
    rows = ((name, plain(size), *(_count(size / each) for each in ACCELERATOR_GB)) for name, size in sizes)
    return Listing("weights", columns, tuple(rows))


def _count(exact: Decimal) -> str:
    return str(int(exact.to_integral_value(ROUND_CEILING)))


Rows = tuple[tuple[str, ...], Iterator[tuple[str, ...]]]


def _platforms(catalog: Catalog) -> Rows:
    sells: dict[str, int] = {}
    for offering in catalog.offerings.values():
        sells[offering.platform] = sells.get(offering.platform, 0) + 1
    programs = {p.id: ", ".join(name for name, t in p.compliance.items() if t.access != "none") for p in catalog.platforms.values()}
    rows = ((p.id, p.name, p.operator, p.kind, str(sells.get(p.id, 0)), programs[p.id]) for p in catalog.platforms.values())
    return ("id", "name", "operator", "kind", "offerings", "compliance"), rows


def _tasks(catalog: Catalog) -> Rows:
    rows = ((t.id, t.name, ", ".join(t.kinds), str(len(t.benchmarks)), t.says) for t in catalog.tasks.values())
    return ("id", "name", "kinds", "benchmarks", "what it is"), rows


def _benchmarks(catalog: Catalog) -> Rows:
    rows = ((b.id, b.name, b.measures, b.unit, str(b.checked)) for b in catalog.benchmarks.values())
    return ("id", "name", "measures", "unit", "checked"), rows


def _licenses(catalog: Catalog) -> Rows:
    rows = (
        (t.id, t.name, t.commercial_use or "", "; ".join(f"{h.measure} above {short_count(h.above)}" for h in t.thresholds))
        for t in catalog.licenses.values()
    )
    return ("id", "name", "commercial use", "thresholds"), rows


def _developers(catalog: Catalog) -> Rows:
    counts = {name: sum(model.developer == name for model in catalog.models.values()) for name in catalog.developers}
    return ("id", "models"), ((name, str(count)) for name, count in counts.items())


def _geographies(catalog: Catalog) -> Rows:
    terms = catalog.vocabulary.geographies.terms
    return ("id", "name", "countries"), ((key, term.name, " ".join(term.countries)) for key, term in terms.items())


def _regions(catalog: Catalog) -> Rows:
    rows = (
        (region, cloud, place.name, place.country)
        for cloud, regions in catalog.vocabulary.regions.clouds.items()
        for region, place in regions.regions.items()
    )
    return ("id", "cloud", "name", "country"), rows


def _gpus(catalog: Catalog) -> Rows:
    terms = catalog.vocabulary.gpus.terms
    rents = {key: ", ".join(f"${rent.usd_per_hour} an hour ({rent.by})" for rent in term.rents) for key, term in terms.items()}
    return ("id", "name", "memory", "rent"), ((key, term.name, f"{term.memory_gb} GB", rents[key]) for key, term in terms.items())


def _terms(name: str) -> Any:
    def rows(catalog: Catalog) -> Rows:
        terms = getattr(catalog.vocabulary, name).terms
        return ("id", "name", "what it is"), ((key, term.name, term.says or "") for key, term in terms.items())

    return rows


_TABLES: Mapping[str, Any] = {
    "platforms": _platforms,
    "tasks": _tasks,
    "benchmarks": _benchmarks,
    "licenses": _licenses,
    "developers": _developers,
    "geographies": _geographies,
    "regions": _regions,
    "gpus": _gpus,
    **{name: _terms(name) for name in ("features", "compliance", "languages", "customization")},
}


# ---------------------------------------------------------------- one entry


def find(catalog: Catalog, name: str, on: date) -> Entry:
    """Return everything about the one thing of this name; raises `InvalidInput` when there is none, or several."""
    found = list(_found(catalog, name))
    if not found:
        known = [key.split("/", 1)[1] for key in catalog.places]
        known += [model.slug for model in catalog.models.values()]
        raise InvalidInput([Problem(f"'{name}' is not in the catalog{did_you_mean(name, known) or ': see `fmselect list`'}")])
    if len(found) > 1:
        choices = ", ".join(f"{kind.removesuffix('s')} {entry.id}" for kind, entry in found)
        raise InvalidInput([Problem(f"'{name}' could be {choices}: say KIND/{name}, such as {found[0][0]}/{name}")])
    kind, entry = found[0]
    data = {field: fact for field, fact in plain_data(entry).items() if field not in FROM_PATH}
    return Entry(kind, entry.id, catalog.places.get(f"{kind}/{entry.id}", ""), data, tuple(_lists(catalog, kind, entry, on)))


def _found(catalog: Catalog, name: str) -> Iterator[tuple[str, Any]]:
    for kind in ("models", "offerings", "platforms", "tasks", "benchmarks", "licenses"):
        entries: Mapping[str, Frozen] = getattr(catalog, kind)
        wanted = name.removeprefix(f"{kind}/")
        if name.startswith(f"{kind}/") or "/" not in name or kind == "models":
            if wanted in entries:
                yield kind, entries[wanted]
            elif kind == "models":
                yield from ((kind, model) for model in catalog.models.values() if model.slug == wanted)


def _lists(catalog: Catalog, kind: str, entry: Any, on: date) -> Iterator[tuple[str, Listing]]:
    if kind == "models":
        yield "Sold as", offerings_list(catalog, catalog.offerings_by_model.get(entry.id, ()), on)
        yield "To hold the weights alone", weights_list(entry)
        yield "Ability by task", _abilities(catalog, entry)
        yield "Evidence", _evidence(catalog, entry)
    elif kind == "platforms":
        sold = [offering for offering in catalog.offerings.values() if offering.platform == entry.id]
        yield "Sells", offerings_list(catalog, sold, on)
    elif kind == "licenses":
        rows = tuple((m.id, m.name) for m in catalog.models.values() if m.license and m.license.id == entry.id)
        yield "Models under it", Listing("models", ("id", "name"), rows)
    elif kind == "benchmarks":
        results = catalog.evidence()[entry.id].rows
        ranked = sorted(results, key=lambda row: row.score, reverse=entry.higher_is_better)
        results_table = tuple((row.model, row.effort or "", f"{row.score:g}", _limits(row), str(row.on), row.name) for row in ranked)
        yield "Results", Listing("rows", ("model", "effort", "score", "95%", "date", "as published"), results_table)
    elif kind == "tasks":
        best = sorted(
            (
                (ability, model)
                for model, abilities in catalog.derived.abilities.get(entry.id, {}).items()
                if _takes(catalog.models[model], entry)
                for ability in abilities
            ),
            key=lambda pair: -pair[0].theta,
        )
        yield "What quality is measured by", _measured_by(catalog, entry)
        ablest = tuple((model, *_ability(ability)) for ability, model in best[:20])
        yield "Ablest models", Listing("abilities", ("model", "effort", "ability", "sd", ""), ablest)


def _takes(model: Model, task: Task) -> bool:
    """Whether the model is not known to refuse what the task gives it."""
    return model.modalities is None or set(task.input) <= set(model.modalities.input)


def _measured_by(catalog: Catalog, task: Task) -> Listing:
    """List the benchmarks of a task with their share of what quality means there, and what they hold."""
    from fmselect.quality import shares  # only needed when a task is shown

    evidence, share = catalog.evidence(), shares(task, catalog.benchmarks)
    rows = []
    for use in task.benchmarks:
        results = evidence[use.benchmark].rows
        newest = str(max((row.on for row in results), default=""))
        rows.append((use.benchmark, f"{share[use.benchmark]:.0%}", str(len(results)), newest, use.why))
    return Listing("measured_by", ("benchmark", "share", "results", "newest", "why"), tuple(rows))


def _limits(row: Any) -> str:
    return f"{row.low:g} to {row.high:g}" if row.low is not None and row.high is not None else ""


def _ability(ability: Ability) -> tuple[str, str, str, str]:
    return ability.effort or "", f"{ability.theta:.2f}", f"{ability.sd:.2f}", "estimated" if ability.estimated else ""


def _abilities(catalog: Catalog, model: Model) -> Listing:
    rows = tuple(
        (task, *_ability(ability)) for task, abilities in catalog.derived.abilities.items() for ability in abilities.get(model.id, ())
    )
    return Listing("abilities", ("task", "effort", "ability", "sd", ""), rows)


def _evidence(catalog: Catalog, model: Model) -> Listing:
    rows = tuple(
        (benchmark.id, row.effort or "", f"{row.score:g}", _limits(row), str(row.on), row.name)
        for benchmark in catalog.evidence().values()
        for row in benchmark.rows
        if row.model == model.id
    )
    return Listing("rows", ("benchmark", "effort", "score", "95%", "date", "as published"), rows)
