"""A plan run end to end, over real transports: this machine and a real sshd."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from readiness_tui.engine.events import (
    AskStarted,
    Event,
    HostChanged,
    HostState,
    OutcomeFound,
    Progress,
    Replied,
)
from readiness_tui.engine.run import Limits, Run
from readiness_tui.model.outcome import Cause, Verdict
from readiness_tui.model.probe import Ask, LinkAsk, ProbeResult, Reply, asked
from readiness_tui.rules.probing.plan import Check
from readiness_tui.transports.pool import Connections
from tests.engine.running import OK, Says, all_events, check, hanging, outcomes, plan, states
from tests.sshd import Sshd, free_port
from tests.transports.asking import collector, left, mark, marked


class Breaks(Says):
    def judge(self, replies: Sequence[Reply]) -> ProbeResult:
        raise KeyError("a stranger's mistake")


class Odd(Says):
    """A stranger's finding that breaks the rules of an outcome."""

    def judge(self, replies: Sequence[Reply]) -> ProbeResult:
        return ProbeResult(Verdict.UNKNOWN, None, "x\n\x1b[31m" * 60, facts={"a": "b\x00c"})


@pytest.fixture
async def connections(sshd_config: Path) -> AsyncIterator[Connections]:
    kept = Connections(ssh_config=sshd_config)
    yield kept
    await kept.close()


@pytest.fixture
def sshd_config(tmp_path: Path) -> Path:
    return tmp_path / "sshd" / "ssh_config"


@pytest.fixture
def sshd(tmp_path: Path) -> Sshd:
    """Not started yet: `with sshd:` starts it."""
    return Sshd(tmp_path / "sshd")


@pytest.mark.needs("sshd")
async def test_every_check_is_judged_once_and_dead_hosts_cost_the_others_nothing(
    sshd: Sshd, connections: Connections
) -> None:
    hosts = {
        "web": sshd.address,
        "here": "local",
        "dead": f"127.0.0.1:{free_port()}",
        "nowhere": "no-such-host.invalid",
        "stranger": f"no-such-user@127.0.0.1:{sshd.port}",
        "unknown": f"{sshd.user}@localhost:{sshd.port}",
        "broken": "exec:/no/such/command",
        "lost": "replay:/no/such/file",
    }
    checks = [check(f"item.{n}", name, Says(OK)) for name in (*hosts, "local") for n in range(3)]
    checks.append(Check("needs.role", "role:db", None, not_configured="no host has the role db"))
    made = plan(checks, **hosts)
    with sshd:
        events = await all_events(Run(made, connections))
        results = outcomes(events)
        assert results.keys() == {(c.item, c.target) for c in checks}
        causes = {target: outcome.cause for (_, target), outcome in results.items()}
        assert causes == {
            "web": None,
            "here": None,
            "local": None,
            "dead": Cause.UNREACHABLE,
            "nowhere": Cause.UNREACHABLE,
            "stranger": Cause.AUTH,
            "unknown": Cause.HOST_KEY,
            "broken": Cause.NO_TOOL,
            "lost": Cause.UNREACHABLE,
            "role:db": Cause.NOT_CONFIGURED,
        }
        assert all(o.hint for (_, t), o in results.items() if t in ("dead", "nowhere", "stranger", "unknown"))
        assert results["item.0", "web"].verdict is Verdict.PASS
        assert results["needs.role", "role:db"].evidence == "no host has the role db"
        assert states(events, "web") == [
            HostState.WAITING,
            HostState.CONNECTING,
            HostState.ASKING,
            HostState.DONE,
        ]
        assert states(events, "dead") == [HostState.WAITING, HostState.CONNECTING, HostState.FAILED]
        assert sum(isinstance(event, Replied) for event in events) == 3, (
            "one ask for three items, on three targets"
        )
        started = [event for event in events if isinstance(event, AskStarted)]
        assert {event.items for event in started} == {("item.0", "item.1", "item.2")}
        last = events[-1]
        assert isinstance(last, Progress)
        assert (last.checks_done, last.checks_total) == (len(checks), len(checks))
        assert (last.targets_done, last.targets_total) == (9, 9)
        assert (last.failed, last.unknown) == (0, 6 * 3 + 1)
        ends = {event.target: event for event in events if isinstance(event, HostChanged)}
        assert {(end.done, end.total) for end in ends.values()} == {(3, 3)}
        await all_events(Run(made, connections))
        assert sshd.log.count("Accepted publickey") == 1, "the connection is kept between runs"


async def test_an_outcome_tells_when_how_long_and_of_what(connections: Connections) -> None:
    probe = Says(OK, LinkAsk(), collector("slow", "sleep 0.1; kv more 2"))
    (outcome,) = outcomes(await all_events(Run(plan([check("a", "local", probe)]), connections))).values()
    assert outcome.verdict is Verdict.PASS
    assert outcome.evidence.startswith("ok=1 transport=local")
    assert outcome.facts["said"] == outcome.evidence
    assert outcome.took_ms >= 20
    assert outcome.asked.startswith("sha256:")
    assert outcome.asked_at.microsecond == 0
    again = outcomes(await all_events(Run(plan([check("a", "local", probe)]), connections)))["a", "local"]
    assert again.asked == outcome.asked


async def test_a_probe_that_breaks_costs_its_own_outcome_only(connections: Connections) -> None:
    checks = [
        check("breaks", "local", Breaks(OK)),
        check("odd", "local", Odd(OK)),
        check("fine", "local", Says(OK)),
    ]
    results = outcomes(await all_events(Run(plan(checks), connections)))
    assert results["breaks", "local"].cause is Cause.ERROR
    assert "KeyError" in results["breaks", "local"].evidence
    odd = results["odd", "local"]
    assert (odd.cause, len(odd.evidence), odd.facts) == (Cause.ERROR, 120, {"a": "b␀c"})
    assert "\x1b" not in odd.evidence
    assert results["fine", "local"].verdict is Verdict.PASS


async def test_a_timeout_is_unknown_and_a_failure_at_hand_still_fails(connections: Connections) -> None:
    hang = collector("hang", "sleep 100", timeout_s=0.3)
    checks = [check("hung", "local", Says(hang)), check("mixed", "local", Says(OK, hang, expects="never"))]
    results = outcomes(await all_events(Run(plan(checks), connections)))
    assert results["hung", "local"].cause is Cause.TIMEOUT
    assert results["hung", "local"].evidence == "not finished after 0.3 s"
    assert results["mixed", "local"].verdict is Verdict.FAIL


async def test_replies_are_clean_before_a_probe_sees_them(connections: Connections) -> None:
    dirty = collector("dirty", "printf 'a=\\033[31m\\000\\nDB_PASSWORD=hunter2xyz\\n'")
    events = await all_events(Run(plan([check("a", "local", Says(dirty))]), connections))
    (reply,) = (event.reply for event in events if isinstance(event, Replied))
    assert reply.stdout == "a=␛[31m␀\nDB_PASSWORD=[redacted]\n"
    assert outcomes(events)["a", "local"].evidence == "a=␛[31m␀ DB_PASSWORD=[redacted]"


@pytest.mark.needs("sshd")
@pytest.mark.parametrize("only", ["web", None])
async def test_cancel_ends_one_target_or_all_and_leaves_nothing(
    sshd: Sshd, connections: Connections, tmp_path: Path, only: str | None
) -> None:
    marker = mark()
    web, here = hanging(tmp_path, marker, "web"), hanging(tmp_path, marker, "here")
    checks = [
        check("hung", "web", Says(web[0])),
        check("quick", "web", Says(OK)),
        check("hung", "here", Says(here[0])),
    ]
    with sshd:
        run = Run(plan(checks, web=sshd.address, here="local"), connections)
        quick = asyncio.Event()

        def watch(event: Event) -> None:
            if isinstance(event, OutcomeFound) and event.item == "quick":
                quick.set()

        running = asyncio.create_task(all_events(run, watch))
        for _, fifo in (web, here):
            assert await asyncio.to_thread(fifo.read_text) == "up\n"
        await quick.wait()
        await run.cancel(only)
        assert len(marked(marker)) == (1 if only else 0)
        await run.cancel()
        results = outcomes(await running)
    assert results["hung", "web"].cause is Cause.CANCELLED
    assert results["hung", "here"].cause is Cause.CANCELLED
    assert results["quick", "web"].verdict is Verdict.PASS
    assert states(await running, "web")[-1] is HostState.CANCELLED
    assert await left(marker) == []


@pytest.mark.needs("sshd")
async def test_leaving_the_events_early_ends_the_run_on_the_hosts(
    sshd: Sshd, connections: Connections, tmp_path: Path
) -> None:
    marker = mark()
    ask, fifo = hanging(tmp_path, marker, "web")
    with sshd:
        run = Run(plan([check("hung", "web", Says(ask))], web=sshd.address), connections)
        running = asyncio.create_task(all_events(run))
        assert await asyncio.to_thread(fifo.read_text) == "up\n"
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert await left(marker) == []


async def test_cancelled_before_it_began_nothing_is_asked(connections: Connections) -> None:
    run = Run(plan([check("a", "local", Says(OK))]), connections)
    await run.cancel()
    events = await all_events(run)
    assert outcomes(events)["a", "local"].cause is Cause.CANCELLED
    assert not any(isinstance(event, Replied) for event in events)


async def test_a_target_that_takes_too_long_as_a_whole_is_given_up(
    connections: Connections, tmp_path: Path
) -> None:
    marker = mark()
    checks = [check("hung", "local", Says(collector("hang", f"sleep {marker}", timeout_s=0.4)))]
    limits = Limits(open_s=0.1, slack_s=-0.4)
    events = await all_events(Run(plan(checks), connections, limits))
    assert outcomes(events)["hung", "local"].cause is Cause.TIMEOUT
    assert states(events, "local")[-1] is HostState.FAILED
    assert await left(marker) == []


async def test_few_targets_at_once_the_next_waits_for_its_turn(
    connections: Connections, tmp_path: Path
) -> None:
    marker = mark()
    slow = {name: hanging(tmp_path, marker, name) for name in ("a", "b")}
    checks = [check("hung", name, Says(ask)) for name, (ask, _) in slow.items()] + [
        check("ok", "c", Says(OK))
    ]
    run = Run(plan(checks, a="local", b="local", c="local"), connections, Limits(at_once=2))
    events: list[Event] = []
    c_is_done = asyncio.Event()

    def watch(event: Event) -> None:
        events.append(event)
        if isinstance(event, HostChanged) and (event.target, event.state) == ("c", HostState.DONE):
            c_is_done.set()

    running = asyncio.create_task(all_events(run, watch))
    for _, fifo in slow.values():
        assert await asyncio.to_thread(fifo.read_text) == "up\n"
    assert states(events, "c") == [HostState.WAITING]
    await run.cancel("a")
    await c_is_done.wait()
    await run.cancel()
    assert outcomes(await running)["ok", "c"].verdict is Verdict.PASS
    assert await left(marker) == []


async def test_a_run_runs_once(connections: Connections) -> None:
    run = Run(plan([]), connections)
    assert await all_events(run) == []
    with pytest.raises(RuntimeError, match="once"):
        await all_events(run)


class AsksAgain(Says):
    """A probe whose first reply names the word that its follow-up asks for."""

    def announced(self) -> tuple[Ask, ...]:
        return (collector("second", "kv ok WORD"),)

    def follow_up(self, replies: Sequence[Reply]) -> tuple[Ask, ...]:
        word = replies[0].stdout.strip().partition("=")[2]
        return (collector("second", f"kv ok {word}"),)

    def judge(self, replies: Sequence[Reply]) -> ProbeResult:
        said = " ".join(reply.stdout.strip() for reply in replies)
        return ProbeResult(Verdict.PASS, evidence=said)


class FollowsUpBadly(AsksAgain):
    def follow_up(self, replies: Sequence[Reply]) -> tuple[Ask, ...]:
        raise KeyError("a third party's mistake")


async def test_the_replies_of_a_probe_decide_its_second_round(connections: Connections) -> None:
    first = collector("first", "kv word seven")
    made = plan([check("a", "here", AsksAgain(first)), check("b", "here", Says(OK))], here="local")
    events = await all_events(Run(made, connections))
    results = outcomes(events)
    assert results["a", "here"].evidence == "word=seven ok=seven"
    assert results["a", "here"].asked == asked([first])  # what the plan showed, whatever the host replied
    assert results["b", "here"].verdict is Verdict.PASS


async def test_two_probes_share_a_follow_up(connections: Connections) -> None:
    first = collector("first", "kv word seven")
    made = plan([check("a", "here", AsksAgain(first)), check("b", "here", AsksAgain(first))], here="local")
    events = await all_events(Run(made, connections))
    assert {outcome.evidence for outcome in outcomes(events).values()} == {"word=seven ok=seven"}
    started = [event.ask.command for event in events if isinstance(event, AskStarted)]
    assert started == ["first", "second"]


async def test_a_follow_up_that_fails_to_tell_costs_no_other_outcome(connections: Connections) -> None:
    made = plan([check("a", "here", FollowsUpBadly(OK)), check("b", "here", Says(OK))], here="local")
    results = outcomes(await all_events(Run(made, connections)))
    assert results["a", "here"].evidence == "ok=1"
    assert results["b", "here"].verdict is Verdict.PASS
