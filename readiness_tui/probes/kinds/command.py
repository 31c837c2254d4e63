"""Kind `command`: programs that print their version; the escape hatch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, StringConstraints

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing, version_key
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import TIMED_OUT, ParsedReply, fields, unseen

Words = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][\w./+=-]*( [\w./+=-]+)*$")]
"""A command line of plain words: nothing a shell could read otherwise."""

FACTS: dict[str, str] = {
    "absent": "The programs that are nowhere in PATH or the directories searched.",
    "failed": "The command lines that ended badly, with their status.",
    "versions": "Program and version, of those that told one.",
    "lowest": "The lowest of these versions.",
}


class CommandParams(Frozen):
    """run: the command lines. search: directories beside PATH; `~/` is the login user's home."""

    run: tuple[Words, ...] = Field(min_length=1)
    search: tuple[Annotated[str, StringConstraints(pattern=r"^(/|~/)[\w./+-]*$")], ...] = ()


class Command(Kind[CommandParams]):
    """Runs each line once, in `/`; a version is the first number with a dot in its first line."""

    name = "command"
    Params = CommandParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """command.run."""
        return (collect("command.run", ":".join(self.params.search), *self.params.run, spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """What each line came to."""
        told = ParsedReply(replies[0])
        rows = told.rows("run")
        if isinstance(rows, Missing):
            return unseen(FACTS, rows)
        told_lines = [fields(row, 3) for row in rows]
        answers = {line: (ended, said) for line, ended, said in told_lines}
        if unanswered := [line for line in self.params.run if line not in answers]:
            return unseen(FACTS, Missing(Cause.GARBLED, f"{unanswered[0]}: no answer"))
        absent = [line.split()[0] for line in self.params.run if answers[line][0] == "absent"]
        failed = [line for line in self.params.run if answers[line][0] not in ("0", "absent")]
        facts: dict[str, Fact | Missing] = {"absent": tuple(absent)}
        facts["failed"] = tuple(f"{line} ({answers[line][0]}: {answers[line][1]})" for line in failed)
        return facts | _versions([(line.split()[0], *answers[line]) for line in self.params.run])


def _versions(answers: Sequence[tuple[str, str, str]]) -> dict[str, Fact | Missing]:
    """(program, exit or `absent`, first line) of each command, as versions and the lowest of them."""
    told: dict[str, str] = {}
    for program, ended, line in answers:
        if ended == "absent":
            missing = Missing(Cause.NO_TOOL, f"{program} is absent")
        elif ended != "0":
            cause = Cause.TIMEOUT if ended in map(str, TIMED_OUT) else Cause.ERROR
            missing = Missing(cause, f"{program} ended with status {ended}: {line}")
        elif not version_key(line):
            missing = Missing(Cause.GARBLED, f"{program} told no version: {line}")
        else:
            told[program] = ".".join(map(str, version_key(line)))
            continue
        return {"versions": missing, "lowest": missing}
    lowest = min(told.values(), key=version_key)
    return {"versions": tuple(f"{name} {version}" for name, version in told.items()), "lowest": lowest}
