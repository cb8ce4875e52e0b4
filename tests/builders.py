"""Small builders: catalog entries, whole catalogs and scored alternatives in memory, with sensible defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypedDict

from fmselect.billing import Cost, Line
from fmselect.catalog.catalog import Catalog
from fmselect.catalog.derived import Ability, Derived
from fmselect.catalog.layers import Layer
from fmselect.catalog.schema import (
    Benchmark,
    CloudRegions,
    Features,
    Geographies,
    Geography,
    Gpu,
    Gpus,
    License,
    LicenseTerms,
    Lifecycle,
    Limits,
    Modalities,
    Model,
    Offering,
    Platform,
    Price,
    Processing,
    Reasoning,
    Region,
    Regions,
    Rent,
    Sale,
    Scope,
    Step,
    Task,
    TaskWorkload,
    Term,
    Terminology,
    TokenRates,
    Vocabulary,
)
from fmselect.criteria import Reading
from fmselect.estimates import Alternative, Estimate
from fmselect.requirements import Requirements, from_values
from fmselect.scoring import Part, Scored, additive
from fmselect.units import Criterion, Effort, Modality, ScopeKind, Tier
from fmselect.usage import Distribution, Usage

ON = date(2026, 11, 23)
"""Today, in tests."""

FIXTURES = Path(__file__).parent / "fixtures"
"""The frozen catalog and the invalid files."""

FROZEN = Layer(FIXTURES / "catalog", "catalog")
"""The frozen catalog as a layer."""

SOURCE = "https://example.com/facts"
CITED = "https://example.com/facts (2026-11-22)"
"""How results cite what the builders say."""


class Look(TypedDict):
    """Source and day of a fact group."""

    source: str
    checked: date


SEEN: Look = {"source": SOURCE, "checked": date(2026, 11, 22)}


def usd(amount: str | int | Decimal) -> Decimal:
    """Write an amount."""
    return Decimal(amount)


# ---------------------------------------------------------------- entries


def model(
    identity: str = "acme/atlas",
    *,
    family: str | None = None,
    context: int | None = 200_000,
    takes: Iterable[Modality] = ("text",),
    gives: Iterable[Modality] = ("text",),
    supported: Iterable[str] = (),
    unsupported: Iterable[str] = (),
    efforts: Sequence[Effort] = (),
    license_id: str | None = None,
    open_weights: bool = False,
    **facts: Any,
) -> Model:
    """Return a chat model of which modalities and the context window are known."""
    made: dict[str, Any] = {
        "name": identity.partition("/")[2].title(),
        "family": family or identity.partition("/")[2],
        "kind": "chat",
        "modalities": Modalities(input=tuple(takes), output=tuple(gives), **SEEN),
    }
    if context is not None:
        made["limits"] = Limits(context_tokens=context, **SEEN)
    if supported or unsupported:
        made["features"] = Features(supported=tuple(supported), unsupported=tuple(unsupported), **SEEN)
    if efforts:
        made["reasoning"] = Reasoning(efforts=tuple(efforts), **SEEN)
    if license_id is not None:
        made["license"] = LicenseTerms(id=license_id, open_weights=open_weights, **SEEN)
    return Model(id=identity, **{**made, **facts})


def platform(identity: str = "nimbus", **facts: Any) -> Platform:
    """Return a cloud that promises to keep in-region and geo processing where it is."""
    made: dict[str, Any] = {
        "name": identity.title(),
        "operator": "Nimbus Inc",
        "kind": "cloud",
        "cloud": "nimbus",
        "processing": {
            "in_region": Processing(stays=True, **SEEN),
            "geo": Processing(stays=True, **SEEN),
            "global": Processing(stays=False, **SEEN),
        },
    }
    return Platform(id=identity, **{**made, **facts})


def scope(kind: ScopeKind = "in_region", regions: Sequence[str] | None = ("eu-1", "us-1"), **facts: Any) -> Scope:
    """Return a scope; a geo scope is `geo:eu` unless told otherwise."""
    geography = {"geography": "eu"} if kind == "geo" else {}
    listed = None if regions is None else tuple(regions)
    return Scope(scope=kind, regions=listed, **{**SEEN, **geography, **facts})


def rates(input: str | None = "1", output: str | None = "2", **others: str) -> TokenRates:  # noqa: A002  it is the rate's name
    """Return USD per million tokens."""
    named = {"input": input, "output": output, **others}
    return TokenRates(**{name: Decimal(rate) for name, rate in named.items() if rate is not None})


def price(usd_per_mtok: TokenRates | None = None, *, tier: Tier = "standard", **facts: Any) -> Price:
    """Return a price; without anything else, 1 USD per million tokens in and 2 out."""
    if usd_per_mtok is None and not any(name.startswith("usd_per") for name in facts):
        usd_per_mtok = rates()
    return Price(tier=tier, usd_per_mtok=usd_per_mtok, **{**SEEN, **facts})


def step(bound: int, usd_per_mtok: TokenRates, *, inclusive: bool = False) -> Step:
    """Return a long-context step."""
    return Step(input_tokens=bound, inclusive=inclusive, usd_per_mtok=usd_per_mtok)


def offering(
    model_id: str = "acme/atlas",
    platform_id: str = "nimbus",
    *,
    prices: Iterable[Price] | None = None,
    scopes: Iterable[Scope] | None = None,
    lifecycle: Lifecycle | None = None,
    **facts: Any,
) -> Offering:
    """Return an offering that is for sale in two regions at a standard price."""
    slug = model_id.partition("/")[2]
    return Offering(
        id=f"{slug}@{platform_id}",
        model=model_id,
        platform=platform_id,
        sale=Sale(platform_model_id=f"{slug}-v1", **SEEN),
        lifecycle=lifecycle or Lifecycle(stage="ga", **SEEN),
        scopes=(scope(),) if scopes is None else tuple(scopes),
        prices=(price(),) if prices is None else tuple(prices),
        **facts,
    )


def task(identity: str = "chat", weights: Mapping[Criterion, str] | None = None, **facts: Any) -> Task:
    """Return a text task of 1,000 requests a month, 1,000 tokens in and 100 out."""
    made: dict[str, Any] = {
        "name": identity.title(),
        "says": "A job.",
        "kinds": ("chat",),
        "input": ("text",),
        "output": ("text",),
        "workload": TaskWorkload(requests_per_month=1_000, input_tokens=1_000, output_tokens=100, why="typical"),
        "weights": {name: Decimal(share) for name, share in (weights or {"quality": "3", "cost": "1"}).items()},
        "weights_why": "It matters.",
    }
    return Task(id=identity, **{**made, **facts})


def vocabulary() -> Vocabulary:
    """Return a few terms of every vocabulary."""
    return Vocabulary(
        features=_terms("tools", "caching", "reasoning"),
        compliance=_terms("hipaa", "soc2"),
        languages=_terms("de", "en"),
        customization=_terms("fine-tuning", "distillation"),
        geographies=Geographies(
            terms={
                "eu": Geography(name="European Union", countries=("DE", "FR", "IE")),
                "us": Geography(name="United States", countries=("US",)),
                "europe": Geography(name="Europe", countries=("CH", "DE", "FR", "GB", "IE")),
            },
            **SEEN,
        ),
        regions=Regions(
            clouds={
                "nimbus": CloudRegions(
                    regions={
                        "eu-1": Region(name="Frankfurt", country="DE"),
                        "eu-2": Region(name="Dublin", country="IE"),
                        "us-1": Region(name="Virginia", country="US"),
                    },
                    **SEEN,
                )
            }
        ),
        gpus=Gpus(
            terms={
                "g80": Gpu(name="G80", memory_gb=80, rents=(Rent(by="Nimbus", usd_per_hour=Decimal(4), **SEEN),), **SEEN),
                "g24": Gpu(name="G24", memory_gb=24, **SEEN),
            }
        ),
    )


def _terms(*names: str) -> Terminology:
    return Terminology(terms={name: Term(name=name) for name in names})


def abilities(thetas: Mapping[str, float], *, of: str = "chat", sd: float = 0.2, effort: Effort | None = None) -> Derived:
    """Return what was derived from evidence: the ability of some models at one task."""
    found: dict[str, tuple[Ability, ...]] = {
        identity: (Ability(effort=effort, theta=theta, sd=sd, basis=("a board",)),) for identity, theta in thetas.items()
    }
    return Derived(abilities={of: found}, low_theta={of: min(thetas.values(), default=0.0)})


def catalog(
    *,
    models: Iterable[Model] | None = None,
    platforms: Iterable[Platform] | None = None,
    offerings: Iterable[Offering] | None = None,
    tasks: Iterable[Task] | None = None,
    licenses: Iterable[License] = (),
    benchmarks: Iterable[Benchmark] = (),
    derived: Derived | None = None,
) -> Catalog:
    """Return a catalog in memory; what is not given is one of each."""
    measured = tuple(benchmarks)
    return Catalog(
        models={entry.id: entry for entry in ((model(),) if models is None else models)},
        platforms={entry.id: entry for entry in ((platform(),) if platforms is None else platforms)},
        offerings={entry.id: entry for entry in ((offering(),) if offerings is None else offerings)},
        benchmarks={entry.id: entry for entry in measured},
        tasks={entry.id: entry for entry in ((task(),) if tasks is None else tasks)},
        licenses={entry.id: entry for entry in licenses},
        vocabulary=vocabulary(),
        derived=derived or Derived(),
        as_of=SEEN["checked"],
        evidence=lambda: {entry.id: entry for entry in measured},
    )


# ---------------------------------------------------------------- what is computed


def requirements(**stated: Any) -> Requirements:
    """Return requirements as a requirements file would state them."""
    return from_values(stated)


def usage(**quantities: int | str | None) -> Usage:
    """Return what one request uses."""
    named = ("image_size", "video_resolution")
    stated: dict[str, Any] = {name: value if name in named else Decimal(value or 0) for name, value in quantities.items()}
    return Usage(**stated)


def keeps_what_is_stated(stated: Distribution) -> None:
    """Hold the classes of a distribution to its mean, exactly, and to its percentiles, within the token that whole ones move by."""
    classes = stated.classes()
    assert sum(weight for weight, _ in classes) == 1
    assert sum(weight * value for weight, value in classes) == stated.mean
    assert all(value >= 0 for _, value in classes)
    for percent, value in stated.percentiles:
        assert sum(weight for weight, found in classes if found <= value + 1) >= percent / 100
        assert sum(weight for weight, found in classes if found >= value - 1) >= 1 - percent / 100


def alternative(of: Offering | None = None, effort: Effort | None = None, *, by: Model | None = None) -> Alternative:
    """Return an offering at its first price and scope."""
    sold = of or offering()
    made_by = by or model(sold.model)
    first = sold.scopes[0] if sold.scopes else None
    regions = (first.regions or ()) if first else ()
    return Alternative(sold, made_by, platform(sold.platform), "standard", first, regions, effort, sold.prices[:1])


def estimate(usd_per_month: str | None = "100", **facts: Any) -> Estimate:
    """Return an estimate of nothing but the cost; None is an unknown cost."""
    cost = None
    if usd_per_month is not None:
        month = Decimal(usd_per_month)
        line = Line("input", month, "tokens", Decimal(1), month, month, "", SOURCE, SEEN["checked"])
        cost = Cost(month, month, (line,))
    made: dict[str, Any] = {
        "cost_unknown": "" if cost else "no price",
        "ttft_s": None,
        "output_tokens_per_s": None,
        "call_s": None,
        "answer_s": None,
        "reasoning_tokens": Decimal(0),
    }
    return Estimate(cost=cost, **{**made, **facts})


def reading(raw: float | None, value: float, *, low: float | None = None, high: float | None = None, sd: float = 0.0) -> Reading:
    """Return one criterion of one alternative; without raw measure it is unknown."""
    if raw is None:
        return Reading(None, value, 0.0, 1.0, known=False)
    return Reading(raw, value, value if low is None else low, value if high is None else high, sd)


def scored(
    name: str,
    readings: Mapping[Criterion, Reading],
    weights: Mapping[Criterion, float] | None = None,
    *,
    usd_per_month: str | None = "100",
) -> Scored:
    """Return a scored alternative of `acme/<name>` made of the readings, equally weighed unless told otherwise."""
    weighing = weights or dict.fromkeys(readings, 1 / len(readings))
    parts = {criterion: Part(found, weighing[criterion]) for criterion, found in readings.items()}
    total = additive([part.reading.value for part in parts.values()], [part.weight for part in parts.values()])
    return Scored(alternative(offering(f"acme/{name}")), estimate(usd_per_month), parts, total)


def named(items: Iterable[Scored]) -> list[str]:
    """Return the models of scored alternatives, by the name that `scored` gave them."""
    return [item.alternative.model.slug for item in items]
