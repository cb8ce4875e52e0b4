"""How results are put in words, the same in every format."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal

from fmselect.billing import Capacity
from fmselect.eligibility import Verdict
from fmselect.estimates import Estimate
from fmselect.recommendation import Judged, Recommendation
from fmselect.requirements import Requirements
from fmselect.scoring import Part
from fmselect.units import Criterion, money, short_count
from fmselect.usage import Workload

UNKNOWN = "?"
"""Printed for what is not known."""


def workload_in_words(load: Workload) -> str:
    """Write the workload: `100k requests a month of 6k input tokens, 500 output tokens`."""
    usage = load.usage
    counted = (
        (usage.input_tokens, "input tokens"),
        (usage.output_tokens, "output tokens"),
        (usage.images, "images"),
        (usage.pages, "pages"),
        (usage.characters, "characters"),
        (usage.searches, "searches"),
    )
    parts = [f"{short_count(int(count))} {what}" for count, what in counted if count]
    parts += [f"{usage.audio_minutes:f} minutes of audio"] if usage.audio_minutes else []
    parts += [f"{usage.video_seconds:f} seconds of video"] if usage.video_seconds else []
    mean, differ = "", ""
    if load.longest_input_tokens > usage.input_tokens:
        mean, differ = "on average ", f" (they differ: up to {short_count(int(load.longest_input_tokens))} input tokens)"
    return f"{short_count(load.requests_per_month)} requests a month of {mean}{', '.join(parts) or 'nothing'}{differ}"


def needs_in_words(requirements: Requirements) -> list[str]:
    """Write the constraints that were asked for, one phrase each."""
    wants = requirements
    phrases: list[str] = []
    if wants.answer_within != "interactive":
        phrases.append(f"answers within {wants.answer_within}")
    for amount, phrase in (
        (wants.min_context, "context of {} tokens"),
        (wants.min_output, "output of {} tokens"),
    ):
        phrases += [phrase.format(short_count(amount))] if amount is not None else []
    for cost, phrase in ((wants.max_cost, "at most {} a month"), (wants.max_cost_per_request, "at most {} a request")):
        phrases += [phrase.format(money(cost))] if cost is not None else []
    phrases += [f"first token within {wants.max_ttft} s"] if wants.max_ttft is not None else []
    phrases += [f"at least {wants.min_throughput} tokens/s"] if wants.min_throughput is not None else []
    phrases += [f"answers within {wants.max_answer_s} s"] if wants.max_answer_s is not None else []
    for terms, phrase in (
        (wants.input_modality, "{} input"),
        (wants.output_modality, "{} output"),
        (wants.feature, "{}"),
        (wants.language, "language {}"),
        (wants.residency, "processing in {}"),
        (wants.compliance, "{}"),
        (wants.customization, "{}"),
    ):
        phrases += [phrase.format(term) for term in terms]
    for group, phrase in (
        (wants.region, "callable from {}"),
        (wants.license, "license {}"),
        (wants.platform, "on {}"),
        (wants.developer, "by {}"),
    ):
        phrases += [phrase.format(" or ".join(group))] if group else []
    for names, phrase in ((wants.exclude_platform, "not on {}"), (wants.exclude, "not {}")):
        phrases += [phrase.format(", ".join(names))] if names else []
    for flag, phrase in (
        (wants.no_training, "no training on your data"),
        (wants.private_network, "private network"),
        (wants.customer_managed_keys, "customer-managed keys"),
        (wants.open_weights, "open weights"),
        (wants.commercial_use, "commercial use"),
        (wants.allow_preview, "previews allowed"),
        (wants.allow_legacy, "legacy allowed"),
    ):
        phrases += [phrase] if flag else []
    phrases += [f"kept at most {wants.max_retention_days} days"] if wants.max_retention_days is not None else []
    phrases += [f"supported until {wants.supported_until}"] if wants.supported_until else []
    phrases += [f"effort {wants.effort}"] if wants.effort else []
    return phrases


LABELS = {
    "training": "training",
    "retention": "retention",
    "residency": "residency",
    "compliance": "compliance",
    "private_network": "network",
    "customer_managed_keys": "keys",
    "commercial_use": "license",
    "open_weights": "weights",
    "supported_until": "support",
}


def verdict_in_words(verdict: Verdict) -> str:
    """Write a verdict: `compliance hipaa: documented for google only`."""
    required = verdict.required
    label = LABELS.get(verdict.constraint, verdict.constraint.replace("_", " "))
    return f"{required if label in required else f'{label} {required}'}: {verdict.actual}"


def capacity_in_words(bought: Capacity) -> str:
    """Write what was bought, how much of it is used, and from when on it is cheaper than paying by use."""
    used = f"{bought.units:,} {bought.unit}, of which this uses {bought.utilization:.0%}"
    even = bought.break_even
    if even is None:
        return f"{used}; no price by use is known to compare with."
    other = f"{even.where}, at {money(even.usd_per_request)} a request"
    if even.utilization > 1:
        return f"{used}; never cheaper than {other}: even at full use that costs less."
    least = short_count(int(even.requests_per_month.to_integral_value(ROUND_CEILING)))
    return f"{used}; cheaper than {other}, from {least} requests a month on ({even.utilization:.0%} of what it serves)."


def bill_in_words(estimate: Estimate) -> str:
    """Write the lines of a month: `input $45.00, output $30.00`, and what was bought."""
    if estimate.cost is None:
        return estimate.cost_unknown
    sums: dict[str, Decimal] = {}
    for line in estimate.cost.lines:
        sums[line.what] = sums.get(line.what, Decimal(0)) + line.usd_per_month
    said = [", ".join(f"{what} {money(usd)}" for what, usd in sums.items())]
    said += [f"training {money(estimate.cost.usd_once)} once"] if estimate.cost.once else []
    said += [capacity_in_words(estimate.cost.capacity)] if estimate.cost.capacity else []
    return "; ".join(said)


def monthly(estimate: Estimate) -> str:
    """Write the cost of a month."""
    return money(estimate.cost.usd_per_month) if estimate.cost else UNKNOWN


def quality_in_words(part: Part | None) -> str:
    """Write quality on 0 to 100 with its 95% half-width: `78 ±4`, `~61 ±16` when estimated."""
    if part is None or part.reading.raw is None:
        return UNKNOWN
    reading = part.reading
    half = (reading.high - reading.low) / 2 * 100
    return f"{'~' if reading.estimated else ''}{reading.value * 100:.0f} ±{half:.0f}"


SPEED_MARKS = {"measured": "", "stated": "*", "estimated": "~"}
"""How a speed is marked by its kind."""


def speed_in_words(item: Judged) -> str:
    """Write how long a whole answer takes: `4-9s` measured, `*4-9s` stated, `~4-90s` estimated; else the output rate alone."""
    estimate = item.estimate
    if estimate.answer_s is not None:
        found, unit = estimate.answer_s, "s"
    elif estimate.output_tokens_per_s is not None:
        found, unit = estimate.output_tokens_per_s, "/s"
    else:
        return UNKNOWN
    return f"{SPEED_MARKS[found.kind]}{_short(found.low)}-{_short(found.high)}{unit}"


def speed_parts(item: Judged) -> list[tuple[str, str, str]]:
    """Return what is known of the speed, one part each: what it is, its interval with its kind, and what it rests on."""
    estimate = item.estimate
    parts = (
        ("first token", estimate.ttft_s, "s"),
        ("output rate", estimate.output_tokens_per_s, " tokens/s"),
        ("whole answer", estimate.answer_s, "s"),
    )
    return [(what, f"{_short(p.low)}-{_short(p.high)}{unit}, {p.kind}", p.basis) if p else (what, UNKNOWN, "") for what, p, unit in parts]


def _short(value: float) -> str:
    """Write a number with two digits at most: 0.35, 4.2, 87, 1200."""
    return f"{value:.0f}" if value >= 9.95 or value == 0 else f"{value:.2g}"


def where(item: Judged) -> str:
    """Write tier and scope: `standard, geo:eu`, and the regions where they are few."""
    alternative = item.alternative
    place = alternative.scope_name
    if place == "in_region" and 0 < len(alternative.regions) <= 2:
        place = ", ".join(alternative.regions)
    if place == "unknown":
        place = "scope unknown"
    return f"{alternative.tier}, {place}"


def reason(item: Judged, rows: Sequence[Judged]) -> str:
    """Say in a few words why a row stands where it does, against the rows it competes with."""
    told: list[str] = []
    first = rows[0]
    quality = {row.alternative.key: row.parts["quality"].reading for row in rows if "quality" in row.parts}
    mine = quality.get(item.alternative.key)
    known = [reading for reading in quality.values() if reading.known]
    cost = item.estimate.cost
    costs = [row.estimate.cost.usd_per_month for row in rows if row.estimate.cost]
    if mine is not None and mine.known and len(known) > 1:
        better = sum(reading.value > mine.value for reading in known)
        told.append("best quality" if better == 0 else f"quality {_ordinal(better + 1)} of {len(known)}")
    if cost is not None and len(costs) > 1:
        cheaper = sum(other < cost.usd_per_month for other in costs)
        told.append("cheapest" if cheaper == 0 else f"cost {_ordinal(cheaper + 1)} of {len(costs)}")
    told += [f"best {name}" for name in item.parts if name not in ("quality", "cost") and _leads(item, rows, name)]
    first_costs = first.estimate.cost.usd_per_month if first.estimate.cost is not None else None
    if item is not first and cost is not None and cost.usd_per_month and first_costs:
        times = cost.usd_per_month / first_costs
        told.append(f"{times:.2g}x the cost of #1" if times >= 10 or times < 0.1 else f"{times:.1f}x the cost of #1")
    unknown = [name for name, part in item.parts.items() if not part.reading.known]
    if unknown:
        told.append(f"no figure for {' or '.join(unknown)}")
    return "; ".join(told) or "the only one that meets every constraint"


def _leads(item: Judged, rows: Sequence[Judged], name: Criterion) -> bool:
    """Whether a row has the best known value of a criterion, and some other row has a worse one."""
    mine = item.parts[name].reading
    others = [row.parts[name].reading for row in rows if row is not item]
    return mine.known and all(mine.value >= other.value for other in others) and any(mine.value > other.value for other in others)


def _ordinal(number: int) -> str:
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def proofs(recommendation: Recommendation) -> list[tuple[str, Verdict, list[int]]]:
    """Return each requested verdict of the ranked rows with its source once, and the rows it is about."""
    asked = {
        "residency", "region", "compliance", "training", "retention", "private_network", "customer_managed_keys",
        "license", "open_weights", "commercial_use", "customization", "supported_until", "language",
    }  # fmt: skip
    found: dict[tuple[str, str, str, str, str], tuple[str, Verdict, list[int]]] = {}
    for row in recommendation.ranking:
        platform = row.judged.alternative.platform.name
        for verdict in row.judged.verdicts:
            if verdict.constraint in asked and verdict.outcome == "met":
                key = (platform, verdict.constraint, verdict.required, verdict.actual, verdict.source)
                found.setdefault(key, (platform, verdict, []))[2].append(row.rank)
    return sorted(found.values(), key=lambda entry: (entry[2], entry[0]))
