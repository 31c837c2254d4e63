"""Escape text for Markdown, so that it is shown literally (CommonMark and GFM)."""

from __future__ import annotations

import re

from readiness_tui.reports.parts.text import one_line, visible, web_address

_SPECIAL = re.compile(
    r"[\\`*\[\]|~$]"  # escapes, code, emphasis, links, table cells, strikes, mathematics
    r"|(?<![^\W_])_|_(?![^\W_])"  # an underscore that is not inside a word
    r"|<(?=[a-z/!?])|&(?=#|[a-z])"  # HTML, entities
    r"|:(?=//)|(?<=www)\.|@"  # text that would become a link automatically
    r"|!(?=\[)|(?<=\s)#",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^([-+#>=:]|\d+(?=[.)]))")


class Markup(str):
    """Markdown text that templates print without escaping."""

    __slots__ = ()


def inline(text: str) -> Markup:
    """Untrusted text on one line, with all markup escaped; it may start a line."""
    return _at_start(_escaped(one_line(text)))


def item_text(text: str) -> Markup:
    """Text of a checklist: its `code spans` are kept, everything else is escaped."""
    parts = re.split(r"(`[^`]+`)", one_line(text))
    return _at_start(
        "".join(part if part.startswith("`") and len(part) > 2 else _escaped(part) for part in parts)
    )


def code(text: str) -> Markup:
    """Untrusted text as one code span."""
    line = one_line(text) or " "
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    pad = " " if "`" in (line[0], line[-1]) else ""
    return Markup(f"{fence}{pad}{line}{pad}{fence}")


def address(text: str) -> Markup:
    """A web address as a link, anything else as text."""
    return Markup(f"<{text}>") if web_address(text) else inline(text)


def fenced(text: str, indent: int = 0) -> Markup:
    """Untrusted text of several lines as a code block, indented by `indent` spaces."""
    body = visible(text).rstrip("\n")
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", body)), default=0))
    lines = (f"{fence}text", *body.split("\n"), fence)
    return Markup("\n".join((" " * indent + line).rstrip(" ") for line in lines))


def _escaped(line: str) -> str:
    return _SPECIAL.sub(lambda match: "\\" + match[0], line)


def _at_start(line: str) -> Markup:
    """A line that does not start a list, heading, quotation or definition."""
    match = _LEADING.match(line)
    if match is None:
        return Markup(line)
    if match[0].isdecimal():
        return Markup(f"{match[0]}\\{line[match.end() :]}")
    return Markup("\\" + line)
