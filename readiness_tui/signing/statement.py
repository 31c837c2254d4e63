"""The statement that a lead signs, written and parsed in exactly one form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from readiness_tui.errors import UsageError
from readiness_tui.model.answer import Decision, Signoff
from readiness_tui.model.base import Moment
from readiness_tui.rules.decision.page import escaped

HEAD = "readiness-tui sign-off 1"
NAMESPACE = "readiness-tui"
"""The namespace of every signature. A signature made for another use (git, file) does not count."""

LARGEST = 64 * 1024
"""Most bytes of a statement or a signature."""

_PRINCIPAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+@=/-]{0,253}")
_LINE = re.compile(r"([a-z]+): (.*)")


@dataclass(frozen=True, slots=True)
class Statement:
    """A lead's statement. conditions: one each. at: UTC. page: its `sha256:`. scope: `all` or a role."""

    launch: str
    role: str
    who: str
    decision: Decision
    conditions: tuple[str, ...]
    at: Moment
    page: str
    scope: str = "all"

    def text(self) -> str:
        """The text of the statement. Raises UsageError for a name that is not a valid principal."""
        principal(self.who)
        lines = [HEAD, f"launch: {escaped(self.launch)}", f"role: {self.role}", f"who: {self.who}"]
        lines.append(f"decision: {self.decision.value}")
        lines += [f"condition: {escaped(condition)}" for condition in self.conditions]
        at = self.at.isoformat().replace("+00:00", "Z")
        lines += [f"at: {at}", f"page: {self.page}", f"scope: {self.scope}"]
        return "\n".join(lines) + "\n"

    def signoff(self, signature: str = "") -> Signoff:
        """The sign-off to store in the session."""
        return Signoff(
            role=self.role,
            who=self.who,
            decision=self.decision,
            conditions="\n".join(self.conditions),
            at=self.at,
            seal=self.page,
            statement=self.text(),
            signature=signature,
        )


def principal(who: str) -> str:
    """Return the name if `allowed_signers` can hold it. Raises UsageError.

    ASCII only, so that no letter of another script can be mistaken for one of these.
    """
    if not _PRINCIPAL.fullmatch(who):
        raise UsageError(
            f"not a principal: {escaped(who)}",
            hint="write the name as in allowed_signers, such as kim@example.com",
        )
    return who


def read(text: str) -> Statement:
    """Parse a statement, which must be exactly as `Statement.text` writes it.

    Raises UsageError for anything else: another order, a second `decision`, a carriage return.
    """
    lines = text.split("\n")
    if len(text) > LARGEST or lines[0] != HEAD:
        raise UsageError(f"not a sign-off statement: its first line is not {HEAD!r}")
    given: list[tuple[str, str]] = []
    for line in lines[1:-1]:
        if (match := _LINE.fullmatch(line)) is None:
            raise UsageError(f"not a line of a statement: {escaped(line)[:80]}")
        given.append((match[1], match[2]))
    values = dict(given)
    try:
        parsed = Statement(
            launch=values["launch"],
            role=values["role"],
            who=values["who"],
            decision=Decision(values["decision"]),
            conditions=tuple(value for name, value in given if name == "condition"),
            at=datetime.fromisoformat(values["at"]),
            page=values["page"],
            scope=values["scope"],
        )
        written = parsed.text()
    except (KeyError, ValueError, OverflowError) as error:
        raise UsageError(f"the statement is incomplete or has a wrong value: {error}") from None
    if written != text and _unescaped(written) != text:
        raise UsageError("the statement is not in the exact form that is signed")
    return parsed


def _unescaped(written: str) -> str:
    """The text with escaped escapes restored, because a launch's name is already escaped when it is read."""
    return written.replace("\\u{5c}u{", "\\u{")
