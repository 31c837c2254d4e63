"""What a run of the checklist leaves behind on a host: files, journal lines, units, locks, processes."""

from __future__ import annotations

import json
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
