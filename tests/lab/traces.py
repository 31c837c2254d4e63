"""What a run of the checklist leaves behind on a host: files, journal lines, units, locks, processes."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass

from tests.lab.host import Host, LabError

SNAPSHOT = r"""
for root in / /run /dev/shm; do
  find "$root" -xdev \( -path /proc -o -path /sys \) -prune -o -printf 'file\t%p\t%y %m %u %g %s %T@ %C@\n'
done
systemctl list-units --all --plain --no-legend --no-pager | awk '{ print "unit\t" $1 "\t" $2 " " $3 " " $4 }'
awk '{ print "lock\t" $2 " " $3 " " $4 " " $6 "\t" $7 "-" $8 }' /proc/locks
ps -eo args= | sort | uniq -c | awk '{ n = $1; $1 = ""; print "process\t" $0 "\t" n }'
"""


@dataclass(frozen=True)
class Snapshot:
    """Everything seen, by sort and name; and the journal's place."""

    seen: dict[tuple[str, str], str]
    cursor: str


def take(host: Host) -> Snapshot:
    """Look at the host from outside any login. Raises LabError."""
    cursor = host.root("journalctl --sync; journalctl -q -n 1 -o json --no-pager --output-fields=MESSAGE")
    done = host.root(SNAPSHOT)
    if cursor.status:
        raise LabError(f"no journal: {cursor.output}")
    rows = [line.split("\t") for line in done.output.splitlines() if line.count("\t") == 2]
    return Snapshot(
        {(sort, name): value for sort, name, value in rows}, json.loads(cursor.output)["__CURSOR"]
    )


def changes(before: Snapshot, after: Snapshot) -> set[tuple[str, str]]:
    """What came, went or differs: (sort, name)."""
    return {
        key for key in before.seen.keys() | after.seen.keys() if before.seen.get(key) != after.seen.get(key)
    }


def journal(host: Host, since: Snapshot) -> Counter[tuple[str, str]]:
    """Lines of the journal since the snapshot, counted by (program, message)."""
    done = host.root(f"journalctl --sync; journalctl -q -o json --no-pager --after-cursor={since.cursor!r}")
    lines = [json.loads(line) for line in done.output.splitlines() if line.startswith("{")]
    return Counter(
        (str(line.get("SYSLOG_IDENTIFIER") or line.get("_COMM")), str(line.get("MESSAGE"))) for line in lines
    )


# What a login, or a daemon of the host at its own work, changes: never what a probe did.
LOGIN = (
    r"file /run(/motd\.dynamic|/(user|sudo)(/.*)?|/systemd/(sessions|users|transient|units|journal)(/.*)?)?$",
    r"file /run/systemd/(propagate|generator.*|inaccessible.*)?$",
    r"file /var/log/(wtmp|lastlog|auth\.log|syslog|daemon\.log|user\.log|messages|journal(/.*)?)$",
    r"file /var/lib/(prometheus|fail2ban|chrony|redis|systemd/timers)(/.*)?$",
    r"file /var/lib/postgresql/\d+/main/(pg_(stat|wal|xact|subtrans|multixact|logical).*|global|base)(/.*)?$",
    r"file /var/log/nginx(/.*)?$",  # the requests that the network checks make
    r"unit (session-\d+\.scope|user@\d+\.service|user-\d+\.slice)$",
    r"unit (user-runtime-dir@\d+\.service|run-user-\d+\.mount)$",
    r"process  (\[.*\]|postgres: .*|nginx: .*|sshd: .*|.*systemd --user|\(sd-pam\))$",
    r"process  (ps -eo args=|sort|uniq -c|awk .*|/bin/bash -c .*|find /.*)$",  # the snapshot's own
)
LOGIN_JOURNAL = (
    r"(sshd|systemd-logind): ",
    r"systemd: .*(session-|Session |user-|user@|run-user|User Manager|User Slice|User Runtime Directory)",
    r"systemd: Queued start job for default target",
    r"\(systemd\): pam_unix\(systemd-user:session\)",
    r"payments: INFO GET /",  # the scrapes of the host's own Prometheus, and the network checks
    r"systemd-journald: ",
)


def beyond(found: set[tuple[str, str]], control: set[tuple[str, str]]) -> set[str]:
    """The changes that neither a login nor the host's own daemons account for."""
    names = {f"{sort} {name}" for sort, name in found - control}
    return {name for name in names if not any(re.search(pattern, name) for pattern in LOGIN)}


def beyond_journal(lines: Counter[tuple[str, str]]) -> Counter[str]:
    """How many lines each program wrote that a login does not account for."""
    counted: Counter[str] = Counter()
    for (program, message), times in lines.items():
        if not any(re.search(pattern, f"{program}: {message}") for pattern in LOGIN_JOURNAL):
            counted[program] += times
    return counted
