"""A source writes only the groups that cite it; what differs elsewhere is told until it is settled."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from fmselect.importers.findings import Finding, Findings, Origin
from fmselect.importers.merging import Merged, Owner, listed, merge

OLD, NEW = "https://pypi.org/project/litellm/1.0/", "https://pypi.org/project/litellm/1.1/"
DAY, TODAY = date(2026, 11, 1), date(2026, 11, 22)
OWNER = Owner("litellm", ("https://pypi.org/project/litellm/",), "row")
ENTRY = "offerings/atlas-2@nimbus"
MODELS = ("models/acme/atlas-2", "platforms/nimbus")
STAMP = {"source": NEW, "checked": TODAY, "secondary": True}


def cited(source: Any = OLD, **facts: Any) -> dict[str, Any]:
    return {**facts, "source": source, "checked": DAY}


def price(source: str = OLD, note: str | None = "litellm row atlas", **facts: Any) -> dict[str, Any]:
    told = {"tier": "standard", "usd_per_mtok": {"input": 3, "output": 15}, **facts}
    return {**cited(source, **told), **({"note": note} if note else {})}


def found(*names: str, rates: Any = None, places: Any = None, **facts: Any) -> Finding:
    told = {"tier": "standard", "usd_per_mtok": rates or {"input": 3, "output": 15}, **facts}
    return Finding(ENTRY, ("prices",), told, names or ("atlas",), places=places or {})


def limits(fills: bool = False, **facts: Any) -> Finding:
    return Finding("models/acme/atlas-2", ("limits",), facts, ("atlas",), fills=fills)


def merged(old: dict[str, Any], *findings: Finding, source: str = OLD, names: tuple[str, ...] = ()) -> Merged:
    every = frozenset({*names, *(name for finding in findings for name in finding.names)})
    return merge(old, Findings(findings, every), Origin(source, TODAY), OWNER, MODELS)


def told(result: Merged) -> list[tuple[str, str, str, str, str]]:
    return [(note.what, note.group, note.field, note.old, note.new) for note in result.notes]


# ---------------------------------------------------------------- groups


def test_a_group_that_is_missing_is_added_and_stamped() -> None:
    result = merged({"models/acme/atlas-2": {"name": "Atlas 2"}}, limits(context_tokens=5), source=NEW)

    assert result.data == {"models/acme/atlas-2": {"name": "Atlas 2", "limits": {"context_tokens": 5, **STAMP}}}
    assert told(result) == [("new", "limits", "", "", "context_tokens 5")]


def test_an_own_group_follows_the_source() -> None:
    old = {"models/acme/atlas-2": {"limits": {**cited(context_tokens=5, output_tokens=2), "note": "mine"}}}

    result = merged(old, limits(context_tokens=6, input_tokens=4), source=NEW)

    group = result.data["models/acme/atlas-2"]["limits"]
    assert group == {"context_tokens": 6, "output_tokens": 2, "input_tokens": 4, "source": NEW, "checked": TODAY, "note": "mine"}
    assert list(group)[:3] == ["context_tokens", "output_tokens", "input_tokens"]
    assert told(result) == [("changed", "limits", "context_tokens", "5", "6"), ("changed", "limits", "input_tokens", "", "4")]


def test_the_same_version_with_the_same_facts_changes_nothing() -> None:
    result = merged({"models/acme/atlas-2": {"limits": cited(context_tokens=5)}}, limits(context_tokens=5))

    assert (result.data, result.notes, result.same) == ({}, [], 1)


def test_a_newer_version_with_the_same_facts_confirms_them() -> None:
    result = merged({"models/acme/atlas-2": {"limits": cited(context_tokens=5)}}, limits(context_tokens=5), source=NEW)

    assert result.data["models/acme/atlas-2"]["limits"] == {"context_tokens": 5, "source": NEW, "checked": TODAY}
    assert (result.notes, result.confirmed) == ([], 1)


def test_a_newer_version_can_leave_the_dates_alone() -> None:
    old = {"models/acme/atlas-2": {"limits": cited(context_tokens=5)}}

    result = merge(old, Findings((limits(context_tokens=5),), frozenset()), Origin(NEW, TODAY), OWNER, MODELS, confirm=False)

    assert (result.data, result.confirmed, result.same) == ({}, 1, 0)


def test_a_group_of_another_source_stays_and_the_difference_is_told() -> None:
    old = {"models/acme/atlas-2": {"limits": cited("https://acme.example/models", context_tokens=5)}}

    result = merged(old, limits(context_tokens=6, output_tokens=1), source=NEW)

    assert result.data == {}
    assert told(result) == [("differs", "limits", "context_tokens", "5", "6")]
    assert result.notes[0].why == "https://acme.example/models"


def test_a_group_of_another_source_that_says_the_same_agrees() -> None:
    old = {"models/acme/atlas-2": {"limits": cited("https://acme.example/models", context_tokens=5)}}

    assert merged(old, limits(context_tokens=5)).agreed == 1


def test_a_conflict_settles_a_difference_in_any_group() -> None:
    conflict = {"field": "context_tokens", "value": "6", "source": "litellm 1.0", "reason": "the vendor says 5"}
    for source in (OLD, "https://acme.example/models"):
        old = {"models/acme/atlas-2": {"limits": {**cited(source, context_tokens=5), "conflicts": (conflict,)}}}

        result = merged(old, limits(context_tokens=6))

        assert result.data == {}
        assert told(result) == [("settled", "limits", "context_tokens", "5", "6")]


def test_what_only_fills_is_not_compared() -> None:
    old = {"models/acme/atlas-2": {"limits": cited(context_tokens=5)}}

    assert merged(old, limits(fills=True, context_tokens=6)).notes == []


def test_lists_of_terms_agree_in_any_order() -> None:
    old = {"models/acme/atlas-2": {"modalities": cited(input=("text", "image"))}}
    finding = Finding("models/acme/atlas-2", ("modalities",), {"input": ["image", "text"]}, ("atlas",))

    assert merged(old, finding).same == 1


def test_a_group_inside_a_mapping() -> None:
    finding = Finding(ENTRY, ("customization", "fine-tuning"), {"access": "none"}, ("atlas",))

    result = merged({ENTRY: {"customization": {"other": cited(access="default")}}}, finding, source=NEW)

    assert result.data[ENTRY]["customization"] == {"other": cited(access="default"), "fine-tuning": {"access": "none", **STAMP}}


def test_a_whole_file_can_be_a_group() -> None:
    finding = Finding("benchmarks/duel", (), {"name": "Duel", "rows": ({"score": 1},)}, ("duel",))

    made = merged({}, finding, source=NEW)
    again = merged({"benchmarks/duel": cited(name="Duel", rows=({"score": 2},))}, finding, source=NEW)

    assert made.data["benchmarks/duel"] == {"name": "Duel", "rows": ({"score": 1},), **STAMP}
    assert told(again) == [("changed", "", "rows", "1 more", "1 more")]
    assert again.data["benchmarks/duel"] == {"name": "Duel", "rows": ({"score": 1},), "source": NEW, "checked": TODAY}


def test_scopes_are_matched_by_their_name() -> None:
    scope = {"scope": "geo", "geography": "eu", "regions": ("eu-1",)}
    finding = Finding(ENTRY, ("scopes",), {**scope, "regions": ("eu-1", "eu-2")}, ("eu.atlas",))

    changed = merged({ENTRY: {"scopes": (cited(**scope),)}}, finding)
    added = merged({ENTRY: {"scopes": (cited(scope="global"),)}}, finding)

    assert changed.data[ENTRY]["scopes"][0]["regions"] == ("eu-1", "eu-2")
    assert told(changed) == [("changed", "scopes geo:eu", "regions", "no more", "eu-2 more")]
    assert len(added.data[ENTRY]["scopes"]) == 2


# ---------------------------------------------------------------- lives


def life(**facts: Any) -> Finding:
    return Finding(ENTRY, ("lifecycle",), facts, ("atlas",), places={"stage": "ga"})


def test_an_end_date_is_compared_with_whichever_date_says_it() -> None:
    day = date(2027, 1, 1)
    for key in ("legacy_on", "retires_on", "retires_not_before"):
        assert merged({ENTRY: {"lifecycle": cited(stage="legacy", **{key: day})}}, life(retires_on=day)).same == 1


def test_a_new_end_date_goes_where_the_old_one_stands_and_the_stage_stays() -> None:
    old = {ENTRY: {"lifecycle": cited(stage="legacy", retires_not_before=date(2027, 1, 1))}}

    result = merged(old, life(retires_on=date(2027, 2, 1)))

    assert told(result) == [("changed", "lifecycle", "retires_not_before", "2027-01-01", "2027-02-01")]
    assert result.data[ENTRY]["lifecycle"]["stage"] == "legacy"


def test_a_list_without_end_date_takes_none_away() -> None:
    assert merged({ENTRY: {"lifecycle": cited(stage="legacy", retires_on=date(2027, 1, 1))}}, life()).same == 1


# ---------------------------------------------------------------- prices


def test_a_changed_rate_is_that_change_and_nothing_else() -> None:
    old = {ENTRY: {"prices": (price(note="litellm row atlas; seen on the page", scopes=("global",)), price(tier="batch"))}}

    result = merged(old, found(rates={"input": Decimal("2.5"), "output": 15}), source=NEW)

    assert told(result) == [("changed", "prices standard global", "usd_per_mtok.input", "3", "2.5")]
    assert result.data[ENTRY]["prices"][0] == {
        **price(NEW, "litellm row atlas; seen on the page", scopes=("global",)),
        "usd_per_mtok": {"input": Decimal("2.5"), "output": 15},
        "checked": TODAY,
    }
    assert result.data[ENTRY]["prices"][1] == old[ENTRY]["prices"][1]


def test_what_the_source_no_longer_says_goes() -> None:
    old = {ENTRY: {"prices": (price(steps=({"input_tokens": 200_000, "usd_per_mtok": {"input": 6}},)),)}}

    result = merged(old, found())

    assert "steps" not in result.data[ENTRY]["prices"][0]
    assert told(result) == [("changed", "prices standard", "steps above 200,000.input", "6", "")]


def test_what_people_said_about_a_bound_stays() -> None:
    step = {"input_tokens": 200_000, "inclusive": True, "usd_per_mtok": {"input": 6}}

    result = merged({ENTRY: {"prices": (price(steps=(step,)),)}}, found(steps=({"input_tokens": 200_000, "usd_per_mtok": {"input": 7}},)))

    assert result.data[ENTRY]["prices"][0]["steps"] == ({**step, "usd_per_mtok": {"input": 7}},)


def test_sizes_that_people_added_stay() -> None:
    old = {ENTRY: {"prices": (price(usd_per_image={"default": 1, "4k": 2}),)}}

    assert merged(old, found(usd_per_image={"default": 1})).same == 1


def test_a_price_is_found_by_its_names_before_its_place() -> None:
    old = {ENTRY: {"prices": (price(note="litellm row other"), price(note="litellm rows eu.atlas, us.atlas", scopes=("geo:eu", "geo:us")))}}

    result = merged(old, found("us.atlas", "eu.atlas", rates={"input": 4, "output": 15}), names=("other",))

    assert told(result) == [("changed", "prices standard geo:eu geo:us", "usd_per_mtok.input", "3", "4")]


def test_rows_that_part_become_two_prices() -> None:
    scopes = cited(scope="geo", geography="eu"), cited(scope="geo", geography="us")
    old = {ENTRY: {"scopes": scopes, "prices": (price(note="litellm rows eu.atlas, us.atlas; mine", scopes=("geo:eu", "geo:us")),)}}
    lists = (
        found("us.atlas", places={"scopes": ("geo:us",)}),
        found("eu.atlas", places={"scopes": ("geo:eu",)}, rates={"input": 4, "output": 15}),
    )

    result = merged(old, *lists)
    again = merged(result.data, *lists)

    assert [(p["scopes"], p["usd_per_mtok"]["input"], p["note"]) for p in result.data[ENTRY]["prices"]] == [
        (("geo:us",), 3, "litellm row us.atlas; mine"),
        (("geo:eu",), 4, "litellm row eu.atlas"),
    ]
    assert told(result) == [("changed", "prices standard geo:eu", "usd_per_mtok.input", "3", "4")]
    assert (again.data, again.notes) == ({}, [])


def test_a_price_that_lists_a_name_alone_goes_before_one_that_lists_it_among_others() -> None:
    prices = (price(note="litellm rows eu.atlas, us.atlas", scopes=("geo:us",)), price(note="litellm row eu.atlas", scopes=("geo:eu",)))

    result = merged({ENTRY: {"prices": prices}}, found("eu.atlas", rates={"input": 4, "output": 15}), names=("us.atlas",))

    assert told(result) == [("changed", "prices standard geo:eu", "usd_per_mtok.input", "3", "4")]


def test_a_renamed_row_is_found_by_its_place_and_noted() -> None:
    result = merged({ENTRY: {"prices": (price(note="litellm row atlas-old; mine"),)}}, found("atlas-new"))

    assert result.data[ENTRY]["prices"][0]["note"] == "litellm row atlas-new; mine"


def test_a_row_that_is_gone_is_told_and_its_price_stays() -> None:
    result = merged({ENTRY: {"prices": (price(),)}}, found("b", tier="batch"))

    assert ("gone", "prices standard", "", "", "") in told(result)
    assert result.data[ENTRY]["prices"][0] == price()


def test_a_price_of_another_source_stays() -> None:
    old = {ENTRY: {"prices": (price("https://acme.example/prices", None),)}}

    assert merged(old, found()).agreed == 1
    assert told(merged(old, found(rates={"input": 4, "output": 15}))) == [("differs", "prices standard", "usd_per_mtok.input", "3", "4")]
    assert merged(old, found(rates={"input": 3, "output": 15, "cache_read": 1})).agreed == 1


def test_rounding_is_no_difference() -> None:
    old = {ENTRY: {"prices": (price("https://acme.example/prices", None, usd_per_audio_minute=Decimal("0.0035")),)}}

    assert merged(old, found(usd_per_audio_minute=Decimal("0.00349999"))).agreed == 1


def test_a_price_that_a_conflict_settles_stays() -> None:
    conflict = {"field": "usd_per_mtok.input", "value": "4", "source": "litellm 1.0, row atlas", "reason": "the page says 3"}
    old = {ENTRY: {"prices": ({**price(), "conflicts": (conflict,)},)}}

    assert told(merged(old, found(rates={"input": 4, "output": 15}))) == [("settled", "prices standard", "usd_per_mtok.input", "3", "4")]


def test_a_new_price_is_placed_where_the_entry_has_its_scope() -> None:
    scopes = cited(scope="in_region", regions=("us-1", "eu-1", "us-gov-1")), cited(scope="global")
    old = {ENTRY: {"scopes": scopes, "prices": ()}}

    def placed(**places: Any) -> Any:
        result = merged(old, found(places=places), source=NEW)
        return [(p.get("scopes"), p.get("regions")) for p in result.data[ENTRY]["prices"]] if result.data else told(result)[0][0]

    assert placed() == [(None, None)]
    assert placed(scopes=("global", "geo:eu")) == [(("global",), None)]
    assert placed(scopes=("geo:eu",)) == "not placed"
    assert placed(scopes=("in_region",), regions=("eu-1", "eu-9")) == [(("in_region",), ("eu-1",))]
    assert placed(scopes=("in_region",), regions=("eu-9",)) == "not placed"
    assert placed(scopes=("in_region",), regions="us") == [(("in_region",), ("us-1",))]
    assert placed(scopes=("in_region",), regions="ap") == "not placed"


def test_a_price_meets_one_of_the_same_place_only() -> None:
    scopes = cited(scope="in_region", regions=("us-1", "eu-1")), cited(scope="geo", geography="eu")
    other = "https://acme.example/prices"

    def agrees(price_: dict[str, Any], **places: Any) -> bool:
        return bool(merged({ENTRY: {"scopes": scopes, "prices": (price_,)}}, found(places=places)).agreed)

    assert agrees(price(other, None, scopes=("in_region",), regions=("eu-1",)), scopes=("in_region",), regions=("eu-1", "us-1"))
    assert agrees(price(other, None, scopes=("in_region",), regions=("us-1",)), scopes=("in_region",), regions="us")
    assert not agrees(price(other, None, scopes=("in_region",), regions=("eu-1",)), scopes=("in_region",), regions=("us-1",))
    assert not agrees(price(other, None, scopes=("geo:eu",)), scopes=("in_region",), regions="us")
    assert not agrees(price(other, None, scopes=("geo:eu",)))
    assert agrees(price(other, None, until_on=date(2027, 1, 1)))
    assert not agrees(price(other, None, until_on=TODAY))
    assert not agrees(price(other, None, from_on=date(2027, 1, 1)))
    assert not agrees(price(other, None, hours_utc="00:00-01:00"))
    assert not agrees(price(other, None, scopes=("in_region",)), scopes=("in_region",), regions=("us-1",))


def test_nothing_is_added_to_an_offering_that_has_ended() -> None:
    for ended in (cited(stage="retired"), cited(stage="legacy", retires_on=TODAY)):
        result = merged({ENTRY: {"lifecycle": ended}}, found())

        assert (result.data, told(result)) == ({}, [("not placed", "prices standard", "", "", "")])


# ---------------------------------------------------------------- new entries


def test_an_offering_of_a_known_model_is_made() -> None:
    sale = Finding(ENTRY, ("sale",), {"platform_model_id": "atlas"}, ("atlas",), fills=True)

    result = merged({}, sale, found(), source=NEW)

    assert list(result.data[ENTRY]) == ["sale", "prices"]
    assert result.data[ENTRY]["prices"] == (
        {"tier": "standard", "usd_per_mtok": {"input": 3, "output": 15}, **STAMP, "note": "litellm row atlas"},
    )


def test_an_offering_of_an_unknown_model_is_not_made() -> None:
    result = merge({}, Findings((found(),), frozenset({"atlas"})), Origin(NEW, TODAY), OWNER, ())

    assert (result.data, result.notes[0].why) == ({}, "no file in models/ describes it: atlas")


def test_what_is_only_compared_makes_nothing() -> None:
    finding = Finding("models/acme/atlas-9", ("limits",), {"context_tokens": 5}, ("atlas",), adds=False)

    assert merged({}, finding).data == {}
    assert merged({"models/acme/atlas-9": {"name": "Atlas 9"}}, finding).data == {}


def test_an_offering_on_an_unknown_platform_is_not_made() -> None:
    finding = Finding("offerings/atlas-2@nowhere", ("sale",), {"platform_model_id": "x"}, ("x",))

    assert merged({}, finding).notes[0].why == "no file in platforms/ describes it: x"


def test_an_announced_price_follows_the_one_that_it_ends() -> None:
    start = date(2027, 1, 1)
    announced = found(rates={"input": 6, "output": 30}, places={"from_on": start})

    result = merged({ENTRY: {"prices": (price(),)}}, found(places={"until_on": start}), announced)
    again = merged(result.data, found(places={"until_on": start}), announced)

    assert [(p["usd_per_mtok"]["input"], p.get("from_on"), p.get("until_on")) for p in result.data[ENTRY]["prices"]] == [
        (3, None, start),
        (6, start, None),
    ]
    assert (again.data, again.notes) == ({}, [])


def test_an_announced_price_does_not_end_one_of_another_source() -> None:
    result = merged({ENTRY: {"prices": (price("https://acme.example/prices", None),)}}, found(places={"from_on": date(2027, 1, 1)}))

    assert told(result)[0][:2] == ("not placed", "prices standard")
    assert result.notes[0].why == "the price before 2027-01-01 has no end: atlas"


def test_the_past_is_left_out() -> None:
    past, since = found(places={"until_on": TODAY}), found(places={"from_on": DAY})

    assert merged({ENTRY: {"prices": ()}}, past).data == {}
    assert "from_on" not in merged({ENTRY: {"prices": ()}}, since).data[ENTRY]["prices"][0]


def test_a_row_does_not_take_the_place_of_another() -> None:
    old = {ENTRY: {"prices": (price(),)}}

    result = merged(old, found("atlas-new", rates={"input": 9, "output": 15}), names=("atlas",))

    assert (result.data, result.notes[0].why) == ({}, "atlas is there: atlas-new")
    assert merged(old, found("atlas-new"), names=("atlas",)).same == 1


def test_what_is_sold_by_the_image_gets_no_price_by_the_token() -> None:
    old = {ENTRY: {"prices": (price(usd_per_image={"default": 1}),)}}

    assert merged(old, found("batch", tier="batch")).notes[0].why == "it is sold by the image: batch"


def test_no_scope_is_added_to_an_offering_that_has_ended() -> None:
    finding = Finding(ENTRY, ("scopes",), {"scope": "global"}, ("atlas",))

    assert merged({ENTRY: {"lifecycle": cited(stage="retired")}}, finding).data == {}


def test_regions_of_governments_stay_where_the_list_knows_none() -> None:
    scope = cited(scope="in_region", regions=("us-1", "us-gov-1"))
    finding = Finding(ENTRY, ("scopes",), {"scope": "in_region", "regions": ("us-1", "us-2")}, ("atlas",))

    result = merged({ENTRY: {"scopes": (scope,)}}, finding)

    assert result.data[ENTRY]["scopes"][0]["regions"] == ("us-1", "us-2", "us-gov-1")


def test_a_model_is_made_with_its_name() -> None:
    facts = {"name": "Atlas 9", "family": "atlas", "kind": "chat"}
    name = Finding("models/acme/atlas-9", (), facts, ("acme/atlas-9",), fills=True)

    assert merged({}, name).data == {"models/acme/atlas-9": facts}
    assert merged({"models/acme/atlas-9": {"name": "Mine", "family": "a", "kind": "chat"}}, name).data == {}


def test_names_are_read_from_notes() -> None:
    known = {"a", "b/c:0"}

    assert listed("litellm row a", "litellm", known) == (("a",), "")
    assert listed("Sold there; litellm rows a, b/c:0; mine", "litellm", known) == (("a", "b/c:0"), "; mine")
    assert listed("litellm row a (the same for us)", "litellm", known) == (("a",), "")
    assert listed("litellm row gone", "litellm", known) == (("gone",), "")
    assert listed("genai-prices acme/x, processing batch", "genai-prices", {"acme/x"}) == (("acme/x",), "")
    assert listed("as genai-prices 0.2.3 says", "genai-prices", {"acme/x"}) == ((), "")
    assert listed("mine", "litellm", known) == ((), "mine")


def test_facts_of_a_model_that_nobody_names_make_no_file() -> None:
    finding = Finding("models/acme/atlas-9", ("limits",), {"context_tokens": 5}, ("atlas",), fills=True)

    assert merged({}, finding).data == {}


def test_rounding_inside_a_price_is_no_difference() -> None:
    rates = {"input": Decimal("3.0001"), "output": 15}
    step = {"input_tokens": 200_000, "usd_per_mtok": {"input": Decimal("6.0001")}}
    old = {ENTRY: {"prices": (price("https://acme.example/prices", None, steps=({**step, "usd_per_mtok": {"input": 6}},)),)}}

    assert merged(old, found(rates=rates, steps=(step,))).agreed == 1
    assert len(merged(old, found(rates=rates, steps=(step, {**step, "input_tokens": 300_000}))).notes) == 0


def test_a_price_by_the_minute_keeps_the_digits_that_it_has() -> None:
    old = {ENTRY: {"prices": (price(usd_per_audio_minute=Decimal("0.002")),)}}

    assert merged(old, found(usd_per_audio_minute=Decimal("0.0019998"))).same == 1


def test_a_price_that_is_only_compared_is_not_added() -> None:
    finding = Finding(ENTRY, ("prices",), {"tier": "standard", "usd_per_mtok": {"input": 1}}, ("atlas",), adds=False)

    assert merged({ENTRY: {"prices": ()}}, finding).data == {}


def test_part_of_the_week_is_compared_where_the_list_tells_it() -> None:
    old = {ENTRY: {"prices": (price(hours_utc="01:00-04:00", weekdays="mon-fri"),)}}

    assert merged(old, found(hours_utc="01:00-04:00", weekdays="mon-fri")).same == 1
    assert merged(old, found(hours_utc="01:00-04:00")).same == 1
    assert len(merged(old, found("b", hours_utc="01:00-04:00", weekdays="sat-sun")).data[ENTRY]["prices"]) == 2
