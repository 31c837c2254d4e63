"""Probe kinds: one a file, found by directory and by entry point.

Importing this package loads no kind; the first call of `kinds`, `schemas` or `build` does.
"""

from readiness_tui.probes.registry import build, kinds, schemas

__all__ = ["build", "kinds", "schemas"]
