"""A session: everything that one launch records on one day, as stored in the TOML file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, JsonValue, field_validator, model_validator

from readiness_tui.model.answer import AnswerKind, Evidence, Signoff, Waiver
from readiness_tui.model.base import Day, Frozen, Moment, Text, keepable, one_line_ending
from readiness_tui.model.checklist import ItemId
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Outcome

FORMAT = 1


class ChecklistRef(Frozen):
    """The checklist of a session. source: the file's path, empty for a built-in checklist."""

    id: str
    version: int
    digest: str
    source: Text = ""


class Record(Frozen):
    """What a session records for one item.

    text: digest of the item's text when it was answered. reason: why it is not done, why it does not
    apply, or why `done` overrides the probe. by, at: who answered, and when (UTC). outcomes: by host
    name, by vantage point (`local`, `network`), or by `role:<role>` if no host has a role that the item
    needs.
    """

    text: str | None = None
    answer: AnswerKind | None = None
    reason: Text = ""
    by: Text = ""
    at: Moment | None = None
    note: Text = ""
    evidence: tuple[Evidence, ...] = ()
    waiver: Waiver | None = None
    outcomes: Mapping[str, Outcome] = {}

    @field_validator("note", "reason")
    @classmethod
    def _one_line_ending(cls, text: str) -> str:
        return one_line_ending(text)

    @model_validator(mode="after")
    def _answered_by_someone(self) -> Record:
        if self.answer is AnswerKind.NOT_APPLICABLE and not self.reason.strip():
            raise ValueError("answer n/a needs a reason")
        if (self.answer is None) != (self.at is None):
            raise ValueError("`answer` and `at` are required together")
        return self

    @property
    def empty(self) -> bool:
        """Whether there is nothing to store."""
        return self == Record()


class Change(Frozen):
    """One history entry: who changed what, the old and new value, why, and when (UTC)."""

    at: Moment
    by: Text
    what: Text
    item: Text = ""
    old: Text = ""
    new: Text = ""
    why: Text = ""


def differing(hosts: tuple[Host, ...]) -> tuple[Host, ...]:
    """Return the hosts if their names are unique. Raises ValueError otherwise."""
    names = Counter(host.name for host in hosts)
    if twice := [name for name, count in names.items() if count > 1]:
        raise ValueError(f"two hosts have the name {twice[0]!r}")
    return hosts


class Session(Frozen):
    """Everything that one launch records on one day. The fields are the keys of the file, in its order.

    zone: the IANA name of the zone in which a waiver's last day ends. probe_on_open: the screen runs the
    checks that are missing or stale as soon as the launch is opened.
    """

    format: Literal[1] = 1
    launch: Text = Field(min_length=1)
    day: Day
    checklist: ChecklistRef
    operator: Text
    launch_at: Moment | None = None
    zone: Text = "UTC"
    probe_on_open: bool = False
    carried_from: Day | None = None
    position: str = ""
    parameters: Mapping[str, JsonValue] = {}
    hosts: tuple[Host, ...] = ()
    items: Mapping[ItemId, Record] = {}
    signoffs: tuple[Signoff, ...] = ()
    notes: Text = ""
    history: tuple[Change, ...] = ()

    @field_validator("launch")
    @classmethod
    def _printable(cls, launch: str) -> str:
        if not launch.strip() or any(ord(char) < 32 or ord(char) == 127 for char in launch):
            raise ValueError("a launch's name must be one line of printable characters")
        return launch

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"not a time zone: {zone!r} (write UTC or Europe/Berlin)") from None
        return zone

    @field_validator("notes")
    @classmethod
    def _one_line_ending(cls, text: str) -> str:
        return one_line_ending(text)

    @field_validator("parameters")
    @classmethod
    def _keepable(cls, parameters: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
        for value in parameters.values():
            keepable(value)
        return parameters

    @model_validator(mode="after")
    def _hosts_differ(self) -> Session:
        differing(self.hosts)
        return self

    def record(self, item_id: str) -> Record:
        """The record of an item; an empty record if there is none."""
        return self.items.get(item_id) or EMPTY


EMPTY = Record()
