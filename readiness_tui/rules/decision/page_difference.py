"""What differs between two pages: one line an item or setting, what got worse first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from readiness_tui.rules.item_standing import SATISFIED

_ITEM = "item: "
_COUNTED = "rules-say: "
"""The line that counts the others; it says nothing of its own."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing on a page, before and after; empty where it was not there. worse: satisfied no longer."""

    what: str
    before: str
    after: str
    worse: bool = False

    def __str__(self) -> str:
        if self.before and self.after:
            return f"{self.what}: {self.before} -> {self.after}"
        return f"{self.what}: {self.after} (new)" if self.after else f"{self.what}: {self.before} (gone)"


def differences(before: str, after: str) -> tuple[Difference, ...]:
    """Compare two pages as `page.page` writes them."""
    found = list(_differing(_blocks(before), _blocks(after)))
    return tuple(sorted(found, key=lambda one: not one.worse))


def _blocks(page: str) -> dict[str, list[str]]:
    """The page by its lines at the margin, each with the lines indented beneath it."""
    blocks: dict[str, list[str]] = {}
    key = ""
    for line in page.splitlines():
        if line[:1] in (" ", ""):
            blocks[key].append(line.strip())
            continue
        if line.startswith(_COUNTED):
            key = _COUNTED
            blocks[key] = []
            continue
        label, _, rest = line.partition(": ")
        named = label in ("item", "host", "parameter")
        separator = " | " if label == "item" else " "
        key = f"{label}: {rest.split(separator)[0]}" if named else label
        if not named and label == "contradiction":
            key = line
        blocks[key] = [rest]
    blocks.pop(_COUNTED, None)
    return blocks


def _differing(old: dict[str, list[str]], new: dict[str, list[str]]) -> Iterator[Difference]:
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key, []), new.get(key, [])
        if was == now:
            continue
        if key.startswith(_ITEM):
            yield _item(was, now)
        else:
            yield Difference(key, " ".join(was), " ".join(now))


def _item(was: list[str], now: list[str]) -> Difference:
    old, new = (line[0].split(" | ", 4) if line else [] for line in (was, now))
    text = (new or old)[-1]
    before, after = (each[1] if len(each) > 1 else "" for each in (old, new))
    if before != after:
        worse = before.split(" (")[0] in SATISFIED and after.split(" (")[0] not in SATISFIED
        return Difference(text, before, after, worse)
    gone = [line for line in was[1:] if line not in now[1:]]
    come = [line for line in now[1:] if line not in was[1:]]
    if was[0] != now[0]:
        gone, come = [was[0], *gone], [now[0], *come]
    return Difference(text, " ".join(gone), " ".join(come))
