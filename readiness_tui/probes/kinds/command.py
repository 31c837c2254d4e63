"""Kind `command`: programs that print their version; the escape hatch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field, StringConstraints

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing, version_key
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import TIMED_OUT, ParsedReply, fields, unseen

Words = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][\w.+-]{0,63} (--version|-version|version|-V|-v)$")
]
"""A program's name and one argument that asks for its version: nothing that changes a host."""

FACTS: dict[str, str] = {
    "problems": "The programs that are absent or too old, a sentence each.",
    "absent": "The programs that are nowhere in PATH or the directories searched.",
    "failed": "The command lines that ended badly, with their status.",
    "versions": "Program and version, of those that told one.",
    "lowest": "The lowest of these versions.",
}


class CommandParams(Frozen):
    """run: the command lines. search: directories beside PATH; `~/` is the login user's home, `~*/`
    that of every user. at_least: the lowest version that is right, as text.
    """

    run: tuple[Words, ...] = Field(min_length=1)
    search: tuple[Annotated[str, StringConstraints(pattern=r"^(/|~/|~\*/)[\w./+-]*$")], ...] = ()
    at_least: str = Field(default="", coerce_numbers_to_str=True, pattern=r"^(\d[\w.+-]*)?$")


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
        programs = {line: line.split()[0] for line in self.params.run}
        absent = [programs[line] for line in self.params.run if answers[line][0] == "absent"]
        failed = [line for line in self.params.run if answers[line][0] not in ("0", "absent", "hidden")]
        facts: dict[str, Fact | Missing] = {"absent": tuple(absent)}
        facts["failed"] = tuple(f"{line} ({answers[line][0]}: {answers[line][1]})" for line in failed)
        facts |= _versions([(programs[line], *answers[line]) for line in self.params.run])
        return facts | {"problems": self._problems(absent, answers)}

    def _problems(self, absent: Sequence[str], answers: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
        """Absent programs in one sentence, each program that is too old in one."""
        told = (
            [f"{' and '.join(absent)} {'is' if len(absent) == 1 else 'are'} not installed"] if absent else []
        )
        wanted = self.params.at_least
        for line, (ended, said) in answers.items():
            found = version_key(said)
            if ended == "0" and wanted and found and found < version_key(wanted):
                version = ".".join(map(str, found))
                told.append(f"{line.split()[0]} is {version} (expected: at least {wanted})")
        return tuple(told)


def _versions(answers: Sequence[tuple[str, str, str]]) -> dict[str, Fact | Missing]:
    """(program, exit or `absent`, first line) of each command, as versions and the lowest of them."""
    told: dict[str, str] = {}
    for program, ended, line in answers:
        if ended == "absent":
            missing = Missing(Cause.NO_TOOL, f"{program} is absent")
        elif ended == "hidden":
            missing = Missing(Cause.DENIED, f"{program} may be in a place closed to this user: {line}")
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
