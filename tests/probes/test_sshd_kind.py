"""Kind `sshd`: which connections are asked, who is admitted, and a real sshd in namespaces of its own."""

from __future__ import annotations

import ipaddress
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness_tui.probes.kinds.sshd.admission import Settings, admitted, blocks_root
from readiness_tui.probes.kinds.sshd.combinations import (
    Account,
    Connection,
    Situation,
    account_signature,
    combinations,
    source_signature,
)
from readiness_tui.probes.kinds.sshd.patterns import (
    Criterion,
    match_address_list,
    match_criteria,
    match_groups,
    match_list,
)
from tests.probes.shells import run
from tests.sshd import keygen

ROOT = Account("root", 0, ("root",))


def from_(address: str, account: Account = ROOT) -> Connection:
    return Connection(account, address, address, "192.0.2.1", 22)


@pytest.mark.parametrize(
    ("patterns", "text", "matches"),
    [
        ("root", "root", True),
        ("ROOT", "root", False),
        ("ro?t", "root", True),
        ("!deploy", "root", False),
        ("*,!deploy", "root", True),
        ("*,!root", "root", False),
        ("[r]oot", "root", False),
    ],
)
def test_pattern_lists_match_as_openssh_matches_them(patterns: str, text: str, matches: bool) -> None:
    assert match_list(text, patterns) is matches


@pytest.mark.parametrize(
    ("patterns", "address", "matches"),
    [
        ("10.0.0.0/8", "10.2.3.4", True),
        ("10.0.0.0/8", "::ffff:10.2.3.4", False),
        ("10.204.*", "10.204.1.1", True),
        ("*,!10.9.0.0/16", "10.9.1.1", False),
        ("2001:db8::/32", "2001:db8::1", True),
        ("!10.0.0.0/8", "192.0.2.1", False),
    ],
)
def test_address_lists_match_as_openssh_matches_them(patterns: str, address: str, matches: bool) -> None:
    assert match_address_list(address, patterns) is matches


def test_a_group_list_matches_any_group_and_a_negated_one_refuses() -> None:
    assert match_groups(("users", "sudo"), "sudo,adm")
    assert not match_groups(("users", "sudo"), "sudo,!users")


@pytest.mark.parametrize("line", ["Match exec /bin/x", "Match user", 'Match User "a', "Match final all"])
def test_a_match_line_that_cannot_be_asked_about_is_not_guessed(line: str) -> None:
    assert match_criteria(line) is None


def test_the_criteria_of_a_match_line() -> None:
    wanted = (Criterion("user", "root"), Criterion("address", "10.0.0.0/8,192.168.*"))
    assert match_criteria("Match User root Address 10.0.0.0/8,192.168.*") == wanted
    assert match_criteria("match all") == ()
    assert match_criteria("Match user=root") == (Criterion("user", "root"),)


NETWORKS = (
    "10.0.0.0/8",
    "10.9.0.0/16",
    "192.168.*",
    "!10.9.1.0/24,10.0.0.0/8",
    "2001:db8::/32",
    "*",
    "203.0.113.?",
)
USERS = ("root", "deploy", "*", "d*,!deploy", "!root", "ro?t")
CRITERIA = st.one_of(
    st.builds(Criterion, st.just("address"), st.sampled_from(NETWORKS)),
    st.builds(Criterion, st.just("user"), st.sampled_from(USERS)),
    st.builds(Criterion, st.just("localport"), st.sampled_from(["22", "2222"])),
)
ACCOUNTS = (ROOT, Account("deploy", 1000, ("deploy", "sudo")), Account("daemon", 1, ("daemon",)))
ADDRESSES = st.one_of(
    st.integers(0, 2**32 - 1).map(lambda number: str(ipaddress.IPv4Address(number))),
    st.integers(10 * 2**24, 10 * 2**24 + 2**20).map(lambda number: str(ipaddress.IPv4Address(number))),
    st.integers(0, 2**64).map(lambda number: str(ipaddress.IPv6Address(0x20010DB8 << 96 | number))),
)


@given(st.lists(CRITERIA, max_size=5), ADDRESSES, st.sampled_from(ACCOUNTS), st.sampled_from([22, 2222]))
def test_every_connection_is_represented_by_one_that_is_asked(
    criteria: list[Criterion], address: str, account: Account, port: int
) -> None:
    """Which criteria hold decides sshd's answer, so each set of them that can hold must be asked about."""
    situation = Situation(tuple(criteria), ACCOUNTS, ("192.0.2.1",), (22, 2222))
    lists = {
        word: [each.patterns for each in criteria if each.keyword == word]
        for word in ("address", "user", "localport")
    }

    def signature(connection: Connection) -> tuple[object, ...]:
        return (
            source_signature(connection.address, connection.host, lists["address"], []),
            account_signature(connection.account, lists["user"], []),
            tuple(match_list(str(connection.local_port), each) for each in lists["localport"]),
        )

    asked = {signature(connection) for connection in combinations(situation)}
    assert signature(Connection(account, address, address, "192.0.2.1", port)) in asked


def test_the_gap_between_networks_is_represented() -> None:
    """First, last and middle address of 10.0.0.0/8 all lie in a smaller network; 10.64.0.0 does not."""
    lists = ["10.0.0.0/8", "10.0.0.0/10", "10.192.0.0/10", "10.112.0.0/12"]
    criteria = tuple(Criterion("address", patterns) for patterns in lists)
    asked = combinations(Situation(criteria, (ROOT,), ("192.0.2.1",), (22,)))
    signatures = {source_signature(each.address, each.host, lists, []) for each in asked}
    assert (True, False, False, False) in signatures


MEASURED = [  # real logins as root from 10.204.1.1 with a good key (29 configurations on three releases)
    ({"allowusers": ("root@10.204.0.0/16",)}, True),
    ({"allowusers": ("root@10.204.*",)}, True),
    ({"allowusers": ("ro?t",)}, True),
    ({"allowusers": ("deploy root",)}, True),
    ({"allowusers": ("*", "!root")}, True),
    ({"allowgroups": ("*", "!root")}, True),
    ({"denyusers": ("root@10.9.9.9",)}, True),
    ({"allowusers": ("deploy",)}, False),
    ({"allowusers": ("!deploy",)}, False),
    ({"allowusers": ("ROOT",)}, False),
    ({"allowusers": ("root@10.9.0.0/16",)}, False),
    ({"allowusers": ("*@somehost",)}, False),
    ({"allowusers": ("root",), "denyusers": ("root",)}, False),
    ({"allowusers": ("root",), "allowgroups": ("sudo",)}, False),
    ({"denyusers": ("root@10.204.*",)}, False),
    ({"denygroups": ("root",)}, False),
]


@pytest.mark.parametrize(("values", "lets_in"), MEASURED)
def test_root_is_admitted_as_real_logins_were(values: dict[str, tuple[str, ...]], lets_in: bool) -> None:
    assert admitted(from_("10.204.1.1"), Settings(values), names=False) is lets_in


@pytest.mark.parametrize(
    ("values", "blocked"),
    [
        ({"permitrootlogin": ("no",)}, True),
        (
            {
                "permitrootlogin": ("yes",),
                "pubkeyauthentication": ("yes",),
                "authorizedkeysfile": (".ssh/k",),
            },
            False,
        ),
        ({"permitrootlogin": ("prohibit-password",), "passwordauthentication": ("yes",)}, True),
        ({"permitrootlogin": ("yes",), "passwordauthentication": ("yes",)}, False),
        ({"permitrootlogin": ("yes",), "gssapiauthentication": ("yes",)}, False),
        ({"permitrootlogin": ("yes",), "authenticationmethods": ("password",)}, False),
    ],
)
def test_root_is_blocked_only_when_nothing_is_left(values: dict[str, tuple[str, ...]], blocked: bool) -> None:
    assert blocks_root(Settings(values)) is blocked


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """A folder with a host key and a configuration that a plain user can read."""
    tmp_path.chmod(0o755)
    for parent in tmp_path.parents[:3]:
        parent.chmod(0o755)
    keygen(tmp_path / "key")
    return tmp_path


def collected(host: Path, *options: str, config: str, after: str = ":") -> list[str]:
    """What sshd.daemons prints of one sshd that runs in process and network namespaces of its own."""
    file = host / "sshd_config"
    file.write_text(f"Port 2299\nHostKey {host}/key\nPidFile {host}/pid\n{config}")
    file.chmod(0o644)
    text = run("sshd.daemons").ask.script
    prelude = (Path(__file__).parents[2] / "readiness_tui/collectors/prelude.sh").read_text()
    (host / "collect").write_text(f"{prelude}\nmain() {{\n{text}\n}}\nmain\n")
    words = " ".join(f"'{option}'" for option in options)
    script = f"""
        mount -t proc proc /proc; ip link set lo up 2>/dev/null; mkdir -p /run/sshd
        /usr/sbin/sshd -f {file} {words} || exit 3
        while [ ! -s {host}/pid ]; do :; done
        {after}
        sh {host}/collect </dev/null; kill $(cat {host}/pid)
    """
    command = ["unshare", "--mount", "--net", "--pid", "--fork", "sh", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.splitlines()


@pytest.mark.needs("sshd", "root")
def test_a_daemon_is_found_with_its_options_and_its_match_lines(host: Path) -> None:
    config = "PermitRootLogin no\nMatch Address 10.0.0.0/8\n PermitRootLogin yes\n"
    lines = collected(host, "-o", "DenyUsers guest other", config=config)
    (daemon,) = [line for line in lines if line.startswith("daemon=")]
    name = daemon.removeprefix("daemon=").partition("|")[0]
    assert f"word={name}|DenyUsers guest other" in lines
    assert f"match={name}|Match Address 10.0.0.0/8" in lines
    assert f"eff={name}|port|2299" in lines
    assert f"set={name}|{host}/sshd_config|PermitRootLogin" in lines
    assert any(line.startswith(f"loaded={name}|pidfile|") for line in lines)
    assert any(line.startswith(f"conf={name}|file|{host}/sshd_config|") for line in lines)
    assert "listen=00000000:08FB" in lines


@pytest.mark.needs("sshd", "root")
def test_a_configuration_that_no_longer_parses_is_reported(host: Path) -> None:
    lines = collected(host, config="", after=f"echo Nonsense yes >> {host}/sshd_config")
    assert any(line.startswith("!daemon=") and "rc=255" in line for line in lines)
