"""Folder names of launches: any launch name, always inside the sessions folder, always unique."""

from __future__ import annotations

import hashlib
import re
from datetime import date

_SAFE = re.compile(r"^[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9_-])?$")
_UNSAFE = re.compile(r"[^a-z0-9._-]+")
_DAY = re.compile(r"^(\d{4}-\d{2}-\d{2})\.toml$")


def folder_name(launch: str) -> str:
    """The folder of a launch.

    A name of lower-case ASCII letters, digits, dots, hyphens and underscores is used unchanged. Any other
    name is reduced to these characters and a digest is added, `Payments 2.4` ->
    `payments-2.4~5f1e09c0a7b3d246`, so that names that differ only in case, or after 300 characters, get
    different folders on every file system. The `~` separates the two kinds.
    """
    if _SAFE.match(launch) and ".." not in launch:
        return launch
    readable = _UNSAFE.sub("-", launch.casefold()).strip("-._")[:60].strip("-._")
    mark = hashlib.sha256(launch.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{readable or 'launch'}~{mark}"


def day_of(file_name: str) -> date | None:
    """The day in a session file's name; None for any other file."""
    match = _DAY.match(file_name)
    if match is None:
        return None
    try:
        return date.fromisoformat(match[1])
    except ValueError:
        return None
