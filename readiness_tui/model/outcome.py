"""Verdicts and outcomes: what a probe found on one host, or why it could not look."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field, model_validator

from readiness_tui.model.base import Frozen, Moment


class Verdict(StrEnum):
    """A probe's word on one item and one host. `unknown` is never a pass."""

    PASS = "pass"
    FAIL = "fail"
    INFO = "info"
    UNKNOWN = "unknown"


class Cause(StrEnum):
    """Why a probe could not look."""

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
"""An item on several hosts takes the worst verdict (catalogue, section 2)."""


class Outcome(Frozen):
    """One item on one host.

    cause: set exactly when the verdict is unknown. evidence: one line of at most 120
    characters, cleaned and redacted. facts: the few values the rule looked at.
    asked_at: UTC. took_ms: milliseconds on the host. asked: digest of the asks that were sent.
    steady: the evidence without values that move between two looks at a healthy host; empty when the
    evidence has none. question: digest of what was to be found out
    (`rules.questions`); empty in sessions written before questions were recorded.
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
            raise ValueError("`cause` goes with verdict `unknown`, and only with it")
        return self
