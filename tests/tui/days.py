"""A launch of three days on disk: what was true, what broke, what was mended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from readiness_tui.launch import Launch, load_checklist, reference
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Cause, Outcome, Verdict
from readiness_tui.model.session import Session
from readiness_tui.rules import edits
from readiness_tui.store.sessions import Sessions
from tests.tui.driving import DAY, FIRST, MFA, MISSING, NOW, OFFSITE, RESTORED, SECOND

FIRST_DAY, SECOND_DAY = DAY - timedelta(days=3), DAY - timedelta(days=1)
REVIEWED = "security.access.reviewed"


def outcome(
    verdict: Verdict, evidence: str, cause: Cause | None = None, *, at: datetime = NOW - timedelta(minutes=4)
) -> Outcome:
    """What a probe found a little while ago."""
    return Outcome(verdict=verdict, evidence=evidence, cause=cause, asked_at=at, took_ms=41)


def walked(sessions: Path, checklist: Path, name: str = "pay") -> None:
    """Three days: a first look, a better one, and today, when two things broke."""
    store = Sessions(sessions)
    found = load_checklist(str(checklist))
    hosts = tuple(Host.parse(line) for line in ("web-1=local,app", "web-2=local,app"))
    then = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, 16, 40, tzinfo=UTC)
    session = Session(launch=name, day=FIRST_DAY, checklist=reference(found), operator="ana", hosts=hosts)
    store.create(session)
    fine, slow = outcome(Verdict.PASS, "gate-1 7.1", at=then), outcome(Verdict.FAIL, "gate-2 5.9", at=then)
    absent = outcome(Verdict.FAIL, "nowhere is absent", at=then)
    _work(
        store,
        name,
        then,
        edits.SetOutcomes({FIRST: {"web-1": fine, "web-2": fine}, SECOND: {"web-1": slow}}, {}),
        edits.SetOutcomes({MISSING: {"web-1": absent, "web-2": absent}}, {}),
        edits.SetAnswer(RESTORED, AnswerKind.DONE),
    )
    later = then + timedelta(days=2)
    _work(
        store,
        name,
        later,
        edits.SetOutcomes({FIRST: {"web-1": outcome(Verdict.PASS, "gate-1 7.1", at=later)}}, {}),
        edits.SetOutcomes({FIRST: {"web-2": outcome(Verdict.PASS, "gate-1 7.1", at=later)}}, {}),
        edits.SetAnswer(MFA, AnswerKind.DONE),
        edits.SetNote(MFA, "tried from a fresh [b]browser[/b]"),
    )
    refused = outcome(Verdict.UNKNOWN, "no route to host", Cause.UNREACHABLE)
    _work(
        store,
        name,
        NOW,
        edits.SetOutcomes({FIRST: {"web-1": outcome(Verdict.PASS, "gate-1 7.1"), "web-2": refused}}, {}),
        edits.SetOutcomes({SECOND: {"web-1": outcome(Verdict.PASS, "gate-2 7.2")}}, {}),
        edits.SetOutcomes({SECOND: {"web-2": outcome(Verdict.PASS, "gate-2 7.2")}}, {}),
        edits.SetAnswer(RESTORED, AnswerKind.NOT_DONE, "the drill failed: no key"),
        edits.SetAnswer(OFFSITE, AnswerKind.DONE),
        edits.SetNote(MFA, "tried again from the bastion"),
    )


def _work(store: Sessions, name: str, now: datetime, *changes: edits.Edit) -> None:
    """Open the launch on that day, change it, save it, leave it."""
    launch = Launch.open(store, name, operator="ana", today=now.date(), clock=lambda: now)
    for change in changes:
        launch.assessment.apply(change)
    store.save(launch.assessment.session)
    launch.release()
