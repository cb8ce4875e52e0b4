"""Counts with a tokenizer file that comes with open weights: tokenizer.json, or Mistral's tekken.json."""

from __future__ import annotations

from pathlib import Path

from fmselect.token_counts.counter import Counter, NoTokenizer, counted_by


def counter(file: Path) -> Counter:
    """Return the counter of a file. Raises `NoTokenizer` when it cannot be read, or its library is not installed."""
    basis = f"counted with {file.name}"
    try:
        if "tekken" in file.name:
            from mistral_common.tokens.tokenizers.tekken import Tekkenizer

            tekken = Tekkenizer.from_file(file)
            return counted_by(lambda text: len(tekken.encode(text, bos=False, eos=False)), basis)
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(file))
    except ImportError as error:
        raise NoTokenizer(f"reading {file.name} needs {error.name}: `pip install 'fmselect[tokenizers]'`") from error
    except Exception as error:  # the libraries raise plain exceptions for files that are not theirs
        raise NoTokenizer(f"{file} is no tokenizer.json or tekken.json that can be read ({error})") from error
    return counted_by(lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids), basis)
