"""What the screens say, without a screen: marks, filters, rows, the header, forms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from readiness_tui.display.filters import Query, Subject, View, shown
from readiness_tui.display.marks import (
    DEFERRED,
    MARKS,
    OVER_FAIL,
    OVER_UNKNOWN,
    RUNNING,
    WORD_WIDTH,
    Charset,
    charset,
    cut,
    one_line,
    visible,
)
from readiness_tui.display.rows import RowKind, Running, line, next_open, rows, tally
from readiness_tui.launch import load_checklist
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.outcome import Cause, Outcome, Verdict
from readiness_tui.model.session import Session
from readiness_tui.rules import edits
from readiness_tui.rules.standing import Standing, standings
from readiness_tui.tui.screens.home import since
from readiness_tui.tui.widgets.header import Heading, compose_line
from readiness_tui.tui.widgets.row_text import GLYPH_WIDTH
from readiness_tui.workspace import new_launch
from tests.tui.driving import (
    AGAIN,
    APPROVAL,
    DAY,
    DOMAINS,
    FIRST,
    MISSING,
    NOW,
    OFFSITE,
    RESTORED,
    SECOND,
    begin,
)


@pytest.fixture
def checklist(small: Path) -> Checklist:
    return load_checklist(str(small))


@pytest.fixture
def session(sessions: Path, small: Path) -> Session:
    return begin(sessions, small)


def edited(checklist: Checklist, session: Session, *changes: edits.Edit) -> Session:
    for change in changes:
        session = edits.apply(checklist, session, change, by="ana", now=NOW)
    return session


def outcome(verdict: Verdict, evidence: str = "", cause: Cause | None = None) -> Outcome:
    return Outcome(verdict=verdict, evidence=evidence, cause=cause, asked_at=NOW)


def found(item: str, **outcomes: Outcome) -> edits.SetOutcomes:
    return edits.SetOutcomes({item: outcomes}, {})


def test_no_two_marks_look_the_same() -> None:
    marks = [*MARKS.values(), DEFERRED, RUNNING, OVER_FAIL, OVER_UNKNOWN]
    for look in ("word", "glyph", "ascii"):
        looks = [getattr(mark, look) for mark in marks]
        assert len(looks) == len(set(looks)), look
    assert all(len(mark.glyph) == len(mark.ascii) <= GLYPH_WIDTH for mark in marks)
    assert all(len(mark.column) <= WORD_WIDTH for mark in marks)
    assert all(mark.ascii.isascii() for mark in marks)
    assert set(MARKS) == set(Standing)


@pytest.mark.parametrize(
    ("environ", "ascii_only"),
    [
        ({"LANG": "en_GB.UTF-8", "TERM": "xterm"}, False),
        ({"LANG": "C.utf8", "TERM": "xterm"}, False),
        ({"LANG": "de_DE.ISO-8859-1", "TERM": "xterm"}, True),
        ({"LC_ALL": "C", "LANG": "en_GB.UTF-8", "TERM": "xterm"}, True),
        ({"LANG": "en_GB.UTF-8", "TERM": "linux"}, True),
    ],
)
def test_charset_follows_locale_and_terminal(environ: dict[str, str], ascii_only: bool) -> None:
    assert charset(environ).ascii is ascii_only


def test_hostile_text_is_seen_never_obeyed() -> None:
    assert visible("a\x1b[31mb\x07\u202ec") == "a�[31mb�c".replace("c", "�c")
    assert one_line("two\nlines\tand more") == "two lines and more"
    assert cut("abcdef", 4, Charset()) == "abc…"
    assert cut("abcdef", 4, Charset(ascii=True)) == "abc~"


def test_rows_carry_headings_of_what_they_show(checklist: Checklist) -> None:
    only = rows(checklist, lambda item: item == OFFSITE)
    assert [(row.kind, row.title) for row in only[:2]] == [
        (RowKind.SECTION, "Database"),
        (RowKind.GROUP, "Backup"),
    ]
    assert [row.key for row in only if row.key] == [OFFSITE]
    assert len([row for row in rows(checklist) if row.key]) == len(checklist.items)


@pytest.mark.parametrize(
    ("item", "changes", "expected"),
    [
        (FIRST, [], ("TODO", " ", "")),
        (FIRST, [found(FIRST, this=outcome(Verdict.PASS, "gate 7"))], ("READY", "A", "gate 7")),
        (
            FIRST,
            [found(FIRST, this=outcome(Verdict.UNKNOWN, "", Cause.DENIED))],
            ("UNKNOWN", "A", "denied"),
        ),
        (
            FIRST,
            [found(FIRST, this=outcome(Verdict.FAIL, "shut")), edits.SetAnswer(FIRST, AnswerKind.DONE)],
            ("CONFLICT", "M", "answered done, but this: shut"),
        ),
        (
            FIRST,
            [
                found(FIRST, this=outcome(Verdict.FAIL, "shut")),
                edits.SetAnswer(FIRST, AnswerKind.DONE, "fixed"),
            ],
            ("READY over FAIL", "O", "fixed"),
        ),
        (AGAIN, [found(FIRST, this=outcome(Verdict.PASS, "gate 7"))], ("READY", "A", "gate 7")),
        (RESTORED, [edits.SetAnswer(RESTORED, AnswerKind.NOT_DONE, "no")], ("NOT READY", "M", "no")),
        (RESTORED, [edits.SetAnswer(RESTORED, AnswerKind.DEFERRED)], ("DEFERRED", " ", "deferred")),
        (RESTORED, [edits.SetAnswer(RESTORED, AnswerKind.NOT_APPLICABLE, "none")], ("N/A", "M", "none")),
        (APPROVAL, [], ("TODO", "=", "security has not signed")),
    ],
)
def test_a_row_says_how_it_stands(
    checklist: Checklist,
    session: Session,
    item: str,
    changes: list[edits.Edit],
    expected: tuple[str, str, str],
) -> None:
    now = edited(checklist, session, *changes)
    one = standings(checklist, now, NOW)[item]
    told = line(checklist.items[item], checklist, now, one, None)
    assert (told.mark.word, told.by, told.evidence) == expected


def test_several_hosts_name_the_one_that_fails(checklist: Checklist, session: Session) -> None:
    two = session.model_copy(
        update={"hosts": (new_launch.host("a=local,app"), new_launch.host("b=local,app"))}
    )
    now = edited(
        checklist, two, found(FIRST, a=outcome(Verdict.PASS, "open"), b=outcome(Verdict.FAIL, "shut"))
    )
    one = standings(checklist, now, NOW)[FIRST]
    assert line(checklist.items[FIRST], checklist, now, one, None).evidence == "b shut"


def test_a_running_row_shows_its_seconds(checklist: Checklist, session: Session) -> None:
    one = standings(checklist, session, NOW)[FIRST]
    item = checklist.items[FIRST]
    assert line(item, checklist, session, one, Running(11)).evidence == "11 s"
    assert line(item, checklist, session, one, Running(None)).evidence == "waiting"
    assert line(item, checklist, session, one, Running(None)).mark is RUNNING


def test_next_open_goes_round_and_leaves_deferred_to_the_end(checklist: Checklist, session: Session) -> None:
    order = list(checklist.items)
    now = edited(
        checklist,
        session,
        edits.SetAnswer(SECOND, AnswerKind.DEFERRED),
        *(edits.SetAnswer(item, AnswerKind.DONE) for item in order if item not in (FIRST, SECOND, APPROVAL)),
    )
    items, ready = checklist.items, standings(checklist, now, NOW)
    assert next_open(order, items, ready, MISSING) == FIRST, "the approval is computed"
    assert next_open(order, items, ready, FIRST) == SECOND, "deferred items come last"
    assert next_open(order, items, ready, SECOND, back=True) == FIRST
    refused = edited(checklist, now, edits.SetAnswer(FIRST, AnswerKind.NOT_DONE, "shut"))
    assert next_open(order, items, standings(checklist, refused, NOW), MISSING) == SECOND


def test_tally_counts_what_wants_a_look(checklist: Checklist, session: Session) -> None:
    now = edited(
        checklist,
        session,
        found(FIRST, this=outcome(Verdict.PASS)),
        found(SECOND, this=outcome(Verdict.FAIL)),
        found(MISSING, this=outcome(Verdict.UNKNOWN, "", Cause.TIMEOUT)),
        edits.SetAnswer(SECOND, AnswerKind.DONE),
        edits.SetAnswer(DOMAINS, AnswerKind.DEFERRED),
    )
    count = tally(checklist.sections[0].items, standings(checklist, now, NOW))
    assert (count.done, count.total, count.failing, count.unknown, count.deferred) == (2, 5, 1, 1, 1)
    assert (count.left, count.unresolved) == (3, 3)
    refused = edited(checklist, now, edits.SetAnswer(MISSING, AnswerKind.NOT_DONE, "no package"))
    count = tally(checklist.sections[0].items, standings(checklist, refused, NOW))
    assert (count.left, count.not_done, count.unresolved) == (2, 1, 3)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", True),
        ("BACKUP", True),
        ("backup nowhere", False),
        ("is:not", True),
        ("is:not-ready", True),
        ("is:ready", False),
        ("is:open severity:blocker mode:man", False),
        ("role:security", False),
        ("section:data", True),
        ("drill", True),
        ("host:this", False),
        ("database.backup.restored", True),
        ("http://", False),
    ],
)
def test_queries(checklist: Checklist, session: Session, query: str, expected: bool) -> None:
    now = edited(checklist, session, edits.SetAnswer(RESTORED, AnswerKind.NOT_DONE, "no drill"))
    one = standings(checklist, now, NOW)[RESTORED]
    subject = Subject(checklist.items[RESTORED], "Database", now.record(RESTORED), one)
    assert shown(View.ALL, Query.parse(query), subject) is expected


def test_the_save_light_is_never_left_out() -> None:
    nothing = tally([], {})
    for width in range(40, 141, 10):
        heading = Heading("a-very-long-name-of-a-launch", nothing, 12, "saved 14:02")
        text = compose_line(heading, width, Charset()).plain
        assert text.rstrip().endswith("saved 14:02"), width
        assert len(text) <= width
    red = Heading("pay", nothing, not_saved="No space left on device")
    assert compose_line(red, 80, Charset()).plain.endswith("NOT SAVED: No space left on device")


def test_a_form_tells_every_fault_beside_its_field(checklist: Checklist) -> None:
    typed = new_launch.Typed("", "", "tomorrow", ("web=,app", "", "a=local", "a=local,db", "=x"))
    told = new_launch.begin(typed, checklist, (), DAY)
    assert isinstance(told, new_launch.Faults)
    assert set(told.fields) == {"name", "operator", "launch_at"}
    assert set(told.hosts) == {0, 3, 4}
    taken = new_launch.begin(new_launch.Typed("pay", "ana", "", ()), checklist, ("pay",), DAY)
    assert isinstance(taken, new_launch.Faults)
    assert "already" in taken.fields["name"]


def test_a_form_begins_a_session(checklist: Checklist) -> None:
    typed = new_launch.Typed(
        "pay", "ana", "2026-11-27T06:00Z", ("web=deploy@192.0.2.1:2222,app", ""), {"app_port": 80}
    )
    begun = new_launch.begin(typed, checklist, (), DAY)
    assert isinstance(begun, Session)
    assert begun.launch_at == datetime(2026, 11, 27, 6, tzinfo=UTC)
    assert begun.hosts[0].address == "deploy@192.0.2.1:2222"
    assert begun.parameters == {"app_port": 80}
    assert new_launch.this_machine(checklist) == "this=local,app"


def test_since() -> None:
    assert since(NOW, NOW) == "today 14:02"
    assert since(NOW - timedelta(days=1), NOW) == "yesterday 14:02"
    assert since(NOW - timedelta(days=9), NOW) == "15 Nov 2026 14:02"
