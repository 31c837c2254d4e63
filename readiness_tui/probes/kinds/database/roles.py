"""Rules about the database, the application's role and the superusers (CIS PostgreSQL 15, section 4)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes import passwords
from readiness_tui.probes.kinds.database.answers import Answers, Told
from readiness_tui.probes.logins import TEST_NAMES
from readiness_tui.probes.sentences import settle

SHARED_NAMES = frozenset(
    ["postgres", "root", "admin", "rdsadmin", "azuresu", "cloudsqladmin", "cloudsqlsuperuser", "doadmin"]
)
"""Roles that belong to an administrator or a provider, never to one application."""

ATTRIBUTES = ("SUPERUSER", "CREATEROLE", "CREATEDB", "REPLICATION", "BYPASSRLS")


def created(answers: Answers) -> Told:
    """The application's database is there and lets its role in."""
    names = ("encoding", "owner")
    if answers.login == "no-database" and not answers.reply.known("dbexists"):
        gone = (f"the database {answers.db} does not exist",)
        return {"created_problems": gone, "db": answers.db, "db_note": ""}
    rows = answers.rows("dbexists", 4)
    if isinstance(rows, Missing):
        return {"created_problems": rows, **dict.fromkeys(names, rows), "db": answers.db, "db_note": ""}
    if not rows:
        gone = (f"the database {answers.db} does not exist",)
        return {"created_problems": gone, "db": answers.db, "db_note": ""}
    connects, encoding, owner, granted = rows[0]
    problems = []
    if connects != "t":
        problems.append(f"the database {answers.db} accepts no connections (datallowconn is off)")
    if granted == "f":
        problems.append(f"role {answers.role} may not connect to the database {answers.db}")
    notes = [] if encoding == "UTF8" else [f"; its encoding is {encoding}, not UTF8"]
    if TEST_NAMES & set(re.split(r"[^a-z]+", answers.db.lower())):
        notes.append("; its name is that of a test database")
    return {
        "created_problems": settle(problems),
        "db": answers.db,
        "encoding": encoding,
        "owner": owner,
        "db_note": "".join(notes),
    }


def dedicated(answers: Answers, minimum: int) -> Told:
    """The role of the URL is the application's own, and its password is strong."""
    role = _role(answers)
    if isinstance(role, Missing):
        return {"user_problems": role, "role": answers.role}
    if not role:
        return {"user_problems": (f"the role {answers.role} does not exist",), "role": answers.role}
    problems = []
    if answers.role.lower() in SHARED_NAMES:
        problems.append(f"the application logs in as {answers.role} (expected: a role of its own)")
    if role[0] == "t":
        problems.append(f"role {answers.role} is a superuser")
    if role[5] != "t":
        problems.append(f"role {answers.role} may not log in (NOLOGIN)")
    if role[6] == "t":
        problems.append(f"the password of role {answers.role} has expired (VALID UNTIL)")
    unread = answers.reply.refusal("env")
    if unread is not None and not answers.has_url:
        why = Missing(unread.cause, "this user may not read the environment file that holds the password")
        return {"user_problems": settle(problems, [why]), "role": answers.role}
    weak, doubts = passwords.problems(answers.reply, "", minimum)
    if answers.login == "password-refused":
        doubts.append(Missing(Cause.AUTH, "the server refuses the URL's password, so it is not the role's"))
    return {
        "user_problems": settle([*problems, *weak], doubts),
        "role": answers.role,
        **passwords.shown(answers.reply, ""),
    }


def privileges(answers: Answers) -> Told:
    """PUBLIC creates nothing, and the role can use the tables."""
    doubt = answers.role_doubt()
    public = answers.numbers("public", 2, text=1)
    tables = answers.numbers("tabpriv", 4, text=1)
    if doubt is not None or isinstance(public, Missing) or isinstance(tables, Missing):
        known = () if isinstance(public, Missing) else _creates(public[1][0])
        why = doubt or (public if isinstance(public, Missing) else tables)
        assert isinstance(why, Missing)
        return {"privilege_problems": known or why, "role": answers.role}
    (connects, defaults), (schemas,) = public
    (count, readable, outside, _), (untouched,) = tables
    problems = list(_creates(schemas))
    if count and outside == count:
        problems.append(f"role {answers.role} has USAGE on no schema that holds tables")
    if untouched:
        problems.append(f"role {answers.role} may neither read nor write {_listed(untouched)}")
    return {
        "privilege_problems": settle(problems),
        "role": answers.role,
        "public_note": "PUBLIC may connect, not create"
        if connects
        else "PUBLIC may neither connect nor create",
        "readable": int(readable),
        "tables": int(count),
        "default_privileges": int(defaults),
    }


def _creates(schemas: str) -> tuple[str, ...]:
    if not schemas:
        return ()
    return (f"PUBLIC may create objects in schema {_listed(schemas)} (expected: revoke create)",)


def minimal(answers: Answers) -> Told:
    """The role has no attribute or membership that reaches beyond its data."""
    role = _role(answers)
    if isinstance(role, Missing):
        return {"minimal_problems": role, "role": answers.role}
    if not role:
        return {"minimal_problems": (f"the role {answers.role} does not exist",), "role": answers.role}
    problems = []
    if held := [word for word, flag in zip(ATTRIBUTES, role, strict=False) if flag == "t"]:
        problems.append(f"role {answers.role} has {', '.join(held)}")
    if role[7]:
        problems.append(f"role {answers.role} is a member of {_listed(role[7])}")
    owned = answers.numbers("owns", 2)
    databases, tables = owned[0] if not isinstance(owned, Missing) else (0, 0)
    note = (
        f"owns {_some(databases, 'database')} and {_some(tables, 'table')}, which it may drop"
        if databases or tables
        else "owns neither a database nor tables"
    )
    return {
        "minimal_problems": settle(problems, [owned] if isinstance(owned, Missing) else []),
        "role": answers.role,
        "owned_note": note,
    }


def superusers(answers: Answers, allowed: Sequence[str]) -> Told:
    """Who may log in as, or become, a superuser."""
    rows = answers.rows("supers", 2)
    if isinstance(rows, Missing):
        return {"superuser_problems": rows, "superusers": rows}
    problems = []
    for name, itself in rows:
        if name not in allowed:
            how = "is a superuser" if itself == "t" else "is a member of a superuser"
            problems.append(f"role {name} {how} (expected: only {', '.join(allowed) or 'none'})")
    return {
        "superuser_problems": settle(problems),
        "superusers": ", ".join(name for name, _ in rows) or "none",
    }


def _role(answers: Answers) -> tuple[str, ...] | Missing:
    """The role's attributes; empty when the server has no such role."""
    if (doubt := answers.role_doubt()) is not None:
        return doubt
    rows = answers.rows("role", 8)
    if isinstance(rows, Missing):
        return rows
    return rows[0] if rows else ()


def _listed(names: str) -> str:
    return ", ".join(names.split(","))


def _some(count: float, word: str) -> str:
    return f"{count:.0f} {word}{'' if count == 1 else 's'}"
