"""What is computed from the evidence when the catalog is compiled, and kept in the snapshot."""

from collections.abc import Mapping

from pydantic import Field

from fmselect.catalog.schema import Frozen, ModelId, Slug, Text
from fmselect.units import Effort


class Ability(Frozen):
    """How well one model does one task at one effort, on the task's own scale."""

    effort: Effort | None = None
    """Effort it was measured at; None: not stated, or the model has none."""
    theta: float
    """Ability, in standard deviations of the models measured on this scale."""
    sd: float
    """Standard deviation of theta: fit error and spread between benchmarks."""
    estimated: bool = False
    """True when no benchmark speaks for the model and models like it stand in."""
    basis: tuple[str, ...] = ()
    """The most telling results behind it, for people."""


class Measured(Frozen):
    """A measured number with its interval and where it comes from."""

    effort: Effort | None = None
    low: float
    high: float
    basis: str
    """Benchmark, date and effort, for people."""


class Fitted(Frozen):
    """What the scores of one benchmark tell: score in logits = slope x ability + offset, and an error."""

    scale: Slug
    """Scale it belongs to: chat, or a task."""
    slope: float
    """Logits that one standard deviation of ability brings."""
    offset: float
    """Logits of a model of ability 0."""
    own: float
    """Variance, in ability, of what neither ability, nor the suite, nor the limits of a score explain."""


class Expected(Frozen):
    """What is expected of models before any result, by their release dates and their relatives."""

    thetas: dict[ModelId, float]
    """By model whose release date is known: the ability expected."""
    variance: float
    """Variance of abilities around what is expected."""


class Span(Frozen):
    """An interval that several models or figures make up."""

    low: float
    high: float
    basis: tuple[str, ...] = ()
    """The models or figures, as published."""


class SizeLaw(Frozen):
    """Output rate by size: log rate = intercept + slope x log(billions of parameters used per token)."""

    intercept: float
    slope: float
    low_billion: float
    """Smallest size it was fitted on."""
    high_billion: float
    """Largest size it was fitted on."""
    basis: tuple[str, ...] = ()


class Trial(Frozen):
    """What leaving every model out in turn showed of one way to estimate a speed."""

    factor: float
    """By what the interval of the relatives is widened on either side."""
    count: int
    """How many models were left out."""
    covered: int
    """How many of them the interval held, widened by what the others showed."""


class SpeedEvidence(Frozen):
    """What tells the speed of an offering: measured rows, and what its relatives make one expect."""

    rates: dict[Text, tuple[Measured, ...]] = Field(default_factory=dict)
    """Output tokens a second, by offering on which they were measured."""
    calls: dict[Text, tuple[Measured, ...]] = Field(default_factory=dict)
    """Seconds of a whole call, from the mean to the 95th percentile, by offering on which it was measured."""
    rate_of_model: dict[ModelId, Span] = Field(default_factory=dict)
    rate_of_family: dict[Slug, Span] = Field(default_factory=dict)
    rate_of_platform: dict[Slug, Span] = Field(default_factory=dict)
    """Of platforms with accelerators of their own."""
    rate_by_size: SizeLaw | None = None
    rate_of_any: Span | None = None
    """Of chat models with a figure."""
    first_of_any: Span | None = None
    """Seconds of whole calls without reasoning, before whose end the first token comes."""
    trials: dict[str, Trial] = Field(default_factory=dict)
    """By way of estimating."""


class Derived(Frozen):
    """Everything derived from the evidence."""

    abilities: Mapping[Slug, Mapping[ModelId, tuple[Ability, ...]]] = Field(default_factory=dict)
    """By task and model: one ability for each effort measured, or one estimate from models like it."""
    low_theta: dict[Slug, float] = Field(default_factory=dict)
    """By task: 10th percentile of theta over the measured models, which stands in for an unknown."""
    low_theta_of_family: dict[Slug, dict[Slug, float]] = Field(default_factory=dict)
    """By task and family of three or more measured models: 10th percentile of theta."""
    factuality: dict[ModelId, tuple[Measured, ...]] = Field(default_factory=dict)
    """Hallucination rate in percent, by model."""
    effort_tokens: dict[ModelId, dict[Effort, float]] = Field(default_factory=dict)
    """Mean output tokens per effort on the same prompts, by model."""
    usual_effort_ratio: dict[Effort, float] = Field(default_factory=dict)
    """Output tokens at an effort as a multiple of those at low effort: the median of the models measured at both."""
    poor_factuality: float | None = None
    """90th percentile of the hallucination rates measured, which stands in for an unknown."""
    slopes: dict[Slug, dict[str, float]] = Field(default_factory=dict)
    """By task and unit: logits that a benchmark usually rises by for one standard deviation of ability."""
    boards: dict[Slug, Fitted] = Field(default_factory=dict)
    """What was found of each benchmark that tells of ability."""
    expected: dict[Slug, Expected] = Field(default_factory=dict)
    """By scale (chat, or a task): what is expected of models before any result."""
    speed: SpeedEvidence | None = None
    """What tells the speed of offerings."""
