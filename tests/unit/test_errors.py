"""Problems say what, where and what to do; all of them at once, in the order of the files."""

from __future__ import annotations

import pytest

from fmselect.errors import FmselectError, InvalidInput, Problem, did_you_mean


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (Problem("is missing: add it", "models/a.yaml", 3, "name"), "models/a.yaml:3: name: is missing: add it"),
        (Problem("is empty", "models/a.yaml"), "models/a.yaml:1: is empty"),
        (Problem("is no number", field="--top"), "--top: is no number"),
        (Problem("give weight or priority, not both"), "give weight or priority, not both"),
    ],
)
def test_a_problem_says_where_as_far_as_it_knows(problem: Problem, said: str) -> None:
    assert str(problem) == said


def test_invalid_input_holds_every_problem_once_in_order_of_file_and_line() -> None:
    later, earlier, other = Problem("x", "b.yaml", 10), Problem("y", "b.yaml", 9), Problem("z", "a.yaml", 99)

    error = InvalidInput([later, earlier, other, later])

    assert error.problems == (other, earlier, later)
    assert str(error) == "a.yaml:99: z\nb.yaml:9: y\nb.yaml:10: x"
    assert isinstance(error, FmselectError)


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("chta", "; did you mean 'chat'?"),
        ("HIPAA", "; did you mean 'hipaa'?"),
        ("opus", "; did you mean 'claude-opus-4'?"),
        ("op", ""),
        ("zzzz", ""),
    ],
)
def test_a_near_term_is_suggested_and_no_far_one(word: str, hint: str) -> None:
    assert did_you_mean(word, iter(["chat", "hipaa", "claude-opus-5-5", "claude-opus-4"])) == hint
