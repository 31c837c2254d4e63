"""`readiness suggest`: nothing is adopted without a word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Readiness

SS = """\
#!/bin/sh
echo 'LISTEN 0 4096 127.0.0.1:9090 0.0.0.0:* users:(("prometheus",pid=1,fd=7))'
echo 'LISTEN 0 4096 127.0.0.1:9093 0.0.0.0:* users:(("alertmanager",pid=1,fd=7))'
"""


@pytest.fixture
def demo(readiness: Readiness, home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A launch on this machine, where Prometheus and Alertmanager seem to listen."""
    tools = home / "tools"
    tools.mkdir()
    for name, text in (("ss", SS), ("sudo", '#!/bin/sh\n[ "$1" = -n ] && shift\nexec "$@"\n')):
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    readiness("new", "demo", "--host", "here=local,app,monitor")
    return "demo"


def parameters(readiness: Readiness, name: str) -> object:
    document = json.loads(readiness("suggest", name, "--json").out)
    return {one["parameter"]: one["now"] for one in document["suggestions"]}


def test_what_was_seen_is_told_and_nothing_is_adopted(readiness: Readiness, demo: str) -> None:
    done = readiness("suggest", demo)
    assert done.status == 0
    assert "prometheus_url    http://127.0.0.1:9090  prometheus listens on port 9090 on here" in done.out
    assert parameters(readiness, demo) == {"prometheus_url": None, "alertmanager_url": None}


def test_one_parameter_is_adopted_by_name(readiness: Readiness, demo: str) -> None:
    done = readiness("suggest", demo, "--accept", "prometheus_url")
    assert (done.status, "prometheus_url = http://127.0.0.1:9090" in done.err) == (0, True)
    assert parameters(readiness, demo) == {"alertmanager_url": None}


def test_all_of_them_are_adopted_at_once(readiness: Readiness, demo: str) -> None:
    document = json.loads(readiness("suggest", demo, "--accept-all", "--json").out)
    assert [one["accepted"] for one in document["suggestions"]] == [True, True]
    assert "nothing new was seen" in readiness("suggest", demo).out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--accept", "prometheus_ur"), "nothing was seen for prometheus_ur (did you mean prometheus_url?)"),
        (("--host", "web"), "no host 'web'"),
    ],
)
def test_a_wrong_word_adopts_nothing(
    readiness: Readiness, demo: str, words: tuple[str, ...], message: str
) -> None:
    done = readiness("suggest", demo, *words)
    assert (done.status, message in done.err) == (2, True)
    assert parameters(readiness, demo) == {"prometheus_url": None, "alertmanager_url": None}
