"""The page: the plain text that a lead reads and signs, identical bytes on every machine.

A page contains outcomes and decisions but no ages or changing values: probing again with the same results
does not change it. The gate judges freshness.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from readiness_tui.model.answer import Evidence, Waiver
from readiness_tui.model.base import digest
from readiness_tui.model.checklist import Checklist, Item, Mode, Phase, Resign, Severity
from readiness_tui.model.facts import plain
from readiness_tui.model.outcome import Outcome
from readiness_tui.model.session import Record, Session
from readiness_tui.rules import parameters
from readiness_tui.rules.decision.contradictions import contradictions
from readiness_tui.rules.item_standing import ItemStanding, alone, outcomes
from readiness_tui.rules.item_standing import Moment as JudgedAt
from readiness_tui.rules.probing.questions import Questions

ALL = "all"
"""The scope of a page with every item."""

_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_END_OF_TIME = datetime(2200, 1, 1, tzinfo=UTC)

_HIDDEN = re.compile(
    "[\\x00-\\x1f\\x7f-\\xa0\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180e\\u2000-\\u200f"
    "\\u2028-\\u202f\\u205f-\\u206f\\u3000\\u3164\\ud800-\\udfff\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\uffff"
    "\\U000e0000-\\U000e0fff]"
)
_ESCAPABLE = re.compile(r"\\(?=u\{)")


def escaped(text: str) -> str:
    r"""The text on one line. Characters that break, hide or reorder a line are written as `\u{2028}`."""
    text = _ESCAPABLE.sub(r"\\u{5c}", text)
    text = _HIDDEN.sub(lambda match: f"\\u{{{ord(match[0]):x}}}", text)
    if text.endswith(" "):  # a trailing blank would be invisible
        text = text[:-1] + "\\u{20}"
    return text


def scope_of(checklist: Checklist, role: str) -> str:
    """The scope that a lead of that role signs: every item, or those of the role under the policy `role`."""
    return role if checklist.resign is Resign.ROLE else ALL


def page(checklist: Checklist, session: Session, scope: str = ALL) -> str:
    """The full text of the page. scope: `all`, or a role, to include only its items and parameters.

    Every page contains the launch, the checklist, T0, hosts and notes.
    """
    return "\n".join(_lines(checklist, session, scope)) + "\n"


def seal(checklist: Checklist, session: Session, scope: str = ALL) -> str:
    """The `sha256:` digest of the page."""
    return digest(page(checklist, session, scope))


def _lines(checklist: Checklist, session: Session, scope: str) -> Iterator[str]:
    judged = JudgedAt(session.launch_at or _NO_TIME, _END_OF_TIME, Questions(checklist, session))
    ageless = checklist.ageless
    items = [i for i in ageless.items.values() if scope in (ALL, i.role)]
    results = {i.id: alone(i, ageless, session, judged) for i in ageless.items.values() if _own(i)}
    yield "readiness-tui page 1"
    yield f"launch: {escaped(session.launch)}"
    yield f"checklist: {checklist.id} {checklist.version} {session.checklist.digest}"
    yield f"launch-at: {_time(session.launch_at) or 'not set'}"
    if session.zone != "UTC":
        yield f"zone: {escaped(session.zone)}"
    if scope == ALL:
        yield f"rules-say: {_rules_say(ageless, results)}"
    else:
        yield f"scope: {scope}"
    for host in session.hosts:
        yield f"host: {host.name} {escaped(host.address)} {','.join(host.roles) or '-'}"
    yield from _parameters(checklist, session, scope)
    for item in items:
        if _own(item):
            yield from _item(item, ageless, session, results[item.id])
        else:
            yield f"item: {item.id} | computed | {item.severity} | {item.role} | {escaped(item.text)}"
            yield from _human(session.record(item.id))
    for text in contradictions(checklist, session):
        yield f"contradiction: {escaped(text)}"
    if session.notes.strip():
        yield "notes:"
        yield from _indented(session.notes)


def _own(item: Item) -> bool:
    return item.mode is not Mode.DERIVED


def _rules_say(checklist: Checklist, results: dict[str, ItemStanding]) -> str:
    """The decision by the rules alone, without ages and signatures."""
    due = (checklist.items[key] for key in results if checklist.items[key].phase is Phase.LAUNCH)
    unmet = Counter(item.severity for item in due if not results[item.id].satisfied)
    counted = [f"{n} {s}{'s' * (n != 1)}" for s in Severity if (n := unmet[s])]
    word = "no-go" if unmet[Severity.BLOCKER] or unmet[Severity.MAJOR] else "go"
    return ", ".join((word, *counted))


def _parameters(checklist: Checklist, session: Session, scope: str) -> Iterator[str]:
    """The effective values; on a role's page only those that its probes use."""
    used = None if scope == ALL else _used(checklist, scope)
    for name, value in parameters.values(checklist, session).items():
        if used is None or name in used:
            yield f"parameter: {name} = {escaped(plain(value))}"


def _used(checklist: Checklist, role: str) -> set[str]:
    specs = (i.probe for i in checklist.items.values() if i.role == role and i.probe)
    text = "".join(repr(spec.model_dump(mode="json")) for spec in specs)
    return set(re.findall(r"\$([a-z][a-z0-9_]*)", text))


def _item(item: Item, checklist: Checklist, session: Session, standing: ItemStanding) -> Iterator[str]:
    record = session.record(item.id)
    marked = f"{standing.standing} (overridden)" if standing.overridden else standing.standing.value
    yield f"item: {item.id} | {marked} | {item.severity} | {item.role} | {escaped(item.text)}"
    for target, outcome in outcomes(item, checklist, session).items():
        yield f"  {target}: {_outcome(outcome)}"
    if standing.standing == "stale":
        yield "  stale: the item's text or the probe's question changed"
    if record.waiver is not None:
        yield f"  waiver: {_waiver(record.waiver, standing)}"
    yield from _human(record)


def _human(record: Record) -> Iterator[str]:
    if record.answer is not None:
        yield f"  answer: {record.answer} by {escaped(record.by)} at {_time(record.at)}"
    if record.reason:
        yield "  reason:"
        yield from _indented(record.reason, "    ")
    if record.note:
        yield "  note:"
        yield from _indented(record.note, "    ")
    for proof in record.evidence:
        yield f"  evidence: {_evidence(proof)}"


def _outcome(outcome: Outcome | None) -> str:
    if outcome is None:
        return "not checked"
    verdict = f"{outcome.verdict} ({outcome.cause})" if outcome.cause else outcome.verdict.value
    text = escaped(outcome.steady or outcome.evidence)
    return f"{verdict} | {text}" if text else verdict


def _waiver(waiver: Waiver, standing: ItemStanding) -> str:
    without = f" | without it {standing.underlying}" if standing.underlying else " | expired by then"
    return (
        f"{escaped(waiver.reason)} | owner {escaped(waiver.owner)} | approved by {escaped(waiver.approver)}"
        f" | until {waiver.expires}{without}"
    )


def _evidence(proof: Evidence) -> str:
    as_of = f" as of {proof.as_of}" if proof.as_of else ""
    return f"{proof.sha256 or 'no digest'} {escaped(proof.path or proof.url or '')}{as_of}"


def _indented(text: str, indent: str = "  ") -> Iterator[str]:
    lines = text.strip("\n").split("\n")
    yield from (indent + escaped(line) if line.strip() else "" for line in lines)


def _time(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else ""
