"""What the palette finds: a screen's commands; in a launch also sections, items, hosts and verbs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from readiness_tui.model.checklist import Checklist
from readiness_tui.model.session import Session
from readiness_tui.tui.commands.base import Command
from readiness_tui.tui.palette.matching import Entry, Kind
from readiness_tui.tui.palette.verbs import VERBS


def of_commands(
    commands: Iterable[type[Command]],
    choose: Callable[[type[Command]], None],
    why_not: Callable[[type[Command]], str],
) -> Iterator[Entry]:
    """The commands that have a key. choose: does one. why_not: why it cannot act now."""
    for command in commands:
        if command.keys:
            yield Entry(
                Kind.COMMAND,
                command.called(),
                partial(choose, command),
                aliases=(*command.aliases, command.label),
                help=command.meaning(),
                key=command.spelt.split()[0],
                why_not=why_not(command),
            )


def of_launch(
    checklist: Checklist,
    session: Session,
    *,
    to_section: Callable[[int], None],
    to_item: Callable[[str], object],
    to_host: Callable[[str], None],
    to_verb: Callable[[str], None],
) -> Iterator[Entry]:
    """The launch's sections (counted from 0), items by id, hosts by name, and the verbs."""
    for index, section in enumerate(checklist.sections):
        yield Entry(Kind.SECTION, section.title, partial(to_section, index), aliases=(str(index + 1),))
    for section, _, item in checklist.walk():
        yield Entry(Kind.ITEM, item.text, partial(to_item, item.id), aliases=(item.id,), help=section.title)
    for host in session.hosts:
        told = f"{host.address} {' '.join(host.roles)}"
        yield Entry(Kind.HOST, host.name, partial(to_host, host.name), help=f"Show its items: {told}")
    for verb, told in VERBS.items():
        line = f"readiness {verb} {session.launch}"
        yield Entry(Kind.VERB, line, partial(to_verb, line), aliases=(verb,), help=told)
