"""The files of a launch that its bundle contains."""

from __future__ import annotations

from pathlib import Path

from readiness_tui.errors import UsageError
from readiness_tui.launch import Launch
from readiness_tui.signing.verify import Checker
from readiness_tui.store import attachments, codec


def bundled(launch: Launch) -> dict[str, bytes]:
    """Session, checklist, signers and attachments, by their names in the bundle.

    Raises UsageError for an attachment that has changed since it was attached.
    """
    session, checklist = launch.assessment.session, launch.assessment.checklist
    folder = launch.sessions.folder_of(session.launch)
    files = {"session.toml": codec.dumps(session).encode()}
    files["checklist.yaml"] = attachments.read(Path(checklist.source))
    check = launch.assessment.check
    trust = check.trust() if isinstance(check, Checker) else None
    if trust is not None:
        named = (
            ("allowed_signers", trust.allowed),
            ("signers.toml", trust.roles),
            ("revoked_keys", trust.revoked),
        )
        files |= {name: text.encode() for name, text in named if text}
    for record in session.items.values():
        for proof in record.evidence:
            if proof.path and proof.sha256 and proof.path.startswith(attachments.FOLDER + "/"):
                if why := attachments.trouble(folder, proof.path, proof.sha256):
                    raise UsageError(why, where=str(folder / proof.path))
                files[proof.path] = attachments.kept(folder, proof.path)
    return files
