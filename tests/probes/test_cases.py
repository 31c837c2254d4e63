"""Every recorded case, judged by the probe that the built-in checklist gives its item."""

from __future__ import annotations

import pytest

from readiness_tui.model.checklist import Item, Mode
from readiness_tui.model.outcome import Verdict
from readiness_tui.probes.sentences import SentenceKind
from tests.probes.recorded import Case, cases, probed_items


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_recorded_case(case: Case) -> None:
    finding = case.judged()
    told = (finding.verdict.value, finding.cause.value if finding.cause else None)
    assert told == (case.verdict, case.cause), finding.evidence
    assert case.evidence in finding.evidence
    assert 0 < len(finding.evidence) <= 120
    assert "\n" not in finding.evidence


@pytest.mark.parametrize("item", probed_items(), ids=lambda item: item.id)
def test_every_item_with_a_probe_has_recorded_cases(item: Item) -> None:
    verdicts = {case.verdict for case in cases() if case.item == item.id}
    assert item.probe is not None
    wanted = {"pass", "fail", "unknown"} if item.mode is Mode.AUTO else {"fail", "unknown"}
    if item.mode is Mode.ASSIST and item.probe.fail_if is None:
        wanted = {"info", "unknown"}  # what only a person can judge is never refuted
    assert wanted <= verdicts


def test_no_case_is_of_an_item_without_a_probe() -> None:
    assert {case.item for case in cases()} <= {item.id for item in probed_items()}


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_nothing_passes_when_nobody_could_look(case: Case) -> None:
    """Each ask of each case in turn comes back without having been answered."""
    check = case.check()
    assert check.probe is not None
    asked = [reply.ask for reply in case.replies_to(check)]
    for unanswered in asked:
        replies = case.replies_to(check, unanswered)
        finding = check.probe.judge(replies)
        assert finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_an_evidence_line_is_a_sentence_without_names_of_facts(case: Case) -> None:
    """For the kinds that answer with problems; an operator reads values, never `url_state malformed`."""
    probe = case.check().probe
    if not isinstance(probe, SentenceKind):
        return
    evidence = case.judged().evidence
    named = [name for name in probe.facts if "_" in name and name in evidence]
    assert named == []
    assert not [words for words in ("exists no", ", not in ", "  ", "{", "}") if words in evidence]
    assert not evidence.endswith((";", ",", "-", ":", "("))
