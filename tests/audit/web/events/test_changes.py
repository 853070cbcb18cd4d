from __future__ import annotations

import html
import re
import time
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.vocabulary.document import FieldChange
from audit.web.events.alignment import Effort
from audit.web.events.changes import MAX_LINES, ShownChange, changes_of
from audit.web.events.differences import mark_words

TEXTS = st.text(alphabet=st.sampled_from('aé 1"{}[]:,\n\t\u202e\u00a0<&'), max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
# What looks alike, and is not the same.
ALIKE = [
    pytest.param(1, "1", "number", "text", id="a number and its digits"),
    pytest.param(None, "–", "no value", "text", id="nothing and a dash"),
    pytest.param(True, "true", "yes or no", "text", id="true and its word"),
    pytest.param({"a": 1}, '{"a": 1}', "object", "text", id="an object and its JSON"),
    pytest.param([1], "[1]", "list", "text", id="a list and its JSON"),
    pytest.param(msgspec.Raw(b"1.50"), "1.50", "number", "text", id="a decimal and its digits"),
]


def change(old: Any, new: Any) -> ShownChange:
    (found,) = changes_of([FieldChange(field="f", old=old, new=new)])
    return found


def plain(marked: str | None) -> str:
    """What a reader sees."""
    return html.unescape(re.sub(r"<[^>]+>", "", marked or ""))


def marks(old: str, new: str) -> tuple[str, str]:
    return mark_words(old, new, Effort())


def said(found: ShownChange) -> list[tuple[str, str, str, str]]:
    return [(line.kind, line.path, plain(line.old), plain(line.new)) for line in found.lines]


class TestMarkWords:
    def test_marks_what_is_only_in_one_of_them(self) -> None:
        old, new = marks("the quick brown fox", "the quick red fox")
        assert old == "<bdi>the quick <del>brown</del> fox</bdi>"
        assert new == "<bdi>the quick <ins>red</ins> fox</bdi>"

    def test_shows_texts_with_little_in_common_whole(self) -> None:
        old, new = marks("Orders", "Billing")
        assert (old, new) == ("<bdi><del>Orders</del></bdi>", "<bdi><ins>Billing</ins></bdi>")

    def test_escapes_whatever_it_marks(self) -> None:
        old, new = marks("a <b> c", "a <i> c")
        assert "<b>" not in old
        assert "&lt;" in old
        assert "<i>" not in new

    def test_finds_one_word_in_a_long_text(self) -> None:
        text = "word and other words\n" * 4_000
        old, new = marks(f"{text}was {text}", f"{text}is {text}")
        assert "<del>was</del>" in old
        assert "<ins>is</ins>" in new
        assert "83\u202f760 characters that stay" in plain(old)
        assert len(plain(old)) < 1_000

    def test_keeps_what_both_begin_and_end_with_where_the_rest_is_too_much(self) -> None:
        a, b = (" ".join("ab"[n * n % k % 2] for n in range(20_000)) for k in (7_919, 7_907))
        same = "same words " * 40_000
        old, new = mark_words(f"{same}{a}{same}", f"{same}{b}{same}", Effort(1_000))
        assert old.startswith("<bdi>same words same")
        assert new.endswith("same words </bdi>")
        assert old.count("<del>") == new.count("<ins>") == 1

    def test_draws_lines_and_tells_of_one_that_is_new(self) -> None:
        old, new = marks("one\ntwo", "one\n\n\ttwo")
        assert plain(old) == "one\ntwo"
        assert plain(new) == "one\n↵\n⇥\ttwo"
        assert "U+000A" not in old + new

    @given(TEXTS, TEXTS)
    def test_says_both_texts_whole(self, old: str, new: str) -> None:
        for text, marked in zip((old, new), marks(old, new), strict=True):
            shown = plain(marked).replace("↵\n", "\n").replace("⇥\t", "\t")
            assert shown.replace("⟨U+202E⟩", "\u202e") == text or (text, shown) == (
                "",
                "empty text",
            )


class TestChangesOf:
    def test_lists_the_members_of_a_structure_that_differ(self) -> None:
        found = change(
            {"same": 1, "size": 2, "gone": True, "list": [{"n": "x"}]},
            {"same": 1, "size": 3, "list": [{"n": "y"}, 5]},
        )
        assert said(found) == [
            ("changed", "size", "2", "3"),
            ("removed", "gone", "true", ""),
            ("changed", "list[0].n", "x", "y"),
            ("added", "list[1]", "", "5"),
        ]

    def test_shows_a_value_that_appeared_after_a_dash(self) -> None:
        found = change(None, "Orders")
        assert (found.old, found.new) == ("<bdi>–</bdi>", "<bdi><ins>Orders</ins></bdi>")

    @pytest.mark.parametrize(("old", "new", "was", "became"), ALIKE)
    def test_tell_the_kind_of_what_looks_alike(
        self, old: Any, new: Any, was: str, became: str
    ) -> None:
        for a, b, kinds in ((old, new, (was, became)), (new, old, (became, was))):
            found = change(a, b)
            assert (plain(found.old).split(" ", 1)[-1].endswith(kinds[0])) is True
            assert plain(found.new).endswith(kinds[1])
            (line,) = change({"m": a}, {"m": b}).lines
            assert plain(line.old).endswith(kinds[0])
            assert plain(line.new).endswith(kinds[1])

    @pytest.mark.parametrize(
        ("old", "new", "was", "became"),
        [
            ("Zo\u00eb", "Zoe\u0308", '"Zo\\u00eb"', '"Zoe\\u0308"'),
            ("a b", "a\u00a0b", '"a b"', '"a\\u00a0b"'),
            ("x\u202ey", "x⟨U+202E⟩y", '"x\\u202ey"', '"x\\u27e8U+202E\\u27e9y"'),
        ],
    )
    def test_spell_out_texts_that_look_alike(
        self, old: str, new: str, was: str, became: str
    ) -> None:
        found = change(old, new)
        assert (plain(found.old), plain(found.new)) == (was, became)

    @pytest.mark.parametrize(("old", "new"), [("", "x"), ("x", ""), ("", None), (None, "")])
    def test_make_an_empty_text_visible(self, old: Any, new: Any) -> None:
        shown = [plain(change(old, new).old), plain(change(old, new).new)]
        assert [text for text, value in zip(shown, (old, new), strict=True) if value == ""] == [
            "empty text"
        ]
        (line,) = change({"m": old}, {"m": new}).lines
        assert "empty text" in (plain(line.old), plain(line.new))

    @given(VALUES, VALUES)
    def test_never_lose_a_difference(self, old: Any, new: Any) -> None:
        found = change({"m": old}, {"m": new})
        same = msgspec.json.encode(old, order="sorted") == msgspec.json.encode(new, order="sorted")
        assert (not found.lines) is same
        for line in found.lines:
            assert (line.old, plain(line.old)) != (line.new, plain(line.new))
            if line.kind == "changed":
                assert plain(line.old) != plain(line.new)

    def test_show_what_stays_without_a_mark(self) -> None:
        found = change("[masked]", "[masked]")
        assert found.old == found.new == "<bdi>[masked]</bdi>"

    def test_writes_out_what_would_turn_the_line(self) -> None:
        (found,) = changes_of([FieldChange(field="a\u202eb", old="x\u202ey", new="x")])
        assert found.field == "a⟨U+202E⟩b"
        assert "U+202E" in found.old
        assert "\u202e" not in found.old

    def test_of_huge_structures_are_cut_and_say_so(self) -> None:
        found = change({str(n): 0 for n in range(5_000)}, {str(n): 1 for n in range(5_000)})
        assert len(found.lines) == MAX_LINES + 1
        assert found.lines[-1].kind == "more"

    def test_of_hostile_values_take_a_bounded_time(self) -> None:
        texts = [" ".join("ab"[n * n % k % 2] for n in range(4_000)) for k in (97, 89, 83, 79)]
        lists = [text.split() for text in texts]
        given = [
            FieldChange(field=f"f{n}", old=old, new=new)
            for n in range(8)
            for many in (texts, lists)
            for old in many
            for new in many
        ]
        started = time.process_time()
        assert len(changes_of(given)) == 256
        assert time.process_time() - started < 30  # 3 on a quiet machine


class TestLists:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            pytest.param(
                ["a", "b", "c"], ["b", "c"], [("removed", "l[0]", "a", "")], id="first removed"
            ),
            pytest.param(
                ["a", "b"], ["x", "a", "b"], [("added", "l[0]", "", "x")], id="one in front"
            ),
            pytest.param(
                [1, "1"], ["1", "1"], [("changed", "l[0]", "1 number", "1 text")], id="another kind"
            ),
            pytest.param([1], [True], [("changed", "l[0]", "1", "true")], id="true is not 1"),
            pytest.param(
                [{"id": 1, "n": "a"}, {"id": 2, "n": "b"}],
                [{"id": 3, "n": "c"}, {"id": 1, "n": "a"}, {"id": 4}, {"id": 2, "n": "B"}],
                [
                    ("added", "l[0]", "", '{"id": 3, "n": "c"}'),
                    ("added", "l[2]", "", '{"id": 4}'),
                    ("changed", "l[3].n", "b", "B"),
                ],
                id="things by their id",
            ),
        ],
    )
    def test_are_compared_by_what_stayed(
        self, old: Any, new: Any, expected: list[tuple[str, str, str, str]]
    ) -> None:
        assert sorted(said(change({"l": old}, {"l": new}))) == sorted(expected)

    def test_of_any_length_show_the_one_that_is_gone(self) -> None:
        found = change(list(range(5_000)), list(range(1, 5_000)))
        assert said(found) == [("removed", "[0]", "0", "")]


class TestJsonInTexts:
    def test_is_compared_by_choice(self) -> None:
        found = change('{"a": 1, "b": [1, 2.50]}', '{"b":[2.50],"a":"1"}')
        assert found.lines == ()
        lines = [(x.kind, x.path, plain(x.old), plain(x.new)) for x in found.as_json]
        assert lines == [("changed", "a", "1 number", "1 text"), ("removed", "b[0]", "1", "")]

    def test_is_told_of_one_that_was_not_there(self) -> None:
        (line,) = change(None, '{"a": 1}').as_json
        assert (line.kind, line.path, plain(line.new)) == ("added", "a", "1")

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param('{"a": 1', id="cut"),
            pytest.param('{"a": 1, "a": 2}', id="a member twice"),
            pytest.param('{"a": NaN}', id="no JSON"),
            pytest.param("[" * 100_000, id="deep and open"),
            pytest.param("[" * 300 + "]" * 300, id="deep"),
            pytest.param("12", id="a number"),
            pytest.param('["' + "x" * 300_000 + '"]', id="too long"),
        ],
    )
    def test_is_a_text_alone_where_something_would_be_lost(self, text: str) -> None:
        assert change(None, text).as_json == ()
        assert change('{"a": 1}', text).as_json == ()

    @given(TEXTS, TEXTS)
    def test_breaks_nothing(self, old: str, new: str) -> None:
        change(old, new)
