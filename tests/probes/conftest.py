"""An environment file with secrets nobody may ever see in an output, and real servers to log in to."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from glob import glob
from pathlib import Path

import pytest

SECRETS = {
    "DATABASE_URL": ("postgres://app:", "Zx9%40kq7LmT4vWc2Rb8Yn5Hd3Fg6Js1Pa0U", "@127.0.0.1:1/app"),
    "REDIS_URL": ("redis://:", "r3disSecretValue99", "@127.0.0.1:1/0"),
    "PAYSTACK_SECRET_KEY": ("sk_live_", "0123456789abcdef" * 2 + "01234567", ""),
    "JWT_SECRET": ("", "aVeryLongAndSecretValue", ""),
    "LOG_LEVEL": ("S", "A2B3C4D5E6F7" * 4 + "ABCDEFG", ""),  # a Stellar seed in the wrong place
}
"""Each variable as prefix, secret, suffix; the middle is what must not leave the host."""

START_S = 20.0
"""Seconds a server may take to listen."""


def secrets() -> tuple[str, ...]:
    return tuple(secret for _, secret, _ in SECRETS.values())


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    path = tmp_path / ".env.production"
    lines = [f"{name}={''.join(parts)}" for name, parts in SECRETS.items()]
    path.write_text("\n".join(["# production", *lines, "RUST_LOG=info,sqlx=warn", ""]))
    path.chmod(0o600)
    return path


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until the port answers; fails loudly when the process ends first or takes too long."""
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended before it listened"
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    pytest.fail(f"nothing listens on port {port}")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=START_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Callable[..., int]]:
    """Starts Redis on a free port, with options; gives the port."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*options: str) -> int:
        port = free_port()
        base = [
            "redis-server",
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            str(tmp_path),
        ]
        process = subprocess.Popen([*base, *options], stdout=subprocess.DEVNULL)
        running.append(process)
        wait_for(port, process)
        return port

    yield start
    for process in running:
        stop(process)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A PostgreSQL server with a superuser and the role `app` (password `right`, database `app`)."""

    port: int
    superuser: str
    sockets: Path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One real server for all tests; it refuses to run as root, so then it runs as `postgres`."""
    programs = Path(sorted(glob("/usr/lib/postgresql/*/bin"))[-1])
    owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    uid, gid = (owner.pw_uid, owner.pw_gid) if owner else (None, None)
    short = Path("/tmp") / f"pg-{os.getpid()}"  # a socket's path has at most 107 characters
    short.mkdir(mode=0o755)
    if owner:
        os.chown(short, owner.pw_uid, owner.pw_gid)
    data, port = short / "data", free_port()

    def call(*command: str | Path) -> None:
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd="/", user=uid, group=gid)

    call(programs / "initdb", "-D", data, "-U", "boss", "-A", "trust", "--no-sync", "-E", "UTF8")
    (data / "pg_hba.conf").write_text("local all boss trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
    serve: list[str | Path] = [
        programs / "postgres",
        "-D",
        data,
        "-p",
        str(port),
        "-k",
        short,
        "-h",
        "127.0.0.1",
        "-F",
    ]
    process = subprocess.Popen(serve, stderr=subprocess.DEVNULL, cwd="/", user=uid, group=gid)
    try:
        wait_for(port, process)
        made = "create role app login password 'right'; create database app owner app"
        for statement in made.split("; "):
            call("psql", "-XAtqh", short, "-p", str(port), "-U", "boss", "-d", "postgres", "-c", statement)
        yield Cluster(port, "boss", short)
    finally:
        stop(process)
        shutil.rmtree(short)


@pytest.fixture
def pooler(postgres: Cluster, tmp_path: Path) -> Iterator[int]:
    """pgbouncer in transaction mode with one server connection; it hands a session to the next client."""
    port = free_port()
    (tmp_path / "users").write_text('"app" "right"\n')
    (tmp_path / "ini").write_text(
        f"[databases]\napp = host=127.0.0.1 port={postgres.port}\n[pgbouncer]\nlisten_addr=127.0.0.1\n"
        f"listen_port={port}\nauth_type=plain\nauth_file={tmp_path}/users\npool_mode=transaction\n"
        "default_pool_size=1\nunix_socket_dir=\nignore_startup_parameters=extra_float_digits\n"
    )
    owner = pwd.getpwnam("postgres").pw_uid if os.geteuid() == 0 else None
    for path in (*tmp_path.parents, tmp_path):
        if owner is not None and path.is_relative_to("/tmp/pytest-of-root"):
            path.chmod(0o755)
    process = subprocess.Popen(["pgbouncer", str(tmp_path / "ini")], stderr=subprocess.DEVNULL, user=owner)
    try:
        wait_for(port, process)
        yield port
    finally:
        stop(process)


def through(port: int, sql: str) -> str:
    """What the application gets through the pooler."""
    env = {"PGPASSWORD": "right", "PATH": os.environ["PATH"]}
    where = ["-h", "127.0.0.1", "-p", str(port), "-U", "app", "-d", "app"]
    done = subprocess.run(
        ["psql", "-XAtq", *where, "-c", sql], capture_output=True, text=True, env=env, check=False
    )
    return done.stdout + done.stderr


SESSION = (
    "select string_agg(name || '=' || setting, ';' order by name) from pg_settings where source = 'session'"
)
