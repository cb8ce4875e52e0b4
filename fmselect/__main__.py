"""The entry point of the command line."""

from __future__ import annotations

import gc


def main() -> None:
    """Run the command line.

    The cyclic garbage collector is off: a command lives for a fraction of a second and makes no
    cycles worth collecting, while collecting among many small catalog objects took half its time.
    """
    gc.disable()
    from fmselect.cli.app import run

    run()


if __name__ == "__main__":
    main()
