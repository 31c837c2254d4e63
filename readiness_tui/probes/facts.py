"""Read facts from a reply's text: values by name, and why others are missing.

One fact per line, `name=value`; `!name=reason` for a fact that could not be determined; repeated names
make lists; `|` separates fields in a value (catalogue, section 2). Never raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from readiness_tui.collectors import catalog
from readiness_tui.collectors.catalog import Collector
from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import CollectorAsk, Reply

_LINE = re.compile(r"^(!?)([A-Za-z_][A-Za-z0-9_.]*)=(.*)$")
_NUMBER = re.compile(r"^[+-]?\d{1,15}(\.\d{1,15})?$")

TIMED_OUT = (124, 137, 143)
"""Exit statuses after a timeout or kill: coreutils 124, SIGKILL 137, BusyBox 143."""

_CAUSES = (
    (re.compile(r"^(rc=)?(124|137|143)\b|^timeout"), Cause.TIMEOUT),
    (re.compile(r"^denied|^unreadable|-failed denied"), Cause.DENIED),
    (re.compile(r"^no-connection.*(authentication|password|[Pp]eer|[Ii]dent|role)"), Cause.AUTH),
    (re.compile(r"^no-connection"), Cause.UNREACHABLE),
    (re.compile(r"^unsupported|^unknown-place|^not-elf"), Cause.UNSUPPORTED),
    (re.compile(r"^no-|^not-installed"), Cause.NO_TOOL),
)
"""The causes of reasons that all collectors share. A collector's own are in its header."""


def cause_of(reason: str, own: Sequence[tuple[re.Pattern[str], Cause]] = ()) -> Cause:
    """The cause of a collector's `!name=reason`; `error` for an undeclared reason.

    own: the causes in the collector's header, which take precedence.
    """
    return next((cause for pattern, cause in (*own, *_CAUSES) if pattern.search(reason)), Cause.ERROR)


class ParsedReply:
    """The facts of one reply.

    trouble: why the reply cannot be used (not possible to check, the collector failed or was truncated).
    Every fact is then missing with that reason.
    """

    def __init__(self, reply: Reply) -> None:
        self.trouble = _trouble(reply)
        self._values: dict[str, list[str]] = {}
        self._refusals: dict[str, list[str]] = {}
        self._collectors = _collectors(reply)
        for line in reply.stdout.splitlines():
            if match := _LINE.match(line):
                kept = self._refusals if match[1] else self._values
                kept.setdefault(match[2], []).append(match[3].strip())
        if self.trouble is None and reply.stdout.strip() and not self._values and not self._refusals:
            self.trouble = Missing(Cause.GARBLED, f"{asked(reply)}: no line of the output is a fact")

    def refusal(self, name: str) -> Missing | None:
        """Why a fact, or a part of a list, is missing; None if nothing is."""
        if self.trouble is not None:
            return self.trouble
        reasons = self._refusals.get(name)
        if not reasons:
            return None
        own = [cause for collector in self._collectors for cause in collector.causes]
        subject = next((c.subjects[name] for c in self._collectors if name in c.subjects), name)
        return Missing(cause_of(reasons[0], own), f"{subject}: {reasons[0]}")

    def rows(self, name: str) -> tuple[str, ...] | Missing:
        """Every value of a name, empty if there is none; missing if any was refused."""
        return self.refusal(name) or tuple(self._values.get(name, ()))

    def known(self, name: str) -> tuple[str, ...]:
        """The available values, even if others were refused."""
        return () if self.trouble is not None else tuple(self._values.get(name, ()))

    def refused(self, name: str) -> tuple[str, ...]:
        """The reasons why values of a name are missing."""
        return () if self.trouble is not None else tuple(self._refusals.get(name, ()))

    def names(self, prefix: str) -> tuple[str, ...]:
        """The rest of every name that starts with the prefix, known or refused, without duplicates."""
        by_name = dict.fromkeys((*self._values, *self._refusals)) if self.trouble is None else {}
        return tuple(name[len(prefix) :] for name in by_name if name.startswith(prefix))

    def text(self, name: str, default: str | None = None) -> str | Missing:
        """The last value of a name; if there is none, `default`, else missing."""
        rows = self.rows(name)
        if isinstance(rows, Missing):
            return rows
        if rows:
            return rows[-1]
        return (
            default if default is not None else Missing(Cause.GARBLED, f"{name} is missing from the output")
        )

    def number(self, name: str) -> int | float | Missing:
        """A number; missing if there is none or it is not a number."""
        text = self.text(name)
        return text if isinstance(text, Missing) else number(name, text)


def number(name: str, text: str) -> int | float | Missing:
    """A decimal number in a text, or why it is not one."""
    text = text.strip()
    if not _NUMBER.match(text):
        return Missing(Cause.GARBLED, f"{name}={text[:40]} is not a number")
    return float(text) if "." in text else int(text)


def fields(row: str, count: int) -> tuple[str, ...]:
    """The fields of a value, separated by `|`; always `count` of them, absent ones empty."""
    parts = [part.strip() for part in row.split("|", count - 1)]
    return tuple(parts + [""] * (count - len(parts)))


def unseen(names: Iterable[str], why: Missing) -> dict[str, Fact | Missing]:
    """All of these facts as missing, for one reason."""
    return dict.fromkeys(names, why)


def first_missing(values: Iterable[object]) -> Missing | None:
    """The first missing value."""
    return next((value for value in values if isinstance(value, Missing)), None)


def asked(reply: Reply) -> str:
    """A word for what was asked, to start a reason."""
    return reply.ask.collector if isinstance(reply.ask, CollectorAsk) else reply.ask.kind


def _collectors(reply: Reply) -> tuple[Collector, ...]:
    """The built-in collectors of a reply; empty for the script of a third-party kind."""
    if not isinstance(reply.ask, CollectorAsk):
        return ()
    known = catalog.names()
    return tuple(catalog.get(name) for name in reply.ask.collector.split("+") if name in known)


def _trouble(reply: Reply) -> Missing | None:
    if reply.cause is not None:
        return Missing(reply.cause, reply.detail or f"{asked(reply)}: {reply.cause}")
    if reply.clipped:
        return Missing(Cause.GARBLED, f"{asked(reply)}: the output exceeded its limit and was truncated")
    if not isinstance(reply.ask, CollectorAsk) or reply.exit == 0:
        return None
    if reply.exit in TIMED_OUT:
        return Missing(Cause.TIMEOUT, f"{asked(reply)}: took longer than {reply.ask.timeout_s:g} s")
    ended = "never ended" if reply.exit is None else f"ended with status {reply.exit}"
    return Missing(Cause.ERROR, f"{asked(reply)}: {ended}")


def settle(problems: Iterable[str], doubts: Iterable[Missing] = ()) -> Fact | Missing:
    """The value of a fact that lists problems: what is wrong, else why it cannot be told, else nothing."""
    found = tuple(dict.fromkeys(problems))
    return found or next(iter(doubts), ())


def grants(replies: Iterable[Reply]) -> str:
    """What would let this user see more, as the collectors said it in `hint=`; empty when they did not."""
    hints = dict.fromkeys(hint for reply in replies for hint in ParsedReply(reply).known("hint"))
    return "; ".join(hints)
