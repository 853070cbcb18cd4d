"""A person in a browser: log in, find an event, read it, see nothing that is not theirs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from .installation import PASSWORD, Installation, post

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
HOSTILE = "<script>alert(1)</script>\u202e" + "W" * 900


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next((p for p in map(shutil.which, ("chromium", "chromium-browser")) if p), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, installation: Installation) -> Iterator[Page]:
    """A page of somebody logged in; what breaks the policy, or asks elsewhere, fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.on(
        "request",
        lambda r: (
            None if r.url.startswith((installation.address, "data:")) else wrong.append(r.url)
        ),
    )
    log_in(page, installation, "admin")
    yield page
    context.close()
    assert wrong == []


def log_in(page: Page, installation: Installation, name: str) -> None:
    page.goto(f"{installation.address}/")
    assert "/login/" in page.url
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: "/login/" not in url)


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
        page.click(".events a[href*='/events/0']")
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
            page.goto(
                installation.address
                + str(page.get_attribute(".events a[href*='/events/0']", "href"))
            )
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
