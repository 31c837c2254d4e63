"""Read ssh_config with the installed OpenSSH client: `ssh -G`, run once for each host.

It takes about 4 ms and opens no connection. Tokens that `ssh -G` does not expand are expanded here
(ssh_config(5), TOKENS). Blocking, so run it in a thread.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import pwd
import re
import shlex
import shutil
import socket
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from asyncssh.encryption import get_encryption_algs
from asyncssh.kex import get_kex_algs
from asyncssh.public_key import get_certificate_algs, get_public_key_algs

from readiness_tui.errors import TransportError
from readiness_tui.model.outcome import Cause
from readiness_tui.transports.ssh.config_copy import Copies, faults, warning
from readiness_tui.transports.ssh.host_config import HostConfig

ASK_S = 20.0
"""Seconds `ssh -G` may take: it may resolve names and run `Match exec`."""

COMMAND_S = 10.0
"""Seconds a KnownHostsCommand may take."""

TRIES = 12
"""Most attempts to remove refused lines."""

SYSTEM = Path("/etc/ssh/ssh_config")
OUTPUT = 1 << 20

Options = Mapping[str, tuple[str, ...]]
_TOKEN = re.compile(r"%(.)|\$\{(\w{1,200})\}")
_FAMILIES = {"inet": int(socket.AF_INET), "inet6": int(socket.AF_INET6)}


def installed() -> bool:
    """Whether the OpenSSH client is available."""
    return shutil.which("ssh") is not None


def resolve(name: str, port: int | None, user: str, configs: Sequence[Path], *, named: bool) -> HostConfig:
    """The settings for a host as `ssh` would use them.

    named: configs is one file used instead of the user's and the system's. Raises TransportError if
    OpenSSH cannot read its configuration, even without the refused lines.
    """
    words = [*(("-l", user) if user else ()), *(("-p", str(port)) if port else ()), "--", name]
    where = ["-F", str(configs[0])] if named else []
    status, out, errors = _ask([*where, *words])
    warnings: tuple[str, ...] = ()
    if status != 0 and (broken := faults(errors)):
        status, out, errors, warnings = _without(broken, words, configs, named=named)
    if status != 0:
        first = next((line for line in errors.splitlines() if line.strip()), f"ssh -G ended with {status}")
        raise TransportError(
            f"ssh_config cannot be used: {first}", cause=Cause.ERROR, hint=f"ssh -G {shlex.quote(name)}"
        )
    return _host_config(name, _options(out), warnings)


def _ask(words: Sequence[str]) -> tuple[int, str, str]:
    command = [shutil.which("ssh") or "ssh", "-T", "-G", *words]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=ASK_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TransportError(f"ssh -G: {error}", cause=Cause.ERROR) from error
    return done.returncode, _text(done.stdout), _text(done.stderr)


def _text(data: bytes) -> str:
    return os.fsdecode(data[:OUTPUT])


def _without(
    broken: dict[tuple[str, int], str], words: Sequence[str], configs: Sequence[Path], *, named: bool
) -> tuple[int, str, str, tuple[str, ...]]:
    """Run again without the refused lines, until none is refused."""
    home = Path(pwd.getpwuid(os.getuid()).pw_dir) / ".ssh"
    files = dict.fromkeys(configs, home) if named else {home / "config": home, SYSTEM: SYSTEM.parent}
    left_out = dict(broken)
    status, out, errors = 255, "", ""
    for _ in range(TRIES):
        with TemporaryDirectory(prefix="readiness-ssh-") as folder:
            copies = Copies(Path(folder))
            copies.replaced.update(dict.fromkeys(left_out))
            status, out, errors = _ask(["-F", str(copies.write(files)), *words])
            refused_lines = {copies.original(place): text for place, text in faults(errors).items()}
        if status == 0 or not refused_lines.keys() - left_out.keys():
            break
        left_out |= refused_lines
    return status, out, errors, tuple(warning(place, text) for place, text in left_out.items())


def _options(out: str) -> dict[str, tuple[str, ...]]:
    """The printed settings by lower-case keyword, each with its values in order."""
    options: dict[str, tuple[str, ...]] = {}
    for line in out.splitlines():
        keyword, _, value = line.partition(" ")
        keyword = keyword.lower()
        options[keyword] = (*options.get(keyword, ()), value)
    return options


@cache
def _defaults() -> Options:
    """OpenSSH's settings without any configuration."""
    status, out, _ = _ask(["-F", "none", "--", "localhost"])
    return _options(out) if status == 0 else {}


def _host_config(name: str, options: Options, warnings: tuple[str, ...]) -> HostConfig:
    def first(keyword: str, default: str = "") -> str:
        value = options.get(keyword, ("",))[0]
        return value if value and value.lower() != "none" else default

    tokens = _tokens(name, options)
    proxy = first("proxycommand")
    alias = first("hostkeyalias")
    jump = first("proxyjump")
    shell = os.environ.get("SHELL") or "/bin/sh"
    port = int(first("port", "22"))
    seconds = first("connecttimeout")
    lookup = alias or first("hostname", name)
    place = lookup if port == 22 else f"[{lookup}]:{port}"
    return HostConfig(
        host=first("hostname", name),
        port=port,
        user=first("user", getpass.getuser()),
        alias=alias,
        jump=jump,
        proxy_command=(shell, "-c", f"exec {expanded(proxy, tokens)}") if proxy and not jump else (),
        connect_s=float(seconds) if seconds.isdigit() and int(seconds) else None,
        family=_FAMILIES.get(first("addressfamily"), 0),
        bind=first("bindaddress"),
        ciphers=_chosen(options, "ciphers", get_encryption_algs()),
        kex=_chosen(options, "kexalgorithms", get_kex_algs()),
        host_key_algs=_chosen(
            options, "hostkeyalgorithms", [*get_certificate_algs(), *get_public_key_algs()]
        ),
        known_files=(*_files(first("userknownhostsfile")), *_files(first("globalknownhostsfile"))),
        known_lines=_known_lines(first("knownhostscommand"), {**tokens, "H": place}),
        keys=_keys(options, tokens),
        warnings=warnings,
    )


def _keys(options: Options, tokens: Mapping[str, str]) -> dict[str, object]:
    files = options.get("identityfile", ())
    chosen = None if files == _defaults().get("identityfile", ()) else files
    agent = options.get("identityagent", ("SSH_AUTH_SOCK",))[0]
    return {
        "IdentityFile": None if chosen is None else [expanded(f, tokens) for f in chosen if f != "none"],
        "CertificateFile": [expanded(file, tokens) for file in options.get("certificatefile", ())],
        "IdentityAgent": None if agent.lower() == "none" else agent,
        "IdentitiesOnly": options.get("identitiesonly", ("no",))[0] == "yes",
    }


def _chosen(options: Options, keyword: str, known: Sequence[bytes]) -> tuple[str, ...] | None:
    """The algorithms of a keyword that asyncssh supports; None if OpenSSH's defaults are in force."""
    words = options.get(keyword, ())
    if not words or words == _defaults().get(keyword):
        return None
    names = {name.decode("ascii") for name in known}
    usable = tuple(word for word in words[0].split(",") if word in names)
    if not usable:
        raise TransportError(
            f"ssh_config: no algorithm of {keyword} is supported here: {words[0][:200]}",
            cause=Cause.UNSUPPORTED,
        )
    return usable


def _files(value: str) -> tuple[Path, ...]:
    """Paths on one line. `ssh -G` prints no quotes: a word that cannot begin a path continues the one
    before.
    """
    paths: list[str] = []
    for word in value.split(" "):
        if paths and not word.startswith(("/", "~", "none")):
            paths[-1] += f" {word}"
        else:
            paths.append(word)
    return tuple(Path(path).expanduser() for path in paths if path and path.lower() != "none")


def _tokens(name: str, options: Options) -> dict[str, str]:
    """The percent tokens of ssh_config(5)."""

    def first(keyword: str) -> str:
        value = options.get(keyword, ("",))[0]
        return "" if value == "none" else value

    local = socket.gethostname()
    host, port, user, jump = first("hostname") or name, first("port"), first("user"), first("proxyjump")
    digest = hashlib.sha1(f"{local}{host}{port}{user}".encode(), usedforsecurity=False)
    return {
        "%": "%",
        "h": host,
        "n": name,
        "p": port,
        "r": user,
        "u": getpass.getuser(),
        "i": str(os.getuid()),
        "d": pwd.getpwuid(os.getuid()).pw_dir,
        "l": local,
        "L": local.partition(".")[0],
        "k": first("hostkeyalias") or name,
        "C": digest.hexdigest(),
        "j": jump.rpartition("@")[2].partition(":")[0],
        "I": "ORDER",
        "t": "NONE",
        "f": "NONE",
        "K": "NONE",
    }


def expanded(text: str, tokens: Mapping[str, str]) -> str:
    """The text with its percent tokens and `${VARIABLE}`s expanded; unknown ones are unchanged."""

    def value(match: re.Match[str]) -> str:
        if match[1] is not None:
            return tokens.get(match[1], match[0])
        return os.environ.get(match[2], match[0])

    return _TOKEN.sub(value, text)


def _known_lines(command: str, tokens: Mapping[str, str]) -> str:
    """The output of the operator's KnownHostsCommand; empty if it fails, so that no key is trusted."""
    if not command:
        return ""
    try:
        words = [expanded(word, tokens) for word in shlex.split(command)]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_S)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return ""
    return _text(done.stdout) if done.returncode == 0 else ""
