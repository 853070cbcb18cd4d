from __future__ import annotations

from audit.web.changes import MAX_LINES, changes_of, mark_words


class TestMarkWords:
    def test_marks_what_is_only_in_one_of_them(self) -> None:
        old, new = mark_words("the quick brown fox", "the quick red fox")
        assert old == "<bdi>the quick <del>brown</del> fox</bdi>"
        assert new == "<bdi>the quick <ins>red</ins> fox</bdi>"

    def test_shows_texts_with_little_in_common_whole(self) -> None:
        old, new = mark_words("Orders", "Billing")
        assert (old, new) == ("<bdi><del>Orders</del></bdi>", "<bdi><ins>Billing</ins></bdi>")

    def test_escapes_whatever_it_marks(self) -> None:
        old, new = mark_words("a <b> c", "a <i> c")
        assert "<b>" not in old
        assert "&lt;" in old
        assert "<i>" not in new

    def test_shows_long_texts_whole_without_comparing_them(self) -> None:
        old, new = mark_words("a " * 30_000, "b " * 30_000)
        assert old.count("<del>") == new.count("<ins>") == 1


class TestChangesOf:
    def test_lists_the_members_of_a_structure_that_differ(self) -> None:
        (change,) = changes_of(
            [
                {
                    "field": "settings",
                    "old": {"same": 1, "size": 2, "gone": True, "list": [{"n": "x"}]},
                    "new": {"same": 1, "size": 3, "list": [{"n": "y"}, 5]},
                }
            ]
        )
        assert [(line.kind, line.path, line.old, line.new) for line in change.lines] == [
            ("changed", "size", "2", "3"),
            ("removed", "gone", "true", None),
            ("changed", "list[0].n", "x", "y"),
            ("added", "list[1]", None, "5"),
        ]

    def test_shows_a_value_that_appeared_after_a_dash(self) -> None:
        (change,) = changes_of([{"field": "name", "old": None, "new": "Orders"}])
        assert (change.old, change.new) == ("<bdi>–</bdi>", "<bdi><ins>Orders</ins></bdi>")

    def test_writes_out_what_would_turn_the_line(self) -> None:
        (change,) = changes_of([{"field": "a\u202eb", "old": "x\u202ey", "new": "x"}])
        assert change.field == "a⟨U+202E⟩b"
        assert "U+202E" in change.old
        assert "\u202e" not in change.old

    def test_of_huge_structures_are_cut_and_say_so(self) -> None:
        (change,) = changes_of(
            [{"field": "f", "old": list(range(5_000)), "new": list(range(1, 5_001))}]
        )
        assert len(change.lines) == MAX_LINES + 1
        assert change.lines[-1].kind == "more"
