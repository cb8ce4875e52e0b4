"""The shipped catalog: that it is whole, and that the facts decisions turn on come out right."""

from __future__ import annotations

import json
import random
from bisect import bisect_left
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from fmselect import quality
from fmselect import recommendation as pipeline
from fmselect.billing import UnknownPrice
from fmselect.catalog import json_schema, loader
from fmselect.catalog.catalog import Catalog
from fmselect.eligibility import Level, Verdict, stage_on
from fmselect.estimates import alternatives, cost_of
from fmselect.explanation import explain
from fmselect.importers.evidence_files import BOARDS
from fmselect.loading import load_catalog, shipped
from fmselect.recommendation import Recommendation, recommend
from fmselect.requirements import Requirements
from fmselect.scoring import ordered
from fmselect.usage import QUANTITIES, Usage, Workload

ON = date(2026, 11, 25)
RAG: dict[str, Any] = {"task": "rag", "requests_per_month": 100_000, "input_tokens": 6000, "output_tokens": 500, "min_context": 200_000}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(on=ON)


def asked(catalog: Catalog, on: date = ON, **needs: Any) -> Recommendation:
    return recommend(catalog, Requirements(**needs), on)


def verdict(catalog: Catalog, offering: str, constraint: str, **needs: Any) -> Verdict:
    """Return what a constraint says about the best alternative of an offering."""
    best = explain(asked(catalog, **needs), [offering]).best
    return next(verdict for verdict in best.verdicts if verdict.constraint == constraint)


def test_it_is_broad(catalog: Catalog) -> None:
    current = [offering for offering in catalog.offerings.values() if stage_on(offering.lifecycle, ON) in ("ga", "preview")]
    documented = [p for p in catalog.platforms.values() if p.no_training and (p.retention or p.logging) and p.compliance and p.processing]

    assert len({offering.model for offering in current}) >= 450
    assert len(current) >= 1500
    assert len({offering.platform for offering in current}) >= 25
    assert {catalog.model_of(offering).kind for offering in current} >= {
        "chat", "embedding", "rerank", "image", "video", "speech-to-text", "text-to-speech", "realtime", "document", "moderation",
    }  # fmt: skip
    assert len(documented) >= 7


SEEDS = {
    "amazon/titan-text-express", "anthropic/claude-2.1", "anthropic/claude-3-5-sonnet", "openai/gpt-3.5-turbo", "openai/gpt-4",
    "amazon/nova-micro", "amazon/nova-lite", "amazon/nova-pro", "amazon/nova-canvas", "amazon/nova-reel", "meta/llama-1-65b",
    "meta/llama-2-70b-chat", "meta/llama-3-70b-instruct", "cohere/command", "cohere/embed-english-v3", "cohere/rerank-v3.5",
    "ai21/jurassic-2-ultra", "bigscience/bloom", "stability/stable-diffusion-v1", "mistral/mistral-7b-instruct", "tii/falcon-40b",
    "microsoft/phi-2", "google/gemini-1.0-pro", "google/bert-base",
}  # fmt: skip


def test_every_model_of_the_seed_documents_is_there(catalog: Catalog) -> None:
    assert SEEDS - catalog.models.keys() == set()


def test_what_the_seed_documents_had_wrong_is_right(catalog: Catalog) -> None:
    micro, claude = catalog.models["amazon/nova-micro"], catalog.models["anthropic/claude-2.1"]
    assert micro.modalities is not None
    assert micro.modalities.input == ("text",)
    assert claude.limits is not None
    assert claude.limits.context_tokens == 200_000
    assert catalog.models["openai/gpt-4"].parameters is None
    assert "gpt-4@amazon-bedrock" not in catalog.offerings
    assert catalog.models["meta/llama-2-70b-chat"].license is not None
    assert catalog.models["meta/llama-2-70b-chat"].license.id == "llama-2"


@pytest.mark.parametrize("day", ["2025-06-01", "2026-11-23", "2026-12-02", "2027-04-01", "2028-01-01"])
@pytest.mark.parametrize("task", ["chat", "image-generation", "embedding"])
def test_nothing_retired_is_ever_ranked(catalog: Catalog, day: str, task: str) -> None:
    on = date.fromisoformat(day)
    found = asked(catalog, on, task=task, allow_legacy=True, allow_preview=True, unknown="allow", per="offering", top=1000)

    assert found.rows
    assert not [row.alternative.offering.id for row in found.rows if stage_on(row.alternative.offering.lifecycle, on) == "retired"]


def test_a_retired_model_is_shown_with_its_date_and_successor(catalog: Catalog) -> None:
    life = catalog.offerings["claude-3-haiku@amazon-bedrock"].lifecycle

    assert life is not None
    assert (life.retires_on, stage_on(life, ON)) == (date(2026, 9, 10), "retired")
    assert life.successor is not None


def test_prices_are_those_of_the_day(catalog: Catalog) -> None:
    def month(day: str) -> Any:
        found = asked(catalog, date.fromisoformat(day), task="chat", platform="gemini-api", per="offering", top=100)
        row = next(row for row in found.rows if row.alternative.model.id == "google/gemini-4-argon")
        assert row.estimate.cost is not None
        return row.estimate.cost.usd_per_month

    assert month("2026-12-01") == 2 * month("2026-11-30")


NOT_MET = [
    ("gpt-6-sol@amazon-bedrock", "residency", {**RAG, "residency": "eu"}),
    ("claude-opus-5-5@azure-foundry", "residency", {**RAG, "residency": "eu"}),
    ("claude-fable-5@amazon-bedrock", "retention", {**RAG, "max_retention_days": 0}),
    ("claude-opus-5-5@anthropic-api", "compliance", {**RAG, "compliance": "fedramp-high"}),
    ("llama-4-maverick@self-hosted", "commercial_use", {**RAG, "commercial_use": True, "based_in": "eu", "monthly_active_users": 1000}),
    (
        "stable-diffusion-3.5-large@self-hosted",
        "commercial_use",
        {"task": "image-generation", "commercial_use": True, "annual_revenue_usd": 2_000_000},
    ),
    ("command-r@self-hosted", "commercial_use", {**RAG, "commercial_use": True}),
]


@pytest.mark.parametrize(("offering", "constraint", "needs"), NOT_MET, ids=[f"{o} {c}" for o, c, _ in NOT_MET])
def test_what_must_not_be_met_is_not(catalog: Catalog, offering: str, constraint: str, needs: dict[str, Any]) -> None:
    assert verdict(catalog, offering, constraint, **needs).outcome != "met"


def test_fedramp_high_holds_in_govcloud_only(catalog: Catalog) -> None:
    found = asked(catalog, **RAG, compliance="fedramp-high", platform="amazon-bedrock", per="alternative", unknown="allow", top=1000)
    regions = {region for row in found.rows for v in row.verdicts if v.constraint == "compliance" and v.outcome == "met"
               for region in row.alternative.regions}  # fmt: skip

    assert all(region.startswith("us-gov-") for region in regions)


def test_the_main_job_is_answered_with_sourced_verdicts(catalog: Catalog) -> None:
    found = asked(catalog, **RAG, residency="eu", compliance="hipaa", no_training=True)

    assert len(found.ranking) >= 3
    for row in found.ranking:
        assert {verdict.outcome for verdict in row.judged.verdicts} == {"met"}
        for v in row.judged.verdicts:
            assert v.source
            if v.constraint in ("residency", "compliance", "training"):
                assert v.source.startswith(("https://", "Google Cloud"))


TIGHTER: list[dict[str, Any]] = [
    {"task": "rag"},
    {"task": "rag", "min_context": 200_000},
    {"task": "rag", "min_context": 200_000, "residency": "eu-efta"},
    {"task": "rag", "min_context": 200_000, "residency": "eu"},
    {"task": "rag", "min_context": 200_000, "residency": "eu", "compliance": "hipaa"},
    {"task": "rag", "min_context": 200_000, "residency": "eu", "compliance": "hipaa", "max_cost": 2000},
    {"task": "rag", "min_context": 200_000, "residency": "eu", "compliance": "hipaa", "max_cost": 200},
    {"task": "rag", "min_context": 200_000, "residency": "eu", "compliance": "hipaa", "max_cost": 200, "no_training": True},
]


def test_tightening_a_constraint_never_adds_an_alternative_nor_reorders_the_rest(catalog: Catalog) -> None:
    rows = [[item.alternative.key for item in asked(catalog, **needs).eligible] for needs in TIGHTER]

    for wider, narrower in pairwise(rows):
        assert set(narrower) <= set(wider)
        assert narrower == [key for key in wider if key in set(narrower)]


@pytest.mark.parametrize("task", ["chat", "coding", "embedding", "image-generation"])
def test_removing_any_real_alternative_keeps_the_order_of_the_others(catalog: Catalog, task: str) -> None:
    eligible = list(asked(catalog, task=task).eligible)

    for index in range(0, len(eligible), max(1, len(eligible) // 25)):
        rest = eligible[:index] + eligible[index + 1 :]
        assert ordered(rest[::-1]) == rest
    assert [item.alternative.key for item in ordered(eligible + eligible[:3])][::1][:2] == [eligible[0].alternative.key] * 2


# ---------------------------------------------------------------- what requests cost

CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "published" / "cost_oracle.jsonl").read_text(encoding="utf-8").splitlines()
]
SOLD_ON = {
    "anthropic": "anthropic-api", "openai": "openai-api", "google": "gemini-api", "x-ai": "xai", "deepseek": "deepseek",
    "mistral": "mistral", "groq": "groq", "cohere": "cohere", "aws": "amazon-bedrock",
}  # fmt: skip
OURS = {
    # The cases on which the two calculators disagree: the one that the entry chose, and why.
    7: ("0.0673625", "genai-prices: cache writes of an hour have a rate of their own in batch"),
    30: ("0.003254832", "litellm: the other one prices an earlier model under the same id"),
    46: ("0.915", "litellm: requests above 200,000 tokens have no price of their own any more"),
}
LAST_DAY = {"deepseek-chat": date(2026, 7, 23)}
"""The day on which a model that is gone could last be called."""


def cost_from_the_catalog(catalog: Catalog, case: dict[str, Any]) -> Decimal:
    """Return what the request of a case costs by the entry of the shipped catalog, on a working day at its hour."""
    name, at = case["model"], datetime.fromisoformat(case["timestamp"])
    (one,) = (
        offering
        for offering in catalog.offerings.values()
        if (
            offering.platform == SOLD_ON[case["provider"]]
            and name.split("/")[-1] in (offering.sale.platform_model_id, offering.id.partition("@")[0])
        )
        or name in [scope.platform_model_id for scope in offering.scopes]
    )
    context = case.get("request_context", {})
    tier = context.get("processing") or context.get("service_tier") or "standard"
    scope = "geo:us" if name.startswith("us.") else None
    day = LAST_DAY.get(name, at.date())
    ways = [way for way in alternatives(one, catalog, Requirements(), day) if way.tier == tier and scope in (None, way.scope_name)]
    used = {quantity: Decimal(count) for quantity, count in case["usage"].items()}
    used["cache_write_tokens"] = used.get("cache_write_tokens", Decimal(0)) - used.get("cache_write_1h_tokens", Decimal(0))
    hours = f"{at.hour:02}:00-{(at.hour + 1) % 24:02}:00"
    return cost_of(ways[0], Workload(1, Usage(**used), hours_utc=hours, weekdays="mon-fri")).usd_per_request  # type: ignore[arg-type]  # tokens only


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{CASES.index(case)}-{case['model']}")
def test_a_request_costs_what_the_published_calculators_say(catalog: Catalog, case: dict[str, Any]) -> None:
    expected, _ = OURS.get(CASES.index(case), (case["expected_usd"], "they agree"))

    assert cost_from_the_catalog(catalog, case) == Decimal(expected)


def test_where_the_calculators_disagree_the_entry_says_why(catalog: Catalog) -> None:
    for name in ("deepseek-v3.2@deepseek", "claude-sonnet-4-5@anthropic-api"):
        assert all(conflict.reason for conflict in catalog.offerings[name].prices[0].conflicts)
        assert catalog.offerings[name].prices[0].conflicts


def test_nothing_that_is_used_is_free_unless_its_source_says_so(catalog: Catalog) -> None:
    used = Usage(
        input_tokens=Decimal(1_000), output_tokens=Decimal(100), images=Decimal(1), audio_minutes=Decimal(1), video_seconds=Decimal(1),
        pages=Decimal(1), characters=Decimal(1_000), searches=Decimal(1),
    )  # fmt: skip
    free = set()
    for offering in catalog.offerings.values():
        for way in alternatives(offering, catalog, Requirements(), ON):
            for name in QUANTITIES:
                one = Usage(**{name: getattr(used, name)})
                try:
                    cost = cost_of(way, Workload(1, one))
                except UnknownPrice:
                    continue
                if not cost.usd_per_request and any(one.quantities):
                    assert all(line.usd_per == 0 and line.source for line in cost.lines), f"{offering.id}: {name}"
                    free.add(offering.id)

    assert all(offering.endswith("@gemini-api") or "moderation" in offering for offering in free), sorted(free)


def test_peak_hours_of_deepseek_are_those_of_working_days(catalog: Catalog) -> None:
    (way,) = alternatives(catalog.offerings["deepseek-v4-pro@deepseek"], catalog, Requirements(effort="high"), ON)
    used = Usage(input_tokens=Decimal(1_000_000))
    costs = [cost_of(way, Workload(1, used, hours_utc="02:00-03:00", weekdays=days)).usd_per_request for days in ("mon-fri", "sat-sun")]

    assert costs == [Decimal("1.32"), Decimal("0.66")]


def test_provisioned_units_of_azure_are_those_that_microsoft_works_out(catalog: Catalog) -> None:
    """https://learn.microsoft.com/azure/foundry/openai/how-to/provisioned-throughput-sizing: 110 units, and 80 with half of it cached."""
    ways = alternatives(catalog.offerings["gpt-5.2@azure-foundry"], catalog, Requirements(), ON)
    way = next(way for way in ways if (way.tier, way.scope_name) == ("provisioned", "geo:us"))
    for cached, units in ((0, 110), (100, 80)):
        used = Usage(input_tokens=Decimal(200), cache_read_tokens=Decimal(cached), output_tokens=Decimal(20))
        cost = cost_of(way, Workload(1_000 * 60 * 730, used))
        assert cost.capacity is not None
        assert (cost.capacity.units, cost.usd_per_month) == (units, units * 730 * Decimal("1.1"))


def test_every_file_names_its_schema() -> None:
    root = shipped().root
    kinds = {
        "models": "model",
        "offerings": "offering",
        "platforms": "platform",
        "benchmarks": "benchmark",
        "tasks": "task",
        "licenses": "license",
        "aliases": "aliases",
    }
    wrong = []
    for path in sorted(root.rglob("*.yaml")):
        place = path.relative_to(root)
        kind = kinds.get(place.parts[0], path.stem)
        up = "../" * (len(place.parts) - 1)
        if path.read_text(encoding="utf-8").splitlines()[0] != f"# yaml-language-server: $schema={up}schema/{kind}.schema.json":
            wrong.append(place.as_posix())

    assert wrong == []


def test_the_schemas_are_up_to_date() -> None:
    folder = shipped().root / "schema"

    assert {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")} == json_schema.schemas()


def test_no_file_names_a_machine(catalog: Catalog) -> None:
    places = [path for path in Path(shipped().root).rglob("*") if path.suffix in (".yaml", ".md")]

    assert not [path for path in places if "/work/" in path.read_text(encoding="utf-8") or "/tmp/" in path.read_text(encoding="utf-8")]


# ---------------------------------------------------------------- evidence


def ranks(catalog: Catalog, boards: dict[str, Any]) -> dict[tuple[str, str, str | None], int]:
    """Return how many are abler, by task, model and effort, when the evidence is that of the boards."""
    found = quality.fit(catalog.models, boards, catalog.tasks)
    places: dict[tuple[str, str, str | None], int] = {}
    for task in ("chat", "coding", "agents", "math", "embedding"):
        measured = [(a.theta, model, a.effort) for model, entries in found.abilities[task].items() for a in entries if not a.estimated]
        measured.sort(key=lambda entry: -entry[0])
        thetas = [-theta for theta, _, _ in measured]
        places |= {(task, model, effort): bisect_left(thetas, -theta) for theta, model, effort in measured}
    return places


def raised(benchmark: Any, row: Any, share: float) -> Any:
    """Return a result that is better by a share of what is left, its limits with it."""
    up = 150 * share if benchmark.unit == "elo" else share * (100 - row.score if benchmark.higher_is_better else -row.score)
    limits = {"low": row.low + up, "high": row.high + up} if row.low is not None and row.high is not None else {}
    return msgspec.structs.replace(row, score=row.score + up, **limits)


def test_a_better_result_never_lowers_a_models_rank(catalog: Catalog) -> None:
    boards: dict[str, Any] = dict(sorted(catalog.evidence().items()))
    before, draw = ranks(catalog, boards), random.Random(4)
    of_quality = [name for name, board in boards.items() if board.measures == "quality" and len(board.rows) > 1]
    lowered = []
    for name in draw.sample(of_quality, 8):
        rows = list(boards[name].rows)
        at = draw.randrange(len(rows))
        rows[at] = raised(boards[name], rows[at], draw.choice((0.02, 0.2, 0.8)))
        after = ranks(catalog, boards | {name: msgspec.structs.replace(boards[name], rows=tuple(rows))})
        mine = [key for key in after if key[1:] == (rows[at].model, rows[at].effort)]
        lowered += [(name, key) for key in mine if after[key] > before[key]]

    assert lowered == []


def test_dropping_a_board_changes_abilities_within_their_uncertainty(catalog: Catalog) -> None:
    boards: dict[str, Any] = dict(sorted(catalog.evidence().items()))
    moves = []
    for dropped in ("arena-text-overall", "gpqa-diamond", "arena-webdev", "terminal-bench"):
        rest = quality.fit(catalog.models, {name: board for name, board in boards.items() if name != dropped}, catalog.tasks)
        for task in ("chat", "coding", "agents", "reasoning"):
            for model, entries in rest.abilities[task].items():
                whole = {entry.effort: entry for entry in catalog.derived.abilities[task].get(model, ())}
                moves += [
                    abs(entry.theta - whole[entry.effort].theta) / whole[entry.effort].sd
                    for entry in entries
                    if entry.effort in whole and not entry.estimated and not whole[entry.effort].estimated
                ]

    assert len(moves) > 1000
    assert sum(move <= 1 for move in moves) >= 0.95 * len(moves)


def test_what_each_result_did_leads_to_what_was_compiled(catalog: Catalog) -> None:
    model = catalog.models["anthropic/claude-opus-5-5"]

    moves = quality.moves(catalog.tasks["coding"], model, "high", catalog.derived, catalog.evidence())

    assert {move.benchmark for move in moves} >= {"arena-text-coding", "arena-text-overall"}
    assert moves[0].change != 0


def test_faithfulness_counts_where_the_task_is_about_it(catalog: Catalog) -> None:
    assert {name for name, task in catalog.tasks.items() if task.weights.get("factuality")} == {"rag", "summarization"}


def test_every_row_of_an_imported_board_is_named_by_its_table_of_names() -> None:
    entries, _ = loader.read(loader.files([shipped()]))
    odd = []
    for board in BOARDS.values():
        table = entries.aliases[board.names]
        for row in entries.benchmarks[board.benchmark].rows:
            if (table.names.get(row.name), table.efforts.get(row.name, row.effort)) != (row.model, row.effort):
                odd.append((board.benchmark, row.name))

    assert odd == []


EVERYTHING: list[dict[str, Any]] = [
    {**RAG, "residency": "eu", "compliance": ("hipaa", "soc2-type2"), "no_training": True, "region": "eu-west-1"},
    {"task": "chat", "feature": "tools", "language": "de", "license": "apache-2.0", "open_weights": True, "commercial_use": True, "based_in": "eu"},
    {"task": "image-generation", "max_retention_days": 0, "private_network": True, "customer_managed_keys": True, "residency": "us"},
    {"task": "coding", "effort": "high", "supported_until": date(2027, 6, 1), "max_cost": 5000, "max_answer_s": 30, "answer_within": "hours"},
    {"task": "embedding", "compliance": "fedramp-high", "customization": "supervised-fine-tuning", "unknown": "exclude"},
]  # fmt: skip


@pytest.mark.parametrize("needs", EVERYTHING, ids=lambda needs: needs["task"])
def test_sharing_verdicts_changes_none(catalog: Catalog, needs: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    shared = asked(catalog, **needs).judged
    monkeypatch.setattr(pipeline, "keys", lambda _: dict.fromkeys(get_args(Level), lambda _: None))
    alone = asked(catalog, **needs).judged

    assert [item.alternative.key for item in shared] == [item.alternative.key for item in alone]
    assert [item.verdicts for item in shared] == [item.verdicts for item in alone]
