"""A service's unit and main process, as systemd or OpenRC tell them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, fields, number, unseen

PROPERTIES: dict[str, str] = {
    "LoadState": "loaded, not-found, masked, bad-setting or error.",
    "ActiveState": "active, inactive, failed, activating ...",
    "SubState": "running, exited, auto-restart ...; systemd only.",
    "Result": "How the last run ended; systemd only.",
    "UnitFileState": "enabled, enabled-runtime, disabled, static, linked, indirect, masked ...",
    "FragmentPath": "The unit's file, a link followed; for OpenRC the script in /etc/init.d.",
    "DropInPaths": "Its drop-ins.",
    "NeedDaemonReload": "yes when files changed since systemd read them.",
    "Restart": "When systemd starts it again.",
    "RestartUSec": "After how long.",
    "NRestarts": "How often it was started again by itself.",
    "StartLimitBurst": "Starts after which systemd gives up ...",
    "StartLimitIntervalUSec": "... within this time.",
    "StandardOutput": "Where its output goes.",
    "StandardError": "Where its errors go.",
    "User": "The user in the unit; empty is root.",
    "DynamicUser": "Whether systemd invents one.",
    "NoNewPrivileges": "Whether it can gain no more privileges.",
    "AmbientCapabilities": "Capabilities it is given; some are as good as root.",
    "WantedBy": "The targets that start it at boot.",
}

SYSTEMD_ONLY = frozenset(PROPERTIES) - {"LoadState", "ActiveState", "UnitFileState", "FragmentPath"}

DERIVED: dict[str, str] = {
    "init": "systemd or openrc.",
    "socket_enabled": "Whether a socket or other unit that triggers it is enabled.",
    "unit_directory": "The directory its file lies in.",
    "drop_ins": "How many drop-ins, in words.",
    "reload_note": "A clause for the evidence when systemd has not read the files anew.",
    "runs_as_root": "Whether the main process is root's; without one, whether User= would make it so.",
    "state": "ActiveState, and SubState where there is one.",
    "boot_note": "The targets that start it at boot, as a clause for the evidence.",
    "pid_uid": "The main process's user id.",
    "pid_user": "Its user's name.",
    "pid_age_s": "Seconds since it started.",
    "uptime": "The same in words.",
    "environment_files": "The files systemd reads into its environment.",
}

FACTS = PROPERTIES | DERIVED

_OPTIONAL = re.compile(r" \(ignore_errors=(yes|no)\)$")


def unit(told: ParsedReply) -> dict[str, Fact | Missing]:
    """The facts above, from what service.show told."""
    facts: dict[str, Fact | Missing]
    init = told.text("init")
    if isinstance(init, Missing):
        facts = unseen(FACTS, init) | _process(told)
        return facts | {"runs_as_root": _root(facts)}
    facts = {"init": init}
    for name in PROPERTIES:
        facts[name] = told.refusal("unit") or _property(told, init, name)
    real = "".join(told.known("fragment_real")[-1:])
    path = facts["FragmentPath"]
    if isinstance(path, str) and real:
        path = facts["FragmentPath"] = real
    triggers = [fields(row, 2) for row in told.known("trigger")]
    drop_ins, reload = facts["DropInPaths"], facts["NeedDaemonReload"]
    facts["socket_enabled"] = any(state == "enabled" for _, state in triggers)
    facts["unit_directory"] = path if isinstance(path, Missing) else str(path).rpartition("/")[0]
    count = len(drop_ins.split()) if isinstance(drop_ins, str) else 0
    facts["drop_ins"] = f"{count} drop-in{'s' if count > 1 else ''}" if count else "no drop-ins"
    facts["reload_note"] = "; daemon-reload is due" if reload == "yes" else ""
    active, below = facts["ActiveState"], facts["SubState"]
    facts["state"] = f"{active} ({below})" if isinstance(active, str) and isinstance(below, str) else active
    wanted = facts["WantedBy"]
    facts["boot_note"] = f" ({wanted})" if isinstance(wanted, str) and wanted else ""
    facts["environment_files"] = told.refusal("unit") or environment_files(told)
    facts |= _process(told)
    return facts | {"runs_as_root": _root(facts)}


def environment_files(told: ParsedReply) -> tuple[str, ...]:
    """The paths of EnvironmentFiles, without their `(ignore_errors=...)`."""
    return tuple(_OPTIONAL.sub("", row) for row in told.known("EnvironmentFiles") if row)


def ignored_if_absent(told: ParsedReply) -> tuple[str, ...]:
    """Those of them whose absence systemd would not mind (`EnvironmentFile=-...`)."""
    return tuple(
        _OPTIONAL.sub("", row) for row in told.known("EnvironmentFiles") if row.endswith("ignore_errors=yes)")
    )


def _property(told: ParsedReply, init: str, name: str) -> str | Missing:
    if init != "systemd" and name in SYSTEMD_ONLY:
        return Missing(Cause.UNSUPPORTED, f"{init} has no {name}")
    return told.text(name)


def _root(facts: Mapping[str, Fact | Missing]) -> bool | Missing:
    """The process decides, not the unit: wrappers change the user (catalogue, non-root)."""
    uid, user = facts["pid_uid"], facts["User"]
    if not isinstance(uid, Missing):
        return uid == 0
    if isinstance(user, Missing) or facts["LoadState"] != "loaded":
        return uid
    if user in ("", "root", "0") and facts["DynamicUser"] != "yes":
        return True
    return Missing(uid.cause, f"{uid.reason}; the unit says User={user}")


def _process(told: ParsedReply) -> dict[str, Fact | Missing]:
    names = ("pid_uid", "pid_user", "pid_age_s", "uptime")
    refusal = told.refusal("pid_uid")
    if refusal is not None:
        return unseen(names, refusal)
    if not told.known("pid_uid"):
        return unseen(names, Missing(Cause.UNSUPPORTED, "no main process runs"))
    uid, _, user = told.known("pid_uid")[-1].partition(" ")
    age = told.number("pid_age_s")
    return {
        "pid_uid": number("pid_uid", uid),
        "pid_user": user or uid,
        "pid_age_s": age,
        "uptime": age if isinstance(age, Missing) else _span(int(age)),
    }


def _span(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{seconds // 60} min"
    return (
        f"{seconds // 86400} d {seconds % 86400 // 3600:02} h" if seconds >= 86400 else f"{seconds // 3600} h"
    )
