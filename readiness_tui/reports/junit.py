"""The launch as JUnit XML, for continuous integration: a suite a section, a case an item."""

from __future__ import annotations

from xml.etree import ElementTree

from readiness_tui.model.checklist import Checklist, Item, Section
from readiness_tui.model.session import Session
from readiness_tui.reports.parts.text import visible
from readiness_tui.rules.decision.review import Review
from readiness_tui.rules.standing import ItemStanding, Standing, Standings, outcomes

_KINDS = {
    Standing.NOT_READY: "failure",
    Standing.CONFLICT: "failure",
    Standing.OPEN: "failure",
    Standing.UNKNOWN: "error",
    Standing.STALE: "error",
    Standing.WAIVED: "skipped",
    Standing.NOT_APPLICABLE: "skipped",
    Standing.PENDING: "skipped",
}
"""JUnit's words: an error is what could not be decided, a skip what need not be."""


def render(review: Review) -> bytes:
    """Every item as it stands now; only `ready` without an override is a plain pass."""
    checklist, session, found = review.checklist, review.session, review.found
    root = ElementTree.Element("testsuites", name=visible(session.launch))
    root.attrib |= _tally(found, [item.id for item in checklist.items.values()])
    for section in checklist.sections:
        root.append(_suite(section, checklist, session, found))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=False).encode() + b"\n"


def _suite(section: Section, checklist: Checklist, session: Session, found: Standings) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=section.title)
    suite.attrib |= _tally(found, [item.id for item in section.items])
    for item in section.items:
        suite.append(_case(item, found[item.id], checklist, session))
    return suite


def _case(item: Item, one: ItemStanding, checklist: Checklist, session: Session) -> ElementTree.Element:
    looked = [(target, seen) for target, seen in outcomes(item, checklist, session).items() if seen]
    seconds = sum(seen.took_ms for _, seen in looked) / 1000
    case = ElementTree.Element("testcase", classname=item.id, name=item.text, time=f"{seconds:.3f}")
    properties = ElementTree.SubElement(case, "properties")
    ElementTree.SubElement(properties, "property", name="readiness.item", value=item.id)
    if one.overridden:
        ElementTree.SubElement(properties, "property", name="readiness.overridden", value=visible(one.reason))
        ElementTree.SubElement(case, "skipped", type="overridden", message=visible(one.reason))
    if (kind := _KINDS.get(one.standing)) is not None:
        told = ElementTree.SubElement(case, kind, type=one.standing, message=visible(one.reason))
        if kind != "skipped":
            told.text = f"{item.severity}, {item.role}"
    if looked:
        lines = (f"{target}: {seen.verdict}: {seen.evidence}" for target, seen in looked)
        ElementTree.SubElement(case, "system-out").text = visible("\n".join(lines))
    return case


def _tally(found: Standings, ids: list[str]) -> dict[str, str]:
    kinds = ["skipped" if found[i].overridden else _KINDS.get(found[i].standing, "") for i in ids]
    words = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    return {"tests": str(len(ids))} | {key: str(kinds.count(kind)) for key, kind in words.items()}
