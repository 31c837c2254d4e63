"""Save in the background: one thread writes the newest session, other threads submit it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from readiness_tui.errors import SessionError
from readiness_tui.model.session import Session

RETRY_S = 3.0
"""Seconds between attempts while saving fails."""


class Light(StrEnum):
    """The state of the save indicator."""

    SAVED = "saved"
    SAVING = "saving"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SaveState:
    """The state of saving. at: since when, UTC. reason, hint: if it failed, why and what to do."""

    light: Light
    at: datetime
    reason: str = ""
    hint: str = ""


Listener = Callable[[SaveState], None]
"""Called from the writing thread at every change of state. It must not block."""


class Autosaver:
    """Save each submitted session, only the newest one, and retry after failures.

    save: writes one session and raises SessionError (`Sessions.save`). Sessions that cannot be written
    are kept in memory. The thread starts with the first submission and ends with `close`.
    """

    def __init__(
        self,
        save: Callable[[Session], object],
        listener: Listener = lambda state: None,
        *,
        retry_s: float = RETRY_S,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._save = save
        self._listener = listener
        self._retry_s = retry_s
        self._clock = clock
        self._state = SaveState(Light.SAVED, clock())
        self._turn = threading.Condition()
        self._newest: Session | None = None
        self._submitted = 0  # number of submitted sessions; the last ones tried and saved
        self._tried = 0
        self._saved = 0
        self._begun = 0  # attempts
        self._ended = 0
        self._hurry = False
        self._closing = False
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> SaveState:
        """The present state of saving."""
        return self._state

    @property
    def unsaved(self) -> bool:
        """Whether something submitted is not on disk yet."""
        with self._turn:
            return self._saved < self._submitted

    def submit(self, session: Session) -> None:
        """Save the session soon; returns at once. An older session that is not yet written is dropped."""
        with self._turn:
            self._newest = session
            self._submitted += 1
            self._closing = False
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="autosave", daemon=True)
                self._thread.start()
            self._turn.notify_all()

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until everything submitted is on disk, retrying at once if saving had failed.

        timeout: seconds. Returns False if it was not saved: an attempt failed, or the time ran out.
        """
        with self._turn:
            wanted, first = self._submitted, self._begun + 1
            if self._saved >= wanted:
                return True
            self._hurry = True
            self._turn.notify_all()

            def settled() -> bool:
                return self._saved >= wanted or self._ended >= first

            self._turn.wait_for(settled, timeout)
            return self._saved >= wanted

    def close(self, timeout: float = 5.0) -> bool:
        """Flush, then stop the thread. Returns False if something is unsaved."""
        done = self.flush(timeout)
        with self._turn:
            self._closing = True
            self._turn.notify_all()
        if self._thread is not None:
            self._thread.join(timeout)
        return done

    def _work(self) -> None:
        while (work := self._next()) is not None:
            session, number = work
            if self._state.light is not Light.FAILED:  # the state stays FAILED until it is saved
                self._notify(SaveState(Light.SAVING, self._clock()))
            end = SaveState(Light.FAILED, self._clock(), "saving stopped: internal error")
            saved = self._saved
            try:
                self._save(session)
                end, saved = SaveState(Light.SAVED, self._clock()), number
            except SessionError as error:
                end = SaveState(Light.FAILED, self._clock(), _one_line(error), error.hint)
            finally:
                self._settle(end, saved)

    def _next(self) -> tuple[Session, int] | None:
        """The session to write; None when closing. Waits, after a failure until the retry is due."""
        with self._turn:
            while True:
                if self._closing:
                    return None
                waiting = self._newest is not None and self._saved < self._submitted
                fresh = self._submitted > self._tried
                if waiting and (self._hurry or fresh):
                    break
                if not self._turn.wait(self._retry_s if waiting else None):
                    break
            self._hurry = False
            self._begun += 1
            self._tried = self._submitted
            assert self._newest is not None  # only after a submission is there something to wait for
            return self._newest, self._submitted

    def _settle(self, state: SaveState, saved: int) -> None:
        with self._turn:
            self._state, self._saved, self._ended = state, saved, self._begun
            self._turn.notify_all()
        self._listener(state)

    def _notify(self, state: SaveState) -> None:
        self._state = state
        self._listener(state)


def _one_line(error: SessionError) -> str:
    """The error on one line, without its hint."""
    return f"{error.where}: {error.message}" if error.where else error.message
