"""Results of one's own become benchmarks: joined by name, with intervals, over what was there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fmselect import strict_yaml
from fmselect.catalog.catalog import Catalog
from fmselect.catalog.schema import Aliases, Benchmark, LeftOut
from fmselect.errors import InvalidInput
from fmselect.importers import alias_file, benchmark_file
from fmselect.importers.names import Match, Names
from fmselect.importers.own_benchmarks import Asked, Outcome, Read, benchmarks, slug, unsure, wilson
from fmselect.importers.results import Result, Results
from tests.builders import ON, catalog, model, offering, platform, scope

DAY = date(2026, 11, 20)


def house() -> Catalog:
    """Return a catalog with two models, one of them sold on two platforms."""
    return catalog(
        models=[model("acme/atlas", efforts=("low", "high")), model("zeta/bear")],
        platforms=[platform(), platform("openai-api")],
        offerings=[
            offering("acme/atlas"),
            offering("acme/atlas", "openai-api"),
            offering("zeta/bear", scopes=[scope("geo", platform_model_id="eu.bear-v1")]),
        ],
    )


def result(name: str = "acme/atlas", score: float = 0.9, **facts: Any) -> Result:
    return Result(**{"suite": "Tickets", "metric": "", "on": DAY, **facts, "name": name, "score": score})


def made(*results: Result, existing: dict[str, Benchmark] | None = None, aliases: Aliases | None = None, **asked: Any) -> Outcome:
    read = [Read("r.json", Results("a tool 1.2", results))]
    return benchmarks(read, Names(house(), aliases), existing or {}, Asked(**asked), ON)


def only(outcome: Outcome) -> Benchmark:
    (imported,) = outcome.imported
    return imported.benchmark


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("name", "found", "why"),
    [
        ("acme/atlas", "acme/atlas", "its id here"),
        ("atlas", "acme/atlas", "its id here"),
        ("openai:chat:atlas-v1", "acme/atlas", "sold on openai-api under this id"),
        ("openai/atlas-v1", "acme/atlas", "sold on openai-api under this id"),
        ("atlas-v1", "acme/atlas", "sold on nimbus, openai-api under this id"),
        ("bear-v1", "zeta/bear", "sold on nimbus under this id"),
        ("eu.bear-v1", "zeta/bear", "sold on nimbus under this id"),
    ],
)
def test_a_name_means_what_an_id_says(name: str, found: str, why: str) -> None:
    assert Names(house(), None).match(name) == Match(found, None, why)


@pytest.mark.parametrize("name", ["Atlas", "atlas-v11", "atlas-v1 ", "openai:chat:bear-v1", "anthropic:atlas-v1", "acme/atlas-high", ""])
def test_a_name_that_is_only_near_means_nothing(name: str) -> None:
    assert Names(house(), None).match(name) is None


def test_an_id_that_two_models_are_sold_under_means_neither() -> None:
    two = catalog(
        models=[model("acme/atlas"), model("zeta/bear")],
        offerings=[
            offering("acme/atlas"),
            offering("zeta/bear").model_copy(update={"sale": offering("acme/atlas").sale}),
        ],
    )

    assert Names(two, None).match("atlas-v1") is None


def test_the_table_of_aliases_comes_first_and_may_give_an_effort() -> None:
    aliases = Aliases(
        id="own", says="mine", names={"atlas": "zeta/bear", "x": "acme/atlas"}, efforts={"x": "high"}, ignored={"toy": "a toy"}
    )
    names = Names(house(), aliases)
    sold = Aliases(id="own", says="mine", names={"atlas-v1": "atlas@nimbus"})

    assert Names(house(), sold).match("atlas-v1") == Match("acme/atlas", None, "sold on nimbus, openai-api under this id")
    assert names.match("atlas") == Match("zeta/bear", None, "your alias")
    assert names.match("x") == Match("acme/atlas", "high", "your alias")
    assert (names.ignored("toy"), names.ignored("atlas"), Names(house(), None).ignored("toy")) == ("a toy", None, None)


# ---------------------------------------------------------------- intervals


def test_wilson_agrees_with_the_published_example() -> None:
    """Newcombe 1998 (Statistics in Medicine 17:857), table I: 81 of 263 and 0 of 20."""
    assert [round(end, 4) for end in wilson(81 / 263, 263)] == [0.2553, 0.3662]
    assert [round(end, 4) for end in wilson(0, 20)] == [0.0, 0.1611]


@pytest.mark.parametrize(
    ("facts", "row"),
    [
        ({"n": 100}, (90, 82.56, 94.48)),
        ({"n": 100, "stderr": 0.02}, (90, 86.08, 93.92)),
        ({"n": 100, "stderr": 0.0}, (90, 82.56, 94.48)),
        ({"stderr": 0.1}, (90, 70.4, 100)),
        ({"low": 0.8, "high": 0.95, "stderr": 0.1}, (90, 80, 95)),
        ({}, (90, None, None)),
    ],
)
def test_the_interval_is_the_best_that_the_file_gives(facts: dict[str, Any], row: tuple[float, float | None, float | None]) -> None:
    (found,) = only(made(result(**facts))).rows

    assert (found.score, found.low, found.high) == row


def test_scores_above_one_are_percentages_and_ratings_are_asked_for() -> None:
    outcome = made(result(score=83.0, n=50))
    rating = only(made(result(score=1083.0, stderr=10.0), scale="elo"))

    assert (only(outcome).unit, only(outcome).rows[0].score) == ("percent", 83)
    assert outcome.notes == ("Tickets: scores up to 83 are read as percentages (say --unit)",)
    assert (rating.unit, rating.rows[0].low, rating.rows[0].n) == ("elo", 1063.4, None)


def test_what_is_no_share_is_left_out_and_said_so() -> None:
    outcome = made(result(score=12.5), result(score=150.0))

    assert outcome.imported == ()
    assert outcome.notes == ("Tickets: left out, since scores from 12.5 to 150 are no share (say --unit elo if they are ratings)",)


def test_a_unit_that_does_not_fit_is_refused_at_the_line() -> None:
    with pytest.raises(InvalidInput, match=r"r.json:7: score: is 83, no share: give another --unit"):
        made(result(score=83.0, line=7), scale="share")


# ---------------------------------------------------------------- what is taken


def test_the_first_metric_is_taken_or_the_one_asked_for() -> None:
    results = (result(metric="strict,a", score=0.8), result(metric="loose", score=0.9))
    first, asked = made(*results), made(*results, metric="loose")

    assert (only(first).rows[0].score, only(asked).rows[0].score) == (80, 90)
    assert first.notes[0] == "Tickets: took 'strict,a'; also there: loose (say --metric)"
    assert only(made(*results, metric="strict")).rows[0].score == 80
    with pytest.raises(InvalidInput, match=r"--metric: 'x' is no metric of the files: they hold strict,a, loose, Tickets"):
        made(*results, metric="x")


def test_suites_become_benchmarks_of_their_own() -> None:
    results = (result(suite="One"), result(suite="Two", score=0.5))

    assert [item.benchmark.id for item in made(*results).imported] == ["one", "two"]
    assert [item.benchmark.id for item in made(*results, name="mine").imported] == ["mine-one", "mine-two"]
    assert only(made(*results, name="mine", metric="Two")).id == "mine"


def test_a_board_of_the_catalog_is_never_replaced() -> None:
    board = only(made(result())).model_copy(update={"own": False})

    assert only(made(result(), existing={"tickets": board})).id == "own-tickets"
    with pytest.raises(InvalidInput, match="--name: 'tickets' is a board of the catalog: give yours another name"):
        made(result(), existing={"tickets": board}, name="tickets")


def test_results_of_another_measure_are_not_mixed_in() -> None:
    board = only(made(result()))

    with pytest.raises(InvalidInput, match=r"'tickets' already holds other results .* which are not on one scale"):
        made(result(suite="Other"), existing={"tickets": board}, name="tickets")


def test_a_later_import_adds_and_replaces_rows() -> None:
    before = only(made(result(), result("zeta/bear", 0.8)))

    after = only(made(result(score=0.95, on=date(2026, 11, 22)), existing={"tickets": before}))

    assert [(row.model, row.score, row.on.day) for row in after.rows] == [("acme/atlas", 95, 22), ("zeta/bear", 80, 20)]


def test_the_same_results_again_change_nothing_even_without_a_day() -> None:
    results = (result(on=None, n=10), result("zeta/bear", 0.8, on=None))
    first = made(*results)
    board = only(first)

    again = benchmarks(
        [Read("r.json", Results("a tool 1.2", results))], Names(house(), None), {"tickets": board}, Asked(), date(2027, 1, 1)
    )

    assert only(again) == board
    assert "tickets: a result without a day is dated 2026-11-23" in first.notes


def test_a_model_measured_twice_counts_once_with_its_latest_result() -> None:
    outcome = made(result(score=0.7, on=date(2026, 11, 22)), result(score=0.9))

    assert only(outcome).rows[0].score == 70
    assert outcome.notes == ("tickets: acme/atlas was measured more than once; 70 of 2026-11-22 counts, 90 of 2026-11-20 does not",)


def test_what_does_not_match_waits_and_what_is_ignored_is_told() -> None:
    aliases = Aliases(id="own", says="mine", ignored={"toy": "a toy"})
    outcome = made(result(), result("odd"), result("odd", suite="Other"), result("toy"), aliases=aliases)

    assert [(item.name, item.results) for item in outcome.unmatched] == [("odd", 2)]
    assert outcome.notes == ("'toy' is left out: a toy",)
    assert len(outcome.imported) == 1


def test_what_weakens_a_result_is_told() -> None:
    assert list(unsure(made(result()), house().models)) == [
        "tickets: no number of cases, so no interval: acme/atlas (give n)",
        "tickets: no effort is stated, so the result speaks for all efforts alike: acme/atlas (say --effort)",
    ]
    assert list(unsure(made(result(n=10, effort="high")), house().models)) == []
    assert list(unsure(made(result("zeta/bear", n=10)), house().models)) == []


def test_the_effort_is_that_of_the_alias_then_the_file_then_the_flag() -> None:
    aliases = Aliases(id="own", says="mine", names={"x": "acme/atlas"}, efforts={"x": "low"})

    assert only(made(result("x", effort="high"), aliases=aliases, effort="max")).rows[0].effort == "low"
    assert only(made(result(effort="high"), effort="max")).rows[0].effort == "high"
    assert only(made(result(), effort="max")).rows[0].effort == "max"


def test_a_lower_score_may_be_better() -> None:
    board = only(made(result(score=0.2), result("zeta/bear", 0.1), lower_is_better=True))

    assert (board.higher_is_better, [row.model for row in board.rows]) == (False, ["zeta/bear", "acme/atlas"])
    assert not only(made(result(higher_is_better=False))).higher_is_better


def test_a_name_becomes_an_id() -> None:
    assert [slug(text) for text in ("Support tickets (v1.2)", "exact_match", "---", "é")] == ["support-tickets-v1.2", "exact-match", "", ""]
    assert only(made(result(suite="---"))).id == "own"


# ---------------------------------------------------------------- files


def test_a_benchmark_comes_back_from_its_file_as_it_was() -> None:
    board = only(made(result(n=100, effort="high"), result("zeta/bear", 1.0)))
    facts = {"secondary": True, "note": 'says "so": #1', "source": "https://example.com", "suite": "mine", "stale_after_days": 90}
    full = board.model_copy(update=facts)

    for each in (board, full, full.model_copy(update={"rows": (), "own": False})):
        data = strict_yaml.parse(benchmark_file.text(each).encode(), "b.yaml").data
        assert Benchmark.model_validate({**data, "id": each.id}) == each


def test_a_table_of_aliases_comes_back_from_its_file_as_it_was() -> None:
    table = Aliases(
        id="own",
        says="mine",
        platforms={"on": "nimbus"},
        names={"no": "a/b", "x: y": "a/b"},
        efforts={"no": "none"},
        left_out={"y": LeftOut(of="a@nimbus", why="a: copy"), "z": LeftOut(of="z@nimbus", why="gone", ended=ON)},
        ignored={"1": "a # toy"},
    )

    data = strict_yaml.parse(alias_file.text(table).encode(), "a.yaml").data

    assert Aliases.model_validate({**data, "id": "own"}) == table
