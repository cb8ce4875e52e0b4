"""Drafts of catalog files: what must be said is there, what can be said is there as a comment."""

from __future__ import annotations

from datetime import date
from string import Template

_SOURCED = "source: $source\n  checked: $checked"

_MODEL = """\
# yaml-language-server: $$schema=../../schema/model.schema.json
# The facts that hold wherever the model runs. Every group says where it comes from and when you looked.
# What you do not know stays out: absent means unknown, never no.
$name
$family
$kind

modalities:
  input: [text]
  output: [text]
  $sourced

limits:
  context_tokens: 128000   # tokens of input and output together
  output_tokens: 8192      # tokens of one answer
  $sourced

# features:
#   supported: [tools, structured-output, streaming]   # see: fmselect list features
#   unsupported: []
#   source: ...
#   checked: $checked

# license:
#   id: apache-2.0         # see: fmselect list licenses
#   open_weights: true
#   source: ...
#   checked: $checked

# parameters:
#   total_billion: 70
#   source: ...
#   checked: $checked
"""

_OFFERING = """\
# yaml-language-server: $$schema=../../schema/offering.schema.json
# The model on this platform: id, life, where it runs, and what it costs.
sale:
  platform_model_id: $slug   # the id that calls name
  $sourced

lifecycle:
  stage: ga                # preview, ga, legacy, retired
  # retires_on: 2027-12-31
  $sourced

# Where it runs. Without this, residency is unknown.
# scopes:
#   - scope: in_region     # in_region, geo or global
#     regions: [eu-central-1]   # see: fmselect list regions
#     source: ...
#     checked: $checked

prices:
  - tier: standard         # standard, priority, flex, batch
    usd_per_mtok:          # USD per million tokens
      input: 1.00
      output: 4.00
      # cache_read: 0.10
    source: $source
    checked: $checked
"""

_PLATFORM = """\
# yaml-language-server: $$schema=../schema/platform.schema.json
# Who serves models. A protection that is not listed here is unknown, and unknown is never yes.
$name
operator: $operator
kind: api                  # cloud, api or self-hosted

# access: default (holds without asking), self_serve (you turn it on or sign it yourself),
#         on_request (they must agree first), none (not to be had)
# no_training:
#   access: default
#   how: API data trains no model
#   source: ...
#   checked: $checked

# compliance:              # see: fmselect list compliance
#   soc2-type2:
#     access: default
#     source: ...
#     checked: $checked

# retention:
#   days: 30               # 0: not kept
#   zero: on_request
#   source: ...
#   checked: $checked
"""


def model(name: str | None, family: str | None, kind: str | None, source: str, on: date) -> str:
    """Return the draft of a model's file; what is None stands there as a comment to fill in."""
    return _fill(
        _MODEL,
        source,
        on,
        name=f"name: {_quoted(name)}" if name else "# name: the model's name as its developer writes it (needed)",
        family=f"family: {family}" if family else "# family: the line of models it belongs to, such as claude-opus (needed)",
        kind=f"kind: {kind}" if kind else "# kind: chat, embedding, rerank, image ... (needed)",
    )


def offering(slug: str, source: str, on: date) -> str:
    """Return the draft of an offering's file."""
    return _fill(_OFFERING, source, on, slug=_quoted(slug))


def platform(slug: str, name: str | None, source: str, on: date) -> str:
    """Return the draft of a platform's file."""
    return _fill(_PLATFORM, source, on, name=f"name: {_quoted(name or slug)}", operator=_quoted(name or slug))


def _fill(template: str, source: str, on: date, **values: str) -> str:
    common = {"source": _quoted(source), "checked": on.isoformat()}
    sourced = Template(_SOURCED).substitute(common)
    return Template(template).substitute(common, sourced=sourced, **values)


def _quoted(text: str) -> str:
    """Quote a text for YAML, so that nothing in it changes its meaning."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
