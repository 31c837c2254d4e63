"""Create the asks of collectors: script, privileges, time limit."""

from __future__ import annotations

from functools import reduce
from operator import or_

from readiness_tui.collectors import catalog
from readiness_tui.model.checklist import ProbeSpec
from readiness_tui.model.privilege import NONE
from readiness_tui.model.probe import CollectorAsk


def collect(names: str, *args: str, spec: ProbeSpec | None = None) -> CollectorAsk:
    """The ask for one collector, or for several in one shell, joined by `+`.

    The same collector with the same arguments is the same ask for every item, so that a host is asked
    once. Only a `timeout` in the checklist makes it a different ask. Raises FileNotFoundError.
    """
    parts = [catalog.get(part) for part in names.split("+")]
    timeout = spec.timeout.total_seconds() if spec is not None and spec.timeout is not None else None
    return CollectorAsk(
        collector=names,
        script="".join(part.text for part in parts),
        args=args,
        timeout_s=timeout or max(part.timeout_s for part in parts),
        privilege=reduce(or_, (part.privilege(args) for part in parts), NONE),
    )
