"""A whole run of the checklist leaves on a host what its login leaves, and nothing else."""

from __future__ import annotations

import re
import subprocess
import time

import pytest

from tests.lab import build, traces
from tests.lab.host import ADDRESS, Host, booted
from tests.lab.marks import on_a_real_host
from tests.lab.program import Operator, operator
from tests.lab.replay import READY, prepare

IDLE_SECONDS = 20
ROOT_LOGIN = """
sed -i 's/PermitRootLogin no/PermitRootLogin prohibit-password/' /etc/ssh/sshd_config.d/10-hardening.conf
install -d -m 700 /root/.ssh; cp /home/deploy/.ssh/authorized_keys /root/.ssh/; loginctl enable-linger root
systemctl reload ssh
"""
# What is known to be left behind. These may only shrink.
KNOWN_FILES: dict[str, str] = {
    "root": r"nothing",
    # PostgreSQL logs that it refuses the login user, who has no role of that name.
    "deploy": r"file /var/log/postgresql/.*\.log",
    "plain": r"file /var/log/postgresql/.*\.log",
}
KNOWN_PROGRAMS: dict[str, set[str]] = {"root": set(), "deploy": {"sudo"}, "plain": set()}
# A stand-in for rustup's proxies, which write their settings where they find none.
RUSTUP = r"""
for home in /root /home/deploy /home/plain; do
  owner=$(stat -c %U $home)
  install -d -o $owner $home/.cargo $home/.cargo/bin
  for tool in rustc cargo; do
    cat > $home/.cargo/bin/$tool <<TOOL
#!/bin/sh
home=\${RUSTUP_HOME:-\$HOME/.rustup}
[ -e "\$home/settings.toml" ] || { mkdir -p "\$home" && echo version > "\$home/settings.toml"; } || exit 1
echo $tool 1.80.0
TOOL
    chmod 755 $home/.cargo/bin/$tool
  done
done
"""


def login(host: Host, who: Operator, account: str) -> None:
    """Log in once and leave, with OpenSSH."""
    command = host.operator(
        ("ssh", "-o", "BatchMode=yes", "-i", str(who.home / ".ssh/id_ed25519"),
         "-o", f"UserKnownHostsFile={who.home}/.ssh/known_hosts", f"{account}@{ADDRESS}", "true")
    )  # fmt: skip
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def left_behind(account: str, sets: tuple[str, ...] = ()) -> tuple[set[str], dict[str, int]]:
    """What one run leaves: changed files, units, locks and processes, and journal lines by program."""
    inputs = build.inputs().built()
    with booted(build.ready("bookworm").built()) as host, operator(host, inputs) as who:
        prepare(host, READY)
        made = host.root(RUSTUP + (ROOT_LOGIN if account == "root" else ""))
        assert made.status == 0, made.output
        who.new("lab", account, sets)
        login(host, who, account)
        before = traces.take(host)
        login(host, who, account)
        time.sleep(IDLE_SECONDS)  # not a guess: the window in which the host's own changes are seen
        idle = traces.take(host)
        answers = who.probe("lab")
        looked = sum(answer.verdict in ("pass", "fail") for answer in answers.values())
        assert looked > 10, answers
        after = traces.take(host)
        files = traces.beyond(traces.changes(idle, after), traces.changes(before, idle))
        return files, dict(traces.beyond_journal(traces.journal(host, idle)))


class TestTraces:
    pytestmark = on_a_real_host

    @pytest.mark.parametrize("account", ["root", "deploy", "plain"])
    def test_a_run_leaves_what_its_login_leaves(self, account: str) -> None:
        files, journal = left_behind(account)
        unknown = {name for name in files if not re.fullmatch(KNOWN_FILES[account], name)}
        assert unknown == set(), "\n".join(sorted(unknown))
        assert journal.keys() <= KNOWN_PROGRAMS[account], journal
