"""Recorded replies beside a session, so that a run can be judged again without its hosts.

`<day>.replies.jsonl`: one `Reply` as JSON per line, the latest for each host and ask.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from readiness_tui import regular_file
from readiness_tui.errors import SessionError
from readiness_tui.model.probe import Reply
from readiness_tui.store import atomic

SUFFIX = ".replies.jsonl"

_HINT = "rename or remove the recording; the next run begins a new one"


class Recording:
    """The replies of a session's runs. path: the file, which need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def beside(cls, session: Path) -> Recording:
        """The recording of a session file."""
        return cls(session.with_name(session.stem + SUFFIX))

    def add(self, replies: Iterable[Reply]) -> None:
        """Store these replies. Each replaces an earlier reply of that host to the same ask.

        The file is rewritten. Raises SessionError if it cannot be written or does not contain replies.
        The outcomes are in the session by then, so the run is not lost; the caller reports the error.
        """
        latest = {_key(reply): reply.model_dump_json() for reply in replies}
        if not latest:
            return
        kept = [reply.model_dump_json() for reply in self.replies() if _key(reply) not in latest]
        text = "".join(f"{line}\n" for line in (*kept, *latest.values()))
        atomic.write(self.path, text.encode("utf-8", "replace"))

    def replies(self) -> tuple[Reply, ...]:
        """All stored replies, oldest first. Raises SessionError with the line that is not a reply."""
        latest: dict[tuple[str, str], Reply] = {}
        for number, line in enumerate(self._text().split("\n"), start=1):
            if not line.strip():
                continue
            try:
                reply = Reply.model_validate_json(line)
            except ValidationError as error:
                raise SessionError("not a reply", where=f"{self.path}:{number}", hint=_HINT) from error
            latest[_key(reply)] = reply
        return tuple(latest.values())

    def find(self, host: str, ask_digest: str) -> Reply | None:
        """A host's reply to an ask, by the ask's digest. Raises as `replies`."""
        return next((reply for reply in self.replies() if _key(reply) == (host, ask_digest)), None)

    def _text(self) -> str:
        try:
            return regular_file.read_text(self.path, regular_file.RECORDING)
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise atomic.refusal(error, self.path, "read") from error
        except UnicodeDecodeError as error:
            raise SessionError("not a recording: not UTF-8", where=str(self.path), hint=_HINT) from error


def _key(reply: Reply) -> tuple[str, str]:
    return reply.host, reply.ask.digest
