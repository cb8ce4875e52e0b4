"""Generated catalogs and requirements: small, with every kind of gap, and with ties."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from fmselect.catalog.catalog import Catalog
from fmselect.catalog.derived import Ability, Derived, Measured
from fmselect.catalog.schema import (
    Compliance,
    Features,
    LicenseTerms,
    Lifecycle,
    Limits,
    Offering,
    PlatformGeography,
    Price,
    Processing,
    Retention,
    Speed,
    Terms,
)
from fmselect.units import Criterion
from tests.builders import SEEN, catalog, model, offering, platform, price, rates, scope, task

MODELS = ("acme/a", "acme/b", "borealis/c", "cirrus/d")
PLATFORMS = ("nimbus", "other", "third")

STAYS, LEAVES = Processing(stays=True, **SEEN), Processing(stays=False, **SEEN)
ACCESS: list[Terms | None] = [
    None,
    Terms(access="default", **SEEN),
    Terms(access="self_serve", **SEEN),
    Terms(access="on_request", **SEEN),
    Terms(access="none", **SEEN),
]

# What each group of facts may be; the first is what hypothesis falls back to. None is unknown.
MODEL_FACTS: dict[str, list[Any]] = {
    "limits": [
        Limits(context_tokens=1_000_000, **SEEN),
        Limits(context_tokens=128_000, **SEEN),
        Limits(context_tokens=400_000, input_tokens=50_000, **SEEN),
        Limits(context_tokens=4_000, **SEEN),
        None,
    ],
    "features": [Features(supported=("tools", "caching"), **SEEN), Features(unsupported=("tools",), **SEEN), None],
    "license": [
        LicenseTerms(id="mit", open_weights=True, **SEEN),
        LicenseTerms(id="terms", open_weights=False, **SEEN),
        None,
    ],
}
PLATFORM_FACTS: dict[str, list[Any]] = {
    "processing": [{"in_region": STAYS, "geo": STAYS, "global": LEAVES}, {"in_region": LEAVES, "geo": STAYS}, {}],
    "compliance": [
        {"hipaa": Compliance(access="default", **SEEN), "soc2": Compliance(access="self_serve", **SEEN)},
        {
            "hipaa": Compliance(access="default", regions=("eu-1", "us-1"), **SEEN),
            "soc2": Compliance(access="default", regions=("us-1",), **SEEN),
        },
        {"hipaa": Compliance(access="on_request", **SEEN)},
        {"hipaa": Compliance(access="default", developers=("acme",), **SEEN), "soc2": Compliance(access="none", **SEEN)},
        {},
    ],
    "no_training": ACCESS,
    "private_network": ACCESS,
    "customer_managed_keys": ACCESS,
    "retention": [
        Retention(days=0, **SEEN),
        Retention(days=7, flagged_days=30, zero="none", **SEEN),
        Retention(days=30, zero="self_serve", **SEEN),
        Retention(days=30, **SEEN),
        None,
    ],
    "geographies": [{"eu": PlatformGeography(within="eu", **SEEN)}, {"eu": PlatformGeography(within="europe", **SEEN)}, {}],
}
SCOPES: list[Any] = [
    (scope(),),
    (scope(regions=("eu-1", "eu-2")), scope("geo", ("eu-1", "us-1")), scope("global", ("eu-1", "us-1"))),
    (scope("geo", ("eu-2",), access="on_request"), scope(regions=("us-1",))),
    (scope(regions=None), scope("global", None)),
    (),
]
LIVES = [
    Lifecycle(stage="ga", **SEEN),
    Lifecycle(stage="ga", retires_on=date(2027, 6, 1), **SEEN),
    Lifecycle(stage="ga", retires_not_before=date(2028, 1, 1), **SEEN),
    Lifecycle(stage="ga", retires_on=date(2026, 12, 24), **SEEN),
    Lifecycle(stage="legacy", **SEEN),
    Lifecycle(stage="preview", **SEEN),
    Lifecycle(stage="retired", **SEEN),
]
SPEEDS: list[tuple[Speed, ...]] = [
    (),
    (
        Speed(
            kind="measured",
            measured_on=date(2026, 11, 20),
            ttft_s=(Decimal(1), Decimal(2)),
            output_tokens_per_s=(Decimal(30), Decimal(60)),
            **SEEN,
        ),
    ),
    (
        Speed(
            kind="measured",
            measured_on=date(2026, 11, 20),
            ttft_s=(Decimal(4), Decimal(40)),
            output_tokens_per_s=(Decimal(5), Decimal(5)),
            **SEEN,
        ),
    ),
]
WEIGHTS: list[dict[Criterion, str]] = [
    {"quality": "3", "cost": "1"},
    {"quality": "1"},
    {"cost": "1"},
    {"quality": "2", "context": "1", "latency": "1", "throughput": "1", "factuality": "1", "cost": "2"},
]
AMOUNTS = ["1", "0", "0.25", "0.2500001", "15", "400"]
"""USD per million tokens, near enough to each other for ties."""


def of(facts: dict[str, list[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return one choice for every group of facts."""
    return st.fixed_dictionaries({name: st.sampled_from(choices) for name, choices in facts.items()})


@st.composite
def prices(draw: st.DrawFn) -> tuple[Price, ...]:
    """Return a standard price, perhaps with others; or none; or one of which a rate or a region is missing."""
    usd = draw(st.sampled_from(AMOUNTS))
    shape = draw(st.sampled_from(["standard", "standard", "tiers", "scoped", "regional", "no output", "none"]))
    if shape == "none":
        return ()
    if shape == "no output":
        return (price(rates(usd, None)),)
    if shape == "regional":
        return (price(rates(usd, usd), regions=("eu-1",)),)
    if shape == "scoped":
        return (price(rates(usd, usd)), price(rates("2", usd), scopes=("global",)))
    tiers = [price(rates("0.5", usd), tier="flex"), price(rates("0.2", usd), tier="batch")] if shape == "tiers" else []
    return (price(rates(usd, usd)), *tiers)


@st.composite
def offerings(draw: st.DrawFn, model_id: str, platform_id: str) -> Offering:
    """Return an offering at any stage of its life."""
    return offering(
        model_id,
        platform_id,
        prices=draw(prices()),
        scopes=draw(st.sampled_from(SCOPES)),
        lifecycle=draw(st.sampled_from(LIVES)),
        speed=draw(st.sampled_from(SPEEDS)),
    )


@st.composite
def derived(draw: st.DrawFn) -> Derived:
    """Return abilities of some models, with ties among them."""
    thetas = st.sampled_from([0.0, 1.0, 1.0000001, -1.0, 4.0, None])
    able = {identity: theta for identity in MODELS if (theta := draw(thetas)) is not None}
    sd = draw(st.sampled_from([0.0, 0.25]))
    return Derived(
        abilities={"chat": {identity: (Ability(theta=theta, sd=sd),) for identity, theta in able.items()}},
        low_theta={"chat": -1.5},
        poor_factuality=12.0,
        factuality={identity: (Measured(low=5.0, high=5.0, basis="x"),) for identity in able if identity.startswith("acme")},
    )


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    """Return a catalog of up to six offerings."""
    pairs = draw(st.lists(st.tuples(st.sampled_from(MODELS), st.sampled_from(PLATFORMS)), min_size=1, max_size=6, unique=True))
    return catalog(
        models=[
            model(identity, family="twins" if identity.startswith("acme") else "single", **draw(of(MODEL_FACTS))) for identity in MODELS
        ],
        platforms=[platform(identity, **draw(of(PLATFORM_FACTS))) for identity in PLATFORMS],
        offerings=[draw(offerings(*pair)) for pair in sorted(pairs)],
        tasks=[task(weights=draw(st.sampled_from(WEIGHTS)))],
        derived=draw(derived()),
    )


WISHES: dict[str, list[Any]] = {
    "min_context": [8_000, 128_000, 200_000],
    "input_tokens": [1_000, 100_000],
    "requests_per_month": [10, 1_000_000],
    "answer_within": ["minutes", "hours"],
    "max_cost": [Decimal(1_000), Decimal(10), Decimal(0)],
    "feature": [("tools",)],
    "residency": [("eu",), ("us",), ("europe",)],
    "region": [("eu-1",), ("us-1", "eu-2")],
    "compliance": [("hipaa",), ("hipaa", "soc2")],
    "no_training": [True],
    "max_retention_days": [30, 7, 0],
    "private_network": [True],
    "open_weights": [True],
    "allow_preview": [True],
    "allow_legacy": [True],
    "supported_until": [date(2027, 3, 1)],
    "unknown": ["list", "allow", "exclude"],
}


@st.composite
def wishes(draw: st.DrawFn) -> dict[str, Any]:
    """Return a few requirements, as a requirements file would state them."""
    names = draw(st.lists(st.sampled_from(sorted(WISHES)), max_size=3, unique=True))
    return {name: draw(st.sampled_from(WISHES[name])) for name in sorted(names)}
