"""Signing with a key file or with the agent's key."""

from __future__ import annotations

from pathlib import Path


def signature_over(message: bytes, key: Path | None, passphrase: str | None = None) -> str:
    """An armored SSH signature. key: a private key file; `.pub`: that key of the agent; None: its only key.

    May take as long as somebody needs to touch a hardware key: not for the event loop. Raises UsageError
    for a key that cannot be used, ReadinessError without an agent.
    """
    from readiness_tui.signing import signature  # loads asyncssh

    if key is None or key.suffix == ".pub":
        return signature.sign_with_agent(message, key)
    return signature.sign_with_file(message, key.expanduser(), passphrase)


def wants_passphrase(error: Exception) -> bool:
    """The key file is encrypted, and no passphrase or a wrong one was given."""
    return "assphrase" in str(error)
