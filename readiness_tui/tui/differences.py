"""What the rows and the card of the comparison say. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text

from readiness_tui.display.marks import Charset, mark_of, one_line, visible
from readiness_tui.reports.parts.drift import HEADINGS
from readiness_tui.rules.drift import Drift, ItemDrift, Kind, Shift
from readiness_tui.rules.standing import ItemStanding
from readiness_tui.tui.widgets.lines import Labelled, Paragraph, fit

WORSE = (Kind.REGRESSED, Kind.STALE, Kind.OPEN)
SIGNS = dict.fromkeys(WORSE, ("-", "bold red")) | {Kind.FIXED: ("+", "bold green")}
WORDS = {Kind.STALE: "stale", Kind.OPEN: "open"}
"""Kinds said shorter in a row than in a report."""

WORD_WIDTH = max(len(WORDS.get(kind, kind.value)) for kind in HEADINGS)
TEXT_SHARE = 0.45
"""This part of what is left of a row goes to the item's text, the rest to what changed."""


def sign(kind: Kind) -> tuple[str, str]:
    """`-` worse, `+` better, `~` other, and its style."""
    return SIGNS.get(kind, ("~", ""))


def summary(found: Drift) -> Text:
    """How many of each sign, the worse ones by kind."""
    worse = [f"{found.counts[kind]} {WORDS.get(kind, kind.value)}" for kind in WORSE if found.counts[kind]]
    better, same = found.counts[Kind.FIXED], found.counts[Kind.SAME]
    other = len(found.items) - better - sum(found.counts[kind] for kind in WORSE)
    told = Text("- ", "bold red").append(f"worse: {', '.join(worse) or 'none'}", "default not bold")
    told.append("   + ", "bold green").append(f"better {better}", "default not bold")
    return told.append(f"   ~ other {other}   same {same}", "default not bold")


def row(one: ItemDrift, width: int, chars: Charset) -> Text:
    """One item: sign, marks before and after, what became of it, its text, what changed."""
    char, style = sign(one.kind)
    text = Text(f"{char} ", style)
    for index, standing in enumerate((one.before, one.after)):
        text.append(chars.arrow if index else "", "not bold")
        text.append(*_mark(standing, chars))
    text.append(f" {WORDS.get(one.kind, one.kind.value).ljust(WORD_WIDTH)} ", "default not bold")
    room = max(width - cell_len(text.plain), 0)
    said = "" if (shift := telling(one)) is None else _short(shift, shift in one.hosts, chars)
    title = int(room * TEXT_SHARE) if said else room
    text.append(set_cell_size(fit(one_line(one.item.text), title, chars), title), "default not bold")
    return text.append("  " + fit(said, room - title - 2, chars) if said else "", "default not bold")


def _mark(standing: ItemStanding | None, chars: Charset) -> tuple[str, str]:
    if standing is None:
        return " ", "default not bold"
    mark = mark_of(standing)
    return chars.of(mark), mark.style or "default not bold"


def telling(one: ItemDrift) -> Shift | None:
    """The shift that says most: a host whose verdict turned, else any host, else anything else."""
    turned = [shift for shift in one.hosts if _verdict(shift.old) != _verdict(shift.new)]
    return next(iter((*turned, *one.hosts, *one.parts)), None)


def _verdict(said: str | None) -> str:
    return (said or "").partition(":")[0]


def _short(shift: Shift, verdicts: bool, chars: Charset) -> str:
    """`app-1: 12 ms → 812 ms`; the verdicts before the evidence are left to the marks."""
    old, new = (one_line(_evidence(said) if verdicts else said or "") for said in (shift.old, shift.new))
    return f"{one_line(shift.what)}: {old or '-'} {chars.arrow} {new or '-'}"


def _evidence(said: str | None) -> str:
    return (said or "").partition(": ")[2] or said or ""


def card(one: ItemDrift, chars: Charset) -> Iterator[Paragraph]:
    """Everything that changed of one item."""
    yield Text(one_line(one.item.text), Style(bold=True))
    yield Text(f"{HEADINGS[one.kind]}   {one.item.severity}   {one.item.id}", Style(dim=True))
    for label, standing in (("Was", one.before), ("Now", one.after)):
        yield Labelled(label, _standing(standing))
    for shift in (*one.hosts, *one.parts):
        yield Labelled(one_line(shift.what), Text(visible(shift.old or "-")))
        yield Labelled("", Text(f"{chars.arrow} {visible(shift.new or '-')}"))


def _standing(standing: ItemStanding | None) -> Text:
    if standing is None:
        return Text("not in the checklist")
    mark = mark_of(standing)
    why = f"  {one_line(standing.reason)}" if standing.reason else ""
    return Text(mark.word, mark.style).append(why, "default not bold not reverse not dim")
