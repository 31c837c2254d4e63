"""`python -m tests.lab [GLOB...]`: replay the states whose name matches, all without one."""

from __future__ import annotations

import argparse
import dataclasses
import signal
import sys
from pathlib import Path
from threading import Event

from tests.lab.replay import replay, save, table
from tests.lab.states import every, select


def main() -> int:
    words = argparse.ArgumentParser(prog="tests.lab", description=__doc__)
    words.add_argument("globs", nargs="*")
    words.add_argument("--tree", type=Path, required=True)
    words.add_argument("--inputs", type=Path, required=True)
    words.add_argument("--states", type=Path)
    words.add_argument("--hosts", type=int, default=1, help="how many hosts to use side by side")
    words.add_argument("--accounts", help="look as these accounts, whatever the states say")
    words.add_argument("--json", type=Path, help="save every pair here")
    chosen = words.parse_args()
    states = select(every(chosen.states) if chosen.states else every(), chosen.globs)
    if not states:
        print(f"no state matches {' '.join(chosen.globs)}", file=sys.stderr)
        return 2
    if chosen.accounts:
        states = [dataclasses.replace(state, accounts=tuple(chosen.accounts.split(","))) for state in states]
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    pairs = replay(
        states, chosen.tree, chosen.inputs, chosen.hosts, lambda line: print(line, flush=True), stop
    )
    print()
    print(table(pairs))
    if chosen.json:
        save(pairs, chosen.json)
    return 1 if any(pair.kind != "right" for pair in pairs) else 0


if __name__ == "__main__":
    sys.exit(main())
