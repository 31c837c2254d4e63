"""Who may sign, as texts with their source, and the result of checking a signature."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from readiness_tui import regular_file
from readiness_tui.errors import UsageError

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


def _text(path: Path) -> str:
    try:
        return regular_file.read_text(path, LARGEST)
    except OSError as error:
        raise UsageError(f"cannot read the signers: {error.strerror}", where=str(path)) from None
    except UnicodeDecodeError as error:
        raise UsageError(f"cannot read the signers: {error}", where=str(path)) from None
