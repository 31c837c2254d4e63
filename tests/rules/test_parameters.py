"""Launch parameters: values, defaults, and `$name` in probes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from readiness_tui.model.checklist import Checklist
from readiness_tui.rules.parameters import UnsetError, fill, used, values, via
from tests import strategies
from tests.samples import checklist, item, session

NAMES = st.sampled_from(["one", "two", "three"])


def known(
    defaults: dict[str, JsonValue], given_values: dict[str, JsonValue] | None = None
) -> dict[str, JsonValue]:
    parameters = [{"name": name, "help": "Help.", "default": default} for name, default in defaults.items()]
    document = checklist(item("one.a.x")).model_dump(by_alias=True) | {"parameters": parameters}
    return dict(values(Checklist.model_validate(document), session(parameters=given_values or {})))


class TestValues:
    def test_the_sessions_value_wins_over_the_default(self) -> None:
        assert known({"port": 8080}) == {"port": 8080}
        assert known({"port": 8080}, {"port": 9090}) == {"port": 9090}

    def test_a_parameter_without_either_is_omitted(self) -> None:
        assert known({"domain": None}) == {}

    @pytest.mark.parametrize("falsy", [0, False, "", []])
    def test_a_value_that_is_nothing_much_is_still_a_value(self, falsy: JsonValue) -> None:
        assert known({"x": 5}, {"x": falsy}) == {"x": falsy}

    def test_a_default_is_filled_from_other_parameters_however_deep(self) -> None:
        defaults: dict[str, JsonValue] = {
            "binary_path": "{dir}/{app_name}",
            "dir": "/opt/{app_name}",
            "app_name": None,
        }
        assert known(defaults, {"app_name": "pay"}) == {
            "app_name": "pay",
            "dir": "/opt/pay",
            "binary_path": "/opt/pay/pay",
        }

    def test_a_default_that_needs_an_unset_parameter_is_omitted(self) -> None:
        assert known({"unit": "{app_name}.service", "app_name": None}) == {}

    def test_defaults_that_need_each_other_are_left_out(self) -> None:
        assert known({"a": "{b}", "b": "{a}", "c": "{c}"}) == {}

    def test_braces_in_the_operators_own_value_are_left_alone(self) -> None:
        assert known({"glob": "x"}, {"glob": "{app_name}"}) == {"glob": "{app_name}"}

    def test_a_value_filled_in_is_not_filled_again(self) -> None:
        found = known({"unit": "{app_name}.service", "app_name": None}, {"app_name": "{unit}"})
        assert found["unit"] == "{unit}.service"


class TestFill:
    @pytest.mark.parametrize(
        ("tree", "filled"),
        [
            ("$port", 8080),
            ("port $port", "port $port"),
            ("$$port", "$$port"),
            ("$Port", "$Port"),
            ({"ge": "$port"}, {"ge": 8080}),
            ({"$port": 1}, {"$port": 1}),
            (["$port", 1], [8080, 1]),
            (["$ports", 1], [22, 80, 1]),
            ([["$ports"]], [[22, 80]]),
            ({"in": "$ports"}, {"in": [22, 80]}),
            ("$criteria", {"open": {"eq": 0}}),
            (None, None),
            (5, 5),
        ],
    )
    def test_names_become_values(self, tree: JsonValue, filled: JsonValue) -> None:
        held: dict[str, Any] = {"port": 8080, "ports": [22, 80], "criteria": {"open": {"eq": 0}}}
        assert fill(tree, held) == filled

    def test_a_name_without_a_value_is_reported(self) -> None:
        with pytest.raises(UnsetError, match="parameter port is not set") as caught:
            fill({"all": [{"x": {"ge": "$port"}}]}, {})
        assert caught.value.name == "port"

    def test_a_value_that_looks_like_a_name_is_not_filled_again(self) -> None:
        assert fill("$one", {"one": "$two", "two": 2}) == "$two"

    @given(strategies.json_values)
    def test_a_tree_without_names_is_as_it_was(self, tree: JsonValue) -> None:
        if not used(tree):
            assert fill(tree, {}) == tree

    @given(
        st.recursive(
            NAMES.map(lambda name: f"${name}"),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
            ),
            max_leaves=6,
        ),
        st.sets(NAMES),
    )
    def test_filling_needs_exactly_what_is_used(self, tree: JsonValue, held: set[str]) -> None:
        missing = used(tree) - held
        known_values: dict[str, Any] = dict.fromkeys(held, 1)
        if missing:
            with pytest.raises(UnsetError) as caught:
                fill(tree, known_values)
            assert caught.value.name in missing
        else:
            assert used(fill(tree, known_values)) == frozenset()


def test_used_names_every_parameter_of_a_tree() -> None:
    assert used({"a": ["$one", {"b": "$two"}], "c": "three", "d": 4}) == {"one", "two"}


@pytest.mark.parametrize(
    ("value", "host"),
    [
        ("http://127.0.0.1:9090 via db-1", "db-1"),
        ("https://prometheus.example via: db-1", "db-1"),
        ("http://127.0.0.1:9090", ""),
        ("ftp://127.0.0.1 via db-1", ""),
        ("http://127.0.0.1 via ", ""),
        (9090, ""),
    ],
)
def test_the_host_through_which_a_url_is_reached(value: JsonValue, host: str) -> None:
    assert via(value) == host
