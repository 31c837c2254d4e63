"""Explain why a public endpoint could not be checked, so that an operator can act on it."""

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
    """The cause and hint of an exception, or of the exception that a library wrapped in it.

    place: `host:port`, or whatever else was asked.
    """
    leaves = tuple(_leaves(error))
    nowhere = _first(leaves, socket.gaierror) or _first(leaves, UnicodeError)
    if nowhere is not None:
        host = place.rpartition(":")[0] or place
        why = nowhere.strerror if isinstance(nowhere, OSError) else "not a name that DNS can have"
        return _error(Cause.UNREACHABLE, f"no host {host!r}: {why}", "check the domain parameter and DNS")
    if all_refused(error):
        hint = "check that the web server is up, and the port"
        return _error(Cause.UNREACHABLE, f"connection refused by {place}", hint)
    if (doubt := _first(leaves, ssl.SSLCertVerificationError)) is not None:
        hint = "see the items on certificates"
        return _error(
            Cause.GARBLED, f"the certificate of {place} does not verify: {doubt.verify_message}", hint
        )
    if (broken := _first(leaves, ssl.SSLError)) is not None:
        reason = (broken.reason or str(broken)).replace("_", " ").lower()
        return _error(Cause.GARBLED, f"no TLS with {place}: {reason}")
    if (lost := _first(leaves, OSError)) is not None:
        return _error(Cause.UNREACHABLE, f"no connection to {place}: {words(lost)}")
    return _error(Cause.UNREACHABLE, f"no connection to {place}: {words(error)}")


def all_refused(error: BaseException) -> bool:
    """Whether every address refused the connection: the host exists and the port is closed."""
    leaves = [leaf for leaf in _leaves(error) if isinstance(leaf, OSError)]
    return bool(leaves) and all(is_refused(leaf) for leaf in leaves)


def _error(cause: Cause, message: str, hint: str = "") -> TransportError:
    return TransportError(message, cause=cause, hint=hint)


def _first(leaves: tuple[BaseException, ...], kind: type[Kind]) -> Kind | None:
    return next((leaf for leaf in leaves if isinstance(leaf, kind)), None)


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """The innermost exceptions: the first of a chain, each of a group."""
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            yield from _leaves(member)
    elif (deeper := error.__cause__ or _wrapped(error)) is not None:
        yield from _leaves(deeper)
    else:
        yield error


def _wrapped(error: BaseException) -> BaseException | None:
    """The exception inside a library's exception, which httpcore removes from the chain."""
    inner = error.args[0] if error.args else None
    return inner if isinstance(inner, BaseException) else None
