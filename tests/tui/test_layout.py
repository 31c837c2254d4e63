"""The walk's layout: room for titles, headings in sight, the strip of sections, unreachable hosts."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.style import Style

from readiness_tui.display.hosts import unreachable_hosts
from readiness_tui.display.marks import MARKS, Charset, style_of
from readiness_tui.display.rows import Line, Tally, worst
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Cause, Outcome, Verdict
from readiness_tui.model.session import Record
from readiness_tui.rules.standing import Standing
from readiness_tui.tui.widgets.row_text import (
    LEAST_EVIDENCE,
    LEAST_TITLE,
    Columns,
    Look,
    item_text,
    prefix_width,
)
from readiness_tui.tui.widgets.sections import Cells
from tests.samples import NOW, session
from tests.tui.driving import app_on, begin, walk


@pytest.mark.parametrize("words", [False, True])
@pytest.mark.parametrize("longest", [10, 44, 60, 300])
def test_the_title_has_its_room_before_the_evidence_has_any(longest: int, *, words: bool) -> None:
    for width in range(40, 260):
        columns = Columns.of(width, longest, words=words)
        room = width - prefix_width(words=words)
        assert columns.title >= min(LEAST_TITLE, room)
        assert columns.evidence == 0 or columns.evidence >= LEAST_EVIDENCE
        assert columns.title + columns.evidence <= room


def test_a_row_is_one_width_whatever_it_says() -> None:
    look = Look(Charset(), Style.parse("bold white on blue"), Style(), words=True)
    for mark in MARKS.values():
        for critical in (False, True):
            line = Line(mark, "A", '"', critical, "x" * 80, "y" * 80)
            columns = Columns.of(120, 80, words=True)
            text = item_text(line, columns, look, current=False, chosen=False)
            assert text.cell_len == 120


def test_no_mark_is_plain_yellow_and_unknown_is_bold() -> None:
    styles = {mark.word: Style.parse(style_of(mark, critical=False)) for mark in MARKS.values()}
    assert [word for word, style in styles.items() if style.color and style.color.name == "yellow"] == []
    assert styles[MARKS[Standing.UNKNOWN].word].bold


@pytest.mark.parametrize(("width", "columns"), [(110, 7), (149, 7), (60, 4), (20, 1)])
def test_the_strip_always_holds_the_current_section(width: int, columns: int) -> None:
    for current in range(14):
        cells = Cells.of(14, current, width)
        assert cells.columns == columns
        assert cells.columns * cells.width <= width
        assert current in (*cells.line(0), *cells.line(1))


def test_progress_says_what_it_counts() -> None:
    assert Tally(done=119, total=191, later=18).words == "119 of 191 done (18 due later)"
    assert Tally(done=3, total=4).words == "3 of 4 done"
    assert Tally(later=18).words == "18 due later"


def outcome(verdict: Verdict, evidence: str, cause: Cause | None = None) -> Outcome:
    return Outcome(verdict=verdict, evidence=evidence, cause=cause, asked_at=NOW)


def test_an_unreachable_host_is_said_once_and_counted_in_the_rows() -> None:
    refused = outcome(Verdict.UNKNOWN, "connection refused", Cause.UNREACHABLE)
    fine = outcome(Verdict.PASS, "chronyd runs")
    items = {
        "one.a.first": Record(outcomes={"w1": fine, "w2": refused}),
        "one.a.second": Record(outcomes={"w2": refused}),
    }
    hosts = tuple(Host(name=name, address=name, roles=("app",)) for name in ("w1", "w2"))
    gone = unreachable_hosts(session(items).model_copy(update={"hosts": hosts}))
    assert [(host.name, host.checks) for host in gone] == [("w2", 2)]
    assert "connection refused; 2 checks unknown" in gone[0].line
    names = frozenset(host.name for host in gone)
    assert worst({"w1": fine, "w2": refused, "w3": fine}, names) == "2/3 chronyd runs"
    assert worst({"w2": refused}, names) == "0/1"
    assert worst({"w1": outcome(Verdict.FAIL, "stopped"), "w2": refused, "w3": fine}, names) == "w1 stopped"


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (140, 40), (160, 45)])
async def test_titles_and_headings_of_the_builtin_checklist(sessions: Path, size: tuple[int, int]) -> None:
    begin(sessions, "production")
    app = app_on(sessions, "pay")
    async with app.run_test(size=size) as pilot:
        screen = await walk(pilot)
        assert screen.list.words is (size[0] >= 110)
        await pilot.press("2", *"jjjjjjjjjjjj")
        rows = [screen.list.render_line(y).text for y in range(screen.list.size.height)]
        assert "2 Database" in rows[0], "the heading stays when its row is scrolled away"
        assert "of 19 done" in rows[0]
        line = screen.list.line_of(screen.list.key)
        assert line is not None
        place = next(y for y, row in enumerate(rows) if line.title[:40] in row)
        assert 3 < place < len(rows) - 3, "rows before and after the current one are in sight"
