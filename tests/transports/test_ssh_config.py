"""Unusual but legal ssh_config files, read as `ssh -G` reads them, with OpenSSH's client and without."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from readiness_tui.errors import TransportError
from readiness_tui.model.inventory import Address
from readiness_tui.transports.ssh import openssh_config
from readiness_tui.transports.ssh.openssh_config import expanded
from readiness_tui.transports.ssh.route import CIPHERS, Route, Router, SshSettings
from tests.sshd import keygen

HOST = "Host prod\n  HostName 10.77.1.2\n  User deploy\n  UserKnownHostsFile {folder}/kh\n"


@dataclass(frozen=True)
class Case:
    """A file, and what differs from the plain one for `prod`."""

    text: str
    host: str = "10.77.1.2"
    port: int = 22
    user: str = "deploy"
    connect_s: float = 10
    passed_over: str = ""


CASES = {
    "plain": Case(HOST),
    "comments at the end": Case(
        "Host prod # payments\n HostName 10.77.1.2 # web\n User deploy # on call\n"
        " UserKnownHostsFile {folder}/kh # mine\n"
    ),
    "timeout with a unit": Case(HOST + "  ConnectTimeout 10s\n", connect_s=10),
    "timeout in minutes": Case(HOST + "  ConnectTimeout 1m\n", connect_s=60),
    "port by name": Case(HOST + "  Port ssh\n"),
    "unbound": Case(HOST + "  PubkeyAuthentication unbound\n  Port 2200\n", port=2200),
    "match final": Case(HOST + "Match final all\n  ConnectTimeout 9\n  User other\n", connect_s=9),
    "match final before": Case("Match final all\n  GSSAPIAuthentication yes\n  User other\n" + HOST),
    "quotes": Case(HOST.replace("deploy", '"deploy"').replace("{folder}/kh", '"{folder}/kh"')),
    "equals": Case(HOST.replace("HostName ", "HostName = ").replace("User ", "User=")),
    "crlf": Case(HOST.replace("\n", "\r\n")),
    "include": Case("Include {folder}/*.conf\n"),
    "an unknown keyword": Case(HOST + "  FutureKeyword yes\n", passed_over="{folder}/config line 5 "),
    "an unknown keyword in an include": Case(
        "Include {folder}/*.broken\nHost *\n  Port 2200\n", port=2200, passed_over="x.broken line 5 "
    ),
    "a broken value": Case(HOST + "  ConnectTimeout abc\n", passed_over="{folder}/config line 5 "),
    "an unknown condition": Case(
        HOST + "Match unheard-of thing\n  Port 99\n", passed_over="{folder}/config line 5 "
    ),
}

SHIPPED = """\
Match final all
	Include {folder}/crypto.policy
	ForwardX11Trusted yes
	GSSAPIAuthentication yes
"""
"""What Fedora and RHEL ship in /etc/ssh/ssh_config.d/50-redhat.conf."""

LEGAL = {
    "as Fedora ships it": HOST + SHIPPED,
    "Match exec": HOST + 'Match exec "true"\n  Port 2202\n',
    "Match exec that fails": HOST + 'Match exec "false"\n  Port 2202\n',
    "Match host": HOST + "Match host 10.77.1.2\n  Port 2203\n",
    "Match originalhost and user": HOST + "Match originalhost prod user deploy\n  Port 2204\n",
    "Match canonical": HOST + "CanonicalizeHostname no\nMatch canonical all\n  Port 2207\n",
    "a byte of Latin-1 in a comment": "# caf\udce9\n" + HOST,
    "no end of line at the end": HOST.rstrip("\n"),
    "tabs": HOST.replace("  ", "\t\t"),
    "capital keywords": HOST.replace("HostName", "HOSTNAME").replace("User ", "USER "),
    "a pattern that is excluded": "Host * !prod\n  Port 2209\n" + HOST,
    "a pattern that is not": "Host !x* prod*\n  Port 2208\n" + HOST,
    "blanks at the end of lines": HOST.replace("\n", "   \t\n"),
    "an include that finds nothing": "Include {folder}/nothing-*\n" + HOST,
    "an include in quotes": 'Include "{folder}/a b"\n',
    "ProxyJump none": HOST + "  ProxyJump none\n",
    "ConnectTimeout none": HOST + "  ConnectTimeout none\n",
    "IgnoreUnknown": "IgnoreUnknown Foo*\n" + HOST + "  FooBar 1\n",
    "two ports": HOST + "  Port 2210\n  Port 2211\n",
    "a percent token in the name": HOST.replace("10.77.1.2", "%h.example.com"),
    "a percent token in the alias": HOST + "  HostKeyAlias %h-%p\n",
    "two files of known hosts": HOST.replace("{folder}/kh", "{folder}/kh {folder}/kh2"),
    "a shared connection": HOST + "  ControlMaster auto\n  ControlPath {folder}/%C\n  ControlPersist 10m\n",
    "SetEnv": HOST + "  SetEnv A=1 B=2\n",
    "a long comment": HOST + "# " + "x" * 100_000 + "\n",
    "two thousand hosts": "".join(f"Host h{n}\n  Port {n + 1000}\n" for n in range(2000)) + HOST,
    "keywords of other times": HOST + "  Protocol 2\n  RhostsRSAAuthentication no\n  UseRoaming no\n",
    "single quotes": HOST.replace("deploy", "'deploy'"),
    "a hash in quotes": HOST + '  IdentityFile "{folder}/a#b"\n',
}
"""Files that this machine's OpenSSH reads; what it makes of them is asked of it."""

NEEDS_CLIENT = {"an unknown keyword", "an unknown keyword in an include"}
"""asyncssh passes over an unknown keyword in silence."""


def routed(folder: Path, text: str, host: str = "prod") -> Route:
    config = folder / "config"
    config.write_bytes(text.replace("{folder}", str(folder)).encode("utf-8", "surrogateescape"))
    (folder / "x.conf").write_text(HOST.replace("{folder}", str(folder)))
    (folder / "x.broken").write_text(HOST.replace("{folder}", str(folder)) + "  FutureKeyword yes\n")
    return Router(SshSettings(config=config)).route(Address.parse(host))


@pytest.mark.needs("ssh")
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("client", [True, False], ids=["openssh", "asyncssh"])
def test_a_legal_file_leads_where_ssh_would_go(
    name: str, client: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not client:
        monkeypatch.setattr(openssh_config, "installed", lambda: False)
    case = CASES[name]
    route = routed(tmp_path, case.text)
    assert (route.host, route.port, route.user) == (case.host, case.port, case.user)
    assert route.connect_s == case.connect_s
    assert route.known_files[0] == tmp_path / "kh"
    assert route.ciphers == CIPHERS
    if case.passed_over and (client or name not in NEEDS_CLIENT):
        assert len(route.warnings) == 1
        assert case.passed_over.replace("{folder}", str(tmp_path)) in route.warnings[0]
    else:
        assert route.warnings == ()


@pytest.mark.needs("ssh")
@pytest.mark.parametrize("name", LEGAL)
@pytest.mark.parametrize("client", [True, False], ids=["openssh", "asyncssh"])
def test_every_value_is_the_one_that_ssh_prints(
    name: str, client: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not client:
        monkeypatch.setattr(openssh_config, "installed", lambda: False)
    (tmp_path / "crypto.policy").write_text(
        "Ciphers aes256-gcm@openssh.com,aes256-ctr\nRequiredRSASize 2048\n"
    )
    (tmp_path / "a b").write_text(HOST.replace("{folder}", str(tmp_path)))
    route = routed(tmp_path, LEGAL[name])
    said = subprocess.run(
        ["ssh", "-G", "-F", str(tmp_path / "config"), "prod"], capture_output=True, check=True
    ).stdout.decode()
    told = dict(line.partition(" ")[::2] for line in reversed(said.splitlines()))
    assert (route.host, str(route.port), route.user) == (told["hostname"], told["port"], told["user"])
    assert told["connecttimeout"] in ("none", f"{route.connect_s:g}")
    assert [str(path) for path in route.known_files][: 1 + told["userknownhostsfile"].count(" ")] == told[
        "userknownhostsfile"
    ].split(" ")
    assert ("proxyjump" in told) == (route.jump is not None)
    assert route.warnings == ()


@pytest.mark.parametrize("client", [True, False], ids=["openssh", "asyncssh"])
def test_a_file_that_includes_itself_is_told(
    client: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not client:
        monkeypatch.setattr(openssh_config, "installed", lambda: False)
    with pytest.raises(TransportError, match="include"):
        routed(tmp_path, "Include {folder}/config\n" + HOST)


@pytest.mark.needs("ssh")
def test_tokens_and_variables_in_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYS", str(tmp_path))
    (tmp_path / "a b").mkdir()
    public = Path(f"{keygen(tmp_path / '10.77.1.2-deploy')}.pub").read_text()
    (tmp_path / "a b" / "known").write_text(f"10.77.1.2 {public}")
    text = HOST.replace(
        "{folder}/kh", '${{KEYS}}/kh-%h "{folder}/a b/known"'.replace("{{", "{").replace("}}", "}")
    )
    route = routed(tmp_path, text + "  IdentityFile ${KEYS}/%h-%r\n  IdentityAgent none\n")
    assert route.known_files[:2] == (tmp_path / "kh-10.77.1.2", tmp_path / "a b" / "known")
    assert len(route.identities.pairs) == 1
    assert route.identities.agent == ""
    assert len(route.trusted.keys) == 1


@pytest.mark.needs("ssh")
def test_a_known_hosts_command_adds_its_keys(tmp_path: Path) -> None:
    public = keygen(tmp_path / "key").with_suffix(".pub").read_text().split()[1]
    command = f"  KnownHostsCommand /bin/echo %H ssh-ed25519 {public}\n"
    assert len(routed(tmp_path, HOST + command).trusted.keys) == 1
    assert routed(tmp_path, HOST + "  KnownHostsCommand /bin/false\n").trusted.keys == ()


@pytest.mark.needs("ssh")
def test_algorithms_that_were_chosen_win_and_unknown_ones_are_left_out(tmp_path: Path) -> None:
    route = routed(tmp_path, HOST + "  Ciphers aes256-ctr,chacha20-poly1305@openssh.com\n")
    assert route.ciphers == ("aes256-ctr", "chacha20-poly1305@openssh.com")
    kex = routed(tmp_path, HOST + "  KexAlgorithms curve25519-sha256\n").kex
    assert kex == ("curve25519-sha256",)


def test_a_name_that_a_shell_would_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TransportError, match="must not contain"):
        routed(tmp_path, "ProxyCommand nc %h %p\n", host="$(touch${IFS}x)")


def test_an_unset_variable_and_an_unknown_token_stay_as_written() -> None:
    assert expanded("%q ${NOT_SET_ANYWHERE} %%h", {"%": "%", "h": "x"}) == "%q ${NOT_SET_ANYWHERE} %h"


@pytest.mark.needs("ssh")
def test_no_copy_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    assert shutil.which("ssh")
    routed(tmp_path, HOST + "  FutureKeyword yes\n")
    assert os.listdir(tmp_path / "t") == []
