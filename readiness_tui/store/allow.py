"""The third-party checklists and host addresses that the operator has allowed, by digest.

A checklist is code that runs on production hosts, and an address such as `exec:COMMAND` is code that runs
on this machine. Any change gives another digest, which must be allowed again.
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


def allow_file() -> Path:
    """The file that stores what is allowed, in the user's state folder, never in a repository."""
    return platformdirs.user_state_path(APP) / "allowed.toml"


def allowed(digest: str, *, file: Path | None = None) -> bool:
    """Whether a checklist with this digest may run.

    Raises SessionError if the file cannot be read; nothing is allowed then.
    """
    return digest in _remembered(file or allow_file())


def allow(digest: str, path: Path | str, *, file: Path | None = None) -> None:
    """Record that the content with this digest, read from `path`, may run. Raises SessionError."""
    file = file or allow_file()
    known = _remembered(file)
    if digest in known:
        return
    now = datetime.now(UTC).replace(microsecond=0)
    known[digest] = {"path": str(path), "at": now.isoformat().replace("+00:00", "Z")}
    atomic.make_folder(file.parent)
    atomic.write(file, tomli_w.dumps({"allowed": known}).encode("utf-8", "replace"))


def address_digest(address: str) -> str:
    """The digest under which an address is recorded."""
    return digest_of(f"address {address}")


def runs_here(address: str) -> bool:
    """Whether connecting to the address runs a command or a third-party plug-in on this machine."""
    return Address.parse(address).transport not in ("ssh", "local", "replay")


def allow_address(address: str) -> None:
    """Record that an address entered or accepted here may be used. Raises SessionError."""
    if runs_here(address):
        allow(address_digest(address), address)


def address_allowed(address: str) -> bool:
    """Whether an address may be used. Raises SessionError if the file cannot be read."""
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
        f"the list of allowed checklists is damaged: {why}",
        where=str(file),
        hint="remove the file, then allow your checklists again",
    )
