"""Which waivers count at the gate: a signature that does not verify makes one doubtful, and blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from readiness_tui.model.answer import Waiver
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.session import Session
from readiness_tui.rules.item_standing import Standing
from readiness_tui.rules.standing import Standings

WaiverCheck = Callable[[Session, str, Waiver], str]
"""Why a waiver's signature does not count; empty when it does, or when the waiver has none."""


def unverified(session: Session, item: str, waiver: Waiver) -> str:
    """A signature that nobody verified does not count."""
    return "the signature was not verified" if waiver.signature else ""


def doubtful(
    checklist: Checklist, session: Session, found: Standings, check: WaiverCheck
) -> Iterator[tuple[str, str]]:
    """The waived items whose waiver's signature does not count, each with why."""
    for item in checklist.items:
        waiver = session.record(item).waiver
        if waiver is None or not waiver.signature or found[item].standing is not Standing.WAIVED:
            continue
        if why := check(session, item, waiver):
            yield item, why
