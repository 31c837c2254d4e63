"""Sudo's rules as `cvtsudoers -f json` prints them, aliases expanded: who may do everything (sudoers(5))."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

ROOT_SHELLS = frozenset(
    {
        *(
            "sh",
            "bash",
            "dash",
            "zsh",
            "ksh",
            "fish",
            "busybox",
            "su",
            "sudo",
            "env",
            "nsenter",
            "chroot",
            "unshare",
        ),
        *(
            "vi",
            "vim",
            "nano",
            "emacs",
            "less",
            "more",
            "man",
            "awk",
            "find",
            "tar",
            "python3",
            "perl",
            "ruby",
        ),
        *("docker", "podman", "systemd-run", "visudo", "cp", "mv", "dd", "tee", "chmod", "chown", "passwd"),
    }
)
"""Programs that give whoever may run them as root with arguments of their own everything else as well."""


@dataclass
class Rules:
    """users, groups: who may run everything as root, by name. free: those of them who need no password.

    doubts: rules that are not understood, or that hold on some hosts only, in words.
    """

    users: dict[str, bool] = field(default_factory=dict)
    groups: dict[str, bool] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)


def decoded(pieces: Sequence[str]) -> Any:
    """The JSON document in base64 pieces. Raises ValueError when it is none."""
    try:
        return json.loads(base64.b64decode("".join(pieces), validate=True))
    except (binascii.Error, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("the answer is not JSON in base64") from error


def rules(document: Any, hostname: str) -> Rules:
    """Who may become root. Raises ValueError for a document of another shape."""
    found = Rules()
    if not isinstance(document, dict):
        raise ValueError("the rules are not an object")
    for spec in _list(document.get("User_Specs", [])):
        for commands in _list(spec.get("Cmnd_Specs", [])):
            if not _as_root(commands) or not any(map(_everything, _list(commands.get("Commands", [])))):
                continue
            if not _here(spec, hostname):
                found.doubts.append("a sudo rule names hosts, and whether it means this one is not known")
                continue
            _add(found, spec, free=_free(commands))
    return found


def _add(found: Rules, spec: Any, *, free: bool) -> None:
    for who in _list(spec.get("User_List", [])):
        if who.get("negated"):
            found.doubts.append("a sudo rule excludes somebody (!), which is not evaluated")
        elif "username" in who:
            name = str(who["username"])
            found.users[name] = found.users.get(name, False) or free
        elif "usergroup" in who:
            name = str(who["usergroup"])
            found.groups[name] = found.groups.get(name, False) or free
        else:
            found.doubts.append(f"a sudo rule is for a {next(iter(who), 'nobody')}, which is not evaluated")


def _list(value: Any) -> Iterator[Any]:
    if not isinstance(value, list) or not all(isinstance(member, dict) for member in value):
        raise ValueError("the rules have another shape than cvtsudoers(1) prints")
    return iter(value)


def _as_root(commands: Any) -> bool:
    """Nobody named means root, and so does a group alone is the user itself (sudoers(5), Runas_Spec)."""
    if "runasusers" not in commands:
        return "runasgroups" not in commands
    return any(
        str(who.get("username", who.get("userid", "?"))) in ("ALL", "root", "0", "?")
        and not who.get("negated")
        for who in _list(commands["runasusers"])
    )


def _everything(command: Any) -> bool:
    """Whether the command gives everything: ALL, a directory, a shell, a program that starts others."""
    if command.get("negated"):
        return False
    text = str(command.get("command", "ALL"))
    program, _, arguments = text.partition(" ")
    if text == "ALL" or program.endswith("/") or any(char in program for char in "*?[^"):
        return True
    return program.rpartition("/")[2] in ROOT_SHELLS and (not arguments or "*" in arguments)


def _here(spec: Any, hostname: str) -> bool:
    names = [
        str(host.get("hostname", "?")) for host in _list(spec.get("Host_List", [])) if not host.get("negated")
    ]
    return bool({"ALL", hostname, hostname.partition(".")[0]}.intersection(names))


def _free(commands: Any) -> bool:
    return any(option.get("authenticate") is False for option in _list(commands.get("Options", [])))
