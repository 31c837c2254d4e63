"""Saving in the background: it never blocks, loses nothing, and reports every failure."""

from __future__ import annotations

import queue
import threading
from datetime import date
from pathlib import Path

import pytest

from readiness_tui.errors import SessionError
from readiness_tui.model.session import Session
from readiness_tui.store.autosave import Autosaver, Light, SaveState
from readiness_tui.store.sessions import Sessions
from tests.samples import session

WAIT_S = 20.0


class Gate:
    """A save function that waits until the test decides how each attempt ends."""

    def __init__(self) -> None:
        self.attempts: queue.Queue[Session] = queue.Queue()
        self.answers: queue.Queue[SessionError | None] = queue.Queue()

    def save(self, one: Session) -> None:
        self.attempts.put(one)
        answer = self.answers.get(timeout=WAIT_S)
        if answer is not None:
            raise answer

    def attempt(self) -> Session:
        return self.attempts.get(timeout=WAIT_S)


def noted(text: str) -> Session:
    return session(notes=text)


@pytest.fixture
def gate() -> Gate:
    return Gate()


class Log:
    """The states told, and waiting for one."""

    def __init__(self) -> None:
        self.told: list[SaveState] = []
        self.threads: set[str] = set()
        self._more = threading.Condition()

    def __call__(self, state: SaveState) -> None:
        with self._more:
            self.told.append(state)
            self.threads.add(threading.current_thread().name)
            self._more.notify_all()

    def lights(self) -> list[Light]:
        return [state.light for state in self.told]

    def wait(self, count: int) -> None:
        with self._more:
            assert self._more.wait_for(lambda: len(self.told) >= count, WAIT_S)


def test_what_is_submitted_is_on_disk_after_flush(tmp_path: Path) -> None:
    sessions, log = Sessions(tmp_path), Log()
    sessions.create(noted("first"))
    saver = Autosaver(sessions.save, log)
    saver.submit(noted("second"))
    assert saver.flush(WAIT_S)
    assert Sessions(tmp_path).load("demo").notes == "second"
    assert not saver.unsaved
    log.wait(2)
    assert log.lights() == [Light.SAVING, Light.SAVED]
    assert log.threads == {"autosave"}
    assert saver.close(WAIT_S)


def test_nothing_submitted_is_nothing_to_wait_for(gate: Gate) -> None:
    saver = Autosaver(gate.save)
    assert saver.flush(0.0)
    assert saver.close(0.0)
    assert saver.state.light is Light.SAVED


def test_during_a_write_only_the_newest_session_waits(gate: Gate) -> None:
    saver = Autosaver(gate.save)
    saver.submit(noted("1"))
    assert gate.attempt().notes == "1"
    for number in range(2, 50):
        saver.submit(noted(str(number)))
    gate.answers.put(None)
    assert gate.attempt().notes == "49"
    gate.answers.put(None)
    assert saver.close(WAIT_S)
    assert gate.attempts.empty()


def test_a_flush_that_runs_out_of_time_says_so(gate: Gate) -> None:
    saver = Autosaver(gate.save)
    saver.submit(noted("1"))
    gate.attempt()
    assert not saver.flush(0.0)
    gate.answers.put(None)
    assert saver.close(WAIT_S)


def test_a_failure_is_reported_with_its_reason_and_retried(gate: Gate) -> None:
    log = Log()
    saver = Autosaver(gate.save, log, retry_s=0.01)
    saver.submit(noted("1"))
    gate.attempt()
    gate.answers.put(SessionError("cannot write: the disk is full", where="/x", hint="free some space"))
    assert gate.attempt().notes == "1"
    assert saver.unsaved
    assert (saver.state.light, saver.state.reason) == (Light.FAILED, "/x: cannot write: the disk is full")
    assert saver.state.hint == "free some space"
    gate.answers.put(None)
    assert saver.close(WAIT_S)
    log.wait(3)
    assert log.lights() == [Light.SAVING, Light.FAILED, Light.SAVED]  # red until it is saved


def test_after_a_failure_new_work_is_tried_at_once(gate: Gate) -> None:
    saver = Autosaver(gate.save, retry_s=3600)
    saver.submit(noted("1"))
    gate.attempt()
    gate.answers.put(SessionError("no"))
    saver.submit(noted("2"))
    assert gate.attempt().notes == "2"
    gate.answers.put(None)
    assert saver.close(WAIT_S)


def test_a_flush_after_a_failure_tries_at_once_and_tells_the_end(gate: Gate) -> None:
    log = Log()
    saver = Autosaver(gate.save, log, retry_s=3600)
    saver.submit(noted("1"))
    gate.attempt()
    gate.answers.put(SessionError("no"))
    log.wait(2)
    gate.answers.put(SessionError("still no"))
    assert not saver.flush(WAIT_S)
    assert saver.state.reason == "still no"
    gate.answers.put(None)
    assert saver.flush(WAIT_S)
    saver.close(WAIT_S)


def test_closing_unsaved_work_says_so_and_it_can_still_be_saved(gate: Gate) -> None:
    saver = Autosaver(gate.save, retry_s=3600)
    gate.answers.put(SessionError("no"))
    saver.submit(noted("1"))
    gate.attempt()
    gate.answers.put(SessionError("no"))
    assert not saver.close(WAIT_S)
    assert saver.unsaved
    gate.answers.put(None)
    saver.submit(noted("2"))
    assert saver.close(WAIT_S)
    assert not saver.unsaved


def test_submitting_does_not_wait_for_the_disk(gate: Gate) -> None:
    """While an attempt hangs, every submission still returns: the call itself proves it."""
    saver = Autosaver(gate.save)
    saver.submit(noted("0"))
    gate.attempt()
    for number in range(1000):
        saver.submit(noted(str(number)))
    gate.answers.put(None)
    gate.answers.put(None)
    assert saver.close(WAIT_S)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_of_the_program_itself_turns_the_light_red_and_later_work_is_saved(tmp_path: Path) -> None:
    sessions, log = Sessions(tmp_path), Log()
    sessions.create(noted("first"))
    broken = [True]

    def save(one: Session) -> None:
        if broken:
            broken.clear()
            raise AssertionError("a bug")
        sessions.save(one)

    saver = Autosaver(save, log)
    saver.submit(noted("second"))
    log.wait(2)
    assert saver.state.light is Light.FAILED
    assert "internal error" in saver.state.reason
    for thread in threading.enumerate():
        if thread.name == "autosave":
            thread.join(WAIT_S)
    saver.submit(noted("third"))
    assert saver.close(WAIT_S)
    assert Sessions(tmp_path).load("demo").notes == "third"


def test_a_file_changed_underneath_turns_the_light_red_and_is_kept(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path)
    path = sessions.create(noted("ours"))
    theirs = path.read_text().replace("ours", "theirs")
    path.write_text(theirs)
    saver = Autosaver(sessions.save, retry_s=3600)
    saver.submit(noted("ours again"))
    assert not saver.flush(WAIT_S)
    assert "changed by someone else" in saver.state.reason
    assert path.read_text() == theirs
    assert not saver.close(WAIT_S)


@pytest.mark.needs("root")
def test_work_outlives_a_full_disk(small_disk: Path) -> None:
    sessions, log = Sessions(small_disk), Log()
    sessions.create(noted("before"))
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 48_000)
    saver = Autosaver(sessions.save, log, retry_s=3600)
    work = noted("w" * 20_000)
    saver.submit(work)
    assert not saver.flush(WAIT_S)
    assert "the disk is full" in saver.state.reason
    assert Sessions(small_disk).load("demo").notes == "before"
    ballast.unlink()
    assert saver.flush(WAIT_S)
    assert Sessions(small_disk).load("demo") == work
    assert saver.close(WAIT_S)


def test_the_next_day_is_saved_by_the_same_saver(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path)
    sessions.create(noted("today"))
    saver = Autosaver(sessions.save)
    carried = sessions.today("demo", date(2026, 11, 25), "ana")
    saver.submit(carried.model_copy(update={"notes": "tomorrow"}))
    assert saver.close(WAIT_S)
    assert [Sessions(tmp_path).load("demo", day).notes for day in sessions.days("demo")] == [
        "today",
        "tomorrow",
    ]
