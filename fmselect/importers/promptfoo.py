"""Results of promptfoo (`promptfoo eval --output results.json`): bytes -> the share of tests each provider passed.

An export holds `results` of version 3 (a list of single outputs and the table's columns in `prompts`)
or, from older versions, of version 2 (the columns in `table.head.prompts`): the interfaces
EvaluateSummaryV3 and V2 in src/types/index.ts of github.com/promptfoo/promptfoo. An output that ended
in an error of the provider (`failureReason` 2) says nothing about the answer, so it counts neither way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fmselect.importers.results import Content, Result, Results, count, day_of, effort_of, mapping, number
from fmselect.units import Effort

PASSED = "pass"
SCORE = "score"
_ERROR = 2


@dataclass
class _Column:
    """What one provider gave."""

    passed: int = 0
    failed: int = 0
    errors: int = 0
    prompts: set[Any] = field(default_factory=set)
    scores: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def recognizes(found: Content) -> bool:
    """Whether the file is an export of promptfoo."""
    summary = _summary(found)
    return (isinstance(summary.get("results"), list) and "stats" in summary) or "evalId" in mapping(found.data)


def _summary(found: Content) -> Mapping[str, Any]:
    """Return the summary: the whole file, or its `results`."""
    data = mapping(found.data)
    return mapping(data.get("results")) or data


def read(found: Content) -> Results:
    """Return the share of tests passed by each provider, its mean score, and its named scores.

    Raises `InvalidInput` when the file holds no output of a provider.
    """
    summary = _summary(found)
    columns: dict[str, _Column] = defaultdict(_Column)
    outputs = summary.get("results")
    for output in outputs if isinstance(outputs, list) else ():
        _add(columns, mapping(output))
    if not columns:
        _add_heads(columns, summary)
    tested = {name: column for name, column in columns.items() if column.passed + column.failed}
    if not tested:
        raise found.problem(
            "holds no tested output of any provider: export after `promptfoo eval`, with its results", found.line_of("results")
        )
    config = mapping(mapping(found.data).get("config"))
    suite = str(config.get("description") or "promptfoo")
    on = day_of(summary.get("timestamp")) or day_of(mapping(mapping(found.data).get("metadata")).get("evaluationCreatedAt"))
    efforts = _efforts(config)
    results = [
        Result(suite, metric, name, score, on=on, effort=efforts.get(name), n=n, line=found.line_of("results", name))
        for name, column in tested.items()
        for metric, score, n in _metrics(column)
    ]
    version = mapping(mapping(found.data).get("metadata")).get("promptfooVersion")
    return Results(f"promptfoo{f' {version}' if isinstance(version, str) else ''}", tuple(results), tuple(_notes(columns)))


def _add(columns: dict[str, _Column], output: Mapping[str, Any]) -> None:
    provider = output.get("provider")
    name = provider if isinstance(provider, str) else mapping(provider).get("label") or mapping(provider).get("id")
    if not isinstance(name, str) or not isinstance(output.get("success"), bool):
        return
    column = columns[name]
    column.prompts.add(output.get("promptIdx") if "promptIdx" in output else mapping(output.get("prompt")).get("label"))
    if output.get("failureReason") == _ERROR or (not output["success"] and output.get("error") and not output.get("gradingResult")):
        column.errors += 1
        return
    column.passed += output["success"]
    column.failed += not output["success"]
    for metric, value in {SCORE: output.get("score"), **mapping(output.get("namedScores"))}.items():
        if (score := number(value)) is not None:
            column.scores[metric].append(score)


def _add_heads(columns: dict[str, _Column], summary: Mapping[str, Any]) -> None:
    """Add what the columns of the table say, where the single outputs were not exported."""
    heads = summary.get("prompts") or mapping(mapping(summary.get("table")).get("head")).get("prompts")
    for index, head in enumerate(heads if isinstance(heads, list) else ()):
        metrics = mapping(mapping(head).get("metrics"))
        name = mapping(head).get("provider")
        if isinstance(name, str) and metrics:
            column = columns[name]
            column.prompts.add(index)
            column.passed += count(metrics.get("testPassCount")) or 0
            column.failed += count(metrics.get("testFailCount")) or 0
            column.errors += count(metrics.get("testErrorCount")) or 0


def _metrics(column: _Column) -> Iterator[tuple[str, float, int]]:
    tests = column.passed + column.failed
    yield PASSED, column.passed / tests, tests
    for metric, scores in column.scores.items():
        yield metric, sum(scores) / len(scores), len(scores)


def _efforts(config: Mapping[str, Any]) -> dict[str, Effort | None]:
    """Return the effort that the configuration of each provider states."""
    found: dict[str, Effort | None] = {}
    providers = config.get("providers")
    for provider in providers if isinstance(providers, list) else ():
        entry = mapping(provider)
        options = mapping(entry.get("config"))
        stated = options.get("reasoning_effort") or mapping(options.get("reasoning")).get("effort")
        for name in (entry.get("label"), entry.get("id")):
            if isinstance(name, str):
                found.setdefault(name, effort_of(stated))
    return found


def _notes(columns: Mapping[str, _Column]) -> Iterator[str]:
    errors = {name: column.errors for name, column in columns.items() if column.errors}
    if errors:
        said = ", ".join(f"{name} {number}" for name, number in errors.items())
        yield f"outputs that ended in an error of the provider count neither way: {said}"
    several = max(len(column.prompts) for column in columns.values())
    if several > 1:
        yield f"{several} prompts are counted together: run the one you use alone to judge it alone"
