"""Collectors run for real: prelude and text through a shell's standard input, as a worker does."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from readiness_tui.model.probe import CollectorAsk, Reply
from readiness_tui.probes.collect import collect
from tests.probes.recorded import ASKED_AT

SHELLS = {
    "dash": ("dash", "-s", "--"),
    "busybox": ("busybox", "sh", "-s", "--"),
    "bash --posix": ("bash", "--posix", "-s", "--"),
}
NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of it."""

    ask: CollectorAsk
    exit: int
    stdout: str
    stderr: str

    def reply(self) -> Reply:
        return Reply(
            host="here",
            ask=self.ask,
            asked_at=ASKED_AT,
            stdout=self.stdout,
            stderr=self.stderr,
            exit=self.exit,
        )


def run(
    names: str,
    *args: str,
    shell: Sequence[str] = SHELLS["dash"],
    user: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Ran:
    """Run collectors joined by `+` with arguments; as another user id when one is given."""
    prelude = files("readiness_tui.collectors").joinpath("prelude.sh").read_text()
    ask = collect(names, *args)
    script = f'{prelude}\nmain() {{\n{ask.script}\n}}\n( main "$@" </dev/null )\n'
    done = subprocess.run(
        [*shell, *args],
        input=script,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd="/",
        user=user,
        group=user,
        extra_groups=[] if user is not None else None,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **(environment or {})},
    )
    return Ran(ask, done.returncode, done.stdout, done.stderr)
