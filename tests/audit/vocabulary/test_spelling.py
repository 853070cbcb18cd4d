"""Is the word found that was probably meant?"""

import pytest

from audit.vocabulary import EVENT_TYPES, nearest

PARAMETERS = ["environment", "workspace", "actor", "application", "type", "page_size"]


class TestNearest:
    @pytest.mark.parametrize(
        ("word", "meant"),
        [
            pytest.param("enviroment", "environment", id="a letter missing"),
            pytest.param("Actor", "actor", id="another case"),
            pytest.param("pagesize", "page_size", id="another spelling"),
            pytest.param("zebra", None, id="nothing near"),
            pytest.param("", None, id="nothing at all"),
            pytest.param("x" * 100_000, None, id="far too much"),
        ],
    )
    def test_finds_what_was_meant(self, word: str, meant: str | None) -> None:
        assert nearest(word, PARAMETERS) == meant

    def test_finds_an_event_type(self) -> None:
        assert nearest("user_logn", EVENT_TYPES) == "USER_LOGIN"

    def test_has_nothing_to_offer_from_nothing(self) -> None:
        assert nearest("actor", []) is None
