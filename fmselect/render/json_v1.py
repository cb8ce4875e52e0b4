"""JSON, version 1: a frozen shape of its own. Adding a field is fine; changing one is version 2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from fmselect.billing import BreakEven, Capacity, Cost, Line
from fmselect.criteria import CRITERIA
from fmselect.eligibility import Verdict
from fmselect.outlook import Month
from fmselect.recommendation import Judged, Ranked, Recommendation
from fmselect.scoring import Part
from fmselect.speed import Interval
from fmselect.units import Criterion, plain

if TYPE_CHECKING:
    from fmselect.render.shape_v1 import (
        AlternativeShape,
        BreakEvenShape,
        CapacityShape,
        CostShape,
        CriterionShape,
        IntervalShape,
        LineShape,
        MonthShape,
        RecommendationShape,
        RowShape,
        VerdictShape,
    )

VERSION: Literal[1] = 1


def render(recommendation: Recommendation) -> str:
    """Return the recommendation as JSON."""
    return dump(_document(recommendation))


def encode(recommendation: Recommendation) -> bytes:
    """Return the same in UTF-8, without the last line feed: some megabytes that need not be copied."""
    return _encoded(_document(recommendation))


def dump(data: Any) -> str:
    """Write JSON the way all commands do."""
    return _encoded(data).decode() + "\n"


def _encoded(data: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(data), indent=2)


def _document(recommendation: Recommendation) -> RecommendationShape:
    catalog = recommendation.catalog
    return {
        "schema_version": VERSION,
        "on": str(recommendation.on),
        "catalog": {
            "as_of": str(catalog.as_of),
            "models": len(catalog.models),
            "offerings": len(catalog.offerings),
            "platforms": len(catalog.platforms),
        },
        "requirements": {"task": recommendation.task.id, **recommendation.requirements.stated()},
        "weights": {name: _round(weight) for name, weight in recommendation.weights.items()},
        "eligible": len(recommendation.rows),
        "ranking": [_row(row) for row in recommendation.ranking],
        "unverified": [
            _at_once({**alternative(item), "unknowns": verdicts(item.of_outcome("unknown"))}) for item in recommendation.unverified
        ],
        "excluded": {
            "count": len(recommendation.excluded),
            "by_constraint": dict(recommendation.excluded_by),
            "items": [
                _at_once({"offering": item.alternative.offering.id, "reasons": verdicts(recommendation.reasons(item))})
                for item in recommendation.excluded
            ],
        },
        "relaxations": [
            {
                "constraints": list(relaxation.constraints),
                "offerings": list(relaxation.offerings),
                "needs": verdicts(relaxation.needs),
                "unverified": relaxation.unverified,
            }
            for relaxation in recommendation.relaxations
        ],
        "assumptions": list(recommendation.assumptions),
        "warnings": list(recommendation.warnings),
    }


_encode = msgspec.json.Encoder().encode


def _at_once(item: Any) -> Any:
    """Encode an item of a long list at once, so that not all that the items are made of is held in memory."""
    return msgspec.Raw(_encode(item))


def _row(row: Ranked) -> RowShape:
    item = row.judged
    return {
        "rank": row.rank,
        **alternative(item),
        "tied_with": list(row.tied_with),
        "pareto": row.pareto,
        "verdicts": verdicts(item.verdicts),
        "to_do": list(item.todos),
        "unknowns": [name for name, part in item.parts.items() if not part.reading.known],
        "warnings": list(row.warnings),
        "also_on": [
            {
                "offering": other.alternative.offering.id,
                "tier": other.alternative.tier,
                "scope": other.alternative.scope_name,
                "effort": other.alternative.effort,
                "score": _round(other.score),
                "usd_per_month": plain(other.estimate.cost.usd_per_month) if other.estimate.cost else None,
            }
            for other in row.also_on
        ],
    }


def alternative(item: Judged) -> AlternativeShape:
    """Return one alternative with its score, estimate and criteria."""
    chosen = item.alternative
    low, high = item.interval
    return {
        "offering": chosen.offering.id,
        "model": chosen.model.id,
        "platform": chosen.platform.id,
        "tier": chosen.tier,
        "scope": chosen.scope_name,
        "regions": list(chosen.regions),
        "effort": chosen.effort,
        "platform_model_id": chosen.platform_model_id,
        "score": _round(item.score),
        "score_interval": [_round(low), _round(high)],
        "estimate": {
            **cost(item.estimate.cost),
            "cost_unknown": item.estimate.cost_unknown or None,
            "reasoning_tokens": int(item.estimate.reasoning_tokens),
            "ttft_s": _interval(item.estimate.ttft_s),
            "output_tokens_per_s": _interval(item.estimate.output_tokens_per_s),
            "call_s": _interval(item.estimate.call_s),
            "answer_s": _interval(item.estimate.answer_s),
        },
        "criteria": {name: _criterion(name, part) for name, part in item.parts.items()},
    }


def _criterion(name: Criterion, part: Part) -> CriterionShape:
    reading, weight = part.reading, part.weight
    return {
        "raw": None if reading.raw is None else round(reading.raw, 6),
        "unit": CRITERIA[name].unit,
        "value": round(reading.value, 6),
        "value_interval": [round(reading.low, 6), round(reading.high, 6)],
        "weight": round(weight, 6),
        "contribution": round(part.contribution, 6),
        "basis": list(reading.basis),
        "known": reading.known,
        "estimated": reading.estimated,
    }


def cost(figures: Cost | None) -> CostShape:
    """Return a cost; money is decimal strings, an unknown cost is null."""
    if figures is None:
        return {"usd_per_month": None, "usd_per_request": None, "usd_once": None, "lines": [], "capacity": None}
    return {
        "usd_per_month": plain(figures.usd_per_month),
        "usd_per_request": plain(figures.usd_per_request),
        "usd_once": plain(figures.usd_once),
        "lines": [line(entry) for entry in (*figures.lines, *figures.once)],
        "capacity": _capacity(figures.capacity),
    }


def _capacity(bought: Capacity | None) -> CapacityShape | None:
    if bought is None:
        return None
    return {
        "units": bought.units,
        "unit": bought.unit,
        "needed": plain(bought.needed),
        "utilization": plain(bought.utilization),
        "break_even": _break_even(bought.break_even),
    }


def _break_even(even: BreakEven | None) -> BreakEvenShape | None:
    if even is None:
        return None
    return {
        "usd_per_request": plain(even.usd_per_request),
        "where": even.where,
        "requests_per_month": plain(even.requests_per_month),
        "utilization": plain(even.utilization),
    }


def months(found: Sequence[Month]) -> list[MonthShape]:
    """Return the next months; an unknown cost is null."""
    return [
        {"from_on": str(month.from_on), "requests": month.requests, "usd": None if month.usd is None else plain(month.usd)}
        for month in found
    ]


def line(entry: Line) -> LineShape:
    """Return one line of a bill."""
    return {
        "what": entry.what,
        "quantity": plain(entry.quantity),
        "unit": entry.unit,
        "usd_per": plain(entry.usd_per),
        "usd": plain(entry.usd),
        "usd_per_month": plain(entry.usd_per_month),
        "per": entry.per,
        "rule": entry.rule,
        "source": entry.source,
        "checked": str(entry.checked),
    }


def verdicts(found: Sequence[Verdict]) -> list[VerdictShape]:
    """Return verdicts as plain data."""
    return [
        {
            "constraint": verdict.constraint,
            "required": verdict.required,
            "actual": verdict.actual,
            "verdict": verdict.outcome,
            "source": verdict.source,
            "to_do": verdict.todo,
        }
        for verdict in found
    ]


def _interval(interval: Interval | None) -> IntervalShape | None:
    if interval is None:
        return None
    return {"low": _round(interval.low), "high": _round(interval.high), "basis": interval.basis, "kind": interval.kind}


def _round(value: float) -> float:
    """Round what floating point made up, so that the same answer is the same bytes."""
    return round(value, 6)
