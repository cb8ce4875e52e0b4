"""Names that evaluation tools write for models -> models of the catalog: by a table, an id, or what a platform sells under it.

Never by likeness. A name means a model when the user's table of aliases says so, when it is the model's
own id, or when a platform of the catalog sells one model, and no other, under exactly that id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fmselect.catalog.catalog import Catalog
from fmselect.catalog.schema import Aliases
from fmselect.units import Effort

PLATFORMS: Mapping[str, str] = {
    "anthropic": "anthropic-api",
    "azure": "azure-foundry",
    "azureai": "azure-foundry",
    "azureopenai": "azure-foundry",
    "bedrock": "amazon-bedrock",
    "cerebras": "cerebras",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "fireworks": "fireworks",
    "google": "gemini-api",
    "grok": "xai",
    "groq": "groq",
    "mistral": "mistral",
    "openai": "openai-api",
    "openai-api": "openai-api",
    "perplexity": "perplexity",
    "together": "together",
    "togetherai": "together",
    "vertex": "google-vertex",
    "xai": "xai",
}
"""What tools write before a model's id, and the platform it means (promptfoo: `openai:chat:ID`; Inspect: `openai/ID`)."""

_PREFIXED = re.compile(r"(?P<platform>[a-z-]+)(?::(?:chat|responses|messages|completion|embedding|embeddings|converse))?[:/](?P<id>.+)\Z")


@dataclass(frozen=True, slots=True)
class Match:
    """A model of the catalog, and why a name means it."""

    model: str
    effort: Effort | None
    """Effort that the table of aliases gives the name; None: it gives none."""
    why: str


class Names:
    """What each name means."""

    def __init__(self, catalog: Catalog, aliases: Aliases | None) -> None:
        self._aliases = aliases
        self._models = {**{model.slug: model.id for model in catalog.models.values()}, **{name: name for name in catalog.models}}
        self._sold: dict[str, dict[str, set[str]]] = {}
        for offering in catalog.offerings.values():
            scoped = (scope.platform_model_id for scope in offering.scopes if scope.platform_model_id)
            for identity in (offering.sale.platform_model_id, *scoped):
                self._sold.setdefault(identity, {}).setdefault(offering.platform, set()).add(offering.model)

    def match(self, name: str) -> Match | None:
        """Return what the name means; None when nothing says so."""
        return next(self._matches(name), None)

    def ignored(self, name: str) -> str | None:
        """Return why the user's table leaves the name out; None when it does not."""
        return self._aliases.ignored.get(name) if self._aliases else None

    def _matches(self, name: str) -> Iterator[Match]:
        if self._aliases and "@" not in self._aliases.names.get(name, "@"):
            yield Match(self._aliases.names[name], self._aliases.efforts.get(name), "your alias")
        if name in self._models:
            yield Match(self._models[name], None, "its id here")
        if (found := _PREFIXED.match(name)) and (platform := PLATFORMS.get(found["platform"])):
            models = self._sold.get(found["id"], {}).get(platform, set())
            if len(models) == 1:
                yield Match(next(iter(models)), None, f"sold on {platform} under this id")
        places = self._sold.get(name, {})
        models = {model for sold in places.values() for model in sold}
        if len(models) == 1:
            yield Match(next(iter(models)), None, f"sold on {', '.join(sorted(places))} under this id")
