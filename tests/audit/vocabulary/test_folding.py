"""Are two spellings of a name the same to whoever searches, and no other?"""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.vocabulary.folding import MAX_WORD_CHARACTERS, MAX_WORDS, fold, one_form, search_words


class TestFold:
    @given(text=st.text())
    def test_is_the_same_for_every_form_of_a_text(self, text: str) -> None:
        forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
        assert fold(forms[0]) == fold(forms[1])
        assert one_form(forms[0]) == one_form(forms[1])

    @given(text=st.text())
    def test_is_settled_at_once(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            pytest.param("Zoë", "Zoe\u0308", id="composed and decomposed"),
            pytest.param("ZOË", "zoe", id="without its accent"),
            pytest.param("Straße", "STRASSE", id="a letter of two"),
            pytest.param("Ｏｒｄｅｒｓ", "orders", id="wide letters"),
            pytest.param("ﬁle", "file", id="a ligature"),
            pytest.param("김", "\u1100\u1175\u11b7", id="Hangul"),
        ],
    )
    def test_takes_two_spellings_for_one(self, one: str, other: str) -> None:
        assert fold(one) == fold(other)

    @pytest.mark.parametrize(("one", "other"), [("Ann", "Anna"), ("हिन्दी", "हुन्दी"), ("Ø", "O")])
    def test_keeps_others_apart(self, one: str, other: str) -> None:
        assert fold(one) != fold(other)


class TestWordsOf:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            pytest.param("Ann Smith", ("ann", "smith"), id="two"),
            pytest.param("O'Neil, Ann-Marie", ("o", "neil", "ann", "marie"), id="by punctuation"),
            pytest.param("orders_v2 (old)", ("orders", "v2", "old"), id="by an underscore"),
            pytest.param("Ann ann", ("ann",), id="each once"),
            pytest.param("हिन्दी खोज", ("हिन\u0926ी", "खोज"), id="with vowel signs"),
            pytest.param("100% -- _", ("100",), id="nothing but signs"),
            pytest.param(" ", (), id="none"),
        ],
    )
    def test_parts_a_name(self, text: str, words: tuple[str, ...]) -> None:
        assert search_words(text) == words

    @given(text=st.text())
    def test_are_few_and_short(self, text: str) -> None:
        words = search_words(text)
        assert len(words) <= MAX_WORDS
        assert all(0 < len(word) <= MAX_WORD_CHARACTERS for word in words)

    @given(name=st.text(), length=st.integers(1, 30))
    def test_of_a_names_beginning_begin_its_words(self, name: str, length: int) -> None:
        """So whoever looks for words needs no search by a name's first letters."""
        name = one_form(name)
        words = search_words(name)
        for word in search_words(name[:length]):
            assert any(other.startswith(word) for other in words)
