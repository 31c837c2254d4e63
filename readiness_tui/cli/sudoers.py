"""`readiness sudoers`: the sudoers lines and groups that the plan needs on one host."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import click
from pydantic import BaseModel

from readiness_tui.cli.support.opened import to_read
from readiness_tui.cli.support.options import Place, json_option, place_argument, sessions_option
from readiness_tui.cli.support.printing import data, raw, say
from readiness_tui.errors import ReadinessError, UsageError
from readiness_tui.model.inventory import Address, Host
from readiness_tui.rules.probing.sudoers import EXPRESSIONS_SINCE, Grants, grants

DEFAULT_USER = "readiness"


class SudoersView(BaseModel):
    """The output of `sudoers --json`. withheld: commands without an exact line, with the reason."""

    host: str
    user: str
    lines: tuple[str, ...]
    groups: tuple[str, ...]
    withheld: dict[str, str]


@click.command(short_help="Print the exact privileges that the plan needs on a host.")
@place_argument
@click.option("--host", "name", required=True, help="The host, by its name in the launch.")
@click.option(
    "--user", default="", help="The account (default: the host's login in the launch, else readiness)."
)
@click.option("--only", multiple=True, metavar="GLOB", help="Only what these items need.")
@click.option("--sudo", "version", default="1.9.10", show_default=True, help="The host's sudo version.")
@json_option
@sessions_option
def command(
    place: Place,
    name: str,
    user: str,
    only: tuple[str, ...],
    version: str,
    as_json: bool,
    sessions: str | None,
) -> None:
    """Print the exact privileges that the plan needs on a host, without connecting.

    Write the lines to /etc/sudoers.d/readiness on the host (mode 0440) and check them there with
    `visudo -cf`. sudo before 1.9.10 does not support regular expressions: give its version with --sudo.
    """
    launch = to_read(sessions, place)
    plan = launch.plan(only=only, hosts=(name,))
    host = plan.hosts.get(name)
    if host is None:
        raise UsageError(f"no probe needs a shell on {name}", hint="check its roles")
    account = user or _login(host) or DEFAULT_USER
    try:
        granted = grants(account, plan.privileges(name), expressions=_version(version) >= EXPRESSIONS_SINCE)
    except ValueError as error:
        raise UsageError(str(error), hint="choose another account with --user") from error
    if granted.lines:
        _validate(granted)
    view = SudoersView(
        host=name, user=account, lines=granted.lines, groups=granted.groups, withheld=dict(granted.withheld)
    )
    if as_json:
        raw(view.model_dump_json(indent=2) + "\n")
    else:
        _print(view)


def _print(view: SudoersView) -> None:
    data(f"# What the readiness plan runs as root on {view.host}; check with: visudo -cf FILE")
    for line in view.lines:
        if "/environ" in line:
            data("# optional: this allows reading the environment of every process, with all its secrets")
        data(line)
    for command_line, why in view.withheld.items():
        data(f"# no line for: {command_line}: {why}")
    if view.groups:
        data(f"# no root needed for logs: usermod -aG {','.join(view.groups)} {view.user}")
    say(f"{len(view.lines)} lines for {view.user} on {view.host}; no connection was made")


def _login(host: Host) -> str:
    """The user in the host's address; empty if ssh_config decides."""
    return Address.parse(host.address).user


def _version(text: str) -> tuple[int, ...]:
    match = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    if match is None:
        raise UsageError(f"{text!r} is not a version of sudo", hint="see `sudo -V` on the host")
    return tuple(int(part or 0) for part in match.groups())


def _validate(granted: Grants) -> None:
    """Check the lines with this machine's visudo, if it is installed. Raises ReadinessError."""
    visudo = shutil.which("visudo", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if visudo is None:
        return
    text = "".join(line + "\n" for line in granted.lines)
    done = subprocess.run([visudo, "-c", "-f", "-"], input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr or done.stdout).strip().splitlines()
        raise ReadinessError(f"visudo rejects the lines: {reason[0] if reason else 'no reason given'}")
