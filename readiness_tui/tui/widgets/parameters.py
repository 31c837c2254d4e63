"""The parameters of a form: those that want a value first, each with its default and its help."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import JsonValue
from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from readiness_tui.checklist.values import read
from readiness_tui.display.marks import Charset, one_line
from readiness_tui.errors import UsageError
from readiness_tui.model.checklist import Checklist, Parameter
from readiness_tui.model.facts import plain
from readiness_tui.rules.parameter_types import check
from readiness_tui.tui.widgets.choices import Choices
from readiness_tui.tui.widgets.lines import FixedLines, Pages, fit

VALUE_WIDTH = 24
"""Cells of a value in the list; the prompt shows all of it."""


class Parameters(Vertical):
    """A list that can be searched; the chosen one's help stands beneath."""

    def __init__(self, chars: Charset, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.chars = chars
        self.sought = ""
        self._checklist: Checklist
        self._all: tuple[Parameter, ...] = ()
        self._shown: tuple[Parameter, ...] = ()
        self._typed: dict[str, str] = {}
        self._values: dict[str, JsonValue] = {}

    def compose(self) -> ComposeResult:
        """A heading, the list, the help."""
        yield FixedLines(id="parameters-title")
        yield Choices(id="parameters-list")
        yield Pages(id="parameters-help")

    @property
    def choices(self) -> Choices:
        """The list."""
        return self.query_one(Choices)

    @property
    def has_keys(self) -> bool:
        """The list has the keys."""
        return self.screen.focused is self.choices

    @property
    def chosen(self) -> Parameter | None:
        """The parameter under the mark."""
        index = self.choices.index
        return self._shown[index] if 0 <= index < len(self._shown) else None

    @property
    def values(self) -> Mapping[str, JsonValue]:
        """The values given, by name."""
        return dict(self._values)

    def take_keys(self) -> None:
        """Give the keys to the list."""
        self.screen.set_focus(self.choices)

    def offer(self, checklist: Checklist) -> None:
        """Show a checklist's parameters: those without a default first."""
        self._checklist = checklist
        parameters = checklist.parameters
        self._all = tuple(sorted(parameters, key=lambda parameter: parameter.default is not None))
        known = {parameter.name for parameter in parameters}
        self._typed = {name: text for name, text in self._typed.items() if name in known}
        self._values = {name: given for name, given in self._values.items() if name in known}
        self.seek(self.sought)

    def seek(self, text: str) -> None:
        """Show those whose name or help holds the text."""
        self.sought = text
        words = text.casefold().split()
        self._shown = tuple(
            parameter
            for parameter in self._all
            if all(word in f"{parameter.name} {parameter.help}".casefold() for word in words)
        )
        self._draw()

    def typed(self, name: str) -> str:
        """What to begin with when it is edited: what was typed, else the default."""
        if name in self._typed:
            return self._typed[name]
        default = next(parameter.default for parameter in self._all if parameter.name == name)
        return "" if default is None else spelt(default)

    def put(self, name: str, text: str) -> str:
        """Give a parameter a value; empty goes back to the default. What is wrong, if anything."""
        parameter = next(parameter for parameter in self._all if parameter.name == name)
        default = parameter.default
        try:
            given = check(self._checklist, parameter, read(parameter, text)) if text else None
        except UsageError as error:
            return f"{error.message}; {error.hint}" if error.hint else error.message
        if given is None or given == default:
            self._typed.pop(name, None)
            self._values.pop(name, None)
        else:
            self._typed[name], self._values[name] = text, given
        self._draw()
        return ""

    def move(self, lines: int) -> bool:
        """Move the mark; False at the end of the list."""
        index = self.choices.index + lines
        if not 0 <= index < len(self._shown):
            return False
        self.choices.choose(index)
        return True

    @on(Choices.Chosen)
    def _chosen(self, event: Choices.Chosen) -> None:
        event.stop()
        self._draw_help()

    def _draw(self) -> None:
        unset = sum(p.default is None and p.name not in self._values for p in self._all)
        title = f"Parameters: {len(self._all)}, {unset} without a value"
        title += f", {len(self._shown)} found for {self.sought!r}" if self.sought else ""
        self.query_one(FixedLines).show([Text(title, Style(bold=True))])
        width = max((len(parameter.name) for parameter in self._all), default=0)
        self.choices.show([self._line(parameter, width) for parameter in self._shown])
        self._draw_help()

    def _line(self, parameter: Parameter, width: int) -> Text:
        text = Text(f"{parameter.name:<{width}}  ")
        if parameter.name in self._values:
            said, style = self._typed[parameter.name], Style(bold=True)
        elif parameter.default is None:
            said, style = "not set", Style(dim=True)
        else:
            said, style = spelt(parameter.default), Style()
        text.append(fit(one_line(said), VALUE_WIDTH, self.chars).ljust(VALUE_WIDTH), style)
        return text.append(f"  {one_line(parameter.help)}", Style(dim=True))

    def _draw_help(self) -> None:
        parameter = self.chosen
        said = [] if parameter is None else [Text(one_line(f"{parameter.name}: {parameter.help}"))]
        if parameter is not None and parameter.default is None:
            said.append(Text("Not set: items that need it are unknown (not-configured).", Style(dim=True)))
        self.query_one(Pages).show(said, top=True)


def spelt(given: JsonValue) -> str:
    """A value as it is typed."""
    return json.dumps(given, ensure_ascii=False) if isinstance(given, list | dict) else plain(given)
