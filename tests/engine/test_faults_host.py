"""Hosts in trouble of their own: sealed, busy, hung on a disk, a year off. Each answers, or says why not."""

from __future__ import annotations

import dataclasses
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from readiness_tui.engine.run import Run
from readiness_tui.model.checklist import ProbeSpec
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Cause, Outcome, Verdict
from readiness_tui.model.probe import CollectorAsk
from readiness_tui.model.session import ChecklistRef, Session
from readiness_tui.probes import registry
from readiness_tui.rules.probing.plan import Check, Plan, make
from readiness_tui.transports.pool import Connections
from tests.engine.fleet import Fleet, kept
from tests.engine.running import WELL, Says, all_events, check, outcomes, plan
from tests.probes.recorded import production
from tests.transports.asking import collector, gone, left, marked
from tests.transports.conftest import Servers

pytestmark = pytest.mark.needs("sshd")

UPDATED = "infrastructure.server.os-updated"
RESOURCES = "infrastructure.server.resources"
TIMEZONE = "infrastructure.server.timezone"


def production_plan(hosts: Mapping[str, str], only: Sequence[str] = ()) -> Plan:
    """The built-in checklist's plan for hosts that play the roles of a server."""
    checklist = production()
    session = Session(
        launch="faults",
        day=datetime.now(UTC).date(),
        checklist=ChecklistRef(id=checklist.id, version=checklist.version, digest=checklist.digest),
        operator="ana",
        parameters={"app_name": "app", "ssh_addrs": ["203.0.113.10"], "ssh_users": ["root"]},
        hosts=tuple(Host(name=n, address=a, roles=("app", "db", "cache")) for n, a in hosts.items()),
    )
    made = make(checklist, session, registry.build, only=only)
    return dataclasses.replace(made, checks=tuple(c for c in made.checks if c.target in hosts))


def hurried(made: Plan) -> Plan:
    """The same plan with a second for each collector."""

    def hurry(one: Check) -> Check:
        asks = (a.model_copy(update={"timeout_s": 1}) if isinstance(a, CollectorAsk) else a for a in one.asks)
        return dataclasses.replace(one, asks=tuple(asks))

    return dataclasses.replace(made, checks=tuple(map(hurry, made.checks)))


def programs(folder: Path, **texts: str) -> str:
    """A line of sshd_config by which the host's own programs of those names are others."""
    place = folder / "bin"
    place.mkdir()
    for name, text in texts.items():
        (place / name).write_text(f"#!/bin/sh\n{text}\n")
        (place / name).chmod(0o755)
    return f"SetEnv PATH={place}:/usr/bin:/bin"


async def found_by(made: Plan, fleet: Fleet) -> dict[tuple[str, str], Outcome]:
    async with kept(Connections(ssh_config=fleet.config)) as connections:
        return outcomes(await all_events(Run(made, connections)))


# A full /tmp, and noexec wherever anything could be written; the rest is read-only.

SEALED = """\
sealed='
for place in /tmp /var/tmp /dev/shm "$HOME"; do
mount -t tmpfs -o size=8k,nr_inodes=3,mode=1777 none "$place"
printf "#!/bin/sh\\n" >"$place/program"
chmod 755 "$place/program"
head -c 65536 /dev/zero >"$place/full" 2>/dev/null
mount -o remount,noexec "$place"
done
mount --rbind / /mnt
mount -o remount,bind,ro /mnt
exec chroot /mnt sh -c "$SSH_ORIGINAL_COMMAND"'
unshare -m true 2>/dev/null && exec unshare -m sh -c "$sealed"
exec unshare -m --propagation unchanged sh -c "$sealed"  # in a chroot whose root is no mount point
"""

SEAL = collector(
    "seal",
    """\
for place in /tmp /var/tmp /dev/shm "$HOME"; do
true 2>/dev/null >"$place/more" && kv writable "$place"
"$place/program" 2>/dev/null && kv executable "$place"
done
true 2>/dev/null >/etc/more && kv writable /
kv sealed "$(cat <<EOF
$1
EOF
)"
""",
    "tight",
)


@pytest.mark.needs("root")
async def test_a_host_without_writable_or_executable_folders_gives_the_same_verdicts(
    sshds: Servers, tmp_path: Path
) -> None:
    (tmp_path / "seal").write_text(SEALED)
    fleet = Fleet(tmp_path)
    fleet.add("well", sshds())
    fleet.add("sealed", sshds(f"ForceCommand exec sh {tmp_path}/seal"))
    made = production_plan(fleet.hosts)
    tight = check("seal", "sealed", Says(SEAL, expects="sealed=tight"))
    results = await found_by(dataclasses.replace(made, checks=(*made.checks, tight)), fleet)
    assert results["seal", "sealed"].evidence == "sealed=tight", "the fault is not what it should be"
    items = {item for item, target in results if target == "well"}
    assert len(items) > 20
    differ = {
        item
        for item in items
        if (results[item, "well"].verdict, results[item, "well"].cause)
        != (results[item, "sealed"].verdict, results[item, "sealed"].cause)
    }
    sshd = {item for item in differ if "sshd -T" in results[item, "sealed"].evidence}
    assert {results[item, "sealed"].verdict for item in sshd} <= {Verdict.UNKNOWN}
    assert differ - sshd <= {UPDATED}
    if UPDATED in differ:  # apt itself writes to /tmp
        updated = results[UPDATED, "sealed"]
        assert (updated.verdict, updated.cause) == (Verdict.UNKNOWN, Cause.ERROR)
        assert "rc=100 apt-get" in updated.evidence


# A disk that hangs.


@pytest.fixture
def hung_disk(tmp_path: Path) -> Iterator[Path]:
    """A FIFO that nobody writes to; who opens it waits until the disk comes back, which it does here."""
    fifo = tmp_path / "disk"
    os.mkfifo(fifo)
    yield fifo
    os.close(os.open(fifo, os.O_RDWR | os.O_NONBLOCK))


async def test_df_on_a_hung_disk_makes_one_item_unknown(
    sshds: Servers, tmp_path: Path, hung_disk: Path
) -> None:
    fleet = Fleet(tmp_path)
    fleet.add("web", sshds(programs(tmp_path, df=f"exec cat {hung_disk}")))
    results = await found_by(hurried(production_plan(fleet.hosts, [RESOURCES, TIMEZONE])), fleet)
    resources = results[RESOURCES, "web"]
    assert (resources.verdict, resources.cause) == (Verdict.UNKNOWN, Cause.TIMEOUT)
    assert "not finished after 1 s" in resources.evidence
    assert results[TIMEZONE, "web"].cause is None
    assert await left(str(hung_disk)) == []


async def test_a_process_that_cannot_be_killed_does_not_delay_the_others(
    sshds: Servers, tmp_path: Path, hung_disk: Path
) -> None:
    """In D state SIGKILL waits for the disk. Here the reader left the worker's group, where no kill comes."""
    fleet = Fleet(tmp_path)
    fleet.add("web", sshds("MaxSessions 1"))
    stuck = collector("stuck", f"echo begun; setsid cat {hung_disk}", timeout_s=1)
    checks = [check("stuck", "web", Says(stuck)), check("ok", "web", WELL)]
    results = await found_by(plan(checks, **fleet.hosts), fleet)
    assert results["stuck", "web"].cause is Cause.TIMEOUT
    assert results["ok", "web"].verdict is Verdict.PASS
    readers = marked(str(hung_disk))
    assert len(readers) == 1, "it was killed, so this shows nothing"
    os.close(os.open(hung_disk, os.O_RDWR))
    assert await gone(readers), "once the disk is back, it ends by itself"


# All processors busy.


@pytest.fixture
def busy() -> Iterator[None]:
    """Twice as many loops as processors, at the priority of everybody."""
    loop = ["sh", "-c", "while :; do :; done"]
    loops = [subprocess.Popen(loop) for _ in range(2 * (os.cpu_count() or 1))]
    yield
    assert all(one.poll() is None for one in loops), "the host was not busy to the end"
    for one in loops:
        one.kill()
        one.wait()


@pytest.mark.usefixtures("busy")
async def test_a_busy_host_gives_all_verdicts(sshds: Servers, tmp_path: Path) -> None:
    fleet = Fleet(tmp_path, connect_s=10)
    server = sshds()
    os.setpriority(os.PRIO_PROCESS, server.pid, 15)
    fleet.add("web", server)
    made = production_plan(fleet.hosts, [RESOURCES, TIMEZONE, "infrastructure.server.ssh-key-auth"])
    results = await found_by(made, fleet)
    assert {outcome.cause for outcome in results.values()} == {None}


# A clock a year off.

CLOCK = ProbeSpec.model_validate(
    {"kind": "time", "where": ["all"], "info": {"skew_s": {"exists": True}}, "show": "{clock_note}"}
)
INDEX = ProbeSpec.model_validate({"kind": "host", "where": ["all"], "pass": {"index_fresh": {"eq": True}}})


@pytest.mark.parametrize("off", ["+1 year", "-1 year"])
async def test_a_clock_a_year_off_is_reported_and_not_used_for_our_times(
    sshds: Servers, tmp_path: Path, off: str
) -> None:
    fleet = Fleet(tmp_path)
    path = programs(tmp_path, date=f"exec /bin/date -d '{off}' \"$@\"", **{"apt-get": "exit 0"})
    fleet.add("web", sshds(path))
    said = {name: registry.build(spec, {}) for name, spec in (("clock", CLOCK), ("index", INDEX))}
    checks = [Check(name, "web", probe, probe.asks()) for name, probe in said.items()]
    hangs = collector("hang", "sleep 100", timeout_s=1)
    checks += [check("hang", "web", Says(hangs)), check("ok", "web", WELL)]
    begun = datetime.now(UTC).replace(microsecond=0)
    results = await found_by(plan(checks, **fleet.hosts), fleet)
    assert all(begun <= outcome.asked_at <= datetime.now(UTC) for outcome in results.values())
    skew = float(results["clock", "web"].facts["skew_s"])
    assert (skew > 300 * 86400) if off.startswith("+") else (skew < -300 * 86400)
    assert results["index", "web"].verdict is Verdict.UNKNOWN, "an age by a wrong clock is no age"
    assert results["hang", "web"].cause is Cause.TIMEOUT, "deadlines are the client's"
    assert results["ok", "web"].verdict is Verdict.PASS
