"""A request that was named by its sender is answered once for all."""

from __future__ import annotations

import gzip
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from audit.log.cursor import psycopg_cursor
from audit.models import Event, Idempotency
from audit.record.idempotency import IdempotentRequest, claim
from tests.factories import IngestKeyFactory

EVENTS = [{"type": "X"}, {"type": "Y", "actr": 1}]
KEY = {"Idempotency-Key": "order-17"}


class TestSameKey:
    def test_and_body_gives_the_first_answer_again(self, post: Any) -> None:
        first, again = post(EVENTS, **KEY), post(EVENTS, **KEY)
        assert first.status_code == again.status_code == 200
        assert first.content == again.content
        assert "Idempotency-Replayed" not in first
        assert again["Idempotency-Replayed"] == "true"
        assert Event.objects.count() == 1

    @pytest.mark.parametrize("body", [[{"type": "X", "actr": 1}], [{"type": "X"}]])
    def test_gives_refusals_and_receipts_alike(self, post: Any, body: Any) -> None:
        assert post(body, **KEY).content == post(body, **KEY).content

    def test_sees_through_the_compression(self, post: Any) -> None:
        raw = json.dumps(EVENTS).encode()
        for mtime in (1, 2):
            packed = gzip.compress(raw, mtime=mtime)
            assert post(packed, **KEY, **{"Content-Encoding": "gzip"}).status_code == 200
        assert post(raw, **KEY)["Idempotency-Replayed"] == "true"

    def test_with_another_body_is_422(self, post: Any) -> None:
        post(EVENTS, **KEY)
        answer = post([{"type": "Z"}], **KEY)
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:audit:problem:idempotency-key-reused"
        assert Event.objects.count() == 1

    def test_with_the_same_body_in_another_format_is_422(self, post: Any) -> None:
        body = json.dumps({"type": "X"})
        post(body, **KEY)
        assert post(body, "application/x-ndjson", **KEY).status_code == 422

    def test_of_another_sender_is_its_own(self, post: Any) -> None:
        _, other = IngestKeyFactory(sender="crm")
        assert post(EVENTS, **KEY).status_code == 200
        answer = post([{"type": "Z"}], **KEY, Authorization=f"Bearer {other}")
        assert answer.status_code == 201

    def test_is_free_again_after_a_day(self, post: Any) -> None:
        post(EVENTS, **KEY)
        Idempotency.objects.update(created_at=timezone.now() - timedelta(hours=25))
        assert post([{"type": "Z"}], **KEY).status_code == 201
        assert post([{"type": "Z"}], **KEY)["Idempotency-Replayed"] == "true"

    def test_is_free_again_after_a_body_that_could_not_be_read(self, post: Any) -> None:
        assert post("[", **KEY).status_code == 400
        assert post(EVENTS, **KEY).status_code == 200

    @pytest.mark.parametrize("key", ["", "a" * 256, "ä", "a\tb"])
    def test_must_be_printable_and_short(self, post: Any, key: str) -> None:
        answer = post(EVENTS, **{"Idempotency-Key": key})
        assert answer.status_code == 400
        assert "Idempotency-Key" in answer.json()["detail"]


@pytest.mark.django_db(transaction=True)
class TestInFlight:
    def test_is_409_while_another_connection_works_on_it(
        self, ingest_key: str, settings: Any
    ) -> None:
        statuses: list[int] = []

        def send() -> None:
            answer = Client().post(
                "/api/v1/events",
                json.dumps(EVENTS),
                content_type="application/json",
                headers={"Authorization": f"Bearer {ingest_key}", **KEY},
            )
            statuses.append(answer.status_code)
            connection.close()

        sender_id = _sender_of_the_only_key()
        with transaction.atomic():
            named = IdempotentRequest(sender_id=sender_id, key="order-17", body_hash=b"x" * 32)
            assert (
                claim(named, received_at=timezone.now(), cursor=psycopg_cursor("default")) is None
            )
            elsewhere = threading.Thread(target=send)
            elsewhere.start()
            elsewhere.join()
            # What holds the key dies here without an answer, and the key is free again.
            transaction.set_rollback(True)
        send()
        assert statuses == [409, 200]


def _sender_of_the_only_key() -> int:
    from environments.models import IngestKey

    return IngestKey.objects.get().sender_id
