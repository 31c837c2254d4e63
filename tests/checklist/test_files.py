"""Files that are not checklists: each gives an error with the reason, and never a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from readiness_tui.checklist import yaml_tree
from readiness_tui.checklist.read import read
from readiness_tui.checklist.source_text import MAX_BYTES
from readiness_tui.errors import ChecklistError
from tests.checklist.samples import KINDS, SMALL, faults_of, read_text


def fault(path: Path) -> str:
    with pytest.raises(ChecklistError) as caught:
        read(path, kinds=KINDS)
    assert len(caught.value.faults) == 1
    return str(caught.value).removeprefix(f"{path}:")


def test_a_missing_file(tmp_path: Path) -> None:
    assert fault(tmp_path / "none.yaml") == "0:0: no such file"


def test_a_directory(tmp_path: Path) -> None:
    assert fault(tmp_path) == "0:0: a directory, not a checklist file"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert fault(tmp_path / "pipe.yaml") == "0:0: not a regular file"


def test_a_device() -> None:
    assert fault(Path("/dev/zero")) == "0:0: not a regular file"


def test_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    assert fault(tmp_path / "loop.yaml").startswith("0:0: cannot be read: Too many levels")


def test_a_name_no_file_can_have() -> None:
    assert fault(Path("a\0b.yaml")) == "0:0: not a path: embedded null byte"


def test_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "secret.yaml"
    path.write_text(SMALL)
    path.chmod(0)
    mine = os.geteuid()
    if mine == 0:
        os.seteuid(65534)  # root may read anything
    try:
        said = fault(path)
    finally:
        os.seteuid(mine)
    assert said == "0:0: cannot be read: Permission denied"


def test_a_file_of_50_megabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    with (tmp_path / "big.yaml").open("wb") as file:
        file.truncate(50_000_000)
    assert fault(tmp_path / "big.yaml") == f"0:0: 50000000 bytes; the limit is {MAX_BYTES}"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "0:0: the file is empty"),
        (b"# only a remark\n", "0:0: the file is empty"),
        (b"---\n", "2:1: expected a mapping of keys, not nothing"),
        (b"- a\n- b\n", "1:1: expected a mapping of keys, not a list"),
        (b"just words\n", "1:1: expected a mapping of keys, not text"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "1:8: a binary file, not a checklist: a zero byte at offset 7"),
        (b"id: demo\ntitle: caf\xe9\n", "2:11: not UTF-8 text: byte 0xe9 at offset 19"),
        (b"\xef\xbb\xbfid: d\xff\n", "1:7: not UTF-8 text: byte 0xff at offset 8"),
        ("id: é\ntitle: é".encode() + b"\xe9", "2:9: not UTF-8 text: byte 0xe9 at offset 16"),
        ("id: demo\n".encode("utf-16"), "0:0: the file is UTF-16; save it as UTF-8"),
        (b"id: demo\ntitle: a\x1b[31m\n", "2:9: not text: control character U+001B"),
        (b"id: a\n---\nid: b\n", "2:1: a second document begins here; a file may hold only one checklist"),
        (
            b"id: a\n\ttitle: b\n",
            "2:1: not YAML: found a tab character that violates indentation, while scanning a plain scalar",
        ),
        (b"id: [a\n", "2:1: not YAML: did not find expected ',' or ']', while parsing a flow sequence"),
        (b"id: 'a\n", "2:1: not YAML: found unexpected end of stream, while scanning a quoted scalar"),
        (b"%YAML 9.9\n---\nid: a\n", "1:1: not YAML: found incompatible YAML document"),
    ],
)
def test_files_that_are_not_checklists(tmp_path: Path, data: bytes, expected: str) -> None:
    assert faults_of(tmp_path, data) == [expected]


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode()
    assert len(read_text(tmp_path, data).items) == 2


def bomb(levels: int) -> str:
    """Each level repeats the one before nine times."""
    lines = ['a0: &a0 ["lol"]']
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


def test_an_alias_bomb_is_refused_before_it_expands(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, bomb(12))
    assert faults == ["6:40: more than 100000 values once its aliases are expanded"]


def test_an_alias_inside_what_it_repeats(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "a: &a [*a]\n") == ["1:8: `*a` is inside the value it repeats"]


def test_an_alias_without_an_anchor(tmp_path: Path) -> None:
    assert "1:5: id: no anchor `&x` before `*x`" in faults_of(tmp_path, SMALL.replace("id: demo", "id: *x"))


def test_aliases_that_nest_deeper_with_each_line(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 5000))]
    assert faults_of(tmp_path, "\n".join(lines)) == ["39:12: `*a37` nests deeper than 40 levels"]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_very_deep_nesting(tmp_path: Path, opening: str) -> None:
    text = opening * 200_000
    assert faults_of(tmp_path, text) == [f"1:{40 * len(opening) + 1}: nested deeper than 40 levels"]


def test_too_many_values(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, "id: [" + "1," * 150_000 + "]")
    assert faults == ["1:200000: more than 100000 values once its aliases are expanded"]


def test_numbers_too_long_to_read(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, SMALL.replace("version: 1", "version: " + "9" * 5000))
    assert len(faults) == 1
    assert faults[0].startswith("3:10: version: `9999")


def test_the_loader_without_libyaml_reads_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = read_text(tmp_path, SMALL)
    deep = faults_of(tmp_path, "[" * 5000)
    monkeypatch.setattr(yaml_tree, "_Loader", yaml.SafeLoader)
    assert read_text(tmp_path, SMALL) == fast
    assert faults_of(tmp_path, "[" * 5000) == deep
    assert faults_of(tmp_path, "id: [a\n")[0].startswith("2:1: not YAML: ")
