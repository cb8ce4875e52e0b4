"""A month of requests: distributions, hours, and what lies between bounds."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fmselect.usage import QUANTITIES, Distribution, RequestClass, Usage, Workload, minutes_of
from tests.builders import keeps_what_is_stated, usage

D = Decimal


def spread(mean: int, **percentiles: int) -> Distribution:
    return Distribution(D(mean), tuple((D(name[1:]), D(value)) for name, value in percentiles.items()))


# ---------------------------------------------------------------- a mean with percentiles


@pytest.mark.parametrize(
    "stated",
    [
        spread(6_000, p50=3_000, p95=20_000),
        spread(20_000, p95=100_000),
        spread(500, p99=501),
        spread(100_000, p50=10),
        spread(1_000, p10=200, p50=200, p90=2_000),
        spread(7, p50=0, p99=100),
    ],
    ids=lambda stated: f"{stated.mean}-{stated.percentiles[-1][1]}",
)
def test_classes_have_exactly_the_mean_and_the_percentiles_that_are_stated(stated: Distribution) -> None:
    keeps_what_is_stated(stated)


def test_the_tail_above_the_highest_percentile_is_exponential() -> None:
    # With a median of 0 the upper half alone makes the mean: its excess over 0 is 2 x 1,000, exponential.
    above = [value for _, value in spread(1_000, p50=0).classes()[100:]]

    assert abs(float(above[50]) - 2_000 * 0.698) < 20  # -2000 ln(1 - 0.5), and the mean of a slice
    assert above == sorted(above)


def test_a_mean_alone_is_one_class() -> None:
    assert spread(6_000).classes() == [(D(1), D(6_000))]
    assert spread(6_000).longest == 6_000
    assert spread(6_000, p50=3_000, p95=20_000).longest == 20_000


def test_a_mean_below_what_the_percentiles_alone_make_is_refused() -> None:
    with pytest.raises(
        ValueError,
        match="no requests have a mean of 6,000 with these percentiles: what lies at or above them alone makes a mean of 9,000; if 6,000 is",
    ):
        spread(6_000, p95=180_000)
    with pytest.raises(ValueError, match="a higher percentile has a smaller value: check both"):
        spread(6_000, p50=5_000, p95=4_000)


# ---------------------------------------------------------------- hours


def test_hours_may_end_on_the_next_day() -> None:
    assert len(minutes_of("16:30-00:30")) == 8 * 60
    assert {0, 29, 16 * 60 + 30, 23 * 60 + 59} <= minutes_of("16:30-00:30")
    assert len(minutes_of("08:00-08:00")) == len(minutes_of(None)) == 24 * 60


def test_the_busiest_minute_is_that_of_the_hours_in_which_requests_come() -> None:
    even = Workload(43_800, usage())
    office = Workload(43_800, usage(), hours_utc="08:00-16:00", peak=D(2))
    two = Workload(43_800, usage(), (RequestClass(D(3), usage(), "08:00-09:00"), RequestClass(D(1), usage(), None)))

    assert even.peak_requests_per_minute == 1
    assert office.peak_requests_per_minute == 6
    assert two.peak_requests_per_minute == D("18.25")
    assert (even.even, office.even, two.even) == (True, False, False)


# ---------------------------------------------------------------- what lies between bounds


def test_requests_are_added_up_between_bounds() -> None:
    load = Workload(
        4,
        usage(),
        tuple(RequestClass(D(weight), usage(input_tokens=tokens, output_tokens=1)) for weight, tokens in ((1, 300), (2, 100), (1, 200))),
    )

    def found(*bounds: tuple[int, bool]) -> list[tuple[int, int, int]]:
        stretches = load.stretches([(D(bound), inclusive) for bound, inclusive in bounds], None)
        return [(passed, int(weight), int(quantities[0])) for passed, weight, quantities in stretches]

    assert found() == [(0, 4, 700)]
    assert found((200, False)) == [(0, 3, 400), (1, 1, 300)]
    assert found((200, True)) == [(0, 2, 200), (1, 2, 500)]
    assert found((10, False), (300, False)) == [(1, 4, 700)]


# ---------------------------------------------------------------- one request


def test_quantities_are_everything_that_is_counted() -> None:
    used = usage(input_tokens=5, image_size="1k")

    assert used.quantities[QUANTITIES.index("input_tokens")] == 5
    assert used.of([D(2)] + [D(0)] * (len(QUANTITIES) - 1)) == Usage(input_tokens=D(2), image_size="1k")


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"input_tokens": 5, "cache_read_tokens": 4, "cache_write_tokens": 2}, "6 tokens of cache are more than the 5 tokens of input that hold them"),
        ({"input_tokens": 5, "input_audio_tokens": 6}, "6 tokens of audio and images are more than the 5 tokens of input that hold them"),
        ({"output_tokens": 5, "output_image_tokens": 6}, "6 tokens of audio and images are more than the 5 tokens of output that hold them"),
        ({"input_tokens": 5, "cache_read_tokens": 5, "cache_read_audio_tokens": 1}, "1 tokens of audio read from the cache are more than the 0 tokens of audio given"),
        ({"input_tokens": 5, "input_audio_tokens": 5, "cache_read_audio_tokens": 1}, "1 tokens of audio read from the cache are more than the 0 tokens read from the cache"),
    ],
)  # fmt: skip
def test_a_part_is_never_more_than_the_whole(parts: dict[str, int], said: str) -> None:
    with pytest.raises(ValueError, match=f"^{said}$"):
        usage(**parts)


def test_reasoning_by_ratio_is_as_if_every_class_said_it() -> None:
    def classes(ratio: int) -> tuple[RequestClass, ...]:
        sizes = ((D(1), D(100), D(10)), (D(3), D(900), D(40)), (D(2), D(500), D(0)))
        return tuple(
            RequestClass(weight, Usage(input_tokens=given, output_tokens=answer, reasoning_tokens=answer * ratio), hours)
            for hours in ("09:00-10:00", None)
            for weight, given, answer in sizes
        )

    mean = Usage(input_tokens=D(600), output_tokens=D(20))
    by_ratio = Workload(1_000, mean, classes(0)).with_reasoning(D(3))
    written = Workload(1_000, mean, classes(3))

    assert by_ratio.usage.reasoning_tokens == 60
    assert (by_ratio.shares_by_hours, by_ratio.total_weight) == (written.shares_by_hours, written.total_weight)
    for hours in written.shares_by_hours:
        assert list(by_ratio.stretches([(D(500), True)], hours)) == list(written.stretches([(D(500), True)], hours))


def test_reasoning_by_effort_comes_without_adding_the_requests_up_again() -> None:
    classes = (RequestClass(D(3), usage(input_tokens=5, output_tokens=4)), RequestClass(D(1), usage(input_tokens=9, output_tokens=8)))
    load = Workload(4, usage(input_tokens=6, output_tokens=5), classes)
    more = load.with_reasoning(D("0.5")).with_requests(8)

    ((_, requests, quantities),) = more.stretches([], None)
    assert (more.requests_per_month, requests) == (8, D(4))
    assert quantities[QUANTITIES.index("reasoning_tokens")] == 10
    assert more.usage.reasoning_tokens == D("2.5")
    assert load.mean == usage(input_tokens=6, output_tokens=5)
