"""Price random requests with genai-prices and with the shipped catalog, and tell every difference by its cause.

Run with `make cost-agreement`; it needs the extra `agreement`, which pins the package.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from genai_prices import Usage as TheirUsage
from genai_prices.data_snapshot import get_snapshot

from fmselect.billing import UnknownPrice
from fmselect.catalog.catalog import Catalog
from fmselect.catalog.schema import Offering, TokenRates
from fmselect.eligibility import stage_on
from fmselect.estimates import Alternative, alternatives, cost_of
from fmselect.loading import load_catalog
from fmselect.requirements import Requirements
from fmselect.units import Tier, Weekdays
from fmselect.usage import Usage, Workload

PLATFORMS = {
    "anthropic-api": "anthropic", "openai-api": "openai", "gemini-api": "google", "google-vertex": "google", "xai": "x-ai",
    "deepseek": "deepseek", "mistral": "mistral", "groq": "groq", "cohere": "cohere", "amazon-bedrock": "aws", "azure-foundry": "azure",
    "together": "together", "fireworks": "fireworks", "perplexity": "perplexity", "cerebras": "cerebras", "moonshot": "moonshotai",
    "zai": "zai", "voyage": "voyageai", "novita": "novita", "minimax": "minimax", "baseten": "baseten", "cloudflare": "cloudflare",
    "databricks": "databricks", "ovhcloud": "ovhcloud", "meta-api": "meta", "elevenlabs": "elevenlabs",
}  # fmt: skip
"""Our platforms, and what the package calls them."""

CONTEXTS: Mapping[Tier, Mapping[str, str]] = {
    "standard": {}, "batch": {"processing": "batch"}, "flex": {"service_tier": "flex"}, "priority": {"service_tier": "priority"},
}  # fmt: skip
FIRST, DAYS = datetime(2026, 11, 23, tzinfo=UTC), 100
TOKENS = 1_000_000


@dataclass(frozen=True)
class Pair:
    """One way of using an offering, and the package's model for it."""

    offering: Offering
    tier: Tier
    scope: str
    provider: Any
    model: Any
    written: bool
    """Whether the model writes an answer that is counted in tokens."""


@dataclass(frozen=True)
class Asked:
    """A request to be priced."""

    pair: Pair
    usage: Usage
    at: datetime


@dataclass(frozen=True)
class Difference:
    """A request that the two price differently."""

    cause: str
    ours: bool
    """Whether it is we who are wrong."""
    asked: Asked
    usd: Decimal | None
    theirs: Decimal


def pairs(catalog: Catalog) -> Iterator[Pair]:
    """Yield what both have: the platform's id of the model is one that the package prices there."""
    providers = {provider.id: provider for provider in get_snapshot().providers}
    for offering in catalog.offerings.values():
        provider = providers.get(PLATFORMS.get(offering.platform, ""))
        if provider is None or stage_on(offering.lifecycle, FIRST.date()) == "retired":
            continue
        for way in _ways(offering, catalog, FIRST.date()):
            model = provider.find_model(way.platform_model_id)
            if model is None or not way.prices:
                continue
            has_variant = any(dict(variant.when) == dict(CONTEXTS.get(way.tier, {"": ""})) for variant in model.price_variants or ())
            if way.tier == "standard" or has_variant:
                yield Pair(offering, way.tier, way.scope_name, provider, model, way.model.kind not in ("embedding", "rerank", "moderation"))


def _ways(offering: Offering, catalog: Catalog, on: date) -> list[Alternative]:
    """Return every tier and scope once: efforts and regions change no price here."""
    found: dict[tuple[str, str], Alternative] = {}
    for way in alternatives(offering, catalog, Requirements(), on):
        if way.scope is None or way.scope.price_multiplier is None:
            found.setdefault((way.tier, way.scope_name), way)
    return list(found.values())


def usage(chance: random.Random, stated: Mapping[str, Any], writes: bool) -> Usage:
    """Return a random request, mostly short, some long, cached or not; of what the package has rates for."""
    total = int(10 ** chance.uniform(1, 6))
    read = chance.choice([0, 0, total // 3, total * 4 // 5]) if stated.get("cache_read_mtok") is not None else 0
    left = total - read
    written = chance.choice([0, 0, left // 4, left]) if stated.get("cache_write_mtok") is not None else 0
    hour = chance.choice([0, 0, 0, written // 2]) if stated.get("cache_write_1h_mtok") is not None else 0
    answer = chance.choice([0, int(10 ** chance.uniform(0, 4.5))]) if writes and stated.get("output_mtok") is not None else 0
    return Usage(
        input_tokens=Decimal(total),
        cache_read_tokens=Decimal(read),
        cache_write_tokens=Decimal(written - hour),
        cache_write_1h_tokens=Decimal(hour),
        output_tokens=Decimal(answer),
    )


def theirs(asked: Asked) -> Decimal:
    """Return what the package says that the request costs."""
    pair, used = asked.pair, asked.usage
    names = ("input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "output_tokens")
    counted = {name: int(getattr(used, name)) for name in names}
    counted["cache_write_tokens"] += counted["cache_write_1h_tokens"]
    used_there = TheirUsage(**{name: count for name, count in counted.items() if count})
    price = pair.model.calc_price(used_there, pair.provider, genai_request_timestamp=asked.at, price_context=CONTEXTS[pair.tier] or None)
    return Decimal(price.total_price)


def ours(asked: Asked, catalog: Catalog) -> tuple[Decimal | None, Alternative | None]:
    """Return what the shipped catalog says that it costs, and by which entry; None where it does not know."""
    pair = asked.pair
    ways = _ways(pair.offering, catalog, asked.at.date())
    way = next((one for one in ways if (one.tier, one.scope_name) == (pair.tier, pair.scope)), None)
    return (None if way is None else _usd(way, asked)), way


Told = Callable[[], bool]


def cause(asked: Asked, usd: Decimal | None, their: Decimal, way: Alternative | None, catalog: Catalog) -> tuple[str, bool]:
    """Say why the two differ, and whether it is we who are wrong: the first cause that holds."""
    pair, used, at = asked.pair, asked.usage, asked.at
    stated = _stated(pair.model, at, pair.tier)
    prices = way.prices if way is not None else ()
    rates = [price.usd_per_mtok for price in prices if price.usd_per_mtok is not None]
    without_cache = used.cache_read_tokens > 0 and all(rate.cache_read is None for rate in rates)

    def another_place() -> bool:
        others = (one for one in alternatives(pair.offering, catalog, Requirements(), at.date()) if one.tier == pair.tier)
        placed = any(price.scopes is not None or price.regions is not None for price in prices)
        return placed and their in [_usd(one, asked) for one in others]

    causes: tuple[tuple[str, Told], ...] = (
        (
            "text tokens asked of a model that is sold by the minute, picture, page or character: unknown here",
            lambda: usd is None and catalog.models[pair.offering.model].kind not in ("chat", "embedding", "rerank"),
        ),
        ("we know no price for it and say so: unknown, never 0", lambda: usd is None),
        (
            "the package matches the name loosely, and prices another model",
            lambda: _another_model(pair),
        ),
        (
            "peak hours are those of working days; the package knows no days of the week, and says so",
            lambda: at.weekday() >= 5 and any(price.weekdays is not None for price in prices),
        ),
        (
            "the sources disagree: the entry chose one of them, and records why",
            lambda: any(price.conflicts for price in prices),
        ),
        (
            "the package has one price for all places of a platform; ours is that of this one",
            another_place,
        ),
        (
            "the same rate, sold in another unit (DBU, neurons): one of the two is rounded to a thousandth of a dollar",
            lambda: pair.offering.platform in ("cloudflare", "databricks") and _rounded(rates, stated),
        ),
        (
            "no list has a rate for cached input in this tier: we bill it as input, the package as in the standard tier",
            lambda: without_cache and pair.tier != "standard",
        ),
        (
            "the package has no rate for cached input, and bills another one",
            lambda: used.cache_read_tokens > 0 and stated.get("cache_read_mtok") is None,
        ),
        (
            "a model of sound or pictures, whose tokens the two price by another modality",
            lambda: bool(re.search(r"image|audio|realtime|live|tts|transcribe", pair.offering.id)),
        ),
    )
    return next(((said, False) for said, holds in causes if holds()), ("not explained", True))


def _rounded(rates: Sequence[TokenRates], stated: Mapping[str, Any]) -> bool:
    """Whether every rate that both state is the same to half a thousandth of a dollar."""
    names = [name for name in ("input", "output", "cache_read") if isinstance(stated.get(f"{name}_mtok"), Decimal)]
    both = [(getattr(rates[0], name), stated[f"{name}_mtok"]) for name in names] if rates else []
    return bool(both) and all(mine is not None and abs(mine - theirs) <= Decimal("0.0005") for mine, theirs in both)


def _another_model(pair: Pair) -> bool:
    """Whether the package's model is one that our id only begins with."""
    ours, theirs = pair.offering.sale.platform_model_id.split("/")[-1].lower(), pair.model.id.split("/")[-1].lower()
    rest = ours.removeprefix(theirs)
    return rest != ours and bool(re.search(r"^-(?!latest|preview|exp|it\b)[a-z]", rest))


def _usd(way: Alternative, asked: Asked) -> Decimal | None:
    """Return what we say that a request costs; None where a price is not known."""
    at = asked.at
    days: Weekdays = "mon-fri" if at.weekday() < 5 else "sat-sun"
    load = Workload(1, asked.usage, hours_utc=f"{at.hour:02}:00-{(at.hour + 1) % 24:02}:00", weekdays=days)
    try:
        return cost_of(way, load).usd_per_request
    except UnknownPrice:
        return None


def _stated(model: Any, at: datetime, tier: Tier) -> Mapping[str, Any]:
    found: Mapping[str, Any] = vars(model.get_prices(at, CONTEXTS[tier] or None))
    return found


def compare(count: int, seed: int) -> tuple[int, int, list[Difference]]:
    """Price random requests both ways; return how many pairs there are, how many requests agree, and the others."""
    catalog, chance = load_catalog(on=date.max), random.Random(seed)
    both = list(pairs(catalog))
    found: list[Difference] = []
    for number in range(count):
        pair = both[number % len(both)] if number < len(both) else chance.choice(both)
        at = FIRST + timedelta(days=chance.randrange(DAYS), hours=chance.randrange(24), minutes=30)
        asked = Asked(pair, usage(chance, _stated(pair.model, at, pair.tier), pair.written), at)
        their = theirs(asked)
        usd, way = ours(asked, catalog)
        if usd != their:
            found.append(Difference(*cause(asked, usd, their, way, catalog), asked, usd, their))
    return len(both), count - len(found), found


def report(count: int, both: int, agreed: int, found: Sequence[Difference]) -> str:
    """Write the table of differences by cause."""
    shared = f"that genai-prices {version('genai-prices')} and the catalog share"
    out = [
        f"{count:,} random requests over {both} ways of using an offering {shared}",
        f"{agreed:,} ({agreed / count:.1%}) cost the same to the last digit; {len(found):,} differ:",
        "",
        f"{'requests':>8}  {'offerings':>9}  cause, and an example",
    ]
    for why, times in Counter(one.cause for one in found).most_common():
        mine = [one for one in found if one.cause == why]
        pair, usd, their = mine[0].asked.pair, mine[0].usd, mine[0].theirs
        here = "unknown" if usd is None else f"${usd.normalize():f}"
        out.append(f"{times:>8,}  {len({one.asked.pair.offering.id for one in mine}):>9}  {why}")
        out.append(f"{'':21}{pair.offering.id}, {pair.tier}, {pair.scope}: {here} here, ${their.normalize():f} there")
    out += ["", f"{sum(one.ours for one in found):,} are ours."]
    return "\n".join(out)


def main() -> None:
    """Compare, print the table, and fail when a difference is ours."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="list every offering with a difference")
    options = parser.parse_args()
    both, agreed, found = compare(options.count, options.seed)
    print(report(options.count, both, agreed, found))
    if options.list:
        for line in sorted({f"{one.asked.pair.offering.id}, {one.asked.pair.tier}, {one.asked.pair.scope}: {one.cause}" for one in found}):
            print(line)
    raise SystemExit(1 if any(one.ours for one in found) else 0)


if __name__ == "__main__":
    main()
