"""Jinja templates whose every value is escaped for its format before it is printed."""

from __future__ import annotations

import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup as Html
from markupsafe import escape

from readiness_tui.reports.parts.markdown import Markup, code, fenced, inline, item_text
from readiness_tui.reports.parts.page import COLUMNS, Page
from readiness_tui.reports.parts.sheet import BLOCKING_ROWS, RISK_ROWS
from readiness_tui.reports.parts.text import one_line, utc, visible


def markdown(template: str, page: Page) -> str:
    """The page through a Markdown template; values that are not `Markup` are escaped."""
    environment = _environment(autoescape=False)
    environment.finalize = _marked
    environment.filters.update(code=code, fenced=fenced, item_text=item_text)
    return environment.get_template(template).render(page=page)


def html(template: str, page: Page) -> str:
    """The page through an HTML template; values that are not markup are made visible and escaped."""
    environment = _environment(autoescape=True)
    environment.finalize = _shown
    environment.filters.update(block=_block, item_text=_item_text, css_string=_css_string)
    return environment.get_template(template).render(page=page)


def _environment(*, autoescape: bool) -> Environment:
    made = Environment(
        loader=PackageLoader("readiness_tui.reports"),
        autoescape=autoescape,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    made.filters["utc"] = utc
    made.globals["rows"] = {"blocking": BLOCKING_ROWS, "risks": RISK_ROWS}
    made.globals["columns"] = [column.value for column in COLUMNS]
    return made


def _marked(value: object) -> str:
    return value if isinstance(value, Markup) else inline(str(value))


def _shown(value: object) -> object:
    return value if hasattr(value, "__html__") else one_line(str(value))


def _block(text: str) -> Html:
    """Text of several lines, for an element that keeps them."""
    return escape(visible(text).strip("\n"))


def _css_string(text: str) -> Html:
    """Text within a quoted string of a style sheet: all but letters and digits as escapes."""
    shown = one_line(text)[:60]
    return Html("".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in shown))


def _item_text(text: str) -> Html:
    """A checklist's own words, its `code spans` as such."""
    parts = re.split(r"`([^`]+)`", one_line(text))
    spans = (Html("<code>{}</code>").format(p) if i % 2 else escape(p) for i, p in enumerate(parts))
    return Html("").join(spans)
