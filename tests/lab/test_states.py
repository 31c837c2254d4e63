"""What the program says of a real host in each state is what is true of it, but for the known list."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.lab import build, known
from tests.lab.marks import on_a_real_host
from tests.lab.replay import Pair, replay, save, table
from tests.lab.states import TREES, State, StateError, every, read, representative, right, wrongness

HOSTS = min(3, os.cpu_count() or 1)


def replayed(states: Sequence[State], path: Path) -> None:
    pairs = replay(states, lambda name: build.ready(name).built(), build.inputs().built(), HOSTS)
    save(pairs, path)
    wrong = known.complaints(pairs, known.read())
    assert not wrong, (
        f"{len(wrong)} verdicts differ from what is known:\n" + "\n".join(wrong) + "\n\n" + table(pairs)
    )


class TestStates:
    pytestmark = on_a_real_host

    def test_verdicts_on_the_representative_states_are_true(self, tmp_path: Path) -> None:
        replayed(representative(every()), tmp_path / "lab.json")

    @pytest.mark.needs("every-state")
    def test_verdicts_on_every_other_state_are_true(self, tmp_path: Path) -> None:
        chosen = {state.name for state in representative(every())}
        replayed([state for state in every() if state.name not in chosen], tmp_path / "lab.json")


def pair(verdict: str, truth: str = "fail") -> Pair:
    return Pair("fw-x", "firewall-configured", "deploy", truth, verdict, None, "seen")


class TestTheKnownList:
    def test_a_new_wrong_verdict_is_named(self) -> None:
        (line,) = known.complaints([pair("pass")], {})
        assert line.startswith("false pass: fw-x firewall-configured deploy: pass, and fail is true")

    def test_a_known_wrong_verdict_is_silent(self) -> None:
        assert known.complaints([pair("pass")], {"fw-x firewall-configured deploy": "pass"}) == []

    def test_a_known_pair_that_is_wrong_in_another_way_is_named(self) -> None:
        (line,) = known.complaints([pair("unknown")], {"fw-x firewall-configured deploy": "pass"})
        assert "known to be wrong as pass" in line

    def test_a_known_pair_that_turned_right_must_leave_the_list(self) -> None:
        (line,) = known.complaints([pair("fail")], {"fw-x firewall-configured deploy": "pass"})
        assert "take it out" in line

    def test_a_listed_pair_without_a_state_is_stale(self) -> None:
        assert known.stale([pair("pass")], {"gone item deploy": "pass"}) == ["gone item deploy"]

    def test_it_is_read_as_it_was_written(self, tmp_path: Path) -> None:
        known.write({"b c d": "pass", "a b c": "unknown"}, tmp_path / "known.toml")
        assert known.read(tmp_path / "known.toml") == {"a b c": "unknown", "b c d": "pass"}


class TestReading:
    def write(self, tmp_path: Path, text: str) -> Path:
        path = tmp_path / "1-x.txt"
        path.write_text(text)
        return path

    def test_every_part_of_a_state_is_read(self, tmp_path: Path) -> None:
        options = "as=deploy,plain;set=K=V L=W;wait=2;u_plain=unknown"
        text = f"@ a-b | fw ssh | x=pass y=notpass | {options}\none\ntwo\n"
        (one,) = read(self.write(tmp_path, text))
        assert (one.name, one.restore, one.commands) == ("a-b", "fw ssh", "one\ntwo")
        assert (one.accounts, one.sets, one.wait) == (("deploy", "plain"), ("K=V", "L=W"), 2)
        assert (one.truth("x", "deploy"), one.truth("x", "plain")) == ("pass", "unknown")

    @pytest.mark.parametrize("text", [
        "@ a | fw | x=perhaps\ntrue\n",
        "@ a | fw | pass\ntrue\n",
        "@ a | fw\ntrue\n",
        "@ a | fw | x=pass | as=nobody\ntrue\n",
        "@ a | fw | x=pass | colour=red\ntrue\n",
        "@ a | fw | x=pass\n@ b | fw | x=pass\ntrue\n",
    ])  # fmt: skip
    def test_a_state_written_wrongly_is_refused(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(StateError):
            read(self.write(tmp_path, text))

    def test_the_representative_states_show_every_item_right_and_wrong(self) -> None:
        chosen = representative(every())
        assert len(chosen) < len(every()) / 3
        shown = {(item, truth) for state in chosen for item, truth in state.truths.items()}
        items = {item for state in every() for item in state.truths}
        assert {item for item, truth in shown if truth in ("fail", "notpass")} >= items - {"unit-name"}
        assert {state.tree for state in chosen} == set(TREES)

    def test_the_lab_has_its_states(self) -> None:
        names = [state.name for state in every()]
        assert len(names) >= 200
        assert len(set(names)) == len(names)

    @pytest.mark.parametrize(("truth", "verdict", "kind"), [
        ("fail", "pass", "false pass"), ("notpass", "pass", "false pass"), ("pass", "fail", "false fail"),
        ("notfail", "fail", "false fail"), ("pass", "unknown", "avoidable unknown"),
        ("pass", "error", "other"),
        ("notpass", "unknown", "right"), ("notfail", "info", "right"), ("unknown", "unknown", "right"),
    ])  # fmt: skip
    def test_kinds_of_error(self, truth: str, verdict: str, kind: str) -> None:
        assert wrongness(truth, verdict) == kind
        assert right(truth, verdict) is (kind == "right")
