"""OpenRouter's statistics of endpoints, read in the units they are published in."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from fmselect.errors import InvalidInput
from fmselect.importers.openrouter_endpoints import Endpoint, read, recognizes
from fmselect.importers.results import Content, content
from tests.builders import FIXTURES

RAW = (FIXTURES / "evidence/openrouter-endpoints.json").read_bytes()


def changed(**facts: Any) -> Content:
    """Return the fixture with the first endpoint changed."""
    data = json.loads(RAW)
    data["data"]["endpoints"][0].update(facts)
    return content("e.json", json.dumps(data, indent=2).encode())


def test_an_endpoint_has_its_times_in_seconds_and_its_rate_about_the_median() -> None:
    assert read(content("e.json", RAW)) == (
        Endpoint("acme/atlas-2", "nimbus", (Decimal("0.82"), Decimal("1.64")), (Decimal("31.2"), Decimal(80)), Decimal("99.3")),
    )
    assert read(content("e.json", RAW))[0].name == "acme/atlas-2 nimbus"


def test_a_rate_means_the_same_whichever_way_its_percentiles_run() -> None:
    assert read(changed(throughput_last_30m={"p50": 50, "p90": 31.25}))[0].output_tokens_per_s == (Decimal("31.2"), Decimal(80))


def test_what_is_not_measured_is_left_open() -> None:
    (found,) = read(changed(latency_last_30m={"p50": 820}, uptime_last_1d=None, throughput_last_30m={"p50": 500, "p90": 600}))

    assert (found.ttft_s, found.uptime_percent) == (None, None)
    assert found.output_tokens_per_s == (Decimal(417), Decimal(600))


def test_several_answers_may_come_in_one_file() -> None:
    data = json.loads(RAW)
    found = content("e.json", json.dumps([data, data["data"], {"other": 1}]).encode())

    assert len(read(found)) == 2
    assert recognizes(found)
    assert not recognizes(content("e.json", b'{"data": []}'))


def test_seconds_taken_for_milliseconds_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"e.json:13: latency_last_30m: is 0.25 for 'nimbus', no number of milliseconds"):
        read(changed(latency_last_30m={"p50": 0.25, "p90": 0.85}))


def test_an_answer_without_a_key_holds_no_measurement() -> None:
    with pytest.raises(InvalidInput, match=r"e.json:1: holds no measurement: OpenRouter gives latency and throughput to requests with"):
        read(changed(latency_last_30m=None, throughput_last_30m=None))
