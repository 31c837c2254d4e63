"""What the list keeps of its rows and counts is what it would be if drawn anew."""

from __future__ import annotations

from readiness_tui.display.row_cache import RowCache, SectionCounts
from readiness_tui.display.rows import Running, line, tally
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.rules import edits
from readiness_tui.rules.standing import standings
from tests.samples import NOW, checklist, item, probed, session

PROBED, SAME, PLAIN = "one.a.probed", "one.a.same", "one.a.plain"
CHECKLIST = checklist(probed(PROBED), item(SAME, mode="auto", same_as=PROBED), item(PLAIN))
FOUND = Outcome(verdict=Verdict.FAIL, evidence="1 cpu", asked_at=NOW)
CHANGES: tuple[edits.Edit, ...] = (
    edits.SetAnswer(PLAIN, AnswerKind.DONE, "seen"),
    edits.SetNote(PLAIN, "a note"),
    edits.SetOutcomes({PROBED: {"web": FOUND}}, {}),
    edits.SetHosts(()),
)


def test_every_change_is_drawn_and_only_that() -> None:
    drawn, now = RowCache(CHECKLIST), session({})
    found = standings(CHECKLIST, now, NOW)
    before = {key: drawn.line(one, now, found[key], None) for key, one in CHECKLIST.items.items()}
    assert drawn.line(CHECKLIST.items[PLAIN], now, found[PLAIN], None) is before[PLAIN]
    for change in CHANGES:
        now = edits.apply(CHECKLIST, now, change, by="ana", now=NOW)
        found = standings(CHECKLIST, now, NOW)
        for key, one in CHECKLIST.items.items():
            anew = line(one, CHECKLIST, now, found[key], None)
            assert drawn.line(one, now, found[key], None) == anew, (change, key)


def test_a_probe_that_runs_is_drawn() -> None:
    drawn, now = RowCache(CHECKLIST), session({})
    one, found = CHECKLIST.items[PROBED], standings(CHECKLIST, now, NOW)[PROBED]
    said = [drawn.line(one, now, found, running).evidence for running in (None, Running(), Running(3), None)]
    assert said == ["", "waiting", "3 s", ""]


def test_counts_are_of_the_standings_found_last() -> None:
    now = session({})
    counted = SectionCounts(CHECKLIST, standings(CHECKLIST, now, NOW))
    for change in CHANGES:
        now = edits.apply(CHECKLIST, now, change, by="ana", now=NOW)
        counted = SectionCounts(CHECKLIST, standings(CHECKLIST, now, NOW), counted)
        anew = SectionCounts(CHECKLIST, counted.found)
        assert (counted.sections, counted.marks, counted.all) == (anew.sections, anew.marks, anew.all)
        assert counted.all == tally(CHECKLIST.items.values(), counted.found)
