"""`fmselect workload`: build a workload from usage logs or sample prompts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

import typer

from fmselect.cli.options import OutputOption, complete, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from io import BufferedReader

    from fmselect.errors import Problem
    from fmselect.token_counts.counter import Counter
    from fmselect.usage_logs.records import How, Odd, Reading

T = TypeVar("T")
_FORMATS = ("openai", "anthropic", "opentelemetry", "plain")
_READ, _WORK, _SAMPLE, _OUT = "How to read it", "What to make of it", "From sample prompts", "Output"


def workload(
    logs: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[LOG...]", help="Usage logs or exports, also gzipped; - is stdin.", allow_dash=True, show_default=False),
    ] = None,
    log_format: Annotated[
        str | None,
        typer.Option(
            "--log-format",
            metavar="FORMAT",
            help=f"{', '.join(_FORMATS)}; without it, recognised by content.",
            autocompletion=words(_FORMATS),
            rich_help_panel=_READ,
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--columns",
            metavar="WHAT=COLUMN",
            help="Plain logs: which column holds what, as input=tokens_in,output=tokens_out.",
            rich_help_panel=_READ,
        ),
    ] = None,
    cached_apart: Annotated[
        bool,
        typer.Option("--cached-apart", help="Plain logs and spans: the input tokens leave the cached ones out.", rich_help_panel=_READ),
    ] = False,
    skip_unreadable: Annotated[
        bool, typer.Option("--skip-unreadable", help="Leave out lines that cannot be read, and say which.", rich_help_panel=_READ)
    ] = False,
    model: Annotated[
        list[str] | None,
        typer.Option("--model", metavar="NAME", help="Only this model of the log (repeatable; * for any text).", rich_help_panel=_WORK),
    ] = None,
    days: Annotated[
        str | None, typer.Option("--days", metavar="N", help="Days the logs cover; without it, first to last time.", rich_help_panel=_WORK)
    ] = None,
    requests_per_month: Annotated[
        str | None,
        typer.Option(
            "--requests-per-month", metavar="N", help="Requests a month; without it, derived from the logs.", rich_help_panel=_WORK
        ),
    ] = None,
    task: Annotated[
        str | None,
        typer.Option("--task", help="The job, to write into the file.", autocompletion=complete("tasks"), rich_help_panel=_WORK),
    ] = None,
    prompts: Annotated[
        list[Path] | None,
        typer.Option(
            "--prompts",
            metavar="FILE",
            help="Sample prompts instead of logs: JSON lines, CSV or text.",
            dir_okay=False,
            allow_dash=True,
            rich_help_panel=_SAMPLE,
        ),
    ] = None,
    for_model: Annotated[
        list[str] | None,
        typer.Option(
            "--for",
            metavar="MODEL",
            help="Model to count tokens for (repeatable).",
            autocompletion=complete("models"),
            rich_help_panel=_SAMPLE,
        ),
    ] = None,
    tokenizer: Annotated[
        Path | None,
        typer.Option(
            "--tokenizer",
            metavar="FILE",
            help="Count with this tokenizer.json or tekken.json.",
            exists=True,
            dir_okay=False,
            rich_help_panel=_SAMPLE,
        ),
    ] = None,
    requests_out: Annotated[
        Path | None,
        typer.Option(
            "--requests-out", metavar="FILE", help="Also write every request to a CSV file.", dir_okay=False, rich_help_panel=_OUT
        ),
    ] = None,
    output: OutputOption = None,
) -> None:
    """Build a workload from usage logs or sample prompts: a commented requirements file for `recommend -r` and `cost -r`.

    Reads exports of OpenAI's and Anthropic's usage, their responses as JSON lines, OpenTelemetry spans
    of generative AI calls (OTLP JSON), and plain CSV or JSON lines with a request each. From sample prompts
    (`--prompts`), it counts or estimates tokens.

    Example: fmselect workload usage.jsonl --model 'gpt-5*' --output requirements.yaml
    """
    from fmselect.cli.session import emit
    from fmselect.errors import InvalidInput, Problem
    from fmselect.observed_workload import Asked, observe
    from fmselect.render import requests_csv, workload_yaml
    from fmselect.usage_logs.records import How

    if bool(logs) == bool(prompts):
        raise typer.BadParameter("give usage logs, or sample prompts with --prompts", param_hint="LOG")
    if log_format is not None and log_format not in _FORMATS:
        raise typer.BadParameter(f"'{log_format}' is not one of {', '.join(_FORMATS)}", param_hint="--log-format")
    if task is not None:
        _check_task(task)
    month = _requests(requests_per_month)
    if prompts:
        _sample(prompts, for_model or [], tokenizer, task, month, skip_unreadable, output)
        return
    read = list(logs or [])
    how = How(log_format, _columns(columns or []), cached_apart)
    asked = Asked(tuple(model or ()), _days(days), month, skip_unreadable)
    found = observe(((_shown(log), _readings(log, how)) for log in read), asked)
    if requests_out is not None and found.buckets:
        message = "holds sums over time, not single requests, so there is no file of requests to write: leave --requests-out away"
        raise InvalidInput([Problem(message, _shown(read[0]))])
    if requests_out is not None:
        emit(requests_csv.render(found), requests_out)
    emit(workload_yaml.render(found, task, None if requests_out is None else _seen_from(output, requests_out)), output)
    _tell(found.unreadable, workload_yaml.warnings(found), output)


def _seen_from(output: Path | None, file: Path) -> str:
    """Return the path of a file as the requirements file names it: relative to itself."""
    import os

    return Path(os.path.relpath(file, output.parent if output is not None else Path())).as_posix()


def _sample(
    files: list[Path], names: list[str], tokenizer: Path | None, task: str | None, month: int | None, skip: bool, output: Path | None
) -> None:
    """Answer from sample prompts."""
    from fmselect.cli.session import emit
    from fmselect.render import sample_yaml
    from fmselect.sample_prompts import prompts
    from fmselect.sampled_workload import sample

    read = ((_shown(file), _whole(file, prompts)) for file in files)
    found = sample(read, list(_counters(names, tokenizer)), skip)
    emit(sample_yaml.render(found, task, month), output)
    _tell(found.unreadable, sample_yaml.notes(found), output)


def _counters(names: list[str], tokenizer: Path | None) -> Iterator[tuple[str, Counter, str]]:
    """Yield each model with what counts its tokens, and why that is an estimate."""
    from fmselect.cli.names import find_model
    from fmselect.cli.session import open_catalog
    from fmselect.errors import did_you_mean
    from fmselect.token_counts import from_file
    from fmselect.token_counts.counter import NoTokenizer
    from fmselect.token_counts.estimate import by_characters

    given = None
    if tokenizer is not None:
        try:
            given = from_file.counter(tokenizer)
        except NoTokenizer as error:
            raise typer.BadParameter(str(error), param_hint="--tokenizer") from error
    if not names:
        yield "any model", given or by_characters(""), "" if given else "name a model with --for"
        return
    catalog = open_catalog(None)
    for name in names:
        model = find_model(catalog, name)
        if model is None:
            known = [found.slug for found in catalog.models.values()]
            raise typer.BadParameter(
                f"'{name}' is no model of the catalog{did_you_mean(name, known)}: `fmselect list models`", param_hint="--for"
            )
        developer = model.id.partition("/")[0]
        sold_as = (offering.sale.platform_model_id for offering in catalog.offerings_by_model.get(model.id, ()))
        try:
            yield model.id, given or own_counter(developer, [model.slug, *sold_as]), ""
        except NoTokenizer as error:
            yield model.id, by_characters(developer), str(error)


def own_counter(developer: str, names: list[str]) -> Counter:
    """Return the counter of a developer's own tokenizer; raises `NoTokenizer`."""
    from fmselect.token_counts import mistral, openai
    from fmselect.token_counts.counter import NoTokenizer

    if developer == "openai":
        return openai.counter(names, vocabularies())
    if developer == "mistral":
        return mistral.counter(names)
    raise NoTokenizer("its tokenizer comes with no package: where the weights are open, give their tokenizer.json with --tokenizer")


def vocabularies() -> Path:
    """Return the folder in which tiktoken keeps vocabularies."""
    import os
    import tempfile

    own = os.environ.get("TIKTOKEN_CACHE_DIR") or os.environ.get("DATA_GYM_CACHE_DIR")
    return Path(own) if own else Path(tempfile.gettempdir()) / "data-gym-cache"


def _check_task(task: str) -> None:
    from fmselect.cli.session import open_catalog
    from fmselect.errors import did_you_mean

    known = open_catalog(None).tasks
    if task not in known:
        raise typer.BadParameter(
            f"'{task}' is no task of the catalog{did_you_mean(task, known)}: `fmselect list tasks`", param_hint="--task"
        )


def _tell(unreadable: Iterable[Problem], notes: Iterable[str], output: Path | None) -> None:
    """Tell on stderr what was left out, and the notes, unless they are on the screen with the answer."""
    import sys

    for problem in unreadable:
        typer.echo(problem, err=True)
    if output is not None or not sys.stdout.isatty():
        for note in dict.fromkeys(notes):
            typer.echo(f"note: {note}", err=True)


def _shown(log: Path) -> str:
    return "stdin" if str(log) == "-" else str(log)


def _columns(given: list[str]) -> tuple[tuple[str, str], ...]:
    from fmselect.errors import did_you_mean
    from fmselect.usage_logs.plain import HOLDS

    found: dict[str, str] = {}
    for part in (part for text in given for part in text.split(",")):
        held, sign, column = (piece.strip() for piece in part.partition("="))
        held = held.removesuffix("_tokens")
        if not sign or not column:
            raise typer.BadParameter(f"'{part}' is not WHAT=COLUMN", param_hint="--columns")
        if held not in HOLDS:
            raise typer.BadParameter(f"'{held}' is not one of {', '.join(HOLDS)}{did_you_mean(held, HOLDS)}", param_hint="--columns")
        found[held] = column
    return tuple(found.items())


def _days(text: str | None) -> Any:
    from decimal import Decimal, InvalidOperation

    if text is None:
        return None
    try:
        days = Decimal(text)
    except InvalidOperation:
        days = Decimal(0)
    if not days.is_finite() or days <= 0:
        raise typer.BadParameter(f"'{text}' is no number of days above 0", param_hint="--days")
    return days


def _requests(text: str | None) -> int | None:
    from fmselect.units import parse_count

    try:
        count = None if text is None else parse_count(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--requests-per-month") from error
    if count == 0:
        raise typer.BadParameter("must be above 0", param_hint="--requests-per-month")
    return count


def _readings(log: Path, how: How) -> Iterator[tuple[str, Reading]]:
    """Yield what a log says, reading it as it goes."""
    from fmselect.usage_logs.reading import read
    from fmselect.usage_logs.records import Odd

    for reading in _whole(log, lambda lines: read(lines, how)):
        yield ("", reading) if isinstance(reading, Odd) else reading


def _whole(file: Path, read: Callable[[Iterable[bytes]], Iterable[T]]) -> Iterator[T | Odd]:
    """Yield what a file holds; what stops the reading is told like an unreadable line."""
    from fmselect.usage_logs.records import Odd

    counted = _Counted()
    try:
        yield from read(counted.over(_lines(file)))
    except (OSError, EOFError) as error:
        said = getattr(error, "strerror", None) or str(error)
        yield Odd(max(counted.line, 1), f"cannot be read{' on' if counted.line else ''}: {said}")


class _Counted:
    """Counts lines as they pass."""

    def __init__(self) -> None:
        self.line = 0

    def over(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        for line in lines:
            self.line += 1
            yield line


def _lines(log: Path) -> Iterator[bytes]:
    import gzip
    import sys
    import zlib

    with log.open("rb") if str(log) != "-" else sys.stdin.buffer as opened:
        buffered = cast("BufferedReader", opened)
        if buffered.peek(2)[:2] != b"\x1f\x8b":
            yield from buffered
            return
        try:
            with gzip.GzipFile(fileobj=buffered) as unpacked:
                yield from unpacked
        except zlib.error as error:
            raise OSError(0, f"the gzip is damaged ({error})") from error
