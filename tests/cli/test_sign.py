"""Sign, verify, waive, attach, gate and bundle, with the real ssh-keygen."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import SMALL, Readiness

LISTED = SMALL.replace("unsigned: true\n", "")
WHO = "kim@example.com"
SIGN = ("--role", "technical", "--decision", "go", "--who", WHO)


@pytest.fixture
def key(home: Path, readiness: Readiness) -> Path:
    """A launch with everything answered, and the key of the lead who may sign it."""
    (home / "small.yaml").write_text(LISTED)
    made = readiness("new", "demo", "--checklist", "small.yaml", "--host", "web=local,app")
    assert made.status == 0, made.err
    from readiness_tui.launch import load_checklist

    for item in load_checklist("small.yaml").items:
        assert readiness("answer", "demo", item, "done", "--reason", "seen").status == 0
    path = home / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    public = " ".join(path.with_suffix(".pub").read_text().split()[:2])
    (home / "kept" / "demo" / "allowed_signers").write_text(f'{WHO} namespaces="readiness-tui" {public}\n')
    return path


def test_a_lead_signs_and_the_gate_is_go(key: Path, readiness: Readiness) -> None:
    assert readiness("gate", "demo").status == 1
    signed = readiness("sign", "demo", *SIGN, "--key", str(key), "--confirm", "demo")
    assert signed.status == 0, signed.err
    gate = readiness("gate", "demo")
    assert gate.status == 0, gate.out
    verified = readiness("verify", "demo")
    assert verified.status == 0, verified.out
    assert "SHA256:" in verified.out
    kept = list((key.parent / "kept" / "demo" / "signed").glob("*/page.txt"))
    assert len(kept) == 1
    assert kept[0].stat().st_mode & 0o777 == 0o400
    readiness("answer", "demo", "paper.run.book", "--note", "one more thing")
    assert readiness("gate", "demo").status == 1
    assert "signed an earlier state" in readiness("gate", "demo").out
    assert readiness("verify", "demo").status == 1


def test_a_lead_who_has_only_ssh_keygen(key: Path, readiness: Readiness) -> None:
    asked = readiness("sign", "demo", *SIGN, "--request", "out")
    assert asked.status == 0, asked.err
    words = asked.out.split()
    assert words[:4] == ["ssh-keygen", "-Y", "sign", "-n"]
    words[words.index("-f") + 1] = str(key)
    subprocess.run(words, cwd="out", check=True, capture_output=True)
    accepted = readiness("sign", "demo", "--accept", "out/technical.txt.sig")
    assert accepted.status == 0, accepted.err
    assert readiness("gate", "demo").status == 0
    text = Path("out/page.txt").read_text()
    Path("out/page.txt").write_text(text)
    statement = Path("out/technical.txt")
    statement.write_text(statement.read_text().replace("decision: go", "decision: no-go"))
    assert readiness("sign", "demo", "--accept", "out/technical.txt.sig").status == 2


def test_what_is_refused(key: Path, readiness: Readiness, home: Path) -> None:
    other = home / "other"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(other)], check=True)
    refused = readiness("sign", "demo", *SIGN, "--key", str(other), "--confirm", "demo")
    assert refused.status == 2
    assert "no entry" in refused.err
    assert readiness("sign", "demo", *SIGN, "--key", str(key), "--confirm", "other").status == 2
    assert readiness("sign", "demo", *SIGN, "--key", str(key)).status == 2
    unsigned = readiness("sign", "demo", *SIGN, "--unsigned")
    assert unsigned.status == 0
    assert "UNSIGNED" in readiness("gate", "demo").out
    assert readiness("gate", "demo").status == 1
    assert readiness("sign", "demo", "--role", "technical", "--withdraw", "wrong launch").status == 0
    assert "has not signed" in readiness("gate", "demo").out


def test_a_session_edited_by_hand_to_say_go(key: Path, readiness: Readiness, home: Path) -> None:
    readiness("sign", "demo", "--role", "technical", "--decision", "no-go", "--who", WHO, "--key", str(key),
              "--confirm", "demo")  # fmt: skip
    assert "signed no-go" in readiness("gate", "demo").out
    file = next((home / "kept" / "demo").glob("*.toml"))
    file.write_text(file.read_text().replace('decision = "no-go"', 'decision = "go"'))
    gate = readiness("gate", "demo")
    assert gate.status == 1
    assert "differs from the signed statement" in gate.out


def test_a_waiver_and_its_bounds(key: Path, readiness: Readiness) -> None:
    book = ("waive", "demo", "paper.run.book", "--reason", "later", "--owner", "lee")
    assert readiness(*book, "--approver", "lee", "--until", "2026-12-01").status == 2
    assert readiness(*book, "--approver", "kim", "--until", "2099-12-01").status == 2
    assert readiness(*book, "--approver", "kim", "--until", "20261201").status == 2


def test_an_attachment_is_kept_under_its_digest(key: Path, readiness: Readiness, home: Path) -> None:
    (home / "drill.pdf").write_bytes(b"it worked")
    done = readiness("attach", "demo", "paper.run.book", "drill.pdf", "--as-of", "2026-11-20")
    assert done.status == 0, done.err
    kept = list((home / "kept" / "demo" / "evidence").iterdir())
    assert [path.read_bytes() for path in kept] == [b"it worked"]
    assert readiness("attach", "demo", "paper.run.book", "/dev/zero").status == 2


def test_the_bundle_is_verified_by_two_lines_without_this_program(
    key: Path, readiness: Readiness, home: Path
) -> None:
    (home / "drill.pdf").write_bytes(b"it worked")
    readiness("attach", "demo", "paper.run.book", "drill.pdf")
    readiness("sign", "demo", *SIGN, "--key", str(key), "--confirm", "demo")
    for name in ("one.tar", "two.tar"):
        done = readiness("export", "demo", "--format", "bundle", "-o", name)
        assert done.status == 0, done.err
    assert Path("one.tar").read_bytes() == Path("two.tar").read_bytes()
    assert readiness("verify", "one.tar").status == 0
    out = home / "unpacked"
    out.mkdir()
    subprocess.run(["tar", "-xf", str(home / "one.tar"), "-C", str(out)], check=True)
    lines = (out / "VERIFY.md").read_text().split("```")[1].removeprefix("sh\n")
    checked = subprocess.run(["sh", "-c", lines], cwd=out, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    for name in ("page.txt", "signoff/technical.txt", "session.toml"):
        kept = (out / name).read_bytes()
        (out / name).write_bytes(kept.replace(b"demo", b"dame"))
        again = subprocess.run(["sh", "-c", lines], cwd=out, capture_output=True, check=False)
        assert again.returncode != 0, name
        (out / name).write_bytes(kept)


def test_with_the_policy_role_only_that_role_signs_again_and_sees_the_difference(
    key: Path, readiness: Readiness, home: Path
) -> None:
    roles = "resign: role\nroles:\n  - {id: security, title: Security Lead}\n"
    both = LISTED.replace("roles:\n", roles, 1)
    both += (
        "          - {id: paper.run.keys, text: Keys rotated, mode: manual, severity: major,\n"
        "             role: security,\n"
        "             why: w, how: h}\n"
    )
    (home / "small.yaml").write_text(both)
    assert readiness("answer", "demo", "paper.run.keys", "done").status == 0
    for role in ("technical", "security"):
        signed = readiness("sign", "demo", "--role", role, *SIGN[2:], "--key", str(key), "--confirm", "demo")
        assert signed.status == 0, signed.err
    assert readiness("gate", "demo").status == 0
    readiness("answer", "demo", "paper.run.keys", "--note", "rotated twice")
    gate = readiness("gate", "demo")
    assert gate.out.count("signed an earlier state") == 1
    again = readiness("sign", "demo", "--role", "security", *SIGN[2:], "--key", str(key), "--confirm", "demo")
    assert again.status == 0, again.err
    assert [line for line in again.err.splitlines() if line[:1] in "+-"] == [
        "+   note:",
        "+     rotated twice",
    ]
    assert readiness("gate", "demo").status == 0
    assert readiness("verify", "demo").status == 0
