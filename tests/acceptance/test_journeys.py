"""What an administrator in a hurry does, in a browser: find, narrow, open, go back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from .browsing import log_in, watched_page
from .installation import Installation, post

MAX_FIRST_VISIT_BYTES = 150 * 1024


@pytest.fixture(scope="module")
def deletion(installation: Installation, ingest_key: str) -> str:
    """Somebody deletes an app in Prod, and does much else; returns the event's id."""
    now = datetime.now(UTC)
    who = {"id": "u-dee", "name": "Dee Dahl"}
    app = {"id": "a-payroll", "name": "Payroll journeys"}
    events = [
        {"type": "APPLICATION_VIEW", "time": _ago(now, minutes=20), "application": app}
        | {"actor": {"id": "u-eve", "name": "Eve"}},
        *(
            {
                "type": "QUERY_EXECUTION",
                "time": _ago(now, minutes=10, seconds=i),
                "actor": who,
                "application": app,
                "resource": {"type": "query", "id": "q-1", "name": "getPay"},
            }
            for i in range(5)
        ),
        {
            "type": "APPLICATION_DELETE",
            "time": _ago(now, minutes=5),
            "actor": who,
            "application": app,
            "changes": [{"field": "state", "old": "active", "new": "deleted"}],
            "details": {f"key{i}": i for i in range(12)},
        },
    ]
    with httpx.Client() as client:
        answer = post(client, installation.address, ingest_key, events)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["events"][-1]["id"])


def _ago(now: datetime, **width: float) -> str:
    return (now - timedelta(**width)).isoformat()


def query_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


class TestFindingADeletion:
    def test_takes_three_clicks(
        self, page: Page, installation: Installation, deletion: str
    ) -> None:
        page.goto(f"{installation.address}/events/")
        page.click(".facets >> text=Prod")
        page.click("#add-filter summary")
        page.locator("#pick-typed").press_sequentially("delete app")
        page.click("#picks >> text=Delete application")
        expect(page.locator(".chips")).to_contain_text("Delete application")
        assert query_of(page) == {"environment": ["prod"], "type": ["APPLICATION_DELETE"]}
        expect(page.locator("#events")).to_contain_text("Dee Dahl deleted app Payroll journeys")

    def test_opens_everything_in_place_and_closes_it(
        self, page: Page, installation: Installation, deletion: str
    ) -> None:
        page.goto(f"{installation.address}/events/?actor=u-dee&type=APPLICATION_DELETE")
        row = page.locator(f"[data-event='{deletion}']")
        row.locator(".what").click()
        assert page.locator(".more").count() == 0, "a click on text toggles nothing"
        before = row.bounding_box()
        row.locator("[data-expand]").click()
        detail = page.locator(f"#d-{deletion}")
        expect(detail).to_contain_text("What changed")
        assert row.bounding_box() == before, "nothing moved under the pointer"
        detail.locator(".tree-find").fill("key11")
        expect(detail.locator(".tree > li:visible")).to_have_count(1)
        page.keyboard.press("Escape")
        row.locator("[data-expand]").focus()
        page.keyboard.press("Escape")
        expect(page.locator(".more")).to_have_count(0)

    def test_works_by_keys_alone(
        self, page: Page, installation: Installation, deletion: str
    ) -> None:
        page.goto(f"{installation.address}/events/?actor=u-dee")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.locator(".more")).to_contain_text(deletion)
        page.keyboard.press("x")
        expect(page.locator("#picked")).to_contain_text("1 picked")
        page.keyboard.press("/")
        expect(page.locator("#find")).to_be_focused()
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).to_be_hidden()

    def test_unfolds_a_run_in_place(
        self, page: Page, installation: Installation, deletion: str
    ) -> None:
        page.goto(f"{installation.address}/events/?actor=u-dee")
        run = page.locator("[data-run]")
        expect(run).to_have_text("× 5")
        expect(page.locator("tr[data-event]:visible")).to_have_count(2)
        run.click()
        expect(page.locator("tr[data-event]:visible")).to_have_count(6)


class TestLive:
    def test_puts_what_comes_on_top(
        self, page: Page, installation: Installation, ingest_key: str
    ) -> None:
        def send(name: str) -> None:
            event = {"type": "USER_LOGIN", "actor": {"id": "u-live"}, "source": name}
            with httpx.Client() as client:
                assert post(client, installation.address, ingest_key, event).status_code == 201

        send("first")
        page.goto(f"{installation.address}/events/?actor=u-live&folds=0")
        expect(page.locator("tr[data-event]")).to_have_count(1)
        send("second")
        page.check("#live")
        page.mouse.move(1, 1)
        expect(page.locator("tr[data-event]")).to_have_count(2, timeout=15_000)

    def test_puts_each_at_its_place_in_time(
        self, page: Page, installation: Installation, ingest_key: str
    ) -> None:
        now = datetime.now(UTC)

        def send(name: str, minutes: float) -> None:
            event = {
                "type": "USER_LOGIN",
                "actor": {"id": "u-placed", "name": name},
                "time": (now + timedelta(minutes=minutes)).isoformat(),
            }
            with httpx.Client() as client:
                assert post(client, installation.address, ingest_key, event).status_code == 201

        send("Ahead", 120)
        send("Earlier", -30)
        page.goto(f"{installation.address}/events/?actor=u-placed&folds=0")
        rows = page.locator("tr[data-event] .sentence")
        expect(rows).to_have_count(2)
        page.locator("[data-expand]").last.click()
        page.locator(".detail").wait_for()
        page.evaluate("document.activeElement.blur()")
        send("Late", -60)
        send("Between", -10)
        page.mouse.move(1, 1)
        page.check("#live")
        page.evaluate("document.activeElement.blur()")
        expect(rows).to_have_count(4, timeout=15_000)
        said = [text.split()[0] for text in rows.all_inner_texts()]
        assert said == ["Ahead", "Between", "Earlier", "Late"]
        assert page.locator("tr.is-new").count() == 2
        assert page.locator(".detail").count() == 1


class TestFiltering:
    def test_shuts_a_value_out_by_alt_and_a_click(
        self, page: Page, installation: Installation, deletion: str
    ) -> None:
        page.goto(f"{installation.address}/events/?application=a-payroll")
        page.locator("#events a", has_text="Dee Dahl").first.click(modifiers=["Alt"])
        page.wait_for_url("**exclude_actor=u-dee**")
        expect(page.locator("tr[data-event]")).to_have_count(1)
        expect(page.locator(".chip.excluding")).to_contain_text("Not User")

    def test_offers_not_and_copy_to_the_keyboard(
        self, page: Page, installation: Installation, deletion: str
    ) -> None:
        page.goto(f"{installation.address}/events/?application=a-payroll&actor=u-eve")
        page.keyboard.press("j")
        while page.evaluate("document.activeElement.dataset.filter") != "actor":
            page.keyboard.press("Tab")
        expect(page.locator(".value-menu")).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**exclude_actor=u-eve**")

    def test_takes_a_typed_range(self, page: Page, installation: Installation) -> None:
        page.goto(f"{installation.address}/events/?environment=prod")
        page.keyboard.press("t")
        page.locator("#range input[name=range]").fill("yesterday")
        page.keyboard.press("Enter")
        page.wait_for_url("**from=**")
        asked = query_of(page)
        assert asked["environment"] == ["prod"]
        assert set(asked) == {"environment", "from", "to"}

    def test_goes_back_to_what_was_seen(self, page: Page, installation: Installation) -> None:
        page.goto(f"{installation.address}/events/?from=-30d")
        count = page.inner_text(".count")
        page.click(".facets >> text=Staging")
        page.wait_for_url("**environment=staging**")
        assert page.inner_text(".count") != count
        page.go_back()
        page.wait_for_url("**from=-30d")
        assert page.inner_text(".count") == count


class TestChart:
    def test_takes_a_range_by_dragging_over_bars(
        self, page: Page, installation: Installation
    ) -> None:
        page.goto(f"{installation.address}/events/?from=-7d")
        box = page.locator("svg.bars").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 50)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 50, steps=5)
        page.mouse.up()
        page.wait_for_url("**to=**")
        asked = query_of(page)
        width = datetime.fromisoformat(asked["to"][0]) - datetime.fromisoformat(asked["from"][0])
        assert timedelta(hours=32) <= width <= timedelta(hours=36)
        page.go_back()
        page.wait_for_url("**from=-7d")

    def test_tells_exact_counts_by_keys(self, page: Page, installation: Installation) -> None:
        page.goto(f"{installation.address}/events/?from=-7d")
        page.locator("svg.bars a[tabindex='0']").focus()
        page.keyboard.press("Home")
        first = page.inner_text(".readout")
        page.keyboard.press("ArrowRight")
        assert page.inner_text(".readout") != first
        page.keyboard.press("Enter")
        page.wait_for_url("**to=**")

    def test_has_its_numbers_in_a_table(self, page: Page, installation: Installation) -> None:
        page.goto(f"{installation.address}/events/?from=-7d")
        page.click(".numbers summary")
        cells = page.locator(".numbers tbody td:nth-child(2)").all_inner_texts()
        total = page.inner_text(".count b").replace("\u202f", "")
        assert sum(int(cell.replace("\u202f", "")) for cell in cells) == int(total)


class TestEveryPage:
    PATHS = (
        "/events/?from=-30d",
        "/events/?actor=nobody-at-all",
        "/events/?colour=red",
        "/events/pick/",
        "/preferences/",
        "/views/",
        "/events/00000000-0000-7000-8000-000000000000/",
    )

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_has_no_violation_of_accessibility(
        self, browser: Browser, installation: Installation, deletion: str, scheme: str
    ) -> None:
        context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        axe = Axe()
        page.goto(f"{installation.address}/login/")
        found = {"/login/": axe.run(page).response["violations"]}
        log_in(page, installation)
        for path in (*self.PATHS, f"/events/{deletion}/"):
            page.goto(installation.address + path)
            found[path] = axe.run(page).response["violations"]
        page.goto(f"{installation.address}/events/?actor=u-dee")
        page.locator("[data-expand]").first.click()
        page.locator(".detail").wait_for()
        page.click(".raw summary")
        found["opened row"] = axe.run(page).response["violations"]
        page.click("#add-filter summary")
        page.locator("#picks li").first.wait_for()
        found["filters"] = axe.run(page).response["violations"]
        context.close()
        told = {
            path: [(v["id"], v["nodes"][0]["html"][:200]) for v in violations]
            for path, violations in found.items()
            if violations
        }
        assert told == {}

    def test_is_small_on_a_first_visit(
        self, browser: Browser, installation: Installation, deletion: str
    ) -> None:
        with watched_page(browser, installation) as page:
            log_in(page, installation)
            cookies = page.context.cookies()
        for path in ("/events/?from=-30d", f"/events/{deletion}/"):
            with watched_page(browser, installation) as page:
                page.context.add_cookies(cookies)  # type: ignore[arg-type]
                sizes: list[int] = []
                page.on(
                    "requestfinished",
                    lambda r, sizes=sizes: sizes.append(
                        r.sizes()["responseBodySize"] + r.sizes()["responseHeadersSize"]
                    ),
                )
                page.goto(installation.address + path, wait_until="networkidle")
                assert 0 < sum(sizes) <= MAX_FIRST_VISIT_BYTES, (path, sum(sizes))

    def test_reads_without_a_script(
        self, browser: Browser, installation: Installation, deletion: str
    ) -> None:
        with watched_page(browser, installation, java_script_enabled=False) as page:
            log_in(page, installation)
            page.goto(f"{installation.address}/events/?actor=u-dee")
            page.click("#range summary")
            page.click("#range >> text=Last 7 days")
            page.locator("[data-expand]").first.click()
            assert deletion in page.url
            assert "Dee Dahl" in page.inner_text("main")

    @pytest.mark.parametrize("width", [360, 2560])
    def test_fits_any_screen(
        self, browser: Browser, installation: Installation, deletion: str, width: int
    ) -> None:
        with watched_page(browser, installation, viewport={"width": width, "height": 900}) as page:
            log_in(page, installation)
            for path in ("/events/?from=-30d", f"/events/{deletion}/", "/preferences/"):
                page.goto(installation.address + path)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path

    def test_comes_back_after_a_lost_session(
        self, browser: Browser, installation: Installation
    ) -> None:
        with watched_page(browser, installation) as page:
            log_in(page, installation)
            page.context.clear_cookies()
            page.goto(f"{installation.address}/events/?environment=prod&by=type")
            page.fill("[name=username]", "admin")
            page.fill("[name=password]", "Acceptance-2026")
            page.click("main button")
            page.wait_for_url("**/events/?environment=prod&by=type")
