"""The marks of tests that boot real hosts: run in strict mode or when asked for, else named as not run."""

from __future__ import annotations

import pytest

on_a_real_host = [
    pytest.mark.needs("lab", "root", "debootstrap", "nspawn", "gcc", "ip"),
    pytest.mark.timeout(2400),
]
