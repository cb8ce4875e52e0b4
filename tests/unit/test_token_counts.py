"""Token counts: the vendors' own tokenizers where they are at hand, else an estimate that says how wide it is."""

from __future__ import annotations

import sys
from hashlib import sha1
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from fmselect.token_counts import from_file, mistral, openai
from fmselect.token_counts.counter import NoTokenizer
from fmselect.token_counts.estimate import by_characters


class Words:
    """Stands in for a tokenizer: a token a word."""

    def encode(self, text: str, **how: Any) -> list[str]:
        return text.split()


def stand_in(monkeypatch: pytest.MonkeyPatch, name: str, **contents: Any) -> None:
    """Install a module, with its packages, that has only what is used of it."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        module = ModuleType(".".join(parts[:length]))
        module.__path__ = []
        monkeypatch.setitem(sys.modules, module.__name__, module)
    for key, value in contents.items():
        setattr(sys.modules[name], key, value)


def absent(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setitem(sys.modules, name, None)


# ---------------------------------------------------------------- estimates


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("word " * 80, 100), ("für Übung " * 40, 100), ("合同" * 100, 170), ("договор" * 26, 70)],
)
def test_estimates_follow_the_script(text: str, tokens: float) -> None:
    found = by_characters("openai").count(text)

    assert found.tokens == pytest.approx(tokens)
    assert found.low < found.tokens < found.high


def test_newer_models_of_anthropic_make_more_tokens() -> None:
    text = "a text of some length"
    one, more = by_characters("openai"), by_characters("anthropic")

    assert more.count(text).tokens == pytest.approx(1.3 * one.count(text).tokens)
    assert more.count(text).low == one.count(text).low
    assert "1.3 times as many tokens, as anthropic says" in more.basis
    assert not more.exact


def test_nothing_is_no_tokens() -> None:
    assert by_characters("openai").count("") == (0, 0, 0)


# ---------------------------------------------------------------- tokenizers


def with_tiktoken(monkeypatch: pytest.MonkeyPatch) -> None:
    def encoding_name_for_model(name: str) -> str:
        return {"gpt-4": "cl100k_base", "davinci": "r50k_base"}[name]

    stand_in(monkeypatch, "tiktoken.model", encoding_name_for_model=encoding_name_for_model)
    stand_in_root = sys.modules["tiktoken"]
    stand_in_root.__dict__.update(__version__="1.0", get_encoding=lambda name: Words())


def test_tiktoken_counts_with_a_vocabulary_that_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with_tiktoken(monkeypatch)
    kept = sha1(b"https://openaipublic.blob.core.windows.net/encodings/cl100k_base.tiktoken").hexdigest()
    (tmp_path / kept).write_bytes(b"")

    counter = openai.counter(["gpt-4-of-a-platform", "gpt-4"], tmp_path)
    assert (counter.exact, counter.basis) == (True, "counted with tiktoken's cl100k_base")
    assert counter.count("three small words") == (3, 3, 3)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gpt-4", r"the vocabulary cl100k_base is not there, and is not fetched by itself: run `python -c 'import tiktoken"),
        ("davinci", "the vocabulary r50k_base is not there"),
        ("gpt-9", "tiktoken 1.0 does not know the model"),
    ],
)
def test_tiktoken_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, said: str) -> None:
    with_tiktoken(monkeypatch)

    with pytest.raises(NoTokenizer, match=said):
        openai.counter([name], tmp_path)


def test_tiktoken_may_be_absent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    absent(monkeypatch, "tiktoken")

    with pytest.raises(NoTokenizer, match=r"tiktoken is not installed: `pip install 'fmselect\[tokenizers\]'`"):
        openai.counter(["gpt-4"], tmp_path)


class Ours:
    """Stands in for a tokenizer of mistral-common."""

    class instruct_tokenizer:  # noqa: N801  # an attribute of that name
        tokenizer = Words()


def _needs_sentencepiece() -> Ours:
    raise ImportError("sentencepiece", name="sentencepiece")


def test_mistral_common_counts_for_the_models_that_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"pixtral-large-2411": Ours, "mistral-large-2402": _needs_sentencepiece}
    stand_in(monkeypatch, "mistral_common.tokens.tokenizers.mistral", MODEL_NAME_TO_TOKENIZER_CLS=known)

    counter = mistral.counter(["pixtral-large", "pixtral-large-2411"])
    assert (counter.exact, counter.basis) == (True, "counted with mistral-common for pixtral-large-2411")
    assert counter.count("two words").tokens == 2
    with pytest.raises(NoTokenizer, match="mistral-common does not name the model"):
        mistral.counter(["mistral-large-9"])
    with pytest.raises(NoTokenizer, match="needs sentencepiece"):
        mistral.counter(["mistral-large-2402"])


def test_mistral_common_may_be_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    absent(monkeypatch, "mistral_common")

    with pytest.raises(NoTokenizer, match="mistral-common is not installed"):
        mistral.counter(["pixtral-large-2411"])


class File:
    """Stands in for a tokenizer that is read from a file."""

    @classmethod
    def from_file(cls, file: Any) -> File:
        if not Path(file).read_text():
            raise Exception("Model missing")  # noqa: TRY002  # as the library does
        return cls()

    def encode(self, text: str, **how: Any) -> Any:
        words = text.split()
        return words if "bos" in how else type("Encoding", (), {"ids": words})


@pytest.mark.parametrize("name", ["tokenizer.json", "tekken.json"])
def test_a_tokenizer_file_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    stand_in(monkeypatch, "tokenizers", Tokenizer=File)
    stand_in(monkeypatch, "mistral_common.tokens.tokenizers.tekken", Tekkenizer=File)
    file = tmp_path / name
    file.write_text("{}")

    counter = from_file.counter(file)
    assert (counter.exact, counter.basis, counter.count("two words").tokens) == (True, f"counted with {name}", 2)
    file.write_text("")
    with pytest.raises(NoTokenizer, match=rf"{name} is no tokenizer.json or tekken.json that can be read \(Model missing\)"):
        from_file.counter(file)


def test_a_tokenizer_file_needs_its_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    absent(monkeypatch, "tokenizers")

    with pytest.raises(NoTokenizer, match=r"reading tokenizer.json needs tokenizers: `pip install 'fmselect\[tokenizers\]'`"):
        from_file.counter(tmp_path / "tokenizer.json")


def test_the_real_tokenizer_of_mistral_counts_what_it_ships(tmp_path: Path) -> None:
    pytest.importorskip("mistral_common", reason="the extra `tokenizers` is not installed")

    counter = mistral.counter(["pixtral-12b-2409"])
    assert 0 < counter.count("A sentence of a few words.").tokens < 12
