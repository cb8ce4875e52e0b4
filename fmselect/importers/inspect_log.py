"""Logs of Inspect (`.eval`, or `.json`): bytes -> the scores of one model on one task.

A log holds `eval` (task, model, created, generation config) and `results` (`scores`, each with its
metrics; `stderr` beside `accuracy` or `mean`): EvalLog in src/inspect_ai/log/_log.py of
github.com/UKGovernmentBEIS/inspect_ai. The `.eval` file is a zip archive with all of it but the
samples in `header.json`, which is written when the run ends; newer versions compress with Zstandard.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from fmselect.importers.results import Content, Result, Results, count, day_of, effort_of, mapping, number
from fmselect.units import Effort

HEADER = "header.json"
ZSTANDARD = 93
"""Number of the compression in zip archives."""
HEADER_MAX_BYTES = 50_000_000
_SPREAD = ("stderr", "std", "var", "bootstrap_stderr", "ci_lower", "ci_upper")
"""Metrics that say how uncertain another one is."""


def recognizes(found: Content) -> bool:
    """Whether the file is a log of Inspect."""
    data = mapping(found.data)
    return found.raw.startswith(b"PK\x03\x04") or ("model" in mapping(data.get("eval")) and "status" in data)


def read(found: Content) -> Results:
    """Return the metrics of every scorer.

    Raises `InvalidInput` for a log that cannot be read, of a run that did not end well, or without scores.
    """
    log = _unpacked(found) if found.raw.startswith(b"PK") else found
    data = mapping(log.data)
    spec, results = mapping(data.get("eval")), mapping(data.get("results"))
    name, task = spec.get("model"), spec.get("task")
    if not isinstance(name, str) or not name:
        raise found.problem("names no model in `eval.model`", log.line_of("eval"))
    status = data.get("status")
    if status != "success":
        raise found.problem(f"is the log of a run with status '{status}': import runs that ended with success", log.line_of("status"))
    scores = results.get("scores")
    suite = str(spec.get("task_display_name") or task or "inspect")
    day = day_of(mapping(data.get("stats")).get("completed_at")) or day_of(spec.get("created"))
    read_scores = [
        Result(
            suite,
            metric,
            name,
            value,
            on=day,
            effort=_effort(spec, data),
            n=n,
            stderr=error,
            line=None if log is not found else log.line_of("results", "scores", metric.rpartition("/")[2]),
        )
        for metric, value, error, n in _metrics(scores if isinstance(scores, list) else (), results)
    ]
    if not read_scores:
        raise found.problem("holds no scores: score it first, with `inspect score`", log.line_of("results"))
    version = mapping(spec.get("packages")).get("inspect_ai")
    return Results(f"Inspect{f' {version}' if isinstance(version, str) else ''}", tuple(read_scores), tuple(_notes(results)))


def _metrics(scores: Any, results: Mapping[str, Any]) -> Iterator[tuple[str, float, float | None, int | None]]:
    """Yield the metrics of every scorer as name, value, standard error and cases."""
    for score in scores:
        entry = mapping(score)
        metrics = {name: number(mapping(metric).get("value")) for name, metric in mapping(entry.get("metrics")).items()}
        error = metrics.get("stderr", metrics.get("bootstrap_stderr"))
        cases = count(entry.get("scored_samples")) or count(results.get("completed_samples")) or count(results.get("total_samples"))
        for metric, value in metrics.items():
            if value is not None and metric not in _SPREAD:
                scorer = entry.get("name")
                yield (f"{scorer}/{metric}" if len(scores) > 1 else metric), value, error, cases


def _effort(spec: Mapping[str, Any], data: Mapping[str, Any]) -> Effort | None:
    """Return the effort that the model, or the plan, was run at."""
    places = (spec.get("model_generate_config"), mapping(data.get("plan")).get("config"), spec.get("model_args"))
    return next((effort for place in places if (effort := effort_of(mapping(place).get("reasoning_effort")))), None)


def _notes(results: Mapping[str, Any]) -> Iterator[str]:
    total, done = count(results.get("total_samples")), count(results.get("completed_samples"))
    if total and done and done < total:
        yield f"{total - done} of {total} samples did not complete, and count neither way"


def _zstandard(found: Content, member: zipfile.ZipInfo) -> bytes:
    """Return a member that is compressed with Zstandard, which zipfile reads from Python 3.14 on.

    The member's bytes follow its local header: 30 bytes, of which the last four are the lengths of a
    name and of extra fields (PKWARE's APPNOTE.TXT, 4.3.7).
    """
    advice = "install fmselect[zstd], or convert it with `inspect log convert --to json --output-dir DIR FILE`"
    refusal = f"is compressed with Zstandard, which this Python cannot read: {advice}"
    try:
        import zstandard
    except ImportError as error:
        raise found.problem(refusal) from error
    if member.compress_type != ZSTANDARD:
        raise found.problem("is compressed in a way that cannot be read: convert it with `inspect log convert --to json`")
    names = sum(int.from_bytes(found.raw[at : at + 2], "little") for at in (member.header_offset + 26, member.header_offset + 28))
    start = member.header_offset + 30 + names
    try:
        return zstandard.ZstdDecompressor().decompressobj().decompress(found.raw[start : start + member.compress_size])
    except zstandard.ZstdError as error:
        raise found.problem(f"is a damaged zip archive: {error}") from error


def _unpacked(found: Content) -> Content:
    try:
        with zipfile.ZipFile(io.BytesIO(found.raw)) as archive:
            if HEADER not in archive.namelist():
                names = archive.namelist()
                if any(name.startswith("_journal/") for name in names):
                    raise found.problem("is the log of a run that did not end: it has no header.json yet")
                raise found.problem("is a zip archive, but no log of Inspect: it has no header.json")
            size = archive.getinfo(HEADER).file_size
            if size > HEADER_MAX_BYTES:
                raise found.problem(f"its header.json has {size:,} bytes; the limit is {HEADER_MAX_BYTES:,}")
            try:
                raw = archive.read(HEADER)
            except NotImplementedError:
                raw = _zstandard(found, archive.getinfo(HEADER))
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise found.problem(f"is a damaged zip archive: {error}") from error
    try:
        text = raw.decode("utf-8")
        data = json.loads(text)
    except ValueError as error:
        raise found.problem(f"its header.json is not valid JSON: {error}") from error
    return replace(found, text=text, data=data)
