"""What is compared of features: those of the model, as the offering extends or narrows them."""

import pytest

from fmselect.catalog.schema import Features
from fmselect.comparison import compare
from fmselect.recommendation import recommend
from tests.builders import ON, SEEN, catalog, model, offering, requirements


def features(**given: tuple[str, ...]) -> Features:
    return Features(**given, **SEEN)  # type: ignore[arg-type]  # the names of the lists come from the caller


@pytest.mark.parametrize(
    ("there", "here", "told"),
    [
        (features(supported=("tools", "caching")), features(supported=("caching", "reasoning")), "tools, caching, reasoning"),
        (features(supported=("tools", "caching")), features(unsupported=("tools",)), "caching"),
        (features(supported=("tools",)), None, "tools"),
        (None, features(supported=("tools",)), "tools"),
    ],
)
def test_features_are_the_models_as_the_offering_changes_them(there: Features | None, here: Features | None, told: str) -> None:
    whole = catalog(
        models=[model().model_copy(update={"features": there})],
        offerings=[offering().model_copy(update={"features": here})],
    )

    compared = compare(recommend(whole, requirements(task="chat"), ON), [["atlas@nimbus"]])

    assert dict(compared.facts)["features"][0].text == told
