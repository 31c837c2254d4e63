"""Checklist > Section > Group > Item: what is asked, who answers it, and how it is probed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import Field, JsonValue, StringConstraints, model_validator

from readiness_tui.model.base import Duration, Frozen, digest

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
"""A short name: lower-case letters, digits and single hyphens."""

ItemId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$")]
"""A dotted path of slugs, such as `infrastructure.server.ntp`. It never changes."""

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""The name of a parameter."""


class Mode(StrEnum):
    """Who may decide an item."""

    AUTO = "auto"
    ASSIST = "assist"
    MANUAL = "manual"
    DERIVED = "derived"


class Severity(StrEnum):
    """How the gate weighs an unmet item."""

    BLOCKER = "blocker"
    MAJOR = "major"
    MINOR = "minor"


class Phase(StrEnum):
    """When an item must be met: at launch, or within a time after it."""

    LAUNCH = "launch"
    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"

    @property
    def due(self) -> timedelta:
        """Time after launch at which the item is due; zero for `launch`."""
        return {"24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30)}.get(
            self.value, timedelta(0)
        )


class Resign(StrEnum):
    """Which sign-offs a change invalidates: all of them, or those of the role whose items changed."""

    ALL = "all"
    ROLE = "role"


class Derivation(StrEnum):
    """How a derived item is computed from the session."""

    ALL_COMPLETE = "all-complete"
    CRITICAL_RESOLVED = "critical-resolved"
    CRITERIA_MET = "criteria-met"
    APPROVAL = "approval"


class ProbeSpec(Frozen):
    """An item's probe in the checklist.

    kind: the probe kind. where: host roles, `all`, or the vantage points `local` and `network`. timeout:
    how long each of its asks may take on the host; None means the kind's default. fail_if, pass_if,
    info_if: matcher trees over the kind's facts (`fail`, `pass`, `info` in the file). If there is no
    `fail`, a false `pass` fails. show: a template for the evidence line, with `{fact}` for each value.
    params: the kind's parameters; `$name` refers to a launch parameter.
    """

    kind: Slug
    where: tuple[str, ...] = Field(min_length=1)
    timeout: Duration | None = None
    fail_if: Mapping[str, JsonValue] | None = Field(default=None, alias="fail")
    pass_if: Mapping[str, JsonValue] | None = Field(default=None, alias="pass")
    info_if: Mapping[str, JsonValue] | None = Field(default=None, alias="info")
    show: str = ""
    params: Mapping[str, JsonValue] = {}

    @model_validator(mode="before")
    @classmethod
    def _collect_params(cls, data: object) -> object:
        """Move all keys that are not fields of the probe to `params`."""
        if not isinstance(data, dict) or "params" in data:
            return data
        own = {field.alias or name for name, field in cls.model_fields.items()}
        return {key: value for key, value in data.items() if key in own} | {
            "params": {key: value for key, value in data.items() if key not in own}
        }


class Item(Frozen):
    """One requirement to be met before a launch, or soon after it.

    id: never changes; sessions are keyed by it. was: former ids. text: the text of the checklist; an
    answer to another text is stale. role: who signs for the item. why, how: one or two sentences each,
    shown beside the item. valid: how long an answer is valid. fresh: how long a probe's outcome is valid.
    same_as: the item whose verdict this one shares. contradicts: items that cannot be met while this one
    is. derive: how a derived item is computed; approval needs `role`.
    """

    id: ItemId
    text: str = Field(min_length=1)
    mode: Mode
    severity: Severity
    role: Slug
    phase: Phase = Phase.LAUNCH
    why: str = Field(min_length=1)
    how: str = Field(min_length=1)
    valid: Duration | None = None
    fresh: Duration | None = None
    same_as: ItemId | None = None
    contradicts: tuple[ItemId, ...] = ()
    derive: Derivation | None = None
    probe: ProbeSpec | None = None
    was: tuple[ItemId, ...] = ()

    @cached_property
    def digest(self) -> str:
        """The digest of the item's text, stored with each answer."""
        return digest(self.text)

    @model_validator(mode="after")
    def _consistent(self) -> Item:
        if (self.derive is None) == (self.mode is Mode.DERIVED):
            raise ValueError("`derive` is required with mode `derived` and not allowed otherwise")
        if self.probe is not None and self.same_as is not None:
            raise ValueError("an item with `same_as` cannot have its own probe: it shares that item's")
        if self.probe is not None and self.mode in (Mode.MANUAL, Mode.DERIVED):
            raise ValueError(f"an item of mode `{self.mode}` cannot have a probe")
        return self


class Group(Frozen):
    """A heading within a section."""

    id: Slug
    title: str = Field(min_length=1)
    items: tuple[Item, ...] = Field(min_length=1)


class Section(Frozen):
    """A section of the checklist."""

    id: Slug
    title: str = Field(min_length=1)
    groups: tuple[Group, ...] = Field(min_length=1)

    @property
    def items(self) -> tuple[Item, ...]:
        """All items of the section, in order."""
        return tuple(item for group in self.groups for item in group.items)


class SignoffRole(Frozen):
    """A role that signs off the launch."""

    id: Slug
    title: str = Field(min_length=1)


class ParameterType(StrEnum):
    """The type of a parameter's value."""

    TEXT = "text"
    VERSION = "version"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    PORT = "port"
    LIST = "list"
    MAPPING = "mapping"
    REGEX = "regex"
    PATH = "path"
    URL = "url"
    TIME = "time"


class Parameter(Frozen):
    """A value that the operator sets for each launch.

    default: None means that the parameter must be set; `{other}` in a text default is replaced by that
    parameter's value. type: None means the type of the default; without a default, any type. choices: the
    allowed values. min, max: bounds of a number. help: one sentence, shown in the form.
    """

    name: Word
    help: str = Field(min_length=1)
    default: JsonValue = None
    type: ParameterType | None = None
    choices: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None


class Checklist(Frozen):
    """A whole checklist document.

    intro: the sentence below the title. notes: the text of the notes section at the end. resign: which
    sign-offs a change invalidates. unsigned: whether a sign-off without a signature (on paper) counts at
    the gate. max_waiver_days: the longest duration of a waiver. source: the file it was read from.
    builtin: shipped with the package, and therefore trusted. digest: `sha256:` of the file's bytes.
    collectors: digest of the collectors used by its probes.
    """

    id: Slug
    title: str = Field(min_length=1)
    version: int = Field(ge=1, strict=True)
    intro: str = ""
    roles: tuple[SignoffRole, ...]
    parameters: tuple[Parameter, ...] = ()
    sections: tuple[Section, ...] = Field(min_length=1)
    notes: str = ""
    resign: Resign = Resign.ALL
    unsigned: bool = False
    max_waiver_days: int = Field(default=90, ge=1, le=36500, strict=True)
    source: str = ""
    builtin: bool = False
    digest: str = ""
    collectors: str = ""

    @cached_property
    def ageless(self) -> Checklist:
        """The same checklist without expiry of answers and outcomes."""
        return self.model_copy(update={"sections": tuple(map(_ageless_section, self.sections))})

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Every item by id, in the document's order."""
        return {item.id: item for _, _, item in self.walk()}

    def walk(self) -> Iterator[tuple[Section, Group, Item]]:
        """Every item with its section and group, in the document's order."""
        for section in self.sections:
            for group in section.groups:
                for item in group.items:
                    yield section, group, item


def _ageless_section(section: Section) -> Section:
    none = {"valid": None, "fresh": None}
    groups = (
        group.model_copy(update={"items": tuple(item.model_copy(update=none) for item in group.items)})
        for group in section.groups
    )
    return section.model_copy(update={"groups": tuple(groups)})
