"""`python -m benchmarks.saving`: what saving and opening a session costs, against plain tomli-w.

Plain means `tomli_w.dumps` of the same data, written and fsynced, and `tomllib.load` of the same file.
All in turn, medians; the file lies where `--folder` says, because an fsync costs what the disk costs.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import statistics
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import tomli_w

from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.model.session import Change, ChecklistRef, Record, Session
from readiness_tui.store.autosave import Autosaver, Light
from readiness_tui.store.sessions import Sessions

NOW = datetime(2026, 11, 24, 9, 20, 11, tzinfo=UTC)
SIZES = ((209, 3, 1), (1_000, 10, 3), (5_000, 10, 4))
"""Items and hosts: the built-in checklist's, and how it grows; and the share of the rounds."""


@dataclass(frozen=True, slots=True)
class Took:
    """Medians in milliseconds for one size. kb: the file's size.

    submit, submit_worst: how long the caller of an autosave is held up, median and worst;
    submit_first: the first time, when the thread is started. late, late_idle: how late an event
    loop wakes that wants to every millisecond, the worst of each save and of as long without one.
    save: one answer changed, handed over, until it is on the disk. save_first: the same when nothing
    was written before. plain_save: tomli-w, write, fsync. load, plain_load: from the file.
    """

    items: int
    hosts: int
    kb: float
    submit: float
    submit_worst: float
    submit_first: float
    late: float
    late_idle: float
    save: float
    save_first: float
    plain_save: float
    load: float
    plain_load: float


def session(items: int, hosts: int) -> Session:
    """A launch half-way through: every item probed on every host, two of three with a note."""
    names = [f"host-{number}" for number in range(hosts)]
    ids = [f"section-{number // 50}.group-{number // 10}.item-{number}" for number in range(items)]
    return Session(
        launch="bench",
        day=date(2026, 11, 24),
        checklist=ChecklistRef(id="production", version=1, digest="sha256:" + "0" * 64),
        operator="ana",
        hosts=tuple(Host(name=name, address=f"{name}.internal", roles=("app",)) for name in names),
        items={item: _record(number, names) for number, item in enumerate(ids)},
        history=tuple(
            Change(at=NOW + timedelta(seconds=number), by="ana", what="answer", item=item, new="done")
            for number, item in enumerate(ids)
        ),
    )


def _record(number: int, hosts: Sequence[str]) -> Record:
    outcome = Outcome(
        verdict=Verdict.PASS,
        evidence=f"PermitRootLogin no ({number} of {number} addresses; 1 Match block) in sshd_config",
        facts={"permitrootlogin": "no", "matches": str(number)},
        asked_at=NOW,
        took_ms=41 + number % 7,
        asked=f"sha256:{number:064d}",
    )
    return Record(
        text=f"sha256:{number:064d}",
        answer=AnswerKind.DONE,
        by="ana",
        at=NOW,
        note=f"Checked item {number}\nwith the bastion's Match block too.\n" if number % 3 else "",
        outcomes={host: outcome.model_copy(update={"took_ms": 40 + at}) for at, host in enumerate(hosts)},
    )


def answered(before: Session, turn: int) -> Session:
    """The session after one more note and its line of history, as an edit makes it."""
    item = tuple(before.items)[turn * 7 % len(before.items)]
    record = before.items[item].model_copy(update={"note": f"Looked again, {turn}.\n"})
    change = Change(at=NOW + timedelta(days=1, seconds=turn), by="ana", what="note", item=item)
    update = {"items": {**before.items, item: record}, "history": (*before.history, change)}
    return before.model_copy(update=update)


class _Times:
    """Milliseconds by name, over all rounds."""

    def __init__(self) -> None:
        self._all: dict[str, list[float]] = {}

    def take(self, name: str, work: Callable[[], object]) -> None:
        """Do it, and note how long it took."""
        began = time.perf_counter()
        work()
        self.note(name, began)

    def note(self, name: str, began: float) -> None:
        """It began then, and has ended."""
        self.keep(name, (time.perf_counter() - began) * 1000)

    def keep(self, name: str, milliseconds: float) -> None:
        """It took so long."""
        self._all.setdefault(name, []).append(milliseconds)

    def has(self, name: str) -> bool:
        return name in self._all

    def median(self, name: str) -> float:
        return statistics.median(self._all[name])

    def worst(self, name: str) -> float:
        return max(self._all[name])


def measure(items: int, hosts: int, folder: Path, *, rounds: int) -> Took:
    """Save and load one size, in turn with plain tomli-w. Raises RuntimeError when not saved.

    rounds: 2 or more; the first is told apart.
    """
    work = session(items, hosts)
    launch, sessions = work.launch, Sessions(folder)
    path = sessions.create(work)
    plain, beside = tomllib.loads(path.read_text()), folder / "plain.toml"
    times = _Times()
    saver = Autosaver(sessions.save)
    for turn in range(rounds):
        work = answered(work, turn)
        asyncio.run(_save(saver, work, times))
        times.take("plain_save", lambda: _plain_save(plain, beside))
        times.take("load", lambda: Sessions(folder).load(launch))
        times.take("plain_load", lambda: _plain_load(path))
        times.take("save_first", _first_save(work, folder / "anew" / str(turn)))
    saver.close()
    named = (
        "submit",
        "submit_first",
        "save",
        "save_first",
        "plain_save",
        "load",
        "plain_load",
        "late",
        "late_idle",
    )
    medians = {name: times.median(name) for name in named}
    return Took(items, hosts, path.stat().st_size / 1000, submit_worst=times.worst("submit"), **medians)


async def _save(saver: Autosaver, work: Session, times: _Times) -> None:
    """Hand a session over on a running event loop, and watch the loop until it is on the disk."""
    began = time.perf_counter()
    saver.submit(work)
    times.note("submit" if times.has("submit_first") else "submit_first", began)
    late = await _lateness(lambda: saver.unsaved and saver.state.light is not Light.FAILED)
    if saver.unsaved:
        raise RuntimeError(f"not saved: {saver.state.reason}")
    times.note("save", began)
    until = time.perf_counter() + times.median("save") / 1000
    times.keep("late", late)
    times.keep("late_idle", await _lateness(lambda: time.perf_counter() < until))


async def _lateness(going_on: Callable[[], bool]) -> float:
    """The worst that a sleep of a millisecond takes too long meanwhile, in milliseconds."""
    worst = 0.0
    while going_on():
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        worst = max(worst, (time.perf_counter() - began) * 1000 - 1)
    return worst


def _first_save(work: Session, folder: Path) -> Callable[[], object]:
    sessions = Sessions(folder)
    sessions.path(work).parent.mkdir(parents=True)
    return lambda: sessions.save(work)


def _plain_save(plain: dict[str, object], path: Path) -> None:
    with path.open("wb") as file:
        file.write(tomli_w.dumps(plain).encode())
        file.flush()
        os.fsync(file.fileno())


def _plain_load(path: Path) -> object:
    with path.open("rb") as file:
        return tomllib.load(file)


def markdown(all_took: Sequence[Took], rounds: int) -> str:
    """The tables."""
    return "\n".join(_lines(all_took, rounds)) + "\n"


def _lines(all_took: Sequence[Took], rounds: int) -> Iterator[str]:
    yield f"Milliseconds, medians of {rounds} rounds (fewer for larger sizes); ratios to plain tomli-w.\n"
    heads = (
        "items x hosts",
        "file KB",
        "caller held up (worst; first)",
        "loop late (idle)",
        "save after one answer",
        "first save",
    )
    yield "| " + " | ".join((*heads, "plain save", "load", "plain load")) + " |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for took in all_took:
        cells = (
            f"{took.items:,} x {took.hosts}",
            f"{took.kb:,.0f}",
            f"{took.submit:.2f} ({took.submit_worst:.2f}; {took.submit_first:.2f})",
            f"{took.late:.1f} ({took.late_idle:.1f})",
            f"{took.save:.1f} ({took.save / took.plain_save:.2f} x)",
            f"{took.save_first:.1f} ({took.save_first / took.plain_save:.2f} x)",
            f"{took.plain_save:.1f}",
            f"{took.load:.1f} ({took.load / took.plain_load:.2f} x)",
            f"{took.plain_load:.1f}",
        )
        yield "| " + " | ".join(cells) + " |"
    yield "\n| goal | measured | to keep | |\n|---|---|---|---|"
    for name, measured, goal in goals(all_took[0]):
        yield f"| {name} | {measured:.3g} | < {goal:g} | {'held' if measured < goal else 'MISSED'} |"
    if len(all_took) > 1:
        yield "\n" + growth(all_took[0], all_took[-1])


def goals(took: Took) -> tuple[tuple[str, float, float], ...]:
    """What it is called, what was measured, what to stay under; for the built-in checklist's size."""
    return (
        ("autosave holds the caller up, worst, ms", took.submit_worst, 5.0),
        ("the first time, with the start of its thread, ms", took.submit_first, 5.0),
        ("event loop late while it saves, ms", took.late, 5.0),
        ("save after one answer / plain save", took.save / took.plain_save, 3.0),
        ("first save / plain save", took.save_first / took.plain_save, 3.0),
        ("load / plain load", took.load / took.plain_load, 3.0),
    )


def growth(small: Took, large: Took) -> str:
    """How times grow when the data grows."""
    by = (large.items * large.hosts) / (small.items * small.hosts)
    parts = [f"{name} {getattr(large, name) / getattr(small, name):.0f} x" for name in ("kb", "save", "load")]
    return (
        f"From {small.items} x {small.hosts} to {large.items} x {large.hosts} is {by:.0f} x the outcomes: "
        + (", ".join(parts).replace("kb", "file"))
    )


def main(words: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.saving", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="of the first size (9); fewer of larger ones")
    parser.add_argument("--quick", action="store_true", help="three rounds of the first size only")
    parser.add_argument("--folder", help="where to write (a temporary folder)")
    parser.add_argument("--json", action="store_true", help="figures instead of tables")
    asked = parser.parse_args(words)
    rounds, sizes = (3, SIZES[:1]) if asked.quick else (asked.rounds, SIZES)
    found: list[Took] = []
    for items, hosts, share in sizes:
        with tempfile.TemporaryDirectory(dir=asked.folder, prefix="saving-") as folder:
            found.append(measure(items, hosts, Path(folder), rounds=max(2, rounds // share)))
    text = json.dumps([dataclasses.asdict(took) for took in found], indent=1) + "\n"
    print(text if asked.json else markdown(found, rounds), end="")


if __name__ == "__main__":
    main(sys.argv[1:])
