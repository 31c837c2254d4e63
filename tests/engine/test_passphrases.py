"""Key files with a passphrase, against real servers: who is asked, how often, and what a refusal gives."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from readiness_tui.engine.run import Run
from readiness_tui.model.outcome import Cause, Outcome, Verdict
from readiness_tui.rules.probing.plan import Plan
from readiness_tui.transports.pool import Connections
from readiness_tui.transports.ssh.unlocked_keys import Ask, UnlockedKeys
from tests.engine.running import OK, Says, all_events, check, outcomes, plan
from tests.sshd import Sshd, keygen
from tests.transports.conftest import Servers

pytestmark = pytest.mark.needs("sshd", "ssh")

SECRET = "correct horse battery"


class Operator:
    """Answers what it was given, in order, and remembers what it was asked."""

    def __init__(self, *answers: str | None) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[Path, str]] = []
        self.at_once = 0
        self.most_at_once = 0

    @asynccontextmanager
    async def asking(self, path: Path) -> AsyncIterator[Ask]:
        async def ask(fault: str) -> str | None:
            await asyncio.sleep(0)
            self.asked.append((path, fault))
            return self._answers.pop(0)

        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            yield ask
        finally:
            self.at_once -= 1


class Absent:
    """Was asked, and says nothing."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.withdrawn = asyncio.Event()

    @asynccontextmanager
    async def asking(self, path: Path) -> AsyncIterator[Ask]:
        async def ask(fault: str) -> str | None:
            self.asked.set()
            await asyncio.Event().wait()
            return None

        try:
            yield ask
        finally:
            self.withdrawn.set()


def lock(key: Path, passphrase: str = SECRET) -> None:
    """Give a key file a passphrase."""
    subprocess.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", passphrase, "-f", key], check=True)


@pytest.fixture
def locked(sshds: Servers) -> Sshd:
    """A server that lets in by a key file with a passphrase alone."""
    server = sshds()
    lock(server.identity)
    return server


def three(server: Sshd) -> Plan:
    names = ("app-1", "app-2", "app-3")
    return plan([check("item", name, Says(OK)) for name in names], **dict.fromkeys(names, server.address))


@pytest.fixture
async def opened() -> AsyncIterator[list[Connections]]:
    kept: list[Connections] = []
    yield kept
    for connections in kept:
        await connections.close()


async def probed(
    opened: list[Connections], server: Sshd, unlocked_keys: UnlockedKeys, made: Plan | None = None
) -> list[Outcome]:
    """A run over connections of its own."""
    connections = Connections(ssh_config=server.ssh_config)
    connections.unlocked_keys = unlocked_keys
    opened.append(connections)
    return list(outcomes(await all_events(Run(made or three(server), connections))).values())


def verdicts(found: Sequence[Outcome]) -> set[Verdict]:
    return {outcome.verdict for outcome in found}


async def test_three_hosts_ask_once_and_the_answer_is_kept(locked: Sshd, opened: list[Connections]) -> None:
    operator = Operator(SECRET)
    unlocked_keys = UnlockedKeys(operator)
    assert verdicts(await probed(opened, locked, unlocked_keys)) == {Verdict.PASS}
    assert operator.asked == [(locked.identity, "")]
    assert verdicts(await probed(opened, locked, unlocked_keys)) == {Verdict.PASS}, "over new connections"
    assert len(operator.asked) == 1, "once in a run of the program"
    assert locked.log.count("Connection from") == 6, "nothing is tried before the answer"
    assert locked.log.count("Failed publickey") == 0


async def test_wrong_twice_is_asked_again_and_says_why(locked: Sshd, opened: list[Connections]) -> None:
    operator = Operator("wrong", "wrong again", SECRET)
    assert verdicts(await probed(opened, locked, UnlockedKeys(operator))) == {Verdict.PASS}
    assert operator.asked == [
        (locked.identity, ""),
        (locked.identity, "Incorrect passphrase"),
        (locked.identity, "Incorrect passphrase"),
    ]
    assert locked.log.count("Connection from") == 3, "a wrong passphrase never reaches the host"


@pytest.mark.parametrize("answers", [(None,), ("a", "b", "c")], ids=["declined", "wrong three times"])
async def test_without_it_the_cause_and_hint_are_those_of_a_rejected_login(
    locked: Sshd, opened: list[Connections], answers: tuple[str | None, ...]
) -> None:
    operator = Operator(*answers, None)
    unlocked_keys = UnlockedKeys(operator)
    results = await probed(opened, locked, unlocked_keys)
    assert {(result.verdict, result.cause) for result in results} == {(Verdict.UNKNOWN, Cause.AUTH)}
    assert all(f"ssh-add {locked.identity}" in result.hint for result in results)
    assert len(operator.asked) == len(answers), "nobody is asked again in that run"
    assert locked.log.count("Connection from") == 3, "one attempt for each host"
    await probed(opened, locked, unlocked_keys)
    assert len(operator.asked) == len(answers) + 1, "the next run may ask"


async def test_no_question_if_the_operator_cannot_be_asked(locked: Sshd, opened: list[Connections]) -> None:
    results = await probed(opened, locked, UnlockedKeys())
    assert {result.cause for result in results} == {Cause.AUTH}
    assert f"ssh-add {locked.identity}" in results[0].hint


async def test_keys_without_passphrase_come_first_and_the_first_named_key_is_asked_for(
    sshds: Servers, opened: list[Connections], tmp_path: Path
) -> None:
    server = sshds()
    other = keygen(tmp_path / "other", passphrase="never asked for")
    config = server.ssh_config.read_text()
    named = f"  IdentityFile {server.identity}\n"
    server.ssh_config.write_text(config.replace(named, f"{named}  IdentityFile {other}\n"))
    operator = Operator()
    assert verdicts(await probed(opened, server, UnlockedKeys(operator))) == {Verdict.PASS}
    lock(server.identity)
    plain = keygen(tmp_path / "plain")
    server.ssh_config.write_text(config.replace(named, f"{named}  IdentityFile {plain}\n"))
    operator = Operator(SECRET)
    assert verdicts(await probed(opened, server, UnlockedKeys(operator))) == {Verdict.PASS}
    assert operator.asked == [(server.identity, "")]
    assert server.log.count("Failed publickey") == 0


async def test_what_the_agent_holds_is_not_asked_for(
    sshds: Servers, opened: list[Connections], tmp_path: Path
) -> None:
    server, socket = sshds(), str(tmp_path / "agent")
    with subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.PIPE, text=True) as agent:
        assert agent.stdout is not None
        agent.stdout.readline()  # it says where it listens, so it does
        environment = {**os.environ, "SSH_AUTH_SOCK": socket}
        subprocess.run(["ssh-add", "-q", server.identity], check=True, env=environment)
        lock(server.identity)
        config = server.ssh_config.read_text()
        server.ssh_config.write_text(config.replace("IdentityAgent none", f"IdentityAgent {socket}"))
        operator = Operator()
        assert verdicts(await probed(opened, server, UnlockedKeys(operator))) == {Verdict.PASS}
        agent.terminate()


async def test_the_certificate_beside_a_locked_key_is_shown_with_it(
    sshds: Servers, opened: list[Connections], tmp_path: Path
) -> None:
    authority = keygen(tmp_path / "authority")
    server = sshds(f"TrustedUserCAKeys {authority}.pub\nAuthorizedKeysFile none")
    sign = ["ssh-keygen", "-q", "-s", str(authority), "-I", "ana", "-n", server.user, "-V", "-1h:+1h"]
    subprocess.run([*sign, str(server.identity.with_suffix(".pub"))], check=True)
    lock(server.identity)
    assert verdicts(await probed(opened, server, UnlockedKeys(Operator(SECRET)))) == {Verdict.PASS}


async def test_files_are_asked_for_in_sequence_including_that_of_a_jump_host(
    sshds: Servers, opened: list[Connections]
) -> None:
    bastion, server = sshds(), sshds()
    for each in (bastion, server):
        lock(each.identity)
    jump = f"Host bastion\n  HostName 127.0.0.1\n  Port {bastion.port}\n  User {bastion.user}\n"
    jump += f"  IdentityFile {bastion.identity}\n  UserKnownHostsFile {bastion.known_hosts}\n"
    inner = f"Host inner\n  HostName 127.0.0.1\n  Port {server.port}\n  User {server.user}\n"
    inner += f"  ProxyJump bastion\n  IdentityFile {server.identity}\n"
    inner += f"  UserKnownHostsFile {server.known_hosts}\n"
    rest = "Host *\n  GlobalKnownHostsFile none\n  IdentitiesOnly yes\n  IdentityAgent none\n"
    server.ssh_config.write_text(jump + inner + rest)
    operator = Operator(SECRET, SECRET)
    made = plan(
        [check("item", name, Says(OK)) for name in ("inner", "bastion")], inner="inner", bastion="bastion"
    )
    assert verdicts(await probed(opened, server, UnlockedKeys(operator), made)) == {Verdict.PASS}
    assert sorted(path for path, _ in operator.asked) == sorted((bastion.identity, server.identity))
    assert operator.most_at_once == 1


async def test_a_run_that_is_cancelled_takes_its_question_back(
    locked: Sshd, opened: list[Connections]
) -> None:
    connections = Connections(ssh_config=locked.ssh_config)
    opened.append(connections)
    absent = Absent()
    connections.unlocked_keys = UnlockedKeys(absent)
    made = three(locked)
    checks = [*made.checks, check("item", "here", Says(OK))]
    here = asyncio.Event()
    run = Run(plan(checks, here="local", **{n: h.address for n, h in made.hosts.items()}), connections)

    def watch(event: object) -> None:
        if getattr(event, "target", "") == "here" and hasattr(event, "outcome"):
            here.set()

    running = asyncio.create_task(all_events(run, watch))
    await absent.asked.wait()
    await here.wait()  # the other hosts do not wait for the answer
    await run.cancel("app-1")
    assert not absent.withdrawn.is_set(), "two others still want it"
    await run.cancel()
    results = outcomes(await running)
    assert results["item", "app-2"].cause is Cause.CANCELLED
    await absent.withdrawn.wait()
