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

from readiness_tui.collectors import catalog
from readiness_tui.probes.facts import ParsedReply
from tests.probes.conftest import SECRETS, secrets
from tests.probes.shells import NOBODY, SHELLS, Ran, run

FACT = re.compile(r"!?[A-Za-z_][A-Za-z0-9_.]*=.*")

COLLECTORS = [catalog.get(name) for name in catalog.names()]
EXAMPLES = {
    "+".join(filter(None, (collector.after, collector.name))): collector.example
    for collector in COLLECTORS
    if collector.example is not None
}
"""The arguments of each collector's example, by the collectors that run in one shell."""


def test_every_collector_has_an_example_or_begins_another() -> None:
    assert {part for names in EXAMPLES for part in names.split("+")} == set(catalog.names())


def example(names: str, env_file: Path) -> list[str]:
    return [word.format(env=env_file, python=sys.executable) for word in EXAMPLES[names]]


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
@pytest.mark.parametrize("names", EXAMPLES)
def test_it_ends_well_and_tells_facts_only(names: str, shell: str, env_file: Path) -> None:
    args = example(names, env_file)
    check(run(names, *args, shell=SHELLS[shell]))


@pytest.mark.needs("root", "busybox", "bash")
@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("names", EXAMPLES)
def test_so_it_does_for_a_user_without_any_right(names: str, shell: str, env_file: Path) -> None:
    args = example(names, env_file)
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
    parsed = ParsedReply(run("host.resources").reply())
    assert parsed.number("mem_kb") == psutil.virtual_memory().total // 1024
    assert parsed.number("cpus") == psutil.cpu_count()
    assert parsed.known("fs")


POSTGRES_URLS = [
    (
        "postgres://app:p%40ss@db.internal:5433/app?sslmode=require",
        "set|postgres|app|db.internal|5433|app|require|4",
    ),
    ("postgresql://app@[::1]/app", "set|postgresql|app|::1|default|app||0"),
    ("postgres:///app", "set|postgres|none|none|default|app||0"),
    ("postgres://a:b@%2Frun%2Fpostgresql:5432/d", "set|postgres|a|/run/postgresql|5432|d||1"),
    ("postgres://u:p@h1:1,h2:2/db?target_session_attrs=read-write", "set|postgres|u|h1,h2|1,2|db||1"),
    ("postgres://u:p@/db?host=/run/postgresql", "set|postgres|u|/run/postgresql|default|db||1"),
    ("postgres:///db?host=/run/pg&user=u&password=a%26b", "set|postgres|u|/run/pg|default|db||3"),
    ("postgres://u:a+b:c@h/db", "set|postgres|u|h|default|db||5"),
    ("postgres://u:p@h/db?sslmode=no-verify", "set|postgres|u|h|default|db|require|1"),
    ("redis://:secretpart@127.0.0.1/3", "set|redis|none|127.0.0.1|default|3||10"),
    ("redis://secretpart@127.0.0.1:7000", "set|redis|(not shown)|127.0.0.1|7000|none||0"),
    ("redis://:pa@secretpart@h/0", "set|redis|none|h|default|0||13"),
    ("redis://:secretpart@h:6379/0# the cache", "set|redis|none|h|6379|0||10"),
    ("unix:///run/redis/r.sock?db=2&pass=secretpart", "set|unix|none|/run/redis/r.sock|default|2||10"),
    ("redis+unix:///run/r.sock?password=secretpart", "set|redis+unix|none|/run/r.sock|default|none||10"),
    ("rediss://u:secretpart@h/0#insecure", "set|rediss|u|h|default|0||10"),
    ("mysql://u:secretpart@h/d", "set|mysql|none|none|default|none||0"),
    ("secretscheme://u:x@h/d", "set|another scheme|none|none|default|none||0"),
]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(("url", "parts"), POSTGRES_URLS)
def test_a_url_is_taken_apart_without_its_secret(url: str, parts: str, shell: str, tmp_path: Path) -> None:
    ran = split(url, shell, tmp_path)
    assert parts in ran.stdout
    assert "secretpart" not in ran.stdout + ran.stderr
    assert "secretscheme" not in ran.stdout + ran.stderr


def split(url: str, shell: str, tmp_path: Path) -> Ran:
    """What env.url prints of a URL; the login that follows finds nothing to do or nobody there."""
    path = tmp_path / "env"
    path.write_text(f"OTHER=1\nURL='{url}'\n")
    return run("env.reader+env.url+env.redislogin", "", str(path), "URL", shell=SHELLS[shell])


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("postgres://app:pa/secretpart@db/app", "at"),
        ("postgres://app:12/secretpart@db/app", "at"),
        ("postgres://app:pa?secretpart@db/app", "query"),
        ("postgres://app:12?secretpart@db/app", "query"),
        ("postgres://app:pa#secretpart@db/app", "hash"),
        ("postgres://app:pa@secretpart@db/app", "at"),
        ("postgres://app:x@db/app#secretpart", "hash"),
        ("postgres://app:x@db:secretpart/app", "port"),
        ("postgres://app:x@db:99999/app", "port"),
        ("postgres://app:secretpart%zz@db/app", "percent"),
        ("postgres://app:secretpart%00@db/app", "percent"),
        ("app:secretpart@db/app", "scheme"),
        ("postgres//app:secretpart@db/app", "scheme"),
        ("redis://:pa#secretpart@h/0", "at"),
        ("redis://:12/secretpart@h/0", "at"),
        ("redis://:x@h/secretpart", "database"),
        ("rediss://:x@h/0#secretpart", "fragment"),
        ("unix://secretpart", "path"),
    ],
)
def test_a_url_that_does_not_split_is_only_called_malformed(
    url: str, why: str, shell: str, tmp_path: Path
) -> None:
    ran = split(url, shell, tmp_path)
    assert f"url=malformed|{why}\n" in ran.stdout
    assert "secretpart" not in ran.stdout + ran.stderr


def test_a_file_that_is_not_there_is_absent_not_denied(tmp_path: Path) -> None:
    path = str(tmp_path / "no" / "such" / "file")
    assert f"envfile={path}|0|absent|0\n" in run("env.reader+env.scan", "", path, "X", "").stdout
    assert "url=unset\n" in run("env.reader+env.url+env.dblogin", "", path, "X").stdout
    assert run("file.modes+file.stat", path).stdout == f"file={path}|absent\n"
    assert run("binary.elf", path).stdout == "binary=absent\n"
    assert "copy" not in run("file.modes+file.copies", path, "").stdout


@pytest.mark.needs("root")
def test_a_file_in_a_closed_directory_is_denied_not_absent(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    for there in ("env", "nothing"):
        path = str(tmp_path / there)
        (tmp_path / "env").write_text("A=1\n")
        for names, args in (
            ("env.reader+env.scan", ("", path, "X", "")),
            ("env.reader+env.url+env.dblogin", ("", path, "X")),
        ):
            text = unprivileged(names, *args).stdout
            assert f"!env=denied {path}\n" in text
            assert f"NOPASSWD: {shutil.which('cat')} {path}\n" in text
        assert f"!file=denied {path}\n" in unprivileged("file.modes+file.stat", path).stdout
        assert unprivileged("binary.elf", path).stdout == "!binary=denied\n"
        assert f"!copy=denied {tmp_path}\n" in unprivileged("file.modes+file.copies", path, "").stdout


def test_copies_of_a_file(env_file: Path) -> None:
    """By name, as editors and hands make them, and by content under any other name."""
    for name, mode in (
        (".env.production.bak", 0o644),
        (".env.production~", 0o600),
        ("..env.production.swp", 0o640),
    ):
        env_file.with_name(name).write_text("x")
        env_file.with_name(name).chmod(mode)
    for name in (".env.production.example", ".env.staging"):
        env_file.with_name(name).write_text("x")
    other = env_file.with_name("notes of monday.txt")
    other.write_bytes(env_file.read_bytes())
    other.chmod(0o604)
    link = env_file.with_name("link")
    link.symlink_to(env_file)
    parsed = ParsedReply(run("file.modes+file.copies", str(env_file), "").reply())
    modes = {row.split("|")[0]: row.split("|")[1] for row in parsed.known("copy")}
    here = env_file.parent
    assert modes == {
        f"{here}/.env.production.bak": "644",
        f"{here}/.env.production~": "600",
        f"{here}/..env.production.swp": "640",
        f"{here}/notes of monday.txt": "604",
    }
    assert ParsedReply(run("file.modes+file.copies", str(link), "").reply()).known("real") == (str(env_file),)


def test_a_link_is_followed_for_its_mode(env_file: Path) -> None:
    link = env_file.with_name("link")
    link.symlink_to(env_file)
    (row,) = ParsedReply(run("file.modes+file.stat", str(link)).reply()).known("file")
    assert row.split("|")[:3] == [str(link), "regular file", "600"]
    assert row.endswith(f"|link:{env_file}")


def test_a_binary_and_what_only_looks_like_one(tmp_path: Path) -> None:
    program = shutil.which("ls")
    assert program is not None
    parsed = ParsedReply(run("binary.elf", program).reply())
    assert (parsed.text("elf"), parsed.text("static"), parsed.rows("missing")) == ("yes", "no", ())
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    parsed = ParsedReply(run("binary.elf", str(script)).reply())
    assert (parsed.text("elf"), parsed.text("executable")) == ("no", "yes")
    assert parsed.refusal("libraries") is not None


def test_commands_are_found_in_the_directories_searched(tmp_path: Path) -> None:
    tool = tmp_path / "bin" / "frob"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\npwd\necho more\n")
    tool.chmod(0o755)
    ran = run(
        "command.run", "~/bin:/nosuch", "frob --version", "nosuchtool", environment={"HOME": str(tmp_path)}
    )
    assert ran.stdout == "run=frob --version|0|/\nrun=nosuchtool|absent\n"


RUSTUP = """#!/bin/sh
home=${RUSTUP_HOME:-$HOME/.rustup}
[ -e "$home/settings.toml" ] || { mkdir -p "$home" && touch "$home/settings.toml"; } || exit 1
[ -s "$home/settings.toml" ] || { echo "no default toolchain"; exit 1; }
echo rustc 1.80.0
"""
"""What rustup 1.29 does when its proxy is asked for a version: it writes its settings where it finds none."""


@pytest.mark.parametrize(("folder", "settings"), [(".cargo", ".rustup"), ("cargo", "rustup")])
def test_a_program_asked_for_its_version_writes_nothing(folder: str, settings: str, tmp_path: Path) -> None:
    proxy = tmp_path / folder / "bin" / "frobc"
    proxy.parent.mkdir(parents=True)
    proxy.write_text(RUSTUP)
    proxy.chmod(0o755)
    ask = ("command.run", f"~/{folder}/bin", "frobc --version")
    before = set(tmp_path.rglob("*"))
    assert run(*ask, environment={"HOME": str(tmp_path)}).stdout.startswith("run=frobc --version|1|")
    assert set(tmp_path.rglob("*")) == before
    (tmp_path / settings).mkdir()
    (tmp_path / settings / "settings.toml").write_text('default_toolchain = "stable"')
    completed = run(*ask, environment={"HOME": str(tmp_path)}).stdout
    assert completed == "run=frobc --version|0|rustc 1.80.0\n"


def test_secrets_are_what_the_fixture_says(env_file: Path) -> None:
    """Guards the guard: the secrets looked for above really are in the file."""
    text = env_file.read_text()
    assert all("".join(parts) in text for parts in SECRETS.values())
    assert os.stat(env_file).st_mode & 0o777 == 0o600


@pytest.mark.needs("root")
def test_a_link_into_a_closed_directory_is_denied_not_absent(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "env").write_text("A=1\n")
    link = tmp_path / "link"
    link.symlink_to(closed / "env")
    for directory in (tmp_path, *tmp_path.parents[:2]):
        directory.chmod(0o755)
    assert f"!env=denied {link}\n" in unprivileged("env.reader+env.scan", "", str(link), "A", "").stdout
    assert f"!file=denied {link}\n" in unprivileged("file.modes+file.stat", str(link)).stdout
