"""A CSV of real requests: what it says, and what is wrong with it, by line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from fmselect.errors import InvalidInput
from fmselect.requests_file import Requests, read
from tests.builders import usage


def reading(folder: Path, text: str | bytes) -> Requests:
    file = folder / "requests.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(str(file))


def problems(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(InvalidInput, match=r".") as caught:
        reading(folder, text)
    return [str(problem).removeprefix(str(folder) + "/") for problem in caught.value.problems]


def test_alike_requests_are_one_class(tmp_path: Path) -> None:
    found = reading(tmp_path, "input_tokens,output_tokens,count,hour_utc\n100,5,2,23\n100,5,3,23\n100,5,1,\n100,,1,\n7,7,0,\n")

    assert [(one.weight, one.usage, one.hours_utc) for one in found.classes] == [
        (Decimal(5), usage(input_tokens=100, output_tokens=5), "23:00-00:00"),
        (Decimal(1), usage(input_tokens=100, output_tokens=5), None),
        (Decimal(1), usage(input_tokens=100), None),
    ]
    assert not found.has_reasoning


def test_everything_that_can_be_used_has_its_column(tmp_path: Path) -> None:
    header = "input_tokens,cache_read_tokens,cache_write_tokens,cache_write_1h_tokens,output_tokens,reasoning_tokens,images,audio_minutes,pages,characters,searches"
    found = reading(tmp_path, f"{header}\n100,10,20,30,5,6,7,0.5,8,9,10\n")

    (one,) = found.classes
    assert found.has_reasoning
    assert one.usage == usage(
        input_tokens=100, cache_read_tokens=10, cache_write_tokens=20, cache_write_1h_tokens=30, output_tokens=5,
        reasoning_tokens=6, images=7, audio_minutes="0.5", pages=8, characters=9, searches=10,
    )  # fmt: skip


def test_every_problem_is_told_with_its_line(tmp_path: Path) -> None:
    text = "input_tokens,cache_read_tokens,hour_utc\n1,2,\nx,,\n-1,,\n1.5,,\n1,1,24\n1,2,3,4\nNaN,,\n"

    assert problems(tmp_path, text) == [
        "requests.csv:2: 2 tokens of cache are more than the 1 tokens of input that hold them",
        "requests.csv:3: input_tokens: 'x' is not a number",
        "requests.csv:4: input_tokens: is -1: it must be at least 0",
        "requests.csv:5: input_tokens: is 1.5, not a whole number",
        "requests.csv:6: hour_utc: is 24: an hour of the day is 0 to 23",
        "requests.csv:7: has more cells than the header",
        "requests.csv:8: input_tokens: 'NaN' is not a number",
    ]


def test_a_column_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert problems(tmp_path, "input_token\n1\n") == [
        "requests.csv:1: 'input_token' is no column of requests; did you mean 'input_tokens'?"
    ]
    assert problems(tmp_path, "price\n1\n")[0].startswith("requests.csv:1: 'price' is no column of requests: there are input_tokens, ")


def test_a_broken_column_does_not_tell_every_line(tmp_path: Path) -> None:
    found = problems(tmp_path, "input_tokens\n" + "x\n" * 1_500)

    assert len(found) == 21
    assert found[-1] == "requests.csv:22: and 1,480 more lines have problems"


def test_what_is_no_file_of_requests_is_told(tmp_path: Path) -> None:
    assert problems(tmp_path, "") == ["requests.csv:1: holds no request: give a header line, and one request a line"]
    assert problems(tmp_path, b"\xff\xfe\x00") == ["requests.csv:1: is not UTF-8: save the file as UTF-8"]
    assert problems(tmp_path, 'input_tokens\n"1\n') == ["requests.csv:1: is not valid CSV: unexpected end of data"]
    with pytest.raises(InvalidInput, match="cannot be read: No such file or directory"):
        read(str(tmp_path / "none.csv"))
