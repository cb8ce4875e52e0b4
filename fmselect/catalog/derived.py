"""What is computed from the evidence when the catalog is compiled, and kept in the snapshot."""

from collections.abc import Mapping

from pydantic import Field

from fmselect.catalog.schema import Frozen, ModelId, Slug
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
    """True when no benchmark speaks for the model and its family's mean stands in."""
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


class Derived(Frozen):
    """Everything derived from the evidence."""

    abilities: Mapping[Slug, Mapping[ModelId, tuple[Ability, ...]]] = Field(default_factory=dict)
    """By task and model: one ability for each effort measured, or one family estimate."""
    low_theta: dict[Slug, float] = Field(default_factory=dict)
    """By task: 10th percentile of theta over the measured models, which stands in for an unknown."""
    low_theta_of_family: dict[Slug, dict[Slug, float]] = Field(default_factory=dict)
    """By task and family of three or more measured models: 10th percentile of theta."""
    factuality: dict[ModelId, tuple[Measured, ...]] = Field(default_factory=dict)
    """Hallucination rate in percent, by model."""
    effort_tokens: dict[ModelId, dict[Effort, float]] = Field(default_factory=dict)
    """Mean output tokens per effort on the same prompts, by model."""
    poor_factuality: float | None = None
    """90th percentile of the hallucination rates measured, which stands in for an unknown."""
    poor_call_s: float | None = None
    """90th percentile of the whole calls measured, which stands in for an unknown."""
    call_s: dict[ModelId, tuple[Measured, ...]] = Field(default_factory=dict)
    """Seconds of a whole call, from the mean to the 95th percentile, by model."""
    boards: dict[Slug, Fitted] = Field(default_factory=dict)
    """What was found of each benchmark that tells of ability."""
    expected: dict[Slug, Expected] = Field(default_factory=dict)
    """By scale (chat, or a task): what is expected of models before any result."""
