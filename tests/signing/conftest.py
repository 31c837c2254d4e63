"""Keys made by the real ssh-keygen."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest


def run(
    *words: str, data: bytes = b"", cwd: Path | None = None, **env: str
) -> subprocess.CompletedProcess[bytes]:

    return subprocess.run(
        words, input=data, capture_output=True, check=False, cwd=cwd, env={**os.environ, **env}
    )


class Keys:
    """A folder of keys. `make` gives the private key's path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, name: str, kind: str = "ed25519", *more: str) -> Path:
        path = self.folder / name
        done = run("ssh-keygen", "-q", "-t", kind, "-N", "", "-C", name, "-f", str(path), *more)
        assert done.returncode == 0, done.stderr
        return path

    def public(self, key: Path) -> str:
        return " ".join(key.with_suffix(".pub").read_text().split()[:2])

    def certify(self, ca: Path, key: Path, principal: str, *more: str) -> Path:
        public = str(key.with_suffix(".pub"))
        done = run("ssh-keygen", "-q", "-s", str(ca), "-I", "id", "-n", principal, *more, public)
        assert done.returncode == 0, done.stderr
        return key.with_name(key.name + "-cert.pub")


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path)


def stock_verify(folder: Path, allowed: str, who: str, text: bytes, signature: str, *more: str) -> bool:
    """Whether `ssh-keygen -Y verify` accepts it."""
    (folder / "as").write_text(allowed)
    (folder / "s.sig").write_text(signature)
    done = run(
        "ssh-keygen", "-Y", "verify", "-f", str(folder / "as"), "-I", who, "-n", "readiness-tui",
        "-s", str(folder / "s.sig"), *more, data=text,
    )  # fmt: skip
    return done.returncode == 0
