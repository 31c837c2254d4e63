"""Collectors against real servers: PostgreSQL, Redis and nginx, each on a free loopback port."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes import logins
from readiness_tui.probes.facts import ParsedReply
from tests.probes.conftest import Cluster, free_port
from tests.probes.shells import SHELLS, run

Told_ = Mapping[str, Fact | Missing]


def database(path: Path, url: str, shell: str = "dash") -> Told_:
    path.write_text(f"DATABASE_URL={url}\n")
    told = ParsedReply(run("env.url+env.dblogin", str(path), "DATABASE_URL", shell=SHELLS[shell]).reply())
    parts = logins.url(told)
    return parts | logins.postgres_login(told, parts)


def cache(path: Path, url: str, shell: str = "dash") -> Told_:
    path.write_text(f"REDIS_URL={url}\n")
    told = ParsedReply(run("env.url+env.redislogin", str(path), "REDIS_URL", shell=SHELLS[shell]).reply())
    parts = logins.url(told)
    return parts | logins.redis_login(told, parts)


@pytest.mark.needs("postgresql", "busybox", "bash")
@pytest.mark.parametrize("shell", SHELLS)
def test_a_login_to_postgresql(shell: str, postgres: Cluster, tmp_path: Path) -> None:
    facts = database(tmp_path / "env", f"postgres://app:right@127.0.0.1:{postgres.port}/app", shell)
    told = [
        facts[name] for name in ("login", "login_db", "login_user", "login_as_told", "in_recovery", "tables")
    ]
    assert told == ["ok", "app", "app", True, "f", 0]


@pytest.mark.needs("postgresql")
def test_a_login_with_the_wrong_password(postgres: Cluster, tmp_path: Path) -> None:
    facts = database(tmp_path / "env", f"postgres://app:wrong@127.0.0.1:{postgres.port}/app")
    assert facts["login"] == "failed"
    assert facts["login_error"] == 'password authentication failed for user "app"'


@pytest.mark.needs("postgresql")
def test_a_login_without_a_password_proves_nothing(postgres: Cluster, tmp_path: Path) -> None:
    facts = database(tmp_path / "env", f"postgres://app@127.0.0.1:{postgres.port}/app")
    login = facts["login"]
    assert isinstance(login, Missing)
    assert login.cause is Cause.AUTH


@pytest.mark.needs("postgresql")
def test_no_password_file_stands_in(postgres: Cluster, tmp_path: Path) -> None:
    """The operator's own ~/.pgpass must not log in for the application."""
    passes = tmp_path / ".pgpass"
    passes.write_text(f"127.0.0.1:{postgres.port}:*:app:right\n")
    passes.chmod(0o600)
    path = tmp_path / "env"
    path.write_text(f"DATABASE_URL=postgres://app@127.0.0.1:{postgres.port}/app\n")
    home = {"HOME": str(tmp_path), "PGPASSFILE": str(passes)}
    told = ParsedReply(run("env.url+env.dblogin", str(path), "DATABASE_URL", environment=home).reply())
    assert told.known("dblogin") == ()


@pytest.mark.needs("postgresql")
def test_a_login_to_nothing_fails(tmp_path: Path) -> None:
    facts = database(tmp_path / "env", f"postgres://app:right@127.0.0.1:{free_port()}/app")
    assert facts["login"] == "failed"


@pytest.mark.needs("postgresql")
def test_a_statement_is_read_only(postgres: Cluster) -> None:
    target = f"dbname=postgres host={postgres.sockets} port={postgres.port} user={postgres.superuser}"
    told = ParsedReply(run("pg", target, "show server_version_num").reply())
    assert str(told.text("sql"))[:2].isdecimal()
    told = ParsedReply(run("pg", target, "create table gone (x int)").reply())
    assert told.text("sql_error") == "ERROR:  cannot execute CREATE TABLE in a read-only transaction"
    told = ParsedReply(run("pg", target, "select 1 from nosuch").reply())
    assert told.text("sql_missing") == 'ERROR:  relation "nosuch" does not exist'


@pytest.mark.needs("redis", "busybox", "bash")
@pytest.mark.parametrize("shell", SHELLS)
def test_a_login_to_redis(shell: str, redis: Callable[..., int], tmp_path: Path) -> None:
    port = redis("--requirepass", "right")
    facts = cache(tmp_path / "env", f"redis://:right@127.0.0.1:{port}/2", shell)
    assert (facts["ping"], facts["auth"], facts["role"]) == ("PONG", "authenticated", "master")
    assert str(facts["redis_version"])[0].isdecimal()


@pytest.mark.needs("redis")
def test_a_refused_login_to_redis(redis: Callable[..., int], tmp_path: Path) -> None:
    port = redis("--requirepass", "right")
    assert cache(tmp_path / "env", f"redis://127.0.0.1:{port}")["ping"] == "NOAUTH"
    assert cache(tmp_path / "env", f"redis://:wrong@127.0.0.1:{port}")["ping"] in ("NOAUTH", "WRONGPASS")
    assert cache(tmp_path / "env", f"redis://:right@127.0.0.1:{free_port()}")["ping"] == "refused"


@pytest.mark.needs("redis")
def test_a_password_that_redis_does_not_ask_for(redis: Callable[..., int], tmp_path: Path) -> None:
    facts = cache(tmp_path / "env", f"redis://:spare@127.0.0.1:{redis()}")
    assert (facts["ping"], facts["unneeded_password"]) == ("PONG", True)


@pytest.mark.needs("redis")
def test_redis_without_a_url_is_asked_on_loopback(redis: Callable[..., int], tmp_path: Path) -> None:
    port = str(redis())
    names_ = "env.url+redis.default+env.redislogin"
    told = ParsedReply(run(names_, str(tmp_path / "none"), "REDIS_URL", port).reply())
    assert told.known("ping") == ("PONG",)
    assert ParsedReply(run("redis.server", port).reply()).number("listening") == 1
