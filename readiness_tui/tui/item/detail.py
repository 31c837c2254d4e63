"""Everything about one item as text: verdicts, the conditions in words, commands, output, history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue
from rich.style import Style
from rich.text import Text

from readiness_tui.display.conditions import in_words
from readiness_tui.display.marks import Charset, one_line, visible
from readiness_tui.display.sentences import record_change
from readiness_tui.model.checklist import ProbeSpec
from readiness_tui.model.privilege import NONE
from readiness_tui.model.probe import CollectorAsk, Reply
from readiness_tui.model.session import Change
from readiness_tui.rules.parameters import Values
from readiness_tui.rules.probing.plan import Plan
from readiness_tui.tui.widgets.card import Sheet, body, title_line
from readiness_tui.tui.widgets.lines import Labelled, Paragraph

OUTPUT_LINES = 60
"""Lines of one reply that are shown; the recording has all of them."""


def head(sheet: Sheet, width: int, chars: Charset) -> Iterator[Paragraph]:
    """The item's title line, the card's text without the commands, and the whole note."""
    yield title_line(sheet, width, chars)
    yield from body(sheet, chars)
    if sheet.record.note:
        yield Text()
        yield heading("Note")
        yield Text(visible(sheet.record.note))


def heading(text: str) -> Text:
    """A heading within the text."""
    return Text(text, Style(bold=True))


def conditions(spec: ProbeSpec, values: Values) -> Iterator[Paragraph]:
    """Where the probe looks, and what makes it fail, pass or inform, in words."""
    yield heading("Probe")
    yield Labelled("Looks at", Text(", ".join(spec.where)))
    trees: tuple[tuple[str, Mapping[str, JsonValue] | None], ...] = (
        ("Fails if", spec.fail_if),
        ("Passes if", spec.pass_if),
        ("Informs if", spec.info_if),
    )
    for label, tree in trees:
        if tree is not None:
            yield Labelled(label, Text(one_line(in_words(tree, values))))


def asked(made: Plan | None, why_not: str, replies: Sequence[Reply]) -> Iterator[Paragraph]:
    """Per target and ask: the command, and what came back the last time."""
    if why_not:
        yield Labelled("Runs", Text(one_line(why_not)))
    if made is None:
        return
    latest = {(reply.host, reply.ask.digest): reply for reply in replies}
    for check in made.checks:
        if check.not_configured:
            yield Labelled("Runs", Text(f"nothing on {check.target}: {one_line(check.not_configured)}"))
        for ask in check.asks:
            yield Text()
            yield Labelled("Runs", Text(f"{one_line(ask.command)}  on {check.target}"))
            if isinstance(ask, CollectorAsk) and ask.privilege != NONE:
                yield Labelled("As", Text(one_line(str(ask.privilege))))
            yield from _came_back(latest.get((check.target, ask.digest)))


def _came_back(reply: Reply | None) -> Iterator[Paragraph]:
    if reply is None:
        yield Labelled("Output", Text("not run yet", Style(dim=True)))
        return
    when = f"{reply.asked_at.astimezone():%d %b %H:%M:%S}, {reply.took_ms} ms"
    end = f"{reply.cause}: {one_line(reply.detail)}" if reply.cause else f"exit {reply.exit}"
    yield Labelled("Ran", Text(f"{when}, {end}"))
    if reply.hint:
        yield Labelled("Hint", Text(visible(reply.hint)))
    lines = visible(reply.stdout).splitlines()
    for index, text in enumerate(lines[:OUTPUT_LINES]):
        yield Labelled("Output" if index == 0 else "", Text(text))
    if len(lines) > OUTPUT_LINES or reply.clipped:
        yield Labelled("", Text(f"... {len(lines)} lines in all", Style(dim=True)))
    if reply.stderr.strip():
        yield Labelled("Errors", Text(visible(reply.stderr.strip())))


def history(changes: Sequence[Change], item: str, chars: Charset) -> Iterator[Paragraph]:
    """Who changed what of this item, newest first."""
    yield heading("History of this day")
    mine = [change for change in changes if change.item == item]
    if not mine:
        yield Text("nothing changed by hand", Style(dim=True))
    for change in reversed(mine):
        yield Labelled(f"{change.at.astimezone():%H:%M}", Text(one_line(_said(change, chars))))


def _said(change: Change, chars: Charset) -> str:
    if change.what == "record":
        return f"{change.by}: {change.why}: {record_change(change.old, change.new)}"
    why = f" because {change.why}" if change.why else ""
    before = f"{change.old} {chars.arrow} " if change.old else ""
    return f"{change.by}: {change.what} {before}{change.new or 'cleared'}{why}"
