"""The difference of two sessions for people: text and Markdown; and for programs: JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from readiness_tui.reports.parts.markdown import inline, item_text
from readiness_tui.reports.parts.text import counted, one_line, utc
from readiness_tui.rules.drift import Drift, ItemDrift, Kind, Seen, Shift

HEADINGS = {
    Kind.REGRESSED: "Regressed",
    Kind.STALE: "Newly stale or expired",
    Kind.OPEN: "Newly open",
    Kind.FIXED: "Fixed",
    Kind.CHANGED: "Changed",
    Kind.ADDED: "Added to the checklist",
    Kind.REMOVED: "Removed from the checklist",
    Kind.REWORDED: "Reworded",
}
"""What a kind of drift is called on a page."""


def text(drift: Drift) -> str:
    """Plain text, regressions first; one line when nothing differs."""
    lines = [f"{_when(drift.before)}  ->  {_when(drift.after)}", _summary(drift)]
    for kind, items in _grouped(drift):
        lines += ["", HEADINGS[kind]]
        for one in items:
            lines.append(f"  {_standings(one)}  {one.item.id}  {one_line(one.item.text)}")
            lines += [f"      {shift.what}: {_told(shift)}" for shift in (*one.hosts, *one.parts)]
    return "\n".join(lines) + "\n"


def markdown(drift: Drift) -> str:
    """The same as Markdown, everything from hosts and people escaped."""
    title = f"# {inline(drift.after.session.launch)}: {drift.before.session.day} to {drift.after.session.day}"
    lines = [title, "", _summary(drift)]
    for kind, items in _grouped(drift):
        lines += ["", f"## {HEADINGS[kind]}", ""]
        for one in items:
            lines.append(f"- **{_standings(one)}** {item_text(one.item.text)} (`{one.item.id}`)")
            lines += [f"  - {inline(s.what)}: {inline(_told(s))}" for s in (*one.hosts, *one.parts)]
    return "\n".join(lines) + "\n"


def payload(drift: Drift) -> str:
    """JSON: `{"before", "after", "counts", "regressed", "items": [...]}`."""
    data = {
        "before": _side(drift.before),
        "after": _side(drift.after),
        "regressed": drift.regressed,
        "counts": drift.counts,
        "items": [_row(one) for one in drift.items],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _side(seen: Seen) -> dict[str, str]:
    session = seen.session
    return {"launch": session.launch, "day": session.day.isoformat(), "at": seen.at.isoformat()}


def _row(one: ItemDrift) -> dict[str, object]:
    return {
        "id": one.item.id,
        "text": one.item.text,
        "kind": one.kind.value,
        "severity": one.item.severity.value,
        "before": one.before.standing.value if one.before else None,
        "after": one.after.standing.value if one.after else None,
        "hosts": [{"host": s.what, "before": s.old, "after": s.new} for s in one.hosts],
        "parts": [{"what": s.what, "before": s.old, "after": s.new} for s in one.parts],
    }


def _grouped(drift: Drift) -> Iterator[tuple[Kind, list[ItemDrift]]]:
    for kind in HEADINGS:
        items = [one for one in drift.items if one.kind is kind]
        if items:
            yield kind, items


def _when(seen: Seen) -> str:
    return f"{one_line(seen.session.launch)} {seen.session.day} (as of {utc(seen.at)})"


def _summary(drift: Drift) -> str:
    told = [counted(drift.counts[kind], "item") + f" {kind.value}" for kind in HEADINGS if drift.counts[kind]]
    same = f"{counted(drift.counts[Kind.SAME], 'item')} as before"
    return ", ".join([*told, same]) if told else f"nothing differs: {same}"


def _standings(one: ItemDrift) -> str:
    before = one.before.standing.value if one.before else "-"
    after = one.after.standing.value if one.after else "-"
    return before if before == after else f"{before} -> {after}"


def _told(shift: Shift) -> str:
    old = one_line(shift.old) if shift.old is not None else "-"
    new = one_line(shift.new) if shift.new is not None else "-"
    return f"{old}  ->  {new}"
