"""Prices that LiteLLM 1.109.1 and genai-prices 0.2.3 (both MIT) agree on are ours, or the entry tells why not.

The extract beside this file was written by `scripts/agreed_prices.py`.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

from fmselect.importers.agreement import agreement, told
from fmselect.importers.findings import Finding
from fmselect.importers.sources import SOURCES
from fmselect.loading import load_catalog

ON = date(2026, 11, 25)
EXTRACT = Path(__file__).parent / "agreed_prices.csv"


def findings() -> list[Finding]:
    """Return the extract as an importer would give it."""
    rates: dict[tuple[str, str, str], dict[str, Decimal]] = defaultdict(dict)
    with EXTRACT.open(encoding="utf-8", newline="") as stream:
        for line in csv.DictReader(stream):
            rates[line["offering"], line["tier"], line["scope"]][line["thing"]] = Decimal(line["usd"])
    found: list[Finding] = []
    for (offering, tier, scope), things in rates.items():
        below = {thing.partition(".")[2]: usd for thing, usd in things.items() if thing.startswith("usd_per_mtok.")}
        steps: dict[str, dict[str, Decimal]] = defaultdict(dict)
        for thing, usd in things.items():
            if thing.startswith("above "):
                _, bound, rate = thing.split(" ")
                steps[bound][rate] = usd
        above = tuple({"input_tokens": int(bound.replace(",", "")), "usd_per_mtok": rate} for bound, rate in steps.items())
        others = {thing: usd for thing, usd in things.items() if "." not in thing and not thing.startswith("above ")}
        facts = {"tier": tier, "usd_per_mtok": below, "steps": above, **others}
        found.append(Finding(f"offerings/{offering}", ("prices",), facts, places={"scopes": (scope,)} if scope else {}))
    return found


def test_prices_that_both_lists_agree_on_are_ours() -> None:
    catalog = load_catalog(on=ON)
    owners = SOURCES["litellm"].owner, SOURCES["genai-prices"].owner

    result = agreement(catalog.offerings, findings(), findings(), owners, ON)

    assert [told(cell, ("litellm", "genai-prices")) for cell in result.different] == []
    assert len(result.carried) >= 1700
