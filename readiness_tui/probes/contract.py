"""The contract of every probe kind: asks, facts read from replies, and a common order of judgement."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, reduce
from operator import or_
from typing import Any, ClassVar, Generic, TypeVar

from readiness_tui.model.base import Frozen
from readiness_tui.model.checklist import ProbeSpec
from readiness_tui.model.facts import Fact, Facts, Missing, plain
from readiness_tui.model.outcome import Cause, Verdict
from readiness_tui.model.privilege import NONE
from readiness_tui.model.probe import Ask, CollectorAsk, ProbeResult, Reply
from readiness_tui.probes.facts import grants
from readiness_tui.probes.hints import privilege_hint
from readiness_tui.rules import matchers
from readiness_tui.rules.matchers import Truth

EVIDENCE_WIDTH = 120
"""Most characters of an evidence line (catalogue, section 2)."""

PROBLEMS, NOTE = "_problems", "_note"
"""How the names of facts end that hold sentences for the operator."""

_PLACE = re.compile(r"\{(\w+)\}")

P = TypeVar("P", bound=Frozen)


class Kind(ABC, Generic[P]):
    """A probe kind: one file in `probes/kinds/`.

    name: its name in the YAML. Params: its parameters. facts: every fact it can provide, with one
    sentence each; conditions may use only these.

    If a condition fails, the operator sees the kind's sentences if there are any: a fact named
    `problems` or `X_problems` is a tuple of everything that is wrong, one sentence each, and a fact
    `X_note` describes fact X in a sentence with what was expected.
    """

    name: ClassVar[str]
    Params: ClassVar[type[Frozen]]
    facts: ClassVar[Mapping[str, str]]
    sentences: ClassVar[frozenset[str]] = frozenset()
    """Further facts that are sentences for the operator, whatever their names."""

    moving: ClassVar[frozenset[str]] = frozenset()
    """Facts that change on a healthy host (ages, offsets, times); the others are steady."""

    def __init__(self, spec: ProbeSpec, params: P) -> None:
        self.spec = spec
        self.params = params

    @cached_property
    def named(self) -> frozenset[str]:
        """The facts that the conditions and the evidence line use. A kind need not ask for others."""
        names = set(_PLACE.findall(self.spec.show))
        for tree in (self.spec.fail_if, self.spec.pass_if, self.spec.info_if):
            names |= _named(tree)
        return frozenset(names)

    @abstractmethod
    def asks(self) -> tuple[Ask, ...]:
        """What it asks of one host, at least one ask."""

    @abstractmethod
    def read(self, replies: Sequence[Reply]) -> Facts:
        """The facts in the replies (one per ask, in the order of `asks()`), and missing ones with the
        reason.
        """

    def evidence(self, facts: Facts) -> str:
        """The kind's own evidence line, used if the checklist's `show` cannot be filled."""
        known = _known(facts)
        told = [
            f"{self._label(name)}: {plain(known[name]) or 'none'}"
            for name in sorted(self.named & known.keys())
            if self.told(name, facts) is None
        ]
        return "; ".join(told[:4])

    def told(self, name: str, facts: Facts) -> tuple[str, ...] | None:
        """The sentences about a deciding fact; None if the kind has none."""
        if name in self.sentences or name == "problems" or name.endswith(PROBLEMS):
            value = facts.get(name)
            return value if isinstance(value, tuple) else ()
        note = facts.get(f"{name}{NOTE}")
        return (note,) if isinstance(note, str) and note else None

    def _label(self, name: str) -> str:
        """A fact's name in words: the beginning of its description."""
        return re.split(r"[.;:(]|, ", self.facts.get(name, name.replace("_", " ")), maxsplit=1)[0].strip()

    def judge(self, replies: Sequence[Reply]) -> ProbeResult:
        """The result, and its evidence without moving facts if there are any."""
        facts = self.read(replies)
        result = self._judged(replies, facts)
        if result.verdict is Verdict.UNKNOWN or not self.moving.intersection(facts):
            return result
        moves = Missing(Cause.ERROR, "moves")
        steady = {name: moves if name in self.moving else fact for name, fact in facts.items()}
        return replace(result, steady=_line(self._shown(steady)) or "(only moving values)")

    def _judged(self, replies: Sequence[Reply], facts: Facts) -> ProbeResult:
        """The result, in the catalogue's fixed order (section 2).

        A true `fail` fails; else a missing fact that is needed makes it unknown; else `pass` passes and
        `info` informs; else it is unknown. Without `fail`, a false `pass` fails. While any reply reports
        that the check was not possible, nothing passes or informs.
        """
        spec = self.spec
        shown = self._shown(facts)
        cited = self._cited(facts)
        blind = next((reply for reply in replies if reply.cause is not None), None)
        fails = _truth(spec.fail_if, facts)
        passes = _truth(spec.pass_if, facts)
        informs = _truth(spec.info_if, facts)
        if fails is not None and fails.value:
            return ProbeResult(Verdict.FAIL, evidence=self._against(fails, shown, facts), facts=cited)
        if fails is None and passes is not None and passes.value is False:
            return ProbeResult(Verdict.FAIL, evidence=self._against(passes, shown, facts), facts=cited)
        for truth in (fails, passes, informs):
            if truth is not None and truth.value is None:
                return self._unknown(truth.missing, shown, cited, replies)
        if blind is not None and blind.cause is not None:
            missing_reply = Missing(blind.cause, blind.detail or f"could not check: {blind.cause}")
            return self._unknown((missing_reply,), shown, cited, replies)
        if passes is not None and passes.value:
            return ProbeResult(Verdict.PASS, evidence=_line(shown), facts=cited)
        if informs is not None and informs.value:
            return ProbeResult(Verdict.INFO, evidence=_line(shown), facts=cited)
        undecided = [truth for truth in (passes, informs) if truth is not None]
        reasons = tuple(one for truth in undecided for one in truth.because)
        evidence = self._against(Truth(False, reasons), shown, facts)
        return ProbeResult(Verdict.UNKNOWN, Cause.ERROR, evidence, "neither fail nor pass holds", cited)

    def _against(self, truth: Truth, said: str, facts: Facts) -> str:
        """The evidence of a failure: the kind's own sentences, else each fact with what was expected."""
        sentences: list[str] = []
        values: list[str] = []
        for reason in truth.because:
            told = self.told(reason.fact, facts)
            if told is not None:
                sentences += told
                continue
            expected = f" (expected: {reason.expected})" if reason.expected else ""
            values.append(f"{self._label(reason.fact)}: {reason.value}{expected}")
        against = tuple(dict.fromkeys((*sentences, *values)))
        return _line("" if sentences else said, against)

    def _unknown(
        self, missing: Sequence[Missing], shown: str, cited: Mapping[str, str], replies: Sequence[Reply]
    ) -> ProbeResult:
        """Unknown, with the first cause. Each reason is given once."""
        reasons = tuple(dict.fromkeys(miss.reason for miss in missing))
        cause = missing[0].cause if missing else Cause.ERROR
        hint = grants(replies) if cause is Cause.DENIED else ""
        hint = hint or next((miss.hint for miss in missing if miss.hint), "")
        hint = hint or next((reply.hint for reply in replies if reply.cause is not None), "")
        if not hint and cause is Cause.DENIED:
            needed = [ask.privilege for ask in self.asks() if isinstance(ask, CollectorAsk)]
            hint = privilege_hint(reduce(or_, needed, NONE))
        return ProbeResult(Verdict.UNKNOWN, cause, _line("; ".join(reasons) or shown), hint, cited)

    def _shown(self, facts: Facts) -> str:
        """The evidence line from the YAML's `show`, without clauses whose facts are missing."""
        if not self.spec.show:
            return self.evidence(facts)
        known = _known(facts)
        clauses = re.findall(r"(.+?)([;,] |$)", self.spec.show)
        told = [(text, mark) for text, mark in clauses if set(_PLACE.findall(text)) <= known.keys()]
        line = "".join(text + mark for text, mark in told).rstrip(";, ")
        return _PLACE.sub(lambda match: plain(known[match[1]]), line) or self.evidence(facts)

    def _cited(self, facts: Facts) -> dict[str, str]:
        """The facts that are used and known, for the outcome."""
        return {name: plain(fact) for name, fact in _known(facts).items() if name in self.named}


AnyKind = Kind[Any]


def _truth(tree: Mapping[str, Any] | None, facts: Facts) -> Truth | None:
    return matchers.evaluate(tree, facts) if tree is not None else None


def _line(shown: str, because: Sequence[str] = ()) -> str:
    """One line of evidence: the deciding condition if it failed, then the facts."""
    against = "; ".join(because)
    parts = dict.fromkeys((against, shown))
    text = " - ".join(part for part in parts if part) or "nothing is known"
    return text if len(text) <= EVIDENCE_WIDTH else text[: EVIDENCE_WIDTH - 1] + "…"


def _known(facts: Facts) -> dict[str, Fact]:
    return {name: fact for name, fact in facts.items() if not isinstance(fact, Missing)}


def _named(tree: object) -> set[str]:
    if not isinstance(tree, Mapping):
        return set()
    names: set[str] = set()
    for key, branch in tree.items():
        if key in matchers.COMBINERS and isinstance(branch, list):
            names = names.union(*(_named(twig) for twig in branch))
        else:
            names.add(str(key))
    return names
