"""`fmselect recommend`, as a person or a script sees it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from inline_snapshot import snapshot
from pydantic import TypeAdapter

from fmselect.render.shape_v1 import RecommendationShape
from tests.cli.conftest import Command

NEEDS = ("recommend", "rag", "--residency", "eu", "--compliance", "hipaa", "--no-training")


def test_the_ranking_comes_with_its_proof_at_80_columns(fmselect: Command) -> None:
    result = fmselect(*NEEDS)

    assert (result.code, result.err) == (0, "")
    assert max(len(line) for line in result.out.splitlines()) <= 80
    assert result.out == snapshot("""\
Answers from documents: 50k requests a month of 6k input tokens, 500 output
tokens
Needs: processing in eu · hipaa · no training on your data

#  Model (effort)  Where   Score  $/month  Quality  Speed
1  Atlas 2 (high)  nimbus  0.624   $2,228   71 ±11  17-26s
   standard, geo:eu: best quality; cost 2nd of 2; best latency; best factuality
2  Atlas 2 mini    nimbus  0.549  $127.50   47 ±11  ?
   standard, eu-1: quality 2nd of 2; cheapest; 0.057x the cost of #1; no figure
     for latency or factuality

Score and quality: more is better; quality is 0 to 100 with its 95% interval;
speed: seconds of a whole answer, or output tokens/s; ? unknown.

Before you rely on it, you have to
 - Nimbus AI: Accept the addendum in the console [#1, #2]
 - Nimbus AI: call it in eu-1 [#2]

Why these meet your constraints
 - residency processing in eu: geo:eu stays in eu; Nimbus AI [#1]
   https://nimbus.example/regions (2026-11-22)
 - no training on your data: holds by default; Nimbus AI [#1, #2]
   https://nimbus.example/terms (2026-11-22)
 - compliance hipaa: you turn it on or sign it yourself; Nimbus AI [#1, #2]
   https://nimbus.example/hipaa (2026-11-22)
 - residency processing in eu: in_region: eu-1; Nimbus AI [#2]
   https://nimbus.example/regions (2026-11-22)

Not ranked: 1 offering with something unverified, the nearest first
 - bear-70b@own-machines (score 0.224, ? a month)
   compliance hipaa: not documented
   → find out whether hipaa covers Bear 70B

Excluded: 4 offerings on sale for the task (2 besides do another, or are
retired)
2  lifecycle  bear-70b@nimbus: legacy since 2026-10-01, ends 2027-01-15;
              successor acme/atlas-2
2  residency  atlas-2@acme-api: global: may be processed anywhere
One may violate several; `fmselect explain OFFERING` with the same flags tells
all of one.

What would widen the choice
 - lifecycle: admits 2, such as bear-70b@nimbus (lifecycle: not closing within
   90 days → legacy since 2026-10-01, ends 2027-01-15; successor acme/atlas-2)
 - residency: admits 2, still to verify, such as atlas-2-mini@acme-api
   (residency: processing in eu → global: may be processed anywhere)

Assumed
 - workload, typical for rag: 50,000 requests a month, 6,000 input tokens a
   request, 500 output tokens a request (several passages and a short answer)
 - weights, typical for rag: quality 40%, cost 30%, latency 10%, factuality 20%
 - no input is read from a cache (say --cached-share)
 - reasoning adds output tokens by effort, as measured per model, else the
   median: low x1, high x3 (say --reasoning-tokens)
 - offerings whose announced end is within 90 days of 2026-11-23 are out (say
   --allow-legacy)

Catalog of 2026-11-22: 6 models, 9 offerings on 3 platforms. Answer for
2026-11-23.
""")


def test_without_constraints_a_row_tells_where_else_the_model_is_sold(fmselect: Command) -> None:
    assert fmselect("recommend", "chat", "--top", "2").out == snapshot("""\
Chat: 10k requests a month of 1k input tokens, 300 output tokens

#  Model (effort)  Where     Score  $/month  Quality  Speed
1  Atlas 2 (high)  nimbus    0.669  $165.00   71 ±11  11-16s
   standard, global: best quality; cost 2nd of 2; best latency
   also on acme-api $165.00
2  Atlas 2 mini    acme-api  0.589    $6.25   46 ±11  ?
   standard, global: quality 2nd of 3; cheapest; 0.038x the cost of #1; no
     figure for latency
   also on nimbus $6.88
   mind: costs $12.50 a month from 2026-12-01 on

Score and quality: more is better; quality is 0 to 100 with its 95% interval;
speed: seconds of a whole answer, or output tokens/s; ? unknown. 1 more row can
be had with --top.

Excluded: 2 offerings on sale for the task (2 besides do another, or are
retired)
2  lifecycle  bear-70b@nimbus: legacy since 2026-10-01, ends 2027-01-15;
              successor acme/atlas-2
One may violate several; `fmselect explain OFFERING` with the same flags tells
all of one.

What would widen the choice
 - lifecycle: admits 2, such as bear-70b@nimbus (lifecycle: not closing within
   90 days → legacy since 2026-10-01, ends 2027-01-15; successor acme/atlas-2)

Assumed
 - workload, typical for chat: 10,000 requests a month, 1,000 input tokens a
   request, 300 output tokens a request (a few turns)
 - weights, typical for chat: quality 50%, cost 38%, latency 12%
 - no input is read from a cache (say --cached-share)
 - reasoning adds output tokens by effort, as measured per model, else the
   median: low x1, high x3 (say --reasoning-tokens)
 - offerings whose announced end is within 90 days of 2026-11-23 are out (say
   --allow-legacy)

Catalog of 2026-11-22: 6 models, 9 offerings on 3 platforms. Answer for
2026-11-23.
""")


def test_nothing_eligible_says_what_removed_most_and_what_would_have_to_give(fmselect: Command) -> None:
    result = fmselect("recommend", "rag", "--max-cost", "1", "--min-context", "1M")

    assert (result.code, result.err) == (3, "")
    assert result.out == snapshot("""\
Answers from documents: 50k requests a month of 6k input tokens, 500 output
tokens
Needs: context of 1M tokens · at most $1.00 a month

Nothing in the catalog meets every constraint.
Of 7 offerings that do the task, context removed most: 8.

What would have to give
 - context: admits 1, still to verify, such as bear-70b@own-machines (context:
   1M tokens of context → 256k)
 - cost + lifecycle: admits 1, still to verify, such as cumulus-3@nimbus
   (lifecycle: for sale, not a preview → preview; cost: at most $1.00 a month →
   $400.00 a month)

Excluded: 7 offerings on sale for the task (2 besides do another, or are
retired)
6  context    atlas-2@nimbus: 400k
6  cost       atlas-2@nimbus: $1,402 a month
2  lifecycle  bear-70b@nimbus: legacy since 2026-10-01, ends 2027-01-15;
              successor acme/atlas-2
One may violate several; `fmselect explain OFFERING` with the same flags tells
all of one.

Assumed
 - workload, typical for rag: 50,000 requests a month, 6,000 input tokens a
   request, 500 output tokens a request (several passages and a short answer)
 - weights, typical for rag: quality 40%, cost 30%, latency 10%, factuality 20%
 - no input is read from a cache (say --cached-share)
 - reasoning adds output tokens by effort, as measured per model, else the
   median: low x1 (say --reasoning-tokens)
 - offerings whose announced end is within 90 days of 2026-11-23 are out (say
   --allow-legacy)

Catalog of 2026-11-22: 6 models, 9 offerings on 3 platforms. Answer for
2026-11-23.
""")


def test_json_has_the_published_shape(fmselect: Command) -> None:
    answer = json.loads(fmselect(*NEEDS, "--format", "json").out)

    jsonschema.validate(answer, TypeAdapter(RecommendationShape).json_schema())
    first = answer["ranking"][0]
    assert [row["offering"] for row in answer["ranking"]] == snapshot(["atlas-2@nimbus", "atlas-2-mini@nimbus"])
    assert {key: first[key] for key in ("tier", "scope", "regions", "platform_model_id", "to_do")} == snapshot(
        {
            "tier": "standard",
            "scope": "geo:eu",
            "regions": ["eu-1", "eu-2"],
            "platform_model_id": "eu.acme.atlas-2-v1",
            "to_do": ["Accept the addendum in the console"],
        }
    )
    assert first["estimate"]["usd_per_month"] == snapshot("2227.5")
    assert answer["excluded"]["by_constraint"] == snapshot({"lifecycle": 3, "residency": 2, "modality": 1, "task": 1})


def test_every_met_verdict_of_a_ranked_row_names_its_source(fmselect: Command) -> None:
    answer = json.loads(fmselect(*NEEDS, "--format", "json").out)

    sources = [
        v["source"] for row in answer["ranking"] for v in row["verdicts"] if v["constraint"] in ("residency", "compliance", "training")
    ]
    assert len(sources) == 3 * len(answer["ranking"])
    assert all(source.startswith("https://") for source in sources)


def test_nothing_unknown_is_ranked_unless_it_is_allowed(fmselect: Command) -> None:
    asked = ("recommend", "chat", "--compliance", "soc2", "--format", "json")

    def verdicts(*more: str) -> set[str]:
        answer = json.loads(fmselect(*asked, *more).out)
        return {v["verdict"] for row in answer["ranking"] for v in row["verdicts"]}

    assert verdicts() == {"met"}
    assert "unknown" in verdicts("--unknown", "allow")
    assert json.loads(fmselect(*asked, "--unknown", "exclude").out)["unverified"] == []


FILE = """\
task: rag
requests_per_month: 100k
input_tokens: 6000
residency: eu
compliance: [hipaa]
no_training: true
"""


def test_a_file_gives_the_same_bytes_as_the_flags_and_again(fmselect: Command, tmp_path: Path) -> None:
    file = tmp_path / "requirements.yaml"
    file.write_text(FILE, encoding="utf-8")

    flags = fmselect(*NEEDS, "--requests-per-month", "100k", "--input-tokens", "6000", "--format", "json")
    first = fmselect("recommend", "-r", file, "--format", "json")
    again = fmselect("recommend", "-r", file, "--format", "json")

    assert first.code == 0
    assert flags.out == first.out == again.out


def test_a_flag_wins_over_the_file(fmselect: Command, tmp_path: Path) -> None:
    file = tmp_path / "requirements.yaml"
    file.write_text(FILE, encoding="utf-8")

    answer = json.loads(fmselect("recommend", "chat", "-r", file, "--input-tokens", "100", "--format", "json").out)

    assert answer["requirements"]["task"] == "chat"
    assert answer["requirements"]["input_tokens"] == 100


def test_everything_wrong_in_a_file_is_told_at_once(fmselect: Command, tmp_path: Path) -> None:
    file = tmp_path / "requirements.yaml"
    file.write_text("task: rag\ninput_tokens: many\nresidensy: eu\nno_training: maybe\nmax_cost: -1\n", encoding="utf-8")

    result = fmselect("recommend", "-r", file)

    assert (result.code, result.out) == (1, "")
    assert result.err.replace(str(file), "requirements.yaml") == snapshot("""\
requirements.yaml:2: input_tokens: 'many' is no whole number: write 200000, 200k or 1.5M
requirements.yaml:3: residensy: is not a known key; did you mean 'residency'?
requirements.yaml:4: no_training: is 'maybe', not true or false
requirements.yaml:5: max_cost: is -1: it must be at least 0
fmselect: 4 problems
""")


def test_unknown_terms_are_refused_with_the_nearest(fmselect: Command) -> None:
    result = fmselect("recommend", "rag", "--compliance", "hippa", "--residency", "mars", "--platform", "nimbu", "--based-in", "Atlantis")

    assert (result.code, result.out) == (1, "")
    assert result.err == snapshot("""\
based_in: 'Atlantis' is no geography or country: give a geography such as eu, or a country code such as DE
compliance: 'hippa' is not in the catalog; did you mean 'hipaa'?
platform: 'nimbu' is not in the catalog; did you mean 'nimbus'?
residency: 'mars' is not in the catalog: see `fmselect list geographies`
fmselect: 4 problems
""")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--input-tokens", "-5"), "--input-tokens: '-5' is no whole number: write 200000, 200k or 1.5M\n"),
        (("--weight", "quality=5", "--priority", "cost"), "give weight or priority, not both\n"),
        (("--answer-within", "soon"), "--answer-within: is 'soon', not one of interactive, minutes, hours\n"),
    ],
)
def test_a_flag_with_a_wrong_value_is_named(fmselect: Command, arguments: tuple[str, ...], said: str) -> None:
    result = fmselect("recommend", "rag", *arguments)

    assert (result.code, result.out, result.err) == (1, "", said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--no-such-flag",), "No such option"),
        (("--weight", "quality"), "'quality' is not NAME=NUMBER"),
        (("--supported-until", "soon"), "'soon' is no date: write YYYY-MM-DD"),
        (("--on", "yesterday"), "'yesterday' is no date: write YYYY-MM-DD"),
        (("--format", "xml"), "xml"),
    ],
)
def test_wrong_usage_exits_with_2(fmselect: Command, arguments: tuple[str, ...], said: str) -> None:
    result = fmselect("recommend", "rag", *arguments)

    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_csv_has_one_line_a_row(fmselect: Command) -> None:
    assert fmselect("recommend", "chat", "--format", "csv", "--per", "offering").out == snapshot("""\
rank,model,offering,platform,platform_model_id,tier,scope,effort,score,usd_per_month,usd_per_request,quality_value,cost_value,latency_value,throughput_value,context_value,factuality_value,speed,tied_with,to_do,warnings
1,acme/atlas-2,atlas-2@nimbus,nimbus,acme.atlas-2-v1,standard,global,high,0.668701,165,0.0165,0.707173,0.751393,0.266737,,,,11-16s,,,
2,acme/atlas-2,atlas-2@acme-api,acme-api,atlas-2-20260601,standard,global,high,0.635359,165,0.0165,0.707173,0.751393,0.000000,,,,?,,,
3,acme/atlas-2-mini,atlas-2-mini@acme-api,acme-api,atlas-2-mini,standard,global,,0.588639,6.25,0.000625,0.458907,0.957829,0.000000,,,,?,,,costs $12.50 a month from 2026-12-01 on
4,acme/atlas-2-mini,atlas-2-mini@nimbus,nimbus,acme.atlas-2-mini-v1,standard,in_region,,0.587410,6.875,0.0006875,0.458907,0.954551,0.000000,,,,?,,,
5,borealis/bear-70b,bear-70b@own-machines,own-machines,borealis/bear-70b,standard,in_region,,0.131184,,,0.262368,0.000000,0.000000,,,,?,,,
""")


def test_markdown_can_be_pasted(fmselect: Command) -> None:
    assert fmselect(*NEEDS, "--format", "markdown").out == snapshot("""\
## Answers from documents: 50k requests a month of 6k input tokens, 500 output tokens

Needs: processing in eu, hipaa, no training on your data.

| # | Model | Effort | Offering | Tier and scope | Score | $/month | Quality | Speed | Why |
| - | - | - | - | - | - | - | - | - | - |
| 1 | Atlas 2 | high | atlas-2@nimbus | standard, geo:eu | 0.624 | $2,228 | 71 ±11 | 17-26s | best quality; cost 2nd of 2; best latency; best factuality |
| 2 | Atlas 2 mini |  | atlas-2-mini@nimbus | standard, eu-1 | 0.549 | $127.50 | 47 ±11 | ? | quality 2nd of 2; cheapest; 0.057x the cost of #1; no figure for latency or factuality |

### Before you rely on it

- Nimbus AI: Accept the addendum in the console
- Nimbus AI: call it in eu-1

### Why these meet the constraints

- Nimbus AI, residency processing in eu: geo:eu stays in eu (#1). https://nimbus.example/regions (2026-11-22)
- Nimbus AI, training no training on your data: holds by default (#1, #2). https://nimbus.example/terms (2026-11-22)
- Nimbus AI, compliance hipaa: you turn it on or sign it yourself (#1, #2). https://nimbus.example/hipaa (2026-11-22)
- Nimbus AI, residency processing in eu: in_region: eu-1 (#2). https://nimbus.example/regions (2026-11-22)

### Not verified, so not ranked

- bear-70b@own-machines: compliance hipaa: not documented

### What would have to give to admit more

- lifecycle: admits 2, such as bear-70b@nimbus
- residency: admits 2, such as atlas-2-mini@acme-api

### Excluded, by constraint

- lifecycle: 3
- residency: 2
- modality: 1
- task: 1

### Assumed

- workload, typical for rag: 50,000 requests a month, 6,000 input tokens a request, 500 output tokens a request (several passages and a short answer)
- weights, typical for rag: quality 40%, cost 30%, latency 10%, factuality 20%
- no input is read from a cache (say --cached-share)
- reasoning adds output tokens by effort, as measured per model, else the median: low x1, high x3 (say --reasoning-tokens)
- offerings whose announced end is within 90 days of 2026-11-23 are out (say --allow-legacy)

Catalog of 2026-11-22: 6 models, 9 offerings on 3 platforms. Answer for 2026-11-23.
""")


def test_markdown_says_when_nothing_is_eligible(fmselect: Command) -> None:
    result = fmselect("recommend", "rag", "--max-cost", "0", "--format", "markdown")

    assert result.code == 3
    assert "Nothing in the catalog meets every constraint." in result.out


def test_rows_can_be_alternatives(fmselect: Command) -> None:
    answer = json.loads(
        fmselect("recommend", "chat", "--per", "alternative", "--answer-within", "hours", "--top", "40", "--format", "json").out
    )

    shown = [(row["offering"], row["tier"], row["scope"], *row["regions"], row["effort"]) for row in answer["ranking"]]
    assert len(shown) == len(set(shown))
    assert {row["tier"] for row in answer["ranking"]} == {"standard", "batch", "flex"}


def test_batch_and_flex_wait_for_an_answer_within(fmselect: Command) -> None:
    def tiers(*more: str) -> set[str]:
        answer = json.loads(fmselect("recommend", "chat", "--per", "alternative", "--top", "40", "--format", "json", *more).out)
        return {row["tier"] for row in answer["ranking"]}

    assert tiers() == {"standard"}
    assert tiers("--answer-within", "minutes") == {"standard", "flex"}


def test_the_answer_can_go_to_a_file(fmselect: Command, tmp_path: Path) -> None:
    target = tmp_path / "answer.json"

    result = fmselect(*NEEDS, "--format", "json", "--output", target)

    assert (result.code, result.out, result.err) == (0, "", "")
    assert json.loads(target.read_text(encoding="utf-8"))["schema_version"] == 1


def test_a_file_that_cannot_be_written_is_an_error(fmselect: Command, tmp_path: Path) -> None:
    result = fmselect(*NEEDS, "--output", tmp_path / "nowhere" / "answer.json")

    assert result.code == 1
    assert "cannot be written: No such file or directory" in result.err


def test_weights_priorities_discounts_and_every_kind_of_flag_reach_the_requirements(fmselect: Command) -> None:
    def asked(*flags: str) -> dict[str, Any]:
        requirements: dict[str, Any] = json.loads(fmselect("recommend", "rag", "--format", "json", *flags).out)["requirements"]
        return requirements

    assert asked("--weight", "quality=5,cost=1", "--discount", "nimbus=10", "--max-retention-days", "0", "--top", "3") == {
        "task": "rag",
        "max_retention_days": 0,
        "weight": {"quality": "5", "cost": "1"},
        "discount": {"nimbus": "10"},
        "top": 3,
    }
    assert asked("--priority", "cost,quality", "--supported-until", "2027-01-01", "--private-network", "--feature", "tools") == {
        "task": "rag",
        "feature": ["tools"],
        "private_network": True,
        "supported_until": "2027-01-01",
        "priority": ["cost", "quality"],
    }


def test_a_discount_lowers_the_bill(fmselect: Command) -> None:
    def month(*more: str) -> str:
        answer = json.loads(fmselect("recommend", "rag", "--platform", "nimbus", "--format", "json", *more).out)
        cost: str = answer["ranking"][0]["estimate"]["usd_per_month"]
        return cost

    assert float(month("--discount", "nimbus=50")) == float(month()) / 2


def test_what_ends_is_not_ranked_from_that_day_on(fmselect: Command) -> None:
    def ranked(day: str, *more: str) -> list[str]:
        answer = json.loads(fmselect("recommend", "chat", "--per", "offering", "--on", day, "--format", "json", *more).out)
        return [row["offering"] for row in answer["ranking"]]

    assert "bear-70b@nimbus" not in ranked("2026-11-23")
    assert "bear-70b@nimbus" in ranked("2026-11-23", "--allow-legacy")
    assert "bear-70b@nimbus" not in ranked("2027-01-15", "--allow-legacy")


def test_an_old_catalog_says_so(fmselect: Command) -> None:
    assert "update it" in fmselect("recommend", "chat", "--on", "2027-11-23").out
