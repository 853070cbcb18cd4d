"""Is a host's row of an event type taken as it was written, or refused in a sentence?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.vocabulary import EVENT_TYPES, read_own_types
from audit.vocabulary.event_type import COLOURS, PERSONAL_DETAILS
from audit.vocabulary.sentence import problem_of

ORDERS = {"key": "orders", "label": "Orders"}
PLACED: dict[str, Any] = {
    "code": "ORDER_PLACED",
    "group": "orders",
    "labels": {"de": "Bestellung aufgegeben"},
    "sentence": "{actor} [placed|place] {resource}< of {details.amount}>",
    "traits": ["edit", "look"],
    "personal_details": ["customerName"],
}


class TestReadOwnTypes:
    def test_takes_a_row_with_all_that_it_says(self) -> None:
        own = read_own_types([ORDERS], [PLACED])
        (one,) = own.types
        assert (one.code, one.group, one.label) == ("ORDER_PLACED", "orders", "Order placed")
        assert (one.labels, one.sentence) == (PLACED["labels"], PLACED["sentence"])
        assert one.traits == {"edit", "look"}
        assert one.personal_details == PERSONAL_DETAILS | {"customerName"}
        assert own.problems == ()

    def test_takes_a_code_alone(self) -> None:
        (one,) = read_own_types([], [{"code": "ORDER_PLACED"}]).types
        assert (one.group, one.label, one.traits) == ("other", "Order placed", frozenset())
        assert one.personal_details == PERSONAL_DETAILS

    def test_gives_groups_the_colours_that_are_free(self) -> None:
        groups = [{**ORDERS, "key": f"g{n}"} for n in range(4)]
        groups[1]["colour"] = 2
        colours = [group.colour for group in read_own_types(groups, []).groups]
        assert colours == [9, 2, 11, 0]

    @pytest.mark.parametrize(
        ("row", "said"),
        [
            pytest.param(7, "is 7, and has to be a mapping", id="no mapping"),
            pytest.param({}, "missing required field `code`", id="no code"),
            pytest.param({"code": 7}, "Expected `str`, got `int` - at `code`", id="a number"),
            pytest.param({"code": "X", "lable": "x"}, "did you mean 'label'?", id="misspelt"),
            pytest.param({"code": " "}, "has to be text of 1 to 512 characters", id="blank"),
            pytest.param({"code": "x\0"}, "has to be text of 1 to 512 characters", id="U+0000"),
            pytest.param({"code": "USER_LOGIN"}, "'USER_LOGIN' is built in", id="built in"),
            pytest.param({"code": "AUDIT_X"}, "begins with AUDIT_", id="the log's own"),
            pytest.param({"code": "X", "group": "ordres"}, "mean 'orders'?", id="no such group"),
            pytest.param({"code": "X", "traits": ["lok"]}, "mean 'look'?", id="no such trait"),
            pytest.param({"code": "X", "labels": {"German": "x"}}, "'German' is no", id="language"),
            pytest.param({"code": "X", "labels": {"de": " "}}, "'de' is empty", id="no label"),
            pytest.param({"code": "X", "label": "x" * 501}, "more than 500", id="a long label"),
            pytest.param({"code": "X", "sentence": "{actr} [a|b]"}, "mean 'actor'?", id="no value"),
            pytest.param({"code": "X", "sentence": "x" * 501}, "more than 500", id="a long one"),
            pytest.param(PLACED, "'ORDER_PLACED' is there twice", id="twice"),
        ],
    )
    def test_leaves_out_a_row_that_wont_do_and_says_why(self, row: Any, said: str) -> None:
        own = read_own_types([ORDERS], [PLACED, row])
        assert [one.code for one in own.types] == ["ORDER_PLACED"]
        (problem,) = own.problems
        assert problem.startswith("AUDIT['EVENT_TYPES'][1]")
        assert said in problem

    @pytest.mark.parametrize(
        ("group", "said"),
        [
            pytest.param({**ORDERS, "key": "sessions"}, "is a built-in group's", id="built in"),
            pytest.param({**ORDERS, "key": "Orders!"}, "small letters, digits", id="no key"),
            pytest.param({**ORDERS, "label": " "}, "label is empty", id="no label"),
            pytest.param({**ORDERS, "colour": 12}, "from 0 to 11", id="no such colour"),
            pytest.param({**ORDERS, "colour": "#fff"}, "Expected `int | null`", id="no number"),
        ],
    )
    def test_leaves_out_a_group_that_wont_do_and_says_why(self, group: Any, said: str) -> None:
        own = read_own_types([group], [])
        assert own.groups == ()
        (problem,) = own.problems
        assert problem.startswith("AUDIT['EVENT_GROUPS'][0]")
        assert said in problem

    @pytest.mark.parametrize("rows", [{"code": "X"}, "X", 7, None])
    def test_says_what_is_no_list(self, rows: Any) -> None:
        assert read_own_types([], rows).problems[0].endswith("has to be a list of rows.")

    def test_takes_so_many_and_says_so(self) -> None:
        own = read_own_types([], [{"code": f"T{n}"} for n in range(1_001)])
        assert len(own.types) == 1_000
        assert "the first 1,000 are taken" in own.problems[0]

    @given(
        st.lists(
            st.dictionaries(
                st.sampled_from(["code", "key", "group", "label", "labels", "sentence", "traits"])
                | st.text(max_size=4),
                st.recursive(
                    st.none() | st.integers() | st.text(max_size=12),
                    lambda inner: (
                        st.lists(inner, max_size=3)
                        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
                    ),
                ),
            )
        )
    )
    def test_raises_nothing_whatever_the_rows_are(self, rows: Any) -> None:
        own = read_own_types(rows, rows)
        assert len(own.groups) + len(own.types) + len(own.problems) >= len(rows)
        for group in own.groups:
            assert group.colour is not None
            assert 0 <= group.colour < COLOURS


class TestProblemOf:
    @pytest.mark.parametrize("code", EVENT_TYPES)
    def test_is_none_of_a_built_in_sentence(self, code: str) -> None:
        assert problem_of(EVENT_TYPES[code].sentence) is None

    @pytest.mark.parametrize(
        ("template", "said"),
        [
            pytest.param("{actor [placed|place]", "can't be read from '{actor [", id="not closed"),
            pytest.param("{actor} [placed]", "can't be read from '[placed]'", id="one form"),
            pytest.param("{who} [a|b]", "asks for 'who', which no event has", id="unknown"),
            pytest.param("{details.} [a|b]", "asks for 'details.'", id="no key"),
            pytest.param("{actor} [a|b]< at", "has a '<' that no '>' ends", id="left open"),
            pytest.param("{actor} [a|b]< at <x>>", "has a '<' too many", id="nested"),
            pytest.param("{actor} [a|b]>", "has a '>' too many", id="closed only"),
            pytest.param("{actor} placed {resource}", "the same of a failure", id="no verb"),
            pytest.param("", "the same of a failure", id="empty"),
        ],
    )
    def test_says_what_is_wrong(self, template: str, said: str) -> None:
        assert said in str(problem_of(template))

    def test_knows_keys_with_digits_and_dashes(self) -> None:
        assert problem_of("{actor} [set|set] {details.line-2.sku_7}") is None
