"""The house's sizes and words: small files with one job, names from the glossary, no circles."""

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
            limit = 200 if isinstance(node, ast.ClassDef) else 50
            if lines > limit and where not in LONGER_FUNCTIONS:
                long.append(f"{where} has {lines} lines, at most {limit}")
    assert long == []


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


def test_every_stylesheet_stands_beside_its_python() -> None:
    assert [name(sheet) for sheet in PACKAGE.rglob("*.tcss") if not sheet.with_suffix(".py").exists()] == []
