"""A signature made while a form is shown: in a thread, and the key's passphrase is asked for."""

from __future__ import annotations

import asyncio
from pathlib import Path

from readiness_tui.errors import UsageError
from readiness_tui.tui.passphrases import OnScreen
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.workspace.keys import signature_over, wants_passphrase


async def made(screen: CommandScreen, message: bytes, key: Path | None) -> str:
    """Sign as `workspace.keys.signature_over`. Raises as that does, and when no passphrase is given."""
    try:
        return await asyncio.to_thread(signature_over, message, key)
    except UsageError as error:
        if key is None or not wants_passphrase(error):
            raise
    screen.set_focus(None)  # the question waits while somebody types
    fault = ""
    async with OnScreen(screen.app).asking(key) as ask:
        while (word := await ask(fault)) is not None:
            try:
                return await asyncio.to_thread(signature_over, message, key, word)
            except UsageError as error:
                fault = error.message
    raise UsageError("the key was not unlocked", hint="give its passphrase, or name another key")
