"""Environment variables: read once, documented, refused in a sentence."""

from pathlib import Path

import pytest

from config.configuration import ConfigurationError, read_configuration
from config.configuration_docs import PATH, document


class TestReadConfiguration:
    def test_reads_each_type(self) -> None:
        given = read_configuration(
            {"PORT": "9000", "DEBUG": "on", "DATA_DIR": "/srv/x", "ALLOWED_HOSTS": "a, b"}
        )
        assert (9000, True, Path("/srv/x")) == (given.PORT, given.DEBUG, given.DATA_DIR)
        assert given.ALLOWED_HOSTS == ("a", "b")

    def test_takes_an_empty_variable_for_none(self) -> None:
        assert read_configuration({"PORT": " "}).PORT == 8000

    @pytest.mark.parametrize(("name", "value"), [("PORT", "http"), ("DEBUG", "maybe")])
    def test_names_a_value_of_the_wrong_type(self, name: str, value: str) -> None:
        with pytest.raises(ConfigurationError, match=f"{name} is '{value}'"):
            read_configuration({name: value})

    def test_is_safe_by_default(self) -> None:
        given = read_configuration({})
        assert (given.DEBUG, given.HOST, given.TRUSTED_PROXIES) == (False, "127.0.0.1", 0)


class TestDocument:
    def test_is_what_the_docs_say(self) -> None:
        assert PATH.read_text() == document()
