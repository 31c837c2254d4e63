"""Who may sign: `allowed_signers` as in ssh-keygen(1), and the roles of `signers.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncssh
from asyncssh.pattern import WildcardPatternList

from readiness_tui import toml_text
from readiness_tui.errors import UsageError
from readiness_tui.signing.signature import Signer
from readiness_tui.signing.statement import NAMESPACE

_WORD = re.compile(r'(?:[^\s"]|"(?:[^"\\]|\\.)*")+')
_OPTION = re.compile(r'([a-zA-Z-]+)(?:="((?:[^"\\]|\\.)*)")?(?:,|$)')
_TIME = re.compile(r"(\d{8})(\d{4}(?:\d{2})?)?(Z?)")
_KEY_TYPE = re.compile(r"(ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+")


@dataclass(frozen=True, slots=True)
class _Entry:
    principals: str
    options: dict[str, str]
    key: asyncssh.SSHKey
    line: int


@dataclass(frozen=True, slots=True)
class Signers:
    """The signers of a launch. roles: principals by role, empty if there is no `signers.toml`.

    several: principals who may have more than one role. revoked: keys that no longer count.
    """

    entries: tuple[_Entry, ...]
    roles: dict[str, tuple[str, ...]]
    several: tuple[str, ...] = ()
    revoked: tuple[bytes, ...] = ()

    def refusal(self, signer: Signer, who: str, role: str, at: datetime) -> str:
        """Why this key may not sign for that principal and role at that time; empty if it may."""
        if self.roles and who not in self.roles.get(role, ()):
            return f"signers.toml does not name {who} for the role {role}"
        keys = [signer.key, *([signer.certificate.signing_key] if signer.certificate else [])]
        if any(key.public_data in self.revoked for key in keys):
            return f"the key {signer.fingerprint} is revoked"
        reasons = [_refused(entry, signer, who, at) for entry in self.entries]
        if any(reason == "" for reason in reasons):
            return ""
        named = [reason for reason in reasons if reason]
        return named[0] if named else f"allowed_signers has no entry for {who} with {signer.fingerprint}"


def _refused(entry: _Entry, signer: Signer, who: str, at: datetime) -> str | None:
    """Empty if the entry allows it; None if it is for another key or name; else the reason."""
    ca = "cert-authority" in entry.options
    certificate = signer.certificate
    key = certificate.signing_key if ca and certificate is not None else signer.key
    if ca is not (certificate is not None) or entry.key.public_data != key.public_data:
        if ca and entry.key.public_data == signer.key.public_data:
            return f"line {entry.line}: the key is a certificate authority and must not sign itself"
        return None
    if not WildcardPatternList(entry.principals).matches(who):
        return None
    spaces = entry.options.get("namespaces")
    if spaces is not None and not WildcardPatternList(spaces).matches(NAMESPACE):
        return f"line {entry.line}: the key is allowed for {spaces}, not {NAMESPACE}"
    if "valid-after" in entry.options and at < _time(entry.options["valid-after"]):
        return f"line {entry.line}: the key is valid only after {entry.options['valid-after']}"
    if "valid-before" in entry.options and at >= _time(entry.options["valid-before"]):
        return f"line {entry.line}: the key was valid before {entry.options['valid-before']}"
    return _certificate(signer, who, at) if certificate is not None else ""


def _certificate(signer: Signer, who: str, at: datetime) -> str:
    """Why the certificate is not valid for that principal at that time; empty if it is."""
    certificate = signer.certificate
    assert certificate is not None  # checked by the caller
    if certificate._cert_type != 1:
        return "the certificate is a host certificate, not a user certificate"
    if who not in certificate.principals:
        return f"the certificate does not name {who}"
    moment = int(at.timestamp())
    if not certificate._valid_after <= moment < certificate._valid_before:
        return "the certificate was not valid at that time"
    return ""


def read(allowed: str, toml: str = "", revoked: str = "", *, source: str = "allowed_signers") -> Signers:
    """The signers in the text of `allowed_signers`, of `signers.toml` and of a list of revoked keys.

    Raises UsageError with the line: as in ssh-keygen, one invalid line invalidates the file.
    """
    entries = tuple(_entry(line, number, source) for number, line in _lines(allowed))
    try:
        keys = tuple(asyncssh.import_public_key(line).public_data for _, line in _lines(revoked))
        document = toml_text.loads(toml)
    except (asyncssh.KeyImportError, ValueError, RecursionError) as error:
        raise UsageError(f"cannot read the signers: {error}", where=source) from None
    several = document.pop("several", [])
    roles = {role: tuple(who) for role, who in document.items() if isinstance(who, list)}
    if len(roles) != len(document) or not all(
        isinstance(who, str) for names in roles.values() for who in names
    ):
        raise UsageError("signers.toml must contain lists of principals by role", where="signers.toml")
    for who in {name for names in roles.values() for name in names}:
        held = [role for role, names in roles.items() if who in names]
        if len(held) > 1 and who not in several:
            message = f"{who} has {len(held)} roles ({', '.join(held)}) and is not listed in `several`"
            raise UsageError(message, where="signers.toml", hint=f'several = ["{who}"] allows it')
    return Signers(entries, roles, tuple(several), keys)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        if (line := line.strip()) and not line.startswith("#"):
            yield number, line


def _entry(line: str, number: int, source: str) -> _Entry:
    words = _WORD.findall(line)
    options: dict[str, str] = {}
    try:
        principals, rest = words[0].strip('"'), words[1:]
        if not _KEY_TYPE.fullmatch(rest[0]):
            options, rest = _options(rest[0]), rest[1:]
        key = asyncssh.import_public_key(" ".join(rest[:2]))
    except (IndexError, ValueError, asyncssh.KeyImportError) as error:
        raise UsageError(f"cannot read this signer: {error}", where=f"{source}:{number}") from None
    return _Entry(principals, options, key, number)


def _options(text: str) -> dict[str, str]:
    options: dict[str, str] = {}
    at = 0
    while at < len(text):
        match = _OPTION.match(text, at)
        name = match[1].lower() if match else ""
        if match is None or name in options:
            raise ValueError(f"options {text!r}")
        if name not in ("cert-authority", "namespaces", "valid-after", "valid-before"):
            raise ValueError(f"unknown option {name!r}")
        options[name] = match[2] or ""
        if name.startswith("valid-"):
            _time(options[name])
        at = match.end()
    return options


def _time(text: str) -> datetime:
    """`YYYYMMDD[HHMM[SS]][Z]`, local time without Z, as in ssh-keygen(1). Raises ValueError."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"not a time: {text!r}")
    clock = (match[2] or "").ljust(6, "0")
    moment = datetime.strptime(match[1] + clock, "%Y%m%d%H%M%S")
    try:
        return moment.replace(tzinfo=UTC) if match[3] else moment.astimezone(UTC)
    except OverflowError:  # the last day of year 9999, west of Greenwich
        return moment.replace(tzinfo=UTC)


SOON = timedelta(minutes=5)
"""How far ahead of the clock the time of a statement may be."""
