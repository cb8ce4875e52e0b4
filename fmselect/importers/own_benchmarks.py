"""Results of the user's own -> benchmarks of their catalog, with 95% intervals, and what did not match.

The interval is, in this order: the one that the file gives; score +- 1.96 standard errors, where it gives
one above 0; Wilson's for a share of n cases (E. B. Wilson, 1927), which is at least as wide as that of any
score between 0 and 1 with the same mean; else none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fmselect.catalog.schema import Benchmark, Model, Row
from fmselect.errors import InvalidInput, Problem
from fmselect.importers.names import Match, Names
from fmselect.importers.results import Result, Results, texts
from fmselect.units import Effort

Scale = Literal["share", "percent", "elo"]
"""What a score of 0.83, 83 or 1083 is."""

LICENSE = "your own results"
Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Read:
    """A file with what it holds."""

    file: str
    """The file as the user named it."""
    results: Results


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says beyond the files."""

    name: str | None = None
    """Name for the benchmark; None: after what was run."""
    metric: str | None = None
    """The metric to take; None: the first of each suite."""
    effort: Effort | None = None
    """Effort of results that state none."""
    scale: Scale | None = None
    """What the scores are; None: told from the scores."""
    lower_is_better: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """A row with why its name means its model."""

    row: Row
    why: str
    file: str


@dataclass(frozen=True, slots=True)
class Imported:
    """A benchmark made of results."""

    benchmark: Benchmark
    joined: tuple[Joined, ...]
    """The rows that the files gave; rows of earlier imports stay in the benchmark."""
    measure: str
    """What was measured, for people."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A name that means nothing here, with the results that wait for it."""

    name: str
    results: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that came of an import."""

    imported: tuple[Imported, ...]
    unmatched: tuple[Unmatched, ...]
    notes: tuple[str, ...]


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return Wilson's 95% interval of a share of n cases, as shares."""
    z2 = Z95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n**2)) / (1 + z2 / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def benchmarks(read: Sequence[Read], names: Names, existing: Mapping[str, Benchmark], asked: Asked, today: date) -> Outcome:
    """Return the benchmarks that the files make, over what earlier imports left there.

    `existing` are all benchmarks of the catalog, with the rows of the user's own.
    Raises `InvalidInput` when the files hold nothing that can be compared, or a name is taken.
    """
    notes: list[str] = [f"{item.file}: {note}" for item in read for note in item.results.notes]
    chosen = _chosen(read, asked, notes)
    made: dict[str, list[tuple[Read, Result]]] = {}
    scales: dict[str, Scale] = {}
    for measure, items in chosen.items():
        scale = _scale(items, asked, notes)
        if scale is not None:
            identity = _identity(measure, asked, len(chosen), existing)
            made.setdefault(identity, []).extend(items)
            scales[identity] = scale
    imported: list[Imported] = []
    waiting: dict[str, int] = {}
    for identity, items in made.items():
        found = _matched(items, names, waiting, notes)
        if found:
            imported.append(_imported(identity, found, scales[identity], existing.get(identity), asked, today, notes))
    unmatched = tuple(Unmatched(name, number) for name, number in waiting.items())
    return Outcome(tuple(imported), unmatched, tuple(dict.fromkeys(notes)))


def _chosen(read: Sequence[Read], asked: Asked, notes: list[str]) -> dict[tuple[str, str], list[tuple[Read, Result]]]:
    """Return the results to take by measure: those of the metric asked for, else of each suite's first."""
    suites: dict[str, dict[str, list[tuple[Read, Result]]]] = {}
    for item in read:
        for result in item.results.results:
            suites.setdefault(result.suite, {}).setdefault(result.metric, []).append((item, result))
    found: dict[tuple[str, str], list[tuple[Read, Result]]] = {}
    for suite, metrics in suites.items():
        wanted = next((metric for metric in metrics if asked.metric in (metric, metric.partition(",")[0]) or asked.metric == suite), None)
        if asked.metric is None:
            wanted = next(iter(metrics))
            others = [metric for metric in metrics if metric != wanted]
            if others:
                notes.append(f"{suite}: took '{wanted}'; also there: {texts(others)} (say --metric)")
        if wanted is not None:
            found[suite, wanted] = metrics[wanted]
    if not found:
        known = list(dict.fromkeys(name for suite, metrics in suites.items() for name in (*filter(None, metrics), suite)))
        raise InvalidInput([Problem(f"'{asked.metric}' is no metric of the files: they hold {texts(known, 12)}", field="--metric")])
    return found


def _scale(items: Sequence[tuple[Read, Result]], asked: Asked, notes: list[str]) -> Scale | None:
    """Return what the scores of a measure are; None, with a note, when they are no share."""
    if asked.scale is not None:
        top = {"share": 1.0, "percent": 100.0, "elo": math.inf}[asked.scale]
        wrong = [(item, result) for item, result in items if not (0 <= result.score <= top or asked.scale == "elo")]
        if wrong:
            message = "is {0:g}, no {1}: give another --unit"
            raise InvalidInput(
                Problem(message.format(result.score, asked.scale), item.file, result.line, "score") for item, result in wrong
            )
        return asked.scale
    scores = [result.score for _, result in items]
    suite, metric = items[0][1].measure
    said = f"{suite} {metric}".strip()
    if min(scores) >= 0 and max(scores) <= 1:
        return "share"
    if min(scores) >= 0 and max(scores) <= 100:
        notes.append(f"{said}: scores up to {max(scores):g} are read as percentages (say --unit)")
        return "percent"
    notes.append(
        f"{said}: left out, since scores from {min(scores):g} to {max(scores):g} are no share (say --unit elo if they are ratings)"
    )
    return None


def _identity(measure: tuple[str, str], asked: Asked, measures: int, existing: Mapping[str, Benchmark]) -> str:
    """Return the name asked for, else that of the suite; never that of a board of the catalog."""
    suite = slug(measure[0])
    if asked.name is not None:
        return asked.name if measures == 1 else f"{asked.name}-{suite}"
    taken = not suite or (suite in existing and not existing[suite].own)
    return f"own-{suite}".removesuffix("-") if taken else suite


def slug(text: str) -> str:
    """Return a text as an id of the catalog."""
    return "-".join(re.findall(r"[a-z0-9]+(?:\.[a-z0-9]+)*", text.lower()))[:60].strip("-.")


def _matched(
    items: Sequence[tuple[Read, Result]], names: Names, waiting: dict[str, int], notes: list[str]
) -> list[tuple[Read, Result, Match]]:
    found: list[tuple[Read, Result, Match]] = []
    for item, result in items:
        match = names.match(result.name)
        if match is not None:
            found.append((item, result, match))
        elif (reason := names.ignored(result.name)) is not None:
            notes.append(f"'{result.name}' is left out: {reason}")
        else:
            waiting[result.name] = waiting.get(result.name, 0) + 1
    return found


def _imported(
    identity: str,
    found: Sequence[tuple[Read, Result, Match]],
    scale: Scale,
    before: Benchmark | None,
    asked: Asked,
    today: date,
    notes: list[str],
) -> Imported:
    result, tool, publisher = found[0][1], found[0][0].results.tool, found[0][0].results.publisher
    measure = f"{result.suite}{f', {result.metric}' if result.metric else ''}"
    says = f"{publisher}: {measure}, from your own copy." if publisher else f"Own results: {measure}, as {_unversioned(tool)} gave them."
    kept = _kept(identity, before, says)
    joined: dict[tuple[str, str | None], Joined] = {}
    for item, one, match in found:
        row = _row(one, match, scale, asked, today)
        key = row.model, row.effort
        if key in joined:
            older, newer = sorted((joined[key].row, row), key=lambda each: each.on)
            told = f"{newer.score:g} of {newer.on} counts, {older.score:g} of {older.on} does not"
            notes.append(f"{identity}: {row.model} was measured more than once; {told}")
            row = newer
        joined[key] = Joined(_undated(row, one, kept.get(key)), match.why, item.file)
    if any(not one.on for _, one, _ in found):
        notes.append(f"{identity}: a result without a day is dated {today}")
    rows = {**kept, **{key: item.row for key, item in joined.items()}}
    ranked = sorted(rows.values(), key=lambda row: (-row.score if not _lower(result, asked) else row.score, row.model, row.effort or ""))
    benchmark = Benchmark(
        id=identity,
        name=result.suite if publisher else f"Own {result.suite}",
        measures="quality",
        says=says,
        unit="elo" if scale == "elo" else "percent",
        higher_is_better=not _lower(result, asked),
        license=f"{publisher}: your own copy, not to be passed on" if publisher else LICENSE,
        own=True,
        source=f"a copy of {publisher}'s data" if publisher else f"own results, {tool}",
        checked=max(row.on for row in ranked),
        rows=tuple(ranked),
    )
    return Imported(benchmark, tuple(joined.values()), measure)


def _unversioned(tool: str) -> str:
    return tool.rpartition(" ")[0] if tool[-1:].isdigit() else tool


def _lower(result: Result, asked: Asked) -> bool:
    return asked.lower_is_better or not result.higher_is_better


def _kept(identity: str, before: Benchmark | None, says: str) -> dict[tuple[str, str | None], Row]:
    """Return the rows of earlier imports of the same measure; raises `InvalidInput` when the name is taken by another."""
    if before is None:
        return {}
    if not before.own:
        raise InvalidInput([Problem(f"'{identity}' is a board of the catalog: give yours another name", field="--name")])
    if before.says != says:
        message = f"'{identity}' already holds other results ('{before.says}'), which are not on one scale: give another name"
        raise InvalidInput([Problem(message, field="--name")])
    return {(row.model, row.effort): Row(**{name: getattr(row, name) for name in Row.model_fields}) for row in before.rows}


def _undated(row: Row, result: Result, before: Row | None) -> Row:
    """Return the row as it stood, when only the day of the import differs."""
    if result.on is None and before is not None and before.model_copy(update={"on": row.on}) == row:
        return before
    return row


def _row(result: Result, match: Match, scale: Scale, asked: Asked, today: date) -> Row:
    factor = 100.0 if scale == "share" else 1.0
    score = round(result.score * factor, 4)
    low, high = _interval(result, scale)
    return Row(
        model=match.model,
        effort=match.effort or result.effort or asked.effort,
        score=score,
        low=min(round(low * factor, 2), score) if low is not None else None,
        high=max(round(high * factor, 2), score) if high is not None else None,
        n=result.n,
        on=result.on or today,
        name=result.name,
    )


def _interval(result: Result, scale: Scale) -> tuple[float, float] | tuple[None, None]:
    """Return the 95% interval of a result, on the scale of its score."""
    top = {"share": 1.0, "percent": 100.0, "elo": math.inf}[scale]
    floor = -math.inf if scale == "elo" else 0.0
    if result.low is not None and result.high is not None:
        return result.low, result.high
    if result.stderr:
        return max(result.score - Z95 * result.stderr, floor), min(result.score + Z95 * result.stderr, top)
    if result.n and scale != "elo":
        low, high = wilson(result.score / top, result.n)
        return low * top, high * top
    return None, None


def unsure(outcome: Outcome, models: Mapping[str, Model]) -> Iterator[str]:
    """Yield what weakens the imported rows: no interval, or no effort where the model has several."""
    for item in outcome.imported:
        bare = [each.row.name for each in item.joined if each.row.low is None]
        if bare:
            yield f"{item.benchmark.id}: no number of cases, so no interval: {texts(bare)} (give n)"
        several = [row.model for row in (each.row for each in item.joined) if row.effort is None and _efforts(models[row.model]) > 1]
        if several:
            yield f"{item.benchmark.id}: no effort is stated, so the result speaks for all efforts alike: {texts(several)} (say --effort)"


def _efforts(model: Model) -> int:
    return len(model.reasoning.efforts) if model.reasoning else 0
