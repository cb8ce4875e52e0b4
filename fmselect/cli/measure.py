"""`fmselect measure`: time an endpoint, and keep what was measured in your catalog."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fmselect.cli.options import (
    CatalogOption,
    NoColorOption,
    OnOption,
    OutputOption,
    TextFormatOption,
    complete,
    words,
)
from fmselect.units import EFFORTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fmselect.catalog.catalog import Catalog
    from fmselect.catalog.layers import Layer
    from fmselect.catalog.schema import Offering, Price
    from fmselect.measuring import Measurement, Plan, Sample

LEAST_SAMPLES = 5
"""Requests that have to be timed before a measurement is written into a catalog."""

_MEASURE, _LIMIT, _KEEP = "What to measure", "How much it may take", "What to keep"


def measure(
    base_url: Annotated[str, typer.Option("--base-url", metavar="URL", help="Base URL of the endpoint: https://host/v1.")],
    model: Annotated[str, typer.Option("--model", metavar="ID", help="The model as the endpoint names it.")],
    key_env: Annotated[
        str | None, typer.Option("--key-env", metavar="NAME", help="Environment variable that holds the API key.", rich_help_panel=_MEASURE)
    ] = None,
    effort: Annotated[
        str | None,
        typer.Option("--effort", help="Reasoning effort to ask for.", autocompletion=words(EFFORTS), rich_help_panel=_MEASURE),
    ] = None,
    input_tokens: Annotated[
        int, typer.Option("--input-tokens", min=1, help="Input tokens per request, roughly.", rich_help_panel=_MEASURE)
    ] = 500,
    output_tokens: Annotated[
        int, typer.Option("--output-tokens", min=2, help="Most output tokens per request, reasoning included.", rich_help_panel=_MEASURE)
    ] = 200,
    repeats: Annotated[int, typer.Option("--repeats", min=1, help="Requests to time.", rich_help_panel=_MEASURE)] = 20,
    warm_up: Annotated[int, typer.Option("--warm-up", min=0, help="Requests before those.", rich_help_panel=_MEASURE)] = 1,
    concurrency: Annotated[int, typer.Option("--concurrency", min=1, max=64, help="Requests at a time.", rich_help_panel=_MEASURE)] = 1,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.1, help="Seconds without a sign of life before a request fails.", rich_help_panel=_MEASURE)
    ] = 60.0,
    max_usd: Annotated[
        str | None, typer.Option("--max-usd", metavar="USD", help="Spend no more; needs --offering.", rich_help_panel=_LIMIT)
    ] = None,
    max_requests: Annotated[
        int | None, typer.Option("--max-requests", min=1, help="Send no more, repeated ones included.", rich_help_panel=_LIMIT)
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", min=1, help="Use no more tokens of input and output.", rich_help_panel=_LIMIT)
    ] = None,
    offering: Annotated[
        str | None,
        typer.Option(
            "--offering",
            metavar="ID",
            help="The offering of the catalog that it is: for its price, and to keep the result.",
            autocompletion=complete("offerings"),
            rich_help_panel=_KEEP,
        ),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option("--into", help="Your catalog folder, to write the result into.", file_okay=False, rich_help_panel=_KEEP),
    ] = None,
    place: Annotated[str | None, typer.Option("--place", help="From where you measure, such as a region.", rich_help_panel=_KEEP)] = None,
    samples: Annotated[
        Path | None,
        typer.Option(
            "--samples", metavar="FILE", help="Keep every timing in a file, and go on from it.", dir_okay=False, rich_help_panel=_KEEP
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the change to the catalog only.", rich_help_panel=_KEEP)] = False,
    format: TextFormatOption = "table",
    output: OutputOption = None,
    catalog: CatalogOption = None,
    on: OnOption = None,
    no_color: NoColorOption = False,
) -> None:
    """Measure time to first token and output rate of an OpenAI-compatible endpoint, by streaming chat completions.

    Ctrl-C ends it with what was timed until then. The requests cost what the endpoint charges.

    Example: fmselect measure --base-url https://api.groq.com/openai/v1 --model openai/gpt-oss-20b --key-env GROQ_API_KEY
    """
    from fmselect.cli.session import emit, open_catalog, page, today
    from fmselect.measuring import Plan, Shape
    from fmselect.render import measurement as render

    day = today(on)
    if into is not None and (offering is None or place is None):
        raise typer.BadParameter("needs --offering and --place, to say what was measured and from where", param_hint="--into")
    if effort is not None and effort not in EFFORTS:
        raise typer.BadParameter(f"'{effort}' is not one of {', '.join(EFFORTS)}", param_hint="--effort")
    limit = _usd(max_usd)
    sold = _offering(open_catalog(catalog), offering) if offering is not None else None
    price = _price(sold, day) if sold is not None else None
    if limit is not None and price is None:
        what = "needs --offering, to know the price" if sold is None else f"'{offering}' has no standard price per token in the catalog"
        raise typer.BadParameter(f"{what}: or say --max-requests or --max-tokens", param_hint="--max-usd")
    plan = Plan(Shape(input_tokens, output_tokens, effort), repeats, warm_up, concurrency, limit, max_requests, max_tokens, price)
    found, host = _run(plan, base_url, model, key_env, timeout, samples)
    emit(render.json(found, model, host) if format == "json" else render.table(found, model, host, page(no_color)), output)
    if sold is not None and into is not None and found.samples:
        _keep(found, host, sold, into, place or "", day, catalog, dry_run)
    if not found.samples:
        raise typer.Exit(1)


def _usd(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        usd = Decimal(text)
    except InvalidOperation as error:
        raise typer.BadParameter(f"'{text}' is no amount in USD", param_hint="--max-usd") from error
    if not usd.is_finite() or usd < 0:
        raise typer.BadParameter(f"'{text}' is no amount in USD", param_hint="--max-usd")
    return usd


def _offering(opened: Catalog, name: str) -> Offering:
    from fmselect.errors import InvalidInput, Problem, did_you_mean

    if name not in opened.offerings:
        hint = did_you_mean(name, opened.offerings) or f"; add it: fmselect catalog new offering {name}"
        raise InvalidInput([Problem(f"'{name}' is no offering of the catalog{hint}", field="--offering")])
    return opened.offerings[name]


def _price(sold: Offering, day: date) -> Price | None:
    """Return the dearest standard price per token of the day, so that a limit holds wherever the request runs."""
    from fmselect.estimates import in_force

    found = [p for p in sold.prices if p.tier == "standard" and p.usd_per_mtok is not None and in_force(p, day)]
    told = [p for p in found if p.usd_per_mtok is not None and p.usd_per_mtok.input is not None and p.usd_per_mtok.output is not None]
    return max(told, key=lambda p: (p.usd_per_mtok.output or 0) if p.usd_per_mtok else 0, default=None)


def _run(plan: Plan, base_url: str, model: str, key_env: str | None, timeout: float, samples: Path | None) -> tuple[Measurement, str]:
    """Time the endpoint with a bar on stderr; return the measurement and the host."""
    import os
    import secrets
    import time
    from contextlib import closing

    from fmselect.cli.endpoint import Endpoint
    from fmselect.measuring import measure as run

    key = None
    if key_env is not None:
        key = os.environ.get(key_env)
        if not key:
            raise typer.BadParameter(f"the environment has no {key_env}: set it to your key", param_hint="--key-env")
    try:
        endpoint = Endpoint(base_url, model, key, timeout, secrets.token_hex(4))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--base-url") from error
    host = endpoint.url.hostname or ""
    earlier, keep = _samples(samples, {"host": host, "model": model, **_shape(plan)})
    with closing(endpoint), _Bar(plan.requests if len(earlier) < plan.repeats else 0, len(earlier)) as step:
        found = run(plan, endpoint.send, time.perf_counter, time.sleep, earlier=earlier, on_sample=keep, on_step=step)
    return found, host


def _shape(plan: Plan) -> dict[str, str | int | None]:
    shape = plan.shape
    return {
        "effort": shape.effort,
        "input_tokens": shape.input_tokens,
        "output_tokens": shape.output_tokens,
        "concurrency": plan.concurrency,
    }


def _samples(file: Path | None, plan: dict[str, str | int | None]) -> tuple[list[Sample], Callable[[Sample], None]]:
    """Return what a file of samples holds of the same plan, and what adds to it."""
    import json
    from dataclasses import asdict

    from fmselect.errors import InvalidInput, Problem
    from fmselect.measuring import Sample

    if file is None:
        return [], lambda _: None
    earlier: list[Sample] = []
    try:
        if file.exists():
            lines = file.read_text(encoding="utf-8").splitlines()
            if json.loads(lines[0]) != plan:
                raise InvalidInput([Problem("holds timings of something else: name another file, or remove it", str(file))])
            earlier = [Sample(**json.loads(line)) for line in lines[1:]]
        else:
            file.write_text(json.dumps(plan) + "\n", encoding="utf-8")
    except OSError as error:
        raise InvalidInput([Problem(f"cannot be used: {error.strerror}", str(file))]) from error
    except (ValueError, TypeError, IndexError) as error:
        raise InvalidInput([Problem("is no file of samples: name another file", str(file))]) from error

    def keep(sample: Sample) -> None:
        with file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(asdict(sample)) + "\n")

    return earlier, keep


class _Bar:
    """A progress bar on stderr, where stderr is a terminal."""

    def __init__(self, total: int, done: int) -> None:
        import sys

        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("timing requests"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(file=sys.stderr), transient=True, disable=not sys.stderr.isatty())
        self._task = self._progress.add_task("", total=total, completed=0 if total == 0 else done)

    def __enter__(self) -> Callable[[], None]:
        self._progress.start()
        return lambda: self._progress.advance(self._task)

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def _keep(
    found: Measurement, host: str, sold: Offering, into: Path, place: str, day: date, catalog: list[Path] | None, dry_run: bool
) -> None:
    """Write the measurement into a copy of the offering in the user's folder, and show the change."""
    import difflib
    import sys

    from fmselect.catalog.amendments import with_speed
    from fmselect.catalog.loader import files
    from fmselect.errors import InvalidInput, Problem

    if len(found.samples) < LEAST_SAMPLES:
        few = f"{len(found.samples)} timed requests are too few to keep: {LEAST_SAMPLES} or more are needed"
        sys.stderr.write(f"fmselect: {few}; {into} is not changed\n")
        return
    relative = f"offerings/{sold.platform}/{sold.model.partition('/')[2]}.yaml"
    target = into / relative
    known = _layers(catalog, into)
    origin = files(known)[relative]
    text = origin.path.read_text(encoding="utf-8")
    try:
        after = with_speed(text, _item(found, host, place, day))
    except ValueError as error:
        raise InvalidInput([Problem(str(error), origin.shown)]) from error
    _check(known, relative, after, into)
    shown = difflib.unified_diff(text.splitlines(), after.splitlines(), origin.shown, str(target), n=2, lineterm="")
    sys.stdout.write("\n" + "\n".join(shown) + "\n")
    if dry_run:
        sys.stdout.write("\nNot written: --dry-run.\n")
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(after, encoding="utf-8")
    except OSError as error:
        raise InvalidInput([Problem(f"cannot be written: {error.strerror}", str(target))]) from error
    use = "" if into in (catalog or []) else f"\nUse it with: --catalog {into}"
    sys.stdout.write(f"\nWritten: {target}{use}\n")


def _layers(catalog: list[Path] | None, into: Path) -> list[Layer]:
    """Return the layers of the catalog with the user's folder on top, where it is one."""
    from fmselect.cli.session import layers

    folders = [folder for folder in catalog or [] if folder != into]
    return layers([*folders, *([into] if into.is_dir() else [])])


def _item(found: Measurement, host: str, place: str, day: date) -> str:
    from fmselect.catalog.amendments import speed_item
    from fmselect.measuring import HIGH, LOW, percentile, rates, usual_input

    firsts, speeds = [sample.ttft_s for sample in found.samples], rates(found)
    answer = round(percentile([sample.output_tokens for sample in found.samples], 0.5))
    counted = "" if all(sample.counted for sample in found.samples) else ", tokens counted by chunks"
    return speed_item(
        place=place,
        on=day,
        effort=found.plan.shape.effort,
        input_tokens=usual_input(found),
        ttft_s=(percentile(firsts, LOW), percentile(firsts, HIGH)),
        after_reasoning=found.after_reasoning,
        output_tokens_per_s=(percentile(speeds, LOW), percentile(speeds, HIGH)) if speeds else None,
        note=f"{host}: 5th to 95th percentile of {len(found.samples)} requests of {answer} output tokens, "
        f"{found.plan.concurrency} at a time{counted}.",
    )


def _check(known: list[Layer], relative: str, text: str, into: Path) -> None:
    """Raise `InvalidInput` where the catalog would not be valid with the new text."""
    from datetime import date
    from tempfile import TemporaryDirectory

    from fmselect.catalog.layers import Layer
    from fmselect.catalog.snapshot import read

    with TemporaryDirectory() as folder:
        trial = Path(folder) / relative
        trial.parent.mkdir(parents=True)
        trial.write_text(text, encoding="utf-8")
        read([*known, Layer(Path(folder), str(into))], date.max)
