"""Kind `document-changes`: commits since a moment that change documents."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from readiness_tui.model.base import Frozen, Moment
from readiness_tui.model.facts import Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, unseen
from readiness_tui.probes.kinds.repository.checkout import commit

FACTS: dict[str, str] = {
    "changes": "Commits that change documents.",
    "changes_note": "The same in words.",
}


class ChangesParams(Frozen):
    """checkout: the repository on the operator's machine. since: the moment."""

    checkout: str = Field(min_length=1)
    since: Moment


class DocumentChanges(Kind[ChangesParams]):
    """Counts commits by their committer's date, as git log --since does."""

    name = "document-changes"
    Params = ChangesParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """repo.git and repo.changes in one shell."""
        since = self.params.since.isoformat()
        return (collect("repo.git+repo.changes", self.params.checkout, since, spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The count."""
        told = ParsedReply(replies[0])
        at = commit(told)
        if isinstance(at, Missing):
            return unseen(FACTS, at)
        if at.shallow:
            return unseen(
                FACTS, Missing(Cause.UNSUPPORTED, "the checkout is shallow: its history is missing")
            )
        changes = told.number("changes")
        if isinstance(changes, Missing):
            return unseen(FACTS, changes)
        words = "1 commit changes" if changes == 1 else f"{changes or 'no'} commits change"
        return {"changes": changes, "changes_note": f"{words} documents since {self.params.since:%Y-%m-%d}"}
