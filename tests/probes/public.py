"""What a probe of a public endpoint says of replies that are made up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from pydantic import JsonValue

from readiness_tui.model.checklist import ProbeSpec
from readiness_tui.model.network_asks import DnsAsk, HttpAsk, PortsAsk
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Probe, ProbeResult, Reply
from readiness_tui.probes.registry import build

NOW = datetime(2026, 11, 24, 9, 20, tzinfo=UTC)
Said = str | Cause
"""A reply's text, or why there is none."""


def probe(**words: JsonValue) -> Probe:
    """The probe as the checklist has it; `passes`, `fails` and `informs` are its conditions."""
    names = {"passes": "pass", "fails": "fail", "informs": "info"}
    spec = {names.get(name, name): value for name, value in words.items()}
    return build(ProbeSpec.model_validate({"where": ["network"], **spec}), {})


def judge(made: Probe, says: Callable[[Ask], Said]) -> ProbeResult:
    replies = []
    for ask in made.asks():
        said = says(ask)
        text, cause = ("", said) if isinstance(said, Cause) else (said, None)
        replies.append(
            Reply(
                host="network",
                ask=ask,
                asked_at=NOW,
                stdout=text,
                exit=None if cause else 0,
                cause=cause,
                detail=f"{cause} there" if cause else "",
            )
        )
    return made.judge(replies)


def answers(said: dict[str, Said]) -> Callable[[Ask], Said]:
    """By URL, `host:port` list or `name@resolver`, whatever the ask is for."""

    def of(ask: Ask) -> Said:
        match ask:
            case HttpAsk():
                return said.get(ask.url, said.get("else", Cause.ERROR))
            case PortsAsk():
                return said[f"ports {ask.host}"]
            case DnsAsk():
                return said[f"{ask.name}@{ask.resolver}"]
        raise AssertionError(ask)

    return of
