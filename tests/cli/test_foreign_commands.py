"""Commands in files from elsewhere (an address, a checklist) run only after the operator allowed them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from readiness_tui.probes.kinds.command import CommandParams
from tests.cli.conftest import Readiness


def test_an_exec_address_of_a_session_from_elsewhere_does_not_run(program: Readiness, home: Path) -> None:
    program("new", "demo", "--host", "web=local,app")
    (file,) = (home / "kept" / "demo").glob("2*.toml")
    ran = home / "ran"
    foreign = f"exec:sh -c 'touch {ran}; exec sh'"
    file.write_text(file.read_text().replace('address = "local"', f'address = "{foreign}"'))
    done = program("probe", "demo")
    assert done.status == 2
    assert "is not allowed to run on this machine" in done.err
    assert foreign in done.err
    assert not ran.exists()
    program("host", "demo", "allow", "web")
    program("probe", "demo", "--only", "*.ntp*")
    assert ran.exists()


def test_an_address_that_was_typed_here_runs(program: Readiness) -> None:
    program("new", "demo", "--host", "web=exec:sh,app")
    assert program("probe", "demo", "--only", "*.ntp*").status != 2


@pytest.mark.parametrize(
    "line",
    ["reboot", "rm -rf /srv", "sh /tmp/x --version", "cargo --version; id", "cargo --version x", "../x -V"],
)
def test_a_command_probe_only_asks_for_versions(line: str) -> None:
    with pytest.raises(ValidationError):
        CommandParams(run=(line,))


@pytest.mark.parametrize("line", ["cargo --version", "go version", "nginx -v", "java -version"])
def test_the_shapes_that_ask_for_a_version_are_accepted(line: str) -> None:
    assert CommandParams(run=(line,)).run == (line,)
