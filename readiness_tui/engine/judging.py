"""Make outcomes from cleaned replies. An exception in a probe affects one outcome, not the run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from readiness_tui.engine import sanitize
from readiness_tui.model.outcome import Cause, Outcome, Verdict
from readiness_tui.model.probe import Ask, FollowUpProbe, Probe, ProbeResult, Reply, asked
from readiness_tui.rules.probing.plan import Check

WIDTH = 120
"""Most characters of an evidence line (catalogue, section 2)."""


def now() -> datetime:
    """The current time in UTC, truncated to seconds, the resolution of session files."""
    return datetime.now(UTC).replace(microsecond=0)


def judge(check: Check, replies: Sequence[Reply]) -> Outcome:
    """The outcome of a check from one reply per ask, in the order of its asks.

    If every reply failed, the outcome has the cause and the hint of the first.
    """
    if check.probe is None or not replies:
        return not_configured(check)
    failed = [reply for reply in replies if reply.cause is not None]
    if len(failed) == len(replies):
        first = failed[0]
        result = ProbeResult(Verdict.UNKNOWN, first.cause, first.detail, first.hint)
    else:
        result = _judged(check.probe, replies)
    hint = result.hint or next((reply.hint for reply in failed if reply.hint), "")
    unknown = result.verdict is Verdict.UNKNOWN
    return Outcome(
        verdict=result.verdict,
        cause=(result.cause or Cause.ERROR) if unknown else None,
        evidence=_crop(sanitize.line(result.evidence)),
        steady=_crop(sanitize.line(result.steady)),
        hint=sanitize.line(hint) if unknown or result.hint else "",
        facts={name: sanitize.line(value) for name, value in result.facts.items()},
        asked_at=min(reply.asked_at for reply in replies),
        took_ms=sum(reply.took_ms for reply in replies),
        asked=asked(check.asks),
        question=check.question,
    )


def follow_up(check: Check, replies: Sequence[Reply]) -> tuple[Ask, ...]:
    """The asks that the check's probe adds after its first replies; empty if the probe raises."""
    if not isinstance(check.probe, FollowUpProbe) or any(reply.cause is Cause.CANCELLED for reply in replies):
        return ()
    try:
        return check.probe.follow_up(replies)
    except Exception:  # noqa: BLE001
        # A third-party plug-in may raise anything; `judge` then reports what is missing.
        return ()


def not_configured(check: Check) -> Outcome:
    """The outcome of a check that is not configured, with the reason."""
    return Outcome(
        verdict=Verdict.UNKNOWN,
        cause=Cause.NOT_CONFIGURED,
        evidence=_crop(sanitize.line(check.not_configured or "nothing to ask")),
        asked_at=now(),
        question=check.question,
    )


def _judged(probe: Probe, replies: Sequence[Reply]) -> ProbeResult:
    try:
        return probe.judge(replies)
    except Exception as error:  # noqa: BLE001
        # A probe kind may be a third-party plug-in and may raise anything. The other outcomes must not
        # be lost, and this one must not look like a verdict.
        return ProbeResult(
            Verdict.UNKNOWN, Cause.ERROR, f"internal error in the probe: {type(error).__name__}: {error}"
        )


def _crop(text: str) -> str:
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"
