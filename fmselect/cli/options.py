"""The options that commands share: one name per thing everywhere."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

import msgspec
import typer
from typer.models import OptionInfo

from fmselect.units import ANSWER_WITHIN, CRITERIA, EFFORTS, MODALITIES, PRECISIONS, WEEKDAYS

if TYPE_CHECKING:
    from fmselect.requirements import Requirements

Format = Literal["table", "json", "csv", "markdown"]


def complete(kind: str) -> Callable[[str], list[str]]:
    """Return a completion of the ids of a kind; a catalog that cannot be read completes nothing."""

    def ids(incomplete: str) -> list[str]:
        from fmselect.cli.session import names
        from fmselect.errors import FmselectError

        try:
            return [name for name in names(kind) if name.startswith(incomplete)]
        except FmselectError:
            return []

    return ids


def words(terms: tuple[str, ...]) -> Callable[[str], list[str]]:
    """Return a completion of fixed words."""
    return lambda incomplete: [term for term in terms if term.startswith(incomplete)]


FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the answer.")]
TextFormatOption = Annotated[Literal["table", "json"], typer.Option("--format", "-f", help="How to print the answer.")]
TaskOption = Annotated[str | None, typer.Option("--task", help="The job: `fmselect list tasks`.", autocompletion=complete("tasks"))]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", help="Write the answer to a file instead.", dir_okay=False)]
CatalogOption = Annotated[
    list[Path] | None,
    typer.Option("--catalog", help="A catalog folder read over the shipped one (repeatable).", file_okay=False),
]
OnOption = Annotated[str | None, typer.Option("--on", metavar="DATE", help="Answer as of this day (YYYY-MM-DD) instead of today.")]
NoColorOption = Annotated[bool, typer.Option("--no-color", help="Print without color (as NO_COLOR does).")]
EvidenceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--evidence",
        metavar="NAME[=WEIGHT]",
        help="Count your own benchmark, as so many public boards (repeatable); a name alone: 10.",
        autocompletion=complete("own"),
    ),
]
RequirementsOption = Annotated[
    Path | None,
    typer.Option("--requirements", "-r", metavar="FILE", help="A YAML file of requirements; flags win over it.", dir_okay=False),
]


class Flag(msgspec.Struct, frozen=True):
    """A flag of a requirement: its field, how it is given, and what it means."""

    field: str
    type: Any
    help: str
    panel: str
    metavar: str | None = None
    complete: Callable[[str], list[str]] | None = None

    @property
    def name(self) -> str:
        """The flag as it is typed."""
        return "--" + self.field.replace("_", "-")


_WORK, _CAPACITY, _NEED, _DATA, _RIGHTS, _WHICH, _SCORE = (
    "Workload",
    "Capacity, machines of your own, tuning",
    "What the model must do",
    "Where it runs and what happens to the data",
    "License and customization",
    "What to consider",
    "How to rank",
)
_TEXT = str | None
_MANY = list[str] | None
_FLAG = bool | None

FLAGS: tuple[Flag, ...] = (
    Flag("requests_per_month", _TEXT, "Requests a month (100k, 1.5M ...).", _WORK, "N"),
    Flag("input_tokens", _TEXT, "Input tokens per request, cached ones included; or 6000,p50=3000,p95=20000.", _WORK, "N"),
    Flag("output_tokens", _TEXT, "Output tokens per request, without reasoning; or with percentiles.", _WORK, "N"),
    Flag("reasoning_tokens", _TEXT, "Reasoning tokens per request; else estimated from the effort.", _WORK, "N"),
    Flag("cached_share", _TEXT, "Share of the input read from the cache, 0 to 1.", _WORK, "SHARE"),
    Flag("cache_write_share", _TEXT, "Share of the input written to the cache, 0 to 1.", _WORK, "SHARE"),
    Flag("cache_lifetime", _TEXT, "How long it stays there: 5m, 1h or 12h.", _WORK, "TIME", words(("5m", "1h", "12h"))),
    Flag("input_audio_tokens", _TEXT, "Audio among the input tokens.", _WORK, "N"),
    Flag("output_audio_tokens", _TEXT, "Audio among the output tokens.", _WORK, "N"),
    Flag("input_images", _TEXT, "Images given per request, where billed by the image.", _WORK, "N"),
    Flag("images", _TEXT, "Images made per request.", _WORK, "N"),
    Flag("image_size", _TEXT, "Size or quality of the images, as the price list names it.", _WORK, "SIZE"),
    Flag("audio_minutes", _TEXT, "Minutes of audio per request.", _WORK, "MINUTES"),
    Flag("video_seconds", _TEXT, "Seconds of video made per request.", _WORK, "SECONDS"),
    Flag("video_resolution", _TEXT, "Resolution of the video, as the price list names it.", _WORK, "NAME"),
    Flag("pages", _TEXT, "Pages read per request.", _WORK, "N"),
    Flag("characters", _TEXT, "Characters spoken per request.", _WORK, "N"),
    Flag("searches", _TEXT, "Searches per request (one reranked list is one).", _WORK, "N"),
    Flag("requests", _TEXT, "A CSV of real requests instead of the sizes above.", _WORK, "FILE.csv"),
    Flag("hours_utc", _TEXT, "Hours in which requests come, in UTC: 08:00-18:00.", _WORK, "HOURS"),
    Flag("weekdays", _TEXT, "Days on which requests come: mon-fri or sat-sun.", _WORK, "DAYS", words(WEEKDAYS)),
    Flag("growth", _TEXT, "Growth of the requests a month: 5%.", _WORK, "PERCENT"),
    Flag("discount", _MANY, "Your discount, as PLATFORM=PERCENT (repeatable).", _WORK, "PLATFORM=PERCENT"),
    Flag("answer_within", _TEXT, "interactive, minutes (opens flex) or hours (opens batch).", _WORK, "CLASS", words(ANSWER_WITHIN)),
    Flag("peak", _TEXT, "The busiest minute, as a multiple of the mean.", _CAPACITY, "N"),
    Flag("commitment", _TEXT, "Most months that you would commit to.", _CAPACITY, "MONTHS"),
    Flag("gpu", _TEXT, "GPU to serve open weights from: `fmselect list gpus`.", _CAPACITY, "GPU", complete("gpus")),
    Flag("gpu_tokens_per_s", _TEXT, "Output tokens a second that one GPU gives, as you measured it.", _CAPACITY, "N"),
    Flag("gpu_usd_per_hour", _TEXT, "What an hour of the GPU costs you; else the cheapest rent known.", _CAPACITY, "USD"),
    Flag("gpu_load", _TEXT, "Share of its speed to plan with in the busiest minute.", _CAPACITY, "SHARE"),
    Flag("precision", _TEXT, "Precision of the weights: bf16, fp8, int4 ...", _CAPACITY, "NAME", words(PRECISIONS)),
    Flag("training_tokens", _TEXT, "Tokens of the data to tune the model with.", _CAPACITY, "N"),
    Flag("epochs", _TEXT, "Passes over the data when tuning.", _CAPACITY, "N"),
    Flag("effort", _TEXT, "Reasoning effort: " + ", ".join(EFFORTS) + ".", _WORK, "EFFORT", words(EFFORTS)),
    Flag("input_modality", _MANY, "Also accepts: " + ", ".join(MODALITIES[:5]) + ".", _NEED, "MODALITY", words(MODALITIES)),
    Flag("output_modality", _MANY, "Also gives.", _NEED, "MODALITY", words(MODALITIES)),
    Flag("feature", _MANY, "Has the feature (tools, structured-output ...).", _NEED, "FEATURE", complete("features")),
    Flag("language", _MANY, "Supports the language (de, ja ...).", _NEED, "CODE", complete("languages")),
    Flag("min_context", _TEXT, "Context window of at least so many tokens.", _NEED, "TOKENS"),
    Flag("min_output", _TEXT, "Answers of up to so many tokens.", _NEED, "TOKENS"),
    Flag("max_cost", _TEXT, "At most so many USD a month.", _NEED, "USD"),
    Flag("max_cost_per_request", _TEXT, "At most so many USD a request.", _NEED, "USD"),
    Flag("max_ttft", _TEXT, "At most so many seconds to the first token of the answer.", _NEED, "SECONDS"),
    Flag("min_throughput", _TEXT, "At least so many output tokens a second.", _NEED, "TOKENS"),
    Flag("max_answer_s", _TEXT, "At most so many seconds to the end of an answer, reasoning included.", _NEED, "SECONDS"),
    Flag("region", _MANY, "Callable from one of these regions.", _DATA, "REGION", complete("regions")),
    Flag("residency", _MANY, "Processed only in this geography (eu, us ...).", _DATA, "GEOGRAPHY", complete("geographies")),
    Flag("compliance", _MANY, "Covered by the program (hipaa, soc2-type2 ...).", _DATA, "PROGRAM", complete("compliance")),
    Flag("no_training", _FLAG, "No training on your data.", _DATA),
    Flag("max_retention_days", _TEXT, "Prompts and answers kept at most so many days.", _DATA, "DAYS"),
    Flag("private_network", _FLAG, "Reachable without the public internet.", _DATA),
    Flag("customer_managed_keys", _FLAG, "Encrypted with your own keys.", _DATA),
    Flag("open_weights", _FLAG, "The weights can be had.", _RIGHTS),
    Flag("license", _MANY, "Under one of these licenses.", _RIGHTS, "LICENSE", complete("licenses")),
    Flag("commercial_use", _FLAG, "The license allows commercial use.", _RIGHTS),
    Flag("annual_revenue_usd", _TEXT, "Your company's revenue a year, for licenses with a threshold.", _RIGHTS, "USD"),
    Flag("monthly_active_users", _TEXT, "Your users a month, for licenses with a threshold.", _RIGHTS, "N"),
    Flag("based_in", _TEXT, "Where your company has its seat (eu, DE ...).", _RIGHTS, "PLACE", complete("geographies")),
    Flag("customization", _MANY, "Can be customized by this method.", _RIGHTS, "METHOD", complete("customization")),
    Flag("platform", _MANY, "Only these platforms.", _WHICH, "PLATFORM", complete("platforms")),
    Flag("exclude_platform", _MANY, "Not these platforms.", _WHICH, "PLATFORM", complete("platforms")),
    Flag("developer", _MANY, "Only models of these developers.", _WHICH, "DEVELOPER", complete("developers")),
    Flag("exclude", _MANY, "Not this model, family, developer or offering.", _WHICH, "NAME", complete("models")),
    Flag("supported_until", _TEXT, "Promised to last until this day.", _WHICH, "DATE"),
    Flag("allow_preview", _FLAG, "Rank previews too.", _WHICH),
    Flag("allow_legacy", _FLAG, "Rank what is legacy or about to end too.", _WHICH),
    Flag("weight", _MANY, "Weight of a criterion, as quality=5 (repeatable); replaces the task's.", _SCORE, "CRITERION=N"),
    Flag(
        "evidence",
        _MANY,
        "Your own benchmark, and as how many public boards it counts (repeatable); a name alone: 10.",
        _SCORE,
        "NAME[=WEIGHT]",
        complete("own"),
    ),
    Flag("priority", _MANY, "Criteria from most to least important: quality,cost,latency.", _SCORE, "CRITERIA", words(CRITERIA)),
    Flag(
        "unknown",
        _TEXT,
        "Unknowns: list them apart, exclude, or allow.",
        _SCORE,
        "POLICY",
        words(("list", "exclude", "allow")),
    ),
    Flag("per", _TEXT, "One row per model, offering or alternative.", _SCORE, "UNIT", words(("model", "offering", "alternative"))),
    Flag("top", _TEXT, "Rows to give.", _SCORE, "N"),
)
"""Every requirement as a flag; a test holds them against the fields of Requirements."""

_MAPPINGS = {"weight", "discount"}


def needs_requirements(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command every requirement as a flag, and its `requirements` parameter their sum.

    The command declares `requirements`; a `task` parameter of its own is handed in as well.
    """
    hints = get_type_hints(command, localns={"Requirements": object}, include_extras=True)
    own = [p.replace(annotation=hints[p.name]) for p in inspect.signature(command).parameters.values() if p.name != "requirements"]
    added = [_parameter("requirements_file", RequirementsOption), *(_parameter(flag.field, _annotation(flag)) for flag in FLAGS)]

    @functools.wraps(command)
    def wrapped(**values: Any) -> Any:
        file = values.pop("requirements_file", None)
        given = {flag.field: values.pop(flag.field, None) for flag in FLAGS}
        if values.get("task") is not None:
            given["task"] = values["task"]
        return command(requirements=read_requirements(file, given), **values)

    del wrapped.__wrapped__
    return _with_parameters(wrapped, [*own, *added])


def narrowed(command: Callable[..., Any], words: Sequence[str]) -> Callable[..., Any]:
    """Return the command with only the options that the words name, which is faster to set up.

    Typer makes a validator of every option at every start, used or not. When a word looks like an option
    that the command does not have, as in a typing error or a call for help, the command keeps them all.
    So does a command that does not take requirements: it has only a few.
    """
    if not isinstance(getattr(command, "__signature__", None), inspect.Signature):
        return command
    named = {word.partition("=")[0] for word in words if word.startswith("-")}
    parameters = inspect.signature(command).parameters.values()
    spelled = {parameter.name: _spellings(parameter) for parameter in parameters}
    if not named <= {spelling for spellings in spelled.values() for spelling in spellings}:
        return command

    @functools.wraps(command)
    def narrow(**values: Any) -> Any:
        return command(**values)

    return _with_parameters(narrow, [p for p in parameters if not spelled[p.name] or named & spelled[p.name]])


def _spellings(parameter: inspect.Parameter) -> set[str]:
    """Return how an option is spelled; nothing for an argument."""
    declared = next(iter(getattr(parameter.annotation, "__metadata__", ())), None)
    if not isinstance(declared, OptionInfo):
        return set()
    # In an annotation, typer keeps the first spelling as the default until it makes the option.
    return {word for word in (declared.default, *(declared.param_decls or ())) if isinstance(word, str)}


def _with_parameters(command: Callable[..., Any], parameters: Sequence[inspect.Parameter]) -> Callable[..., Any]:
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads it
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


def _parameter(name: str, annotation: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _annotation(flag: Flag) -> Any:
    option = typer.Option(
        flag.name,
        help=flag.help,
        metavar=flag.metavar or "",
        rich_help_panel=flag.panel,
        autocompletion=flag.complete,
        show_default=False,
    )
    return Annotated[flag.type, option]


def read_requirements(file: Path | None, given: dict[str, Any]) -> Requirements:
    """Build the requirements from a file and the flags that were given; flags win.

    Raises `InvalidInput` that names the line of the file, or the flag.
    """
    from fmselect import requirements, strict_yaml

    flags = {field: _value(field, value) for field, value in given.items() if value is not None and value != []}
    if file is None:
        return requirements.from_flags(flags)
    return requirements.from_document(strict_yaml.read(file), flags)


def _value(field: str, value: Any) -> Any:
    """Turn the text of a flag into what the requirement wants."""
    if field in _MAPPINGS:
        return _mapping(field, value)
    if isinstance(value, list):
        return tuple(term for text in value for term in (part.strip() for part in text.split(",")) if term)
    if field == "supported_until":
        return day(value, "--supported-until")
    return value


def _mapping(field: str, values: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in (part for text in values for part in text.split(",")):
        key, sign, number = part.partition("=")
        if not sign or not key or not number:
            raise typer.BadParameter(f"'{part}' is not NAME=NUMBER", param_hint=f"--{field}")
        found[key.strip()] = number.strip()
    return found


def day(text: str, flag: str) -> date:
    """Read a date given to a flag."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"'{text}' is no date: write YYYY-MM-DD", param_hint=flag) from error
