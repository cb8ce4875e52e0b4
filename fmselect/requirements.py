"""What the user needs: the one shape that flags and a requirements file both become."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from msgspec.structs import replace
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_serializer, model_validator

from fmselect.errors import InvalidInput, Problem
from fmselect.strict_yaml import Document
from fmselect.units import AnswerWithin, Criterion, Effort, Modality, Precision, Weekdays, parse_count
from fmselect.usage import Distribution


def _count(value: Any) -> Any:
    """Let people write 200k or 1.5M."""
    return parse_count(value) if isinstance(value, str) else value


def _several(value: Any) -> Any:
    """Let people write one term where a list of terms is meant."""
    return value if isinstance(value, (tuple, list)) else (value,)


def _percent(value: Any) -> Any:
    """Let people write 5% where a percentage is meant."""
    return value.strip().removesuffix("%") if isinstance(value, str) else value


def _spread(value: Any) -> Any:
    """Let people write a number, or `6000,p95=18000`, where a mean with percentiles is meant."""
    if isinstance(value, int) and not isinstance(value, bool):
        return {"mean": value}
    if not isinstance(value, str):
        return value
    # Within a number commas part thousands; a comma before a name parts the percentiles.
    parts = re.split(r",\s*(?=[a-z])", value.strip())
    named = [part.partition("=") for part in parts]
    return {(name.strip() if sign else "mean"): (text if sign else name) for name, sign, text in named}


Count = Annotated[int, BeforeValidator(_count), Field(ge=0)]
Positive = Annotated[int, BeforeValidator(_count), Field(gt=0)]
Amount = Annotated[Decimal, Field(strict=False, ge=0, allow_inf_nan=False)]
Share = Annotated[Decimal, Field(strict=False, ge=0, le=1, allow_inf_nan=False)]
Percent = Annotated[Decimal, Field(strict=False, ge=0, lt=100, allow_inf_nan=False)]
Growth = Annotated[Decimal, BeforeValidator(_percent), Field(strict=False, gt=-100, le=1000, allow_inf_nan=False)]
Peak = Annotated[Decimal, Field(strict=False, ge=1, allow_inf_nan=False)]
Load = Annotated[Decimal, Field(strict=False, gt=0, le=1, allow_inf_nan=False)]
Hours = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-4]):[0-5][0-9]$")]
Rate = Annotated[Decimal, Field(strict=False, gt=0, allow_inf_nan=False)]
Terms = Annotated[tuple[str, ...], BeforeValidator(_several)]
Modalities = Annotated[tuple[Modality, ...], BeforeValidator(_several)]
Criteria = Annotated[tuple[Criterion, ...], BeforeValidator(_several)]

DEFAULT_EVIDENCE_WEIGHT = 10
"""How many public boards a benchmark of the user's own counts as, unless the user says (see own_evidence)."""


def _weighed(value: Any) -> Any:
    """Let people name a benchmark of their own, or several, each with `=WEIGHT` or the usual weight."""
    if isinstance(value, (str, tuple, list)):
        pairs = [str(name).partition("=") for name in _several(value)]
        return {name.strip(): weight.strip() if sign else DEFAULT_EVIDENCE_WEIGHT for name, sign, weight in pairs}
    return value


Evidence = Annotated[dict[str, Amount], BeforeValidator(_weighed)]

Unknown = Literal["list", "exclude", "allow"]
Per = Literal["model", "offering", "alternative"]
Lifetime = Literal["5m", "1h", "12h"]

PERCENTILES = ("p1", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "p99")


class Spread(BaseModel):
    """How many tokens requests have: the mean, and any percentiles that are known."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    mean: Count
    """Mean over all requests."""
    p1: Count | None = None
    p5: Count | None = None
    p10: Count | None = None
    p25: Count | None = None
    p50: Count | None = None
    p75: Count | None = None
    p90: Count | None = None
    p95: Count | None = None
    p99: Count | None = None

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        self.distribution  # noqa: B018  a distribution that cannot be is refused where it is made
        return self

    @property
    def distribution(self) -> Distribution:
        """The mean with the percentiles that are given."""
        stated = ((Decimal(name[1:]), getattr(self, name)) for name in PERCENTILES)
        return Distribution(Decimal(self.mean), tuple((percent, Decimal(value)) for percent, value in stated if value is not None))

    @model_serializer(mode="plain")
    def _short(self) -> Any:
        """Write a mean alone as a number."""
        given = {"mean": self.mean, **{name: getattr(self, name) for name in PERCENTILES if getattr(self, name) is not None}}
        return given if len(given) > 1 else self.mean


Tokens = Annotated[Spread, BeforeValidator(_spread)]


class Requirements(BaseModel):
    """Everything a recommendation depends on besides the catalog and the date.

    The names are those of the flags of `fmselect recommend`, with underscores.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    task: str = "chat"
    """The job (a file of tasks/)."""

    requests_per_month: Positive | None = None
    """Requests a month; absent: the task's typical workload."""
    input_tokens: Tokens | None = None
    """Tokens of input per request, cached ones included: a mean, or a mean with percentiles as `6000,p50=3000,p95=20000`."""
    output_tokens: Tokens | None = None
    """Tokens of answer per request, reasoning not included; a mean, or a mean with percentiles."""
    reasoning_tokens: Count | None = None
    """Tokens of reasoning per request; absent: estimated from the effort."""
    cached_share: Share = Decimal(0)
    """Share of the input that is read from the cache, 0 to 1."""
    cache_write_share: Share = Decimal(0)
    """Share of the input that is written to the cache, 0 to 1."""
    cache_lifetime: Lifetime = "5m"
    """How long what is written stays in the cache: 5m (the shortest on offer), 1h or 12h."""
    input_audio_tokens: Count | None = None
    """Audio among the input tokens, where audio is counted in tokens."""
    output_audio_tokens: Count | None = None
    """Audio among the output tokens, where audio is counted in tokens."""
    input_images: Count | None = None
    """Images given per request, where they are billed by the image; else count their tokens as input."""
    images: Count | None = None
    """Images made per request."""
    image_size: str | None = None
    """Size of the images made, or quality/size, as the catalog's price list names it."""
    audio_minutes: Amount | None = None
    """Minutes of audio heard or spoken per request."""
    video_seconds: Amount | None = None
    """Seconds of video made per request."""
    video_resolution: str | None = None
    """Resolution of the video made, as the catalog's price list names it."""
    pages: Count | None = None
    """Pages read per request."""
    characters: Count | None = None
    """Characters spoken per request."""
    searches: Count | None = None
    """Searches per request (a reranked list is one)."""
    requests: str | None = None
    """CSV file of real requests, one a line, instead of the sizes above; in a requirements file, relative to it."""
    hours_utc: Hours | None = None
    """Hours of the day in UTC in which requests come, as 08:00-18:00; absent: spread over the day."""
    weekdays: Weekdays | None = None
    """Part of the week in which requests come: mon-fri or sat-sun; absent: all of it."""
    peak: Peak = Decimal(1)
    """The busiest minute, as a multiple of the mean over the hours in which requests come; sizes capacity that is bought."""
    growth: Growth = Decimal(0)
    """Growth of the number of requests a month, in percent."""
    answer_within: AnswerWithin = "interactive"
    """How long an answer may take: minutes opens flex, hours opens batch."""
    effort: Effort | None = None
    """Reasoning effort to consider; absent: every effort that was measured."""

    max_cost: Amount | None = None
    """Most that a month may cost, in USD."""
    max_cost_per_request: Amount | None = None
    """Most that a request may cost, in USD."""
    max_ttft: Amount | None = None
    """Most seconds to the first token of the answer, reasoning before it included."""
    min_throughput: Amount | None = None
    """Fewest output tokens per second."""
    max_answer_s: Amount | None = None
    """Most seconds to the end of an answer of the workload, reasoning included."""
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
    evidence: Evidence = Field(default_factory=dict)
    """Benchmarks of your own that count for the task, and each as how many public boards; a name alone: 10."""
    unknown: Unknown = "list"
    """What becomes of offerings with an unknown: listed apart, excluded, or ranked with a flag."""
    discount: dict[str, Percent] = Field(default_factory=dict)
    """Your discount in percent, by platform."""
    commitment: Annotated[int, BeforeValidator(_count), Field(ge=0)] = 0
    """Most months that you would commit to, for capacity that is bought; 0: none."""
    gpu: str | None = None
    """GPU that you would serve open weights from (`fmselect list gpus`)."""
    gpu_tokens_per_s: Rate | None = None
    """Output tokens a second that one such GPU gives under your requests, as you measured it; input tokens, where nothing is written."""
    gpu_usd_per_hour: Rate | None = None
    """What an hour of such a GPU costs you; absent: the cheapest rent in the catalog."""
    gpu_load: Load = Decimal(1)
    """Share of its speed that you plan with in the busiest minute, 0 to 1."""
    precision: Precision = "bf16"
    """Precision at which the weights are served."""
    training_tokens: Positive | None = None
    """Tokens of the data to tune the model with; the cost is then that of the tuned model."""
    epochs: Annotated[int, BeforeValidator(_count), Field(gt=0)] = 1
    """Passes over the data when tuning."""
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

    @model_validator(mode="after")
    def _one_way_of_telling_sizes(self) -> Self:
        sizes = [name for name in _SIZES if getattr(self, name) is not None]
        if self.requests is not None and sizes:
            raise ValueError(f"requests holds the sizes of the requests: leave out {', '.join(sizes)}")
        if self.cached_share + self.cache_write_share > 1:
            raise ValueError("cached_share and cache_write_share are more than all of the input")
        return self

    def stated(self) -> dict[str, Any]:
        """Return what was asked for, without the fields left at their default, ready for JSON."""
        return self.model_dump(mode="json", exclude_defaults=True)


_SIZES = (
    "input_tokens", "output_tokens", "reasoning_tokens", "input_audio_tokens", "output_audio_tokens", "input_images", "images",
    "audio_minutes", "video_seconds", "pages", "characters", "searches",
)  # fmt: skip
"""What a request uses, which a file of requests says of each."""


def from_document(document: Document, over: dict[str, Any] | None = None) -> Requirements:
    """Build requirements from a requirements file; `over` (flags) wins key by key.

    Raises `InvalidInput` with every problem, each at its line of the file or with its flag.
    """
    flags = over or {}
    if not isinstance(document.data, dict):
        raise InvalidInput([document.problem((), "is not a mapping of requirements: write lines like `task: rag`")])
    weighed = any(key in flags for key in _EITHER)
    stated = {key: value for key, value in document.data.items() if not (weighed and key in _EITHER)}
    if isinstance(stated.get("requests"), str) and document.path:
        stated["requests"] = str(Path(document.path).parent / stated["requests"])
    try:
        return Requirements.model_validate({**stated, **flags})
    except ValidationError as error:
        found = document.problems_from(error, Requirements)
        raise InvalidInput(_of_flag(problem) if _key(problem) in flags else _plain(problem, stated) for problem in found) from error


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
    field = problem.field.removesuffix(".mean")
    return Problem(problem.message, field="--" + field.replace("_", "-") if field else "")


def _plain(problem: Problem, stated: dict[str, Any]) -> Problem:
    """Leave out that a number alone is a mean."""
    alone = problem.field.endswith(".mean") and not isinstance(stated[_key(problem)], dict)
    return replace(problem, field=problem.field.removesuffix(".mean")) if alone else problem
