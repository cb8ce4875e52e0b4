"""`python -m fmselect` is `fmselect`."""

from fmselect.cli.app import main

main()
