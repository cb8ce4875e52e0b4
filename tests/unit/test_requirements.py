"""Requirements: flags and a file become one shape, and every mistake is told with its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fmselect import requirements as stated
from fmselect import strict_yaml
from fmselect.errors import InvalidInput
from fmselect.requirements import Requirements

FILE = """\
task: rag
requests_per_month: 100k
input_tokens: 6000
residency: eu
compliance:
  - hipaa
  - soc2
no_training: true
supported_until: 2027-06-01
weight:
  quality: 5
  cost: 2.5
discount:
  nimbus: 12.5
"""


def from_file(text: str, over: dict[str, Any] | None = None) -> Requirements:
    return stated.from_document(strict_yaml.parse(text.encode(), "need.yaml"), over)


def test_a_file_says_what_flags_say() -> None:
    flags = {
        "task": "rag",
        "requests_per_month": "100k",
        "input_tokens": 6000,
        "residency": ("eu",),
        "compliance": ("hipaa", "soc2"),
        "no_training": True,
        "supported_until": date(2027, 6, 1),
        "weight": {"quality": "5", "cost": "2.5"},
        "discount": {"nimbus": "12.5"},
    }

    assert from_file(FILE) == stated.from_flags(flags)


def test_only_what_was_asked_for_is_told_again() -> None:
    assert from_file(FILE).stated() == {
        "task": "rag",
        "requests_per_month": 100_000,
        "input_tokens": 6000,
        "residency": ["eu"],
        "compliance": ["hipaa", "soc2"],
        "no_training": True,
        "supported_until": "2027-06-01",
        "weight": {"quality": "5", "cost": "2.5"},
        "discount": {"nimbus": "12.5"},
    }
    assert Requirements().stated() == {}


def test_flags_win_key_by_key() -> None:
    found = from_file(FILE, {"task": "chat", "residency": ("us",)})

    assert (found.task, found.residency, found.input_tokens and found.input_tokens.mean) == ("chat", ("us",), 6000)


def test_a_flag_for_one_way_of_weighing_replaces_the_other_in_the_file() -> None:
    assert from_file(FILE, {"priority": ("cost", "quality")}).priority == ("cost", "quality")
    assert from_file(FILE, {"priority": ("cost", "quality")}).weight == {}
    assert from_file("priority: [cost]\n", {"weight": {"cost": "1"}}).weight == {"cost": Decimal(1)}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("tsk: rag", "need.yaml:1: tsk: is not a known key; did you mean 'task'?"),
        ("task: rag\nrequests_per_month: 0", "need.yaml:2: requests_per_month: is 0: it must be above 0"),
        ("requests_per_month: many", "need.yaml:1: requests_per_month: 'many' is no whole number: write 200000, 200k or 1.5M"),
        ("cached_share: 1.5", "need.yaml:1: cached_share: is 1.5: it must be at most 1"),
        ("discount:\n  nimbus: 100", "need.yaml:2: discount.nimbus: is 100: it must be below 100"),
        ("max_cost: cheap", "need.yaml:1: max_cost: is 'cheap', not a number"),
        ("max_retention_days: -1", "need.yaml:1: max_retention_days: is -1: it must be at least 0"),
        ("top: 0", "need.yaml:1: top: is 0: it must be above 0"),
        ("no_training: 1", "need.yaml:1: no_training: is 1, not true or false"),
        ("supported_until: soon", "need.yaml:1: supported_until: is 'soon', not a date: write YYYY-MM-DD, without quotes"),
        (
            "answer_within: hour",
            "need.yaml:1: answer_within: is 'hour', not one of interactive, minutes, hours; did you mean 'hours'?",
        ),
        (
            "input_modality:\n  - text\n  - pictures",
            "need.yaml:3: input_modality[1]: is 'pictures', not one of text, image, audio, video, document, embedding, relevance",
        ),
        ("weight:\n  quality: 1\npriority: [cost]", "need.yaml:1: give weight or priority, not both"),
        ("priority: [cost, cost]", "need.yaml:1: priority names a criterion twice"),
        ("weight:\n  quality: 0", "need.yaml:1: weight needs at least one criterion above 0"),
        ("- task: rag", "need.yaml:1: is not a mapping of requirements: write lines like `task: rag`"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(text: str, problem: str) -> None:
    with pytest.raises(InvalidInput, match=r"^need\.yaml:") as caught:
        from_file(text + "\n")

    assert str(caught.value) == problem


def test_a_mistake_in_a_flag_is_told_with_the_flag() -> None:
    with pytest.raises(InvalidInput, match=r"^--answer-within") as caught:
        stated.from_flags({"max_cost": "cheap", "min_context": "big", "answer_within": "never"})

    assert str(caught.value).splitlines() == [
        "--answer-within: is 'never', not one of interactive, minutes, hours",
        "--max-cost: is 'cheap', not a number",
        "--min-context: 'big' is no whole number: write 200000, 200k or 1.5M",
    ]


def test_a_mistake_in_a_flag_is_not_blamed_on_the_file() -> None:
    with pytest.raises(InvalidInput, match=r"^--input-tokens") as caught:
        from_file("task: rag\ninput_tokens: 6000\ntop: 0\n", {"input_tokens": "many", "weight": {"cost": "x"}})

    assert str(caught.value).splitlines() == [
        "--input-tokens: 'many' is no whole number: write 200000, 200k or 1.5M",
        "--weight.cost: is 'x', not a number",
        "need.yaml:3: top: is 0: it must be above 0",
    ]


def test_requirements_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        Requirements().task = "rag"  # type: ignore[misc]  # that is what is tested


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"max_cost": "NaN"}, "max_cost: is 'NaN': only finite numbers"),
        ({"max_cost": True}, "max_cost: is True, not a number"),
        ({"max_cost": ["1"]}, "max_cost: is a list, not a number"),
        ({"gpu_load": 0}, "gpu_load: is 0: it must be above 0"),
        ({"top": 2.5}, "top: is 2.5, not a whole number: write it in digits, such as 200000"),
        ({"task": 3}, "task: is 3, not text: quote it if it is meant as text"),
        ({"weight": "quality"}, "weight: is 'quality', not a mapping: write its keys below it"),
        ({"weight": {"qualty": 1}}, "weight.qualty: is 'qualty', not one of quality, cost, latency, throughput, context, factuality; did you mean 'quality'?"),
        ({"input_tokens": 2.5}, "input_tokens: is 2.5, not a mapping: write its keys below it"),
        ({"input_tokens": "p50=3"}, "input_tokens.mean: is missing: add it"),
        ({"input_tokens": {"mean": 3, "p42": 1}}, "input_tokens.p42: is not a known key; did you mean 'p25'? (known: mean, p1, p10, p25, p5, p50, p75, p90, p95, p99)"),
        ({"evidence": {"ours": -1}}, "evidence.ours: is -1: it must be at least 0"),
    ],
)  # fmt: skip
def test_a_mistake_from_python_is_told_with_the_name(values: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidInput, match=r"^") as caught:
        Requirements(**values)

    assert str(caught.value) == problem


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(InvalidInput, match=r"^residency") as caught:
        Requirements(residency=("eu", 1, 2), weight={"cost": "x", "speed": 1})  # type: ignore[arg-type,dict-item]  # that is what is tested

    assert [problem.field for problem in caught.value.problems] == ["residency[1]", "residency[2]", "weight.cost", "weight.speed"]


def test_what_was_stated_is_known_apart_from_the_usual() -> None:
    assert stated.from_flags({"task": "chat"}).given == {"task"}
    assert Requirements(top=3).given == {"top"}
    assert Requirements(task="chat").given == Requirements().given == set()
