"""testinfra, as a test file would use it: one `host.run` for each check."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import testinfra

job = json.loads(Path(sys.argv[1]).read_text())
backend = sys.argv[2]
options = {"ssh_config": job["ssh_config"]}
if backend == "controlpath":
    options["controlpath"] = job["folder"] + "/control"
scheme = "paramiko" if backend == "paramiko" else "ssh"
host = testinfra.get_host(f"{scheme}://{job['alias']}", **options)
for name, text in job["checks"]:
    print("@@check", name, host.run(text).rc)
