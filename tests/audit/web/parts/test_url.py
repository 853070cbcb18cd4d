from __future__ import annotations

from urllib.parse import quote, urlencode

from hypothesis import given
from hypothesis import strategies as st

from audit.web.parts.url import Address

ADDRESS = Address.of("/events/", {"actor": ["ann", "ben"], "exclude_type": ["X"], "cursor": ["c"]})


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


class TestAddress:
    @given(st.lists(st.tuples(TEXTS, TEXTS)))
    def test_is_written_as_the_standard_library_writes_it(
        self, pairs: list[tuple[str, str]]
    ) -> None:
        written = urlencode(pairs, quote_via=quote, safe=":")
        assert str(Address(path="/", pairs=tuple(pairs))) == (f"/?{written}" if pairs else "/")

    def test_narrows_to_one_value_and_no_longer_shuts_it_out(self) -> None:
        assert str(ADDRESS.narrowed("type", "X")) == "/events/?actor=ann&actor=ben&type=X"

    def test_adds_a_value_beside_others(self) -> None:
        assert ADDRESS.added("actor", "cy").values("actor") == ("ann", "ben", "cy")

    def test_shuts_a_value_out_that_it_asked_for(self) -> None:
        other = ADDRESS.shut_out("actor", "ann")
        assert other.values("actor") == ("ben",)
        assert other.values("exclude_actor") == ("ann",)

    def test_turns_a_filter_round_and_back(self) -> None:
        turned = ADDRESS.turned("exclude_type", "X")
        assert turned.values("type") == ("X",)
        assert turned.turned("type", "X").values("exclude_type") == ("X",)

    def test_leaves_its_place_in_the_pages_with_every_change(self) -> None:
        for changed in (
            ADDRESS.only(by="type"),
            ADDRESS.added("actor", "cy"),
            ADDRESS.shut_out("actor", "ann"),
            ADDRESS.turned("exclude_type", "X"),
            ADDRESS.without("actor", "ann"),
        ):
            assert changed.values("cursor") == ()
