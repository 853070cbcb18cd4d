"""Which numbers are those of payment cards. Off unless a host asks for it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.test import override_settings

from audit.record import SubmittedEvent
from audit.redact import MASK, mask_event, mask_text
from audit.redact.cards import is_card_number, mask_cards

CARDS = [
    "4111111111111111",
    "4222222222222",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "6011111111111117",
    "3530111333300000",
    "30569309025904",
    "6200000000000005",
]
NO_CARDS = [
    pytest.param("4111111111111112", id="check digit"),
    pytest.param("411111111111", id="too short"),
    pytest.param("9111111111111111", id="no issuer"),
    pytest.param("٤١١١١١١١١١١١١١١١", id="not ASCII"),
    pytest.param("", id="empty"),
    pytest.param("4111x11111111111", id="a letter"),
]


def masked(details: dict[str, Any]) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    with override_settings(AUDIT={"REDACT": {"card_numbers": True}}):
        event, pointers = mask_event(SubmittedEvent(type="X", details=details), environment="prod")
    return event.details, pointers


class TestIsCardNumber:
    @pytest.mark.parametrize("number", CARDS)
    def test_knows_each_issuer(self, number: str) -> None:
        assert is_card_number(number)

    @pytest.mark.parametrize("number", NO_CARDS)
    def test_knows_no_other(self, number: str) -> None:
        assert not is_card_number(number)


class TestMaskCards:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("paid by 4111 1111 1111 1111.", f"paid by {MASK}."),
            ("4111-1111-1111-1111", MASK),
            ("3782 822463 10005", MASK),
            ("cardNumber=4111111111111111&a=1", f"cardNumber={MASK}&a=1"),
            ('{"card": 4111111111111111}', f'{{"card": "{MASK}"}}'),
            ('{"pan":"4111111111111111"}', f'{{"pan":"{MASK}"}}'),
            ("card no: 4111111111111111", f"card no: {MASK}"),
        ],
    )
    def test_masks_a_number_in_groups_or_named(self, text: str, expected: str) -> None:
        assert mask_cards(text) == expected
        assert mask_cards(expected) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "order 4111111111111111",
            "id=4111111111111111",
            "4111 1111 1111 1112",
            "4111 1111-1111 1111",
            "2026-03-05 09:00:00",
            "card: none",
        ],
    )
    def test_leaves_other_numbers(self, text: str) -> None:
        assert mask_cards(text) == text

    def test_leaves_ids_and_times_of_any_check_digit(self) -> None:
        numbers = random.Random(1)
        for _ in range(5_000):
            text = f"id {numbers.randrange(10**15, 10**18)} at {numbers.randrange(10**15)}"
            assert mask_cards(text) == text


class TestMaskEvent:
    def test_leaves_cards_unless_asked_for(self) -> None:
        event = SubmittedEvent(type="X", details={"card": "4111 1111 1111 1111"})
        assert mask_event(event, environment="prod") == (event, ())
        assert mask_text("4111 1111 1111 1111") == "4111 1111 1111 1111"

    def test_masks_texts_and_numbers_where_asked_for(self) -> None:
        details, pointers = masked(
            {
                "creditCard": 4111111111111111,
                "a": [{"pan": "4111111111111111"}, "4111 1111 1111 1111"],
                "orderId": "4111111111111111",
            }
        )
        assert details == {
            "creditCard": MASK,
            "a": [{"pan": MASK}, MASK],
            "orderId": "4111111111111111",
        }
        assert pointers == ("/details/creditCard", "/details/a/0/pan", "/details/a/1")

    def test_never_looks_at_ids(self) -> None:
        given = SubmittedEvent(type="X", id="4111-1111-1111-1111", source="4111 1111 1111 1111")
        with override_settings(AUDIT={"REDACT": {"card_numbers": True}}):
            assert mask_event(given, environment="prod") == (given, ())
