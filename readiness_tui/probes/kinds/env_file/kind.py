"""Kind `env-file`: an environment file by names, lengths and schemas, and logins with its URLs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.probe import Ask, CollectorAsk, Reply
from readiness_tui.probes import logins
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, unseen
from readiness_tui.probes.kinds.env_file import variables
from readiness_tui.probes.kinds.service.kind import UNIT_NAME
from readiness_tui.probes.kinds.service.unit import environment_files, ignored_if_absent

SCAN: dict[str, str] = {
    "exists": "Whether the file is there.",
    "variables": "How many variables it sets.",
    "file": "Its path.",
    "missing_vars": "Required variables it does not set.",
    "empty_vars": "Required variables set to nothing.",
    "placeholder_vars": "Required variables that hold a placeholder.",
    "conflicting_vars": "Required variables set twice, with values of different length.",
    "exported_vars": "Required variables written `export NAME=`.",
    "set_vars": "How many of the required variables are set, in words.",
    "keys_wrong": "Keys that are absent, empty, a placeholder, a test key, or in the wrong variable.",
    "keys_unproven": "Keys without the prefix or the length of a live key.",
    "keys": "Each key's shape.",
    "stellar_network": "The network's name in lower case; unknown when it is not set.",
    "testnet_vars": "Stellar variables that name testnet or futurenet.",
    "passphrase_wrong": "Passphrase variables that do not hold the public network's.",
    "stellar_note": "Passphrase and testnet values in words.",
    "log_level": "The level of everything that has none of its own.",
    "log_setting": "The variable that sets it, and its value.",
    "log_note": "Targets with a verbose level of their own, as a clause for the evidence.",
}

UNIT: dict[str, str] = {
    "unit_reads": "Whether the unit's EnvironmentFile names this file: listed, other files, or none.",
    "ignored_vars": "Exported variables while the unit reads the file: systemd drops such lines.",
    "unit_note": "How the unit reads it, as a clause for the evidence.",
}


class EnvFileParams(Frozen):
    """path: the file. unit: who reads it. required: names that must be set.

    api_keys: variables with the prefix of a live key. url: the variable to log in with, by its
    scheme. stellar: pattern of names that concern Stellar; network: the one that names it.
    """

    path: str = Field(pattern="^/")
    unit: str = Field(default="", pattern=f"^$|{UNIT_NAME}")
    required: tuple[str, ...] = ()
    api_keys: Mapping[str, variables.Prefix] = {}
    url: str = Field(default="", pattern=r"^([A-Za-z_]\w*)?$")
    stellar: str = "STELLAR_|HORIZON|SOROBAN"
    network: str = "STELLAR_NETWORK"


class EnvFile(Kind[EnvFileParams]):
    """Values stay on the host; asks only what the conditions speak of."""

    name = "env-file"
    Params = EnvFileParams
    facts = SCAN | UNIT | logins.URL | logins.POSTGRES | logins.REDIS

    def asks(self) -> tuple[Ask, ...]:
        """env.scan, service.show, and env.url with the login that is spoken of."""
        params, named, asks = self.params, self.named, []
        wants_login = named & (logins.URL.keys() | logins.POSTGRES.keys() | logins.REDIS.keys())
        if named & (SCAN.keys() | {"ignored_vars"}) or not (wants_login or named & UNIT.keys()):
            asks.append(collect("env.scan", params.path, ",".join(variables.SHOWN), spec=self.spec))
        if named & UNIT.keys() and params.unit:
            asks.append(collect("service.show", params.unit, spec=self.spec))
        if wants_login:
            login = ""
            if named & logins.POSTGRES.keys():
                login = "+env.dblogin"
            elif named & logins.REDIS.keys():
                login = "+env.redislogin"
            asks.append(collect("env.url" + login, params.path, params.url, spec=self.spec))
        return tuple(asks)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The file's facts, the unit's word on it, the URL's and its login's."""
        told = {r.ask.collector: ParsedReply(r) for r in replies if isinstance(r.ask, CollectorAsk)}
        facts: dict[str, Fact | Missing] = {}
        if "env.scan" in told:
            facts |= self._scan(told["env.scan"])
        if self.named & UNIT.keys():
            facts |= self._unit(told.get("service.show"), facts.get("exported_vars", ()))
        for name, one in told.items():
            if name.startswith("env.url"):
                facts |= (parts := logins.url(one))
                if name.endswith("dblogin"):
                    facts |= logins.postgres_login(one, parts)
                elif name.endswith("redislogin"):
                    facts |= logins.redis_login(one, parts)
        return facts

    def _scan(self, told: ParsedReply) -> dict[str, Fact | Missing]:
        held = variables.variables(told)
        if isinstance(held, Missing):
            return unseen(SCAN, held)
        params = self.params
        return {
            "exists": told.text("env") != "absent",
            "variables": len(held),
            "file": params.path,
            **variables.required(held, params.required),
            **variables.api_keys(held, params.api_keys),
            **variables.stellar(held, params.stellar, params.network),
            **variables.log_level(held),
        }

    def _unit(self, told: ParsedReply | None, exported: Fact | Missing) -> dict[str, Fact | Missing]:
        """A host without systemd lists no EnvironmentFile; one that could not be asked is unknown."""
        if told is None:
            return {"unit_reads": "none", "ignored_vars": (), "unit_note": ""}
        why = told.trouble or told.refusal("unit")
        if why is not None:
            return {"unit_reads": why, "ignored_vars": exported and why, "unit_note": why}
        files = environment_files(told)
        reads = "listed" if self.params.path in files else "other files" if files else "none"
        note = f", used by {self.params.unit}" if reads == "listed" else ""
        if self.params.path in ignored_if_absent(told):
            note += " (which starts without it, too)"
        return {
            "unit_reads": reads,
            "ignored_vars": exported if reads == "listed" else (),
            "unit_note": note,
        }
