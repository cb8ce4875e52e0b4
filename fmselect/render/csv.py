"""The ranking as CSV: one row a line, for spreadsheets."""

from __future__ import annotations

import csv
from io import StringIO

from fmselect.recommendation import Recommendation
from fmselect.render.words import speed_in_words
from fmselect.units import CRITERIA, plain

HEADER = (
    "rank", "model", "offering", "platform", "platform_model_id", "tier", "scope", "effort", "score", "usd_per_month",
    "usd_per_request", *(f"{name}_value" for name in CRITERIA), "speed", "tied_with", "to_do", "warnings",
)  # fmt: skip


def render(recommendation: Recommendation) -> str:
    """Return the ranking as CSV."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for row in recommendation.ranking:
        item = row.judged
        chosen, cost = item.alternative, item.estimate.cost
        values = [f"{item.parts[name].reading.value:.6f}" if name in item.parts else "" for name in CRITERIA]
        writer.writerow(
            [
                row.rank,
                chosen.model.id,
                chosen.offering.id,
                chosen.platform.id,
                chosen.platform_model_id,
                chosen.tier,
                chosen.scope_name,
                chosen.effort or "",
                f"{item.score:.6f}",
                plain(cost.usd_per_month) if cost else "",
                plain(cost.usd_per_request) if cost else "",
                *values,
                speed_in_words(item),
                " ".join(row.tied_with),
                "; ".join(item.todos),
                "; ".join(row.warnings),
            ]
        )
    return out.getvalue()
