"""The marks of tests that boot real hosts: run in strict mode or when asked for, else named loudly."""

from __future__ import annotations

import os

import pytest

from tests.conftest import STRICT

on_a_real_host = [
    pytest.mark.needs("root", "debootstrap", "nspawn", "gcc", "ip"),
    pytest.mark.skipif(
        not STRICT and not os.environ.get("READINESS_LAB"),
        reason="NOT RUN: the lab boots real hosts for minutes: make lab, or READINESS_LAB=1",
    ),
    pytest.mark.timeout(2400),
]
