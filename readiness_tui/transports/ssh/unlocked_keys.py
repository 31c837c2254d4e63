"""Key files with a passphrase: asked for once, and unlocked only in memory."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # takes 0.2 s to import, too long for the first screen
    import asyncssh

TRIES = 3
"""Passphrase attempts for one file before it counts as declined; ssh has as many."""


Ask = Callable[[str], Awaitable[str | None]]
"""Asks for one passphrase without echo; None to continue without it.

Takes why the last one did not fit, nothing at first.
"""


class Passphrases(Protocol):
    """Asks the operator for passphrases."""

    def asking(self, path: Path) -> AbstractAsyncContextManager[Ask]:
        """Ask about a key file. The context ends when the file is unlocked, declined or not needed."""
        ...


class UnlockedKeys:
    """The unlocked keys. Asks for one passphrase at a time, once for each file."""

    def __init__(self, passphrases: Passphrases | None = None) -> None:
        """passphrases: how to ask the operator; None if that is not possible."""
        self._passphrases = passphrases
        self._keys: dict[Path, asyncssh.SSHKey] = {}
        self._declined: set[Path] = set()
        self._questions: dict[Path, asyncio.Task[None]] = {}
        self._waiting: Counter[Path] = Counter()
        self._turn = asyncio.Lock()

    def key(self, path: Path) -> asyncssh.SSHKey | None:
        """The unlocked key of a file; None if it is not unlocked."""
        return self._keys.get(path)

    def may_ask(self, path: Path) -> bool:
        """Whether the operator can be asked and has neither answered nor declined."""
        return self._passphrases is not None and path not in self._declined and path not in self._keys

    def forget_refusals(self) -> None:
        """Start a new run: declined passphrases may be asked for again."""
        self._declined.clear()

    async def unlock(self, path: Path) -> None:
        """Ask, unless another task is asking. Returns when the file is unlocked or declined."""
        if self._passphrases is None:
            return
        question = self._questions.get(path)
        if question is None:
            question = asyncio.create_task(self._ask(path, self._passphrases))
            self._questions[path] = question
        self._waiting[path] += 1
        try:
            await asyncio.shield(question)
        finally:
            self._waiting[path] -= 1
            if not self._waiting[path]:
                question.cancel()
                self._questions.pop(path, None)

    async def _ask(self, path: Path, passphrases: Passphrases) -> None:
        fault = ""
        async with self._turn, passphrases.asking(path) as ask:
            for _ in range(TRIES):
                passphrase = await ask(fault)
                if passphrase is None:
                    break
                opened = await asyncio.to_thread(_opened, path, passphrase)
                if not isinstance(opened, str):
                    self._keys[path] = opened
                    return
                fault = opened
            self._declined.add(path)


def _opened(path: Path, passphrase: str) -> asyncssh.SSHKey | str:
    """The key in a file, or why it cannot be opened. Slow, because key derivation is slow by design."""
    import asyncssh

    try:
        return asyncssh.read_private_key(str(path), passphrase)
    except (OSError, ValueError, asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        return str(error)
