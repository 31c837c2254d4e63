"""The program with an error of its own in one place: `python -m tests.tui.failing PLACE WORDS...`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from readiness_tui.__main__ import main
from readiness_tui.tui.app import ReadinessApp
from readiness_tui.tui.walk.screen import WalkScreen
from readiness_tui.tui.widgets.item_list import ItemList


def fail(*_: object, **__: object) -> Any:
    """Raise what nobody expects, with text that would act on a terminal."""
    raise ZeroDivisionError("by zero \x1b[2J\x9b31m")


async def fail_later() -> None:
    """The same in a coroutine."""
    fail()


def soon(begin: Callable[[ReadinessApp], object]) -> None:
    """Begin what fails when the first screen is there."""
    mounted = ReadinessApp.on_mount

    def mount(self: ReadinessApp) -> object:
        self.set_timer(0.2, lambda: begin(self))
        return mounted(self)

    ReadinessApp.on_mount = mount  # type: ignore[method-assign,assignment]


PLACES: dict[str, Callable[[], object]] = {
    "timer": lambda: soon(fail),
    "worker": lambda: soon(lambda app: app.run_worker(fail_later())),
    "thread": lambda: soon(lambda app: app.run_worker(fail, thread=True)),
    "compose": lambda: setattr(WalkScreen, "compose", fail),
    "mount": lambda: setattr(WalkScreen, "on_mount", fail),
    "render": lambda: setattr(ItemList, "render_line", fail),
    "start": lambda: setattr(ReadinessApp, "__init__", fail),
    "end": lambda: setattr(ReadinessApp, "save_what_is_left", fail),
}

if __name__ == "__main__":
    place, *words = sys.argv[1:]
    PLACES[place]()
    sys.argv[1:] = words
    sys.exit(main())
