"""Kind `tests`: the last result of a test suite, from a JUnit report or by running it in the checkout."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from pydantic import Field, JsonValue, field_validator

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, CollectorAsk, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import TIMED_OUT, ParsedReply, fields, unseen
from readiness_tui.probes.kinds.repository import junit
from readiness_tui.probes.kinds.repository.checkout import Commit, commit
from readiness_tui.probes.sentences import SentenceKind, settle

FACTS: dict[str, str] = {
    "test_problems": "Tests that failed, a sentence each.",
    "result": "The counts, and the commit they are of.",
}

GIT, JUNIT, COMMAND = "repo.git", "repo.git+repo.junit", "repo.git+repo.command"
PRODUCTION = ("DATABASE_URL", "REDIS_URL", "PAYSTACK_", "STELLAR_")
"""Variables that tests must never get from a launch's parameters: they would reach production."""


class TestsParams(Frozen):
    """checkout: the repository on the operator's machine. report: JUnit XML, a file or directory.

    command: what runs the tests, status_command: what says whether they passed elsewhere; both only with
    run. variables: what they may see. skipped_share: the largest share of tests that may be skipped.
    """

    checkout: str = Field(min_length=1)
    report: str = ""
    command: str = ""
    status_command: str = ""
    run: bool = False
    variables: Mapping[str, JsonValue] = {}
    skipped_share: float = Field(default=0.1, ge=0, le=1)

    @field_validator("variables")
    @classmethod
    def _no_production_value(cls, value: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
        for name, text in value.items():
            if not name.isidentifier() or "\n" in str(text):
                raise ValueError(f"{name!r} cannot be a variable")
            if name.startswith(PRODUCTION) and "test" not in str(text).lower():
                raise ValueError(f"{name} must be a test's own: its value does not contain `test`")
        return value

    @field_validator("command", "status_command")
    @classmethod
    def _splits(cls, value: str) -> str:
        shlex.split(value)
        return value


class Tests(SentenceKind[TestsParams]):
    """A failure anywhere fails; a result counts only for the commit checked out, without local changes."""

    name = "tests"
    Params = TestsParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """repo.git; repo.junit for the report; the commands, when they may be run."""
        params = self.params
        asks = [collect(GIT, params.checkout, spec=self.spec)]
        if params.report:
            asks.append(collect(JUNIT, params.checkout, params.report, spec=self.spec))
        if params.run:
            variables = "\n".join(f"{name}={value}" for name, value in params.variables.items())
            for words in map(shlex.split, filter(None, (params.status_command or params.command,))):
                asks.append(collect(COMMAND, params.checkout, variables, *words, spec=self.spec))
        return tuple(asks)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """What each source says of the commit that is checked out."""
        at = commit(ParsedReply(replies[0]))
        if isinstance(at, Missing):
            return unseen(FACTS, at)
        results: list[str] = []
        problems: list[str] = []
        doubts: list[Missing] = []
        for reply in replies[1:]:
            told = ParsedReply(reply)
            ran = isinstance(reply.ask, CollectorAsk) and reply.ask.collector == COMMAND
            found = self._command(told) if ran else self._report(told, at)
            problems += found[0]
            doubts += found[1]
            results += found[2]
        if at.changed and not problems:
            files = "1 file differs" if at.changed == 1 else f"{at.changed} files differ"
            doubts.insert(
                0, Missing(Cause.UNSUPPORTED, f"{files} from the commit {at.short}: not what was tested")
            )
        if len(replies) == 1:
            doubts.append(Missing(Cause.NOT_CONFIGURED, self._nothing_set()))
        shown = "; ".join(results) if results else Missing(Cause.UNSUPPORTED, "no result")
        facts: dict[str, Fact | Missing] = {"test_problems": settle(problems, doubts)}
        said = f"{shown} (commit {at.short})" if isinstance(shown, str) else shown
        return facts | {"result": said}

    def _nothing_set(self) -> str:
        return "no test report is named, and run_project_code is off: nothing tells whether the tests passed"

    def _report(self, told: ParsedReply, at: Commit) -> tuple[list[str], list[Missing], list[str]]:
        """Problems, doubts and the result of a report."""
        found = junit.report(told)
        if isinstance(found, Missing):
            return [], [found], []
        result = junit.counted(found.passed, found.failed, found.skipped)
        if found.failed:
            return [f"{found.failed} of {found.cases} tests failed"], [], [result]
        why = junit.doubt(found, at) or junit.too_many_skipped(
            found.passed, found.skipped, self.params.skipped_share
        )
        return (
            [],
            [Missing(Cause.STALE if "older" in why else Cause.UNSUPPORTED, why)] if why else [],
            [result],
        )

    def _command(self, told: ParsedReply) -> tuple[list[str], list[Missing], list[str]]:
        """Problems, doubts and the result of a command that was run."""
        status = told.refusal("command") or told.text("ran")
        if isinstance(status, Missing):
            reason = status.reason.partition("no-tool: ")[2] or status.reason
            return [], [Missing(status.cause, reason)], []
        if status in map(str, TIMED_OUT):
            return [], [Missing(Cause.TIMEOUT, "the command took too long")], []
        if self.params.status_command:
            if status == "0":
                return [], [], [f"{self.params.status_command} says passed"]
            if status == "1":
                return [f"{self.params.status_command} says that the tests did not pass"], [], []
            return [], [Missing(Cause.ERROR, f"{self.params.status_command} ended with status {status}")], []
        return self._counts(told, status)

    def _counts(self, told: ParsedReply, status: str) -> tuple[list[str], list[Missing], list[str]]:
        rows = told.known("tests")
        numbers = [int(part) if part.isdecimal() else -1 for part in fields(rows[-1], 3)] if rows else []
        if numbers and numbers[1] > 0:
            return [f"{numbers[1]} of {sum(numbers)} tests failed"], [], []
        if told.known("compile_error"):
            return [], [Missing(Cause.ERROR, "the tests do not compile here")], []
        if not numbers or -1 in numbers or status != "0":
            return [], [Missing(Cause.ERROR, f"{self.params.command} ended with status {status}")], []
        passed, failed, ignored = numbers
        why = junit.too_many_skipped(passed, ignored, self.params.skipped_share)
        doubts = [Missing(Cause.UNSUPPORTED, why)] if why else []
        return [], doubts, [junit.counted(passed, failed, ignored)]
