import pytest

from audit.vocabulary.person_types import PERSON_TYPES, is_person_type


class TestIsPersonType:
    def test_knows_these_alone(self) -> None:
        assert {"user", "person", "member", "actor"} == PERSON_TYPES

    @pytest.mark.parametrize("written", ["user", "User", "USER"])
    def test_in_any_case(self, written: str) -> None:
        assert is_person_type(written)

    @pytest.mark.parametrize("written", ["", "users", "group", "user "])
    def test_is_nothing_else(self, written: str) -> None:
        assert not is_person_type(written)
