"""Counts with tiktoken, OpenAI's own tokenizer, which knows the encoding of each of its models by name.

tiktoken fetches a vocabulary when it is first used and keeps it in a folder; nothing is fetched here, so only a
vocabulary that is there is used (https://github.com/openai/tiktoken; the addresses are those of its openai_public.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha1
from pathlib import Path

from fmselect.token_counts.counter import Counter, NoTokenizer, counted_by

_PLACE = "https://openaipublic.blob.core.windows.net/encodings/{}.tiktoken"
VOCABULARIES = {
    "o200k_base": _PLACE.format("o200k_base"),
    "o200k_harmony": _PLACE.format("o200k_base"),
    "cl100k_base": _PLACE.format("cl100k_base"),
}
"""Where tiktoken fetches the vocabulary of an encoding, by which it also names the file that it keeps."""


def counter(names: Iterable[str], vocabularies: Path) -> Counter:
    """Return the counter for a model that has these names; `vocabularies` is the folder in which tiktoken keeps them.

    Raises `NoTokenizer` when tiktoken is not installed, does not know the model, or has no vocabulary there.
    """
    try:
        import tiktoken
        from tiktoken.model import encoding_name_for_model
    except ImportError as error:
        raise NoTokenizer("tiktoken is not installed: `pip install 'fmselect[tokenizers]'`") from error
    name = _encoding(names, encoding_name_for_model)
    if name is None:
        raise NoTokenizer(f"tiktoken {tiktoken.__version__} does not know the model")
    if name not in VOCABULARIES or not (vocabularies / _kept_as(VOCABULARIES[name])).is_file():
        fetch = f"python -c 'import tiktoken; tiktoken.get_encoding(\"{name}\")'"
        raise NoTokenizer(f"the vocabulary {name} is not there, and is not fetched by itself: run `{fetch}` once")
    encoding = tiktoken.get_encoding(name)
    return counted_by(lambda text: len(encoding.encode(text, disallowed_special=())), f"counted with tiktoken's {name}")


def _encoding(names: Iterable[str], encoding_of: Callable[[str], str]) -> str | None:
    for name in names:
        try:
            return encoding_of(name)
        except KeyError:
            continue
    return None


def _kept_as(address: str) -> str:
    return sha1(address.encode(), usedforsecurity=False).hexdigest()
