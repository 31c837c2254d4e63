"""The checklists of strangers that the operator has seen the plan of and allowed, by content.

A checklist file is code that runs on production hosts (design.md, section 8): one changed byte is
another digest, and must be allowed again.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import platformdirs
import tomli_w

from readiness_tui import regular_file
from readiness_tui.errors import SessionError
from readiness_tui.store import atomic

APP = "readiness-tui"


def memory() -> Path:
    """Where it is remembered: in the user's state folder, never in a repository."""
    return platformdirs.user_state_path(APP) / "allowed.toml"


def allowed(digest: str, *, file: Path | None = None) -> bool:
    """Whether a checklist of this digest may run.

    Raises SessionError when the memory cannot be read: that is not a yes.
    """
    return digest in _remembered(file or memory())


def allow(digest: str, path: Path, *, file: Path | None = None) -> None:
    """Remember that the checklist of this digest, seen at `path`, may run. Raises SessionError."""
    file = file or memory()
    known = _remembered(file)
    if digest in known:
        return
    now = datetime.now(UTC).replace(microsecond=0)
    known[digest] = {"path": str(path), "at": now.isoformat().replace("+00:00", "Z")}
    atomic.make_folder(file.parent)
    atomic.write(file, tomli_w.dumps({"allowed": known}).encode("utf-8", "replace"))


def _remembered(file: Path) -> dict[str, object]:
    try:
        document = tomllib.loads(regular_file.read_text(file, regular_file.SMALL))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise atomic.refusal(error, file, "read") from error
    except (ValueError, RecursionError) as error:
        raise _broken(file, str(error)) from error
    known = document.get("allowed", {})
    if not isinstance(known, dict):
        raise _broken(file, "`allowed` is not a table")
    return known


def _broken(file: Path, why: str) -> SessionError:
    return SessionError(
        f"the memory of allowed checklists is broken: {why}",
        where=str(file),
        hint="remove the file, then allow your checklists again",
    )
