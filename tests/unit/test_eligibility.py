"""Constraints, one by one: met, violated or unknown, with the source of the fact and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest
from msgspec.structs import replace

from fmselect.catalog.schema import (
    Compliance,
    Customization,
    Features,
    Languages,
    License,
    Lifecycle,
    Limits,
    Model,
    NotDocumented,
    Offering,
    Platform,
    PlatformGeography,
    Processing,
    Retention,
    Task,
    Terms,
    Territory,
    Threshold,
    TierTerms,
)
from fmselect.eligibility import CONSTRAINTS, Case, Level, Verdict, asked, screen, stage_on
from fmselect.estimates import Alternative, Estimate, workload
from fmselect.speed import Interval
from fmselect.units import Access, ScopeKind
from tests.builders import CITED, ON, SEEN, catalog, estimate, model, offering, platform, requirements, scope, task


def case(
    *,
    by: Model | None = None,
    on: Platform | None = None,
    sold: Offering | None = None,
    job: Task | None = None,
    licenses: Sequence[License] = (),
    regions: Sequence[str] | None = None,
    figures: Estimate | None = None,
    tier: Any = "standard",
    day: date = ON,
    **asked: Any,
) -> Case:
    """Return one alternative of one offering before the constraints."""
    needs = requirements(**asked)
    made_by, sold_on, one, doing = by or model(), on or platform(), sold or offering(), job or task()
    where = one.scopes[0] if one.scopes else None
    named = (where.regions or ()) if where else ()
    known = catalog(models=[made_by], platforms=[sold_on], offerings=[one], tasks=[doing], licenses=licenses)
    load, _ = workload(needs, doing)
    way = Alternative(one, made_by, sold_on, tier, where, tuple(named if regions is None else regions), None, one.prices)
    return Case(way, needs, doing, load, known, day, figures)


def verdicts(constraint: str, found: Case) -> list[Verdict]:
    """Return what one constraint of the table says."""
    (row,) = (row for row in CONSTRAINTS if row.name == constraint)
    return list(row.judge(found))


def verdict(constraint: str, found: Case) -> Verdict:
    (one,) = verdicts(constraint, found)
    return one


def said(constraint: str, found: Case) -> tuple[str, str]:
    one = verdict(constraint, found)
    return one.outcome, one.actual


# ---------------------------------------------------------------- the table


def test_what_was_not_asked_for_is_judged_by_nobody() -> None:
    found = case(figures=estimate())
    judged = {item.constraint for level in get_args(Level) for item in screen(found, level)}

    assert judged == {"task", "modality", "context", "lifecycle", "answer_within"}


def test_every_verdict_that_rests_on_a_fact_names_its_source() -> None:
    found = case(
        by=model(supported=("tools",), license_id="mit", open_weights=True, efforts=("low",)),
        on=platform(
            compliance={"hipaa": Compliance(access="default", **SEEN)},
            no_training=Terms(access="none", **SEEN),
            retention=Retention(days=30, zero="none", **SEEN),
            private_network=Terms(access="on_request", **SEEN),
            customer_managed_keys=Terms(access="self_serve", **SEEN),
            customization={"fine-tuning": Customization(access="none", **SEEN)},
        ),
        licenses=[License(id="mit", name="MIT", commercial_use="yes", **SEEN)],
        figures=estimate(),
        feature=("tools",),
        effort="low",
        license=("mit",),
        open_weights=True,
        commercial_use=True,
        no_training=True,
        max_retention_days=0,
        private_network=True,
        customer_managed_keys=True,
        customization=("fine-tuning",),
        compliance=("hipaa",),
        residency=("eu",),
        region=("eu-1",),
        max_cost=Decimal(1000),
    )
    judged = [item for level in get_args(Level) for item in screen(found, level)]

    assert len(judged) > 15
    assert [item for item in judged if not item.source] == []
    assert [item for item in judged if item.outcome == "unknown" and not item.todo] == []


def test_constraints_have_names_of_their_own() -> None:
    assert len({row.name for row in CONSTRAINTS}) == len(CONSTRAINTS)
    assert all(row.says for row in CONSTRAINTS)


# ---------------------------------------------------------------- the model


def test_the_kind_of_model_must_do_the_task() -> None:
    assert said("task", case()) == ("met", "chat")
    assert said("task", case(by=model(kind="embedding"))) == ("violated", "embedding")


def test_modalities_of_the_task_and_of_the_user_are_all_needed() -> None:
    able = case(by=model(takes=("text", "image")), input_modality=("image",))
    unable = case(input_modality=("image",), output_modality=("audio",))

    assert [item.outcome for item in verdicts("modality", able)] == ["met", "met", "met"]
    assert [(item.required, item.outcome, item.actual) for item in verdicts("modality", unable)] == [
        ("text input", "met", "text input"),
        ("image input", "violated", "text input"),
        ("text output", "met", "text output"),
        ("audio output", "violated", "text output"),
    ]
    assert {item.outcome for item in verdicts("modality", case(by=model(modalities=None)))} == {"unknown"}


def test_a_feature_is_looked_up_at_the_offering_before_the_model() -> None:
    able = model(supported=("tools",), unsupported=("caching",))
    elsewhere = offering(features=Features(unsupported=("tools",), supported=("caching",), **SEEN))

    assert said("feature", case(by=able, feature=("tools",))) == ("met", "supported")
    assert said("feature", case(by=able, feature=("caching",))) == ("violated", "not supported")
    assert said("feature", case(by=able, sold=elsewhere, feature=("tools",))) == ("violated", "not supported")
    assert said("feature", case(by=able, sold=elsewhere, feature=("caching",))) == ("met", "supported")
    assert said("feature", case(by=able, feature=("reasoning",))) == ("unknown", "not documented")
    assert said("feature", case(by=able, job=task(features=("tools",)))) == ("met", "supported")


def test_a_language_the_developer_does_not_list_is_not_supported() -> None:
    speaks = model(languages=Languages(codes=("en",), **SEEN))

    assert said("language", case(by=speaks, language=("en",))) == ("met", "1 languages: en")
    assert said("language", case(by=speaks, language=("de",)))[0] == "violated"
    assert said("language", case(language=("de",))) == ("unknown", "not documented")


@pytest.mark.parametrize(
    ("limits", "asked", "expected"),
    [
        ({"context_tokens": 200_000}, {"min_context": 200_000}, [("met", "200k")]),
        ({"context_tokens": 199_999}, {"min_context": 200_000}, [("violated", "200k")]),
        ({"context_tokens": 8_000}, {"input_tokens": 7_900, "output_tokens": 101}, [("violated", "8k")]),
        ({"context_tokens": 8_000}, {"input_tokens": 7_900, "output_tokens": 100}, [("met", "8k")]),
        ({"input_tokens": 8_000}, {"input_tokens": 8_000, "output_tokens": 5_000}, [("met", "8k")]),
        ({"input_tokens": 8_000, "context_tokens": 9_000}, {"input_tokens": 8_001}, [("violated", "8k"), ("met", "9k")]),
        (
            {"input_tokens": 8_000, "context_tokens": 9_000},
            {"input_tokens": 8_000, "output_tokens": 1_001},
            [("met", "8k"), ("violated", "9k")],
        ),
        (
            {"input_tokens": 8_000, "context_tokens": 99_000},
            {"min_context": 50_000, "input_tokens": 9_000},
            [("met", "99k"), ("violated", "8k")],
        ),
        ({}, {"input_tokens": 0, "output_tokens": 0}, []),
        ({}, {"min_context": 1_000, "input_tokens": 2_000}, [("unknown", "not documented"), ("unknown", "not documented")]),
        ({"context_tokens": 8_000}, {"min_context": 4_000, "input_tokens": 5_000}, [("met", "8k"), ("met", "8k")]),
    ],
)
def test_the_context_must_hold_what_is_asked_and_every_request(limits: dict[str, Any], asked: dict[str, Any], expected: object) -> None:
    by = model(limits=Limits(**limits, **SEEN))

    assert [(item.outcome, item.actual) for item in verdicts("context", case(by=by, **asked))] == expected


def test_an_offering_may_have_limits_of_its_own() -> None:
    here = offering(limits=Limits(context_tokens=128_000, **SEEN))

    assert [item.actual for item in verdicts("context", case(sold=here, min_context=200_000))] == ["128k"]


def test_the_longest_answer_must_be_allowed() -> None:
    short = model(limits=Limits(context_tokens=100_000, output_tokens=4_000, **SEEN))

    assert said("output", case(by=short, min_output=4_000)) == ("met", "4k")
    assert said("output", case(by=short, min_output=4_001))[0] == "violated"
    assert said("output", case(by=short, output_tokens=5_000)) == ("violated", "4k")
    assert said("output", case(min_output=4_000)) == ("unknown", "not documented")
    assert verdicts("output", case(output_tokens=5_000)) == []


def test_an_effort_must_be_one_the_model_offers() -> None:
    assert said("effort", case(by=model(efforts=("low", "high")), effort="high")) == ("met", "low, high")
    assert said("effort", case(by=model(efforts=("low",)), effort="high"))[0] == "violated"
    assert said("effort", case(effort="high")) == ("unknown", "efforts not documented")
    assert said("effort", case(by=model(unsupported=("reasoning",)), effort="high")) == ("violated", "does not reason")
    assert said("effort", case(by=model(unsupported=("reasoning",)), effort="none")) == ("met", "does not reason")


# ---------------------------------------------------------------- the license

BEAR = License(
    id="bear",
    name="Bear License",
    commercial_use="conditional",
    conditions="Show its name",
    thresholds=(Threshold(measure="monthly_active_users", above=700_000_000, then="a license from Borealis"),),
    territories=(Territory(geography="eu", input=("image",), says="No rights in the EU"),),
    **SEEN,
)


def test_the_license_is_that_of_the_offering_before_that_of_the_model() -> None:
    free = model(license_id="mit", open_weights=True)
    sold_otherwise = offering(license=model(license_id="terms").license)

    assert said("license", case(by=free, license=("mit", "apache"))) == ("met", "mit")
    assert said("license", case(by=free, sold=sold_otherwise, license=("mit",))) == ("violated", "terms")
    assert said("license", case(license=("mit",))) == ("unknown", "not documented")


def test_open_weights_are_a_fact_of_the_model() -> None:
    assert said("open_weights", case(by=model(license_id="mit", open_weights=True), open_weights=True)) == ("met", "open, mit")
    assert said("open_weights", case(by=model(license_id="terms"), open_weights=True)) == ("violated", "no weights")
    assert said("open_weights", case(open_weights=True)) == ("unknown", "not documented")


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        ("yes", ("met", "Some allows it")),
        ("no", ("violated", "Some forbids it")),
        ("conditional", ("unknown", "Some allows it under conditions")),
        (None, ("unknown", "some does not say")),
    ],
)
def test_commercial_use_is_what_the_license_says(allowed: Any, expected: tuple[str, str]) -> None:
    terms = License(id="some", name="Some", commercial_use=allowed, **SEEN)

    assert said("commercial_use", case(by=model(license_id="some"), licenses=[terms], commercial_use=True)) == expected


def test_commercial_use_without_a_known_license_is_unknown() -> None:
    assert said("commercial_use", case(commercial_use=True)) == ("unknown", "license not documented")
    assert said("commercial_use", case(by=model(license_id="gone"), commercial_use=True)) == ("unknown", "gone does not say")


@pytest.mark.parametrize(
    ("takes", "asked", "expected", "todo"),
    [
        (
            ("text",),
            {},
            "unknown",
            "above 700M monthly active users it needs a license from Borealis: say yours with --monthly-active-users",
        ),
        (("text",), {"monthly_active_users": 700_000_000}, "met", "Show its name"),
        (("text",), {"monthly_active_users": 700_000_001}, "violated", ""),
        (("text", "image"), {"monthly_active_users": 1}, "unknown", "No rights in the EU: say where your company is with --based-in"),
        (("text", "image"), {"monthly_active_users": 1, "based_in": "eu"}, "violated", ""),
        (("text", "image"), {"monthly_active_users": 1, "based_in": "de"}, "violated", ""),
        (("text", "image"), {"monthly_active_users": 1, "based_in": "us"}, "met", "Show its name"),
    ],
)
def test_thresholds_and_territories_ask_about_the_company(takes: Any, asked: dict[str, Any], expected: str, todo: str) -> None:
    found = verdict("commercial_use", case(by=model(license_id="bear", takes=takes), licenses=[BEAR], commercial_use=True, **asked))

    assert (found.outcome, found.todo) == (expected, todo)


# ---------------------------------------------------------------- where it runs


def runs(kind: ScopeKind = "in_region", regions: Sequence[str] | None = ("eu-1", "us-1"), **facts: Any) -> Offering:
    return offering(scopes=[scope(kind, regions, **facts)])


EU = platform(geographies={"eu": PlatformGeography(within="eu", **SEEN)})


@pytest.mark.parametrize(
    ("sold", "on", "expected"),
    [
        (runs(), None, ("met", "in_region: eu-1")),
        (runs(regions=("us-1",)), None, ("violated", "only in us-1")),
        (runs(regions=None), None, ("unknown", "regions not documented")),
        (runs("global"), None, ("violated", "global: may be processed anywhere")),
        (runs("geo"), EU, ("met", "geo:eu stays in eu")),
        (
            runs("geo", geography="usa"),
            platform(geographies={"usa": PlatformGeography(within="us", **SEEN)}, processing={}),
            ("violated", "geo:usa: runs in US"),
        ),
        (runs("geo"), None, ("unknown", "the geography's countries are not documented")),
        (
            runs("geo"),
            platform(geographies={"eu": PlatformGeography(countries=("DE", "CH", "GB"), **SEEN)}),
            ("violated", "geo:eu: may run in CH, GB"),
        ),
        (runs("geo"), platform(geographies={"eu": PlatformGeography(countries=("DE",), **SEEN)}), ("met", "geo:eu stays in eu")),
        (
            runs("geo"),
            platform(geographies={"eu": PlatformGeography(countries=("DE",), for_some_models=("DE", "GB"), **SEEN)}),
            ("unknown", "geo:eu: for some models also in GB"),
        ),
        (runs("geo"), platform(geographies={"eu": PlatformGeography(within="europe", **SEEN)}), ("violated", "geo:eu: may run in CH, GB")),
        (
            runs(),
            platform(processing={"in_region": Processing(stays=False, **SEEN)}),
            ("unknown", "in_region: the platform does not promise that processing stays"),
        ),
        (runs(), platform(processing={}), ("unknown", "in_region: not documented")),
        (offering(scopes=[]), None, ("unknown", "the catalog does not say where it runs")),
        (runs("geo", access="on_request", how="Enroll"), EU, ("unknown", "only on request")),
        (runs(access="none"), None, ("violated", "not offered")),
        (runs(regions=None), platform(kind="self-hosted", cloud=None), ("met", "your own machines")),
    ],
)
def test_residency_needs_a_promise_that_processing_stays(sold: Offering, on: Platform | None, expected: tuple[str, str]) -> None:
    assert said("residency", case(sold=sold, on=on, residency=("eu",))) == expected


def test_a_country_is_a_geography_too() -> None:
    assert said("residency", case(residency=("DE",))) == ("met", "in_region: eu-1")
    assert said("residency", case(residency=("fr",)))[0] == "violated"


def test_a_region_must_be_one_from_which_it_can_be_called() -> None:
    assert said("region", case(region=("us-1", "eu-2"))) == ("met", "in_region from us-1")
    assert said("region", case(region=("eu-2",))) == ("violated", "in_region from eu-1, us-1")
    assert said("region", case(sold=runs(regions=None), region=("eu-2",))) == ("unknown", "regions not documented")


@pytest.mark.parametrize(
    ("terms", "sold", "expected"),
    [
        ({"access": "default"}, None, ("met", "holds by default")),
        ({"access": "self_serve", "how": "Sign"}, None, ("met", "you turn it on or sign it yourself")),
        ({"access": "on_request"}, None, ("unknown", "only on request")),
        ({"access": "none"}, None, ("violated", "not offered")),
        ({"access": "default", "models": ("acme/atlas",)}, None, ("met", "holds by default")),
        ({"access": "default", "developers": ("acme",)}, None, ("met", "holds by default")),
        ({"access": "default", "developers": ("cirrus",)}, None, ("unknown", "documented for cirrus only")),
        ({"access": "none", "developers": ("cirrus",)}, None, ("violated", "not offered")),
        ({"access": "default", "regions": ("eu-1",)}, None, ("met", "holds by default")),
        ({"access": "default", "regions": ("eu-2",)}, None, ("violated", "holds only in eu-2, where it is not offered")),
        ({"access": "default", "regions": ("eu-1",)}, runs("geo"), ("unknown", "holds only in eu-1")),
        (
            {"access": "default", "regions": ("eu-2",), "developers": ("cirrus",)},
            None,
            ("violated", "holds only in eu-2, where it is not offered"),
        ),
        ({"access": "default", "regions": ("eu-1",), "developers": ("cirrus",)}, None, ("unknown", "documented for cirrus only")),
        ({"access": "default", "regions": ("eu-1",)}, offering(scopes=(scope(regions=None),)), ("unknown", "holds only in eu-1")),
        ({"access": "default", "regions": ("eu-1",)}, runs("global"), ("violated", "holds only in eu-1")),
    ],
)
def test_a_program_must_cover_the_model_where_it_runs(terms: dict[str, Any], sold: Offering | None, expected: tuple[str, str]) -> None:
    on = platform(compliance={"hipaa": Compliance(**terms, **SEEN)})

    assert said("compliance", case(on=on, sold=sold, compliance=("hipaa",))) == expected


def test_the_terms_of_an_offering_go_before_those_of_its_platform() -> None:
    on = platform(
        compliance={"hipaa": Compliance(access="default", **SEEN)},
        no_training=Terms(access="default", **SEEN),
        retention=Retention(days=0, **SEEN),
    )
    sold = offering(
        compliance={"hipaa": Compliance(access="none", **SEEN)},
        no_training=Terms(access="none", **SEEN),
        retention=Retention(days=30, zero="none", **SEEN),
    )
    asked: dict[str, Any] = {"compliance": ("hipaa",), "no_training": True, "max_retention_days": 0}

    for name in ("compliance", "training", "retention"):
        assert verdict(name, case(on=on, **asked)).outcome == "met"
        assert verdict(name, case(on=on, sold=sold, **asked)).outcome == "violated"


def test_a_program_that_nobody_documents_is_unknown() -> None:
    assert said("compliance", case(compliance=("hipaa",))) == ("unknown", "not documented")


def test_region_residency_and_compliance_must_hold_in_one_region() -> None:
    on = platform(compliance={"hipaa": Compliance(access="default", regions=("us-1",), **SEEN)})
    split = case(on=on, residency=("eu",), compliance=("hipaa",))
    together = case(on=on, residency=("us",), compliance=("hipaa",), region=("us-1",))

    assert {verdict(name, split).outcome for name in ("residency", "compliance")} == {"met"}
    assert said("one_region", split) == ("violated", "no region meets all of them")
    assert said("one_region", together) == ("met", "all hold in us-1")
    assert verdicts("one_region", case(on=on, residency=("eu",))) == []
    assert verdicts("one_region", case(sold=runs("global"), on=on, residency=("eu",), compliance=("hipaa",))) == []


# ---------------------------------------------------------------- the data

ACCESS = [("default", "met"), ("self_serve", "met"), ("on_request", "unknown"), ("none", "violated")]


@pytest.mark.parametrize(("access", "outcome"), ACCESS)
@pytest.mark.parametrize(
    ("name", "field"),
    [("training", "no_training"), ("private_network", "private_network"), ("customer_managed_keys", "customer_managed_keys")],
)
def test_a_protection_counts_by_how_a_customer_gets_it(name: str, field: str, access: Access, outcome: str) -> None:
    facts: dict[str, Any] = {field: Terms(access=access, how="Ask for it", **SEEN)}
    asked: dict[str, Any] = {field: True}
    found = verdict(name, case(on=platform(**facts), **asked))

    assert (found.outcome, found.source) == (outcome, CITED)
    assert said(name, case(**asked)) == ("unknown", "not documented")


@pytest.mark.parametrize(
    ("terms", "expected", "todo"),
    [
        ({"days": 0}, ("met", "not kept"), ""),
        ({"days": 7}, ("met", "kept 7 days"), ""),
        ({"days": 0, "flagged_days": 30, "zero": "none"}, ("violated", "not kept, flagged traffic 30 days; no zero retention"), ""),
        ({"days": 30, "zero": "self_serve"}, ("met", "kept 30 days; zero retention can be turned on"), "turn on zero retention at Nimbus"),
        ({"days": 30, "zero": "on_request", "how": "Ask sales"}, ("unknown", "kept 30 days; zero retention only on request"), "Ask sales"),
        ({"zero": "self_serve"}, ("met", "days kept not documented; zero retention can be turned on"), "turn on zero retention at Nimbus"),
        (
            {"zero": "none"},
            ("unknown", "days kept not documented; no zero retention"),
            "ask Nimbus Inc how long prompts and answers are kept",
        ),
        ({"days": 30}, ("unknown", "kept 30 days; zero retention not documented"), "ask Nimbus Inc for zero retention"),
        ({"days": 30, "zero": "none"}, ("violated", "kept 30 days; no zero retention"), ""),
    ],
)
def test_retention_counts_the_longest_time_anything_is_kept(terms: dict[str, Any], expected: tuple[str, str], todo: str) -> None:
    found = verdict("retention", case(on=platform(retention=Retention(**terms, **SEEN)), max_retention_days=7))

    assert (found.outcome, found.actual) == expected
    assert found.todo == todo
    assert said("retention", case(max_retention_days=7)) == ("unknown", "not documented")


def test_customization_is_a_fact_of_the_offering_and_the_platform_only_rules_it_out() -> None:
    here = offering(customization={"fine-tuning": Customization(access="self_serve", **SEEN)})
    general = platform(customization={"fine-tuning": Customization(access="default", **SEEN)})
    never = platform(customization={"fine-tuning": Customization(access="none", **SEEN)})

    assert verdict("customization", case(sold=here, on=never, customization=("fine-tuning",))).outcome == "met"
    assert said("customization", case(on=general, customization=("fine-tuning",))) == (
        "unknown",
        "offered there, not documented for this model",
    )
    assert said("customization", case(on=never, customization=("fine-tuning",))) == ("violated", "not offered")
    assert said("customization", case(customization=("fine-tuning",))) == ("unknown", "not documented")


# ---------------------------------------------------------------- what was chosen, and its life


def test_what_was_chosen_or_chosen_away_is_told_by_name() -> None:
    asked: dict[str, Any] = {
        "platform": ("nimbus",),
        "exclude_platform": ("nimbus",),
        "developer": ("cirrus",),
        "exclude": ("atlas", "acme", "bear"),
    }
    found = [(item.constraint, item.outcome, item.required) for item in verdicts("choice", case(**asked))]

    assert found == [
        ("platform", "met", "nimbus"),
        ("platform", "violated", "not nimbus"),
        ("developer", "violated", "cirrus"),
        ("exclude", "violated", "not atlas"),
        ("exclude", "violated", "not acme"),
    ]


def life(stage: Any = "ga", **dates: Any) -> Lifecycle:
    return Lifecycle(stage=stage, **dates, **SEEN)


@pytest.mark.parametrize(
    ("lives", "asked", "expected"),
    [
        (life(), {}, ("met", "ga")),
        (life(retires_on=date(2027, 6, 1)), {}, ("met", "ga, ends 2027-06-01")),
        (life(retires_on=date(2026, 11, 23), successor="acme/new"), {}, ("violated", "retired since 2026-11-23; successor acme/new")),
        (life("retired"), {}, ("violated", "retired")),
        (life(available_on=date(2026, 11, 24)), {}, ("violated", "for sale from 2026-11-24")),
        (life("preview"), {}, ("violated", "preview")),
        (life("preview"), {"allow_preview": True}, ("met", "preview")),
        (life("legacy", legacy_on=date(2026, 10, 1)), {}, ("violated", "legacy since 2026-10-01")),
        (life("legacy"), {"allow_legacy": True}, ("met", "legacy")),
        (life(legacy_on=date(2026, 11, 23)), {}, ("violated", "legacy since 2026-11-23")),
        (life(retires_on=date(2027, 2, 20)), {}, ("violated", "ends 2027-02-20, in 89 days")),
        (life(retires_on=date(2027, 2, 21)), {}, ("met", "ga, ends 2027-02-21")),
        (life(retires_on=date(2027, 1, 1)), {"allow_legacy": True}, ("met", "ga, ends 2027-01-01")),
    ],
)
def test_only_what_is_for_sale_and_not_closing_may_be_ranked(lives: Lifecycle, asked: dict[str, Any], expected: tuple[str, str]) -> None:
    assert said("lifecycle", case(sold=offering(lifecycle=lives), **asked)) == expected


def test_an_unknown_life_is_unknown() -> None:
    nowhere = case(sold=offering().model_copy(update={"lifecycle": None}), supported_until=date(2027, 1, 1))

    assert said("lifecycle", nowhere) == ("unknown", "not documented")
    assert verdict("supported_until", nowhere).outcome == "unknown"
    assert stage_on(None, ON) is None


@pytest.mark.parametrize(
    ("lives", "expected"),
    [
        (life(retires_on=date(2027, 6, 1)), ("met", "ends 2027-06-01")),
        (life(retires_on=date(2027, 5, 31)), ("violated", "ends 2027-05-31")),
        (life(retires_not_before=date(2027, 6, 1)), ("met", "not before 2027-06-01")),
        (life(retires_not_before=date(2027, 5, 31)), ("unknown", "no end announced, and none promised")),
        (life(), ("unknown", "no end announced, and none promised")),
    ],
)
def test_support_needs_a_date_or_a_promise(lives: Lifecycle, expected: tuple[str, str]) -> None:
    assert said("supported_until", case(sold=offering(lifecycle=lives), supported_until=date(2027, 6, 1))) == expected


# ---------------------------------------------------------------- tier, cost and speed


@pytest.mark.parametrize(
    ("tier", "within", "outcome"),
    [
        ("standard", "interactive", "met"),
        ("flex", "interactive", "violated"),
        ("flex", "minutes", "met"),
        ("batch", "minutes", "violated"),
        ("batch", "hours", "met"),
    ],
)
def test_a_tier_must_answer_in_time(tier: str, within: str, outcome: str) -> None:
    assert verdict("answer_within", case(tier=tier, answer_within=within)).outcome == outcome


def test_a_tier_that_is_sold_on_request_is_unknown() -> None:
    on = platform(tiers={"priority": TierTerms(access="on_request", **SEEN)})

    assert [(item.constraint, item.outcome) for item in verdicts("answer_within", case(on=on, tier="priority"))] == [
        ("answer_within", "met"),
        ("tier", "unknown"),
    ]


def test_a_budget_is_for_the_month_and_for_the_request() -> None:
    asked: dict[str, Any] = {"max_cost": Decimal(100), "max_cost_per_request": Decimal(99)}

    assert [(item.constraint, item.outcome, item.actual) for item in verdicts("cost", case(figures=estimate("100"), **asked))] == [
        ("cost", "met", "$100.00 a month"),
        ("cost_per_request", "violated", "$100.00 a request"),
    ]
    assert {item.outcome for item in verdicts("cost", case(figures=estimate(None), **asked))} == {"unknown"}
    assert verdicts("cost", case(**asked)) == []


@pytest.mark.parametrize(
    ("low", "high", "outcome"), [(0.5, 1.0, "met"), (0.5, 1.1, "unknown"), (1.0, 2.0, "unknown"), (1.01, 2.0, "violated")]
)
def test_a_time_is_met_when_all_of_its_interval_is(low: float, high: float, outcome: str) -> None:
    figures = replace(estimate(), ttft_s=Interval(low, high, "timed"))

    assert verdict("speed", case(figures=figures, max_ttft=Decimal(1))).outcome == outcome


@pytest.mark.parametrize(("low", "high", "outcome"), [(50, 60, "met"), (40, 50, "unknown"), (40, 60, "unknown"), (40, 49, "violated")])
def test_a_rate_is_met_when_all_of_its_interval_is(low: float, high: float, outcome: str) -> None:
    figures = replace(estimate(), output_tokens_per_s=Interval(low, high, "timed"))

    assert verdict("speed", case(figures=figures, min_throughput=Decimal(50))).outcome == outcome


def test_a_verdict_on_speed_says_how_it_is_known() -> None:
    figures = replace(estimate(), answer_s=Interval(2.0, 30.0, "estimated from the family atlas", "estimated"))

    found = verdict("speed", case(figures=figures, max_answer_s=Decimal(10)))

    assert (found.constraint, found.outcome, found.required) == ("answer", "unknown", "at most 10 s to the end of an answer")
    assert (found.actual, found.source) == ("2 to 30 s to the end of an answer, estimated", "estimated from the family atlas")
    assert found.todo == "measure it at Nimbus with your own prompts (fmselect measure)"


def test_a_speed_that_nobody_measured_is_unknown() -> None:
    found = verdicts("speed", case(figures=estimate(), max_ttft=Decimal(1), min_throughput=Decimal(50)))

    assert [(item.constraint, item.outcome, item.actual) for item in found] == [
        ("ttft", "unknown", "not measured"),
        ("throughput", "unknown", "not measured"),
    ]
    assert verdicts("speed", case(max_ttft=Decimal(1))) == []


@pytest.mark.parametrize(
    ("constraint", "fact", "needs"),
    [
        ("compliance", "compliance.irap", {"compliance": ("irap",)}),
        ("compliance", "compliance", {"compliance": ("irap",)}),
        ("training", "no_training", {"no_training": True}),
        ("retention", "retention", {"max_retention_days": 0}),
        ("private_network", "private_network", {"private_network": True}),
        ("customer_managed_keys", "customer_managed_keys", {"customer_managed_keys": True}),
    ],
)
def test_what_was_looked_for_and_not_found_is_unknown_with_where_it_was_looked_for(
    constraint: str, fact: str, needs: dict[str, Any]
) -> None:
    on = platform(not_documented=(NotDocumented(facts=(fact,), **SEEN),))

    assert said(constraint, case(on=on, **needs)) == ("unknown", "looked for, not documented")
    assert verdict(constraint, case(on=on, **needs)).source == CITED
    assert said(constraint, case(on=platform(), **needs)) == ("unknown", "not documented")


def test_a_constraint_that_is_not_asked_for_would_have_nothing_to_say() -> None:
    for found in (case(), case(min_context=200_000, answer_within="hours")):
        judges = asked(found.requirements, found.task)
        for level in get_args(Level):
            assert screen(replace(found, judges=judges), level) == screen(found, level)
    everything = {judge for level in get_args(Level) for judge in asked(requirements(), task())[level]}
    assert {c.name for c in CONSTRAINTS if c.judge not in everything} == {c.name for c in CONSTRAINTS if c.asked_by}


@pytest.mark.parametrize("name", sorted({name for constraint in CONSTRAINTS for name in constraint.asked_by}))
def test_a_requirement_brings_its_constraints_in(name: str) -> None:
    value: Any = {"no_training": True, "open_weights": True, "commercial_use": True, "private_network": True, "customer_managed_keys": True}
    stated = value.get(name, 0 if name.startswith("max_") else 1 if name.startswith("min_") else None)
    if stated is None:
        stated = {"effort": "low", "supported_until": date(2027, 1, 1), "language": ("de",)}.get(name, ("nimbus",))
    wanted = {constraint.judge for constraint in CONSTRAINTS if name in constraint.asked_by}

    judged = {judge for judges in asked(requirements(**{name: stated}), task()).values() for judge in judges}

    assert wanted <= judged
