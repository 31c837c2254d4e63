"""`python -m tests.lab.shell`: a fresh host and a root shell in it; the host goes when the shell ends."""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from pathlib import Path

from tests.lab.host import ADDRESS, booted
from tests.lab.program import operator
from tests.lab.replay import READY, prepare


def main() -> int:
    words = argparse.ArgumentParser(prog="tests.lab.shell", description=__doc__)
    words.add_argument("command", nargs="?", help="run this as root on the host instead of a shell")
    words.add_argument("--as", dest="account", default="deploy", help="whom the launch `lab` logs in as")
    words.add_argument("--tree", type=Path, required=True)
    words.add_argument("--inputs", type=Path, required=True)
    chosen = words.parse_args()
    with booted(chosen.tree) as host, operator(host, chosen.inputs) as who:
        prepare(host, READY)
        who.new("lab", chosen.account)
        wrapper = who.home / "readiness"
        settings = " ".join(shlex.quote(f"{key}={value}") for key, value in who.environment.items())
        command = shlex.join(
            host.operator(("env", *shlex.split(settings), sys.executable, "-m", "readiness_tui"))
        )
        wrapper.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        wrapper.chmod(0o755)
        inside = ("nsenter", "--all", "--target", str(host.init), "--", "/bin/bash")
        print(f"root inside:       {shlex.join(inside)}", file=sys.stderr)
        print(f"the program:       {wrapper} probe lab --only '*.timezone'", file=sys.stderr)
        ssh = shlex.join(host.operator(("ssh", "-i", str(who.home / ".ssh/id_ed25519"))))
        print(f"over ssh:          {ssh} {chosen.account}@{ADDRESS}", file=sys.stderr)
        print("helpers inside:    . /root/lib.sh", file=sys.stderr, flush=True)
        if chosen.command:
            done = host.root(f". /root/lib.sh\n{chosen.command}")
            print(done.output, end="")
            return done.status
        return subprocess.run(
            (*inside, "--rcfile", "/root/lib.sh", "-i"), env=os.environ, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
