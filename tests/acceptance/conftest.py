"""One installation, and one browser, for all of acceptance; both are gone when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from .browsing import launch, log_in, watched_page
from .installation import Installation


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start each installation once where tests run in several processes.

    All of `hostile` is one story of one installation: what it was told is counted at its end.
    """
    here = Path(__file__).parent
    for item in items:
        if here not in item.path.parents:
            continue
        if item.path.parent.name == "hostile":
            group = "hostile"
        elif "installation" in getattr(item, "fixturenames", ()):
            group = "acceptance"
        else:
            group = item.path.stem
        item.add_marker(pytest.mark.xdist_group(group))
        item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="package")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running installation with a small demo."""
    one = Installation(
        tmp_path_factory.mktemp("installation"), {"DEMO": "on", "BODY_TIMEOUT_SECONDS": "5"}
    )
    one.start()
    yield one
    one.stop()
    one.remove()


@pytest.fixture(scope="package")
def ingest_key(installation: Installation) -> str:
    return installation.manage("ingest_key", "create", "--environment", "prod", "--name", "tests")


@pytest.fixture(scope="package")
def read_token(installation: Installation) -> str:
    return installation.manage("read_token", "create", "--user", "admin")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, installation: Installation) -> Iterator[Page]:
    """A page of somebody logged in; what breaks the policy, or asks elsewhere, fails the test."""
    with watched_page(browser, installation) as page:
        log_in(page, installation)
        yield page
