"""From requirements to a workload, and how requests that differ are billed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from fmselect import requirements as reading
from fmselect.billing import Line, UnknownPrice, charge
from fmselect.catalog.schema import Price, TaskWorkload
from fmselect.errors import InvalidInput
from fmselect.estimates import workload
from fmselect.strict_yaml import parse
from fmselect.usage import RequestClass, Usage, Workload
from tests.builders import price, rates, requirements, step, task, usage

D = Decimal
LONG = price(rates("1", "2"), steps=(step(10_000, rates("10", "20")),))


def lines(card: Price, load: Workload) -> dict[str, Line]:
    return {f"{line.what}, {line.rule}": line for line in charge([card], load)}


# ---------------------------------------------------------------- distributions


def test_a_step_is_billed_on_the_distribution_and_the_mean_is_kept() -> None:
    load, _ = workload(requirements(input_tokens="6000,p50=3000,p95=10000", output_tokens=100, requests_per_month=1000), task())

    found = lines(LONG, load)
    above = found["input, long context, above 10,000 tokens, 5.0% of the requests"]
    assert sum(line.quantity for line in found.values() if line.what == "input") == 6_000
    assert above.usd_per == 10
    assert found["output, long context, above 10,000 tokens, 5.0% of the requests"].quantity == 5
    assert found["output, "].quantity == 95
    assert load.longest_input_tokens == 10_000


def test_without_steps_only_the_mean_counts() -> None:
    spread, _ = workload(requirements(input_tokens="6000,p95=20000", output_tokens="100,p99=900", requests_per_month=7), task())
    alike, _ = workload(requirements(input_tokens=6000, output_tokens=100, requests_per_month=7), task())

    assert sum(line.usd_per_month for line in charge([price()], spread)) == sum(line.usd_per_month for line in charge([price()], alike))
    assert (spread.longest_input_tokens, spread.longest_output_tokens) == (D(20_000), D(900))


def test_cached_shares_and_audio_are_in_proportion_to_the_input() -> None:
    load, _ = workload(
        requirements(
            input_tokens="6000,p95=20000", cached_share=D("0.5"), cache_write_share=D("0.25"), cache_lifetime="1h", input_audio_tokens=600, output_audio_tokens=10
        ),
        task(),
    )  # fmt: skip

    assert load.usage.cache_read_tokens == 3_000
    assert (load.usage.cache_write_1h_tokens, load.usage.cache_write_tokens) == (D(1_500), D(0))
    assert sum((one.weight * one.usage.cache_read_tokens for one in load.classes), D(0)) == 3_000
    assert sum((one.weight * one.usage.input_audio_tokens for one in load.classes), D(0)) == pytest.approx(600)
    assert load.usage.output_audio_tokens == 10


# ---------------------------------------------------------------- as people write it


@pytest.mark.parametrize(
    "text",
    ["input_tokens: 6000\n", "input_tokens: 6k\n", "input_tokens: {mean: 6000}\n", 'input_tokens: "6,000"\n'],
)
def test_a_number_alone_is_a_mean(text: str) -> None:
    found = reading.from_document(parse(text.encode(), "r.yaml"))

    assert found.input_tokens is not None
    assert found.input_tokens.mean == 6_000
    assert found.stated() == {"input_tokens": 6_000}


def test_a_distribution_is_written_on_one_line_or_as_a_mapping() -> None:
    line = reading.from_flags({"input_tokens": "6,000, p50=3k,p95=20,000"})
    mapping = reading.from_document(parse(b"input_tokens: {mean: 6000, p50: 3000, p95: 20k}\n", "r.yaml"))

    assert line == mapping
    assert line.stated() == {"input_tokens": {"mean": 6_000, "p50": 3_000, "p95": 20_000}}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("input_tokens: -5\n", "r.yaml:1: input_tokens: is -5: it must be at least 0"),
        ("input_tokens: {mean: -5}\n", "r.yaml:1: input_tokens.mean: is -5: it must be at least 0"),
        ("input_tokens: {mean: 5, p97: 9}\n", "r.yaml:1: input_tokens.p97: is not a known key; did you mean 'p99'? (known: mean, p1, p10, p25, p5, p50, p75, p90, p95, p99)"),
        ("input_tokens: {p95: 5}\n", "r.yaml:1: input_tokens.mean: is missing: add it"),
        ("input_tokens: {mean: 6000, p95: 180000}\n", "r.yaml:1: input_tokens: no requests have a mean of 6,000 with these percentiles: what lies at or above them alone makes a mean of 9,000; if 6,000 is the typical request, write it as p50 and give the mean (all tokens over all requests), or give the requests themselves with --requests"),
        ("growth: lots\n", "r.yaml:1: growth: is 'lots', not a number"),
        ("hours_utc: 9-17\n", "r.yaml:1: hours_utc: is '9-17': write it like 08:00-18:00"),
        ("requests: r.csv\npages: 3\n", "r.yaml:1: requests holds the sizes of the requests: leave out pages"),
        ("cached_share: 0.6\ncache_write_share: 0.5\n", "r.yaml:1: cached_share and cache_write_share are more than all of the input"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_stands(text: str, problem: str) -> None:
    with pytest.raises(InvalidInput, match=r".") as caught:
        reading.from_document(parse(text.encode(), "r.yaml"))

    assert [str(one) for one in caught.value.problems] == [problem]


def test_a_flag_that_is_wrong_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"--input-tokens: 'abc' is no whole number: write 200000, 200k or 1\.5M"):
        reading.from_flags({"input_tokens": "abc"})


def test_growth_may_be_written_in_percent() -> None:
    assert reading.from_flags({"growth": "5%"}).growth == 5
    assert reading.from_flags({"growth": "-2.5"}).growth == D("-2.5")


# ---------------------------------------------------------------- a file of requests


def test_real_requests_are_billed_each_at_its_own_step(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("input_tokens,output_tokens,count\n20000,10,1\n2000,100,3\n")
    found = reading.from_document(parse(b"requests: r.csv\n", str(tmp_path / "r.yaml")))
    load, assumed = workload(found, task())

    assert assumed == (f"the 4 requests of {tmp_path / 'r.csv'} are a month (say --requests-per-month)",)
    assert load.requests_per_month == 4
    assert load.usage == usage(input_tokens=6_500, output_tokens="77.5")
    assert (load.longest_input_tokens, load.longest_output_tokens) == (D(20_000), D(100))
    month = sum(line.usd_per_month for line in charge([LONG], load))
    assert month == (20_000 * 10 + 10 * 20 + 3 * (2_000 * 1 + 100 * 2)) / D(1_000_000)


def test_a_file_may_stand_for_more_requests_than_it_holds(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("input_tokens,reasoning_tokens\n1000,5\n2000,6\n")
    load, assumed = workload(requirements(requests=str(tmp_path / "r.csv"), requests_per_month=300, hours_utc="08:00-09:00"), task())

    assert (load.requests_per_month, assumed, load.reasoning_known) == (300, (), True)
    assert {one.hours_utc for one in load.classes} == {"08:00-09:00"}
    assert sum(line.usd_per_month for line in charge([price(rates("1", "1"))], load)) == 300 * D("0.0015055")


# ---------------------------------------------------------------- hours of the day

NIGHT = price(rates("0.5"), hours_utc="16:00-00:00")
DAY = price(rates("2"))


@pytest.mark.parametrize(
    ("hours", "usd", "said"),
    [
        (None, "1.5", "33% of the day"),
        ("08:00-16:00", "2", None),
        ("12:00-20:00", "1.25", "50% of the requests"),
        ("20:00-22:00", "0.5", "100% of the requests"),
    ],
)
def test_requests_are_billed_at_the_price_of_their_hours(hours: str | None, usd: str, said: str | None) -> None:
    found = charge([DAY, NIGHT], Workload(1, usage(input_tokens=1_000_000), hours_utc=hours))

    assert sum(line.usd for line in found) == D(usd)
    assert [line.rule for line in found if line.usd_per == D("0.5")] == ([f"16:00-00:00 UTC, {said}"] if said else [])


def test_hours_of_a_file_are_billed_apart() -> None:
    classes = (
        RequestClass(D(3), Usage(input_tokens=D(1_000_000)), "23:00-00:00"),
        RequestClass(D(1), Usage(input_tokens=D(2_000_000)), "03:00-04:00"),
    )
    load = Workload(4, Usage(input_tokens=D(1_250_000)), classes)

    found = {line.usd_per: line for line in charge([DAY, NIGHT], load)}
    assert found[D("0.5")].usd_per_month == D("1.5")
    assert found[D(2)].usd_per_month == 4
    assert sum(line.usd for line in found.values()) * 4 == D("5.5")


def test_hours_without_a_price_make_the_cost_unknown_only_where_requests_come() -> None:
    assert charge([NIGHT], Workload(1, usage(input_tokens=1), hours_utc="17:00-18:00"))
    with pytest.raises(UnknownPrice, match="the catalog has no price for 100% of the day"):
        charge([NIGHT], Workload(1, usage(input_tokens=1), hours_utc="07:00-08:00"))


def test_what_is_not_stated_is_the_task_s() -> None:
    load, assumed = workload(requirements(input_images=2, video_resolution="720p"), task(workload=TaskWorkload(input_tokens=5, why="so")))

    assert load.usage == usage(input_tokens=5, input_images=2, video_resolution="720p")
    assert assumed == ("workload, typical for chat: 10,000 requests a month, 5 input tokens a request (so)",)
