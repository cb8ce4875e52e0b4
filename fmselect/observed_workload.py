"""The workload that usage logs show: how many requests a month, of which sizes, at which hours, by which models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from operator import add
from typing import NamedTuple

from fmselect.errors import InvalidInput, Problem, did_you_mean
from fmselect.units import counted
from fmselect.usage_logs.records import DAY_S, QUANTITIES, Amount, Paged, Reading, Skipped, Used

DAYS_A_MONTH = Decimal(365) / 12
"""Days of the month that requests are counted for: a twelfth of a year."""
ENOUGH = 10
"""Requests in the busiest minute from which on it says something about the peak."""
EXAMPLES = 100
"""Lines that are told one by one for the same problem; further ones are counted."""

PERCENTILES = (10, 25, 50, 75, 90, 95, 99)
"""Percentiles that are told of a spread."""
PARTS = tuple(QUANTITIES.index(name) for name in ("cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens"))
"""Where the cached parts of the input stand."""
_OUTPUT = QUANTITIES.index("output_tokens")

Log = tuple[str, Iterable[tuple[str, Reading]]]
"""A log: its name for the user, and what `usage_logs.reading.read` gives of it."""


class Spread(NamedTuple):
    """How a quantity is spread over single requests."""

    mean: Decimal
    percentiles: tuple[Amount, ...]
    """By nearest rank, in the order of `PERCENTILES`."""
    largest: Amount
    requests: int
    """How many requests it is about."""

    def at(self, percent: int) -> Amount:
        """Return a percentile: so many percent of the requests have at most that."""
        return self.percentiles[PERCENTILES.index(percent)]

    @property
    def told(self) -> tuple[int, ...]:
        """The percentiles that at least one request is below, and one above."""
        return tuple(percent for percent in PERCENTILES if min(percent, 100 - percent) * self.requests >= 100)


@dataclass(frozen=True, slots=True)
class Share:
    """The part of one model, or of one service tier."""

    requests: int
    requests_told: bool
    """False: some of its buckets do not say how many requests they hold."""
    amounts: tuple[Amount, ...]
    """Sums over its requests, in the order of `QUANTITIES`."""


@dataclass(frozen=True, slots=True)
class Period:
    """The time that a log covers."""

    days: Decimal
    stated: bool
    """Whether the user said so, rather than the times in the log."""
    first: datetime | None = None
    last: datetime | None = None


class Rows:
    """Single requests, alike ones together; kept as text, which takes a third of the memory of tuples."""

    def __init__(self, packed: Mapping[str, int]) -> None:
        self._packed = packed

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[tuple[int | None, tuple[Amount, ...], int]]:
        """Yield the hour of the day, the amounts in the order of `QUANTITIES`, and how many requests are so."""
        for row, count in self._packed.items():
            hour, _, amounts = row.partition("|")
            cells = amounts.split(",")
            yield int(hour) if hour else None, tuple(map(_amount if "." in amounts else int, cells)), count


def _packed(hour: int | None, amounts: tuple[Amount, ...]) -> str:
    return f"{'' if hour is None else hour}|{','.join([str(amount) if type(amount) is int else f'{amount:f}' for amount in amounts])}"


def _amount(text: str) -> Amount:
    return Decimal(text) if "." in text else int(text)


@dataclass(frozen=True, slots=True)
class ObservedWorkload:
    """What the logs show, for the models that were asked for."""

    logs: tuple[str, ...]
    formats: tuple[str, ...]
    """Formats that were read."""
    buckets: bool
    """Whether the logs hold sums over spans of time, which give means only, or single requests."""
    requests: int | None
    """Requests in the logs; None: they do not say."""
    totals: Mapping[str, Amount]
    """Sums over all requests, by quantity."""
    models: Mapping[str, Share]
    """Everything in the logs, by model, the largest first; also what was not asked for."""
    taken: tuple[str, ...]
    """The models that the workload is made of."""
    tiers: Mapping[str, Share]
    """The workload by service tier as the log names it."""
    period: Period | None
    """None: the logs tell no time."""
    requests_per_month: int | None
    """None: not to be derived."""
    requests_per_month_stated: bool
    spreads: Mapping[str, Spread]
    """By quantity, of single requests; empty for buckets."""
    largest_request: Amount | None
    """Tokens of input and output of the largest single request."""
    hours: tuple[Decimal, ...]
    """Share of the requests by hour of the day (UTC), 0 to 1; empty: not told."""
    busiest_minute: int
    """Single requests in the minute that had the most; 0: not told."""
    reasoning_told: float
    """Share of the requests, 0 to 1, whose log tells reasoning apart from the other output, or that have no output."""
    untimed: int
    """Requests without a time."""
    rows: Rows
    """Single requests, alike ones together; empty for buckets."""
    skipped: Mapping[tuple[str, str], int]
    """Lines that are no requests, by log and reason."""
    unreadable: tuple[Problem, ...]
    """Lines that could not be read and were left out, because the user wanted so."""
    repeated: int
    """Requests that were logged again with the same id, and counted once."""
    unpaged: tuple[str, ...]
    """Logs that are pages of an export with further pages, none of which was given."""

    def mean(self, quantity: str) -> Decimal | None:
        """Return the mean of a quantity per request; None when the number of requests is not known."""
        return Decimal(self.totals[quantity]) / self.requests if self.requests else None

    @property
    def peak(self) -> Decimal | None:
        """The busiest minute as a multiple of the mean minute; None where it has too few requests to tell."""
        if self.period is None or self.busiest_minute < ENOUGH or not self.requests:
            return None
        return Decimal(self.busiest_minute) / (Decimal(self.requests) / (self.period.days * 24 * 60))

    def share_of_input(self, *quantities: str) -> Decimal:
        """Return which share of all input tokens some quantities are, 0 to 1."""
        total = Decimal(self.totals["input_tokens"])
        return sum((Decimal(self.totals[quantity]) for quantity in quantities), Decimal(0)) / total if total else Decimal(0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says about the workload."""

    models: Sequence[str] = ()
    """Models to take, by name or with `*`; none: all."""
    days: Decimal | None = None
    """Days that the logs cover; None: from their first to their last time."""
    requests_per_month: int | None = None
    """Requests a month; None: derived."""
    skip_unreadable: bool = False
    """Whether to leave out lines that cannot be read, instead of giving none of it."""


def observe(logs: Iterable[Log], asked: Asked) -> ObservedWorkload:
    """Return the workload that the logs show.

    Raises `InvalidInput` with every line that cannot be read (unless they are to be skipped), or when
    the logs hold no request, hold both buckets and single requests, or miss what was asked for.
    """
    tally = _Tally(asked)
    for name, readings in logs:
        tally.add(name, readings)
    return tally.result()


class _Tally:
    """Sums up what is read, request by request."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.logs: list[str] = []
        self.formats: set[str] = set()
        self.sums: dict[tuple[str, str], _Sum] = {}
        self.rows: dict[str, int] = {}
        self.hours: Counter[int | None] = Counter()
        self.minutes: Counter[int] = Counter()
        self.first: float | None = None
        self.last: float | None = None
        self.untimed = 0
        self.kinds: dict[bool, str] = {}
        self.skipped: Counter[tuple[str, str]] = Counter()
        self.problems: dict[tuple[str, str], list[int]] = {}
        self.seen: set[int] = set()
        self.repeated = 0
        self.told = 0
        self.pages: dict[str, bool] = {}

    def add(self, name: str, readings: Iterable[tuple[str, Reading]]) -> None:
        self.logs.append(name)
        found, form = False, ""
        for form, reading in readings:
            if isinstance(reading, Used):
                found = True
                self._use(name, reading)
                self.formats.add(form)
            elif isinstance(reading, Skipped):
                self.skipped[name, reading.reason] += 1
            elif isinstance(reading, Paged):
                self.pages[name] = reading.more
            else:
                self.problems.setdefault((name, reading.message), []).append(reading.line)
        if not found and not any(log == name for log, _ in self.problems):
            reasons = "; ".join(f"{count:,} x {reason}" for (log, reason), count in self.skipped.items() if log == name)
            said = f"holds no request with its usage ({reasons})" if reasons else "holds no request with its usage"
            self.problems[name, f"{said}: name the keys with --columns, or the format with --log-format"] = [1]

    def _use(self, log: str, used: Used) -> None:
        if used.identity:
            key = hash((used.identity, used.model))
            if key in self.seen:
                self.repeated += 1
                return
            self.seen.add(key)
        requests = used.requests or 0
        empty = used.requests == 0 and not any(used.amounts)
        taken = self._takes(used.model)
        if used.at is not None and (taken or empty):  # an empty bucket covers time for whatever model was asked for
            until = used.at if used.until is None else used.until
            self.first = used.at if self.first is None or used.at < self.first else self.first
            self.last = until if self.last is None or until > self.last else self.last
        if empty:
            return
        self.kinds.setdefault(used.bucket, log)
        if (part := self.sums.get((used.model, used.tier))) is None:
            part = self.sums[used.model, used.tier] = _Sum()
        part.use(used)
        if not taken:
            return
        self.told += requests if used.reasoning_told or not used.amounts[_OUTPUT] else 0
        self.untimed += requests if used.at is None else 0
        hour = _hour(used)
        self.hours[hour] += requests
        if not used.bucket and requests:
            if used.at is not None:
                self.minutes[int(used.at // 60)] += requests
            row = _packed(hour, used.amounts)
            self.rows[row] = self.rows.get(row, 0) + requests

    def _takes(self, model: str) -> bool:
        return not self.asked.models or any(fnmatchcase(model, wanted) for wanted in self.asked.models)

    # ------------------------------------------------------------ result

    def result(self) -> ObservedWorkload:
        problems = tuple(self._unreadable())
        if problems and not self.asked.skip_unreadable:
            raise InvalidInput(problems)
        wrong = [*self._mixed(), *self._missing_models()]
        models: dict[str, _Sum] = {}
        tiers: dict[str, _Sum] = {}
        whole = _Sum()
        for (model, tier), part in self.sums.items():
            models.setdefault(model, _Sum()).merge(part)
            if self._takes(model):
                tiers.setdefault(tier, _Sum()).merge(part)
                whole.merge(part)
        if not wrong and not any(whole.amounts) and not whole.requests:
            wrong = [*problems, Problem("holds no requests: give a log with at least one", self.logs[0])]
        if wrong:
            raise InvalidInput(wrong)
        period = self._period()
        stated = self.asked.requests_per_month
        requests: int | None = whole.requests
        if not whole.requests_told:
            requests = None if stated is None or period is None else max(1, round(stated * period.days / DAYS_A_MONTH))
            if requests is None:
                raise InvalidInput([self._unknown_requests(period)])
        derived = None if period is None or requests is None else round(requests / period.days * DAYS_A_MONTH)
        rows = Rows(self.rows)
        return ObservedWorkload(
            logs=tuple(self.logs),
            formats=tuple(sorted(self.formats)),
            buckets=True in self.kinds,
            requests=requests,
            totals=dict(zip(QUANTITIES, whole.amounts, strict=True)),
            models=_shares(models),
            taken=tuple(sorted(model for model in models if self._takes(model))),
            tiers=_shares(tiers),
            period=period,
            requests_per_month=stated if stated is not None else derived if derived is None else max(1, derived),
            requests_per_month_stated=stated is not None,
            spreads=dict(_spreads(rows)),
            largest_request=max((row[0] + row[4] + row[5] for _, row, _ in rows), default=None),
            hours=self._hours(),
            busiest_minute=max(self.minutes.values(), default=0),
            reasoning_told=self.told / whole.requests if whole.requests else 0,
            untimed=self.untimed,
            rows=rows,
            skipped=dict(sorted(self.skipped.items())),
            unreadable=problems,
            repeated=self.repeated,
            unpaged=tuple(log for log, more in self.pages.items() if more) if all(self.pages.values()) else (),
        )

    def _unreadable(self) -> Iterator[Problem]:
        for (log, message), lines in self.problems.items():
            for line in lines[:EXAMPLES]:
                yield Problem(message, log, line)
            more = len(lines) - EXAMPLES
            if more > 0:
                told = f"{message} (and {counted(more, 'line')} from here to line {lines[-1]:,})"
                yield Problem(told, log, lines[EXAMPLES])

    def _mixed(self) -> Iterator[Problem]:
        if len(self.kinds) == 2:
            sums, single = self.kinds[True], self.kinds[False]
            yield Problem(f"holds sums over time, and {single} single requests, which may be the same ones: give one kind at a time", sums)

    def _missing_models(self) -> Iterator[Problem]:
        for wanted in self.asked.models:
            names = {model for model, _ in self.sums}
            if not any(fnmatchcase(model, wanted) for model in names):
                known = sorted(filter(None, names))
                there = ", ".join(known[:10]) or "no model by name"
                yield Problem(f"'{wanted}' is not in the log{did_you_mean(wanted, known)} (it has {there})", field="--model")

    def _unknown_requests(self, period: Period | None) -> Problem:
        days = "" if period is not None else " and --days N (the days it covers)"
        message = f"tells how many tokens were used, but not by how many requests: add --requests-per-month N{days}"
        return Problem(message, self.kinds.get(True, self.logs[0]))

    def _period(self) -> Period | None:
        first, last = (None if at is None else datetime.fromtimestamp(at, UTC) for at in (self.first, self.last))
        if self.asked.days is not None:
            return Period(self.asked.days, True, first, last)
        if self.first is None or self.last is None or self.last <= self.first or self.untimed:
            return None
        return Period(Decimal(repr(self.last - self.first)) / DAY_S, False, first, last)

    def _hours(self) -> tuple[Decimal, ...]:
        total = sum(self.hours.values())
        if None in self.hours or not total:
            return ()
        return tuple(Decimal(self.hours[hour]) / total for hour in range(24))


def _spreads(rows: Rows) -> Iterator[tuple[str, Spread]]:
    """Yield how each quantity that was used is spread."""
    sizes: list[dict[Amount, int]] = [{} for _ in QUANTITIES]
    for _, amounts, count in rows:
        for index, size in enumerate(amounts):
            sizes[index][size] = sizes[index].get(size, 0) + count
    for quantity, found in zip(QUANTITIES, sizes, strict=True):
        if any(found):
            total = sum(found.values())
            mean = sum((Decimal(size) * count for size, count in found.items()), Decimal(0)) / total
            yield quantity, Spread(mean, _ranks(found, total), max(found), total)


def _ranks(sizes: Mapping[Amount, int], total: int) -> tuple[Amount, ...]:
    """Return the percentiles by nearest rank: the smallest size that at least so many percent do not exceed."""
    found: list[Amount] = []
    seen = 0
    for size in sorted(sizes):
        seen += sizes[size]
        while len(found) < len(PERCENTILES) and seen * 100 >= PERCENTILES[len(found)] * total:
            found.append(size)
    return tuple(found)


class Group(NamedTuple):
    """Alike requests, or requests that were put together."""

    hour: int | None
    amounts: tuple[Amount, ...]
    """Of each, in the order of `QUANTITIES`."""
    requests: int


def together(rows: Rows, most: int) -> list[Group]:
    """Return the requests as groups: as they are, or put together when there are more different ones than `most`.

    Put together are requests of the same hour whose input has the same first two digits and as many
    digits, so that a long-context step parts them as it parts single requests. A group stands for its
    mean in whole tokens; what rounding leaves over goes to the next smaller group, so that the sums of
    all groups are those of the requests, up to half a token for each request of the smallest group.
    """
    if len(rows) <= most:
        return [Group(*row) for row in rows]
    sums: dict[tuple[int | None, int], tuple[int, list[Amount]]] = {}
    for hour, amounts, count in rows:
        key = (hour, _two_digits(int(amounts[0])))
        have, total = sums.get(key, (0, [0] * len(QUANTITIES)))
        parts = (_uncached(amounts), *amounts[1:])
        sums[key] = (have + count, [a + count * b for a, b in zip(total, parts, strict=True)])
    groups: list[Group] = []
    left: list[Amount] = [0] * len(QUANTITIES)
    for (hour, _), (count, total) in sorted(sums.items(), key=lambda item: (-item[1][0], item[0][0] or 0, item[0][1])):
        wanted = list(map(add, total, left))
        parts = tuple(_each(amount, count) for amount in wanted)
        left = [want - part * count for want, part in zip(wanted, parts, strict=True)]
        groups.append(Group(hour, (parts[0] + sum(parts[index] for index in PARTS), *parts[1:]), count))
    return groups


def _two_digits(number: int) -> int:
    """Return the number with all digits but the first two as zeros: 12,345 -> 12,000."""
    scale = int(10 ** max(len(str(number)) - 2, 0))
    return number // scale * scale


def _uncached(amounts: tuple[Amount, ...]) -> Amount:
    return amounts[0] - sum(amounts[index] for index in PARTS)


def _each(amount: Amount, count: int) -> Amount:
    """Return the share of each of some requests in a sum: whole, unless the sum is not; never below 0."""
    if isinstance(amount, Decimal):
        return max((amount / count).quantize(_FINE), Decimal(0))
    whole: int = (2 * amount + count) // (2 * count)
    return max(whole, 0)


_FINE = Decimal("0.000001")
"""To which fraction a quantity that is not counted in whole numbers is written."""


def _hour(used: Used) -> int | None:
    """Return the hour of the day of a request, or of a bucket that lies within one."""
    if used.at is None:
        return used.hour
    if used.until is not None and used.until - used.at > 3600:
        return None
    return int(used.at % DAY_S // 3600)


@dataclass(slots=True)
class _Sum:
    """A share while it is summed up."""

    requests: int = 0
    requests_told: bool = True
    amounts: list[Amount] = field(default_factory=lambda: [0] * len(QUANTITIES))

    def use(self, used: Used) -> None:
        requests = used.requests or 0
        each = 1 if used.bucket else requests
        self.requests += requests
        self.requests_told = self.requests_told and used.requests is not None
        more = used.amounts if each == 1 else [amount * each for amount in used.amounts]
        self.amounts = list(map(add, self.amounts, more))

    def merge(self, part: _Sum) -> None:
        self.requests += part.requests
        self.requests_told = self.requests_told and part.requests_told
        self.amounts = list(map(add, self.amounts, part.amounts))


def _shares(sums: Mapping[str, _Sum]) -> dict[str, Share]:
    """Return the shares, the one that used most first."""
    ordered = sorted(sums.items(), key=lambda item: (-sum(map(Decimal, item[1].amounts)), -item[1].requests, item[0]))
    return {name: Share(share.requests, share.requests_told, tuple(share.amounts)) for name, share in ordered}
