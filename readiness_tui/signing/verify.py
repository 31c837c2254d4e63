"""Whether a sign-off's signature counts: over this launch and page, by a key that may sign for the role."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from readiness_tui.errors import ReadinessError
from readiness_tui.model.answer import Signoff, Waiver
from readiness_tui.model.session import Session
from readiness_tui.rules.decision.page import escaped
from readiness_tui.signing import statement, waiver
from readiness_tui.signing.trust import ALLOWED, Trust, Verified


def verify(
    session: Session, signoff: Signoff, trust: Trust | None, *, at: datetime | None = None
) -> Verified:
    """Judge a statement and its signature. at: when the key must be valid, else the statement's time."""
    try:
        return _verified(session, signoff, trust, at)
    except ReadinessError as error:
        return Verified("", f"{error.where}: {error.message}" if error.where else error.message)


def _verified(session: Session, signoff: Signoff, trust: Trust | None, at: datetime | None) -> Verified:
    if not signoff.signature:
        return Verified("", "UNSIGNED")
    said = statement.read(signoff.statement)
    if said.signoff(signoff.signature) != signoff:
        return Verified("", "the session says something else than the signed statement")
    if said.launch != escaped(session.launch):
        return Verified("", f"the statement is for the launch {said.launch}")
    if said.at > datetime.now(UTC) and (at is None or said.at > at):
        return Verified("", f"the statement is dated in the future: {said.at:%Y-%m-%d %H:%M} UTC")
    if trust is None:
        return Verified("", f"nobody is allowed to sign: there is no {ALLOWED} in the launch's folder")
    from readiness_tui.signing import signature, signers  # asyncssh costs 0.3 s, for nothing without one

    signer = signature.check(signoff.statement.encode(), signoff.signature)
    allowed = signers.read(trust.allowed, trust.roles, trust.revoked, source=trust.source)
    problem = allowed.refusal(signer, said.who, said.role, at or said.at)
    return Verified(signer.fingerprint, problem)


class Checker:
    """The `SignatureCheck` of a launch: reads the signers of its folder, and remembers what it verified."""

    def __init__(self, folder: Path, named: str = "") -> None:
        """named: the file that the settings name, for launches that have none of their own."""
        own = folder / ALLOWED
        self.file: Path | None = own if own.exists() or not named else Path(named).expanduser()
        self._known: dict[tuple[str, str, str, Trust | None], Verified] = {}

    def trust(self) -> Trust | None:
        """Who may sign now; None when no file says so."""
        return Trust.at(self.file) if self.file is not None and self.file.exists() else None

    def verify(self, session: Session, signoff: Signoff) -> Verified:
        """The signature's state by the signers of now."""
        try:
            trust = self.trust()
        except ReadinessError as error:
            return Verified("", f"{error.where}: {error.message}")
        key = (session.launch, signoff.statement, signoff.signature, trust)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = verify(session, signoff, trust)
        return found

    def waiver(self, session: Session, item: str, given: Waiver) -> str:
        """Why the signature of a waiver does not count; empty when it does, or there is none."""
        if not given.signature:
            return ""
        try:
            return waiver.verify(session, item, given, self.trust()).problem
        except ReadinessError as error:
            return f"{error.where}: {error.message}"

    def names(self, role: str) -> tuple[str, ...]:
        """Who may sign for a role; empty when no file says so. Raises UsageError for a broken file."""
        trust = self.trust()
        if trust is None:
            return ()
        from readiness_tui.signing import signers

        return signers.read(trust.allowed, trust.roles, trust.revoked, source=trust.source).names(role)

    def __call__(self, session: Session, signoff: Signoff) -> str:
        """Why it does not count."""
        return self.verify(session, signoff).problem
