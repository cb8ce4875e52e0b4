"""What the catalog knows, counted on the frozen catalog and on built ones."""

from __future__ import annotations

from datetime import date

import pytest

from fmselect.catalog.catalog import Catalog
from fmselect.catalog.schema import Customization, NotDocumented, PlatformGeography, Retention, Scope, Terms
from fmselect.coverage import PLATFORM_FACTS, Coverage, coverage, standings
from fmselect.loading import load_layers
from fmselect.render import coverage as render
from fmselect.render.page import Page
from fmselect.render.sections import share
from fmselect.units import Access
from tests.builders import FROZEN, ON, SEEN, catalog, offering, platform, price


@pytest.fixture(scope="module")
def frozen() -> Catalog:
    return load_layers([FROZEN], ON, None)


@pytest.fixture(scope="module")
def found(frozen: Catalog) -> Coverage:
    return coverage(frozen, ON)


def known(found: Coverage, group: str, field: str) -> tuple[int, int]:
    return next((item.known, item.concerned) for item in found.fields if (item.group, item.field) == (group, field))


def test_entries_are_counted_and_the_retired_ones_are_not_current(found: Coverage) -> None:
    assert found.totals["offerings"] == 9
    assert found.totals["current offerings"] == 8
    assert found.totals["current models"] == 5
    assert next((count.models, count.current_models) for count in found.kinds if count.name == "chat") == (5, 4)
    assert next((count.offerings, count.current_offerings) for count in found.platforms if count.name == "acme-api") == (3, 2)


def test_what_ends_by_the_day_asked_for_is_no_longer_current(frozen: Catalog) -> None:
    assert coverage(frozen, date(2030, 1, 1)).totals["current offerings"] < 8


def test_fields_are_counted_among_the_models_they_concern(found: Coverage) -> None:
    assert known(found, "chat", "context") == (4, 5)
    assert known(found, "chat", "parameters") == (1, 1)
    assert known(found, "chat", "efforts") == (1, 1)
    assert known(found, "chat", "measured quality") == (3, 5)
    assert not [item for item in found.fields if (item.group, item.field) == ("embedding", "output limit")]


def test_terms_of_an_offering_are_its_platforms_where_it_has_none(found: Coverage) -> None:
    assert known(found, "nimbus", "retention") == (5, 5)
    assert known(found, "own-machines", "retention") == (0, 1)
    assert known(found, "own-machines", "place") == (1, 1)


@pytest.mark.parametrize(
    ("scope", "placed"),
    [
        (Scope(scope="global", **SEEN), 1),
        (Scope(scope="in_region", regions=("eu-1",), **SEEN), 1),
        (Scope(scope="in_region", **SEEN), 0),
        (Scope(scope="geo", geography="east", **SEEN), 1),
        (Scope(scope="geo", geography="west", **SEEN), 0),
        (Scope(scope="geo", geography="nowhere", **SEEN), 0),
    ],
    ids=lambda value: value.name if isinstance(value, Scope) else "",
)
def test_where_it_runs_is_known_when_the_countries_are(scope: Scope, placed: int) -> None:
    drawn = {"east": PlatformGeography(countries=("JP",), **SEEN), "west": PlatformGeography(**SEEN)}
    built = catalog(offerings=[offering(scopes=(scope,))], platforms=[platform(geographies=drawn)])

    assert known(coverage(built, ON), "nimbus", "place") == (placed, 1)


@pytest.mark.parametrize(("access", "settled"), [("none", 1), ("self_serve", 0), ("default", 0), ("on_request", 0)])
def test_only_a_platform_that_refuses_a_method_answers_for_its_models(access: Access, settled: int) -> None:
    tuned = {"fine-tuning": Customization(access=access, **SEEN)}
    built = catalog(offerings=[offering()], platforms=[platform(customization=tuned)])

    assert known(coverage(built, ON), "nimbus", "customization") == (settled, 1)


def test_a_price_of_another_day_is_no_price_today() -> None:
    later = price(from_on=date(2027, 1, 1))
    built = catalog(offerings=[offering(prices=(later,))])

    assert known(coverage(built, ON), "nimbus", "price") == (0, 1)
    assert known(coverage(built, date(2027, 1, 1)), "nimbus", "price") == (1, 1)


def test_documented_looked_for_and_never_looked_for_are_told_apart() -> None:
    facts = standings(
        platform(
            no_training=Terms(access="default", **SEEN),
            retention=Retention(days=30, **SEEN),
            not_documented=(NotDocumented(facts=("retention.zero", "compliance.irap", "guardrails"), **SEEN),),
        )
    )

    assert (facts["no_training"], facts["retention.days"]) == ("documented", "documented")
    assert {facts[name] for name in ("retention.zero", "compliance.irap", "guardrails")} == {"not documented"}
    assert (facts["compliance.hipaa"], facts["storage"]) == ("not looked for", "not looked for")
    assert tuple(facts) == PLATFORM_FACTS


def test_a_platform_is_full_when_nothing_was_left_unlooked() -> None:
    bare = platform(processing={})
    whole = bare.model_copy(update={"not_documented": (NotDocumented(facts=PLATFORM_FACTS, **SEEN),)})

    assert [facts.full for facts in coverage(catalog(offerings=[], platforms=[bare]), ON).platform_facts] == [False]
    assert [facts.full for facts in coverage(catalog(offerings=[], platforms=[whole]), ON).platform_facts] == [True]


def test_every_group_has_a_source_and_a_date(found: Coverage) -> None:
    assert [source.kind for source in found.sources] == [
        "benchmarks", "licenses", "models", "offerings", "platforms", "prices", "vocabulary",
    ]  # fmt: skip
    assert all(source.sourced == source.groups for source in found.sources)
    assert sum(source.secondary for source in found.sources) == 1


def test_a_share_is_whole_only_when_nothing_is_missing() -> None:
    assert [share(*pair) for pair in ((0, 3), (1, 3), (999, 1000), (3, 3), (0, 0))] == ["0%", "33%", "99%", "100%", ""]


def test_the_page_fits_80_columns(found: Coverage) -> None:
    page = render.table(found, Page(80))

    assert page.startswith("The catalog on 2026-11-23\n")
    assert max(map(len, page.splitlines())) <= 80
    assert "…" not in page
