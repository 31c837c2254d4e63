"""The sudoers lines: exact, without `*`, and not usable for other commands."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness_tui.collectors import catalog
from readiness_tui.model.privilege import Privilege
from readiness_tui.model.probe import Ask, CollectorAsk, Reply
from readiness_tui.model.session import ChecklistRef, Session
from readiness_tui.probes import registry
from readiness_tui.rules.probing.plan import make
from readiness_tui.rules.probing.sudoers import PATTERNS, Refusal, grants, line
from tests.probes.recorded import ASKED_AT, HOST, probed_items, production

USER = "nobody"
EXAMPLES = {
    "NGINX_FILE": "/etc/nginx/sites-enabled/payments",
    "SIBLING": ".env.production.bak",
    "NGINX_DIR": "/etc/nginx/conf.d",
    "PID": "4242",
    "CONNECTION": "user=root,host=h.example,addr=192.0.2.9,laddr=2001:db8::1,lport=22,rdomain=",
    "ACTION": "iptables-multiport",
    "SSH_FILE": "/etc/ssh/sshd_config.d/10-x.conf",
    "FAMILY": "inet",
    "NAME": "filter",
}
ABUSES = (
    "{0} -f /etc/shadow",
    "{0} /etc/shadow",
    "{0} -E /etc/cron.d/zz",
    "{0}/../shadow",
    "-f /etc/shadow {0}",
)
ENV = "/opt/app/.env.production"


def every_command() -> list[str]:
    """Each command that a collector declares, with example arguments where it takes any."""
    found: dict[str, None] = {}
    for name in catalog.names():
        for command in catalog.get(name).privilege((ENV, "NAME", "x", "y")).root:
            found[command] = None
    return list(found)


def called(command: str) -> str:
    """The command as a collector would call it."""
    for word, example in EXAMPLES.items():
        command = command.replace(word, example)
    return command


@pytest.mark.parametrize("expressions", [True, False])
@pytest.mark.parametrize("command", every_command())
def test_no_line_has_a_star_or_leaves_the_arguments_open(command: str, expressions: bool) -> None:
    granted = line(command, expressions=expressions)
    if isinstance(granted, Refusal):
        assert granted.why
        return
    path, _, arguments = granted.partition(" ")
    assert path.startswith(("/usr/", "/lib"))
    assert arguments
    if not arguments.startswith("^"):
        assert "*" not in arguments.replace("\\*", "")


def test_a_command_without_arguments_takes_none() -> None:
    assert line("journalctl", expressions=True) == '/usr/bin/journalctl ""'


@pytest.mark.parametrize("word", ["FILE", "DIRECTORY", "PROGRAM", "SOMETHING_NEW"])
def test_a_word_that_may_be_anything_gets_no_line(word: str) -> None:
    assert isinstance(line(f"cat {word}", expressions=True), Refusal)


def test_a_path_is_taken_literally() -> None:
    needed = catalog.parse("x", "# about: Prints.\n# root: cat {1}\n").privilege(("/opt/a*b/[x].env",))
    assert line(needed.root[0], expressions=True) == r"/usr/bin/cat /opt/a\*b/\[x\].env"


def test_capitals_in_a_path_are_no_placeholder() -> None:
    assert line("cat /opt/NAME/.env", expressions=True) == "/usr/bin/cat /opt/NAME/.env"


def test_a_path_with_a_blank_gets_no_line() -> None:
    """sudo joins arguments with blanks, so one path with a blank is also two paths."""
    needed = catalog.parse("x", "# about: Prints.\n# root: cat {1}\n").privilege(("/opt/my app/.env",))
    granted = grants(USER, [needed])
    assert granted.lines == ()
    assert "blank" in granted.withheld[0][1]


def test_an_old_sudo_gets_process_ids_digit_by_digit() -> None:
    granted = line("readlink /proc/PID/exe", expressions=False)
    assert isinstance(granted, str)
    assert granted.startswith("/usr/bin/readlink /proc/[0-9]/exe, /usr/bin/readlink /proc/[0-9][0-9]/exe")
    assert isinstance(line("sshd -T -C CONNECTION", expressions=False), Refusal)


def test_a_user_name_cannot_carry_another_line() -> None:
    with pytest.raises(ValueError, match="sudoers"):
        grants("a ALL=(ALL) ALL\nb", [])


def test_commands_of_other_users_are_withheld() -> None:
    granted = grants(USER, [Privilege(as_user=(("postgres", "psql"),), groups=("adm",))])
    assert granted.lines == ()
    assert granted.groups == ("adm",)
    assert dict(granted.withheld) == {
        "psql (as postgres)": "it can start other programs; give the account a role or group"
    }


@pytest.fixture(scope="module")
def sudoers_d(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sudoers.d")
    granted = grants(USER, [Privilege(root=tuple(every_command()))])
    file = folder / "readiness"
    file.write_text("".join(each + "\n" for each in granted.lines))
    file.chmod(0o440)
    folder.chmod(0o755)
    return folder


def allowed(folder: Path, *commands: str) -> list[bool]:
    """The answer of the real sudo for each command, with the folder mounted over /etc/sudoers.d."""
    script = f"mount --bind {folder} /etc/sudoers.d\n" + "".join(
        f"if sudo -n -l -U {USER} {command} >/dev/null 2>&1; then echo yes; else echo no; fi\n"
        for command in commands
    )
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, check=True)
    return [answer == "yes" for answer in done.stdout.split()]


def quoted(command: str) -> str:
    program, _, arguments = command.partition(" ")
    words = " ".join("'" + word + "'" for word in arguments.split(" ") if word)
    return f"{program} {words}"


@pytest.mark.needs("root", "sudo")
def test_visudo_takes_every_line(sudoers_d: Path) -> None:
    subprocess.run(["visudo", "-c", "-f", str(sudoers_d / "readiness")], check=True, capture_output=True)


@pytest.mark.needs("root", "sudo")
def test_the_real_sudo_allows_what_is_declared_and_nothing_more(sudoers_d: Path) -> None:
    """Every line, tried with a second path, another file, a log file, `..` and an option before it."""
    honest = [
        "sshd -T -C CONNECTION",
        "cat /opt/app/.env.production",
        "readlink /proc/PID/exe",
        "stat -L -c %y|%z SSH_FILE",
    ]
    calls = [called(command) for command in honest if command in every_command()]
    assert len(calls) >= 3
    assert allowed(sudoers_d, *map(quoted, calls)) == [True] * len(calls)
    abuses = []
    for command in every_command():
        if isinstance(line(command, expressions=True), Refusal):
            continue
        program, _, arguments = called(command).partition(" ")
        for abuse in ABUSES:
            abuses.append(f"{program} {abuse.format(arguments)}")
    answers = allowed(sudoers_d, *map(quoted, abuses))
    assert [abuse for abuse, yes in zip(abuses, answers, strict=True) if yes] == []


def test_placeholders_take_no_blank_and_no_leading_dash() -> None:
    for word, pattern in PATTERNS.items():
        assert re.fullmatch(pattern, EXAMPLES[word])
        for bad in ("-f", f"{EXAMPLES[word]} /etc/shadow", f"{EXAMPLES[word]}/../x", "a\nb"):
            assert not re.fullmatch(pattern, bad)


def session() -> Session:
    checklist = production()
    return Session(
        launch="demo",
        day=ASKED_AT.date(),
        checklist=ChecklistRef(id=checklist.id, version=checklist.version, digest=checklist.digest),
        operator="ana",
        parameters={"app_name": "app", "domains": ["api.example.com"], "releases_dir": "/opt/app/releases"},
        hosts=(HOST,),
    )


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from([item.id for item in probed_items()]), min_size=1, max_size=8))
def test_plan_record_and_sudoers_are_the_same_set(only: set[str]) -> None:
    """What is shown before, what is kept of a run, and what an account is granted come from one source."""
    plan = make(production(), session(), registry.build, only=sorted(only))
    asked = [*plan.asks().get(HOST.name, {}), *plan.announced().get(HOST.name, {})]
    planned = {command for ask in asks_of_collectors(asked) for command in ask.privilege.root}
    replies = [Reply(host=HOST.name, ask=ask, asked_at=ASKED_AT) for ask in asked]
    kept = [Reply.model_validate_json(reply.model_dump_json()).ask for reply in replies]
    recorded = {command for ask in asks_of_collectors(kept) for command in ask.privilege.root}
    found = grants(USER, plan.privileges(HOST.name))
    exact = {command: line(command, expressions=True) for command in planned}
    lines = {f"{USER} ALL=(root) NOPASSWD: {each}" for each in exact.values() if isinstance(each, str)}
    withheld = {command for command, each in exact.items() if isinstance(each, Refusal)}
    assert recorded == planned
    assert set(found.lines) == lines
    assert withheld <= {command for command, _ in found.withheld}


def asks_of_collectors(asks: Sequence[Ask]) -> list[CollectorAsk]:
    return [ask for ask in asks if isinstance(ask, CollectorAsk)]
