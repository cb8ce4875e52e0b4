"""Lists on pages that are too narrow for all columns."""

import pytest

from fmselect.listing import Listing
from fmselect.render import listing
from fmselect.render.page import Page

MODELS = Listing(
    "models",
    ("id", "name", "kind", "context", "released", "license", "sold on"),
    (("acme/atlas-1", "Atlas 1", "chat", "200k", "2026-01-01", "proprietary-api", "nimbus, stratus-with-a-name"),),
)


@pytest.mark.parametrize(
    ("width", "left"),
    [
        (84, ""),
        (83, "license"),
        (67, "license"),
        (66, "license, released"),
        (55, "license, released"),
        (54, "license, released, name"),
        (47, "license, released, name, context"),
    ],
)
def test_columns_that_can_be_spared_make_room_for_whole_words(width: int, left: str) -> None:
    shown = listing.table(MODELS, Page(width=width, color=False))

    assert shown.splitlines()[1].startswith("acme/atlas-1")
    assert "stratus-with-a-name" in shown
    assert all((name in shown.splitlines()[0]) is (name not in left.split(", ")) for name in MODELS.columns)


def test_what_is_left_out_for_width_is_told() -> None:
    assert "no room for" not in listing.table(MODELS, Page(width=100, color=False))
    assert listing.table(MODELS, Page(width=80, color=False)).endswith(
        "1 model; no room for license (a wider terminal or --format csv shows all)\n"
    )
