"""The errors an operator can meet, as one tree, and the exit codes other programs rely on.

ReadinessError            a message, the place it was found, a hint
├── UsageError            a wrong word on the command line
├── ChecklistError        a checklist file with faults, all of them at once
├── SessionError          a session file that cannot be read or written
└── TransportError        a host that cannot be asked; becomes an `unknown` outcome, never an exit
    └── LockedKeyError    a key file waits for its passphrase
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path


class ExitCode(IntEnum):
    """What a verb's exit status means (design.md, section 7)."""

    READY = 0
    NOT_READY = 1
    USAGE = 2
    COULD_NOT_LOOK = 3
    INTERNAL = 70
    """A fault of this program itself (EX_SOFTWARE of sysexits.h)."""
    INTERRUPTED = 130
    READER_GONE = 141
    """Whoever read our output stopped; a shell says the same of a program ended by SIGPIPE."""


class ReadinessError(Exception):
    """Something the operator must be told: what is wrong, where, and what to do about it."""

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{place}{self.message}{hint}"


class UsageError(ReadinessError):
    """A name, value or option that does not fit."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file.

    `line` and `column` count from 1; 0 means the file as a whole. `path` is the place in the
    document (`sections[0].groups[1].items[3].mode`), empty when the document does not parse.
    """

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        path = f"{self.path}: " if self.path else ""
        return f"{self.file}:{self.line}:{self.column}: {path}{self.message}"


FAULTS_SHOWN = 50
"""Faults that are printed; the rest are counted."""


def first_faults(faults: Sequence[Fault]) -> list[str]:
    """The first faults as lines, and how many more there are."""
    more = len(faults) - FAULTS_SHOWN
    lines = [str(fault) for fault in faults[:FAULTS_SHOWN]]
    return [*lines, f"and {more} more"] if more > 0 else lines


class ChecklistError(ReadinessError):
    """A checklist that cannot be used, with every fault found in it."""

    def __init__(self, faults: tuple[Fault, ...], *, hint: str = "") -> None:
        self.faults = faults
        super().__init__("\n".join(first_faults(faults)), hint=hint)


class SessionError(ReadinessError):
    """A session file that cannot be read or written; the file is left as it was."""


class LaunchLockedError(SessionError):
    """A launch that somebody else works on; it can be read meanwhile."""


class TransportError(ReadinessError):
    """A host that cannot be asked.

    `cause` is the word of `model.outcome.Cause` that the outcome will carry.
    """

    def __init__(self, message: str, *, cause: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.cause = cause


class LockedKeyError(TransportError):
    """A key file whose passphrase somebody can be asked for; then the host can be opened again."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} has a passphrase", cause="auth", hint=f"ssh-add {shlex.quote(str(path))}")
        self.path = path
