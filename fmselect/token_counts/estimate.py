"""Estimates tokens by characters, where no tokenizer is at hand.

Basis: OpenAI (https://help.openai.com/en/articles/4936856-what-are-tokens-and-how-to-count-them) and Google
(https://ai.google.dev/gemini-api/docs/tokens) both say about 4 characters a token for English. The margins, and the
figures for other scripts, are measured in docs/decisions/0015-counting-tokens.md with two open tokenizers.
Anthropic (https://platform.claude.com/docs/en/build-with-claude/token-counting) says that its newer models make
about 30 percent more tokens of the same text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from fmselect.token_counts.counter import Counter, Tokens


class Rate(NamedTuple):
    """Tokens per character."""

    low: float
    usual: float
    high: float


LATIN = Rate(1 / 5, 1 / 4, 1 / 2.4)
"""Latin letters, digits and signs: prose and code have about 4 characters a token (3.1 to 5.0), data files down to 2.4."""
CJK = Rate(0.55, 0.85, 1.55)
"""Chinese, Japanese and Korean: 0.65 to 1.8 characters a token."""
OTHER = Rate(1 / 3.4, 1 / 2.6, 1 / 2)
"""Other scripts, as Cyrillic and Greek: 2.1 to 3.2 characters a token."""

MORE: dict[str, float] = {"anthropic": 1.3}
"""Developers whose models make more tokens of a text than others, by factor."""

_CJK = re.compile("[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_OTHER = re.compile("[\u0250-\u10ff\u1200-\u1fff\ua4d0-\uabff\U0001f000-\U0001ffff]")


def by_characters(developer: str) -> Counter:
    """Return the estimate for the models of a developer."""
    more = MORE.get(developer, 1.0)

    def estimate(text: str) -> Tokens:
        cjk, other = (0, 0) if text.isascii() else (len(_CJK.findall(text)), len(_OTHER.findall(text)))
        counts = (len(text) - cjk - other, cjk, other)
        low, usual, high = (
            sum(count * getattr(rate, bound) for count, rate in zip(counts, (LATIN, CJK, OTHER), strict=True)) for bound in Rate._fields
        )
        return Tokens(low, usual * more, high * more)

    extra = f", and {more:.1f} times as many tokens, as {developer} says of its newer models" if more != 1 else ""
    return Counter(False, f"estimated by characters, about 4 a token in English{extra}", estimate)
