"""The trusted host keys: known_hosts files, read once and looked up only by name.

OpenSSH trusts a key for the requested name. The resolved address is never sufficient, or a forged DNS
answer could redirect to any known host.
"""

from __future__ import annotations

import hmac
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from readiness_tui import regular_file

_DEFAULT_PORT = 22


@dataclass(frozen=True, slots=True)
class Trusted:
    """What known_hosts contains for a name. keys: trusted keys. authorities: keys that may sign host keys."""

    keys: tuple[asyncssh.SSHKey, ...] = ()
    authorities: tuple[asyncssh.SSHKey, ...] = ()
    revoked: tuple[asyncssh.SSHKey, ...] = ()

    def argument(self) -> tuple[Sequence[object], ...]:
        """In the form that asyncssh expects: keys, authorities, revoked keys, and no X.509."""
        return (self.keys, self.authorities, self.revoked, (), (), (), ())


class KnownHosts:
    """An index of the lines of known_hosts files. Keys are parsed only for a requested name."""

    def __init__(self, texts: Iterable[str]) -> None:
        """texts: the files' contents. Invalid lines are ignored, as in ssh."""
        self._exact: dict[str, list[str]] = {}
        self._hashed: list[tuple[bytes, bytes, str]] = []
        self._patterns: list[str] = []
        for text in texts:
            for line in text.splitlines():
                self._add(line.strip())

    def _add(self, line: str) -> None:
        words = line.split(None, 3)
        if not words or line.startswith("#"):
            return
        names = words[1] if words[0].startswith("@") and len(words) > 1 else words[0]
        if names.startswith("|1|"):
            self._add_hashed(names, line)
        elif any(char in names for char in "*?!|"):
            self._patterns.append(line)
        else:
            for name in names.lower().split(","):
                self._exact.setdefault(name, []).append(line)

    def _add_hashed(self, name: str, line: str) -> None:
        try:
            salt, digest = (b64decode(part, validate=True) for part in name[3:].split("|"))
        except (ValueError, Base64Error):
            return
        self._hashed.append((salt, digest, line))

    def trusted(self, host: str, port: int) -> Trusted:
        """The keys of a host. Without an entry for its port, the entry for the name alone applies."""
        host = host.lower()
        alone = self._match(host, None)
        if port == _DEFAULT_PORT:
            return alone
        exact = self._match(host, port)
        revoked = tuple(dict.fromkeys((*exact.revoked, *alone.revoked)))
        best = exact if exact.keys or exact.authorities else alone
        return Trusted(best.keys, best.authorities, revoked)

    def _match(self, host: str, port: int | None) -> Trusted:
        name = f"[{host}]:{port}" if port else host
        lines = [*self._exact.get(name, ()), *self._patterns]
        encoded = name.encode()
        lines += [line for salt, digest, line in self._hashed if hmac.digest(salt, encoded, "sha1") == digest]
        keys: list[asyncssh.SSHKey] = []
        authorities: list[asyncssh.SSHKey] = []
        revoked: list[asyncssh.SSHKey] = []
        for line in lines:
            try:
                match = asyncssh.import_known_hosts(line).match(name, "", None)
            except ValueError:
                continue
            keys += match[0]
            authorities += match[1]
            revoked += match[2]
        return Trusted(tuple(keys), tuple(authorities), tuple(revoked))


class KnownHostsFiles:
    """Reads files, and reads them again only if they change."""

    def __init__(self) -> None:
        self._cached: dict[tuple[Path, ...], tuple[list[tuple[int, int]], KnownHosts]] = {}

    def read(self, paths: Sequence[Path], further: str = "") -> KnownHosts:
        """The index of the files that exist and can be read. Blocks, so do not call it on the event loop.

        further: additional lines, for this call only.
        """
        key = tuple(paths)
        stamps, texts = [], []
        for path in key:
            try:
                status = path.stat()
                stamps.append((status.st_mtime_ns, status.st_size))
            except OSError:
                stamps.append((0, 0))
        cached = self._cached.get(key)
        if not further and cached is not None and cached[0] == stamps:
            return cached[1]
        for path in key:
            try:
                texts.append(regular_file.read_bytes(path, regular_file.RECORDING).decode("utf-8", "replace"))
            except OSError:
                continue
        known = KnownHosts([*texts, further])
        if not further:
            self._cached[key] = (stamps, known)
        return known
