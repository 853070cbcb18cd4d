"""Environment variables: read once, documented, refused in a sentence."""

from pathlib import Path

import pytest

from config.checks import problems_of
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

    @pytest.mark.parametrize(
        ("name", "value", "way_out"),
        [
            pytest.param("PORT", "70000", "from 1 to 65535", id="beyond the most"),
            pytest.param("WEB_PROCESSES", "0", "from 1 to 64", id="below the least"),
            pytest.param("MAX_EVENTS", "-1", "at least 1", id="no most"),
            pytest.param("TIME_ZONE", "Mars/Olympus", "Europe/Berlin", id="no such zone"),
            pytest.param("LOG_LEVEL", "LOUD", "DEBUG, INFO", id="no such level"),
        ],
    )
    def test_names_a_value_that_wont_do(self, name: str, value: str, way_out: str) -> None:
        with pytest.raises(ConfigurationError, match=f"{name} is .*{way_out}"):
            read_configuration({name: value})

    def test_is_safe_by_default(self) -> None:
        given = read_configuration({})
        assert (given.DEBUG, given.HOST, given.TRUSTED_PROXIES) == (False, "127.0.0.1", 0)


class TestDocument:
    def test_is_what_the_docs_say(self) -> None:
        assert PATH.read_text() == document()


class TestProblemsOf:
    def test_https_without_a_proxy_is_an_error_that_names_the_way_out(self) -> None:
        (error,) = problems_of(read_configuration({"BEHIND_HTTPS": "on"}))
        assert error.id == "sightline.E001"
        assert "TRUSTED_PROXIES" in str(error.hint)

    @pytest.mark.parametrize(
        "variables", [{}, {"BEHIND_HTTPS": "on", "TRUSTED_PROXIES": "1"}, {"TRUSTED_PROXIES": "1"}]
    )
    def test_what_fits_together_is_none(self, variables: dict[str, str]) -> None:
        assert problems_of(read_configuration(variables)) == []
