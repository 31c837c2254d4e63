"""The collectors of access logs on logs as nginx and Apache write them, in every shell."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from readiness_tui.probes.facts import ParsedReply
from tests.probes.shells import NOBODY, SHELLS, run

NOW = time.time()


def stamp(age_s: float) -> str:
    return time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.localtime(NOW - age_s))


def combined(
    status: int, took: str = "", path: str = "/v1/x", age_s: float = 5, agent: str = "curl/8"
) -> str:
    more = f" rt={took}" if took else ""
    return f'203.0.113.9 - - [{stamp(age_s)}] "GET {path}?key=rtui HTTP/1.1" {status} 12 "-" "{agent}"{more}'


def as_json(status: int, took: str) -> str:
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(NOW - 5))
    return (
        f'{{"time":"{moment}Z","request":"GET /v1/x HTTP/1.1","status":"{status}","request_time":"{took}"}}'
    )


def figures(shell: str, log: Path, *more: str) -> ParsedReply:
    words = more or ("3600", "rt=", "")
    return ParsedReply(run("accesslog.stats", str(log), *words, shell=SHELLS[shell]).reply())


def written(path: Path, lines: Iterable[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


@pytest.mark.parametrize("shell", SHELLS)
def test_requests_errors_and_times_are_counted(shell: str, tmp_path: Path) -> None:
    times = [combined(200, f"0.{number:03}") for number in range(1, 101)]
    log = written(
        tmp_path / "log", [*times, combined(502, "1.500"), combined(499), combined(200, "0.1", age_s=9000)]
    )
    values = figures(shell, log)
    expected = {"requests": 102, "s4xx": 1, "s5xx": 1, "unparsed": 0, "timed": 101}
    assert {name: values.number(name) for name in expected} == expected
    assert (values.number("p50_ms"), values.number("p95_ms"), values.number("p99_ms")) == (51, 96, 100)


@pytest.mark.parametrize("shell", SHELLS)
def test_lines_in_json_and_rotated_ones_count_and_own_requests_do_not(shell: str, tmp_path: Path) -> None:
    log = written(
        tmp_path / "log",
        [as_json(200, "0.020"), as_json(503, "0.040"), combined(200, "9.0", agent="readiness-tui")],
    )
    written(
        tmp_path / "log.1",
        [combined(500, "0.010"), "no access line at all", combined(200, "0.5", path="/health")],
    )
    values = figures(shell, log, "3600", "rt=", "^(/health)$")
    expected = {"requests": 3, "s5xx": 2, "unparsed": 1, "timed": 3}
    assert {name: values.number(name) for name in expected} == expected


@pytest.mark.parametrize("shell", SHELLS)
def test_a_time_without_decimals_has_no_unit_and_does_not_count(shell: str, tmp_path: Path) -> None:
    values = figures(shell, written(tmp_path / "log", [combined(200, "1234")]))
    assert (values.number("timed"), values.number("unit")) == (0, 1)


def test_a_log_that_is_not_there_and_one_that_may_not_be_read(tmp_path: Path) -> None:
    absent = figures("dash", tmp_path / "nosuch")
    assert absent.refused("log") == (f"absent {tmp_path / 'nosuch'}",)
    log = written(tmp_path / "log", [combined(200)])
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    log.chmod(0o600)
    words = (str(log), "3600", "rt=", "")
    ran = run("accesslog.stats", *words, user=NOBODY, environment={"RTUI_NOROOT": "1"})
    assert ParsedReply(ran.reply()).refused("log") == (f"denied {log}",)
