"""A token is known by its prefix and checksum before anything is looked up."""

from hypothesis import given
from hypothesis import strategies as st

from environments.tokens import INGEST_PREFIX, READ_PREFIX, is_well_formed, new_token, token_hint


class TestIsWellFormed:
    def test_takes_a_new_token_at_its_own_door_only(self) -> None:
        token = new_token(INGEST_PREFIX)
        assert is_well_formed(token, INGEST_PREFIX)
        assert not is_well_formed(token, READ_PREFIX)

    @given(st.data())
    def test_refuses_a_token_with_one_wrong_character(self, data: st.DataObject) -> None:
        token = new_token(INGEST_PREFIX)
        at = data.draw(st.integers(len(INGEST_PREFIX), len(token) - 1))
        other = data.draw(st.characters().filter(lambda c: c != token[at]))
        assert not is_well_formed(token[:at] + other + token[at + 1 :], INGEST_PREFIX)

    @given(st.text(max_size=80))
    def test_never_raises(self, text: str) -> None:
        is_well_formed(text, INGEST_PREFIX)


class TestTokenHint:
    def test_gives_nothing_to_guess_from(self) -> None:
        token = new_token(READ_PREFIX)
        assert token_hint(token) == f"slr_…{token[-4:]}"
