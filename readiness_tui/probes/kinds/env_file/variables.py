"""Variables of an environment file, by name, length and shape; values stay on the host."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, fields

SHOWN = ("RUST_LOG", "LOG_LEVEL", "STELLAR_NETWORK", "APP_ENV")
"""Names whose values a collector may tell: never a secret (catalogue, section 2)."""

SHOWN_LENGTH = 200
"""Characters of such a value that the collector tells."""

PAYSTACK_MIN = 40
"""Characters a Paystack key has at least (catalogue, api-keys)."""

Prefix = Literal["sk_live", "pk_live", ""]
"""What a live key begins with; empty asks only that the variable is set."""

_LEVELS = ("off", "error", "warn", "info", "debug", "trace")
"""Log levels of Rust's tracing and env_logger, from the quietest; also written 0 to 5."""

_PASSPHRASE = re.compile(r"(NETWORK_|STELLAR_)PASSPHRASE$")


@dataclass(frozen=True, slots=True)
class Variable:
    """One line of the file. flags: schemas such as `placeholder`, `export`, `testnet`."""

    name: str
    length: int
    flags: frozenset[str]
    value: str = ""


def variables(told: ParsedReply) -> dict[str, list[Variable]] | Missing:
    """Every line by variable name, in the file's order; none when there is no file."""
    state = told.text("env")
    if isinstance(state, Missing):
        return state
    found: dict[str, list[Variable]] = {}
    for row in told.known("var"):
        name, length, _, flags, value = fields(row, 5)
        size = length.removeprefix("len ")
        if not size.isdecimal():
            return Missing(Cause.GARBLED, f"var={name}: no length")
        marks = frozenset(flag for flag in flags.split(",") if flag)
        found.setdefault(name, []).append(Variable(name, int(size), marks, value))
    return found


def required(held: Mapping[str, list[Variable]], names: Iterable[str]) -> dict[str, Fact | Missing]:
    """The required names that are wrong, by what is wrong with them; the last line of a name wins."""
    wanted = tuple(dict.fromkeys(names))
    last = {name: held[name][-1] for name in wanted if name in held}
    empty = [name for name, line in last.items() if line.length == 0]
    placeholders = [name for name, line in last.items() if "placeholder" in line.flags]
    conflicting = [name for name in last if len({line.length for line in held[name]}) > 1]
    twice = [name for name in last if len(held[name]) > 1]
    counts = f"{len(empty)} empty, {len(placeholders)} placeholder"
    return {
        "missing_vars": tuple(name for name in wanted if name not in held),
        "empty_vars": tuple(empty),
        "placeholder_vars": tuple(placeholders),
        "conflicting_vars": tuple(conflicting),
        "exported_vars": tuple(name for name, line in last.items() if "export" in line.flags),
        "set_vars": f"{len(last)} of {len(wanted)} set; {counts}; duplicates: {', '.join(twice) or 'none'}",
    }


def api_keys(held: Mapping[str, list[Variable]], keys: Mapping[str, Prefix]) -> dict[str, Fact | Missing]:
    """What is wrong with a key, what is not proven of one, and each key's shape."""
    wrong: list[str] = []
    unproven: list[str] = []
    schemas: list[str] = []
    for name, prefix in keys.items():
        lines = held.get(name, [])
        line = lines[-1] if lines else Variable(name, 0, frozenset())
        if fault := _key_fault(lines, prefix):
            wrong.append(f"{name} {fault}")
        elif prefix and prefix not in line.flags:
            unproven.append(f"{name} does not begin with {prefix}_")
        elif prefix and line.length < PAYSTACK_MIN:
            unproven.append(f"{name} has only {line.length} characters")
        if lines:
            schemas.append(f"{name} {prefix or 'set'} ({line.length} chars)")
    return {
        "keys_wrong": tuple(wrong),
        "keys_unproven": tuple(unproven),
        "keys": ", ".join(schemas) or "no key is set",
    }


def _key_fault(lines: list[Variable], prefix: Prefix) -> str:
    if not lines:
        return "is not set"
    flags = frozenset[str]().union(*(line.flags for line in lines))
    if lines[-1].length == 0:
        return "is empty"
    if "placeholder" in flags:
        return "is a placeholder"
    if "paystack_test" in flags:
        return "is a test key"
    if prefix == "pk_live" and "sk_live" in flags:
        return "holds a secret key"
    if prefix == "sk_live" and "pk_live" in flags:
        return "holds a public key"
    return ""


def stellar(held: Mapping[str, list[Variable]], pattern: str, network_var: str) -> dict[str, Fact | Missing]:
    """The network, and every Stellar variable that speaks against mainnet."""
    ours = [line for name, lines in held.items() if re.search(pattern, name) for line in lines]
    phrases = [line for line in ours if _PASSPHRASE.search(line.name)]
    network = held.get(network_var, [])
    value: Fact | Missing
    if not network or network[-1].length == 0:
        value = Missing(Cause.NOT_CONFIGURED, f"{network_var} is not set; the code may have a default")
    elif not network[-1].value:
        value = Missing(Cause.GARBLED, f"{network_var} holds what is not shown: a secret?")
    else:
        value = network[-1].value.lower()
    against = [line.name for line in ours if "testnet" in line.flags]
    return {
        "stellar_network": value,
        "testnet_vars": tuple(dict.fromkeys(against)),
        "passphrase_wrong": tuple(line.name for line in phrases if "public_passphrase" not in line.flags),
        "stellar_note": f"passphrase {'public' if phrases else 'not set'}; {len(against)} testnet values",
    }


def log_level(held: Mapping[str, list[Variable]]) -> dict[str, Fact | Missing]:
    """The level that holds for everything not named: RUST_LOG's bare directive, else LOG_LEVEL."""
    for name in ("RUST_LOG", "LOG_LEVEL"):
        if name not in held or held[name][-1].length == 0:
            continue
        line = held[name][-1]
        if not line.value or line.length > SHOWN_LENGTH:
            long = Missing(Cause.GARBLED, f"{name} is not shown whole: {line.length} characters")
            return {"log_level": long, "log_setting": long, "log_note": long}
        loud = [part for part in line.value.split(",") if re.search(r"=\s*(debug|trace)\b", part, re.I)]
        note = f"; {', '.join(part.strip() for part in loud)} is verbose" if loud else ""
        return {
            "log_level": _bare_level(line.value),
            "log_setting": f"{name}={line.value}",
            "log_note": note,
        }
    unset = Missing(Cause.NOT_CONFIGURED, "neither RUST_LOG nor LOG_LEVEL is set: the code's default decides")
    return {"log_level": unset, "log_setting": unset, "log_note": ""}


def _bare_level(directives: str) -> str:
    """The global level of `info,sqlx=warn`; `off` when there is only `target=level`.

    A lone word that is no level is a target at its most verbose: the rest is off. A `/filter`
    after the directives is env_logger's.
    """
    level = "off"
    for part in directives.partition("/")[0].split(","):
        word = part.strip().lower()
        if word.isdecimal() and int(word) < len(_LEVELS):
            level = _LEVELS[int(word)]
        elif word in _LEVELS or word == "warning":
            level = "warn" if word == "warning" else word
    return level
