"""A measurement goes into an offering's file, and nothing else in it changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fmselect.catalog.amendments import OWN_SOURCE, speed_item, with_speed
from fmselect.catalog.schema import Offering
from fmselect.strict_yaml import read

DAY = date(2026, 11, 25)
SALE = "sale:\n  platform_model_id: a\n  source: https://example.com\n  checked: 2026-11-22\n"
OTHER = "  - kind: stated\n    output_tokens_per_s_about: 900  # as they say\n    source: https://example.com\n    checked: 2026-11-22\n"


def item(place: str = "desk", effort: str | None = None, ttft: float = 0.25) -> str:
    return speed_item(place=place, on=DAY, note="Timed.", effort=effort, ttft_s=(ttft, 0.5), output_tokens_per_s=(12.3456, 98765.4))


def speeds(text: str, tmp_path: Path) -> list[dict[str, object]]:
    file = tmp_path / "atlas.yaml"
    file.write_text(text, encoding="utf-8")
    entry = Offering.model_validate({**read(file).data, "id": "atlas@nimbus", "model": "acme/atlas", "platform": "nimbus"})
    return [speed.model_dump(mode="json", exclude_defaults=True, exclude={"source", "checked", "note"}) for speed in entry.speed]


def test_an_item_says_everything_and_only_that() -> None:
    full = speed_item(place='the "desk"', on=DAY, note="N.", effort="low", input_tokens=500, ttft_s=(0.00012345, 1), after_reasoning=True)

    assert full == (
        "- kind: measured\n  effort: low\n"
        '  place: "the \\"desk\\""\n  measured_on: 2026-11-25\n  input_tokens: 500\n'
        "  ttft_s: [0.000123, 1]\n  ttft_after_reasoning: true\n"
        f'  source: {OWN_SOURCE}\n  checked: 2026-11-25\n  note: "N."\n'
    )
    assert "ttft" not in speed_item(place="desk", on=DAY, note="N.", output_tokens_per_s=(1, 2))


def test_a_file_without_speeds_gets_them_at_its_end(tmp_path: Path) -> None:
    text = with_speed(SALE, item())

    assert text.startswith(SALE + "speed:\n  - kind: measured\n    place: ")
    assert speeds(text, tmp_path) == [
        {
            "kind": "measured",
            "place": "desk",
            "measured_on": "2026-11-25",
            "ttft_s": ["0.25", "0.5"],
            "output_tokens_per_s": ["12.3", "98800"],
        }
    ]


@pytest.mark.parametrize("indent", ["  ", ""])
def test_a_measurement_goes_before_what_is_there(tmp_path: Path, indent: str) -> None:
    others = "".join(f"{line.removeprefix('  ') if not indent else line}" for line in OTHER.splitlines(keepends=True))
    before = f"speed:  # how fast\n{others}{SALE}"

    text = with_speed(before, item())

    assert others + SALE in text
    assert text.startswith("speed:  # how fast\n")
    assert [speed["kind"] for speed in speeds(text, tmp_path)] == ["measured", "stated"]


def test_a_new_measurement_replaces_the_one_from_the_same_place_at_the_same_effort(tmp_path: Path) -> None:
    text = SALE
    for each in (item(), item("cloud"), item(effort="low"), item(ttft=0.3)):
        text = with_speed(text, each)

    found = [(speed["place"], speed.get("effort"), speed["ttft_s"]) for speed in speeds(text, tmp_path)]
    assert found == [("desk", None, ["0.3", "0.5"]), ("desk", "low", ["0.25", "0.5"]), ("cloud", None, ["0.25", "0.5"])]


def test_an_empty_list_of_speeds_is_filled(tmp_path: Path) -> None:
    assert len(speeds(with_speed(f"speed:\n{SALE}", item()), tmp_path)) == 1


def test_speeds_on_one_line_are_left_alone() -> None:
    with pytest.raises(ValueError, match="on one line"):
        with_speed(f"speed: []\n{SALE}", item())
