"""The built-in checklist against the seed it was made from, line by line, and against its own rules."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from readiness_tui.checklist.find import find
from readiness_tui.checklist.markdown import to_markdown
from readiness_tui.model.checklist import Checklist, Derivation, Mode, Phase
from readiness_tui.rules import matchers
from readiness_tui.rules.lint import lint
from readiness_tui.rules.parameters import HOSTS, used, values
from readiness_tui.rules.standing import figures, standings
from tests.checklist.production import NOW, production, session

SEED = Path(__file__).with_name("seed-checklist.md")


@pytest.fixture(scope="module")
def checklist() -> Checklist:
    return production()


def test_it_is_the_seed_line_by_line(checklist: Checklist) -> None:
    assert to_markdown(checklist).splitlines() == SEED.read_text(encoding="utf-8").splitlines()


def test_it_is_the_seed_byte_for_byte(checklist: Checklist) -> None:
    assert to_markdown(checklist).encode() == SEED.read_bytes()


def test_it_knows_its_origin(checklist: Checklist) -> None:
    assert checklist.builtin
    assert checklist.id == find("production").stem
    assert checklist.source == str(find("production"))
    assert checklist.digest.startswith("sha256:")


def test_its_counts(checklist: Checklist) -> None:
    """Catalogue, section 12, with the seven derived items of design.md, section 3."""
    items = checklist.items.values()
    assert len(items) == 209
    assert len(checklist.sections) == 14
    assert sum(len(section.groups) for section in checklist.sections) == 33
    assert Counter(item.mode.value for item in items) == {
        "auto": 87,
        "assist": 71,
        "manual": 44,
        "derived": 7,
    }
    assert Counter(item.severity.value for item in items) == {"blocker": 66, "major": 93, "minor": 50}
    assert Counter(item.role for item in items) == {
        "technical": 65,
        "operations": 78,
        "security": 41,
        "product": 25,
    }
    assert {section.id: len(section.items) for section in checklist.sections} == {
        "infrastructure": 14,
        "database": 19,
        "application": 21,
        "security": 20,
        "monitoring": 19,
        "performance": 12,
        "reliability": 12,
        "documentation": 12,
        "testing": 12,
        "compliance": 12,
        "operations": 12,
        "team": 12,
        "prelaunch": 14,
        "postlaunch": 18,
    }


def test_ids_begin_with_section_and_group(checklist: Checklist) -> None:
    for section, group, item in checklist.walk():
        assert item.id.startswith(f"{section.id}.{group.id}.")
        assert item.id.count(".") == 2


def test_later_phases_are_the_post_launch_groups(checklist: Checklist) -> None:
    phases = {
        group.id: {item.phase for item in group.items}
        for s, group, _ in checklist.walk()
        if s.id == "postlaunch"
    }
    assert phases == {"day1": {Phase.DAY}, "week1": {Phase.WEEK}, "month1": {Phase.MONTH}}
    assert {i.phase for s, _, i in checklist.walk() if s.id != "postlaunch"} == {Phase.LAUNCH}


def test_seven_items_are_derived(checklist: Checklist) -> None:
    derived = {item.id.split(".")[-1]: item.derive for item in checklist.items.values() if item.derive}
    assert derived == {
        "all-complete": Derivation.ALL_COMPLETE,
        "critical-resolved": Derivation.CRITICAL_RESOLVED,
        "criteria-met": Derivation.CRITERIA_MET,
        "technical-approval": Derivation.APPROVAL,
        "product-approval": Derivation.APPROVAL,
        "security-approval": Derivation.APPROVAL,
        "operations-approval": Derivation.APPROVAL,
    }
    approvals = {item.role for item in checklist.items.values() if item.derive is Derivation.APPROVAL}
    assert approvals == {role.id for role in checklist.roles}


def test_items_that_repeat_another_share_its_verdict(checklist: Checklist) -> None:
    """Only those whose rule is the other's: one that asks for more would pass falsely."""
    assert {item.id: item.same_as for item in checklist.items.values() if item.same_as} == {
        "reliability.ha.auto-restart": "application.service.restarts-on-failure",
        "reliability.dr.restore-tested": "database.backup.restore-tested",
        "testing.nonfunctional.load": "performance.app.load-tested",
        "testing.nonfunctional.performance": "performance.app.response-times",
        "testing.nonfunctional.backup-restore": "database.backup.restore-tested",
        "compliance.audit.dependency-audit": "application.build.dependencies-audited",
        "operations.deployment.procedure": "documentation.technical.deployment",
    }


@pytest.mark.parametrize("key", ["why", "how"])
def test_every_item_says_why_and_how(checklist: Checklist, key: str) -> None:
    told = {item.id: getattr(item, key) for item in checklist.items.values()}
    assert [i for i, text in told.items() if not text.endswith(".") or text != text.strip()] == []
    assert [i for i, text in told.items() if not 20 <= len(text) <= 240 or "\n" in text] == []
    assert [text for text, times in Counter(told.values()).items() if times > 1] == []


def test_answers_and_outcomes_grow_old(checklist: Checklist) -> None:
    """Every answer has a `valid`; `fresh` where a probe may look, at most a day (max_result_age_h)."""
    for item in checklist.items.values():
        if item.mode is Mode.DERIVED:
            assert (item.valid, item.fresh) == (None, None)
            continue
        assert item.valid is not None, item.id
        looked_at = item.mode is not Mode.MANUAL and item.same_as is None
        assert (item.fresh is not None) == looked_at, item.id
        assert item.fresh is None or item.fresh.total_seconds() <= 86400, item.id


def test_the_day_s_confirmations_last_a_day(checklist: Checklist) -> None:
    lasting = {i.id for i in checklist.items.values() if i.valid and i.valid.total_seconds() <= 86400}
    assert {"prelaunch.checks.team-ready", "prelaunch.checks.backup-verified"} <= lasting


def test_its_parameters(checklist: Checklist) -> None:
    """The defaults of the catalogue, section 3; a sentence of help for each."""
    by_name = {parameter.name: parameter.default for parameter in checklist.parameters}
    assert [p.name for p in checklist.parameters if not p.help.endswith(".") or "\n" in p.help] == []
    assert by_name["min_ram_mib"] == 2048
    assert by_name["min_cert_share"] == 0.33
    assert by_name["allowed_env_modes"] == ["600", "400"]
    assert by_name["root_login_allowed_values"] == ["no"]
    assert by_name["retention_days"] == [7, 30]
    assert by_name["redis_min_version"] == "6.0"
    unset = ("app_name", "domains", "prometheus_url", "launch_criteria")
    assert [by_name[name] for name in unset] == [None] * len(unset)
    optional = ("expected_db", "expected_user", "expected_migration", "audit_table", "backup_script")
    assert [by_name[name] for name in optional] == [""] * len(optional)


def test_defaults_are_filled_from_the_application_s_name(checklist: Checklist) -> None:
    found = values(checklist, session({"app_name": "pay"}))
    assert found["service_unit"] == "pay.service"
    assert found["binary_path"] == "/opt/pay/pay"
    assert found["env_file"] == "/opt/pay/.env.production"
    assert "binary_path" not in values(checklist, session({}))


def test_its_probes_name_known_parameters_only(checklist: Checklist) -> None:
    known = {parameter.name for parameter in checklist.parameters} | {HOSTS}
    for item in checklist.items.values():
        if item.probe is not None:
            assert used(item.probe.model_dump(mode="json")) <= known, item.id


def test_the_launch_criteria_of_the_help_can_be_computed(checklist: Checklist) -> None:
    facts = figures(checklist, standings(checklist, session({}), NOW))
    tree = {"open_blockers": {"eq": 0}, "percent_security": {"ge": 95}}
    assert matchers.faults(tree, tuple(facts)) == []


def test_its_only_remarks_are_probes_still_to_come(checklist: Checklist) -> None:
    said = {remark.message for remark in lint(checklist)}
    assert said <= {"mode `auto` without a probe: it stays open until a human answers"}
