"""The bundle: a reproducible tar that `sha256sum` and `ssh-keygen` can verify without this program."""

from __future__ import annotations

import errno
import hashlib
import io
import re
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from readiness_tui import regular_file
from readiness_tui.errors import ReadinessError, UsageError
from readiness_tui.model.session import Session
from readiness_tui.signing import statement
from readiness_tui.signing.verify import ALLOWED, REVOKED, ROLES, Trust, verify

LARGEST = 512 * 1024 * 1024
"""Bytes that a bundle's entries may have together."""
FILE = LARGEST + (64 << 20)
"""Bytes of a bundle's file, with the headers of its entries."""

MOST = 10_000
"""Most entries of a bundle."""
SUMS = "SHA256SUMS"
_NAME = re.compile(r"(?:(?:signoff|evidence|pages)/)?[A-Za-z0-9][A-Za-z0-9._-]{0,200}")

VERIFY = """# How to verify this bundle

With nothing but coreutils and OpenSSH 8.2 or later, in this folder:

```sh
sha256sum -c SHA256SUMS && for r in signoff/*.txt; do p=pages/${r##*/}; [ -f $p ] || p=page.txt
  grep -q "^page: sha256:$(sha256sum < $p | cut -d' ' -f1)" $r || exit 1
  ssh-keygen -Y verify -f allowed_signers -I "$(sed -n 's/^who: //p' $r)" \\
    -n readiness-tui -s $r.sig < $r || exit 1; done
```

`allowed_signers` is the bundle's own copy: compare it with one that you trust. With this program:
`readiness verify BUNDLE --signers FILE`.
"""


@dataclass(frozen=True, slots=True)
class Checked:
    """One role's signature in a bundle. problem: why it does not count; empty if it does."""

    role: str
    who: str
    decision: str
    at: str
    fingerprint: str
    problem: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files of a bundle by name, with verified digests."""

    files: Mapping[str, bytes]

    @property
    def seal(self) -> str:
        """The digest of its page."""
        return "sha256:" + hashlib.sha256(self.files.get("page.txt", b"")).hexdigest()


def write(files: Mapping[str, bytes], moment: datetime) -> bytes:
    """Create the tar: names sorted, owner 0, one time for all entries, SHA256SUMS over all other files."""
    every = {**files, "VERIFY.md": VERIFY.encode()}
    sums = "".join(f"{hashlib.sha256(every[name]).hexdigest()}  {name}\n" for name in sorted(every))
    every[SUMS] = sums.encode()
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(every):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(every[name]), int(moment.timestamp()), 0o644
            tar.addfile(entry, io.BytesIO(every[name]))
    return made.getvalue()


def read(path: Path) -> Bundle:
    """Read the files of a bundle. Raises UsageError for an entry that is not a regular file, a duplicate or
    outside name, too much data, or a file whose digest does not match SHA256SUMS.
    """
    try:
        with regular_file.opened(path, FILE) as file, tarfile.open(fileobj=file, mode="r:") as tar:
            files = _entries(tar)
    except OSError as error:
        said = "the bundle holds more than a bundle may" if error.errno == errno.EFBIG else error.strerror
        raise UsageError(f"cannot read the bundle: {said}", where=str(path)) from None
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise UsageError(f"not a bundle: {error}", where=str(path)) from None
    sums = files.get(SUMS, b"").decode("utf-8", "replace")
    digests = {name: digest for digest, _, name in (line.partition("  ") for line in sums.splitlines())}
    if set(digests) != set(files) - {SUMS}:
        raise UsageError("SHA256SUMS does not list exactly the files of the bundle", where=str(path))
    for name, digest in digests.items():
        if hashlib.sha256(files[name]).hexdigest() != digest:
            raise UsageError(f"{name} does not match its digest in SHA256SUMS", where=str(path))
    return Bundle(files)


def _entries(tar: tarfile.TarFile) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    room = LARGEST
    for entry in tar:
        if not entry.isreg() or not _NAME.fullmatch(entry.name) or ".." in entry.name:
            raise UsageError(
                f"the bundle contains {entry.name[:100]!r}, which is not a regular file of a bundle"
            )
        if entry.name in files:
            raise UsageError(f"the bundle contains {entry.name!r} twice")
        room -= entry.size
        if room < 0 or len(files) >= MOST:
            raise UsageError("the bundle is too large")
        data = tar.extractfile(entry)
        files[entry.name] = data.read() if data is not None else b""
    return files


def check(held: Bundle, session: Session, trust: Trust | None, at: datetime | None) -> list[Checked]:
    """Judge every sign-off in the bundle, by these signers, else by the signers in the bundle."""
    files = held.files
    if trust is None:
        text = [files.get(name, b"").decode("utf-8", "replace") for name in (ALLOWED, ROLES, REVOKED)]
        trust = Trust("the bundle", *text)
    results = []
    for name in sorted(files):
        if name.startswith("signoff/") and name.endswith(".txt"):
            results.append(_checked(name, held, session, trust, at))
    return results


def _checked(name: str, held: Bundle, session: Session, trust: Trust, at: datetime | None) -> Checked:
    role = name.removeprefix("signoff/").removesuffix(".txt")
    try:
        signed_statement = statement.read(held.files[name].decode())
        signoff = signed_statement.signoff(held.files.get(name + ".sig", b"").decode())
    except (ReadinessError, ValueError) as error:
        return Checked(role, "", "", "", "", str(getattr(error, "message", error)))
    page = held.files.get(f"pages/{role}.txt", held.files.get("page.txt", b""))
    result = verify(session, signoff, trust, at=at)
    problem = result.problem
    if signed_statement.role != role:
        problem = f"the statement is for the role {signed_statement.role}"
    elif signed_statement.page != "sha256:" + hashlib.sha256(page).hexdigest():
        problem = "the signed page is not the page of the bundle"
    elif signoff not in session.signoffs:
        problem = "the session of the bundle does not contain this sign-off"
    when = f"{signed_statement.at:%Y-%m-%dT%H:%M:%SZ}"
    return Checked(
        role, signed_statement.who, signed_statement.decision.value, when, result.fingerprint, problem
    )
