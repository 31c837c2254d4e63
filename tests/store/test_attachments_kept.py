"""A kept attachment is a file of the launch's own folder: its path comes from a file of others."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from readiness_tui.errors import UsageError
from readiness_tui.store import attachments

SECRET = b"not yours"
DIGEST = "sha256:" + hashlib.sha256(SECRET).hexdigest()


@pytest.mark.parametrize(
    "path",
    [
        "evidence/../secret",
        "evidence/../../launch/secret",
        "evidence/./../secret",
        "../secret",
        "secret",
        "evidence/a/b",
        "evidence/link",
        "evidence",
        "evidence/..",
        "",
    ],
)
def test_a_path_or_link_out_of_the_folder_is_refused(path: str, tmp_path: Path) -> None:
    launch = tmp_path / "launch"
    (launch / "evidence" / "a").mkdir(parents=True)
    for place in (launch / "secret", tmp_path / "secret", launch / "evidence" / "a" / "b"):
        place.write_bytes(SECRET)
    (launch / "evidence" / "link").symlink_to(launch / "secret")
    with pytest.raises(UsageError):
        attachments.kept(launch, path)
    assert attachments.trouble(launch, path, DIGEST) == "not an attachment of this launch"


def test_an_absolute_path_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(SECRET)
    with pytest.raises(UsageError):
        attachments.kept(tmp_path / "launch", str(tmp_path / "secret"))


def test_a_folder_of_evidence_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "launch").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").write_bytes(SECRET)
    os.symlink(tmp_path / "elsewhere", tmp_path / "launch" / "evidence")
    with pytest.raises(UsageError):
        attachments.kept(tmp_path / "launch", "evidence/file")


def test_a_kept_attachment_is_read(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(SECRET)
    digest, path = attachments.keep(tmp_path / "launch", tmp_path / "report.pdf")
    assert attachments.kept(tmp_path / "launch", path) == SECRET
    assert attachments.trouble(tmp_path / "launch", path, digest) == ""
