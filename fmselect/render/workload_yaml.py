"""An observed workload as a commented requirements file, ready for `fmselect recommend -r` and `fmselect cost -r`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from fmselect.observed_workload import DAYS_A_MONTH, ObservedWorkload, Share, Spread
from fmselect.render.requests_csv import MOST
from fmselect.units import counted, plain
from fmselect.usage import Distribution
from fmselect.usage_logs.records import QUANTITIES

HEAD_WIDTH = 34
"""Where comments start after a key."""
_WHOLE = ("images", "pages", "characters", "searches")
"""Quantities besides tokens that a requirements file holds as whole numbers."""


def render(found: ObservedWorkload, task: str | None, requests_file: str | None = None) -> str:
    """Return the requirements file.

    `task` is the job, if the user said it; `requests_file` the file of requests, relative to this one, which
    then stands for the sizes.
    """
    sizes = [*_sizes(found), *_cached(found), *_amounts(found)]
    if requests_file is not None:
        which = "every request" if len(found.rows) <= MOST else "every request, nearly alike ones together"
        written = [key_line("requests", json.dumps(requests_file), f"{which}, instead of these sizes:")]
        sizes = [*written, *(line if line.startswith("#") else f"# {line}" for line in sizes)]
    lines = [*_head(found), "", task_line(task), *_requests(found), *sizes, *_further(found, requests_file is not None)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


# ---------------------------------------------------------------- what was read


def _head(found: ObservedWorkload) -> Iterator[str]:
    yield f"# Workload of {', '.join(found.logs)}, made by `fmselect workload`."
    what = "single requests" if not found.buckets else "requests, in sums over time"
    count = "an unknown number of" if found.requests is None else f"{found.requests:,}"
    yield f"# Read: {count} {what}{_span(found)}; {_and(found.formats)} format."
    if found.buckets:
        yield "# Sums give means only: how sizes differ from request to request is not known."
    if len(found.models) > 1 or found.taken != tuple(found.models):
        yield "#"
        yield from _table(found)
    notes = list(_notes(found))
    if notes:
        yield "#"
        yield from (f"# Note: {note}" for note in notes)


def _span(found: ObservedWorkload) -> str:
    period = found.period
    if period is None:
        return ""
    if period.first is None or period.last is None:
        return f" in {_days(period.days)}, as you said"
    days = _days(period.days) + (", as you said" if period.stated else "")
    return f" from {_at(period.first)} to {_at(period.last)} UTC ({days})"


def _at(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")


def _days(days: Decimal) -> str:
    written = plain(days.quantize(Decimal("0.01") if days < 10 else Decimal("0.1")))
    return f"{written} day{'' if written == '1' else 's'}"


def _table(found: ObservedWorkload) -> Iterator[str]:
    total = sum(share.requests for share in found.models.values())
    width = max(len("Model"), *(len(_named(model)) for model in found.models))
    yield f"# {'Model':<{width}}  {'requests':>12}  {'share':>6}  {'input':>9}  {'output':>8}"
    for model, share in found.models.items():
        told = share.requests_told and share.requests
        requests = f"{share.requests:,}" if share.requests_told else "?"
        part = f"{100 * share.requests / total:.1f}%" if told and total else "?"
        given, output = (_mean_of(share, quantity) for quantity in ("input_tokens", "output_tokens"))
        mark = "" if model in found.taken else "  left out"
        yield f"# {_named(model):<{width}}  {requests:>12}  {part:>6}  {given:>9}  {output:>8}{mark}"
    yield "# Input and output are tokens a request, in the mean."
    if len(found.taken) > 1:
        yield "# The workload is all of them together; --model NAME takes one."


def _named(model: str) -> str:
    return model or "(not named)"


def _mean_of(share: Share, quantity: str) -> str:
    if not share.requests or not share.requests_told:
        return "?"
    return f"{_whole(Decimal(share.amounts[QUANTITIES.index(quantity)]) / share.requests):,}"


def _notes(found: ObservedWorkload) -> Iterator[str]:
    if len(found.tiers) > 1 or (found.tiers and "batch" in found.tiers):
        total = sum(share.requests for share in found.tiers.values()) or 1
        parts = (f"{_tier(tier)} {100 * share.requests / total:.0f}%" for tier, share in found.tiers.items())
        yield f"by service tier, in shares of the requests: {', '.join(parts)}; `answer_within: hours` opens batch"
    yield from warnings(found)


def _tier(tier: str) -> str:
    return tier or "not told"


def warnings(found: ObservedWorkload) -> Iterator[str]:
    """Yield what the user should know before relying on the workload."""
    for (log, reason), count in found.skipped.items():
        yield f"{log}: left out, as no request: {count:,} x {reason}"
    if found.unreadable:
        yield f"{counted(len(found.unreadable), 'unreadable line')} left out, as told on stderr"
    if found.repeated:
        yield f"{counted(found.repeated, 'request')} logged again under the same id, counted once"
    for log in found.unpaged:
        yield f"{log} ends before the export does (has_more): fetch the further pages, and give them too"
    if found.period is not None and not found.period.stated and found.period.days < 7:
        yield f"a log of {_days(found.period.days)} does not show a whole week, so the month is a rough one"
    if found.requests_per_month is None:
        why = f"{counted(found.untimed, 'request')} without a time" if found.untimed else "a single point in time"
        yield f"the days that the log covers are not told ({why}), so the requests a month are unknown: give --days N"


# ---------------------------------------------------------------- keys


def task_line(task: str | None) -> str:
    """Return the line of the job."""
    return key_line("task", task) if task is not None else f"{'# task: chat':<{HEAD_WIDTH}}# say what the job is: `fmselect list tasks`"


def _requests(found: ObservedWorkload) -> Iterator[str]:
    month = found.requests_per_month
    if month is None:
        yield f"{'# requests_per_month:':<{HEAD_WIDTH}}# unknown; without it, the task's typical number is taken"
    elif found.requests_per_month_stated:
        yield key_line("requests_per_month", month, "as you said")
    elif found.period is not None:
        per_month = f"{DAYS_A_MONTH:.1f}"
        yield key_line("requests_per_month", month, f"{found.requests:,} in {_days(found.period.days)}, for a month of {per_month} days")


def _sizes(found: ObservedWorkload) -> Iterator[str]:
    for quantity in ("input_tokens", "output_tokens"):
        mean = found.mean(quantity)
        if mean is not None:
            inside = ", cached ones included" if quantity == "input_tokens" and found.totals["cache_read_tokens"] else ""
            yield _tokens(quantity, _whole(mean), found.spreads.get(quantity), inside)
    reasoning = found.mean("reasoning_tokens")
    if found.reasoning_told and reasoning is not None and found.totals["output_tokens"]:
        said = "as the logged models reasoned; without this line, each model's effort is estimated"
        yield key_line("reasoning_tokens", _whole(reasoning), said)
    if found.totals["output_tokens"] and found.reasoning_told < 1:
        of = f"of {_percent(Decimal(1) - Decimal(found.reasoning_told))} of the requests " if found.reasoning_told else ""
        yield f"# The log does not tell the reasoning {of}apart: where the model reasoned, that is inside output_tokens."
        if not found.reasoning_told:
            yield "# Then add `reasoning_tokens: 0`, so that it is not estimated on top."


def _tokens(name: str, mean: int, spread: Spread | None, inside: str) -> str:
    """Return a mean with the percentiles that a requirements file takes; alone, where there are none to tell."""
    if spread is None:
        return key_line(name, mean, f"mean{inside}")
    largest = f"the largest request has {_whole(Decimal(spread.largest)):,}{inside}"
    value = with_percentiles(mean, {percent: _whole(Decimal(spread.at(percent))) for percent in spread.told})
    return key_line(name, value, largest if value.startswith("{") else f"mean; {largest}")


def with_percentiles(mean: int, percentiles: Mapping[int, int]) -> str:
    """Return the value of a key of tokens: the mean with its percentiles, or alone where these cannot be, once rounded."""
    try:
        Distribution(Decimal(mean), tuple((Decimal(percent), Decimal(size)) for percent, size in percentiles.items()))
    except ValueError:
        return str(mean)
    return (
        f"{{{', '.join([f'mean: {mean}', *(f'p{percent}: {size}' for percent, size in percentiles.items())])}}}"
        if percentiles
        else str(mean)
    )


def _cached(found: ObservedWorkload) -> Iterator[str]:
    read = found.share_of_input("cache_read_tokens")
    if read:
        yield key_line("cached_share", _share(read), "of the input was read from the cache")
    short, hour = found.share_of_input("cache_write_tokens"), found.share_of_input("cache_write_1h_tokens")
    if short or hour:
        yield key_line("cache_write_share", _share(short + hour), "of the input was written to the cache")
        if short and hour:
            yield f"# {_percent(hour / (short + hour))} of that was for an hour; only a file of requests (--requests-out) holds both."
        if hour > short:
            yield key_line("cache_lifetime", "1h")


def _share(share: Decimal) -> str:
    return plain(share.quantize(Decimal("0.0001"), ROUND_DOWN))


def _amounts(found: ObservedWorkload) -> Iterator[str]:
    for quantity in _WHOLE:
        mean = found.mean(quantity)
        if mean and _whole(mean):
            yield key_line(quantity, _whole(mean), "mean")
        elif mean:
            yield f"# {quantity}: {_significant(mean)} a request in the mean, too few to write; a file of requests holds them."
    if minutes := found.mean("audio_minutes"):
        yield key_line("audio_minutes", _significant(minutes), "mean")


def _further(found: ObservedWorkload, with_hours: bool) -> Iterator[str]:
    if found.largest_request:
        yield f"{f'# min_context: {found.largest_request}':<{HEAD_WIDTH}}# the largest request; uncomment to need models that take it"
    if found.peak is not None and not with_hours:
        said = f"the busiest minute ({found.busiest_minute:,} requests) against the mean; sizes capacity that is bought"
        yield f"{f'# peak: {found.peak:.1f}':<{HEAD_WIDTH}}# {said}"
    if found.hours:
        yield "#"
        yield "# Requests by hour of the day (UTC), in percent:"
        for start in (0, 6, 12, 18):
            cells = (f"{hour:02}h {100 * found.hours[hour]:.1f}" for hour in range(start, start + 6))
            yield "#   " + "  ".join(f"{cell:<8}" for cell in cells)


def key_line(name: str, value: object, comment: str = "") -> str:
    """Return a line with a key, its value, and where that comes from."""
    text = f"{name}: {value}"
    return f"{text:<{HEAD_WIDTH - 2}}  # {comment}" if comment else text


def _whole(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def _significant(value: Decimal) -> str:
    return plain(value.quantize(Decimal("0.0001"))) if value >= Decimal("0.001") else f"{value:.2g}"


def _percent(share: Decimal) -> str:
    return f"{100 * share:.1f}%"


def _and(names: tuple[str, ...]) -> str:
    return " and ".join(filter(None, names)) or "unknown"
