"""The form's parameters: found, edited one by one in the line at the bottom."""

from __future__ import annotations

from textual import on

from readiness_tui.tui import commands
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.widgets.parameters import Parameters
from readiness_tui.tui.widgets.prompt import Prompt


class FormParameters(CommandScreen):
    """The part of the form that gives parameters their values."""

    @property
    def parameters(self) -> Parameters:
        """The parameters."""
        return self.query_one(Parameters)

    @on(commands.EditValue)
    def _edit(self) -> None:
        chosen = self.parameters
        if (parameter := chosen.chosen) is None:
            return
        self.prompt.ask(
            f"{parameter.name} =",
            lambda text: self._edited(parameter.name, text),
            text=chosen.typed(parameter.name),
            left=self._to_parameters,
        )

    def _edited(self, name: str, text: str) -> None:
        if fault := self.parameters.put(name, text):
            self.say(fault, bad=True)
        self._to_parameters()

    def _to_parameters(self) -> None:
        self.parameters.take_keys()

    @property
    def prompt(self) -> Prompt:
        """The line that asks."""
        return self.query_one(Prompt)

    @on(commands.Find)
    def _find(self) -> None:
        self.prompt.ask(
            "find parameter:",
            lambda text: self._to_parameters(),
            text=self.parameters.sought,
            typed=self.parameters.seek,
            left=self._unfind,
        )

    def _unfind(self) -> None:
        self.parameters.seek("")
        self._to_parameters()
