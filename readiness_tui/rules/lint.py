"""Remarks on a valid checklist that may not be what its author intended."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from readiness_tui.model.checklist import Checklist, Item, Mode

_BRACES = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark, never an error. item: its id, empty for the checklist as a whole."""

    item: str
    message: str

    def __str__(self) -> str:
        return f"{self.item}: {self.message}" if self.item else self.message


def lint(checklist: Checklist) -> tuple[Remark, ...]:
    """All remarks: first those on the checklist, then those on its items in order."""
    whole = (Remark("", message) for rule in _WHOLE for message in rule(checklist))
    single = (
        Remark(item.id, message)
        for section, group, item in checklist.walk()
        for message in (*_item(item), *_named_apart(item, f"{section.id}.{group.id}"))
    )
    return (*whole, *single, *_repeated(checklist))


def _item(item: Item) -> Iterator[str]:
    if item.mode is Mode.AUTO and item.probe is None and item.same_as is None:
        yield "mode `auto` without a probe: it stays open until a human answers"
    if item.valid is None and item.mode is not Mode.DERIVED:
        yield "no `valid`: an answer never expires"
    if item.fresh is None and item.probe is not None:
        yield "no `fresh`: its probe's outcome never expires"
    if item.fresh is not None and item.same_as is not None:
        yield "`fresh` has no effect: the item named by `same_as` sets it"
    if item.mode is Mode.AUTO and item.probe is not None and item.probe.pass_if is None:
        yield "mode `auto` without `pass`: its probe can fail but never pass"
    if item.mode is Mode.ASSIST and item.probe is not None and item.probe.pass_if is not None:
        yield "mode `assist` with `pass`: a human still has to answer"
    if item.why.strip() == item.how.strip():
        yield "`why` and `how` are the same"


def _named_apart(item: Item, prefix: str) -> Iterator[str]:
    if not item.id.startswith(prefix + "."):
        yield f"its id does not begin with `{prefix}.`: selecting the group by its prefix does not include it"


def _repeated(checklist: Checklist) -> Iterator[Remark]:
    """Repeated texts and explanations. Items that share a verdict may share them."""
    texts: dict[str, Item] = {}
    for item in checklist.items.values():
        first = texts.setdefault(item.text, item)
        if first is not item and not _related(first, item):
            yield Remark(item.id, f"the same text as {first.id}; `same_as` would share its verdict")
    explanations: dict[tuple[str, str], Item] = {}
    for item in checklist.items.values():
        for key in ("why", "how"):
            first = explanations.setdefault((key, getattr(item, key)), item)
            if first is not item and not _related(first, item):
                yield Remark(item.id, f"the same `{key}` as {first.id}")


def _related(first: Item, second: Item) -> bool:
    return (first.same_as or first.id) == (second.same_as or second.id)


def _idle_roles(checklist: Checklist) -> Iterator[str]:
    busy = {item.role for item in checklist.items.values()}
    for role in checklist.roles:
        if role.id not in busy:
            yield f"role `{role.id}` signs but has no items"


def _circular_defaults(checklist: Checklist) -> Iterator[str]:
    """Defaults that refer to each other can never be filled in."""
    needs = {
        p.name: set(_BRACES.findall(p.default)) for p in checklist.parameters if isinstance(p.default, str)
    }
    for name in needs:
        waiting, met = list(needs[name]), set[str]()
        while waiting:
            other = waiting.pop()
            if other not in met:
                met.add(other)
                waiting += needs.get(other, ())
        if name in met:
            yield f"the default of parameter `{name}` refers to itself"


_WHOLE: tuple[Callable[[Checklist], Iterator[str]], ...] = (_idle_roles, _circular_defaults)
