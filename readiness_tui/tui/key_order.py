"""Keys in the order they were typed, whatever each of them does first."""

from __future__ import annotations

from textual.app import App
from textual.events import Event, Key
from textual.screen import Screen

from readiness_tui.tui.screens.base import CommandScreen


class TypingAhead(App[None]):
    """An app on whose screens one key is done with before the next is looked at."""

    _early: tuple[Key, ...] = ()

    def type_early_keys(self) -> None:
        """Hand the keys that came before there was a screen to the one that is shown now."""
        early, self._early = self._early, ()
        for key in early:
            self.post_message(key)

    async def on_event(self, event: Event) -> None:
        """Take one key after the other: what a key does is done before the next one is looked at.

        Textual hands a key to the focused widget's queue and goes on; typed ahead, or over a slow
        link, `i` and a word would reach the list before the note has the keys.
        """
        if isinstance(event, Key) and type(self.screen) is Screen:
            self._early = (*self._early, event)
        elif not isinstance(event, Key) or event.is_forwarded or not isinstance(self.screen, CommandScreen):
            await super().on_event(event)
        else:
            await _take(self, event, self.screen)


async def _take(app: App[None], event: Key, screen: CommandScreen) -> None:
    """Handle one key of a screen; a key that nothing handles says so."""
    screen.status.key_pressed()
    if await app._check_bindings(event.key, priority=True):
        return
    target = app.focused or screen
    event.bubble = False  # type: ignore[misc]  # this one alone: its way up is taken here
    with target._context():
        await target._dispatch_message(event)
    if not event._stop_propagation and not await app._check_bindings(event.key):
        screen.unbound(event)
