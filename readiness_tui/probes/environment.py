"""The environment that systemd gives a unit, and that of its process, from `env.scan` and `env.url`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, fields


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable. flags: shapes such as `placeholder` or `testnet`. value: only if it may be shown.

    process: compared with the running process: same, differs, missing, unseen or none.
    """

    name: str
    length: int
    flags: frozenset[str]
    source: str = ""
    process: str = "none"
    value: str = ""


@dataclass(frozen=True, slots=True)
class Environment:
    """What one reply says about a unit's environment.

    problems: why systemd cannot read it. doubt: why it is not known. stale: why the running process may
    have values other than those in the files. reads: whether the unit reads the declared file (listed,
    other, none, unseen). files: path to (optional, state, variables).
    """

    unit: str
    reads: str
    files: Mapping[str, tuple[str, str, int]]
    problems: tuple[str, ...] = ()
    doubt: Missing | None = None
    stale: Missing | None = None
    unread: Missing | None = None
    variables: Mapping[str, Variable] = field(default_factory=dict)
    process: Mapping[str, Variable] = field(default_factory=dict)
    twice: frozenset[str] = frozenset()
    exported: frozenset[str] = frozenset()
    only_in_file: frozenset[str] = frozenset()
    from_elsewhere: frozenset[str] = frozenset()


_UNREADABLE = {
    "nul": "{path} contains NUL bytes (UTF-16?): systemd refuses the whole file",
    "encoding": "{path} is not valid UTF-8: systemd refuses the whole file",
    "absent": "{path} does not exist",
    "not-a-file": "{path} is not a regular file",
}


def environment(reply: ParsedReply, path: str, unit: str) -> Environment:
    """Read the reply. path: the declared file. unit: the name given by the operator."""
    state = reply.text("unit", "")
    files = {row[0]: (row[1], row[2], int(row[3]) if row[3].isdecimal() else 0) for row in _rows(reply)}
    reads = reply.text("reads", "none")
    if (why := reply.trouble or reply.refusal("env")) is not None:
        return Environment("", reads if isinstance(reads, str) else "", files, doubt=_denied(why, reply))
    assert isinstance(state, str)
    assert isinstance(reads, str)
    return Environment(
        unit=state,
        reads=reads,
        files=files,
        problems=tuple(_unreadable(files, path)),
        doubt=_unit_doubt(state, unit),
        stale=_stale(reply),
        unread=_unread(reply, unit),
        variables={variable.name: variable for variable in _variables(reply, "var")},
        process={variable.name: variable for variable in _variables(reply, "process_var")},
        twice=frozenset(reply.known("twice")),
        exported=frozenset(reply.known("export")),
        only_in_file=frozenset(reply.known("only_in_file")),
        from_elsewhere=frozenset((*reply.known("command_var"), *reply.known("manager_var"))),
    )


def _rows(reply: ParsedReply) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for row in reply.known("envfile"):
        rest, _, count = row.rpartition("|")
        rest, _, state = rest.rpartition("|")
        path, _, optional = rest.rpartition("|")
        rows.append((path, optional, state, count))
    return rows


def _denied(why: Missing, reply: ParsedReply) -> Missing:
    paths = [row[0] for row in _rows(reply) if row[2] == "denied"]
    if why.cause is Cause.DENIED and paths:
        return Missing(why.cause, f"this user may not read {', '.join(paths)}")
    return why


def _unit_doubt(state: str, unit: str) -> Missing | None:
    if state == "template":
        return Missing(
            Cause.NOT_CONFIGURED, f"{unit} is a template: set service_unit to one of its instances"
        )
    if state == "no-bus":
        return Missing(Cause.UNREACHABLE, f"systemd did not answer, so it is not known what {unit} reads")
    if state not in ("loaded", "no-systemd", "no-unit"):
        return Missing(
            Cause.UNSUPPORTED, f"{unit} is not loaded ({state or 'state not told'}): nothing reads the file"
        )
    return None


def _unreadable(files: Mapping[str, tuple[str, str, int]], declared: str) -> list[str]:
    problems = []
    for path, (optional, state, _) in files.items():
        if state in _UNREADABLE and not (state == "absent" and optional == "1" and path != declared):
            problems.append(_UNREADABLE[state].format(path=path))
    return problems


def _stale(reply: ParsedReply) -> Missing | None:
    """Why the running process may have other values: it could not be read and the files' times do not decide
    it.
    """
    row = reply.text("process", "none")
    state, *times = row.split() if isinstance(row, str) else ["none"]
    if state != "unseen":
        return None
    if len(times) != 3 or "?" in times or not all(time.isdecimal() for time in times):
        return Missing(
            Cause.DENIED, "the running process's environment cannot be compared with the file by this user"
        )
    start, modified, changed = (int(time) for time in times)
    if max(modified, changed) >= start:
        return Missing(
            Cause.DENIED,
            "the file changed after the service started, and this user may not see the process's environment",
        )
    return None


def _unread(reply: ParsedReply, unit: str) -> Missing | None:
    if "yes" not in reply.known("reload_due"):
        return None
    return Missing(
        Cause.STALE, f"files of {unit} changed and systemd has not read them: daemon-reload is due"
    )


def _variables(reply: ParsedReply, name: str) -> list[Variable]:
    found = []
    for row in reply.known(name):
        variable, length, _, flags, source, process, value = fields(row, 7)
        size = length.removeprefix("len ")
        if size.isdecimal():
            marks = frozenset(flag for flag in flags.split(",") if flag)
            found.append(Variable(variable, int(size), marks, source, process, value))
    return found
