"""Measure a real OpenAI-compatible server with `fmselect measure`: `make measure-live`.

llama.cpp (the PyPI package xllamacpp) serves a tiny model of random weights on this machine, from a
venv of its own, so that nothing is downloaded but the server. What is shown is that the two speak
with each other; the speed is that of a toy.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("xllamacpp>=2026.10", "gguf>=0.19", "numpy")


def main() -> int:
    """Set the server up, measure it, and show that the result is used."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        venv.create(home / "venv", with_pip=True)
        python = home / "venv" / "bin" / "python"
        pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install"]
        subprocess.run([*pip, *PACKAGES], check=True)
        command = [str(python), str(ROOT / "scripts" / "live_server.py"), str(home / "random.gguf")]
        with (
            (home / "log").open("w") as log,
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True) as server,
        ):
            assert server.stdout is not None
            url = next((line.strip() for line in server.stdout if line.startswith("http")), "")
            if not url:
                sys.stderr.write((home / "log").read_text())
                return 1
            code = _measure(url, home)
            server.terminate()
        return code


def _measure(url: str, home: Path) -> int:
    mine = home / "mine"
    offering = "gpt-oss-20b@self-hosted"
    flags = ["--base-url", url, "--model", "random", "--input-tokens", "200", "--output-tokens", "100", "--timeout", "120"]
    kept = ["--offering", offering, "--place", "this machine", "--into", str(mine)]
    code = _fmselect("measure", *flags, *kept)
    return code or _fmselect("explain", offering, "chat", "--catalog", str(mine), "--max-answer-s", "600")


def _fmselect(*arguments: str) -> int:
    print("$ fmselect", *arguments, flush=True)
    environment = {**os.environ, "COLUMNS": "80"}
    return subprocess.run([sys.executable, "-m", "fmselect", *arguments], check=False, cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
