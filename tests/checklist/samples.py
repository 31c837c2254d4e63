"""A small checklist whose lines the tests replace, and the kinds it may name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from readiness_tui.checklist.read import read
from readiness_tui.errors import ChecklistError
from readiness_tui.model.base import Frozen
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.probe import KindSchema


class ServiceParams(Frozen):
    unit: str = Field(min_length=1)
    since: Literal["1h", "24h"] = "24h"
    limits: tuple[int, ...] = ()


class RangeParams(Frozen):
    low: int = 0
    high: int = 1

    @model_validator(mode="after")
    def _ordered(self) -> RangeParams:
        if self.low > self.high:
            raise ValueError("low is over high")
        return self


KINDS: Mapping[str, KindSchema] = {
    "service": KindSchema(ServiceParams, ("ActiveState", "Restart", "age")),
    "range": KindSchema(RangeParams, ("value",)),
}

SMALL = """\
id: demo
title: Demo
version: 1
roles:
  - {id: technical, title: Technical Lead}
parameters:
  - {name: service_unit, help: The unit., default: app.service}
sections:
  - id: app
    title: App
    groups:
      - id: service
        title: Service
        items:
          - id: app.service.starts
            text: It starts
            mode: auto
            severity: blocker
            role: technical
            why: Because.
            how: Look.
            valid: 30d
            fresh: 24h
            probe:
              kind: service
              where: [app]
              unit: $service_unit
              pass: {ActiveState: {eq: active}, age: {ge: 60}}
              show: "{ActiveState}"
          - id: app.service.again
            text: It starts again
            mode: manual
            severity: minor
            role: technical
            why: For the same reason.
            how: Look again.
"""


def changed(lines: Mapping[int, str]) -> str:
    """SMALL with some lines (from 1) replaced; a replacement may be several lines, or none."""
    made = [lines.get(number, line) for number, line in enumerate(SMALL.splitlines(), 1)]
    return "\n".join(line for line in made if line) + "\n"


def read_text(folder: Path, text: str | bytes) -> Checklist:
    path = folder / "it.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path, kinds=KINDS)


def faults_of(folder: Path, text: str | bytes) -> list[str]:
    """Every fault as `line:column: path: message`."""
    try:
        read_text(folder, text)
    except ChecklistError as error:
        return [str(fault).removeprefix(f"{folder / 'it.yaml'}:") for fault in error.faults]
    return []
