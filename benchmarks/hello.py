"""`python -m benchmarks.hello`: the smallest Textual program, to compare start-up with."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Hello(App[None]):
    """One line of text."""

    BINDINGS = [("q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static("Hello, world")


if __name__ == "__main__":
    Hello().run()
