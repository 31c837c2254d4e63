"""The plan: every ask on every host, known before the first connection is opened."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from readiness_tui.model.checklist import Checklist, Item, ProbeSpec
from readiness_tui.model.inventory import ALL, NETWORK, VANTAGES, Host
from readiness_tui.model.privilege import Privilege
from readiness_tui.model.probe import Ask, CollectorAsk, FollowUpProbe, Probe
from readiness_tui.model.session import Session
from readiness_tui.rules import parameters
from readiness_tui.rules.probing.questions import Questions, filled

Build = Callable[[ProbeSpec, parameters.Values], Probe]
"""Makes the probe of a spec whose `$name`s are filled in. Raises ValueError if it is invalid."""


def probe_of(item: Item, checklist: Checklist) -> ProbeSpec | None:
    """The item's probe, or the probe of the item named by `same_as`."""
    if item.same_as is None:
        return item.probe
    other = checklist.items.get(item.same_as)
    return other.probe if other else None


def targets(spec: ProbeSpec, session: Session) -> tuple[str, ...]:
    """Where a probe runs: host names, vantage points, `role:<role>` for a role no host has.

    A probe of the network whose URL is `URL via HOST` runs on that host, `host:<name>` if there is none.
    """
    hosts = session.hosts
    names: dict[str, None] = {}
    for place in spec.where:
        if place in VANTAGES:
            names[_through(spec, session) or place if place == NETWORK else place] = None
            continue
        matching = [host.name for host in hosts if place == ALL or place in host.roles]
        for name in matching or [f"role:{place}"]:
            names[name] = None
    return tuple(names)


def _through(spec: ProbeSpec, session: Session) -> str:
    """The host through which the probe's URL is reached; empty when it is reached from here."""
    for name in sorted(parameters.used(dict(spec.params))):
        if host := parameters.via(session.parameters.get(name)):
            return host if any(one.name == host for one in session.hosts) else f"host:{host}"
    return ""


@dataclass(frozen=True, slots=True)
class Check:
    """One item to be judged on one target.

    asks: what its probe needs, in the probe's order. Empty if `not_configured` says why it cannot be
    checked. question: identifies what is asked (`rules.probing.questions`).
    """

    item: str
    target: str
    probe: Probe | None
    asks: tuple[Ask, ...] = ()
    not_configured: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do.

    hosts: the hosts of the plan, by name. checks: in the checklist's order. complete: it contains every
    target of each item, not only selected hosts.
    """

    hosts: Mapping[str, Host]
    checks: tuple[Check, ...]
    complete: bool = True

    def asks(self) -> dict[str, dict[Ask, tuple[str, ...]]]:
        """By target, each distinct ask once, with the items that need it."""
        by_target: dict[str, dict[Ask, tuple[str, ...]]] = {}
        for check in self.checks:
            for ask in check.asks:
                shared = by_target.setdefault(check.target, {})
                shared[ask] = (*shared.get(ask, ()), check.item)
        return by_target

    def announced(self) -> dict[str, dict[Ask, tuple[str, ...]]]:
        """By target, the asks that may follow the first replies, with the items that need them.

        Arguments that depend on the replies are words in capitals.
        """
        by_target: dict[str, dict[Ask, tuple[str, ...]]] = {}
        for check in self.checks:
            if check.asks and isinstance(check.probe, FollowUpProbe):
                for ask in check.probe.announced():
                    shared = by_target.setdefault(check.target, {})
                    shared[ask] = (*shared.get(ask, ()), check.item)
        return by_target

    def privileges(self, target: str) -> tuple[Privilege, ...]:
        """The privileges that the asks of a target need beyond an ordinary login."""
        asks = (*self.asks().get(target, {}), *self.announced().get(target, {}))
        return tuple(ask.privilege for ask in asks if isinstance(ask, CollectorAsk))


def wanted(checklist: Checklist, only: Sequence[str] = ()) -> tuple[Item, ...]:
    """The items with a probe whose id matches one of the globs; all of them if there are no globs.

    A section or group prefix (`security`, `security.network`) selects all items under it. An item with
    `same_as` also selects that item.
    """

    def chosen(item: Item) -> bool:
        return not only or any(
            fnmatch.fnmatchcase(item.id, glob) or item.id.startswith(glob.rstrip(".") + ".") for glob in only
        )

    ids = {item.same_as or item.id for item in checklist.items.values() if chosen(item)}
    return tuple(item for item in checklist.items.values() if item.id in ids and item.probe)


def make(
    checklist: Checklist,
    session: Session,
    build: Build,
    *,
    only: Sequence[str] = (),
    hosts: Sequence[str] = (),
) -> Plan:
    """The plan for the items and hosts chosen; all of them when none are named."""
    known = parameters.for_probes(checklist, session)
    questions = Questions(checklist, session)
    checks: list[Check] = []
    for item in wanted(checklist, only):
        assert item.probe is not None  # `wanted` keeps items with a probe only
        for target in targets(item.probe, session):
            if hosts and target not in hosts:
                continue
            check = _check(item, item.probe, target, build, checklist, known)
            checks.append(replace(check, question=questions.of(item, target)))
    named = {host.name: host for host in session.hosts}
    concerned = {check.target: named[check.target] for check in checks if check.target in named}
    return Plan(concerned, tuple(checks), complete=not hosts)


def _check(
    item: Item,
    spec: ProbeSpec,
    target: str,
    build: Build,
    checklist: Checklist,
    known: parameters.Values,
) -> Check:
    if target.startswith("role:"):
        return Check(item.id, target, None, not_configured=f"no host has the role {target[5:]}")
    if target.startswith("host:"):
        return Check(item.id, target, None, not_configured=f"no host of this launch is called {target[5:]}")
    try:
        probe = build(filled(spec, known), known)
        return Check(item.id, target, probe, probe.asks())
    except parameters.UnsetError as unset:
        return Check(item.id, target, None, not_configured=parameters.unset(checklist, known, unset.name))
    except ValueError as error:
        return Check(item.id, target, None, not_configured=_first_line(error))


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[1:3]) if len(lines) > 2 else (lines[0] if lines else "does not fit")
