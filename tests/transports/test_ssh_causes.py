"""Everything that can be wrong with a host: each with its cause and a useful hint."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from readiness_tui.errors import TransportError
from readiness_tui.model.inventory import Address
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import LinkAsk
from readiness_tui.transports.shell.jobs import WorkerLimits
from readiness_tui.transports.ssh.connect import Connector
from readiness_tui.transports.ssh.route import SshSettings
from readiness_tui.transports.ssh.transport import SshTransport
from tests.sshd import Sshd, free_port, keygen
from tests.transports.asking import collector, mark, marked, replies
from tests.transports.conftest import Servers, ssh_to
from tests.transports.middleman import Middleman

pytestmark = pytest.mark.needs("sshd")


def to(address: str, server: Sshd, connect_s: float = 10) -> SshTransport:
    settings = SshSettings(config=server.ssh_config, connect_s=connect_s)
    return SshTransport("web", Address.parse(address), Connector(settings))


async def trouble(transport: SshTransport) -> TransportError:
    with pytest.raises(TransportError) as caught:
        await transport.open()
    await transport.close()
    return caught.value


async def test_a_refused_connection(sshd: Sshd) -> None:
    error = await trouble(to(f"root@127.0.0.1:{free_port()}", sshd))
    assert (error.cause, "connection refused" in error.message) == (Cause.UNREACHABLE, True)
    assert "sshd" in error.hint


async def test_no_such_name(sshd: Sshd) -> None:
    error = await trouble(to("no-such-host.invalid", sshd))
    assert (error.cause, "no-such-host.invalid" in error.message) == (Cause.UNREACHABLE, True)
    assert "DNS" in error.hint


@pytest.fixture
def black_hole() -> Iterator[int]:
    """A port whose queue is full: the kernel drops new connections."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        clients = []
        for _ in range(4):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(server.getsockname())
            clients.append(client)
        yield server.getsockname()[1]
        for client in clients:
            client.close()


async def test_a_host_that_is_down_is_given_up_in_time(sshd: Sshd, black_hole: int) -> None:
    error = await trouble(to(f"root@127.0.0.1:{black_hole}", sshd, connect_s=0.5))
    assert (error.cause, "no answer" in error.message) == (Cause.UNREACHABLE, True)


async def test_a_half_open_accept_is_a_timeout(sshd: Sshd) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = await trouble(to(f"root@127.0.0.1:{silent.getsockname()[1]}", sshd, connect_s=0.5))
    assert (error.cause, "SSH did not answer" in error.message) == (Cause.TIMEOUT, True)


async def test_another_service_on_that_port_is_garbled(sshd: Sshd) -> None:
    async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n" + b"x" * 300_000)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(web, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        error = await trouble(to(f"root@127.0.0.1:{port}", sshd))
    assert error.cause is Cause.GARBLED
    assert "another service" in error.hint


async def test_an_unknown_key_is_never_accepted_and_the_command_in_the_hint_adds_it(sshd: Sshd) -> None:
    sshd.known_hosts.write_text("")
    error = await trouble(ssh_to(sshd))
    shown = subprocess.run(
        ["ssh-keygen", "-lf", sshd.host_key.with_suffix(".pub")], capture_output=True, text=True, check=True
    ).stdout.split()[1]
    assert error.cause is Cause.HOST_KEY
    assert "unknown host key" in error.message
    assert shown in error.message
    assert sshd.known_hosts.read_text() == "", "nothing was added by itself"
    subprocess.run(["sh", "-c", error.hint.split("add the key with: ")[1]], check=True)
    transport = ssh_to(sshd)
    await transport.open()
    await transport.close()


async def test_a_changed_key_says_so_loudly(sshd: Sshd, tmp_path: Path) -> None:
    other = keygen(tmp_path / "other").with_suffix(".pub").read_text()
    sshd.known_hosts.write_text(f"[127.0.0.1]:{sshd.port} {other}")
    error = await trouble(ssh_to(sshd))
    assert error.cause is Cause.HOST_KEY
    assert "HAS CHANGED" in error.message
    assert "ssh-keygen -R" in error.hint


async def test_a_revoked_key_is_refused_though_it_is_known(sshd: Sshd) -> None:
    line = sshd.known_hosts.read_text()
    sshd.known_hosts.write_text(f"{line}@revoked * {line.split(' ', 1)[1]}")
    error = await trouble(ssh_to(sshd))
    assert (error.cause, "revoked" in error.message) == (Cause.HOST_KEY, True)


async def test_a_key_of_another_type_than_known_is_not_accepted_as_new(sshd: Sshd, tmp_path: Path) -> None:
    other = keygen(tmp_path / "other", kind="ecdsa").with_suffix(".pub").read_text()
    sshd.known_hosts.write_text(f"[127.0.0.1]:{sshd.port} {other}")
    error = await trouble(ssh_to(sshd))
    assert error.cause is Cause.HOST_KEY
    assert "HAS CHANGED" in error.message
    assert "known_hosts has ecdsa-sha2-nistp256" in error.message


async def test_the_address_alone_is_not_trusted(sshd: Sshd) -> None:
    """A forged DNS answer could lead to any host that is known by its address."""
    error = await trouble(to(f"{sshd.user}@localhost:{sshd.port}", sshd))
    assert error.cause is Cause.HOST_KEY


async def test_a_refused_key_is_tried_once(sshd: Sshd, tmp_path: Path) -> None:
    sshd.identity.unlink()
    keygen(tmp_path / "stranger").rename(sshd.identity)
    sshd.identity.with_suffix(".pub").unlink()
    error = await trouble(ssh_to(sshd))
    assert (error.cause, "(tried 1 key: ssh-ed25519)" in error.message) == (Cause.AUTH, True)
    assert "authorized_keys" in error.hint
    assert sshd.log.count("Connection from") == 1, "one attempt, so that nobody is banned"


async def test_no_such_user(sshd: Sshd) -> None:
    error = await trouble(to(f"no-such-user@127.0.0.1:{sshd.port}", sshd))
    assert (error.cause, "no-such-user exist" in error.hint) == (Cause.AUTH, True)
    assert sshd.log.count("Connection from") == 1


async def test_a_key_with_a_passphrase_is_not_asked_for_but_hinted_at(sshd: Sshd) -> None:
    sshd.identity.unlink()
    keygen(sshd.identity, passphrase="correct horse")
    error = await trouble(ssh_to(sshd))
    assert (error.cause, "no key for user" in error.message) == (Cause.AUTH, True)
    assert f"ssh-add {sshd.identity}" in error.hint


async def test_a_server_that_only_takes_passwords_is_not_offered_any(sshds: Servers) -> None:
    server = sshds("PubkeyAuthentication no\nPasswordAuthentication yes")
    assert (await trouble(ssh_to(server))).cause is Cause.AUTH
    assert "Failed password" not in server.log


async def test_a_connection_dropped_by_max_startups_is_retried(sshds: Servers) -> None:
    server = sshds("MaxStartups 2:100:3\nLoginGraceTime 20")
    clients = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(3)]
    transport = ssh_to(server)
    opening = asyncio.create_task(transport.open())
    assert await asyncio.to_thread(server.heard, "drop connection")
    for client in clients:
        client.close()
    await opening
    await transport.close()


async def test_a_bad_line_in_ssh_config_is_passed_over_and_named(sshd: Sshd) -> None:
    sshd.ssh_config.write_text("Host *\n  Port twenty-two\n")
    error = await trouble(to("root@127.0.0.1:1", sshd))
    assert error.cause is Cause.UNREACHABLE
    assert f"{sshd.ssh_config} line 2 was ignored" in error.hint


# The connection stands, but there is no shell, or a strange one.


def shell(words: str) -> str:
    """What sshd does with a login shell of that name: `words -c COMMAND`."""
    return f'ForceCommand exec {words} -c "$SSH_ORIGINAL_COMMAND"'


GREETING = collector("greeting", 'kv hello there; kv root "$(root id -u)"')


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(shell("/usr/bin/fish"), marks=pytest.mark.needs("fish"), id="fish"),
        pytest.param(shell("/bin/tcsh"), marks=pytest.mark.needs("tcsh"), id="csh"),
        pytest.param(shell("/bin/dash"), id="dash"),
        pytest.param(shell("/usr/bin/env -i HOME=/nonexistent /bin/sh"), id="no-environment"),
        pytest.param(
            'ForceCommand echo "Welcome"; echo "to web" >&2; exec sh -c "$SSH_ORIGINAL_COMMAND"', id="motd"
        ),
        pytest.param(
            "ForceCommand yes banner | head -c 1000000; yes b | head -c 1000000 >&2; "
            'sh -c "$SSH_ORIGINAL_COMMAND"',
            id="megabytes",
        ),
        pytest.param(
            'ForceCommand printf "no newline"; sh -c "$SSH_ORIGINAL_COMMAND"; echo after', id="wrapped"
        ),
    ],
)
async def test_strange_login_shells_work(sshds: Servers, config: str) -> None:
    transport = ssh_to(sshds(config))
    await transport.open()
    answers = await replies(transport, [GREETING])
    assert answers["greeting"].cause is None
    assert answers["greeting"].stdout.startswith("hello=there\n")
    await transport.close()


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (shell("/usr/sbin/nologin"), "not available"),
        ("ForceCommand echo this account only makes backups; exit 3", "only makes backups"),
        ("ForceCommand internal-sftp", "no shell"),
        ("ForceCommand exit 1", "status 1"),
        ("ForceCommand cat", "no shell"),
    ],
)
async def test_without_a_shell_its_output_is_reported(sshds: Servers, config: str, said: str) -> None:
    transport = ssh_to(sshds(config), limits=WorkerLimits(hello_s=2))
    await transport.open()
    answers = await replies(transport, [GREETING, collector("two", "true"), LinkAsk()])
    assert answers["greeting"].cause in (Cause.UNSUPPORTED, Cause.TIMEOUT)
    assert said in answers["greeting"].detail
    assert "no forced command" in answers["greeting"].hint
    assert answers["two"].cause == answers["greeting"].cause
    assert answers["link"].cause is None
    await transport.close()


@pytest.mark.needs("root")
async def test_an_account_with_nologin_says_so() -> None:
    with TemporaryDirectory() as folder, Sshd(Path(folder), user="nobody") as server:
        transport = ssh_to(server)
        await transport.open()
        answers = await replies(transport, [GREETING])
        assert answers["greeting"].cause is Cause.UNSUPPORTED
        assert "not available" in answers["greeting"].detail
        await transport.close()


async def test_a_start_up_file_that_hangs_or_eats_the_script_is_given_up(sshds: Servers) -> None:
    transport = ssh_to(
        sshds('ForceCommand cat >/dev/null; sh -c "$SSH_ORIGINAL_COMMAND"'), limits=WorkerLimits(hello_s=1)
    )
    await transport.open()
    answers = await replies(transport, [GREETING])
    assert answers["greeting"].cause is Cause.TIMEOUT
    assert "did not start" in answers["greeting"].detail
    await transport.close()


# The link goes while something runs.


async def test_a_lost_connection_is_reported_and_opened_again_next_time(sshd: Sshd) -> None:
    async with Middleman(sshd.port) as between:
        sshd.known_hosts.write_text(sshd.known_hosts.read_text().replace(str(sshd.port), str(between.port)))
        transport = to(f"{sshd.user}@127.0.0.1:{between.port}", sshd)
        await transport.open()
        marker = mark()
        asks = [
            collector("hang", f"sleep {marker}"),
            *(collector(f"c{n}", f"sleep {marker}") for n in range(6)),
        ]
        answers = await replies(transport, asks, lambda ask: between.cut())
        assert {reply.cause for reply in answers.values()} == {Cause.UNREACHABLE}
        assert "lost" in answers["hang"].detail
        await transport.open()
        assert (await replies(transport, [GREETING]))["greeting"].cause is None
        assert between.connections == 2
        await transport.close()
    for process in marked(marker):  # the watchdog would end it after half a minute
        process.kill()


async def test_a_link_that_hangs_is_noticed_by_keepalive(sshd: Sshd) -> None:
    async with Middleman(sshd.port) as between:
        sshd.known_hosts.write_text(sshd.known_hosts.read_text().replace(str(sshd.port), str(between.port)))
        settings = SshSettings(config=sshd.ssh_config, keepalive_s=0.2, keepalive_count=2)
        address = Address.parse(f"{sshd.user}@127.0.0.1:{between.port}")
        transport = SshTransport("web", address, Connector(settings))
        await transport.open()
        marker = mark()
        answers = await replies(transport, [collector("hang", f"sleep {marker}")], lambda ask: between.hang())
        assert answers["hang"].cause is Cause.UNREACHABLE
        await transport.close()
    for process in marked(marker):
        process.kill()


async def test_a_closed_transport_says_that_the_connection_is_gone(sshd: Sshd) -> None:
    transport = ssh_to(sshd)
    await transport.open()
    await transport.close()
    assert (await replies(transport, [GREETING]))["greeting"].cause is Cause.UNREACHABLE


async def test_nothing_bleeds_into_the_environment_or_the_arguments(
    sshd: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "xx_XX.UTF-8")
    monkeypatch.setenv("LC_SECRET", "tell-nobody")
    sshd.ssh_config.write_text(
        sshd.ssh_config.read_text() + "  SendEnv LC_*\n  ForwardAgent yes\n  SetEnv X=y\n"
    )
    transport = ssh_to(sshd)
    await transport.open()
    look = collector("look", "env; ps -o args= -p $$; echo secret-text >/dev/null", "visible-argument")
    found = (await replies(transport, [look]))["look"].stdout
    assert "tell-nobody" not in found
    assert "SSH_AUTH_SOCK" not in found
    assert "X=y" not in found
    assert "secret-text" not in found
    assert re.search(r"(?m)^/bin/sh -s \d+$", found)
    await transport.close()


def test_the_server_is_an_ordinary_process_of_ours(sshd: Sshd) -> None:
    command = ["ssh", "-F", str(sshd.ssh_config), "-p", str(sshd.port), f"{sshd.user}@127.0.0.1", "echo $$"]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert int(out) != os.getpid()
