"""Sizes and names of the code: small files with one job, no import circles (design.md, section 4)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

import readiness_tui

PACKAGE = Path(readiness_tui.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

LARGER_FILES: dict[str, str] = {}
"""Files over 300 lines that are honestly one job, and why."""

LONGER_FUNCTIONS: dict[str, str] = {}
"""Functions over 50 lines that are honestly one step, and why."""

LARGER_CLASSES = {
    "DiffScreen": 320,
    "FormScreen": 310,
    "HomeScreen": 345,
    "ReadinessApp": 380,
    "SettingsScreen": 310,
    "WalkScreen": 360,
}
"""Classes over 300 lines with their bases, and the lines they may have."""

LISTS = {"cli", "tui/screens", "probes/kinds", "reports", "imports"}
"""Folders that are lists of plug-ins, verbs or screens; their helpers live elsewhere."""

BANNED_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}


def name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_is_small(path: Path) -> None:
    lines = len(path.read_text().splitlines())
    assert lines <= (400 if name(path) in LARGER_FILES else 300), f"{name(path)} has {lines} lines"


def definitions(path: Path) -> Iterator[tuple[str, ast.AST, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno is not None
            yield f"{name(path)}:{node.name}", node, node.end_lineno - node.lineno + 1


def test_classes_and_functions_are_short() -> None:
    long: list[str] = []
    for path in FILES:
        for where, node, lines in definitions(path):
            if not isinstance(node, ast.ClassDef) and lines > 50 and where not in LONGER_FUNCTIONS:
                long.append(f"{where} has {lines} lines, at most 50")
    assert long == []


def classes() -> dict[str, tuple[ast.ClassDef, int]]:
    """Every class of the package by its name, which is unique, with its own number of lines."""
    found: dict[str, tuple[ast.ClassDef, int]] = {}
    for path in FILES:
        for _, node, lines in definitions(path):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, (node, lines))
    return found


def effective_lines(name: str, known: dict[str, tuple[ast.ClassDef, int]]) -> int:
    """The lines of a class together with those of its base classes in this package."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        if (here := waiting.pop()) in seen or here not in known:
            continue
        seen.add(here)
        for base in known[here][0].bases:
            named = base.value if isinstance(base, ast.Subscript) else base
            waiting += [getattr(named, "id", getattr(named, "attr", ""))]
    return sum(known[each][1] for each in seen)


def test_a_class_with_its_own_bases_is_short() -> None:
    """A limit that is met by slicing a class into bases is not met."""
    known = classes()
    sizes = {name: effective_lines(name, known) for name in known}
    too_long = {name: lines for name, lines in sizes.items() if lines > LARGER_CLASSES.get(name, 300)}
    assert too_long == {}
    assert [name for name in LARGER_CLASSES if sizes.get(name, 0) <= 300] == []


def test_a_folder_holds_about_fifteen_files_at_most() -> None:
    """Lists of plug-ins, verbs or screens may be longer."""
    folders = {folder: list(folder.glob("*.py")) for folder in {path.parent for path in FILES}}
    crowded = {
        str(folder.relative_to(PACKAGE)): len(files) - 1  # the package's own file is no content
        for folder, files in folders.items()
        if len(files) - 1 > 18 and str(folder.relative_to(PACKAGE)) not in LISTS
    }
    assert crowded == {}


def test_exceptions_are_still_needed() -> None:
    lines = {where: count for path in FILES for where, _, count in definitions(path)}
    assert [where for where in LONGER_FUNCTIONS if lines.get(where, 0) <= 50] == []
    sizes = {name(path): len(path.read_text().splitlines()) for path in FILES}
    assert [where for where in LARGER_FILES if sizes.get(where, 0) <= 300] == []


def test_names_say_what_they_hold() -> None:
    assert [name(path) for path in FILES if path.stem in BANNED_NAMES] == []


def test_no_import_circle_even_inside_functions() -> None:
    graph = grimp.build_graph("readiness_tui", cache_dir=None)
    circles = [
        f"{module} -> {imported}"
        for module in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(module))
        if imported != module and graph.chain_exists(importer=imported, imported=module)
    ]
    assert circles == []


def test_every_stylesheet_is_beside_its_module() -> None:
    assert [name(sheet) for sheet in PACKAGE.rglob("*.tcss") if not sheet.with_suffix(".py").exists()] == []
