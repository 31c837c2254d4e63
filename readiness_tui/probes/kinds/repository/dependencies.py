"""Kind `dependencies`: known holes and licences of dependencies, by cargo audit and cargo deny."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply, fields, unseen
from readiness_tui.probes.kinds.repository.checkout import commit, document
from readiness_tui.probes.sentences import SentenceKind, settle

FACTS: dict[str, str] = {
    "dependency_problems": "Advisories by number, or licences that are not allowed.",
    "audited": "How many dependencies were looked at and how old the advisories are, in words.",
    "lock_note": "The age of the lock file, as a clause for the evidence.",
    "ignores_note": "Advisories that the project leaves out, as a clause for the evidence.",
}


class DependencyParams(Frozen):
    """checkout: the repository on the operator's machine. tool: `audit` or `licenses`. run: whether the
    checker may be run there. max_database_days: days after which the advisories are too old.
    """

    checkout: str = Field(min_length=1)
    tool: Literal["audit", "licenses"] = "audit"
    run: bool = False
    max_database_days: int = Field(default=7, ge=0)


class Dependencies(SentenceKind[DependencyParams]):
    """Reads the checker's JSON: an exit status of 1 also means that nothing could be fetched."""

    name = "dependencies"
    Params = DependencyParams
    facts = FACTS
    moving = frozenset({"audited", "lock_note"})

    def asks(self) -> tuple[Ask, ...]:
        """repo.git, and repo.audit in the same shell when it may be run."""
        if not self.params.run:
            return (collect("repo.git", self.params.checkout, spec=self.spec),)
        return (collect("repo.git+repo.audit", self.params.checkout, self.params.tool, spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The checker's answer for the lock file that is checked out."""
        told = ParsedReply(replies[0])
        at = commit(told)
        if isinstance(at, Missing):
            return unseen(FACTS, at)
        if not self.params.run:
            off = "run_project_code is off: the dependency checker was not run"
            return unseen(FACTS, Missing(Cause.NOT_CONFIGURED, off))
        if (why := told.refusal("audit")) is not None:
            return unseen(FACTS, Missing(why.cause, why.reason.partition("no-tool: ")[2] or why.reason))
        locks = [fields(row, 2) for row in told.known("lock")]
        if not any(path == "Cargo.lock" for path, _ in locks):
            names = ", ".join(path for path, _ in locks)
            other = f"only Cargo.lock is audited; there is {names}" if names else "there is no Cargo.lock"
            return unseen(FACTS, Missing(Cause.UNSUPPORTED, other))
        days = next((age for path, age in locks if path == "Cargo.lock"), "")
        ignores = " ".join(told.known("ignores")).strip()
        notes: dict[str, Fact | Missing] = {
            "lock_note": f"; Cargo.lock is {days} days old" if days else "",
            "ignores_note": f"; left out: {ignores}" if ignores else "",
        }
        judged = _licences(told) if self.params.tool == "licenses" else self._advisories(told, replies[0])
        return judged | notes

    def _advisories(self, told: ParsedReply, reply: Reply) -> dict[str, Fact | Missing]:
        try:
            answer = document(told.known("json"))
            found, ids = _vulnerabilities(answer)
            updated = datetime.fromisoformat(str(answer["database"]["last-updated"]))
            age = reply.asked_at - updated
            crates = int(answer["lockfile"]["dependency-count"])
        except (KeyError, TypeError, ValueError):
            why = Missing(Cause.ERROR, "cargo audit told nothing: could the advisory database be fetched?")
            return {"dependency_problems": why, "audited": why}
        doubts = []
        if age > timedelta(days=self.params.max_database_days):
            doubts.append(Missing(Cause.STALE, f"the advisory database is {age.days} days old"))
        more = f" and {len(ids) - 3} more" if len(ids) > 3 else ""
        problems = [f"{found} dependencies have known holes: {', '.join(ids[:3])}{more}"] if found else []
        return {
            "dependency_problems": settle(problems, doubts),
            "audited": f"{crates} crates, advisories {max(age.days, 0)} days old",
        }


def _vulnerabilities(answer: Any) -> tuple[int, list[str]]:
    """How many, and the advisories' ids. Raises KeyError or TypeError for another shape."""
    part: Mapping[str, Any] = answer["vulnerabilities"]
    ids = [str(each["advisory"]["id"]) for each in part["list"]]
    if part["found"] is not bool(ids):
        raise ValueError("found contradicts the list")
    return len(ids), ids


def _licences(told: ParsedReply) -> dict[str, Fact | Missing]:
    """cargo deny judges by its own defaults where deny.toml has no [licenses]: that decides nothing."""
    errors, finished = told.number("errors"), told.known("finished")
    if told.known("deny") != ("yes",):
        why = Missing(
            Cause.NOT_CONFIGURED, "deny.toml has no [licenses]: which licences are allowed is not said"
        )
        return {"dependency_problems": why, "audited": why}
    if isinstance(errors, Missing) or not finished:
        why = Missing(Cause.ERROR, "cargo deny did not finish")
        return {"dependency_problems": why, "audited": why}
    licences = "1 licence is" if errors == 1 else f"{errors} licences are"
    problems = (f"{licences} not allowed by deny.toml",) if errors else ()
    return {"dependency_problems": problems, "audited": "every licence is allowed by deny.toml"}
