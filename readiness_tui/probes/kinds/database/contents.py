"""Rules about what is in the database: extensions, migrations, indexes, statistics, audit."""

from __future__ import annotations

from collections.abc import Sequence

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.kinds.database.answers import NOT_LOADED, Answers, Told
from readiness_tui.probes.sentences import settle

STATEMENTS = "pg_stat_statements"
AUDIT_AGE_S = 7 * 86400.0
"""Seconds an audit table may be silent."""


def extensions(answers: Answers, required: Sequence[str]) -> Told:
    """Every required extension exists in this database, and pg_stat_statements counts."""
    rows = answers.rows("ext", 2)
    if isinstance(rows, Missing):
        return {"extension_problems": rows, "extensions": rows}
    have = {row[0]: row[1] for row in rows}
    absent = [name for name in required if name not in have]
    problems = [f"the extension {name} is not created in the database {answers.db}" for name in absent]
    doubts = []
    if STATEMENTS in required and STATEMENTS in have:
        wrong, unsure = _statements(answers)
        problems += wrong
        doubts += unsure
    shown = ", ".join(f"{name} {have[name]}" for name in required if name in have)
    return {"extension_problems": settle(problems, doubts), "extensions": shown or "none required"}


def tracked(answers: Answers) -> Told:
    """pg_stat_statements records statements."""
    rows = answers.rows("ext", 2)
    if isinstance(rows, Missing):
        return {"tracking_problems": rows, "statements": rows, "tracked_for": rows}
    if STATEMENTS not in {row[0] for row in rows}:
        absent = (f"pg_stat_statements is not created in the database {answers.db}: no query is tracked",)
        return {"tracking_problems": absent, "statements": 0, "tracked_for": ""}
    problems, doubts = _statements(answers)
    told = answers.numbers("pss", 2)
    if isinstance(told, Missing):
        return {
            "tracking_problems": settle(problems, doubts or [told]),
            "statements": told,
            "tracked_for": told,
        }
    (count, age), _ = told
    if not count:
        doubts.append(Missing(Cause.UNSUPPORTED, "pg_stat_statements holds no statement yet"))
    return {
        "tracking_problems": settle(problems, doubts),
        "statements": int(count),
        "tracked_for": duration(age),
    }


def _statements(answers: Answers) -> tuple[list[str], list[Missing]]:
    if answers.error("pss") == NOT_LOADED:
        return ["pg_stat_statements is created but not loaded: add it to shared_preload_libraries"], []
    told = answers.row("pss", 2)
    if isinstance(told, Missing):
        return [], [told]
    settings = answers.settings()
    if isinstance(settings, Missing):
        return [], [settings]
    track = settings.get("pg_stat_statements.track")
    if track is None:
        return [], [Missing(Cause.UNSUPPORTED, "the server did not tell pg_stat_statements.track")]
    if track.value == "none":
        return ["pg_stat_statements.track is none: no statement is recorded (expected: top or all)"], []
    return [], []


def migrations(answers: Answers, expected: str) -> Told:
    """No migration failed, and the newest is the release's.

    expected: its version, as the file's name begins.
    """
    rows = answers.rows("mig", 4)
    if isinstance(rows, Missing):
        return {"migration_problems": rows, "migrations": rows, "newest_migration": rows}
    if not rows:
        why = Missing(
            Cause.UNSUPPORTED,
            "no migrations table that is known here (sqlx, diesel, SeaORM, refinery, Flyway, Prisma)",
        )
        return {"migration_problems": why, "migrations": why, "newest_migration": why}
    if len(rows) > 1:
        tools = ", ".join(row[0] for row in rows)
        why = Missing(Cause.UNSUPPORTED, f"several migration tables: {tools}")
        failed = tuple(_failed(row) for row in rows if _failed(row))
        return {"migration_problems": failed or why, "migrations": why, "newest_migration": why}
    tool, count, bad, newest = rows[0]
    problems = [line for line in (_failed(rows[0]),) if line]
    doubts = []
    if expected and _version(newest) != _version(expected):
        problems.append(f"the newest applied migration is {newest or 'none'} (expected: {expected})")
    elif not expected:
        doubts.append(
            Missing(
                Cause.NOT_CONFIGURED,
                f"{tool}: newest applied is {newest or 'none'}; set expected_migration to compare it",
            )
        )
    failures = "0 failed" if bad == "0" else "failures are not recorded by this tool"
    return {
        "migration_problems": settle(problems, doubts),
        "migrations": f"{tool}: {count} applied, {failures}",
        "newest_migration": newest,
    }


def _failed(row: Sequence[str]) -> str:
    tool, _, bad, _ = row
    if bad in ("0", "-1"):
        return ""
    return f"{tool}: {bad} migration{'' if bad == '1' else 's'} failed or did not finish"


def _version(text: str) -> str:
    return text.strip().lstrip("Vv0")


def indexes(answers: Answers) -> Told:
    """No index is invalid, and no large table is without any."""
    told = answers.numbers("idx", 3, text=2)
    if isinstance(told, Missing):
        return {"index_problems": told, "index_note": told}
    (count, scanned, building), (invalid, bare) = told
    problems = []
    if invalid and not building:
        problems.append(f"invalid index: {_listed(invalid)} (drop it and create it again)")
    if bare:
        problems.append(f"tables of more than 1000 rows without an index: {_listed(bare)}")
    doubts = []
    if invalid and building:
        doubts.append(Missing(Cause.UNSUPPORTED, "an index is being built now: look again when it is done"))
    keys = answers.rows("fk", 1)
    notes = []
    if not isinstance(keys, Missing):
        names = [key[0] for key in keys]
        notes.append(f"foreign keys without an index: {', '.join(names[:3]) or 'none'}")
    notes.append(f"{scanned:.0f} large tables read mostly by sequential scans")
    return {
        "index_problems": settle(problems, doubts),
        "index_count": int(count),
        "index_note": "; ".join(notes),
    }


def statistics(answers: Answers) -> Told:
    """The planner's statistics of every table of 1000 rows or more are fresh."""
    told = answers.numbers("stats", 2, text=2)
    if isinstance(told, Missing):
        return {"statistics_problems": told, "large_tables": told}
    (large, unsure), (names, stale) = told
    problems = []
    if stale not in ("", "0"):
        problems.append(
            f"{stale} of {large:.0f} large tables have no fresh statistics: {_listed(names)} (run ANALYZE)"
        )
    doubts = []
    if not large:
        doubts.append(Missing(Cause.UNSUPPORTED, "no table has 1000 rows yet, so there is nothing to judge"))
    elif unsure:
        doubts.append(
            Missing(
                Cause.UNSUPPORTED,
                f"when {unsure:.0f} large tables were analysed is not known: the counters were reset",
            )
        )
    return {"statistics_problems": settle(problems, doubts), "large_tables": int(large)}


def audit(answers: Answers, table: str) -> Told:
    """The audit table exists and is written to; or pgaudit is loaded."""
    settings = answers.settings()
    pgaudit = None if isinstance(settings, Missing) else settings.get("pgaudit.log")
    on = pgaudit is not None and pgaudit.value not in ("", "none")
    if not table:
        note = f"pgaudit logs {pgaudit.value}" if on and pgaudit else ""
        why = Missing(
            Cause.NOT_CONFIGURED, "no audit table is named (audit_table), and pgaudit is not loaded"
        )
        return {"audit_problems": () if on else why, "audit_note": note or why}
    told = answers.rows("audit", 1)
    if isinstance(told, Missing):
        return {"audit_problems": told, "audit_note": told}
    if not told:
        return {
            "audit_problems": (f"the audit table {table} does not exist in {answers.db}",),
            "audit_note": "",
        }
    try:
        age = float(told[0][0])
    except ValueError:
        why = Missing(Cause.GARBLED, "the audit table's newest row was not told")
        return {"audit_problems": why, "audit_note": why}
    if age == -1:
        return {"audit_problems": (f"the audit table {table} has no row",), "audit_note": ""}
    if age < 0:
        why = Missing(Cause.UNSUPPORTED, f"{table} has no column of a time, so its newest row is not known")
        return {"audit_problems": why, "audit_note": why}
    if age > AUDIT_AGE_S:
        line = f"the newest row of {table} is {duration(age)} old (expected: within 7 d)"
        return {"audit_problems": (line,), "audit_note": ""}
    return {"audit_problems": (), "audit_note": f"{table}: newest row {duration(age)} old"}


def duration(seconds: float) -> str:
    """A span as people say it: `18 min`, `3 h`, `12 d`; `an unknown time` for a negative one."""
    if seconds < 0:
        return "an unknown time"
    for size, word in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size or (size == 60 and seconds >= 60):
            return f"{seconds / size:.0f} {word}"
    return f"{seconds:.0f} s"


def _listed(names: str) -> str:
    return ", ".join(names.split(","))
