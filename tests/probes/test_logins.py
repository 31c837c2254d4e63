"""Collectors against real servers: PostgreSQL, Redis and nginx, each on a free loopback port."""

from __future__ import annotations

import os
import random
import string
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from readiness_tui.probes import logins
from readiness_tui.probes.facts import ParsedReply
from tests.probes.conftest import SESSION, Cluster, free_port, through
from tests.probes.shells import SHELLS, Ran, run


def database(path: Path, url: str, shell: str = "dash") -> logins.Login:
    path.write_text(f"DATABASE_URL='{url}'\n")
    ran = run("env.reader+env.url+env.dblogin", "", str(path), "DATABASE_URL", shell=SHELLS[shell])
    return logins.login(ParsedReply(ran.reply()), "", "any", "postgres")


def cache(path: Path, url: str, shell: str = "dash") -> logins.Login:
    return logins.login(ParsedReply(ask_redis(path, url, shell).reply()), "", "any", "redis")


def ask_redis(path: Path, url: str, shell: str = "dash") -> Ran:
    path.write_text(f"REDIS_URL='{url}'\n")
    return run("env.reader+env.url+env.redislogin", "", str(path), "REDIS_URL", shell=SHELLS[shell])


@pytest.mark.needs("postgresql", "busybox", "bash")
@pytest.mark.parametrize("shell", SHELLS)
def test_a_login_to_postgresql(shell: str, postgres: Cluster, tmp_path: Path) -> None:
    login = database(tmp_path / "env", f"postgres://app:right@127.0.0.1:{postgres.port}/app", shell)
    assert (login.problems, login.doubts) == ((), ())
    assert login.facts is not None
    assert login.facts["tables"] == 0


@pytest.mark.needs("postgresql")
@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("postgres://app:wrong@127.0.0.1:{port}/app", "does not log in: the server refuses the password"),
        ("postgres://app@127.0.0.1:{port}/app", "does not log in: the server asks for a password"),
        ("postgres://app:right@127.0.0.1:{port}/none", "does not log in: the database does not exist"),
        ("postgres://app:right@127.0.0.1:{free}/app", "does not log in: nothing listens at its address"),
        ("postgres://app:right@127.0.0.1:{port}/app?sslmode=require", "does not offer the TLS it asks for"),
        ("postgres://boss:spare@%2Ftmp%2Fpg-none/app", "its socket does not exist"),
    ],
)
def test_a_login_that_fails(url: str, problem: str, postgres: Cluster, tmp_path: Path) -> None:
    login = database(tmp_path / "env", url.format(port=postgres.port, free=free_port()))
    assert [line for line in login.problems if problem in line], login


@pytest.mark.needs("postgresql")
def test_a_password_that_postgresql_does_not_ask_for(postgres: Cluster, tmp_path: Path) -> None:
    socket = quote(str(postgres.sockets), safe="")
    login = database(tmp_path / "env", f"postgres://boss:spare@{socket}:{postgres.port}/app")
    assert login.problems == ("has a password, but the server lets this user in without one (trust)",)


@pytest.mark.needs("postgresql")
def test_the_second_of_two_hosts_answers(postgres: Cluster, tmp_path: Path) -> None:
    hosts = f"127.0.0.9:{postgres.port},127.0.0.1:{postgres.port}"
    login = database(tmp_path / "env", f"postgres://app:right@{hosts}/app?target_session_attrs=read-write")
    assert (login.problems, login.doubts) == ((), ())


@pytest.mark.needs("postgresql")
def test_no_password_file_stands_in(postgres: Cluster, tmp_path: Path) -> None:
    """The operator's own ~/.pgpass must not log in for the application."""
    passes = tmp_path / ".pgpass"
    passes.write_text(f"127.0.0.1:{postgres.port}:*:app:right\n")
    passes.chmod(0o600)
    path = tmp_path / "env"
    path.write_text(f"DATABASE_URL=postgres://app@127.0.0.1:{postgres.port}/app\n")
    home = {"HOME": str(tmp_path), "PGPASSFILE": str(passes)}
    completed = run("env.reader+env.url+env.dblogin", "", str(path), "DATABASE_URL", environment=home)
    assert ParsedReply(completed.reply()).known("dblogin") == ()


def odd_password(chance: random.Random) -> str:
    """A password of printable characters, with those that URLs, shells and clients treat specially."""
    letters = string.ascii_letters + string.punctuation * 3 + " " + "äß€"
    return "x" + "".join(chance.choice(letters) for _ in range(24))


@pytest.mark.needs("postgresql")
@pytest.mark.parametrize("seed", range(6))
def test_any_password_logs_in_to_postgresql(seed: int, postgres: Cluster, tmp_path: Path) -> None:
    password = odd_password(random.Random(seed))
    literal = password.replace("'", "''")
    where = ["-h", str(postgres.sockets), "-p", str(postgres.port), "-U", postgres.superuser, "-d", "app"]
    sql = "drop role if exists odd; create role odd login; set standard_conforming_strings=on; "
    sql += f"alter role odd password '{literal}'"
    subprocess.run(["psql", "-XAtq", *where, "-c", sql], check=True)
    login = database(
        tmp_path / "env", f"postgres://odd:{quote(password, safe='')}@127.0.0.1:{postgres.port}/app"
    )
    assert (login.problems, login.doubts) == ((), ())


@pytest.mark.needs("redis")
@pytest.mark.parametrize("seed", range(6))
def test_any_password_logs_in_to_redis(seed: int, redis: Callable[..., int], tmp_path: Path) -> None:
    password = odd_password(random.Random(seed))
    port = redis()
    quoted = "".join(f"\\x{byte:02x}" for byte in password.encode())
    subprocess.run(
        ["redis-cli", "-p", str(port)], input=f'CONFIG SET requirepass "{quoted}"\n', text=True, check=True
    )
    ran = ask_redis(tmp_path / "env", f"redis://:{quote(password, safe='')}@127.0.0.1:{port}/0")
    login = logins.login(ParsedReply(ran.reply()), "", "any", "redis")
    assert (login.problems, login.doubts) == ((), ()), ran.stdout


@pytest.mark.needs("postgresql")
def test_a_statement_is_read_only(postgres: Cluster) -> None:
    target = f"dbname=postgres host={postgres.sockets} port={postgres.port} user={postgres.superuser}"
    parsed = ParsedReply(run("pg", target, "show server_version_num").reply())
    assert str(parsed.text("sql"))[:2].isdecimal()
    parsed = ParsedReply(run("pg", target, "create table gone (x int)").reply())
    assert parsed.text("sql_error") == "ERROR:  cannot execute CREATE TABLE in a read-only transaction"
    parsed = ParsedReply(run("pg", target, "select 1 from nosuch").reply())
    assert parsed.text("sql_missing") == 'ERROR:  relation "nosuch" does not exist'


@pytest.mark.needs("postgresql", "pgbouncer")
def test_the_next_client_of_a_pooler_finds_nothing_changed(
    postgres: Cluster, pooler: int, tmp_path: Path
) -> None:
    through(pooler, "create table if not exists orders (x int)")
    backend, session = through(pooler, "select pg_backend_pid()"), through(pooler, SESSION)
    login = database(tmp_path / "env.production", f"postgres://app:right@127.0.0.1:{pooler}/app")
    assert (login.problems, login.doubts) == ((), ())
    target = f"dbname=app host=127.0.0.1 port={pooler} user=app password=right"
    assert ParsedReply(run("pg", target, "show server_version_num").reply()).known("sql")
    assert through(pooler, "select pg_backend_pid()") == backend
    assert ParsedReply(run("pg", target, "select 1/0").reply()).known("sql_error")
    assert through(pooler, SESSION) == session
    assert through(pooler, "insert into orders values (1)") == ""


@pytest.mark.needs("redis", "busybox", "bash")
@pytest.mark.parametrize("shell", SHELLS)
def test_a_login_to_redis(shell: str, redis: Callable[..., int], tmp_path: Path) -> None:
    port = redis("--requirepass", "right")
    login = cache(tmp_path / "env", f"redis://:right@127.0.0.1:{port}/2", shell)
    assert (login.problems, login.doubts) == ((), ())
    assert login.facts is not None
    assert (login.facts["auth"], login.facts["role"]) == ("authenticated", "master")
    assert str(login.facts["redis_version"])[0].isdecimal()


@pytest.mark.needs("redis")
def test_redis_is_left_as_it_was(redis: Callable[..., int], tmp_path: Path) -> None:
    """No connection, no name, no refused command stays behind."""
    port = redis("--requirepass", "right")
    cache(tmp_path / "env", f"redis://:right@127.0.0.1:{port}/2")
    asked = "CLIENT LIST\nACL LOG\nCONFIG GET databases\n"
    done = subprocess.run(
        ["redis-cli", "-p", str(port)],
        input=asked,
        capture_output=True,
        text=True,
        env={"REDISCLI_AUTH": "right", "PATH": os.environ["PATH"]},
        check=True,
    )
    assert done.stdout.count("id=") == 1
    assert "reason" not in done.stdout


@pytest.mark.needs("redis")
@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("redis://127.0.0.1:{port}", "the server asks for a password and the URL has none"),
        ("redis://right@127.0.0.1:{port}", "the server asks for a password and the URL has none"),
        ("redis://:wrong@127.0.0.1:{port}", "the server refuses the password"),
        ("redis://:right@127.0.0.1:{port}/99", "names the database 99"),
        ("rediss://:right@127.0.0.1:{port}/0", "the server speaks plain text"),
        ("redis://:right@127.0.0.1:{free}", "nothing listens at its address"),
        ("redis+unix:///nosuch/r.sock?pass=right", "its socket does not exist"),
    ],
)
def test_a_login_to_redis_that_fails(
    url: str, problem: str, redis: Callable[..., int], tmp_path: Path
) -> None:
    port = redis("--requirepass", "right")
    login = cache(tmp_path / "env", url.format(port=port, free=free_port()))
    assert [line for line in login.problems if problem in line], login


@pytest.mark.needs("redis")
def test_a_password_that_redis_does_not_ask_for(redis: Callable[..., int], tmp_path: Path) -> None:
    login = cache(tmp_path / "env", f"redis://:spare@127.0.0.1:{redis()}")
    assert login.problems == ("has a password, but the server asks for none",)


@pytest.mark.needs("redis")
def test_a_redis_that_knows_no_hello_does_not_repeat_the_password(
    redis: Callable[..., int], tmp_path: Path
) -> None:
    """Redis quotes the arguments of an unknown command in its error."""
    port = redis(
        "--requirepass",
        "sEcReTpAsS99",
        "--rename-command",
        "AUTH",
        "HIDDEN",
        "--rename-command",
        "HELLO",
        "X",
    )
    ran = ask_redis(tmp_path / "env", f"redis://:sEcReTpAsS99@127.0.0.1:{port}/0")
    assert "sEcReT" not in ran.stdout + ran.stderr
    login = logins.login(ParsedReply(ran.reply()), "", "any", "redis")
    assert not login.facts or "auth" not in login.facts
    assert login.problems or login.doubts


@pytest.mark.needs("redis")
def test_redis_without_a_url_is_asked_on_loopback(redis: Callable[..., int], tmp_path: Path) -> None:
    port = str(redis())
    names_ = "env.reader+env.url+env.redislogin"
    parsed = ParsedReply(run(names_, "", str(tmp_path / "none"), "REDIS_URL", port).reply())
    assert parsed.known("default_ping") == ("PONG",)
    assert parsed.known("redis_version")
    assert ParsedReply(run("redis.server", port).reply()).number("listening") == 1
