"""What a usage log says: requests or buckets of requests, what was left out of them, and in which words formats are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

QUANTITIES = (
    "input_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
    "images",
    "audio_minutes",
    "pages",
    "characters",
    "searches",
)
"""What a request may use, in the order of `Used.amounts`; the names are the columns of a file of requests.

Cached tokens are inside `input_tokens`; reasoning is on top of `output_tokens`.
"""

Amount = int | Decimal


class Used(NamedTuple):
    """What one request used, or some alike ones, or a whole bucket of them."""

    line: int
    """One-based line of the log."""
    amounts: tuple[Amount, ...]
    """In the order of `QUANTITIES`: of one request, or the sum over a bucket."""
    requests: int | None = 1
    """How many requests; None: the bucket does not say."""
    bucket: bool = False
    """Whether the amounts are sums over all the requests of a span of time, which tell nothing about each."""
    model: str = ""
    """The model as the log names it; empty: not told."""
    at: float | None = None
    """Seconds since 1970 (UTC) at which the request, or the bucket, starts; None: not told."""
    until: float | None = None
    """End of the bucket, in the same unit."""
    hour: int | None = None
    """Hour of the day (UTC), where the log tells only that."""
    tier: str = ""
    """The service tier as the log names it; empty: not told."""
    reasoning_told: bool = False
    """Whether reasoning is told apart from the rest of the output."""
    identity: str = ""
    """The id of the response, by which a request that is logged twice is counted once."""


class Skipped(NamedTuple):
    """A line that can be read and is no request."""

    line: int
    reason: str


class Paged(NamedTuple):
    """A page of an export, which says whether others follow."""

    line: int
    more: bool


class Odd(NamedTuple):
    """A line that cannot be read: what is wrong, and what to do."""

    line: int
    message: str


Reading = Used | Skipped | Paged | Odd


class Unreadable(ValueError):
    """A value that makes a line unreadable; the message says what is wrong, without what to do."""


@dataclass(frozen=True, slots=True)
class How:
    """What the user says about how to read a log."""

    format: str | None = None
    """The format by name; None: recognised by its content."""
    columns: tuple[tuple[str, str], ...] = ()
    """For plain logs: what a column holds (see `plain.HOLDS`), and its name in the log."""
    cached_apart: bool = False
    """Whether `input` leaves the cached tokens out, in formats that do not settle it."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format of usage logs."""

    name: str
    says: str
    """What it is, for people."""
    knows_value: Callable[[Any, How], bool]
    """Whether a JSON value is of this format."""
    read_value: Callable[[int, Any, How], Iterable[Reading]]
    """What a JSON value says; raises `Unreadable`."""
    knows_header: Callable[[Sequence[str], How], bool]
    """Whether a CSV file with these columns is of this format."""
    read_row: Callable[[int, Mapping[str, str], How], Iterable[Reading]]
    """What a row of a CSV file says; raises `Unreadable`."""


# ---------------------------------------------------------------- values


def whole(value: Any, what: str, missing: int = 0) -> int:
    """Read a count: a whole number that is not negative; None and empty text are `missing`.

    Text is read too, as CSV and OTLP write numbers. Raises `Unreadable`.
    """
    if type(value) is int:
        if value < 0:
            raise Unreadable(f"{what} is {value}: a count cannot be negative")
        return value
    if value is None or value == "":
        return missing
    if isinstance(value, (str, float)) and (number := _number(value)) is not None and number == number.to_integral_value():
        return whole(int(number), what)
    raise Unreadable(f"{what} is {shown(value)}: not a whole number")


def amount(value: Any, what: str) -> Decimal:
    """Read a quantity that may be a fraction. Raises `Unreadable`."""
    if value is None or value == "":
        return Decimal(0)
    number = _number(value) if isinstance(value, (str, float, int)) and not isinstance(value, bool) else None
    if number is None:
        raise Unreadable(f"{what} is {shown(value)}: not a number")
    if number < 0:
        raise Unreadable(f"{what} is {number}: a quantity cannot be negative")
    return number


def _number(value: str | float) -> Decimal | None:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= 18 else None


def moment(value: Any, what: str) -> float | None:
    """Read a point in time as seconds since 1970 (UTC); None where there is none.

    Seconds, milliseconds, microseconds and nanoseconds since 1970 are told apart by their size; text
    is ISO 8601, and without a zone it is UTC. Raises `Unreadable`.
    """
    if type(value) is int and _EARLIEST <= value <= _LATEST:
        return float(value)
    if value is None or value == "":
        return None
    number = None if isinstance(value, bool) or not isinstance(value, (str, int, float)) else _number(value)
    if number is not None:
        seconds = float(number)
        while seconds > _LATEST:
            seconds /= 1000
        if seconds < _EARLIEST:
            raise Unreadable(f"{what} is {value}: no point in time after 2000")
        return seconds
    try:
        parsed = datetime.fromisoformat(str(value).strip().removesuffix(" UTC"))
    except ValueError as error:
        raise Unreadable(f"{what} is {shown(value)}: not a point in time (ISO 8601, or seconds since 1970)") from error
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


_EARLIEST = 946_684_800
"""Start of 2000, in seconds: what is smaller is no time of a request."""
_LATEST = 10_000_000_000
"""In the year 2286: what is larger counts in thousandths."""

DAY_S = 86_400


def day_start(value: str, what: str) -> float:
    """Read a day (YYYY-MM-DD) as the second at which it starts. Raises `Unreadable`."""
    try:
        day = date.fromisoformat(value.strip())
    except ValueError as error:
        raise Unreadable(f"{what} is {shown(value)}: not a day (YYYY-MM-DD)") from error
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def mapping(value: Any, what: str) -> Mapping[str, Any]:
    """Return a JSON object; an absent one is empty. Raises `Unreadable`."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unreadable(f"{what} is {shown(value)}: not an object")
    return value


def items(value: Any, what: str) -> Sequence[Any]:
    """Return a JSON list; an absent one is empty. Raises `Unreadable`."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Unreadable(f"{what} is {shown(value)}: not a list")
    return value


def text(value: Any) -> str:
    """Return text as it is, and nothing for anything else."""
    return value if isinstance(value, str) else ""


def shown(value: Any) -> str:
    """Write a value of a log in an error, shortly and without its content where it may be long."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    written = f"'{value}'" if isinstance(value, str) else str(value)
    return written if len(written) <= 40 else written[:39] + "…"


def amounts(
    *,
    given: int = 0,
    cache_read: int = 0,
    cache_write: int = 0,
    cache_write_1h: int = 0,
    output: int = 0,
    reasoning: int = 0,
    images: int = 0,
    audio_minutes: Decimal = Decimal(0),
    pages: int = 0,
    characters: int = 0,
    searches: int = 0,
) -> tuple[Amount, ...]:
    """Return the amounts of a request in the order of `QUANTITIES`; `given` is all input, `output` is without reasoning.

    Raises `Unreadable` when more was cached than given.
    """
    cached = cache_read + cache_write + cache_write_1h
    if cached > given:
        raise Unreadable(f"the cached tokens ({cached}) are more than the input tokens that should hold them ({given})")
    return (given, cache_read, cache_write, cache_write_1h, output, reasoning, images, audio_minutes, pages, characters, searches)


def apart(output: int, reasoning: int) -> int:
    """Return the output without the reasoning that is inside it. Raises `Unreadable` when it cannot be inside."""
    if reasoning > output:
        raise Unreadable(f"the reasoning tokens ({reasoning}) are more than the output tokens that should hold them ({output})")
    return output - reasoning


TIMES = ("timestamp", "time", "created_at", "created", "start_time", "started_at", "date", "datetime", "ts", "@timestamp")
"""Keys under which logs keep the time of a request."""


def logged_at(*values: Mapping[str, Any]) -> float | None:
    """Return the time that the first of some objects tells. Raises `Unreadable`."""
    for value in values:
        for key in TIMES:
            if key in value and value[key] not in (None, ""):
                return moment(value[key], key)
    return None


def response_in(value: Any) -> Mapping[str, Any] | None:
    """Return the object with `usage` in a logged value: itself, or what batches, transcripts and proxies wrap it in."""
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("usage"), dict):
        return value
    for path in _WRAPPERS:
        inner: Any = value
        for key in path:
            inner = inner.get(key) if isinstance(inner, dict) else None
        if isinstance(inner, dict) and isinstance(inner.get("usage"), dict):
            return inner
    return None


_WRAPPERS = (("response", "body"), ("response",), ("message",), ("result", "message"), ("body",))
"""OpenAI's batches wrap in response.body, Anthropic's in result.message, transcripts in message, proxies in response or body."""


def never(_value: Any, _how: How) -> bool:
    """Know nothing: for formats without JSON or without CSV."""
    return False


def nothing(_line: int, _value: Any, _how: How) -> Iterable[Reading]:
    """Read nothing: for formats without JSON or without CSV."""
    return ()
