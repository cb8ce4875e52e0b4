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
    Lifecycle,
    Limits,
    Model,
    Offering,
    Platform,
    PlatformGeography,
    Price,
    Processing,
    Retention,
    Scope,
    Speed,
    Terms,
    TokenRates,
)
from tests.builders import SEEN, catalog, model, offering, platform, task

MODELS = ("acme/a", "acme/b", "borealis/c", "cirrus/d")
PLATFORMS = ("nimbus", "other", "third")
REGIONS = ("eu-1", "eu-2", "us-1")
ACCESS = st.sampled_from(["default", "self_serve", "on_request", "none"])

amounts = st.one_of(
    st.sampled_from([Decimal(0), Decimal(1), Decimal("0.25"), Decimal(1_000)]),
    st.decimals(min_value=0, max_value=500, places=3, allow_nan=False),
)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return something or None, which is unknown."""
    return st.one_of(st.none(), strategy)


def regions() -> st.SearchStrategy[tuple[str, ...]]:
    """Return some regions."""
    return st.lists(st.sampled_from(REGIONS), min_size=1, max_size=3, unique=True).map(lambda found: tuple(sorted(found)))


@st.composite
def models(draw: st.DrawFn, identity: str) -> Model:
    """Return a model of which some facts are unknown."""
    facts: dict[str, Any] = {"family": "twins" if identity.startswith("acme") else "single"}
    if draw(st.booleans()):
        facts["limits"] = Limits(context_tokens=draw(st.sampled_from([4_000, 128_000, 1_000_000])), **SEEN)
    else:
        facts["context"] = None
    for name in draw(st.sets(st.sampled_from(["tools", "caching"]))):
        facts.setdefault(draw(st.sampled_from(["supported", "unsupported"])), []).append(name)
    if draw(st.booleans()):
        facts["license_id"] = draw(st.sampled_from(["mit", "terms"]))
        facts["open_weights"] = draw(st.booleans())
    return model(identity, **facts)


@st.composite
def platforms(draw: st.DrawFn, identity: str) -> Platform:
    """Return a platform of which some terms are unknown."""
    facts: dict[str, Any] = {
        "processing": {
            kind: Processing(stays=draw(st.booleans()), **SEEN) for kind in draw(st.sets(st.sampled_from(["in_region", "geo"])))
        },
        "compliance": {
            program: Compliance(access=draw(ACCESS), regions=draw(maybe(regions())), **SEEN)
            for program in draw(st.sets(st.sampled_from(["hipaa", "soc2"])))
        },
    }
    for name in ("no_training", "private_network", "customer_managed_keys"):
        if draw(st.booleans()):
            facts[name] = Terms(access=draw(ACCESS), **SEEN)
    if draw(st.booleans()):
        facts["retention"] = Retention(days=draw(st.sampled_from([0, 7, 30])), zero=draw(maybe(ACCESS)), **SEEN)
    if draw(st.booleans()):
        facts["geographies"] = {"eu": PlatformGeography(within=draw(st.sampled_from(["eu", "europe"])), **SEEN)}
    return platform(identity, **facts)


@st.composite
def scopes(draw: st.DrawFn) -> tuple[Scope, ...]:
    """Return none to three different scopes."""
    kinds = draw(st.sets(st.sampled_from(["in_region", "geo", "global"])))
    return tuple(
        Scope(scope=kind, geography="eu" if kind == "geo" else None, regions=draw(maybe(regions())), access=draw(ACCESS), **SEEN)
        for kind in sorted(kinds)
    )


@st.composite
def prices(draw: st.DrawFn) -> tuple[Price, ...]:
    """Return none to three prices, of different tiers."""
    tiers = sorted(draw(st.sets(st.sampled_from(["standard", "flex", "batch"]))))
    return tuple(
        Price(tier=tier, usd_per_mtok=TokenRates(input=draw(amounts), output=draw(maybe(amounts))), **SEEN)  # type: ignore[arg-type]  # one of the tiers
        for tier in tiers
    )


@st.composite
def offerings(draw: st.DrawFn, model_id: str, platform_id: str) -> Offering:
    """Return an offering at any stage of its life."""
    stage = draw(st.sampled_from(["ga", "ga", "ga", "legacy", "preview", "retired"]))
    ends = draw(maybe(st.sampled_from([date(2026, 12, 24), date(2027, 6, 1), date(2028, 1, 1)])))
    return offering(
        model_id,
        platform_id,
        prices=draw(prices()),
        scopes=draw(scopes()),
        lifecycle=Lifecycle(stage=stage, retires_on=ends if stage != "retired" else None, **SEEN),  # type: ignore[arg-type]  # one of the stages
        speed=draw(maybe(speeds())) or (),
    )


@st.composite
def speeds(draw: st.DrawFn) -> tuple[Speed, ...]:
    """Return one measured speed."""
    low, high = sorted((draw(st.integers(1, 40)), draw(st.integers(1, 40))))
    pair = (Decimal(low), Decimal(high))
    return (Speed(kind="measured", ttft_s=pair, output_tokens_per_s=pair, **SEEN),)


@st.composite
def derived(draw: st.DrawFn) -> Derived:
    """Return abilities of some models, with ties among them."""
    thetas = st.one_of(st.sampled_from([-1.0, 0.0, 1.0]), st.floats(-4, 4).map(lambda theta: round(theta, 2)))
    able = draw(st.sets(st.sampled_from(MODELS)))
    return Derived(
        abilities={"chat": {identity: (Ability(theta=draw(thetas), sd=draw(st.sampled_from([0.0, 0.25]))),) for identity in sorted(able)}},
        low_theta={"chat": -1.5},
        factuality={identity: (Measured(low=5.0, high=5.0, basis="x"),) for identity in sorted(able) if draw(st.booleans())},
    )


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    """Return a catalog of up to eight offerings."""
    pairs = draw(st.sets(st.tuples(st.sampled_from(MODELS), st.sampled_from(PLATFORMS)), min_size=1, max_size=8))
    weights = draw(
        st.sampled_from(
            [
                {"quality": "3", "cost": "1"},
                {"quality": "1"},
                {"cost": "1"},
                {"quality": "2", "context": "1", "latency": "1", "throughput": "1", "factuality": "1", "cost": "2"},
            ]
        )
    )
    return catalog(
        models=[draw(models(identity)) for identity in MODELS],
        platforms=[draw(platforms(identity)) for identity in PLATFORMS],
        offerings=[draw(offerings(*pair)) for pair in sorted(pairs)],
        tasks=[task(weights=weights)],  # type: ignore[arg-type]  # names of criteria
        derived=draw(derived()),
    )


WISHES: dict[str, st.SearchStrategy[Any]] = {
    "min_context": st.sampled_from([8_000, 128_000, 200_000]),
    "input_tokens": st.sampled_from([1_000, 100_000]),
    "requests_per_month": st.sampled_from([10, 1_000_000]),
    "answer_within": st.sampled_from(["minutes", "hours"]),
    "max_cost": amounts,
    "feature": st.just(("tools",)),
    "residency": st.sampled_from([("eu",), ("us",), ("europe",)]),
    "region": st.sampled_from([("eu-1",), ("us-1", "eu-2")]),
    "compliance": st.sampled_from([("hipaa",), ("hipaa", "soc2")]),
    "no_training": st.just(value=True),
    "max_retention_days": st.sampled_from([0, 7, 30]),
    "private_network": st.just(value=True),
    "open_weights": st.just(value=True),
    "allow_preview": st.just(value=True),
    "allow_legacy": st.just(value=True),
    "supported_until": st.just(date(2027, 3, 1)),
    "unknown": st.sampled_from(["list", "allow", "exclude"]),
}


@st.composite
def wishes(draw: st.DrawFn) -> dict[str, Any]:
    """Return a few requirements, as a requirements file would state them."""
    names = draw(st.sets(st.sampled_from(sorted(WISHES)), max_size=4))
    return {name: draw(WISHES[name]) for name in sorted(names)}
