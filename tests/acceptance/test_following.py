"""A consumer that keeps nothing but a cursor, while eight senders are at work."""

from __future__ import annotations

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx

from .installation import Installation, post

EVENTS = 4_000
GIVE_UP_SECONDS = 60


class TestFollowing:
    def test_meets_every_event_once_however_late_it_happened_or_was_committed(
        self, installation: Installation, ingest_key: str, read_token: str
    ) -> None:
        choose = random.Random(11)
        now = datetime.now(UTC)
        events = [
            {
                "id": f"f{n}",
                "type": "FOLLOWED",
                "time": (now - timedelta(seconds=choose.random() * 86_400)).isoformat(),
            }
            for n in range(EVENTS)
        ]
        batches = []
        while events:
            size = choose.choice([1, 5, 300])
            batches.append(events[:size])
            del events[:size]

        def send(batch: list) -> int:
            with httpx.Client(timeout=60) as client:
                return post(client, installation.address, ingest_key, batch).status_code

        met: Counter[str] = Counter()
        next_ = f"{installation.address}/api/v1/events?order=recorded&type=FOLLOWED&page_size=177"
        headers = {"Authorization": f"Bearer {read_token}"}
        give_up = time.monotonic() + GIVE_UP_SECONDS
        with ThreadPoolExecutor(8) as pool, httpx.Client(timeout=30, headers=headers) as consumer:
            sent = [pool.submit(send, batch) for batch in batches]
            while met.total() < EVENTS and time.monotonic() < give_up:
                page = consumer.get(next_).json()
                met.update(event["submitted_id"] for event in page["results"])
                next_ = page["next"]
            assert {future.result() for future in sent} == {201}
            assert consumer.get(next_).json()["results"] == []
        assert set(met) == {f"f{n}" for n in range(EVENTS)}
        assert met.total() == EVENTS
