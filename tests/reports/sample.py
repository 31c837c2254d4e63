"""One small checklist and a session in which every standing occurs, and hostile words with them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from readiness_tui.model.answer import AnswerKind, Decision, Evidence, Signoff, Waiver
from readiness_tui.model.checklist import (
    Checklist,
    Derivation,
    Group,
    Item,
    Mode,
    Phase,
    ProbeSpec,
    Section,
    Severity,
    SignoffRole,
)
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Cause, Outcome, Verdict
from readiness_tui.model.session import ChecklistRef, Record, Session
from readiness_tui.rules.decision.page import seal
from readiness_tui.rules.decision.review import Review, review

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=1)
PROBE = ProbeSpec(kind="sshd", where=("app",))

HOSTILE = (
    "<script>alert(1)</script> **bold** [x](javascript:alert(1)) `code` "
    "| cell | \x1b[31mred\u202e www.evil.example"
)


def item(
    name: str,
    text: str,
    mode: Mode = Mode.MANUAL,
    severity: Severity = Severity.MAJOR,
    *,
    role: str = "operations",
    phase: Phase = Phase.LAUNCH,
    derive: Derivation | None = None,
) -> Item:
    return Item(
        id=name,
        text=text,
        mode=mode,
        severity=severity,
        role=role,
        phase=phase,
        why="Because.",
        how="Look.",
        valid=timedelta(days=30),
        derive=derive,
        probe=PROBE if mode in (Mode.AUTO, Mode.ASSIST) else None,
    )


SERVER = (
    item("server.ssh.root", "Root login disabled", Mode.AUTO, Severity.BLOCKER, role="security"),
    item("server.ssh.keys", "Keys only (see `sshd_config`)", Mode.AUTO),
    item("server.ssh.ntp", "Time right (<200ms off)", Mode.AUTO),
    item("server.ssh.motd", "Greeting decided", Mode.ASSIST, Severity.MINOR),
    item("server.ssh.users", "Users known", Mode.AUTO),
)
PAPER = (
    item("paper.run.book", "Runbook written", severity=Severity.BLOCKER),
    item("paper.run.map", "Map drawn"),
    item("paper.run.load", "Load tested (if needed)"),
    item("paper.run.spare", "Spare parts", severity=Severity.MINOR),
    item("paper.run.old", "Old paper read"),
    item("paper.run.later", "Look again", phase=Phase.WEEK),
    item("paper.run.yes", "Operations approval", Mode.DERIVED, Severity.BLOCKER, derive=Derivation.APPROVAL),
)
CHECKLIST = Checklist(
    id="small",
    title="Small Checklist",
    version=3,
    roles=(
        SignoffRole(id="operations", title="Operations Lead"),
        SignoffRole(id="security", title="Security Lead"),
    ),
    sections=(
        Section(id="server", title="Server", groups=(Group(id="ssh", title="SSH", items=SERVER),)),
        Section(id="paper", title="Paper", groups=(Group(id="run", title="Running", items=PAPER),)),
    ),
    unsigned=True,
    digest="sha256:" + "0" * 64,
)


def outcome(verdict: Verdict, evidence: str, cause: Cause | None = None) -> Outcome:
    return Outcome(verdict=verdict, cause=cause, evidence=evidence, asked_at=EARLIER, took_ms=41)


def answered(name: str, answer: AnswerKind, reason: str = "", at: datetime = EARLIER) -> Record:
    return Record(text=CHECKLIST.items[name].digest, answer=answer, reason=reason, by="ana", at=at)


def _records(words: str) -> dict[str, Record]:
    passed, failed = outcome(Verdict.PASS, "PermitRootLogin no"), outcome(Verdict.FAIL, words[:120])
    unknown = outcome(Verdict.UNKNOWN, "not permitted to read shadow", Cause.DENIED)
    waiver = Waiver(
        reason="replaced next week",
        owner="ana",
        approver="bo",
        expires=date(2026, 12, 1),
        by="ana",
        at=EARLIER,
    )
    book = answered("paper.run.book", AnswerKind.DONE)
    return {
        "server.ssh.root": Record(outcomes={"web": passed, "db": failed}),
        "server.ssh.keys": answered("server.ssh.keys", AnswerKind.DONE, words).model_copy(
            update={"outcomes": {"web": failed}}
        ),
        "server.ssh.ntp": Record(outcomes={"web": passed, "db": unknown}),
        "server.ssh.users": Record(waiver=waiver, outcomes={"web": failed, "db": passed}),
        "paper.run.book": book.model_copy(
            update={
                "note": f"{words}\n\n# not a heading\n```\nnot a fence",
                "evidence": (
                    Evidence(url="https://wiki.example/runbook?a=1&b=2", as_of=date(2026, 11, 20)),
                    Evidence(url=f"javascript:alert(1)//{words}"),
                    Evidence(path="proof/`run`.pdf", sha256="sha256:" + "a" * 64),
                ),
            }
        ),
        "paper.run.load": answered("paper.run.load", AnswerKind.NOT_APPLICABLE, words),
        "paper.run.old": answered("paper.run.old", AnswerKind.DONE, at=NOW - timedelta(days=40)),
    }


def session(words: str = HOSTILE, *, signed: bool = True) -> Session:
    """The sample session, `words` wherever a person or a host can put words."""
    hosts = (
        Host(name="web", address="ana@192.0.2.1:22", roles=("app",)),
        Host(name="db", address="local", roles=("app",)),
    )
    made = Session(
        launch="payments-2.4",
        day=date(2026, 11, 24),
        checklist=ChecklistRef(id="small", version=3, digest=CHECKLIST.digest),
        operator="ana",
        launch_at=datetime(2026, 11, 27, 6, 0, tzinfo=UTC),
        hosts=hosts,
        items=_records(words),
        notes=f"Free notes.\n{words}\n---\n````\n",
    )
    if not signed:
        return made
    by = Signoff(
        role="operations",
        who="bo",
        decision=Decision.GO_WITH_CONDITIONS,
        conditions=words,
        at=EARLIER,
        seal=seal(CHECKLIST, made),
    )
    earlier = Signoff(role="security", who="cy", decision=Decision.GO, at=EARLIER, seal="sha256:" + "f" * 64)
    return made.model_copy(update={"signoffs": (by, earlier)})


def reviewed(held: Session | None = None) -> Review:
    """The sample session (or another one) as reports take it."""
    return review(CHECKLIST, session() if held is None else held, NOW)
