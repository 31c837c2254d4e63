"""Kind `committed-secrets`: secrets in a repository and its history, by gitleaks and by shapes."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply, unseen
from readiness_tui.probes.kinds.repository.checkout import commit
from readiness_tui.probes.sentences import SentenceKind, settle

FACTS: dict[str, str] = {
    "secret_problems": "Files and commits that hold a secret, by path and number.",
    "commits": "How many commits were looked at.",
    "exceptions_note": "Files that tell gitleaks what to leave out, as a clause for the evidence.",
}


class SecretsParams(Frozen):
    """checkout: the repository on the operator's machine, with its whole history."""

    checkout: str = Field(min_length=1)


class CommittedSecrets(SentenceKind[SecretsParams]):
    """Shapes can only refute: only gitleaks over the whole history can show that there is none."""

    name = "committed-secrets"
    Params = SecretsParams
    facts = FACTS
    moving = frozenset({"commits"})

    def asks(self) -> tuple[Ask, ...]:
        """repo.git and repo.secrets in one shell."""
        return (collect("repo.git+repo.secrets", self.params.checkout, spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """What was found, and why that may not be all."""
        told = ParsedReply(replies[0])
        at = commit(told)
        commits = told.number("commits")
        if isinstance(at, Missing) or isinstance(commits, Missing):
            return unseen(FACTS, at if isinstance(at, Missing) else _untold(commits))
        problems = [f"{path} is committed" for path in told.known("tracked_file")]
        problems += [f"{path} holds the shape of a secret" for path in told.known("hit")]
        now = set(told.known("tracked_file"))
        problems += [f"{path} was committed once" for path in told.known("past_file") if path not in now]
        past = told.number("past_hits")
        if not isinstance(past, Missing) and past > 0:
            problems.append("1 commit" if past == 1 else f"{past} commits")
            problems[-1] += " in the history hold the shape of a secret" if past > 1 else " holds one"
        doubts = []
        scanner = told.text("gitleaks")
        if isinstance(scanner, Missing):
            doubts.append(scanner)
        elif scanner == "found":
            problems.append("gitleaks finds secrets: run `gitleaks git --redact=100 -v`")
        elif scanner != "clean":
            doubts.append(
                Missing(
                    Cause.NO_TOOL, "gitleaks is not installed: shapes alone cannot show that there are none"
                )
            )
        if at.shallow:
            doubts.append(
                Missing(Cause.UNSUPPORTED, "the checkout is shallow: most of its history is missing")
            )
        if isinstance(past, Missing):
            doubts.append(past)
        exceptions = told.known("exceptions")
        note = f"; exceptions in {', '.join(exceptions)}" if exceptions else ""
        found: dict[str, Fact | Missing] = {"secret_problems": settle(problems, doubts), "commits": commits}
        return found | {"exceptions_note": note}


def _untold(commits: object) -> Missing:
    return commits if isinstance(commits, Missing) else Missing(Cause.GARBLED, "the history was not told")
