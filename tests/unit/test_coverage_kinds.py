"""How many offerings have a speed, by how it is known."""

from __future__ import annotations

from decimal import Decimal

from fmselect.catalog.derived import Ability, Derived, Span, SpeedEvidence
from fmselect.catalog.schema import Lifecycle, Speed
from fmselect.coverage import quality_kinds, speed_kinds
from tests.builders import ON, SEEN, catalog, model, offering


def test_current_chat_offerings_are_counted_by_kind() -> None:
    stated = Speed(kind="stated", output_tokens_per_s_about=Decimal(100), **SEEN)
    names = ("a", "b", "gone", "vectors")
    models = [model(f"acme/{name}", kind="embedding" if name == "vectors" else "chat") for name in names]
    offerings = [
        offering("acme/a", speed=(stated,)),
        offering("acme/b"),
        offering("acme/gone", lifecycle=Lifecycle(stage="retired", **SEEN)),
        offering("acme/vectors", speed=(stated,)),
    ]
    told = Derived(speed=SpeedEvidence(first_of_any=Span(low=0, high=9)))

    found = speed_kinds(catalog(models=models, offerings=offerings, derived=told), ON)

    assert found == {
        "first token": {"measured": 0, "stated": 0, "estimated": 2, "unknown": 0},
        "output rate": {"measured": 0, "stated": 1, "estimated": 0, "unknown": 1},
        "either": {"measured": 0, "stated": 1, "estimated": 1, "unknown": 0},
    }


def test_current_chat_models_are_counted_by_how_their_quality_is_known() -> None:
    names = ("a", "b", "c", "gone")
    models = [model(f"acme/{name}") for name in names]
    offerings = [offering(f"acme/{name}") for name in names[:3]]
    offerings.append(offering("acme/gone", lifecycle=Lifecycle(stage="retired", **SEEN)))
    measured, guessed = Ability(theta=0.5, sd=0.2), Ability(theta=0.1, sd=0.6, estimated=True)
    told = Derived(abilities={"chat": {"acme/a": (measured,), "acme/b": (guessed,), "acme/gone": (measured,)}})

    found = quality_kinds(catalog(models=models, offerings=offerings, derived=told), ON)

    assert found == {"measured": 1, "estimated": 1, "unknown": 1}
