"""ssh_config as ssh reads it, jump hosts, agents and certificates, against real servers."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from readiness_tui.errors import TransportError
from readiness_tui.model.inventory import Address
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import LinkAsk
from readiness_tui.transports.ssh.connect import Connector
from readiness_tui.transports.ssh.route import CIPHERS, HOST_KEYS, Router, SshSettings
from readiness_tui.transports.ssh.transport import SshTransport
from tests.sshd import Sshd, keygen
from tests.transports.asking import collector, replies
from tests.transports.conftest import Servers, ssh_to

CONFIG = """
Include {folder}/included/*.conf
Host web web-?
  HostName 127.0.0.1
  Port 2200
  User ana
Host *.internal
  HostKeyAlias the-{folder_name}
Match originalhost db user root
  Port 2300
Match host db
  HostName db.example
Host *
  Port 22
  UserKnownHostsFile {folder}/known_one {folder}/known_two
  GlobalKnownHostsFile none
  IdentityFile {folder}/key
  IdentityFile {folder}/missing
"""


@pytest.fixture
def router(tmp_path: Path) -> Router:
    config = tmp_path / "ssh_config"
    config.write_text(CONFIG.format(folder=tmp_path, folder_name=tmp_path.name))
    (tmp_path / "included").mkdir()
    (tmp_path / "included" / "a.conf").write_text(
        "Host behind\n  ProxyJump ben@web,[::1]:2400\n  Ciphers aes256-ctr\n"
    )
    keygen(tmp_path / "key")
    return Router(SshSettings(config=config))


def test_host_match_and_include_decide_where_a_name_leads(router: Router, tmp_path: Path) -> None:
    web = router.route(Address.parse("web-1"))
    assert (web.host, web.port, web.user, web.place) == ("127.0.0.1", 2200, "ana", "[127.0.0.1]:2200")
    assert web.known_files == (tmp_path / "known_one", tmp_path / "known_two")
    assert len(web.identities.pairs) == 1
    assert web.ciphers == CIPHERS
    assert "group-exchange" in web.kex[-1]
    said = router.route(Address.parse("root@web:22"))
    assert (said.user, said.port) == ("root", 22), "what the launch says comes first"
    db = router.route(Address.parse("root@db"))
    assert (db.host, db.port) == ("db.example", 2300)
    assert router.route(Address.parse("ben@db")).port == 22
    assert router.route(Address.parse("x.internal")).place == f"the-{tmp_path.name}"


def test_chained_jump_hosts_each_use_their_own_config(router: Router) -> None:
    behind = router.route(Address.parse("behind"))
    assert behind.ciphers == ("aes256-ctr",)
    assert behind.jump is not None
    assert (behind.jump.host, behind.jump.port) == ("::1", 2400)
    assert behind.jump.jump is not None
    assert (behind.jump.jump.host, behind.jump.jump.port, behind.jump.jump.user) == ("127.0.0.1", 2200, "ben")
    assert behind.jump.jump.jump is None


def test_jump_hosts_in_a_loop_are_an_error(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("Host a\n  ProxyJump b\nHost b\n  ProxyJump a\n")
    with pytest.raises(TransportError, match="loop"):
        Router(SshSettings(config=config)).route(Address.parse("a"))


def test_match_final_sees_the_name_that_was_found(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("Host web\n  HostName web.example\nMatch final host web.example\n  User found\n")
    route = Router(SshSettings(config=config)).route(Address.parse("web"))
    assert (route.host, route.user) == ("web.example", "found")


def test_the_variable_names_another_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config"
    config.write_text("Host web\n  User from-variable\n")
    monkeypatch.setenv("READINESS_SSH_CONFIG", str(config))
    assert Router(SshSettings()).route(Address.parse("web")).user == "from-variable"


def test_known_kinds_of_keys_are_asked_for_first_and_all_others_too(tmp_path: Path) -> None:
    public = keygen(tmp_path / "rsa", kind="rsa").with_suffix(".pub").read_text()
    known = tmp_path / "known_hosts"
    known.write_text(f"web {public}")
    (tmp_path / "config").write_text("")
    router = Router(SshSettings(config=tmp_path / "config", known_hosts=(known,)))
    algorithms = router.route(Address.parse("web")).host_key_algs
    assert algorithms[:2] == ("rsa-sha2-512", "rsa-sha2-256")
    assert set(algorithms) == set(HOST_KEYS)
    known.write_text(f"@cert-authority web {public}")
    assert router.route(Address.parse("web")).host_key_algs[0] == "ssh-ed25519-cert-v01@openssh.com"


WHO = collector("who", 'kv user "$(id -un)"')


@pytest.mark.needs("sshd")
async def test_two_hosts_share_the_connection_to_their_jump_host(sshds: Servers) -> None:
    bastion, first, second = sshds(), sshds(), sshds()
    config = bastion.folder / "config"
    config.write_text(
        f"Host bastion\n  HostName 127.0.0.1\n  Port {bastion.port}\n  User {bastion.user}\n"
        f"  IdentityFile {bastion.identity}\n  UserKnownHostsFile {bastion.known_hosts}\n"
        "Host first second\n  HostName 127.0.0.1\n  ProxyJump bastion\n"
        f"Host first\n  Port {first.port}\n  IdentityFile {first.identity}\n"
        f"  UserKnownHostsFile {first.known_hosts}\n"
        f"Host second\n  Port {second.port}\n  IdentityFile {second.identity}\n"
        f"  UserKnownHostsFile {second.known_hosts}\n"
        "Host *\n  IdentitiesOnly yes\n  IdentityAgent none\n  GlobalKnownHostsFile none\n"
    )
    connector = Connector(SshSettings(config=config))
    hosts = [SshTransport(name, Address.parse(name), connector) for name in ("first", "second")]
    for host in hosts:
        await host.open()
        assert (await replies(host, [WHO]))["who"].stdout.startswith("user=")
    assert bastion.log.count("Accepted publickey") == 1
    for host in hosts:
        await host.close()
    await connector.close()


@pytest.mark.needs("sshd")
async def test_an_error_of_a_jump_host_names_the_jump_host(sshds: Servers) -> None:
    bastion, server = sshds(), sshds()
    bastion.known_hosts.write_text("")
    config = server.folder / "config"
    config.write_text(
        f"Host bastion\n  HostName 127.0.0.1\n  Port {bastion.port}\n"
        f"  UserKnownHostsFile {bastion.known_hosts}\n"
        "Host 127.0.0.1\n  ProxyJump bastion\nHost *\n  IdentityAgent none\n  GlobalKnownHostsFile none\n"
    )
    connector = Connector(SshSettings(config=config))
    host = SshTransport("web", Address.parse(server.address), connector)
    for _ in range(2):  # and again, not from memory
        with pytest.raises(TransportError) as caught:
            await host.open()
        assert caught.value.cause is Cause.HOST_KEY
        assert caught.value.message.startswith("jump host bastion: unknown host key")
    assert bastion.log.count("Connection from") == 2
    await connector.close()


@pytest.mark.needs("sshd")
async def test_a_jump_host_that_forwards_nothing_says_so(sshds: Servers) -> None:
    bastion, server = sshds("AllowTcpForwarding no"), sshds()
    key = bastion.known_hosts.read_text().split(" ", 1)[1]
    bastion.known_hosts.write_text(f"[localhost]:{bastion.port} {key}{server.known_hosts.read_text()}")
    config = bastion.folder / "config"
    jump = f"Host 127.0.0.1\n  ProxyJump {bastion.user}@localhost:{bastion.port}\n"
    config.write_text(jump + bastion.ssh_config.read_text())
    connector = Connector(SshSettings(config=config))
    with pytest.raises(TransportError) as caught:
        await connector.connect(Address.parse(server.address))
    assert caught.value.cause is Cause.UNREACHABLE
    assert "TCP forwarding" in caught.value.hint
    await connector.close()


@pytest.mark.needs("sshd")
async def test_a_proxy_command_is_run(sshd: Sshd) -> None:
    inner = sshd.folder / "inner"
    inner.write_text(sshd.ssh_config.read_text())
    sshd.ssh_config.write_text(
        inner.read_text() + f"  ProxyCommand ssh -F {inner} -p %p -W %h:%p {sshd.user}@%h\n"
    )
    transport = ssh_to(sshd)
    await transport.open()
    assert (await replies(transport, [WHO]))["who"].stdout == f"user={sshd.user}\n"
    assert sshd.log.count("Accepted publickey") == 2
    await transport.close()


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[str]:
    """A real ssh-agent; its socket."""
    socket = str(tmp_path / "agent")
    process = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()  # it says where it listens, so it does
    yield socket
    process.terminate()
    process.wait()
    process.stdout.close()


def add(socket: str, key: Path) -> None:
    subprocess.run(["ssh-add", "-q", key], check=True, env={**os.environ, "SSH_AUTH_SOCK": socket})


@pytest.mark.needs("sshd", "ssh")
async def test_named_keys_of_the_agent_come_first_and_only_they_with_identities_only(
    sshd: Sshd, agent: str, tmp_path: Path
) -> None:
    for n in range(7):  # more than sshd lets anybody try
        add(agent, keygen(tmp_path / f"other{n}"))
    add(agent, sshd.identity)
    sshd.identity.unlink()  # only the agent and the public half are left
    plain = sshd.ssh_config.read_text().replace("IdentityAgent none", f"IdentityAgent {agent}")
    for config in (plain, plain.replace("IdentitiesOnly yes", "IdentitiesOnly no")):
        sshd.ssh_config.write_text(config)
        transport = ssh_to(sshd)
        await transport.open()
        link = (await replies(transport, [LinkAsk()]))["link"].stdout
        assert "auth_method=publickey\nkey_type=ssh-ed25519\n" in link
        assert f"user={sshd.user}\n" in link
        assert "server_version=SSH-2.0-OpenSSH" in link
        await transport.close()
    assert sshd.log.count("Failed publickey") == 0
    sshd.ssh_config.write_text(plain.replace(str(sshd.identity), str(tmp_path / "other0")))
    with pytest.raises(TransportError, match="tried 1 key"):
        await ssh_to(sshd).open()


@pytest.mark.needs("sshd", "ssh")
async def test_a_key_with_a_passphrase_works_once_the_agent_holds_it(sshd: Sshd, agent: str) -> None:
    add(agent, sshd.identity)
    subprocess.run(
        ["ssh-keygen", "-q", "-p", "-P", "", "-N", "correct horse", "-f", sshd.identity], check=True
    )
    sshd.ssh_config.write_text(
        sshd.ssh_config.read_text().replace("IdentityAgent none", f"IdentityAgent {agent}")
    )
    transport = ssh_to(sshd)
    await transport.open()
    await transport.close()


@pytest.mark.needs("sshd", "ssh")
async def test_a_missing_agent_is_ignored(sshd: Sshd) -> None:
    sshd.ssh_config.write_text(
        sshd.ssh_config.read_text().replace("IdentityAgent none", "IdentityAgent /no/socket")
    )
    transport = ssh_to(sshd)
    await transport.open()
    await transport.close()


@pytest.mark.needs("sshd", "ssh")
async def test_host_certificates_count_when_their_authority_is_known(sshds: Servers, tmp_path: Path) -> None:
    authority = keygen(tmp_path / "authority")
    server = sshds(f"HostCertificate {tmp_path}/sshd0/host_ed25519-cert.pub")
    sign = ["ssh-keygen", "-q", "-s", str(authority), "-I", "web", "-h", "-V", "-1h:+1h"]
    subprocess.run([*sign, "-n", "127.0.0.1", str(server.host_key.with_suffix(".pub"))], check=True)
    server.stop()
    server.start()  # it reads its certificate when it starts
    public = authority.with_suffix(".pub").read_text()
    server.known_hosts.write_text(f"@cert-authority [127.0.0.1]:{server.port} {public}")
    transport = ssh_to(server)
    await transport.open()
    await transport.close()
    server.known_hosts.write_text(f"@cert-authority [10.0.0.1]:{server.port} {public}")
    with pytest.raises(TransportError) as caught:
        await ssh_to(server).open()
    assert caught.value.cause is Cause.HOST_KEY
