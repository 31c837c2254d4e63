"""The statement of a waiver, which its approver may sign: one text for one waiver."""

from __future__ import annotations

from datetime import UTC, datetime

from readiness_tui.errors import ReadinessError
from readiness_tui.model.answer import Waiver
from readiness_tui.model.session import Session
from readiness_tui.rules.decision.page import escaped
from readiness_tui.signing.statement import principal
from readiness_tui.signing.trust import Trust, Verified

HEAD = "readiness-tui waiver 1"


def text(session: Session, item: str, waiver: Waiver) -> str:
    """What the approver signs. Raises UsageError for an approver's name that is no principal.

    It is made from the waiver alone, so that a waiver with another reason, owner or expiry needs
    another signature.
    """
    at = waiver.at.astimezone(UTC).isoformat().replace("+00:00", "Z") if waiver.at else ""
    lines = [
        HEAD,
        f"launch: {escaped(session.launch)}",
        f"item: {item}",
        f"reason: {escaped(waiver.reason)}",
        f"owner: {escaped(waiver.owner)}",
        f"approver: {principal(waiver.approver)}",
        f"until: {waiver.expires}",
        f"zone: {escaped(session.zone)}",
        f"at: {at}",
    ]
    return "\n".join(lines) + "\n"


def verify(
    session: Session, item: str, waiver: Waiver, trust: Trust | None, *, at: datetime | None = None
) -> Verified:
    """Judge the signature of a waiver: by its approver, over this waiver, by a key that may sign.

    at: when the key must be valid, else when the waiver was given. Any role of `signers.toml` may
    approve. A waiver without a signature has no problem: its approver is then as recorded.
    """
    if not waiver.signature:
        return Verified("", "")
    if trust is None:
        return Verified("", "nobody is allowed to sign: there is no allowed_signers in the launch's folder")
    from readiness_tui.signing import signature, signers  # asyncssh costs 0.3 s, for nothing without one

    try:
        signer = signature.check(text(session, item, waiver).encode(), waiver.signature)
        allowed = signers.read(trust.allowed, trust.roles, trust.revoked, source=trust.source)
    except ReadinessError as error:
        return Verified("", error.message)
    moment = at or waiver.at or datetime.now(UTC)
    return Verified(signer.fingerprint, allowed.refusal(signer, waiver.approver, "", moment))
