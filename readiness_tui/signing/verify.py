"""Whether a sign-off's signature counts: over this launch and page, with a key that may sign for the role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from readiness_tui import regular_file
from readiness_tui.errors import ReadinessError, UsageError
from readiness_tui.model.answer import Signoff
from readiness_tui.model.session import Session
from readiness_tui.rules.decision.page import escaped
from readiness_tui.signing import statement

ALLOWED, ROLES, REVOKED = "allowed_signers", "signers.toml", "revoked_keys"
LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Verified:
    """The result of checking a signature. problem: why it does not count; empty if it does."""

    fingerprint: str
    problem: str


@dataclass(frozen=True, slots=True)
class Trust:
    """The texts that say who may sign, and their source."""

    source: str
    allowed: str
    roles: str = ""
    revoked: str = ""

    @classmethod
    def at(cls, file: Path) -> Trust:
        """The file and the two beside it. Raises UsageError for a file that cannot be read."""
        beside = (file.with_name(name) for name in (ROLES, REVOKED))
        return cls(str(file), _text(file), *(_text(path) if path.exists() else "" for path in beside))


def verify(
    session: Session, signoff: Signoff, trust: Trust | None, *, at: datetime | None = None
) -> Verified:
    """Check a statement and its signature. at: when the key must be valid, else the statement's time."""
    try:
        return _verified(session, signoff, trust, at)
    except ReadinessError as error:
        return Verified("", f"{error.where}: {error.message}" if error.where else error.message)


def _verified(session: Session, signoff: Signoff, trust: Trust | None, at: datetime | None) -> Verified:
    if not signoff.signature:
        return Verified("", "UNSIGNED")
    signed_statement = statement.read(signoff.statement)
    if signed_statement.signoff(signoff.signature) != signoff:
        return Verified("", "the sign-off in the session differs from the signed statement")
    if signed_statement.launch != escaped(session.launch):
        return Verified("", f"the statement is for the launch {signed_statement.launch}")
    if signed_statement.at > datetime.now(UTC) and (at is None or signed_statement.at > at):
        return Verified("", f"the statement is dated in the future: {signed_statement.at:%Y-%m-%d %H:%M} UTC")
    if trust is None:
        return Verified("", f"no allowed signers: there is no {ALLOWED} in the launch's folder")
    from readiness_tui.signing import signature, signers  # asyncssh takes 0.3 s to import

    signer = signature.check(signoff.statement.encode(), signoff.signature)
    allowed = signers.read(trust.allowed, trust.roles, trust.revoked, source=trust.source)
    problem = allowed.refusal(signer, signed_statement.who, signed_statement.role, at or signed_statement.at)
    return Verified(signer.fingerprint, problem)


class Checker:
    """The `SignatureCheck` of a launch. Reads the signers of its folder and caches verified signatures."""

    def __init__(self, folder: Path, named: str = "") -> None:
        """named: the file set in the settings, for launches that have none of their own."""
        own = folder / ALLOWED
        self.file: Path | None = own if own.exists() or not named else Path(named).expanduser()
        self._known: dict[tuple[str, str, str, Trust | None], Verified] = {}

    def trust(self) -> Trust | None:
        """The present signers; None if there is no such file."""
        return Trust.at(self.file) if self.file is not None and self.file.exists() else None

    def verify(self, session: Session, signoff: Signoff) -> Verified:
        """The state of the signature, by the present signers."""
        try:
            trust = self.trust()
        except ReadinessError as error:
            return Verified("", f"{error.where}: {error.message}")
        key = (session.launch, signoff.statement, signoff.signature, trust)
        result = self._known.get(key)
        if result is None:
            result = self._known[key] = verify(session, signoff, trust)
        return result

    def __call__(self, session: Session, signoff: Signoff) -> str:
        """Why the signature does not count; empty if it does."""
        return self.verify(session, signoff).problem


def _text(path: Path) -> str:
    try:
        return regular_file.read_text(path, LARGEST)
    except OSError as error:
        raise UsageError(f"cannot read the signers: {error.strerror}", where=str(path)) from None
    except UnicodeDecodeError as error:
        raise UsageError(f"cannot read the signers: {error}", where=str(path)) from None
