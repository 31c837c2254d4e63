"""The states of a host, as written in states/*.txt, and the verdicts that are true for them.

@ name | what to restore afterwards | item=truth ... | as=USER,...;set=K=V K=V;wait=S;u_USER=truth;tree=TREE
commands, run as root on the host, with trees/lib.sh read before them
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).with_name("states")
TRUTHS = ("pass", "fail", "info", "unknown", "notpass", "notfail")
ACCOUNTS = ("deploy", "limited", "readiness", "plain")
TREES = ("bookworm", "trixie", "bullseye", "sysv")
"""The hosts that states start from; bookworm where a state names none."""


class StateError(ValueError):
    """A state is not written as it should be; the text says where and why."""


@dataclass(frozen=True)
class State:
    """One state: the commands that make it, and what is true of it."""

    name: str
    area: str
    restore: str
    truths: dict[str, str]
    commands: str
    accounts: tuple[str, ...] = ("deploy",)
    sets: tuple[str, ...] = ()
    wait: float = 0
    user_truths: dict[str, str] = field(default_factory=dict)
    tree: str = TREES[0]

    def truth(self, item: str, account: str) -> str:
        return self.user_truths.get(account, self.truths[item])


def right(truth: str, verdict: str) -> bool:
    if truth.startswith("not"):
        return verdict != truth.removeprefix("not") and verdict in TRUTHS
    return verdict == truth


def wrongness(truth: str, verdict: str) -> str:
    """The kind of error: `right`, `false pass`, `false fail`, `avoidable unknown` or `other`."""
    if right(truth, verdict):
        return "right"
    if verdict == "unknown":
        return "avoidable unknown"
    return {"pass": "false pass", "fail": "false fail"}.get(verdict, "other")


def truths(text: str, where: str) -> dict[str, str]:
    pairs = dict(word.split("=", 1) for word in text.split() if "=" in word)
    wrong = [truth for truth in pairs.values() if truth not in TRUTHS]
    if not pairs or wrong or len(pairs) != len(text.split()):
        raise StateError(f"{where}: `{text}` is not item=truth ..., with a truth of {', '.join(TRUTHS)}")
    return pairs


def header(line: str, area: str, where: str) -> State:
    parts = [part.strip() for part in line.removeprefix("@").split(" | ")]
    if len(parts) not in (3, 4):
        raise StateError(f"{where}: a state's first line has three or four parts between ` | `")
    accounts: tuple[str, ...] = ("deploy",)
    sets: tuple[str, ...] = ()
    wait = 0.0
    users: dict[str, str] = {}
    tree = TREES[0]
    for option in filter(None, parts[3].split(";") if len(parts) == 4 else ()):
        key, _, value = option.strip().partition("=")
        if key == "as":
            accounts = tuple(value.split(","))
        elif key == "set":
            sets = tuple(value.split())
        elif key == "tree" and value in TREES:
            tree = value
        elif key == "wait":
            wait = float(value)
        elif key.startswith("u_") and value in TRUTHS:
            users[key.removeprefix("u_")] = value
        else:
            raise StateError(f"{where}: unknown option `{option}`")
    unknown = (set(accounts) | set(users)) - set(ACCOUNTS)
    if unknown:
        raise StateError(f"{where}: no such account: {', '.join(sorted(unknown))}")
    return State(parts[0], area, parts[1], truths(parts[2], where), "", accounts, sets, wait, users, tree)


def read(path: Path) -> list[State]:
    """The states of one file. Raises StateError."""
    heads: list[tuple[State, list[str]]] = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("@ "):
            heads.append((header(line, path.stem, f"{path.name}:{number}"), []))
        elif heads:
            heads[-1][1].append(line)
    found: list[State] = []
    for head, lines in heads:
        commands = "\n".join(lines).strip()
        if not commands and head.restore != "none":
            raise StateError(f"{path.name}: {head.name} restores {head.restore} but has no commands")
        found.append(State(**(vars(head) | {"commands": commands})))
    return found


def every(folder: Path = FOLDER) -> list[State]:
    """All states of the folder, each once. Raises StateError where two differ under one name."""
    found: dict[str, State] = {}
    for path in sorted(folder.glob("*.txt")):
        for state in read(path):
            if state.name in found and vars(found[state.name]) | {"area": ""} != vars(state) | {"area": ""}:
                raise StateError(f"{path.name}: {state.name} is written twice, differently")
            found.setdefault(state.name, state)
    return list(found.values())


def select(states: Iterable[State], globs: Iterable[str]) -> list[State]:
    patterns = list(globs)
    return [s for s in states if not patterns or any(fnmatch.fnmatchcase(s.name, p) for p in patterns)]


def representative(states: Iterable[State]) -> list[State]:
    """Few states that show every item right, wrong and in doubt, and every tree as it is when ready."""
    wanted: set[tuple[str, ...]] = set()
    chosen: list[State] = []
    for state in states:
        shown = {(item, truth.removeprefix("not")) for item, truth in state.truths.items()}
        news = {(state.tree, *pair) if state.tree == TREES[0] else (state.tree,) for pair in shown}
        if not news <= wanted:
            wanted |= news
            chosen.append(state)
    return chosen
