"""The statements about a database, the backup's collectors and Redis's, against real servers and files."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from readiness_tui.collectors import catalog
from readiness_tui.model.facts import Missing
from readiness_tui.model.probe import Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply
from readiness_tui.probes.kinds.database import hba
from readiness_tui.probes.kinds.database.answers import Answers
from readiness_tui.probes.kinds.database.kind import COLLECTORS
from tests.probes.conftest import SESSION, Cluster, through
from tests.probes.recorded import ASKED_AT
from tests.probes.shells import NOBODY, SHELLS, Ran, run

CANARY = "Kanar1eNvogelZ9xW7qT3sL5kR2mYc8b"
STATEMENTS = re.findall(r"^-- (\w+) [pms]$", catalog.get("pg.statements").text, re.M)


def superuser(cluster: Cluster, sql: str, database: str = "app") -> None:
    where = ["-h", str(cluster.sockets), "-p", str(cluster.port), "-U", cluster.superuser, "-d", database]
    subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *where, "-c", sql], check=True)


def ask(path: Path, url: str, shell: str = "dash", environment: dict[str, str] | None = None) -> Ran:
    path.write_text(f"DATABASE_URL='{url}'\nPOOL=20\n")
    args = ("", str(path), "DATABASE_URL", "", "", "1", "audit_log", "POOL", "20", "200")
    return run(COLLECTORS, *args, shell=SHELLS[shell], environment=environment)


def answered(told: ParsedReply) -> set[str]:
    return {name for name in STATEMENTS if told.known(name) or told.known(f"{name}_rows")}


@pytest.mark.needs("postgresql", "busybox", "bash")
@pytest.mark.parametrize("shell", SHELLS)
def test_the_application_is_told_what_everybody_may_see(
    shell: str, postgres: Cluster, tmp_path: Path
) -> None:
    url = f"postgres://app:right@127.0.0.1:{postgres.port}/app"
    parsed = ParsedReply(ask(tmp_path / "env", url, shell).reply())
    public = set(re.findall(r"^-- (\w+) p$", catalog.get("pg.statements").text, re.M)) - {"ident"}
    assert public - answered(parsed) == set()
    assert [name for name in parsed.names("") if name.endswith("_error")] == []
    assert parsed.known("pool") == ("POOL|20|",)
    assert Answers(ask(tmp_path / "env", url, shell).reply()).doubt is None


@pytest.mark.needs("postgresql")
def test_pg_monitor_and_superuser_are_told_the_rest(postgres: Cluster, tmp_path: Path) -> None:
    """`boss` is a superuser and may log in over the socket, so every statement runs."""
    socket = str(postgres.sockets).replace("/", "%2F")
    superuser(
        postgres, "create table audit_log (created_at timestamptz); insert into audit_log values (now())"
    )
    superuser(postgres, "create table _sqlx_migrations (version bigint, success boolean)")
    try:
        parsed = ParsedReply(ask(tmp_path / "env", f"postgres://boss@{socket}:{postgres.port}/app").reply())
        assert set(STATEMENTS) - answered(parsed) - {"ident", "superpw"} == set()
        assert parsed.known("mig") == ("sqlx|0|0|",)
        assert parsed.known("audit")[0].isdecimal()
    finally:
        superuser(postgres, "drop table audit_log, _sqlx_migrations")


@pytest.mark.needs("postgresql")
def test_no_function_of_the_databases_owner_runs(postgres: Cluster, tmp_path: Path) -> None:
    """A superuser's session in a database of another role must not follow that role's search path."""
    body = "begin raise exception 'caught'; end"
    superuser(postgres, "create schema trap")
    for name, kind in (("current_setting(text)", "text"), ("now()", "timestamptz"), ("age(xid)", "int")):
        function = f"create function trap.{name} returns {kind} language plpgsql as '{body}'"
        superuser(postgres, function.replace("'caught'", "''caught''"))
    superuser(postgres, "alter database app set search_path = trap, pg_catalog")
    socket = str(postgres.sockets).replace("/", "%2F")
    try:
        parsed = ParsedReply(ask(tmp_path / "env", f"postgres://boss@{socket}:{postgres.port}/app").reply())
        assert {"vac", "conns", "settings", "activity"} <= answered(parsed)
    finally:
        superuser(postgres, "alter database app reset search_path")
        superuser(postgres, "drop schema trap cascade")


@pytest.mark.needs("postgresql", "pgbouncer")
def test_a_pooler_hands_on_an_unchanged_session(postgres: Cluster, pooler: int, tmp_path: Path) -> None:
    through(pooler, "create table if not exists orders (x int)")
    backend, session = through(pooler, "select pg_backend_pid()"), through(pooler, SESSION)
    answers = Answers(ask(tmp_path / "env", f"postgres://app:right@127.0.0.1:{pooler}/app").reply())
    assert answers.sessions["app"][1] == str(postgres.port)
    assert through(pooler, "select pg_backend_pid()") == backend
    assert through(pooler, SESSION) == session
    assert through(pooler, "insert into orders values (1)") == ""
    through(pooler, "drop table orders")


@pytest.mark.needs("postgresql")
def test_another_server_on_the_port_is_not_asked(postgres: Cluster, tmp_path: Path) -> None:
    """Without a login the words say why, and nothing counts as an answer."""
    told = Answers(ask(tmp_path / "env", f"postgres://app:wrong@127.0.0.1:{postgres.port}/app").reply())
    assert told.doubt is not None
    assert "refuses the password" in told.doubt.reason


@pytest.mark.parametrize(
    ("first", "second", "covered"),
    [
        ("host|all|all|all||reject", "host|app|anna|10.0.0.0|255.0.0.0|trust", True),
        ("host|all|all|0.0.0.0|0.0.0.0|reject", "hostssl|all|all|10.0.0.0|255.0.0.0|trust", True),
        ("host|all|all|10.0.0.0|255.0.0.0|reject", "host|all|all|10.1.0.0|255.255.0.0|trust", True),
        ("host|all|all|10.1.0.0|255.255.0.0|reject", "host|all|all|10.0.0.0|255.0.0.0|trust", False),
        ("host|all|all|0.0.0.0|0.0.0.0|reject", "host|all|all|all||trust", False),
        ("hostssl|all|all|all||reject", "host|all|all|all||trust", False),
        ("host|app|all|all||reject", "host|all|all|all||trust", False),
        ("host|all|all|all||reject", "host|replication|all|all||trust", False),
        ("host|all|anna|all||reject", "host|all|all|all||trust", False),
        ("host|all|anna|all||reject", "host|all|anna|all||trust", True),
        ("host|all|+staff|all||reject", "host|all|+staff|all||trust", False),
        ("host|all|all|db.internal||reject", "host|all|all|db.internal||trust", True),
        ("host|all|all|db.internal||reject", "host|all|all|web.internal||trust", False),
        ("local|all|all|||reject", "host|all|all|127.0.0.1|255.255.255.255|trust", False),
        ("local|all|all|||reject", "local|all|all|||trust", True),
    ],
)
def test_an_earlier_rule_that_takes_every_connection_of_a_later_one(
    first: str, second: str, covered: bool
) -> None:
    """The first rule that fits decides (PostgreSQL manual, 21.1)."""
    lines = "".join(f"hba={number}|{row}||f\n" for number, row in ((1, first), (2, second)))
    text = f"target=app|app|5432|1|ok|1\nsession=self|1|5432|app|boss|150018|f|t|socket|f|socket\n{lines}"
    reply = Reply(host="db", ask=collect(COLLECTORS, "x"), asked_at=ASKED_AT, stdout=text, exit=0)
    told = hba.rows(Answers(reply))
    assert not isinstance(told, Missing)
    assert (len(hba.reachable(told)) == 1) is covered


def recorded(tmp_path: Path, *programs: str) -> dict[str, str]:
    """A PATH whose programs note their arguments before they run."""
    shims, noted = tmp_path / "shims", tmp_path / "arguments"
    shims.mkdir()
    for program in programs:
        real = shutil.which(program)
        assert real is not None
        shim = shims / program
        shim.write_text(f'#!/bin/sh\nprintf "%s\\n" "$0 $*" >>{noted}\nexec {real} "$@"\n')
        shim.chmod(0o755)
    noted.touch()
    return {"PATH": f"{shims}:{os.environ['PATH']}", "NOTED": str(noted)}


@pytest.mark.needs("postgresql")
def test_a_password_is_in_no_argument_and_no_output(postgres: Cluster, tmp_path: Path) -> None:
    superuser(postgres, f"create role canary login password '{CANARY}'")
    environment = recorded(tmp_path, "psql", "awk", "sed", "timeout", "grep", "od")
    try:
        url = f"postgres://canary:{CANARY}@127.0.0.1:{postgres.port}/app"
        ran = ask(tmp_path / "env", url, environment=environment)
        arguments = Path(environment["NOTED"]).read_text()
        assert "psql" in arguments
        assert ParsedReply(ran.reply()).known("session")
        for text in (arguments, ran.stdout, ran.stderr):
            assert CANARY not in text
            assert CANARY[::-1] not in text
            assert CANARY.encode().hex() not in text
    finally:
        superuser(postgres, "drop role canary")


@pytest.mark.needs("redis")
def test_redis_is_asked_once_and_its_password_is_in_no_argument(
    redis: Callable[..., int], tmp_path: Path
) -> None:
    port = redis("--requirepass", CANARY, "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru")
    path = tmp_path / "env"
    path.write_text(f"REDIS_URL=redis://:{CANARY}@127.0.0.1:{port}/0\n")
    environment = recorded(tmp_path, "redis-cli", "awk", "sed", "timeout", "grep")
    names = "env.reader+env.url+env.redislogin+redis.facts"
    ran = run(names, "", str(path), "REDIS_URL", "6379", "facts", environment=environment)
    parsed = ParsedReply(ran.reply())
    assert parsed.text("info_maxmemory_policy") == "allkeys-lru"
    assert parsed.text("info_maxmemory") == "67108864"
    arguments = Path(environment["NOTED"]).read_text()
    assert "redis-cli" in arguments
    for text in (arguments, ran.stdout, ran.stderr):
        assert CANARY not in text
        assert CANARY.encode().hex() not in text


@pytest.mark.needs("redis")
def test_a_user_without_info_leaves_one_refusal(redis: Callable[..., int], tmp_path: Path) -> None:
    port = redis("--user", "app", "on", ">narrow", "~*", "+ping")
    path = tmp_path / "env"
    path.write_text(f"REDIS_URL=redis://app:narrow@127.0.0.1:{port}/0\n")
    names = "env.reader+env.url+env.redislogin+redis.facts"
    parsed = ParsedReply(run(names, "", str(path), "REDIS_URL", "6379", "facts").reply())
    assert parsed.text("info_state") == "NOPERM"
    log = subprocess.run(
        ["redis-cli", "-p", str(port), "ACL", "LOG"], capture_output=True, text=True, check=True
    )
    assert log.stdout.count("reason") == 1


def dump(cluster: Cluster, *options: str) -> bytes:
    superuser(
        cluster, "drop table if exists kept; create table kept as select generate_series(1, 50000) as x"
    )
    where = ["-h", str(cluster.sockets), "-p", str(cluster.port), "-U", cluster.superuser, "app"]
    return subprocess.run(["pg_dump", *options, *where], capture_output=True, check=True).stdout


def content(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    parsed = ParsedReply(run("backup.content", str(path), "100000000").reply())
    return "".join(parsed.known("content")) or "".join(parsed.refused("content"))


@pytest.mark.needs("postgresql")
def test_a_whole_backup_and_a_cut_one(postgres: Cluster, tmp_path: Path) -> None:
    path = tmp_path / "backup"
    for options in (("-Fc",), ("-Ft",), ("-Fp",)):
        whole = dump(postgres, *options)
        kind = {"-Fc": "custom", "-Ft": "tar", "-Fp": "plain"}[options[0]]
        assert re.fullmatch(rf"{kind}\|yes\|[1-9]\d*", content(path, whole)), options
        assert "|no|" in content(path, whole[: len(whole) // 2]), options
        packed = gzip.compress(whole, mtime=0)
        assert re.fullmatch(rf"{kind}\|yes\|[1-9]\d*", content(path, packed)), options
        assert "|no|" in content(path, packed[: len(packed) // 2]), options
        assert "|no|" in content(path, gzip.compress(whole[: len(whole) // 2])), options
    assert content(path, dump(postgres, "-Fc", "-s")).startswith("custom|yes|0")
    superuser(postgres, "drop table kept")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty|no|0"),
        (gzip.compress(b"", mtime=0), "empty|no|0"),
        (b"Salted__" + bytes(300), "encrypted|?|?"),
        (b"age-encryption.org/v1\n" + bytes(300), "encrypted|?|?"),
        (b"\x00\x01random" + bytes(300), "unrecognised|?|?"),
        (b"-- notes of monday\n" * 40, "unrecognised|?|0"),
    ],
)
def test_what_is_no_backup_is_not_called_one(data: bytes, told: str, tmp_path: Path) -> None:
    assert content(tmp_path / "backup", data) == told


def test_a_large_backup_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "backup"
    path.write_bytes(b"PGDMP" + bytes(5000))
    parsed = ParsedReply(run("backup.content", str(path), "1000").reply())
    assert parsed.known("content") == ()
    assert parsed.refused("content")


def test_backup_files_are_listed_newest_first(tmp_path: Path) -> None:
    for age, name in enumerate(("b.dump", "a.dump", "old.dump", "c.dump.part", ".hidden.dump", "notes.txt")):
        path = tmp_path / name
        path.write_bytes(b"x" * 10)
        os.utime(path, (path.stat().st_mtime - 86400 * age, path.stat().st_mtime - 86400 * age))
    parsed = ParsedReply(run("file.modes+backup.files", str(tmp_path), "*").reply())
    assert [row.rpartition("/")[2] for row in parsed.known("file")] == ["b.dump", "a.dump", "old.dump"]
    assert (parsed.text("count"), parsed.text("days")) == ("3", "3")
    parsed = ParsedReply(run("file.modes+backup.files", str(tmp_path / "none"), "*").reply())
    assert parsed.text("dir") == "absent"


@pytest.mark.needs("root")
def test_a_closed_backup_directory_is_denied_not_absent(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    for path in (str(tmp_path), str(tmp_path / "none")):
        ran = run("file.modes+backup.files", path, "*", user=NOBODY, environment={"RTUI_NOROOT": "1"})
        assert ParsedReply(ran.reply()).refusal("dir") is not None


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("#!/bin/sh\npg_dump app > x\n", ("script=sh|yes", "names=pg_dump")),
        ("#!/bin/sh\nif true; then\n", ("script=sh|no",)),
        ("#!/bin/bash\n[[ -n x ]] && a=(1)\n", ("script=bash|yes",)),
        ("#!/bin/sh\npg_dump app | gzip > x\n", ("unchecked=yes",)),
        ("#!/bin/sh\nfind /b -mtime +14 -delete\n", ("keeps=14",)),
        ("#!/nowhere/python9\n", ("script=python9 (not installed)|?",)),
        (f"#!/bin/sh\nrclone copy x --password {CANARY}\n", ("names=rclone",)),
    ],
)
def test_a_script_is_told_by_its_words(text: str, facts: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "script"
    path.write_text(text)
    ran = run("file.modes+file.stat+backup.script", str(path))
    assert set(facts) <= set(ran.stdout.splitlines())
    assert CANARY not in ran.stdout + ran.stderr


def test_a_script_with_pipefail_is_not_doubted(tmp_path: Path) -> None:
    path = tmp_path / "script"
    path.write_text("#!/bin/bash\nset -o pipefail\npg_dump app | gzip > x # pg_dump | cat\n")
    assert "unchecked" not in run("file.modes+file.stat+backup.script", str(path)).stdout
