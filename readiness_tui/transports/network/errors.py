"""Why nobody could look at a public endpoint, in words an operator can act on."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import TypeVar

from readiness_tui.errors import TransportError
from readiness_tui.model.outcome import Cause
from readiness_tui.transports.sockets import is_refused, words

Kind = TypeVar("Kind", bound=Exception)


def trouble(place: str, error: Exception) -> TransportError:
    """The cause and hint behind an exception, or behind those a library wrapped in it.

    place: `host:port`, or whatever else was asked.
    """
    leaves = tuple(_leaves(error))
    nowhere = _first(leaves, socket.gaierror) or _first(leaves, UnicodeError)
    if nowhere is not None:
        host = place.rpartition(":")[0] or place
        why = nowhere.strerror if isinstance(nowhere, OSError) else "not a name that DNS can have"
        return _told(Cause.UNREACHABLE, f"no host {host!r}: {why}", "check the domain parameter and DNS")
    if all_refused(error):
        hint = "is the web server up, and is that the right port?"
        return _told(Cause.UNREACHABLE, f"connection refused by {place}", hint)
    if (doubt := _first(leaves, ssl.SSLCertVerificationError)) is not None:
        hint = "the items on certificates say more"
        return _told(
            Cause.GARBLED, f"the certificate of {place} does not verify: {doubt.verify_message}", hint
        )
    if (broken := _first(leaves, ssl.SSLError)) is not None:
        reason = (broken.reason or str(broken)).replace("_", " ").lower()
        return _told(Cause.GARBLED, f"no TLS with {place}: {reason}")
    if (lost := _first(leaves, OSError)) is not None:
        return _told(Cause.UNREACHABLE, f"no connection to {place}: {words(lost)}")
    return _told(Cause.UNREACHABLE, f"no connection to {place}: {words(error)}")


def all_refused(error: BaseException) -> bool:
    """Every address refused the connection: there is a host, and nothing listens."""
    leaves = [leaf for leaf in _leaves(error) if isinstance(leaf, OSError)]
    return bool(leaves) and all(is_refused(leaf) for leaf in leaves)


def _told(cause: Cause, message: str, hint: str = "") -> TransportError:
    return TransportError(message, cause=cause, hint=hint)


def _first(leaves: tuple[BaseException, ...], kind: type[Kind]) -> Kind | None:
    return next((leaf for leaf in leaves if isinstance(leaf, kind)), None)


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """The exceptions at the bottom: of a chain the first, of a group each."""
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            yield from _leaves(member)
    elif (deeper := error.__cause__ or _wrapped(error)) is not None:
        yield from _leaves(deeper)
    else:
        yield error


def _wrapped(error: BaseException) -> BaseException | None:
    """What a library's own exception stands for; httpcore hides it from the chain."""
    inner = error.args[0] if error.args else None
    return inner if isinstance(inner, BaseException) else None
