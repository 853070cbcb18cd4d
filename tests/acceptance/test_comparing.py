"""A person who compares environments, follows versions, and sees at once what needs eyes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from .browsing import log_in, watched_page
from .installation import Installation, post

PATHS = (
    "/",
    "/compare/",
    "/compare/?environment=prod&from=-30d",
    "/compare/?by=application&from=-30d",
    "/compare/?by=permission&from=-30d",
    "/compare/?has=dev&lacks=prod&differences=1",
    "/promotions/?from=-90d",
    "/promotions/?flagged=1",
    "/promotions/?app=nothing-of-this-name",
    "/promotions/app/?key=gid:gid-02-crm",
)
HOSTILE = '<img src=x onerror=alert(1)>\u202e"' + "W" * 600


def words(page: Page, selector: str) -> str:
    return " ".join(page.inner_text(selector).split())


class TestCompare:
    def test_leads_from_what_is_only_in_prod_to_its_events_and_back(
        self, page: Page, installation: Installation
    ) -> None:
        page.goto(f"{installation.address}/")
        page.click("nav.pages >> text=Compare")
        row = page.locator("tr", has=page.locator("th", has_text="View server info"))
        assert "only in Prod" in row.inner_text()
        here = page.url
        row.locator("td.only a").click()
        page.wait_for_url("**/events/**")
        assert "environment=prod" in page.url
        assert "viewed server info" in words(page, "main")
        page.go_back()
        assert page.url == here
        row.locator(".difference a").click()
        page.wait_for_url("**lacks=dev**")
        notes = page.locator(".members .difference")
        assert set(notes.all_inner_texts()) == {"only in Prod"}

    def test_folds_a_group_by_key_and_keeps_it_in_the_address(
        self, page: Page, installation: Installation
    ) -> None:
        page.goto(f"{installation.address}/compare/")
        fold = page.locator("[data-fold=applications]")
        fold.focus()
        page.keyboard.press("Space")
        assert not page.is_visible("#rows-applications")
        assert fold.get_attribute("aria-expanded") == "false"
        assert "folded=applications" in page.url
        page.reload()
        assert not page.is_visible("#rows-applications")
        page.locator("[data-fold=applications]").click()
        assert page.is_visible("#rows-applications")
        assert "folded" not in page.url

    def test_works_without_scripts(self, browser: Browser, installation: Installation) -> None:
        with watched_page(browser, installation, java_script_enabled=False) as page:
            log_in(page, installation)
            page.goto(f"{installation.address}/compare/")
            page.click("[data-fold=sessions]")
            assert not page.is_visible("#rows-sessions")
            page.uncheck("input[value=dev]")
            page.uncheck("input[value=staging]")
            page.click("form.compared button")
            assert "before" in words(page, "table.matrix thead")

    def test_gives_the_matrix_as_a_file(self, page: Page, installation: Installation) -> None:
        page.goto(f"{installation.address}/compare/?by=workspace")
        with page.expect_download() as download:
            page.click("text=Export CSV")
        text = download.value.path().read_text()
        assert download.value.suggested_filename == "comparison-by-workspace.csv"
        assert "name:sales" in text


class TestPromotions:
    def test_leads_from_a_flagged_line_to_the_apps_own_page(
        self, page: Page, installation: Installation
    ) -> None:
        page.goto(f"{installation.address}/promotions/?from=-90d")
        page.click("text=Only flagged")
        rows = page.locator("table.lines tbody tr")
        assert rows.count() == page.locator("table.lines tbody tr:has(.badge)").count() > 0
        name = rows.first.locator("th").inner_text()
        rows.first.locator("th a").click()
        page.wait_for_url("**/promotions/app/**")
        assert page.inner_text("h1") == name
        assert page.locator("table.copies tbody tr").count() == 3


class TestHome:
    def test_leads_to_a_deletion(self, page: Page, installation: Installation) -> None:
        page.goto(f"{installation.address}/")
        panel = page.locator("section", has=page.locator("#deletions-title"))
        panel.locator(".when").first.click()
        page.wait_for_url("**/events/0**")
        assert re.search("deleted|trash", page.inner_text("h1"))

    def test_tells_who_signed_in_from_a_new_country(
        self, page: Page, installation: Installation
    ) -> None:
        page.goto(f"{installation.address}/#new-places")
        assert "first time from" in words(page, "#new-places")


class TestEveryPage:
    @pytest.fixture(params=["light", "dark"])
    def reader(
        self, request: pytest.FixtureRequest, browser: Browser, installation: Installation
    ) -> Iterator[Page]:
        with watched_page(browser, installation, color_scheme=request.param) as page:
            log_in(page, installation)
            yield page

    def test_is_for_everybody(self, reader: Page, installation: Installation) -> None:
        for path in PATHS:
            for width in (1280, 390):
                reader.set_viewport_size({"width": width, "height": 800})
                reader.goto(installation.address + path)
                found = Axe().run(reader)
                assert found.violations_count == 0, f"{path}: {found.generate_report()}"

    @pytest.mark.parametrize("width", [360, 1280, 2560])
    def test_fits_with_hostile_names(
        self, page: Page, installation: Installation, ingest_key: str, width: int
    ) -> None:
        events = [
            {
                "type": kind,
                "actor": {"id": HOSTILE[:200], "name": HOSTILE},
                "workspace": {"id": HOSTILE[:200], "name": HOSTILE},
                "application": {"id": HOSTILE[:200], "name": HOSTILE},
                "resource": {"type": "data_source", "id": HOSTILE[:200], "name": HOSTILE},
                "targets": [{"type": HOSTILE[:100], "id": HOSTILE[:200], "name": HOSTILE}],
                "details": {"tag": HOSTILE, "role": HOSTILE},
            }
            for kind in (
                "APPLICATION_UPDATE", "APPLICATION_PUBLISH", "APPLICATION_DELETE",
                "DATA_SOURCE_PERMISSION_GRANT", "X" * 100,
            )
        ]  # fmt: skip
        with httpx.Client() as client:
            assert post(client, installation.address, ingest_key, events).status_code == 201
        page.set_viewport_size({"width": width, "height": 800})
        for path in PATHS:
            page.goto(installation.address + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
