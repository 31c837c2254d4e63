"""Properties of any checklist and any file: reading back what was written gives the same; nothing crashes."""

from __future__ import annotations

import string
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness_tui.errors import ChecklistError, Fault
from readiness_tui.model.checklist import (
    Checklist,
    Derivation,
    Group,
    Item,
    Mode,
    Parameter,
    Phase,
    ProbeSpec,
    Section,
    Severity,
    SignoffRole,
)
from tests.checklist.samples import SMALL, read_text

TRAPS = [
    "on",
    "no",
    "12:30:45",
    "0600",
    "2026-01-01",
    "~",
    "null",
    "=",
    "<<",
    "1e3",
    "# x",
    "a: b",
    "*a",
    "`x`",
]
HIDDEN = "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))

lines = st.one_of(
    st.sampled_from(TRAPS),
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters=HIDDEN),
        min_size=1,
        max_size=30,
    ).filter(str.strip),
)
durations = st.none() | st.sampled_from([timedelta(minutes=15), timedelta(days=1), timedelta(days=90)])
slugs = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=6)
words = slugs.map(lambda slug: f"p_{slug}")
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.sampled_from([0.5, -1.25, 1e9]) | lines,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(lines, inner, max_size=3),
    max_leaves=6,
).filter(lambda value: not _braced(value))


def _braced(value: object) -> bool:
    return isinstance(value, str) and "{" in value


@st.composite
def checklists(draw: st.DrawFn) -> Checklist:
    roles = draw(st.lists(slugs, min_size=1, max_size=3, unique=True))
    names = draw(st.lists(words, max_size=3, unique=True))
    sections = []
    for section in draw(st.lists(slugs, min_size=1, max_size=2, unique=True)):
        groups = []
        for group in draw(st.lists(slugs, min_size=1, max_size=2, unique=True)):
            ids = draw(st.lists(slugs, min_size=1, max_size=3, unique=True))
            items = tuple(draw(item(f"{section}.{group}.{one}", roles)) for one in ids)
            groups.append(Group(id=group, title=draw(lines), items=items))
        sections.append(Section(id=section, title=draw(lines), groups=tuple(groups)))
    return Checklist(
        id=draw(slugs),
        title=draw(lines),
        version=draw(st.integers(1, 10**6)),
        intro=draw(st.just("") | lines),
        roles=tuple(SignoffRole(id=role, title=draw(lines)) for role in roles),
        parameters=tuple(Parameter(name=name, help=draw(lines), default=draw(values)) for name in names),
        sections=tuple(sections),
        notes="\n".join(draw(st.lists(lines, max_size=3))),
    )


@st.composite
def item(draw: st.DrawFn, item_id: str, roles: list[str]) -> Item:
    mode = draw(st.sampled_from(Mode))
    probed = mode in (Mode.AUTO, Mode.ASSIST) and draw(st.booleans())
    return Item(
        id=item_id,
        text=draw(lines),
        mode=mode,
        severity=draw(st.sampled_from(Severity)),
        role=draw(st.sampled_from(roles)),
        phase=draw(st.sampled_from(Phase)),
        why=draw(lines),
        how=draw(lines),
        valid=draw(durations),
        fresh=draw(durations),
        derive=draw(st.sampled_from(Derivation)) if mode is Mode.DERIVED else None,
        probe=draw(probe()) if probed else None,
    )


@st.composite
def probe(draw: st.DrawFn) -> ProbeSpec:
    tree = {
        "value": {draw(st.sampled_from(["eq", "ne"])): draw(st.integers(-(2**63), 2**63 - 1) | st.booleans())}
    }
    low, high = sorted((draw(st.integers(-9, 9)), draw(st.integers(-9, 9))))
    return ProbeSpec.model_validate(
        {
            "kind": "range",
            "where": draw(st.lists(st.sampled_from(["app", "all", "local"]), min_size=1, max_size=2)),
            "timeout": draw(durations),
            draw(st.sampled_from(["fail", "pass", "info"])): {draw(st.sampled_from(["all", "any"])): [tree]},
            "show": draw(st.sampled_from(["", "{value}"])),
            "params": {"low": low, "high": high},
        }
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("checklists")


@given(checklist=checklists(), flow=st.booleans())
@settings(max_examples=100, deadline=None)
def test_written_and_read_back_it_is_equal(folder: Path, checklist: Checklist, flow: bool) -> None:
    tree = checklist.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    text = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, default_flow_style=flow)
    found = read_text(folder, text)
    assert found.model_copy(update={"source": "", "digest": ""}) == checklist


def reads_or_refuses(folder: Path, data: bytes) -> None:
    refused: tuple[Fault, ...] | None = None
    try:
        read_text(folder, data)
    except ChecklistError as error:
        refused = error.faults
    assert refused is None or (refused and all(fault.message and fault.line >= 0 for fault in refused))


@given(data=st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes(folder: Path, data: bytes) -> None:
    reads_or_refuses(folder, data)


SCRAPS = [
    "- ",
    ": ",
    "\n",
    "  ",
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "!!int ",
    "'",
    '"',
    "|",
    ">",
    "?",
    "<<: ",
    "#",
    "---",
    "...",
]


@given(
    parts=st.lists(
        st.sampled_from([*SCRAPS, *TRAPS, "id", "sections", "probe"]) | st.text(max_size=4), max_size=40
    )
)
@settings(max_examples=300, deadline=None)
def test_any_text_made_of_yaml_s_own_signs(folder: Path, parts: list[str]) -> None:
    reads_or_refuses(folder, "".join(parts).encode("utf-8", "replace"))


@given(
    start=st.integers(0, len(SMALL)),
    length=st.integers(0, 40),
    scrap=st.sampled_from([*SCRAPS, *TRAPS]) | st.text(max_size=6),
)
@settings(max_examples=400, deadline=None)
def test_any_damage_to_a_good_file(folder: Path, start: int, length: int, scrap: str) -> None:
    damaged = SMALL[:start] + scrap + SMALL[start + length :]
    reads_or_refuses(folder, damaged.encode("utf-8", "replace"))
