"""`docs/probes.md`, written from the kinds, the checklist and the cases: `python scripts/probes_page.py`."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import yaml

from readiness_tui.checklist.find import find
from readiness_tui.checklist.read import read
from readiness_tui.collectors import catalog
from readiness_tui.model.base import Frozen
from readiness_tui.model.checklist import Checklist, Item
from readiness_tui.model.privilege import NONE
from readiness_tui.probes import registry
from readiness_tui.probes.contract import AnyKind

CASES = Path(__file__).parents[1] / "tests" / "probes" / "cases"
SHOWN = 5
"""Cases named in a list."""

INTRODUCTION = """\
# Probes

Written from the kinds, the built-in checklist and the recorded cases by `python scripts/probes_page.py`; a
test compares.

A probe asks and judges; it changes nothing on a host. Its verdict is `pass`, `fail`, `info` or `unknown`
with a cause; what could not be seen is never a pass. `readiness plan LAUNCH` shows every command before the
first connection, `readiness sudoers LAUNCH --host H` exactly the privileges they need.

A word in capitals in a privilege is known on the host only; `or group` means that members need no root.
`$name` in an example is a launch parameter.
"""


def page() -> str:
    """The whole page, Markdown."""
    checklist = read(find("production"), kinds=registry.schemas())
    abouts = _abouts()
    kinds = sorted(registry.kinds().items())
    contents = ", ".join(f"[{name}](#{name})" for name, _ in kinds)
    parts = [INTRODUCTION, f"Kinds: {contents}. [All items](#all-items).\n"]
    for name, kind in kinds:
        parts += _kind(name, kind, checklist, abouts)
    parts += _items(checklist, abouts)
    return "\n".join(parts) + "\n"


def _kind(
    name: str, kind: type[AnyKind], checklist: Checklist, abouts: dict[str, list[str]]
) -> Iterator[str]:
    items = [item for item in checklist.items.values() if item.probe is not None and item.probe.kind == name]
    said = (inspect.getdoc(inspect.getmodule(kind)) or "").partition("\n")[0]
    what = said.removeprefix(f"Kind `{name}`: ")
    yield f"## {name}\n"
    yield f"{what[:1].upper()}{what[1:]} {_first(inspect.getdoc(kind))}\n"
    yield from _parameters(kind.Params)
    if items:
        yield "Example, of `" + items[0].id + "`:\n"
        yield "```yaml\n" + _example(items[0]) + "```\n"
    yield "| returns | |\n|---|---|"
    yield from (f"| `{fact}` | {_cell(words)} |" for fact, words in kind.facts.items())
    yield ""
    yield f"Privileges: {_privileges(kind)}\n"
    subjects = [name, *(item.id for item in items)]
    yield from _cases("Right, although unusual", subjects, abouts, ("pass", "info"))
    yield from _cases("Wrong", subjects, abouts, ("fail",))
    yield from _cases("Cannot be told", subjects, abouts, ("unknown",))


def _parameters(params: type[Frozen]) -> Iterator[str]:
    shapes: dict[str, Any] = params.model_json_schema().get("properties", {})
    required = params.model_json_schema().get("required", [])
    if not shapes:
        yield "No parameters.\n"
        return
    yield "Parameters: " + " ".join((inspect.getdoc(params) or "").split()) + "\n"
    yield "| parameter | default |\n|---|---|"
    for name, shape in shapes.items():
        default = "required" if name in required else f"`{json.dumps(shape.get('default'))}`"
        yield f"| `{name}` | {_cell(default)} |"
    yield ""


def _example(item: Item) -> str:
    assert item.probe is not None
    written = item.probe.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude={"params", "timeout"}
    )
    shown = {key: value for key, value in written.items() if value != ""}
    fields = ("kind", "where")
    tree = {key: shown[key] for key in fields} | dict(item.probe.params)
    tree |= {key: value for key, value in shown.items() if key not in fields}
    return yaml.safe_dump(tree, sort_keys=False, default_flow_style=None, width=100, allow_unicode=True)


def _privileges(kind: type[AnyKind]) -> str:
    """What the collectors need that the kind's code names; nothing for one that looks over the network."""
    folder = Path(inspect.getfile(kind))
    files = folder.parent.glob("*.py") if folder.name == "kind.py" else (folder,)
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    named = [name for name in catalog.names() if f'"{name}' in text or f"+{name}" in text]
    needed = reduce(or_, (_shown(name) for name in named), NONE)
    return f"`{needed}`." if needed != NONE else "none."


def _shown(name: str) -> Any:
    """A collector's privileges with its arguments' own names, in capitals."""
    collector = catalog.get(name)
    arguments = [
        word.strip("[]=.,-*").replace("=", "-") or "ARGUMENT" for word in collector.arguments.split()
    ]
    return collector.privilege(arguments)


def _cases(
    title: str, subjects: Iterable[str], abouts: dict[str, list[str]], verdicts: tuple[str, ...]
) -> Iterator[str]:
    found = [
        text
        for subject in subjects
        for verdict in verdicts
        for text in abouts.get(f"{subject}/{verdict}", [])
    ]
    chosen = list(dict.fromkeys(text for text in found if text not in ("Recorded.", "Absent.")))[:SHOWN]
    if chosen:
        yield f"{title}:\n"
        yield from (f"- {text}" for text in chosen)
        yield ""


def _items(checklist: Checklist, abouts: dict[str, list[str]]) -> Iterator[str]:
    yield "## All items\n"
    yield "| item | mode | probe | where | wrong, for example |\n|---|---|---|---|---|"
    for item in checklist.items.values():
        probe, where = "-", "-"
        if item.probe is not None:
            probe, where = f"[{item.probe.kind}](#{item.probe.kind})", ", ".join(item.probe.where)
        elif sources := _sources(item):
            probe = "as " + ", ".join(f"`{source}`" for source in sources)
        elif item.derive is not None:
            probe, where = f"computed: {item.derive}", "the session"
        wrong = " ".join(abouts.get(f"{item.id}/fail", [])[:2])
        yield f"| `{item.id}` | {item.mode} | {probe} | {where} | {_cell(wrong)} |"
    yield ""


def _sources(item: Item) -> tuple[str, ...]:
    same = item.same_as
    return () if same is None else (same,) if isinstance(same, str) else tuple(same)


def _abouts() -> dict[str, list[str]]:
    """What each recorded case is about, by subject and verdict."""
    found: dict[str, list[str]] = {}
    for path in sorted(CASES.glob("*/*.yaml")):
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
        text = " ".join(str(tree.get("about", "")).split())
        if text:
            found.setdefault(f"{path.parent.name}/{tree['expect']['verdict']}", []).append(text)
    return found


def _first(text: str | None) -> str:
    return " ".join((text or "").split("\n\n")[0].split())


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    sys.stdout.write(page())
