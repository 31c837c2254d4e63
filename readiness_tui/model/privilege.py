"""The privileges that a collector needs on a host beyond an ordinary login."""

from __future__ import annotations

from readiness_tui.model.base import Frozen


class Privilege(Frozen):
    """The commands that a collector runs as another user, and the groups that make them unnecessary.

    root: commands with their arguments, run as root through `sudo -n` or `doas -n`. A word in capitals is
    a placeholder for a value that is known only on the host. as_user: commands run as another user, with
    that user's name. groups: groups whose members do not need root.
    """

    root: tuple[str, ...] = ()
    as_user: tuple[tuple[str, str], ...] = ()
    groups: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The privileges as shown in the plan: `none`, or `root: nft list ruleset; or group adm`."""
        parts = [f"root: {', '.join(self.root)}"] if self.root else []
        parts += [f"{user}: {command}" for user, command in self.as_user]
        parts += [f"or group {' or '.join(self.groups)}"] if self.groups else []
        return "; ".join(parts) or "none"

    def __or__(self, other: Privilege) -> Privilege:
        """The privileges of both, without duplicates."""
        return Privilege(
            root=tuple(dict.fromkeys(self.root + other.root)),
            as_user=tuple(dict.fromkeys(self.as_user + other.as_user)),
            groups=tuple(dict.fromkeys(self.groups + other.groups)),
        )


NONE = Privilege()
