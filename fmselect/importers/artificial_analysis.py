"""A copy of Artificial Analysis's data (the JSON of their API): bytes -> results of every evaluation.

`data` lists models, each with `model_creator`, `slug`, `name` and `evaluations`: indices from 0 to 100,
and shares from 0 to 1 (artificialanalysis.ai/data-api/docs). The data may be used by those who have
it, and not be passed on, so it is read into the user's own catalog and never ships.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from fmselect.importers.results import Content, Result, Results, effort_of, mapping, number

SUITE = "artificial-analysis"
_STATED = re.compile(r"\(([a-z]+)\)\s*\Z")


def recognizes(found: Content) -> bool:
    """Whether the file is an answer of their API about language models."""
    return any("evaluations" in entry and "model_creator" in entry for entry in _models(found))


def _models(found: Content) -> list[Mapping[str, Any]]:
    listed = found.data if isinstance(found.data, list) else mapping(found.data).get("data")
    return [mapping(entry) for entry in listed] if isinstance(listed, list) else []


def read(found: Content) -> Results:
    """Return every evaluation of every model, an evaluation a suite.

    Raises `InvalidInput` when no model has an evaluation.
    """
    results = [result for entry in _models(found) for result in _evaluations(found, entry)]
    if not results:
        raise found.problem("holds no evaluations: save the answer about language models whole", found.line_of("data"))
    notes = ["speeds and prices are of a model over all hosts, not of an offering, and are left out"]
    return Results("Artificial Analysis", tuple(results), tuple(notes), publisher="Artificial Analysis")


def _evaluations(found: Content, entry: Mapping[str, Any]) -> Iterator[Result]:
    slug, creator, name = entry.get("slug"), mapping(entry.get("model_creator")).get("slug"), entry.get("name")
    if not isinstance(slug, str):
        return
    stated = _STATED.search(name) if isinstance(name, str) else None
    for key, value in mapping(entry.get("evaluations")).items():
        score = number(value)
        if score is not None:
            suite = key.removeprefix("artificial_analysis_").replace("_", "-")
            yield Result(
                f"{SUITE}-{suite}",
                "",
                f"{creator}/{slug}" if isinstance(creator, str) else slug,
                score,
                effort=effort_of(stated[1]) if stated else None,
            )
