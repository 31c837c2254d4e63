"""Show the progress of a run on standard error: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.text import Text

from readiness_tui.cli.support.printing import LOUD, say
from readiness_tui.engine.events import Event, HostChanged, HostState, OutcomeFound, Progress
from readiness_tui.engine.progress import counts, details
from readiness_tui.reports.parts.text import counted, one_line
from readiness_tui.rules.probing.plan import Plan

QUIET_S = 10.0
"""Seconds without output after which plain lines report the progress."""


class Narrator(Protocol):
    """Shows a run in progress."""

    def begin(self, made: Plan) -> None:
        """Print what will be done."""
        ...

    def event(self, event: Event) -> None:
        """Show one event."""
        ...

    def aside(self) -> AbstractContextManager[None]:
        """Suspend the display while something else uses the terminal."""
        ...


@contextmanager
def narrator() -> Iterator[Narrator]:
    """The narrator for standard error: a bar if it is a terminal, else plain lines."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    console = Console(stderr=True, highlight=False)
    columns = (
        BarColumn(bar_width=12),
        MofNCompleteColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=console, transient=True) as bars:
        yield Bar(console, bars)


class Lines:
    """One plain line for each outcome, for each failed host, and for the progress after each host."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._spoke = clock()
        self._targets_done = 0

    def begin(self, made: Plan) -> None:
        """Print what will be done."""
        self._say(summary(made))

    def event(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, Progress):
            quiet = self._clock() - self._spoke >= QUIET_S
            if event.targets_done > self._targets_done or quiet:
                self._targets_done = event.targets_done
                self._say(f"{counts(event)}: {details(event)}")
        elif (words := event_words(event)) is not None:
            self._say("  ".join(words))

    def _say(self, line: str) -> None:
        self._spoke = self._clock()
        say(line)

    def aside(self) -> AbstractContextManager[None]:
        """Nothing to suspend, since questions are only asked on a terminal."""
        return nullcontext()


class Bar:
    """A bar that counts the checks, with the outcomes scrolling above it."""

    def __init__(self, console: Console, bars: Bars) -> None:
        self._console = console
        self._bars = bars
        self._held: list[Text] | None = None
        self._task = bars.add_task("", total=None)

    def begin(self, made: Plan) -> None:
        """Print what will be done, and set the bar's length."""
        self._print(Text(summary(made)))
        self._bars.update(self._task, total=len(made.checks))

    def event(self, event: Event) -> None:
        """Show one event above the bar, or advance the bar."""
        if isinstance(event, Progress):
            self._bars.update(self._task, completed=event.checks_done, description=details(event))
        elif (words := event_words(event)) is not None:
            style = LOUD.get(words[0], "")
            self._print(Text.assemble((words[0], style), "  ", "  ".join(words[1:])))

    def _print(self, line: Text) -> None:
        if self._held is not None:
            self._held.append(line)
        else:
            self._console.print(line, soft_wrap=True)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Hide the bar. Events are buffered and shown afterwards."""
        self._bars.stop()
        held: list[Text] = []
        self._held = held
        try:
            yield
        finally:
            self._held = None
            self._bars.start()
            for line in held:
                self._print(line)


def summary(made: Plan) -> str:
    """`87 checks on 3 targets`."""
    targets = {check.target for check in made.checks}
    return f"{counted(len(made.checks), 'check')} on {counted(len(targets), 'target')}"


def event_words(event: Event) -> tuple[str, ...] | None:
    """The event as words, the verdict first; None for an event that is not printed."""
    match event:
        case OutcomeFound(item, target, outcome):
            cause = f" ({outcome.cause})" if outcome.cause else ""
            return outcome.verdict.value, f"{target} {item}{cause}: {one_line(outcome.evidence)}"
        case HostChanged(target, HostState.FAILED, cause, detail, hint):
            message = f"{target} cannot be reached ({cause}): {one_line(detail)}"
            return "unknown", f"{message}; {one_line(hint)}" if hint else message
        case _:
            return None
