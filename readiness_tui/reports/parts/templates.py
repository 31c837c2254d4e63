"""Jinja templates that escape every value for their format."""

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
    """Render the page with a Markdown template. Values that are not `Markup` are escaped."""
    environment = _environment(autoescape=False)
    environment.finalize = _marked
    environment.filters.update(code=code, fenced=fenced, item_text=item_text)
    return environment.get_template(template).render(page=page)


def html(template: str, page: Page) -> str:
    """Render the page with an HTML template. Values that are not markup are made visible and escaped."""
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
    """Text of several lines, for an element that preserves them."""
    return escape(visible(text).strip("\n"))


def _css_string(text: str) -> Html:
    """Text for a quoted string in a style sheet: everything but letters and digits is escaped."""
    shown = one_line(text)[:60]
    return Html("".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in shown))


def _item_text(text: str) -> Html:
    """Text of a checklist, with its `code spans`."""
    parts = re.split(r"`([^`]+)`", one_line(text))
    spans = (Html("<code>{}</code>").format(p) if i % 2 else escape(p) for i, p in enumerate(parts))
    return Html("").join(spans)
