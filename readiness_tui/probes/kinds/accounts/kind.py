"""Kind `accounts`: who may administer a host, by sudo, doas, groups that equal root, and uid 0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply, fields, unseen
from readiness_tui.probes.kinds.accounts.sudoers import Rules, decoded, rules
from readiness_tui.probes.sentences import SentenceKind, settle

FACTS: dict[str, str] = {
    "admin_problems": "A second account with uid 0, an account without a password, too many administrators, "
    "or one that is not allowed.",
    "admins": "The accounts other than root that may do everything as root.",
    "free_note": "Those of them who need no password for it, as a clause for the evidence.",
    "directory_note": "A clause for the evidence where a directory has accounts that are not all listed.",
}

ADMIN_GROUPS = ("sudo", "wheel", "admin", "docker", "lxd", "incus", "libvirt")
"""Groups whose members are root or can become it: by sudo and polkit, or by mounting / in a container."""


@dataclass(frozen=True, slots=True)
class Account:
    """One line of passwd(5). login: it has a shell that logs in."""

    name: str
    uid: str
    gid: str
    login: bool


class AccountsParams(Frozen):
    """max_admins: how many accounts other than root may have all rights. allowed: which; empty for any."""

    max_admins: int = Field(default=5, ge=0)
    allowed: tuple[str, ...] = ()


class Accounts(SentenceKind[AccountsParams]):
    """Asks sudo's own parser for its rules, and getent for members of groups."""

    name = "accounts"
    Params = AccountsParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """accounts."""
        return (collect("accounts", spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The administrators that can be seen, and what is wrong with them."""
        told = ParsedReply(replies[0])
        rows = told.rows("account")
        if isinstance(rows, Missing):
            return unseen(FACTS, rows)
        accounts = [Account(name, uid, gid, shell == "yes") for name, uid, gid, shell in _parsed(rows, 4)]
        if not any(one.uid == "0" for one in accounts):
            return unseen(FACTS, Missing(Cause.GARBLED, "no account with uid 0 was told"))
        groups = {name: (gid, members.split(",")) for name, gid, members in _parsed(told.known("group"), 3)}
        granted, doubts = _rules(told)
        admins = _admins(accounts, groups, granted)
        problems = self._faults(accounts, admins, told)
        if (why := told.refusal("state")) is not None:
            doubts.append(why)
        directory = told.known("directory")
        free = sorted(name for name, without in admins.items() if without)
        known = doubts[0] if doubts else None
        return {
            "admin_problems": settle(problems, doubts),
            "admins": known or tuple(sorted(admins)) or "nobody but root",
            "free_note": known or (f"; sudo asks no password of {', '.join(free)}" if free else ""),
            "directory_note": f"; accounts of {', '.join(directory)} are not all listed" if directory else "",
        }

    def _faults(
        self, accounts: Sequence[Account], admins: Mapping[str, bool], told: ParsedReply
    ) -> list[str]:
        problems = [f"{one.name} has uid 0" for one in accounts if one.uid == "0" and one.name != "root"]
        empty = [name for name, state in _parsed(told.known("state"), 2) if state == "NP"]
        problems += [f"{name} has no password" for name in empty]
        strangers = sorted(set(admins) - set(self.params.allowed)) if self.params.allowed else []
        problems += [
            f"{name} has all rights (allowed: {', '.join(self.params.allowed)})" for name in strangers
        ]
        if len(admins) > self.params.max_admins:
            names = ", ".join(sorted(admins))
            most = self.params.max_admins
            problems.append(f"{len(admins)} accounts have all rights (expected: at most {most}): {names}")
        return problems


def _parsed(rows: Iterable[str], count: int) -> list[tuple[str, ...]]:
    return [fields(row, count) for row in rows]


def _rules(told: ParsedReply) -> tuple[Rules, list[Missing]]:
    """The rules of sudo and doas, and why some are not known."""
    doubts = [why for name in ("sudo", "doas") if (why := told.refusal(name)) is not None]
    found = Rules()
    pieces = told.known("sudo")
    if pieces and pieces != ("absent",):
        try:
            found = rules(decoded(pieces), told.known("hostname")[-1] if told.known("hostname") else "")
        except ValueError as error:
            doubts.append(Missing(Cause.GARBLED, f"the sudo rules: {error}"))
    elif not pieces and not doubts:
        doubts.append(Missing(Cause.GARBLED, "the sudo rules were not told"))
    for line in told.known("doas"):
        _doas(found, line)
    doubts += [Missing(Cause.UNSUPPORTED, doubt) for doubt in found.doubts]
    return found, doubts


def _doas(found: Rules, line: str) -> None:
    """One line of doas.conf(5): permit or deny, options, an identity, perhaps `as` and `cmd`."""
    words = line.split()
    if words[:1] == ["absent"]:
        return
    if words[:1] != ["permit"]:
        found.doubts.append(f"doas.conf has a rule that is not evaluated: {' '.join(words[:1])}")
        return
    rest = [word for word in words[1:] if word not in ("nopass", "persist", "keepenv", "nolog")]
    if not rest or "{" in line:
        found.doubts.append("doas.conf has a rule that is not evaluated")
    elif "cmd" not in rest and ("as" not in rest or rest[rest.index("as") + 1 :][:1] == ["root"]):
        held = found.groups if rest[0].startswith(":") else found.users
        held[rest[0].removeprefix(":")] = "nopass" in words


def _admins(
    accounts: Sequence[Account], groups: Mapping[str, tuple[str, list[str]]], granted: Rules
) -> dict[str, bool]:
    """Every account but root with all rights, and whether it needs no password for them."""
    found = {one.name: True for one in accounts if one.uid == "0" and one.name != "root"}
    for group in dict.fromkeys((*granted.groups, *ADMIN_GROUPS)):
        gid, members = groups.get(group, ("", []))
        names = [name for name in members if name] + [one.name for one in accounts if gid and one.gid == gid]
        for name in names:
            found[name] = found.get(name, False) or granted.groups.get(group, False)
    for name, free in granted.users.items():
        for each in (one.name for one in accounts) if name == "ALL" else (name,):
            found[each] = found.get(each, False) or free
    found.pop("root", None)
    return found
