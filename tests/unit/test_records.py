"""Records: what is read from a snapshot has the same facts, types and methods as what was validated."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import date
from decimal import Decimal
from inspect import getmembers, isfunction
from typing import Any

import msgspec
import pytest
from pydantic import BaseModel

from fmselect.catalog import derived, records, schema
from fmselect.catalog.schema import Frozen, Offering
from fmselect.catalog.traits import TRAITS
from tests.builders import FROZEN, ON, model, offering, price, rates, scope, step

CLASSES = [kind for _, kind in getmembers(schema, lambda it: isinstance(it, type) and issubclass(it, Frozen)) if kind is not Frozen]


def as_record(entry: BaseModel) -> Any:
    made = records.classes(msgspec.json.encode(records.shapes([type(entry)])))
    return msgspec.json.decode(entry.model_dump_json(exclude_defaults=True), type=made[type(entry).__name__])


def full() -> Offering:
    return offering(
        scopes=(scope("geo", ("eu-1",), geography="eu", price_multiplier=Decimal("1.10")), scope("global", None)),
        prices=(
            price(
                rates("1.50", "2", cache_read="0.15"), steps=(step(200_000, rates("3", "4"), inclusive=True),), from_on=date(2026, 12, 1)
            ),
            price(None, usd_per_image={"1024x1024": Decimal("0.04")}),
        ),
    )


def alike(record: Any, entry: Any) -> None:
    """Assert that two values are equal in type and content, all the way down."""
    if isinstance(entry, BaseModel):
        for name in type(entry).model_fields:
            alike(getattr(record, name), getattr(entry, name))
    elif isinstance(entry, tuple):
        assert isinstance(record, tuple)
        assert len(record) == len(entry)
        for one, other in zip(record, entry, strict=True):
            alike(one, other)
    elif isinstance(entry, dict):
        assert list(record) == list(entry)
        for key, value in entry.items():
            alike(record[key], value)
    else:
        assert record == entry
        assert type(record) is type(entry)


@pytest.mark.parametrize("entry", [model(), full()], ids=["model", "offering"])
def test_a_record_has_the_facts_of_the_entry_it_was_made_of(entry: BaseModel) -> None:
    alike(as_record(entry), entry)


def test_a_record_tells_what_its_entry_tells() -> None:
    assert as_record(model("acme/atlas-9")).developer == "acme"
    assert as_record(model("acme/atlas-9")).slug == "atlas-9"
    assert [one.name for one in as_record(full()).scopes] == ["geo:eu", "global"]


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        as_record(model()).name = "Other"


def test_plain_data_leaves_out_what_is_at_its_default() -> None:
    data = records.plain_data(as_record(full()))

    assert data["prices"][0]["usd_per_mtok"] == {"input": "1.50", "output": "2", "cache_read": "0.15"}
    assert data["scopes"][0]["regions"] == ["eu-1"]
    assert "retention" not in data


def test_everything_that_entries_tell_besides_their_fields_is_a_trait() -> None:
    """What a class of the schema defines by itself would be missing in the records."""
    for kind in CLASSES:
        own = {name for name, it in vars(kind).items() if isinstance(it, property) or (isfunction(it) and not name.startswith("_"))}
        assert own - {"model_post_init"} == set(), kind.__name__
        traits = [base for base in kind.__mro__ if base in TRAITS.values()]
        assert traits == ([TRAITS[kind.__name__]] if kind.__name__ in TRAITS else []), kind.__name__


def test_every_class_of_the_schema_has_a_shape() -> None:
    found = records.shapes([*CLASSES, derived.Derived])

    assert {kind.__name__ for kind in CLASSES} <= found.keys()
    assert records.classes(msgspec.json.encode(found)).keys() == found.keys()


def test_a_warm_start_builds_no_schema_and_parses_no_yaml() -> None:
    script = (
        "import sys, pathlib, tempfile, datetime\n"
        "from fmselect.catalog.layers import Layer\n"
        "from fmselect.loading import load_layers\n"
        f"layer, on = Layer(pathlib.Path({str(FROZEN.root)!r}), 'catalog'), datetime.date({ON.year}, {ON.month}, {ON.day})\n"
        "cache = pathlib.Path(sys.argv[1])\n"
        "import fmselect.recommendation as pipeline, fmselect.render.json_v1 as json_v1\n"
        "from fmselect.requirements import Requirements\n"
        "answer = pipeline.recommend(load_layers([layer], on, cache), Requirements(), on)\n"
        "json_v1.render(answer)\n"
        "print(sorted(name for name in ('fmselect.catalog.schema', 'fmselect.catalog.loader', 'yaml', 'rich') if name in sys.modules))\n"
    )
    with tempfile.TemporaryDirectory() as cache:
        runs = [
            subprocess.run([sys.executable, "-c", script, cache], capture_output=True, text=True, check=True).stdout.strip()
            for _ in range(2)
        ]
    assert "fmselect.catalog.schema" in runs[0]
    assert runs[1] == "[]"
