"""A worker whose client disappears before it starts runs nothing, under any shell."""

from __future__ import annotations

import contextlib
import subprocess
from pathlib import Path

import pytest

from readiness_tui.transports.shell import script


@pytest.mark.parametrize("dies_of_a_closed_pipe", [True, False])
@pytest.mark.parametrize(
    "shell",
    [
        "/bin/sh -s",
        pytest.param("bash --posix -s", marks=pytest.mark.needs("bash")),
        pytest.param("busybox ash -s", marks=pytest.mark.needs("busybox")),
        pytest.param("mksh -s", marks=pytest.mark.needs("mksh")),
    ],
)
def test_a_worker_ends_if_its_hello_is_not_read(
    shell: str, tmp_path: Path, dies_of_a_closed_pipe: bool
) -> None:
    """The second way is that of a server that passes its own indifference to SIGPIPE on."""
    ran = tmp_path / "ran"
    worker = (
        script.opening(script.new_nonce(), budget_s=30, own_group=True),
        script.asking(1, f"echo ran >{ran}"),
        script.closing(),
    )
    process = subprocess.Popen(
        shell.split(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        restore_signals=dies_of_a_closed_pipe,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    process.stderr.close()
    with contextlib.suppress(BrokenPipeError):  # it has ended already
        process.stdin.write("".join(worker).encode())
        process.stdin.close()
    process.wait()
    assert not ran.exists()
