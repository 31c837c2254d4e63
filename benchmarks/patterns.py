"""How the work of every regular expression of the program grows with the length of a hostile text.

The patterns are collected from the source: a new one is measured without being listed.

    python -m benchmarks.patterns          # prints the table
"""

from __future__ import annotations

import ast
import importlib
import math
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from benchmarks.regex_attacks import attacks
from benchmarks.regex_steps import Counter, TooManyStepsError
from readiness_tui.collectors import catalog

SIZES = (160, 480)
"""Characters of the texts; threefold text is threefold work when it is linear, ninefold when quadratic."""

LINEAR = 4.0
"""The largest growth from one size to the next that still counts as linear."""

TABLE = (256, 512, 1024, 2048)
"""The sizes of the table that the script prints."""

MUCH = 300
"""Steps for each character of a text after which the counting ends: the work is not linear."""

DOUBLED = 2.6
"""The largest growth that counts as linear there, where each text is twice the one before."""

WORDS = ("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer")


@dataclass(frozen=True)
class Used:
    """A pattern, where it stands, and how it is used (`match`, `fullmatch`, else `search`)."""

    where: str
    pattern: str
    flags: int
    how: str


@dataclass(frozen=True)
class Growth:
    """The steps of the worst text of each size."""

    used: Used
    steps: tuple[int, ...]
    worst: str
    complete: bool = True

    @property
    def ratio(self) -> float:
        """How much more work the next longer text is, at worst; infinite where counting ended."""
        if not self.complete:
            return math.inf
        return max(after / max(1, before) for before, after in zip(self.steps, self.steps[1:], strict=False))


def package() -> Path:
    return Path(__file__).parents[1] / "readiness_tui"


def collected() -> list[Used]:
    """Every pattern given to `re` anywhere in the package."""
    found: dict[tuple[str, str, int, str], Used] = {}
    for path in sorted(package().rglob("*.py")):
        for used in _of_module(path):
            found.setdefault((used.where, used.pattern, used.flags, used.how), used)
    for used in _of_collectors():
        found.setdefault((used.where, used.pattern, used.flags, used.how), used)
    return list(found.values())


def _of_collectors() -> Iterator[Used]:
    """The patterns that a collector's header gives for the causes of its messages."""
    for name in catalog.names():
        for cause, _ in catalog.get(name).causes:
            yield Used(f"collectors/{name}.sh", cause.pattern, 0, "search")


def unmeasured() -> list[str]:
    """Calls of `re` whose pattern is made while the program runs, so that none of it is measured."""
    found = []
    for path in sorted(package().rglob("*.py")):
        tree = ast.parse(path.read_text())
        for call in _calls(tree):
            if call.args and _constant(call.args[0]) is None and not _at_top(tree, call):
                found.append(f"{path.relative_to(package().parent)}: {ast.unparse(call)}")
    return found


def measure(used: Used, sizes: Sequence[int] = SIZES) -> Growth:
    """The work at each size over every attack, and the attack that grew most."""
    worst = Growth(used, (1,) * len(sizes), "")
    for texts in zip(*(attacks(used.pattern, used.flags, size) for size in sizes), strict=True):
        steps = tuple(_steps(used, text) for text in texts)
        if steps[-1] > worst.steps[-1]:
            worst = Growth(used, steps, texts[0])
        if steps[-1] > len(texts[-1]) * MUCH:
            return Growth(used, steps, texts[0], complete=False)
    return worst


def _steps(used: Used, text: str) -> int:
    counter = Counter(used.pattern, used.flags, limit=(len(text) + 1) * MUCH)
    try:
        if used.how in ("match", "fullmatch"):
            return counter.anchored(text, whole=used.how == "fullmatch")
        return counter.scan(text)
    except TooManyStepsError:
        return counter.steps


def _of_module(path: Path) -> Iterator[Used]:
    tree = ast.parse(path.read_text())
    where = str(path.relative_to(package().parent))
    calls = list(_calls(tree))
    if not calls:
        return
    module = importlib.import_module(".".join(path.relative_to(package().parent).with_suffix("").parts))
    for call in calls:
        pattern = _constant(call.args[0]) if call.args else None
        how = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if how in WORDS and pattern is not None:
            yield Used(f"{where}:{call.lineno}", pattern, _flags(call), how)
    for name, compiled in _compiled(module):
        for how in sorted(_uses(name, tree)) or ["search"]:
            yield Used(f"{where} {name}", compiled.pattern, compiled.flags & ~re.UNICODE, how)


def _compiled(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    """The compiled patterns a module holds, also within tuples and mappings."""
    for name, value in vars(module).items():
        members = [value]
        if isinstance(value, (tuple, list)):
            members = [one for row in value for one in (row if isinstance(row, tuple) else (row,))]
        elif isinstance(value, dict):
            members = [*value, *value.values()]
        for member in members:
            if isinstance(member, re.Pattern) and isinstance(member.pattern, str):
                yield name, member


def _uses(name: str, tree: ast.Module) -> set[str]:
    """The methods called on a name; what is only anchored needs no search."""
    used = {
        node.attr if node.attr in ("match", "fullmatch") else "search"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
        if node.attr in WORDS
    }
    return {"search"} if "search" in used else used


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=attr)) if (
                attr in WORDS or attr == "compile"
            ):
                yield node


def _at_top(tree: ast.Module, call: ast.Call) -> bool:
    """Whether a call is made once, when the module is imported: its result is found in the module."""
    inner = (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return not any(call in ast.walk(function) for function in inner)


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _flags(call: ast.Call) -> int:
    flags = 0
    for node in [*call.args[1:], *(word.value for word in call.keywords if word.arg == "flags")]:
        for part in ast.walk(node):
            if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "re":
                flags |= int(getattr(re, part.attr))
    return flags


def main() -> int:
    growths = sorted((measure(used, TABLE) for used in collected()), key=lambda one: -one.ratio)
    print("| pattern | " + " | ".join(f"{size} characters" for size in TABLE) + " | twice the text |")
    print("|---|" + "---:|" * (len(TABLE) + 1))
    for growth in growths:
        steps = " | ".join(f"{step:,}" for step in growth.steps)
        print(f"| `{growth.used.where}` {growth.used.how} | {steps} | {growth.ratio:.2f} |")
    print(f"\n{len(growths)} patterns; at most {max(one.ratio for one in growths):.2f} times the work.")
    return int(any(growth.ratio > DOUBLED for growth in growths))


if __name__ == "__main__":
    sys.exit(main())
