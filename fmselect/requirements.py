"""What the user needs: the one shape that flags and a requirements file both become."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec
from msgspec.structs import force_setattr, replace

from fmselect import readers
from fmselect.errors import FieldPath, InvalidInput, Problem, Said, shown
from fmselect.readers import Read, Wrong
from fmselect.strict_yaml import Document, dotted
from fmselect.units import AnswerWithin, Criterion, Effort, Modality, Precision, Weekdays
from fmselect.usage import Distribution

PERCENTILES = ("p1", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "p99")


class Spread(msgspec.Struct, frozen=True):
    """How many tokens requests have: the mean, and any percentiles that are known."""

    mean: int
    """Mean over all requests."""
    percentiles: Mapping[str, int] = {}
    """By name, as `p95`, those that are known."""

    @property
    def distribution(self) -> Distribution:
        """The mean with the percentiles that are given; raises `ValueError` for one that cannot be."""
        stated = ((name, self.percentiles[name]) for name in PERCENTILES if name in self.percentiles)
        return Distribution(Decimal(self.mean), tuple((Decimal(name[1:]), Decimal(value)) for name, value in stated))

    @property
    def stated(self) -> int | dict[str, int]:
        """A number for a mean alone, else all that is known."""
        return {"mean": self.mean, **self.percentiles} if self.percentiles else self.mean


def _spread(value: Any, at: FieldPath) -> Spread:
    """Read a number, or `6000,p95=18000`, or a mapping of a mean with percentiles."""
    if isinstance(value, Spread):
        return value
    parts = value
    if isinstance(value, int) and not isinstance(value, bool):
        parts = {"mean": value}
    elif isinstance(value, str):
        # Within a number commas part thousands; a comma before a name parts the percentiles.
        named = [part.partition("=") for part in re.split(r",\s*(?=[a-z])", value.strip())]
        parts = {(name.strip() if sign else "mean"): (text if sign else name) for name, sign, text in named}
    if not isinstance(parts, Mapping):
        raise Wrong((at, Said.NOT_MAPPING.format(it=shown(value))))
    count = readers.whole(at_least=0)
    found = readers.fields(parts, dict.fromkeys(("mean", *PERCENTILES), count), at)
    if "mean" not in found:
        raise Wrong(((*at, "mean"), Said.MISSING))
    spread = Spread(found.pop("mean"), {name: found[name] for name in PERCENTILES if name in found})
    try:
        spread.distribution  # noqa: B018  a distribution that cannot be is refused where it is made
    except ValueError as error:
        raise Wrong((at, str(error))) from error
    return spread


DEFAULT_EVIDENCE_WEIGHT = 10
"""How many public boards a benchmark of the user's own counts as, unless the user says (see own_evidence)."""


def _evidence(value: Any, at: FieldPath) -> dict[str, Decimal]:
    """Read benchmarks of the user's own: one or several, each with `=WEIGHT` or the usual weight, or a mapping of weights."""
    if isinstance(value, (str, tuple, list)):
        pairs = [str(name).partition("=") for name in ((value,) if isinstance(value, str) else value)]
        value = {name.strip(): weight.strip() if sign else DEFAULT_EVIDENCE_WEIGHT for name, sign, weight in pairs}
    found: dict[str, Decimal] = readers.mapping(readers.text, readers.number(at_least=0))(value, at)
    return found


Count = Annotated[int, readers.whole(at_least=0)]
Positive = Annotated[int, readers.whole(above=0)]
Amount = Annotated[Decimal, readers.number(at_least=0)]
Rate = Annotated[Decimal, readers.number(above=0)]
Share = Annotated[Decimal, readers.number(at_least=0, at_most=1)]
Load = Annotated[Decimal, readers.number(above=0, at_most=1)]
Peak = Annotated[Decimal, readers.number(at_least=1)]
Growth = Annotated[Decimal, readers.number(above=-100, at_most=1000, percent=True)]
Hours = Annotated[str, readers.pattern("([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-4]):[0-5][0-9]", "08:00-18:00")]
Tokens = Annotated[Spread, _spread]
Terms = Annotated[tuple[str, ...], readers.several(readers.text)]
Modalities = Annotated[tuple[Modality, ...], readers.several(readers.one_of(get_args(Modality)))]
Criteria = Annotated[tuple[Criterion, ...], readers.several(readers.one_of(get_args(Criterion)))]
Weights = Annotated[Mapping[Criterion, Decimal], readers.mapping(readers.one_of(get_args(Criterion)), readers.number(at_least=0))]
Discounts = Annotated[Mapping[str, Decimal], readers.mapping(readers.text, readers.number(at_least=0, below=100))]
Evidence = Annotated[Mapping[str, Decimal], _evidence]

Unknown = Literal["list", "exclude", "allow"]
Per = Literal["model", "offering", "alternative"]
Lifetime = Literal["5m", "1h", "12h"]


class Requirements(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a recommendation depends on besides the catalog and the date.

    The names are those of the flags of `fmselect recommend`, with underscores. Values may be given as a
    requirements file gives them: counts as `200k`, one term where a list is meant.
    Raises `InvalidInput` with everything that is wrong.
    """

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
    max_retention_days: Count | None = None
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

    weight: Weights = {}
    """Weights that replace the task's, by criterion."""
    priority: Criteria = ()
    """Criteria from most to least important, instead of weights."""
    evidence: Evidence = {}
    """Benchmarks of your own that count for the task, and each as how many public boards; a name alone: 10."""
    unknown: Unknown = "list"
    """What becomes of offerings with an unknown: listed apart, excluded, or ranked with a flag."""
    discount: Discounts = {}
    """Your discount in percent, by platform."""
    commitment: Count = 0
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
    epochs: Positive = 1
    """Passes over the data when tuning."""
    per: Per = "model"
    """What a row of the ranking is."""
    top: Positive = 10
    """Rows of the ranking to give."""

    given: frozenset[str] = frozenset()
    """Names of the requirements that flags or a file stated, even where that is the usual."""

    def __post_init__(self) -> None:
        usual = zip(self.__struct_fields__, self.__struct_defaults__, strict=True)
        stated = {name: value for name, default in usual if (value := getattr(self, name)) is not default and value != {}}
        stated.pop("given", None)
        try:
            read = readers.fields(stated, _readers())
        except Wrong as error:
            raise Unfit(error.found) from error
        for name, value in read.items():
            force_setattr(self, name, value)
        force_setattr(self, "given", self.given | read.keys())
        if problems := list(self._at_odds()):
            raise Unfit(tuple(((), problem) for problem in problems))

    def _at_odds(self) -> Iterator[str]:
        """Yield what does not go together."""
        if self.weight and self.priority:
            yield "give weight or priority, not both"
        if len(set(self.priority)) != len(self.priority):
            yield "priority names a criterion twice"
        if self.weight and not any(self.weight.values()):
            yield "weight needs at least one criterion above 0"
        sizes = [name for name in _SIZES if getattr(self, name) is not None]
        if self.requests is not None and sizes:
            yield f"requests holds the sizes of the requests: leave out {', '.join(sizes)}"
        if self.cached_share + self.cache_write_share > 1:
            yield "cached_share and cache_write_share are more than all of the input"

    def stated(self) -> dict[str, Any]:
        """Return what was asked for, without the fields left at their default, ready for JSON."""
        usual = Requirements()
        values = {name: value for name in _readers() if (value := getattr(self, name)) != getattr(usual, name)}
        told = {name: value.stated if isinstance(value, Spread) else value for name, value in values.items()}
        found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(told))
        return found


class Unfit(InvalidInput):
    """Requirements that cannot be; `found` tells where each thing wrong stands."""

    def __init__(self, found: tuple[tuple[FieldPath, str], ...]) -> None:
        self.found = found
        super().__init__(Problem(message, field=dotted(at)) for at, message in found)


@cache
def _readers() -> Mapping[str, Read]:
    """Return the reader of every requirement, by its annotation."""
    return {name: _reader(kind) for name, kind in Requirements.__annotations__.items() if name != "given"}


_PLAIN: Mapping[Any, Read] = {str: readers.text, bool: readers.flag, date: readers.day}


def _reader(kind: Any) -> Read:
    known = [part for part in get_args(kind) if part is not type(None)]
    if type(None) in get_args(kind):
        return _reader(known[0])
    if get_origin(kind) is Annotated:
        read: Read = kind.__metadata__[0]
        return read
    return readers.one_of(known) if get_origin(kind) is Literal else _PLAIN[kind]


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
        return from_values({**stated, **flags})
    except Unfit as error:
        found = [document.problem(at, message) for at, message in error.found]
        raise InvalidInput(_of_flag(problem) if _key(problem) in flags else _plain(problem, stated) for problem in found) from error


def from_flags(values: Mapping[str, Any]) -> Requirements:
    """Build requirements from flags; raises `InvalidInput` that names the flag."""
    try:
        return from_values(values)
    except Unfit as error:
        raise InvalidInput(_of_flag(problem) for problem in error.problems) from error


def from_values(values: Mapping[str, Any]) -> Requirements:
    """Build requirements from stated values; raises `Unfit` for names that there are not, among all else that is wrong."""
    if not values.keys() <= _readers().keys():
        try:
            readers.fields(values, _readers())
        except Wrong as error:
            raise Unfit(error.found) from error
    return Requirements(**values, given=frozenset(values))


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
