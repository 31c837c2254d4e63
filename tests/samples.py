"""A small checklist and its sessions, for tests that need no more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.checklist import Checklist, Item
from readiness_tui.model.outcome import Cause, Outcome, Verdict
from readiness_tui.model.session import ChecklistRef, Record, Session

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def item(item_id: str, **extra: object) -> Item:
    """A minor manual item; `extra` changes what matters to the test."""
    plain = {
        "id": item_id,
        "text": f"Text of {item_id}",
        "mode": "manual",
        "severity": "minor",
        "role": "technical",
        "why": "It matters.",
        "how": "Look.",
    }
    return Item.model_validate(plain | extra)


def probed(item_id: str, **extra: object) -> Item:
    """An automatic blocker with a probe on every host."""
    probe = {"kind": "host", "where": ["all"], "pass": {"cpus": {"ge": 1}}}
    return item(item_id, mode="auto", severity="blocker", probe=probe, fresh="24h", **extra)


def checklist(*items: Item, **extra: object) -> Checklist:
    """One section and group with these items, and one role that signs."""
    return Checklist.model_validate(
        {
            "id": "sample",
            "title": "Sample",
            "version": 1,
            "unsigned": True,
            "roles": [{"id": "technical", "title": "Technical Lead"}],
            "sections": [
                {"id": "one", "title": "One", "groups": [{"id": "a", "title": "A", "items": list(items)}]}
            ],
        }
        | extra
    )


def session(records: dict[str, Record] | None = None, **extra: object) -> Session:
    """A session of one host, with these records."""
    plain: dict[str, object] = {
        "launch": "demo",
        "day": date(2026, 11, 24),
        "checklist": ChecklistRef(id="sample", version=1, digest="sha256:0"),
        "operator": "ana",
        "hosts": [{"name": "web", "address": "local", "roles": ["app"]}],
        "items": records or {},
    }
    return Session.model_validate(plain | extra)


def answered(item: Item, answer: AnswerKind = AnswerKind.DONE, **extra: object) -> Record:
    """A record of an answer given now to the item's present text."""
    plain = {"text": item.digest, "answer": answer, "by": "ana", "at": NOW}
    return Record.model_validate(plain | extra)


def outcome(verdict: Verdict, evidence: str = "seen", ago: timedelta = timedelta(0)) -> Outcome:
    """An outcome of that verdict, asked that long ago."""
    cause = Cause.DENIED if verdict is Verdict.UNKNOWN else None
    return Outcome(verdict=verdict, cause=cause, evidence=evidence, asked_at=NOW - ago)
