"""What a run costs the client with the screen: checks on many hosts in the real TUI, without a terminal."""

from __future__ import annotations

import asyncio
import os
import tempfile
from datetime import date
from pathlib import Path

from benchmarks.lab import Lab
from benchmarks.measuring import NotRunError, processor_s
from readiness_tui.launch import begin, load_checklist, reference
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Verdict
from readiness_tui.model.session import Session
from readiness_tui.store import allow
from readiness_tui.store.sessions import Sessions
from readiness_tui.tui.app import ReadinessApp
from readiness_tui.tui.walk.screen import WalkScreen

_LOOK_S = 0.02
"""Seconds between looks whether the screen is ready, and whether the run is over."""

SETTLE_S = 1.0
"""Seconds that the program may take to load what it loads behind the first screen."""

_HEAD = """\
id: screen
title: Checks
version: 1
roles: [{id: technical, title: Technical}]
sections:
  - id: all
    title: All
    groups:
      - id: checks
        title: Checks
        items:
"""
_ITEM = """\
          - id: all.checks.number-{number}
            text: Check {number} passes
            mode: auto
            severity: minor
            role: technical
            why: It is asked.
            how: Ask.
            probe:
              kind: command
              where: [app]
              run: ["true{number} --version"]
              pass: {{failed: {{empty: true}}}}
"""


async def screened(lab: Lab, checks: int, hosts: int) -> float:
    """Processor seconds for each host, connecting and the screen's work included.

    Raises NotRunError when a check did not pass on every host.
    """
    with tempfile.TemporaryDirectory(prefix="readiness-bench-") as name:
        folder = Path(name)
        os.environ |= {"XDG_STATE_HOME": name, "READINESS_SSH_CONFIG": str(lab.ssh_config)}
        source = folder / "screen.yaml"
        source.write_text(_HEAD + "".join(_ITEM.format(number=number) for number in range(checks)))
        allow.allow(load_checklist(str(source)).digest, source)
        await _run(folder, source, "first", lab.alias, 1)  # what is loaded once is not counted
        return await _run(folder, source, "many", lab.alias, hosts) / hosts


async def _run(folder: Path, source: Path, launch: str, alias: str, hosts: int) -> float:
    """Processor seconds of one run of everything in the walk."""
    checklist, sessions = load_checklist(str(source)), Sessions(folder / "sessions")
    named = tuple(Host(name=f"h{number}", address=alias, roles=("app",)) for number in range(hosts))
    work = Session(
        launch=launch, day=date.today(), checklist=reference(checklist), operator="bench", hosts=named
    )
    begin(sessions, work, checklist)
    app = ReadinessApp(sessions.folder, launch=launch, operator="bench")
    async with app.run_test(size=(140, 40)) as pilot:
        while not (isinstance(app.screen, WalkScreen) and app.screen.list.keys):
            await asyncio.sleep(_LOOK_S)
        screen = app.screen
        await asyncio.sleep(SETTLE_S)
        began = processor_s()
        await pilot.press("P")
        while screen.workspace.prober.busy:
            await asyncio.sleep(_LOOK_S)
        spent = processor_s() - began
        records = screen.workspace.launch.assessment.session.items.values()
        passed = [found.verdict is Verdict.PASS for record in records for found in record.outcomes.values()]
    if passed.count(True) != hosts * len(checklist.items):
        raise NotRunError(f"{passed.count(True)} of {hosts * len(checklist.items)} checks passed on screen")
    return spent
