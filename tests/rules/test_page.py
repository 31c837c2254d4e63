"""The page: its content, what invalidates a signature, and that no text can forge a line."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness_tui.model.answer import AnswerKind, Evidence, Waiver
from readiness_tui.model.checklist import Resign
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.model.session import Record
from readiness_tui.rules.decision.page import escaped, page, scope_of, seal
from tests.samples import NOW, answered, checklist, item, outcome, probed, session

NTP = probed("one.a.ntp")
BOOK = item("one.a.book", severity="major", role="technical")
SECURE = item("one.a.secure", role="security")
LIST = checklist(NTP, BOOK, SECURE)


def seen(
    evidence: str, steady: str = "", ago: timedelta = timedelta(0), verdict: Verdict = Verdict.PASS
) -> Record:
    found = Outcome(verdict=verdict, evidence=evidence, steady=steady, asked_at=NOW - ago, took_ms=5)
    return Record(outcomes={"web": found})


def test_it_reads_as_the_specification_shows() -> None:
    waiver = Waiver.model_validate(
        {"reason": "the bastion bans", "owner": "lee", "approver": "kim", "expires": "2026-12-15"}
    )
    book = answered(BOOK, reason="").model_copy(
        update={"note": "restored\nin 3 h", "evidence": (Evidence(path="a.pdf", sha256="sha256:9f"),)}
    )
    held = session({NTP.id: seen("chronyd, stratum 3"), BOOK.id: book, SECURE.id: Record(waiver=waiver)})
    assert page(LIST, held).splitlines() == [
        "readiness-tui page 1",
        "launch: demo",
        "checklist: sample 1 sha256:0",
        "launch-at: not set",
        "rules-say: go",
        "host: web local app",
        "item: one.a.ntp | ready | blocker | technical | Text of one.a.ntp",
        "  web: pass | chronyd, stratum 3",
        "item: one.a.book | ready | major | technical | Text of one.a.book",
        "  answer: done by ana at 2026-11-24T12:00:00Z",
        "  note:",
        "    restored",
        "    in 3 h",
        "  evidence: sha256:9f a.pdf",
        "item: one.a.secure | waived | minor | security | Text of one.a.secure",
        "  waiver: the bastion bans | owner lee | approved by kim | until 2026-12-15 | without it open",
    ]


def test_probing_again_the_next_morning_voids_nothing() -> None:
    before = session({NTP.id: seen("stratum 3, offset 1 ms", "stratum 3", timedelta(days=3))})
    after = session({NTP.id: seen("stratum 3, offset 9 ms", "stratum 3")})
    assert seal(LIST, before) == seal(LIST, after)


@pytest.mark.parametrize(
    "changed",
    [
        seen("stratum 2, offset 1 ms", "stratum 2"),
        seen("stratum 3", "stratum 3", verdict=Verdict.FAIL),
        seen("stratum 3", "stratum 3").model_copy(update={"note": "n"}),
    ],
)
def test_a_changed_verdict_or_steady_fact_voids(changed: Record) -> None:
    before = session({NTP.id: seen("stratum 3, offset 1 ms", "stratum 3")})
    assert seal(LIST, before) != seal(LIST, session({NTP.id: changed}))


def test_with_the_policy_role_a_change_voids_only_the_sign_off_of_that_role() -> None:
    each = LIST.model_copy(update={"resign": Resign.ROLE})
    before, after = session(), session({SECURE.id: answered(SECURE)})
    assert scope_of(each, "security") == "security"
    assert seal(each, before, "security") != seal(each, after, "security")
    assert seal(each, before, "technical") == seal(each, after, "technical")
    for changed in (session(notes="n"), session(launch_at=NOW), session(hosts=[])):
        assert seal(each, before, "technical") != seal(each, changed, "technical")


HOSTILE = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60) | st.sampled_from(
    [
        "x\nitem: one.a.ntp | ready",
        "x\r\nlaunch: y",
        "\u2028item: forged",
        "\x85item: f",
        "a\x0bb",
        "\u202eog",
        "\\u{41}",
    ]
)


@given(HOSTILE, HOSTILE)
def test_no_text_forges_a_line(note: str, evidence: str) -> None:
    held = session(
        {
            NTP.id: Record(outcomes={"web": outcome(Verdict.FAIL, evidence)}, note=note),
            BOOK.id: Record(
                text=BOOK.digest, answer=AnswerKind.NOT_DONE, reason=note, by=evidence or "x", at=NOW
            ),
        },
        notes=note,
    )
    text = page(LIST, held)
    assert text.endswith("\n")
    lines = text[:-1].split("\n")
    assert lines == text.splitlines()
    heads = [line.split(":")[0] for line in lines if line and not line.startswith(" ")]
    plain = ["readiness-tui page 1", "launch", "checklist", "launch-at", "rules-say", "host", *["item"] * 3]
    assert [head for head in heads if head != "notes"] == plain
    assert all(line == line.rstrip() for line in lines)


@given(HOSTILE, HOSTILE)
def test_two_texts_never_look_alike(one: str, other: str) -> None:
    assert (escaped(one) == escaped(other)) == (one == other)


def test_the_same_bytes_in_every_locale_and_zone() -> None:
    code = "from tests.rules import test_page as t; print(t.seal(t.LIST, t.session()))"
    found = set()
    for zone, hashed in (("Pacific/Chatham", "0"), ("UTC", "1"), ("America/Lima", "7")):
        env = {**os.environ, "TZ": zone, "LC_ALL": "C", "PYTHONHASHSEED": hashed}
        found.add(
            subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True).stdout
        )
    assert len(found) == 1
