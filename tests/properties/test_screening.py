"""Screening: tightening never admits, what is unknown is never ranked by default, and nothing is lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fmselect.catalog.catalog import Catalog
from fmselect.recommendation import Recommendation, recommend
from tests.builders import ON, requirements
from tests.properties.catalogs import catalogs, wishes

TIGHTER: dict[str, list[Any]] = {
    "answer_within": ["hours", "minutes", "interactive"],
    "max_cost": [None, Decimal(10_000), Decimal(100), Decimal(1), Decimal(0)],
    "max_cost_per_request": [None, Decimal(1), Decimal("0.001"), Decimal(0)],
    "max_ttft": [None, Decimal(30), Decimal(5), Decimal(0)],
    "min_throughput": [None, Decimal(2), Decimal(20), Decimal(100)],
    "min_context": [None, 4_000, 128_000, 200_000, 2_000_000],
    "min_output": [None, 1_000, 100_000],
    "input_modality": [(), ("image",)],
    "feature": [(), ("tools",), ("tools", "caching")],
    "language": [(), ("de",), ("de", "en")],
    "region": [("eu-1", "eu-2", "us-1"), ("eu-1", "us-1"), ("us-1",)],
    "residency": [(), ("europe",), ("europe", "eu")],
    "compliance": [(), ("soc2",), ("soc2", "hipaa")],
    "no_training": [False, True],
    "max_retention_days": [None, 30, 7, 0],
    "private_network": [False, True],
    "customer_managed_keys": [False, True],
    "open_weights": [False, True],
    "customization": [(), ("fine-tuning",)],
    "platform": [("nimbus", "other"), ("nimbus",)],
    "exclude_platform": [(), ("other",), ("other", "third")],
    "developer": [("acme", "cirrus"), ("cirrus",)],
    "exclude": [(), ("twins",), ("twins", "c")],
    "supported_until": [None, date(2027, 1, 1), date(2030, 1, 1)],
    "allow_preview": [True, False],
    "allow_legacy": [True, False],
    "unknown": ["allow", "list", "exclude"],
}
"""Every constraint, from loose to tight. An effort is no constraint: it opens another alternative."""


def run(found: Catalog, asked: dict[str, Any]) -> Recommendation:
    return recommend(found, requirements(**{**asked, "per": "alternative", "top": 10_000}), ON)


def eligible(found: Catalog, asked: dict[str, Any]) -> set[object]:
    return {item.alternative.key for item in run(found, asked).eligible}


@pytest.mark.parametrize("name", sorted(TIGHTER))
@settings(max_examples=25)
@given(found=catalogs(), asked=wishes(), data=st.data())
def test_tightening_a_constraint_never_adds_an_alternative(name: str, found: Catalog, asked: dict[str, Any], data: st.DataObject) -> None:
    steps = TIGHTER[name]
    loose = data.draw(st.integers(0, len(steps) - 2))
    tight = data.draw(st.integers(loose + 1, len(steps) - 1))

    assert eligible(found, {**asked, name: steps[tight]}) <= eligible(found, {**asked, name: steps[loose]})


@given(catalogs(), wishes())
def test_nothing_unknown_is_ranked_by_default(found: Catalog, asked: dict[str, Any]) -> None:
    asked.pop("unknown", None)

    for item in run(found, asked).eligible:
        assert {verdict.outcome for verdict in item.verdicts} == {"met"}


@given(catalogs(), wishes())
def test_every_offering_is_ranked_unverified_or_excluded_with_a_reason(found: Catalog, asked: dict[str, Any]) -> None:
    answer = run(found, asked)
    ranked = {item.alternative.offering.id for item in answer.eligible}
    unverified = {item.alternative.offering.id for item in answer.unverified}
    excluded = {item.alternative.offering.id for item in answer.excluded}

    assert len(ranked) + len(unverified) + len(excluded) == len(found.offerings)
    assert ranked | unverified | excluded == set(found.offerings)
    assert all(answer.reasons(item) for item in answer.excluded)
    assert all(item.of_outcome("unknown") and not item.of_outcome("violated") for item in answer.unverified)
    assert sum(answer.excluded_by.values()) >= len(excluded)


@given(catalogs(), wishes(), st.data())
def test_forgetting_a_fact_of_a_platform_never_admits_an_alternative(found: Catalog, asked: dict[str, Any], data: st.DataObject) -> None:
    """Hiding something bad must not pay: what is not said is unknown."""
    asked.pop("unknown", None)
    name = data.draw(st.sampled_from(sorted(found.platforms)))
    fact = data.draw(st.sampled_from(["compliance", "no_training", "retention", "private_network", "processing", "geographies"]))
    nothing: Any = {} if fact in ("compliance", "processing", "geographies") else None
    silent = found.platforms[name].model_copy(update={fact: nothing})

    after = eligible(replace(found, platforms={**found.platforms, name: silent}), asked)

    assert after <= eligible(found, asked)


@given(catalogs(), wishes(), st.data())
def test_forgetting_a_fact_of_a_model_never_admits_an_alternative(found: Catalog, asked: dict[str, Any], data: st.DataObject) -> None:
    asked.pop("unknown", None)
    name = data.draw(st.sampled_from(sorted(found.models)))
    fact = data.draw(st.sampled_from(["limits", "features", "license", "modalities", "languages"]))
    silent = found.models[name].model_copy(update={fact: None})

    after = eligible(replace(found, models={**found.models, name: silent}), asked)

    assert after <= eligible(found, asked)


@given(catalogs(), wishes())
def test_relaxing_what_a_relaxation_names_is_what_its_offerings_lack(found: Catalog, asked: dict[str, Any]) -> None:
    answer = run(found, asked)
    out = {item.alternative.offering.id for item in answer.excluded}

    for relaxation in answer.relaxations:
        assert set(relaxation.offerings) <= out
        assert {verdict.constraint for verdict in relaxation.needs} == set(relaxation.constraints)
        assert {verdict.outcome for verdict in relaxation.needs} == {"violated"}


@given(catalogs(), wishes())
def test_what_offerings_share_is_judged_as_if_each_were_alone(found: Catalog, asked: dict[str, Any]) -> None:
    every = tuple(found.offerings)
    together = recommend(found, requirements(**asked), ON, in_full=every).judged

    for item in together:
        alone = replace(found, offerings={name: one for name, one in found.offerings.items() if name == item.alternative.offering.id})
        same = [
            other
            for other in recommend(alone, requirements(**asked), ON, in_full=every).judged
            if other.alternative.key == item.alternative.key
        ]
        assert [other.verdicts for other in same] == [item.verdicts]
