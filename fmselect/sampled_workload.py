"""The sizes of requests that sample prompts show, for each of some models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from fmselect.errors import InvalidInput, Problem
from fmselect.sample_prompts import Prompt
from fmselect.token_counts.counter import Counter
from fmselect.usage_logs.records import Odd


@dataclass(frozen=True, slots=True)
class Sizes:
    """Tokens of the prompts, or of the answers, of a sample."""

    mean: float
    p50: int
    p95: int
    largest: int
    low: float
    """Least that the mean may be; equal to it where the tokens are counted."""
    high: float
    texts: int
    """How many texts it is about."""


@dataclass(frozen=True, slots=True)
class SampledModel:
    """What the sample is for one model."""

    model: str
    """Its id in the catalog."""
    exact: bool
    """Whether the model's own tokenizer counted."""
    basis: str
    why_estimated: str
    """Why no tokenizer counted, and what would help; empty where one did."""
    prompts: Sizes
    answers: Sizes | None
    """None: the sample has no answers."""


@dataclass(frozen=True, slots=True)
class SampledWorkload:
    """What the sample shows."""

    files: tuple[str, ...]
    prompts: int
    answers: int
    """Prompts that have an answer."""
    characters: int
    """Of all prompts."""
    models: tuple[SampledModel, ...]
    unreadable: tuple[Problem, ...]
    """Lines that were left out, because the user wanted so."""

    @property
    def largest(self) -> SampledModel:
        """The model for which the prompts are the most tokens."""
        return max(self.models, key=lambda model: model.prompts.mean)


def sample(
    files: Iterable[tuple[str, Iterable[Prompt | Odd]]], counters: Sequence[tuple[str, Counter, str]], skip_unreadable: bool
) -> SampledWorkload:
    """Return the sizes of prompts for models: each with its id, its counter, and why that is an estimate.

    Raises `InvalidInput` with every prompt that cannot be read (unless they are to be skipped), or when there is none.
    """
    names: list[str] = []
    found: list[Prompt] = []
    problems: list[Problem] = []
    for name, entries in files:
        names.append(name)
        for entry in entries:
            if isinstance(entry, Odd):
                problems.append(Problem(entry.message, name, entry.line))
            else:
                found.append(entry)
    if problems and not (skip_unreadable and found):
        raise InvalidInput(problems)
    answers = [prompt.answer for prompt in found if prompt.answer is not None]
    models = tuple(
        SampledModel(
            model,
            counter.exact,
            counter.basis,
            why,
            _sizes([prompt.text for prompt in found], counter),
            _sizes(answers, counter) if answers else None,
        )
        for model, counter, why in counters
    )
    return SampledWorkload(
        tuple(names), len(found), len(answers), sum(len(prompt.text) for prompt in found), models, tuple(sorted(problems, key=_order))
    )


def _order(problem: Problem) -> tuple[str, int, str, str]:
    return problem.order


def _sizes(texts: Sequence[str], counter: Counter) -> Sizes:
    counts = [counter.count(text) for text in texts]
    sizes = sorted(ceil(count.tokens) for count in counts)
    low, mean, high = (sum(bound) / len(counts) for bound in zip(*counts, strict=True))
    return Sizes(mean, sizes[ceil(len(sizes) * 0.5) - 1], sizes[ceil(len(sizes) * 0.95) - 1], sizes[-1], low, high, len(sizes))
