"""The other commands, as a person or a script sees them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from tests.cli.conftest import Command


def test_explain_tells_a_ranked_offering_everything(fmselect: Command) -> None:
    result = fmselect("explain", "atlas-2@nimbus", "rag", "--residency", "eu")

    assert (result.code, result.err) == (0, "")
    assert result.out == snapshot("""\
Atlas 2 on Nimbus AI (atlas-2@nimbus)
For Answers from documents: 50k requests a month of 6k input tokens, 500 output
tokens
Needs: processing in eu
Best alternative: standard, geo:eu, effort high; call it eu.acme.atlas-2-v1

Ranked 1 of 3.

Constraints
yes  task rag: chat: chat
     catalog/models/acme/atlas-2.yaml
yes  modality text input: text, image input
     https://acme.example/atlas-2 (2026-11-22)
yes  modality text output: text output
     https://acme.example/atlas-2 (2026-11-22)
yes  context 6.5k tokens a request: 400k
     https://acme.example/atlas-2 (2026-11-22)
yes  500 tokens of output: 64k
     https://acme.example/atlas-2 (2026-11-22)
yes  lifecycle for sale: ga
     https://nimbus.example/models (2026-11-22)
yes  residency processing in eu: geo:eu stays in eu
     https://nimbus.example/regions (2026-11-22)
yes  answer within interactive: standard: interactive
     definition of the tier

Score 0.624
Criterion   Measured             Value  Weight  Part
quality     1.245 theta          0.708  x 0.40  = 0.283
cost        2,228 usd_per_month  0.530  x 0.30  = 0.159
latency     21.27 s              0.182  x 0.10  = 0.018
factuality  4.5 percent          0.820  x 0.20  = 0.164

 - quality: Docs QA 88, high effort, 2026-10-01; Duel 1500 (1490 to 1510), high
   effort, 2026-10-20
 - cost: https://nimbus.example/prices (2026-11-22)
 - latency: measured from eu-1 on 2026-11-20 at low effort,
   https://example.com/speed (secondary, 2026-11-22)
 - factuality: Made-up facts 4.5, 2026-10-01

What moved the quality
Result      Date        As published    Ability    Score
docs-qa 88  2026-10-01  Atlas 2 (high)   +0.133  +0.0088
duel 1500   2026-10-20  atlas-2-high     +0.084  +0.0056

Cost $0.045 a request, $2,228 a month
              Quantity  USD per      USD
input      6000 tokens      3.3   0.0198
output      500 tokens     16.5  0.00825
reasoning  1000 tokens     16.5   0.0165  billed as output

Speed under this workload
first token   12-18s, measured          measured from eu-1 on 2026-11-20 at low
                                        effort, https://example.com/speed
                                        (secondary, 2026-11-22)
output rate   60-90 tokens/s, measured  measured from eu-1 on 2026-11-20 at low
                                        effort, https://example.com/speed
                                        (secondary, 2026-11-22)
whole answer  17-26s, measured          measured from eu-1 on 2026-11-20 at low
                                        effort, https://example.com/speed
                                        (secondary, 2026-11-22)

Its other alternatives
     Tier and scope        Effort  Score  $/month  Against it
yes  standard, eu-1, us-1  high    0.624   $2,228
yes  standard, geo:eu      low     0.603   $1,402
yes  standard, eu-1, us-1  low     0.603   $1,402
no   standard, global      high    0.627   $2,025  residency
no   standard, global      low     0.605   $1,275  residency
no   flex, global          high    0.626   $1,012  answer_within, residency
no   flex, global          low     0.587  $637.50  answer_within, residency

Catalog of 2026-11-22: 6 models, 9 offerings on 3 platforms. Answer for
2026-11-23.
""")


def test_explain_tells_an_excluded_offering_what_would_have_to_give(fmselect: Command) -> None:
    assert fmselect("explain", "bear-70b@nimbus", "chat", "--residency", "us", "--max-cost", "1").out == snapshot("""\
Bear 70B on Nimbus AI (bear-70b@nimbus)
For Chat: 10k requests a month of 1k input tokens, 300 output tokens
Needs: at most $1.00 a month · processing in us
Best alternative: standard, eu-1; call it borealis.bear-70b-v1

Excluded: it violates cost, lifecycle, residency.
 - To admit it, give up cost and lifecycle and residency (not closing within 90
   days → legacy since 2026-10-01, ends 2027-01-15; successor acme/atlas-2;
   processing in us → only in eu-1; at most $1.00 a month → $9.70 a month).

Constraints
yes  task chat: chat: chat
     catalog/models/borealis/bear-70b.yaml
yes  modality text input: text input
     https://borealis.example/bear (2026-11-22)
yes  modality text output: text output
     https://borealis.example/bear (2026-11-22)
yes  context 1.3k tokens a request: 128k
     https://nimbus.example/models (2026-11-22)
no   lifecycle not closing within 90 days: legacy since 2026-10-01, ends
     2027-01-15; successor acme/atlas-2
     https://nimbus.example/models (2026-11-22)
no   residency processing in us: only in eu-1
     https://nimbus.example/regions (2026-11-22)
yes  answer within interactive: standard: interactive
     definition of the tier
no   cost at most $1.00 a month: $9.70 a month
     https://nimbus.example/prices (2026-11-22)

Score 0.484
Criterion  Measured           Value  Weight  Part
quality    -1.426 theta       0.262  x 0.50  = 0.131
cost       9.7 usd_per_month  0.941  x 0.38  = 0.353
latency    ?                  0.000  x 0.12  = 0.000

 - quality: Duel 1310 (1300 to 1320), 2026-10-20; Docs QA 66, 2026-10-01
 - cost: https://nimbus.example/prices (2026-11-22)
 - latency: unknown, so a low value stands in

What moved the quality
Result      Date        As published       Ability    Score
docs-qa 66  2026-10-01  Bear 70B            -0.082  -0.0068
duel 1310   2026-10-20  bear-70b-instruct   -0.003  -0.0003

Cost $0.00097 a request, $9.70 a month
           Quantity  USD per      USD
input   1000 tokens      0.7   0.0007
output   300 tokens      0.9  0.00027

Catalog of 2026-11-22: 6 models, 9 offerings on 3 platforms. Answer for
2026-11-23.
""")


def test_explain_tells_an_unverified_offering_what_to_ask(fmselect: Command) -> None:
    out = fmselect("explain", "atlas-2@acme-api", "chat", "--compliance", "hipaa").out

    assert "Not ranked: 1 point could not be verified." in out
    assert "Ask: Sign an agreement with Acme: ask Acme" in out


def test_explain_takes_a_model_and_guesses_its_task(fmselect: Command) -> None:
    answer = json.loads(fmselect("explain", "bear-embed", "--format", "json").out)

    assert answer["requirements"]["task"] == "embedding"
    assert (answer["offering"], answer["standing"]) == ("bear-embed@nimbus", "ranked")


def test_explain_tells_the_second_what_it_would_have_to_cost(fmselect: Command) -> None:
    answer = json.loads(fmselect("explain", "atlas-2", "chat", "--format", "json").out)

    assert (answer["standing"], answer["rank"], answer["first"]) == snapshot(("ranked", 1, None))
    assert answer["price_to_win"] == snapshot(None)


def test_explain_an_unknown_name(fmselect: Command) -> None:
    result = fmselect("explain", "atlas-3", "chat")

    assert (result.code, result.out, result.err) == (1, "", "'atlas-3' is no offering or model; did you mean 'atlas-2'?\n")


COST = ("cost", "atlas-2@acme-api", "--requests-per-month", "1000", "--input-tokens", "250k", "--output-tokens", "1000")


def test_cost_is_told_line_by_line_with_the_step_and_the_source(fmselect: Command) -> None:
    result = fmselect(*COST, "--cached-share", "0.5")

    assert (result.code, result.err) == (0, "")
    assert result.out == snapshot("""\
1k requests a month of 250k input tokens, 1k output tokens, at the prices of
2026-11-23

atlas-2@acme-api: standard, global, effort low
                        quantity       rate  a request  a month
  input [1]       125,000 tokens     x $6/M    = $0.75  $750.00
  cache read [1]  125,000 tokens   x $0.6/M   = $0.075   $75.00
  output [1]        1,000 tokens  x $22.5/M  = $0.0225   $22.50
  total                                        $0.8475  $847.50
  [1] long context, above 200,000 tokens
  https://acme.example/prices (2026-11-22)
  Otherwise:
    standard, global, effort high  $892.50
    batch, global, effort low      $382.50  answers within hours
    batch, global, effort high     $397.50  answers within hours
""")


def test_cost_as_json_is_a_list_with_decimal_strings(fmselect: Command) -> None:
    bills = json.loads(fmselect(*COST, "--format", "json").out)

    assert [(bill["offering"], bill["tier"], bill["scope"], bill["effort"], bill["usd"]) for bill in bills] == snapshot(
        [("atlas-2@acme-api", "standard", "global", "low", "1.5225")]
    )


def test_cost_per_alternative_tells_all_of_them(fmselect: Command) -> None:
    bills = json.loads(fmselect(*COST, "--per", "alternative", "--format", "json").out)

    assert [(bill["offering"], bill["tier"], bill["scope"], bill["effort"], bill["usd"]) for bill in bills] == snapshot(
        [
            ("atlas-2@acme-api", "standard", "global", "low", "1.5225"),
            ("atlas-2@acme-api", "standard", "global", "high", "1.5675"),
            ("atlas-2@acme-api", "batch", "global", "low", "0.3825"),
            ("atlas-2@acme-api", "batch", "global", "high", "0.3975"),
        ]
    )
    assert [bill["against"] for bill in bills] == snapshot(
        [[], [], ["answer within interactive: batch: hours"], ["answer within interactive: batch: hours"]]
    )


def test_cost_takes_the_cheapest_tier_that_answers_in_time(fmselect: Command) -> None:
    (bill,) = json.loads(fmselect(*COST, "--answer-within", "hours", "--format", "json").out)

    assert (bill["tier"], bill["usd"], bill["against"]) == ("batch", "0.3825", [])


def test_cost_of_the_next_months_where_growth_and_dated_prices_change_it(fmselect: Command) -> None:
    result = fmselect("cost", "atlas-2-mini@acme-api", "--growth", "10%", "--requests-per-month", "1000")

    assert result.out == snapshot("""\
1k requests a month of 1k input tokens, 300 output tokens, at the prices of
2026-11-23

atlas-2-mini@acme-api: standard, global
              quantity       rate    a request  a month
  input   1,000 tokens  x $0.25/M   = $0.00025    $0.25
  output    300 tokens  x $1.25/M  = $0.000375    $0.38
  total                              $0.000625    $0.62
  The next 12 months cost $26.57 (the price changes on 2026-12-01; requests grow
  by 10% a month):
    from        requests    USD
    2026-11-23     1,000  $1.08
    2026-12-23     1,100  $1.38
    2027-01-23     1,210  $1.51
    2027-02-23     1,331  $1.66
    2027-03-23     1,464  $1.83
    2027-04-23     1,611  $2.01
    2027-05-23     1,772  $2.22
    2027-06-23     1,949  $2.44
    2027-07-23     2,144  $2.68
    2027-08-23     2,358  $2.95
    2027-09-23     2,594  $3.24
    2027-10-23     2,853  $3.57
  https://acme.example/prices (2026-11-22)

Assumed
 - workload, typical for chat: 1,000 input tokens a request, 300 output tokens a
   request (a few turns)
""")
    (bill,) = json.loads(fmselect("cost", "atlas-2-mini@acme-api", "--growth", "10%", "--format", "json").out)
    assert len(bill["months"]) == 12
    assert "| 2026-12-23 |" in fmselect("cost", "atlas-2-mini@acme-api", "--growth", "10%", "--format", "markdown").out


def test_cost_of_a_requests_file_that_is_wrong_tells_the_line(fmselect: Command, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("input_tokens\n-1\n")

    result = fmselect("cost", "atlas-2", "--requests", str(tmp_path / "r.csv"))

    assert (result.code, result.out) == (1, "")
    assert result.err == f"{tmp_path / 'r.csv'}:2: input_tokens: is -1: it must be at least 0\n"


def test_cost_of_machines_of_one_s_own(fmselect: Command) -> None:
    result = fmselect("cost", "bear-70b@own-machines", "--gpu", "g80", "--gpu-tokens-per-s", "400", "--requests-per-month", "1M")

    assert (result.code, result.err) == (0, "")
    assert result.out == snapshot("""\
1M requests a month of 1k input tokens, 300 output tokens, at the prices of
2026-11-23

bear-70b@own-machines: standard, in_region
                          quantity  rate  a request  a month
  g80 x 730 h [1]  1,460 GPU-hours  x $4              $5,840
  total                                    $0.00584   $5,840
  [1] the busiest minute needs 0.29 at a load of 100%; the weights in bf16 need
      2 of 80 GB; as rented out by Nimbus
  2 g80, of which this uses 14%; cheaper than bear-70b@nimbus, standard,
  in_region, at $0.00097 a request, from 6.02M requests a month on (86% of what
  it serves).
  https://example.com/facts (2026-11-22)

Assumed
 - workload, typical for chat: 1,000 input tokens a request, 300 output tokens a
   request (a few turns)
 - requests are spread evenly over the hours of the day, so that the busiest
   minute is the mean one (say --peak)
 - GPUs may be fully loaded in the busiest minute (say --gpu-load)
""")


def test_cost_names_a_gpu_that_is_not_there(fmselect: Command) -> None:
    result = fmselect("cost", "bear-70b@own-machines", "--gpu", "g81")

    assert (result.code, result.out) == (1, "")
    assert result.err == "gpu: 'g81' is not in the catalog; did you mean 'g80'?\n"


def test_cost_as_csv_and_markdown(fmselect: Command) -> None:
    assert fmselect("cost", "bear-embed", "--format", "csv").out == snapshot("""\
offering,tier,scope,effort,what,quantity,unit,usd_per,usd,usd_per_month,per,rule,source,checked
bear-embed@nimbus,standard,in_region,,input,500,tokens,0.1,0.00005,5,request,,https://nimbus.example/prices,2026-11-22
""")
    assert fmselect("cost", "bear-70b", "--task", "chat", "--format", "markdown").out == snapshot("""\
10k requests a month of 1k input tokens, 300 output tokens, on 2026-11-23

## bear-70b@nimbus: standard, in_region (eu-1)

|  | Quantity | Rate | A request | A month | Rule | Source |
| - | - | - | - | - | - | - |
| input | 1,000 tokens | $0.7/M | $0.0007 | $7.00 |  | https://nimbus.example/prices (2026-11-22) |
| output | 300 tokens | $0.9/M | $0.00027 | $2.70 |  | https://nimbus.example/prices (2026-11-22) |
| **total** |  |  | $0.00097 | $9.70 |  |  |

## bear-70b@own-machines: standard, in_region

Unknown: what your own machines cost depends on them: say --gpu and --gpu-tokens-per-s.

Assumed:

- workload, typical for chat: 10,000 requests a month, 1,000 input tokens a request, 300 output tokens a request (a few turns)
""")


def test_cost_of_what_has_no_price_is_unknown_and_says_so(fmselect: Command) -> None:
    out = fmselect("cost", "bear-70b@own-machines").out

    assert "Unknown" in out
    assert "Unknown: what your own machines cost depends on them: say --gpu and" in out
    assert "unknown" in fmselect("cost", "bear-70b@own-machines", "--format", "csv").out


def test_compare_puts_facts_side_by_side(fmselect: Command) -> None:
    result = fmselect("compare", "atlas-2", "bear-70b", "--compliance", "hipaa")

    assert (result.code, result.err) == (0, "")
    assert result.out == snapshot("""\
For Chat: 10k requests a month of 1k input tokens, 300 output tokens

                  atlas-2@nimbus                 bear-70b@own-machines
standing          ranked 1 of 2                  unverified
alternative       standard, global, high         standard, in_region
score             0.669                          0.131
a month           $165.00                        ?
a request         $0.016                         ?
bill              input $30.00, output $45.00,   what your own machines cost
                  reasoning $90.00               depends on them: say --gpu and
                                                 --gpu-tokens-per-s
quality           71 ±11                         26 ±11
speed             11-16s                         ?
first token       7.3-11s, measured              ?
output rate       60-90 tokens/s, measured       ?
whole answer      11-16s, measured               ?
quality part      0.71 x 0.50                    0.26 x 0.50
cost part         0.75 x 0.38                    0.00 x 0.38
latency part      0.27 x 0.12                    0.00 x 0.12
against it        nothing                        compliance: not documented
released          2026-06-01                     ?
modalities        text, image → text             text → text
context           400k tokens                    256k tokens
output limit      64k tokens                     ?
features          tools, caching, reasoning      ?
efforts           low, high                      ?
parameters        ?                              70B
license           proprietary, commercial use:   bear-community, open weights,
                  yes                            commercial use: conditional
knowledge cutoff  2026-01                        ?
lifecycle         ga                             ga
scopes            in_region (2 regions), geo:eu  in_region
                  (2 regions), global (3
                  regions)
service tiers     standard, flex                 ?
input price       $3 per million tokens          ?
output price      $15 per million tokens         ?
cache read price  $0.3 per million tokens        ?
no training       yes                            yes
retention         0 days; zero retention:        ?
                  default
compliance        hipaa, soc2                    ?
private network   yes, you turn it on: Create a  ?
                  private endpoint
customer keys     yes, you turn it on            ?

Sources
 - https://acme.example/atlas-2 (2026-11-22)
 - https://borealis.example/bear (2026-11-22)
 - https://acme.example/terms (2026-11-22)
 - https://borealis.example/license (2026-11-22)
 - https://nimbus.example/models (2026-11-22)
 - https://nimbus.example/regions (2026-11-22)
 - https://example.com/self-hosting (2026-11-22)
 - https://nimbus.example/prices (2026-11-22)
 - https://nimbus.example/terms (2026-11-22)
 - https://nimbus.example/hipaa (2026-11-22)
 - https://nimbus.example/network (2026-11-22)
 - https://nimbus.example/keys (2026-11-22)

Catalog of 2026-11-22: 6 models, 9 offerings on 3 platforms. Answer for
2026-11-23.
""")


def test_compare_in_every_format(fmselect: Command) -> None:
    def compared(form: str) -> str:
        return fmselect("compare", "atlas-2", "atlas-2-mini", "--format", form).out

    columns = json.loads(compared("json"))["columns"]
    assert [column["offering"] for column in columns] == ["atlas-2@nimbus", "atlas-2-mini@acme-api"] or len(columns) == 2
    assert columns[0]["facts"]["context"] == {"text": "400k tokens", "source": "https://acme.example/atlas-2 (2026-11-22)"}
    assert compared("csv").splitlines()[1].startswith("standing,")
    assert compared("markdown").startswith("|  | ")


@pytest.mark.parametrize(
    "kind",
    ["models", "offerings", "platforms", "developers", "tasks", "benchmarks", "licenses", "features", "compliance", "languages",
     "customization", "geographies", "regions"],
)  # fmt: skip
def test_everything_can_be_listed_in_every_format(fmselect: Command, kind: str) -> None:
    table = fmselect("list", kind)
    rows = json.loads(fmselect("list", kind, "--format", "json").out)

    assert (table.code, table.err) == (0, "")
    assert all(row["id"] in table.out for row in rows)
    assert len(fmselect("list", kind, "--format", "csv").out.splitlines()) == len(rows) + 1
    assert len(fmselect("list", kind, "--format", "markdown").out.splitlines()) == len(rows) + 2


def test_models_and_offerings_as_listed(fmselect: Command) -> None:
    assert fmselect("list").out == snapshot("""\
id                   name          kind       context  released    sold on
acme/atlas-2         Atlas 2       chat       400k     2026-06-01  acme-api,
                                                                   nimbus
acme/atlas-2-mini    Atlas 2 mini  chat       200k                 acme-api,
                                                                   nimbus
borealis/bear-70b    Bear 70B      chat       256k                 nimbus,
                                                                   own-machines
borealis/bear-embed  Bear Embed    embedding  8k                   nimbus
cirrus/cumulus-3     Cumulus 3     chat                            nimbus

5 models; no room for license (a wider terminal or --format csv shows all)
""")
    assert fmselect("list", "offerings", "--retired").out == snapshot("""\
id                     stage    ends        input $/M  output $/M  scopes
atlas-1@acme-api       retired  2026-09-01
atlas-2-mini@acme-api  ga                   0.25       1.25        global
atlas-2-mini@nimbus    ga                   0.275      1.375       in_region
atlas-2@acme-api       ga                   3          15          global
atlas-2@nimbus         ga                   3          15          in_region,
                                                                   geo:eu,
                                                                   global
bear-70b@nimbus        legacy   2027-01-15  0.7        0.9         in_region
bear-70b@own-machines  ga                                          in_region
bear-embed@nimbus      ga                   0.1                    in_region
cumulus-3@nimbus       preview              1          4           in_region

9 offerings
""")


def test_lists_can_be_narrowed(fmselect: Command) -> None:
    def ids(*arguments: str) -> list[str]:
        return [row["id"] for row in json.loads(fmselect("list", *arguments, "--format", "json").out)]

    assert ids("models", "--developer", "borealis", "--kind", "embedding") == ["borealis/bear-embed"]
    assert ids("offerings", "--platform", "own-machines") == ["bear-70b@own-machines"]
    assert "acme/atlas-1" not in ids("models")
    assert "acme/atlas-1" in ids("models", "--retired")


@pytest.mark.parametrize(
    ("flag", "value", "hint"), [("--platform", "nimbos", "nimbus"), ("--developer", "acmee", "acme"), ("--kind", "chatt", "chat")]
)
def test_a_misspelled_filter_is_refused(fmselect: Command, flag: str, value: str, hint: str) -> None:
    result = fmselect("list", "models", flag, value)

    assert (result.code, result.out) == (2, "")
    assert f"did you mean '{hint}'?" in " ".join(result.err.replace("│", " ").split())


@pytest.mark.parametrize("name", ["atlas-2@nimbus", "nimbus", "rag", "duel", "bear-community"])
def test_show_tells_what_the_file_says_with_its_sources(fmselect: Command, name: str) -> None:
    shown = fmselect("show", name)
    data = json.loads(fmselect("show", name, "--format", "json").out)

    assert (shown.code, shown.err) == (0, "")
    assert data["file"] in shown.out
    assert data["id"] == name


def test_show_a_model_with_its_offerings_abilities_and_evidence(fmselect: Command) -> None:
    assert fmselect("show", "bear-70b").out == snapshot("""\
Bear 70B (model borealis/bear-70b)
catalog/models/borealis/bear-70b.yaml

family                    bear
kind                      chat
modalities input          text            https://borealis.example/bear
                                          (2026-11-22)
modalities output         text            https://borealis.example/bear
                                          (2026-11-22)
limits context tokens     256000          https://borealis.example/bear
                                          (2026-11-22)
parameters total billion  70              https://borealis.example/bear
                                          (2026-11-22)
license id                bear-community  https://borealis.example/license
                                          (2026-11-22)
license open weights      yes             https://borealis.example/license
                                          (2026-11-22)

Sold as (2)
id                     stage   ends        input $/M  output $/M  scopes
bear-70b@nimbus        legacy  2027-01-15  0.7        0.9         in_region
bear-70b@own-machines  ga                                         in_region

To hold the weights alone (3)
precision  GB   x 24 GB  x 48 GB  x 80 GB  x 141 GB  x 192 GB
bf16       140  6        3        2        1         1
fp8        70   3        2        1        1         1
int4       35   2        1        1        1         1

Ability by task (2)
task  effort  ability  sd
chat          -1.43    0.32
rag           -1.56    0.32

Evidence (3)
benchmark      effort  score  95%           date        as published
docs-qa                66                   2026-10-01  Bear 70B
duel                   1310   1300 to 1320  2026-10-20  bear-70b-instruct
made-up-facts          9                    2026-10-01  Bear 70B
""")


def test_show_an_unknown_or_ambiguous_name(fmselect: Command, tmp_path: Path) -> None:
    assert fmselect("show", "atlas-22").err == "'atlas-22' is not in the catalog; did you mean 'atlas-2'?\n"
    (tmp_path / "platforms").mkdir()
    (tmp_path / "platforms" / "rag.yaml").write_text("name: Rag\noperator: Rag\nkind: api\n", encoding="utf-8")

    result = fmselect("show", "rag", "--catalog", tmp_path)

    assert (result.code, result.err) == (1, "'rag' could be platform rag, task rag: say KIND/rag, such as platforms/rag\n")
    assert fmselect("show", "tasks/rag", "--catalog", tmp_path).code == 0


def test_the_version_and_the_help(fmselect: Command) -> None:
    assert fmselect("--version").out == snapshot("fmselect 0.1.0\n")
    out = fmselect("--help").out
    assert all(name in out for name in ("recommend", "explain", "compare", "cost", "list", "show", "catalog"))
    assert "--residency" in fmselect("recommend", "--help").out


def test_show_a_task_with_what_quality_means_there(fmselect: Command) -> None:
    out = fmselect("show", "tasks/rag").out

    assert re.search(r"What quality is measured by \(\d\)\nbenchmark +share +results +newest +why\n", out)
    assert "benchmark why" not in out
    data = json.loads(fmselect("show", "tasks/rag", "--format", "json").out)
    assert data["measured_by"][0].keys() == {"benchmark", "share", "results", "newest", "why"}


def test_explain_tells_which_results_moved_the_quality(fmselect: Command) -> None:
    answer = json.loads(fmselect("explain", "atlas-2@nimbus", "rag", "--format", "json").out)
    moves = answer["quality_moves"]

    assert {move["benchmark"] for move in moves} == {"docs-qa", "duel"}
    assert moves == sorted(moves, key=lambda move: -abs(move["theta"]))
    assert all((move["theta"] > 0) == (move["score_change"] > 0) for move in moves)


def test_explain_tells_of_no_results_where_quality_does_not_count(fmselect: Command) -> None:
    assert json.loads(fmselect("explain", "atlas-2@nimbus", "rag", "--weight", "cost=1", "--format", "json").out)["quality_moves"] == []
