"""A launch over several days, and a checklist edited meanwhile: nothing is lost, each thing has its age."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from readiness_tui.errors import UsageError
from readiness_tui.launch import Launch, load_checklist, reference
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.model.session import Session
from readiness_tui.rules import edits
from readiness_tui.rules.standing import Standing
from readiness_tui.store.sessions import Sessions
from tests.samples import NOW

SECTION = """\
  - id: {section}
    title: Section {section}
    groups:
      - id: group
        title: Group
        items:
          - id: {section}.group.item
            text: "{text}"
            mode: {mode}
            severity: blocker
            role: technical
            why: It matters.
            how: Look.
{more}
"""
PROBED = "probe: {kind: host, where: [all], pass: {cpus: {ge: 1}}}\n            fresh: 24h"
A, B, C = "a.group.item", "b.group.item", "c.group.item"


def write(path: Path, *sections: tuple[str, str]) -> None:
    """A checklist of one item a section; that of `a` has a probe, the others are valid for 90 days."""
    text = "id: days\ntitle: Days\nversion: 1\nroles: [{id: technical, title: Lead}]\nsections:\n"
    for section, said in sections:
        mode, more = ("auto", PROBED) if section == "a" else ("manual", "valid: 90d")
        text += SECTION.format(section=section, text=said, mode=mode, more="            " + more)
    path.write_text(text)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The checklist's file."""
    write(path := tmp_path / "days.yaml", ("a", "Probed"), ("b", "Answered"), ("c", "Answered too"))
    return path


@pytest.fixture
def sessions(tmp_path: Path, path: Path) -> Sessions:
    """A launch on its first day: one item probed, two answered, one with a note."""
    sessions = Sessions(tmp_path / "sessions")
    sessions.create(
        Session(
            launch="days",
            day=NOW.date(),
            checklist=reference(load_checklist(str(path))),
            operator="ana",
            hosts=(Host(name="web", address="local"),),
        )
    )
    launch = opened(sessions, NOW, "ana")
    seen = Outcome(verdict=Verdict.PASS, evidence="4 cpus", asked_at=NOW)
    work = launch.assessment
    for edit in (
        edits.SetOutcomes({A: {"web": seen}}, {}),
        edits.SetAnswer(B, AnswerKind.DONE),
        edits.SetNote(B, "by hand"),
        edits.SetAnswer(C, AnswerKind.DONE),
    ):
        work.apply(edit)
    assert [one.standing for one in work.standings().values()] == [Standing.READY] * 3
    sessions.save(work.session)
    launch.release()
    return sessions


def opened(sessions: Sessions, now: datetime, who: str = "lee") -> Launch:
    """The launch, opened at that moment."""
    return Launch.open(sessions, "days", operator=who, today=now.date(), clock=lambda: now)


def test_the_next_day_carries_all_and_only_what_is_too_old_is_stale(sessions: Sessions) -> None:
    later = NOW + timedelta(hours=25)
    work = opened(sessions, later).assessment
    results = work.standings()
    assert (work.session.day, work.session.carried_from) == (later.date(), NOW.date())
    assert work.session.record(A).outcomes["web"].asked_at == NOW
    assert (results[A].standing, results[B].standing) == (Standing.STALE, Standing.READY)
    assert (work.session.record(B).by, work.session.record(B).at) == ("ana", NOW)
    assert work.session.record(B).note == "by hand"


def test_months_later_the_answers_are_too_old_by_themselves(sessions: Sessions) -> None:
    found = opened(sessions, NOW + timedelta(days=91)).assessment.standings()
    assert [one.standing for one in found.values()] == [Standing.STALE] * 3


def test_an_earlier_day_takes_no_edit(sessions: Sessions) -> None:
    opened(sessions, NOW + timedelta(days=1)).release()
    earlier = Launch.open(sessions, "days", day=NOW.date(), operator="lee")
    with pytest.raises(UsageError, match="read-only"):
        earlier.assessment.apply(edits.SetNote(B, "late"))


def test_sections_reordered_and_renamed_lose_nothing_and_a_new_word_reopens_that_item_alone(
    sessions: Sessions, path: Path
) -> None:
    write(path, ("c", "Answered too"), ("b", "Answered!"), ("a", "Probed"))
    path.write_text(path.read_text().replace("title: Section c", "title: Renamed"))
    work = opened(sessions, NOW + timedelta(hours=1)).assessment
    results = work.standings()
    assert {key: one.standing for key, one in results.items()} == {
        C: Standing.READY,
        B: Standing.STALE,
        A: Standing.READY,
    }
    assert "text changed" in results[B].reason
    assert work.session.record(B).note == "by hand"
