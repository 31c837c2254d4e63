"""Whom an effective sshd configuration lets in, and by which methods (sshd_config(5))."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from readiness_tui.probes.kinds.sshd.combinations import Connection
from readiness_tui.probes.kinds.sshd.patterns import match_address_list, match_host_list, match_pattern

LIST_KEYWORDS = ("allowusers", "denyusers", "allowgroups", "denygroups")
OLD_VALUES = {"without-password": "prohibit-password"}
"""`sshd -T` prints prohibit-password under its older name."""

KEY_METHODS = frozenset({"publickey", "hostbased", "gssapi-with-mic"})


@dataclass(frozen=True, slots=True)
class Settings:
    """The effective settings for one connection: keywords in lower case, lists of their values."""

    values: Mapping[str, tuple[str, ...]]

    def get(self, *keywords: str, default: str = "") -> str:
        """The first value of the first keyword that is set."""
        for keyword in keywords:
            if self.values.get(keyword):
                return self.values[keyword][0]
        return default

    def words(self, keyword: str) -> tuple[str, ...]:
        """All words of a keyword that may be given on several lines."""
        return tuple(word for value in self.values.get(keyword, ()) for word in value.split())

    @property
    def root_login(self) -> str:
        """PermitRootLogin under its present names."""
        value = self.get("permitrootlogin")
        return OLD_VALUES.get(value, value)

    @property
    def uses_keys(self) -> bool:
        """Whether a public key or certificate can be accepted."""
        files = self.get("authorizedkeysfile", default="none")
        sources = (
            files,
            self.get("authorizedkeyscommand", default="none"),
            self.get("trustedusercakeys", default="none"),
        )
        accepted = self.get("pubkeyauthentication") == "yes" and any(source != "none" for source in sources)
        return accepted and self._method_allowed("publickey")

    @property
    def uses_passwords(self) -> bool:
        """Whether a password alone is enough; keyboard-interactive asks PAM for one (UsePAM)."""
        interactive = self.get("kbdinteractiveauthentication", "challengeresponseauthentication") == "yes"
        password = self.get("passwordauthentication") == "yes"
        pam = self.get("usepam", default="no") == "yes"
        methods = {
            name for name, on in (("password", password), ("keyboard-interactive", interactive and pam)) if on
        }
        if not methods:
            return False
        sequences = self._sequences()
        return any(
            _names(sequence) & methods and not _names(sequence) & KEY_METHODS for sequence in sequences
        )

    @property
    def other_methods(self) -> bool:
        """Whether GSSAPI or host-based authentication is on."""
        return "yes" in (self.get("gssapiauthentication"), self.get("hostbasedauthentication"))

    def _sequences(self) -> tuple[str, ...]:
        words = self.words("authenticationmethods")
        return words if words and words != ("any",) else ("password", "keyboard-interactive", "publickey")

    def _method_allowed(self, method: str) -> bool:
        return any(method in _names(sequence) for sequence in self._sequences())


def _names(sequence: str) -> set[str]:
    return {method.partition(":")[0] for method in sequence.split(",")}


def admitted(connection: Connection, settings: Settings, *, names: bool) -> bool:
    """Whether DenyUsers, AllowUsers, DenyGroups and AllowGroups let the account in, in that order.

    names: whether sshd looks up host names; without, a host name in a pattern never matches.
    """
    for word in settings.words("denyusers"):
        if _user_matches(connection, word, names):
            return False
    allowed = settings.words("allowusers")
    if allowed and not any(_user_matches(connection, word, names) for word in allowed):
        return False
    groups = connection.account.groups
    if any(match_pattern(group, word) for word in settings.words("denygroups") for group in groups):
        return False
    allowed = settings.words("allowgroups")
    return not allowed or any(match_pattern(group, word) for word in allowed for group in groups)


def host_parts(settings: Settings) -> tuple[str, ...]:
    """The host parts of AllowUsers and DenyUsers, whose addresses must be looked at separately."""
    words: Sequence[str] = (*settings.words("allowusers"), *settings.words("denyusers"))
    return tuple(dict.fromkeys(word.rpartition("@")[2] for word in words if "@" in word))


def _user_matches(connection: Connection, word: str, names: bool) -> bool:
    user, separator, host = word.rpartition("@")
    if not separator:
        return match_pattern(connection.account.name, word)
    if not match_pattern(connection.account.name, user):
        return False
    if match_address_list(connection.address, host):
        return True
    return match_host_list(connection.host if names else connection.address, host)


def blocks_root(settings: Settings) -> bool:
    """Whether PermitRootLogin or the lack of any usable method keeps an admitted root out."""
    value = settings.root_login
    if value == "no":
        return True
    passwords = value == "yes" and settings.uses_passwords
    plain = re.fullmatch(r"(any)?", " ".join(settings.words("authenticationmethods"))) is not None
    return plain and not (settings.uses_keys or passwords or settings.other_methods)
