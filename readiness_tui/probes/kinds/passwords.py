"""Kind `passwords`: how short a system account's new password may be, as PAM checks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply, fields, unseen
from readiness_tui.probes.sentences import SentenceKind, settle

FACTS: dict[str, str] = {
    "policy_problems": "Why a short password can be set: no module that checks it, or too small a length.",
    "shortest": "The shortest password that is accepted, in characters.",
    "checker": "The PAM module that decides it.",
    "used": "How many accounts have a password, in words.",
}

CHECKERS = ("pam_pwquality.so", "pam_passwdqc.so", "pam_cracklib.so")
ENFORCING = ("required", "requisite")
CREDITS = ("dcredit", "ucredit", "lcredit", "ocredit")
DEFAULT_LENGTH = {"pam_pwquality.so": 8, "pam_cracklib.so": 9}
"""minlen where it is not set: pwquality.conf(5), pam_cracklib(8)."""
DEFAULT_CREDIT = {"pam_pwquality.so": 0, "pam_cracklib.so": 1}
PASSWDQC = "disabled,24,11,8,7"
"""min= of pam_passwdqc(8) where it is not set."""


@dataclass(frozen=True, slots=True)
class Line:
    """One `password` line of PAM."""

    control: str
    module: str
    options: Mapping[str, str]


class PasswordsParams(Frozen):
    """min_length: the shortest password the system may accept."""

    min_length: int = Field(default=12, ge=1)


class Passwords(SentenceKind[PasswordsParams]):
    """Follows PAM's includes for the service `passwd`, as pam.conf(5) reads them."""

    name = "passwords"
    Params = PasswordsParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """password.policy."""
        return (collect("password.policy", spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """What is accepted, and whether any account has a password at all."""
        told = ParsedReply(replies[0])
        rows = told.rows("pam")
        if isinstance(rows, Missing):
            return unseen(FACTS, rows)
        used = _used(told)
        shortest, checker = _shortest([_line(row) for row in rows], _settings(told))
        facts: dict[str, Fact | Missing] = {"shortest": shortest, "checker": checker}
        facts["used"] = used if isinstance(used, Missing) else _counted(used)
        return facts | {"policy_problems": self._faults(shortest, checker, used)}

    def _faults(self, shortest: int | Missing, checker: str | Missing, used: int | Missing) -> Fact | Missing:
        if isinstance(shortest, Missing):
            return shortest
        least = self.params.min_length
        if shortest >= least:
            return ()
        if isinstance(used, Missing):
            return Missing(used.cause, f"{used.reason}; a password of {shortest} characters could be set")
        if used == 0:
            return ()
        if checker == "pam_unix.so":
            return (f"no PAM module checks new passwords ({_counted(used)}; expected: pam_pwquality)",)
        return settle([f"{checker} accepts {shortest} characters (expected: at least {least})"])


def _counted(used: int) -> str:
    return "1 account has a password" if used == 1 else f"{used or 'no'} accounts have a password"


def _used(told: ParsedReply) -> int | Missing:
    """How many accounts have a password that can be used."""
    rows = told.rows("state")
    if isinstance(rows, Missing):
        return rows
    if not rows:
        return Missing(Cause.GARBLED, "the states of passwords were not told")
    return sum(fields(row, 2)[1] in ("P", "PS", "NP") for row in rows)


def _line(row: str) -> Line:
    control, module, arguments = fields(row, 3)
    pairs = [word.partition("=") for word in arguments.split()]
    return Line(control, module, {name: value for name, _, value in pairs})


def _settings(told: ParsedReply) -> dict[str, str]:
    rows = [fields(row, 2) for row in told.known("pwq")]
    return {row[0]: row[1] for row in rows}


def _shortest(lines: Sequence[Line], settings: Mapping[str, str]) -> tuple[int | Missing, str | Missing]:
    """What the modules accept: one that checks and must succeed, else pam_unix's own minimum."""
    setters = [place for place, line in enumerate(lines) if line.module == "pam_unix.so"]
    if not setters:
        why = Missing(Cause.UNSUPPORTED, "PAM does not set passwords with pam_unix: look at it yourself")
        return why, why
    unix = lines[setters[0]].options
    own = int(unix["minlen"]) if unix.get("minlen", "").isdecimal() else 6
    for line in lines[: setters[0]]:
        if line.module not in CHECKERS:
            continue
        if line.control.startswith("["):
            why = Missing(Cause.UNSUPPORTED, f"the control {line.control} of {line.module} is not evaluated")
            return why, why
        if line.control not in ENFORCING or not {"use_authtok", "try_first_pass"} & unix.keys():
            continue
        read = _passwdqc if line.module == "pam_passwdqc.so" else _quality
        length = read(line, settings)
        if length is not None:
            return (length if isinstance(length, Missing) else max(length, own)), line.module
    return own, "pam_unix.so"


def _quality(line: Line, settings: Mapping[str, str]) -> int | Missing | None:
    """minlen less what positive credits give (pwquality.conf(5)); None when nothing is enforced.

    Arguments of the module win over the file, which pam_cracklib does not read.
    """
    known = {**(settings if line.module == "pam_pwquality.so" else {}), **line.options}
    if known.get("enforcing") == "0":
        return None
    try:
        length = int(known.get("minlen", DEFAULT_LENGTH[line.module]))
        credit = [int(known.get(name, DEFAULT_CREDIT[line.module])) for name in CREDITS]
    except ValueError:
        return Missing(Cause.GARBLED, f"a setting of {line.module} is not a number")
    return max(6, length - sum(each for each in credit if each > 0))


def _passwdqc(line: Line, _settings: Mapping[str, str]) -> int | Missing | None:
    """The least of the enabled lengths of `min=` (pam_passwdqc(8)); None when nothing is enforced."""
    if line.options.get("enforce") == "none":
        return None
    if "config" in line.options:
        return Missing(Cause.UNSUPPORTED, "passwdqc's own configuration file is not read")
    lengths = [word for word in line.options.get("min", PASSWDQC).split(",") if word != "disabled"]
    if not lengths or not all(word.isdecimal() for word in lengths):
        return Missing(Cause.GARBLED, "min= of pam_passwdqc is not a list of numbers")
    return min(map(int, lengths))
