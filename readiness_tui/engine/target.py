"""One target of a run: its asks, its replies, and the checks that still wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from readiness_tui.engine.events import HostChanged, HostState
from readiness_tui.engine.judging import now
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.rules.probing.plan import Check


class Target:
    """The asks of one target, its replies, and the checks that still wait. checks: their number."""

    def __init__(self, name: str, asks: Mapping[Ask, tuple[str, ...]], checks: Sequence[Check]) -> None:
        self.name = name
        self.asks = dict(asks)
        self._pending = list(asks)
        self._follow_ups: dict[str, tuple[Ask, ...]] = {}
        self.replies: dict[Ask, Reply] = {}
        self.checks = len(checks)
        self._waiting = {check.item: check for check in checks}
        self._needing: dict[Ask, list[Check]] = defaultdict(list)
        for check in checks:
            for ask in dict.fromkeys(check.asks):
                self._needing[ask].append(check)

    @property
    def judged(self) -> int:
        """The number of its checks that are judged."""
        return self.checks - len(self._waiting)

    @property
    def patience_s(self) -> float:
        """Seconds that all its asks may take in sequence."""
        return sum(ask.timeout_s for ask in self.asks)

    def is_now(self, state: HostState, detail: str = "") -> HostChanged:
        """The event for its state, with its progress."""
        return HostChanged(self.name, state, detail=detail, done=self.judged, total=self.checks)

    def take(self, reply: Reply) -> tuple[Check, ...]:
        """Store a reply. Returns the checks whose replies are now complete."""
        self.replies[reply.ask] = reply
        needing = self._needing.pop(reply.ask, ())
        return tuple(check for check in needing if all(ask in self.replies for ask in self._asks_of(check)))

    def asks_once_more(self, check: Check) -> bool:
        """Whether the check may still send follow-ups; each check has one round."""
        return check.item not in self._follow_ups

    def settle(self, check: Check) -> bool:
        """Mark the check as judged. False if it was given up meanwhile."""
        return self._waiting.pop(check.item, None) is not None

    def next_asks(self) -> tuple[Ask, ...]:
        """The asks to send now: first those of the plan, then the follow-ups of the replies."""
        asks, self._pending = tuple(self._pending), []
        return asks

    def replies_for(self, check: Check) -> tuple[Reply, ...]:
        """The replies of a check, in the order of its asks, then of its follow-ups."""
        return tuple(self.replies[ask] for ask in self._asks_of(check) if ask in self.replies)

    def _asks_of(self, check: Check) -> tuple[Ask, ...]:
        return (*check.asks, *self._follow_ups.get(check.item, ()))

    def follow(self, check: Check, asks: tuple[Ask, ...]) -> bool:
        """Store the follow-ups of a check. Returns whether any of them is unanswered."""
        self._follow_ups[check.item] = asks
        unanswered = [ask for ask in dict.fromkeys(asks) if ask not in self.replies]
        for ask in unanswered:
            if ask not in self.asks:
                self._pending.append(ask)
            self.asks[ask] = (*self.asks.get(ask, ()), check.item)
            self._needing[ask].append(check)
        return bool(unanswered)

    def give_up(self, end: HostChanged) -> tuple[Check, ...]:
        """End without further replies: fill in failed replies. Returns the checks that were waiting."""
        cause = end.cause or Cause.ERROR
        detail = end.detail or "the transport gave no reply"
        for ask in self.asks:
            if ask not in self.replies:
                self.replies[ask] = Reply(
                    host=self.name, ask=ask, asked_at=now(), cause=cause, detail=detail, hint=end.hint
                )
        waiting, self._waiting = tuple(self._waiting.values()), {}
        self._needing.clear()
        return waiting
