"""Launch names as folder names: any name, never outside the sessions folder, never two in one."""

from __future__ import annotations

import hashlib
import re
from datetime import date

_SAFE = re.compile(r"^[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9_-])?$")
_UNSAFE = re.compile(r"[^a-z0-9._-]+")
_DAY = re.compile(r"^(\d{4}-\d{2}-\d{2})\.toml$")


def folder_name(launch: str) -> str:
    """The folder of a launch.

    A name of lower-case ASCII letters, digits, dots, hyphens and underscores is its own folder. Any
    other becomes what is left of it and a digest of the whole, `Payments 2.4` ->
    `payments-2.4~5f1e09c0a7b3d246`: names that differ only by case, or beyond 300 characters, stay
    apart on every file system, and `~` keeps the two kinds apart.
    """
    if _SAFE.match(launch) and ".." not in launch:
        return launch
    readable = _UNSAFE.sub("-", launch.casefold()).strip("-._")[:60].strip("-._")
    mark = hashlib.sha256(launch.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{readable or 'launch'}~{mark}"


def day_of(file_name: str) -> date | None:
    """The day of a session file's name; None for any other file."""
    match = _DAY.match(file_name)
    if match is None:
        return None
    try:
        return date.fromisoformat(match[1])
    except ValueError:
        return None
