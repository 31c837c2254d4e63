from __future__ import annotations

import subprocess
from pathlib import Path

import asyncssh
import pytest

from readiness_tui.transports.ssh.known_hosts import KnownHosts, KnownHostsFiles
from tests.sshd import keygen


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("keys")
    paths = [keygen(folder / f"key{n}").with_suffix(".pub") for n in range(3)]
    return [" ".join(path.read_text().split()[:2]) for path in paths]


def shown(found: tuple[asyncssh.SSHKey, ...]) -> list[str]:
    return [" ".join(key.export_public_key().decode().split()[:2]) for key in found]


def test_a_name_is_found_in_every_way_to_write_it(keys: list[str]) -> None:
    a, b, c = keys
    known = KnownHosts([f"web,10.0.0.5 {a}\n*.internal,!bad.internal {b}\n[web]:2222 {c}\n# web {b}\n"])
    assert shown(known.trusted("web", 22).keys) == [a]
    assert shown(known.trusted("WEB", 22).keys) == [a]
    assert shown(known.trusted("10.0.0.5", 22).keys) == [a]
    assert shown(known.trusted("web", 2222).keys) == [c], "the port's own entry comes before the name's"
    assert shown(known.trusted("web", 2223).keys) == [a], "as ssh does"
    assert shown(known.trusted("db.internal", 22).keys) == [b]
    assert known.trusted("bad.internal", 22).keys == ()
    assert known.trusted("other", 22).keys == ()


@pytest.mark.needs("ssh")
def test_hashed_names_as_ssh_keygen_writes_them(keys: list[str], tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    path.write_text(f"web {keys[0]}\n[web]:2222 {keys[1]}\ndb {keys[2]}\n")
    subprocess.run(["ssh-keygen", "-H", "-f", path], check=True, capture_output=True)
    assert "web" not in path.read_text()
    known = KnownHostsFiles().read([path])
    assert shown(known.trusted("web", 22).keys) == [keys[0]]
    assert shown(known.trusted("web", 2222).keys) == [keys[1]]
    assert known.trusted("cache", 22).keys == ()


def test_authorities_and_revoked_keys_are_kept_apart(keys: list[str]) -> None:
    a, b, c = keys
    known = KnownHosts(
        [f"@cert-authority *.internal {a}\n@revoked * {b}\nx.internal {c}\n@revoked [x.internal]:99 {c}\n"]
    )
    trusted = known.trusted("x.internal", 22)
    assert (shown(trusted.keys), shown(trusted.authorities), shown(trusted.revoked)) == ([c], [a], [b])
    elsewhere = known.trusted("x.internal", 99)
    assert shown(elsewhere.revoked) == [c, b], "revoked for the port holds although the key is the name's"


def test_lines_that_cannot_be_read_do_not_hide_the_others(keys: list[str]) -> None:
    bad = "web\nweb not-a-key\n|1|broken|x ssh-ed25519 AAAA\n@unknown web x y\n"
    bad += "web ssh-ed25519 !!!!\n@revoked\n\x00\n"
    known = KnownHosts([bad + f"web {keys[0]}\n"])
    assert shown(known.trusted("web", 22).keys) == [keys[0]]


def test_a_file_is_read_again_only_when_it_changed(keys: list[str], tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    files = KnownHostsFiles()
    assert files.read([path]).trusted("web", 22).keys == ()
    path.write_text(f"web {keys[0]}\n")
    first = files.read([path])
    assert shown(first.trusted("web", 22).keys) == [keys[0]]
    assert files.read([path]) is first
    path.write_text(f"web {keys[0]}\nweb {keys[1]}\n")
    assert shown(files.read([path]).trusted("web", 22).keys) == keys[:2]
