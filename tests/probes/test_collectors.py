"""Every collector, run for real: it ends well, tells facts only, and never a secret."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import psutil
import pytest

from readiness_tui.probes import logins
from readiness_tui.collectors import catalog
from readiness_tui.probes.facts import ParsedReply
from readiness_tui.probes.kinds.env_file import variables
from tests.probes.conftest import SECRETS, secrets
from tests.probes.shells import NOBODY, SHELLS, Ran, run

FACT = re.compile(r"!?[A-Za-z_][A-Za-z0-9_.]*=.*")

EVERY = {
    "binary.elf": [sys.executable],
    "command.run": ["~/.cargo/bin:/root/.cargo/bin", "sh -c", "nosuchprogram --version"],
    "env.scan": ["{env}", "RUST_LOG,LOG_LEVEL,STELLAR_NETWORK,APP_ENV"],
    "env.url": ["{env}", "DATABASE_URL"],
    "env.url+env.dblogin": ["{env}", "DATABASE_URL"],
    "env.url+env.redislogin": ["{env}", "REDIS_URL"],
    "env.url+redis.default+env.redislogin": ["{env}", "REDIS_URL", "1"],
    "fail2ban.state": [],
    "file.copies": ["{env}"],
    "file.stat": ["{env}", "/nosuch/place", "/etc/passwd"],
    "firewall.state": [],
    "host.resources": [],
    "host.time": [],
    "host.updates": [],
    "journal.count": ["app.service", "3600", "ERROR", ""],
    "package.installed": ["debian=libc6", "rhel=glibc", "alpine=musl"],
    "pg": ["dbname=postgres port=1", "show server_version_num"],
    "postgres.server": [],
    "proxy.nginx": [],
    "proxy.nginx+proxy.apache": [],
    "proxy.request": ["8080", "443", "/health", "api.example.com"],
    "redis.server": ["6379"],
    "service.show": ["app.service"],
    "sshd.effective": ["root,operator", "operator,203.0.113.10", "", "22"],
}


def test_every_collector_is_run_here() -> None:
    texts = set(catalog.names())
    assert {part for names in EVERY for part in names.split("+")} == texts


def check(ran: Ran) -> None:
    assert ran.exit == 0, ran.stderr
    assert [line for line in ran.stdout.splitlines() if not FACT.fullmatch(line)] == []
    for secret in secrets():
        assert secret not in ran.stdout + ran.stderr


def unprivileged(names: str, *args: str, shell: str = "dash") -> Ran:
    """As a user without any right, and without trying for more."""
    return run(names, *args, shell=SHELLS[shell], user=NOBODY, environment={"RTUI_NOROOT": "1"})


@pytest.mark.needs("busybox", "bash")
@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("names", EVERY)
def test_it_ends_well_and_tells_facts_only(names: str, shell: str, env_file: Path) -> None:
    args = [arg.format(env=env_file) for arg in EVERY[names]]
    check(run(names, *args, shell=SHELLS[shell]))


@pytest.mark.needs("root", "busybox", "bash")
@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("names", EVERY)
def test_so_it_does_for_a_user_without_any_right(names: str, shell: str, env_file: Path) -> None:
    args = [arg.format(env=env_file) for arg in EVERY[names]]
    check(unprivileged(names, *args, shell=shell))


@pytest.mark.needs("shellcheck")
def test_no_collector_has_a_finding_of_the_shell_linter() -> None:
    paths = sorted(
        str(path) for path in files("readiness_tui.collectors").iterdir() if path.name.endswith(".sh")
    )
    done = subprocess.run(
        ["shellcheck", "-s", "sh", "-S", "warning", *paths], capture_output=True, text=True, check=False
    )
    assert done.stdout == ""


def test_memory_and_processors_are_this_machines() -> None:
    told = ParsedReply(run("host.resources").reply())
    assert told.number("mem_kb") == psutil.virtual_memory().total // 1024
    assert told.number("cpus") == psutil.cpu_count()
    assert told.known("fs")


def test_variables_by_name_length_and_shape(tmp_path: Path) -> None:
    path = tmp_path / "env"
    path.write_text(
        "\n".join(
            [
                "# a comment",
                "export RUST_LOG=debug",
                "EMPTY=",
                'QUOTED="two words"',
                "TWICE=a",
                "TWICE=bb",
                "JWT=changeme",
                "TEMPLATE=${SECRET}",
                "KEY=sk_test_" + "0" * 40,
                "PUBLIC=sk_live_" + "0" * 40,
                "HORIZON_URL=https://horizon-testnet.stellar.org",
                'NETWORK_PASSPHRASE="Public Global Stellar Network ; September 2015"',
                "no assignment",
                "",
            ]
        )
    )
    told = ParsedReply(run("env.scan", str(path), "RUST_LOG").reply())
    held = variables.variables(told)
    assert isinstance(held, dict)
    schemas = {
        name: (lines[-1].length, sorted(lines[-1].flags), lines[-1].value) for name, lines in held.items()
    }
    assert schemas == {
        "RUST_LOG": (5, ["export"], "debug"),
        "EMPTY": (0, ["empty"], ""),
        "QUOTED": (9, [], ""),
        "TWICE": (2, [], ""),
        "JWT": (8, ["placeholder"], ""),
        "TEMPLATE": (9, ["placeholder"], ""),
        "KEY": (48, ["paystack_test"], ""),
        "PUBLIC": (48, ["sk_live"], ""),
        "HORIZON_URL": (35, ["testnet"], ""),
        "NETWORK_PASSPHRASE": (46, ["public_passphrase"], ""),
    }
    assert told.text("unparsed") == "1"
    assert told.known("dup") == ("TWICE",)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("postgres://app:p%40ss@db.internal:5433/app?sslmode=require", ("app", "db.internal", "5433", "app")),
        ("postgresql://app@[::1]/app", ("app", "::1", "default", "app")),
        ("postgres:///app", ("none", "none", "default", "app")),
        ("redis://:secretpart@127.0.0.1/3", ("none", "127.0.0.1", "default", "3")),
        ("redis://secretpart@127.0.0.1:7000", ("none", "127.0.0.1", "7000", "none")),
        ("postgres://app:pa#secretpart@db/app", ("app", "db", "default", "app")),
        ("postgres://app:pa@secretpart@db/app", ("app", "db", "default", "app")),
    ],
)
def test_a_url_is_taken_apart_without_its_secret(
    url: str, parts: tuple[str, ...], shell: str, tmp_path: Path
) -> None:
    path = tmp_path / "env"
    path.write_text(f'export OTHER=1\nURL="{url}"\n')
    ran = run("env.url", str(path), "URL", shell=SHELLS[shell])
    facts = logins.url(ParsedReply(ran.reply()))
    assert tuple(facts[f"url_{name}"] for name in ("user", "host", "port", "db")) == parts
    assert "secretpart" not in ran.stdout + ran.stderr


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "url",
    [
        "postgres://app:pa/secretpart@db/app",
        "postgres://app:12/secretpart@db/app",
        "postgres://app:pa?secretpart@db/app",
        "postgres://app:12?secretpart@db/app",
        "postgres://app:x@db:secretpart/app",
        "app:secretpart@db/app",
        "postgres//app:secretpart@db/app",
        "postgres://app%0Afake=1:secretpart@db/app",
        "postgres://secret part:x@db|y/app",
    ],
)
def test_a_url_that_does_not_split_is_only_called_malformed(url: str, shell: str, tmp_path: Path) -> None:
    path = tmp_path / "env"
    path.write_text(f"URL={url}\n")
    ran = run("env.url", str(path), "URL", shell=SHELLS[shell])
    assert ran.stdout == "url=malformed\n"


def test_a_file_that_is_not_there_is_absent_not_denied(tmp_path: Path) -> None:
    path = str(tmp_path / "no" / "such" / "file")
    assert run("env.scan", path, "X").stdout == "env=absent\n"
    assert run("env.url", path, "X").stdout == "url=absent\n"
    assert run("file.stat", path).stdout == f"file={path}|absent\n"
    assert run("binary.elf", path).stdout == "binary=absent\n"
    assert run("file.copies", path).stdout.startswith("real=") is False


@pytest.mark.needs("root")
def test_a_file_in_a_closed_directory_is_denied_not_absent(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    for there in ("env", "nothing"):
        path = str(tmp_path / there)
        (tmp_path / "env").write_text("A=1\n")
        assert unprivileged("env.scan", path, "X").stdout == "!env=denied\n"
        assert unprivileged("env.url", path, "X").stdout == "!url=denied\n"
        assert unprivileged("file.stat", path).stdout == f"!file=denied {path}\n"
        assert unprivileged("binary.elf", path).stdout == "!binary=denied\n"
        assert unprivileged("file.copies", path).stdout == f"!copy=denied {tmp_path}\n"


def test_copies_beside_a_file(env_file: Path) -> None:
    for name, mode in (
        (".env.production.bak", 0o644),
        (".env.production~", 0o600),
        ("..env.production.swp", 0o640),
    ):
        env_file.with_name(name).write_text("x")
        env_file.with_name(name).chmod(mode)
    for name in (".env.production.example", ".env.staging"):
        env_file.with_name(name).write_text("x")
    link = env_file.with_name("link")
    link.symlink_to(env_file)
    told = ParsedReply(run("file.copies", str(env_file)).reply())
    modes = {row.split("|")[0]: row.split("|")[1] for row in told.known("copy")}
    assert modes == {".env.production.bak": "644", ".env.production~": "600", "..env.production.swp": "640"}
    assert ParsedReply(run("file.copies", str(link)).reply()).known("real") == (str(env_file.resolve()),)


def test_a_link_is_followed_for_its_mode(env_file: Path) -> None:
    link = env_file.with_name("link")
    link.symlink_to(env_file)
    (row,) = ParsedReply(run("file.stat", str(link)).reply()).known("file")
    assert row.split("|")[:3] == [str(link), "regular file", "600"]
    assert row.endswith(f"|link:{env_file}")


def test_a_binary_and_what_only_looks_like_one(tmp_path: Path) -> None:
    program = shutil.which("ls")
    assert program is not None
    told = ParsedReply(run("binary.elf", program).reply())
    assert (told.text("elf"), told.text("static"), told.rows("missing")) == ("yes", "no", ())
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    told = ParsedReply(run("binary.elf", str(script)).reply())
    assert (told.text("elf"), told.text("executable")) == ("no", "yes")
    assert told.refusal("libraries") is not None


def test_commands_are_found_in_the_directories_searched(tmp_path: Path) -> None:
    tool = tmp_path / "bin" / "frob"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\npwd\necho more\n")
    tool.chmod(0o755)
    ran = run(
        "command.run", "~/bin:/nosuch", "frob --version", "nosuchtool", environment={"HOME": str(tmp_path)}
    )
    assert ran.stdout == "run=frob --version|0|/\nrun=nosuchtool|absent\n"


@pytest.mark.needs("sshd", "root")
def test_the_ssh_daemon_is_asked_for_users_and_addresses() -> None:
    session = {"SSH_CONNECTION": "198.51.100.7 40000 192.0.2.9 22"}
    told = ParsedReply(
        run("sshd.effective", "root,operator", "operator,203.0.113.10", "", "22", environment=session).reply()
    )
    if told.refusal("eff") is not None:  # sshd without host keys or /run/sshd cannot tell
        pytest.fail(f"sshd -T: {told.refusal('eff')}")
    assert set(told.known("asked")) == {"root|198.51.100.7", "root|203.0.113.10"}
    assert any(row.startswith("root|198.51.100.7|permitrootlogin|") for row in told.known("eff"))


@pytest.mark.needs("sshd", "root")
def test_the_ssh_daemon_tells_a_plain_user_nothing() -> None:
    blind = {"RTUI_NOROOT": "1"}
    told = ParsedReply(
        run("sshd.effective", "root", "203.0.113.10", "", "22", user=NOBODY, environment=blind).reply()
    )
    refusal = told.refusal("eff")
    assert refusal is not None
    assert refusal.reason == "sshd -T: denied"


def test_secrets_are_what_the_fixture_says(env_file: Path) -> None:
    """Guards the guard: the secrets looked for above really are in the file."""
    text = env_file.read_text()
    assert all("".join(parts) in text for parts in SECRETS.values())
    assert os.stat(env_file).st_mode & 0o777 == 0o600
