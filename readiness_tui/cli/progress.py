"""How a run is narrated on standard error: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from readiness_tui.cli.printing import LOUD, say
from readiness_tui.engine import events
from readiness_tui.engine.events import HostState
from readiness_tui.reports.parts.text import counted, one_line
from readiness_tui.rules.plan import Plan


class Narrator(Protocol):
    """Shows a run as it happens."""

    def begin(self, made: Plan) -> None:
        """Say what is going to be done."""
        ...

    def event(self, event: events.Event) -> None:
        """Show one event."""
        ...

    def aside(self) -> AbstractContextManager[None]:
        """Show nothing meanwhile: somebody else has the terminal."""
        ...


@contextmanager
def narrator() -> Iterator[Narrator]:
    """The narrator that fits standard error."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        yield Bar(console, bar)


class Lines:
    """One plain line for each outcome and each host's trouble."""

    def begin(self, made: Plan) -> None:
        """Say what is going to be done."""
        say(summary(made))

    def event(self, event: events.Event) -> None:
        """Show one event."""
        if (words := told(event)) is not None:
            say("  ".join(words))

    def aside(self) -> AbstractContextManager[None]:
        """Nobody is asked where there is no terminal."""
        return nullcontext()


class Bar:
    """A bar that counts the checks, what was found scrolling by above it."""

    def __init__(self, console: Console, bar: Progress) -> None:
        self._console = console
        self._bar = bar
        self._held: list[Text] | None = None
        self._task = bar.add_task("probing", total=None)

    def begin(self, made: Plan) -> None:
        """Set the bar's length."""
        self._bar.update(self._task, description=summary(made), total=len(made.checks))

    def event(self, event: events.Event) -> None:
        """Show one event above the bar, or move it."""
        if isinstance(event, events.Progress):
            self._bar.update(self._task, completed=event.checks_done, total=event.checks_total)
        elif (words := told(event)) is not None:
            style = LOUD.get(words[0], "")
            self._print(Text.assemble((words[0], style), "  ", "  ".join(words[1:])))

    def _print(self, line: Text) -> None:
        if self._held is not None:
            self._held.append(line)
        else:
            self._console.print(line, soft_wrap=True)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the bar away; what is found meanwhile is shown afterwards."""
        self._bar.stop()
        held: list[Text] = []
        self._held = held
        try:
            yield
        finally:
            self._held = None
            self._bar.start()
            for line in held:
                self._print(line)


def summary(made: Plan) -> str:
    """`87 checks on 3 targets`."""
    targets = {check.target for check in made.checks}
    return f"{counted(len(made.checks), 'check')} on {counted(len(targets), 'target')}"


def told(event: events.Event) -> tuple[str, ...] | None:
    """The event's words, the loud one first; None for one that is not worth a line."""
    match event:
        case events.OutcomeFound(item, target, outcome):
            cause = f" ({outcome.cause})" if outcome.cause else ""
            return outcome.verdict.value, f"{target} {item}{cause}: {one_line(outcome.evidence)}"
        case events.HostChanged(target, HostState.FAILED, cause, detail, hint):
            said = f"{target} cannot be asked ({cause}): {one_line(detail)}"
            return "unknown", f"{said}; {one_line(hint)}" if hint else said
        case _:
            return None
