"""What a collector needs on a host beyond a plain login."""

from __future__ import annotations

from readiness_tui.model.base import Frozen


class Privilege(Frozen):
    """The commands a collector runs as another user, and the groups that make them unnecessary.

    root: commands run as root through `sudo -n` or `doas -n`, with their arguments. A word in capitals
    stands for a value that is known only on the host. as_user: commands run as another user, by the
    user's name. groups: groups whose members need no root for this.
    """

    root: tuple[str, ...] = ()
    as_user: tuple[tuple[str, str], ...] = ()
    groups: tuple[str, ...] = ()

    def __str__(self) -> str:
        """In words, for the plan: `none`, or `root: nft list ruleset; group adm`."""
        parts = [f"root: {', '.join(self.root)}"] if self.root else []
        parts += [f"{user}: {command}" for user, command in self.as_user]
        parts += [f"or group {' or '.join(self.groups)}"] if self.groups else []
        return "; ".join(parts) or "none"

    def __or__(self, other: Privilege) -> Privilege:
        """What both need, each command once."""
        return Privilege(
            root=tuple(dict.fromkeys(self.root + other.root)),
            as_user=tuple(dict.fromkeys(self.as_user + other.as_user)),
            groups=tuple(dict.fromkeys(self.groups + other.groups)),
        )


NONE = Privilege()
