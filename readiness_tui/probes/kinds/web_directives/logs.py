"""The logs a web server writes for a site: where requests and errors go."""

from __future__ import annotations

from dataclasses import dataclass

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.kinds.webconf.patterns import PatternError
from readiness_tui.probes.kinds.webconf.sites import Site

SILENT_LEVELS = frozenset({"crit", "alert", "emerg"})
"""Levels of nginx's error_log that leave out errors of single requests."""

DEFAULT_ACCESS = {"nginx": "/var/log/nginx/access.log"}


@dataclass(frozen=True, slots=True)
class AccessLog:
    """Where a path's requests are logged. file: a full path; empty when they are not logged in a file.

    elsewhere: the other place (`syslog:...`, a pipe); off: nothing is written. buffered: lines come late.
    """

    file: str = ""
    elsewhere: str = ""
    off: bool = False
    buffered: bool = False


def access_log(site: Site, path: str) -> AccessLog | Missing:
    """The access log in force for a path of the site."""
    if site.doubt is not None:
        return site.doubt
    try:
        scope = site.at(path)
    except PatternError as error:
        return Missing(Cause.UNSUPPORTED, f"{site.server}: {error}")
    name = "access_log" if site.kind == "nginx" else "customlog"
    found = [statement.words for statement in scope.values(name) if statement.words]
    if not found:
        if site.kind == "nginx":
            return Missing(Cause.UNSUPPORTED, f"no access_log is set for {site.domain}: the compiled-in one")
        return AccessLog(off=True)
    files = [words for words in found if words[0].startswith("/") and words[0] != "/dev/null"]
    if files:
        words = files[0]
        if "$" in words[0]:
            return Missing(Cause.UNSUPPORTED, f"the name of the access log has a variable: {words[0][:40]}")
        if words[0].startswith("/dev/"):
            return AccessLog(elsewhere=words[0])
        return AccessLog(words[0], buffered=any(word.startswith("buffer=") for word in words))
    others = [words[0] for words in found if words[0] not in ("off", "/dev/null")]
    if any(not other.startswith(("syslog:", "pipe")) for other in others):
        return Missing(Cause.UNSUPPORTED, f"the access log {others[0][:40]} has no full path")
    return AccessLog(elsewhere=others[0]) if others else AccessLog(off=True)


def error_log(site: Site) -> str | Missing:
    """Why errors of the site are not logged; empty when they are."""
    if site.doubt is not None:
        return site.doubt
    name = "error_log" if site.kind == "nginx" else "errorlog"
    for scope in site.scopes():
        found = [statement.words for statement in scope.values(name) if statement.words]
        if found and all(words[0] == "/dev/null" for words in found):
            return f"{site.server} writes the errors of {scope.label} to /dev/null"
        levels = [words[1] if len(words) > 1 else "error" for words in found if words[0] != "/dev/null"]
        if site.kind == "nginx" and levels and all(level in SILENT_LEVELS for level in levels):
            words = f"error_log of {scope.label} has the level {levels[0]}"
            return f"{words}, which leaves out failed requests (expected: error)"
    return ""


def error_log_shown(site: Site) -> str:
    """Where errors go, in words."""
    name = "error_log" if site.kind == "nginx" else "errorlog"
    statement = site.block.value(name)
    where = statement.words[0] if statement is not None and statement.words else "its default file"
    level = f" at level {statement.words[1]}" if statement is not None and len(statement.words) > 1 else ""
    return f"{site.server} logs errors of {site.domain} to {where}{level}"
