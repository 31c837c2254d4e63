"""A service's unit and processes, as systemd or OpenRC tell them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, fields, unseen

PROPERTIES: dict[str, str] = {
    "LoadState": "loaded, not-found, masked, bad-setting or error.",
    "ActiveState": "active, inactive, failed, activating ...",
    "SubState": "running, exited, auto-restart ...; systemd only.",
    "Result": "How the last run ended; systemd only.",
    "UnitFileState": "enabled, enabled-runtime, disabled, static, linked, indirect, masked ...",
    "FragmentPath": "The unit's file, a link followed; for OpenRC the script in /etc/init.d.",
    "DropInPaths": "Its drop-ins.",
    "NeedDaemonReload": "yes when files changed since systemd read them.",
    "Type": "simple, forking, oneshot, notify ...",
    "Restart": "When systemd starts it again.",
    "RestartUSec": "After how long.",
    "RestartPreventExitStatus": "Exit statuses and signals after which it is not started again.",
    "SuccessExitStatus": "Exit statuses and signals that count as success.",
    "NRestarts": "How often it was started again by itself.",
    "StartLimitBurst": "Starts after which systemd gives up ...",
    "StartLimitIntervalUSec": "... within this time.",
    "StandardOutput": "Where its output goes.",
    "StandardError": "Where its errors go.",
    "User": "The user in the unit; empty is root.",
    "UID": "The user id systemd gave its processes, or `[not set]`.",
    "DynamicUser": "Whether systemd invents one.",
    "NoNewPrivileges": "Whether it can gain no more privileges.",
    "AmbientCapabilities": "Capabilities it is given; some are as good as root.",
    "WantedBy": "The targets that start it at boot.",
}

SYSTEMD_ONLY = frozenset(PROPERTIES) - {"LoadState", "ActiveState", "UnitFileState", "FragmentPath"}

WRAPPERS = frozenset(
    ["sh", "dash", "bash", "su", "runuser", "setpriv", "sudo", "gosu", "tini", "dumb-init", "start-stop-daem"]
)
"""Programs that only start another one (names as in /proc/PID/comm, at most 15 characters)."""


@dataclass(frozen=True, slots=True)
class Process:
    """One process of the unit. uid: the effective one."""

    pid: str
    uid: str
    user: str
    name: str
    parent: str


@dataclass(frozen=True, slots=True)
class Pull:
    """What starts `unit` at boot: its parent, the link or file that says so, whether boot gets there."""

    unit: str
    parent: str
    source: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Trigger:
    """A socket, timer or path that starts the service."""

    unit: str
    active: str
    sub: str
    state: str


@dataclass(frozen=True, slots=True)
class Unit:
    """Everything that service.show tells.

    doubt: why none of it can be believed. file_gone: its file was removed after systemd read it.
    unmet: the last start was given up because a condition of the unit did not hold.
    """

    name: str
    init: str
    doubt: Missing | None
    properties: dict[str, Fact | Missing]
    pulls: tuple[Pull, ...]
    triggers: tuple[Trigger, ...]
    processes: tuple[Process, ...]
    process_doubt: Missing | None
    age: int | float | Missing
    privileged: bool
    program: str
    default_target: str
    file_gone: bool = False
    unmet: bool = False

    def text(self, name: str) -> str:
        """A property's value; empty when it is not known."""
        value = self.properties[name]
        return "" if isinstance(value, Missing) else str(value)


def parse(reply: ParsedReply, name: str) -> Unit:
    """The unit from what service.show printed."""
    init = reply.text("init")
    doubt = init if isinstance(init, Missing) else _doubt(reply, name)
    kind = "" if isinstance(init, Missing) else init
    properties: dict[str, Fact | Missing] = {}
    for key in PROPERTIES:
        properties[key] = doubt or _property(reply, kind, key)
    real = "".join(reply.known("fragment_real")[-1:])
    if real and isinstance(properties["FragmentPath"], str) and properties["FragmentPath"]:
        properties["FragmentPath"] = real
    return Unit(
        name=name,
        init=kind,
        doubt=doubt,
        properties=properties,
        pulls=tuple(_pull(row) for row in reply.known("pull")),
        triggers=tuple(Trigger(*fields(row, 4)) for row in reply.known("trigger")),
        processes=tuple(Process(*fields(row, 5)) for row in reply.known("proc")),
        process_doubt=_hidden(reply),
        age=reply.number("pid_age_s") if reply.known("pid_age_s") else _no_age(reply),
        privileged=bool(reply.known("privileged_start")),
        program="".join(reply.known("exec_path")[-1:]),
        default_target="".join(reply.known("default_target")[-1:]),
        file_gone=bool(reply.known("fragment_gone")),
        unmet=bool(reply.known("unmet")),
    )


def _doubt(reply: ParsedReply, name: str) -> Missing | None:
    if reply.known("unit_name"):
        instances = [fields(row, 2)[0] for row in reply.known("instance")]
        named = f" ({', '.join(instances)})" if instances else ""
        return Missing(
            Cause.NOT_CONFIGURED, f"{name} is a template: set service_unit to one of its instances{named}"
        )
    if (refusal := reply.refusal("unit")) is not None:
        return Missing(Cause.UNREACHABLE, f"systemd did not answer: {refusal.reason}")
    return None


def _property(reply: ParsedReply, init: str, name: str) -> Fact | Missing:
    if init != "systemd" and name in SYSTEMD_ONLY:
        return Missing(Cause.UNSUPPORTED, f"{init} has no {name}")
    return reply.text(name)


def _pull(row: str) -> Pull:
    unit, parent, source, reached = fields(row, 4)
    return Pull(unit, parent, source, reached == "yes")


def _hidden(reply: ParsedReply) -> Missing | None:
    if reply.trouble is not None:
        return reply.trouble
    if reply.refusal("proc") is not None:
        return Missing(Cause.DENIED, "the service's processes are hidden from this user (hidepid)")
    return None


def _no_age(reply: ParsedReply) -> Missing:
    return reply.trouble or Missing(Cause.UNSUPPORTED, "no main process runs")


def owner(unit: Unit) -> tuple[str, ...] | Missing:
    """The users whose file the service may own: the unit's and its processes'."""
    names = dict.fromkeys((unit.text("User"), *(one.user for one in unit.processes)))
    found = tuple(name for name in names if name)
    if not found and isinstance(unit.properties["User"], Missing):
        return unit.properties["User"]
    return found


_STATUS = re.compile(r"^(\d+|[A-Z]+)$")


def statuses(text: str) -> frozenset[str]:
    """The exit statuses and signals of a list such as `1 101 ABRT`."""
    return frozenset(word for word in text.replace("SIG", "").split() if _STATUS.match(word))


def facts(unit: Unit) -> dict[str, Fact | Missing]:
    """The properties as facts, and what the evidence lines say of them."""
    drop_ins, reload = unit.text("DropInPaths"), unit.text("NeedDaemonReload")
    count = len(drop_ins.split())
    active, below = unit.properties["ActiveState"], unit.text("SubState")
    path = unit.properties["FragmentPath"]
    told: dict[str, Fact | Missing] = {
        "unit_directory": path if isinstance(path, Missing) else str(path).rpartition("/")[0],
        "drop_ins": f"{count} drop-in{'s' if count > 1 else ''}" if count else "no drop-ins",
        "reload_note": "; systemctl daemon-reload is due" if reload == "yes" else "",
        "state": f"{active} ({below})" if isinstance(active, str) and below else active,
        "pid_age_s": unit.age,
        "uptime": unit.age if isinstance(unit.age, Missing) else span(int(unit.age)),
        "init": unit.doubt if not unit.init and unit.doubt else unit.init,
    }
    if unit.doubt is not None:
        told |= unseen(("unit_directory", "drop_ins", "reload_note", "state"), unit.doubt)
    return {**unit.properties, **told}


def span(seconds: int) -> str:
    """A time in words: `45 s`, `12 min`, `3 d 04 h`."""
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{seconds // 60} min"
    if seconds < 86400:
        return f"{seconds // 3600} h"
    return f"{seconds // 86400} d {seconds % 86400 // 3600:02} h"
