"""Sample prompts: every form in which people keep them is read, with what is sent along and the answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fmselect.errors import InvalidInput
from fmselect.sample_prompts import Prompt, prompts
from fmselect.sampled_workload import sample
from fmselect.token_counts.counter import Counter, Tokens, counted_by
from fmselect.usage_logs.records import Odd


def read(content: str) -> list[Prompt | Odd]:
    return list(prompts(content.encode().splitlines(keepends=True)))


@pytest.mark.parametrize(
    ("value", "text", "answer"),
    [
        ("Why?", "Why?", None),
        ({"prompt": "Why?", "answer": "So."}, "Why?", "So."),
        ({"question": "Why?", "context": "It is.", "system": "Be brief."}, "Be brief.\nIt is.\nWhy?", None),
        ({"messages": [{"role": "user", "content": "Why?"}]}, "Why?", None),
        (
            {
                "messages": [
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": [{"type": "text", "text": "Why?"}]},
                    {"role": "assistant", "content": "So."},
                ]
            },
            "Be brief.\nWhy?",
            "So.",
        ),
        ({"custom_id": "1", "body": {"model": "m", "messages": [{"role": "user", "content": "Why?"}]}}, "Why?", None),
        (
            {"input": [{"role": "user", "content": [{"type": "input_text", "text": "Why?"}]}], "instructions": "Be brief."},
            "Be brief.\nWhy?",
            None,
        ),
        ({"prompt": "Why?", "tools": [{"type": "function", "name": "look"}]}, "name: look\nWhy?", None),
        ({"prompt": {"parts": [{"text": "Why"}, {"text": "?"}, None]}}, "Why\n?", None),
        ({"prompt": 7}, "7", None),
    ],
)
def test_prompts_are_read_from_json(value: Any, text: str, answer: str | None) -> None:
    assert read("[" + json.dumps(value) + "]") == [Prompt(text, answer)]


def test_prompts_are_read_from_json_lines() -> None:
    assert read('{"prompt": "One"}\n\n{"prompt": "Two"}\n') == [Prompt("One", None), Prompt("Two", None)]


def test_prompts_are_read_from_csv() -> None:
    assert read('Prompt;Answer\n"Why;\nso?";So.\n') == [Prompt("Why;\nso?", "So.")]


def test_text_is_one_prompt_or_several_with_lines_between() -> None:
    assert read("Why is it so?\n\nI wonder.\n") == [Prompt("Why is it so?\n\nI wonder.", None)]
    assert read("One\n---\n---\nTwo\n---\n") == [Prompt("One", None), Prompt("Two", None)]


def test_what_is_no_prompt_is_told() -> None:
    assert read('{"a": 1}\n[3]\n{\n') == [
        Odd(1, "has no prompt: give it under one of messages, prompt, input, text, question, query, instruction, user, or remove the line"),
        Odd(2, "is 3, not a prompt: give text, or an object with one of messages, prompt, input, text, question, query, instruction, user"),
        Odd(3, "is not valid JSON (Expecting property name enclosed in double quotes): repair the line, or remove it"),
    ]
    assert read("") == [Odd(1, "is empty: give one with at least one request")]
    assert read("prompt,answer\nWhy?\n") == [Odd(2, "has 1 cells, and the header has 2: correct the row, or remove it")]


# ---------------------------------------------------------------- sizes

WORDS = counted_by(lambda text: len(text.split()), "counted by words")
GUESS = Counter(False, "guessed", lambda text: Tokens(1, 2, 3))
FILE: list[Prompt | Odd] = [Prompt("one", None), Prompt("one two three", "a b")]


def test_sizes_are_counted_for_each_model() -> None:
    found = sample([("p", FILE)], [("a/words", WORDS, ""), ("b/guess", GUESS, "no tokenizer")], skip_unreadable=False)

    words, guess = found.models
    assert (words.prompts.mean, words.prompts.p50, words.prompts.largest, words.prompts.low) == (2, 1, 3, 2)
    assert words.answers is not None
    assert words.answers.mean == 2
    assert (guess.prompts.low, guess.prompts.mean, guess.prompts.high) == (1, 2, 3)
    assert (found.prompts, found.answers, found.characters) == (2, 1, 16)
    assert found.largest.model == "a/words"


def test_unreadable_prompts_are_told_or_left_out() -> None:
    with pytest.raises(InvalidInput, match="p:4: is bad"):
        sample([("p", [*FILE, Odd(4, "is bad")])], [("m", WORDS, "")], skip_unreadable=False)
    with pytest.raises(InvalidInput, match="p:4: is bad"):
        sample([("p", [Odd(4, "is bad")])], [("m", WORDS, "")], skip_unreadable=True)

    found = sample([("p", [*FILE, Odd(4, "is bad")])], [("m", WORDS, "")], skip_unreadable=True)
    assert [str(problem) for problem in found.unreadable] == ["p:4: is bad"]


def test_the_sample_of_the_docs_is_read() -> None:
    page = Path(__file__).parent.parent.parent / "docs" / "how-to" / "take-the-workload-from-logs.md"
    block = page.read_text(encoding="utf-8").split("```json prompts.jsonl\n")[1].split("```")[0]

    assert all(isinstance(entry, Prompt) for entry in read(block))
