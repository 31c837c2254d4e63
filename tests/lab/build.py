"""The trees that hosts are copied from, built once and kept by the digest of what they are made of."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from tests.lab.host import LabError, remove

SUITES = {"sysv": "bookworm"}
"""The Debian release of a tree that is not named after it."""

TREES = Path(__file__).with_name("trees")


def cache() -> Path:
    """Where trees are kept: $READINESS_LAB_CACHE, else a folder in the user's cache."""
    chosen = os.environ.get("READINESS_LAB_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "readiness-tui" / "lab"


def digest(files: Iterable[str], *more: str) -> str:
    total = hashlib.sha256()
    for name in files:
        total.update(name.encode() + b"\0" + (TREES / name).read_bytes() + b"\0")
    for word in more:
        total.update(word.encode() + b"\0")
    return total.hexdigest()[:16]


@dataclass(frozen=True)
class Part:
    """One thing that is built: its name, the digest of its sources, and how it is made into a folder."""

    name: str
    digest: str
    make: Callable[[Path], None]

    @property
    def path(self) -> Path:
        return cache() / f"{self.name}-{self.digest}"

    def built(self) -> Path:
        """The folder, made now if it is not there; older ones of the same name are removed."""
        folder = cache()
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f"{self.name}.lock"):
            if not self.path.is_dir():
                part = folder / f"{self.name}.part"
                remove(part)
                self.make(part)
                for old in folder.glob(f"{self.name}-" + "[0-9a-f]" * 16):
                    remove(old)
                part.rename(self.path)
        return self.path


def script(name: str, *words: object) -> None:
    """Run a script of trees/ and raise LabError with its last lines when it fails."""
    done = subprocess.run([TREES / name, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)  # fmt: skip
    if done.returncode:
        raise LabError(f"{name}: " + "\n".join(done.stdout.splitlines()[-20:]))


def inputs() -> Part:
    return Part("inputs", digest(("inputs.sh", "payments.c")), lambda folder: script("inputs.sh", folder))


def base(name: str) -> Part:
    packages = f"{name}.packages"
    suite = SUITES.get(name, name)
    return Part(
        f"{name}-base",
        digest(("base.sh", packages), suite),
        lambda tree: script("base.sh", tree, suite, TREES / packages),
    )


def ready(name: str) -> Part:
    """The host on which everything is right."""
    inside = "ready-sysv.sh" if name == "sysv" else "ready.sh"

    def make(tree: Path) -> None:
        script("make-ready.sh", base(name).built(), tree, inputs().built(), TREES / inside)

    sources = ("make-ready.sh", inside, "postgresql13.sh")
    return Part(f"{name}-ready", digest(sources, base(name).digest, inputs().digest), make)
