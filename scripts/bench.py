"""Time start-up and the main job: medians of eleven rounds, the commands taking turns.

The promise is a ratio, so that it holds on every machine: a warm `recommend` against importing
what any such command imports. `make bench` runs it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

ROUNDS = 11
MOST = 3.0
"""Most times the baseline that a warm `recommend` may take."""

FMSELECT = str(Path(sys.executable).parent / "fmselect")
JOB = (
    "rag --requests-per-month 100000 --input-tokens 6000 --output-tokens 500"
    " --min-context 200k --residency eu --compliance hipaa --no-training"
)
RECOMMEND = [FMSELECT, "recommend", *JOB.split(), "--format", "json"]
BASELINE = "import typer, pydantic"
COMMANDS: Mapping[str, Sequence[str]] = {
    f'python -c "{BASELINE}"': [sys.executable, "-c", BASELINE],
    "fmselect recommend, warm": RECOMMEND,
    "fmselect --help": [FMSELECT, "--help"],
}


def main() -> None:
    """Print the medians; exit 1 when the promise is broken."""
    with tempfile.TemporaryDirectory() as cache:
        # What is installed has its bytecode; a checkout whose environment forbids to keep any would compile at every start.
        env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {"FMSELECT_CACHE": cache}
        cold = seconds(RECOMMEND, env)
        taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
        for _ in range(ROUNDS):
            for name, command in COMMANDS.items():
                taken[name].append(seconds(command, env))
    medians = {name: median(times) for name, times in taken.items()}
    baseline, warm, _ = medians.values()
    for name, value in {**medians, "fmselect recommend, cold (once)": cold}.items():
        print(f"{name:<40} {value * 1000:8.0f} ms {value / baseline:6.2f} x")
    print(f"\nwarm recommend / baseline = {warm / baseline:.2f} (at most {MOST:g})")
    sys.exit(warm / baseline > MOST)


def seconds(command: Sequence[str], env: Mapping[str, str]) -> float:
    """Run a command and return how long it took; a failing one ends the benchmark."""
    start = time.perf_counter()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return taken


if __name__ == "__main__":
    main()
