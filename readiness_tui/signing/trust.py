"""Who may sign, as texts and where they came from; and what is known of a signature."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from readiness_tui.errors import UsageError

ALLOWED, ROLES, REVOKED = "allowed_signers", "signers.toml", "revoked_keys"
LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Verified:
    """What is known of a signature. problem: why it does not count, empty when it does."""

    fingerprint: str
    problem: str


@dataclass(frozen=True, slots=True)
class Trust:
    """The texts that say who may sign, and where they came from."""

    source: str
    allowed: str
    roles: str = ""
    revoked: str = ""

    @classmethod
    def at(cls, file: Path) -> Trust:
        """The file and the two beside it. Raises UsageError for one that cannot be read."""
        beside = (file.with_name(name) for name in (ROLES, REVOKED))
        return cls(str(file), _text(file), *(_text(path) if path.exists() else "" for path in beside))


def _text(path: Path) -> str:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
            raise UsageError("not a file of signers: no regular file, or over 4 MiB", where=str(path))
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the signers: {error}", where=str(path)) from None
