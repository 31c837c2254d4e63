"""Read a checklist from a YAML file, or report every fault that prevents it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from readiness_tui.checklist import checks, probe_checks
from readiness_tui.checklist.diagnostics import Faults
from readiness_tui.checklist.find import builtin_folder
from readiness_tui.checklist.source_text import load
from readiness_tui.checklist.yaml_tree import Node, NoTreeError, compose, reading
from readiness_tui.errors import ChecklistError, Fault
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.probe import KindSchema


def read(path: Path, *, kinds: Mapping[str, KindSchema]) -> Checklist:
    """The checklist in a file.

    kinds: the probe kinds that may be used. Raises only ChecklistError, with every fault as
    `file:line:column: path: message`, in the order of the file.
    """
    data, text = load(path)
    try:
        root, mistakes = compose(text)
    except NoTreeError as error:
        parse_faults = (Fault(str(path), m.line, m.column, "", m.message) for m in error.mistakes)
        raise ChecklistError(tuple(parse_faults)) from None
    faults = Faults(str(path), root)
    faults.add_yaml_mistakes(mistakes)
    checklist = _validated(root, faults)
    if isinstance(root.value, dict):
        checks.check(root, faults)
        probe_checks.check(root, kinds, faults)
    if (faults_found := faults.sorted()) or checklist is None:
        raise ChecklistError(faults_found)
    return checklist.model_copy(
        update={
            "source": str(path.absolute()),
            "builtin": path.resolve().is_relative_to(builtin_folder().resolve()),
            "digest": "sha256:" + hashlib.sha256(data).hexdigest(),
        }
    )


def _validated(root: Node, faults: Faults) -> Checklist | None:
    """The model of the tree; None if it is invalid, with the faults added."""
    if not isinstance(root.value, dict):
        what = "nothing" if root.value is None else reading(root)
        faults.at((), f"expected a mapping of keys, not {what}")
        return None
    tree = root.plain()
    assert isinstance(tree, dict)  # the root as well
    given = {key: value for key, value in tree.items() if key not in checks.READER_KEYS}
    try:
        return Checklist.model_validate(given)
    except ValidationError as error:
        faults.add_model_errors(error, Checklist)
        return None
