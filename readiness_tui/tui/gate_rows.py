"""The lines of the gate's screen: decision, figures, what blocks, accepted risks, leads. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.style import Style
from rich.text import Text

from readiness_tui.display.marks import Charset, mark_of, one_line, style_of
from readiness_tui.reports.parts import sheet
from readiness_tui.rules.decision.gate import Obstacle
from readiness_tui.rules.decision.review import Review
from readiness_tui.rules.times import local
from readiness_tui.tui.widgets.lines import fit

Group = tuple[str, Sequence[tuple[str, Text]]]
"""A heading and its lines, each with its key: `item.<id>`, `role.<id>`, `text.<n>`."""

SEVERITIES = ("blocker", "major", "minor")


def head(review: Review, width: int) -> list[Text]:
    """The decision, the moment it was judged for, and the five numbers, which add up."""
    gate, session = review.gate, review.session
    go = gate.decision == "go"
    style = Style(bold=True, reverse=True, color="green" if go else "red")
    moment = "launch time" if session.launch_at else "now; no T0"
    first = Text(" ").append(f" {gate.decision.upper()} ", style)
    first.append(f"  {one_line(session.launch)}, judged for {local(gate.at)} ({moment})", Style(bold=True))
    one = sheet.everything(review)
    long = (
        f" {one.total} items for launch = {one.met} met + {one.waived} waived + {one.not_applicable} not "
        f"applicable + {one.not_met} not met + {one.not_answered} not answered; {one.later} due later"
    )
    short = (
        f" {one.total} = {one.met} met + {one.waived} waived + {one.not_applicable} n/a + "
        f"{one.not_met} not met + {one.not_answered} open; {one.later} later"
    )
    return [first, Text(long if len(long) <= width else short)]


def groups(review: Review, chars: Charset, width: int) -> Iterator[Group]:
    """What blocks, minors, accepted risks, leads, each under its heading."""
    yield "Leads", list(_leads(review, width))
    blocking = sorted(review.gate.blocking, key=lambda one: SEVERITIES.index(one.severity))
    items = [one for one in blocking if one.item]
    yield f"Blocking: {len(items)}", [_obstacle(review, one, chars, width) for one in items]
    others = [one for one in blocking if not one.item and not one.role]
    if others:
        yield (
            f"Also blocking: {len(others)}",
            [(f"text.{n}", Text(one_line(f"{one.what}: {one.reason}"))) for n, one in enumerate(others)],
        )
    risks = sheet.risks(review)
    yield (
        f"Accepted risks: {_counted(risks)}",
        [(f"text.risk-{n}", _risk(risk, width, chars)) for n, risk in enumerate(risks)],
    )
    minors = review.gate.minors
    if minors:
        yield (
            f"Minors not met, which do not block: {len(minors)}",
            [_obstacle(review, one, chars, width) for one in minors],
        )


def _counted(risks: Sequence[sheet.Risk]) -> str:
    kinds = [sum(risk.kind == kind for risk in risks) for kind in ("waiver", "override", "condition")]
    words = zip(kinds, ("waiver", "override", "condition"), strict=True)
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in words)


def _leads(review: Review, width: int) -> Iterator[tuple[str, Text]]:
    """One line a lead: their items, and their signature."""
    figures = {one.title: one for one in sheet.by_role(review)}
    name = max((len(each.title) for each in review.signoffs), default=0)
    for each in review.signoffs:
        one = figures[each.title]
        text = Text(f"{one_line(each.title).ljust(name)}  {one.total:>3} items: ")
        text.append(f"{one.met} met, {one.waived} waived, {one.not_met + one.not_answered} not met  ")
        if each.go and each.signoff is not None:
            said = f"{each.signoff.decision} by {each.signoff.who} {local(each.signoff.at)[:16]}"
            text.append(said if each.verified else f"{said}, UNSIGNED", "bold green")
        else:
            text.append(one_line(each.problem), "bold red")
        yield f"role.{each.role}", text


def _obstacle(review: Review, one: Obstacle, chars: Charset, width: int) -> tuple[str, Text]:
    standing = review.at_launch[one.item]
    mark = mark_of(standing)
    text = Text(f"{chars.of(mark)} ", style_of(mark, critical=one.severity == "blocker"))
    text.append(f"{mark.column:<9} {one.severity:<7} {one.role[:10]:<10} ", "not bold")
    room = max(width - len(text.plain) - 4, 20)
    title = one_line(one.what)
    text.append(fit(title, max(room if room < 44 else room * 3 // 5, 20), chars))
    left = width - len(text.plain) - 6
    if one.reason and left > 16:
        text.append("  " + fit(one_line(one.reason), left, chars), "dim")
    return f"item.{one.item}", text


def _risk(risk: sheet.Risk, width: int, chars: Charset) -> Text:
    who = f"  {risk.who}" if risk.who else ""
    until = f"  until {risk.until}" if risk.until else ""
    room = max(width - len(until) - len(who) - 14, 20)
    return Text(f"{risk.kind:<9} ").append(fit(one_line(risk.text), room, chars)).append(until + who, "dim")
