"""What a host adds: names, allowed names, patterns, prefixes, cards; everywhere or in one place."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from audit.record import SubmittedEvent
from audit.redact import MASK, mask_event, mask_text


def masked(redact: dict[str, Any], details: dict[str, Any], environment: str = "prod") -> Any:
    with override_settings(AUDIT={"REDACT": redact}):
        return mask_event(SubmittedEvent(type="X", details=details), environment=environment)[
            0
        ].details


class TestAdditions:
    def test_mask_members_of_added_names(self) -> None:
        given = {"iban": "DE1", "oldIban": ["DE2"], "name": "x"}
        assert masked({"names": ["IBAN"]}, given) == {"iban": MASK, "oldIban": [MASK], "name": "x"}

    @pytest.mark.parametrize("name", ["пароль", "Пароль", "ПАРОЛЬ"])
    def test_find_names_in_other_alphabets(self, name: str) -> None:
        assert masked({"names": ["пароль"]}, {name: "x"}) == {name: MASK}

    def test_leave_members_of_allowed_names(self) -> None:
        given = {"csrfToken": "x", "token": "y"}
        assert masked({"allowed_names": ["csrf_token"]}, given) == {"csrfToken": "x", "token": MASK}

    @pytest.mark.parametrize(
        "pattern", [r"ACME-[0-9]{4}", r"(?i)acme-[0-9]{4}", r"[A-Z]{4}-[0-9]{4}"]
    )
    def test_mask_what_a_pattern_matches(self, pattern: str) -> None:
        given = {"note": "with ACME-1234 in it", "n": "ACME-12"}
        assert masked({"patterns": [pattern]}, given) == {
            "note": f"with {MASK} in it",
            "n": "ACME-12",
        }

    def test_mask_the_group_of_a_pattern_that_is_called_secret(self) -> None:
        given = {"note": "badge 12345 of Ann"}
        assert masked({"patterns": [r"badge (?P<secret>[0-9]+)"]}, given) == {
            "note": f"badge {MASK} of Ann"
        }

    def test_mask_tokens_of_the_hosts_own(self) -> None:
        given = {"note": "key acme_0123456789abcdef0"}
        assert masked({"token_prefixes": ["acme_"]}, given) == {"note": f"key {MASK}"}

    def test_hold_in_one_environment_alone(self) -> None:
        redact = {"names": ["iban"], "environments": {"prod": {"names": ["bic"]}}}
        given = {"iban": "a", "bic": "b"}
        assert masked(redact, given) == {"iban": MASK, "bic": MASK}
        assert masked(redact, given, "dev") == {"iban": MASK, "bic": "b"}

    def test_switch_cards_off_in_one_environment(self) -> None:
        redact = {"card_numbers": True, "environments": {"dev": {"card_numbers": False}}}
        given = {"card": "4111111111111111"}
        assert masked(redact, given) == {"card": MASK}
        assert masked(redact, given, "dev") == given

    def test_hold_all_together_where_the_environment_is_not_known(self) -> None:
        redact = {
            "environments": {
                "prod": {"names": ["bic"], "allowed_names": ["pin"]},
                "dev": {"names": ["iban"]},
            }
        }
        with override_settings(AUDIT={"REDACT": redact}):
            assert mask_text('{"bic":"x","iban":"y","pin":"1"}') == (
                f'{{"bic":"{MASK}","iban":"{MASK}","pin":"{MASK}"}}'
            )


class TestCheckSettings:
    @pytest.mark.parametrize(
        ("redact", "sentence"),
        [
            ("names", "It is no mapping"),
            ({"name": ["x"]}, "'name' is unknown; known are names"),
            ({"names": "iban"}, "'names' is no list of texts"),
            ({"names": [1]}, "'names' is no list of texts"),
            ({"names": ["--"]}, "holds no letter"),
            ({"card_numbers": "on"}, "'card_numbers' is 'on'; it is True or False"),
            ({"token_prefixes": ["a"]}, "is shorter than 3 characters"),
            ({"patterns": ["("]}, "The pattern '(' is no regular expression"),
            ({"patterns": ["(a+)+"]}, "repeat within a repeat"),
            ({"environments": ["prod"]}, "is no mapping of environments"),
            ({"environments": {"prod": []}}, "the environment 'prod' is no mapping"),
            ({"environments": {"prod": {"environments": {}}}}, "environment 'prod' is unknown"),
            ({"environments": {"prod": {"patterns": ["x*"]}}}, "of the environment 'prod' matches"),
        ],
    )
    def test_says_what_can_not_be_used(self, redact: Any, sentence: str) -> None:
        with override_settings(AUDIT={"REDACT": redact}):
            (error,) = [m for m in run_checks() if m.id == "audit.E003"]
        assert sentence in error.msg

    def test_is_content_with_what_can(self) -> None:
        redact = {
            "names": ["iban"],
            "patterns": ["ACME-[0-9]+"],
            "environments": {"prod": {"card_numbers": True}},
        }
        with override_settings(AUDIT={"REDACT": redact}):
            assert [m for m in run_checks() if m.id == "audit.E003"] == []

    def test_names_an_unknown_setting_and_the_nearest_one(self) -> None:
        with override_settings(AUDIT={"REDAKT": {}}):
            (error,) = [m for m in run_checks() if m.id == "audit.E001"]
        assert (error.msg, error.hint) == (
            "AUDIT has no setting 'REDAKT'.",
            "Did you mean 'REDACT'?",
        )
