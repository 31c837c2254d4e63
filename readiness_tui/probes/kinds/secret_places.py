"""Kind `secret-places`: secrets outside the environment file: unit, command lines, files beside it."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import dirname
from typing import Annotated

from pydantic import Field, StringConstraints

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Facts, Missing
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply, fields, unseen
from readiness_tui.probes.kinds.service.kind import UNIT_NAME
from readiness_tui.probes.sentences import SentenceKind, settle

FACTS: dict[str, str] = {
    "place_problems": "Where a secret was seen, a sentence each; never the secret.",
    "looked_note": "What was looked at, in words.",
}

Path = Annotated[str, StringConstraints(pattern="^/")]


class PlacesParams(Frozen):
    """unit: the service. binary, env_file: files beside which configuration files are looked at."""

    unit: str = Field(pattern=UNIT_NAME)
    binary: Path
    env_file: Path


class SecretPlaces(SentenceKind[PlacesParams]):
    """Environment= and command lines are readable by every account on the host (systemctl show, ps)."""

    name = "secret-places"
    Params = PlacesParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """secrets.places."""
        params = self.params
        directories = dict.fromkeys((dirname(params.binary), dirname(params.env_file)))
        return (collect("secrets.places", params.unit, *directories, spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """Names and places."""
        told = ParsedReply(replies[0])
        files = told.number("files")
        if isinstance(files, Missing):
            return unseen(FACTS, files)
        names = told.known("environment")
        problems = [f"Environment= of {self.params.unit} holds {', '.join(names)}"] if names else []
        for row in told.known("command"):
            place, what = fields(row, 2)
            problems.append(f"the command line of {place} holds {what}")
        for row in told.known("file"):
            path, mode, what = fields(row, 3)
            problems.append(f"{path} (mode {mode}) holds {what}")
        doubts = [why for name in ("unit", "file") if (why := told.refusal(name)) is not None]
        counted = "1 configuration file" if files == 1 else f"{files} configuration files"
        looked = f"no secret in {self.params.unit}, its command line and {counted} beside it"
        return {"place_problems": settle(problems, doubts), "looked_note": looked}
