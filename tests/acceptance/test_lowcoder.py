"""Lowcoder, both ways: a server that sends, and a page that asks as its client does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.audit.ingest.lowcoder.envelopes import SAMPLES

from .browsing import log_in
from .installation import Installation

# One workspace of its own, so that the demo's events don't count.
ORG = "lowcoder-org"
CALL = """async ([path, params]) => {
    const query = new URLSearchParams(params).toString();
    const answer = await fetch(`/api/plugins/enterprise/${path}?${query}`);
    return {
        status: answer.status,
        capped: answer.headers.get("X-Total-Count-Capped"),
        body: await answer.json(),
    };
}"""


@pytest.fixture(scope="module")
def sent(installation: Installation, ingest_key: str) -> int:
    """What a server sends in one go: an event of each type, twice, as NDJSON."""
    lines = [
        json.dumps(sample.envelope | {"orgId": ORG, "eventId": sample.code}) for sample in SAMPLES
    ]
    for expected in (201, 200):
        answer = httpx.post(
            f"{installation.address}/api/v1/lowcoder/events",
            content="\n".join(lines),
            headers={
                "Authorization": f"Bearer {ingest_key}",
                "Content-Type": "application/x-ndjson",
            },
            timeout=30,
        )
        assert answer.status_code == expected, answer.text
    return len(lines)


@pytest.fixture
def page(browser: Browser, installation: Installation) -> Iterator[Page]:
    """A page that may be told that a request is wrong: a browser logs that as an error."""
    context = browser.new_context()
    page = context.new_page()
    log_in(page, installation, "admin")
    yield page
    context.close()


def call(page: Page, path: str, **params: Any) -> Any:
    return page.evaluate(CALL, [path, params])


class TestClient:
    def test_fills_its_dashboard(self, page: Page, sent: int) -> None:
        filters = {"environmentId": "prod", "orgId": ORG}
        answer = call(page, "audit-logs", **filters, pageSize=25, pageNum=1)
        assert answer["status"] == 200
        assert answer["capped"] == "false"
        assert answer["body"]["totalCount"] == sent == 37
        rest = call(page, "audit-logs", **filters, pageSize=25, pageNum=2)["body"]["data"]
        events = answer["body"]["data"] + rest
        assert {event["eventType"] for event in events} == {sample.code for sample in SAMPLES}
        statistics = call(page, "audit-logs/statistics", groupByParam="eventTypeId", **filters)
        assert {
            row["eventType"]: row["groupCountResult"] for row in statistics["body"]["data"]
        } == dict.fromkeys((sample.code for sample in SAMPLES), 1)

    def test_shows_one_event(self, page: Page, sent: int) -> None:
        move = {"orgId": ORG, "eventType": "APPLICATION_MOVE"}
        (event,) = call(page, "audit-logs", **move)["body"]["data"]
        assert call(page, "audit-logs", eventId=event["id"])["body"]["data"] == [event]
        assert event["details"]["oldFolderName"] == "Drafts"
        assert event["agentName"] == "Chrome"

    def test_is_told_what_is_wrong(self, page: Page) -> None:
        answer = call(page, "audit-logs", pageSize=100, pageNum=1_000)
        assert answer["status"] == 400
        assert answer["body"]["parameter"] == "pageNum"


class TestLinks:
    def test_lead_to_our_screen(self, page: Page, installation: Installation, sent: int) -> None:
        page.goto(f"{installation.address}/setting/audit?environmentId=prod&orgId={ORG}&appId=a1")
        assert page.url.endswith(f"/events/?environment=prod&workspace={ORG}&application=a1")
        assert "moved app Orders from Drafts" in " ".join(page.inner_text("main").split())
