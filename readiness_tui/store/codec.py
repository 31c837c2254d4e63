"""Convert a Session to TOML and back, byte for byte the same (docs/session-format.md).

tomli-w writes strings and numbers. This module does the layout, because tomli-w would spread short lists
over many lines, choose between inline and full tables by their length, and write times without `T` and
`Z`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any

import tomli_w
from pydantic import ValidationError

from readiness_tui import toml_text
from readiness_tui.errors import SessionError
from readiness_tui.model.base import Frozen
from readiness_tui.model.session import FORMAT, Change, Record, Session
from readiness_tui.store import diagnostics
from readiness_tui.store.migrate import migrate

HEAD = "# A readiness session (docs/session-format.md). It is whole when its last line is: # end\n"
END = "# end\n"
"""The last line of every file, announced in the first line, so that a truncated file is detected."""

MARKERS = ("<<<<<<<", "|||||||", ">>>>>>>")
"""Merge conflict markers. No session contains a line that begins with one."""


class Writer:
    """Render sessions, caching the text of each record and history entry.

    Records are immutable, so the same object has the same text. After one answer only that item is
    rendered again.
    """

    def __init__(self) -> None:
        self._items: dict[str, tuple[Record, str]] = {}
        self._changes: list[tuple[Change, str]] = []

    def dumps(self, session: Session) -> str:
        """The text of the file. Raises SessionError for values that TOML cannot hold."""
        try:
            parts = [HEAD, *_head(session), *self._records(session.items)]
            parts += [_signoff(signoff) for signoff in session.signoffs]
            parts += [*self._history(session.history), "\n", END]
            text = "".join(parts)
            text.encode()
        except UnicodeEncodeError as error:
            bad = error.object[error.start]
            raise SessionError(
                f"cannot write the session: it contains {bad!r}, which is not a Unicode character",
                hint="a note, reason or parameter was pasted from something that is not text",
            ) from error
        except (ValueError, TypeError, RecursionError) as error:
            raise SessionError(f"cannot write the session: {error}") from error
        return text

    def _records(self, items: Mapping[str, Record]) -> Iterator[str]:
        before, self._items = self._items, {}
        for item_id, record in items.items():
            held = before.get(item_id)
            if held is None or held[0] is not record:
                held = (record, _record(item_id, record))
            self._items[item_id] = held
            yield held[1]

    def _history(self, history: tuple[Change, ...]) -> Iterator[str]:
        known = self._changes
        for index, change in enumerate(history):
            if index >= len(known) or known[index][0] is not change:
                del known[index:]
                known.append((change, "\n[[history]]\n" + _table(change)))
            yield known[index][1]
        del known[len(history) :]


def dumps(session: Session) -> str:
    """The session as the text of its file. Raises SessionError for values that TOML cannot hold."""
    return Writer().dumps(session)


def loads(text: str, *, source: str) -> Session:
    """Parse the text of a session file. source: its path, for messages.

    Raises SessionError with file and line for a truncated file, merge markers, unknown keys, wrong
    values, or the format of a newer version.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    marked = diagnostics.marker(text, MARKERS)
    if marked:
        raise SessionError(
            "the file has unresolved merge markers",
            where=f"{source}:{marked}",
            hint="resolve the merge (git status lists the files), then open it again",
        )
    if not text.strip():
        raise diagnostics.empty(source)
    promised = text.startswith(HEAD) or HEAD.startswith(text)
    if promised and text.rstrip().rpartition("\n")[2] != END.strip():
        raise diagnostics.torn(text, source, "the last line is not `# end`")
    try:
        document = toml_text.loads(text)
    except (ValueError, RecursionError) as error:
        raise diagnostics.unparsed(text, source, error) from error
    number = document.get("format")
    if type(number) is not int or number != FORMAT:  # find its line only if it is needed
        document = migrate(document, where=f"{source}:{diagnostics.line_of(text, ('format',))}")
    try:
        return Session.model_validate(document)
    except ValidationError as error:
        raise diagnostics.misfits(text, source, error) from error
    except (ArithmeticError, RecursionError, TypeError) as error:  # a value that no validator foresaw
        raise diagnostics.unparsed(text, source, error) from error


def loads_bytes(data: bytes, *, source: str) -> Session:
    """As `loads`, from bytes; also refuses data that is not UTF-8."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SessionError(
            f"not a session file: byte {error.start} is not UTF-8",
            where=f"{source}:{line}",
            hint="restore it from version control, or open an earlier day",
        ) from error
    return loads(text, source=source)


def _head(session: Session) -> Iterator[str]:
    """Everything before the items."""
    fields = _set_fields(session)
    for name in ("items", "signoffs", "history"):
        fields.pop(name, None)
    parameters, hosts = fields.pop("parameters", {}), fields.pop("hosts", ())
    # A string, because it is part of a file name.
    if session.carried_from is not None:
        fields["carried_from"] = session.carried_from.isoformat()
    yield _pairs(fields.items())
    if parameters:
        yield "\n[parameters]\n" + _pairs(parameters.items())
    for host in hosts:
        yield "\n[[hosts]]\n" + _table(host)


def _record(item_id: str, record: Record) -> str:
    fields = _set_fields(record)
    evidence, waiver, outcomes = (fields.pop(name, None) for name in ("evidence", "waiver", "outcomes"))
    name = f"items.{_key(item_id)}"
    parts = [f"\n[{name}]\n", _pairs(fields.items())]
    parts += [f"[[{name}.evidence]]\n" + _table(proof) for proof in evidence or ()]
    if waiver is not None:
        parts.append(f"[{name}.waiver]\n" + _table(waiver))
    for target, outcome in (outcomes or {}).items():
        parts.append(f"[{name}.outcomes.{_key(target)}]\n" + _table(outcome))
    return "".join(parts)


def _signoff(signoff: Frozen) -> str:
    return "\n[[signoffs]]\n" + _table(signoff)


def _table(model: Frozen) -> str:
    return _pairs(_set_fields(model).items())


def _set_fields(model: Frozen) -> dict[str, Any]:
    """The fields that differ from their defaults, in the model's order; `format` always."""
    return {
        name: value
        for name, field in type(model).model_fields.items()
        if (value := getattr(model, name)) != field.default or name == "format"
    }


def _pairs(pairs: Iterable[tuple[str, Any]]) -> str:
    return "".join(f"{_key(name)} = {_value(value, inline=False)}\n" for name, value in pairs)


@lru_cache(maxsize=8192)
def _key(name: str) -> str:
    return tomli_w.dumps({name: 0})[: -len(" = 0\n")]


def _value(value: Any, *, inline: bool = True) -> str:
    match value:
        case Enum():
            return _text(str(value.value), False)
        case str():
            return _text(value, not inline and _spreads(value))
        case datetime():
            return _moment(value)
        case date():
            return value.isoformat()
        case list() | tuple():
            return "[" + ", ".join(map(_value, value)) + "]"
        case Mapping():
            return "{" + ", ".join(f"{_key(name)} = {_value(part)}" for name, part in value.items()) + "}"
        case Frozen():
            return _value(_set_fields(value))
        case _:
            return _plain(value)


@lru_cache(maxsize=8192)
def _text(value: str, multiline: bool) -> str:
    return _plain(value, multiline=multiline)


def _plain(value: object, *, multiline: bool = False) -> str:
    return tomli_w.dumps({"k": value}, multiline_strings=multiline)[len("k = ") : -1]


def _spreads(text: str) -> bool:
    """Whether a text may be written over several lines.

    Not if it contains CRLF, because tomli-w would lose the CR, nor if a line looks like a merge marker.
    Such text is written on one line with escapes.
    """
    return "\n" in text and "\r\n" not in text and not diagnostics.marker(text, MARKERS)


def _moment(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"the time {moment} has no time zone")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
