"""Two price lists and our prices: where the lists agree, do we; where they do not, is it settled?

A price here is one rate: of one offering, at one tier, in one scope, for one thing that is billed, below
or above one bound. Only rates that both lists give count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from fmselect.catalog.schema import Aliases, Offering, Price
from fmselect.importers.findings import Finding
from fmselect.importers.merging import Owner, nearly
from fmselect.units import plain

ELSEWHERE = "not-carried"
"""Stands before the name of an offering that the catalog does not have."""

PROVIDERS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "anthropic": (("",), "anthropic-api"),
    "aws": (("", "bedrock/"), "amazon-bedrock"),
    "azure": (("azure/", "azure_ai/"), "azure-foundry"),
    "cerebras": (("cerebras/",), "cerebras"),
    "cohere": (("", "cohere/"), "cohere"),
    "databricks": (("databricks/",), "databricks"),
    "deepseek": (("deepseek/", ""), "deepseek"),
    "elevenlabs": (("elevenlabs/",), "elevenlabs"),
    "fireworks": (("fireworks_ai/accounts/fireworks/models/", "fireworks_ai/"), "fireworks"),
    "google": (("gemini/", ""), "gemini-api"),
    "groq": (("groq/",), "groq"),
    "minimax": (("minimax/",), "minimax"),
    "mistral": (("mistral/",), "mistral"),
    "moonshotai": (("moonshot/",), "moonshot"),
    "novita": (("novita/",), "novita"),
    "openai": (("",), "openai-api"),
    "ovhcloud": (("ovhcloud/",), "ovhcloud"),
    "perplexity": (("perplexity/",), "perplexity"),
    "together": (("together_ai/",), "together"),
    "voyageai": (("voyage/",), "voyage"),
    "x-ai": (("xai/",), "xai"),
    "zai": (("zai/",), "zai"),
}
"""By provider of genai-prices: what LiteLLM writes before the same name, and the platform here."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One rate that both lists give."""

    offering: str
    tier: str
    scope: str
    """As prices name it; empty where the lists tell none."""
    thing: str
    """What is billed, as `usd_per_mtok.input` or `above 200,000 input`."""
    one: Decimal
    other: Decimal
    ours: Decimal | None
    settled: bool
    """True when the entry records the value that is not ours, with a reason."""

    @property
    def place(self) -> str:
        """Tier, scope and thing in words."""
        return " ".join(filter(None, [self.tier, self.scope, self.thing]))

    @property
    def agreed(self) -> bool:
        """Whether the lists say the same, rounding apart."""
        return nearly(self.one, self.other)

    @property
    def equal(self) -> bool:
        """Whether ours is what both lists say."""
        return self.ours is not None and (nearly(self.ours, self.one) or nearly(self.ours, self.other))


@dataclass(frozen=True, slots=True)
class Agreement:
    """What both lists give, by what can be said about it."""

    carried: tuple[Cell, ...]
    """Of offerings that the catalog sells on the day."""
    ended: tuple[Cell, ...]
    """Of offerings that have ended by then; the catalog keeps no prices of them."""
    elsewhere: tuple[Cell, ...]
    """Of offerings that the catalog does not have, or not in that scope."""

    @property
    def different(self) -> tuple[Cell, ...]:
        """Carried prices on which the lists agree and we do not, and no reason is recorded."""
        return tuple(cell for cell in self.carried if cell.agreed and not cell.equal and not cell.settled)

    @property
    def open(self) -> tuple[Cell, ...]:
        """Carried prices on which the lists disagree, and the entry does not tell why it says what it says."""
        return tuple(cell for cell in self.carried if not cell.agreed and not cell.settled)


def paired(litellm: Aliases, genai: Aliases, rows: frozenset[str], models: frozenset[str]) -> tuple[Aliases, Aliases]:
    """Return both tables, with the names added that neither offering of ours stands for but both lists know.

    Names pair letter by letter, behind what LiteLLM puts before those of a provider.
    """
    known = {*litellm.names, *genai.names}
    one, other = dict(litellm.names), dict(genai.names)
    for name in sorted(models - known):
        provider, _, model = name.partition("/")
        prefixes, platform = PROVIDERS.get(provider, ((), ""))
        row = next((prefix + model for prefix in prefixes if prefix + model in rows and prefix + model not in known), None)
        if row is not None:
            one[row] = other[name] = f"{ELSEWHERE}-{len(other)}@{platform}"
    return litellm.model_copy(update={"names": one}), genai.model_copy(update={"names": other})


def agreement(
    offerings: Mapping[str, Offering], one: Sequence[Finding], other: Sequence[Finding], owners: tuple[Owner, Owner], on: date
) -> Agreement:
    """Compare the prices of two lists with each other and with ours, as of a day."""
    first, second = _rates(one, on), _rates(other, on)
    for key in [key for key in second if not key[2] and key not in first and (*key[:2], "global", key[3]) in first]:
        second[*key[:2], "global", key[3]] = second.pop(key)  # a list that tells no scope means the one without a region
    groups: dict[str, list[Cell]] = {"carried": [], "ended": [], "elsewhere": []}
    for key in sorted(first.keys() & second.keys()):
        offering, tier, scope, thing = key
        entry = offerings.get(offering)
        if entry is not None and not _sold_in(entry, scope):
            entry = None
        price = _price(entry, tier, scope, on) if entry else None
        settled = price is not None and _settled(price, thing, owners)
        cell = Cell(offering, tier, scope, thing, first[key], second[key], _ours(price, thing) if price else None, settled)
        kind = "elsewhere" if entry is None else "ended" if _ended(entry, on) else "carried"
        groups[kind].append(cell)
    return Agreement(**{kind: tuple(cells) for kind, cells in groups.items()})


def _rates(found: Sequence[Finding], on: date) -> dict[tuple[str, str, str, str], Decimal]:
    """Return the rates of a day by offering, tier, scope and thing; rates of single regions and hours are left out."""
    rates: dict[tuple[str, str, str, str], Decimal] = {}
    for finding in found:
        if finding.path != ("prices",) or "hours_utc" in finding.facts or isinstance(finding.places.get("regions"), tuple):
            continue
        if not finding.places.get("from_on", date.min) <= on < finding.places.get("until_on", date.max):
            continue
        offering = finding.entry.partition("/")[2]
        for scope in finding.places.get("scopes", ("",)):
            for thing, value in _things(finding.facts):
                rates.setdefault((offering, finding.facts["tier"], scope, thing), value)
    return rates


def _things(facts: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    for key, value in facts.items():
        if key == "steps":
            for step in value:
                for rate, usd in step["usd_per_mtok"].items():
                    yield f"above {step['input_tokens']:,} {rate}", usd
        elif isinstance(value, Mapping):
            yield from ((f"{key}.{name}", usd) for name, usd in value.items())
        elif key.startswith("usd_per_"):
            yield key, value


def _sold_in(entry: Offering, scope: str) -> bool:
    """Return whether an offering has a scope, outside regions of governments."""
    found = [has for has in entry.scopes if has.name == scope]
    return not scope or any(has.regions is None or any("gov" not in region for region in has.regions) for has in found)


def _price(entry: Offering, tier: str, scope: str, on: date) -> Price | None:
    """Return our price of the tier on the day: that of the scope, else of no scope; of regions, that of the US.

    The lists carry one rate for all regions, or that of the US.
    """
    fitting = [
        price
        for price in entry.prices
        if price.tier == tier
        and price.hours_utc is None
        and (price.from_on or date.min) <= on < (price.until_on or date.max)
        and (not scope or price.scopes is None or scope in price.scopes)
    ]
    return min(
        fitting,
        key=lambda price: (
            price.regions is not None and not any(region.startswith("us-") and "gov" not in region for region in price.regions),
            price.scopes is None if scope else price.scopes is not None and "global" not in price.scopes,
        ),
        default=None,
    )


def _ours(price: Price, thing: str) -> Decimal | None:
    if thing.startswith("above "):
        _, bound, rate = thing.split(" ")
        step = next((step for step in price.steps if f"{step.input_tokens:,}" == bound), None)
        return getattr(step.usd_per_mtok, rate) if step else None
    field, _, name = thing.partition(".")
    value = getattr(price, field)
    if not name:
        return None if value is None else Decimal(value)
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def _settled(price: Price, thing: str, owners: tuple[Owner, Owner]) -> bool:
    """Return whether the price records another value for the thing, from one of the lists."""
    field = "steps" if thing.startswith("above ") else thing.partition(".")[0]
    told_of = [conflict for conflict in price.conflicts if conflict.field.partition(".")[0].partition("[")[0] == field]
    return any(owner.speaks_in({"source": conflict.source}) for conflict in told_of for owner in owners)


def _ended(entry: Offering, on: date) -> bool:
    life = entry.lifecycle
    return life is not None and (life.stage == "retired" or (life.retires_on or date.max) <= on)


def told(cell: Cell, names: tuple[str, str]) -> str:
    """Return one price in one line."""
    values = f"{names[0]} {plain(cell.one)}" + ("" if cell.agreed else f", {names[1]} {plain(cell.other)}")
    if cell.agreed:
        values = f"both lists {plain(cell.one)}"
    return f"{cell.offering}: {cell.place}: ours {plain(cell.ours) if cell.ours is not None else 'nothing'}, {values}"
