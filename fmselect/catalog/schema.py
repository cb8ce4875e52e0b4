"""What the catalog's files may say: one frozen model per kind of file, and the groups they share.

A docstring below a field is its meaning and unit; it reaches the JSON Schema and the editor.
Every group of facts carries `source` and `checked`. An absent field is unknown, never no or zero.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from fmselect.catalog.traits import ModelTraits, PriceTraits, ScopeTraits
from fmselect.units import Access, Criterion, Effort, Kind, Modality, ScopeKind, Stage, Tier, Weekdays

Number = Annotated[Decimal, Field(strict=False, ge=0, allow_inf_nan=False)]
Positive = Annotated[Decimal, Field(strict=False, gt=0, allow_inf_nan=False)]
Score = Annotated[float, Field(strict=False, allow_inf_nan=False)]
Count = Annotated[int, Field(gt=0)]
Days = Annotated[int, Field(ge=0)]
Text = Annotated[str, Field(min_length=1)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$")]
ModelId = Annotated[str, Field(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*/[a-z0-9]+([._-][a-z0-9]+)*$")]
ScopeName = Annotated[str, Field(pattern=r"^(in_region|global|geo:[a-z0-9-]+)$")]
Month = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class Frozen(BaseModel):
    """What every part of the catalog is: immutable, with no unknown keys and no converted types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Conflict(Frozen):
    """Another source says something else, and why it was not taken."""

    field: Text
    """The field of this group on which the sources disagree."""
    value: Text
    """What the other source says."""
    source: Text
    """Where the other value comes from (url or document)."""
    reason: Text
    """Why our value was chosen."""


class Sourced(Frozen):
    """A group of facts that were read in one place on one day."""

    source: Text
    """Where the facts come from: a url, or a document by name."""
    checked: date
    """The day somebody (or an importer, through its package) last looked."""
    secondary: bool = False
    """True when the source reports what the vendor says, instead of being the vendor."""
    note: Text | None = None
    """What a reader must know to use the facts rightly."""
    conflicts: tuple[Conflict, ...] = ()
    """Sources that disagree, and why they were not followed."""
    unusual: dict[Slug, Text] = Field(default_factory=dict)
    """By rule of thumb that `catalog check` names: what the source says that breaks it, so that it is no slip."""


class Terms(Sourced):
    """A protection and how a customer gets it."""

    access: Access
    """default: holds without asking; self_serve: the customer turns it on or signs it alone;
    on_request: the platform must agree first; none: not to be had."""
    how: Text | None = None
    """What it is, and what the customer has to do to get it."""


# ---------------------------------------------------------------- models


class Release(Sourced):
    """When the model came out."""

    released_on: date
    """The day the model was released."""


class Modalities(Sourced):
    """What goes in and what comes out."""

    input: tuple[Modality, ...]
    """What the model accepts."""
    output: tuple[Modality, ...]
    """What the model gives."""


class Limits(Sourced):
    """How much one request may hold."""

    context_tokens: Count | None = None
    """Tokens of input and output together that one request may hold."""
    input_tokens: Count | None = None
    """Tokens of input that one request may hold, where this is limited apart."""
    output_tokens: Count | None = None
    """Tokens of output that one request may give."""


class Features(Sourced):
    """What it can and cannot do."""

    supported: tuple[Slug, ...] = ()
    """Features it has (terms of vocabulary/features.yaml)."""
    unsupported: tuple[Slug, ...] = ()
    """Features it is known not to have; a feature in neither list is unknown."""


class Reasoning(Sourced):
    """How the model reasons before it answers."""

    efforts: tuple[Effort, ...] = ()
    """Efforts that can be asked for, lowest first."""
    always_on: bool | None = None
    """True when reasoning cannot be turned off."""


class Languages(Sourced):
    """Languages the model is made for."""

    codes: tuple[Slug, ...]
    """Languages the developer supports (terms of vocabulary/languages.yaml)."""


class Parameters(Sourced):
    """How large the model is."""

    total_billion: Positive
    """All parameters, in billions."""
    active_billion: Positive | None = None
    """Parameters used per token, in billions, for a mixture of experts."""


class LicenseTerms(Sourced):
    """Under which license the model comes."""

    id: Slug
    """License of the model (a file of licenses/)."""
    open_weights: bool
    """True when the weights can be had and run elsewhere."""


class Knowledge(Sourced):
    """How far the training data reaches."""

    cutoff: Month
    """Last month of the training data, as YYYY-MM."""


class Statement(Sourced):
    """Something that is told in words."""

    says: Text
    """What the source says, in our words."""


class Model(ModelTraits, Frozen):
    """A named, versioned model and the facts that hold wherever it runs."""

    id: ModelId
    name: Text
    """The model's name as its developer writes it, with the version."""
    family: Slug
    """Line of models it belongs to, such as claude-opus; relatives inform each other's estimates."""
    kind: Kind
    """What sort of model it is."""
    release: Release | None = None
    modalities: Modalities | None = None
    limits: Limits | None = None
    features: Features | None = None
    reasoning: Reasoning | None = None
    languages: Languages | None = None
    parameters: Parameters | None = None
    license: LicenseTerms | None = None
    knowledge: Knowledge | None = None
    training_data: Statement | None = None
    """What the developer discloses about the training data."""
    safety: Statement | None = None
    """Safety measures and documents, such as a system card."""
    uses: Statement | None = None
    """What the model is typically used for."""


# ---------------------------------------------------------------- platforms and offerings


class Compliance(Terms):
    """A compliance program: access tells how a customer comes under it."""

    regions: tuple[Slug, ...] | None = None
    """Regions in which it holds; it does not hold in others. Absent: everywhere the platform runs."""
    developers: tuple[Slug, ...] | None = None
    """Developers whose models the source names as covered; for others it is unknown."""
    models: tuple[ModelId, ...] | None = None
    """Models the source names as covered; for others it is unknown."""
    excludes: tuple[Text, ...] = ()
    """What is outside the program, in words."""


class Retention(Sourced):
    """How long the platform keeps prompts and answers."""

    days: Days | None = None
    """Days that ordinary traffic is kept unless the customer changes it; 0: not kept; absent: not documented."""
    flagged_days: Days | None = None
    """Days that traffic flagged as abuse may be kept; absent when the source names none."""
    zero: Access | None = None
    """How a customer gets zero retention."""
    how: Text | None = None
    """What the customer has to do to get zero retention."""


class Processing(Sourced):
    """What the platform promises about where a request of one scope is processed."""

    stays: bool
    """True when processing is promised to stay in the region or geography of the scope."""


class PlatformGeography(Sourced):
    """A geography as the platform draws it."""

    countries: tuple[Country, ...] | None = None
    """Countries in which a request may be processed, where the platform lists them."""
    within: Slug | None = None
    """Geography (term of vocabulary/geographies.yaml) that the platform promises not to leave."""
    for_some_models: tuple[Country, ...] = ()
    """Countries in which it may also run, depending on the model; for which models is not listed."""


class TierTerms(Sourced):
    """A service tier of the platform."""

    access: Access
    """How a customer gets the tier."""
    says: Text | None = None
    """What the tier promises."""


class Customization(Sourced):
    """A way of customizing models here."""

    access: Access
    """How a customer gets it; on_request or none also where it is closed to new customers."""
    regions: tuple[Slug, ...] | None = None
    """Regions in which the training runs; absent: not documented."""
    served: tuple[Tier, ...] = ()
    """Service tiers on which a tuned model can be served."""
    min_examples: Count | None = None
    """Fewest examples that a job takes; absent: not documented."""
    max_examples: Count | None = None
    """Most examples that a job takes; absent: not documented."""
    how: Text | None = None
    """Limits and what has to be done."""


class NotDocumented(Sourced):
    """Facts that somebody looked for and did not find; `source` says where they looked."""

    facts: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Fields of this file that were looked for, such as retention.zero, compliance.hitrust or tiers.flex."""


class LegacyTerms(Sourced):
    """Who may still use legacy models."""

    open_to_new_customers: bool
    """False when a customer who does not use a legacy model yet cannot start."""


class Accelerator(Sourced):
    """What the platform's models run on, where that sets their speed apart."""

    says: Text
    """What it is. A platform with accelerators of its own has speeds of its own: they say nothing
    of other platforms, and others say nothing of them."""


class Platform(Frozen):
    """Who serves models: a cloud, an API, or your own machines."""

    id: Slug
    name: Text
    """The platform's name as its operator writes it."""
    operator: Text
    """The company that runs it."""
    kind: Literal["cloud", "api", "self-hosted"]
    """Whether it is a service of a cloud, a vendor's API, or your own machines."""
    url: Text | None = None
    """Home page of the platform."""
    cloud: Slug | None = None
    """Whose region names it uses (a key of vocabulary/regions.yaml)."""
    compliance: dict[Slug, Compliance] = Field(default_factory=dict)
    """By program (term of vocabulary/compliance.yaml); a program not listed is unknown."""
    no_training: Terms | None = None
    """How a customer makes sure that its data trains no model."""
    retention: Retention | None = None
    human_review: Statement | None = None
    """When people at the platform may read traffic."""
    logging: Statement | None = None
    """What the platform logs, and who decides."""
    private_network: Terms | None = None
    """Private connectivity, so that traffic does not cross the public internet."""
    customer_managed_keys: Terms | None = None
    """Encryption at rest with keys the customer manages."""
    processing: dict[ScopeKind, Processing] = Field(default_factory=dict)
    """What each scope promises about where requests are processed."""
    geographies: dict[Slug, PlatformGeography] = Field(default_factory=dict)
    """The geographies that its geo scopes name."""
    storage: Statement | None = None
    """Where data at rest is kept."""
    tiers: dict[Tier, TierTerms] = Field(default_factory=dict)
    """Service tiers sold."""
    customization: dict[Slug, Customization] = Field(default_factory=dict)
    """By method (term of vocabulary/customization.yaml)."""
    guardrails: Statement | None = None
    """Safety filters that the platform adds."""
    legacy: LegacyTerms | None = None
    """What the platform does with legacy models."""
    not_documented: tuple[NotDocumented, ...] = ()
    """What was looked for and not found; a fact that is neither here nor given was never looked for."""
    accelerator: Accelerator | None = None
    """Accelerators of its own, on which models answer at another speed than elsewhere."""


class Scope(ScopeTraits, Sourced):
    """Where inference may run, and from where it can be called."""

    scope: ScopeKind
    """in_region: in the region called; geo: in a named geography; global: anywhere."""
    geography: Slug | None = None
    """The platform's name of the geography, for geo."""
    regions: tuple[Slug, ...] | None = None
    """in_region: regions that serve the model; geo and global: regions from which it can be called."""
    platform_model_id: Text | None = None
    """The platform's id of the model under this scope, where it differs."""
    price_multiplier: Positive | None = None
    """What standard prices are multiplied by, where a scope has no prices of its own."""
    access: Access = "default"
    """How a customer gets the scope."""
    how: Text | None = None
    """What the customer has to do to get the scope."""

    @model_validator(mode="after")
    def _geography_goes_with_geo(self) -> Self:
        if (self.scope == "geo") != (self.geography is not None):
            raise ValueError("a geo scope names its geography, and no other scope does")
        return self


class Lifecycle(Sourced):
    """Where the offering stands in its life."""

    stage: Stage
    """Stage on the day it was checked; the dates below move it on by themselves."""
    available_on: date | None = None
    """First day of sale."""
    legacy_on: date | None = None
    """Day on which it becomes legacy."""
    retires_on: date | None = None
    """First day on which it can no longer be used."""
    retires_not_before: date | None = None
    """Day before which the platform promises not to retire it."""
    successor: ModelId | None = None
    """Model that the platform, or we, name as the one to move to."""


class TokenRates(Frozen):
    """USD per million tokens. A missing rate is not zero: see decision-method, section 6."""

    input: Number | None = None
    """Input text (and whatever has no rate of its own)."""
    output: Number | None = None
    """Output text, reasoning included unless it has a rate of its own."""
    reasoning: Number | None = None
    """Reasoning tokens, where they are billed apart."""
    cache_read: Number | None = None
    """Input read from the cache; absent: billed as input."""
    cache_write: Number | None = None
    """Input written to the cache for its shortest lifetime (5 minutes on most); absent: billed as input."""
    cache_write_1h: Number | None = None
    """Input written to the cache for an hour."""
    cache_write_12h: Number | None = None
    """Input written to the cache for more than twelve hours."""
    input_audio: Number | None = None
    """Audio input."""
    input_image: Number | None = None
    """Image input."""
    input_video: Number | None = None
    """Video input."""
    output_audio: Number | None = None
    """Audio output."""
    output_image: Number | None = None
    """Image output."""
    output_video: Number | None = None
    """Video output."""
    cache_read_audio: Number | None = None
    """Audio input read from the cache."""


class Capacity(Frozen):
    """Capacity that is paid by the unit and the time, whether it is used or not."""

    unit: Text
    """What the platform calls a unit, such as PTU or GSU."""
    usd_per_unit_hour: Positive | None = None
    """Per unit and hour."""
    usd_per_unit_month: Positive | None = None
    """Per unit and month, where it is sold by the month."""
    commitment_months: Annotated[int, Field(ge=0)] = 0
    """Months that the customer commits to; 0: none."""
    units_min: Count = 1
    """Fewest units sold."""
    units_step: Count = 1
    """Units by which one can buy more."""
    tokens_per_minute: Positive | None = None
    """Input tokens a minute that one unit serves; absent: not published."""
    output_weight: Positive = Decimal(1)
    """Input tokens that one output token counts as."""
    cache_read_weight: Number = Decimal(1)
    """Input tokens that one token read from the cache counts as; 0: it takes no capacity."""
    longest_input_tokens: Count | None = None
    """Longest input of a request that the capacity takes, where it is shorter than the model's own."""

    @model_validator(mode="after")
    def _has_one_rate(self) -> Self:
        if (self.usd_per_unit_hour is None) == (self.usd_per_unit_month is None):
            raise ValueError("give usd_per_unit_hour or usd_per_unit_month, and not both")
        return self


class Step(Frozen):
    """Long context: a request of more input than the bound is billed at these rates as a whole."""

    input_tokens: Count
    """The bound, on all input of one request, cached tokens included."""
    inclusive: bool = False
    """True when a request of exactly the bound is already billed at these rates."""
    usd_per_mtok: TokenRates
    """Rates of the step."""


class Price(PriceTraits, Sourced):
    """What one service tier costs, in some scopes, in some period."""

    tier: Tier
    """The service tier it is the price of."""
    scopes: tuple[ScopeName, ...] | None = None
    """Scopes it holds in; absent: all that have no price of their own."""
    regions: tuple[Slug, ...] | None = None
    """Regions it holds in; absent: all that have no price of their own."""
    from_on: date | None = None
    """First day it holds."""
    until_on: date | None = None
    """First day it no longer holds."""
    hours_utc: Annotated[str, Field(pattern=r"^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$")] | None = None
    """Hours of the day it holds in, as 16:30-00:30 in UTC."""
    weekdays: Weekdays | None = None
    """Part of the week it holds in; absent: all of it."""
    usd_per_mtok: TokenRates | None = None
    steps: tuple[Step, ...] = ()
    """Long-context steps, lowest bound first."""
    usd_per_image: dict[Text, Number] = Field(default_factory=dict)
    """Per image made, by `size`, `quality/size` or `default`."""
    usd_per_input_image: Number | None = None
    """Per image given."""
    usd_per_audio_minute: Number | None = None
    """Per minute of audio heard or spoken."""
    usd_per_video_second: dict[Text, Number] = Field(default_factory=dict)
    """Per second of video made, by resolution or `default`."""
    usd_per_page: Number | None = None
    """Per page read."""
    usd_per_mchar: Number | None = None
    """Per million characters spoken."""
    usd_per_search: Number | None = None
    """Per search, for rerankers and search models: one query over one list of documents."""
    usd_per_request: Number | None = None
    """Per request, on top of everything else."""
    capacity: Capacity | None = None
    """Capacity that is bought instead of paying by use (tiers provisioned and reserved)."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.steps and self.usd_per_mtok is None:
            raise ValueError("steps need the usd_per_mtok that holds below the first bound")
        bounds = [step.input_tokens for step in self.steps]
        if bounds != sorted(set(bounds)):
            raise ValueError("steps need rising bounds")
        if self.from_on and self.until_on and self.from_on >= self.until_on:
            raise ValueError(f"from_on {self.from_on} is not before until_on {self.until_on}")
        if self.capacity is not None and self.tier not in ("provisioned", "reserved"):
            raise ValueError(f"capacity is sold as provisioned or reserved, not as {self.tier}")
        return self


class TuningPrice(Sourced):
    """What it costs to tune the model, and to keep and call the tuned one."""

    method: Slug
    """Customization method (term of vocabulary/customization.yaml)."""
    scopes: tuple[ScopeName, ...] | None = None
    """Scopes it holds in; absent: all."""
    usd_per_training_mtok: Number | None = None
    """Per million tokens trained on, every pass over the data counted."""
    usd_per_training_hour: Number | None = None
    """Per hour of training, where it is billed by time."""
    usd_per_storage_month: Number | None = None
    """Per month that the tuned model is kept."""
    usd_per_hosting_hour: Number | None = None
    """Per hour that the tuned model is deployed."""
    usd_per_mtok: TokenRates | None = None
    """Rates of the tuned model; absent: unknown, since they may differ from the base model's."""


class Speed(Sourced):
    """How fast an offering answers, as intervals [low, high] or in the platform's own words."""

    kind: Literal["measured", "stated"]
    """measured: somebody timed it; stated: the platform says so."""
    tier: Tier = "standard"
    """Service tier it holds for."""
    effort: Effort | None = None
    """Effort at which it was measured."""
    place: Text | None = None
    """From where it was measured."""
    measured_on: date | None = None
    """Day of the measurement."""
    input_tokens: Count | None = None
    """Input tokens of the requests that were timed."""
    ttft_s: tuple[Number, Number] | None = None
    """Seconds to the first token."""
    ttft_after_reasoning: bool = False
    """True when reasoning was not streamed, so that the first token came after it."""
    output_tokens_per_s: tuple[Positive, Positive] | None = None
    """Output tokens per second after the first."""
    output_tokens_per_s_about: Positive | None = None
    """The one figure that the platform states as typical."""
    output_tokens_per_s_at_least: Positive | None = None
    """Output tokens per second that the platform promises or aims at."""
    latency_class: Text | None = None
    """The platform's own class, in its words, such as Fastest."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        for name in ("ttft_s", "output_tokens_per_s"):
            bounds = getattr(self, name)
            if bounds is not None and bounds[0] > bounds[1]:
                raise ValueError(f"{name} goes from {bounds[0]} to {bounds[1]}: write the lower end first")
        if self.kind == "measured" and self.measured_on is None:
            raise ValueError("a measurement needs its day: measured_on")
        return self


class Sale(Sourced):
    """That the platform sells the model, and under which id."""

    platform_model_id: Text
    """The platform's own id for the model."""


class Offering(Frozen):
    """One model on one platform: prices, limits, regions, terms, lifecycle."""

    id: Text
    model: ModelId
    platform: Slug
    sale: Sale
    lifecycle: Lifecycle | None = None
    scopes: tuple[Scope, ...] = ()
    """Where it runs; none listed: unknown."""
    prices: tuple[Price, ...] = ()
    tuning: tuple[TuningPrice, ...] = ()
    """What tuning it here costs."""
    limits: Limits | None = None
    """Limits that differ from the model's."""
    features: Features | None = None
    """Features that differ from the model's."""
    license: LicenseTerms | None = None
    """License under which it is sold, where it is not the model's own."""
    compliance: dict[Slug, Compliance] = Field(default_factory=dict)
    """Programs in which it differs from its platform."""
    no_training: Terms | None = None
    """Where it differs from its platform."""
    retention: Retention | None = None
    """Where it differs from its platform."""
    customization: dict[Slug, Customization] = Field(default_factory=dict)
    """Methods for this model here."""
    speed: tuple[Speed, ...] = ()


# ---------------------------------------------------------------- evidence and tasks


class Row(Frozen):
    """One model's result on one benchmark."""

    model: ModelId
    effort: Effort | None = None
    """Effort at which it was measured; absent: not stated, or the model has none."""
    score: Score
    low: Score | None = None
    """Lower end of the 95% interval."""
    high: Score | None = None
    """Upper end of the 95% interval."""
    n: Count | None = None
    """Votes or cases behind the score."""
    on: date
    """Date of the result."""
    name: Text
    """The name under which it was published."""
    platform: Slug | None = None
    """Platform on which a time or rate was measured; absent: the benchmark's own machines, or not stated."""


class Relative(Frozen):
    """A time or rate of a model that the catalog does not hold, known by its family or its size."""

    name: Text
    """The name under which it was published."""
    family: Slug | None = None
    """Line of models it belongs to, as models name theirs."""
    active_billion: Positive | None = None
    """Parameters used per token, in billions."""
    hosted: bool = False
    """True when it was measured on a service that others use too, false on machines of one's own."""
    reasons: bool = False
    """True when it reasoned before it answered, so that a whole call says little of the first token."""
    score: Score
    low: Score | None = None
    """Lower end of what was measured."""
    high: Score | None = None
    """Upper end of what was measured."""
    on: date
    """Date of the result."""


class Benchmark(Sourced):
    """What was measured, by whom, under which license, and its results."""

    id: Slug
    name: Text
    """The benchmark's name."""
    measures: Literal["quality", "factuality", "output_tokens", "call_s", "output_tokens_per_s", "real_time_factor"]
    """What sort of number it gives: how well a task is done, how faithful, how many output tokens
    an effort takes, how many seconds a whole call takes, how many output tokens come a second, how
    many times faster than real time."""
    says: Text
    """What is measured and how, in our words."""
    unit: Literal["elo", "percent", "tokens", "seconds", "tokens_per_s", "ratio"]
    """Unit of the score."""
    higher_is_better: bool
    """Direction of the score."""
    suite: Slug | None = None
    """Suite of benchmarks that share people, prompts or harness; absent: that of all whose ids begin with the same two words."""
    license: Text
    """License of the results, with the attribution it asks for."""
    stale_after_days: Days | None = None
    """Days after which its newest result is stale; absent: as for other benchmarks that measure the same."""
    own: bool = False
    """True for results of your own: they stay out of the fit of the public boards, and count where
    `--evidence` or a requirements file names them."""
    rows: tuple[Row, ...] = ()
    relatives: tuple[Relative, ...] = ()
    """Times or rates of models that the catalog does not hold, which tell what to expect of others."""


class TaskBenchmark(Frozen):
    """A benchmark that speaks to a task."""

    benchmark: Slug
    """A file of benchmarks/."""
    weight: Positive = Decimal(1)
    """How much it counts against the others of the task."""
    why: Text
    """Why it speaks to the task."""


class Foretold(Sourced):
    """How well the rest of the evidence foretells the task's benchmarks, each held out in turn."""

    boards: Count
    """Benchmarks of the task that were held out."""
    results: Count
    """Results compared with what was foretold of them."""
    spearman: Score
    """Agreement of the order, when the benchmark alone is held out; 1 is the same order."""
    spearman_independent: Score | None = None
    """The same when every benchmark of its suite is held out with it."""
    best_in_top_three: Score
    """Share of shortlists of ten in which the best is among the first three foretold, the benchmark alone held out."""


class TaskWorkload(Frozen):
    """A month of a typical job, used where the user says nothing."""

    requests_per_month: Count = 10_000
    input_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)
    images: int = Field(default=0, ge=0)
    """Images made per request."""
    audio_minutes: Number = Decimal(0)
    """Minutes of audio per request."""
    video_seconds: Number = Decimal(0)
    """Seconds of video made per request."""
    pages: int = Field(default=0, ge=0)
    characters: int = Field(default=0, ge=0)
    """Characters spoken per request."""
    searches: int = Field(default=0, ge=0)
    """Searches per request."""
    why: Text
    """Why these numbers."""


class Task(Frozen):
    """A job: what a model needs for it, what quality means there, and what to weigh."""

    id: Slug
    name: Text
    says: Text
    """What the job is."""
    kinds: tuple[Kind, ...]
    """Kinds of model that do it."""
    input: tuple[Modality, ...]
    """What a model must accept."""
    output: tuple[Modality, ...]
    """What a model must give."""
    features: tuple[Slug, ...] = ()
    """Features a model must have."""
    benchmarks: tuple[TaskBenchmark, ...] = ()
    """Benchmarks that speak to the task, and why."""
    foretold: Foretold | None = None
    """How well the evidence foretells them: written by `make evidence-report`."""
    workload: TaskWorkload
    weights: dict[Criterion, Number]
    """Default weight of each criterion; a criterion not named has weight 0."""
    weights_why: Text
    """Why these weights."""


# ---------------------------------------------------------------- names of others


OfferingId = Annotated[str, Field(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*@[a-z0-9]+([._-][a-z0-9]+)*$")]
EntryId = Annotated[str, Field(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*[/@][a-z0-9]+([._-][a-z0-9]+)*$")]


class LeftOut(Frozen):
    """A name of an offering that nothing is taken from."""

    of: OfferingId
    """Which offering it names, as `model@platform`; if the catalog has none of this id, the list sells a model that is missing here."""
    why: Text
    """Why nothing is taken from it."""
    ended: date | None = None
    """Day on which it ended by another source, which `why` names, where the list itself tells no end."""


class Aliases(Frozen):
    """Which names of one outside source mean which entries of the catalog."""

    id: Slug
    says: Text
    """Whose names these are, and what they name there."""
    platforms: dict[Text, Slug] = Field(default_factory=dict)
    """The list's names of those who sell, and which platform of the catalog each is; what others sell is not held against it."""
    names: dict[Text, EntryId] = Field(default_factory=dict)
    """Outside names, exactly as published, and what each means: a model as `developer/model`, or an
    offering as `model@platform`."""
    efforts: dict[Text, Effort] = Field(default_factory=dict)
    """Reasoning effort that a name of `names` stands for as well."""
    left_out: dict[Text, LeftOut] = Field(default_factory=dict)
    """Outside names of offerings, here or missing, that nothing is taken from: second names and prices of what `names`
    has already, and models for sale that the catalog does not carry, each with the reason."""
    ignored: dict[Text, Text] = Field(default_factory=dict)
    """Outside names of what is no model that could be carried, or not for sale on a platform of the catalog, and why;
    a name in none of these lists is reported."""


# ---------------------------------------------------------------- licenses and vocabulary


class Threshold(Frozen):
    """A size of the company above which the free terms end."""

    measure: Literal["annual_revenue_usd", "monthly_active_users"]
    """What is counted."""
    above: Count
    """Above this, the free terms no longer apply."""
    then: Text
    """What is needed above it."""


class Territory(Frozen):
    """A place where the license gives no rights."""

    geography: Slug
    """Geography (term of vocabulary/geographies.yaml) whose companies get no rights."""
    input: tuple[Modality, ...] | None = None
    """The exclusion concerns models that accept any of these; absent: all models."""
    says: Text
    """What the license says, in our words."""


class License(Sourced):
    """What a license allows."""

    id: Slug
    name: Text
    """The license's name."""
    spdx: Text | None = None
    """SPDX identifier."""
    commercial_use: Literal["yes", "no", "conditional"] | None = None
    """Whether commercial use is allowed; conditional: see conditions and thresholds."""
    conditions: Text | None = None
    """What commercial use depends on, besides the thresholds."""
    thresholds: tuple[Threshold, ...] = ()
    """Sizes above which the free terms no longer apply."""
    territories: tuple[Territory, ...] = ()
    """Where the license gives no rights."""
    derivatives: Text | None = None
    """What it says about derived models."""
    outputs: Text | None = None
    """What it says about training other models on outputs."""
    obligations: tuple[Text, ...] = ()
    """What the user has to do."""


class Term(Frozen):
    """One term of a vocabulary."""

    name: Text
    """How it is written for people."""
    says: Text | None = None
    """What it means."""


class Terminology(Frozen):
    """A vocabulary of terms."""

    terms: dict[Slug, Term]
    """The terms by id."""


class Geography(Frozen):
    """Countries that go together under one name."""

    name: Text
    """How it is written for people."""
    countries: tuple[Country, ...]
    """Countries it consists of (ISO 3166-1 alpha-2)."""


class Geographies(Sourced):
    """Named geographies."""

    terms: dict[Slug, Geography]
    """The geographies by id."""


class Region(Frozen):
    """One region of a cloud."""

    name: Text
    """Where it is, for people."""
    country: Country
    """Country it is in (ISO 3166-1 alpha-2)."""


class CloudRegions(Sourced):
    """The regions of one cloud."""

    regions: dict[Slug, Region]
    """The regions by the cloud's own id."""


class Regions(Frozen):
    """Where every region of every cloud is."""

    clouds: dict[Slug, CloudRegions]
    """The clouds by id."""


class Rent(Sourced):
    """What somebody takes for an hour of a GPU."""

    by: Text
    """Who rents it out, and as what."""
    usd_per_hour: Positive
    """Per GPU and hour."""


class Gpu(Sourced):
    """A GPU that weights can be served from."""

    name: Text
    """How its maker writes it."""
    memory_gb: Count
    """Memory in gigabytes, as the maker states it."""
    rents: tuple[Rent, ...] = ()
    """What it can be rented for."""


class Gpus(Frozen):
    """GPUs, by id."""

    terms: dict[Slug, Gpu]
    """The GPUs by id."""


class Vocabulary(Frozen):
    """The terms that other files use."""

    features: Terminology
    compliance: Terminology
    languages: Terminology
    customization: Terminology
    geographies: Geographies
    regions: Regions
    gpus: Gpus
