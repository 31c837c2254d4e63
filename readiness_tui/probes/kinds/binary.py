"""Kind `binary`: an executable file, the libraries it needs, and packages beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply, unseen
from readiness_tui.probes.kinds import package
from readiness_tui.probes.kinds.service.kind import UNIT_NAME
from readiness_tui.probes.sentences import SentenceKind, settle

FACTS: dict[str, str] = {
    "exists": "Whether the file is there.",
    "elf": "Whether it is an ELF file.",
    "executable": "Whether the asking user may execute it.",
    "size": "Bytes.",
    "sha256": "The first 16 digits of its digest.",
    "symtab": "Symbol tables in it: 0 when stripped.",
    "debuginfo": "Sections with debug information in it.",
    "static": "Whether it needs no library at all.",
    "libraries": "How many libraries the loader found it to need.",
    "libraries_missing": "Those the loader did not find, symbol versions and the loader itself included.",
    "library_problems": "What the binary or its host lacks, a sentence each.",
    "release_problems": "Why the file is no release binary that the service runs, a sentence each.",
    "symbol_problems": "What `strip_level` wants gone and is still in it, a sentence each.",
    "size_note": "Its size in KB or MB, in words.",
}

WRAPPERS = frozenset(
    {"sh", "bash", "dash", "env", "su", "runuser", "setpriv", "sudo", "gosu", "tini", "nice"}
)
"""Programs that start another: what they start is not what the unit names."""


class BinaryParams(Frozen):
    """path: the file. unit: who runs it. packages: what must be installed beside it, by family.
    strip_level: `all` for symbols and debug information, `debuginfo` for the latter alone.
    """

    path: str = Field(pattern="^/")
    unit: str = Field(default="", pattern=f"^$|{UNIT_NAME}")
    packages: package.Packages = {}
    strip_level: Literal["all", "debuginfo"] = "all"


class Binary(SentenceKind[BinaryParams]):
    """Reads the file and asks its loader; never runs it."""

    name = "binary"
    Params = BinaryParams
    facts = FACTS | package.FACTS

    def asks(self) -> tuple[Ask, ...]:
        """binary.elf, and package.installed when packages are wanted."""
        elf = collect("binary.elf", self.params.path, self.params.unit, spec=self.spec)
        return (elf, package.package_ask(self.params.packages)) if self.params.packages else (elf,)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The file's facts, then the packages'."""
        told = ParsedReply(replies[0])
        facts = _file(told, self.params.path)
        facts["release_problems"] = _release(told, facts, self.params)
        facts["symbol_problems"] = _symbols(facts, self.params.strip_level)
        facts |= {"packages": (), "packages_missing": (), "package_version": ""}
        if len(replies) > 1:
            facts |= package.read_packages(ParsedReply(replies[1]), self.params.packages)
        return facts | {"library_problems": tuple(_problems(facts, self.params.path))}


def _release(told: ParsedReply, facts: Facts, params: BinaryParams) -> Fact | Missing:
    """It is an executable ELF file, not from a debug build's directory, and what the unit starts."""
    if facts["exists"] is False:
        return (f"there is no file {params.path} (parameter binary_path)",)
    elf, executable = facts["elf"], facts["executable"]
    if isinstance(elf, Missing) or isinstance(executable, Missing):
        return elf if isinstance(elf, Missing) else executable
    if not elf:
        return (f"{params.path} is no ELF binary",)
    problems = [] if executable else [f"{params.path} is not executable"]
    real = told.text("real", default=params.path)
    if not isinstance(real, Missing) and "/debug/" in real:
        problems.append(f"{params.path} is a debug build: {real}")
    return settle(problems, _another(told, params.path))


def _another(told: ParsedReply, path: str) -> list[Missing]:
    """A doubt when the unit starts another file than the one looked at."""
    started, same = told.known("starts"), told.known("starts_it")
    if not started or same == ("yes",) or started[-1].rpartition("/")[2] in WRAPPERS:
        return []
    why = f"the unit starts {started[-1]}, not {path}: is binary_path right?"
    return [Missing(Cause.NOT_CONFIGURED, why)]


def _symbols(facts: Facts, level: str) -> Fact | Missing:
    symbols, debug = facts["symtab"], facts["debuginfo"]
    if isinstance(symbols, Missing) or isinstance(debug, Missing):
        return symbols if isinstance(symbols, Missing) else debug
    left = ["debug information"] if debug else []
    if symbols and level == "all":
        left.append("a symbol table")
    return (f"the binary has {' and '.join(left)} (expected: stripped)",) if left else ()


def _size(size: Fact | Missing) -> Fact | Missing:
    if isinstance(size, Missing) or not isinstance(size, (int, float)):
        return size
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} KB"


def _problems(facts: Facts, path: str) -> Iterator[str]:
    """What is known to be missing, whatever else is not known."""
    libraries, packages = facts["libraries_missing"], facts["packages_missing"]
    if isinstance(libraries, tuple) and libraries:
        yield f"{path} needs {', '.join(map(str, libraries))}, which the loader does not find"
    if isinstance(packages, tuple) and packages:
        verb = "is" if len(packages) == 1 else "are"
        yield f"{', '.join(map(str, packages))} {verb} not installed"


def _file(told: ParsedReply, path: str) -> dict[str, Fact | Missing]:
    binary = told.text("binary")
    if isinstance(binary, Missing):
        return unseen(FACTS, binary)
    if binary == "absent":
        nothing = Missing(Cause.NOT_CONFIGURED, f"no file {path}: is binary_path right?")
        return unseen(FACTS, nothing) | {"exists": False}
    libraries = told.number("libraries")
    static = told.text("static", default="")
    return {
        "exists": True,
        "elf": _yes(told.text("elf")),
        "executable": _yes(told.text("executable")),
        "size": told.number("size"),
        "size_note": _size(told.number("size")),
        "sha256": told.text("sha256"),
        "symtab": told.number("symtab"),
        "debuginfo": told.number("debuginfo"),
        "static": libraries if isinstance(libraries, Missing) else static == "yes",
        "libraries": libraries,
        "libraries_missing": libraries if isinstance(libraries, Missing) else told.rows("missing"),
    }


def _yes(text: str | Missing) -> bool | Missing:
    return text if isinstance(text, Missing) else text == "yes"
