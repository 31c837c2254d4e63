"""Render an empty checklist as Markdown, with check boxes and signature lines."""

from __future__ import annotations

from collections.abc import Iterator

from readiness_tui.model.checklist import Checklist

SIGNATURE = "_________________ Date: _______"


def to_markdown(checklist: Checklist) -> str:
    """The whole checklist with its sign-off and notes sections, ending in one newline."""
    return "\n\n".join(_blocks(checklist)) + "\n"


def _blocks(checklist: Checklist) -> Iterator[str]:
    """The blocks of the document, to be separated by empty lines."""
    yield f"# {checklist.title}"
    if checklist.intro:
        yield checklist.intro.strip()
    for section in checklist.sections:
        yield f"## {section.title}"
        for group in section.groups:
            yield "\n".join((f"### {group.title}", *(f"- [ ] {item.text}" for item in group.items)))
    if checklist.roles:
        yield "---"
        yield "## Sign-off"
        for role in checklist.roles:
            yield f"**{role.title}:** {SIGNATURE}"
    if checklist.notes.strip():
        yield "---"
        yield "## Notes"
        yield checklist.notes.strip("\n")
