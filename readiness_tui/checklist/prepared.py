"""Load built-in checklists from a prepared form, without parsing YAML.

`scripts/prepare-checklists` writes the prepared forms beside the checklists, before a wheel is built and
when a checkout is installed. A prepared form is used only if it matches the bytes of its YAML file and
this version. It is in the package's folder, so anyone who can write it could change the program as well.
Other checklists are always read and checked from their YAML.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import ValidationError

from readiness_tui import __version__
from readiness_tui.checklist.find import builtin_folder
from readiness_tui.model.checklist import Checklist

FOLDER = "prepared"


def prepared(path: Path) -> Checklist | None:
    """The checklist of a built-in file; None if there is no matching prepared form."""
    if path.resolve().parent != builtin_folder().resolve():
        return None
    try:
        digest = _digest(path)
        made_from, _, body = _form(path).read_bytes().partition(b"\n")
        if made_from.decode() != _heading(digest):
            return None
        checklist = Checklist.model_validate_json(body)
    except (OSError, UnicodeDecodeError, ValidationError):
        return None
    return checklist.model_copy(update={"source": str(path.absolute()), "builtin": True, "digest": digest})


def prepare(path: Path, checklist: Checklist) -> Path:
    """Write the prepared form of a built-in checklist that was read from `path`. Returns the path of the
    form.
    """
    body = checklist.model_dump_json(
        by_alias=True, exclude_unset=True, exclude={"source", "builtin", "digest", "collectors"}
    )
    place = _form(path)
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"{_heading(checklist.digest)}\n{body}\n", encoding="utf-8")
    return place


def _form(path: Path) -> Path:
    return path.parent / FOLDER / f"{path.stem}.json"


def _heading(digest: str) -> str:
    return f"{__version__} {digest}"


def _digest(path: Path) -> str:
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
