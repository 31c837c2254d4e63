"""Find checklists: a built-in one by name, any other by path."""

from __future__ import annotations

from pathlib import Path

from readiness_tui.errors import UsageError
from readiness_tui.suggest import near

SUFFIX = ".yaml"


def builtin_folder() -> Path:
    """The folder of the built-in checklists: inside the package in a wheel, above it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "checklists"
    return installed if installed.is_dir() else package.parent / "checklists"


def names() -> tuple[str, ...]:
    """The names of the built-in checklists, sorted."""
    return tuple(sorted(path.stem for path in builtin_folder().glob(f"*{SUFFIX}")))


def find(name_or_path: str) -> Path:
    """The file of the built-in checklist with that name, else the path itself.

    A word without a slash or a YAML suffix is a name. `read` reports a path that cannot be read. Raises
    UsageError for an unknown name, with the nearest built-in name.
    """
    if not name_or_path.strip():
        raise UsageError("the name of the checklist is empty", hint="built in: " + ", ".join(names()))
    known = names()
    if name_or_path in known:
        return builtin_folder() / f"{name_or_path}{SUFFIX}"
    try:
        path = Path(name_or_path).expanduser()
        if "/" in name_or_path or path.suffix.lower() in (SUFFIX, ".yml") or path.is_file():
            return path
    except (OSError, RuntimeError) as error:
        raise UsageError(f"not a path: {name_or_path!r}", hint=str(error)) from None
    raise UsageError(
        f"no checklist called {name_or_path!r}{near(name_or_path, known)}",
        hint=f"built in: {', '.join(known)}; or give a path such as ./{name_or_path}{SUFFIX}",
    )
