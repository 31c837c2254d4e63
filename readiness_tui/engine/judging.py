"""From cleaned replies to an outcome; a probe that breaks costs one outcome, not the run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from readiness_tui.engine import sanitize
from readiness_tui.model.outcome import Cause, Outcome, Verdict
from readiness_tui.model.probe import Ask, FollowUpProbe, Probe, ProbeResult, Reply, asked
from readiness_tui.rules.probing.plan import Check

WIDTH = 120
"""Characters of an evidence line (catalogue, section 2)."""


def now() -> datetime:
    """The present moment, UTC, to the second: what a session can keep."""
    return datetime.now(UTC).replace(microsecond=0)


def judge(check: Check, replies: Sequence[Reply]) -> Outcome:
    """The outcome of a check from one reply per ask, in the order of its asks.

    When no reply brought anything, the first one's cause is the outcome's, and its hint stays.
    """
    if check.probe is None or not replies:
        return not_configured(check)
    blind = [reply for reply in replies if reply.cause is not None]
    if len(blind) == len(replies):
        first = blind[0]
        finding = ProbeResult(Verdict.UNKNOWN, first.cause, first.detail, first.hint)
    else:
        finding = _found(check.probe, replies)
    hint = finding.hint or next((reply.hint for reply in blind if reply.hint), "")
    unknown = finding.verdict is Verdict.UNKNOWN
    return Outcome(
        verdict=finding.verdict,
        cause=(finding.cause or Cause.ERROR) if unknown else None,
        evidence=_crop(sanitize.line(finding.evidence)),
        steady=_crop(sanitize.line(finding.steady)),
        hint=sanitize.line(hint) if unknown or finding.hint else "",
        facts={name: sanitize.line(value) for name, value in finding.facts.items()},
        asked_at=min(reply.asked_at for reply in replies),
        took_ms=sum(reply.took_ms for reply in replies),
        asked=asked(check.asks),
        question=check.question,
    )


def follow_up(check: Check, replies: Sequence[Reply]) -> tuple[Ask, ...]:
    """What the check's probe asks after its first replies; nothing from a probe that fails to tell."""
    if not isinstance(check.probe, FollowUpProbe) or any(reply.cause is Cause.CANCELLED for reply in replies):
        return ()
    try:
        return check.probe.follow_up(replies)
    except Exception:  # noqa: BLE001
        # A third-party plug-in may raise anything; `judge` then reports what is missing.
        return ()


def not_configured(check: Check) -> Outcome:
    """The outcome of a check that nobody can look at, and why."""
    return Outcome(
        verdict=Verdict.UNKNOWN,
        cause=Cause.NOT_CONFIGURED,
        evidence=_crop(sanitize.line(check.not_configured or "nothing to ask")),
        asked_at=now(),
        question=check.question,
    )


def _found(probe: Probe, replies: Sequence[Reply]) -> ProbeResult:
    try:
        return probe.judge(replies)
    except Exception as error:  # noqa: BLE001
        # A probe kind may be a stranger's plug-in and may raise anything at what a host says. The
        # other outcomes must not be lost for it, and this one must not look like a verdict.
        return ProbeResult(Verdict.UNKNOWN, Cause.ERROR, f"the probe broke: {type(error).__name__}: {error}")


def _crop(text: str) -> str:
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"
