"""The pipeline: what is ranked, what is unverified, what is excluded and why, and what was assumed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from fmselect.catalog.catalog import Catalog
from fmselect.catalog.derived import Ability, Derived
from fmselect.catalog.schema import Compliance, Lifecycle, Terms
from fmselect.errors import InvalidInput
from fmselect.recommendation import Judged, Recommendation, recommend
from tests.builders import ON, SEEN, SOURCE, abilities, catalog, model, offering, platform, price, rates, requirements, scope, task


def compare(found: Catalog, on: date = ON, **asked: Any) -> Recommendation:
    return recommend(found, requirements(**asked), on)


def ids(items: Sequence[Judged]) -> list[str]:
    return [item.alternative.offering.id for item in items]


def ranked(found: Recommendation) -> list[str]:
    return ids([row.judged for row in found.ranking])


THREE = catalog(
    models=[model("acme/good"), model("acme/cheap"), model("cirrus/poor")],
    platforms=[platform("nimbus"), platform("other", compliance={"hipaa": Compliance(access="default", **SEEN)})],
    offerings=[
        offering("acme/good", "nimbus", prices=[price(rates("5", "5"))]),
        offering("acme/good", "other", prices=[price(rates("6", "6"))]),
        offering("acme/cheap", "nimbus", prices=[price(rates("0.1", "0.1"))]),
        offering("cirrus/poor", "other", prices=[price(rates("9", "9"))]),
    ],
    derived=abilities({"acme/good": 2.5, "acme/cheap": -2.0, "cirrus/poor": -2.0}, sd=0.01),
)


def test_a_row_is_the_best_alternative_of_a_model_an_offering_or_itself() -> None:
    two_tiers = catalog(
        offerings=[
            offering(prices=[price(), price(rates("0.5"), tier="batch")]),
            offering(platform_id="other", prices=[price(rates("3", "3"))]),
        ],
        platforms=[platform(), platform("other")],
    )
    models = compare(two_tiers, answer_within="hours")

    assert [(row.judged.alternative.tier, row.judged.alternative.offering.id) for row in models.ranking] == [("batch", "atlas@nimbus")]
    assert ids(models.ranking[0].also_on) == ["atlas@other"]
    assert ranked(compare(two_tiers, per="offering")) == ["atlas@nimbus", "atlas@other"]
    assert compare(two_tiers, per="offering").ranking[0].also_on == ()
    assert [row.judged.alternative.tier for row in compare(two_tiers, answer_within="hours", per="alternative").ranking] == [
        "batch",
        "standard",
        "standard",
    ]


def test_rows_are_numbered_and_cut_after_the_top() -> None:
    found = compare(THREE, top=2)

    assert [(row.rank, row.judged.alternative.model.id) for row in found.ranking] == [(1, "acme/good"), (2, "acme/cheap")]
    assert len(found.rows) == 3


def test_the_score_is_that_of_the_weights() -> None:
    assert ranked(compare(THREE, weight={"cost": Decimal(1)}))[0] == "cheap@nimbus"
    assert compare(THREE, weight={"cost": Decimal(1)}).assumptions[1] == "weights, yours: cost 100%"
    assert compare(THREE, priority=("cost",)).assumptions[1] == "weights, by your priority: cost 100%"


def test_an_unknown_is_listed_apart_excluded_or_ranked_as_the_user_wants() -> None:
    listed = compare(THREE, compliance=("hipaa",), per="offering")
    assert (ranked(listed), ids(listed.unverified), listed.excluded) == (["good@other", "poor@other"], ["good@nimbus", "cheap@nimbus"], ())

    out = compare(THREE, compliance=("hipaa",), per="offering", unknown="exclude")
    assert (ranked(out), out.unverified, ids(out.excluded)) == (["good@other", "poor@other"], (), ["cheap@nimbus", "good@nimbus"])
    assert out.excluded_by == {"compliance": 2}
    assert [verdict.outcome for verdict in out.reasons(out.excluded[0])] == ["unknown"]

    allowed = compare(THREE, compliance=("hipaa",), per="offering", unknown="allow")
    assert ranked(allowed) == ["good@nimbus", "good@other", "cheap@nimbus", "poor@other"]
    assert allowed.ranking[0].warnings == ("compliance: not documented",)
    assert allowed.unverified == ()


def test_an_offering_with_one_eligible_alternative_is_not_excluded_for_the_others() -> None:
    two_scopes = catalog(offerings=[offering(scopes=[scope("global"), scope()])])
    found = compare(two_scopes, residency=("eu",))

    assert [row.judged.alternative.scope_name for row in found.ranking] == ["in_region"]
    assert found.excluded == ()


def test_the_alternative_that_violates_least_tells_why_an_offering_is_out() -> None:
    two_scopes = catalog(offerings=[offering(scopes=[scope("global", regions=["us-1"]), scope(regions=["us-1"])])])
    found = compare(two_scopes, residency=("eu",), region=("us-1",), max_cost=Decimal(0))

    assert [(item.alternative.scope_name, [verdict.constraint for verdict in item.of_outcome("violated")]) for item in found.excluded] == [
        ("global", ["residency", "cost"])
    ]


def test_a_violation_of_the_offering_judges_it_once_and_keeps_every_reason() -> None:
    two_tiers = catalog(offerings=[offering(prices=[price(), price(tier="batch")])])
    found = compare(two_tiers, min_context=1_000_000, open_weights=True, max_cost=Decimal(0))

    (item,) = found.judged
    assert {verdict.constraint for verdict in found.reasons(item)} == {"context", "cost"}
    assert found.excluded_by == {"context": 1, "cost": 1}
    assert ids(found.candidates) == ["atlas@nimbus"]


def test_what_does_another_job_is_no_candidate() -> None:
    other = catalog(models=[model(), model("acme/embed", kind="embedding")], offerings=[offering(), offering("acme/embed")])
    found = compare(other)

    assert ids(found.excluded) == ["embed@nimbus"]
    assert found.candidates == ()


def test_relaxations_are_those_of_the_excluded() -> None:
    found = compare(THREE, max_cost=Decimal("0.05"))

    assert found.ranking == ()
    assert [(one.constraints, one.offerings) for one in found.relaxations] == [
        (("cost",), ("cheap@nimbus", "good@nimbus", "good@other", "poor@other"))
    ]


def test_the_unverified_offering_shows_its_alternative_with_the_fewest_unknowns() -> None:
    two_scopes = catalog(offerings=[offering(scopes=[scope("geo"), scope(regions=["eu-1"])])])
    found = compare(two_scopes, residency=("eu",), compliance=("hipaa",))

    assert [item.alternative.scope_name for item in found.unverified] == ["in_region"]


def test_rows_that_chance_may_turn_are_tied_and_dominated_ones_are_marked() -> None:
    close = replace(THREE, derived=abilities({"acme/good": 1.0, "acme/cheap": 0.9, "cirrus/poor": -2.9}, sd=0.3))
    found = compare(close, weight={"quality": Decimal(1)}, per="offering")

    assert [(row.judged.alternative.offering.id, row.tied_with, row.pareto) for row in found.ranking] == [
        ("good@nimbus", ("good@other", "cheap@nimbus"), True),
        ("good@other", ("good@nimbus", "cheap@nimbus"), True),
        ("cheap@nimbus", ("good@nimbus", "good@other"), True),
        ("poor@other", (), False),
    ]


def test_a_row_warns_of_its_end_its_stage_and_its_age() -> None:
    closing = catalog(offerings=[offering(lifecycle=Lifecycle(stage="preview", retires_on=date(2027, 12, 1), **SEEN))])
    late = date(2027, 3, 1)
    found = compare(closing, on=late, allow_preview=True)

    assert found.ranking[0].warnings == ("is preview", "ends 2027-12-01", "price last checked 2026-11-22")
    assert found.warnings == ("the catalog's newest price was checked 99 days ago, on 2026-11-22: update it",)
    assert compare(closing, allow_preview=True).warnings == ()


def test_a_row_warns_of_terms_that_were_looked_up_long_ago() -> None:
    terms = Terms(access="default", source=SOURCE, checked=date(2026, 5, 1))
    kept = catalog(platforms=[platform(no_training=terms)])

    assert compare(kept, no_training=True).ranking[0].warnings == ("training last checked 2026-05-01",)
    assert compare(kept).ranking[0].warnings == ()
    assert compare(kept, on=date(2026, 10, 28), no_training=True).ranking[0].warnings == ()


def test_what_was_assumed_is_said() -> None:
    reasoning = Derived(
        abilities={"chat": {"acme/atlas": tuple(Ability(effort=effort, theta=0.0, sd=0.1) for effort in ("low", "high"))}},
        effort_tokens={"acme/atlas": {"low": 100.0, "high": 250.0}},
        usual_effort_ratio={"high": 2.5},
    )
    found = compare(catalog(models=[model(efforts=("low", "high"))], derived=reasoning))

    assert found.assumptions == (
        "workload, typical for chat: 1,000 requests a month, 1,000 input tokens a request, 100 output tokens a request (typical)",
        "weights, typical for chat: quality 75%, cost 25%",
        "no input is read from a cache (say --cached-share)",
        "reasoning adds output tokens by effort, as measured per model, else the median: low x1, high x2.5 (say --reasoning-tokens)",
        "offerings whose announced end is within 90 days of 2026-11-23 are out (say --allow-legacy)",
    )
    ranking = compare(catalog(derived=reasoning), per="alternative").ranking
    assert [(row.judged.alternative.offering.id, row.judged.alternative.effort) for row in ranking] == [
        ("atlas@nimbus", "low"),
        ("atlas@nimbus", "high"),
    ]


def test_what_was_said_is_not_assumed() -> None:
    asked: dict[str, Any] = {
        "requests_per_month": 1,
        "input_tokens": 1,
        "output_tokens": 1,
        "cached_share": Decimal("0.5"),
        "allow_legacy": True,
    }

    assert compare(catalog(), **asked).assumptions == ("weights, typical for chat: quality 75%, cost 25%",)


def test_what_has_to_be_done_is_told_once() -> None:
    on = platform(
        compliance={
            "hipaa": Compliance(access="self_serve", how="Sign", **SEEN),
            "soc2": Compliance(access="self_serve", how="Sign", **SEEN),
        }
    )
    (row,) = compare(catalog(platforms=[on]), compliance=("hipaa", "soc2")).ranking

    assert row.judged.todos == ("Sign",)


def test_an_offering_without_any_price_is_judged() -> None:
    found = compare(catalog(offerings=[offering(prices=[price(regions=("eu-1",))], scopes=[])]))

    assert ranked(found) == ["atlas@nimbus"]
    assert found.ranking[0].judged.estimate.cost_unknown == "the catalog has no standard price for atlas@nimbus"
    assert found.ranking[0].judged.parts["cost"].reading.value == 0.0


def test_terms_that_the_catalog_does_not_know_are_all_told() -> None:
    with pytest.raises(InvalidInput, match="is not in the catalog") as caught:
        compare(
            catalog(),
            task="chta",
            compliance=("hippa", "soc2"),
            region=("eu-9",),
            discount={"nimbsu": Decimal(5)},
            exclude=("atlas", "zzz"),
            based_in="atlantis",
        )

    assert [str(problem) for problem in caught.value.problems] == [
        "based_in: 'atlantis' is no geography or country: give a geography such as eu, or a country code such as DE",
        "compliance: 'hippa' is not in the catalog; did you mean 'hipaa'?",
        "discount: 'nimbsu' is not in the catalog; did you mean 'nimbus'?",
        "exclude: 'zzz' is not in the catalog: see `fmselect list models`",
        "region: 'eu-9' is not in the catalog; did you mean 'eu-2'?",
        "task: 'chta' is not in the catalog; did you mean 'chat'?",
    ]


def test_a_company_may_be_in_a_geography_or_a_country() -> None:
    assert compare(catalog(), based_in="EU").ranking
    assert compare(catalog(), based_in="de").ranking


def test_an_empty_catalog_recommends_nothing() -> None:
    found = compare(catalog(models=[], offerings=[], tasks=[task()]))

    assert (found.ranking, found.unverified, found.excluded, found.relaxations) == ((), (), (), ())
