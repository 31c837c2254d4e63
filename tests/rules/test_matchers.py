"""Matcher trees in three-valued logic: true, false, or unknown with the missing facts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness_tui.model.facts import Fact, Facts, Missing, plain, version_key
from readiness_tui.model.outcome import Cause
from readiness_tui.rules.matchers import MATCHERS, Reason, evaluate, faults
from readiness_tui.suggest import near

DENIED = Missing(Cause.DENIED, "/etc/shadow: permission denied")

# matcher, operand, a fact for which it holds, one for which it does not
PAIRS: list[tuple[str, Any, Fact, Fact]] = [
    ("eq", "active", "active", "failed"),
    ("eq", True, True, False),
    ("eq", "yes", True, False),
    ("eq", 22, 22, 23),
    ("eq", "22", 22, 23),
    ("eq", 2.0, "2", "3"),
    ("eq", 1, 1, True),
    ("ne", "root", "app", "root"),
    ("ne", 0, 33, 0),
    ("in", ["info", "warn"], "warn", "debug"),
    ("in", [600, 400], "600", "644"),
    ("in", "no", "no", "yes"),
    ("in", ["no", "without-password"], ("no", "no"), ("no", "yes")),
    ("not_in", ["debug", "trace"], "info", "trace"),
    ("not_in", ["debug"], (), ("info", "debug")),
    ("subset_of", ["22", "80"], ("22",), ("22", "6379")),
    ("subset_of", ["22"], (), ("80",)),
    ("superset_of", ["sshd"], ("nginx", "sshd"), ("nginx",)),
    ("superset_of", "sshd", "sshd", ()),
    ("matches", r"^sk_live_", "sk_live_x", "sk_test_x"),
    ("matches", r"^a", ("ab", "ac"), ("ab", "b")),
    ("not_matches", r"(?i)password", "hunter", "my Password"),
    ("not_matches", r"x", (), ("a", "x")),
    ("contains", "max-age", "max-age=1; preload", "preload"),
    ("contains", "pgcrypto", ("pgcrypto", "plpgsql"), ("pgcrypto2",)),
    ("ge", 2, 2, 1),
    ("ge", "2", "2.5", "1.5"),
    ("gt", 0, 1, 0),
    ("le", 500, 500.0, 500.1),
    ("lt", 1, 0.99, 1),
    ("between", [1, 3], 3, 4),
    ("between", [1, 3], 1, 0),
    ("version_ge", "1.75", "rustc 1.80.1 (abc)", "rustc 1.9.0"),
    ("version_ge", "7.0", "7", "6.2.14"),
    ("version_ge", "14.0", "14.11-1.pgdg120+2", "13.99"),
    ("len_ge", 32, "x" * 32, "x" * 31),
    ("len_ge", 2, ("a", "b"), ("a",)),
    ("empty", True, (), ("a",)),
    ("empty", True, "", "a"),
    ("empty", False, ("a",), ()),
    ("exists", True, True, False),
    ("exists", False, False, True),
]


@pytest.mark.parametrize(("name", "operand", "holds", "fails"), PAIRS)
def test_each_matcher_can_hold_and_can_fail(name: str, operand: Any, holds: Fact, fails: Fact) -> None:
    tree = {"fact": {name: operand}}
    assert faults(tree, ("fact",)) == []
    assert evaluate(tree, {"fact": holds}).value is True
    refuted = evaluate(tree, {"fact": fails})
    assert refuted.value is False
    assert (refuted.because[0].fact, refuted.because[0].value) == ("fact", plain(fails) or "none")
    assert evaluate(tree, {"fact": DENIED}).missing == (DENIED,)
    assert evaluate(tree, {}).missing == (Missing(Cause.GARBLED, "fact is missing from the output"),)


def test_every_matcher_is_in_the_table() -> None:
    assert {name for name, *_ in PAIRS} == set(MATCHERS)


@pytest.mark.parametrize(
    ("name", "operand", "fact"),
    [
        ("ge", 1, "many"),
        ("ge", 1, "nan"),
        ("lt", 1, float("nan")),
        ("ge", 1, True),
        ("le", 1, ("1",)),
        ("ge", "many", 1),
        ("between", [1, 2], "x"),
        ("between", [1], 1),
        ("version_ge", "1.75", "command not found"),
        ("version_ge", "1.75", ""),
        ("in", ["a"], ()),
        ("matches", "a", ()),
        ("len_ge", "x", "a"),
    ],
)
def test_what_cannot_be_compared_is_not_known(name: str, operand: Any, fact: Fact) -> None:
    truth = evaluate({"fact": {name: operand}}, {"fact": fact})
    assert truth.value is None
    assert truth.missing == (Missing(Cause.GARBLED, f"fact={plain(fact)}"),)


@pytest.mark.parametrize(
    ("name", "operand", "said"),
    [
        ("matches", "(", "not a regular expression"),
        ("not_matches", "[", "not a regular expression"),
        ("matches", r"^(a|aa)+$", "takes more than 0.5 s"),
        ("not_matches", r"^(a|aa)+$", "takes more than 0.5 s"),
        ("matches", "a" * 1001, "more than 1000 characters"),
    ],
)
def test_a_pattern_that_cannot_be_used_tells_why(name: str, operand: str, said: str) -> None:
    (missing,) = evaluate({"fact": {name: operand}}, {"fact": "a" * 60 + "!"}).missing
    assert said in missing.reason


class TestSlack:
    @pytest.mark.parametrize(
        ("matcher", "fact", "value"),
        [
            ("ge", 1741, True), ("ge", 1740, False), ("gt", 1741, True), ("gt", 1740, False),
            ("le", 2355, True), ("le", 2356, False), ("lt", 2355, True), ("lt", 2356, False),
        ],
    )  # fmt: skip
    def test_it_loosens_the_bound_on_its_own_side(self, matcher: str, fact: int, value: bool) -> None:
        assert evaluate({"mem": {matcher: 2048, "slack": 0.15}}, {"mem": fact}).value is value

    def test_a_value_that_is_not_a_number_makes_it_unknown(self) -> None:
        assert evaluate({"mem": {"ge": 2048, "slack": "some"}}, {"mem": 4096}).value is None


class TestTrees:
    known: Facts = {"yes": "1", "no": "0", "gone": DENIED}
    true: dict[str, Any] = {"yes": "1"}
    false: dict[str, Any] = {"no": "1"}
    unknown: dict[str, Any] = {"gone": "1"}

    def value(self, tree: dict[str, Any]) -> bool | None:
        return evaluate(tree, self.known).value

    def test_a_bare_value_means_eq(self) -> None:
        assert self.value({"yes": 1}) is True

    def test_all_facts_of_a_mapping_must_hold(self) -> None:
        assert self.value({"yes": "1", "no": "0"}) is True
        assert self.value({"yes": "1", "no": "1"}) is False

    def test_all_matchers_of_a_fact_must_hold(self) -> None:
        assert evaluate({"x": {"ge": 1, "lt": 5}}, {"x": 3}).value is True
        assert evaluate({"x": {"ge": 1, "lt": 5}}, {"x": 5}).value is False

    @pytest.mark.parametrize(
        ("combiner", "parts", "expected"),
        [
            ("all", "tt", True), ("all", "tf", False), ("all", "tu", None), ("all", "fu", False),
            ("any", "ff", False), ("any", "ft", True), ("any", "ut", True), ("any", "uf", None),
            ("none", "ff", True), ("none", "ft", False), ("none", "ut", False), ("none", "uf", None),
        ],
    )  # fmt: skip
    def test_combiners_are_kleenes(self, combiner: str, parts: str, expected: bool | None) -> None:
        trees = [{"t": self.true, "f": self.false, "u": self.unknown}[part] for part in parts]
        assert self.value({combiner: trees}) is expected
        assert self.value({combiner: trees[::-1]}) is expected

    def test_missing_facts_are_reported_only_if_they_matter(self) -> None:
        assert evaluate({"all": [self.true, self.unknown]}, self.known).missing == (DENIED,)
        assert evaluate({"all": [self.false, self.unknown]}, self.known).missing == ()

    def test_the_deciding_facts_are_reported(self) -> None:
        assert evaluate({"all": [self.true, self.false]}, self.known).because == (Reason("no", "0", "1"),)
        assert evaluate({"any": [self.false, self.true]}, self.known).because == (Reason("yes", "1"),)

    @given(
        st.recursive(
            st.sampled_from([{"yes": "1"}, {"no": "1"}, {"gone": "1"}]),
            lambda inner: st.one_of(
                st.dictionaries(
                    st.sampled_from(["all", "any", "none"]), st.lists(inner, min_size=1, max_size=3)
                )
            ).filter(bool),
            max_leaves=8,
        )
    )
    def test_learning_a_missing_fact_never_overturns_what_was_decided(self, tree: dict[str, Any]) -> None:
        before = self.value(tree)
        for learned in ("0", "1"):
            after = evaluate(tree, {**self.known, "gone": learned}).value
            assert after is not None
            assert before is None or after is before


class TestFaults:
    @pytest.mark.parametrize("tree", [None, [], {}, "x", 5])
    def test_a_condition_is_never_empty(self, tree: object) -> None:
        assert faults(tree) == [((), "a condition must be a non-empty mapping of facts to matchers")]

    @pytest.mark.parametrize(
        ("tree", "place", "words"),
        [
            ({"actve": "x"}, ("actve",), "no such fact: 'actve' (did you mean active?)"),
            ({"active": {"equal": 1}}, ("active", "equal"), "no such matcher: 'equal'"),
            ({"active": {}}, ("active",), "a fact needs a matcher"),
            ({"active": {"slack": 0.1}}, ("active",), "a fact needs a matcher"),
            ({"active": None}, ("active",), "a fact needs a matcher"),
            ({"all": []}, ("all",), "`all` takes a list of conditions"),
            ({"all": {"active": 1}}, ("all",), "`all` takes a list of conditions"),
            ({"any": [{"active": 1}, {}]}, ("any", 1), "non-empty mapping"),
            (
                {"none": [{"active": {"ge": "x"}}]},
                ("none", 0, "active", "ge"),
                "`ge` takes a number, not 'x'",
            ),
            ({"active": {"matches": "("}}, ("active", "matches"), "not a regular expression"),
            ({"active": {"between": 5}}, ("active", "between"), "`between` takes [low, high]"),
            ({"active": {"eq": None}}, ("active", "eq"), "`eq` needs a value"),
        ],
    )
    def test_each_is_found_in_its_place(self, tree: object, place: tuple[str | int, ...], words: str) -> None:
        ((found, what),) = faults(tree, ("active",))
        assert found == place
        assert words in what

    def test_all_are_found_at_once(self) -> None:
        assert len(faults({"x": {"foo": 1, "bar": 2}, "any": []}, ("y",))) == 4

    def test_an_unfilled_parameter_is_not_a_fault(self) -> None:
        assert faults({"active": {"ge": "$min", "matches": "$re", "between": ["$low", 5]}}, ("active",)) == []

    def test_a_checked_tree_never_raises(self) -> None:
        for name, operand, holds, fails in PAIRS:
            for fact in (holds, fails, (), "", 0, True, 1.5, ("a", "b"), "nan", "\x00"):
                evaluate({"fact": {name: operand}}, {"fact": fact})


class TestWords:
    @pytest.mark.parametrize(
        ("value", "said"),
        [
            (True, "yes"),
            (False, "no"),
            (2.0, "2"),
            (2.5, "2.5"),
            (22, "22"),
            (("a", "b"), "a, b"),
            ((), "nothing"),
        ],
    )
    def test_values_are_written_plainly(self, value: object, said: str) -> None:
        assert plain(value) == said

    @pytest.mark.parametrize(
        ("text", "key"), [("7.0.15-1", (7, 0, 15)), ("v2", (2,)), ("OpenSSH_9.2p1", (9, 2)), ("none", ())]
    )
    def test_versions_are_compared_by_their_numbers(self, text: str, key: tuple[int, ...]) -> None:
        assert version_key(text) == key

    def test_only_near_words_are_offered(self) -> None:
        assert near("servce", ("service", "host")) == " (did you mean service?)"
        assert near("zzz", ("service", "host")) == ""
