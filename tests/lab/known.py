"""The verdicts known to be wrong. The list may only shrink: what turns right is taken out of it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

import tomli_w

from tests.lab.replay import Pair

FILE = Path(__file__).with_name("known.toml")
HEAD = """\
# Verdicts of the lab's states that are known to be wrong: "STATE ITEM ACCOUNT" = "what the program says".
# This list may only shrink. A pair that turns right, or that is wrong in another way, fails the test:
# `make lab PRUNE=1` takes out what turned right.

"""


def read(path: Path = FILE) -> dict[str, str]:
    return tomllib.loads(path.read_text())["wrong"] if path.exists() else {}


def write(wrong: dict[str, str], path: Path = FILE) -> None:
    path.write_text(HEAD + tomli_w.dumps({"wrong": dict(sorted(wrong.items()))}))


def complaints(pairs: Iterable[Pair], known: dict[str, str]) -> list[str]:
    """What differs from the known list: pairs newly wrong, wrong in another way, or right although listed."""
    found: list[str] = []
    for pair in pairs:
        listed = known.get(pair.name)
        said = f"{pair.name}: {pair.verdict}, and {pair.truth} is true. {pair.evidence}"
        if pair.kind == "right" and listed is not None:
            found.append(f"{pair.name} is right now: take it out of known.toml (make lab PRUNE=1)")
        elif pair.kind != "right" and listed is None:
            found.append(f"{pair.kind}: {said}")
        elif pair.kind != "right" and listed != pair.verdict:
            found.append(f"known to be wrong as {listed}, now {pair.kind}: {said}")
    return found


def stale(pairs: Iterable[Pair], known: dict[str, str]) -> list[str]:
    """Listed pairs that no state asks for; `pairs` are those of all states."""
    return sorted(known.keys() - {pair.name for pair in pairs})
