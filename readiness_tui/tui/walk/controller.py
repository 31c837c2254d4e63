"""What a controller of the walk is: the commands of one subject, and why each may not act."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from readiness_tui.tui.commands.base import Command

if TYPE_CHECKING:
    from readiness_tui.tui.walk.view import WalkView

Handler = TypeVar("Handler", bound=Callable[[Any], None])
Reason = Callable[[Any], str]


class _Does:
    """Marks a method as a command's handler, beside the method that tells why it cannot act."""

    def __init__(self, command: type[Command], unless: Reason | None) -> None:
        self.command = command
        self.unless = unless


def does(command: type[Command], *, unless: Reason | None = None) -> Callable[[Handler], Handler]:
    """Make a method the handler of `command`.

    unless: the method that says why the command cannot act now; empty text when it can.
    """

    def mark(handler: Handler) -> Handler:
        vars(handler).setdefault("does", []).append(_Does(command, unless))
        return handler

    return mark


class Controller:
    """One subject of the walk. Controllers know the walk, never each other."""

    _handlers: ClassVar[dict[type[Command], tuple[str, Reason | None]]] = {}

    def __init_subclass__(cls) -> None:
        """Collect the handlers, in the order in which they are written."""
        cls._handlers = {
            mark.command: (name, mark.unless)
            for name, method in vars(cls).items()
            for mark in getattr(method, "does", ())
        }

    def __init__(self, walk: WalkView) -> None:
        self.walk = walk
        self.state = walk.state

    @classmethod
    def commands(cls) -> tuple[type[Command], ...]:
        """The commands handled, in the order of the help."""
        return tuple(cls._handlers)

    def why_not(self, command: type[Command]) -> str:
        """Why the command cannot act now; empty when it can."""
        unless = self._handlers[command][1]
        return unless(self) if unless is not None else ""

    def act(self, command: type[Command]) -> None:
        """Do what the command asks."""
        getattr(self, self._handlers[command][0])()
