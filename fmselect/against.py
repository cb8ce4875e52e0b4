"""What a price map sells today that the catalog does not, by platform, by the catalog's own table of names."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from fmselect.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from fmselect.catalog.schema import Aliases

MEMBER = re.compile(r"litellm/model_prices_and_context_window(_backup)?\.json\Z")
"""The price map inside a wheel of litellm."""

MAX_BYTES = 60_000_000
"""A price map larger than this is refused: a small archive can unpack to anything."""

_TAIL = re.compile(r"(-v\d+(:\d+)?|:\d+|@\d+|[-@]20\d{2}-?\d{2}-?\d{2}|-latest)\Z")


@dataclass(frozen=True, slots=True)
class Sold:
    """What the price map sells on one platform of the catalog, on a day."""

    platform: str
    rows: int
    """Rows of the price map for the platform."""
    ended: int
    """Rows past their own end date."""
    offerings: int
    """Offerings of the catalog that the current rows lead to; dated and regional rows of one count once."""
    left_out: int
    """Current rows that the table of names leaves out, with a reason."""
    missing: tuple[str, ...]
    """Models of current rows that no one has matched; dated and regional rows of one count once."""

    @property
    def share(self) -> tuple[int, int]:
        """How many models are there, of how many."""
        return self.offerings, self.offerings + len(self.missing)


@dataclass(frozen=True, slots=True)
class Against:
    """The catalog held against a price map."""

    on: date
    platforms: tuple[Sold, ...]
    reasons: Mapping[str, int]
    """Why current rows are left out, and how many."""
    elsewhere: Mapping[str, int]
    """Rows by provider, for providers that are no platform of the catalog."""


def read_price_map(raw: bytes, name: str) -> Mapping[str, Mapping[str, Any]]:
    """Read LiteLLM's price map, as JSON or out of a wheel; `name` is what problems call it.

    Raises `InvalidInput` when it is neither.
    """
    try:
        if raw.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(raw)) as wheel:
                inside = next((member for member in wheel.infolist() if MEMBER.match(member.filename)), None)
                if inside is None or inside.file_size > MAX_BYTES:
                    raise InvalidInput([Problem("is no wheel of litellm: it holds no price map of a usual size", name)])
                raw = wheel.read(inside)
        data = json.loads(raw)
    except (zipfile.BadZipFile, ValueError) as error:
        raise InvalidInput([Problem(f"is neither JSON nor a wheel: {error}", name)]) from error
    rows = {key: row for key, row in data.items() if isinstance(row, dict) and "litellm_provider" in row} if isinstance(data, dict) else {}
    rows.pop("sample_spec", None)
    if not rows:
        raise InvalidInput([Problem("is no price map of LiteLLM: none of its entries names a litellm_provider", name)])
    return rows


def against(price_map: Mapping[str, Mapping[str, Any]], names: Aliases, offerings: Collection[str], on: date) -> Against:
    """Return what the price map sells on a day that the catalog does not."""
    homes = _homes(price_map, names)
    rows: dict[str, list[str]] = {}
    elsewhere: Counter[str] = Counter()
    for name, row in price_map.items():
        home = homes.get(str(row["litellm_provider"]))
        if home is None:
            elsewhere[str(row["litellm_provider"])] += 1
        else:
            rows.setdefault(home, []).append(name)
    reasons: Counter[str] = Counter()
    sold = []
    for platform, listed in sorted(rows.items()):
        current = [name for name in listed if not _ended(price_map[name], on)]
        left_out = [name for name in current if name in names.ignored]
        reasons.update(re.sub(r"\d{4}-\d{2}-\d{2}", "...", names.ignored[name]) for name in left_out)
        found = {names.names[name] for name in current if name in names.names} & set(offerings)
        lost = {name for name in current if name not in names.ignored and names.names.get(name) not in offerings}
        missing = {names.names[name].partition("@")[0] if name in names.names else _model(name) for name in lost}
        sold.append(Sold(platform, len(listed), len(listed) - len(current), len(found), len(left_out), tuple(sorted(missing))))
    return Against(on, tuple(sold), dict(reasons.most_common()), dict(elsewhere.most_common()))


def _homes(price_map: Mapping[str, Mapping[str, Any]], names: Aliases) -> dict[str, str]:
    """Return the platform that most of a provider's matched rows lead to."""
    votes: dict[str, Counter[str]] = {}
    for name, target in names.names.items():
        if name in price_map and "@" in target:
            votes.setdefault(str(price_map[name]["litellm_provider"]), Counter())[target.partition("@")[2]] += 1
    return {provider: counted.most_common(1)[0][0] for provider, counted in votes.items()}


def _ended(row: Mapping[str, Any], on: date) -> bool:
    try:
        return date.fromisoformat(str(row.get("deprecation_date"))) <= on
    except ValueError:
        return False


def _model(name: str) -> str:
    """Return a row's name without provider, region, date and version, so that rows of one model count once."""
    short = name.rpartition("/")[2]
    while (cut := _TAIL.sub("", short)) != short:
        short = cut
    return short
