"""From a YAML file to the frozen checklist."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from readiness_tui.checklist.find import builtin_folder
from readiness_tui.model.base import digest
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.probe import KindShape

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path, *, kinds: Mapping[str, KindShape]) -> Checklist:
    """The checklist in a file. Raises ChecklistError with every fault in it."""
    text = path.read_bytes().decode("utf-8")
    tree = yaml.load(text, Loader=_LOADER)  # noqa: S506 - CSafeLoader is the safe loader in C
    builtin = path.resolve().parent == builtin_folder().resolve()
    return Checklist.model_validate({**tree, "source": str(path), "builtin": builtin, "digest": digest(text)})
