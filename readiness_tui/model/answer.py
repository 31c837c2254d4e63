"""The human half: answers, evidence, waivers and sign-offs."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, field_validator, model_validator

from readiness_tui.model.base import Day, Frozen, Moment, Text


class AnswerKind(StrEnum):
    """What a human said of an item. `n/a` needs a reason; `deferred` is still open."""

    DONE = "done"
    NOT_DONE = "not-done"
    NOT_APPLICABLE = "n/a"
    DEFERRED = "deferred"


class Evidence(Frozen):
    """A proof kept elsewhere: a file (with its sha256) or a URL, and the day it speaks of."""

    path: Text | None = None
    sha256: str | None = None
    url: Text | None = None
    as_of: Day | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Evidence:
        if (self.path is None) == (self.url is None):
            raise ValueError("evidence is a `path` or a `url`, one of the two")
        return self


class Waiver(Frozen):
    """An unmet item accepted for a while: by whom, why, and until when.

    approver is never the owner. expires: the waiver holds through this day, UTC.
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
            raise ValueError("a waiver's approver is not its owner")
        return self


class Decision(StrEnum):
    """A lead's word at the end."""

    GO = "go"
    GO_WITH_CONDITIONS = "go-with-conditions"
    NO_GO = "no-go"


class Signoff(Frozen):
    """One lead's decision over the session they saw.

    seal: the digest of the page they read (`rules.decision.page`). statement: the text they signed.
    signature: an armored SSH signature over the statement; empty when they signed on paper.
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
            raise ValueError("a seal is a digest: sha256:...")
        return seal

    @model_validator(mode="after")
    def _conditions_are_said(self) -> Signoff:
        if self.decision is Decision.GO_WITH_CONDITIONS and not self.conditions.strip():
            raise ValueError("go-with-conditions needs its conditions")
        return self
