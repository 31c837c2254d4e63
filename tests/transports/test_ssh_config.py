"""Unusual but legal ssh_config files, read as `ssh -G` reads them, with OpenSSH's client and without."""

from __future__ import annotations

import os
import shutil
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

NEEDS_CLIENT = {"an unknown keyword", "an unknown keyword in an include"}
"""asyncssh passes over an unknown keyword in silence."""


def routed(folder: Path, text: str, host: str = "prod") -> Route:
    config = folder / "config"
    config.write_bytes(text.replace("{folder}", str(folder)).encode())
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
