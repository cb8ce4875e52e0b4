"""Observed workloads: sums, means, spreads, months and hours follow from the requests; what is missing is told."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pytest

from fmselect.errors import InvalidInput
from fmselect.observed_workload import Asked, ObservedWorkload, observe, together
from fmselect.usage_logs.records import DAY_S, Odd, Paged, Reading, Skipped, Used, amounts

START = 1793491200.0  # 2026-11-01 00:00 UTC


def request(given: int = 100, output: int = 10, *, day: float = 0, model: str = "m", requests: int = 1, identity: str = "") -> Used:
    at = START + day * DAY_S
    return Used(1, amounts(given=given, output=output), requests=requests, model=model, at=at, identity=identity)


def bucket(given: int = 1000, requests: int | None = 10, *, day: float = 0, days: float = 1, model: str = "m") -> Used:
    start = START + day * DAY_S
    return Used(1, amounts(given=given), requests=requests, bucket=True, model=model, at=start, until=start + days * DAY_S)


def seen(readings: Iterable[Reading], asked: Asked | None = None) -> ObservedWorkload:
    return observe([("a.log", (("plain", reading) for reading in readings))], asked or Asked())


def test_the_month_follows_from_the_first_and_the_last_time() -> None:
    found = seen([request(day=0), request(day=5), request(day=10)])

    assert found.period is not None
    assert (found.period.days, found.period.stated) == (Decimal(10), False)
    assert found.requests_per_month == 9  # 3 in 10 days, in a month of 365/12 days


def test_days_can_be_stated() -> None:
    found = seen([request(), request(day=1)], Asked(days=Decimal(365)))

    assert found.requests_per_month == 1  # never none: the log holds requests
    assert seen([request(), request(day=1)], Asked(days=Decimal(1))).requests_per_month == 61


def test_a_month_can_be_stated() -> None:
    found = seen([request()], Asked(requests_per_month=500))

    assert (found.requests_per_month, found.requests_per_month_stated, found.period) == (500, True, None)


def test_buckets_cover_their_whole_time_empty_ones_too() -> None:
    found = seen([bucket(day=0), bucket(0, 0, day=1), bucket(0, 0, day=9)])

    assert found.period is not None
    assert found.period.days == 10
    assert (found.buckets, found.spreads, len(found.rows), found.hours) == (True, {}, 0, ())
    assert found.mean("input_tokens") == 100


def test_buckets_within_an_hour_tell_hours() -> None:
    found = seen([bucket(requests=3, day=0.5, days=1 / 24), bucket(requests=1, day=0.25, days=1 / 24)])

    assert (found.hours[12], found.hours[6]) == (Decimal("0.75"), Decimal("0.25"))


def test_buckets_that_count_no_requests_need_them_stated() -> None:
    with pytest.raises(
        InvalidInput, match=r"a.log:1: tells how many tokens were used, but not by how many requests: add --requests-per-month N$"
    ):
        seen([bucket(requests=None)])

    found = seen([bucket(1000, None, days=365 / 12)], Asked(requests_per_month=10))
    assert (found.requests, found.mean("input_tokens")) == (10, Decimal(100))


def test_buckets_without_requests_and_without_time_need_both() -> None:
    timeless = Used(1, amounts(given=10), requests=None, bucket=True)

    with pytest.raises(InvalidInput, match=r"add --requests-per-month N and --days N"):
        seen([timeless])


def test_spreads_are_by_nearest_rank() -> None:
    spread = seen([request(size) for size in range(1, 101)]).spreads["input_tokens"]

    assert tuple(spread) == (Decimal("50.5"), (10, 25, 50, 75, 90, 95, 99), 100, 100)
    assert (spread.at(95), spread.told) == (95, (10, 25, 50, 75, 90, 95, 99))


def test_few_requests_tell_few_percentiles() -> None:
    assert seen([request(1), request(2), request(3)]).spreads["input_tokens"].told == (50,)
    assert seen([request(1)]).spreads["input_tokens"].told == ()


def test_alike_requests_weigh_as_many() -> None:
    found = seen([request(10, requests=99), request(1000)])

    spread = found.spreads["input_tokens"]
    assert (spread.mean, spread.at(50), spread.at(99), spread.largest) == (Decimal("19.9"), 10, 10, 1000)
    assert (found.requests, found.totals["input_tokens"]) == (100, 1990)


def test_the_largest_request_is_one_request() -> None:
    assert seen([request(100, 1), request(1, 90)]).largest_request == 101


def test_models_are_listed_and_can_be_chosen() -> None:
    log = [request(model="gpt-5-a"), request(200, model="gpt-5-b", day=1), request(model="claude")]

    every, some = seen(log), seen(log, Asked(models=("gpt-*",)))
    assert list(every.models) == list(some.models) == ["gpt-5-b", "claude", "gpt-5-a"]
    assert some.taken == ("gpt-5-a", "gpt-5-b")
    assert (every.requests, some.requests) == (3, 2)


def test_a_model_that_is_not_there_is_told() -> None:
    with pytest.raises(InvalidInput, match=r"--model: 'gpt-5-c' is not in the log; did you mean 'gpt-5-a'\? \(it has gpt-5-a\)"):
        seen([request(model="gpt-5-a")], Asked(models=("gpt-5-c",)))


def test_a_request_that_is_logged_twice_counts_once() -> None:
    found = seen([request(identity="1"), request(identity="1"), request(identity="2"), request()])

    assert (found.requests, found.repeated) == (3, 1)


def test_sums_and_single_requests_are_not_mixed() -> None:
    with pytest.raises(InvalidInput, match=r"a.log:1: holds sums over time, and a.log single requests"):
        seen([request(), bucket()])


def test_every_unreadable_line_is_told() -> None:
    with pytest.raises(InvalidInput, match="is bad") as told:
        seen([request(), Odd(2, "is bad"), Odd(9, "is bad"), Odd(5, "is worse")])

    assert str(told.value) == "a.log:2: is bad\na.log:5: is worse\na.log:9: is bad"


def test_many_alike_problems_are_told_by_their_range() -> None:
    with pytest.raises(InvalidInput, match="is bad") as told:
        seen([request(), *(Odd(line, "is bad") for line in range(1, 1001))])

    assert len(told.value.problems) == 101
    assert str(told.value).endswith("a.log:101: is bad (and 900 lines from here to line 1,000)")


def test_unreadable_lines_can_be_left_out() -> None:
    found = seen([request(), Odd(2, "is bad")], Asked(skip_unreadable=True))

    assert (found.requests, [str(problem) for problem in found.unreadable]) == (1, ["a.log:2: is bad"])


def test_a_log_without_requests_is_told_with_what_it_holds() -> None:
    with pytest.raises(InvalidInput, match=r"a.log:1: holds no request with its usage \(2 x a line without usage\): name the keys"):
        seen([Skipped(1, "a line without usage"), Skipped(2, "a line without usage")])
    with pytest.raises(InvalidInput, match=r"a.log:1: holds no requests: give a log with at least one"):
        seen([bucket(0, 0)])
    with pytest.raises(InvalidInput, match="is bad"):
        seen([Odd(1, "is bad")], Asked(skip_unreadable=True))


def test_requests_without_a_time_leave_the_period_open() -> None:
    found = seen([request(), request(day=1), Used(3, amounts(given=1))])

    assert (found.period, found.requests_per_month, found.untimed, found.hours) == (None, None, 1, ())


def test_pages_that_were_not_given_are_told() -> None:
    first: list[Reading] = [bucket(), Paged(1, True)]
    last: list[Reading] = [bucket(day=1), Paged(1, False)]

    assert seen(first).unpaged == ("a.log",)
    assert observe([("1", (("openai", r) for r in first)), ("2", (("openai", r) for r in last))], Asked()).unpaged == ()


def test_shares_of_the_input() -> None:
    found = seen([Used(1, amounts(given=100, cache_read=40, cache_write=10, cache_write_1h=5))])

    assert found.share_of_input("cache_read_tokens") == Decimal("0.4")
    assert found.share_of_input("cache_write_tokens", "cache_write_1h_tokens") == Decimal("0.15")
    assert seen([request(0, 5)]).share_of_input("cache_read_tokens") == 0


def test_reasoning_is_told_by_share() -> None:
    told = Used(1, amounts(output=5, reasoning=5), reasoning_told=True)

    assert seen([told, request(), request(), request()]).reasoning_told == 0.25


def test_the_peak_is_the_busiest_minute_against_the_mean() -> None:
    burst = [request(day=1 + second / DAY_S) for second in range(20)]

    found = seen([request(), *burst, request(day=2)])
    assert found.busiest_minute == 20
    assert found.peak == Decimal(20) / (Decimal(22) / 2880)
    assert seen([request(), request(day=1)]).peak is None


def test_many_different_requests_are_put_together_with_their_sums() -> None:
    found = seen([request(10_000 + size, size % 7, day=size / 5000) for size in range(5000)])

    groups = together(found.rows, 1000)
    assert len(groups) < 200
    assert sum(group.requests for group in groups) == 5000
    for index in (0, 4):
        exact = Decimal(sum(amounts[index] * count for _, amounts, count in found.rows))
        total = Decimal(sum(group.amounts[index] * group.requests for group in groups))
        assert abs(total - exact) <= min(group.requests for group in groups)
    assert len(together(found.rows, 5000)) == 5000


def test_requests_on_both_sides_of_a_step_stay_apart() -> None:
    log = [Used(1, amounts(given=size, audio_minutes=Decimal("0.5")), at=START) for size in (199_999, 199_998, 200_000, 200_001)]

    groups = together(seen(log).rows, 1)
    assert [(group.requests, group.amounts[0]) for group in groups] == [(2, 199_999), (2, 200_000)]
    assert groups[0].amounts[7] == Decimal("0.5")
