"""Sentences of the card and the status line: where an item stands, what to do, what a run found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from readiness_tui.display.checks import RunCount, unchecked
from readiness_tui.display.rows import Tally
from readiness_tui.display.sentences import section_end, standing_sentence
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.model.session import Record
from readiness_tui.rules.standing import outcomes, standings
from readiness_tui.tui.item.advice import next_step
from tests.samples import NOW, answered, checklist, item, outcome, probed, session

PROBED, PLAIN = probed("one.a.probed"), item("one.a.plain")
LIST = checklist(PROBED, PLAIN)


def told(record: Record, *, key: str = PROBED.id) -> tuple[str, str, str]:
    """The word, the sentence and the next step of an item with this record."""
    now = session({key: record})
    one, looked = standings(LIST, now, NOW)[key], outcomes(LIST.items[key], LIST, now)
    word, sentence = standing_sentence(LIST.items[key], record, one, looked)
    probe = key == PROBED.id
    return word, sentence, next_step(LIST.items[key], record, one, looked, probed=probe, running=False)


@pytest.mark.parametrize(
    ("record", "word", "sentence", "step"),
    [
        (Record(), "TODO", "not checked yet", "r checks it"),
        (Record(outcomes={"web": outcome(Verdict.PASS)}), "READY", "the check passes", "nothing"),
        (Record(outcomes={"web": outcome(Verdict.FAIL)}), "NOT READY", "the check fails", "fix it"),
        (Record(outcomes={"web": outcome(Verdict.UNKNOWN)}), "UNKNOWN", "could not be checked", "remove"),
        (
            answered(PROBED, outcomes={"web": outcome(Verdict.FAIL)}),
            "CONFLICT",
            "answered done by ana, 24 Nov",
            "o override",
        ),
        (
            answered(PROBED, reason="by hand", outcomes={"web": outcome(Verdict.FAIL)}),
            "READY over FAIL",
            "by hand",
            "nothing",
        ),
        (answered(PROBED, AnswerKind.NOT_DONE, reason="later"), "NOT READY", ": later", "space answers done"),
    ],
)
def test_an_item_says_where_it_stands_and_what_to_do(
    record: Record, word: str, sentence: str, step: str
) -> None:
    said = told(record)
    assert said[0] == word
    assert sentence in said[1]
    assert step in said[2]


def test_a_section_says_what_was_skipped_in_it() -> None:
    assert section_end("Storage", Tally(done=9, total=9)) == "Storage is complete: 9 of 9 done"
    left = Tally(done=5, total=9, left=3, not_done=1, deferred=2, unknown=1)
    assert section_end("Storage", left) == "Storage: 5 of 9 done; 3 left, 1 not done, 2 deferred, 1 unknown"


def test_what_was_not_checked_is_counted() -> None:
    def count(record: Record) -> tuple[int, int, str]:
        now = session({PROBED.id: record})
        waiting = unchecked(LIST, now, standings(LIST, now, NOW))
        return waiting.missing, waiting.stale, waiting.words

    assert count(Record()) == (1, 0, "1 check not run yet")
    assert count(Record(outcomes={"web": outcome(Verdict.PASS)})) == (0, 0, "")
    old = outcome(Verdict.PASS, ago=timedelta(days=400))
    assert count(Record(outcomes={"web": old})) == (0, 1, "1 check stale")


def test_a_run_ends_with_one_line() -> None:
    count = RunCount()
    for number, verdict in enumerate((Verdict.PASS, Verdict.PASS, Verdict.FAIL)):
        count.add(f"web-{number % 2}", Outcome(verdict=verdict, asked_at=NOW))
    assert count.words(1.24, 3) == "3 checks, 2 hosts, 1.2 s: 2 pass, 1 fail"
    assert count.words(1.24, 5).endswith("; 2 not re-checked")
