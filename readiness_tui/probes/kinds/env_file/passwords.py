"""Rule: the password in a database URL is strong, and it is what lets the application in."""

from __future__ import annotations

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes import passwords
from readiness_tui.probes.environment import Environment
from readiness_tui.probes.facts import ParsedReply
from readiness_tui.probes.kinds.env_file import rules
from readiness_tui.probes.logins import MALFORMED
from readiness_tui.probes.sentences import settle


def judged(reply: ParsedReply, env: Environment, url: str, minimum: int) -> dict[str, Fact | Missing]:
    """The password of the URL in the file, and of the running process where that is another.

    url: the variable's name. minimum: characters.
    """
    blocked = rules.gate(env) or _no_url(reply, url)
    if blocked is not None:
        return {"password_problems": blocked, "login_note": ""}
    problems, doubts = _whose(reply, "", url, minimum)
    if reply.text("process_url", "") not in ("", "same", "missing"):
        more, unsure = _whose(reply, "process_", f"the running process's {url}", minimum)
        problems += more
        doubts += unsure
    if env.stale is not None:
        doubts.append(env.stale)
    tried = bool(reply.known("dblogin"))
    return {
        "password_problems": settle(problems, doubts),
        **passwords.shown(reply, ""),
        "login_note": "; the server asks for it" if tried else "; no login was tried",
    }


def _no_url(reply: ParsedReply, url: str) -> Fact | Missing | None:
    row = reply.text("url", "")
    if isinstance(row, Missing):
        return row
    state, _, why = row.partition("|")
    if state == "malformed":
        return (f"{url} {MALFORMED.get(why, 'is malformed')}",)
    if state == "set":
        return None
    return Missing(Cause.NOT_CONFIGURED, f"{url} is not set, so there is no password to look at")


def _whose(reply: ParsedReply, prefix: str, name: str, minimum: int) -> tuple[list[str], list[Missing]]:
    problems, doubts = passwords.problems(reply, prefix, minimum)
    problems = [f"{name}: {problem}" for problem in problems]
    if reply.text(f"{prefix}password_asked", "") == "no":
        problems.append(f"{name}: the server lets this user in without the password (trust)")
    error = "".join(reply.known(f"{prefix}dblogin_error")[-1:])
    if error in ("password-refused", "no-role"):
        doubts.append(
            Missing(Cause.AUTH, f"{name}: the server refuses this password, so it is not the role's")
        )
    return problems, doubts
