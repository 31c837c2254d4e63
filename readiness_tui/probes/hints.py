"""Hints for missing privileges: the exact sudoers lines and groups."""

from __future__ import annotations

from collections.abc import Iterable

from readiness_tui.model.privilege import Privilege
from readiness_tui.rules.probing.sudoers import Refusal, line


def privilege_hint(privilege: Privilege) -> str:
    """The sudoers lines, groups and roles for a privilege, as one sentence; empty if none are needed."""
    parts = []
    if commands := root_lines(privilege.root):
        parts.append(f"sudoers: ALL=(root) NOPASSWD: {', '.join(commands)}")
    parts += [f"run as {user}: {command}" for user, command in privilege.as_user]
    if privilege.groups:
        parts.append(f"join group {' or '.join(privilege.groups)}")
    return "; ".join(parts)


def root_lines(commands: Iterable[str]) -> list[str]:
    """Each command in sudoers syntax; the collector's own words if there is no exact line."""
    lines = ((command, line(command, expressions=True)) for command in commands)
    return [command if isinstance(exact, Refusal) else exact for command, exact in lines]


def sudoers_hint(*commands: str) -> str:
    """The sudoers line for some commands only."""
    return privilege_hint(Privilege(root=commands))
