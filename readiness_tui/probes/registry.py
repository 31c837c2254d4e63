"""The probe kinds: those of `probes.kinds`, and third-party ones found by entry point."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from pydantic import ValidationError

from readiness_tui.errors import ReadinessError
from readiness_tui.model.checklist import ProbeSpec
from readiness_tui.model.probe import KindSchema, Probe
from readiness_tui.probes import kinds as own_kinds
from readiness_tui.probes.contract import AnyKind, Kind
from readiness_tui.rules.parameters import Values
from readiness_tui.suggest import near

ENTRY_POINTS = "readiness_tui.probes"
"""The group in which another package offers its kinds; each entry names a `Kind`."""


@cache
def kinds() -> Mapping[str, type[AnyKind]]:
    """Every probe kind by the word in the YAML.

    Raises ReadinessError for a plug-in that does not load or takes a name that is taken.
    """
    found = {kind.name: kind for kind in _own()}
    for entry in entry_points(group=ENTRY_POINTS):
        try:
            kind = entry.load()
        except (ImportError, AttributeError) as error:
            raise ReadinessError(
                f"the probe plug-in {entry.name} does not load: {error}", hint="update or remove its package"
            ) from error
        if not (inspect.isclass(kind) and issubclass(kind, Kind) and not inspect.isabstract(kind)):
            raise ReadinessError(f"the probe plug-in {entry.name} is no probe kind", where=entry.value)
        if kind.name in found:
            raise ReadinessError(f"two probe kinds are called {kind.name!r}", where=entry.value)
        found[kind.name] = kind
    return found


def schemas() -> Mapping[str, KindSchema]:
    """What a checklist's reader must know of every kind."""
    return {name: KindSchema(kind.Params, tuple(kind.facts)) for name, kind in kinds().items()}


def build(spec: ProbeSpec, values: Values) -> Probe:
    """The probe of a spec whose `$name`s are filled. Raises ValueError, one line, for a misfit."""
    kind = kinds().get(spec.kind)
    if kind is None:
        raise ValueError(f"no probe kind {spec.kind!r}{near(spec.kind, tuple(kinds()))}")
    try:
        params = kind.Params.model_validate(dict(spec.params))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in (spec.kind, *first["loc"]))
        raise ValueError(f"{place}: {first['msg']}") from error
    return kind(spec, params)


def _own() -> Iterator[type[AnyKind]]:
    """The kinds of this project: every class defined in `probes.kinds` and its folders."""
    for module in pkgutil.walk_packages(own_kinds.__path__, own_kinds.__name__ + "."):
        for _, kind in inspect.getmembers(import_module(module.name), inspect.isclass):
            if issubclass(kind, Kind) and kind.__module__ == module.name and not inspect.isabstract(kind):
                yield kind
