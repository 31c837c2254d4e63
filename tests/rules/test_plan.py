"""The plan: every ask on every host, before the first connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from readiness_tui.model.checklist import Checklist, Item, Parameter, ProbeSpec
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Verdict
from readiness_tui.model.probe import Ask, CollectorAsk, LinkAsk, Probe, ProbeResult, Reply
from readiness_tui.model.session import Session
from readiness_tui.rules import parameters
from readiness_tui.rules.probing import plan
from tests.samples import checklist, item, session

HOSTS = (
    Host(name="app-1", address="a", roles=("app", "proxy")),
    Host(name="app-2", address="b", roles=("app",)),
    Host(name="db-1", address="c", roles=("db",)),
)


@dataclass(frozen=True)
class ParsedReply:
    """A probe that asks what its spec tells it to."""

    spec: ProbeSpec

    def asks(self) -> tuple[Ask, ...]:
        scripts = self.spec.params.get("scripts", ["uptime"])
        assert isinstance(scripts, list)
        return tuple(CollectorAsk(collector=str(name), script=f"{name}\n") for name in scripts)

    def judge(self, replies: Sequence[Reply]) -> ProbeResult:
        return ProbeResult(Verdict.PASS)


def build(spec: ProbeSpec, values: parameters.Values) -> Probe:
    if spec.params.get("refuse"):
        raise ValueError("1 validation error for X\nport\n  Input should be a number")
    return ParsedReply(spec)


def probed(item_id: str, *where: str, **params: object) -> Item:
    probe = {"kind": "command", "where": list(where), "pass": {"exit": 0}, **params}
    return item(item_id, mode="auto", probe=probe)


def spec(where: Sequence[str], **params: object) -> ProbeSpec:
    return ProbeSpec.model_validate({"kind": "x", "where": where, **params})


def made(names: Checklist, held: Session | None = None, **chosen: Sequence[str]) -> plan.Plan:
    return plan.make(names, held or session(hosts=HOSTS), build, **chosen)


def pairs(of: plan.Plan) -> list[tuple[str, str]]:
    return [(check.item.rpartition(".")[2], check.target) for check in of.checks]


class TestTargets:
    @pytest.mark.parametrize(
        ("where", "expected"),
        [
            (("all",), ("app-1", "app-2", "db-1")),
            (("app",), ("app-1", "app-2")),
            (("proxy", "app"), ("app-1", "app-2")),
            (("db", "app"), ("db-1", "app-1", "app-2")),
            (("local",), ("local",)),
            (("network", "db"), ("network", "db-1")),
            (("cache",), ("role:cache",)),
            (("cache", "db"), ("role:cache", "db-1")),
        ],
    )
    def test_roles_and_vantage_points_become_targets(
        self, where: tuple[str, ...], expected: tuple[str, ...]
    ) -> None:
        assert plan.targets(spec(where), session(hosts=HOSTS)) == expected

    def test_without_hosts_all_is_a_role_that_no_host_has(self) -> None:
        assert plan.targets(spec(["all"]), session(hosts=())) == ("role:all",)

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("http://127.0.0.1:9090 via db-1", ("db-1",)),
            ("http://127.0.0.1:9090 via: db-1", ("db-1",)),
            ("http://127.0.0.1:9090 via db-9", ("host:db-9",)),
            ("http://prometheus.example:9090", ("network",)),
        ],
    )
    def test_a_url_is_asked_through_the_host_that_it_names(self, url: str, expected: tuple[str, ...]) -> None:
        asked = spec(["network"], url="$prometheus_url")
        assert plan.targets(asked, session(hosts=HOSTS, parameters={"prometheus_url": url})) == expected


class TestMake:
    LIST = checklist(
        probed("one.a.web", "app"),
        item("one.a.manual"),
        probed("one.a.db", "db"),
        item("one.a.twin", mode="auto", same_as="one.a.web"),
        probed("one.b.net", "network"),
    )

    def test_every_item_with_a_probe_on_every_target_in_order(self) -> None:
        of = made(self.LIST)
        assert pairs(of) == [("web", "app-1"), ("web", "app-2"), ("db", "db-1"), ("net", "network")]
        assert of.complete
        assert set(of.hosts) == {"app-1", "app-2", "db-1"}

    @pytest.mark.parametrize(
        ("only", "items"),
        [
            (["one.a.web"], {"web"}),
            (["one.*"], {"web", "db", "net"}),
            (["*.db"], {"db"}),
            (["one.a"], {"web", "db"}),
            (["one.a."], {"web", "db"}),
            (["one"], {"web", "db", "net"}),
            (["one.a.twin"], {"web"}),
            (["one.a.manual"], set()),
            (["nothing"], set()),
            (["*.db", "*.net"], {"db", "net"}),
            (["one.a.w"], set()),
        ],
    )
    def test_globs_and_prefixes_choose_items(self, only: list[str], items: set[str]) -> None:
        assert {name for name, _ in pairs(made(self.LIST, only=only))} == items

    def test_hosts_chosen_make_it_incomplete(self) -> None:
        of = made(self.LIST, hosts=["app-2"])
        assert pairs(of) == [("web", "app-2")]
        assert not of.complete
        assert set(of.hosts) == {"app-2"}

    def test_a_role_no_host_has_is_a_check_without_a_probe(self) -> None:
        (check,) = made(checklist(probed("one.a.x", "cache"))).checks
        assert (check.target, check.probe, check.asks) == ("role:cache", None, ())
        assert check.not_configured == "no host has the role cache"

    def test_the_same_ask_is_made_once_a_host(self) -> None:
        names = checklist(
            probed("one.a.x", "db", scripts=["uptime", "free"]), probed("one.a.y", "db", scripts=["uptime"])
        )
        asks = made(names).asks()
        assert {ask.command: items for ask, items in asks["db-1"].items()} == {
            "uptime": ("one.a.x", "one.a.y"),
            "free": ("one.a.x",),
        }


class TestParameters:
    def list_of(self, **params: object) -> Checklist:
        document = checklist(probed("one.a.x", "db", **params)).model_dump(by_alias=True)
        return Checklist.model_validate(
            document | {"parameters": [{"name": "unit", "help": "H."}, {"name": "least", "help": "H."}]}
        )

    def test_are_filled_into_params_and_conditions(self) -> None:
        names = self.list_of(scripts=["$unit"], fail={"cpus": {"lt": "$least"}})
        held = session(hosts=HOSTS, parameters={"unit": "pay", "least": 4})
        (check,) = made(names, held).checks
        assert [ask.command for ask in check.asks] == ["pay"]
        assert isinstance(check.probe, ParsedReply)
        assert check.probe.spec.fail_if == {"cpus": {"lt": 4}}

    @pytest.mark.parametrize("params", [{"scripts": ["$unit"]}, {"fail": {"cpus": {"lt": "$unit"}}}])
    def test_an_unset_parameter_is_not_configured_and_never_skipped(self, params: dict[str, object]) -> None:
        (check,) = made(self.list_of(**params)).checks
        assert (check.probe, check.not_configured) == (None, "parameter unit is not set")

    def test_an_invalid_parameter_is_reported_in_one_line(self) -> None:
        (check,) = made(self.list_of(refuse=True)).checks
        assert check.not_configured == "port Input should be a number"


def test_asks_differ_by_everything_that_is_sent() -> None:
    base = CollectorAsk(collector="a", script="x")
    others = [
        CollectorAsk(collector="b", script="x"),
        CollectorAsk(collector="a", script="y"),
        CollectorAsk(collector="a", script="x", args=("z",)),
        CollectorAsk(collector="a", script="x", args=("", "z")),
    ]
    asks: tuple[Ask, ...] = (base, *others, LinkAsk())
    assert len({ask.digest for ask in asks}) == len(asks)


def test_a_default_made_from_an_unset_parameter_names_that_one() -> None:
    words = [
        {"name": "app_name", "help": "The name."},
        {"name": "env_file", "help": "The file.", "default": "/opt/{app_name}/.env"},
    ]
    listed = checklist(item("one.a.first")).model_copy(
        update={"parameters": tuple(map(Parameter.model_validate, words))}
    )
    assert (
        parameters.unset(listed, {}, "env_file") == "parameter app_name is not set (env_file is made from it)"
    )
    assert parameters.unset(listed, {}, "app_name") == "parameter app_name is not set"
