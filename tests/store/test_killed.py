"""SIGKILL at any time: the file can be parsed, and contains every answer that was confirmed."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import pytest

import readiness_tui
from readiness_tui.store.sessions import Sessions
from tests.samples import session

ROUNDS = 25
ITEMS = 209

WALK = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from readiness_tui.model.session import ChecklistRef, Record, Session
from readiness_tui.store.autosave import Autosaver
from readiness_tui.store.sessions import Sessions

sessions = Sessions(Path(sys.argv[1]))
session = sessions.today("walk", date(2026, 11, 24), "ana")
saver = Autosaver(sessions.save)
number = int(sys.argv[2])
while True:
    number += 1
    item = f"section.group.item-{number % %ITEMS%}"
    note = f"answer {number}\\n" * 20
    record = Record(text="sha256:" + "0" * 64, answer="done", by="ana", at=datetime.now(UTC), note=note)
    session = session.model_copy(update={"items": {**session.items, item: record}, "notes": str(number)})
    saver.submit(session)
    if number % 3 == 0 and saver.flush():
        print(number, flush=True)
""".replace("%ITEMS%", str(ITEMS))


def confirmed_before_kill(folder: Path, start: int, after: int) -> int:
    """Walk in a process of its own, kill it some time after its nth confirmation, say the last one."""
    process = subprocess.Popen(
        [sys.executable, "-c", WALK, str(folder), str(start)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(readiness_tui.__file__).parents[1],
    )
    assert process.stdout is not None
    assert process.stderr is not None
    last = start
    try:
        for line in process.stdout:
            last = int(line)
            after -= 1
            if after == 0:
                # Its own writes go on while the timer runs, so the kill falls at any point of one.
                threading.Timer(random.uniform(0, 0.01), process.kill).start()
    finally:
        process.kill()
        process.wait()
        complaint = process.stderr.read()
        process.stdout.close()
        process.stderr.close()
    assert complaint == ""
    return last


@pytest.fixture
def walked(tmp_path: Path) -> Path:
    Sessions(tmp_path).create(session(launch="walk"))
    return tmp_path


def test_every_confirmed_answer_outlives_a_kill_at_any_moment(walked: Path) -> None:
    last = 0
    for kill in range(ROUNDS):
        last = confirmed_before_kill(walked, last, after=1 + kill % 4)
        read = Sessions(walked).load("walk")  # raises if it does not parse
        assert int(read.notes or 0) >= last
        latest: dict[str, int] = {}
        for number in range(1, last + 1):
            latest[f"section.group.item-{number % ITEMS}"] = number
        for item, number in latest.items():
            kept = re.match(r"answer (\d+)\n", read.items[item].note)
            assert kept is not None
            assert int(kept[1]) >= number
        last = int(read.notes or 0)
    assert last >= ROUNDS


def test_what_a_killed_writer_left_is_swept_on_the_next_opening(walked: Path) -> None:
    last = 0
    for kill in range(3):
        last = confirmed_before_kill(walked, last, after=1 + kill)
        last = int(Sessions(walked).load("walk").notes or last)
    folder = Sessions(walked).folder_of("walk")
    gone = subprocess.Popen(["true"])
    gone.wait()
    (folder / f".2026-11-24.toml.{gone.pid}-0123abcd.tmp").write_text("half a ses")
    Sessions(walked).today("walk", date(2026, 11, 24), "ana")
    assert [path.name for path in folder.iterdir()] == ["2026-11-24.toml"]
