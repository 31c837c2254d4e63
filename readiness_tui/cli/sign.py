"""`readiness sign`: a lead's signature over the page of a launch."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from readiness_tui.cli.support.opened import Work, to_work
from readiness_tui.cli.support.options import launch_argument, operator_option, sessions_option
from readiness_tui.cli.support.passphrases import with_passphrase
from readiness_tui.cli.support.printing import data, raw, say
from readiness_tui.errors import UsageError
from readiness_tui.model.answer import Decision, Signoff
from readiness_tui.rules import edits
from readiness_tui.signing.statement import Statement
from readiness_tui.workspace import signing_off
from readiness_tui.workspace.keys import signature_over
from readiness_tui.workspace.signing_off import Wish

DECISIONS = [decision.value for decision in Decision]


@click.command(short_help="Sign the page of a launch: go or no-go.")
@launch_argument
@click.option("--role", metavar="ROLE", help="The role you sign for.")
@click.option("--decision", type=click.Choice(DECISIONS), help="Your decision.")
@click.option(
    "--who", default="", metavar="WHO", help="Your name in allowed_signers (default: the operator)."
)
@click.option(
    "--condition", "conditions_", multiple=True, metavar="C", help="TEXT | owner WHO | due YYYY-MM-DD."
)
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A private key file, or the .pub file of a key in the agent.",
)
@click.option(
    "--request",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write the files to sign on another machine.",
)
@click.option(
    "--accept", type=click.Path(path_type=Path), metavar="SIG", help="Record the signature ROLE.txt.sig."
)
@click.option("--unsigned", is_flag=True, help="Record a signature on paper, marked UNSIGNED.")
@click.option("--withdraw", metavar="REASON", help="Withdraw the role's signature.")
@click.option("--confirm", metavar="LAUNCH", help="The launch's name, to confirm without a terminal.")
@operator_option
@sessions_option
def command(
    launch: str,
    role: str | None,
    decision: str | None,
    who: str,
    conditions_: tuple[str, ...],
    key: Path | None,
    request: Path | None,
    accept: Path | None,
    unsigned: bool,
    withdraw: str | None,
    confirm: str | None,
    operator: str | None,
    sessions: str | None,
) -> None:
    """Sign the page of a launch, after reading it.

    Sign with the agent's key, with --key, or on another machine: --request writes page.txt and ROLE.txt,
    the lead signs with ssh-keygen, and --accept records the signature.
    """
    if sum(map(bool, (request, accept, unsigned, withdraw))) > 1:
        raise UsageError("--request, --accept, --unsigned and --withdraw exclude each other")
    with to_work(sessions, launch, operator) as work:
        if accept is not None:
            _take_in(work, signing_off.accepted(accept))
            return
        if role is None:
            raise UsageError("--role is required")
        if withdraw is not None:
            work.assessment.apply(edits.WithdrawSignoff(role, withdraw))
            work.save()
            data(f"withdrawn: the sign-off of {role}")
            return
        if decision is None:
            raise UsageError("--decision is required")
        name = who or work.assessment.operator
        _tell_changes(work, role)
        said = signing_off.statement_of(work.assessment, Wish(role, decision, name, conditions_))
        if request is not None:
            _request(work, said, request)
        elif unsigned:
            _take_in(work, said.signoff())
        else:
            _sign(work, said, key, confirm)


def _tell_changes(work: Work, role: str) -> None:
    """Say what differs from the page that this role signed last."""
    since = signing_off.since_signed(work.assessment, _folder(work), role)
    if since is None:
        return
    say(f"{since}{':' if since.changes else ''}")
    for change in since.changes:
        say(f"{'-' if change.worse else '+'} {change}")


def _folder(work: Work) -> Path:
    return work.launch.sessions.folder_of(work.assessment.session.launch)


def _request(work: Work, said: Statement, folder: Path) -> None:
    file, line = signing_off.request(work.assessment, said, folder)
    say(f"{said.who} reads page.txt, compares its sha256 with the statement, and signs with:")
    data(line)
    name = shlex.quote(work.assessment.session.launch)
    say(f"then: readiness sign {name} --accept {shlex.quote(str(file))}.sig")


def _sign(work: Work, said: Statement, key: Path | None, confirm: str | None) -> None:
    name = work.assessment.session.launch
    if confirm is None:
        if not sys.stdin.isatty():
            raise UsageError("not a terminal: read the page first, then --confirm LAUNCH")
        click.echo_via_pager(signing_off.page_for(work.assessment, said.role))
        raw(said.text())
        confirm = click.prompt("Type the launch's name to sign this", err=True)
    if confirm != name:
        raise UsageError(f"not signed: {confirm!r} is not the launch's name")
    message = said.text().encode()
    _take_in(work, said.signoff(with_passphrase(lambda word: signature_over(message, key, word))))


def _take_in(work: Work, signoff: Signoff) -> None:
    signing_off.take_in(work.assessment, _folder(work), signoff)
    work.save()
    word = "signed" if signoff.signature else "UNSIGNED"
    data(f"{word}: {signoff.role}, {signoff.decision} by {signoff.who} over {signoff.seal}")
