"""A key file's passphrase, asked for on the terminal while the run goes on."""

from __future__ import annotations

import asyncio
import os
import sys
import termios
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path

import click

from readiness_tui.errors import UsageError
from readiness_tui.reports.parts.text import one_line
from readiness_tui.transports.ssh.unlocked_keys import Ask
from readiness_tui.workspace.keys import wants_passphrase

LONGEST = 4096
"""Bytes of a line; a terminal takes no longer one."""

_FLAGS = 3
"""Where the local modes are in what `tcgetattr` returns."""


def somebody_there() -> bool:
    """A question would be seen, and could be answered."""
    return sys.stdin.isatty() and sys.stderr.isatty()


class OnTerminal:
    """Asks on standard error, reads from standard input. See `transports.unlocked_keys.Passphrases`."""

    def __init__(self, aside: Callable[[], AbstractContextManager[None]]) -> None:
        """aside: keeps the narration away from the question."""
        self._aside = aside

    @asynccontextmanager
    async def asking(self, path: Path) -> AsyncIterator[Ask]:
        """Ask about one file; an empty line declines."""
        question = f"Passphrase for {one_line(str(path))} (empty: go on without it): "

        async def ask(fault: str) -> str | None:
            return await _hidden(f"{one_line(fault)}. {question}" if fault else question) or None

        with self._aside():
            yield ask


async def _hidden(question: str) -> str:
    """A line typed and not shown; what was typed before it was asked for is dropped.

    Not `click.prompt`, which waits in a way that neither Ctrl+C nor the end of the run can end.
    """
    number = sys.stdin.fileno()
    before = termios.tcgetattr(number)
    silent = before.copy()
    silent[_FLAGS] &= ~termios.ECHO
    termios.tcsetattr(number, termios.TCSAFLUSH, silent)
    try:
        click.echo(question, nl=False, err=True)
        return await _line(number)
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)
        click.echo(err=True)


async def _line(number: int) -> str:
    loop, typed = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(number, typed.set)
    try:
        await typed.wait()
    finally:
        loop.remove_reader(number)
    return os.read(number, LONGEST).decode("utf-8", "replace").rstrip("\r\n")


def with_passphrase(sign: Callable[[str | None], str]) -> str:
    """What `sign` makes; on a terminal, with a passphrase that is asked for when the key wants one.

    Raises UsageError as `sign`.
    """
    try:
        return sign(None)
    except UsageError as error:
        if not (wants_passphrase(error) and sys.stdin.isatty()):
            raise
        return sign(click.prompt("Passphrase", hide_input=True, err=True))
