"""One event verified, by Python and from SQL: whatever is changed, the right step tells."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from accounts.tokens import create_read_token
from audit.log.cursor import psycopg_cursor
from audit.models import Environment, Event, Submission
from audit.record import Origin, record_events
from audit.seal.sealer import Sealer
from audit.verify.event import STEPS, EventStep, verify_event
from tests.factories import PersonFactory
from tests.guards import past_the_guards

from .conftest import event

pytestmark = pytest.mark.usefixtures("log")
IN_SQL = STEPS[:3]


def at(position: int) -> UUID:
    """The event at a position; 0 to 255 are under one kept hash, 556 to 595 at the log's end."""
    for submission in Submission.objects.order_by("id"):
        if position < len(submission.event_ids):
            return UUID(str(submission.event_ids[position]))
        position -= len(submission.event_ids)
    raise LookupError(position)


def steps(event_id: UUID) -> list[EventStep]:
    number = Environment.objects.get(key="prod").id
    return list(verify_event(psycopg_cursor("default"), number, event_id))


def in_sql(event_id: UUID) -> dict[str, bool | None]:
    cursor = psycopg_cursor("default")
    cursor.execute("SELECT step, ok, found FROM audit_verify(%s)", [event_id])
    return {step: ok for step, ok, found in cursor if found}


def wrong(event_id: UUID) -> list[str]:
    """The steps that Python says are wrong; of those that SQL has, it says the same."""
    found = {step.step: step.ok for step in steps(event_id)}
    assert list(found) == list(STEPS)
    assert in_sql(event_id) == {step: found[step] for step in IN_SQL}
    return [step for step, ok in found.items() if ok is False]


class TestVerifyEvent:
    @pytest.mark.parametrize("position", [0, 1, 255, 256, 511, 512, 555, 556, 594, 595])
    def test_of_an_untouched_one_finds_nothing_wrong(self, position: int) -> None:
        found = steps(at(position))
        assert [step.ok for step in found] == [True] * len(STEPS)
        assert f"at position {position}." in found[2].found
        assert set(in_sql(at(position)).values()) == {True}

    @pytest.mark.parametrize("position", [7, 590])
    @pytest.mark.parametrize(
        "change",
        [
            "head = head || ' '",
            "personal = personal || ' '",
            "details = details || ' '",
            "head_salt = sha256('x')",
            "details_salt = '\\x00112233445566778899aabbccddeeff'",
        ],
    )
    def test_names_what_of_the_event_was_changed(self, position: int, change: str) -> None:
        event_id = at(position)
        with past_the_guards() as cursor:
            cursor.execute(f"UPDATE audit_event SET {change} WHERE id = %s", [event_id])
        assert wrong(event_id) == ["receipt", "tile", "proof"]

    def test_holds_the_columns_for_searching_against_the_texts(self) -> None:
        with past_the_guards() as cursor:
            cursor.execute("UPDATE audit_event SET actor_id = 'x' WHERE id = %s", [at(7)])
        found = steps(at(7))
        assert [step.step for step in found if step.ok is False] == ["leaf"]
        assert "actor_id" in found[0].found

    @pytest.mark.parametrize("position", [7, 590])
    def test_names_a_receipt_that_was_changed(self, position: int) -> None:
        row = Event.objects.get(pk=at(position))
        with past_the_guards() as cursor:
            cursor.execute(
                "UPDATE audit_submission SET leaf_hashes[%s] = sha256('x') WHERE id = %s",
                [row.ordinal + 1, row.submission_id],
            )
        assert wrong(row.pk)[0] == "receipt"

    def test_names_a_tile_that_was_changed(self) -> None:
        with past_the_guards() as cursor:
            cursor.execute(
                "UPDATE audit_tilehash SET hash = sha256('x') WHERE level = 1 AND index = 0"
            )
        assert wrong(at(7))[0] == "tile"
        assert "tile" not in wrong(at(300))

    def test_in_sql_names_a_frontier_that_was_changed(self) -> None:
        with past_the_guards() as cursor:
            cursor.execute("UPDATE audit_loghead SET frontier[cardinality(frontier)] = sha256('x')")
        assert in_sql(at(595)) == {"leaf": True, "receipt": True, "tile": False}

    def test_names_a_checkpoint_of_another_root_or_signature(self) -> None:
        with past_the_guards() as cursor:
            cursor.execute("UPDATE audit_checkpoint SET note = regexp_replace(note, '.{5}$', '')")
        assert set(wrong(at(7))) >= {"signature"}

    def test_names_a_key_that_is_not_the_logs(self) -> None:
        with past_the_guards() as cursor:
            cursor.execute("UPDATE audit_logkey SET public = sha256('x')")
        assert wrong(at(7)) == ["signature"]

    def test_says_what_is_not_there_yet(self) -> None:
        receipt = record_events(
            [event(1000)], origin=Origin(environment="prod"), received_at=timezone.now()
        )
        event_id = receipt.verdicts[0].id
        assert event_id is not None
        assert [step.ok for step in steps(event_id)] == [True, True, None, None, None]
        assert in_sql(event_id) == {"leaf": True, "receipt": True, "tile": None}
        Sealer(using="default").seal(now=timezone.now())
        assert in_sql(event_id) == {"leaf": True, "receipt": True, "tile": True}

    def test_has_nothing_to_say_of_what_is_not_there(self) -> None:
        with pytest.raises(LookupError):
            steps(UUID(int=1))
        assert in_sql(UUID(int=1)) == {}


class TestAnswer:
    def test_tells_the_steps(self) -> None:
        user = PersonFactory(superuser=True)
        _, token = create_read_token(user=user, now=timezone.now())
        headers = {"Authorization": f"Bearer {token}"}
        path = f"/api/v1/events/{at(7)}/verification"
        answer = Client().get(path, headers=headers)
        assert answer.status_code == 200
        told = answer.json()
        assert told["id"] == str(at(7))
        assert told["position"] == 7
        assert [step["step"] for step in told["steps"]] == list(STEPS)
        assert all(step["ok"] for step in told["steps"])
        missing = f"/api/v1/events/{UUID(int=1)}/verification"
        assert Client().get(missing, headers=headers).status_code == 404
        assert Client().get(f"{path}?x=1", headers=headers).status_code == 400
