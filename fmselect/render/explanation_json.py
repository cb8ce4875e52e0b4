"""An explanation as JSON, in the shapes of version 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fmselect.criteria import theta_value
from fmselect.explanation import Explanation
from fmselect.render.json_v1 import VERSION, alternative, dump, verdicts

if TYPE_CHECKING:
    from fmselect.quality import Move


def render(explanation: Explanation, moves: Sequence[Move] = ()) -> str:
    """Return the explanation as JSON, with the results that moved its quality."""
    recommendation, price = explanation.recommendation, explanation.price
    return dump(
        {
            "schema_version": VERSION,
            "on": str(recommendation.on),
            "requirements": {"task": recommendation.task.id, **recommendation.requirements.stated()},
            "offering": explanation.best.alternative.offering.id,
            "standing": explanation.standing,
            "rank": explanation.rank,
            "of": len(recommendation.rows),
            "first": explanation.first.alternative.offering.id if explanation.first else None,
            "price_to_win": None
            if price is None
            else {
                "usd_per_month": None if price.usd_per_month is None else round(price.usd_per_month, 2),
                "fall": None if price.fall is None else round(price.fall, 4),
            },
            "relaxations": [
                {"constraints": list(relaxation.constraints), "needs": verdicts(relaxation.needs)} for relaxation in explanation.relaxations
            ],
            "quality_moves": [
                {
                    "benchmark": move.benchmark,
                    "effort": move.row.effort,
                    "score": move.row.score,
                    "on": str(move.row.on),
                    "name": move.row.name,
                    "theta": round(move.change, 4),
                    "score_change": round(theta_value(move.change) * explanation.best.parts["quality"].weight, 4),
                }
                for move in moves
            ],
            "alternatives": [
                {**alternative(item), "outcome": item.outcome, "verdicts": verdicts(item.verdicts)} for item in explanation.alternatives
            ],
        }
    )
