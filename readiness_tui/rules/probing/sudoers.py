"""The sudoers lines that grant exactly the commands that collectors declare (sudoers(5)), without `*`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from readiness_tui.model.privilege import Privilege

EXPRESSIONS_SINCE = (1, 9, 10)
"""The first sudo version with regular expressions; in an older version such a line is a syntax error."""

PATTERNS = {
    "PID": "[0-9]+",
    "CONNECTION": (
        "user=[A-Za-z0-9._-]+,host=[A-Za-z0-9.:_-]+,addr=[0-9a-f.:]+,laddr=[0-9a-f.:]+,lport=[0-9]+,rdomain="
    ),
    "ACTION": "[A-Za-z0-9][A-Za-z0-9_-]*",
    "SSH_FILE": r"/etc/ssh/sshd_config(\.d(/[A-Za-z0-9_][A-Za-z0-9._-]*)?)?",
    "FAMILY": "(ip|ip6|inet|arp|bridge|netdev)",
    "NGINX_FILE": (
        r"/etc/nginx/(nginx\.conf|"
        r"(conf\.d|sites-enabled|sites-available|snippets|modules-enabled)/[A-Za-z0-9_][A-Za-z0-9._-]*)"
    ),
    "NGINX_DIR": "/etc/nginx/(conf\\.d|sites-enabled|sites-available|snippets|modules-enabled)",
    "SIBLING": r"\.?[A-Za-z0-9_][A-Za-z0-9._-]*",
    "NAME": "[A-Za-z0-9_][A-Za-z0-9_.-]*",
}
"""What a word in capitals in a collector's header may match. None matches a blank or a leading dash."""

LITERAL = frozenset({"DUMP_CONFIG"})
"""Words in capitals that are what a program is really given."""

ADMINISTRATION = frozenset(
    {
        *("iptables", "iptables-save", "iptables-nft-save", "iptables-legacy-save", "ipset", "nft", "ufw"),
        *("ip6tables", "ip6tables-save", "ip6tables-nft-save", "ip6tables-legacy-save"),
        *("ntpctl", "sshd", "apache2ctl"),
    }
)
"""Programs in /usr/sbin; the others are in /usr/bin."""

USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}\$?")

_PLACEHOLDER = re.compile(r"(?<![^ ])[A-Z][A-Z_]+(?![^ ])|(?<=/)SIBLING(?![^ ])|(?<=/proc/)PID(?=/)")
"""A whole word in capitals, a file in a known directory, or the process id in a path under /proc."""

_LONGEST_PID = 7


@dataclass(frozen=True, slots=True)
class Grants:
    """What one account needs on one host.

    lines: lines of a sudoers file. groups: groups whose members do not need root. withheld: commands for
    which no exact line can be written, each with the reason.
    """

    lines: tuple[str, ...]
    groups: tuple[str, ...]
    withheld: tuple[tuple[str, str], ...]


def grants(user: str, needed: Iterable[Privilege], *, expressions: bool = True) -> Grants:
    """The lines for a user. expressions: whether the host's sudo supports regular expressions.

    Raises ValueError for a user name that is not portable.
    """
    if not USER.fullmatch(user):
        raise ValueError(f"{user!r} is not a portable user name for sudoers")
    privileges = tuple(needed)
    lines: dict[str, None] = {}
    withheld: dict[str, str] = {}
    for command in sorted({command for privilege in privileges for command in privilege.root}):
        granted = line(command, expressions=expressions)
        if isinstance(granted, Refusal):
            withheld[command] = granted.why
        else:
            lines[f"{user} ALL=(root) NOPASSWD: {granted}"] = None
    for other, command in dict.fromkeys(pair for privilege in privileges for pair in privilege.as_user):
        withheld[f"{command} (as {other})"] = "it can start other programs; give the account a role or group"
    groups = dict.fromkeys(group for privilege in privileges for group in privilege.groups)
    return Grants(tuple(lines), tuple(groups), tuple(withheld.items()))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no exact line can be written for a command."""

    why: str


def line(command: str, *, expressions: bool) -> str | Refusal:
    """A command in sudoers syntax: an absolute path and exact arguments, or a regular expression."""
    program, _, arguments = command.partition(" ")
    path = (
        program
        if program.startswith("/")
        else f"/usr/{'sbin' if program in ADMINISTRATION else 'bin'}/{program}"
    )
    if not re.fullmatch(r"(/[A-Za-z0-9_][A-Za-z0-9._-]*)+", path):
        return Refusal("the path of its program has special characters")
    if not arguments:
        return f'{path} ""'  # without "" sudo allows any arguments
    if "'" in arguments:  # a quoted argument
        words = shlex.split(arguments)
        if any(not word or set(word) & set(" \t'\"") for word in words):
            return Refusal("sudo cannot tell an argument with a blank from two arguments")
        arguments = " ".join(words)
    if any(ord(char) < 32 or ord(char) == 127 for char in arguments):
        return Refusal("an argument has a control character")
    if arguments.startswith("^") and arguments.endswith("$"):
        return f"{path} {arguments}" if expressions else Refusal("it needs sudo 1.9.10 or newer")
    placeholders = dict.fromkeys(word for word in _PLACEHOLDER.findall(arguments) if word not in LITERAL)
    unknown = [word for word in placeholders if word not in PATTERNS]
    if "MATCHES" in unknown:
        return Refusal("a group is enough for the journal, and any line would open all of it")
    if unknown:
        return Refusal(f"{unknown[0]} is known on the host only; write the line with the path yourself")
    names = [word for word in placeholders if word in PATTERNS]
    if not names:
        return f"{path} {_escaped(arguments)}"
    if expressions:
        return f"{path} ^{_expression(arguments)}$"
    if names == ["PID"]:
        return ", ".join(f"{path} {_digits(arguments, count)}" for count in range(1, _LONGEST_PID + 1))
    return Refusal(f"{names[0]} needs a regular expression (sudo 1.9.10 or newer)")


def _escaped(arguments: str) -> str:
    """Fixed arguments, with the special characters of sudoers and of shell patterns escaped."""
    return re.sub(r"[\\,:=*?\[\]!#\"']", lambda char: "\\" + char[0], arguments)


def _expression(arguments: str) -> str:
    """An extended regular expression: literal text, with placeholders replaced by their patterns."""
    parts = _PLACEHOLDER.split(arguments)
    names = _PLACEHOLDER.findall(arguments)
    text = [re.sub(r"[\\.\[\]{}()*+?^$|]", lambda char: "\\" + char[0], part) for part in parts]
    patterns = [PATTERNS.get(name, name) for name in names]
    return "".join(a + b for a, b in zip(text, [*patterns, ""], strict=True))


def _digits(arguments: str, count: int) -> str:
    """For sudo without regular expressions: the arguments with a process id of `count` digits; `[0-9]` is
    one character.
    """
    return re.sub(r"\bPID\b", "[0-9]" * count, _escaped(arguments))
