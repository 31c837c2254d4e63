"""Asking for a key's passphrase on a screen of its own, when nobody types something else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.app import App

from readiness_tui.display.marks import one_line
from readiness_tui.transports.ssh.unlocked_keys import Ask
from readiness_tui.tui.screens.base import CommandScreen

LOOK_S = 0.1
"""Seconds between two looks at whether the operator is done typing."""


class OnScreen:
    """See `transports.unlocked_keys.Passphrases`."""

    def __init__(self, app: App[None]) -> None:
        self._app = app

    @asynccontextmanager
    async def asking(self, path: Path) -> AsyncIterator[Ask]:
        """Show the question until it is answered for good, or taken back."""
        from readiness_tui.tui.screens.passphrase import PassphraseScreen

        await self._nobody_types(path)
        screen = PassphraseScreen(path)
        await self._app.push_screen(screen)
        try:
            yield screen.ask
        finally:
            screen.over = True
            if screen.is_current:
                await self._app.pop_screen()

    async def _nobody_types(self, path: Path) -> None:
        """A note keeps its keys; the question waits for its end, and says so."""
        said = False
        while not self._is_free():
            screen = self._app.screen
            if not said and isinstance(screen, CommandScreen):
                screen.say(f"{one_line(path.name)} wants its passphrase: asked as soon as this line is done")
                said = True
            await asyncio.sleep(LOOK_S)

    def _is_free(self) -> bool:
        screen = self._app.screen
        return isinstance(screen, CommandScreen) and not screen.typing
