"""The figures of an access log, and what speaks against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, fields, first_missing, number
from readiness_tui.probes.kinds.web_directives.logs import AccessLog

FACTS: dict[str, str] = {
    "requests": "Requests within the window.",
    "share_5xx": "Per cent of them that ended in a server error.",
    "p50_ms": "The median time of a request, in milliseconds.",
    "p95_ms": "The 95th percentile.",
    "p99_ms": "The 99th percentile.",
    "log_age_s": "Seconds since the log was written.",
    "error_problems": "Why the share of server errors is too high, a sentence each.",
    "time_problems": "Why requests take too long, a sentence each.",
    "tail_problems": "The same of the slowest hundredth of the requests.",
    "figures": "The figures in words.",
}
MOVING = frozenset({"requests", "share_5xx", "p50_ms", "p95_ms", "p99_ms", "log_age_s", "figures"})

FEW = 100
"""Requests below which a share of errors says nothing (catalogue, section 5, error-rate)."""

SILENT_S = 600
"""Seconds after which a log that nobody wrote to may not be the one in use (catalogue, error-rate)."""

UNPARSED_SHARE = 0.05
"""Share of lines that may be in a form that is not understood."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is acceptable; milliseconds, per cent, a share of the sampled paths, seconds of the window."""

    min_requests: int
    latency_ms: float
    p99_ms: float
    most_share: float
    max_5xx_pct: float
    window_s: float


@dataclass(frozen=True, slots=True)
class Sample:
    """Requests to one path over loopback. status: of the last. p50, p95: milliseconds, None without any."""

    path: str
    status: int
    count: int
    p50: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What the log says. p50, p95, p99: milliseconds, None where no request has a time."""

    file: str
    requests: float
    failed: float
    timed: float
    p50: float | None
    p95: float | None
    p99: float | None
    age_s: float

    @property
    def share(self) -> float:
        """Per cent of the requests that ended in a server error."""
        return round(100 * self.failed / self.requests, 2) if self.requests else 0.0


def read(log: AccessLog | Missing, told: ParsedReply | None, limits: Limits) -> Facts:
    """Every figure; missing with why where the log has none."""
    seen = _figures(log, told)
    samples = _samples(told)
    if isinstance(seen, Missing):
        values: dict[str, Fact | Missing] = dict.fromkeys(FACTS, seen)
    else:
        untimed = Missing(Cause.UNSUPPORTED, f"no line of {seen.file} has a request time")
        values = {
            "requests": seen.requests,
            "share_5xx": seen.share,
            "log_age_s": seen.age_s,
            "p50_ms": untimed if seen.p50 is None else seen.p50,
            "p95_ms": untimed if seen.p95 is None else seen.p95,
            "p99_ms": untimed if seen.p99 is None else seen.p99,
        }
    return values | {
        "error_problems": _errors(seen, limits),
        "time_problems": _times(seen, samples, told, limits),
        "tail_problems": _tail(seen, limits),
        "figures": _words(seen, samples, limits),
    }


def _figures(log: AccessLog | Missing, told: ParsedReply | None) -> Figures | Missing:
    """The log's figures, or why they cannot be told or believed."""
    if isinstance(log, Missing):
        return log
    if not log.file:
        where = f"the access log goes to {log.elsewhere}, which is not read"
        return Missing(
            Cause.UNSUPPORTED, where if log.elsewhere else "no access log is written for the domain"
        )
    if told is None:
        return Missing(Cause.ERROR, f"{log.file} was not read")
    if (refused := told.refusal("log")) is not None:
        return refused
    names = ("requests", "s5xx", "timed", "unparsed", "log_age_s")
    found = {name: told.number(name) for name in names}
    if (missing := first_missing(found.values())) is not None:
        return missing
    known = {name: value for name, value in found.items() if not isinstance(value, Missing)}
    lines = known["requests"] + known["unparsed"]
    if known["unparsed"] > UNPARSED_SHARE * lines:
        words = f"{known['unparsed']} of {lines} lines of {log.file} are in a form that is not understood"
        return Missing(Cause.UNSUPPORTED, words)
    times = [told.number(name) for name in ("p50_ms", "p95_ms", "p99_ms")]
    p50, p95, p99 = (None if isinstance(time, Missing) else float(time) for time in times)
    return Figures(
        log.file, known["requests"], known["s5xx"], known["timed"], p50, p95, p99, known["log_age_s"]
    )


def _samples(told: ParsedReply | None) -> tuple[Sample, ...]:
    found = []
    for row in told.known("sample") if told is not None else ():
        path, status, count, p50, p95 = fields(row, 5)
        if status.isdecimal() and count.isdecimal():
            times = [
                None if isinstance(time := number("time", text), Missing) else float(time)
                for text in (p50, p95)
            ]
            found.append(Sample(path, int(status), int(count), *times))
    return tuple(found)


def _errors(seen: Figures | Missing, limits: Limits) -> Fact | Missing:
    """Too large a share of server errors, over enough requests of a log that is in use."""
    if isinstance(seen, Missing):
        return seen
    if seen.requests < FEW:
        return Missing(Cause.UNSUPPORTED, f"{seen.requests} requests in {seen.file} (needed: {FEW})")
    words = f"{seen.share:g} % of {seen.requests} requests ended in a server error"
    if seen.share > limits.max_5xx_pct:
        return (f"{words} (expected: at most {limits.max_5xx_pct:g} %)",)
    if seen.age_s > SILENT_S:
        return Missing(Cause.STALE, f"{seen.file} was written {int(seen.age_s // 60)} minutes ago")
    return ()


def _times(
    seen: Figures | Missing, samples: Sequence[Sample], told: ParsedReply | None, limits: Limits
) -> Fact | Missing:
    """The log decides when it has enough times, else the sample over loopback."""
    if isinstance(seen, Figures) and seen.timed >= limits.min_requests and seen.p95 is not None:
        words = f"95 of 100 requests take up to {seen.p95:.0f} ms, over {seen.timed} requests"
        over = seen.p95 > limits.latency_ms
        return (f"{words} (expected: {limits.latency_ms:g})",) if over else ()
    if not samples:
        refused = told.refusal("sample") if told is not None and isinstance(seen, Figures) else None
        return refused or _too_few(seen, limits)
    measured = [one for one in samples if one.p95 is not None and 200 <= one.status < 400]
    if len(measured) < len(samples):
        odd = next(one for one in samples if one not in measured)
        return Missing(
            Cause.UNSUPPORTED, f"{odd.path} answers {odd.status} over loopback: its time says nothing"
        )
    slow = [one for one in measured if one.p95 is not None and one.p95 > limits.latency_ms]
    if len(measured) - len(slow) >= limits.most_share * len(measured):
        return ()
    return tuple(
        f"{one.path} takes up to {one.p95:.0f} ms over loopback (expected: {limits.latency_ms:g})"
        for one in slow
    )


def _tail(seen: Figures | Missing, limits: Limits) -> Fact | Missing:
    """The slowest hundredth, and the 95th percentile, of a log with enough times."""
    if isinstance(seen, Missing):
        return seen
    if seen.timed < limits.min_requests or seen.p95 is None or seen.p99 is None:
        return _too_few(seen, limits)
    return tuple(
        f"{share} of 100 requests take up to {value:.0f} ms (expected: {most:g})"
        for share, value, most in ((95, seen.p95, limits.latency_ms), (99, seen.p99, limits.p99_ms))
        if value > most
    )


def _too_few(seen: Figures | Missing, limits: Limits) -> Missing:
    if isinstance(seen, Missing):
        return seen
    if seen.requests and not seen.timed:
        hint = "log the request time, as rt=$request_time in log_format, and name what stands before it"
        return Missing(Cause.UNSUPPORTED, f"no line of {seen.file} has a request time", hint)
    words = f"{seen.timed} requests with a time in {seen.file} (needed: {limits.min_requests})"
    return Missing(Cause.UNSUPPORTED, words)


def _words(seen: Figures | Missing, samples: Sequence[Sample], limits: Limits) -> str | Missing:
    """The log's figures in words, then the sample's."""
    sampled = "; ".join(
        f"{one.path} over loopback: p50 {one.p50:.0f}, p95 {one.p95:.0f} ms of {one.count} requests"
        for one in samples
        if one.p50 is not None and one.p95 is not None
    )
    if isinstance(seen, Missing):
        return sampled or seen
    if sampled and seen.timed < limits.min_requests:
        return sampled
    hours = limits.window_s / 3600
    window = f"{hours:g} h" if hours < 72 else f"{hours / 24:g} d"
    times = ""
    if seen.p50 is not None and seen.p95 is not None and seen.p99 is not None:
        times = f"; p50 {seen.p50:.0f}, p95 {seen.p95:.0f}, p99 {seen.p99:.0f} ms"
    return f"{seen.share:g} % server errors of {seen.requests} requests in {window}{times}"
