"""An open launch: its session on disk, its checklist, its hosts. The TUI and the CLI share it."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from readiness_tui import settings
from readiness_tui.assessment import Assessment, utc_now
from readiness_tui.checklist.find import find
from readiness_tui.checklist.prepared import prepared
from readiness_tui.collectors import catalog
from readiness_tui.engine.batches import batches
from readiness_tui.engine.events import Event, OutcomeFound, Replied
from readiness_tui.errors import ReadinessError, UsageError
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.inventory import VANTAGES
from readiness_tui.model.outcome import Cause, Outcome
from readiness_tui.model.probe import Reply
from readiness_tui.model.session import ChecklistRef, Session
from readiness_tui.rules import edits
from readiness_tui.rules.former_ids import migrate
from readiness_tui.rules.probing import plan
from readiness_tui.rules.probing.durations import durations
from readiness_tui.rules.probing.plan import Plan
from readiness_tui.signing.verify import Checker
from readiness_tui.store import allow
from readiness_tui.store.checklists import keep, place
from readiness_tui.store.lock import Lock, Owner, acquire
from readiness_tui.store.recording import Recording
from readiness_tui.store.sessions import Sessions

if TYPE_CHECKING:
    from readiness_tui.engine.run import Run
    from readiness_tui.transports.pool import Connections
    from readiness_tui.transports.ssh.unlocked_keys import UnlockedKeys

BATCH_S = 0.1
"""Seconds during which outcomes are collected before they are applied as one change."""


def load_checklist(name: str) -> Checklist:
    """Load a checklist by its id or path. Raises ChecklistError or UsageError."""
    path = find(name)
    if (known := prepared(path)) is None:
        # Reading YAML imports every probe kind, which takes most of the time of opening a launch.
        from readiness_tui.checklist.read import read
        from readiness_tui.probes import registry

        known = read(path, kinds=registry.schemas())
    return known.model_copy(update={"collectors": catalog.fingerprint()})


def reference(checklist: Checklist) -> ChecklistRef:
    """The session's reference to its checklist; for a built-in checklist the id without a path."""
    return ChecklistRef(
        id=checklist.id,
        version=checklist.version,
        digest=checklist.digest,
        source="" if checklist.builtin else checklist.source,
    )


def _checklist_of(sessions: Sessions, session: Session, *, newest: bool) -> Checklist:
    """The checklist to read a day with: the current one for the newest day, the kept copy for an earlier
    one.

    The newest session is judged by the checklist as it is now. Sign-offs over another checklist then do
    not count, because the seal covers the checklist's digest.
    """
    copy = place(sessions.folder_of(session.launch), session.checklist.digest)
    if not newest and copy.exists():
        return load_checklist(str(copy))
    return load_checklist(session.checklist.source or session.checklist.id)


def _assessment(
    checklist: Checklist,
    session: Session,
    operator: str,
    clock: Callable[[], datetime],
    check: Checker,
    *,
    read_only: str = "",
) -> Assessment:
    return Assessment(
        checklist,
        session,
        operator=operator,
        read_only=read_only,
        clock=clock,
        check=check,
        check_waiver=check.waiver,
    )


def begin(sessions: Sessions, session: Session, checklist: Checklist) -> Path:
    """Create a launch with its first session. Returns the path of the session file.

    Raises SessionError if the launch exists or cannot be written.
    """
    path = sessions.create(session)
    keep(path.parent, checklist.digest, Path(checklist.source))
    return path


class Launch:
    """An open launch: its assessment, and its connections, which are kept between runs.

    held_by: the owner of the lock while the launch is read-only here. read: the session as it was read,
    without the edits made since.
    """

    def __init__(self, sessions: Sessions, assessment: Assessment, lock: Lock | None = None) -> None:
        self.sessions = sessions
        self.assessment = assessment
        self.held_by: Owner | None = None
        self.read = assessment.session
        self._lock = lock
        self._opened: Connections | None = None
        self._unlocked_keys: UnlockedKeys | None = None

    @classmethod
    def open(
        cls,
        sessions: Sessions,
        name: str,
        *,
        day: date | None = None,
        operator: str = "",
        today: date | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> Launch:
        """Open a launch: a named day read-only, else today's session for editing, carried over if it is new.

        An editable launch is locked until `close`. Raises SessionError (also when another process holds
        the lock), ChecklistError or UsageError (no such launch or day).
        """
        check = Checker(sessions.folder_of(name), settings.load().signers)
        if day is not None:
            session = sessions.load(name, day)
            checklist = _checklist_of(sessions, session, newest=day == sessions.days(name)[-1])
            if checklist.digest != session.checklist.digest:  # sign-offs over another must not count
                session = session.model_copy(update={"checklist": reference(checklist)})
            seen, why = migrate(checklist, session), f"the session of {day}"
            return cls(sessions, _assessment(checklist, seen, operator, clock, check, read_only=why))
        if not sessions.days(name):
            sessions.load(name)  # raises if there is no such launch, before the lock is made
        lock = acquire(sessions.folder_of(name), operator or "somebody")
        try:
            session = sessions.today(name, today or date.today(), operator)
            checklist = load_checklist(session.checklist.source or session.checklist.id)
            keep(sessions.folder_of(name), checklist.digest, Path(checklist.source))
        except ReadinessError:
            lock.release()
            raise
        if operator and session.operator != operator:  # offered when the launch is opened next
            session = session.model_copy(update={"operator": operator})
        if checklist.digest != session.checklist.digest:
            session = session.model_copy(update={"checklist": reference(checklist)})
        session = migrate(checklist, session)
        return cls(sessions, _assessment(checklist, session, operator, clock, check), lock)

    @property
    def taken_over(self) -> Owner | None:
        """The owner of an abandoned lock that was taken over, if any."""
        return self._lock.taken_over if self._lock is not None else None

    def plan(self, *, only: Sequence[str] = (), hosts: Sequence[str] = ()) -> Plan:
        """Every ask on every host. Raises UsageError for a host or glob that matches nothing."""
        session, checklist = self.assessment.session, self.assessment.checklist
        known = {host.name for host in session.hosts} | set(VANTAGES)
        if unknown := [name for name in hosts if name not in known]:
            raise UsageError(
                f"no host {unknown[0]!r} in launch {session.launch}",
                hint="its hosts: " + ", ".join(sorted(known)),
            )
        from readiness_tui.probes import registry  # imports every probe kind; the first screen needs none

        made = plan.make(checklist, session, registry.build, only=only, hosts=hosts)
        if only and not plan.wanted(checklist, only):
            raise UsageError(f"no item with a probe matches {', '.join(only)}")
        if hosts and not made.checks:
            raise UsageError(f"no probe runs on {', '.join(hosts)}", hint="check the roles of the hosts")
        return made

    def run(self, made: Plan) -> Run:
        """Create a run of the plan over this launch's connections. It does not start yet.

        Raises UsageError for a checklist or an address that the operator did not enter and has not
        allowed.
        """
        checklist = self.assessment.checklist
        if not (checklist.builtin or allow.allowed(checklist.digest)):
            raise UsageError(
                f"the checklist {checklist.source} is not allowed to run probes yet",
                hint=f"review its plan, then run: readiness checklist allow {shlex.quote(checklist.source)}",
            )
        from readiness_tui.engine.run import Run

        for host in made.hosts.values():
            if not allow.address_allowed(host.address):
                raise UsageError(
                    f"the address of host {host.name} is not allowed to run on this machine: {host.address}",
                    hint="it came from another machine. If you trust it, run: "
                    f"readiness host {shlex.quote(self.assessment.session.launch)} allow {host.name}",
                )
        session = self.assessment.session
        return Run(made, self._connections(), durations=lambda target: durations(session, target))

    def unlock_with(self, unlocked_keys: UnlockedKeys) -> None:
        """Use `unlocked_keys` for key files with a passphrase. Call it before the first run."""
        self._unlocked_keys = unlocked_keys
        if self._opened is not None:
            self._opened.unlocked_keys = unlocked_keys

    @property
    def unlocked_keys(self) -> UnlockedKeys:
        """What unlocks key files with a passphrase."""
        if self._unlocked_keys is None:
            from readiness_tui.transports.ssh.unlocked_keys import UnlockedKeys

            self._unlocked_keys = UnlockedKeys()
        return self._unlocked_keys

    def _connections(self) -> Connections:
        """The connections, created on first use and kept between runs."""
        from readiness_tui.transports.pool import Connections

        if self._opened is None:
            self._opened = Connections()
            if self._unlocked_keys is not None:
                self._opened.unlocked_keys = self._unlocked_keys
        return self._opened

    async def probe(self, run: Run) -> AsyncGenerator[Event, None]:
        """Start the run and yield its events, applying its outcomes to the assessment.

        Outcomes are applied in batches every BATCH_S seconds, before their events are yielded. The
        replies are recorded at the end. A cancelled check keeps the outcome that was known.
        """
        replies: list[Reply] = []
        concerned = _concerned(run.plan)
        try:
            async with aclosing(batches(run.events(), BATCH_S)) as gathered:
                async for batch in gathered:
                    self._apply(batch, concerned)
                    replies.extend(event.reply for event in batch if isinstance(event, Replied))
                    for event in batch:
                        yield event
        finally:
            recording = Recording.beside(self.sessions.path(self.assessment.session))
            await asyncio.to_thread(recording.add, replies)  # a long recording would block the event loop

    def _apply(self, batch: Sequence[Event], concerned: dict[str, tuple[str, ...]]) -> None:
        outcomes: dict[str, dict[str, Outcome]] = {}
        for event in batch:
            if isinstance(event, OutcomeFound) and event.outcome.cause is not Cause.CANCELLED:
                outcomes.setdefault(event.item, {})[event.target] = event.outcome
        if outcomes:
            self.assessment.apply(edits.SetOutcomes(outcomes, concerned))

    async def close(self) -> None:
        """Close every connection and release the lock."""
        await self.close_connections()
        self.release()

    async def close_connections(self) -> None:
        """Close every connection; the lock is kept."""
        if self._opened is not None:
            await self._opened.close()

    def release(self) -> None:
        """Release the lock. Safe to call twice. Use `close` when connections may be open."""
        if self._lock is not None:
            self._lock.release()


def _concerned(made: Plan) -> dict[str, tuple[str, ...]]:
    """The plan's targets by item; empty when the run was limited to some hosts."""
    targets: dict[str, tuple[str, ...]] = {}
    for check in made.checks:
        targets[check.item] = (*targets.get(check.item, ()), check.target)
    return targets if made.complete else {}
