"""Reading replies: any text, any status; nothing raises, nothing is made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness_tui.collectors import catalog
from readiness_tui.model.facts import Missing
from readiness_tui.model.network_asks import OutsideAsk
from readiness_tui.model.outcome import Cause, Verdict
from readiness_tui.model.probe import CollectorAsk, Reply
from readiness_tui.probes.facts import ParsedReply, cause_of, fields, number
from tests.probes.recorded import ASKED_AT, CASES, Case, cases

ASK = CollectorAsk(collector="x", script="kv a b")

LINES = st.one_of(
    st.text(),
    st.from_regex(r"!?[a-z_]{1,12}=[ -~]{0,40}", fullmatch=True),
    st.sampled_from(
        [line for path in sorted(CASES.glob("*/*.yaml")) for line in path.read_text().splitlines()]
    ),
)
TEXTS = st.lists(LINES, max_size=30).map("\n".join)


def reply(text: str = "", **more: object) -> Reply:
    told = {"host": "h", "ask": ASK, "asked_at": ASKED_AT, "stdout": text, "exit": 0}
    return Reply.model_validate(told | more)


def test_values_lists_and_refusals() -> None:
    parsed = ParsedReply(reply("a=1\nb=x|y\nb=z\n!c=denied /etc/x\nnoise\nd=\n"))
    assert parsed.number("a") == 1
    assert parsed.rows("b") == ("x|y", "z")
    assert parsed.text("d") == ""
    assert parsed.rows("c") == Missing(Cause.DENIED, "c: denied /etc/x")
    assert parsed.text("e") == Missing(Cause.GARBLED, "e is missing from the output")
    assert parsed.text("e", default="-") == "-"
    assert parsed.rows("e") == ()


def test_a_list_that_was_refused_in_part_is_not_whole() -> None:
    parsed = ParsedReply(reply("cron=a\n!cron=denied /etc/cron.d/x\n"))
    assert isinstance(parsed.rows("cron"), Missing)
    assert parsed.known("cron") == ("a",)


@pytest.mark.parametrize(
    ("more", "cause"),
    [
        ({"cause": "unreachable", "exit": None}, Cause.UNREACHABLE),
        ({"clipped": True}, Cause.GARBLED),
        ({"exit": 124}, Cause.TIMEOUT),
        ({"exit": 137}, Cause.TIMEOUT),
        ({"exit": 143}, Cause.TIMEOUT),
        ({"exit": 2}, Cause.ERROR),
        ({"exit": None}, Cause.ERROR),
    ],
)
def test_an_answer_in_trouble_tells_nothing(more: dict[str, object], cause: Cause) -> None:
    parsed = ParsedReply(reply("a=1\n", **more))
    assert parsed.trouble is not None
    assert parsed.trouble.cause is cause
    assert parsed.known("a") == ()
    assert parsed.text("a", default="-") == parsed.trouble


def test_an_answer_without_one_fact_is_garbled() -> None:
    parsed = ParsedReply(reply("sh: 1: Syntax error\n"))
    assert parsed.trouble is not None
    assert parsed.trouble.cause is Cause.GARBLED


def test_no_answer_at_all_is_no_trouble() -> None:
    assert ParsedReply(reply("")).trouble is None


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("denied", Cause.DENIED),
        ("denied /etc/nginx/x.conf", Cause.DENIED),
        ("denied-or-none", Cause.DENIED),
        ("unreadable", Cause.DENIED),
        ("no-tool", Cause.NO_TOOL),
        ("no-psql", Cause.NO_TOOL),
        ("not-installed", Cause.NO_TOOL),
        ("rc=124", Cause.TIMEOUT),
        ("rc=1", Cause.ERROR),
        ("no-connection could not connect", Cause.UNREACHABLE),
        ('no-connection FATAL:  role "x" does not exist', Cause.AUTH),
        ("something new", Cause.ERROR),
    ],
)
def test_reasons_are_causes(reason: str, cause: Cause) -> None:
    assert cause_of(reason) is cause


@pytest.mark.parametrize(
    ("collector", "reason", "cause"),
    [
        ("host.updates", "no-index", Cause.STALE),
        ("host.updates", "no-cache rc=1", Cause.STALE),
        ("host.updates", "no-modules-dir", Cause.UNSUPPORTED),
        ("host.updates", "denied", Cause.DENIED),
    ],
)
def test_a_collector_declares_causes_of_its_own(collector: str, reason: str, cause: Cause) -> None:
    assert cause_of(reason, catalog.get(collector).causes) is cause


@given(TEXTS)
def test_no_text_can_raise(text: str) -> None:
    parsed = ParsedReply(reply(text))
    for name in ("a", "var", "eff"):
        parsed.rows(name), parsed.text(name), parsed.number(name), parsed.known(name), parsed.refusal(name)


@given(st.text(), st.integers(min_value=1, max_value=8))
def test_fields_are_always_as_many_as_asked_for(row: str, count: int) -> None:
    assert len(fields(row, count)) == count


@given(st.text())
def test_a_number_is_a_plain_decimal_or_missing(text: str) -> None:
    value = number("x", text)
    assert isinstance(value, Missing) or float(text) == value


ONE_A_ITEM = {case.subject: case for case in cases()}


@given(st.sampled_from(list(ONE_A_ITEM.values())), st.lists(TEXTS, min_size=4, max_size=4))
def test_no_probe_can_be_made_to_raise(case: Case, texts: list[str]) -> None:
    """Whatever a hostile host prints, the finding is well formed: one short line, a cause if unknown."""
    check = case.check()
    assert check.probe is not None
    replies = [
        case.reply(ask).model_copy(update={"stdout": text}) if named else case.reply(ask)
        for ask, text, named in zip(check.asks, texts, [True] * 4, strict=False)
    ]
    finding = check.probe.judge(replies)
    assert (finding.cause is not None) == (finding.verdict is Verdict.UNKNOWN)
    assert len(finding.evidence) <= 120


@given(
    st.sampled_from([case for case in cases() if case.verdict in ("pass", "info")]),
    st.sampled_from(Cause),
    st.data(),
)
def test_nothing_passes_while_a_reply_has_a_cause(case: Case, cause: Cause, data: st.DataObject) -> None:
    check = case.check()
    assert check.probe is not None
    replies = case.replies_to(check)
    deciding = [
        reply.ask for reply in replies if not isinstance(reply.ask, OutsideAsk)
    ]  # that one only refutes
    blind = data.draw(st.sampled_from(deciding))
    looked = [one.model_copy(update={"cause": cause}) if one.ask == blind else one for one in replies]
    assert check.probe.judge(replies).verdict.value == case.verdict
    assert check.probe.judge(looked).verdict in (Verdict.FAIL, Verdict.UNKNOWN)


def test_cases_lie_where_they_are_looked_for() -> None:
    assert len(cases()) > 200
    assert Path(CASES).is_dir()
