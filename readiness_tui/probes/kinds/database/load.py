"""Rules about connections and their pool, slow statements, and replication."""

from __future__ import annotations

from dataclasses import dataclass

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import fields
from readiness_tui.probes.kinds.database.answers import Answers, Told
from readiness_tui.probes.kinds.database.contents import duration
from readiness_tui.probes.sentences import settle

BUSY = 0.8
"""Share of the usable connections above which the next peak finds none."""

SPARE = 10
"""Connections for people, backups and monitoring beside the pools (catalogue, connection-limits)."""

MOST_CONNECTIONS = 500
"""More backends than this want a pooler in front."""

DAY_S = 86400.0


@dataclass(frozen=True, slots=True)
class Connections:
    """usable: without the reserved ones, and within the role's and the database's own limits."""

    usable: int
    most: int
    used: int
    ours: int


def connections(answers: Answers) -> Connections | Missing:
    """How many connections there may be, and are."""
    told = answers.numbers("conns", 4, text=2)
    if isinstance(told, Missing):
        return told
    (most, reserved, used, ours), limits = told
    usable = [most - reserved, *(float(limit) for limit in limits if limit.isdecimal())]
    return Connections(int(min(usable)), int(most), int(used), int(ours))


def pool(answers: Answers) -> tuple[str, int] | Missing:
    """The variable that sets the pool's size, and the size: of file and running process the larger."""
    if answers.reply.trouble is not None:
        return answers.reply.trouble
    for row in answers.reply.known("pool"):
        name, file, process = fields(row, 3)
        sizes = [int(size) for size in (file, process) if size.isdecimal()]
        if sizes:
            return name, max(sizes)
        return Missing(Cause.GARBLED, f"{name} is no number")
    if (denied := answers.reply.refusal("env")) is not None:
        return Missing(denied.cause, "this user may not read the environment file that sets the pool's size")
    return Missing(
        Cause.NOT_CONFIGURED,
        "no variable sets the pool's size (see pool_vars): the driver's default holds, 10 for sqlx",
    )


def pooler(answers: Answers) -> str:
    """The port of a pooler or proxy between the application and the server; empty without one."""
    session = answers.sessions.get("app")
    url = fields("".join(answers.reply.known("url")[-1:]), 6)
    if session is None or url[0] != "set":
        return ""
    asked = "5432" if url[4] == "default" else url[4]
    reached = session[1] if session[7] == "socket" else session[7]
    return asked if asked.isdecimal() and asked != reached else ""


def pooling(answers: Answers, instances: int) -> Told:
    """A pool is set up and the server has room for it."""
    size, room, port = pool(answers), connections(answers), pooler(answers)
    if isinstance(room, Missing):
        return {"pooling_problems": room, "pooling": room}
    if isinstance(size, Missing):
        told = f"a pooler on port {port}" if port else size
        return {"pooling_problems": () if port else size, "pooling": told}
    name, most = size
    shown = f"{name}={most} x {instances} of {room.usable} usable"
    if port:
        shown += f"; through a pooler on port {port}"
    elif most * instances > room.usable:
        line = f"{name}={most} x {instances} instances is more than the {room.usable} connections usable"
        return {"pooling_problems": (line,), "pooling": shown}
    return {"pooling_problems": (), "pooling": shown}


def limits(answers: Answers, instances: int) -> Told:
    """The server's connections suffice for every pool, are not nearly used up, and are not too many."""
    size, room, port = pool(answers), connections(answers), pooler(answers)
    if isinstance(room, Missing):
        return {"limit_problems": room, "limit_note": room}
    problems = []
    doubts = [size] if isinstance(size, Missing) else []
    need = None if isinstance(size, Missing) else size[1] * instances + SPARE
    if need is not None and need > room.usable:
        line = f"{need} connections may be needed (pool x instances + {SPARE}), {room.usable} are usable"
        if port:
            doubts.append(
                Missing(
                    Cause.UNSUPPORTED, f"{line}; the pooler on port {port} decides, which is not asked here"
                )
            )
        else:
            problems.append(line)
    if room.usable and room.used >= BUSY * room.usable:
        problems.append(f"{room.used} of {room.usable} usable connections are in use (expected: under 80 %)")
    if room.most > MOST_CONNECTIONS and not port:
        problems.append(
            f"max_connections is {room.most} without a pooler (expected: {MOST_CONNECTIONS} or fewer)"
        )
    note = f"{need} of {room.usable} usable connections needed; {room.used} in use" if need else ""
    return {"limit_problems": settle(problems, doubts), "limit_note": note}


def optimized(answers: Answers) -> Told:
    """The pool is neither used up with queries waiting, nor nearly all of the server's connections."""
    room, size = connections(answers), pool(answers)
    waits = answers.numbers("activity", 3)
    if isinstance(room, Missing):
        return {"pool_problems": room, "pool_note": room}
    problems = []
    if room.usable and room.ours > BUSY * room.usable:
        problems.append(
            f"the application holds {room.ours} of {room.usable} usable connections (expected: under 80 %)"
        )
    if (
        not isinstance(size, Missing)
        and not isinstance(waits, Missing)
        and room.ours >= size[1]
        and waits[0][1]
    ):
        problems.append(
            f"all {size[1]} connections of the pool are in use and {waits[0][1]:.0f} queries wait for locks"
        )
    if isinstance(waits, Missing):
        note = f"the application holds {room.ours} connections"
    else:
        note = f"the application holds {room.ours} connections, {waits[0][0]:.0f} of them idle"
        note += f"; {waits[0][1]:.0f} lock waits"
    return {
        "pool_problems": settle(problems, [waits] if isinstance(waits, Missing) else []),
        "pool_note": note + (f"; pool of {size[1]}" if not isinstance(size, Missing) else ""),
    }


def slow_statements(answers: Answers, mean_ms: float, calls: int) -> Told:
    """No statement is slow on average, over statistics of a day at least."""
    told, since = answers.numbers("slowstmt", 3), answers.numbers("pss", 2)
    if isinstance(told, Missing) or isinstance(since, Missing):
        why = _statements(answers) or (told if isinstance(told, Missing) else since)
        assert isinstance(why, Missing)
        return {"slow_problems": why, "slow_note": why}
    (count, mean, worst), _ = told
    (_, age), _ = since
    over = f"statements over {mean_ms:.0f} ms on average in {calls} calls or more"
    if count:
        line = f"{count:.0f} {over}: the slowest {mean:.0f} ms (at most {worst:.0f} ms)"
        return {"slow_problems": (line,), "slow_note": ""}
    if age < DAY_S:
        why = Missing(
            Cause.UNSUPPORTED, f"no {over}, but statistics cover only {duration(age)} (expected: 24 h)"
        )
        return {"slow_problems": why, "slow_note": why}
    return {"slow_problems": (), "slow_note": f"no {over} in {duration(age)}"}


def heaviest(answers: Answers) -> Told:
    """The query ids that take most of the time, for a human to EXPLAIN on staging."""
    rows = answers.rows("topstmt", 4)
    if isinstance(rows, Missing) or not rows:
        why = _statements(answers) or (
            rows if isinstance(rows, Missing) else Missing(Cause.UNSUPPORTED, "no statement is recorded yet")
        )
        return {"heavy_share": why, "heavy_ids": why}
    share = sum(float(row[3]) for row in rows if row[3])
    return {"heavy_share": int(share), "heavy_ids": ", ".join(f"{row[0]} ({row[2]} ms)" for row in rows)}


def _statements(answers: Answers) -> Missing | None:
    """Why no statement is recorded, when that is the reason."""
    rows = answers.rows("ext", 2)
    if isinstance(rows, Missing):
        return None
    if "pg_stat_statements" not in {row[0] for row in rows}:
        return Missing(Cause.NOT_CONFIGURED, "pg_stat_statements is not created, so no statement is recorded")
    if answers.error("pss") == "55000":
        return Missing(Cause.NOT_CONFIGURED, "pg_stat_statements is not loaded, so no statement is recorded")
    return None


def replication(answers: Answers, kind: str, max_lag_s: float) -> Told:
    """What was declared is there and keeps up. kind: `none` or `physical`."""
    row, slots = answers.row("repl", 6), answers.numbers("slots", 2)
    if isinstance(row, Missing) or isinstance(slots, Missing):
        why = row if isinstance(row, Missing) else slots
        assert isinstance(why, Missing)
        return {"replication_problems": why, "replication": why}
    standby = row[0] == "t"
    replicas, lag, behind, receivers, late = (_count(cell) for cell in row[1:])
    (_, idle), _ = slots
    if kind == "none":
        found = [
            word
            for there, word in (
                (standby, "this server is a standby"),
                (replicas, f"{replicas:.0f} standbys stream from it"),
                (idle, f"{idle:.0f} replication slots are not in use"),
            )
            if there
        ]
        line = f"replication is declared as none, but {' and '.join(found)}"
        return {
            "replication_problems": (line,) if found else (),
            "replication": "not replicated, as declared",
        }
    problems = [f"{idle:.0f} unused replication slots: the server keeps WAL for them"] if idle else []
    if standby:
        if not receivers:
            problems.append("this standby receives nothing from its primary")
        worst = late
    else:
        if not replicas:
            problems.append("no standby streams from this server (expected: 1 or more)")
        worst = lag
    if worst > max_lag_s:
        problems.append(f"the replay lag is {worst:.0f} s (expected: {max_lag_s:.0f} s or less)")
    seen = f"{replicas:.0f} standbys, replay lag {worst:.0f} s, {behind:.0f} bytes"
    unseen = Missing(
        Cause.UNSUPPORTED, f"{seen}; whether a monitor watches the lag is not seen from the database"
    )
    return {"replication_problems": settle(problems, [unseen]), "replication": seen}


def archiving(answers: Answers) -> Told:
    """What was done about the loss of this server: standbys, slots, the WAL archive."""
    settings, told = answers.settings(), answers.numbers("arch", 3, text=1)
    slots = answers.numbers("slots", 2)
    if isinstance(settings, Missing) or isinstance(told, Missing):
        why = settings if isinstance(settings, Missing) else told
        assert isinstance(why, Missing)
        return {"archive_problems": why, "archive_note": why}
    mode = settings["archive_mode"].value if "archive_mode" in settings else "off"
    (done, failed, age), (failing,) = told
    problems = []
    if mode != "off" and failing == "t":
        problems.append(f"archiving WAL fails: {failed:.0f} failures, the last after the last success")
    replicas = answers.row("repl", 6)
    notes = []
    if not isinstance(replicas, Missing):
        notes.append(f"{_count(replicas[1]):.0f} standbys")
    if not isinstance(slots, Missing):
        notes.append(f"{slots[0][0]:.0f} physical slots")
    notes.append(f"archive_mode {mode}" + (f", last WAL file {duration(age)} ago" if done else ""))
    return {"archive_problems": settle(problems), "archive_note": ", ".join(notes)}


def kept_elsewhere(answers: Answers) -> bool | Missing:
    """Whether WAL leaves the server as it is written: archived without failing, or streamed to a standby."""
    settings, told = answers.settings(), answers.numbers("arch", 3, text=1)
    row = answers.row("repl", 6)
    if not isinstance(row, Missing) and _count(row[1]):
        return True
    if isinstance(settings, Missing):
        return settings
    if isinstance(told, Missing):
        return told
    mode = settings["archive_mode"].value if "archive_mode" in settings else "off"
    if mode != "off" and told[0][0] and told[1][0] != "t":
        return True
    return row if isinstance(row, Missing) else False


def _count(cell: str) -> float:
    """A number of a row, 0 where the column is NULL."""
    try:
        return float(cell)
    except ValueError:
        return 0.0
