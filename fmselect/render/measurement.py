"""A measurement as a page and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from fmselect.measuring import HIGH, LOW, Measurement, percentile, rates, usual_input
from fmselect.render.json_v1 import VERSION, dump
from fmselect.render.words import UNKNOWN
from fmselect.units import counted, money, plain

if TYPE_CHECKING:
    from rich.console import RenderableType

    from fmselect.render.page import Cell, Page

SHARES = (LOW, 0.5, HIGH)


def json(found: Measurement, model: str, host: str) -> str:
    """Return the measurement as JSON."""
    shape = found.plan.shape
    return dump(
        {
            "schema_version": VERSION,
            "model": model,
            "host": host,
            "effort": shape.effort,
            "requests": {
                "planned": found.plan.repeats,
                "timed": len(found.samples),
                "failed": len(found.failures),
                "sent": found.sent,
                "concurrency": found.plan.concurrency,
            },
            "ended": found.ended or None,
            "input_tokens": usual_input(found),
            "usd": None if found.usd is None else plain(found.usd),
            "tokens": found.tokens,
            "tokens_counted_by": "endpoint" if all(sample.counted for sample in found.samples) else "chunks",
            "ttft_after_reasoning": found.after_reasoning,
            "ttft_s": _percentiles([sample.ttft_s for sample in found.samples]),
            "output_tokens_per_s": _percentiles(rates(found)),
            "answer_s": _percentiles([sample.total_s for sample in found.samples]),
            "failures": list(found.failures),
        }
    )


def _percentiles(values: Sequence[float]) -> dict[str, float] | None:
    if not values:
        return None
    return {f"p{share * 100:.0f}": round(percentile(values, share), 6) for share in SHARES}


def table(found: Measurement, model: str, host: str, page: Page) -> str:
    """Return the measurement as a page."""
    from fmselect.render.page import lay_out

    return lay_out(_parts(found, model, host), page)


def _parts(found: Measurement, model: str, host: str) -> Iterator[RenderableType]:
    from rich.text import Text

    from fmselect.render.page import bullets, dim, grid, heading

    shape, done = found.plan.shape, len(found.samples)
    yield Text(f"{model} at {host}", style="bold")
    effort = f", effort {shape.effort}" if shape.effort else ""
    yield f"{done} of {counted(found.plan.repeats, 'request')} timed, {found.plan.concurrency} at a time{effort}"
    if found.ended:
        yield Text(f"Ended early: {found.ended}.", style="bold")
    if done:
        yield ""
        lines = (
            ("first token, s", [sample.ttft_s for sample in found.samples]),
            ("output tokens/s", rates(found)),
            ("whole answer, s", [sample.total_s for sample in found.samples]),
        )
        rows: list[list[Cell]] = [[what, *(_figure(values, share) for share in SHARES)] for what, values in lines]
        yield grid(("", "5%", "median", "95%"), rows, right=(1, 2, 3))
        yield ""
        yield dim(" ".join(_notes(found)))
    if found.failures:
        yield heading(f"Failed: {counted(len(found.failures), 'request')}")
        yield bullets(dict.fromkeys(found.failures))


def _figure(values: Sequence[float], share: float) -> str:
    if not values:
        return UNKNOWN
    value = percentile(values, share)
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _notes(found: Measurement) -> Iterator[str]:
    answer = round(percentile([sample.output_tokens for sample in found.samples], 0.5))
    yield f"A request: {usual_input(found):,} input tokens, {answer:,} output tokens."
    if not all(sample.counted for sample in found.samples):
        yield "The endpoint counts no tokens, so every chunk of the stream counts as one."
    if found.after_reasoning:
        yield "Reasoning is not streamed: the first token comes after it."
    if not rates(found):
        yield "All text came at once, so that there is no rate to tell."
    spent = f", {money(found.usd)}" if found.usd is not None else ""
    yield f"Used: {counted(found.sent, 'request')}, {found.tokens:,} tokens{spent}."
