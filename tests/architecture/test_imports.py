"""Import cost: no module imports Textual or asyncssh unless it needs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import readiness_tui

PACKAGE = Path(readiness_tui.__file__).parent
HEAVY = ("textual", "asyncssh")


def module_names() -> list[str]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("readiness_tui", *path.relative_to(PACKAGE).with_suffix("").parts)
        found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def allowed(module: str) -> set[str]:
    if module.startswith("readiness_tui.tui."):
        return {"textual"}
    if module.startswith(("readiness_tui.transports.ssh.", "readiness_tui.signing.")):
        return {"asyncssh"}
    return set()


# One interpreter that forks for each module: a fresh sys.modules for each, a tenth of the time.
CHILD = """
import importlib, os, sys
import click, cryptography, httpx, jinja2, pydantic, rich, yaml  # shared by many: loaded once
for module in sys.argv[1:]:
    pid = os.fork()
    if pid == 0:
        importlib.import_module(module)
        print(module, *(name for name in ("textual", "asyncssh") if name in sys.modules), flush=True)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0, module
"""


@pytest.mark.timeout(600)
def test_each_module_loads_only_what_it_may() -> None:
    modules = [name for name in module_names() if name != "readiness_tui.__main__"]
    out = subprocess.run([sys.executable, "-c", CHILD, *modules], capture_output=True, text=True, check=False)
    assert out.returncode == 0, out.stderr
    loaded = {words[0]: set(words[1:]) for words in map(str.split, out.stdout.splitlines())}
    assert set(loaded) == set(modules)
    assert {name: extra for name in modules if (extra := loaded[name] - allowed(name))} == {}


@pytest.mark.parametrize("words", [["--help"], ["gate", "--help"], ["status", "--help"], ["list"]])
def test_a_verb_loads_neither_textual_nor_asyncssh(words: list[str], tmp_path: Path) -> None:
    code = (
        "import sys\nfrom readiness_tui.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "READINESS_SESSIONS": str(tmp_path)},
    )
    assert out.stderr.strip().splitlines()[-1] == "[]"
