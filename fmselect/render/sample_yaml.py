"""A workload that sample prompts show, as a commented requirements file."""

from __future__ import annotations

from collections.abc import Iterator

from fmselect.render.workload_yaml import HEAD_WIDTH, key_line, task_line, with_percentiles
from fmselect.sampled_workload import SampledModel, SampledWorkload, Sizes
from fmselect.units import counted

ENOUGH = 20
"""Texts from which on the 95th percentile is one of several."""


def render(found: SampledWorkload, task: str | None, requests_per_month: int | None) -> str:
    """Return the requirements file; `task` and the requests are what the user said."""
    lines = [*_head(found), "", task_line(task), _requests(requests_per_month), *_sizes(found)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _head(found: SampledWorkload) -> Iterator[str]:
    yield f"# Workload of {', '.join(found.files)}, made by `fmselect workload --prompts`."
    answered = f", {found.answers:,} of them with an answer" if found.answers else ""
    yield f"# Read: {counted(found.prompts, 'prompt')} of {found.characters:,} characters{answered}."
    yield "# Not counted: the few tokens that a chat API adds to each message, and images."
    yield "#"
    width = max(len("Tokens, in the mean"), *(len(model.model) for model in found.models))
    yield f"# {'Tokens, in the mean':<{width}}  {'prompt':>9}  {'between':<19}  {'answer':>8}"
    for model in found.models:
        answer = f"{round(model.answers.mean):,}" if model.answers else "?"
        yield f"# {model.model:<{width}}  {round(model.prompts.mean):>9,}  {_between(model):<19}  {answer:>8}"
    yield "#"
    for note in dict.fromkeys(notes(found)):
        yield f"# Note: {note}"


def _between(model: SampledModel) -> str:
    return "counted" if model.exact else f"{round(model.prompts.low):,} and {round(model.prompts.high):,}"


def notes(found: SampledWorkload) -> Iterator[str]:
    """Yield on what each figure rests, and what the user should know before relying on it."""
    for model in found.models:
        yield f"{model.model}: {model.basis}{f' ({model.why_estimated})' if model.why_estimated else ''}"
    if found.unreadable:
        yield f"{counted(len(found.unreadable), 'unreadable prompt')} left out, as told on stderr"


def _requests(requests: int | None) -> str:
    if requests is not None:
        return key_line("requests_per_month", requests, "as you said")
    return f"{'# requests_per_month: 10k':<{HEAD_WIDTH}}# prompts do not tell; without it, the task's typical number is taken"


def _sizes(found: SampledWorkload) -> Iterator[str]:
    most = found.largest
    yield from _size("input_tokens", most.prompts, found)
    if most.answers is not None:
        yield from _size("output_tokens", most.answers, found)
    else:
        yield f"{'# output_tokens: 300':<{HEAD_WIDTH}}# no answers in the sample; without it, the task's typical length is taken"
    largest = most.prompts.largest + (most.answers.largest if most.answers else 0)
    yield f"{f'# min_context: {largest}':<{HEAD_WIDTH}}# the largest prompt and answer; uncomment to need models that take them"


def _size(name: str, sizes: Sizes, found: SampledWorkload) -> Iterator[str]:
    most = found.largest
    what = "counted" if most.exact else f"an estimate: between {round(sizes.low):,} and {round(sizes.high):,}"
    whose = f" for {most.model}, where they are the most" if len(found.models) > 1 else ""
    percentiles = {50: sizes.p50, 95: sizes.p95} if sizes.texts >= ENOUGH else {}
    yield key_line(name, with_percentiles(round(sizes.mean), percentiles), f"mean{whose}; {what}")
    yield f"{'':<{HEAD_WIDTH}}# half have up to {sizes.p50:,}, 95% up to {sizes.p95:,}, the largest {sizes.largest:,}"
