"""Timing requests: what counts, what is kept, and when it ends."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from decimal import Decimal

import pytest

from fmselect.measuring import (
    ATTEMPTS,
    FAILURES_IN_A_ROW,
    LONGEST_WAIT_S,
    Chunk,
    Failed,
    Measurement,
    Plan,
    Sample,
    Send,
    Shape,
    TryLater,
    measure,
    percentile,
    rates,
    time_stream,
    usual_input,
)
from tests.builders import price
from tests.builders import rates as usd_rates

SHAPE = Shape(100, 10)


class Clock:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def stream(clock: Clock, *steps: tuple[float, Chunk]) -> Iterator[Chunk]:
    for seconds, chunk in steps:
        clock.now += seconds
        yield chunk


def good(clock: Clock) -> Iterator[Chunk]:
    return stream(clock, (0.5, Chunk("answer")), (0.25, Chunk("answer")), (0.25, Chunk("answer")), (0.0, Chunk(None, 120, 3, None)))


def run(plan: Plan, send: Send, clock: Clock, earlier: tuple[Sample, ...] = ()) -> Measurement:
    return measure(plan, send, clock, clock.sleep, earlier=earlier)


def always(clock: Clock) -> Send:
    return lambda number, shape: good(clock)


def test_a_stream_is_timed_to_its_first_and_last_token() -> None:
    clock = Clock()

    sample = time_stream(good(clock), clock)

    assert sample == Sample(0.5, 1.0, 3, counted=True, input_tokens=120)
    assert sample.output_tokens_per_s == 4.0


def test_without_a_count_every_chunk_is_a_token() -> None:
    clock = Clock()

    sample = time_stream(stream(clock, (1, Chunk("reasoning")), (1, Chunk("answer")), (1, Chunk("answer"))), clock)

    assert (sample.output_tokens, sample.counted, sample.input_tokens) == (3, False, None)
    assert sample.output_tokens_per_s == 1.0


def test_reasoning_that_is_not_streamed_comes_before_the_first_token() -> None:
    clock = Clock()
    told = Chunk(None, 120, 103, 100)

    hidden = time_stream(stream(clock, (9, Chunk("answer")), (1, Chunk("answer")), (1, Chunk("answer")), (0, told)), clock)
    shown = time_stream(stream(clock, (1, Chunk("reasoning")), (9, Chunk("answer")), (0, told)), clock)

    assert (hidden.output_tokens, hidden.hidden_reasoning_tokens, hidden.output_tokens_per_s) == (3, 100, 1.0)
    assert (shown.output_tokens, shown.hidden_reasoning_tokens) == (103, 0)


def test_text_that_comes_at_once_has_no_rate() -> None:
    clock = Clock()

    sample = time_stream(stream(clock, (1, Chunk("answer")), (0, Chunk(None, 5, 50, None))), clock)

    assert (sample.output_tokens, sample.output_tokens_per_s) == (50, None)


def test_an_answer_without_text_failed() -> None:
    with pytest.raises(Failed, match="holds no text"):
        time_stream([Chunk(None, 5, 0, None)], Clock())


def test_the_first_requests_warm_up_and_do_not_count() -> None:
    clock, numbers = Clock(), []

    def send(number: int, shape: Shape) -> Iterable[Chunk]:
        numbers.append(number)
        return good(clock)

    found = run(Plan(SHAPE, repeats=3, warm_up=2), send, clock)

    assert numbers == [0, 1, 2, 3, 4]
    assert (len(found.samples), found.sent, found.ended, found.failures) == (3, 5, "", ())
    assert found.tokens == 5 * 123
    assert rates(found) == [4.0, 4.0, 4.0]
    assert usual_input(found) == 120
    assert found.usd is None


def test_what_was_timed_earlier_counts() -> None:
    clock = Clock()
    earlier = (Sample(9.0, 10.0, 2, counted=True),) * 2

    found = run(Plan(SHAPE, repeats=3, warm_up=0), always(clock), clock, earlier)
    done = run(Plan(SHAPE, repeats=2), always(clock), clock, earlier)

    assert [sample.ttft_s for sample in found.samples] == [9.0, 9.0, 0.5]
    assert (done.samples, done.sent) == (earlier, 0)
    assert usual_input(done) == SHAPE.input_tokens


@pytest.mark.parametrize(
    ("plan", "sent", "ended"),
    [
        (Plan(SHAPE, max_requests=4), 4, "4 requests are reached"),
        (Plan(SHAPE, warm_up=3, max_requests=2), 2, "2 requests are reached"),
        (Plan(SHAPE, max_tokens=400), 3, "another request could pass 400 tokens"),
        (Plan(SHAPE, price=price(usd_rates("10000", "20000")), max_usd=Decimal(4)), 3, "another request could pass $4"),
        (Plan(SHAPE, price=price(), max_usd=Decimal(0)), 0, "another request could pass $0"),
    ],
)
def test_a_limit_is_never_passed(plan: Plan, sent: int, ended: str) -> None:
    clock = Clock()

    found = run(plan, always(clock), clock)

    assert (found.sent, found.ended) == (sent, ended)
    assert found.usd is None or plan.max_usd is None or found.usd <= plan.max_usd


def test_requests_in_flight_count_towards_the_limit() -> None:
    clock = Clock()
    barrier = threading.Barrier(2, timeout=10)

    def send(number: int, shape: Shape) -> Iterable[Chunk]:
        barrier.wait()
        return [Chunk("answer"), Chunk("answer")]

    found = run(Plan(SHAPE, repeats=9, warm_up=0, concurrency=2, max_requests=4), send, clock)

    assert (found.sent, len(found.samples)) == (4, 4)


def test_an_endpoint_that_asks_for_patience_is_asked_again() -> None:
    clock = Clock()
    tries: dict[int, int] = {}

    def send(number: int, shape: Shape) -> Iterable[Chunk]:
        tries[number] = tries.get(number, 0) + 1
        if tries[number] == 1:
            raise TryLater("HTTP 429", 7.0)
        if tries[number] == 2:
            raise TryLater("HTTP 429", None)
        return good(clock)

    found = run(Plan(SHAPE, repeats=2, warm_up=0), send, clock)

    assert (len(found.samples), found.sent, found.failures) == (2, 6, ())
    assert clock.slept == [7.0, 2.0, 7.0, 2.0]


def test_patience_ends() -> None:
    clock = Clock()

    def often(number: int, shape: Shape) -> Iterable[Chunk]:
        raise TryLater("HTTP 429", 1.0)

    def long(number: int, shape: Shape) -> Iterable[Chunk]:
        raise TryLater("HTTP 503", LONGEST_WAIT_S + 1)

    assert run(Plan(SHAPE, repeats=1, warm_up=0), often, clock).sent == ATTEMPTS
    assert run(Plan(SHAPE, repeats=1, warm_up=0), long, clock).sent == 1
    assert run(Plan(SHAPE, repeats=1, warm_up=0, max_requests=2), often, clock).sent == 2


def test_failures_in_a_row_end_it_and_others_do_not() -> None:
    clock = Clock()

    def send(number: int, shape: Shape) -> Iterable[Chunk]:
        if number % 2 or number > 5:
            raise Failed("HTTP 500", spent=True)
        return good(clock)

    found = run(Plan(SHAPE, repeats=20, warm_up=0), send, clock)

    assert (len(found.samples), found.ended) == (3, f"{FAILURES_IN_A_ROW} requests failed in a row")
    assert found.failures == ("HTTP 500",) * 5
    assert found.tokens == 3 * 123 + 5 * 110


def test_failures_while_warming_up_end_it_too() -> None:
    def send(number: int, shape: Shape) -> Iterable[Chunk]:
        raise Failed("HTTP 401")

    clock = Clock()
    found = run(Plan(SHAPE, warm_up=3), send, clock)

    assert (found.samples, found.sent, found.ended) == ((), 3, "3 requests failed in a row")


def test_a_stop_by_the_user_keeps_what_was_timed() -> None:
    clock = Clock()

    def send(number: int, shape: Shape) -> Iterable[Chunk]:
        if number == 2:
            raise KeyboardInterrupt
        return good(clock)

    kept: list[Sample] = []
    found = measure(Plan(SHAPE, warm_up=0), send, clock, clock.sleep, on_sample=kept.append)

    assert (len(found.samples), found.ended) == (2, "stopped by you")
    assert tuple(kept) == found.samples


def test_every_request_that_ended_is_a_step() -> None:
    clock, steps = Clock(), []

    measure(Plan(SHAPE, repeats=3, warm_up=2), always(clock), clock, clock.sleep, on_step=lambda: steps.append(1))

    assert len(steps) == 5


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1.0), (0.5, 2.5), (0.95, 3.85), (1.0, 4.0)])
def test_percentiles_lie_between_values_in_proportion(share: float, expected: float) -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], share) == pytest.approx(expected)
    assert percentile([7.0], share) == 7.0


def test_reasoning_is_told_when_any_request_hid_it() -> None:
    plain, hidden = Sample(1, 2, 3, counted=True), Sample(1, 2, 3, counted=True, hidden_reasoning_tokens=5)

    assert not Measurement(Plan(SHAPE), (plain,)).after_reasoning
    assert Measurement(Plan(SHAPE), (plain, hidden)).after_reasoning
