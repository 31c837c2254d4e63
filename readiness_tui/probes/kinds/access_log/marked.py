"""One request sent on purpose, and whether it is found in the log that the web server writes."""

from __future__ import annotations

from readiness_tui.model.facts import Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, unseen
from readiness_tui.probes.kinds.web_directives.logs import AccessLog

FACTS: dict[str, str] = {
    "logging_problems": "Why a request of the domain leaves no trace, a sentence each.",
    "rotation_problems": "The same, and why the log that it is in grows without end.",
    "logged": "Where the marked request was found, in words.",
}
JOURNAL = "journal"


def read(log: AccessLog | Missing, told: ParsedReply | None, domain: str) -> Facts:
    """What was found of the marked request."""
    if isinstance(log, Missing):
        return unseen(FACTS, log)
    if told is None:
        return unseen(FACTS, Missing(Cause.ERROR, "no request was sent"))
    found = told.known("marked")
    if found:
        where = "the application's journal" if found[-1] == JOURNAL else found[-1]
        kept = found[-1] == JOURNAL or "yes" in told.known("rotated")
        problems = () if kept else (f"no rule of logrotate covers {found[-1]}: it grows without end",)
        words = f"a request sent to {domain} was found in {where}"
        more = "" if found[-1] == JOURNAL or not kept else ", which logrotate rotates"
        return {"logging_problems": (), "rotation_problems": problems, "logged": words + more}
    if (refused := told.refusal("marked")) is not None:
        return unseen(FACTS, refused)
    sent = "".join(told.known("sent")[-1:])
    if sent in ("", "000"):
        words = f"no answer to a request sent to {domain} on this host"
        return unseen(FACTS, Missing(Cause.UNREACHABLE, words))
    if log.off and told.known("journal"):
        words = f"no access log is written for {domain}, and the journal may not be read"
        return unseen(FACTS, Missing(Cause.DENIED, words))
    if log.off:
        problem = f"no access log is written for {domain}, and the journal has no line of a request"
    elif log.elsewhere:
        words = f"requests of {domain} are logged to {log.elsewhere}, which is not read here"
        return unseen(FACTS, Missing(Cause.UNSUPPORTED, words))
    elif log.buffered:
        words = f"{log.file} is written with a buffer: a request shows in it late"
        return unseen(FACTS, Missing(Cause.UNSUPPORTED, words))
    else:
        problem = f"a request sent to {domain} left no line in {log.file}"
    return {"logging_problems": (problem,), "rotation_problems": (problem,), "logged": problem}
