"""The human part of a session: answers, evidence, waivers and sign-offs."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, field_validator, model_validator

from readiness_tui.model.base import Day, Frozen, Moment, Text


class AnswerKind(StrEnum):
    """A human's answer to an item. `n/a` needs a reason; `deferred` leaves the item open."""

    DONE = "done"
    NOT_DONE = "not-done"
    NOT_APPLICABLE = "n/a"
    DEFERRED = "deferred"


class Evidence(Frozen):
    """An attachment: a file (with its sha256) or a URL, and the date it describes."""

    path: Text | None = None
    sha256: str | None = None
    url: Text | None = None
    as_of: Day | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Evidence:
        if (self.path is None) == (self.url is None):
            raise ValueError("evidence needs either a `path` or a `url`")
        return self


class Waiver(Frozen):
    """An unmet item that is accepted until a date: by whom and why.

    approver: never the owner. expires: the last day (UTC) on which the waiver is valid.
    """

    reason: Text = Field(min_length=1)
    owner: Text = Field(min_length=1)
    approver: Text = Field(min_length=1)
    expires: Day
    by: Text = ""
    at: Moment | None = None

    @model_validator(mode="after")
    def _four_eyes(self) -> Waiver:
        if self.owner.strip().casefold() == self.approver.strip().casefold():
            raise ValueError("a waiver's approver must not be its owner")
        return self


class Decision(StrEnum):
    """A lead's decision."""

    GO = "go"
    GO_WITH_CONDITIONS = "go-with-conditions"
    NO_GO = "no-go"


class Signoff(Frozen):
    """A lead's decision over the page they read.

    seal: the digest of that page (`rules.decision.page`). statement: the text they signed. signature: an
    armored SSH signature of the statement; empty for a signature on paper.
    """

    role: Text = Field(min_length=1)
    who: Text = Field(min_length=1)
    decision: Decision
    conditions: Text = ""
    at: Moment
    seal: str
    statement: Text = ""
    signature: Text = ""

    @field_validator("seal")
    @classmethod
    def _a_digest(cls, seal: str) -> str:
        if not seal.startswith("sha256:"):
            raise ValueError("a seal must be a digest: sha256:...")
        return seal

    @model_validator(mode="after")
    def _conditions_are_given(self) -> Signoff:
        if self.decision is Decision.GO_WITH_CONDITIONS and not self.conditions.strip():
            raise ValueError("go-with-conditions needs its conditions")
        return self
