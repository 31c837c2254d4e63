"""Rules about what makes the backups: the job, its script, alerts, restore tests, copies elsewhere."""

from __future__ import annotations

import re

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, fields
from readiness_tui.probes.kinds.backup import files, schedule
from readiness_tui.probes.sentences import settle

Told = dict[str, Fact | Missing]

ELSEWHERE = frozenset(
    {
        *("rclone", "restic", "borg", "rsync", "s3cmd", "s5cmd", "gsutil", "b2", "scp", "sftp", "lftp"),
        *("aws s3", "az storage", "pgbackrest", "barman", "wal-g"),
    }
)
"""Programs that copy to another place; that one is named proves no copy."""

HEARTBEATS = frozenset(
    ["hc-ping.com", "healthchecks", "cronitor", "uptime-kuma", "deadmanssnitch", "pushgateway"]
)
ENCRYPTS = frozenset(["gpg", "age", "openssl", "restic", "borg"])


def pattern(job: str, script: str) -> str:
    """What finds the job: the given pattern, or the script's name."""
    name = script.rpartition("/")[2]
    return f"{re.escape(name)}|{job}" if name else job


def job(reply: ParsedReply, found: files.Listing | Missing, age_h: float) -> Told:
    """A job runs at least daily, its daemon runs, and the newest file is fresh."""
    if reply.trouble is not None:
        return {"job_problems": reply.trouble, "job": reply.trouble}
    every = schedule.jobs(reply)
    running = [one for one in every if not one.faults]
    daily = [one for one in running if one.daily]
    unseen = schedule.unseen(reply)
    problems: list[str] = []
    doubts: list[Missing] = []
    if not daily:
        problems, doubts = _none(every, running, unseen)
    elif all(one.cron for one in daily):
        daemon = schedule.daemon(reply)
        if daemon is False:
            problems.append(f"{daily[0].place} is there, but no cron daemon runs")
        elif isinstance(daemon, Missing):
            doubts.append(daemon)
    if isinstance(found, Missing):
        doubts.append(found)
        age = ""
    elif not found.files:
        problems.append("there is no backup file")
        age = ""
    else:
        problems += [line for line in (files.stale(found.files[0], age_h),) if line]
        age = f"; newest backup {files.span(found.files[0].age)} old"
    return {
        "job_problems": settle(problems, doubts),
        "job": f"daily by {daily[0].place}{age}" if daily else "",
    }


def _none(
    every: list[schedule.Job], running: list[schedule.Job], unseen: Missing | None
) -> tuple[list[str], list[Missing]]:
    """Why no job is known to run daily; what could not be looked at may hold one."""
    unclear = [one for one in running if one.daily is None]
    if unseen is not None:
        return [], [
            Missing(unseen.cause, f"no daily job was found where this user may look; {unseen.reason}")
        ]
    if unclear:
        why = f"how often {unclear[0].place} runs is not understood"
        return [], [Missing(Cause.UNSUPPORTED, why)]
    if running:
        return [f"{running[0].place} does not run every day"], []
    if every:
        return [f"{every[0].place} does not run: {every[0].faults[0]}"], []
    return ["no backup job was found in cron or among systemd's timers"], []


def script(reply: ParsedReply | None, path: str) -> Told:
    """The script is there, may be run, and its shell accepts it."""
    if not path or reply is None:
        why = Missing(Cause.NOT_CONFIGURED, "the backup script is not known: set backup_script")
        return {"script_problems": why, "script": why}
    told = reply.text("script")
    if isinstance(told, Missing):
        if told.cause is Cause.DENIED:
            told = Missing(Cause.DENIED, f"this user may not read {path}")
        return {"script_problems": told, "script": told}
    if told == "absent":
        return {"script_problems": (f"{path} does not exist",), "script": path}
    interpreter, syntax = fields(told, 2)
    row = next((fields(one, 7) for one in reply.known("file") if one.startswith(f"{path}|")), ())
    problems = []
    doubts: list[Missing] = []
    mode = row[2] if len(row) > 2 else ""
    if not re.fullmatch(r"[0-7]{3,4}", mode):
        doubts.append(reply.refusal("file") or Missing(Cause.GARBLED, f"the mode of {path} was not told"))
    else:
        if not int(mode, 8) & 0o111:
            problems.append(f"{path} is not executable (mode {mode})")
        if int(mode, 8) & 0o002:
            problems.append(f"everybody may write to {path} (mode {mode})")
    if "not installed" in interpreter:
        problems.append(f"{path} is for {interpreter}")
    elif syntax == "no":
        problems.append(f"{interpreter} finds a syntax error in {path}")
    if reply.known("unchecked"):
        problems.append(f"{path} pipes pg_dump without pipefail: a failed dump looks like a backup")
    names = ", ".join(reply.known("names")[:4])
    shown = f"{path} {mode}" + (f", uses {names}" if names else "")
    return {"script_problems": settle(problems, doubts), "script": shown}


def restored(reply: ParsedReply, path: str, age_s: float) -> Told:
    """The restore test's file is younger than `age_s` seconds."""
    told = reply.text("age")
    if isinstance(told, Missing):
        return {"restore_problems": told, "restore": told}
    age = fields(told, 2)[0]
    if age == "absent":
        gone = f"{path} does not exist: no restore test is recorded"
        return {"restore_problems": (gone,), "restore": ""}
    if not age.isdecimal():
        why = Missing(Cause.GARBLED, f"the age of {path} was not told")
        return {"restore_problems": why, "restore": why}
    seconds = float(age)
    if seconds > age_s:
        days = age_s / files.DAY_S
        line = f"the last restore test is {files.span(seconds)} old (expected: {days:.0f} d or less)"
        return {"restore_problems": (line,), "restore": ""}
    return {"restore_problems": (), "restore": f"last restore test {files.span(seconds)} ago"}


def offsite(reply: ParsedReply | None, command: ParsedReply | None, check: str) -> Told:
    """The operator's command lists a copy elsewhere; else the programs that the script names are told."""
    names = [name for name in (reply.known("names") if reply else ()) if name in ELSEWHERE]
    locked = [name for name in (reply.known("names") if reply else ()) if name in ENCRYPTS]
    note = f"the script names {', '.join(names)}" if names else ""
    note += f", encrypts with {', '.join(locked)}" if names and locked else ""
    if check and command is not None:
        if command.trouble is not None:
            return {"offsite_problems": command.trouble, "offsite": command.trouble}
        row = "".join(command.known("run")[-1:])
        words, _, rest = row.partition("|")
        status = rest.partition("|")[0]
        if status == "absent" or not status.isdecimal():
            why = Missing(Cause.NO_TOOL, f"the program of offsite_check_command was not found: {words[:40]}")
            return {"offsite_problems": why, "offsite": why}
        if status != "0":
            line = f"offsite_check_command ended with {status} (expected: 0, for a copy that is fresh)"
            return {"offsite_problems": (line,), "offsite": ""}
        found = "offsite_check_command found a copy" + (f"; {note}" if note else "")
        return {"offsite_problems": (), "offsite": found}
    if reply is not None and (reply.trouble or reply.refusal("script")) is not None:
        doubt = reply.trouble or reply.refusal("script")
        assert doubt is not None
        return {"offsite_problems": doubt, "offsite": doubt}
    if names:
        return {"offsite_problems": (), "offsite": f"{note}; whether copies arrive is not checked"}
    why = Missing(
        Cause.NOT_CONFIGURED, "no program that copies elsewhere was found: set offsite_check_command"
    )
    return {"offsite_problems": why, "offsite": why}


def alert(jobs: ParsedReply | None, reply: ParsedReply | None) -> Told:
    """A failure of the job is reported by its unit or by a heartbeat."""
    doubt = next((one.trouble for one in (jobs, reply) if one is not None and one.trouble), None)
    if doubt is not None or jobs is None:
        why = doubt or Missing(Cause.ERROR, "the backup's job was not looked at")
        return {"alert_problems": why, "alert": why}
    units = [one for one in schedule.jobs(jobs) if one.onfailure]
    broken = [one for one in units if one.onfailure.endswith("(missing)")]
    if broken:
        unit = broken[0].onfailure.removesuffix(" (missing)")
        line = f"{broken[0].place} reports failures to {unit}, which does not exist"
        return {"alert_problems": (line,), "alert": ""}
    beats = [name for name in (reply.known("names") if reply else ()) if name in HEARTBEATS]
    if units:
        return {"alert_problems": (), "alert": f"OnFailure={units[0].onfailure} of {units[0].place}"}
    if beats:
        return {"alert_problems": (), "alert": f"the script sends a heartbeat to {', '.join(beats)}"}
    why = Missing(
        Cause.NOT_CONFIGURED, "neither OnFailure= of the job nor a heartbeat in the script was found"
    )
    return {"alert_problems": why, "alert": why}
