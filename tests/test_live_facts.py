"""The shipped catalog's facts: ends, prices of the day, sources behind every yes, and claims known to be wrong elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from fmselect.catalog.catalog import Catalog
from fmselect.catalog.schema import Offering
from fmselect.coverage import coverage
from fmselect.eligibility import CONSTRAINTS, WHOLE, Case, Level, Verdict, screen, stage_on
from fmselect.estimates import alternatives, in_force, workload
from fmselect.explanation import explain
from fmselect.loading import load_catalog
from fmselect.recommendation import Recommendation, recommend
from fmselect.requirements import Requirements

ON = date(2026, 11, 25)
ANY: dict[str, Any] = {"allow_legacy": True, "allow_preview": True, "unknown": "allow"}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return load_catalog(on=ON, cache=tmp_path_factory.mktemp("cache"))


def asked(catalog: Catalog, on: date = ON, **needs: Any) -> Recommendation:
    return recommend(catalog, Requirements(**needs), on)


def ranked(catalog: Catalog, on: date, task: str) -> set[str]:
    found = asked(catalog, on, task=task, per="offering", top=5000, **ANY)
    return {row.alternative.offering.id for row in found.rows}


def cases(catalog: Catalog, offering: Offering, on: date, **needs: Any) -> Iterator[Case]:
    """Return an offering's alternatives on a day, ready to be judged."""
    wants = Requirements(**({"task": "chat"} | needs))
    task = catalog.tasks[wants.task]
    for alternative in alternatives(offering, catalog, wants, on):
        yield Case(alternative, wants, task, workload(wants, task)[0], catalog, on)


# ---------------------------------------------------------------- ends, and prices of the day


def test_no_offering_is_for_sale_on_its_end_date_or_after(catalog: Catalog) -> None:
    judge = next(constraint.judge for constraint in CONSTRAINTS if constraint.name == "lifecycle")
    ending = [o for o in catalog.offerings.values() if o.lifecycle and o.lifecycle.retires_on]
    for_sale = [
        (offering.id, day)
        for offering in ending
        for later in (0, 1, 400)
        if offering.lifecycle and offering.lifecycle.retires_on
        for day in (offering.lifecycle.retires_on + timedelta(days=later),)
        for case in cases(catalog, offering, day, **ANY)
        if next(judge(case)).outcome != "violated"
    ]

    assert len(ending) >= 100
    assert for_sale == []


@pytest.mark.parametrize("task", ["chat", "embedding", "image-generation", "transcription"])
@pytest.mark.parametrize("day", ["2026-12-01", "2026-12-02", "2027-01-14", "2027-03-30", "2028-06-01"])
def test_nothing_past_its_end_is_ranked(catalog: Catalog, day: str, task: str) -> None:
    on = date.fromisoformat(day)

    assert not [name for name in ranked(catalog, on, task) if stage_on(catalog.offerings[name].lifecycle, on) == "retired"]


def test_what_ends_on_the_first_of_december_is_ranked_the_day_before_and_not_on_the_second(catalog: Catalog) -> None:
    ending = {o.id for o in catalog.offerings.values() if o.lifecycle and o.lifecycle.retires_on == date(2026, 12, 1)}
    before, after = (
        {name for task in ("chat", "image-generation", "embedding") for name in ranked(catalog, date.fromisoformat(day), task)}
        for day in ("2026-11-30", "2026-12-02")
    )

    assert ending & before
    assert not ending & after


def test_a_bill_uses_the_prices_in_force_on_its_day(catalog: Catalog) -> None:
    days = {d for o in catalog.offerings.values() for p in o.prices for d in (p.from_on, p.until_on) if d}
    changing = [o for o in catalog.offerings.values() if any(p.from_on or p.until_on for p in o.prices)]
    wrong = [
        (offering.id, day)
        for day in sorted({date(2026, 12, 2), *days, *(day - timedelta(days=1) for day in days)})
        for offering in changing
        for alternative in alternatives(offering, catalog, Requirements(task="chat"), day)
        if any(not in_force(price, day) for price in alternative.prices)
    ]

    assert len(changing) >= 10
    assert wrong == []


# ---------------------------------------------------------------- no yes without a source

LEVELS: tuple[Level, ...] = (*WHOLE, "scope")

CAREFUL: list[dict[str, Any]] = [
    {"residency": ("eu",), "no_training": True, "max_retention_days": 0},
    {"residency": ("us",), "max_retention_days": 30, "compliance": ("hipaa", "soc2-type2", "iso-27001")},
    {"compliance": ("fedramp-high", "fedramp-moderate", "gdpr-dpa", "iso-42001", "pci-dss", "c5", "irap", "hitrust")},
    {"commercial_use": True, "based_in": "us", "annual_revenue_usd": 100_000, "monthly_active_users": 1000},
    {"private_network": True, "customer_managed_keys": True, "open_weights": True, "license": ("apache-2.0", "mit")},
]


@pytest.mark.parametrize("needs", CAREFUL, ids=lambda needs: " ".join(needs))
def test_no_verdict_is_met_without_a_source(catalog: Catalog, needs: dict[str, Any]) -> None:
    met = 0
    for offering in catalog.offerings.values():
        for case in cases(catalog, offering, ON, **needs):
            for verdict in (verdict for level in LEVELS for verdict in screen(case, level)):
                if verdict.outcome == "met":
                    assert verdict.source, (offering.id, verdict)
                    met += 1

    assert met > 1000


def test_every_group_of_facts_has_a_source_and_a_date(catalog: Catalog) -> None:
    found = coverage(catalog, ON)

    assert sum(source.groups for source in found.sources) > 4000
    assert all(source.sourced == source.groups for source in found.sources)


def test_every_platform_is_documented_or_was_looked_into(catalog: Catalog) -> None:
    found = coverage(catalog, ON)

    assert sum(facts.full for facts in found.platform_facts) >= 25


# ---------------------------------------------------------------- the spot list

RAG: dict[str, Any] = {"task": "rag", "requests_per_month": 100_000, "input_tokens": 6000, "output_tokens": 500}
SPOTS: dict[str, tuple[str, str, dict[str, Any], str, str]] = {
    "GPT-6 on Bedrock for the EU": (
        "gpt-6-sol@amazon-bedrock", "residency", {**RAG, "residency": "eu"}, "violated", "https://",
    ),
    "Claude on Azure for the EU": (
        "claude-opus-5-5@azure-foundry", "residency", {**RAG, "residency": "eu"}, "violated", "https://",
    ),
    "Claude Fable 5 on Bedrock with zero retention": (
        "claude-fable-5@amazon-bedrock", "retention", {**RAG, "max_retention_days": 0}, "unknown", "abuse-detection.html",
    ),
    "Llama 4 for an EU company with images": (
        "llama-4-maverick@self-hosted", "commercial_use",
        {**RAG, "commercial_use": True, "based_in": "eu", "monthly_active_users": 1000, "input_modality": "image"},
        "violated", "llama-models/tree/a9c89c4/models/llama4",
    ),
    "Stable Diffusion 3.5 above 1 million USD revenue": (
        "stable-diffusion-3.5-large@self-hosted", "commercial_use",
        {"task": "image-generation", "commercial_use": True, "annual_revenue_usd": 2_000_000},
        "violated", "stability-ai-community-2024",
    ),
    "FedRAMP High on Bedrock outside GovCloud": (
        "gpt-6-sol@amazon-bedrock", "compliance", {**RAG, "compliance": "fedramp-high"}, "violated", "get-fedramp-high",
    ),
    "Command R weights for commercial use": (
        "command-r@self-hosted", "commercial_use", {**RAG, "commercial_use": True}, "violated", "cc-by-nc-4.0",
    ),
    "Models of Fireworks in Microsoft Foundry for the EU": (
        "glm-5.2@azure-foundry", "residency", {**RAG, "residency": "eu"}, "violated", "azure-ai-docs",
    ),
    "Models of Fireworks in Microsoft Foundry with payment data": (
        "glm-5.2@azure-foundry", "compliance", {**RAG, "compliance": "pci-dss"}, "violated", "azure-ai-docs",
    ),
    "A preview of Microsoft Foundry in production": (
        "kimi-k2.6@azure-foundry", "lifecycle", RAG, "violated", "azure-ai-docs",
    ),
    "Ordinary requests to Together for the EU": (
        "deepseek-v4-pro@together", "residency", {**RAG, "residency": "eu"}, "violated", "geo-specific-inference",
    ),
}  # fmt: skip
"""By question: the offering, the constraint, what is asked, the verdict, and what its source names."""


@pytest.mark.parametrize("question", SPOTS)
def test_the_spot_list(catalog: Catalog, question: str) -> None:
    offering, constraint, needs, outcome, source = SPOTS[question]
    best = explain(asked(catalog, **needs), [offering]).best
    verdict: Verdict = next(verdict for verdict in best.verdicts if verdict.constraint == constraint)

    assert verdict.outcome == outcome
    assert source in verdict.source


def test_fedramp_high_on_bedrock_is_met_in_govcloud_only(catalog: Catalog) -> None:
    regions = {
        region
        for offering in catalog.offerings.values()
        if offering.platform == "amazon-bedrock"
        for case in cases(catalog, offering, ON, compliance=("fedramp-high",))
        for verdict in screen(case, "scope")
        if verdict.constraint == "compliance" and verdict.outcome == "met"
        for region in case.alternative.regions
        if region in (catalog.platforms["amazon-bedrock"].compliance["fedramp-high"].regions or ())
    }
    outside = replace_regions(catalog)

    assert regions == {"us-gov-east-1", "us-gov-west-1"}
    assert outside == []


def replace_regions(catalog: Catalog) -> list[str]:
    """Return the offerings that would be met when called from commercial regions only."""
    found = []
    for offering in catalog.offerings.values():
        if offering.platform != "amazon-bedrock":
            continue
        for case in cases(catalog, offering, ON, compliance=("fedramp-high",)):
            commercial = tuple(region for region in case.alternative.regions if not region.startswith("us-gov-"))
            moved = replace(case, alternative=replace(case.alternative, regions=commercial))
            found += [offering.id for v in screen(moved, "scope") if v.constraint == "compliance" and v.outcome == "met"]
    return found


# ---------------------------------------------------------------- claims that are wrong elsewhere


def _life(catalog: Catalog, name: str) -> Any:
    return catalog.offerings[name].lifecycle


def gone(catalog: Catalog, *names: str) -> bool:
    return all(stage_on(_life(catalog, name), ON) == "retired" for name in names)


def sold(catalog: Catalog, *names: str) -> bool:
    return all(stage_on(_life(catalog, name), ON) == "ga" for name in names)


def ended(catalog: Catalog, days: dict[str, str]) -> bool:
    return all(str(_life(catalog, name).retires_on) == day for name, day in days.items())


def takes(catalog: Catalog, model: str, *modalities: str) -> bool:
    has = catalog.models[model].modalities
    return has is not None and set(modalities) <= set(has.input)


def window(catalog: Catalog, model: str) -> int | None:
    limits = catalog.models[model].limits
    return limits.context_tokens if limits else None


def under(catalog: Catalog, model: str) -> str:
    terms = catalog.models[model].license
    return terms.id if terms else ""


def tunable(catalog: Catalog, platform: str) -> set[str]:
    return {
        offering.model.partition("/")[2]
        for offering in catalog.offerings.values()
        if offering.platform == platform and offering.customization.get("supervised-fine-tuning")
        and offering.customization["supervised-fine-tuning"].access != "none" and stage_on(offering.lifecycle, ON) != "retired"
    }  # fmt: skip


def rates(catalog: Catalog, offering: str) -> tuple[str, str]:
    price = next(p for p in catalog.offerings[offering].prices if p.tier == "standard" and p.usd_per_mtok and in_force(p, ON))
    assert price.usd_per_mtok is not None
    return str(price.usd_per_mtok.input), str(price.usd_per_mtok.output)


def threshold(catalog: Catalog, license_id: str, measure: str) -> int | None:
    return next((limit.above for limit in catalog.licenses[license_id].thresholds if limit.measure == measure), None)


def kept(catalog: Catalog, offering: str) -> tuple[int | None, int | None]:
    one = catalog.offerings[offering]
    terms = one.retention or catalog.platform_of(one).retention
    assert terms is not None
    return terms.days, terms.flagged_days


BEDROCK = "@amazon-bedrock"
CLAIMS: dict[str, Callable[[Catalog], bool]] = {
    "GPT-4 has no disclosed size": lambda c: c.models["openai/gpt-4"].parameters is None,
    "GPT-4 was shut down": lambda c: ended(c, {"gpt-4@openai-api": "2026-10-23", "gpt-4-turbo@openai-api": "2026-10-23"}),
    "GPT-3.5 was shut down": lambda c: ended(c, {"gpt-3.5-turbo@openai-api": "2026-10-23"}),
    "GPT-4 was never on Bedrock; gpt-oss and GPT-5.4 to 6.1 are": lambda c: (
        "gpt-4@amazon-bedrock" not in c.offerings
        and sold(c, *(name + BEDROCK for name in ("gpt-oss-120b", "gpt-oss-20b", "gpt-5.4", "gpt-5.5", "gpt-6-sol", "gpt-6.1-sol")))
    ),
    "Bedrock keeps flagged traffic of OpenAI models but gpt-oss for 30 days": lambda c: (
        kept(c, "gpt-5.4@amazon-bedrock") == (0, 30) and kept(c, "gpt-oss-120b@amazon-bedrock") == (0, None)
    ),
    "Claude 3.5 Sonnet is retired": lambda c: ended(
        c, {"claude-3-5-sonnet@anthropic-api": "2025-10-28", "claude-3-5-sonnet@amazon-bedrock": "2026-07-30"}
    ),
    "Claude Opus, Sonnet and Haiku 5.5 are the newest": lambda c: sold(
        c, "claude-opus-5-5@anthropic-api", "claude-sonnet-5-5@anthropic-api", "claude-haiku-5-5@anthropic-api"
    ),
    "Claude 3 Opus is retired": lambda c: ended(c, {"claude-3-opus@anthropic-api": "2026-01-05"}),
    "Claude 3 Haiku is retired": lambda c: ended(
        c, {"claude-3-haiku@anthropic-api": "2026-04-20", "claude-3-haiku@amazon-bedrock": "2026-09-10"}
    ),
    "Nova Micro takes text only": lambda c: not takes(c, "amazon/nova-micro", "image") and not takes(c, "amazon/nova-micro", "video"),
    "Nova Lite and Pro take text, images and video": lambda c: all(
        takes(c, f"amazon/nova-{name}", "text", "image", "video") for name in ("lite", "pro")
    ),
    "Nova Canvas and Reel are gone": lambda c: ended(c, {"nova-canvas" + BEDROCK: "2026-09-30", "nova-reel" + BEDROCK: "2026-09-30"}),
    "Llama 2 is under a community license with a limit of 700 million users, and off Bedrock": lambda c: (
        under(c, "meta/llama-2-70b-chat") == "llama-2"
        and threshold(c, "llama-2", "monthly_active_users") == 700_000_000
        and gone(c, "llama-2-70b-chat@amazon-bedrock")
    ),
    "Command is retired, and Embed has no size of 52 billion": lambda c: (
        ended(c, {"command@cohere": "2025-09-15"}) and c.models["cohere/embed-english-v3"].parameters is None
    ),
    "Jurassic-2 is retired, and Jamba 1.5 leaves Bedrock": lambda c: (
        gone(c, "jurassic-2-ultra@amazon-bedrock", "jurassic-2-mid@amazon-bedrock")
        and ended(c, {"jamba-1.5-large" + BEDROCK: "2026-11-26", "jamba-1.5-mini" + BEDROCK: "2026-11-26"})
    ),
    "BLOOM has 176 billion parameters and a license with restrictions of use": lambda c: (
        (size := c.models["bigscience/bloom"].parameters) is not None
        and size.total_billion == 176
        and under(c, "bigscience/bloom") == "bigscience-rail-1.0"
    ),
    "Claude Fable keeps all traffic on Bedrock": lambda c: (
        kept(c, "claude-fable-5" + BEDROCK)[0] == kept(c, "claude-fable-5-1" + BEDROCK)[0] == 30
    ),
    "Bedrock logs prompts when you configure it": lambda c: (
        (says := c.platforms["amazon-bedrock"].logging) is not None and "configure" in says.says
    ),
    "Cross-Region inference leaves the Region": lambda c: (
        not c.platforms["amazon-bedrock"].processing["global"].stays
        and (storage := c.platforms["amazon-bedrock"].storage) is not None
        and "abuse" in storage.says
    ),
    "GovCloud has a list of its own": lambda c: any(
        "us-gov-west-1" in (scope.regions or ()) for o in c.offerings.values() if o.platform == "amazon-bedrock" for scope in o.scopes
    ),
    "FedRAMP High on Bedrock holds in GovCloud, for models it names": lambda c: (
        set(c.platforms["amazon-bedrock"].compliance["fedramp-high"].regions or ()) == {"us-gov-east-1", "us-gov-west-1"}
        and bool(c.platforms["amazon-bedrock"].compliance["fedramp-high"].models)
    ),
    "HIPAA on Bedrock takes an agreement": lambda c: c.platforms["amazon-bedrock"].compliance["hipaa"].access == "self_serve",
    "Bedrock Marketplace is outside SOC and ISO": lambda c: all(
        "Amazon Bedrock Marketplace" in c.platforms["amazon-bedrock"].compliance[name].excludes for name in ("soc2-type2", "iso-27001")
    ),
    "Llama 2 and 3 can be run on your own machines": lambda c: (
        {"llama-2-70b-chat@self-hosted", "llama-3-70b-instruct@self-hosted"} <= c.offerings.keys()
    ),
    "OpenRAIL is for Stable Diffusion 1; 3.5 is under the community license of Stability": lambda c: (
        under(c, "stability/stable-diffusion-v1") == "creativeml-openrail-m"
        and under(c, "stability/stable-diffusion-3.5-large") == "stability-community"
    ),
    "Bedrock also sells reserved, batch and provisioned tiers": lambda c: (
        {"priority", "flex", "batch", "provisioned", "reserved"} <= c.platforms["amazon-bedrock"].tiers.keys()
    ),
    "Mistral 7B is under Apache 2.0": lambda c: under(c, "mistral/mistral-7b-instruct") == "apache-2.0",
    "Titan Text held 8k, 4k and 32k tokens, and is gone": lambda c: (
        [window(c, f"amazon/titan-text-{name}") for name in ("express", "lite", "premier")] == [8_000, 4_000, 32_000]
        and gone(c, *(f"titan-text-{name}{BEDROCK}" for name in ("express", "lite", "premier")))
    ),
    "Llama 2 holds 4k tokens, in English": lambda c: (
        window(c, "meta/llama-2-70b-chat") == 4096
        and (spoken := c.models["meta/llama-2-70b-chat"].languages) is not None
        and spoken.codes == ("en",)
    ),
    "Claude 2.1 held 200k tokens; Claude Opus 5.5 holds a million": lambda c: (
        window(c, "anthropic/claude-2.1") == 200_000 and window(c, "anthropic/claude-opus-5-5") == 1_000_000
    ),
    "Claude costs from 0.10/0.50 to 4/20 USD": lambda c: (
        rates(c, "claude-haiku-5-5@anthropic-api") == ("0.1", "0.5") and rates(c, "claude-opus-5-5@anthropic-api") == ("4", "20")
    ),
    "GPT-5.4 takes 922k tokens of input, and Gemini and Grok hold as much": lambda c: (
        (limits := c.models["openai/gpt-5.4"].limits) is not None
        and limits.input_tokens == 922_000
        and {"google", "xai"}
        <= {m.developer for m in c.models.values() if m.limits and (m.limits.context_tokens or m.limits.input_tokens or 0) >= 922_000}
    ),
    "Nova replaced Titan Text": lambda c: (
        [_life(c, f"titan-text-{name}{BEDROCK}").successor for name in ("lite", "express", "premier")]
        == ["amazon/nova-micro", "amazon/nova-lite", "amazon/nova-pro"]
    ),
    "Bedrock tunes Nova and Titan Multimodal Embeddings, and Llama no more": lambda c: (
        tunable(c, "amazon-bedrock") == {"nova-micro", "nova-lite", "nova-pro", "nova-2-lite", "titan-embed-image-v1"}
    ),
    "Tuned Nova models are served on demand": lambda c: (
        "standard" in c.offerings["nova-lite@amazon-bedrock"].customization["supervised-fine-tuning"].served
    ),
    "Continued pre-training is offered for Nova on SageMaker, not on Bedrock": lambda c: (
        "continued-pre-training" not in c.platforms["amazon-bedrock"].customization
        and c.platforms["sagemaker-jumpstart"].customization["continued-pre-training"].access == "self_serve"
    ),
    "Command R left Bedrock; Embed and Rerank remain": lambda c: (
        ended(c, {"command-r" + BEDROCK: "2026-08-19", "command-r-plus" + BEDROCK: "2026-08-19"})
        and sold(c, "embed-english-v3" + BEDROCK, "embed-v4" + BEDROCK, "rerank-v3.5" + BEDROCK)
    ),
    "Stable Diffusion XL left Bedrock; 3.5 Large and Stable Image remain": lambda c: (
        gone(c, "stable-diffusion-xl-1.0" + BEDROCK) and sold(c, "stable-diffusion-3.5-large" + BEDROCK, "stable-image-ultra" + BEDROCK)
    ),
    "Of Titan only embeddings remain": lambda c: (
        sold(c, "titan-embed-text-v2" + BEDROCK, "titan-embed-image-v1" + BEDROCK) and gone(c, "titan-image-generator-v2" + BEDROCK)
    ),
    "Claude 2.1 is retired": lambda c: ended(c, {"claude-2.1@anthropic-api": "2025-07-21"}),
    "Bedrock hosts what it tuned, and imports weights": lambda c: (
        c.platforms["amazon-bedrock"].customization["custom-model-import"].access == "self_serve"
    ),
    "Phi-2 is not on Bedrock; Nova Micro and Ministral 3 are": lambda c: (
        "phi-2@amazon-bedrock" not in c.offerings
        and sold(c, "nova-micro" + BEDROCK, "ministral-3-3b" + BEDROCK, "ministral-3-8b" + BEDROCK)
    ),
    "Only LLaMA 1 forbids commercial use": lambda c: (
        c.licenses["llama-1"].commercial_use == "no"
        and all(c.licenses[f"llama-{name}"].commercial_use == "conditional" for name in ("2", "3", "3.1", "3.2", "3.3", "4"))
    ),
    "Llama 4 Maverick uses 17 billion parameters a token": lambda c: (
        (size := c.models["meta/llama-4-maverick"].parameters) is not None and size.active_billion == 17
    ),
    "Claude is sold on Bedrock, Vertex and Foundry, Llama on Bedrock, Stable Diffusion by Stability and Bedrock": lambda c: (
        sold(
            c,
            "claude-opus-5-5" + BEDROCK,
            "claude-opus-5-5@google-vertex",
            "claude-opus-5-5@azure-foundry",
            "stable-diffusion-3.5-large@stability",
            "stable-diffusion-3.5-large" + BEDROCK,
        )
        and "llama-4-maverick@amazon-bedrock" in c.offerings
    ),
    "Claude 3 and later, Nova Lite and Llama 4 read images": lambda c: all(
        takes(c, name, "image")
        for name in ("anthropic/claude-3-haiku", "anthropic/claude-opus-5-5", "amazon/nova-lite", "meta/llama-4-maverick")
    ),
    "Llama 3.1 supports 8 languages, Llama 4 12": lambda c: (
        (three := c.models["meta/llama-3.1-8b-instruct"].languages) is not None
        and (four := c.models["meta/llama-4-maverick"].languages) is not None
        and (len(three.codes), len(four.codes)) == (8, 12)
    ),
    "LAION-5B is said of Stable Diffusion 1 only": lambda c: (
        (data := c.models["stability/stable-diffusion-v1"].training_data) is not None
        and "LAION-5B" in data.says
        and c.models["stability/stable-diffusion-3.5-large"].training_data is None
    ),
    "The Claude API is paid by token": lambda c: bool(rates(c, "claude-sonnet-5-5@anthropic-api")),
    "No Claude can be tuned any more": lambda c: (
        not any(
            terms.access != "none" and stage_on(o.lifecycle, ON) != "retired"
            for o in c.offerings.values()
            if o.model.startswith("anthropic/")
            for terms in o.customization.values()
        )
    ),
    "Stable Diffusion 3.5 is free below a million USD of revenue": lambda c: (
        threshold(c, "stability-community", "annual_revenue_usd") == 1_000_000
    ),
    "OpenAI's fine-tuning is closed to new customers": lambda c: all(
        terms.access == "none" for terms in c.platforms["openai-api"].customization.values()
    ),
}
"""What is true where widespread documents are wrong, and how the catalog says so."""


@pytest.mark.parametrize("claim", CLAIMS)
def test_claims_that_are_wrong_elsewhere_are_right_here(catalog: Catalog, claim: str) -> None:
    assert CLAIMS[claim](catalog)
