"""The reader of environment files against what systemd 252 made of the same files.

`environment_files.jsonl` holds 300 generated files (quotes, escapes, CR, BOM, invalid UTF-8, NUL,
UTF-16) and the variables that a unit with that EnvironmentFile= had in /proc/self/environ; none where
systemd refused to start the unit. The bytes are hexadecimal.
"""

from __future__ import annotations

import json
import random
import string
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from tests.probes.shells import SHELLS, run

_FILE = Path(__file__).with_name("environment_files.jsonl")
RECORDED = [json.loads(line) for line in _FILE.read_text().splitlines()]
AWKS = ("mawk", "gawk --posix", "busybox awk")


def table(shell: tuple[str, ...], awk: str, *paths: Path) -> list[list[str]]:
    """The lines the reader's awk prints for each file."""
    reader = files("readiness_tui.collectors").joinpath("env.reader.sh").read_text()
    loop = """
for f in "$@"; do
  { echo "F 0 $f"; od -An -v -tx1 "$f"; echo Z; } | AWK -v version=252 "$ENV_AWK"; echo "end"
done
""".replace("AWK -v", f"{awk} -v")
    done = subprocess.run(
        [*shell, *map(str, paths)],
        input=f'{reader}\nmain() {{\n{loop}\n}}\nmain "$@" </dev/null\n',
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin:/usr/sbin", "LC_ALL": "C"},
    )
    assert done.stderr == ""
    return [part.splitlines() for part in done.stdout.split("end\n")[:-1]]


@pytest.mark.needs("busybox", "bash", "mawk", "gawk")
@pytest.mark.parametrize("awk", AWKS)
@pytest.mark.parametrize("shell", SHELLS)
def test_the_reader_agrees_with_systemd(shell: str, awk: str, tmp_path: Path) -> None:
    paths = []
    for number, row in enumerate(RECORDED):
        paths.append(tmp_path / f"{number}.env")
        paths[-1].write_bytes(bytes.fromhex(row["file"]))
    for row, lines in zip(RECORDED, table(SHELLS[shell], awk, *paths), strict=True):
        read = any(line.startswith("f ") and "|read|" in line for line in lines)
        held = {line.split(" ")[1]: line.split(" ")[2] for line in lines if line.startswith("v ")}
        assert (held if read else None) == row["variables"], row["file"]


def scan(path: Path, names: str, shell: str = "dash") -> str:
    return run("env.reader+env.scan", "", str(path), names, "STELLAR_", shell=SHELLS[shell]).stdout


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("X=changeme", "len 8|classes 1|placeholder,"),
        (
            "X=sk_live_your-secret-key-goes-here-please-000000000",
            "len 50|classes 3|placeholder,sk_live,weak,",
        ),
        ("X=sk_live_" + "x" * 32, "len 40|classes 2|placeholder,sk_live,weak,"),
        ("X=sk_live_0a1b2c3d4e5f60718293a4b5c6d7e8f901234567", "len 48|classes 3|sk_live,"),
        ("X=sk_live_" + "ab" * 20, "len 48|classes 2|sk_live,weak,"),
        ("X=https://horizon-testnet.stellar.org", "len 35|classes 2|testnet,"),
        ("X=''", "len 0|classes 0|empty,"),
        ("X=${SECRET}", "len 9|classes 2|placeholder,"),
        ("X='<your key>'", "len 10|classes 2|placeholder,blank,"),
        ("X=contested-attestation", "len 21|classes 2|"),
    ],
)
def test_the_shape_of_a_value(text: str, row: str, tmp_path: Path) -> None:
    path = tmp_path / "env"
    path.write_text(text + "\n")
    assert f"var=X|{row}|{path}|none|\n" in scan(path, "X")


def test_values_that_may_be_shown_are_only_words_such_settings_take(tmp_path: Path) -> None:
    path = tmp_path / "env"
    path.write_text("RUST_LOG=INFO,my_crate=debug\nLOG_LEVEL=hunter2\nSTELLAR_NETWORK=SB3KJUM2SECRETSEED\n")
    rows = {
        line.split("|")[0]: line.rpartition("|")[2] for line in scan(path, "RUST_LOG,LOG_LEVEL").splitlines()
    }
    assert rows["var=RUST_LOG"] == "info,my_crate=debug"
    assert rows["var=LOG_LEVEL"] == ""
    assert rows["var=STELLAR_NETWORK"] == ""


def test_a_key_in_quotes_over_lines_is_one_variable_and_nothing_of_it_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "env"
    path.write_text(
        'JWT_KEY="-----BEGIN PRIVATE KEY-----\nQmFzZTY0TGluZQ==\nTGFzdA=\n-----END PRIVATE KEY-----"\nA=1\n'
    )
    text = scan(path, "JWT_KEY,A")
    assert "variables=2\n" in text
    assert "QmFz" not in text
    assert "TGFz" not in text


def canaries(chance: random.Random) -> tuple[bytes, list[str]]:
    """A file of random structure, and the secrets that stand anywhere in it, names included."""
    found: list[str] = []
    parts: list[bytes] = []
    around = [
        "A={}\n",
        'B="{}"\n',
        "export {}=\n",
        "{}=\n",
        '"{}"\n',
        "C='x\n{}=\ny'\n",
        "# {}\n",
        "D={}\\\n",
        "{}\n",
    ]
    around += ["RUST_LOG={}\n", "LOG_LEVEL=info,{}\n", "STELLAR_NETWORK={}\n", "STELLAR_{}=x\n", "E=\x00{}\n"]
    around += [
        "DATABASE_URL=postgres://u:{}@127.0.0.1:1/d\n",
        "DATABASE_URL={}\n",
        "REDIS_URL=redis://{}@127.0.0.1:1\n",
    ]
    around += ["DATABASE_URL=postgres://{}:1\n", "REDIS_URL=redis://127.0.0.1:1/{}\n"]
    around += [
        "DATABASE_URL=postgres://u:1/{}@127.0.0.1:1/d\n",
        "REDIS_URL=redis://:a#{}@127.0.0.1:1\n",
        "{}=x|y\n",
        "DATABASE_URL={}://127.0.0.1\n",
    ]
    for _ in range(chance.randint(1, 8)):
        secret = "".join(chance.choice(string.ascii_letters + string.digits) for _ in range(24))
        found.append(secret)
        parts.append(
            chance.choice(around).format(secret).encode(chance.choice(["utf-8", "utf-8", "utf-8", "utf-16"]))
        )
    return b"".join(parts), found


@pytest.mark.needs("busybox", "postgresql", "redis")
@pytest.mark.parametrize("seed", range(30))
def test_no_byte_of_a_value_leaves_the_host(seed: int, tmp_path: Path) -> None:
    """Canaries as values, names, comments and parts of URLs, in files that may be broken in any way."""
    chance = random.Random(seed)
    path = tmp_path / "env"
    text, secrets = canaries(chance)
    path.write_bytes(text)
    shell = SHELLS[chance.choice(list(SHELLS))]
    names = "A,B,C,D,E,RUST_LOG,LOG_LEVEL,STELLAR_NETWORK,DATABASE_URL,REDIS_URL"
    ran = [
        run("env.reader+env.scan", "", str(path), names, "(STELLAR_|HORIZON)", shell=shell),
        run("env.reader+env.url+env.dblogin", "", str(path), "DATABASE_URL", shell=shell),
        run("env.reader+env.url+env.redislogin", "", str(path), "REDIS_URL", shell=shell),
    ]
    for one in ran:
        assert one.exit == 0, one.stderr
        shown = (one.stdout + one.stderr).lower()
        for secret in secrets:
            pieces = [secret[i : i + 8].lower() for i in range(len(secret) - 7)]
            assert [piece for piece in pieces if piece in shown] == [], one.stdout
