"""Kind `releases`: the releases a host keeps, and the one to go back to."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Facts, Missing
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply, fields, unseen
from readiness_tui.probes.sentences import SentenceKind

FACTS: dict[str, str] = {
    "release_problems": "Why there is no release to go back to.",
    "kept_note": "How many releases are kept, in words.",
    "current_note": "The release in use, as a clause for the evidence.",
    "previous_note": "The newest one before it, as a clause for the evidence.",
}


class ReleasesParams(Frozen):
    """directory: where a host keeps its releases. link: the symbolic link to the one in use, or empty."""

    directory: str = Field(pattern="^/")
    link: str = Field(default="", pattern="^(/.*)?$")


class Releases(SentenceKind[ReleasesParams]):
    """Looks at names and times only; whether going back works, a person tries."""

    name = "releases"
    Params = ReleasesParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """releases.list."""
        return (collect("releases.list", self.params.directory, self.params.link, spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The releases, oldest first."""
        told = ParsedReply(replies[0])
        if (why := told.refusal("releases")) is not None:
            denied = f"this user may not look into {self.params.directory}"
            return unseen(FACTS, Missing(why.cause, denied))
        place = told.text("directory")
        if isinstance(place, Missing):
            return unseen(FACTS, place)
        names = [fields(row, 2)[0] for row in told.known("release")]
        current = "".join(told.known("current")[-1:])
        problems = []
        if place == "absent":
            problems.append(f"there is no directory {self.params.directory}")
        elif len(names) < 2:
            one = "1 release is kept" if names else "no release is kept"
            problems.append(f"{one} in {self.params.directory} (expected: at least 2)")
        if current in ("other", "none"):
            where = "leads elsewhere" if current == "other" else "does not exist"
            problems.append(f"{self.params.link} {where} (expected: a release in {self.params.directory})")
        before = names[: names.index(current)] if current in names else names[:-1]
        if not problems and not before:
            problems.append(f"{current} is the oldest release kept: there is none to go back to")
        return {
            "release_problems": tuple(problems),
            "kept_note": f"{len(names)} releases kept",
            "current_note": f", in use: {current}" if current in names else "",
            "previous_note": f", before it: {before[-1]}" if before else "",
        }
