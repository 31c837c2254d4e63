"""Text into Markdown, so that it shows as it is and marks nothing up (CommonMark and GFM)."""

from __future__ import annotations

import re

from readiness_tui.reports.parts.text import one_line, visible, web_address

_SPECIAL = re.compile(
    r"[\\`*\[\]|~$]"  # escapes, code, emphasis, links, table cells, strikes, mathematics
    r"|(?<![^\W_])_|_(?![^\W_])"  # an underscore that is not inside a word
    r"|<(?=[a-z/!?])|&(?=#|[a-z])"  # HTML, entities
    r"|:(?=//)|(?<=www)\.|@"  # what would become a link by itself
    r"|!(?=\[)|(?<=\s)#",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^([-+#>=:]|\d+(?=[.)]))")


class Markup(str):
    """Markdown that is meant as such; templates print it as it is."""

    __slots__ = ()


def inline(text: str) -> Markup:
    """Hostile text on one line, every mark in it escaped; it may begin a line."""
    return _at_start(_escaped(one_line(text)))


def item_text(text: str) -> Markup:
    """A checklist's own words: its `code spans` stay, all else is escaped."""
    parts = re.split(r"(`[^`]+`)", one_line(text))
    return _at_start(
        "".join(part if part.startswith("`") and len(part) > 2 else _escaped(part) for part in parts)
    )


def code(text: str) -> Markup:
    """Hostile text as one code span."""
    line = one_line(text) or " "
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    pad = " " if "`" in (line[0], line[-1]) else ""
    return Markup(f"{fence}{pad}{line}{pad}{fence}")


def address(text: str) -> Markup:
    """A web address as a link, anything else as text."""
    return Markup(f"<{text}>") if web_address(text) else inline(text)


def fenced(text: str, indent: int = 0) -> Markup:
    """Hostile text of several lines as a code block, `indent` spaces in."""
    body = visible(text).rstrip("\n")
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", body)), default=0))
    lines = (f"{fence}text", *body.split("\n"), fence)
    return Markup("\n".join((" " * indent + line).rstrip(" ") for line in lines))


def _escaped(line: str) -> str:
    return _SPECIAL.sub(lambda match: "\\" + match[0], line)


def _at_start(line: str) -> Markup:
    """A line that begins no list, heading, quotation or definition."""
    found = _LEADING.match(line)
    if found is None:
        return Markup(line)
    if found[0].isdecimal():
        return Markup(f"{found[0]}\\{line[found.end() :]}")
    return Markup("\\" + line)
