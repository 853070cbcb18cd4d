"""A browser for the tests, and somebody who logs in with it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, Playwright

from .installation import PASSWORD, Installation

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium."""
    path = next((p for p in map(shutil.which, ("chromium", "chromium-browser")) if p), None)
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


@contextmanager
def watched_page(browser: Browser, installation: Installation, **options: Any) -> Iterator[Page]:
    """Open a page; what breaks the policy, fails in the console or asks elsewhere is an error."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
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
    yield page
    context.close()
    assert wrong == []


def log_in(page: Page, installation: Installation, name: str = "admin") -> None:
    page.goto(f"{installation.address}/")
    assert "/login/" in page.url
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: "/login/" not in url)
