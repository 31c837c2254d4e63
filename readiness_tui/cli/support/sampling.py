"""The same plan asked again and again until a time, with a table of what was found so far."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from readiness_tui.cli.support.opened import Work
from readiness_tui.cli.support.printing import LOUD, say
from readiness_tui.cli.support.running import Outcomes, run_plan
from readiness_tui.model.outcome import Outcome
from readiness_tui.reports.parts.text import one_line
from readiness_tui.rules.probing.plan import Plan


@dataclass(slots=True)
class Row:
    """One item on one target over all rounds. last: its newest outcome; since: when that verdict began."""

    item: str
    target: str
    last: Outcome
    since: datetime
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Board:
    """What the rounds have found. rounds: how many ended; next_at: when the next begins, None for never."""

    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    rounds: int = 0
    next_at: datetime | None = None

    def take(self, found: Mapping[tuple[str, str], Outcome]) -> list[str]:
        """Count a round's outcomes; gives a line for each verdict that differs from the round before."""
        self.rounds += 1
        changes = []
        for (item, target), outcome in found.items():
            row = self.rows.get((item, target))
            if row is None:
                row = self.rows[item, target] = Row(item, target, outcome, outcome.asked_at)
            elif row.last.verdict is not outcome.verdict:
                row.since = outcome.asked_at
                change = f"{row.last.verdict} -> {outcome.verdict}"
                changes.append(f"{change}  {target}  {item}  {one_line(outcome.evidence)}")
            row.last = outcome
            row.counts[outcome.verdict.value] += 1
        return changes

    def summary(self) -> str:
        """How often each verdict came in the last round, and when the next begins."""
        counted = Counter(row.last.verdict.value for row in self.rows.values())
        words = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counted.items()))
        after = f"; the next at {self.next_at:%H:%M:%S} UTC" if self.next_at else "; this was the last"
        return f"round {self.rounds}: {words or 'nothing was asked'}{after}"

    def table(self) -> Table:
        """The rows, those that failed first; BAD: rounds that failed or were unknown, of all."""
        shown = Table(box=None, pad_edge=False, caption=self.summary(), caption_justify="left", expand=True)
        for name in ("VERDICT", "SINCE", "ON", "ITEM", "BAD"):
            shown.add_column(name, no_wrap=True)
        shown.add_column("EVIDENCE", ratio=1)
        order = ("fail", "unknown", "info", "pass")
        for row in sorted(self.rows.values(), key=lambda one: order.index(one.last.verdict.value)):
            verdict = row.last.verdict.value
            bad = row.counts["fail"] + row.counts["unknown"]
            calm = verdict in ("info", "pass")
            shown.add_row(
                Text(verdict, LOUD.get(verdict, "")),
                f"{row.since:%H:%M}",
                Text(row.target),
                Text(row.item.rpartition(".")[2]),
                f"{bad}/{row.counts.total()}",
                Text(one_line(row.last.evidence), no_wrap=calm, overflow="ellipsis" if calm else None),
            )
        return shown


def first_round(newest: Iterable[datetime], every: timedelta, now: datetime) -> datetime:
    """When to begin: a period after the newest look of an earlier run, so that one cut off is taken up."""
    looked = max(newest, default=None)
    return now if looked is None or looked > now else max(now, looked + every)


async def sample(
    opened: Work,
    made: Callable[[], Plan],
    every: timedelta,
    until: datetime | None,
    clock: Callable[[], datetime],
) -> tuple[Outcomes, bool]:
    """Run the plan every so often until a time; at least once.

    A host that cannot be reached in one round is unknown there, and is asked again in the next. Gives
    the last round, and whether Ctrl+C ended it.
    """
    board, found, interrupted = Board(), Outcomes(), False
    console = Console(stderr=True, highlight=False)
    live = Live(console=console, auto_refresh=False) if sys.stderr.isatty() else nullcontext()
    plan = made()
    beginning = first_round(_looked(opened, plan), every, clock())
    if until is not None and beginning >= until:
        beginning = clock()
    with live as screen:
        while True:
            interrupted = await _wait(beginning, clock)
            if interrupted:
                return found, True
            found, interrupted = await run_plan(opened, made(), quiet=True)
            after = max(beginning + every, clock())
            board.next_at = None if interrupted or (until is not None and after >= until) else after
            changes = board.take({place: event.outcome for place, event in found.items()})
            _show(screen, board, changes)
            if board.next_at is None:
                return found, interrupted
            beginning = board.next_at


def _looked(opened: Work, made: Plan) -> list[datetime]:
    """When each check of the plan was last answered."""
    session = opened.assessment.session
    outcomes = (session.record(check.item).outcomes.get(check.target) for check in made.checks)
    return [outcome.asked_at for outcome in outcomes if outcome is not None]


async def _wait(moment: datetime, clock: Callable[[], datetime]) -> bool:
    """Wait for a moment; True when Ctrl+C came first."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, stopped.set)
    try:
        async with asyncio.timeout(max(0.0, (moment - clock()).total_seconds())):
            await stopped.wait()
    except TimeoutError:
        return False
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
    return True


def _show(screen: Any, board: Board, changes: list[str]) -> None:
    """The table in place on a terminal; elsewhere a line for each change, and one for the round."""
    if isinstance(screen, Live):
        screen.update(board.table(), refresh=True)
        return
    for change in changes:
        say(change)
    say(board.summary())
