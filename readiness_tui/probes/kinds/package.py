"""Kind `package`: whether system packages are installed, by each distribution family's own names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.probe import Ask, CollectorAsk, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, fields, unseen

Family = Literal["debian", "rhel", "alpine"]
Packages = Mapping[Family, tuple[str, ...]]
"""Package names by family; a family without any needs none."""

FACTS: dict[str, str] = {
    "packages": "The packages that are installed, of those asked for.",
    "packages_missing": "Packages that are not installed, as those that dpkg keeps only settings of.",
    "package_version": "Version of the first of them.",
}


def package_ask(names: Packages) -> CollectorAsk:
    """One ask for all families: the host knows which it belongs to."""
    pairs = [f"{family}={name}" for family, wanted in names.items() for name in wanted]
    return collect("package.installed", *pairs)


def read_packages(told: ParsedReply, names: Packages) -> dict[str, Fact | Missing]:
    """The facts above, from what package.installed told."""
    family = told.text("family")
    rows = told.rows("package")
    if isinstance(family, Missing):
        return unseen(FACTS, family)
    if isinstance(rows, Missing):
        return unseen(FACTS, rows)
    answers = {fields(row, 3)[0]: fields(row, 3) for row in rows}
    wanted = next((list(names[known]) for known in names if known == family), [])
    installed = [name for name in wanted if answers.get(name, ("", ""))[1] == "installed"]
    return {
        "packages": tuple(installed),
        "packages_missing": tuple(name for name in wanted if name not in installed),
        "package_version": answers[installed[0]][2] if installed else "",
    }


class PackageParams(Frozen):
    """names: the packages by family."""

    names: Packages = Field(min_length=1)


class Package(Kind[PackageParams]):
    """Installed as dpkg (db:Status-Status), rpm or apk say so themselves."""

    name = "package"
    Params = PackageParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """package.installed."""
        return (package_ask(self.params.names),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The facts of the host's own family."""
        return read_packages(ParsedReply(replies[0]), self.params.names)

    def told(self, name: str, facts: Facts) -> tuple[str, ...]:
        """One sentence says both facts."""
        return (self._shown(facts),)

    def evidence(self, facts: Facts) -> str:
        """What is installed and what is not: `chrony 4.3-2 is installed; ntpsec is not installed`."""
        installed, absent, version = (facts[name] for name in FACTS)
        lines = []
        if isinstance(absent, tuple) and absent:
            lines.append(f"{', '.join(absent)} not installed")
        if isinstance(installed, tuple) and installed:
            lines.append(f"{', '.join(installed)} installed" + (f" ({version})" if version else ""))
        return "; ".join(lines)
