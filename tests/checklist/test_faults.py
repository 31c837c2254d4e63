"""Every fault with its place: `line:column: path: message`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from readiness_tui.checklist.read import read
from readiness_tui.errors import ChecklistError
from tests.checklist.samples import SMALL, changed, faults_of, read_text

ONE = "sections[0].groups[0].items[0]"
TWO = "sections[0].groups[0].items[1]"
PROBE = f"{ONE}.probe"

Case = tuple[Mapping[int, str], list[str]]

KEYS: list[Case] = [
    (
        {17: "            mod: auto"},
        [f"15:13: {ONE}: `mode` is missing", f"17:13: {ONE}.mod: unknown key `mod` (did you mean mode?)"],
    ),
    ({17: ""}, [f"15:13: {ONE}: `mode` is missing"]),
    (
        {8: "section:"},
        ["1:1: `sections` is missing", "8:1: section: unknown key `section` (did you mean sections?)"],
    ),
    ({2: "title: Demo\ntitle: Demo2"}, ["3:1: the key `title` is given twice, first on line 2"]),
    (
        {21: "            how: A.\n            how: B."},
        [f"22:13: {ONE}: the key `how` is given twice, first on line 21"],
    ),
    ({2: "title: Demo\non: x"}, ["3:1: YAML reads the key `on` as a boolean; quote it"]),
    ({2: "title: Demo\n22: x"}, ["3:1: YAML reads the key `22` as the number 22; quote it"]),
    ({2: "title: Demo\n? [a]\n: b"}, ["3:3: a key must be text"]),
    ({2: "title: Demo\n<<: {a: b}"}, ["3:1: the merge key `<<` is not supported; write the keys out"]),
    (
        {1: "id: demo\nbuiltin: true"},
        ["2:1: builtin: unknown key `builtin`: it is computed and must not be set"],
    ),
    ({1: "id: demo\ndigest: x"}, ["2:1: digest: unknown key `digest`: it is computed and must not be set"]),
]

WORDS: list[Case] = [
    (
        {17: "            mode: atuo"},
        [f"17:19: {ONE}.mode: `atuo` is not one of auto, assist, manual, derived (did you mean auto?)"],
    ),
    (
        {33: "            severity: minr"},
        [f"33:23: {TWO}.severity: `minr` is not one of blocker, major, minor (did you mean minor?)"],
    ),
    (
        {17: "            mode: on"},
        [f"17:19: {ONE}.mode: YAML reads `on` as a boolean; quote it"],
    ),
    (
        {34: "            role: tecnical"},
        [
            f"34:19: {TWO}.role: no sign-off role `tecnical`; the roles are technical "
            "(did you mean technical?)"
        ],
    ),
    (
        {1: "id: Demo_1"},
        ["1:5: id: `Demo_1` does not fit: lower-case letters and digits, joined by single hyphens"],
    ),
    (
        {30: "          - id: Again"},
        [
            f"30:17: {TWO}.id: `Again` does not fit: words of lower-case letters, digits and hyphens, "
            "joined by dots, such as section.group.item"
        ],
    ),
    ({2: "title: |\n  a\n  b"}, ["2:8: title: must be one line of text"]),
    ({16: "            text: '  '"}, [f"16:19: {ONE}.text: must not be empty"]),
    ({16: '            text: ""'}, [f"16:19: {ONE}.text: must not be empty"]),
    ({2: 'title: "a\\u001b[31m"'}, ["2:8: title: U+001B is a control character"]),
    ({2: 'title: "a\\u202eb"'}, ["2:8: title: U+202E is a control character"]),
]

TYPES: list[Case] = [
    ({3: "version: '1'"}, ["3:10: version: expected a whole number, not text"]),
    ({3: "version: yes"}, ["3:10: version: expected a whole number, not a boolean"]),
    ({3: "version: 0"}, ["3:10: version: input should be greater than or equal to 1"]),
    ({16: "            text: [a]"}, [f"16:19: {ONE}.text: expected text, not a list"]),
    ({16: "            text:"}, [f"16:18: {ONE}.text: expected text, but it is empty"]),
    ({26: "              where: app"}, [f"26:22: {PROBE}.where: expected a list, not text"]),
    ({26: "              where: []"}, [f"26:22: {PROBE}.where: must not be empty"]),
    (
        {22: "            valid: 24"},
        [f"22:20: {ONE}.valid: not a duration: 24 (write 90s, 15m, 24h, 7d or 2w)"],
    ),
    ({4: "roles: 7", 5: ""}, ["4:8: roles: expected a list, not the number 7"]),
]

TRAPS: list[Case] = [
    ({16: "            text: off"}, [f"16:19: {ONE}.text: YAML reads `off` as a boolean; quote it"]),
    ({26: "              where: [on]"}, [f"26:23: {PROBE}.where[0]: YAML reads `on` as a boolean; quote it"]),
    ({16: "            text: 42"}, [f"16:19: {ONE}.text: YAML reads `42` as the number 42; quote it"]),
    ({2: "title: 12:30:45"}, ["2:8: title: YAML reads `12:30:45` as the number 45045; quote it"]),
    (
        {22: "            valid: 12:30"},
        [f"22:20: {ONE}.valid: YAML reads `12:30` as the number 750; quote it"],
    ),
    (
        {7: "  - {name: service_unit, help: x, default: 0600}"},
        ["7:44: parameters[0].default: YAML reads `0600` as the number 384; quote it"],
    ),
    (
        {7: "  - {name: service_unit, help: x, default: 2026-01-01}"},
        ["7:44: parameters[0].default: YAML reads `2026-01-01` as a date; quote it"],
    ),
    (
        {7: "  - {name: service_unit, help: x, default: .inf}"},
        ["7:44: parameters[0].default: `.inf` is not a finite number"],
    ),
    ({3: "version: !!int ''"}, ["3:10: version: `` cannot be read as int"]),
    ({3: "version: !!int one"}, ["3:10: version: `one` cannot be read as int"]),
    ({2: "title: !foo x"}, ["2:8: title: the tag `!foo` is not supported"]),
    (
        {7: "  - {name: service_unit, help: x, default: !!python/name:os.system }"},
        ["7:44: parameters[0].default: the tag `python/name:os.system` is not supported"],
    ),
]

REFERENCES: list[Case] = [
    (
        {30: "          - id: app.service.starts"},
        [f"30:17: {TWO}.id: item id `app.service.starts` is given twice, first on line 15"],
    ),
    (
        {5: "  - {id: technical, title: A}\n  - {id: technical, title: B}"},
        ["6:10: roles[1].id: role `technical` is given twice, first on line 5"],
    ),
    (
        {7: "  - {name: service_unit, help: x}\n  - {name: service_unit, help: y}"},
        ["8:12: parameters[1].name: parameter `service_unit` is given twice, first on line 7"],
    ),
    (
        {12: "      - {id: service, title: One, items: []}\n      - id: service"},
        [
            "12:42: sections[0].groups[0].items: must not be empty",
            "13:13: sections[0].groups[1].id: group id of the section `service` is given twice, "
            "first on line 12",
        ],
    ),
    (
        {8: "sections:\n  - {id: app, title: A, groups: []}"},
        [
            "9:33: sections[0].groups: must not be empty",
            "10:9: sections[1].id: section id `app` is given twice, first on line 9",
        ],
    ),
    (
        {34: "            role: technical\n            same_as: app.service.start"},
        [f"35:22: {TWO}.same_as: no item `app.service.start` (did you mean app.service.starts?)"],
    ),
    (
        {34: "            role: technical\n            same_as: app.service.again"},
        [f"35:22: {TWO}.same_as: an item cannot be the same as itself"],
    ),
    (
        {
            30: "          - {id: app.service.third, text: T, mode: manual, severity: minor, role: "
            "technical, why: W., how: H., same_as: app.service.again}\n          - id: app.service.again",
            34: "            role: technical\n            same_as: app.service.starts",
        },
        [f"30:121: {TWO}.same_as: `app.service.again` has itself a `same_as`; use `app.service.starts`"],
    ),
    (
        {34: "            role: technical\n            was: [app.service.starts]"},
        [f"35:19: {TWO}.was[0]: `app.service.starts` is the id of an item that still exists"],
    ),
    (
        {7: "  - {name: service_unit, help: x, default: '{servce}'}\n  - {name: service, help: x}"},
        ["7:44: parameters[0].default: no parameter `servce` (did you mean service?)"],
    ),
    (
        {34: "            role: technical\n            derive: approval"},
        [f"30:13: {TWO}: `derive` is required with mode `derived` and not allowed otherwise"],
    ),
    (
        {32: "            mode: derived"},
        [f"30:13: {TWO}: `derive` is required with mode `derived` and not allowed otherwise"],
    ),
    (
        {22: "            same_as: app.service.again"},
        [f"15:13: {ONE}: an item with `same_as` cannot have its own probe: it shares that item's"],
    ),
    ({17: "            mode: manual"}, [f"15:13: {ONE}: an item of mode `manual` cannot have a probe"]),
]

EMPTY = "a probe needs one of fail, pass and info: an empty expectation would pass everything"

PROBES: list[Case] = [
    (
        {25: "              kind: servce"},
        [f"25:21: {PROBE}.kind: no probe kind `servce` (did you mean service?)"],
    ),
    (
        {26: "              where: [App]"},
        [f"26:23: {PROBE}.where[0]: `App` is not a valid role: lower-case letters, digits and hyphens"],
    ),
    ({28: ""}, [f"25:15: {PROBE}: {EMPTY}"]),
    ({28: "              pass:"}, [f"25:15: {PROBE}: {EMPTY}"]),
    (
        {28: "              pass: {}"},
        [f"28:21: {PROBE}.pass: a condition must be a non-empty mapping of facts to matchers"],
    ),
    ({28: "              pass: [a]"}, [f"28:21: {PROBE}.pass: expected a mapping, not a list"]),
    (
        {28: "              pass: {ActiveStat: {eq: active}}"},
        [f"28:22: {PROBE}.pass.ActiveStat: no such fact: 'ActiveStat' (did you mean ActiveState?)"],
    ),
    (
        {28: "              pass: {all: [{Restart: {inn: [always]}}]}"},
        [f"28:39: {PROBE}.pass.all[0].Restart.inn: no such matcher: 'inn' (did you mean in?)"],
    ),
    ({28: "              pass: {any: []}"}, [f"28:22: {PROBE}.pass.any: `any` takes a list of conditions"]),
    (
        {28: "              pass: {age: }"},
        [f"28:22: {PROBE}.pass.age: a fact needs a matcher, such as {{eq: value}}"],
    ),
    (
        {28: "              pass: {age: {ge: many}}"},
        [f"28:28: {PROBE}.pass.age.ge: `ge` takes a number, not 'many'"],
    ),
    (
        {28: "              pass: {age: {between: [1]}}"},
        [f"28:28: {PROBE}.pass.age.between: `between` takes [low, high], not [1]"],
    ),
    ({28: "              pass: {age: {eq: }}"}, [f"28:28: {PROBE}.pass.age.eq: `eq` needs a value"]),
    (
        {28: "              pass: {Restart: {matches: '('}}"},
        [
            f"28:32: {PROBE}.pass.Restart.matches: not a regular expression: "
            "missing ), unterminated subpattern at position 0"
        ],
    ),
    (
        {28: "              pass: {all: [{ActiveState: {eq: $service_nit}}]}"},
        [
            f"28:47: {PROBE}.pass.all[0].ActiveState.eq: no parameter `service_nit` "
            "(did you mean service_unit?)"
        ],
    ),
    ({27: "              unit: $unset"}, [f"27:21: {PROBE}.unit: no parameter `unset`"]),
    (
        {27: "              unti: x"},
        [
            f"25:15: {PROBE}: `unit` is missing",
            f"27:15: {PROBE}.unti: unknown key `unti` (did you mean unit?)",
        ],
    ),
    (
        {27: "              unit: x\n              tiemout: 3s"},
        [f"28:15: {PROBE}.tiemout: unknown key `tiemout` (did you mean timeout?)"],
    ),
    (
        {27: "              unit: x\n              since: 2h"},
        [f"28:22: {PROBE}.since: `2h` is not one of 1h, 24h (did you mean 24h?)"],
    ),
    (
        {27: "              unit: x\n              limits: [1, a]"},
        [f"28:27: {PROBE}.limits[1]: expected a whole number, not text"],
    ),
    (
        {27: "              params: {unit: x, lmits: [1]}"},
        [f"27:33: {PROBE}.params.lmits: unknown key `lmits` (did you mean limits?)"],
    ),
    (
        {29: '              show: "{Activ}"'},
        [f"29:21: {PROBE}.show: no such fact: `Activ` (did you mean ActiveState?)"],
    ),
    (
        {
            25: "              kind: range",
            27: "              low: 3",
            28: "              pass: {value: 1}",
            29: "",
        },
        [f"25:15: {PROBE}: low is over high"],
    ),
]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [case for part in (KEYS, WORDS, TYPES, TRAPS, REFERENCES, PROBES) for case in part],
    ids=lambda value: next(iter(value.values())).strip()[:50] if isinstance(value, dict) else "",
)
def test_a_fault_is_reported_with_its_place(
    tmp_path: Path, lines: Mapping[int, str], expected: list[str]
) -> None:
    assert faults_of(tmp_path, changed(lines)) == expected


def test_the_sample_itself_has_no_fault(tmp_path: Path) -> None:
    assert list(read_text(tmp_path, SMALL).items) == ["app.service.starts", "app.service.again"]


def test_every_fault_is_found_at_once_and_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = changed(
        {
            2: "title: off",
            7: "  - {name: a, help: 1:30}",
            17: "            mode: x",
            33: "",
            34: "            role: y",
        }
    )
    assert [fault.split(": ")[0] for fault in faults_of(tmp_path, text)] == [
        "2:8",
        "7:21",
        "17:19",
        "27:21",
        "30:13",
        "33:19",
    ]


def test_each_fault_starts_with_the_file_name(tmp_path: Path) -> None:
    with pytest.raises(ChecklistError) as caught:
        read_text(tmp_path, changed({17: ""}))
    assert str(caught.value) == f"{tmp_path}/it.yaml:15:13: {ONE}: `mode` is missing"


def test_without_kinds_every_kind_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "it.yaml").write_text(SMALL)
    with pytest.raises(ChecklistError, match=r"25:21: .*no probe kind `service`"):
        read(tmp_path / "it.yaml", kinds={})


def test_what_depends_on_a_parameter_waits_for_its_value(tmp_path: Path) -> None:
    """`high` is unknown until the launch says it, so `low is over high` cannot be said either."""
    lines = {25: "              kind: range", 27: "              low: 3\n              high: $service_unit"}
    lines |= {28: "              pass: {value: {ge: $service_unit}}", 29: ""}
    assert faults_of(tmp_path, changed(lines)) == []


def test_text_that_yaml_would_misread_is_fine_when_quoted(tmp_path: Path) -> None:
    quoted = read_text(tmp_path, changed({16: "            text: 'on'", 2: "title: '12:30:45'"}))
    assert (quoted.title, quoted.items["app.service.starts"].text) == ("12:30:45", "on")


def test_an_alias_repeats_a_value(tmp_path: Path) -> None:
    lines = {20: "            why: &why Because.", 35: "            why: *why"}
    assert read_text(tmp_path, changed(lines)).items["app.service.again"].why == "Because."
