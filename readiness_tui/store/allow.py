"""The checklists and host addresses of others that the operator has seen and allowed, by digest.

A checklist file is code that runs on production hosts, an address such as `exec:COMMAND` code that
runs on this machine: one changed byte is another digest, and must be allowed again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import platformdirs
import tomli_w

from readiness_tui import regular_file, toml_text
from readiness_tui.errors import SessionError
from readiness_tui.model.base import digest as digest_of
from readiness_tui.model.inventory import Address
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


def allow(digest: str, path: Path | str, *, file: Path | None = None) -> None:
    """Remember that what has this digest, seen at `path`, may run. Raises SessionError."""
    file = file or memory()
    known = _remembered(file)
    if digest in known:
        return
    now = datetime.now(UTC).replace(microsecond=0)
    known[digest] = {"path": str(path), "at": now.isoformat().replace("+00:00", "Z")}
    atomic.make_folder(file.parent)
    atomic.write(file, tomli_w.dumps({"allowed": known}).encode("utf-8", "replace"))


def address_digest(address: str) -> str:
    """The digest by which the address of a host is remembered."""
    return digest_of(f"address {address}")


def runs_here(address: str) -> bool:
    """Whether connecting to the address runs a command, or a third-party plug-in, on this machine."""
    return Address.parse(address).transport not in ("ssh", "local", "replay")


def allow_address(address: str) -> None:
    """Remember that an address typed or accepted here may be used. Raises SessionError."""
    if runs_here(address):
        allow(address_digest(address), address)


def address_allowed(address: str) -> bool:
    """Whether a host's address may be used. Raises SessionError when the memory cannot be read."""
    return not runs_here(address) or allowed(address_digest(address))


def _remembered(file: Path) -> dict[str, object]:
    try:
        document = toml_text.loads(regular_file.read_text(file, regular_file.SMALL))
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
