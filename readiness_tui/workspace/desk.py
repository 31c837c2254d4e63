"""What forms of settings need of a launch: an open one, or one that is being made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from readiness_tui.assessment import Assessment
from readiness_tui.display.marks import Charset
from readiness_tui.transports.ssh.unlocked_keys import UnlockedKeys


class Desk(Protocol):
    """An assessment, and how it is shown."""

    @property
    def assessment(self) -> Assessment:
        """The live session; edits go through it."""
        ...

    @property
    def chars(self) -> Charset:
        """The characters of the terminal."""
        ...

    @property
    def unlocked_keys(self) -> UnlockedKeys:
        """What unlocks key files with a passphrase."""
        ...


@dataclass(frozen=True, slots=True)
class DraftDesk:
    """A launch that is being made: its session is in memory until it is created."""

    assessment: Assessment
    chars: Charset
    unlocked_keys: UnlockedKeys
