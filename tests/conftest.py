"""Settings of all tests."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("fmselect", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.register_profile("quick", deadline=None, max_examples=10)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fmselect"))
