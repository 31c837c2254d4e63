"""Generated models for property tests: any Unicode, any answer, any verdict."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from readiness_tui.model.answer import AnswerKind, Decision, Evidence, Signoff, Waiver
from readiness_tui.model.inventory import VANTAGES, Host
from readiness_tui.model.outcome import Cause, Outcome, Verdict
from readiness_tui.model.session import Change, ChecklistRef, Record, Session

characters = st.characters(exclude_categories=["Cs"])
quotes_and_ends = ('"""', "'''", "\\", "\r\n", "\r", "\n", "\t", " \n", "# end\n", "[items]\n", 'a = "b"\n')
markers = ("<<<<<<< HEAD\n", "=======\n", "\n>>>>>>> x", "||||||| b\n")
oddities = ("\u2028", "\u0085", "\ufeff", "🚀", "e\u0301", "\x7f", "\x1b[31m")
tricky = st.sampled_from((*quotes_and_ends, *markers, *oddities))
texts = st.one_of(
    st.text(characters, max_size=40),
    st.lists(st.one_of(tricky, st.text(characters, max_size=8))).map("".join),
)
said = texts.filter(lambda text: "\x00" not in text)
reasons = said.filter(lambda text: bool(text.strip()))
words = st.text(characters, min_size=1, max_size=20)
slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True)
item_ids = st.lists(slugs, min_size=2, max_size=4).map(".".join)
host_names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,10}", fullmatch=True).filter(
    lambda name: name not in (*VANTAGES, "all")
)
digests = st.from_regex(r"sha256:[0-9a-f]{64}", fullmatch=True)
days = st.dates(date(1970, 1, 1), date(2200, 12, 31))
moments = st.datetimes(datetime(1970, 1, 3), datetime(2200, 12, 29)).map(lambda at: at.replace(tzinfo=UTC))
seconds = moments.map(lambda at: at.replace(microsecond=0))
whens = st.one_of(seconds, moments)

json_leaves = st.one_of(
    st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=True), texts
)
json_values = st.recursive(
    json_leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=6,
)


@st.composite
def outcomes(draw: st.DrawFn, when: st.SearchStrategy[datetime] = whens) -> Outcome:
    verdict = draw(st.sampled_from(Verdict))
    return Outcome(
        verdict=verdict,
        cause=draw(st.sampled_from(Cause)) if verdict is Verdict.UNKNOWN else None,
        evidence=draw(texts),
        hint=draw(texts),
        facts=draw(st.dictionaries(texts, texts, max_size=3)),
        asked_at=draw(when),
        took_ms=draw(st.integers(0, 10**9)),
        asked=draw(st.one_of(st.just(""), digests)),
    )


evidences = st.one_of(
    st.builds(Evidence, path=texts, sha256=st.none() | digests, as_of=st.none() | days),
    st.builds(Evidence, url=texts, as_of=st.none() | days),
)


@st.composite
def waivers(draw: st.DrawFn, expires: st.SearchStrategy[date] = days) -> Waiver:
    owner = draw(words)
    approver = draw(words.filter(lambda word: word.strip().casefold() != owner.strip().casefold()))
    return Waiver(
        reason=draw(words),
        owner=owner,
        approver=approver,
        expires=draw(expires),
        by=draw(texts),
        at=draw(st.none() | whens),
    )


@st.composite
def records(draw: st.DrawFn, targets: st.SearchStrategy[str] = host_names) -> Record:
    answer = draw(st.none() | st.sampled_from(AnswerKind))
    given: dict[str, Any] = {}
    if answer is not None:
        given = {"answer": answer, "at": draw(whens), "by": draw(texts), "text": draw(st.none() | digests)}
    return Record(
        **given,
        reason=draw(reasons if answer is AnswerKind.NOT_APPLICABLE else said),
        note=draw(said),
        evidence=tuple(draw(st.lists(evidences, max_size=2))),
        waiver=draw(st.none() | waivers()),
        outcomes=draw(st.dictionaries(targets, outcomes(), max_size=2)),
    )


addresses = st.sampled_from(
    ["local", "app-1.internal", "ana@[::1]:2222", "exec:podman exec -i x sh", "10.0.0.1"]
)
roles = st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,6}", fullmatch=True), max_size=3).map(tuple)
hosts = st.builds(Host, name=host_names, address=addresses, roles=roles)
changes = st.builds(Change, at=whens, by=texts, what=texts, item=texts, old=texts, new=texts, why=texts)


@st.composite
def signoffs(draw: st.DrawFn) -> Signoff:
    decision = draw(st.sampled_from(Decision))
    conditional = decision is Decision.GO_WITH_CONDITIONS
    return Signoff(
        role=draw(words),
        who=draw(words),
        decision=decision,
        conditions=draw(words.filter(lambda word: bool(word.strip())) if conditional else texts),
        at=draw(whens),
        seal=draw(digests),
        signature=draw(texts),
    )


launch_names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300).filter(
    lambda name: bool(name.strip())
)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    return Session(
        launch=draw(launch_names),
        day=draw(days),
        checklist=ChecklistRef(
            id=draw(texts), version=draw(st.integers(0, 99)), digest=draw(digests), source=draw(texts)
        ),
        operator=draw(texts),
        launch_at=draw(st.none() | whens),
        carried_from=draw(st.none() | days),
        position=draw(texts),
        parameters=draw(st.dictionaries(texts, json_values, max_size=3)),
        hosts=tuple(draw(st.lists(hosts, max_size=3, unique_by=lambda host: host.name))),
        items=draw(st.dictionaries(item_ids, records(), max_size=4)),
        signoffs=tuple(draw(st.lists(signoffs(), max_size=2))),
        notes=draw(said),
        history=tuple(draw(st.lists(changes, max_size=3))),
    )
