"""Results of lm-evaluation-harness (`results_*.json`): bytes -> results of one model on its tasks.

The harness writes one file a model. `results` holds the metrics of each task and group as
`metric,filter`, with `metric_stderr,filter` beside it; `n-samples` the cases of each task;
`group_subtasks` which tasks a group is the mean of (lm_eval/loggers/evaluation_tracker.py and
docs/interface.md of github.com/EleutherAI/lm-evaluation-harness).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from fmselect.importers.results import Content, Result, Results, count, day_of, effort_of, mapping, number, texts
from fmselect.units import Effort

_MODEL_KEYS = ("peft", "delta", "pretrained", "model", "path", "engine")
"""Arguments that name the model, in the order in which the harness looks for them."""


def recognizes(found: Content) -> bool:
    """Whether the file is one of the harness."""
    data = mapping(found.data)
    return isinstance(data.get("results"), dict) and any(
        key in data for key in ("n-samples", "n-shot", "lm_eval_version", "group_subtasks")
    )


def read(found: Content) -> Results:
    """Return the tasks of the file, or the groups where tasks belong to one.

    Raises `InvalidInput` when the file names no model, or holds no score.
    """
    data = mapping(found.data)
    name = _model(data)
    if not name:
        raise found.problem("names no model: neither model_name nor config.model_args says which was run", found.line_of("config"))
    subtasks = mapping(data.get("group_subtasks"))
    inside = {task for tasks in subtasks.values() if isinstance(tasks, list) for task in tasks}
    tables = {**mapping(data.get("results")), **mapping(data.get("groups"))}
    outer = {task: table for task, table in tables.items() if task not in inside}
    results = [result for task, table in outer.items() for result in _task(found, data, name, task, mapping(table))]
    if not results:
        raise found.problem("holds no score: every task in `results` is without a number", found.line_of("results"))
    notes = [f"{len(inside)} tasks are counted within their groups: {texts(sorted(inside))}"] if inside else []
    version = data.get("lm_eval_version")
    return Results(f"lm-evaluation-harness{f' {version}' if isinstance(version, str) else ''}", tuple(results), tuple(notes))


def _model(data: Mapping[str, Any]) -> str:
    if isinstance(named := data.get("model_name"), str) and named:
        return named
    arguments = mapping(data.get("config")).get("model_args")
    given = arguments if isinstance(arguments, dict) else _pairs(arguments)
    return next((str(given[key]) for key in _MODEL_KEYS if given.get(key)), "")


def _pairs(text: Any) -> dict[str, str]:
    """Return `a=1,b=2` as a mapping."""
    return dict(re.findall(r"(\w+)=([^,]*)", text)) if isinstance(text, str) else {}


def _effort(data: Mapping[str, Any]) -> Effort | None:
    config = mapping(data.get("config"))
    for place in ("gen_kwargs", "model_args"):
        given = config.get(place)
        stated = (given if isinstance(given, dict) else _pairs(given)).get("reasoning_effort")
        if stated:
            return effort_of(stated)
    return None


def _task(found: Content, data: Mapping[str, Any], name: str, task: str, table: Mapping[str, Any]) -> Iterator[Result]:
    better = mapping(mapping(data.get("higher_is_better")).get(task))
    for key, value in table.items():
        metric, _, kind = key.partition(",")
        score = number(value)
        if score is None or metric.endswith("_stderr") or metric in ("alias", "name", "sample_len", "sample_count"):
            continue
        yield Result(
            task,
            key.removesuffix(",none"),
            name,
            score,
            on=day_of(data.get("date")),
            effort=_effort(data),
            n=_cases(data, task),
            stderr=number(table.get(f"{metric}_stderr,{kind}" if kind else f"{metric}_stderr")),
            higher_is_better=better.get(metric) is not False,
            line=found.line_of("results", task, key),
        )


def _cases(data: Mapping[str, Any], task: str) -> int | None:
    """Return the cases that were run of a task, or of all tasks of a group."""
    samples = mapping(data.get("n-samples"))
    if task in samples:
        return count(mapping(samples[task]).get("effective"))
    parts = mapping(data.get("group_subtasks")).get(task)
    cases = [_cases(data, part) for part in parts if part != task] if isinstance(parts, list) else []
    known = [part for part in cases if part is not None]
    return sum(known) if known and len(known) == len(cases) else None
