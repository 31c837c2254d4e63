"""`readiness verify`: whether the signatures of a launch or a bundle count."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import click

from readiness_tui.cli.support.opened import to_read
from readiness_tui.cli.support.options import LaunchDay, Moment, json_option, sessions_option
from readiness_tui.cli.support.printing import data, raw, say, table
from readiness_tui.errors import ExitCode
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.session import Session
from readiness_tui.rules.decision.page import seal
from readiness_tui.rules.decision.signoffs import judged
from readiness_tui.signing import bundle
from readiness_tui.signing.verify import Checker, Trust, Verified, verify
from readiness_tui.store import codec


@dataclass(frozen=True, slots=True)
class Row:
    """One role's result. state: `valid`, or why the signature does not count."""

    role: str
    who: str
    decision: str
    at: str
    key: str
    state: str


@click.command(short_help="Verify the signatures of a launch or a bundle.")
@click.argument("place", metavar="LAUNCH[@DAY]|BUNDLE")
@click.option(
    "--signers", type=click.Path(path_type=Path), metavar="FILE", help="Trust this allowed_signers."
)
@click.option("--at", type=Moment(), metavar="TIME", help="Check the keys as of this time.")
@json_option
@sessions_option
def command(
    place: str, signers: Path | None, at: datetime | None, as_json: bool, sessions: str | None
) -> ExitCode:
    """Show for each role who signed, with which key, over which page, and whether it counts.

    The exit status is 0 only if every role has a signature that counts over the present page.
    """
    trust = Trust.at(signers) if signers else None
    if place.endswith(".tar") or Path(place).is_file():
        rows, seal_, source = _bundle(Path(place), trust, at)
    else:
        opened = to_read(sessions, LaunchDay().convert(place, None, None))
        work, check = opened.assessment, opened.assessment.check
        assert isinstance(check, Checker)
        trust = trust or check.trust()
        rows = _launch(work.checklist, work.session, trust, at, work.now())
        seal_ = seal(work.checklist, work.session)
        source = trust.source if trust else "none"
    if as_json:
        body = {"page": seal_, "signers": source, "signatures": [asdict(row) for row in rows]}
        raw(json.dumps(body, indent=2) + "\n")
    else:
        say(f"trusted: {source}")
        data(f"page {seal_}")
        table([(r.role, r.state, r.who, r.decision, r.at, r.key) for r in rows])
    return ExitCode.READY if rows and all(row.state == "valid" for row in rows) else ExitCode.NOT_READY


def _launch(
    checklist: Checklist, session: Session, trust: Trust | None, at: datetime | None, now: datetime
) -> list[Row]:
    verified: dict[str, Verified] = {}

    def check(held: Session, signoff: object) -> str:
        for given in held.signoffs:
            if given is signoff:
                verified[given.role] = verify(held, given, trust, at=at)
                return verified[given.role].problem
        return "not in the session"

    rows = []
    for each in judged(checklist, session, now, check):
        known = verified.get(each.role, Verified("", ""))
        signed = each.signoff
        state = each.problem or ("valid" if each.verified else "UNSIGNED")
        if signed is None:
            rows.append(Row(each.role, "", "", "", "", state))
            continue
        when = f"{signed.at:%Y-%m-%dT%H:%M:%SZ}"
        rows.append(Row(each.role, signed.who, signed.decision.value, when, known.fingerprint, state))
    return rows


def _bundle(path: Path, trust: Trust | None, at: datetime | None) -> tuple[list[Row], str, str]:
    """Without --signers, the bundle's own signers are used, marked as claimed by the bundle."""
    held = bundle.read(path)
    session = codec.loads_bytes(held.files.get("session.toml", b""), source=f"{path}: session.toml")
    claimed = trust is None
    source = f"{path}: allowed_signers as claimed by the bundle" if claimed else trust.source if trust else ""
    rows = [
        Row(c.role, c.who, c.decision, c.at, c.fingerprint, c.problem or "valid")
        for c in bundle.check(held, session, trust, at)
    ]
    return rows, held.seal, source
