"""Verdicts and outcomes: what a probe found on one host, or why it could not check."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field, model_validator

from readiness_tui.model.base import Frozen, Moment


class Verdict(StrEnum):
    """A probe's verdict on one item and one host. `unknown` is never a pass."""

    PASS = "pass"
    FAIL = "fail"
    INFO = "info"
    UNKNOWN = "unknown"


class Cause(StrEnum):
    """Why a probe could not check."""

    DENIED = "denied"
    NO_TOOL = "no-tool"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    HOST_KEY = "host-key"
    AUTH = "auth"
    NOT_CONFIGURED = "not-configured"
    UNSUPPORTED = "unsupported"
    STALE = "stale"
    GARBLED = "garbled"
    CANCELLED = "cancelled"
    ERROR = "error"


WORST_FIRST = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.INFO, Verdict.PASS)
"""An item on several hosts has the worst of their verdicts (catalogue, section 2)."""


class Outcome(Frozen):
    """The result of one item on one host.

    cause: set if and only if the verdict is unknown. evidence: one line of at most 120 characters,
    cleaned and redacted. facts: the values that the rule used. asked_at: UTC. took_ms: milliseconds on
    the host. asked: digest of the asks that were sent. steady: the evidence without values that change on
    a healthy host; empty if there are no such values. question: digest of the question
    (`rules.probing.questions`); empty in sessions written before questions were recorded.
    """

    verdict: Verdict
    cause: Cause | None = None
    evidence: str = ""
    steady: str = ""
    hint: str = ""
    facts: Mapping[str, str] = {}
    asked_at: Moment
    took_ms: int = Field(default=0, ge=0)
    asked: str = ""
    question: str = ""

    @model_validator(mode="after")
    def _cause_goes_with_unknown(self) -> Outcome:
        if (self.cause is not None) != (self.verdict is Verdict.UNKNOWN):
            raise ValueError("`cause` is required with verdict `unknown` and not allowed otherwise")
        return self
