"""A checklist in the shape of `checklist show --json`."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, JsonValue

from readiness_tui.model.checklist import Checklist, Group, Item, Parameter, Section, SignoffRole


class GroupView(BaseModel):
    """A heading within a section."""

    id: str
    title: str


class SectionView(BaseModel):
    """A section and its groups. Each item names its section and group."""

    id: str
    title: str
    groups: tuple[GroupView, ...]


class ItemView(BaseModel):
    """An item as in the file, with its section and group."""

    id: str
    text: str
    section: str
    group: str
    mode: str
    severity: str
    role: str
    phase: str
    why: str
    how: str
    valid: str | None
    fresh: str | None
    same_as: str | None
    derive: str | None
    probe: dict[str, JsonValue] | None


class ChecklistView(BaseModel):
    """The output of `checklist show --json`. items: all items, in the checklist's order."""

    id: str
    title: str
    version: int
    digest: str
    roles: tuple[SignoffRole, ...]
    parameters: tuple[Parameter, ...]
    sections: tuple[SectionView, ...]
    items: tuple[ItemView, ...]


def checklist_view(checklist: Checklist) -> ChecklistView:
    """The checklist, for other programs."""
    return ChecklistView(
        id=checklist.id,
        title=checklist.title,
        version=checklist.version,
        digest=checklist.digest,
        roles=checklist.roles,
        parameters=checklist.parameters,
        sections=tuple(_section(section) for section in checklist.sections),
        items=tuple(_item(item, section, group) for section, group, item in checklist.walk()),
    )


def _section(section: Section) -> SectionView:
    groups = tuple(GroupView(id=group.id, title=group.title) for group in section.groups)
    return SectionView(id=section.id, title=section.title, groups=groups)


def _item(item: Item, section: Section, group: Group) -> ItemView:
    fields: dict[str, Any] = item.model_dump(mode="json", by_alias=True, exclude={"was"})
    return ItemView.model_validate({**fields, "section": section.id, "group": group.id})
