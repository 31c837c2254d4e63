"""`python -m tests.lab [GLOB...]`: build the lab and replay the states that match, all without one."""

from __future__ import annotations

import argparse
import dataclasses
import os
import signal
import sys
from pathlib import Path
from threading import Event

from tests.lab import build, known
from tests.lab.replay import replay, save, table
from tests.lab.states import every, select


def arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="tests.lab", description=__doc__)
    words.add_argument("globs", nargs="*")
    words.add_argument("--tree", type=Path, help="boot this tree instead of building one")
    words.add_argument("--inputs", type=Path, help="the key and certificates the tree was made with")
    words.add_argument("--states", type=Path, help="a folder of states, instead of the lab's own")
    words.add_argument("--hosts", type=int, default=min(3, os.cpu_count() or 1), help="hosts side by side")
    words.add_argument("--accounts", help="look as these accounts, whatever the states say")
    words.add_argument("--json", type=Path, help="save every pair here")
    words.add_argument("--prune", action="store_true", help="take what turned right out of known.toml")
    words.add_argument("--record", action="store_true", help="write known.toml anew, for the states replayed")
    return words.parse_args()


def main() -> int:
    chosen = arguments()
    states = select(every(chosen.states) if chosen.states else every(), chosen.globs)
    if not states:
        print(f"no state matches {' '.join(chosen.globs)}", file=sys.stderr)
        return 2
    if chosen.accounts:
        states = [dataclasses.replace(state, accounts=tuple(chosen.accounts.split(","))) for state in states]
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())

    def tree(name: str) -> Path:
        return chosen.tree or build.ready(name).built()

    inputs = chosen.inputs or build.inputs().built()
    pairs = replay(states, tree, inputs, chosen.hosts, lambda line: print(line, flush=True), stop)
    print(f"\n{table(pairs)}")
    if chosen.json:
        save(pairs, chosen.json)
    listed = known.read()
    if chosen.prune:
        right = {pair.name for pair in pairs if pair.kind == "right"}
        known.write({name: said for name, said in listed.items() if name not in right})
        listed = known.read()
    if chosen.record:
        replayed = {pair.name for pair in pairs}
        kept = {name: said for name, said in listed.items() if name not in replayed}
        known.write(kept | {pair.name: pair.verdict for pair in pairs if pair.kind != "right"})
        listed = known.read()
    differ = known.complaints(pairs, listed)
    print("\n" + ("\n".join(differ) or "nothing differs from known.toml"))
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
