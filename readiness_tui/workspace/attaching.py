"""Attachments: a file kept in the launch's folder, or a URL; the command line and the screens share it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from readiness_tui.assessment import Assessment
from readiness_tui.model.answer import Evidence
from readiness_tui.rules import edits
from readiness_tui.store import attachments

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def attach(assessment: Assessment, folder: Path, item: str, place: str, as_of: date | None) -> Evidence:
    """List a URL, or a file that is copied under its sha256, as evidence of an item.

    folder: the launch's. The same file or URL again replaces its entry. Raises UsageError for a file that
    cannot be read or is over 32 MiB.
    """
    found = edits.find(assessment.checklist, item).id
    if _URL.match(place):
        proof = Evidence(url=place, as_of=as_of)
    else:
        digest, path = attachments.keep(folder, Path(place).expanduser())
        proof = Evidence(path=path, sha256=digest, as_of=as_of)
    held = assessment.session.record(found).evidence
    kept = tuple(old for old in held if (old.path, old.url) != (proof.path, proof.url))
    assessment.apply(edits.SetEvidence(found, (*kept, proof)))
    return proof
