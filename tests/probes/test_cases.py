"""Every recorded case, judged by the probe that the built-in checklist gives its item."""

from __future__ import annotations

import re

import pytest

from readiness_tui.model.checklist import Item, Mode
from readiness_tui.model.network_asks import OutsideAsk
from readiness_tui.model.outcome import Verdict
from readiness_tui.probes import registry
from readiness_tui.probes.contract import Kind
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
    verdicts = {case.verdict for case in cases() if case.subject == item.id}
    assert item.probe is not None
    refutes = item.probe.fail_if is not None or item.probe.pass_if is not None
    wanted = {"pass" if item.mode is Mode.AUTO else "info", "unknown"} | ({"fail"} if refutes else set())
    assert wanted <= verdicts


@pytest.mark.parametrize("name", registry.kinds())
def test_every_kind_has_recorded_cases(name: str) -> None:
    """Cases of its items count, and those of the kind itself (with an inline `probe:`)."""
    kind = registry.kinds()[name]
    verdicts = {case.verdict for case in cases() if type(case.check().probe) is kind}
    assert {"fail", "unknown"} <= verdicts
    assert verdicts & {"pass", "info"}


def test_a_case_belongs_to_an_item_with_a_probe_or_to_a_kind() -> None:
    items = {item.id for item in probed_items()}
    for case in cases():
        assert case.subject in (items if case.probe is None else registry.kinds()), case.id


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_nothing_passes_when_nobody_could_look(case: Case) -> None:
    """Each ask of each case in turn comes back without having been answered."""
    check = case.check()
    assert check.probe is not None
    asked = [reply.ask for reply in case.replies_to(check)]
    for unanswered in asked:
        if isinstance(unanswered, OutsideAsk):  # it only corroborates what the rules say
            continue
        replies = case.replies_to(check, unanswered)
        finding = check.probe.judge(replies)
        assert finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_an_evidence_line_is_a_sentence_without_names_of_facts(case: Case) -> None:
    """Whatever the kind: an operator reads values and what was expected, never `url_state malformed`."""
    probe = case.check().probe
    assert isinstance(probe, Kind)
    evidence = case.judged().evidence
    named = [name for name in probe.facts if "_" in name and re.search(rf"\b{name}\b", evidence)]
    assert named == []
    assert not [words for words in ("exists no", "not in ", "  ", "{", "}") if words in evidence]
    assert not re.search(r"[;,(:-] *$|^ *[;,)-]|; ;|\(\)|: *[;,)]|: none\b.*: none\b", evidence)
