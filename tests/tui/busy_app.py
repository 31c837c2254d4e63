"""A small app that draws 20 times a second through the safe driver and tells how it ended.

`python -m tests.tui.busy_app FILE` writes one JSON object to FILE when it ends: the longest time in
seconds for which its event loop stood still, and what was typed.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path

from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from readiness_tui.tui.terminal.display import LeanDisplay
from readiness_tui.tui.terminal.driver import safe_driver
from readiness_tui.tui.terminal.signals import SignalWatch

EVERY_S = 0.05


class Busy(LeanDisplay, App[None]):
    """Counts, and fills its screen with the count."""

    CSS = "#pane { height: 1fr; }"
    COMMANDS = set()
    BINDINGS = [Binding("ctrl+z", "suspend_process", "suspend", priority=True)]

    def __init__(self, path: Path) -> None:
        super().__init__(driver_class=safe_driver())
        self.path = path
        self.count = 0
        self.typed = ""
        self.gap = 0.0
        self.last = time.monotonic()

    def compose(self) -> ComposeResult:
        """One pane."""
        yield Static(id="pane")

    def on_mount(self) -> None:
        """Begin."""
        SignalWatch(lambda status: self.call_from_thread(self.finish, status)).start()
        self.set_interval(EVERY_S, self.tick)

    def tick(self) -> None:
        """Draw another screenful."""
        now = time.monotonic()
        self.gap = max(self.gap, now - self.last - EVERY_S)
        self.last = now
        self.count += 1
        row = f"count {self.count} typed {self.typed!r} "
        noise = random.Random(self.count)
        letters = "".join(noise.choices("abcdefgh", k=self.size.width + self.size.height))
        text = "\n".join((row + letters[y:])[: self.size.width] for y in range(self.size.height))
        self.query_one("#pane", Static).update(text, layout=False)

    def on_key(self, event: events.Key) -> None:
        """Remember it; q ends."""
        if event.character == "q":
            self.finish(0)
        self.typed += event.character or f"<{event.key}>"

    def on_paste(self, event: events.Paste) -> None:
        """Remember how long it was."""
        self.typed += f"<{len(event.text)} pasted>"

    def terminal_gone(self) -> None:
        """As the program does."""
        self.finish(129)

    def finish(self, status: int) -> None:
        """Say how it went, and end."""
        told = {"gap": self.gap, "typed": self.typed, "count": self.count}
        self.path.write_text(json.dumps(told), encoding="utf-8")
        self.exit(return_code=status)


if __name__ == "__main__":
    app = Busy(Path(sys.argv[1]))
    app.run()
    sys.exit(app.return_code)
