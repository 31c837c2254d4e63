"""`readiness sign`: a lead's signature over the page of a launch."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from difflib import ndiff
from pathlib import Path

import click

from readiness_tui.cli.support.opened import Work, to_work
from readiness_tui.cli.support.options import launch_argument, operator_option, sessions_option
from readiness_tui.cli.support.printing import data, raw, say
from readiness_tui.errors import UsageError
from readiness_tui.model.answer import Decision, Signoff
from readiness_tui.rules import edits
from readiness_tui.rules.decision.page import page, scope_of, seal
from readiness_tui.rules.decision.signoffs import conditions
from readiness_tui.signing import statement
from readiness_tui.signing.statement import NAMESPACE, Statement
from readiness_tui.store import atomic, attachments, codec, signed

DECISIONS = [decision.value for decision in Decision]


@dataclass(frozen=True, slots=True)
class Wish:
    """The options of `sign`: what to sign, and how."""

    role: str
    decision: str
    who: str
    conditions: tuple[str, ...]
    key: Path | None
    confirm: str | None


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
            _accept(work, accept)
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
        signed_statement = _statement(work, Wish(role, decision, name, conditions_, key, confirm))
        if request is not None:
            _request(work, signed_statement, request)
        elif unsigned:
            _record(work, signed_statement.signoff())
        else:
            _sign(work, signed_statement, key, confirm)


def _statement(work: Work, wish: Wish) -> Statement:
    """The statement over the present page. Raises UsageError for invalid options."""
    assessment = work.assessment
    roles = [role.id for role in assessment.checklist.roles]
    if wish.role not in roles:
        raise UsageError(
            f"no sign-off role {wish.role!r} in this checklist", hint="roles: " + ", ".join(roles)
        )
    decision = Decision(wish.decision)
    if (decision is Decision.GO_WITH_CONDITIONS) != bool(wish.conditions):
        raise UsageError("--condition and --decision go-with-conditions need each other")
    for condition in wish.conditions:
        if len(parsed := conditions(condition)) != 1 or parsed[0].due is None:
            raise UsageError("write a condition as 'TEXT | owner WHO | due YYYY-MM-DD'")
    scope = scope_of(assessment.checklist, wish.role)
    return Statement(
        launch=assessment.session.launch,
        role=wish.role,
        who=statement.principal(wish.who),
        decision=decision,
        conditions=wish.conditions,
        at=assessment.now(),
        page=seal(assessment.checklist, assessment.session, scope),
        scope=scope,
    )


def _tell_changes(work: Work, role: str) -> None:
    """Print the lines of the page that changed since this role signed last."""
    session = work.assessment.session
    last = next((given for given in session.signoffs if given.role == role), None)
    kept = signed.page(work.launch.sessions.folder_of(session.launch), last.seal) if last else None
    if last is None or kept is None:
        return
    changes = [line for line in ndiff(kept.splitlines(), _present(work, role)) if line[0] in "+-"]
    say(
        f"{len(changes)} changed lines since {last.who} signed:"
        if changes
        else f"unchanged since {last.who} signed"
    )
    for line in changes:
        say(line)


def _present(work: Work, role: str) -> list[str]:
    return _page(work, scope_of(work.assessment.checklist, role)).splitlines()


def _page(work: Work, scope: str) -> str:
    return page(work.assessment.checklist, work.assessment.session, scope)


def _request(work: Work, signed_statement: Statement, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    atomic.write(folder / "page.txt", _page(work, signed_statement.scope).encode())
    file = folder / f"{signed_statement.role}.txt"
    atomic.write(file, signed_statement.text().encode())
    say(f"{signed_statement.who} reads page.txt, compares its sha256 with the statement, and signs with:")
    data(f"ssh-keygen -Y sign -n {NAMESPACE} -f ~/.ssh/id_ed25519 {file.name}")
    name = shlex.quote(work.assessment.session.launch)
    say(f"then: readiness sign {name} --accept {shlex.quote(str(file))}.sig")


def _accept(work: Work, file: Path) -> None:
    if file.suffix != ".sig":
        raise UsageError("give the path of the signature, ROLE.txt.sig", where=str(file))
    text, signature = (_text(path) for path in (file.with_suffix(""), file))
    signed_statement = statement.read(text)
    _record(work, signed_statement.signoff(signature))


def _text(path: Path) -> str:
    try:
        return attachments.read(path).decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError("not UTF-8", where=str(path)) from None


def _sign(work: Work, signed_statement: Statement, key: Path | None, confirm: str | None) -> None:
    from readiness_tui.signing import signature  # imports asyncssh

    name = work.assessment.session.launch
    if confirm is None:
        if not sys.stdin.isatty():
            raise UsageError("not a terminal: read the page first, then use --confirm LAUNCH")
        click.echo_via_pager(_page(work, signed_statement.scope))
        raw(signed_statement.text())
        confirm = click.prompt("Type the launch's name to sign this", err=True)
    if confirm != name:
        raise UsageError(f"not signed: {confirm!r} is not the launch's name")
    message = signed_statement.text().encode()
    if key is not None and key.suffix != ".pub":
        try:
            made = signature.sign_with_file(message, key)
        except UsageError as error:
            if "assphrase" not in error.message or not sys.stdin.isatty():
                raise
            made = signature.sign_with_file(
                message, key, click.prompt("Passphrase", hide_input=True, err=True)
            )
    else:
        made = signature.sign_with_agent(message, key)
    _record(work, signed_statement.signoff(made))


def _record(work: Work, signoff: Signoff) -> None:
    """Verify the sign-off and save it. Raises UsageError with the reason if it does not count."""
    assessment = work.assessment
    scope = scope_of(assessment.checklist, signoff.role)
    text = _page(work, scope)
    if signoff.seal != seal(assessment.checklist, assessment.session, scope):
        raise UsageError("the page changed since this statement was written", hint="ask for a new signature")
    if signoff.signature and (why := assessment.check(assessment.session, signoff)):
        raise UsageError(f"the signature does not count: {why}")
    if signoff.at > assessment.now():
        raise UsageError("the statement is dated in the future")
    assessment.apply(edits.AddSignoff(signoff))
    files = {"page.txt": text.encode(), "session.toml": codec.dumps(assessment.session).encode()}
    if signoff.statement:
        files[f"{signoff.role}.txt"] = signoff.statement.encode()
    if signoff.signature:
        files[f"{signoff.role}.txt.sig"] = signoff.signature.encode()
    signed.keep(work.launch.sessions.folder_of(assessment.session.launch), signoff.seal, files)
    work.save()
    word = "signed" if signoff.signature else "UNSIGNED"
    data(f"{word}: {signoff.role}, {signoff.decision} by {signoff.who} over {signoff.seal}")
