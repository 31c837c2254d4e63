"""What each item's probe will run, for the card."""

from __future__ import annotations

import asyncio

from readiness_tui.errors import ReadinessError
from readiness_tui.launch import Launch


class ProbeCommands:
    """The commands of every probe, planned in one go; planned again when hosts or parameters changed."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._commands: dict[str, tuple[str, ...]] | None = None
        self._made_from: tuple[object, object] | None = None

    def _inputs(self) -> tuple[object, object]:
        session = self._launch.assessment.session
        return session.hosts, session.parameters

    @property
    def wanted(self) -> bool:
        """Whether they must be planned; asking counts as having begun."""
        inputs, before = self._inputs(), self._made_from
        self._made_from = inputs
        return before is None or any(new is not old for new, old in zip(inputs, before, strict=True))

    def of(self, item: str) -> tuple[str, ...]:
        """What an item's probe runs; empty while that is not known."""
        return (self._commands or {}).get(item, ())

    async def plan(self) -> None:
        """Plan every probe, in a thread."""
        try:
            made = await asyncio.to_thread(self._launch.plan)
        except ReadinessError as error:
            items = self._launch.assessment.checklist.items
            self._commands = {item: (error.message,) for item in items if items[item].probe is not None}
            return
        commands: dict[str, dict[str, None]] = {}
        for check in made.checks:
            texts = [ask.command for ask in check.asks]
            texts += [check.not_configured] if check.not_configured else []
            commands.setdefault(check.item, {}).update(dict.fromkeys(texts))
        self._commands = {item: tuple(texts) for item, texts in commands.items()}
