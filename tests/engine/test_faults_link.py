"""The way to a host breaks or babbles: what was answered stays, the rest says why, the others go on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, aclosing
from pathlib import Path

import asyncssh
import pytest

from readiness_tui.engine.events import AskStarted, Event, HostState, OutcomeFound
from readiness_tui.engine.run import Run
from readiness_tui.model.outcome import Cause, Verdict
from readiness_tui.model.probe import LinkAsk
from readiness_tui.transports.pool import Connections
from tests.engine.fleet import Fleet, Impatient, kept, saying
from tests.engine.running import OK, Says, all_events, check, only, outcomes, plan, states
from tests.transports.asking import collector, mark, marked
from tests.transports.conftest import Servers
from tests.transports.middleman import Middleman

pytestmark = pytest.mark.needs("sshd")


@pytest.fixture
def marker() -> Iterator[str]:
    """The sleep that is out of reach when the link is gone: the watchdog would end it later."""
    marker = mark()
    yield marker
    for process in marked(marker):
        process.kill()


@pytest.mark.parametrize(
    ("fault", "words"),
    [("cut", "the connection was lost"), ("hang", "Server not responding to keepalive")],
)
async def test_a_link_that_breaks_mid_run_affects_only_its_open_asks(
    sshds: Servers, tmp_path: Path, marker: str, fault: str, words: str
) -> None:
    fleet = Fleet(tmp_path)
    server = sshds()
    async with Middleman(server.port) as link, kept(Impatient(fleet.config)) as connections:
        fleet.add("broken", server, port=link.port)
        fleet.add("whole", sshds())
        sleeps = [collector(f"{n}", f"sleep {marker}", timeout_s=60) for n in range(3)]
        checks = [check(f"open.{n}", "broken", Says(ask)) for n, ask in enumerate(sleeps)]
        checks += [check("ok", name, Says(OK)) for name in fleet.hosts]
        begun: set[str] = set()
        answered: set[str] = set()

        def watch(event: Event) -> None:
            match event:
                case AskStarted(target="broken"):
                    begun.update(event.items)
                case OutcomeFound(target="broken"):
                    answered.add(event.item)
            if answered == {"ok"} and len(begun) == 4:
                {"cut": link.cut, "hang": link.hang}[fault]()

        events = await all_events(Run(plan(checks, **fleet.hosts), connections), watch)
        results = outcomes(events)
        assert {results["ok", name].verdict for name in fleet.hosts} == {Verdict.PASS}
        lost = {results[f"open.{n}", "broken"].cause for n in range(3)}
        assert lost == {Cause.UNREACHABLE}
        assert words in results["open.0", "broken"].evidence
        assert states(events, "whole")[-1] is HostState.DONE
        link.flow()
        assert (await only(fleet.hosts, connections)).verdict is Verdict.PASS, "the next run connects anew"
        assert link.connections == 2


async def test_cancelling_over_a_hanging_link_is_reported_at_once(
    sshds: Servers, tmp_path: Path, marker: str
) -> None:
    fleet = Fleet(tmp_path)
    server = sshds()
    async with Middleman(server.port) as link, kept(Connections(ssh_config=fleet.config)) as connections:
        fleet.add("broken", server, port=link.port)
        sleeps = [collector(f"{n}", f"sleep {marker}", timeout_s=60) for n in range(3)]
        run = Run(
            plan([check(f"{n}", "broken", Says(sleeps[n])) for n in range(3)], **fleet.hosts), connections
        )
        cancelling: asyncio.Task[None] | None = None
        said: dict[str, tuple[Cause | None, bool]] = {}
        async with aclosing(run.events()) as events:
            async for event in events:
                if isinstance(event, AskStarted) and cancelling is None:
                    link.hang()
                    cancelling = asyncio.create_task(run.cancel())
                if isinstance(event, OutcomeFound):
                    assert cancelling is not None
                    said[event.item] = (event.outcome.cause, cancelling.done())
                if len(said) == 3:
                    link.cut()  # or it would be tried for a while to end there what runs
        assert said == {f"{n}": (Cause.CANCELLED, False) for n in range(3)}


# A banner of a megabyte, wherever a server may put it.

LINE = b"Authorized use only. \x1b[2J" + b"All activity is monitored. " * 50


async def test_a_megabyte_before_the_version_is_ignored(sshds: Servers, tmp_path: Path) -> None:
    server, fleet = sshds(), Fleet(tmp_path)
    first = (LINE + b"\r\n") * (2**20 // len(LINE))
    async with Middleman(server.port, first=first) as link, kept(Impatient(fleet.config)) as connections:
        fleet.add("web", server, port=link.port)
        assert (await only(fleet.hosts, connections)).verdict is Verdict.PASS


@pytest.mark.parametrize("first", [b"x\r\n" * 350_000, b"x" * 2**20], ids=["short-lines", "no-line"])
async def test_a_megabyte_instead_of_a_greeting_is_garbled(tmp_path: Path, first: bytes) -> None:
    """More lines, or longer ones, than OpenSSH's client takes either."""
    fleet = Fleet(tmp_path)
    async with AsyncExitStack() as held:
        fleet.place("web", await saying(held, first))
        connections = await held.enter_async_context(kept(Impatient(fleet.config)))
        outcome = await only(fleet.hosts, connections)
    assert outcome.cause is Cause.GARBLED
    assert "does not follow the SSH protocol" in outcome.evidence
    assert "another service" in outcome.hint


class Talkative(asyncssh.SSHServer):
    """Says a megabyte, in messages of a size that may be, before it lets anybody in."""

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._conn = conn

    def begin_auth(self, username: str) -> bool:
        for _ in range(2**20 // len(LINE)):
            self._conn.send_auth_banner(LINE.decode() + "\r\n")
        return True


async def test_a_megabyte_before_the_login_is_ignored(sshds: Servers, tmp_path: Path) -> None:
    """By another server: sshd only says what fits into one message."""
    server, fleet = sshds(), Fleet(tmp_path)
    listening = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=Talkative,
        server_host_keys=[server.host_key],
        authorized_client_keys=str(server.folder / "authorized_keys"),
    )
    async with listening, kept(Impatient(fleet.config)) as connections:
        fleet.add("web", server, port=listening.get_port())
        assert (await only(fleet.hosts, connections, Says(LinkAsk(), expects="server_version"))).cause is None


@pytest.mark.parametrize(("size", "cause"), [(255 * 1024, None), (2**20, Cause.UNREACHABLE)])
async def test_a_banner_that_crashes_sshd_is_attributed_to_sshd(
    sshds: Servers, tmp_path: Path, size: int, cause: Cause | None
) -> None:
    """sshd reads up to a megabyte, and dies of more than fits into a message; so it does under ssh."""
    banner = tmp_path / "banner"
    banner.write_bytes((LINE + b"\n") * (size // len(LINE)))
    fleet = Fleet(tmp_path)
    fleet.add("web", sshds(f"Banner {banner}"))
    async with kept(Impatient(fleet.config)) as connections:
        outcome = await only(fleet.hosts, connections)
    assert outcome.cause is cause
    if cause is not None:
        assert "closed the connection" in outcome.evidence
        assert "a faulty sshd; see the log of sshd" in outcome.hint
