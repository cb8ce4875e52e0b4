"""Counts with mistral-common, Mistral's own tokenizers, which ships the vocabularies of the models that it names."""

from __future__ import annotations

from collections.abc import Iterable

from fmselect.token_counts.counter import Counter, NoTokenizer, counted_by


def counter(names: Iterable[str]) -> Counter:
    """Return the counter for a model that has these names.

    Raises `NoTokenizer` when mistral-common is not installed or does not name the model.
    """
    try:
        from mistral_common.tokens.tokenizers.mistral import MODEL_NAME_TO_TOKENIZER_CLS as KNOWN
    except ImportError as error:
        raise NoTokenizer("mistral-common is not installed: `pip install 'fmselect[tokenizers]'`") from error
    name = next((name for name in names if name in KNOWN), None)
    if name is None:
        raise NoTokenizer("mistral-common does not name the model: give its tekken.json with --tokenizer")
    try:
        tokenizer = KNOWN[name]().instruct_tokenizer.tokenizer
    except ImportError as error:
        raise NoTokenizer("the model's tokenizer needs sentencepiece: `pip install sentencepiece`") from error
    return counted_by(lambda text: len(tokenizer.encode(text, bos=False, eos=False)), f"counted with mistral-common for {name}")
