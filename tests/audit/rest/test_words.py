"""What `q` finds: all words, in any case, in what the event says and nowhere else."""

from __future__ import annotations

import json
from typing import Any
from unicodedata import normalize
from urllib.parse import quote

import pytest

EVENT = {
    "id": "SUB-77",
    "type": "APPLICATION_UPDATE",
    "workspace": {"id": "w1", "name": "Sales Team"},
    "actor": {"id": "u-9", "name": "Ännchen Weiß", "email": "Ann@Example.com", "type": "user"},
    "application": {"id": "a1", "gid": "gid-5", "name": "Ordérs 100%_\\done"},
    "resource": {"type": "query", "id": "q-1", "name": 'A "quoted" name'},
    "targets": [{"type": "user", "id": "ben", "name": "Ben\tTab"}, {"type": "page", "id": "p"}],
    "context": {"ip": "192.0.2.7", "user_agent": "curl/8.5.0", "session": "5e-4711-sess1"},
    "changes": [{"field": "title", "old": {"deep": "Before"}, "new": 'After 5"'}],
    "details": {"reason": "Ticket 4711", "big": 12345678901234567890, "ΑΒΓ": None},
    "source": "billing-eu",
}


@pytest.fixture
def ask(post: Any, get: Any) -> Any:
    answer = post([EVENT, {"type": "OTHER", "actor": {"id": "zoe", "type": "service"}}])
    assert answer.status_code == 201, answer.content

    def matches(q: str) -> int:
        answer = get(f"events?q={quote(q)}")
        assert answer.status_code == 200, answer.content
        assert answer.json()["complete"] is True
        return len(answer.json()["results"])

    return matches


class TestWords:
    @pytest.mark.parametrize(
        "q",
        [
            "sales",
            "SALES team",
            "team SALES",
            '"sales team"',
            "sub-77",
            "u-9",
            "ännchen",
            "ÄNNCHEN weiß",
            "ann@example.com",
            "EXAMPLE",
            "gid-5",
            "ORDÉRS",
            "100%",
            "%_",
            "\\done",
            "quoted",
            '"quoted"',
            '"ben\ttab"',
            "ben p",
            "192.0.2",
            "curl/8",
            "sess1",
            "title before after",
            '5"',
            "4711",
            '"ticket 4711"',
            "12345678901234567890",
            "reason",
            "αβγ",
            "billing-eu billing",
            "application_update",
            "w1 a1 q-1 zoe"[:9],
        ],
    )
    def test_that_occur_find_the_event(self, ask: Any, q: str) -> None:
        assert ask(q) == 1

    @pytest.mark.parametrize(
        "q",
        [
            "sales zoe",
            '"team sales"',
            '"team ännchen"',
            "100%x",
            "1__%",
            "a%z",
            "actor",
            "email",
            "received_at",
            "submission",
            "user",
            "service",
            "(",
            "[ä]",
            ".*",
            "ä.*",
            '"name":',
        ],
    )
    def test_that_stand_nowhere_or_in_names_of_members_find_nothing(self, ask: Any, q: str) -> None:
        assert ask(q) == 0

    @pytest.mark.parametrize("sent", ["Zoë Nguyễn", normalize("NFD", "Zoë Nguyễn")])
    @pytest.mark.parametrize("form", ["NFC", "NFD"])
    def test_are_found_in_every_form_of_a_letter(
        self, post: Any, get: Any, sent: str, form: str
    ) -> None:
        post({"type": "X", "actor": {"id": "u1", "name": sent}})
        for q in ("zoë", "NGUYỄN", '"zoë nguyễn"', "ễ"):
            answer = get(f"events?q={quote(normalize(form, q))}")
            assert len(answer.json()["results"]) == 1
        assert get(f"events?q={quote('zoë nguyen')}").json()["results"] == []

    def test_that_are_empty_ask_for_nothing(self, ask: Any) -> None:
        assert ask("  ") == 2

    def test_are_found_beside_numbers_that_jsonb_cant_hold(self, post: Any, get: Any) -> None:
        body = '{"type": "X", "details": {"tiny": 1e-99999, "word": "needle"}}'
        assert post(body).status_code in (201, 422)
        found = get("events?q=needle").json()["results"]
        stored = [json.dumps(event["details"]) for event in found]
        assert all("needle" in text for text in stored)

    def test_hold_together_with_filters_counts_and_bars(self, ask: Any, get: Any) -> None:
        assert get("events/count?q=sales&actor=u-9").json()["count"] == 1
        assert get("events/count?q=sales&actor=zoe").json()["count"] == 0
        assert get("events/histogram?q=sales").json()["total"] == 1
