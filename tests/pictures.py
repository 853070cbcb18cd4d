"""`make pictures`: every page of a fresh installation, as PNG in docs/pictures."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.acceptance.installation import PASSWORD, ROOT, Installation

TARGET = ROOT / "docs" / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
# Pages that need no click: path, name of the picture.
PLAIN = (
    ("/", "home"),
    ("/compare/", "compare"),
    ("/promotions/", "promotions"),
    ("/promotions/app/?key=gid:gid-02-crm", "app"),
)


def take(page: Page, installation: Installation, name: str) -> None:
    """Take the pages; name: what is added to their names."""
    page.goto(f"{installation.address}/login/")
    page.screenshot(path=TARGET / f"login{name}.png")
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    for path, of in PLAIN:
        page.goto(f"{installation.address}{path}")
        page.screenshot(path=TARGET / f"{of}{name}.png")
    page.goto(f"{installation.address}/events/")
    page.screenshot(path=TARGET / f"events{name}.png")
    page.goto(
        f"{installation.address}/events/?type=APPLICATION_DELETE&environment=prod&from=always"
    )
    page.click(".events .time a")
    page.screenshot(path=TARGET / f"event{name}.png", full_page=True)
    page.goto(f"{installation.address}/admin/audit/event/")
    page.screenshot(path=TARGET / f"admin{name}.png")


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        installation = Installation(Path(directory) / "pictures")
        installation.start()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
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
