"""How tests drive the screens: keys, waiting for a condition, and the little launch they walk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from textual.pilot import Pilot

from readiness_tui.launch import load_checklist, reference
from readiness_tui.model.inventory import Host
from readiness_tui.model.session import Session
from readiness_tui.store import allow
from readiness_tui.store.sessions import Sessions
from readiness_tui.tui.app import ReadinessApp
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.walk.screen import WalkScreen
from readiness_tui.tui.widgets.bar import Status
from readiness_tui.tui.widgets.item_list import ItemList

DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
FIRST = "infrastructure.server.first"
SECOND = "infrastructure.server.second"
MISSING = "infrastructure.server.missing"
AGAIN = "infrastructure.network.again"
DOMAINS = "infrastructure.network.domains"
RESTORED = "database.backup.restored"
OFFSITE = "database.backup.offsite"
MFA = "security.access.mfa"
APPROVAL = "security.approval.security"

PATIENCE_S = 20.0


class Gates:
    """Programs that a probe runs; each ends when the test opens it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        folder.chmod(0o755)
        for name in ("gate-1", "gate-2"):
            program = folder / name
            program.write_text(
                "#!/bin/sh\n"
                f"echo asked > {program}.asked\n"
                f"while [ ! -e {program}.open ]; do sleep 0.02; done\n"
                f"echo 7.{name[-1]}\n"
            )
            program.chmod(0o755)

    def open(self, name: str) -> None:
        """Let it end."""
        (self.folder / f"{name}.open").touch()

    def asked(self, name: str) -> bool:
        """The probe has begun."""
        return (self.folder / f"{name}.asked").exists()


def small_checklist(folder: Path, gates: Path) -> Path:
    """The small checklist as a file of its own, allowed to run."""
    path = folder / "small.yaml"
    path.write_text(Path(__file__).with_name("small.yaml").read_text().replace("GATES", str(gates)))
    allow.allow(load_checklist(str(path)).digest, path)
    return path


def begin(
    sessions: Path, checklist: Path | str, *, name: str = "pay", hosts: tuple[str, ...] = ()
) -> Session:
    """The first session of a launch, on disk."""
    found = load_checklist(str(checklist))
    session = Session(
        launch=name,
        day=DAY,
        checklist=reference(found),
        operator="ana",
        hosts=tuple(Host.parse(line) for line in hosts or ("this=local,app,db",)),
    )
    Sessions(sessions).create(session)
    return session


def app_on(sessions: Path, launch: str | None = None, *, day: date | None = None) -> ReadinessApp:
    """The program, its clock standing still."""
    return ReadinessApp(
        sessions, launch=launch, day=day, operator="ana", clock=lambda: NOW, today=lambda: DAY
    )


async def until(pilot: Pilot[None], met: Callable[[], bool], what: str = "it") -> None:
    """Wait until a condition is met; fail when it never is."""
    async with asyncio.timeout(PATIENCE_S):
        while not met():
            await pilot.pause(0.01)
    await pilot.pause()


async def typed(pilot: Pilot[None], text: str) -> None:
    """Type a text, key by key."""
    for char in text:
        await pilot.press({" ": "space", ".": "full_stop", "-": "minus", ":": "colon"}.get(char, char))


async def walk(pilot: Pilot[None]) -> WalkScreen:
    """The walk, once it stands and is drawn."""
    app = pilot.app
    await until(pilot, lambda: bool(app.screen.query(ItemList)) and bool(app.screen.query_one(ItemList).keys))
    assert isinstance(app.screen, WalkScreen)
    return app.screen


def on_disk(sessions: Path, name: str = "pay") -> Session:
    """What the file says."""
    return Sessions(sessions).load(name)


def said(screen: CommandScreen) -> str:
    """What the bar says."""
    return screen.query_one(Status).texts[0]
