"""`make pictures`: every page of a fresh installation, as PNG in docs/pictures."""

from __future__ import annotations

import re
import tempfile
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.acceptance.browsing import launch, log_in
from tests.acceptance.installation import ROOT, Installation

TARGET = ROOT / "docs" / "pictures"
SETTLING_SECONDS = 300
# What a page says as long as the worker, or what it starts, is busy with the demo's events.
BUSY = {"/": r"Waiting [0-9]", "/evidence/": r"What came lately not yet"}


PAGES = {
    "home": "/",
    "events": "/events/?from=-7d",
    "compare": "/compare/",
    "promotions": "/promotions/",
    "app": "/promotions/app/?key=gid:gid-02-crm",
    "evidence": "/evidence/",
    "exports": "/exports/",
    "views": "/views/",
    "preferences": "/preferences/",
    "admin": "/admin/audit/event/",
}


def take(page: Page, installation: Installation, name: str) -> None:
    """Take all pages; name: what is added to their names."""

    def picture(of: str, *, is_long: bool = False) -> None:
        page.screenshot(path=TARGET / f"{of}{name}.png", full_page=is_long)

    page.goto(f"{installation.address}/login/")
    picture("login")
    log_in(page, installation)
    for of, path in PAGES.items():
        page.goto(f"{installation.address}{path}")
        picture(of)
    page.goto(f"{installation.address}/events/?from=-7d&type=APPLICATION_UPDATE&environment=dev")
    page.locator("[data-expand]").first.click()
    page.locator(".detail").wait_for()
    picture("event-in-place")
    page.click("#add-filter summary")
    page.locator("#pick-typed").press_sequentially("ann")
    page.locator("#picks li", has_text="Ann Keller").first.wait_for()
    picture("filters")
    page.goto(
        f"{installation.address}/events/?type=APPLICATION_DELETE&environment=prod&from=always"
    )
    page.locator(".events .time a").first.click()
    picture("event", is_long=True)


def settle(page: Page, installation: Installation) -> None:
    """Wait until the pages say what they say of an installation that is at rest."""
    log_in(page, installation)

    def is_settled(path: str, busy: str) -> bool:
        page.goto(f"{installation.address}{path}")
        return not re.search(busy, " ".join(page.locator("main").inner_text().split()))

    for path, busy in BUSY.items():
        installation.wait(partial(is_settled, path, busy), SETTLING_SECONDS)


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        installation = Installation(Path(directory) / "pictures")
        installation.start()
        try:
            with sync_playwright() as playwright:
                browser = launch(playwright)
                settle(browser.new_page(), installation)
                for name, width, scheme in (
                    ("", 1280, "light"),
                    ("-dark", 1280, "dark"),
                    ("-narrow", 390, "light"),
                ):
                    context = browser.new_context(
                        viewport={"width": width, "height": 800},
                        color_scheme=scheme,  # type: ignore[arg-type]
                    )
                    take(context.new_page(), installation, name)
                    context.close()
                browser.close()
        finally:
            installation.stop()


if __name__ == "__main__":
    main()
