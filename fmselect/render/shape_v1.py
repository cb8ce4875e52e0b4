"""The shape of JSON version 1, as types: the published JSON Schema is generated from these."""

from __future__ import annotations

from typing import (
    Any,
    Literal,
    NotRequired,  # pydantic takes no other on Python 3.11
)

from typing_extensions import TypedDict


class CatalogInfo(TypedDict):
    """Which catalog the answer rests on."""

    as_of: str
    models: int
    offerings: int
    platforms: int


class VerdictShape(TypedDict):
    """What one constraint says."""

    constraint: str
    required: str
    actual: str
    verdict: Literal["met", "violated", "unknown"]
    source: str
    to_do: str


class LineShape(TypedDict):
    """One line of the bill of a request; amounts are decimal strings in USD."""

    what: str
    quantity: str
    unit: str
    usd_per: str
    usd: str
    usd_per_month: str
    per: Literal["request", "month", "once"]
    rule: str
    source: str
    checked: str


class IntervalShape(TypedDict):
    """A number known to lie between two."""

    low: float
    high: float
    basis: str
    kind: Literal["measured", "stated", "estimated"]


class MonthShape(TypedDict):
    """One month from a day on, as its dated prices and growth make it."""

    from_on: str
    requests: int
    usd: str | None


class BreakEvenShape(TypedDict):
    """From when on capacity that is paid by the hour is cheaper than paying by use."""

    usd_per_request: str
    where: str
    requests_per_month: str
    utilization: str


class CapacityShape(TypedDict):
    """Capacity that is paid by the hour."""

    units: int
    unit: str
    needed: str
    utilization: str
    break_even: BreakEvenShape | None


class CostShape(TypedDict):
    """A cost; null where it is unknown."""

    usd_per_month: str | None
    usd_per_request: str | None
    usd_once: str | None
    lines: list[LineShape]
    capacity: CapacityShape | None


class EstimateShape(CostShape):
    """Cost and speed of an alternative."""

    cost_unknown: str | None
    reasoning_tokens: int
    ttft_s: IntervalShape | None
    output_tokens_per_s: IntervalShape | None
    call_s: IntervalShape | None
    answer_s: IntervalShape | None


class CriterionShape(TypedDict):
    """One criterion's part of a score."""

    raw: float | None
    unit: str
    value: float
    value_interval: list[float]
    weight: float
    contribution: float
    basis: list[str]
    known: bool
    estimated: bool


class AlternativeShape(TypedDict):
    """One offering at one tier, scope and effort, with its score."""

    offering: str
    model: str
    platform: str
    tier: str
    scope: str
    regions: list[str]
    effort: str | None
    platform_model_id: str
    score: float
    score_interval: list[float]
    estimate: EstimateShape
    criteria: dict[str, CriterionShape]


class ElsewhereShape(TypedDict):
    """The model on another platform."""

    offering: str
    tier: str
    scope: str
    effort: str | None
    score: float
    usd_per_month: str | None


class RowShape(AlternativeShape):
    """A row of the ranking."""

    rank: int
    tied_with: list[str]
    pareto: bool
    verdicts: list[VerdictShape]
    to_do: list[str]
    unknowns: list[str]
    warnings: list[str]
    also_on: list[ElsewhereShape]


class UnverifiedShape(AlternativeShape):
    """An alternative with nothing against it but something unknown."""

    unknowns: list[VerdictShape]


class ExcludedItemShape(TypedDict):
    """An offering that is out, and everything against it."""

    offering: str
    reasons: list[VerdictShape]


class ExcludedShape(TypedDict):
    """What is out."""

    count: int
    by_constraint: dict[str, int]
    items: list[ExcludedItemShape]


class RelaxationShape(TypedDict):
    """A minimal set of constraints to give up, and whom that admits."""

    constraints: list[str]
    offerings: NotRequired[list[str]]
    needs: list[VerdictShape]
    unverified: NotRequired[bool]


class RecommendationShape(TypedDict):
    """What `fmselect recommend --format json` prints."""

    schema_version: Literal[1]
    on: str
    catalog: CatalogInfo
    requirements: dict[str, Any]
    weights: dict[str, float]
    eligible: int
    ranking: list[RowShape]
    unverified: list[UnverifiedShape]
    excluded: ExcludedShape
    relaxations: list[RelaxationShape]
    assumptions: list[str]
    warnings: list[str]
