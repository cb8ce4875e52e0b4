"""Times an endpoint: requests of one shape, one after the other or several at once, until enough are timed or a limit is met.

The network, the clock and the wait are parameters, so that nothing here knows them. A request that
fails is counted and told, never taken for a slow one; what was timed before a stop is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from fmselect.billing import charge
from fmselect.usage import Usage, Workload

if TYPE_CHECKING:
    from fmselect.catalog.schema import Price

ATTEMPTS = 3
"""How often a request that the endpoint asks to repeat is tried."""
LONGEST_WAIT_S = 60.0
"""Longest wait that an endpoint may ask for before a request is given up."""
FAILURES_IN_A_ROW = 3
"""After so many failures with none between them that worked, the rest is given up."""
LOW, HIGH = 0.05, 0.95
"""Percentiles that are written down as the interval."""

Piece = Literal["answer", "reasoning"]
"""What a chunk of the stream carries."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What one request asks for."""

    input_tokens: int
    output_tokens: int
    effort: str | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """One event of a stream: a piece of text, or what the endpoint counted."""

    piece: Piece | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None


class Failed(Exception):
    """A request that did not work; the message says why."""

    def __init__(self, message: str, *, spent: bool = False) -> None:
        super().__init__(message)
        self.spent = spent
        """Whether it may be billed: it failed after the answer had begun."""


class TryLater(Failed):
    """The endpoint asks to come back, after some seconds where it says how many."""

    def __init__(self, message: str, after_s: float | None) -> None:
        super().__init__(message)
        self.after_s = after_s


Send = Callable[[int, Shape], Iterable[Chunk]]
"""Send the request of a number and yield its chunks as they come; raises `Failed`."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one request took."""

    ttft_s: float
    """Seconds to the first token of anything."""
    total_s: float
    """Seconds to the last token."""
    output_tokens: int
    """Tokens that were streamed, reasoning included where it was."""
    counted: bool
    """True when the endpoint counted the tokens, false when chunks had to."""
    input_tokens: int | None = None
    hidden_reasoning_tokens: int = 0
    """Reasoning tokens that were counted and not streamed: the first token came after them."""

    @property
    def output_tokens_per_s(self) -> float | None:
        """Tokens a second after the first; None when they all came at once."""
        seconds = self.total_s - self.ttft_s
        return (self.output_tokens - 1) / seconds if seconds > 0 and self.output_tokens > 1 else None


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to measure, and how much that may take."""

    shape: Shape
    repeats: int = 10
    warm_up: int = 1
    """Requests before the first that counts."""
    concurrency: int = 1
    max_usd: Decimal | None = None
    max_requests: int | None = None
    max_tokens: int | None = None
    price: Price | None = None
    """What the endpoint charges, to keep to `max_usd`."""

    @property
    def requests(self) -> int:
        """Requests that are sent when nothing fails."""
        return self.warm_up + self.repeats

    def usd(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        """Return what a request costs, output with its reasoning; raises `UnknownPrice`."""
        if self.price is None:
            return None
        usage = Usage(input_tokens=Decimal(input_tokens), output_tokens=Decimal(output_tokens))
        load = Workload(1, usage, hours_utc=self.price.hours_utc, weekdays=self.price.weekdays)
        return sum((line.usd for line in charge([self.price], load)), Decimal(0))


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured."""

    plan: Plan
    samples: tuple[Sample, ...] = ()
    failures: tuple[str, ...] = ()
    sent: int = 0
    tokens: int = 0
    """Input and output tokens used."""
    usd: Decimal | None = None
    """What was spent, where the price is known."""
    ended: str = ""
    """Why it ended before all requests were timed; empty when it did not."""

    @property
    def after_reasoning(self) -> bool:
        """Whether the first token came only after reasoning that was not streamed."""
        return any(sample.hidden_reasoning_tokens for sample in self.samples)


@dataclass(slots=True)
class _Run:
    """What is known while it runs."""

    plan: Plan
    samples: list[Sample] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    in_a_row: int = 0
    sent: int = 0
    tokens: int = 0
    usd: Decimal = Decimal(0)
    largest_input: int = 0
    """Most input tokens that the endpoint counted for a request: a prompt is only about as long as asked for."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def limit(self, in_flight: int) -> str:
        """Return which limit the next request could pass, with those in flight, or an empty string."""
        plan = self.plan
        most_in = max(plan.shape.input_tokens, self.largest_input)
        size = most_in + plan.shape.output_tokens
        if plan.max_requests is not None and self.sent + 1 > plan.max_requests:
            return f"{plan.max_requests} requests are reached"
        if plan.max_tokens is not None and self.tokens + (in_flight + 1) * size > plan.max_tokens:
            return f"another request could pass {plan.max_tokens:,} tokens"
        worst = plan.usd(most_in, plan.shape.output_tokens)
        if plan.max_usd is not None and worst is not None and self.usd + (in_flight + 1) * worst > plan.max_usd:
            return f"another request could pass ${plan.max_usd}"
        return ""

    def begin(self) -> None:
        """Count a request that is about to be sent."""
        with self.lock:
            self.sent += 1

    def used(self, sample: Sample) -> None:
        """Count what a request used."""
        shape = self.plan.shape
        spent_in = shape.input_tokens if sample.input_tokens is None else sample.input_tokens
        self.spend(spent_in, sample.output_tokens + sample.hidden_reasoning_tokens)

    def spend(self, input_tokens: int, output_tokens: int) -> None:
        """Count tokens that are billed."""
        with self.lock:
            self.largest_input = max(self.largest_input, input_tokens)
            self.tokens += input_tokens + output_tokens
            self.usd += self.plan.usd(input_tokens, output_tokens) or Decimal(0)

    def result(self, ended: str) -> Measurement:
        """Return what was measured so far."""
        usd = self.usd if self.plan.price is not None else None
        return Measurement(self.plan, tuple(self.samples), tuple(self.failures), self.sent, self.tokens, usd, ended)


def measure(
    plan: Plan,
    send: Send,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    *,
    earlier: Sequence[Sample] = (),
    on_sample: Callable[[Sample], None] = lambda _: None,
    on_step: Callable[[], None] = lambda: None,
) -> Measurement:
    """Return the measurement; `earlier` samples of the same plan count towards it.

    `on_sample` is told every sample that counts, `on_step` every request that ended. A
    `KeyboardInterrupt` ends it with what was timed until then.
    """
    run = _Run(plan, samples=list(earlier))
    left = max(plan.repeats - len(run.samples), 0)
    ended = ""
    try:
        for number in range(plan.warm_up if left else 0):
            ended = run.limit(0)
            if ended:
                break
            run.begin()
            _one(run, number, send, clock, sleep)
            on_step()
            if run.in_a_row >= FAILURES_IN_A_ROW:
                ended = f"{FAILURES_IN_A_ROW} requests failed in a row"
        if not ended and left:
            ended = _counted(run, left, send, clock, sleep, on_sample, on_step)
    except KeyboardInterrupt:
        ended = "stopped by you"
    return run.result(ended)


def _counted(
    run: _Run,
    left: int,
    send: Send,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    on_sample: Callable[[Sample], None],
    on_step: Callable[[], None],
) -> str:
    """Time the requests that count, so many at once as planned; return why it ended early, if it did."""
    pool = ThreadPoolExecutor(max_workers=run.plan.concurrency, thread_name_prefix="request")
    flying: set[Future[Sample | None]] = set()
    number, ended = run.plan.warm_up, ""
    try:
        while flying or (left and not ended):
            while left and not ended and len(flying) < run.plan.concurrency:
                ended = run.limit(len(flying))
                if not ended:
                    run.begin()
                    flying.add(pool.submit(_one, run, number, send, clock, sleep))
                    number, left = number + 1, left - 1
            done, flying = wait(flying, return_when=FIRST_COMPLETED)
            for future in done:
                sample = future.result()
                if sample is not None:
                    run.samples.append(sample)
                    on_sample(sample)
                on_step()
            if run.in_a_row >= FAILURES_IN_A_ROW:
                ended = f"{FAILURES_IN_A_ROW} requests failed in a row"
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return ended


def _one(run: _Run, number: int, send: Send, clock: Callable[[], float], sleep: Callable[[float], None]) -> Sample | None:
    """Send a request that has begun, again where the endpoint asks for it; None when it failed."""
    message = ""
    for attempt in range(ATTEMPTS):
        try:
            sample = time_stream(send(number, run.plan.shape), clock)
        except TryLater as error:
            message = str(error)
            pause = 2.0**attempt if error.after_s is None else error.after_s
            if pause > LONGEST_WAIT_S or attempt == ATTEMPTS - 1 or run.limit(0):
                break
            sleep(pause)
            run.begin()
        except Failed as error:
            message = str(error)
            if error.spent:
                run.spend(run.plan.shape.input_tokens, run.plan.shape.output_tokens)
            break
        else:
            run.used(sample)
            run.in_a_row = 0
            return sample
    with run.lock:
        run.failures.append(message)
        run.in_a_row += 1
    return None


def time_stream(chunks: Iterable[Chunk], clock: Callable[[], float]) -> Sample:
    """Time a stream; raises `Failed` for one that gives no text.

    Where the endpoint does not count tokens, every chunk counts as one, as most send them.
    """
    start = clock()
    first = last = start
    seen, reasoned = 0, False
    told = Chunk()
    for chunk in chunks:
        if chunk.piece is not None:
            last = clock()
            first = first if seen else last
            seen += 1
            reasoned = reasoned or chunk.piece == "reasoning"
        if chunk.output_tokens is not None or chunk.input_tokens is not None:
            told = chunk
    if not seen:
        raise Failed("the answer holds no text")
    hidden = 0 if reasoned else min(told.reasoning_tokens or 0, (told.output_tokens or 0) - 1)
    counted = told.output_tokens is not None and told.output_tokens > 0
    tokens = max((told.output_tokens or 0) - hidden, 1) if counted else seen
    return Sample(first - start, last - start, tokens, counted, told.input_tokens, max(hidden, 0))


# ---------------------------------------------------------------- what it says


def percentile(values: Sequence[float], share: float) -> float:
    """Return the percentile of values, between two of them in proportion."""
    ranked = sorted(values)
    place = share * (len(ranked) - 1)
    below = int(place)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (ranked[above] - ranked[below]) * (place - below)


def rates(measurement: Measurement) -> list[float]:
    """Return the output rates that could be told."""
    return [rate for sample in measurement.samples if (rate := sample.output_tokens_per_s) is not None]


def usual_input(measurement: Measurement) -> int:
    """Return the input tokens of a request, as the endpoint counts them where it does."""
    told = [sample.input_tokens for sample in measurement.samples if sample.input_tokens]
    return round(percentile(told, 0.5)) if told else measurement.plan.shape.input_tokens
