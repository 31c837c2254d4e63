"""Judge the password of a URL by its shape. The password itself never leaves the host."""

from __future__ import annotations

from collections.abc import Mapping

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, fields, number

MIN_CLASSES = 2
"""Fewest classes (lower case, upper case, digits, others): `openssl rand -hex 16` has two."""

MIN_DIFFERENT = 8
"""Fewest different characters of a password."""


def problems(reply: ParsedReply, prefix: str, minimum: int) -> tuple[list[str], list[Missing]]:
    """What is wrong with the password of the URL whose facts begin with the prefix, and what is in doubt.

    minimum: characters, after percent-decoding; of a password that repeats itself, one period counts.
    """
    shape = _shape(reply, prefix)
    if isinstance(shape, Missing):
        return [], [shape]
    length, classes, different, usual = shape
    if length < minimum:
        return [f"the password has {length} characters that count (expected: {minimum} or more)"], []
    if usual:
        return ["the password is a placeholder or a row of the keyboard (expected: a random one)"], []
    if classes < MIN_CLASSES or different < MIN_DIFFERENT:
        return [
            f"the password has {different} different characters of {classes} kind"
            f"{'' if classes == 1 else 's'} (expected: a random one)"
        ], []
    return [], []


def shown(reply: ParsedReply, prefix: str) -> Mapping[str, Fact | Missing]:
    """Facts for the evidence: the length and the number of character classes."""
    shape = _shape(reply, prefix)
    if isinstance(shape, Missing):
        return {"password_length": shape, "password_classes": shape}
    return {"password_length": shape[0], "password_classes": shape[1]}


def _shape(reply: ParsedReply, prefix: str) -> tuple[int, int, int, bool] | Missing:
    row = reply.text(f"{prefix}pass_shape", "")
    if isinstance(row, Missing):
        return row
    if not row:
        return Missing(
            Cause.UNSUPPORTED,
            "the URL holds no password, so the role logs in another way, which is not looked at here",
        )
    numbers = [number("pass_shape", part) for part in fields(row, 4)]
    if any(isinstance(one, Missing) for one in numbers):
        return Missing(Cause.GARBLED, "the password's shape is missing from the output")
    length, classes, different, usual = (int(one) for one in numbers if not isinstance(one, Missing))
    return length, classes, different, bool(usual)
