"""parallel-ssh: one command after the other on one client, as its documentation begins."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pssh.clients import ParallelSSHClient

job = json.loads(Path(sys.argv[1]).read_text())
client = ParallelSSHClient([job["host"]], user=job["user"], port=job["port"], pkey=job["identity"])
for name, text in job["checks"]:
    for host in client.run_command(text):
        print("@@check", name, len(list(host.stdout)), "lines", host.exit_code)
