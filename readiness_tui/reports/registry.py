"""The available report formats: the files of this folder, and entry points of plug-ins."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from readiness_tui.errors import ReadinessError, UsageError
from readiness_tui.rules.decision.review import Review
from readiness_tui.suggest import near

Render = Callable[[Review], bytes]
"""A format: returns the bytes of a review. Pure: the same review gives the same bytes."""

GROUP = "readiness_tui.reports"
"""The entry point group of third-party formats; each entry names a `Render`."""


def names() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted({*_own(), *_foreign()}))


def find(name: str) -> Render:
    """The format with that name. Raises UsageError with the nearest name, and ReadinessError for a
    third-party format that cannot be loaded.
    """
    if name in _own():
        render: Render = import_module(f"{__package__}.{name.replace('-', '_')}").render
        return render
    if (entry := _foreign().get(name)) is not None:
        return _loaded(entry)
    raise UsageError(f"no format {name!r}{near(name, names())}", hint="formats: " + ", ".join(names()))


def _loaded(entry: EntryPoint) -> Render:
    try:
        render: Render = entry.load()
    except (ImportError, AttributeError) as error:
        raise ReadinessError(
            f"cannot load the format {entry.name}: {error}", hint="update or remove its package"
        ) from error
    return render


def _own() -> tuple[str, ...]:
    files = Path(__file__).parent.glob("*.py")
    return tuple(f.stem.replace("_", "-") for f in files if f.stem not in ("__init__", Path(__file__).stem))


def _foreign() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}
