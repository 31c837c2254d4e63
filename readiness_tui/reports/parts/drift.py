"""The difference between two sessions as text, Markdown and JSON."""

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
"""The heading for each kind of drift."""


def text(drift: Drift) -> str:
    """Plain text, regressions first; one line if nothing differs."""
    lines = [f"{_when(drift.before)}  ->  {_when(drift.after)}", _summary(drift)]
    for kind, items in _grouped(drift):
        lines += ["", HEADINGS[kind]]
        for entry in items:
            lines.append(f"  {_standings(entry)}  {entry.item.id}  {one_line(entry.item.text)}")
            lines += [f"      {shift.what}: {_shift_text(shift)}" for shift in (*entry.hosts, *entry.parts)]
    return "\n".join(lines) + "\n"


def markdown(drift: Drift) -> str:
    """The same as Markdown, with all text from hosts and people escaped."""
    title = f"# {inline(drift.after.session.launch)}: {drift.before.session.day} to {drift.after.session.day}"
    lines = [title, "", _summary(drift)]
    for kind, items in _grouped(drift):
        lines += ["", f"## {HEADINGS[kind]}", ""]
        for entry in items:
            lines.append(f"- **{_standings(entry)}** {item_text(entry.item.text)} (`{entry.item.id}`)")
            lines += [f"  - {inline(s.what)}: {inline(_shift_text(s))}" for s in (*entry.hosts, *entry.parts)]
    return "\n".join(lines) + "\n"


def payload(drift: Drift) -> str:
    """JSON: `{"before", "after", "counts", "regressed", "items": [...]}`."""
    data = {
        "before": _side(drift.before),
        "after": _side(drift.after),
        "regressed": drift.regressed,
        "counts": drift.counts,
        "items": [_row(entry) for entry in drift.items],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _side(seen: Seen) -> dict[str, str]:
    session = seen.session
    return {"launch": session.launch, "day": session.day.isoformat(), "at": seen.at.isoformat()}


def _row(entry: ItemDrift) -> dict[str, object]:
    return {
        "id": entry.item.id,
        "text": entry.item.text,
        "kind": entry.kind.value,
        "severity": entry.item.severity.value,
        "before": entry.before.standing.value if entry.before else None,
        "after": entry.after.standing.value if entry.after else None,
        "hosts": [{"host": s.what, "before": s.old, "after": s.new} for s in entry.hosts],
        "parts": [{"what": s.what, "before": s.old, "after": s.new} for s in entry.parts],
    }


def _grouped(drift: Drift) -> Iterator[tuple[Kind, list[ItemDrift]]]:
    for kind in HEADINGS:
        items = [entry for entry in drift.items if entry.kind is kind]
        if items:
            yield kind, items


def _when(seen: Seen) -> str:
    return f"{one_line(seen.session.launch)} {seen.session.day} (as of {utc(seen.at)})"


def _summary(drift: Drift) -> str:
    changes = [
        counted(drift.counts[kind], "item") + f" {kind.value}" for kind in HEADINGS if drift.counts[kind]
    ]
    same = f"{counted(drift.counts[Kind.SAME], 'item')} as before"
    return ", ".join([*changes, same]) if changes else f"nothing differs: {same}"


def _standings(entry: ItemDrift) -> str:
    before = entry.before.standing.value if entry.before else "-"
    after = entry.after.standing.value if entry.after else "-"
    return before if before == after else f"{before} -> {after}"


def _shift_text(shift: Shift) -> str:
    old = one_line(shift.old) if shift.old is not None else "-"
    new = one_line(shift.new) if shift.new is not None else "-"
    return f"{old}  ->  {new}"
