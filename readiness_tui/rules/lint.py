"""Remarks on a checklist that reads well but may not be what its author meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from readiness_tui.model.checklist import Checklist, Item, Mode

_BRACES = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something worth a look; never an error. item: its id, empty for the checklist as a whole."""

    item: str
    message: str

    def __str__(self) -> str:
        return f"{self.item}: {self.message}" if self.item else self.message


def lint(checklist: Checklist) -> tuple[Remark, ...]:
    """Every remark, on the checklist first, then on its items in their order."""
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
        yield "no `valid`: an answer never grows old"
    if item.fresh is None and item.probe is not None:
        yield "no `fresh`: what its probe found never grows old"
    if item.fresh is not None and item.same_as is not None:
        yield "`fresh` has no effect: that of the item it is the same as holds"
    if item.mode is Mode.AUTO and item.probe is not None and item.probe.pass_if is None:
        yield "mode `auto` without `pass`: its probe can refute but never pass"
    if item.mode is Mode.ASSIST and item.probe is not None and item.probe.pass_if is not None:
        yield "mode `assist` with `pass`: a human still has to answer"
    if item.why.strip() == item.how.strip():
        yield "`why` and `how` say the same"


def _named_apart(item: Item, prefix: str) -> Iterator[str]:
    if not item.id.startswith(prefix + "."):
        yield f"its id does not begin with `{prefix}.`: choosing that group by its prefix leaves it out"


def _repeated(checklist: Checklist) -> Iterator[Remark]:
    """Texts and explanations given twice; items that share a verdict may share their words."""
    seen: dict[str, Item] = {}
    for item in checklist.items.values():
        first = seen.setdefault(item.text, item)
        if first is not item and not _related(first, item):
            yield Remark(item.id, f"the same text as {first.id}; `same_as` would share its verdict")
    told: dict[tuple[str, str], Item] = {}
    for item in checklist.items.values():
        for key in ("why", "how"):
            first = told.setdefault((key, getattr(item, key)), item)
            if first is not item and not _related(first, item):
                yield Remark(item.id, f"the same `{key}` as {first.id}")


def _related(one: Item, other: Item) -> bool:
    return (one.same_as or one.id) == (other.same_as or other.id)


def _idle_roles(checklist: Checklist) -> Iterator[str]:
    busy = {item.role for item in checklist.items.values()}
    for role in checklist.roles:
        if role.id not in busy:
            yield f"role `{role.id}` signs but answers for no item"


def _circular_defaults(checklist: Checklist) -> Iterator[str]:
    """Defaults that wait for each other are never filled."""
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
            yield f"the default of parameter `{name}` needs itself"


_WHOLE: tuple[Callable[[Checklist], Iterator[str]], ...] = (_idle_roles, _circular_defaults)
