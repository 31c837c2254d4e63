"""Kind `warnings`: the compiler's warnings for the checkout's own crates."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply, unseen
from readiness_tui.probes.kinds.repository.checkout import commit
from readiness_tui.probes.sentences import SentenceKind

FACTS: dict[str, str] = {
    "warning_problems": "How many warnings remain, in words.",
    "commit": "The commit that was compiled.",
}
CHECK = ("cargo", "check", "--release", "--locked", "--message-format=json")


class WarningsParams(Frozen):
    """checkout: the repository on the operator's machine. run: whether the compiler may be run there."""

    checkout: str = Field(min_length=1)
    run: bool = False


class Warnings(SentenceKind[WarningsParams]):
    """cargo repeats the warnings of workspace crates also when nothing needs to be compiled."""

    name = "warnings"
    Params = WarningsParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """repo.git, and cargo check in the same shell when it may be run."""
        if not self.params.run:
            return (collect("repo.git", self.params.checkout, spec=self.spec),)
        return (collect("repo.git+repo.command", self.params.checkout, "", *CHECK, spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The count, of a build that finished."""
        told = ParsedReply(replies[0])
        at = commit(told)
        if isinstance(at, Missing):
            return unseen(FACTS, at)
        if not self.params.run:
            off = "run_project_code is off: the compiler was not run"
            return unseen(FACTS, Missing(Cause.NOT_CONFIGURED, off))
        status, count = told.refusal("command") or told.text("ran"), told.number("warnings")
        if isinstance(status, Missing):
            return unseen(
                FACTS, Missing(status.cause, status.reason.partition("no-tool: ")[2] or status.reason)
            )
        if status != "0" or isinstance(count, Missing):
            return unseen(FACTS, Missing(Cause.ERROR, f"cargo check ended with status {status}"))
        if at.changed:
            dirty = f"files differ from the commit {at.short}: not what is released"
            return unseen(FACTS, Missing(Cause.UNSUPPORTED, dirty))
        words = "1 warning remains" if count == 1 else f"{count} warnings remain"
        return {"warning_problems": (words,) if count else (), "commit": at.short}
