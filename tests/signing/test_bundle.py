"""What a bundle refuses: names outside, links, devices, a name twice, too much data, a changed file."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from readiness_tui.errors import UsageError
from readiness_tui.signing import bundle
from tests.samples import NOW

FILES = {"page.txt": b"a page\n", "evidence/00-drill.pdf": b"it worked"}


def entry(name: str, kind: bytes = tarfile.REGTYPE, size: int = 0) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.size, made.linkname = kind, size, "/etc/passwd"
    return made


def appended(path: Path, *entries: tarfile.TarInfo) -> Path:
    path.write_bytes(bundle.write(FILES, NOW))
    with tarfile.open(path, "a") as tar:
        for each in entries:
            tar.addfile(each, io.BytesIO(b"\0" * each.size) if each.size else None)
    return path


def test_it_is_read_back_and_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "b.tar"
    path.write_bytes(bundle.write(FILES, NOW))
    assert FILES.items() <= bundle.read(path).files.items()
    assert bundle.write(dict(reversed(FILES.items())), NOW) == path.read_bytes()


@pytest.mark.parametrize(
    "bad",
    [
        entry("../escape"),
        entry("/etc/passwd"),
        entry("evidence/../../x"),
        entry("evidence/a/b"),
        entry(".ssh"),
        entry("link", tarfile.SYMTYPE),
        entry("hard", tarfile.LNKTYPE),
        entry("dev", tarfile.CHRTYPE),
        entry("fifo", tarfile.FIFOTYPE),
        entry("folder", tarfile.DIRTYPE),
        entry("page.txt"),
        entry("more.txt"),
    ],
    ids=lambda each: each.name,
)
def test_an_entry_that_does_not_belong_refuses_the_bundle(tmp_path: Path, bad: tarfile.TarInfo) -> None:
    with pytest.raises(UsageError):
        bundle.read(appended(tmp_path / "b.tar", bad))


def test_10_gb_of_zeros_are_refused_by_their_header(tmp_path: Path) -> None:
    path = appended(tmp_path / "b.tar")
    data = path.read_bytes().rstrip(b"\0")
    data += b"\0" * (-len(data) % 512)
    path.write_bytes(data + entry("zeros", size=10 * 1024**3).tobuf(tarfile.GNU_FORMAT))
    with path.open("r+b") as file:  # sparse
        file.truncate(11 * 1024**3)
    with pytest.raises(UsageError, match="more than a bundle may"):
        bundle.read(path)


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_refused(tmp_path: Path, name: str) -> None:
    data = bundle.write(FILES, NOW)
    path = tmp_path / "b.tar"
    path.write_bytes(data.replace(FILES[name], FILES[name].swapcase()))
    with pytest.raises(UsageError, match="does not match its digest in SHA256SUMS"):
        bundle.read(path)
