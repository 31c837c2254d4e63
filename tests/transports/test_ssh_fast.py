"""The short handshake: its messages, when it is not used, and how the standard one takes over."""

from __future__ import annotations

import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest

from readiness_tui.errors import TransportError
from readiness_tui.model.inventory import Address
from readiness_tui.model.outcome import Cause
from readiness_tui.transports.ssh import connect, fast_handshake
from readiness_tui.transports.ssh.connect import Connector
from readiness_tui.transports.ssh.route import STOCK_VARIABLE, SshSettings
from tests.sshd import Sshd, keygen
from tests.transports.conftest import Servers

pytestmark = pytest.mark.needs("sshd")

ASKED = "method none"
QUERIED = "Postponed publickey"
ACCEPTED = "Accepted publickey"
EMPTY = "receive packet: type 2 "
LEFT = "Disconnected from user"


@pytest.fixture
def sshd(sshds: Servers) -> Sshd:
    """A server that tells every request."""
    return sshds("LogLevel DEBUG3")


async def log_in(server: Sshd, connector: Connector | None = None, **settings: bool) -> str:
    """Connect, do nothing, leave; what the server heard meanwhile."""
    before = len(server.log)
    connector = connector or Connector(SshSettings(config=server.ssh_config, **settings))  # type: ignore[arg-type]  # only `fast`
    link = await connector.connect(Address.parse(server.address))
    await link.connection.run("true")  # else it leaves while the server still speaks
    await link.close()
    assert server.heard(LEFT, times=server.log[:before].count(LEFT) + 1)
    return server.log[before:]


async def test_a_single_request_logs_in(sshd: Sshd) -> None:
    heard = await log_in(sshd)
    assert (heard.count(ACCEPTED), heard.count("userauth-request")) == (1, 1)
    assert ASKED not in heard
    assert QUERIED not in heard
    assert EMPTY not in heard


async def test_the_switch_turns_it_off(sshd: Sshd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STOCK_VARIABLE, "1")
    heard = await log_in(sshd)
    assert (heard.count(ACCEPTED), heard.count("userauth-request")) == (1, 3)
    assert ASKED in heard
    assert QUERIED in heard
    assert EMPTY in heard


@pytest.mark.parametrize("fast", [True, False])
async def test_what_the_server_says_is_acknowledged_at_once(sshd: Sshd, fast: bool) -> None:
    connector = Connector(SshSettings(config=sshd.ssh_config, fast=fast))
    link = await connector.connect(Address.parse(sshd.address))
    await link.connection.run("echo hi")  # by then Linux would wait, to send it along with an answer
    wire = link.connection.get_extra_info("socket")
    assert bool(wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK)) is fast
    await link.close()


async def test_an_rsa_key_hears_first_how_to_sign(sshd: Sshd) -> None:
    for path in (sshd.identity, sshd.identity.with_suffix(".pub")):
        path.unlink()
    keygen(sshd.identity, kind="rsa")
    (sshd.folder / "authorized_keys").write_text(sshd.identity.with_suffix(".pub").read_text())
    heard = await log_in(sshd)
    assert ACCEPTED in heard
    assert QUERIED in heard


async def test_the_key_that_was_accepted_signs_at_once_next_time(sshd: Sshd, tmp_path: Path) -> None:
    stranger = keygen(tmp_path / "stranger")
    sshd.ssh_config.write_text(f"IdentityFile {stranger}\n{sshd.ssh_config.read_text()}")
    connector = Connector(SshSettings(config=sshd.ssh_config))
    first = await log_in(sshd, connector)
    assert ASKED in first
    assert first.count("Failed publickey") == 1
    second = await log_in(sshd, connector)
    assert second.count("userauth-request") == 1
    assert "Failed publickey" not in second


async def test_a_wrong_key_is_one_attempt_with_the_message_of_the_standard_handshake(sshd: Sshd) -> None:
    (sshd.folder / "authorized_keys").write_text("")
    words = []
    for fast in (True, False):
        before = len(sshd.log)
        with pytest.raises(TransportError) as caught:
            await log_in(sshd, fast=fast)
        words.append((caught.value.cause, caught.value.message, caught.value.hint))
        assert sshd.log[before:].count("Connection from") == 1
        assert sshd.log[before:].count("Failed publickey") == 1
    assert words[0] == words[1]
    assert words[0][0] is Cause.AUTH


async def test_nothing_is_signed_for_a_host_that_is_not_known(sshd: Sshd) -> None:
    sshd.known_hosts.write_text("")
    with pytest.raises(TransportError) as caught:
        await log_in(sshd)
    assert caught.value.cause is Cause.HOST_KEY
    assert sshd.heard("Disconnected from")
    assert "userauth-request" not in sshd.log


async def test_cbc_keeps_its_empty_messages(sshds: Servers) -> None:
    server = sshds("LogLevel DEBUG3\nCiphers aes128-cbc")
    server.ssh_config.write_text(f"Ciphers aes128-cbc\n{server.ssh_config.read_text()}")
    heard = await log_in(server)
    assert ACCEPTED in heard
    assert heard.count("userauth-request") == 1
    assert EMPTY in heard


@pytest.mark.parametrize("broken", ["version", "shape", "name"])
async def test_another_asyncssh_gets_the_stock_handshake(
    sshd: Sshd, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh()
    if broken == "version":
        monkeypatch.setattr(asyncssh, "__version__", "2.99.0")
    elif broken == "shape":
        monkeypatch.setattr(fast_handshake, "_SHAPES", {fast_handshake.fits: ("something", "else")})
    else:
        monkeypatch.delattr("asyncssh.auth._ClientPublicKeyAuth")
        monkeypatch.delitem(sys.modules, fast_handshake.__name__)
    try:
        heard = await log_in(sshd)
    finally:
        fresh()
    assert ACCEPTED in heard
    assert ASKED in heard


def fresh() -> None:
    """Look at asyncssh again the next time."""
    connect._short_handshake.cache_clear()
    fast_handshake.fits.cache_clear()


async def test_what_breaks_inside_is_done_again_by_the_stock_handshake(
    sshd: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(self: object) -> None:
        raise AttributeError("asyncssh has changed")

    monkeypatch.setattr(fast_handshake._SignedAtOnce, "_start", breaks)
    heard = await log_in(sshd)
    assert (heard.count("Connection from"), heard.count(ACCEPTED)) == (2, 1)


@dataclass
class Picky(asyncssh.SSHServer):
    """Lets everybody in, but hangs up on the first connections when they want to log in."""

    hang_up: int
    connections: int = 0

    def __call__(self) -> Picky:
        self.connections += 1
        return self

    def begin_auth(self, username: str) -> bool:
        if self.connections <= self.hang_up:
            raise asyncssh.ProtocolError("not so fast")
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return True


@asynccontextmanager
async def picky(sshd: Sshd, hang_up: int) -> AsyncIterator[tuple[Picky, Connector, Address]]:
    """A server that is not OpenSSH, and a way to it."""
    server = Picky(hang_up)
    async with asyncssh.listen("127.0.0.1", 0, server_factory=server, server_host_keys=[sshd.host_key]) as up:
        public = sshd.host_key.with_suffix(".pub").read_text()
        sshd.known_hosts.write_text(f"[127.0.0.1]:{up.get_port()} {public}")
        connector = Connector(SshSettings(config=sshd.ssh_config))
        yield server, connector, Address.parse(f"ana@127.0.0.1:{up.get_port()}")


async def test_a_server_that_is_not_openssh_takes_it(sshd: Sshd) -> None:
    async with picky(sshd, hang_up=0) as (server, connector, address):
        link = await connector.connect(address)
        assert isinstance(link.connection, fast_handshake._Connection)
        await link.close()
        assert server.connections == 1


async def test_a_server_that_disconnects_gets_the_standard_handshake_from_then_on(sshd: Sshd) -> None:
    async with picky(sshd, hang_up=1) as (server, connector, address):
        for connections in (2, 3):
            link = await connector.connect(address)
            assert not isinstance(link.connection, fast_handshake._Connection)
            await link.close()
            assert server.connections == connections


async def test_a_server_that_always_disconnects_is_tried_once_more_only(sshd: Sshd) -> None:
    async with picky(sshd, hang_up=9) as (server, connector, address):
        with pytest.raises(TransportError) as caught:
            await connector.connect(address)
        assert (caught.value.cause, server.connections) == (Cause.GARBLED, 2)
