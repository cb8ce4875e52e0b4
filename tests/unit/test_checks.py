"""What must hold between files: what the invalid fixtures do not show, and what is right."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fmselect.catalog import checks, loader, sense
from fmselect.catalog.layers import Layer
from fmselect.catalog.loader import Entries
from tests.builders import FIXTURES, FROZEN, ON

SALE = """\
sale:
  platform_model_id: odd-v1
  source: https://example.com/odd
  checked: 2026-11-22
"""
LOOK = """\
    source: https://example.com/odd
    checked: 2026-11-22
"""


def entries_with(tmp_path: Path, relative: str, text: str) -> Entries:
    file = tmp_path / relative
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    entries, problems = loader.read(loader.files([FROZEN, Layer(tmp_path, "mine")]))
    assert problems == []
    return entries


def test_every_check_has_an_invalid_fixture_that_it_alone_reports() -> None:
    found: dict[str, set[str]] = {}
    for folder in sorted((FIXTURES / "invalid").iterdir()):
        entries, problems = loader.read(loader.files([FROZEN, Layer(folder, "mine")]))
        if problems:
            continue
        reporting = [check.__name__ for check in checks.CHECKS if list(check(entries, ON))]
        assert len(reporting) == 1, folder.name
        found.setdefault(reporting[0], set()).add(folder.name)

    assert set(found) == {check.__name__ for check in checks.CHECKS}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("until_on: 2026-12-01", "from_on: 2026-12-01"),
        ("scopes: [global]", "scopes: [in_region]"),
        ("scopes: [global]", "{}"),
        ("regions: [eu-1]", "regions: [us-1]"),
        ("regions: [eu-1]", "{}"),
        ("hours_utc: 08:00-20:00", "hours_utc: 20:00-08:00"),
        ("hours_utc: 08:00-20:00", "{}"),
    ],
)
def test_prices_that_never_hold_at_once_are_right(tmp_path: Path, one: str, other: str) -> None:
    scopes = f"scopes:\n  - scope: global\n{LOOK}  - scope: in_region\n{LOOK}"
    prices = "".join(
        "  - tier: standard\n"
        + (f"    {condition}\n" if condition != "{}" else "")
        + f"    usd_per_mtok:\n      input: 1\n      output: 2\n{LOOK}"
        for condition in (one, other)
    )

    entries = entries_with(tmp_path, "offerings/nimbus/atlas-1.yaml", f"{SALE}{scopes}prices:\n{prices}")

    assert checks.problems(entries, ON) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("until_on: 2026-12-02", "from_on: 2026-12-01"),
        ("scopes: [global, in_region]", "scopes: [in_region]"),
        ("regions: [eu-1, us-1]", "regions: [us-1]"),
        ("hours_utc: 08:00-20:00", "hours_utc: 08:00-20:00"),
    ],
)
def test_prices_that_hold_at_once_are_a_problem(tmp_path: Path, one: str, other: str) -> None:
    scopes = f"scopes:\n  - scope: global\n{LOOK}  - scope: in_region\n{LOOK}"
    prices = "".join(
        f"  - tier: standard\n    {condition}\n    usd_per_mtok:\n      input: 1\n      output: 2\n{LOOK}" for condition in (one, other)
    )

    entries = entries_with(tmp_path, "offerings/nimbus/atlas-1.yaml", f"{SALE}{scopes}prices:\n{prices}")

    assert [problem.field for problem in checks.problems(entries, ON)] == ["prices[1]"]


@pytest.mark.parametrize(
    "broken",
    [
        "models/acme/atlas-2.yaml",
        "platforms/nimbus.yaml",
        "licenses/proprietary.yaml",
        "benchmarks/duel.yaml",
        *(f"vocabulary/{name}.yaml" for name in loader.VOCABULARIES),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem_and_not_one_of_every_file_that_names_it(tmp_path: Path, broken: str) -> None:
    file = tmp_path / broken
    file.parent.mkdir(parents=True)
    file.write_text("odd: 1\n", encoding="utf-8")

    entries, problems = loader.read(loader.files([FROZEN, Layer(tmp_path, "mine")]))

    assert {problem.file for problem in problems} == {f"mine/{broken}"}
    assert checks.problems(entries, ON) == []


def test_a_price_without_tokens_is_right(tmp_path: Path) -> None:
    prices = f"prices:\n  - tier: standard\n    usd_per_page: 0.001\n{LOOK}"

    assert checks.problems(entries_with(tmp_path, "offerings/nimbus/atlas-1.yaml", SALE + prices), ON) == []


def test_a_geography_may_list_its_countries(tmp_path: Path) -> None:
    drawn = f"name: Odd\noperator: Odd\nkind: api\ngeographies:\n  east:\n    countries: [JP]\n{LOOK}"

    assert checks.problems(entries_with(tmp_path, "platforms/odd.yaml", drawn), ON) == []


def test_what_is_in_the_future_depends_on_the_day_given() -> None:
    entries, _ = loader.read(loader.files([FROZEN]))

    assert checks.problems(entries, date(2026, 11, 22)) == []
    assert {problem.message for problem in checks.problems(entries, date(2026, 11, 21))} == {
        "is 2026-11-22, in the future (today is 2026-11-21)"
    }


def test_what_breaks_a_rule_of_thumb_is_right_when_its_source_says_so(tmp_path: Path) -> None:
    odd = "usd_per_mtok: {input: 1, output: 2, cache_read: 1.5}\n    unusual: {cache-read-not-dearer: the page says so}\n"

    assert (
        checks.problems(entries_with(tmp_path, "offerings/nimbus/atlas-1.yaml", f"{SALE}prices:\n  - tier: standard\n    {odd}{LOOK}"), ON)
        == []
    )


def test_every_rule_of_thumb_has_an_invalid_fixture_of_its_name() -> None:
    assert {rule for rule in sense.RULES if (FIXTURES / "invalid" / rule).is_dir()} == set(sense.RULES)


@pytest.mark.parametrize(
    "life",
    [
        "stage: legacy\n  retires_on: 2027-06-01\n  successor: acme/atlas-2-mini\n",  # still for sale there
        "stage: retired\n  retires_on: 2026-01-01\n  successor: cirrus/cumulus-3\n",
        "stage: ga\n  retires_on: 2027-06-01\n  retires_not_before: 2027-06-01\n",
        "stage: preview\n  available_on: 2026-11-01\n",
    ],
)
def test_a_life_that_fits_together_is_right(tmp_path: Path, life: str) -> None:
    text = f"{SALE}lifecycle:\n  {life}  source: https://example.com/odd\n  checked: 2026-11-22\n"

    assert checks.problems(entries_with(tmp_path, "offerings/nimbus/atlas-1.yaml", text), ON) == []


def test_a_successor_that_is_gone_without_a_date_ends_before_what_it_succeeds(tmp_path: Path) -> None:
    gone = tmp_path / "offerings/nimbus/atlas-2-mini.yaml"
    gone.parent.mkdir(parents=True)
    gone.write_text(f"{SALE}lifecycle: {{stage: retired, source: https://example.com/odd, checked: 2026-11-22}}\n", encoding="utf-8")
    heir = "lifecycle: {stage: legacy, successor: acme/atlas-2-mini, source: https://example.com/odd, checked: 2026-11-22}\n"
    (gone.parent / "atlas-1.yaml").write_text(f"{SALE}{heir}", encoding="utf-8")

    entries, problems = loader.read(loader.files([FROZEN, Layer(tmp_path, "mine")]))

    assert problems == []
    assert [problem.field for problem in checks.problems(entries, ON)] == ["lifecycle.successor"]


def test_a_fact_that_was_looked_for_and_not_found_is_right(tmp_path: Path) -> None:
    missing = "facts: [guardrails, retention.zero, compliance.hipaa, tiers.flex, processing.geo, customization.fine-tuning]"
    text = f"name: Odd\noperator: Odd\nkind: api\nretention:\n  days: 3\n  source: https://example.com/odd\n  checked: 2026-11-22\nnot_documented:\n  - {missing}\n{LOOK}"

    assert checks.problems(entries_with(tmp_path, "platforms/odd.yaml", text), ON) == []
