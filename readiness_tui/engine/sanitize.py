"""Clean replies before any other code uses them: everything from a host is hostile input."""

from __future__ import annotations

import re
import unicodedata

from readiness_tui.model.probe import Reply

LINE = 8192
"""Most characters of a line; longer lines are truncated and the reply is marked as clipped."""

MASK = "[redacted]"

_ODD = re.compile(r"[^\n\t\x20-\x7e]")

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_WHOLE = re.compile(
    r"-----BEGIN [^\n]{0,40}PRIVATE KEY-----.*?(?:-----END [^\n]{0,40}PRIVATE KEY-----|\Z)"
    r"|\b[sp]k_live_\w+|\bsk_test_\w+"  # Stripe, Paystack
    r"|\bS[A-Z2-7]{55}\b"  # Stellar seeds
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{35}"
    r"|\bgh[pousr]_\w{30,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{20,}|\bxox[abeoprs]-[\w-]{10,}",
    re.DOTALL,
)

_DOTTED = re.compile(r"(?<![\w.-])[\w.-]+")
"""Words joined by dots; three of them may be a JSON web token (RFC 7519)."""

_TOKEN = re.compile(r"\beyJ[\w-]{8}")

_URL = re.compile(r"(://[^:@/\s]*:)[^@/\s]*(?=@)")

_HEADER = re.compile(r"(?i)\b((?:proxy-)?authorization\s*[:=]\s*|bearer\s+|(?:set-)?cookie\s*:\s*)\S[^\n]*")

_NAMED = re.compile(
    r"""(?i)((?:password|passwd|passphrase|secret|token|key)["']?\s*[=:]\s*["']?)([^\s"']+)"""
)
r"""The catalogue's `(password|secret|token|key)\s*[=:]\s*\S+`, quotes allowed (section 2)."""

_NO_SECRET = re.compile(
    r"(?i)(?:.{1,2}|\d{1,3}|yes|no|none|true|false|null|set|unset|empty|missing|present|denied|locked"
    r"|rsa|dsa|ecdsa|ed25519|ed448|ssh-\w+|(?:ecdsa|sk)-[\w@.-]+)"
)
"""Values that are not secrets, but say whether one is set or the type of a key; `passwd -S` prints `L`."""


def clean(reply: Reply) -> Reply:
    """The reply as it may be shown, judged and stored: printable, without secrets."""
    stdout, cut = _cut(text(reply.stdout))
    stderr, _ = _cut(text(reply.stderr))
    return reply.model_copy(
        update={
            "stdout": stdout,
            "stderr": stderr,
            "detail": line(reply.detail),
            "hint": line(reply.hint),
            "clipped": reply.clipped or cut,
        }
    )


def text(raw: str) -> str:
    """The lines without control, escape and direction characters, and without secrets."""
    if not raw:
        return raw
    return redact(_ODD.sub(lambda match: _shown(match[0]), raw.replace("\r\n", "\n")))


def line(raw: str) -> str:
    """The same on one line."""
    return " ".join(text(raw).split())


def redact(shown: str) -> str:
    """The text with everything that looks like a secret masked (catalogue, section 2, and common tokens)."""
    shown = _WHOLE.sub(MASK, shown)
    if "eyJ" in shown:
        shown = _DOTTED.sub(_without_tokens, shown)
    shown = _URL.sub(rf"\1{MASK}", shown)
    shown = _HEADER.sub(rf"\1{MASK}", shown)
    return _NAMED.sub(_masked, shown)


def _without_tokens(match: re.Match[str]) -> str:
    """The words with every JSON web token masked: a header that begins with eyJ, a payload, a signature."""
    words = match[0].split(".")
    kept: list[str] = []
    at = 0
    while at < len(words):
        header = _TOKEN.search(words[at]) if at + 2 < len(words) and len(words[at + 1]) >= 8 else None
        kept.append(words[at][: header.start()] + MASK if header else words[at])
        at += 3 if header else 1
    return ".".join(kept)


def _masked(match: re.Match[str]) -> str:
    value = match[2]
    if value.startswith("[redacted") or _NO_SECRET.fullmatch(value):
        return match[0]
    return match[1] + MASK


def _shown(char: str) -> str:
    """A displayable form of a character: controls as their pictures, direction marks as a replacement
    character.
    """
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if char in _BIDI:
        return "\N{REPLACEMENT CHARACTER}"
    match unicodedata.category(char):
        case "Cc" | "Cs" | "Co" | "Cn":
            return "\N{REPLACEMENT CHARACTER}"
        case "Zl" | "Zp":
            return "␤"
        case "Cf":
            return ""
        case _:
            return char


def _cut(shown: str) -> tuple[str, bool]:
    """Truncate overlong lines, with a mark."""
    if len(shown) <= LINE or max(map(len, shown.split("\n"))) <= LINE:
        return shown, False
    lines = (line if len(line) <= LINE else line[: LINE - 1] + "…" for line in shown.split("\n"))
    return "\n".join(lines), True
