"""Each comparison of the checklist's rules, negated in turn: some recorded case of the item turns red."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from readiness_tui.model.checklist import ProbeSpec
from readiness_tui.probes.contract import Kind
from readiness_tui.rules.matchers import COMBINERS, SLACK
from tests.probes.recorded import Case, cases, probed_items

TREES = ("fail_if", "pass_if", "info_if")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One comparison of an item's probe. tree: which condition; path: where in it the comparison stands."""

    item: str
    tree: str
    path: Path

    @property
    def id(self) -> str:
        return f"{self.item}/{self.tree[:-3]}/{'.'.join(map(str, self.path))}"

    def of(self, spec: ProbeSpec) -> ProbeSpec:
        """The spec with this comparison negated."""
        tree = _negated(getattr(spec, self.tree), self.path)
        return spec.model_copy(update={self.tree: tree})


def _comparisons(tree: Mapping[str, Any], path: Path = ()) -> Iterator[Path]:
    for name, branch in tree.items():
        if name in COMBINERS:
            for number, twig in enumerate(branch):
                yield from _comparisons(twig, (*path, name, number))
        elif isinstance(branch, Mapping):
            yield from ((*path, name, matcher) for matcher in branch if matcher != SLACK)
        else:
            yield (*path, name)


def _negated(tree: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The tree with the comparison at the path in a `none`; the others of the same fact stay as they are."""
    name = path[0]
    if name in COMBINERS:
        twigs = list(tree[str(name)])
        twigs[int(path[1])] = _negated(twigs[int(path[1])], path[2:])
        return {**tree, str(name): twigs}
    branch = tree[str(name)]
    rest = {key: value for key, value in tree.items() if key != name}
    alone = branch
    if isinstance(branch, Mapping):
        alone = {key: value for key, value in branch.items() if key in (path[1], SLACK)}
        if others := {key: value for key, value in branch.items() if key != path[1] and key != SLACK}:
            rest[str(name)] = others
    opposite = {"none": [{str(name): alone}]}
    return {"all": [rest, opposite]} if rest else opposite


def mutants() -> Iterator[Mutant]:
    for item in probed_items():
        assert item.probe is not None
        for name in TREES:
            tree = getattr(item.probe, name)
            for path in _comparisons(tree) if tree is not None else ():
                yield Mutant(item.id, name, path)


@cache
def of_item(item: str) -> tuple[Case, ...]:
    return tuple(case for case in cases() if case.subject == item)


def red(case: Case, mutant: Mutant) -> bool:
    """Whether the case notices: another verdict, cause or evidence than it expects."""
    check = case.check()
    assert isinstance(check.probe, Kind)
    changed = type(check.probe)(mutant.of(check.probe.spec), check.probe.params)
    found = changed.judge(case.replies_to(check))
    told = (found.verdict.value, found.cause.value if found.cause else None)
    return told != (case.verdict, case.cause) or case.evidence not in found.evidence


@pytest.mark.parametrize("mutant", mutants(), ids=lambda mutant: mutant.id)
def test_a_negated_comparison_turns_a_case_red(mutant: Mutant) -> None:
    assert any(red(case, mutant) for case in of_item(mutant.item))


def test_the_rules_as_they_are_turn_no_case_red() -> None:
    """Guards the guard: with nothing negated, the same judgement is what the cases expect."""
    for case in cases():
        check = case.check()
        assert isinstance(check.probe, Kind)
        found = type(check.probe)(check.probe.spec, check.probe.params).judge(case.replies_to(check))
        assert found.verdict.value == case.verdict, case.id
