"""Every format of results that can be read, and which one a file has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fmselect.importers import artificial_analysis, inspect_log, lm_eval, promptfoo, scores_csv
from fmselect.importers.results import Content, Reader, Results, content


@dataclass(frozen=True, slots=True)
class Format:
    """A format of results."""

    says: str
    recognizes: Callable[[Content], bool]
    read: Reader


FORMATS: Mapping[str, Format] = {
    "lm-eval": Format("lm-evaluation-harness, results_*.json", lm_eval.recognizes, lm_eval.read),
    "inspect": Format("Inspect, .eval or .json", inspect_log.recognizes, inspect_log.read),
    "promptfoo": Format("promptfoo, results.json", promptfoo.recognizes, promptfoo.read),
    "artificial-analysis": Format("Artificial Analysis, the JSON of their API", artificial_analysis.recognizes, artificial_analysis.read),
    "csv": Format("a table with the columns model, metric, score, n", scores_csv.recognizes, scores_csv.read),
}
"""Formats by the name that a command takes; a file is of the first that recognizes it."""


def read(file: str, raw: bytes, named: str | None = None) -> Results:
    """Return the results of a file, of the format named or the first that recognizes it.

    Raises `InvalidInput`, at file and line, for what is of no format, damaged or without results.
    """
    found = content(file, raw)
    if named is not None:
        return FORMATS[named].read(found)
    for known in FORMATS.values():
        if known.recognizes(found):
            return known.read(found)
    said = "; ".join(known.says for known in FORMATS.values())
    raise found.problem(f"holds no results in a known format: give a file of {said}", 1)
