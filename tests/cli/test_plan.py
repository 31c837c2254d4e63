"""`readiness plan`: everything that would be asked, without a connection."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Readiness


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield server


@pytest.fixture
def demo(readiness: Readiness, listener: socket.socket) -> str:
    port = listener.getsockname()[1]
    readiness("new", "demo", "--host", f"web=ana@127.0.0.1:{port},app,proxy", "--host", "me=local,db")
    return "demo"


def test_the_plan_tells_every_ask_and_what_cannot_be_looked_at(
    readiness: Readiness, demo: str, listener: socket.socket
) -> None:
    done = readiness("plan", demo, "--json")
    output = json.loads(done.out)
    assert (done.status, done.err) == (0, "")
    targets = {target["target"]: target for target in output["targets"]}
    assert {"web", "me"} <= set(targets)
    assert targets["web"]["roles"] == ["app", "proxy"]
    for target in targets.values():
        digests = [ask["digest"] for ask in target["asks"]]
        assert len(digests) == len(set(digests))  # asked once, however many items need it
        for ask in target["asks"]:
            assert ask["items"]
            assert (ask["script"] is not None) == (ask["kind"] == "collector")
    privileges = {ask["priv"] for target in targets.values() for ask in target["asks"]}
    assert "none" in privileges
    assert len(privileges) > 1
    why = {(one["item"], one["target"]): one["why"] for one in output["not_configured"]}
    assert why["infrastructure.dependencies.redis", "role:cache"] == "no host has the role cache"
    assert any("is not set" in words for words in why.values())
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_people_see_targets_commands_and_privileges(readiness: Readiness, demo: str) -> None:
    done = readiness("plan", demo, "--only", "infrastructure.server")
    lines = done.out.splitlines()
    assert any(line.startswith("web: ana@127.0.0.1:") and line.endswith("(app, proxy)") for line in lines)
    assert "me: local (db)" in lines
    assert "PRIVILEGE" in done.out
    assert "no connection was made" in done.err


def test_the_plan_can_be_narrowed(readiness: Readiness, demo: str) -> None:
    output = json.loads(
        readiness("plan", demo, "--only", "infrastructure.server.ntp", "--host", "me", "--json").out
    )
    assert [target["target"] for target in output["targets"]] == ["me"]
    items = {item for target in output["targets"] for ask in target["asks"] for item in ask["items"]}
    assert items == {"infrastructure.server.ntp"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--host", "wbe"], "no host 'wbe' in launch demo"),
        (["--only", "nothing.*"], "no item with a probe matches nothing.*"),
    ],
)
def test_a_host_or_glob_that_fits_nothing_is_refused(
    words: list[str], said: str, readiness: Readiness, demo: str
) -> None:
    done = readiness("plan", demo, *words)
    assert done.status == 2
    assert said in done.err
