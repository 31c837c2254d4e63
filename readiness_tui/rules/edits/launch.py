"""Edits of the launch: parameters, hosts, launch time, notes, sign-offs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from readiness_tui.errors import UsageError
from readiness_tui.model.answer import Signoff
from readiness_tui.model.base import keepable, one_line_ending
from readiness_tui.model.inventory import Host
from readiness_tui.model.session import Change, Session, differing
from readiness_tui.rules import history, host_roles
from readiness_tui.rules.edits.contract import Context
from readiness_tui.rules.parameter_types import check
from readiness_tui.suggest import near


class _OfLaunch:
    """An edit of a setting of the launch, which has no item."""

    __slots__ = ()

    @property
    def item(self) -> str:
        """See `UndoableEdit`."""
        return ""


@dataclass(frozen=True, slots=True)
class SetParameter(_OfLaunch):
    """Set a launch parameter; None restores the checklist's default."""

    name: str
    value: JsonValue
    why: str = ""

    def apply(self, session: Session, context: Context) -> Session:
        """Raises UsageError for an unknown parameter and for an invalid value."""
        checklist, name, value = context.checklist, self.name, self.value
        known = tuple(parameter.name for parameter in checklist.parameters)
        if name not in known:
            raise UsageError(f"no parameter {name!r} in checklist {checklist.id}{near(name, known)}")
        if value is not None:
            parameter = next(each for each in checklist.parameters if each.name == name)
            value = check(checklist, parameter, value)
        kept = {key: old for key, old in session.parameters.items() if key != name}
        given = kept if value is None else kept | {name: keepable(value)}
        ordered = {key: given[key] for key in (*known, *given) if key in given}  # unknown ones last
        old, new = history.value(session.parameters.get(name)), history.value(value)
        line = Change(at=context.now, by=context.by, what=f"parameter.{name}", old=old, new=new, why=self.why)
        return history.logged(session, {"parameters": ordered}, line)

    def restoring(self, session: Session, why: str) -> SetParameter:
        """See `UndoableEdit`."""
        return SetParameter(self.name, session.parameters.get(self.name), why)


@dataclass(frozen=True, slots=True)
class SetHosts(_OfLaunch):
    """Replace the launch's hosts."""

    hosts: tuple[Host, ...]
    why: str = ""

    def apply(self, session: Session, context: Context) -> Session:
        """Raises UsageError for an unknown role, ValueError for two hosts with the same name."""
        host_roles.check(context.checklist, self.hosts)
        old, new = history.hosts(session.hosts), history.hosts(differing(self.hosts))
        line = Change(at=context.now, by=context.by, what="hosts", old=old, new=new, why=self.why)
        return history.logged(session, {"hosts": self.hosts}, line)

    def restoring(self, session: Session, why: str) -> SetHosts:
        """See `UndoableEdit`."""
        return SetHosts(session.hosts, why)


@dataclass(frozen=True, slots=True)
class SetLaunchAt(_OfLaunch):
    """Set the launch time T0; None removes it."""

    launch_at: datetime | None
    why: str = ""

    def apply(self, session: Session, context: Context) -> Session:
        """The history records the old time."""
        old, new = (moment.isoformat() if moment else "" for moment in (session.launch_at, self.launch_at))
        line = Change(at=context.now, by=context.by, what="launch_at", old=old, new=new, why=self.why)
        return history.logged(session, {"launch_at": self.launch_at}, line)

    def restoring(self, session: Session, why: str) -> SetLaunchAt:
        """See `UndoableEdit`."""
        return SetLaunchAt(session.launch_at, why)


@dataclass(frozen=True, slots=True)
class SetZone(_OfLaunch):
    """Set the time zone (an IANA name) in which the last day of a waiver ends."""

    zone: str
    why: str = ""

    def apply(self, session: Session, context: Context) -> Session:
        """Raises ValueError for an unknown zone."""
        checked = Session.model_validate(session.model_dump() | {"zone": self.zone})
        line = Change(
            at=context.now, by=context.by, what="zone", old=session.zone, new=self.zone, why=self.why
        )
        return history.logged(session, {"zone": checked.zone}, line)

    def restoring(self, session: Session, why: str) -> SetZone:
        """See `UndoableEdit`."""
        return SetZone(session.zone, why)


@dataclass(frozen=True, slots=True)
class SetProbeOnOpen(_OfLaunch):
    """Whether the screen runs missing and stale checks as soon as the launch is opened."""

    probe_on_open: bool
    why: str = ""

    def apply(self, session: Session, context: Context) -> Session:
        """The history keeps the old value."""
        old, new = ("true" if value else "false" for value in (session.probe_on_open, self.probe_on_open))
        line = Change(at=context.now, by=context.by, what="probe_on_open", old=old, new=new, why=self.why)
        return history.logged(session, {"probe_on_open": self.probe_on_open}, line)

    def restoring(self, session: Session, why: str) -> SetProbeOnOpen:
        """See `UndoableEdit`."""
        return SetProbeOnOpen(session.probe_on_open, why)


@dataclass(frozen=True, slots=True)
class SetOperator:
    """Set the operator of the launch, who is offered as operator when it is next opened."""

    operator: str

    def apply(self, session: Session, context: Context) -> Session:
        """Raises UsageError for an empty name."""
        operator = self.operator.strip()
        if not operator:
            raise UsageError("the operator's name must not be empty")
        line = Change(at=context.now, by=context.by, what="operator", old=session.operator, new=operator)
        return history.logged(session, {"operator": operator}, line)


@dataclass(frozen=True, slots=True)
class SetNotes(_OfLaunch):
    """Write the launch's free notes."""

    notes: str
    why: str = ""

    def apply(self, session: Session, context: Context) -> Session:
        """The history records the old notes in full."""
        notes = one_line_ending(self.notes)
        line = Change(at=context.now, by=context.by, what="notes", old=session.notes, new=notes, why=self.why)
        return history.logged(session, {"notes": notes}, line)

    def restoring(self, session: Session, why: str) -> SetNotes:
        """See `UndoableEdit`."""
        return SetNotes(session.notes, why)


@dataclass(frozen=True, slots=True)
class AddSignoff:
    """Add a lead's decision. It replaces an earlier one of the same role."""

    signoff: Signoff

    def apply(self, session: Session, context: Context) -> Session:
        """Raises UsageError for a role that does not sign."""
        signoff = self.signoff
        roles = tuple(role.id for role in context.checklist.roles)
        if signoff.role not in roles:
            raise UsageError(
                f"no role {signoff.role!r} signs this checklist{near(signoff.role, roles)}",
                hint="the roles that sign: " + ", ".join(roles),
            )
        kept = tuple(other for other in session.signoffs if other.role != signoff.role)
        replaced = [history.signoff(other) for other in session.signoffs if other.role == signoff.role]
        line = Change(
            at=context.now,
            by=context.by,
            what=f"signoff.{signoff.role}",
            old="; ".join(replaced),
            new=history.signoff(signoff),
        )
        return history.logged(session, {"signoffs": (*kept, signoff)}, line)


@dataclass(frozen=True, slots=True)
class WithdrawSignoff:
    """Withdraw a role's sign-off, with a reason. The history records the withdrawn sign-off."""

    role: str
    reason: str

    def apply(self, session: Session, context: Context) -> Session:
        """Raises UsageError without a reason, or when the role has not signed."""
        if not self.reason.strip():
            raise UsageError("withdrawing a sign-off needs a reason")
        gone = [other for other in session.signoffs if other.role == self.role]
        if not gone:
            raise UsageError(f"the role {self.role!r} has not signed")
        kept = tuple(other for other in session.signoffs if other.role != self.role)
        old = "; ".join(map(history.signoff, gone))
        what = f"signoff.{self.role}"
        line = Change(at=context.now, by=context.by, what=what, old=old, new="withdrawn", why=self.reason)
        return history.logged(session, {"signoffs": kept}, line)
