"""Launches and their days on disk: `sessions/<launch>/<YYYY-MM-DD>.toml`.

Only the newest day changes. A file is replaced only if its content was read before: changes by others are
reported, never overwritten.
"""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from readiness_tui import regular_file, toml_text
from readiness_tui.errors import SessionError, UsageError
from readiness_tui.model.session import Session
from readiness_tui.store import atomic, codec, names
from readiness_tui.suggest import near


@dataclass(slots=True)
class _Known:
    """What this process last read or wrote at a path."""

    digest: bytes
    stamp: tuple[int, int, int]
    writer: codec.Writer = field(default_factory=codec.Writer)


class Sessions:
    """The folder of the launches. It may be used from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[Path, _Known] = {}
        self._lock = threading.RLock()

    def launches(self) -> tuple[str, ...]:
        """The names of all launches, sorted. For a launch whose file is damaged, the folder's name."""
        return tuple(sorted(self._listed()))

    def folder_of(self, launch: str) -> Path:
        """The folder of a launch's days, whether or not it exists."""
        return self.folder / names.folder_name(launch)

    def days(self, launch: str) -> tuple[date, ...]:
        """The days of a launch, oldest first; empty if the launch does not exist."""
        return _days(self.folder_of(launch))

    def path(self, session: Session) -> Path:
        """The path of the session's file."""
        return self.folder_of(session.launch) / f"{session.day}.toml"

    def load(self, launch: str, day: date | None = None) -> Session:
        """A launch's session of a day, or its newest session.

        Raises UsageError with the nearest name if the launch or day does not exist, and SessionError with
        the line if the file cannot be read.
        """
        days = self.days(launch)
        if not days:
            known = self._listed()
            if launch in known:
                raise _misplaced(launch, known[launch])
            raise UsageError(
                f"no launch {launch!r} in {self.folder}{near(launch, tuple(known))}",
                hint="readiness list shows the launches, readiness new starts one",
            )
        if day is not None and day not in days:
            raise UsageError(
                f"launch {launch} has no session of {day}",
                hint="its days: " + ", ".join(map(str, days[-10:])),
            )
        return self._read(launch, day or days[-1])

    def create(self, session: Session) -> Path:
        """Create a launch with its first session. Raises SessionError if it exists already."""
        if self.days(session.launch):
            raise SessionError(
                f"launch {session.launch!r} already exists",
                where=str(self.folder_of(session.launch)),
                hint="open it, or choose another name",
            )
        return self._begin(session)

    def save(self, session: Session, *, overwrite: bool = False) -> Path:
        """Write the session over what was last read or written.

        overwrite: also over content that others have written, or over a file they have removed, since
        then. Raises SessionError if others changed the file, if a later day exists, or if the file cannot
        be written; the file is then unchanged.
        """
        with self._lock:
            path = self.path(session)
            if (days := self.days(session.launch)) and days[-1] > session.day:
                raise SessionError(
                    f"the session of {session.day} is closed: {days[-1]} has begun",
                    where=str(path),
                    hint="earlier days cannot be changed; open the launch again",
                )
            known = self._known.get(path)
            if not overwrite:
                _unchanged(path, known)
            writer = known.writer if known else codec.Writer()
            data = writer.dumps(session).encode()
            atomic.write(path, data)
            self._remember(path, data, writer)
            return path

    def copy(self, session: Session, path: Path) -> None:
        """Write the session to another path, which must not exist. Raises SessionError."""
        if os.path.lexists(path):
            raise SessionError("cannot write the copy: the file already exists", where=str(path))
        atomic.write(path, codec.dumps(session).encode())

    def today(self, launch: str, today: date, operator: str) -> Session:
        """The session to edit: the newest, carried over to `today` if it is of an earlier day.

        today: by the operator's calendar. The new day's file is written at once. It holds everything of
        the old session except the history, which each day has for itself. A newest day in the future (the
        clock was set back) is used as it is. Raises as `load` and `save` do.
        """
        with self._lock:
            newest = self.load(launch)
            atomic.sweep(self.folder_of(launch))
            if newest.day >= today:
                return newest
            carried = newest.model_copy(
                update={
                    "day": today,
                    "carried_from": newest.day,
                    "operator": operator or newest.operator,
                    "history": (),
                }
            )
            self._begin(carried)
            return carried

    def changed(self, session: Session) -> bool:
        """Whether others changed the session's file since it was last read or written here."""
        path = self.path(session)
        try:
            _unchanged(path, self._known.get(path))
        except SessionError:
            return True
        return False

    def _read(self, launch: str, day: date) -> Session:
        path = self.folder_of(launch) / f"{day}.toml"
        try:
            data = regular_file.read_bytes(path, regular_file.SESSION)
        except OSError as error:
            raise atomic.refusal(error, path, "read") from error
        session = codec.loads_bytes(data, source=str(path))
        if session.launch != launch or session.day != day:
            raise SessionError(
                f"the file is of {session.launch!r}, {session.day}, but its path says {launch!r}, {day}",
                where=str(path),
                hint="if it was copied or renamed, correct its path or `launch` and `day` in it",
            )
        with self._lock:
            self._remember(path, data, codec.Writer())
        return session

    def _listed(self) -> dict[str, Path]:
        """Launch names and their folders."""
        launches: dict[str, Path] = {}
        for name in _entries(self.folder):
            place = self.folder / name
            try:
                days = _days(place)
            except SessionError:
                launches[name] = place  # opening it reports why it cannot be read
                continue
            if days:
                known = name if names.folder_name(name) == name else _name_within(place / f"{days[-1]}.toml")
                launches[known or name] = place
        return launches

    def _begin(self, session: Session) -> Path:
        path = self.path(session)
        with self._lock:
            if path.exists():
                raise SessionError("the file already exists", where=str(path))
            atomic.make_folder(path.parent)
            return self.save(session, overwrite=True)

    def _remember(self, path: Path, data: bytes, writer: codec.Writer) -> None:
        self._known[path] = _Known(hashlib.sha256(data).digest(), _stamp(path), writer)


def _misplaced(launch: str, folder: Path) -> SessionError:
    """Why a folder with days in it cannot be opened as a launch."""
    path = folder / f"{_days(folder)[-1]}.toml"
    try:
        codec.loads_bytes(regular_file.read_bytes(path, regular_file.SESSION), source=str(path))
    except SessionError as error:
        return error
    except OSError as error:
        return atomic.refusal(error, path, "read")
    wanted = names.folder_name(launch)
    return SessionError(
        f"the folder of launch {launch!r} is not called {wanted!r}",
        where=str(path),
        hint=f"rename the folder to {wanted}",
    )


def _unchanged(path: Path, known: _Known | None) -> None:
    """Raise SessionError if the file is not the known one. No known file and no file is fine."""
    stamp = _stamp(path)
    if known is None:
        if stamp != _ABSENT:
            raise SessionError(
                "not saved: the file exists, but this process has not read it",
                where=str(path),
                hint="open the launch first",
            )
        return
    if stamp == known.stamp:
        return
    if stamp == _ABSENT:
        raise SessionError(
            "not saved: the file was removed while the launch was open",
            where=str(path),
            hint="restore it, or overwrite to write it again",
        )
    try:
        data = regular_file.read_bytes(path, regular_file.SESSION)
    except OSError as error:
        raise atomic.refusal(error, path, "write") from error
    if hashlib.sha256(data).digest() != known.digest:
        raise SessionError(
            "not saved: the file was changed by someone else while the launch was open",
            where=str(path),
            hint="compare the two; overwriting the file would lose their changes",
        )
    known.stamp = stamp


_ABSENT = (0, 0, 0)


def _stamp(path: Path) -> tuple[int, int, int]:
    """Identifies a version of a file: inode, size, modification time. Raises SessionError if it cannot be
    read.
    """
    try:
        stat = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return _ABSENT
    except OSError as error:
        raise atomic.refusal(error, path, "read") from error
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _entries(folder: Path) -> list[str]:
    """The names in a folder; empty if it does not exist. Raises SessionError."""
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise atomic.refusal(error, folder, "read") from error


def _days(folder: Path) -> tuple[date, ...]:
    days_found = (names.day_of(name) for name in _entries(folder))
    return tuple(sorted(day for day in days_found if day is not None))


def _name_within(path: Path) -> str:
    """The launch's name in the first lines of the file; empty if it is not there."""
    try:
        with regular_file.opened(path, regular_file.SESSION) as file:
            head = file.read(4096).decode("utf-8", "replace")
        line = next(line for line in head.split("\n") if line.startswith("launch = "))
        name = toml_text.loads(line)["launch"]
    except (OSError, StopIteration, ValueError, RecursionError, KeyError):
        return ""
    return name if isinstance(name, str) else ""
