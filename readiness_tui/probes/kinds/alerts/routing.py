"""Where Alertmanager sends an alert, and whether anybody gets it (prometheus.io: alerting, configuration)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, fields

_MATCHER = re.compile(r'^\s*"?([a-zA-Z_]\w*)"?\s*(=~|!~|!=|=)\s*"?(.*?)"?\s*$')


@dataclass(slots=True)
class Route:
    """A route with those inside it."""

    receiver: str
    further: bool
    matchers: tuple[str, ...]
    inner: list[Route] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Receivers:
    """What is configured: the tree's root, and per receiver its types and what is wrong with it."""

    root: Route | None
    types: Mapping[str, tuple[str, ...]]
    wrong: Mapping[str, str]
    silences: Sequence[tuple[str, tuple[str, ...]]]


def receivers(told: ParsedReply) -> Receivers:
    """The configuration in a reply."""
    stack: list[Route] = []
    root: Route | None = None
    for row in told.known("route"):
        depth, receiver, further, matchers = fields(row, 4)
        one = Route(receiver, further == "yes", tuple(filter(None, matchers.split("; "))))
        level = int(depth) if depth.isdecimal() else 0
        del stack[level:]
        if stack:
            one.receiver = one.receiver or stack[-1].receiver
            stack[-1].inner.append(one)
        else:
            root = root or one
        stack.append(one)
    rows = [fields(row, 3) for row in told.known("receiver")]
    names = dict.fromkeys(name for name, _, _ in rows)
    types = {n: tuple(kind for name, kind, _ in rows if name == n) for n in names}
    wrong = {}
    for each in names:
        mine = [why for name, _, why in rows if name == each]
        if all(mine):
            wrong[each] = mine[0]
    silences = [
        (until, tuple(filter(None, matchers.split("; "))))
        for until, matchers in (fields(row, 2) for row in told.known("silence"))
    ]
    return Receivers(root, types, wrong, silences)


def _matches(matcher: str, labels: Mapping[str, str]) -> bool | None:
    """Whether a matcher holds; None when the label comes from the series and is not known here."""
    match = _MATCHER.match(matcher)
    if match is None:
        return None
    name, sign, wanted = match.groups()
    if name not in labels or "{{" in labels[name]:
        return None
    try:
        equal = labels[name] == wanted if sign in ("=", "!=") else bool(re.fullmatch(wanted, labels[name]))
    except re.error:
        return None
    return equal if sign in ("=", "=~") else not equal


def _all(matchers: Sequence[str], labels: Mapping[str, str]) -> bool | None:
    held = [_matches(one, labels) for one in matchers]
    return False if False in held else None if None in held else True


def reached(route: Route, labels: Mapping[str, str]) -> tuple[str, ...]:
    """The receivers that an alert may reach; where labels are not known, each that is possible."""
    found: list[str] = []
    for inner in route.inner:
        held = _all(inner.matchers, labels)
        if held is False:
            continue
        found += reached(inner, labels)
        if held is True and not inner.further:
            return tuple(dict.fromkeys(found))
    return tuple(dict.fromkeys([*found, route.receiver])) if not _certain(route, labels) else tuple(found)


def _certain(route: Route, labels: Mapping[str, str]) -> bool:
    """Some route inside takes the alert for sure, so that the outer receiver does not get it."""
    return any(_all(inner.matchers, labels) is True for inner in route.inner)


def silenced(known: Receivers, labels: Mapping[str, str]) -> str:
    """Until when a silence holds the alert back; empty when none does for sure."""
    return next((until for until, matchers in known.silences if _all(matchers, labels) is True), "")


def chain(told: ParsedReply) -> str | Missing:
    """Why no alert can be sent at all; empty when some Alertmanager is ready."""
    if told.known("am_ready"):
        return ""
    if (refused := told.refusal("am")) is not None:
        return Missing(refused.cause, f"Alertmanager: {refused.reason.partition(': ')[2] or refused.reason}")
    if down := told.known("am_down"):
        url, why = fields(down[0], 2)
        return f"Alertmanager at {url} is down: {why}"
    if not told.known("am"):
        return "Prometheus sends its alerts to no Alertmanager"
    return Missing(Cause.GARBLED, "what Alertmanager answers is not understood")
