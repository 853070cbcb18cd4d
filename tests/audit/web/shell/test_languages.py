"""The menu has the languages that the pages have texts in, by their own names."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import global_settings
from django.test import Client

from audit.web.shell.languages import offered_languages


class TestOfferedLanguages:
    def test_are_those_with_a_catalogue(self, settings: Any) -> None:
        settings.LANGUAGES = global_settings.LANGUAGES
        assert len(settings.LANGUAGES) > 50
        assert offered_languages() == [("de", "Deutsch"), ("en", "English")]

    @pytest.mark.parametrize(
        ("listed", "offered"),
        [
            pytest.param([("en-gb", "English"), ("de", "Deutsch")], ["en-gb", "de"], id="own"),
            pytest.param([("de-at", "Austrian"), ("fr", "French")], ["de-at"], id="a kind alone"),
            pytest.param([("de", "German"), ("de-at", "Austrian")], ["de"], id="a kind besides"),
            pytest.param([("fr", "French"), ("tlh", "Klingon")], [], id="none"),
        ],
    )
    def test_leave_out_kinds_of_what_is_listed(
        self, settings: Any, listed: list[tuple[str, str]], offered: list[str]
    ) -> None:
        settings.LANGUAGES = listed
        assert [code for code, _name in offered_languages()] == offered

    def test_keep_a_hosts_own_words(self, settings: Any) -> None:
        settings.LANGUAGES = [("de", "Unser Deutsch"), ("en", "English")]
        assert offered_languages()[0] == ("de", "Unser Deutsch")


class TestMenu:
    def test_is_left_out_for_one_language(self, db: None, client: Client, settings: Any) -> None:
        def has_menu() -> bool:
            return 'name="language"' in client.get("/login/").text

        assert has_menu()
        settings.LANGUAGES = [("en-gb", "English"), ("fr", "French")]
        assert not has_menu()
