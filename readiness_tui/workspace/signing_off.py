"""A lead's sign-off: statement, signature, taking it in; the command line and the screens share it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from readiness_tui.assessment import Assessment
from readiness_tui.errors import UsageError
from readiness_tui.model.answer import Decision, Signoff
from readiness_tui.rules import edits
from readiness_tui.rules.decision.page import page, scope_of, seal
from readiness_tui.rules.decision.page_difference import Difference, differences
from readiness_tui.rules.decision.signoffs import conditions
from readiness_tui.signing import statement
from readiness_tui.signing.statement import NAMESPACE, Statement
from readiness_tui.store import atomic, attachments, codec, signed
from readiness_tui.suggest import near


@dataclass(frozen=True, slots=True)
class Wish:
    """What a lead wants to say. conditions: `TEXT | owner WHO | due YYYY-MM-DD`, one each."""

    role: str
    decision: str
    who: str
    conditions: tuple[str, ...] = ()


def statement_of(assessment: Assessment, wish: Wish) -> Statement:
    """The statement over the present page. Raises UsageError for what does not fit."""
    roles = tuple(role.id for role in assessment.checklist.roles)
    if wish.role not in roles:
        raise UsageError(
            f"no role {wish.role!r} signs this checklist{near(wish.role, roles)}",
            hint="roles: " + ", ".join(roles),
        )
    decision = Decision(wish.decision)
    if (decision is Decision.GO_WITH_CONDITIONS) != bool(wish.conditions):
        raise UsageError("conditions go with the decision go-with-conditions, and the other way round")
    for text in wish.conditions:
        condition(text)
    scope = scope_of(assessment.checklist, wish.role)
    return Statement(
        launch=assessment.session.launch,
        role=wish.role,
        who=statement.principal(wish.who),
        decision=decision,
        conditions=wish.conditions,
        at=assessment.now(),
        page=seal(assessment.checklist, assessment.session, scope),
        scope=scope,
    )


def condition(text: str) -> date:
    """The day on which a condition is due. Raises UsageError for one in another form."""
    found = conditions(text)
    if len(found) != 1 or found[0].due is None:
        raise UsageError("write a condition as 'TEXT | owner WHO | due YYYY-MM-DD'")
    return found[0].due


def page_for(assessment: Assessment, role: str) -> str:
    """The page that a lead of the role signs."""
    return page(assessment.checklist, assessment.session, scope_of(assessment.checklist, role))


@dataclass(frozen=True, slots=True)
class SinceSigned:
    """What changed on the page since a role last signed; empty when nothing did."""

    who: str
    changes: tuple[Difference, ...]

    def __str__(self) -> str:
        count = len(self.changes)
        if not count:
            return f"unchanged since {self.who} signed"
        return f"{count} change{'' if count == 1 else 's'} since {self.who} signed"


def since_signed(assessment: Assessment, folder: Path, role: str) -> SinceSigned | None:
    """What differs from the page that the role signed last; None when it has not, or no copy is kept."""
    last = next((given for given in assessment.session.signoffs if given.role == role), None)
    kept = signed.page(folder, last.seal) if last else None
    if last is None or kept is None:
        return None
    return SinceSigned(last.who, differences(kept, page_for(assessment, role)))


def request(assessment: Assessment, said: Statement, folder: Path) -> tuple[Path, str]:
    """Write what a lead signs elsewhere; the statement's file, and the command that signs it there."""
    folder.mkdir(parents=True, exist_ok=True)
    atomic.write(folder / "page.txt", page_for(assessment, said.role).encode())
    file = folder / f"{said.role}.txt"
    atomic.write(file, said.text().encode())
    return file, f"ssh-keygen -Y sign -n {NAMESPACE} -f ~/.ssh/id_ed25519 {shlex.quote(file.name)}"


def accepted(file: Path) -> Signoff:
    """The sign-off in `ROLE.txt.sig` and the statement beside it. Raises UsageError."""
    if file.suffix != ".sig":
        raise UsageError("name the signature, ROLE.txt.sig", where=str(file))
    text, signature = (_text(path) for path in (file.with_suffix(""), file))
    return statement.read(text).signoff(signature)


def _text(path: Path) -> str:
    try:
        return attachments.read(path).decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError("not UTF-8", where=str(path)) from None


def take_in(assessment: Assessment, folder: Path, signoff: Signoff) -> None:
    """Check the sign-off, record it, and keep copies of what was signed in the launch's folder.

    Raises UsageError with why it does not count.
    """
    scope = scope_of(assessment.checklist, signoff.role)
    if signoff.seal != seal(assessment.checklist, assessment.session, scope):
        raise UsageError("the page changed since this statement was written", hint="ask for a new signature")
    if signoff.signature and (why := assessment.check(assessment.session, signoff)):
        raise UsageError(f"the signature does not count: {why}")
    if signoff.at > assessment.now():
        raise UsageError("the statement is dated in the future")
    text = page_for(assessment, signoff.role)
    assessment.apply(edits.AddSignoff(signoff))
    files = {"page.txt": text.encode(), "session.toml": codec.dumps(assessment.session).encode()}
    if signoff.statement:
        files[f"{signoff.role}.txt"] = signoff.statement.encode()
    if signoff.signature:
        files[f"{signoff.role}.txt.sig"] = signoff.signature.encode()
    signed.keep(folder, signoff.seal, files)
