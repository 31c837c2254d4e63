"""What every command is, and how its keys become Textual's bindings."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message


class Command(Message):
    """Something the operator wants, sent up from a key or the palette to the screen.

    name: stable, for `[keys]`. keys: comma-separated, as Textual spells them. spelt: how the help
    and the bar write them. label: one or two words in the bar. topic: its heading in the help.
    title: its name in the palette, ending in `...` when it asks for more; the label without one.
    aliases: other names that the palette finds it by.
    typing: whether it acts while a text is being typed: True only then, False only else, None
    always. digits: the action that takes a digit, for a command with ten keys.
    """

    name: ClassVar[str] = ""
    keys: ClassVar[str] = ""
    spelt: ClassVar[str] = ""
    label: ClassVar[str] = ""
    topic: ClassVar[str] = ""
    title: ClassVar[str] = ""
    aliases: ClassVar[tuple[str, ...]] = ()
    typing: ClassVar[bool | None] = False
    digits: ClassVar[str] = ""

    @classmethod
    def meaning(cls) -> str:
        """What it does, in a sentence."""
        return " ".join(inspect.cleandoc(cls.__doc__ or "").split())

    @classmethod
    def called(cls) -> str:
        """Its name in the palette."""
        return cls.title or cls.label[:1].upper() + cls.label[1:]

    @classmethod
    def binding(cls) -> Binding:
        """Its keys, with the id by which they can be moved."""
        return Binding(
            cls.keys,
            f"offer('{cls.name}')",
            cls.label,
            tooltip=cls.meaning(),
            id=cls.name,
        )


def bindings(commands: Iterable[type[Command]]) -> list[BindingType]:
    """The bindings of the commands a screen offers; the ten digits each have their own."""
    found: list[BindingType] = []
    for command in commands:
        if command.digits:
            found.extend(
                Binding(str(n), f"{command.digits}({n})", id=f"{command.name}-{n}") for n in range(10)
            )
        else:
            found.append(command.binding())
    return found
