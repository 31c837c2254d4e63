"""`python -m benchmarks.walking`: opening, walking and saving launches of three sizes in the real TUI.

The screens run without a terminal, driven key by key. What is asked is whether anything freezes: an event
loop that wants to wake every few milliseconds says by how much it was late while a key was being served.
Beside each size, in the same run, stand `tomllib` and PyYAML alone on the same two files.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import statistics
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from textual.pilot import Pilot

from benchmarks.saving import NOW, session
from readiness_tui.launch import load_checklist, reference
from readiness_tui.model.session import Record
from readiness_tui.store.sessions import Sessions
from readiness_tui.tui.app import ReadinessApp
from readiness_tui.tui.screens.walk import WalkScreen

SIZES = ((209, 3), (1_000, 10), (5_000, 10))
"""Items and hosts: the built-in checklist's, and how it grows."""

PROBED = 5
"""Every so-manieth item has a probe: a checklist of 5,000 is then just within what the reader takes."""

TICK_S = 0.002
"""Seconds that the watch of the loop sleeps."""

ROLES = ("technical", "operations", "security", "product")

ITEM = """\
          - id: section-{section}.group-{group}.item-{number}
            text: "Item {number} of the benchmark holds on every host"
            mode: {mode}
            severity: {severity}
            role: technical
            why: "Without it the launch would not survive its first night."
            how: "Look at page {number} of the handbook."
"""
PROBE = """\
            probe: {kind: command, where: [app], run: [sh], pass: {absent: {empty: true}}}
"""
APPROVAL = """\
          - id: approval.leads.{role}
            text: "{role} approves"
            mode: derived
            derive: approval
            severity: major
            role: {role}
            why: "Somebody answers for it."
            how: "The sign-off."
"""


def checklist(items: int) -> str:
    """A checklist of so many items, some with a probe, in sections of 50 and groups of 10."""
    lines = ["id: bench", "title: A large checklist", "version: 1", "roles:"]
    lines += [f"  - {{id: {role}, title: {role}}}" for role in ROLES]
    lines += ["sections:"]
    for number in range(items):
        section, group = number // 50, number // 10
        if number % 50 == 0:
            lines += [f"  - id: section-{section}", f"    title: Section {section}", "    groups:"]
        if number % 10 == 0:
            lines += [f"      - id: group-{group}", f"        title: Group {group}", "        items:"]
        severity = ("blocker", "major", "minor")[number % 3]
        mode = "manual" if number % PROBED else "auto"
        lines.append(
            ITEM.format(section=section, group=group, number=number, mode=mode, severity=severity).rstrip()
        )
        lines += [] if number % PROBED else [PROBE.rstrip()]
    lines += ["  - id: approval", "    title: Approval", "    groups:", "      - id: leads"]
    lines += ["        title: Leads", "        items:"]
    lines += [APPROVAL.format(role=role).rstrip() for role in ROLES]
    return "\n".join(lines) + "\n"
