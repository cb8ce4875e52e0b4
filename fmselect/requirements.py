"""What the user needs: the one shape that flags and a requirements file both become."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from fmselect.errors import InvalidInput, Problem
from fmselect.strict_yaml import Document
from fmselect.units import AnswerWithin, Criterion, Effort, Modality, parse_count


def _count(value: Any) -> Any:
    """Let people write 200k or 1.5M."""
    return parse_count(value) if isinstance(value, str) else value


def _several(value: Any) -> Any:
    """Let people write one term where a list of terms is meant."""
    return value if isinstance(value, (tuple, list)) else (value,)


Count = Annotated[int, BeforeValidator(_count), Field(ge=0)]
Positive = Annotated[int, BeforeValidator(_count), Field(gt=0)]
Amount = Annotated[Decimal, Field(strict=False, ge=0, allow_inf_nan=False)]
Share = Annotated[Decimal, Field(strict=False, ge=0, le=1, allow_inf_nan=False)]
Percent = Annotated[Decimal, Field(strict=False, ge=0, lt=100, allow_inf_nan=False)]
Terms = Annotated[tuple[str, ...], BeforeValidator(_several)]
Modalities = Annotated[tuple[Modality, ...], BeforeValidator(_several)]
Criteria = Annotated[tuple[Criterion, ...], BeforeValidator(_several)]

Unknown = Literal["list", "exclude", "allow"]
Per = Literal["model", "offering", "alternative"]


class Requirements(BaseModel):
    """Everything a recommendation depends on besides the catalog and the date.

    The names are those of the flags of `fmselect recommend`, with underscores.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    task: str = "chat"
    """The job (a file of tasks/)."""

    requests_per_month: Positive | None = None
    """Requests a month; absent: the task's typical workload."""
    input_tokens: Count | None = None
    """Tokens of input per request, cached ones included."""
    output_tokens: Count | None = None
    """Tokens of answer per request, reasoning not included."""
    reasoning_tokens: Count | None = None
    """Tokens of reasoning per request; absent: estimated from the effort."""
    cached_share: Share = Decimal(0)
    """Share of the input that is read from the cache, 0 to 1."""
    images: Count | None = None
    """Images made per request."""
    image_size: str | None = None
    """Size or quality of the images, as the catalog's price list names it."""
    audio_minutes: Amount | None = None
    """Minutes of audio heard or spoken per request."""
    video_seconds: Amount | None = None
    """Seconds of video made per request."""
    pages: Count | None = None
    """Pages read per request."""
    characters: Count | None = None
    """Characters spoken per request."""
    searches: Count | None = None
    """Searches per request (a reranked list is one)."""
    answer_within: AnswerWithin = "interactive"
    """How long an answer may take: minutes opens flex, hours opens batch."""
    effort: Effort | None = None
    """Reasoning effort to consider; absent: every effort that was measured."""

    max_cost: Amount | None = None
    """Most that a month may cost, in USD."""
    max_cost_per_request: Amount | None = None
    """Most that a request may cost, in USD."""
    max_ttft: Amount | None = None
    """Most seconds to the first token."""
    min_throughput: Amount | None = None
    """Fewest output tokens per second."""
    min_context: Count | None = None
    """Fewest tokens that the context window must hold."""
    min_output: Count | None = None
    """Fewest tokens that one answer may have."""
    input_modality: Modalities = ()
    """What the model must accept, besides what the task needs."""
    output_modality: Modalities = ()
    """What the model must give, besides what the task needs."""
    feature: Terms = ()
    """Features the model must have."""
    language: Terms = ()
    """Languages the developer must support."""

    region: Terms = ()
    """Regions of a platform from which it must be callable (any of them)."""
    residency: Terms = ()
    """Geographies in which every request must be processed."""
    compliance: Terms = ()
    """Compliance programs that must hold (all of them)."""
    no_training: bool = False
    """Whether the platform must not train on the data."""
    max_retention_days: Annotated[int, Field(ge=0)] | None = None
    """Most days that prompts and answers may be kept."""
    private_network: bool = False
    """Whether private connectivity is needed."""
    customer_managed_keys: bool = False
    """Whether encryption with the customer's own keys is needed."""

    open_weights: bool = False
    """Whether the weights must be available."""
    license: Terms = ()
    """Licenses that are acceptable (any of them)."""
    commercial_use: bool = False
    """Whether the license must allow commercial use."""
    annual_revenue_usd: Count | None = None
    """Revenue of the company a year, for licenses with a threshold."""
    monthly_active_users: Count | None = None
    """Users of the company's products a month, for licenses with a threshold."""
    based_in: str | None = None
    """Geography in which the company has its seat, for licenses that exclude one."""
    customization: Terms = ()
    """Customization methods that must be offered (all of them)."""

    platform: Terms = ()
    """Platforms to consider; none: all."""
    exclude_platform: Terms = ()
    """Platforms not to consider."""
    developer: Terms = ()
    """Developers to consider; none: all."""
    exclude: Terms = ()
    """Models, families, developers or offerings not to consider."""
    supported_until: date | None = None
    """Day until which the offering must be promised to last."""
    allow_preview: bool = False
    """Whether previews may be ranked."""
    allow_legacy: bool = False
    """Whether legacy offerings may be ranked."""

    weight: dict[Criterion, Amount] = Field(default_factory=dict)
    """Weights that replace the task's, by criterion."""
    priority: Criteria = ()
    """Criteria from most to least important, instead of weights."""
    unknown: Unknown = "list"
    """What becomes of offerings with an unknown: listed apart, excluded, or ranked with a flag."""
    discount: dict[str, Percent] = Field(default_factory=dict)
    """Your discount in percent, by platform."""
    per: Per = "model"
    """What a row of the ranking is."""
    top: Annotated[int, Field(gt=0)] = 10
    """Rows of the ranking to give."""

    @model_validator(mode="after")
    def _one_way_of_weighing(self) -> Self:
        if self.weight and self.priority:
            raise ValueError("give weight or priority, not both")
        if len(set(self.priority)) != len(self.priority):
            raise ValueError("priority names a criterion twice")
        if self.weight and not any(self.weight.values()):
            raise ValueError("weight needs at least one criterion above 0")
        return self

    def stated(self) -> dict[str, Any]:
        """Return what was asked for, without the fields left at their default, ready for JSON."""
        return self.model_dump(mode="json", exclude_defaults=True)


def from_document(document: Document, over: dict[str, Any] | None = None) -> Requirements:
    """Build requirements from a requirements file; `over` (flags) wins key by key.

    Raises `InvalidInput` with every problem, each at its line of the file or with its flag.
    """
    flags = over or {}
    if not isinstance(document.data, dict):
        raise InvalidInput([document.problem((), "is not a mapping of requirements: write lines like `task: rag`")])
    weighed = any(key in flags for key in _EITHER)
    stated = {key: value for key, value in document.data.items() if not (weighed and key in _EITHER)}
    try:
        return Requirements.model_validate({**stated, **flags})
    except ValidationError as error:
        found = document.problems_from(error, Requirements)
        raise InvalidInput(_of_flag(problem) if _key(problem) in flags else problem for problem in found) from error


def from_flags(values: dict[str, Any]) -> Requirements:
    """Build requirements from flags; raises `InvalidInput` that names the flag."""
    nowhere = Document("", {}, {})
    try:
        return Requirements.model_validate(values)
    except ValidationError as error:
        raise InvalidInput(_of_flag(problem) for problem in nowhere.problems_from(error, Requirements)) from error


_EITHER = ("weight", "priority")
"""Two ways of weighing: a flag for one replaces the other in the file."""


def _key(problem: Problem) -> str:
    return problem.field.partition(".")[0].partition("[")[0]


def _of_flag(problem: Problem) -> Problem:
    return Problem(problem.message, field="--" + problem.field.replace("_", "-") if problem.field else "")
