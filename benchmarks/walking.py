"""`python -m benchmarks.walking`: opening, walking and saving launches of three sizes in the real TUI.

The screens run without a terminal, driven key by key. What is asked is whether anything freezes: an event
loop that wants to wake every few milliseconds says by how much it was late while a key was being served.
Beside each size, in the same run, stand `tomllib` and PyYAML alone on the same two files.
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
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from textual.pilot import Pilot

from benchmarks.saving import NOW, session
from readiness_tui.launch import load_checklist, reference
from readiness_tui.model.session import Record
from readiness_tui.store.sessions import Sessions
from readiness_tui.tui.app import ReadinessApp
from readiness_tui.tui.walk.screen import WalkScreen

SIZES = ((209, 3), (1_000, 10), (5_000, 10))
"""Items and hosts: the built-in checklist's, and how it grows."""

PROBED = 5
"""Every so-manieth item has a probe: a checklist of 5,000 is then just within what the reader takes."""

FREEZE_MS = 100.0
"""What an operator feels as a freeze."""

TICK_S = 0.002
"""Seconds that the watch of the loop sleeps."""

REST_S = 0.2
"""Seconds after a key in which what it caused may still hold up the loop: repainting, saving."""

ROLES = ("technical", "operations", "security", "product")

ITEM = """\
          - id: section-{section}.group-{group}.item-{number}
            text: "Item {number} of the benchmark holds on every host"
            mode: {mode}
            severity: {severity}
            role: technical
            why: "Without it the launch would not survive its first night."
            how: "Look at page {number} of the handbook."
"""
PROBE = """\
            probe: {kind: command, where: [app], run: [sh --version], pass: {absent: {empty: true}}}
"""
APPROVAL = """\
          - id: approval.leads.{role}
            text: "{role} approves"
            mode: derived
            derive: approval
            severity: major
            role: {role}
            why: "Somebody answers for it."
            how: "The sign-off."
"""


def checklist(items: int) -> str:
    """A checklist of so many items, some with a probe, in sections of 50 and groups of 10."""
    lines = ["id: bench", "title: A large checklist", "version: 1", "roles:"]
    lines += [f"  - {{id: {role}, title: {role}}}" for role in ROLES]
    lines += ["sections:"]
    for number in range(items):
        section, group = number // 50, number // 10
        if number % 50 == 0:
            lines += [f"  - id: section-{section}", f"    title: Section {section}", "    groups:"]
        if number % 10 == 0:
            lines += [f"      - id: group-{group}", f"        title: Group {group}", "        items:"]
        severity = ("blocker", "major", "minor")[number % 3]
        mode = "manual" if number % PROBED else "auto"
        lines.append(
            ITEM.format(section=section, group=group, number=number, mode=mode, severity=severity).rstrip()
        )
        lines += [] if number % PROBED else [PROBE.rstrip()]
    lines += ["  - id: approval", "    title: Approval", "    groups:", "      - id: leads"]
    lines += ["        title: Leads", "        items:"]
    lines += [APPROVAL.format(role=role).rstrip() for role in ROLES]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Took:
    """One size. session_kb, checklist_kb: the files. open, plain_open, save: seconds.

    open: from asking until the walk is drawn; plain_open: the two files read by tomllib and PyYAML alone.
    The others say how late the loop was, in milliseconds, the worst of each key: idle without any;
    opening; the medians and worsts of next (a step down) and answer (done, and on to the next open one),
    with the saving that it causes. save: from an answer until it is on the disk, median.
    """

    items: int
    hosts: int
    session_kb: float
    checklist_kb: float
    open: float
    plain_open: float
    save: float
    idle: float
    opening: float
    next: float
    next_worst: float
    answer: float
    answer_worst: float


def launch(folder: Path, items: int, hosts: int) -> tuple[Path, Path]:
    """A launch half-way, and its checklist: the files of both. Every third item is not answered yet."""
    source = folder / "bench.yaml"
    source.write_text(checklist(items), encoding="utf-8")
    found, work = load_checklist(str(source)), session(items, hosts)
    open_again: dict[str, object] = {"answer": None, "by": "", "at": None, "text": None}
    records: dict[str, Record] = {}
    for number, (item, record) in enumerate(work.items.items()):
        update = {"text": found.items[item].digest} if number % 3 else open_again
        records[item] = record.model_copy(update=update)
    work = work.model_copy(update={"items": records, "checklist": reference(found)})
    return Sessions(folder / "sessions").create(work), source


class Watch:
    """How late the loop wakes that wants to every few milliseconds."""

    def __init__(self) -> None:
        self._worst = 0.0
        self._task = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(TICK_S)
            self._worst = max(self._worst, time.perf_counter() - began - TICK_S)

    async def during(self, work: Callable[[], Awaitable[object]]) -> float:
        """The worst of it, in milliseconds, until the work is done and the loop has woken once more."""
        await asyncio.sleep(TICK_S)
        self._worst = 0.0
        await work()
        await asyncio.sleep(2 * TICK_S)
        return self._worst * 1000

    def end(self) -> None:
        """Stop watching."""
        self._task.cancel()


def measure(items: int, hosts: int, folder: Path, *, keys: int) -> Took:
    """Open, walk and save one size. keys: how often each key is pressed, 1 or more."""
    session_file, source = launch(folder, items, hosts)
    began = time.perf_counter()
    tomllib.loads(session_file.read_text(encoding="utf-8"))
    yaml.compose(source.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    plain = time.perf_counter() - began
    kb = (session_file.stat().st_size / 1000, source.stat().st_size / 1000)
    return asyncio.run(_measure(Took(items, hosts, *kb, 0, plain, *[0] * 7), folder, keys))


async def _measure(size: Took, folder: Path, keys: int) -> Took:
    app = ReadinessApp(
        folder / "sessions", launch="bench", operator="ana", clock=lambda: NOW, today=lambda: NOW.date()
    )
    watch = Watch()
    began = time.perf_counter()
    async with app.run_test(size=(140, 40)) as pilot:
        opening = await watch.during(lambda: _walk(app))
        took = time.perf_counter() - began
        walk = app.screen
        assert isinstance(walk, WalkScreen)
        idle = max([await watch.during(lambda: asyncio.sleep(REST_S)) for _ in range(keys)])
        steps = [await _pressed(pilot, watch, walk, "j") for _ in range(keys)]
        answers, saves = [], []
        for _ in range(keys):
            answers.append(await _pressed(pilot, watch, walk, "space"))
            saves.append(await _saved(pilot, walk))
        watch.end()
    return dataclasses.replace(
        size,
        open=took,
        save=statistics.median(saves),
        idle=idle,
        opening=opening,
        next=statistics.median(steps),
        next_worst=max(steps),
        answer=statistics.median(answers),
        answer_worst=max(answers),
    )


async def _walk(app: ReadinessApp) -> None:
    """Until the walk is drawn."""
    while not (isinstance(app.screen, WalkScreen) and app.screen.query("#list") and app.screen.list.keys):
        await asyncio.sleep(TICK_S)


async def _settled(walk: WalkScreen) -> None:
    """Until nothing is waiting to be saved, nor comes by itself."""
    await asyncio.sleep(0.6)  # the place of the cursor is saved when it has rested
    while walk.workspace.unsaved:
        await asyncio.sleep(TICK_S)


async def _pressed(pilot: Pilot[None], watch: Watch, walk: WalkScreen, key: str) -> float:
    """How late the loop was for this key, and for what it caused."""
    await _settled(walk)

    async def press() -> None:
        await pilot.press(key)
        await asyncio.sleep(REST_S)

    return await watch.during(press)


async def _saved(pilot: Pilot[None], walk: WalkScreen) -> float:
    """Seconds from an answer until it is on the disk."""
    await _settled(walk)
    began = time.perf_counter()
    await pilot.press("space")
    while walk.workspace.unsaved:
        await asyncio.sleep(TICK_S)
    return time.perf_counter() - began


def markdown(all_took: Sequence[Took]) -> str:
    """The tables."""
    return "\n".join(_lines(all_took)) + "\n"


def _lines(all_took: Sequence[Took]) -> Iterator[str]:
    yield "Seconds, open in ratio to plain; how late the loop was, in milliseconds, median of keys (worst).\n"
    heads = ("items x hosts", "files KB", "open", "plain", "save", "late: idle", "opening", "next", "answer")
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for took in all_took:
        cells = (
            f"{took.items:,} x {took.hosts}",
            f"{took.session_kb:,.0f} + {took.checklist_kb:,.0f}",
            f"{took.open:.2f} ({took.open / took.plain_open:.2f} x)",
            f"{took.plain_open:.2f}",
            f"{took.save:.2f}",
            f"{took.idle:.0f}",
            f"{took.opening:.0f}",
            f"{took.next:.0f} ({took.next_worst:.0f})",
            f"{took.answer:.0f} ({took.answer_worst:.0f})",
        )
        yield "| " + " | ".join(cells) + " |"
    if len(all_took) > 1:
        yield "\n| goal, at the largest size | measured | to keep | |\n|---|---|---|---|"
        for name, measured, goal in goals(all_took[-1]):
            yield f"| {name} | {measured:.3g} | < {goal:g} | {'held' if measured < goal else 'MISSED'} |"
        yield "\n" + growth(all_took[0], all_took[-1])


def goals(took: Took) -> tuple[tuple[str, float, float], ...]:
    """What it is called, what was measured, what to stay under."""
    return (
        ("next item: loop late, median, ms", took.next, FREEZE_MS),
        ("next item: loop late, worst, ms", took.next_worst, FREEZE_MS),
        ("answer: loop late, median, ms", took.answer, FREEZE_MS),
        ("answer: loop late, worst, ms", took.answer_worst, FREEZE_MS),
        ("open / tomllib and PyYAML alone", took.open / took.plain_open, 2.0),
    )


def growth(small: Took, large: Took) -> str:
    """How times grow when the data grows."""
    by = (large.items * large.hosts) / (small.items * small.hosts)
    names = ("session_kb", "open", "save", "next", "answer")
    parts = [f"{name} {getattr(large, name) / getattr(small, name):.1f} x" for name in names]
    return (
        f"From {small.items} x {small.hosts} to {large.items} x {large.hosts} is {by:.0f} x the outcomes: "
        + ", ".join(parts).replace("session_kb", "file")
    )


def main(words: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.walking", description=__doc__)
    parser.add_argument("--keys", type=int, default=12, help="how often each key is pressed (12)")
    parser.add_argument("--quick", action="store_true", help="the first size only, three times each key")
    parser.add_argument("--folder", help="where to write (a temporary folder)")
    parser.add_argument("--json", action="store_true", help="figures instead of tables")
    asked = parser.parse_args(words)
    keys, sizes = (3, SIZES[:1]) if asked.quick else (asked.keys, SIZES)
    found: list[Took] = []
    for items, hosts in sizes:
        with tempfile.TemporaryDirectory(dir=asked.folder, prefix="walking-") as folder:
            os.environ["XDG_STATE_HOME"] = str(Path(folder, "state"))
            found.append(measure(items, hosts, Path(folder), keys=max(1, keys)))
    text = json.dumps([dataclasses.asdict(took) for took in found], indent=1) + "\n"
    print(text if asked.json else markdown(found), end="")


if __name__ == "__main__":
    main(sys.argv[1:])
