"""Put a host into state after state, ask the program, and compare its verdicts with the truth."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import TimeoutExpired
from threading import Event

from tests.lab.host import RUNNING, Host, LabError, booted
from tests.lab.program import Answer, Operator, operator
from tests.lab.states import TREES, State, wrongness

FIELDS = Path(__file__).with_name("fields")
HELPERS = Path(__file__).with_name("trees") / "lib.sh"
KINDS = ("right", "false pass", "false fail", "avoidable unknown", "other")
AGAIN = ("unknown", "error", "no outcome")  # asked once more: a busy machine is not the program's fault
READY = """
systemctl is-system-running --wait >/dev/null
for n in $(seq 40); do chronyc -n -c tracking | grep -q Normal && exit 0; sleep 0.25; done; exit 1
"""


@dataclass(frozen=True)
class Pair:
    """One item in one state as one account sees it."""

    state: str
    item: str
    account: str
    truth: str
    verdict: str
    cause: str | None
    evidence: str

    @property
    def kind(self) -> str:
        return wrongness(self.truth, self.verdict)

    @property
    def name(self) -> str:
        return f"{self.state} {self.item} {self.account}"


def prepare(host: Host, ready: str = "") -> None:
    """Put the helpers on the host and keep its ready state, once the script `ready` succeeds there."""
    if ready:
        host.wait(ready, "the clock was not synchronised")
    (host.tree / "root/lib.sh").write_text(HELPERS.read_text())
    shutil.copytree(FIELDS, host.tree / "root/fields", dirs_exist_ok=True)
    done = host.root(". /root/lib.sh; bk")
    if done.status:
        raise LabError(f"the ready state was not kept: {done.output}")


def grant(host: Host, who: Operator, account: str = "readiness") -> None:
    """Give the account what the program says it needs: its sudoers lines; its groups it has from the tree."""
    place = host.tree / "etc/sudoers.d" / f"granted-{account}"
    place.write_text(who.granted(account))
    place.chmod(0o440)
    done = host.root(f"cd /etc/sudoers.d && chown root:root {place.name} && visudo -qcf {place.name}")
    if done.status:
        raise LabError(f"sudo does not take the lines for {account}: {done.output}")


def answer_for(answers: dict[str, Answer], item: str) -> Answer:
    for identity, answer in answers.items():
        if item in (identity, identity.rpartition(".")[2]):
            return answer
    return Answer("no outcome", None, "")


def ask(state: State, account: str, items: Sequence[str], who: Operator) -> dict[str, Answer]:
    try:
        return who.verdicts(f"lab-{state.name.lower()}", account, items, state.sets)
    except (LabError, TimeoutExpired) as error:
        return {item: Answer("error", None, str(error)) for item in items}


def look(state: State, who: Operator) -> Iterator[Pair]:
    """Ask the program about the state, as each of its accounts."""
    for account in state.accounts:
        items = list(state.truths)
        answers = ask(state, account, items, who)
        if any(answer_for(answers, item).verdict in AGAIN for item in items):
            answers = ask(state, account, items, who)
        for item in items:
            answer = answer_for(answers, item)
            yield Pair(state.name, item, account, state.truth(item, account), answer.verdict, answer.cause,
                       answer.evidence)  # fmt: skip


def visit(host: Host, who: Operator, state: State, say: Callable[[str], None]) -> list[Pair]:
    """Make the state, look at it, restore the ready state."""
    try:
        if state.commands:
            done = host.root(f". /root/lib.sh\n{state.commands}\n")
            if done.status:
                say(f"   {state.name}: its commands ended with {done.status}: {done.output.strip()[-300:]}")
        if state.wait:
            host.root(f"sleep {state.wait}")
        return list(look(state, who))
    finally:
        parts = " ".join(f"r_{part};" for part in state.restore.split() if part != "none")
        restored = host.root(f". /root/lib.sh; {parts} sleep 1" if parts else ":")
        if restored.status:
            say(f"   {state.name}: restoring {state.restore}: {restored.output.strip()[-300:]}")


def dealt(states: Sequence[State], hosts: int) -> list[tuple[str, list[State]]]:
    """Each tree with the states of one host of it; only bookworm's go to several hosts."""
    found: list[tuple[str, list[State]]] = []
    for tree in TREES:
        ours = [state for state in states if state.tree == tree]
        found += [(tree, share) for share in shares(ours, hosts if tree == TREES[0] else 1)]
    return found


def shares(states: Sequence[State], hosts: int) -> list[list[State]]:
    """The states over so many hosts: those that restore the same thing stay together, in their order."""
    groups: dict[str, list[State]] = {}
    for state in states:
        groups.setdefault(state.restore, []).append(state)
    found: list[list[State]] = [[] for _ in range(hosts)]
    for group in sorted(groups.values(), key=len, reverse=True):
        min(found, key=len).extend(group)
    # What needs no restoring comes first: it looks at the host as it was booted.
    return [sorted(share, key=lambda state: state.restore != "none") for share in found if share]


def replay(states: Sequence[State], trees: Callable[[str], Path], inputs: Path, hosts: int = 1,
           say: Callable[[str], None] = print, stop: Event | None = None) -> list[Pair]:  # fmt: skip
    """Visit every state on as many hosts as are asked for, side by side. Raises LabError.

    trees: gives the folder of a tree, which is built when it is not there.

    Once `stop` is set no further state is visited, and the hosts are removed.
    """

    def walk(name: str, share: list[State]) -> list[Pair]:
        pairs: list[Pair] = []
        with ExitStack() as stack:
            host = stack.enter_context(booted(trees(name), RUNNING[name == "sysv"]))
            prepare(host, *([] if name == "sysv" else [READY]))
            who = stack.enter_context(operator(host, inputs))
            grant(host, who)
            for state in share:
                if stop and stop.is_set():
                    break
                seen = visit(host, who, state, say)
                for pair in seen:
                    mark = "ok  " if pair.kind == "right" else "WRONG"
                    say(f"{mark} {pair.name}: {pair.verdict} (truth {pair.truth}) - {pair.evidence}")
                pairs += seen
        return pairs

    with ThreadPoolExecutor(max(1, hosts)) as pool:
        each = [pool.submit(walk, name, share) for name, share in dealt(states, hosts)]
        return [pair for one in each for pair in one.result()]


def table(pairs: Iterable[Pair]) -> str:
    """Item by kind of error, and every wrong pair."""
    counts: dict[str, Counter[str]] = {}
    wrong: list[Pair] = []
    total: Counter[str] = Counter()
    for pair in pairs:
        counts.setdefault(pair.item, Counter())[pair.kind] += 1
        total[pair.kind] += 1
        if pair.kind != "right":
            wrong.append(pair)
    lines = [f"{'item':24}" + "".join(f"{kind:>19}" for kind in KINDS)]
    for item, counted in [*sorted(counts.items()), ("total", total)]:
        lines.append(f"{item:24}" + "".join(f"{counted[kind] or '.':>19}" for kind in KINDS))
    lines.append("")
    for pair in sorted(wrong, key=lambda one: (one.item, one.state, one.account)):
        lines.append(f"{pair.kind}: {pair.item} in {pair.state} as {pair.account}: "
                     f"{pair.verdict} (truth {pair.truth}) - {pair.evidence}")  # fmt: skip
    return "\n".join(lines)


def save(pairs: Iterable[Pair], path: Path) -> None:
    rows = [asdict(pair) | {"kind": pair.kind} for pair in pairs]
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
