"""Ask for a key file's passphrase on the terminal during a run."""

from __future__ import annotations

import asyncio
import os
import sys
import termios
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path

import click

from readiness_tui.reports.parts.text import one_line
from readiness_tui.transports.ssh.unlocked_keys import Ask

LONGEST = 4096
"""Most bytes of a line; terminals accept no longer one."""

_FLAGS = 3
"""The index of the local modes in the result of `tcgetattr`."""


def can_ask() -> bool:
    """Whether the operator can see a question and answer it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


class OnTerminal:
    """Asks on standard error, reads standard input. See `transports.ssh.unlocked_keys.Passphrases`."""

    def __init__(self, aside: Callable[[], AbstractContextManager[None]]) -> None:
        """aside: suspends the progress display while asking."""
        self._aside = aside

    @asynccontextmanager
    async def asking(self, path: Path) -> AsyncIterator[Ask]:
        """Ask about one file. An empty line declines."""
        question = f"Passphrase for {one_line(str(path))} (empty: skip this key): "

        async def ask(fault: str) -> str | None:
            return await _hidden(f"{one_line(fault)}. {question}" if fault else question) or None

        with self._aside():
            yield ask


async def _hidden(question: str) -> str:
    """Read a line without echo, discarding input typed before the question.

    Not `click.prompt`, whose wait cannot be interrupted by Ctrl+C or by the end of the run.
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
