"""Cursors hold for one search, and are refused, never guessed."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.contracts import Scope
from audit.errors import BadCursor
from audit.query.search.cursors import Cursor, read_cursor, write_cursor
from audit.query.search.event_query import EventQuery

QUERY = EventQuery(scope=Scope(grants={"prod": None}), include={"actor": ("a", "b")})
directions = st.sampled_from(["older", "newer"])


class TestCursors:
    @given(st.uuids(), directions)
    def test_come_back_as_they_were(self, beyond: UUID, direction: str) -> None:
        cursor = Cursor(beyond, direction)  # type: ignore[arg-type]
        assert read_cursor(write_cursor(cursor, QUERY), QUERY) == cursor

    @given(st.uuids(), st.data())
    def test_are_refused_when_one_character_is_changed(
        self, beyond: UUID, data: st.DataObject
    ) -> None:
        text = write_cursor(Cursor(beyond, "older"), QUERY)
        at = data.draw(st.integers(0, len(text) - 1))
        other = data.draw(st.characters().filter(lambda c: c != text[at]))
        with pytest.raises(BadCursor):
            read_cursor(text[:at] + other + text[at + 1 :], QUERY)

    @given(st.text(max_size=300))
    def test_are_refused_when_made_up(self, text: str) -> None:
        with pytest.raises(BadCursor):
            read_cursor(text, QUERY)

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param(
                EventQuery(scope=QUERY.scope, include={"actor": ("a",)}), id="another filter"
            ),
            pytest.param(EventQuery(scope=QUERY.scope, exclude=QUERY.include), id="shut out"),
            pytest.param(
                EventQuery(scope=Scope(grants={"prod": frozenset("w")}), include=QUERY.include),
                id="a smaller scope",
            ),
        ],
    )
    def test_are_refused_with_another_search(self, other: EventQuery) -> None:
        text = write_cursor(Cursor(UUID(int=1), "older"), QUERY)
        with pytest.raises(BadCursor, match="other filters"):
            read_cursor(text, other)

    def test_hold_for_the_same_filters_in_another_order(self) -> None:
        same = EventQuery(scope=QUERY.scope, include={"actor": ("b", "a")})
        cursor = Cursor(UUID(int=1), "older")
        assert read_cursor(write_cursor(cursor, QUERY), same) == cursor
