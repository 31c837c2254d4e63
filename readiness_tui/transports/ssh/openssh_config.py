"""ssh_config as the installed OpenSSH client reads it: `ssh -G`, asked once for each host.

It costs about 4 ms and opens no connection. Tokens that `ssh -G` leaves as written are expanded
here (ssh_config(5), TOKENS). Blocking, so run in a thread.
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
"""Rounds of leaving out refused lines."""

SYSTEM = Path("/etc/ssh/ssh_config")
OUTPUT = 1 << 20

Options = Mapping[str, tuple[str, ...]]
_TOKEN = re.compile(r"%(.)|\$\{(\w{1,200})\}")
_FAMILIES = {"inet": int(socket.AF_INET), "inet6": int(socket.AF_INET6)}


def installed() -> bool:
    """Whether OpenSSH's client can be asked."""
    return shutil.which("ssh") is not None


def resolve(name: str, port: int | None, user: str, configs: Sequence[Path], *, named: bool) -> HostConfig:
    """The settings for a host as `ssh` would use them.

    named: configs is one file given instead of the user's and the system's. Raises TransportError
    when OpenSSH cannot read its configuration, also after refused lines were left out.
    """
    words = [*(("-l", user) if user else ()), *(("-p", str(port)) if port else ()), "--", name]
    where = ["-F", str(configs[0])] if named else []
    status, out, said = _ask([*where, *words])
    warnings: tuple[str, ...] = ()
    if status != 0 and (broken := faults(said)):
        status, out, said, warnings = _without(broken, words, configs, named=named)
    if status != 0:
        first = next((line for line in said.splitlines() if line.strip()), f"ssh -G ended with {status}")
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
    """Ask again without the lines that were refused, until none is."""
    home = Path(pwd.getpwuid(os.getuid()).pw_dir) / ".ssh"
    files = dict.fromkeys(configs, home) if named else {home / "config": home, SYSTEM: SYSTEM.parent}
    left_out = dict(broken)
    status, out, said = 255, "", ""
    for _ in range(TRIES):
        with TemporaryDirectory(prefix="readiness-ssh-") as folder:
            copies = Copies(Path(folder))
            copies.replaced.update(dict.fromkeys(left_out))
            status, out, said = _ask(["-F", str(copies.write(files)), *words])
            found = {copies.original(place): text for place, text in faults(said).items()}
        if status == 0 or not found.keys() - left_out.keys():
            break
        left_out |= found
    return status, out, said, tuple(warning(place, text) for place, text in left_out.items())


def _options(out: str) -> dict[str, tuple[str, ...]]:
    """The printed settings by lower-case keyword, each with its values in order."""
    found: dict[str, tuple[str, ...]] = {}
    for line in out.splitlines():
        keyword, _, value = line.partition(" ")
        keyword = keyword.lower()
        found[keyword] = (*found.get(keyword, ()), value)
    return found


@cache
def _defaults() -> Options:
    """What OpenSSH uses when nothing is configured."""
    status, out, _ = _ask(["-F", "none", "--", "localhost"])
    return _options(out) if status == 0 else {}


def _host_config(name: str, options: Options, warnings: tuple[str, ...]) -> HostConfig:
    def one(keyword: str, default: str = "") -> str:
        value = options.get(keyword, ("",))[0]
        return value if value and value.lower() != "none" else default

    tokens = _tokens(name, options)
    proxy = one("proxycommand")
    alias = one("hostkeyalias")
    jump = one("proxyjump")
    shell = os.environ.get("SHELL") or "/bin/sh"
    port = int(one("port", "22"))
    seconds = one("connecttimeout")
    lookup = alias or one("hostname", name)
    place = lookup if port == 22 else f"[{lookup}]:{port}"
    return HostConfig(
        host=one("hostname", name),
        port=port,
        user=one("user", getpass.getuser()),
        alias=alias,
        jump=jump,
        proxy_command=(shell, "-c", f"exec {expanded(proxy, tokens)}") if proxy and not jump else (),
        connect_s=float(seconds) if seconds.isdigit() and int(seconds) else None,
        family=_FAMILIES.get(one("addressfamily"), 0),
        bind=one("bindaddress"),
        ciphers=_chosen(options, "ciphers", get_encryption_algs()),
        kex=_chosen(options, "kexalgorithms", get_kex_algs()),
        host_key_algs=_chosen(
            options, "hostkeyalgorithms", [*get_certificate_algs(), *get_public_key_algs()]
        ),
        known_files=(*_files(one("userknownhostsfile")), *_files(one("globalknownhostsfile"))),
        known_lines=_known_lines(one("knownhostscommand"), {**tokens, "H": place}),
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
    """The algorithms of a keyword that we know too; None when OpenSSH's defaults were left."""
    told = options.get(keyword, ())
    if not told or told == _defaults().get(keyword):
        return None
    names = {name.decode("ascii") for name in known}
    usable = tuple(word for word in told[0].split(",") if word in names)
    if not usable:
        raise TransportError(
            f"ssh_config: no algorithm of {keyword} is supported here: {told[0][:200]}",
            cause=Cause.UNSUPPORTED,
        )
    return usable


def _files(value: str) -> tuple[Path, ...]:
    """Paths of one line. `ssh -G` prints no quotes: a word that begins no path continues the one before."""
    paths: list[str] = []
    for word in value.split(" "):
        if paths and not word.startswith(("/", "~", "none")):
            paths[-1] += f" {word}"
        else:
            paths.append(word)
    return tuple(Path(path).expanduser() for path in paths if path and path.lower() != "none")


def _tokens(name: str, options: Options) -> dict[str, str]:
    """The percent tokens of ssh_config(5)."""

    def one(keyword: str) -> str:
        value = options.get(keyword, ("",))[0]
        return "" if value == "none" else value

    local = socket.gethostname()
    host, port, user, jump = one("hostname") or name, one("port"), one("user"), one("proxyjump")
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
        "k": one("hostkeyalias") or name,
        "C": digest.hexdigest(),
        "j": jump.rpartition("@")[2].partition(":")[0],
        "I": "ORDER",
        "t": "NONE",
        "f": "NONE",
        "K": "NONE",
    }


def expanded(text: str, tokens: Mapping[str, str]) -> str:
    """The text with its percent tokens and `${VARIABLE}`s; what is not known stays as it is."""

    def value(match: re.Match[str]) -> str:
        if match[1] is not None:
            return tokens.get(match[1], match[0])
        return os.environ.get(match[2], match[0])

    return _TOKEN.sub(value, text)


def _known_lines(command: str, tokens: Mapping[str, str]) -> str:
    """What the operator's KnownHostsCommand prints; nothing when it fails, so that no key is trusted."""
    if not command:
        return ""
    try:
        words = [expanded(word, tokens) for word in shlex.split(command)]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_S)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return ""
    return _text(done.stdout) if done.returncode == 0 else ""
