"""What is wrong with the variables of an environment, as sentences; pure rules over names and shapes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from readiness_tui import bounded_regex
from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.environment import Environment, Variable
from readiness_tui.probes.facts import settle

Prefix = Literal["sk_live", "pk_live", ""]
"""What a live key begins with; empty asks only that the variable is set."""

PAYSTACK_MIN = 40
"""Characters a Paystack key has at least (catalogue, api-keys)."""

MAINNET = frozenset({"mainnet", "public", "pubnet"})
TEST_NETWORKS = frozenset(
    [
        "testnet",
        "test",
        "futurenet",
        "future",
        "standalone",
        "local",
        "localnet",
        "sandbox",
        "staging",
        "dev",
        "development",
        "quickstart",
    ]
)
_PASSPHRASE = re.compile(r"(NETWORK_|STELLAR_)PASSPHRASE$")
_LEVELS = ("off", "error", "warn", "info", "debug", "trace")
"""Log levels of Rust's tracing and env_logger, from the quietest; also written 0 to 5."""

_SAME_LEVEL = {"warning": "warn", "err": "error"}


def held(env: Environment, name: str) -> Iterator[tuple[str, Variable]]:
    """A variable as systemd would set it and, where it is another, as the running process has it.

    Yields the words to put before its name. A variable that the start command or the manager sets
    is in the process only.
    """
    if name in env.variables:
        yield "", env.variables[name]
    if name in env.process and (name in env.variables or name in env.from_elsewhere):
        yield "the running process's ", env.process[name]


def missing(env: Environment, name: str) -> tuple[list[str], list[Missing]]:
    """What is wrong, or in doubt, about a variable being there at all."""
    variable = env.variables.get(name)
    if variable is not None:
        if variable.process == "missing":
            return [f"{name} is missing from the running process: restart the service"], []
        return [], []
    if name in env.from_elsewhere:
        if name in env.process:
            return [], []
        return [], [
            Missing(Cause.DENIED, f"{name} is set outside the files; only the running process has its value")
        ]
    if name in env.exported:
        return [f"{name} is written `export {name}=`, a line that systemd ignores"], []
    if name in env.only_in_file:
        return [], [Missing(Cause.UNSUPPORTED, f"{name} is only in a file that the unit does not read")]
    return [f"{name} is not set"], []


def gate(env: Environment) -> Fact | Missing | None:
    """Why no variable can be judged at all; None when they can."""
    if env.doubt is not None and not env.problems:
        return env.doubt
    return settle(env.problems, [env.doubt] if env.doubt else []) or None


def required(env: Environment, names: Iterable[str]) -> dict[str, Fact | Missing]:
    """Every name set, once, to something that is no placeholder, in the running process too."""
    wanted = tuple(dict.fromkeys(names))
    problems: list[str] = []
    doubts: list[Missing] = []
    for name in wanted:
        wrong, unsure = missing(env, name)
        problems += wrong
        doubts += unsure
        for whose, variable in held(env, name):
            if variable.length == 0:
                problems.append(f"{whose}{name} is empty")
            elif "placeholder" in variable.flags:
                problems.append(f"{whose}{name} holds a placeholder")
        if name in env.twice:
            problems.append(f"{name} is set twice, with different values")
    count = sum(name in env.variables or name in env.from_elsewhere for name in wanted)
    return {
        "required_problems": gate(env) or settle(problems, [*doubts, *doubts_of(env)]),
        "set_vars": f"{count} of {len(wanted)} required variables are set",
        "restart_note": restart_note(env, wanted),
    }


def restart_note(env: Environment, names: Iterable[str]) -> str:
    """A clause for variables whose file has another value than the running process."""
    changed = [name for name in names if name in env.variables and env.variables[name].process == "differs"]
    return f"; the running process still has another value of {', '.join(changed)}" if changed else ""


def doubts_of(env: Environment) -> list[Missing]:
    """Why the running process, or the unit after a reload, may have other values."""
    return [doubt for doubt in (env.unread, env.stale) if doubt is not None]


def api_keys(env: Environment, keys: Mapping[str, Prefix]) -> dict[str, Fact | Missing]:
    """Each key a live one, in its own variable, long and random enough to be real."""
    problems: list[str] = []
    doubts: list[Missing] = []
    shapes: list[str] = []
    for name, prefix in keys.items():
        wrong, unsure = missing(env, name)
        problems += wrong
        doubts += unsure
        for whose, variable in held(env, name):
            if fault := _key_fault(variable, prefix):
                problems.append(f"{whose}{name} {fault}")
        if name in env.variables:
            shapes.append(f"{name} {prefix or 'set'} ({env.variables[name].length} characters)")
    return {
        "key_problems": gate(env) or settle(problems, [*doubts, *doubts_of(env)]),
        "keys": ", ".join(shapes) or "no key is set",
    }


def _key_fault(key: Variable, prefix: Prefix) -> str:
    if key.length == 0:
        return "is empty"
    if "placeholder" in key.flags:
        return "holds a placeholder"
    if "blank" in key.flags:
        return "contains a blank or a control character"
    if "paystack_test" in key.flags:
        return "is a test key"
    if prefix == "pk_live" and "sk_live" in key.flags:
        return "holds a secret key"
    if prefix == "sk_live" and "pk_live" in key.flags:
        return "holds a public key"
    if prefix and prefix not in key.flags:
        return f"does not begin with {prefix}_"
    if prefix and key.length < PAYSTACK_MIN:
        return f"has only {key.length} characters (expected: at least {PAYSTACK_MIN})"
    if "weak" in key.flags:
        return "is filled with repeated characters or a sequence: no real key"
    return ""


def stellar(env: Environment, pattern: str, network: str) -> dict[str, Fact | Missing]:
    """The network variable names the public network, and no other Stellar variable contradicts it."""
    problems, doubts = missing(env, network)
    if problems and network not in env.exported and network not in env.variables:
        problems, doubts = (
            [],
            [Missing(Cause.NOT_CONFIGURED, f"{network} is not set: the program's default decides")],
        )
    for whose, variable in held(env, network):
        wrong, unsure = _network(whose, variable)
        problems += wrong
        doubts += unsure
    names = [name for name in {**env.variables, **env.process} if name != network]
    hits = bounded_regex.found(f"({pattern})|FRIENDBOT|NETWORK_PASSPHRASE", names)
    ours = [name for name, hit in zip(names, hits, strict=True) if hit]
    for name in ours:
        for whose, variable in held(env, name):
            if "testnet" in variable.flags:
                problems.append(f"{whose}{name} points to a test network")
            elif _PASSPHRASE.search(name) and variable.length and "public_passphrase" not in variable.flags:
                problems.append(f"{whose}{name} is not the public network's passphrase")
    phrases = any("public_passphrase" in env.variables[name].flags for name in ours if name in env.variables)
    if not phrases:
        here = [name for name in ours if name in env.variables and "loopback" in env.variables[name].flags]
        doubts += [
            Missing(Cause.UNSUPPORTED, f"{name} points to this host, so which network it serves is not known")
            for name in here
        ]
    value = env.variables[network].value if network in env.variables else ""
    return {
        "stellar_problems": gate(env) or settle(problems, [*doubts, *doubts_of(env)]),
        "stellar_setting": f"{network}={value}" if value else f"{network} is set",
        "stellar_note": f"the passphrase is {'the public one' if phrases else 'not set'}",
    }


def _network(whose: str, variable: Variable) -> tuple[list[str], list[Missing]]:
    value, name = variable.value.lower(), variable.name
    if variable.length == 0:
        return [f"{whose}{name} is empty (expected: mainnet)"], []
    if value in TEST_NETWORKS or "testnet" in variable.flags:
        return [f"{whose}{name} is {value or 'a test network'} (expected: mainnet)"], []
    if value in MAINNET or "public_passphrase" in variable.flags:
        return [], []
    shown = value or f"a word of {variable.length} characters that is not shown"
    return [], [Missing(Cause.GARBLED, f"{whose}{name} is {shown} (expected: mainnet)")]


def log_level(env: Environment, allowed: Iterable[str]) -> dict[str, Fact | Missing]:
    """The level of everything that has none of its own: RUST_LOG's bare directive, else LOG_LEVEL."""
    levels = tuple(allowed)
    expected = f" (expected: {' or '.join(levels)})"
    name = next((one for one in ("RUST_LOG", "LOG_LEVEL") if any(v.length for _, v in held(env, one))), "")
    if not name:
        unset = Missing(
            Cause.NOT_CONFIGURED, "neither RUST_LOG nor LOG_LEVEL is set: the program's default decides"
        )
        return {"log_problems": gate(env) or unset, "log_setting": unset, "log_note": ""}
    problems, doubts = missing(env, name)
    for whose, variable in held(env, name):
        level = _bare_level(variable.value)
        if not variable.value or level is None:
            doubts.append(
                Missing(Cause.GARBLED, f"{whose}{name} holds something else than log levels{expected}")
            )
        elif level not in levels:
            why = f"sets no level for the rest, so it is {level}" if "=" in variable.value else f"is {level}"
            problems.append(f"{whose}{name} {why}{expected}")
    shown = next(iter(held(env, name)))[1].value
    loud = [part for part in shown.split(",") if re.search(r"=\s*(debug|trace)\b", part, re.I)]
    return {
        "log_problems": gate(env) or settle(problems, [*doubts, *doubts_of(env)]),
        "log_setting": f"{name}={shown}",
        "log_note": f"; {', '.join(part.strip() for part in loud)} is verbose" if loud else "",
    }


def _bare_level(directives: str) -> str | None:
    """The global level of `info,sqlx=warn`; `off` when there is only `target=level`; None for no level."""
    level: str | None = "off"
    for part in directives.split(","):
        word = part.strip().lower()
        word = _SAME_LEVEL.get(word, word)
        if word.isdecimal() and int(word) < len(_LEVELS):
            level = _LEVELS[int(word)]
        elif word in _LEVELS:
            level = word
        elif "=" not in word and word != "(a target)":
            return None
    return level
