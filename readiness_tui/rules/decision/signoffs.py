"""Which sign-offs count: one for each role, over the present page, with a verified signature."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from readiness_tui.model.answer import Decision, Signoff
from readiness_tui.model.checklist import Checklist, Resign
from readiness_tui.model.session import Session
from readiness_tui.rules.decision.page import scope_of, seal
from readiness_tui.rules.decision.seal import older_seal

SignatureCheck = Callable[[Session, Signoff], str]
"""Returns why a sign-off's signature does not count; empty if it was verified."""


@dataclass(frozen=True, slots=True)
class RoleSignoff:
    """The sign-off of one role, and why it does not count (`problem`; empty if it does).

    current: it is over the present page. verified: its signature was verified.
    """

    role: str
    title: str
    signoff: Signoff | None
    problem: str = ""
    current: bool = False
    verified: bool = False

    @property
    def go(self) -> bool:
        """Whether the lead signed go, or go with conditions, and the sign-off counts."""
        return not self.problem


def unverified(session: Session, signoff: Signoff) -> str:
    """A check that accepts no signature, because none was verified."""
    return "the signature was not verified"


def judged(
    checklist: Checklist, session: Session, at: datetime, check: SignatureCheck = unverified
) -> tuple[RoleSignoff, ...]:
    """The sign-off of every role of the checklist, in its order. at: the time judged, UTC."""
    seals: dict[str, str] = {}
    if session.signoffs:
        scopes = {scope_of(checklist, role.id) for role in checklist.roles}
        seals = {scope: seal(checklist, session, scope) for scope in scopes}
    return tuple(
        _judged(role.id, role.title, checklist, session, seals, at, check) for role in checklist.roles
    )


def _judged(
    role: str,
    title: str,
    checklist: Checklist,
    session: Session,
    seals: Mapping[str, str],
    at: datetime,
    check: SignatureCheck,
) -> RoleSignoff:
    given = [signoff for signoff in session.signoffs if signoff.role == role]
    if not given:
        return RoleSignoff(role, title, None, "has not signed")
    signed = given[0]
    if len(given) > 1:
        return RoleSignoff(role, title, signed, f"{len(given)} sign-offs of one role; none of them counts")
    current = signed.seal == seals[scope_of(checklist, role)]
    trouble = _signature(checklist, session, signed, check)
    verified = bool(signed.signature) and not trouble
    problem = _backdated(session, signed) if current else _not_current(checklist, session, signed)
    problem = problem or trouble or _decision(signed, at)
    return RoleSignoff(role, title, signed, problem, current, verified)


def _not_current(checklist: Checklist, session: Session, signed: Signoff) -> str:
    if signed.seal == older_seal(session):
        return f"{signed.who} signed in an older form; sign again"
    part = "the items of this role changed" if checklist.resign is Resign.ROLE else "the page changed"
    return f"{signed.who} signed an earlier state: {part} since"


def _backdated(session: Session, signed: Signoff) -> str:
    """Why the time of a signature cannot be right: it is before an answer on the page. An expired key could
    be used by backdating.
    """
    if not signed.statement.endswith("scope: all\n"):
        return ""
    newest = max((record.at for record in session.items.values() if record.at), default=signed.at)
    return f"{signed.who} signed at a time before the newest answer on the page" if newest > signed.at else ""


def _signature(checklist: Checklist, session: Session, signed: Signoff, check: SignatureCheck) -> str:
    if signed.signature:
        why = check(session, signed)
        return f"{signed.who}: {why}" if why else ""
    if checklist.unsigned:
        return ""
    return f"{signed.who} is recorded UNSIGNED; this checklist requires a signature"


def _decision(signed: Signoff, at: datetime) -> str:
    if signed.decision is Decision.NO_GO:
        return f"{signed.who} signed no-go"
    if signed.decision is Decision.GO_WITH_CONDITIONS:
        for condition in conditions(signed.conditions):
            if condition.due is not None and condition.due <= at.date():
                return f"{signed.who}: condition due {condition.due} is not met: {condition.text}"
    return ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A lead's condition: text, owner, and due date; None if it has no date."""

    text: str
    owner: str
    due: date | None


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def conditions(text: str) -> tuple[Condition, ...]:
    """The conditions of a sign-off, one per line: `TEXT | owner WHO | due YYYY-MM-DD`."""
    parsed: list[Condition] = []
    for line in filter(str.strip, text.split("\n")):
        parsed.append(_condition(line.strip()))
    return tuple(parsed)


def _condition(line: str) -> Condition:
    text, named, rest = line.partition(" | owner ")
    owner, dated, day = rest.rpartition(" | due ")
    if not (text and named and owner and dated and _DAY.fullmatch(day)):
        return Condition(line, "", None)
    try:
        return Condition(text, owner, date.fromisoformat(day))
    except ValueError:
        return Condition(text, owner, None)
