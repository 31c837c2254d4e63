"""Recorded cases: a probe of a checklist item or of a kind, its replies, and what it must conclude."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from readiness_tui.checklist.find import find
from readiness_tui.checklist.read import read
from readiness_tui.model.checklist import Checklist, Group, Item, ProbeSpec, Section
from readiness_tui.model.inventory import Host
from readiness_tui.model.monitoring_asks import PrometheusAsk
from readiness_tui.model.network_asks import DnsAsk, HttpAsk, OutsideAsk, PortsAsk
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, CollectorAsk, FollowUpProbe, ProbeResult, Reply, TlsAsk
from readiness_tui.model.session import ChecklistRef, Session
from readiness_tui.probes import registry
from readiness_tui.rules.probing.plan import Check, make

CASES = Path(__file__).with_name("cases")
ASKED_AT = datetime(2026, 1, 22, 9, 0, tzinfo=UTC)
HOST = Host(name="web", address="local", roles=("app", "db", "cache", "proxy", "monitor", "build"))


@cache
def production() -> Checklist:
    return read(find("production"), kinds=registry.schemas())


def probed_items() -> tuple[Item, ...]:
    return tuple(item for item in production().items.values() if item.probe is not None)


@dataclass(frozen=True, slots=True)
class Case:
    """One file. subject: an item's id or a kind's name. probe: of a kind's case. replies: by ask."""

    subject: str
    name: str
    probe: Mapping[str, Any] | None
    parameters: Mapping[str, Any]
    replies: Mapping[str, Mapping[str, Any]]
    verdict: str
    cause: str | None
    evidence: str

    @property
    def id(self) -> str:
        return f"{self.subject}/{self.name}"

    def check(self) -> Check:
        """The probe with this case's parameters, as a plan makes it."""
        checklist = production() if self.probe is None else _of_one_item(self.probe)
        ref = ChecklistRef(id=checklist.id, version=checklist.version, digest=checklist.digest)
        session = Session(
            launch="case",
            day=ASKED_AT.date(),
            checklist=ref,
            operator="case",
            parameters=self.parameters,
            hosts=(HOST,),
        )
        only = [self.subject] if self.probe is None else []
        (check,) = make(checklist, session, registry.build, only=only).checks
        return check

    def judged(self) -> ProbeResult:
        """What the probe concludes. Raises KeyError for an ask without a reply."""
        check = self.check()
        assert check.probe is not None, check.not_configured
        return check.probe.judge(self.replies_to(check))

    def replies_to(self, check: Check, unanswered: Ask | None = None) -> list[Reply]:
        """One reply for each ask and follow-up; a timeout for the ask that stays unanswered."""
        replies = [self._reply(ask, unanswered) for ask in check.asks]
        if isinstance(check.probe, FollowUpProbe):
            replies += [self._reply(ask, unanswered) for ask in check.probe.follow_up(replies)]
        return replies

    def _reply(self, ask: Ask, unanswered: Ask | None) -> Reply:
        if ask != unanswered:
            return self.reply(ask)
        timeout = {"cause": Cause.TIMEOUT, "stdout": "", "exit": None}
        return self.reply(ask).model_copy(update=timeout)

    def reply(self, ask: Ask) -> Reply:
        told: Mapping[str, Any] = {"stdout": "outside=unsupported"}  # it only corroborates
        if not isinstance(ask, OutsideAsk) or "outside" in self.replies:
            told = self.replies[named(ask)]
        looked = "cause" not in told
        return Reply(
            host=HOST.name,
            ask=ask,
            asked_at=ASKED_AT,
            stdout=told.get("stdout", ""),
            exit=told.get("exit", 0 if looked and isinstance(ask, CollectorAsk) else None),
            cause=Cause(told["cause"]) if "cause" in told else None,
            detail=told.get("detail", ""),
            hint=told.get("hint", ""),
            clipped=told.get("clipped", False),
        )


def _of_one_item(probe: Mapping[str, Any]) -> Checklist:
    """The built-in checklist's parameters and roles with a single item that has this probe."""
    item = Item.model_validate({
        "id": "case.kind.item", "text": "The probe of a case", "mode": "auto", "severity": "major",
        "role": "technical", "why": "-", "how": "-", "probe": ProbeSpec.model_validate(probe),
    })  # fmt: skip
    group = Group(id="kind", title="Kind", items=(item,))
    section = Section(id="case", title="Case", groups=(group,))
    return production().model_copy(update={"sections": (section,)})


def named(ask: Ask) -> str:
    """How a case calls an ask; follow-ups of one collector are told apart by their first argument."""
    if isinstance(ask, CollectorAsk):
        return f"{ask.collector} {ask.args[0]}" if ask.collector == "sshd.answers" else ask.collector
    match ask:
        case TlsAsk() | PortsAsk():
            return f"{ask.kind} {ask.host}"
        case HttpAsk():
            return f"http {ask.url}"
        case DnsAsk():
            return f"dns {ask.name}@{ask.resolver}"
        case PrometheusAsk():
            return "prometheus rules" if ask.rules else "prometheus queries"
    return ask.kind


def load(path: Path) -> Case:
    tree = yaml.safe_load(path.read_text())
    base = yaml.safe_load((CASES / "base.yaml").read_text())
    expect = tree["expect"]
    assert set(tree) <= {"about", "probe", "parameters", "replies", "expect"}, path
    assert set(expect) <= {"verdict", "cause", "evidence"}, path
    return Case(
        subject=path.parent.name,
        name=path.stem,
        probe=tree.get("probe"),
        parameters=base | tree.get("parameters", {}),
        replies={reply["ask"]: reply for reply in tree["replies"]},
        verdict=expect["verdict"],
        cause=expect.get("cause"),
        evidence=expect["evidence"],
    )


@cache
def cases() -> tuple[Case, ...]:
    return tuple(load(path) for path in sorted(CASES.glob("*/*.yaml")))
