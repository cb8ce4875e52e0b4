"""Record the prices that both pinned price lists agree on, as an extract that the tests hold the catalog to.

`make catalog` calls this with the folder of wheels. The lists are LiteLLM and genai-prices, both under the
MIT License.
"""

from __future__ import annotations

import csv
import sys
from datetime import date
from pathlib import Path

from fmselect import loading
from fmselect.importers.importing import agreeing
from fmselect.units import plain

ROOT = Path(__file__).resolve().parent.parent
EXTRACT = ROOT / "tests" / "published" / "agreed_prices.csv"


def main(folder: Path, on: date) -> None:
    """Write the extract: one rate a line, of the offerings that the catalog has."""
    wheels = [next(folder.glob(pattern)) for pattern in ("litellm-*.whl", "genai_prices-*.whl")]
    found = agreeing(loading.layers(), {str(wheel): wheel.read_bytes() for wheel in wheels}, on)
    with EXTRACT.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(["offering", "tier", "scope", "thing", "usd"])
        out.writerows([cell.offering, cell.tier, cell.scope, cell.thing, plain(cell.one)] for cell in found.carried if cell.agreed)


if __name__ == "__main__":
    main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]))
