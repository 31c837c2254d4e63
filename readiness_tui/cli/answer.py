"""`readiness answer`: answer an item, from a script or another terminal."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from readiness_tui import regular_file
from readiness_tui.cli.support.opened import to_read, to_work
from readiness_tui.cli.support.options import (
    AnyType,
    Day,
    Place,
    launch_argument,
    operator_option,
    sessions_option,
)
from readiness_tui.cli.support.printing import data
from readiness_tui.errors import ReadinessError, UsageError
from readiness_tui.model.answer import AnswerKind, Evidence
from readiness_tui.rules import edits

CLEAR = "clear"
WORDS = (*(kind.value for kind in AnswerKind), CLEAR)


class ItemId(AnyType):
    """An item's id, completed from the launch's checklist."""

    name = "item"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The ids that start with the given text."""
        launch = ctx.params.get("launch")
        try:
            opened = to_read(ctx.params.get("sessions"), Place(launch or ""), ctx)
        except ReadinessError:
            return []  # a message would corrupt the line that is being typed
        items = opened.assessment.checklist.items
        return [CompletionItem(i.id, help=i.text) for i in items.values() if i.id.startswith(incomplete)]


@click.command(short_help="Answer an item, or add a note or evidence.")
@launch_argument
@click.argument("item", type=ItemId())
@click.argument("answer", type=click.Choice(WORDS), required=False)
@click.option(
    "--reason",
    default="",
    metavar="R",
    help="Why. Required for n/a, and for done against a failing or unknown probe.",
)
@click.option("--note", metavar="N", help="The item's note; an empty text removes it.")
@click.option(
    "--evidence", multiple=True, metavar="E", help="A file, recorded with its sha256, or a URL (repeatable)."
)
@click.option("--as-of", type=Day(), metavar="DATE", help="The date that the evidence describes.")
@operator_option
@sessions_option
def command(
    launch: str,
    item: str,
    answer: str | None,
    reason: str,
    note: str | None,
    evidence: tuple[str, ...],
    as_of: date | None,
    operator: str | None,
    sessions: str | None,
) -> None:
    """Answer an item, or add a note or evidence, and print its new standing.

    `clear` removes the answer. Without an answer, only --note or --evidence is recorded.
    """
    if answer is None and reason:
        raise UsageError("--reason needs an answer", hint="without an answer, use --note")
    if answer is None and note is None and not evidence:
        raise UsageError("nothing to record: give an answer, --note or --evidence")
    if as_of is not None and not evidence:
        raise UsageError("--as-of needs --evidence")
    proofs = tuple(_proof(place, as_of) for place in evidence)
    with to_work(sessions, launch, operator) as opened:
        work = opened.assessment
        held = work.session.record(edits.find(work.checklist, item).id)
        if proofs:
            kept = tuple(old for old in held.evidence if not _same_place(old, proofs))
            work.apply(edits.SetEvidence(item, (*kept, *proofs)))
        if note is not None:
            work.apply(edits.SetNote(item, note))
        if answer is not None:
            work.apply(edits.SetAnswer(item, None if answer == CLEAR else AnswerKind(answer), reason))
        opened.save()
    standing = work.standings()[item]
    data(f"{standing.standing}: {standing.reason}" if standing.reason else standing.standing)


def _proof(place: str, as_of: date | None) -> Evidence:
    """A URL, or a file with its present sha256. Raises UsageError for a file that cannot be read."""
    if re.match(r"[a-z][a-z0-9+.-]*://", place, re.IGNORECASE):
        return Evidence(url=place, as_of=as_of)
    try:
        with regular_file.opened(Path(place), regular_file.EVIDENCE) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(
            f"cannot read the evidence: {error.strerror}", where=place, hint="a URL must begin with https://"
        ) from None
    return Evidence(path=place, sha256=f"sha256:{digest}", as_of=as_of)


def _same_place(old: Evidence, proofs: tuple[Evidence, ...]) -> bool:
    return any((old.path, old.url) == (proof.path, proof.url) for proof in proofs)
