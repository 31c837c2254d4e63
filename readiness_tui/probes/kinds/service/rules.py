"""What is wrong with a service, as sentences; pure rules over its unit, processes and journal."""

from __future__ import annotations

import re
from collections.abc import Iterable

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, settle
from readiness_tui.probes.kinds.service.unit import WRAPPERS, Process, Unit, span, statuses

LOST_AT_REBOOT = "/run/"
_GENERATED = "/run/systemd/generator"
_OWN_LOG = re.compile(r"^(file|append|truncate|fd)(:|$)|^(null|tty|socket)$")


def loaded(unit: Unit) -> str:
    """Why the unit cannot run at all, or not after a reboot; empty when it is loaded from a file."""
    state = unit.text("LoadState")
    words = {
        "not-found": f"{unit.name} does not exist",
        "masked": f"{unit.name} is masked",
        "bad-setting": f"{unit.name} has a setting that systemd refuses",
        "error": f"{unit.name} could not be loaded",
    }
    if not words.get(state) and unit.file_gone:
        return f"{unit.text('FragmentPath')} was removed: systemd only remembers {unit.name}"
    return words.get(state, "")


def created(unit: Unit) -> Fact | Missing:
    """A unit file of its own: not transient, not generated from a SysV script."""
    problems = []
    path = unit.text("FragmentPath")
    if fault := loaded(unit):
        problems.append(fault)
    elif unit.init == "systemd" and path.startswith(LOST_AT_REBOOT):
        problems.append(f"{unit.name} is generated or transient ({path}): there is no unit file")
    elif unit.doubt is None and not path:
        problems.append(f"{unit.name} has no unit file")
    return settle(problems, _doubts(unit))


def installed(unit: Unit, directories: Iterable[str]) -> Fact | Missing:
    """Its file lies in one of the directories. On OpenRC there is no such thing."""
    expected = tuple(directories)
    path = unit.text("FragmentPath")
    if fault := loaded(unit):
        return (fault,)
    if unit.init == "openrc":
        return ()
    if unit.doubt is not None:
        return unit.doubt
    if not any(path.startswith(f"{directory.rstrip('/')}/") for directory in expected):
        return (f"{unit.name} lies at {path or 'no path'} (expected: in {' or '.join(expected)})",)
    return ()


def enabled(unit: Unit) -> Fact | Missing:
    """The default target, or an enabled trigger, starts it after a reboot."""
    if fault := loaded(unit):
        return (fault,)
    if unit.doubt is not None:
        return unit.doubt
    if unit.init != "systemd":
        state = unit.text("UnitFileState")
        return () if state.startswith("enabled") else (f"{unit.name} is in no runlevel",)
    if any(pull.reached and _lasting(pull.source) for pull in unit.pulls):
        return (f"a condition of {unit.name} was not met, so it was not started",) if unit.unmet else ()
    state = unit.text("UnitFileState")
    if unit.text("UnitFileState").startswith("masked"):
        return (f"{unit.name} is masked",)
    return (_not_enabled(unit, state),)


def _lasting(source: str) -> bool:
    return source != "none" and (not source.startswith(LOST_AT_REBOOT) or source.startswith(_GENERATED))


def _not_enabled(unit: Unit, state: str) -> str:
    for pull in unit.pulls:
        if pull.reached and pull.source.startswith(LOST_AT_REBOOT):
            return f"{unit.name} is enabled until the next reboot only ({pull.source})"
    parents = [pull.parent for pull in unit.pulls if not pull.reached]
    if parents:
        boot = f"which the default target {unit.default_target} does not start"
        return f"{unit.name} is started by {', '.join(parents)}, {boot}"
    return f"{unit.name} is not started at boot ({state or 'not enabled'})"


def boot_note(unit: Unit) -> str:
    """What starts it at boot, as a clause."""
    found = [pull for pull in unit.pulls if pull.reached and _lasting(pull.source)]
    return f"started at boot by {found[0].parent}" if found else unit.text("UnitFileState")


def starts(unit: Unit, min_uptime: float) -> Fact | Missing:
    """Active for long enough, with no restart in that time; or waiting on a socket that is active."""
    if (fault := loaded(unit)) and not unit.file_gone:
        return (fault,)
    if unit.doubt is not None:
        return unit.doubt
    active, below = unit.text("ActiveState"), unit.text("SubState")
    if active == "inactive" and _waiting(unit):
        return ()
    if active in ("failed", "inactive", "activating", "deactivating", "maintenance"):
        more = f" ({below})" if below else ""
        result = unit.text("Result")
        return (f"{unit.name} is {active}{more}{f', {result}' if result not in ('', 'success') else ''}",)
    if active not in ("active", "reloading", "refreshing"):
        return Missing(Cause.GARBLED, f"{unit.name} is in the state {active or 'not told'}")
    if unit.init == "systemd" and below == "exited":
        return (f"{unit.name} ran to its end: nothing runs ({unit.text('Type')}, active (exited))",)
    if isinstance(unit.age, Missing):
        return unit.age
    if unit.age >= min_uptime:
        return ()
    restarts = unit.text("NRestarts")
    if restarts not in ("", "0"):
        return (f"{unit.name} was restarted {restarts} times and runs for only {int(unit.age)} s",)
    return Missing(
        Cause.STALE, f"{unit.name} started only {int(unit.age)} s ago (expected: {min_uptime:g} s); ask again"
    )


def running(unit: Unit) -> str:
    """How long it has run and how often it was restarted, or what it waits for, in words."""
    state = (
        f"{unit.text('ActiveState')} ({unit.text('SubState')})"
        if unit.text("SubState")
        else unit.text("ActiveState")
    )
    if unit.text("ActiveState") == "inactive" and _waiting(unit):
        return f"{state}, {unit.triggers[0].unit} waits for the first request"
    age = "" if isinstance(unit.age, Missing) else f" for {span(int(unit.age))}"
    count = unit.text("NRestarts")
    return f"{state}{age}" + (f", {count} restart{'' if count == '1' else 's'}" if count else "")


def _waiting(unit: Unit) -> bool:
    return unit.text("Result") in ("", "success") and any(
        trigger.active == "active" and trigger.sub in ("listening", "running", "waiting")
        for trigger in unit.triggers
    )


def restarts(unit: Unit) -> Fact | Missing:
    """Any failure of the program starts it again: no exit status that a crash gives is excepted."""
    if fault := loaded(unit):
        return (fault,)
    if unit.doubt is not None:
        return unit.doubt
    value = unit.properties["Restart"]
    if isinstance(value, Missing):
        return value
    if value not in ("always", "on-failure"):
        return (f"Restart={value or 'no'} (expected: on-failure or always)",)
    problems = []
    crash = {"1", "101", "ABRT", "SEGV"}
    if prevented := statuses(unit.text("RestartPreventExitStatus")) & crash:
        problems.append(
            f"RestartPreventExitStatus={' '.join(sorted(prevented))} keeps it down after such a failure"
        )
    if value == "on-failure" and (fine := statuses(unit.text("SuccessExitStatus")) & crash):
        problems.append(
            f"SuccessExitStatus={' '.join(sorted(fine))} makes a failure a success: it stays down"
        )
    if unit.text("StartLimitBurst") == "1" and unit.text("StartLimitIntervalUSec") not in ("0", ""):
        problems.append("StartLimitBurst=1 allows no restart at all")
    reload = unit.text("NeedDaemonReload") == "yes"
    due = (
        [Missing(Cause.STALE, "the unit file changed and systemd has not read it: daemon-reload is due")]
        if reload
        else []
    )
    return settle(problems, due)


def workers(processes: tuple[Process, ...]) -> tuple[Process, ...]:
    """The processes that do the work: wrappers that have started another one are looked through."""
    parents = {one.parent for one in processes}
    return tuple(one for one in processes if not (one.name in WRAPPERS and one.pid in parents))


def non_root(unit: Unit) -> tuple[Fact | Missing, Fact | Missing]:
    """Whether no working process is root's; and who runs, in words."""
    found = workers(unit.processes)
    roots = [one for one in found if one.uid == "0"]
    if roots:
        return (f"the process {roots[0].name} runs as root",), "root"
    if found and unit.process_doubt is None:
        users = ", ".join(dict.fromkeys(f"{one.user} (uid {one.uid})" for one in found))
        return (), users
    if fault := loaded(unit):
        return (fault,), unit.properties["User"]
    if unit.doubt is not None:
        return unit.doubt, unit.doubt
    return _by_unit(unit)


def _by_unit(unit: Unit) -> tuple[Fact | Missing, Fact | Missing]:
    """No process was seen: systemd's own word on the user."""
    user, uid = unit.text("User"), unit.text("UID")
    if unit.privileged:
        return ("its start command has full privileges (ExecStart=+): it runs as root",), "root"
    wrapped = unit.program.rpartition("/")[2] in WRAPPERS
    if user in ("", "root", "0") and unit.text("DynamicUser") != "yes":
        if isinstance(unit.properties["User"], Missing):
            return unit.properties["User"], unit.properties["User"]
        if wrapped:
            return Missing(Cause.DENIED, f"{unit.program} starts as root and may change the user"), "root"
        return (f"{unit.name} has no User=: it runs as root",), "root"
    if unit.process_doubt is not None and uid.isdecimal() and uid != "0":
        return (), f"{user or 'a dynamic user'} (uid {uid}, from systemd)"
    why = unit.process_doubt or Missing(Cause.UNSUPPORTED, f"no process runs; the unit says User={user}")
    return why, user


def logs(unit: Unit, journal: ParsedReply) -> Fact | Missing:
    """The program's own lines reach the journal, and the journal keeps them."""
    if fault := loaded(unit):
        return (fault,)
    if unit.doubt is not None:
        return unit.doubt
    problems = []
    for name in ("StandardOutput", "StandardError"):
        if _OWN_LOG.match(unit.text(name)):
            problems.append(f"{name} goes to {unit.text(name)} (expected: journal)")
    if problems:
        return tuple(problems)
    if isinstance(unit.properties["StandardOutput"], Missing):
        return unit.properties["StandardOutput"]
    if (why := journal.refusal("journal")) is not None:
        return Missing(
            why.cause, "this user may not read the journal" if why.cause is Cause.DENIED else why.reason
        )
    return _journal(unit, journal)


def _journal(unit: Unit, journal: ParsedReply) -> Fact | Missing:
    own, newest, since = (
        journal.number("own_lines"),
        journal.number("newest"),
        journal.number("journald_since"),
    )
    if isinstance(own, Missing):
        return own
    older = not isinstance(newest, Missing) and not isinstance(since, Missing) and 0 < newest < since
    if older or journal.known("storing"):
        return ("the journal keeps nothing since journald started (Storage=none?)",)
    if own > 0:
        return ()
    for name in ("stdout", "stderr"):
        place = "".join(journal.known(name)[-1:])
        if place.startswith("/"):
            return (f"the process's {name} leads to {place}, not to the journal",)
    if (refusal := journal.refusal("stdout")) is not None:
        return Missing(
            refusal.cause,
            f"{unit.name} wrote no line of its own to the journal, and where it writes is hidden",
        )
    return Missing(Cause.UNSUPPORTED, f"{unit.name} wrote no line of its own to the journal since it started")


def _doubts(unit: Unit) -> list[Missing]:
    return [unit.doubt] if unit.doubt is not None else []
