"""The entry point of the command line."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line.

    A command lives for a fraction of a second, so it cleans nothing up: the cyclic garbage collector
    is off (collecting among many small catalog objects took half the time), and the process ends
    without freeing what it holds, once everything is written.
    """
    gc.disable()
    from fmselect.cli.app import run

    code: object = 0
    try:
        run()
    except SystemExit as ended:
        code = ended.code
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = 1
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    main()
