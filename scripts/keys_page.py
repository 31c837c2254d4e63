"""`docs/keys.md`, written from the commands: `python scripts/keys_page.py > docs/keys.md`."""

from __future__ import annotations

from collections.abc import Iterator

from readiness_tui.display.marks import DEFERRED, MARKS, OVER_FAIL, OVER_UNKNOWN, RUNNING
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.screens.clash import ClashScreen
from readiness_tui.tui.screens.diff import DiffScreen
from readiness_tui.tui.screens.form import FormScreen
from readiness_tui.tui.screens.help import COLUMNS, MEANINGS
from readiness_tui.tui.screens.history import HistoryScreen
from readiness_tui.tui.screens.home import HomeScreen
from readiness_tui.tui.screens.host import HostScreen
from readiness_tui.tui.screens.launch_notes import LaunchNotesScreen
from readiness_tui.tui.screens.passphrase import PassphraseScreen
from readiness_tui.tui.screens.settings import SettingsScreen
from readiness_tui.tui.screens.single_value import SingleValueScreen
from readiness_tui.tui.screens.unsaved import UnsavedScreen
from readiness_tui.tui.walk.screen import WalkScreen

SCREENS: tuple[tuple[str, type[CommandScreen]], ...] = (
    ("The walk", WalkScreen),
    ("The launches", HomeScreen),
    ("What changed", DiffScreen),
    ("The days", HistoryScreen),
    ("Both changed the same", ClashScreen),
    ("Leaving what is not saved", UnsavedScreen),
    ("A new launch", FormScreen),
    ("The settings of a launch", SettingsScreen),
    ("A form", SingleValueScreen),
    ("A host", HostScreen),
    ("The launch's notes", LaunchNotesScreen),
    ("A key file's passphrase", PassphraseScreen),
)

INTRODUCTION = """\
# Keys

Written from the commands by `python scripts/keys_page.py`; a test compares.

Every key works on any terminal: letters, digits, Space, Enter, arrows, Ctrl with a letter. Every
command has a name; `settings.toml` in your configuration folder moves it to other keys:

```toml
[keys]
"answer.done" = "space,p"
"move.next-open" = "n"
```

Esc never quits: it leaves a line, a note or a filter. `Ctrl+C` twice and `Ctrl+Q` quit from anywhere.
A key that cannot act says why in the bar. While a note or a line is typed, letters are text.

Behind `/` every word must fit: any word is looked for in the id, the text, the note, the reason and the
evidence; `is:` takes a standing or its word (`is:not-ready`, `is:open`, `is:stale`, `is:noted`,
`is:overridden`); `mode:`, `severity:`, `role:`, `phase:`, `section:` and `host:` take the beginning of
theirs.

After a lost SSH connection your own terminal may still be in the program's modes: type `reset`.
"""


def page() -> str:
    """The whole page, Markdown."""
    return "\n".join((INTRODUCTION, *_screens(), *_marks())) + "\n"


def _screens() -> Iterator[str]:
    for title, screen in SCREENS:
        yield f"## {title}\n"
        yield "| keys | does | name |"
        yield "|---|---|---|"
        for command in screen.OFFERS:
            yield f"| {_code(command.spelt)} | {_cell(command.meaning())} | `{command.name}` |"
        yield ""


def _marks() -> Iterator[str]:
    yield "## Marks\n"
    yield "The ASCII column is shown where the locale is not UTF-8, or on the Linux console.\n"
    yield "| mark | ASCII | word | means |"
    yield "|---|---|---|---|"
    for mark in (*MARKS.values(), OVER_FAIL, OVER_UNKNOWN, DEFERRED, RUNNING):
        yield f"| {mark.glyph} | `{mark.ascii}` | {mark.word} | {_cell(MEANINGS[mark.word])} |"
    yield "\n## Columns of the list\n"
    yield "| shows | means |"
    yield "|---|---|"
    for shows, meaning in COLUMNS:
        yield f"| `{shows}` | {meaning} |"


def _code(keys: str) -> str:
    return " ".join(f"`{key}`" for key in keys.split())


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


if __name__ == "__main__":
    print(page(), end="")
