"""The launch as JUnit XML, for continuous integration: one suite per section, one case per item."""

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
"""The JUnit result: `error` for what could not be decided, `skipped` for what need not be."""


def render(review: Review) -> bytes:
    """Every item with its standing now. Only `ready` without an override is a plain pass."""
    checklist, session, results = review.checklist, review.session, review.found
    root = ElementTree.Element("testsuites", name=visible(session.launch))
    root.attrib |= _tally(results, [item.id for item in checklist.items.values()])
    for section in checklist.sections:
        root.append(_suite(section, checklist, session, results))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=False).encode() + b"\n"


def _suite(
    section: Section, checklist: Checklist, session: Session, results: Standings
) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=section.title)
    suite.attrib |= _tally(results, [item.id for item in section.items])
    for item in section.items:
        suite.append(_case(item, results[item.id], checklist, session))
    return suite


def _case(item: Item, standing: ItemStanding, checklist: Checklist, session: Session) -> ElementTree.Element:
    checked = [(target, outcome) for target, outcome in outcomes(item, checklist, session).items() if outcome]
    seconds = sum(outcome.took_ms for _, outcome in checked) / 1000
    case = ElementTree.Element("testcase", classname=item.id, name=item.text, time=f"{seconds:.3f}")
    properties = ElementTree.SubElement(case, "properties")
    ElementTree.SubElement(properties, "property", name="readiness.item", value=item.id)
    if standing.overridden:
        ElementTree.SubElement(
            properties, "property", name="readiness.overridden", value=visible(standing.reason)
        )
        ElementTree.SubElement(case, "skipped", type="overridden", message=visible(standing.reason))
    if (kind := _KINDS.get(standing.standing)) is not None:
        element = ElementTree.SubElement(case, kind, type=standing.standing, message=visible(standing.reason))
        if kind != "skipped":
            element.text = f"{item.severity}, {item.role}"
    if checked:
        lines = (f"{target}: {outcome.verdict}: {outcome.evidence}" for target, outcome in checked)
        ElementTree.SubElement(case, "system-out").text = visible("\n".join(lines))
    return case


def _tally(results: Standings, ids: list[str]) -> dict[str, str]:
    kinds = ["skipped" if results[i].overridden else _KINDS.get(results[i].standing, "") for i in ids]
    words = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    return {"tests": str(len(ids))} | {key: str(kinds.count(kind)) for key, kind in words.items()}
