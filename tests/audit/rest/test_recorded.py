"""A consumer that comes back with its cursor gets every event once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from accounts.models import Grant, User
from accounts.tokens import create_read_token
from audit.models import Pending
from audit.query.search import log_feed as recorded
from environments.models import Environment
from tests.audit.query.recorded import work
from tests.factories import EnvironmentFactory, IngestKeyFactory


def event(id: str, minute: int = 0, **members: Any) -> dict[str, Any]:
    return {"type": "X", "id": id, "time": f"2026-03-05T09:{minute:02d}:00Z", **members}


class Consumer:
    """Keeps nothing but its cursor."""

    def __init__(self, get: Any, filters: str = "", page_size: int = 7, **headers: str) -> None:
        self.get = get
        self.headers = headers
        self.filters = f"order=recorded&page_size={page_size}{filters}"
        self.cursor = ""

    def page(self) -> dict[str, Any]:
        answer = self.get(f"events?{self.filters}&cursor={self.cursor}", **self.headers)
        assert answer.status_code == 200, answer.content
        (self.cursor,) = parse_qs(urlsplit(answer.json()["next"]).query)["cursor"]
        return answer.json()

    def pull(self) -> list[str]:
        """Everything up to the end of the log, as it is now."""
        return [event["submitted_id"] for page in self._pages() for event in page["results"]]

    def _pages(self) -> Iterator[dict[str, Any]]:
        while True:
            page = self.page()
            yield page
            if page["complete"]:
                return


class TestRecorded:
    def test_tells_events_in_the_order_of_the_log(self, post: Any, get: Any) -> None:
        consumer = Consumer(get)
        post([event(str(n), minute=59 - n) for n in range(20)])
        post(event("late", minute=0))
        work()
        page = consumer.page()
        assert [e["position"] for e in page["results"]] == list(range(7))
        assert page["previous"] is None
        assert consumer.pull()[-1] == "late"

    def test_gives_a_cursor_to_keep_also_after_an_empty_page(self, post: Any, get: Any) -> None:
        consumer = Consumer(get)
        assert consumer.pull() == []
        post(event("a"))
        assert consumer.pull() == []
        work()
        assert consumer.pull() == ["a"]
        assert consumer.pull() == []

    def test_never_misses_a_receipt_that_was_committed_late(self, post: Any, get: Any) -> None:
        consumer = Consumer(get)
        post([event("slow 1", 1), event("slow 2", 2)])
        # Before its commit, a receipt waits where nobody else sees it.
        slow = Pending.objects.get()
        Pending.objects.all().delete()
        post(event("quick", 30))
        work()
        assert consumer.pull() == ["quick"]
        Pending.objects.create(submission_id=slow.submission_id, environment=slow.environment)
        assert consumer.pull() == []
        work()
        assert consumer.pull() == ["slow 1", "slow 2"]

    def test_meets_each_event_once_while_the_worker_runs(self, post: Any, get: Any) -> None:
        consumer = Consumer(get, page_size=3)
        met: list[str] = []
        for round_ in range(6):
            post([event(f"{round_}-{n}", n) for n in range(round_ * 3)])
            met += [e["submitted_id"] for e in consumer.page()["results"]]
            work()
        met += consumer.pull()
        assert sorted(met) == sorted(f"{r}-{n}" for r in range(6) for n in range(r * 3))

    @pytest.mark.parametrize("chunk", [1, 2, 1000])
    def test_holds_a_position_for_each_environment(
        self, post: Any, get: Any, chunk: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(recorded, "FIRST_CHUNK", chunk)
        EnvironmentFactory(key="dev")
        _, key = IngestKeyFactory(environment="dev", sender="dev")
        consumer = Consumer(get, page_size=4)
        for n in range(5):
            post([event(f"prod {n} {m}", m) for m in range(3)])
            post([event(f"dev {n} {m}", m) for m in range(2)], Authorization=f"Bearer {key}")
        work()
        met = consumer.pull()
        assert len(met) == len(set(met)) == 25
        assert met[0] == "prod 0 0"
        assert met[3] == "dev 0 0"
        post(event("dev again"), Authorization=f"Bearer {key}")
        work()
        assert consumer.pull() == ["dev again"]

    def test_takes_filters(self, post: Any, get: Any) -> None:
        post([event(str(n), n, actor={"id": f"u{n % 10}"}) for n in range(50)])
        work()
        assert Consumer(get, "&actor=u3").pull() == ["3", "13", "23", "33", "43"]
        assert Consumer(get, "&from=2026-03-05T09:48:00Z").pull() == ["48", "49"]
        assert Consumer(get, "&q=u7").pull() == ["7", "17", "27", "37", "47"]
        assert Consumer(get, "&recorded_after=now").pull() == []

    def test_keeps_to_the_scope_and_stays_good_when_it_grows(self, post: Any, get: Any) -> None:
        user = User.objects.create_user("limited")
        prod = Environment.objects.get(key="prod")
        Grant.objects.create(role="auditor", user=user, environment=prod, workspace_id="w2")
        _, token = create_read_token(user=user, now=timezone.now())
        consumer = Consumer(get, Authorization=f"Bearer {token}")
        post([event(w, workspace={"id": w}) for w in ("w1", "w2")])
        work()
        assert consumer.pull() == ["w2"]
        dev = EnvironmentFactory(key="dev")
        _, key = IngestKeyFactory(environment="dev", sender="dev")
        post(event("before the grant"), Authorization=f"Bearer {key}")
        work()
        assert consumer.pull() == []
        Grant.objects.create(role="auditor", user=user, environment=dev)
        assert consumer.pull() == ["before the grant"]

    def test_refuses_a_cursor_that_is_not_its_own(self, post: Any, get: Any) -> None:
        post(event("a"))
        work()
        consumer = Consumer(get)
        consumer.pull()
        for path in (
            f"events?order=recorded&cursor={consumer.cursor}&type=X",
            f"events?order=recorded&cursor={consumer.cursor[:-1]}",
            f"events?cursor={consumer.cursor}",
            "events?order=recorded&cursor=abc",
            "events?order=recorded&cursor=" + "x" * 5_000,
        ):
            answer = get(path)
            assert answer.status_code == 400, path
            assert answer.json()["type"] == "urn:audit:problem:bad-cursor"
        answer = get("events?order=record")
        assert answer.json()["parameter"] == "order"
        assert "'recorded'" in answer.json()["detail"]
