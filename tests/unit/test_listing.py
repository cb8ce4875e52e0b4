"""What it takes to hold the weights of an open model."""

from decimal import Decimal

import pytest

from fmselect.catalog.schema import Model, Parameters
from fmselect.listing import weights_list
from tests.builders import SEEN, model


def open_model(total: str | None, active: str | None = None, *, open_weights: bool = True) -> Model:
    size = Parameters(total_billion=Decimal(total), active_billion=Decimal(active) if active else None, **SEEN) if total else None
    return model(parameters=size, license_id="mit", open_weights=open_weights)


def test_weights_take_bytes_per_parameter_and_whole_accelerators() -> None:
    assert weights_list(open_model("70")).rows == (
        ("bf16", "140", "6", "3", "2", "1", "1"),
        ("fp8", "70", "3", "2", "1", "1", "1"),
        ("int4", "35", "2", "1", "1", "1", "1"),
    )


def test_all_experts_are_held_however_few_are_active() -> None:
    assert weights_list(open_model("397", "17")).rows == weights_list(open_model("397")).rows
    assert weights_list(open_model("397", "17")).rows[0][:2] == ("bf16", "794")


def test_what_fits_exactly_needs_no_further_accelerator() -> None:
    assert weights_list(open_model("40")).rows[0] == ("bf16", "80", "4", "2", "1", "1", "1")


@pytest.mark.parametrize("closed", [open_model(None), open_model("70", open_weights=False), model()])
def test_nothing_is_said_of_weights_that_cannot_be_had_or_have_no_known_size(closed: Model) -> None:
    assert weights_list(closed).rows == ()
