import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st

from audit.errors import BadCursor
from audit.query.search.signed_text import SignedText

MARKS = SignedText(salt="tests.marks", max_characters=4_000)


class TestSignedText:
    @given(st.text(st.characters(codec="ascii")), st.dictionaries(st.text(), st.integers(0, 2**53)))
    def test_gives_back_what_it_was_given(self, text: str, value: dict[str, int]) -> None:
        assert MARKS.read(MARKS.write(text)) == text
        assert MARKS.read_value(MARKS.write_value([text, value]), tuple[str, dict[str, int]]) == (
            text,
            value,
        )

    @given(st.integers(0, 80), st.characters())
    def test_refuses_what_was_changed(self, place: int, letter: str) -> None:
        text = MARKS.write("a" * 37)
        changed = text[:place] + letter + text[place + 1 :]
        if changed != text:
            with pytest.raises(BadCursor):
                MARKS.read(changed)

    def test_refuses_another_kind(self) -> None:
        others = SignedText(salt="tests.others", max_characters=4_000)
        with pytest.raises(BadCursor, match="another kind"):
            MARKS.read(others.write("a"))

    def test_reads_no_more_than_it_may_hold(self) -> None:
        short = SignedText(salt="tests.marks", max_characters=50)
        with pytest.raises(BadCursor, match="none of ours"):
            short.read(MARKS.write("a" * 50))

    def test_reads_what_readers_kept_before(self, settings: LazySettings) -> None:
        settings.SECRET_KEY = "k" * 50
        kept = "WyJkIix7InByb2QiOjN9XQ.nQihWiW8belYtECmwrUajpaOrPzqOunCI0l-CD-mkwY"
        feed = SignedText(salt="audit.query.search.log_feed", max_characters=4_000)
        assert feed.read_value(kept, tuple[str, dict[str, int]]) == ("d", {"prod": 3})
