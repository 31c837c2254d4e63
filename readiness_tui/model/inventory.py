"""Hosts: their names, addresses and roles."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from readiness_tui.model.base import Frozen

LOCAL = "local"
NETWORK = "network"
VANTAGES = (LOCAL, NETWORK)
"""The two vantage points that need no host. No host may have these names."""

ALL = "all"
"""In a probe's `where`: every host of the launch."""

BUILT_IN = ("ssh", "local", "exec", "replay")
"""The transports of this package."""

HostName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]

_PLUGGED = re.compile(r"([a-z][a-z0-9-]+):([^\x00-\x1f\x7f]*\S)")
_LOOKS_IPV6 = re.compile(r"[0-9a-f]*:[0-9a-f:.]*(?:%\w+)?")

_ROLE = re.compile(r"[a-z][a-z0-9-]*")
_BRACKETED = re.compile(r"\[([^\]]+)\](?::(\d+))?")


class Address(Frozen):
    """A parsed host address.

    transport: the name of the transport, built in or a plug-in. host, user, port: for ssh; empty or None
    means the value from ssh_config. rest: the command line for exec, the recording's path for replay, the
    text after `NAME:` for a plug-in.
    """

    transport: str
    host: str = ""
    user: str = ""
    port: int | None = None
    rest: str = ""

    @classmethod
    def parse(cls, text: str) -> Address:
        """Parse `local`, `exec:COMMAND`, `replay:FILE`, `NAME:REST` of a plug-in, or `[USER@]ADDR[:PORT]`.

        Raises ValueError with what is wrong.
        """
        if text == LOCAL:
            return cls(transport="local")
        for word in ("exec", "replay"):
            if text.startswith(word + ":"):
                rest = text[len(word) + 1 :].strip()
                if not rest:
                    raise ValueError(f"`{word}:` needs a value after the colon")
                return cls(transport=word, rest=rest)
        if plugged := _plugged(text):
            return plugged
        user, at, place = text.rpartition("@")
        if at and not user:
            raise ValueError(f"no user name before the @ in {text!r}")
        port: str | None = None
        if match := _BRACKETED.fullmatch(place):
            host, port = match[1], match[2]
        elif place.count(":") == 1:
            host, _, port = place.partition(":")
        else:
            host = place  # a bare IPv6 address has several colons and no port
        if not host or host.startswith("-") or re.search(r"[\s/\x00-\x1f\[\]]", host):
            raise ValueError(f"not a host name or address: {text!r}")
        if user.startswith("-") or re.search(r"[\s\x00-\x1f]", user):
            raise ValueError(f"not a user name: {user!r}")
        if port is not None and not (port.isdecimal() and 0 < int(port) < 65536):
            raise ValueError(f"not a port: {port!r} (write 1 to 65535; IPv6 as [::1]:22)")
        return cls(transport="ssh", host=host, user=user, port=int(port) if port else None)


def _plugged(text: str) -> Address | None:
    """Parse an address of a plug-in's transport. None for a host with a port, or an IPv6 address."""
    match = _PLUGGED.fullmatch(text)
    if match is None or match[2].isdigit() or _LOOKS_IPV6.fullmatch(text):
        return None
    if match[1] in (*BUILT_IN, NETWORK):
        raise ValueError(f"not a host name or address: {text!r} (write [USER@]ADDR[:PORT])")
    return Address(transport=match[1], rest=match[2].strip())


class Host(Frozen):
    """A host of the launch.

    address: see `Address.parse`. roles: `app`, `db`, `cache`, `proxy`, `monitor`, `build`, or roles that
    the checklist defines.
    """

    name: HostName
    address: str = Field(min_length=1)
    roles: tuple[RoleName, ...] = ()

    @field_validator("name")
    @classmethod
    def _not_a_vantage(cls, name: str) -> str:
        if name in VANTAGES or name == ALL:
            raise ValueError(f"a host cannot be called {name!r}: the name is reserved")
        return name

    @field_validator("address")
    @classmethod
    def _readable(cls, address: str) -> str:
        Address.parse(address)
        return address

    @classmethod
    def parse(cls, text: str) -> Host:
        """Parse `NAME=ADDR,ROLE,...`, the format of `--host`.

        The roles are the last words after commas; commas in an `exec:` command are kept. Raises
        ValueError with what is wrong.
        """
        name, equals, rest = text.partition("=")
        if not equals or not name or not rest:
            raise ValueError(f"not a host: {text!r} (write NAME=[USER@]ADDR[:PORT],ROLE,...)")
        parts = rest.split(",")
        roles: list[str] = []
        while len(parts) > 1 and _ROLE.fullmatch(parts[-1].strip()):
            roles.insert(0, parts.pop().strip())
        address = ",".join(parts).strip()
        if "," in address and not (address.startswith("exec:") or _plugged(address)):
            raise ValueError(f"not a role: {parts[-1]!r} (lower-case letters, digits, hyphens)")
        return cls(name=name.strip(), address=address, roles=tuple(dict.fromkeys(roles)))
