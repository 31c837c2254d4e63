"""A parameter's value: what it is for, which items need it, and a field of its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from readiness_tui.model.checklist import Parameter, ParameterType
from readiness_tui.model.session import Session
from readiness_tui.rules import edits, parameters
from readiness_tui.rules.parameter_types import type_of
from readiness_tui.tui.parameter_text import explained, spelt
from readiness_tui.tui.screens.fields_screen import FieldsScreen
from readiness_tui.tui.widgets.form_fields import Entry, FormField, OneOf
from readiness_tui.workspace import launch_settings
from readiness_tui.workspace.workspace import Workspace

TYPES: Mapping[ParameterType, str] = {
    ParameterType.TEXT: "a text",
    ParameterType.VERSION: "a version, such as 1.80",
    ParameterType.INTEGER: "a whole number",
    ParameterType.NUMBER: "a number",
    ParameterType.FLAG: "true or false",
    ParameterType.PORT: "a port, 1 to 65535",
    ParameterType.LIST: "a list: a, b",
    ParameterType.MAPPING: "a mapping: {a: 1}",
    ParameterType.REGEX: "a regular expression",
    ParameterType.PATH: "a full path",
    ParameterType.URL: "an http or https URL",
    ParameterType.TIME: "a time, such as 2026-11-27T06:00Z",
}


class ParameterScreen(FieldsScreen):
    """Asks for one parameter of the launch and saves it."""

    def __init__(
        self,
        workspace: Workspace,
        name: str,
        *,
        then: Callable[[], None] = lambda: None,
        why: str = "",
    ) -> None:
        """then: called after it was saved. why: what it is asked for, shown first."""
        self._assessment = workspace.assessment
        self._parameter = next(p for p in self._assessment.checklist.parameters if p.name == name)
        self._then = then
        field = value_field(self._parameter, self._assessment.session)
        checklist, session = self._assessment.checklist, self._assessment.session
        help = "\n".join(filter(None, (why, *explained(checklist, session, self._parameter))))
        draft = f"{session.launch}/parameter/{name}"
        super().__init__(f"Parameter {name}", [field], workspace.chars, draft=draft, help=help)

    def take(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """Save the value; an empty one goes back to the default."""
        text, name = values["value"], self._parameter.name
        if not text and self._parameter.default is None and name not in self._assessment.session.parameters:
            return {"value": "write a value, or leave with Esc: without one the items stay unknown"}
        edit = edits.SetParameter(name, None)
        if text:
            edit = launch_settings.parameter(self._assessment.checklist, name, text)
        if edit.value == self._parameter.default:
            edit = edits.SetParameter(name, None)
        self._assessment.apply(edit)
        return {}

    def saved(self) -> None:
        """Go on."""
        self._then()


def value_field(parameter: Parameter, session: Session) -> FormField:
    """The field for a parameter's value: a choice where the values are known, else a line."""
    kind = type_of(parameter)
    given = session.parameters.get(parameter.name, parameter.default)
    value = "" if given is None else spelt(given)
    if parameter.name not in session.parameters and parameters.is_template(parameter):
        value = ""
    choices = ("true", "false") if kind is ParameterType.FLAG else parameter.choices
    if choices:
        field = OneOf(parameter.name, [(one, one) for one in choices], id="value")
        field.at = choices.index(value) if value in choices else 0
        return field
    return Entry(parameter.name, value, takes=TYPES[kind] if kind else "any value", id="value")
