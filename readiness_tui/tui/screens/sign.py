"""A lead signs: role, decision, name, and with which key; on another machine or on paper too."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from textual import on

from readiness_tui.assessment import Assessment
from readiness_tui.errors import ReadinessError
from readiness_tui.model.answer import Decision
from readiness_tui.signing.verify import Checker
from readiness_tui.tui import key_signature
from readiness_tui.tui.commands.base import Command, bindings
from readiness_tui.tui.commands.deciding import ReadPage
from readiness_tui.tui.commands.forms import LeaveForm, NextField, Onward, Save
from readiness_tui.tui.screens.fields_screen import FieldsScreen, told
from readiness_tui.tui.screens.page_text import PageTextScreen
from readiness_tui.tui.widgets.form_fields import Entry, FormField, OneOf
from readiness_tui.workspace import signing_off
from readiness_tui.workspace.signing_off import Wish
from readiness_tui.workspace.workspace import Workspace

WAYS = (
    ("file", "with a key file"),
    ("agent", "with the agent"),
    ("request", "on another machine"),
    ("paper", "on paper: UNSIGNED"),
)
WHERE = {
    "file": ("Key file", "path of the private key"),
    "agent": ("Agent's key", "its .pub file; empty: the only key"),
    "request": ("Folder", "page.txt and the statement go here"),
}
LABELS = {Decision.GO: "go", Decision.GO_WITH_CONDITIONS: "go with conditions", Decision.NO_GO: "no-go"}


class SignScreen(FieldsScreen):
    """Signs the page by the code of `readiness sign`; the launch's name is the confirmation."""

    OFFERS = (*FieldsScreen.OFFERS, ReadPage)
    BINDINGS = bindings(OFFERS)

    def __init__(self, workspace: Workspace, role: str) -> None:
        self.workspace = workspace
        self.assessment = workspace.assessment
        self._launch = self.assessment.session.launch
        self._folder = workspace.launch.sessions.folder_of(self._launch)
        self._signing = False
        roles = [(each.id, each.title) for each in self.assessment.checklist.roles]
        self._role = OneOf("As which lead", roles, id="role")
        self._role.at = next(at for at, (known, _) in enumerate(roles) if known == role)
        key = Path("~/.ssh/id_ed25519").expanduser()
        fields: list[FormField] = [
            self._role,
            OneOf("Decision", [(d.value, LABELS[d]) for d in Decision], id="decision"),
            Entry("Conditions", takes="TEXT | owner WHO | due YYYY-MM-DD ; another", id="conditions"),
            self._who(role),
            OneOf("How", WAYS, id="how"),
            Entry(WHERE["file"][0], str(key) if key.exists() else "", takes=WHERE["file"][1], id="where"),
            Entry("Confirm", takes=f"type {self._launch}", id="confirm"),
        ]
        help = _changes(self.assessment, self._folder, role)
        super().__init__("Sign the page", fields, workspace.chars, help=help)

    def _who(self, role: str) -> FormField:
        """The names that may sign, to choose from; a line where no file says who may."""
        names = _names(self.assessment, role)
        if not names:
            return Entry("Name", self.assessment.operator, takes="as in allowed_signers", id="who")
        return OneOf("Name", [(name, name) for name in names], takes="from allowed_signers", id="who")

    @property
    def in_bar(self) -> tuple[type[Command], ...]:
        """What the bar shows."""
        return (Onward, NextField, ReadPage, Save, LeaveForm)

    def begin(self) -> None:
        """Show the fields that the decision and the way need."""
        self._show_needed()
        super().begin()

    @on(FormField.Edited)
    def _edited(self, event: FormField.Edited) -> None:
        if event.field is self._role:
            who = self.fields["who"]
            if isinstance(who, OneOf):
                who.offer([(name, name) for name in _names(self.assessment, self._role.value)])
            self.explain(_changes(self.assessment, self._folder, self._role.value))
        self._show_needed()

    def _show_needed(self) -> None:
        values = self.fields.values
        self.fields["conditions"].display = values["decision"] == Decision.GO_WITH_CONDITIONS
        where, how = self.fields["where"], values["how"]
        where.display = how in WHERE
        if how in WHERE:
            where.name_it(*WHERE[how])

    @on(ReadPage)
    def _read(self) -> None:
        self.app.push_screen(PageTextScreen(self.workspace, self._role.value))

    def submit(self) -> None:
        """Sign off the loop: a key may want a passphrase or a touch."""
        if not self._signing:
            self._signing = True
            self.run_worker(self._submitted(), group="signing", exclusive=True)

    async def _submitted(self) -> None:
        try:
            faults = await self._sign(self.fields.values)
        except ReadinessError as error:
            faults = {_field_of(error): told(error)}
        finally:
            self._signing = False
        if self.fields.tell(faults):
            self.close()

    async def _sign(self, values: Mapping[str, str]) -> Mapping[str, str]:
        how = values["how"]
        if how != "request" and values["confirm"] != self._launch:
            return {"confirm": f"not signed: type the launch's name, {self._launch}"}
        if how in ("file", "request") and not values["where"]:
            return {"where": "name the key file" if how == "file" else "name a folder"}
        texts = tuple(text.strip() for text in values["conditions"].split(";") if text.strip())
        with_conditions = values["decision"] == Decision.GO_WITH_CONDITIONS
        if with_conditions and not texts:
            return {"conditions": "write at least one condition"}
        wish = Wish(values["role"], values["decision"], values["who"], texts if with_conditions else ())
        said = signing_off.statement_of(self.assessment, wish)
        if how == "request":
            folder = Path(values["where"]).expanduser()
            file, line = signing_off.request(self.assessment, said, folder)
            self.workspace.say(f"{said.who} signs in {file.parent}: {line}; then a takes in {file.name}.sig")
            return {}
        signature = ""
        if how != "paper":
            key = Path(values["where"]).expanduser() if values["where"] else None
            if how == "agent" and key is not None and key.suffix != ".pub":
                return {"where": "the agent's key is named by its .pub file"}
            signature = await key_signature.made(self, said.text().encode(), key)
        signing_off.take_in(self.assessment, self._folder, said.signoff(signature))
        self.workspace.say(f"signed: {said.role}, {said.decision} by {said.who}")
        return {}


def _field_of(error: ReadinessError) -> str:
    """The field that an error is about."""
    words = {
        "condition": "conditions",
        "principal": "who",
        "signer": "who",
        "no entry": "who",
        "key": "where",
    }
    return next((field for word, field in words.items() if word in error.message), "confirm")


def _names(assessment: Assessment, role: str) -> tuple[str, ...]:
    """Who may sign for the role; nobody where no file says, or the file is broken."""
    check = assessment.check
    try:
        return check.names(role) if isinstance(check, Checker) else ()
    except ReadinessError:
        return ()  # said when the signature is checked


def _changes(assessment: Assessment, folder: Path, role: str) -> str:
    """What changed since the role last signed, in a few lines."""
    since = signing_off.since_signed(assessment, folder, role)
    if since is None:
        return "This lead has not signed yet."
    shown = [f"{'-' if change.worse else '+'} {change}" for change in since.changes[:4]]
    return "\n".join((str(since), *shown))
