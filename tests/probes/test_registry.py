"""Kinds by directory and by entry point, their promises, and what does not fit."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from readiness_tui.collectors import catalog
from readiness_tui.errors import ReadinessError
from readiness_tui.model.checklist import ProbeSpec
from readiness_tui.model.probe import CollectorAsk, Reply
from readiness_tui.probes import registry
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply
from tests.probes.recorded import ASKED_AT, cases, probed_items

KINDS = registry.kinds()


def spec(kind: str, **params: object) -> ProbeSpec:
    return ProbeSpec.model_validate({"kind": kind, "where": ["all"], **params})


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_called_like_its_file(name: str) -> None:
    module = KINDS[name].__module__
    file = name.replace("-", "_")
    assert module.startswith("readiness_tui.probes.kinds.")
    assert module.split(".")[-1] == file or module.split(".")[-2:] == [file, "kind"]
    assert sys.modules[module].__doc__ is not None
    assert f"Kind `{name}`" in str(sys.modules[module].__doc__)


@pytest.mark.parametrize("name", KINDS)
def test_every_fact_is_explained_in_a_sentence(name: str) -> None:
    for fact, sentence in KINDS[name].facts.items():
        assert fact.isidentifier()
        assert sentence.endswith((".", "..."))


def test_shapes_tell_the_reader_what_it_needs() -> None:
    shape = registry.schemas()["firewall"]
    assert "default_deny" in shape.facts
    assert shape.params.model_fields.keys() == {"external_firewall", "allowed", "vantage"}


def test_a_kind_tells_only_the_facts_it_promises() -> None:
    for case in cases():
        check = case.check()
        kind = check.probe
        assert isinstance(kind, Kind)
        told = kind.read([case.reply(ask) for ask in check.asks])
        assert set(told) <= set(kind.facts), case.id


def test_the_conditions_speak_of_facts_that_are_told() -> None:
    """A fact that a rule needs and no reply ever tells would be unknown for ever."""
    for item in probed_items():
        told: set[str] = set()
        named: set[str] = set()
        for case in cases():
            if case.subject == item.id:
                check = case.check()
                assert isinstance(check.probe, Kind)
                named |= check.probe.named
                told |= set(check.probe.read([case.reply(ask) for ask in check.asks]))
        assert named <= told, item.id


def test_an_unknown_kind_is_named_with_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"no probe kind 'servise' \(did you mean service\?\)"):
        registry.build(spec("servise"), {})


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"unit": "a b; rm -rf /"}, "service.unit: String should match pattern"),
        ({"unit": "x.service", "colour": "red"}, "service.colour: Extra inputs are not permitted"),
        ({}, "service.unit: Field required"),
    ],
)
def test_params_that_do_not_fit_are_one_clear_line(params: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match="service") as error:
        registry.build(spec("service", **params), {})
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


def test_the_same_question_is_the_same_ask_whichever_item_has_it() -> None:
    plain = next(case.parameters for case in cases() if case.name == "pass-recorded")
    asks = {ask.digest: ask for case in cases() for ask in case.check().asks if case.parameters == plain}
    scans = [a for a in asks.values() if isinstance(a, CollectorAsk) and a.collector == "env.reader+env.scan"]
    shows = [a for a in asks.values() if isinstance(a, CollectorAsk) and a.collector == "service.show"]
    assert (len(scans), len(shows)) == (1, 1)


def test_a_timeout_in_the_checklist_is_the_asks() -> None:
    built = registry.build(spec("firewall", timeout="90s"), {})
    assert built.asks()[0].timeout_s == 90
    assert registry.build(spec("firewall"), {}).asks()[0].timeout_s == catalog.get("firewall.state").timeout_s


def test_no_secret_and_no_script_is_in_what_the_plan_shows() -> None:
    (ask,) = registry.build(spec("env-file", path="/opt/app/.env", **{"pass": {"exists": True}}), {}).asks()
    assert ask.command.startswith("env.reader+env.scan  /opt/app/.env DATABASE_URL,LOG_LEVEL,")
    assert isinstance(ask, CollectorAsk)
    assert ask.privilege.root == (
        "cat /opt/app/.env",
        "readlink -f /opt/app/.env",
        "ls -a /opt/app",
        "cat ^/proc/[0-9]+/environ$",
    )


def plugged(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    entry = EntryPoint("stranger", value, registry.ENTRY_POINTS)
    monkeypatch.setattr(registry, "entry_points", lambda group: EntryPoints([entry]))
    registry.kinds.cache_clear()


@pytest.fixture(autouse=True)
def _forget_strangers() -> object:
    yield
    registry.kinds.cache_clear()
    return None


def test_a_strangers_kind_is_found_by_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    plugged(monkeypatch, "tests.probes.stranger:Moon")
    built = registry.build(spec("moon", **{"pass": {"phase": "full"}}), {})
    assert [ask.digest for ask in built.asks()]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("tests.probes.nosuch:Moon", "does not load"),
        ("tests.probes.stranger:Nothing", "does not load"),
        ("tests.probes.stranger:NAME", "is no probe kind"),
        ("readiness_tui.probes.kinds.host.kind:Host", "two probe kinds are called 'host'"),
    ],
)
def test_a_strangers_fault_is_a_message(monkeypatch: pytest.MonkeyPatch, value: str, message: str) -> None:
    plugged(monkeypatch, value)
    with pytest.raises(ReadinessError, match=message):
        registry.kinds()


def test_importing_the_package_loads_no_kind() -> None:
    code = "import sys, readiness_tui.probes; print([m for m in sys.modules if m.endswith('probes.tls')])"
    here = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=here)
    assert done.stdout.strip() == "[]"


def test_packages_by_family() -> None:
    kind = registry.build(
        spec("package", names={"debian": ["a", "b"]}, **{"pass": {"packages_missing": {"empty": True}}}), {}
    )
    assert isinstance(kind, Kind)
    (ask,) = kind.asks()
    reply = Reply(
        host="h",
        ask=ask,
        asked_at=ASKED_AT,
        exit=0,
        stdout="family=debian\npackage=a|installed|1.0\npackage=b|absent|\n",
    )
    assert ParsedReply(reply).trouble is None
    finding = kind.judge([reply])
    assert (finding.verdict, finding.evidence) == ("fail", "b not installed; a installed (1.0)")
