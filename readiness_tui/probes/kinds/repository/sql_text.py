"""Kind `sql-text`: places in a checkout that build SQL from text; a person reviews each."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, unseen
from readiness_tui.probes.kinds.repository.checkout import closed

FACTS: dict[str, str] = {
    "places": "Lines that glue a query together, as path and line number.",
    "places_note": "How many, and the first of them, in words.",
    "checked": "Queries that the compiler checks against the database (sqlx's macros).",
    "sources": "Source files looked at.",
}


class SqlParams(Frozen):
    """checkout: the repository on the operator's machine."""

    checkout: str = Field(min_length=1)


class SqlText(Kind[SqlParams]):
    """Sees one line at a time and no helper functions: it informs only."""

    name = "sql-text"
    Params = SqlParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """repo.git and repo.sql in one shell."""
        return (collect("repo.git+repo.sql", self.params.checkout, spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The places that were found."""
        told = ParsedReply(replies[0])
        if (why := closed(told)) is not None:
            return unseen(FACTS, why)
        sources = told.number("sources")
        if isinstance(sources, Missing):
            return unseen(FACTS, Missing(sources.cause, "only a git checkout is searched"))
        if sources == 0:
            nothing = "no source file in a language that is searched (Rust, Python, JavaScript, Go ...)"
            return unseen(FACTS, Missing(Cause.UNSUPPORTED, nothing))
        places = told.known("built")
        lines = "1 line builds" if len(places) == 1 else f"{len(places)} lines build"
        more = ", ..." if len(places) > 3 else ""
        note = (
            f"{lines} SQL from text: {', '.join(places[:3])}{more}"
            if places
            else "no line builds SQL from text"
        )
        return {
            "places": places,
            "places_note": note,
            "checked": told.number("checked"),
            "sources": sources,
        }
