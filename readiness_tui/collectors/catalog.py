"""The collectors as they describe themselves in the comment lines at their top.

Each line is `# KEY: VALUE`, before the first line of shell:

about        one sentence: what it prints
arguments    the names of its arguments, as in a manual page
example      arguments to try it with, quoted as in a shell, `--` for none; `{env}` is an environment file and
             `{python}` a program (only the tests use them)
after        collectors that stand before it in the same shell, joined by `+`
root         one command it runs as root; `{1}` stands for the first argument, `{1/}` for the directory it
             lies in, `{*}` for one command for each argument, a word in capitals for a value known
             only on the host (`PATTERNS` of the sudoers rules bounds it; for another word no line is
             printed). Repeated.
user         `NAME: COMMAND`, a command it runs as another user. Repeated.
group        a group whose members need no root. Repeated.
timeout      seconds it may take (15 when it is not given)
subject      `FACT words`: what messages call the fact when it could not be read. Repeated.
cause        `REGEX CAUSE`: the cause of `!name=reason` where the reason matches. Repeated.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from readiness_tui.model.base import digest
from readiness_tui.model.outcome import Cause
from readiness_tui.model.privilege import Privilege

DEFAULT_TIMEOUT_S = 15.0
"""Seconds a collector may take (catalogue, section 2)."""

_LINE = re.compile(r"# ([a-z]+): (\S.*)$")
_SINGLE = ("about", "arguments", "example", "after", "timeout")
_REPEATED = ("root", "user", "group", "subject", "cause")


@dataclass(frozen=True, slots=True)
class Collector:
    """One collector. text: POSIX sh without the prelude. timeout_s: seconds.

    example: None for a collector that is only the beginning of others.
    """

    name: str
    text: str
    about: str
    arguments: str = ""
    example: tuple[str, ...] | None = None
    after: str = ""
    root: tuple[str, ...] = ()
    users: tuple[tuple[str, str], ...] = ()
    groups: tuple[str, ...] = ()
    timeout_s: float = DEFAULT_TIMEOUT_S
    subjects: Mapping[str, str] = field(default_factory=dict)
    causes: tuple[tuple[re.Pattern[str], Cause], ...] = ()

    def privilege(self, args: Sequence[str] = ()) -> Privilege:
        """What it needs with these arguments."""
        root = [filled for command in self.root for filled in _filled(command, args)]
        return Privilege(root=tuple(dict.fromkeys(root)), as_user=self.users, groups=self.groups)


@cache
def get(name: str) -> Collector:
    """The collector of that name. Raises FileNotFoundError, ValueError for a bad header."""
    text = files("readiness_tui.collectors").joinpath(f"{name}.sh").read_text(encoding="utf-8")
    return parse(name, text)


@cache
def names() -> tuple[str, ...]:
    """Every collector's name; the prelude is none."""
    found = (path.name for path in files("readiness_tui.collectors").iterdir())
    return tuple(sorted(name[:-3] for name in found if name.endswith(".sh") and name != "prelude.sh"))


@cache
def fingerprint() -> str:
    """Identifies the texts of all collectors and of the prelude."""
    folder = files("readiness_tui.collectors")
    texts = [folder.joinpath(f"{name}.sh").read_text(encoding="utf-8") for name in (*names(), "prelude")]
    return digest("\0".join(texts))


def parse(name: str, text: str) -> Collector:
    """A collector's header. Raises ValueError naming the line that is not understood."""
    single: dict[str, str] = {}
    repeated: dict[str, list[str]] = {key: [] for key in _REPEATED}
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if line.startswith("# shellcheck "):
            continue
        match = _LINE.match(line)
        if match is None:
            continue
        key, value = match[1], match[2]
        if key in repeated:
            repeated[key].append(value)
        elif key in _SINGLE and key not in single:
            single[key] = value
        else:
            raise ValueError(f"{name}.sh: {key!r} is not a key of a collector's header, or is given twice")
    if "about" not in single:
        raise ValueError(f"{name}.sh: the header has no `# about:` line")
    return Collector(
        name=name,
        text=text,
        about=single["about"],
        arguments=single.get("arguments", ""),
        example=_example(single.get("example")),
        after=single.get("after", ""),
        root=tuple(repeated["root"]),
        users=tuple(_pair(name, value, ": ") for value in repeated["user"]),
        groups=tuple(repeated["group"]),
        timeout_s=float(single.get("timeout", DEFAULT_TIMEOUT_S)),
        subjects=dict(_pair(name, value, " ") for value in repeated["subject"]),
        causes=tuple(_cause(name, value) for value in repeated["cause"]),
    )


def _example(value: str | None) -> tuple[str, ...] | None:
    if value is None or value == "--":
        return None if value is None else ()
    return tuple(shlex.split(value))


def _pair(name: str, value: str, between: str) -> tuple[str, str]:
    first, mark, second = value.partition(between)
    if not mark:
        raise ValueError(f"{name}.sh: {value!r} has no {between!r}")
    return first, second


def _cause(name: str, value: str) -> tuple[re.Pattern[str], Cause]:
    pattern, _, cause = value.rpartition(" ")
    try:
        return re.compile(pattern), Cause(cause)
    except (re.error, ValueError) as error:
        raise ValueError(f"{name}.sh: cause {value!r}: {error}") from error


def _filled(command: str, args: Sequence[str]) -> list[str]:
    """A command with the arguments quoted in their places; none when it needs one that is not given."""
    if "{*}" in command:
        return [command.replace("{*}", shlex.quote(arg)) for arg in args]
    wanted = [int(number) for number in re.findall(r"\{(\d)/?\}", command)]
    if wanted and max(wanted) > len(args):
        return []

    def word(match: re.Match[str]) -> str:
        argument = args[int(match[1]) - 1]
        return shlex.quote((posixpath.dirname(argument) or ".") if match[2] else argument)

    return [re.sub(r"\{(\d)(/?)\}", word, command)]
