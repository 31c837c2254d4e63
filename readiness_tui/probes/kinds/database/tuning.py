"""Rules about settings: memory and durability, logging of slow queries, vacuum."""

from __future__ import annotations

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.kinds.database.answers import Answers, Setting, Told
from readiness_tui.probes.sentences import settle

KB = {"8kB": 8, "kB": 1, "MB": 1024}
"""Kilobytes of the units in which pg_settings gives sizes."""

DEFAULT_BUFFERS_KB = 128 * 1024
"""shared_buffers as initdb writes it."""

DEDICATED_KB = 2 * 1024 * 1024 * 0.85
"""Memory of a 2 GiB machine as its kernel reports it, from which the default is too small."""

MOST_BUFFERS = 0.5
XID_SHARE = 50
"""Per cent of autovacuum_freeze_max_age at which a freeze should long have run."""

SILENT_LEVELS = ("fatal", "panic")
"""log_min_messages at which LOG lines, such as slow queries, are not written (manual, 20.8)."""


def tuned(answers: Answers, ram_share: float) -> Told:
    """Durability is on and shared_buffers fits the memory. ram_share: of it that PostgreSQL has to itself."""
    settings = answers.settings()
    if isinstance(settings, Missing):
        return {"tuning_problems": settings, "buffers": settings, "tuning": settings}
    problems = [
        f"{name} is off: a crash can destroy the database (expected: on)"
        for name in ("fsync", "full_page_writes")
        if name in settings and settings[name].value == "off"
    ]
    buffers = _kb(settings.get("shared_buffers"))
    memory = answers.reply.number("mem_kb")
    doubts: list[Missing] = []
    advice = ""
    if buffers is None:
        doubts.append(Missing(Cause.GARBLED, "the server did not tell shared_buffers"))
    elif isinstance(memory, Missing) or not answers.here:
        doubts.append(Missing(Cause.UNSUPPORTED, "the memory of the database's host is not seen from here"))
    else:
        own = memory * ram_share
        if buffers == DEFAULT_BUFFERS_KB and own >= DEDICATED_KB:
            problems.append(
                f"shared_buffers is still the default of 128 MB with {_size(own)} for PostgreSQL"
                f" (pgtune: {_size(own / 4)})"
            )
        elif buffers > MOST_BUFFERS * memory:
            problems.append(
                f"shared_buffers is {_size(buffers)} of {_size(memory)} memory (expected: at most half)"
            )
        advice = f" (pgtune {_size(own / 4)})"
    waiting = [name for name, setting in settings.items() if setting.pending]
    return {
        "tuning_problems": settle(problems, doubts),
        "buffers": f"shared_buffers {_size(buffers or 0)}{advice}",
        "tuning": _others(settings),
        "restart_note": f"; waiting for a restart: {', '.join(waiting)}" if waiting else "",
    }


def _others(settings: dict[str, Setting]) -> str:
    told = []
    for name in ("effective_cache_size", "work_mem"):
        size = _kb(settings.get(name))
        if size is not None:
            told.append(f"{name} {_size(size)}")
    told += [f"{name} {settings[name].value}" for name in ("random_page_cost", "fsync") if name in settings]
    return ", ".join(told)


def slow_log(answers: Answers, slow_ms: float) -> Told:
    """Slow queries of the application's role are written to the log. slow_ms: from how many milliseconds."""
    settings = answers.settings()
    if isinstance(settings, Missing):
        return {"slow_log_problems": settings, "slow_log": settings}
    names = ("log_min_duration_statement", "log_min_duration_sample", "auto_explain.log_min_duration")
    told = {name: _effective(answers, settings, name) for name in names}
    rate = _effective(answers, settings, "log_statement_sample_rate")
    on = {name: value for name, value in told.items() if isinstance(value, float) and value >= 0}
    if rate == 0.0:
        on.pop("log_min_duration_sample", None)
    level = settings["log_min_messages"].value if "log_min_messages" in settings else ""
    if level in SILENT_LEVELS:
        line = f"log_min_messages is {level}: slow queries are not written (expected: warning)"
        return {"slow_log_problems": (line,), "slow_log": ""}
    good = {name: value for name, value in on.items() if value <= slow_ms}
    if good:
        name = min(good, key=lambda one: good[one])
        return {"slow_log_problems": (), "slow_log": f"{name} is {good[name]:.0f} ms"}
    unsure = next((value for value in told.values() if isinstance(value, Missing)), None)
    if unsure is not None:
        return {"slow_log_problems": unsure, "slow_log": unsure}
    if on:
        name = min(on, key=lambda one: on[one])
        line = f"{name} is {on[name]:.0f} ms (expected: {slow_ms:.0f} ms or less)"
    else:
        line = (
            f"slow queries are not logged: log_min_duration_statement is -1 (expected: 0 to {slow_ms:.0f} ms)"
        )
    return {"slow_log_problems": (line,), "slow_log": ""}


def log_target(answers: Answers) -> Told:
    """Where the server's log goes: log lines must not end in nothing."""
    settings = answers.settings()
    if isinstance(settings, Missing):
        return {"log_target_problems": settings, "log_target": settings}
    value = {name: setting.value for name, setting in settings.items()}
    destination = value.get("log_destination", "")
    if value.get("logging_collector") == "on":
        return {"log_target_problems": (), "log_target": f"{destination} through the logging collector"}
    if "syslog" in destination.split(","):
        return {"log_target_problems": (), "log_target": "syslog"}
    row = "".join(answers.reply.known("log_file")[-1:])
    path, _, written = row.rpartition("|")
    if path and written.isdecimal() and int(written) >= _started(answers) - 5:
        return {"log_target_problems": (), "log_target": path}
    why = Missing(
        Cause.UNSUPPORTED,
        "the log goes to the server's standard error, and where that leads is not seen"
        " (logging_collector on would show it)",
    )
    return {"log_target_problems": why, "log_target": why}


def vacuum(answers: Answers) -> Told:
    """Autovacuum runs everywhere and nothing holds it back."""
    settings = answers.settings()
    told = answers.numbers("vac", 2, text=2)
    if isinstance(settings, Missing) or isinstance(told, Missing):
        why = settings if isinstance(settings, Missing) else told
        assert isinstance(why, Missing)
        return {"vacuum_problems": why, "xid_share": why}
    (share, prepared), (bloated, without) = told
    problems = [
        f"{name} is off (expected: on)"
        for name in ("autovacuum", "track_counts")
        if name in settings and settings[name].value == "off"
    ]
    if without:
        problems.append(f"autovacuum is switched off for {_listed(without)}")
    if share >= XID_SHARE:
        problems.append(f"the oldest transaction id is at {share:.0f} % of its limit (expected: under 50 %)")
    if bloated:
        problems.append(f"more than 20 % dead rows in {_listed(bloated)}")
    if prepared:
        problems.append(f"{prepared:.0f} prepared transactions older than 10 min hold vacuum back")
    activity = answers.numbers("activity", 3)
    doubts = [activity] if isinstance(activity, Missing) else []
    if not isinstance(activity, Missing) and activity[0][2]:
        problems.append(f"{activity[0][2]:.0f} sessions idle in a transaction for more than 10 min")
    return {"vacuum_problems": settle(problems, doubts), "xid_share": int(share)}


def _effective(answers: Answers, settings: dict[str, Setting], name: str) -> float | Missing | None:
    """A number setting as the application's role gets it in its database; None when the server has none.

    ALTER ROLE IN DATABASE wins over ALTER ROLE, that over ALTER DATABASE, that over the files (manual,
    ALTER ROLE). The session of the application itself has all of them applied.
    """
    setting = settings.get(name)
    if "app" not in answers.sessions:
        overrides = answers.rows("overrides", 3)
        if isinstance(overrides, Missing):
            return overrides
        held = {row[:2]: row[2].partition("=")[2] for row in overrides if row[2].startswith(f"{name}=")}
        for scope in (("role", "database"), ("role", ""), ("", "database"), ("", "")):
            if scope in held:
                return _milliseconds(name, held[scope])
        if setting is not None and setting.source in ("user", "database user"):
            return Missing(
                Cause.UNSUPPORTED, f"{name} is set for the role that looked, so the server's is not known"
            )
    if setting is None:
        return None
    return _milliseconds(name, setting.value)


def _milliseconds(name: str, text: str) -> float | Missing:
    """`250`, `250ms`, `1s`, `2min`: as ALTER ROLE keeps what was typed."""
    word = text.strip().strip("'").strip()
    for unit, factor in (("ms", 1.0), ("min", 60000.0), ("s", 1000.0), ("h", 3600000.0), ("d", 86400000.0)):
        if word.endswith(unit):
            word, scale = word[: -len(unit)].strip(), factor
            break
    else:
        scale = 1.0
    try:
        return float(word) * scale
    except ValueError:
        return Missing(Cause.GARBLED, f"{name} is {text[:20]}, which is not understood")


def _started(answers: Answers) -> int:
    """When the server started, in seconds since 1970."""
    start = next((row[0] for row in answers.sessions.values()), "")
    return int(start) // 1_000_000 if start.isdecimal() else 1 << 62


def _kb(setting: Setting | None) -> float | None:
    if setting is None or not setting.value.isdecimal() or setting.unit not in KB:
        return None
    return float(setting.value) * KB[setting.unit]


def _size(kilobytes: float) -> str:
    mega = kilobytes / 1024
    return f"{mega:.0f} MB" if mega < 10240 else f"{mega / 1024:.0f} GB"


def _listed(names: str) -> str:
    return ", ".join(names.split(","))
