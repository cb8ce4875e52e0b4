"""What a price list sells today that the catalog does not, by platform, by the catalog's own table of its names."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from fmselect.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from fmselect.catalog.schema import Aliases

MEMBER = re.compile(r"litellm/model_prices_and_context_window(_backup)?\.json\Z")
"""The price map inside a wheel of litellm."""

PRICES_MEMBER = "genai_prices/data.py"
"""The prices inside a wheel of genai-prices."""

MAX_BYTES = 60_000_000
"""A list larger than this is refused: a small archive can unpack to anything."""

_TAIL = re.compile(r"(-v\d+(:\d+)?|:\d+|@\d+|[-@]20\d{2}-?\d{2}-?\d{2}|-latest)\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Standing = Literal["here", "missing", "no model"]
"""What a row that is left out stands for: an offering of the catalog, one that the catalog has not, or nothing to carry."""


class Row(NamedTuple):
    """One row of a price list: who sells it, and whether the list itself says when it ended."""

    seller: str
    ends: date | None = None
    ended: bool = False
    """Ended on a day that the list does not tell."""

    def past(self, on: date) -> bool:
        """Whether the list says that it has ended by a day."""
        return self.ended or (self.ends is not None and self.ends <= on)


@dataclass(frozen=True, slots=True)
class PriceList:
    """The rows of a price list, and the table of the catalog that tells what their names mean."""

    names: str
    """Id of the table: `aliases/<id>.yaml`."""
    rows: Mapping[str, Row]


@dataclass(frozen=True, slots=True)
class Sold:
    """What the list sells on one platform of the catalog, on a day: all names of one offering are one model."""

    platform: str
    rows: int
    """Rows of the list for the platform."""
    ended: int
    """Rows past their end date: their own, or one that the table has from another source."""
    no_model: int
    """Current rows that the table leaves out because they are no model."""
    offerings: int
    """Models of current rows that are in the catalog."""
    retired: int
    """Those of them that have ended by what the catalog says, though the list sells them."""
    missing: Mapping[str, str]
    """Models of current rows that the table leaves out and the catalog has not, and why."""
    unmatched: tuple[str, ...]
    """Models of current rows that the table does not know; dated and regional rows of one count once."""

    @property
    def share(self) -> tuple[int, int]:
        """How many models are there, of how many."""
        return self.offerings, self.offerings + len(self.missing) + len(self.unmatched)


@dataclass(frozen=True, slots=True)
class Against:
    """The catalog held against a price list."""

    on: date
    names: str
    """Id of the table of names."""
    platforms: tuple[Sold, ...]
    reasons: Mapping[tuple[Standing, str], int]
    """Why nothing is taken from current rows of these platforms, what they stand for, and how many."""
    elsewhere: Mapping[str, int]
    """Rows by seller, for sellers that are no platform of the catalog."""

    @property
    def share(self) -> tuple[int, int]:
        """How many models of all platforms are there, of how many."""
        return sum(sold.share[0] for sold in self.platforms), sum(sold.share[1] for sold in self.platforms)


def read_price_list(raw: bytes, name: str) -> PriceList:
    """Read LiteLLM's price map (JSON, or its wheel) or the wheel of genai-prices; `name` is what problems call it.

    Raises `InvalidInput` when it is none of them.
    """
    try:
        if raw.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(raw)) as wheel:
                kept = [member for member in wheel.infolist() if MEMBER.match(member.filename) or member.filename == PRICES_MEMBER]
                if not kept or kept[0].file_size > MAX_BYTES:
                    raise InvalidInput([Problem("is no wheel of litellm or genai-prices: it holds no prices of a usual size", name)])
                raw = wheel.read(kept[0])
                if kept[0].filename == PRICES_MEMBER:
                    return _genai_prices(raw)
        data = json.loads(raw)
    except (zipfile.BadZipFile, ValueError) as error:
        raise InvalidInput([Problem(f"is neither JSON nor a wheel: {error}", name)]) from error
    found = {key: row for key, row in data.items() if isinstance(row, dict) and "litellm_provider" in row} if isinstance(data, dict) else {}
    found.pop("sample_spec", None)
    if not found:
        raise InvalidInput([Problem("is no price map of LiteLLM: none of its entries names a litellm_provider", name)])
    return PriceList("litellm", {key: Row(str(row["litellm_provider"]), _day(row.get("deprecation_date"))) for key, row in found.items()})


def _genai_prices(raw: bytes) -> PriceList:
    from fmselect.importers.genai_prices import models

    rows = {name: Row(name.partition("/")[0], ended=bool(model.get("deprecated"))) for name, model in models(raw).items()}
    return PriceList("genai-prices", rows)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def against(listed: PriceList, names: Aliases, offerings: Mapping[str, bool], on: date, platforms: Collection[str] = ()) -> Against:
    """Return what the list sells on a day that the catalog does not, on all platforms or on some.

    `offerings` says of each whether it has ended. A row belongs to the platform of the offering that the
    table says it names, else to that of its seller.
    """
    from fmselect.importers.findings import unmatched

    rows: dict[str, list[str]] = {}
    elsewhere: Counter[str] = Counter()
    for name, row in listed.rows.items():
        platform = _offering(name, names).partition("@")[2] or names.platforms.get(row.seller)
        if platform is None:
            elsewhere[row.seller] += 1
        elif not platforms or platform in platforms:
            rows.setdefault(platform, []).append(name)
    reasons: Counter[tuple[Standing, str]] = Counter()
    sold = []
    for platform, all_of_them in sorted(rows.items()):
        current = [name for name in all_of_them if not _past(name, listed, names, on)]
        models = {offering for name in current if (offering := _offering(name, names))}
        whys = {left.of: left.why for name in current if (left := names.left_out.get(name)) is not None}
        reasons.update(standing for name in current if (standing := _standing(name, names, offerings)) is not None)
        sold.append(
            Sold(
                platform,
                rows=len(all_of_them),
                ended=len(all_of_them) - len(current),
                no_model=sum(name in names.ignored for name in current),
                offerings=sum(offering in offerings for offering in models),
                retired=sum(offerings.get(offering, False) for offering in models),
                missing={offering.partition("@")[0]: whys.get(offering, "") for offering in sorted(models) if offering not in offerings},
                unmatched=tuple(sorted({_model(name) for name in unmatched(current, names)})),
            )
        )
    return Against(on, names.id, tuple(sold), dict(reasons.most_common()), dict(elsewhere.most_common()))


def _past(name: str, listed: PriceList, names: Aliases, on: date) -> bool:
    """Whether a row has ended by a day, as the list says, or the table by another source."""
    left = names.left_out.get(name)
    return listed.rows[name].past(on) or (left is not None and left.ended is not None and left.ended <= on)


def _offering(name: str, names: Aliases) -> str:
    """Return the offering that the table says a row names; nothing when it says none."""
    if (left := names.left_out.get(name)) is not None:
        return left.of
    target = names.names.get(name, "")
    return target if "@" in target else ""


def _standing(name: str, names: Aliases, offerings: Collection[str]) -> tuple[Standing, str] | None:
    """Return what a row that is left out stands for, and why it is; days in the reason are not told apart."""
    if (left := names.left_out.get(name)) is not None:
        standing: Standing = "here" if left.of in offerings else "missing"
        return standing, _DAY.sub("...", left.why)
    return ("no model", _DAY.sub("...", names.ignored[name])) if name in names.ignored else None


def _model(name: str) -> str:
    """Return a row's name without provider, region, date and version, so that rows of one model count once."""
    short = name.rpartition("/")[2]
    while (cut := _TAIL.sub("", short)) != short:
        short = cut
    return short
