"""What counts the tokens of a text, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


class Tokens(NamedTuple):
    """Tokens of a text."""

    low: float
    tokens: float
    """Equal to both bounds where it is counted rather than estimated."""
    high: float


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts the tokens of texts for some models."""

    exact: bool
    """Whether the tokenizer is the model's own; False: an estimate."""
    basis: str
    """What counts, or what the estimate rests on."""
    count: Callable[[str], Tokens]


class NoTokenizer(Exception):
    """A tokenizer cannot be used; the message says why, and what would help."""


def counted_by(count: Callable[[str], int], basis: str) -> Counter:
    """Return a counter of a tokenizer that is the model's own."""

    def exactly(text: str) -> Tokens:
        tokens = count(text)
        return Tokens(tokens, tokens, tokens)

    return Counter(True, basis, exactly)
