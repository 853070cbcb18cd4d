"""A person in a browser: log in, find an event, read it, see nothing that is not theirs."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from .browsing import log_in
from .installation import Installation, post

HOSTILE = "<script>alert(1)</script>\u202e" + "W" * 900


class TestEventsPage:
    def test_shows_a_new_event_on_top_and_leads_to_it(
        self, page: Page, installation: Installation, ingest_key: str
    ) -> None:
        event = {
            "type": "APPLICATION_UPDATE",
            "time": datetime.now(UTC).isoformat(),
            "actor": {"id": "new-comer", "name": "New Comer"},
            "application": {"id": "a1", "name": "Orders"},
        }
        with httpx.Client() as client:
            assert post(client, installation.address, ingest_key, event).status_code == 201
        page.goto(f"{installation.address}/events/?actor=new-comer")
        assert "New Comer updated app Orders" in " ".join(page.inner_text("main").split())
        page.click(".events .time a")
        assert "new-comer" in page.inner_text("main")

    def test_shows_hostile_text_and_runs_none_of_it(
        self, page: Page, installation: Installation, ingest_key: str
    ) -> None:
        event = {
            "type": "HOSTILE_" + "X" * 100,
            "actor": {"id": "hostile", "name": HOSTILE},
            "resource": {"type": HOSTILE[:200], "id": HOSTILE[:250], "name": HOSTILE},
            "changes": [{"field": HOSTILE, "old": HOSTILE, "new": None}],
            "details": {"": HOSTILE, "__proto__": {"a": [HOSTILE] * 3}},
        }
        with httpx.Client() as client:
            assert post(client, installation.address, ingest_key, event).status_code == 201
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"{installation.address}/events/?actor=hostile")
            self.assert_fits(page, width)
            page.goto(installation.address + str(page.get_attribute(".events .time a", "href")))
            self.assert_fits(page, width)

    def assert_fits(self, page: Page, width: int) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    def test_says_what_is_wrong_with_an_address(
        self, browser: Browser, installation: Installation
    ) -> None:
        context = browser.new_context()
        page = context.new_page()
        log_in(page, installation, "admin")
        answer = page.goto(f"{installation.address}/events/?actr=x")
        assert answer is not None
        assert answer.status == 400
        assert "actor" in page.inner_text("main")
        context.close()

    def test_shows_a_staging_auditor_staging_alone(
        self, browser: Browser, installation: Installation
    ) -> None:
        context = browser.new_context()
        page = context.new_page()
        log_in(page, installation, "staging-auditor")
        page.goto(f"{installation.address}/events/")
        text = page.inner_text("table.events")
        assert "Staging" in text
        assert "Prod" not in text
        context.close()


class TestReference:
    def test_fits_is_accessible_and_needs_nobody_else(
        self, page: Page, installation: Installation
    ) -> None:
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"{installation.address}/api/docs/#find_events")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert Axe().run(page).response["violations"] == []
