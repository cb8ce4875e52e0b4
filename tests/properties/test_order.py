"""The order: no alternative moves the others, cheaper or better never loses places, the dominated never win."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from fmselect.catalog.catalog import Catalog
from fmselect.catalog.derived import Ability
from fmselect.catalog.schema import Offering, TokenRates
from fmselect.recommendation import Judged, Recommendation, recommend
from fmselect.scoring import dominates, ordered
from tests.builders import ON, requirements
from tests.properties.catalogs import catalogs, wishes

Key = tuple[object, ...]


def every(found: Catalog, asked: dict[str, Any]) -> Recommendation:
    """Rank every alternative."""
    return recommend(found, requirements(**{**asked, "per": "alternative", "top": 10_000}), ON)


def keys(items: tuple[Judged, ...]) -> list[Key]:
    return [item.alternative.key for item in items]


def with_offerings(found: Catalog, offerings: list[Offering]) -> Catalog:
    return replace(found, offerings={one.id: one for one in offerings})


@given(catalogs(), wishes(), st.data())
def test_removing_an_offering_never_reorders_the_others(found: Catalog, asked: dict[str, Any], data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(sorted(found.offerings)))
    rest = with_offerings(found, [one for one in found.offerings.values() if one.id != gone])

    before, after = every(found, asked), every(rest, asked)

    assert keys(after.eligible) == [key for key in keys(before.eligible) if key[0] != gone]
    assert keys(after.unverified) == [key for key in keys(before.unverified) if key[0] != gone]


@given(catalogs(), wishes(), st.data())
def test_a_copy_of_an_offering_never_reorders_the_others(found: Catalog, asked: dict[str, Any], data: st.DataObject) -> None:
    one = found.offerings[data.draw(st.sampled_from(sorted(found.offerings)))]
    copy = one.model_copy(update={"id": f"{one.id}-copy"})
    more = with_offerings(found, [*found.offerings.values(), copy])

    before, after = every(found, asked), every(more, asked)

    assert [key for key in keys(after.eligible) if key[0] != copy.id] == keys(before.eligible)
    scores = {item.alternative.key[1:]: item.score for item in after.eligible if item.alternative.offering.id == one.id}
    assert scores == {item.alternative.key[1:]: item.score for item in after.eligible if item.alternative.offering.id == copy.id}


@given(catalogs(), wishes(), st.data())
def test_leaving_any_alternatives_out_keeps_the_order_of_the_rest(found: Catalog, asked: dict[str, Any], data: st.DataObject) -> None:
    whole = list(every(found, {**asked, "unknown": "allow"}).eligible)
    kept = data.draw(st.lists(st.sampled_from(whole), unique_by=id)) if whole else []

    assert ordered(kept) == [item for item in whole if any(item is one for one in kept)]


def place(found: Recommendation, key: Key) -> int:
    return keys(found.eligible).index(key)


@given(catalogs(), wishes(), st.data(), st.sampled_from([Decimal(0), Decimal("0.5"), Decimal("0.999")]))
def test_a_cheaper_one_never_ranks_lower(found: Catalog, asked: dict[str, Any], data: st.DataObject, factor: Decimal) -> None:
    before = every(found, asked)
    assume(before.eligible)
    item = data.draw(st.sampled_from(before.eligible))
    one = item.alternative.offering
    cheaper = one.model_copy(
        update={"prices": tuple(cut(price, factor) if price in item.alternative.prices else price for price in one.prices)}
    )
    others = [cheaper if other.id == one.id else other for other in found.offerings.values()]

    after = every(with_offerings(found, others), asked)

    # the other alternatives of the offering share its price: only those of other offerings tell
    mine = item.alternative.key
    ahead = [key for key in keys(after.eligible)[: place(after, mine)] if key[0] != one.id]
    assert set(ahead) <= set(keys(before.eligible)[: place(before, mine)])


def cut(price: Any, factor: Decimal) -> Any:
    rates = {name: rate * factor for name, rate in price.usd_per_mtok if rate is not None}
    return price.model_copy(update={"usd_per_mtok": TokenRates(**rates)})


@given(catalogs(), wishes(), st.data(), st.floats(0.001, 3))
def test_a_better_one_never_ranks_lower(found: Catalog, asked: dict[str, Any], data: st.DataObject, gain: float) -> None:
    before = every(found, asked)
    able = [item for item in before.eligible if item.alternative.model.id in found.derived.abilities["chat"]]
    assume(able)
    item = data.draw(st.sampled_from(able))
    own = found.derived.abilities["chat"]
    (was,) = own[item.alternative.model.id]
    better = {**own, item.alternative.model.id: (Ability(theta=was.theta + gain, sd=was.sd),)}

    after = every(replace(found, derived=found.derived.model_copy(update={"abilities": {"chat": better}})), asked)

    mine = item.alternative.key
    others = [other.alternative.key for other in after.eligible if other.alternative.model.id != item.alternative.model.id]
    ahead = set(keys(after.eligible)[: place(after, mine)]) & set(others)
    assert ahead <= set(keys(before.eligible)[: place(before, mine)])


@given(catalogs(), wishes())
def test_one_that_dominates_stands_before_what_it_dominates(found: Catalog, asked: dict[str, Any]) -> None:
    ranked = every(found, {**asked, "unknown": "allow"})

    for rank, item in enumerate(ranked.eligible):
        assert not any(dominates(later, item) for later in ranked.eligible[rank + 1 :])
    assert all(row.pareto for row in ranked.ranking[:1])


@given(catalogs(), wishes())
def test_the_same_question_has_the_same_answer(found: Catalog, asked: dict[str, Any]) -> None:
    turned = with_offerings(found, list(found.offerings.values())[::-1])

    assert keys(every(found, asked).eligible) == keys(every(turned, asked).eligible)
    assert every(found, asked).assumptions == every(found, asked).assumptions


@given(catalogs(), wishes())
def test_a_score_is_the_sum_of_its_parts_and_lies_in_its_interval(found: Catalog, asked: dict[str, Any]) -> None:
    for item in every(found, asked).judged:
        low, high = item.interval
        assert abs(item.score - sum(part.contribution for part in item.parts.values())) < 1e-9
        assert -1e-9 <= low <= item.score + 1e-9 <= high + 2e-9 <= 1 + 3e-9
        assert all(0 <= part.reading.low <= part.reading.value <= part.reading.high <= 1 for part in item.parts.values())
