"""The errors shown to operators, as one exception tree, and the exit codes.

ReadinessError            a message, its location, a hint
├── UsageError            an invalid argument, option, name or setting
├── ChecklistError        an invalid checklist file, with all its faults
├── SessionError          a session file that cannot be read or written
└── TransportError        a host that cannot be queried; becomes an `unknown` outcome, never an exit
    └── LockedKeyError    a key file that needs its passphrase
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path


class ExitCode(IntEnum):
    """The exit statuses of all verbs (design.md, section 6). Other programs rely on them."""

    READY = 0
    NOT_READY = 1
    USAGE = 2
    COULD_NOT_CHECK = 3
    INTERNAL = 70
    """An internal error of this program (EX_SOFTWARE of sysexits.h)."""
    INTERRUPTED = 130
    READER_GONE = 141
    """The reader of standard output closed it; 141 is what a shell reports for a program ended by SIGPIPE."""


class ReadinessError(Exception):
    """An error to show to the operator: what is wrong, where, and what to do about it."""

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
    """An invalid name, value or option."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One error in a file.

    `line` and `column` count from 1; 0 means the file as a whole. `path` is the place in the document
    (`sections[0].groups[1].items[3].mode`), empty when the document cannot be parsed.
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
    """The first FAULTS_SHOWN faults, one a line, then the number of the others."""
    more = len(faults) - FAULTS_SHOWN
    lines = [str(fault) for fault in faults[:FAULTS_SHOWN]]
    return [*lines, f"and {more} more"] if more > 0 else lines


class ChecklistError(ReadinessError):
    """A checklist that cannot be used, with every fault found in it."""

    def __init__(self, faults: tuple[Fault, ...], *, hint: str = "") -> None:
        self.faults = faults
        super().__init__("\n".join(first_faults(faults)), hint=hint)


class SessionError(ReadinessError):
    """A session file that cannot be read or written. The file is unchanged."""


class LaunchLockedError(SessionError):
    """A launch that another process has open for editing. It can still be read."""


class TransportError(ReadinessError):
    """A host that cannot be queried.

    `cause` is a value of `model.outcome.Cause`; the outcome carries it.
    """

    def __init__(self, message: str, *, cause: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.cause = cause


class LockedKeyError(TransportError):
    """A key file that needs its passphrase. Once it is unlocked, the host can be opened again."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} has a passphrase", cause="auth", hint=f"ssh-add {shlex.quote(str(path))}")
        self.path = path
