"""The counts of values beside the events."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from audit.record import Origin, ensure_environment, record_events
from audit.record.submitted import Application
from environments.keys import create_ingest_key
from tests.audit.query.recorded import work
from tests.clock import began

from .shown import event, words


class TestFacets:
    def test_name_senders_and_tell_apps_of_one_name_apart(self, browse: Any, record: Any) -> None:
        ensure_environment("dev")
        ensure_environment("prod")
        for number, environment in enumerate(("dev", "prod"), start=1):
            record_events(
                [event(application=Application(id=f"a-{environment}", name="Orders"))],
                origin=Origin(environment=environment, sender_id=number, sender="billing"),
                received_at=began(),
            )
        work()
        # Of one event alone, so that the others are named by no row.
        side = words(browse("/events/?page_size=1"))
        assert "Orders Dev · a-dev 1" in side
        assert "Orders Prod · a-prod 1" in side
        assert "Sender billing Dev · 1 1 billing Prod · 2 1" in side

    def test_a_filter_by_sender_has_its_name(self, browse: Any) -> None:
        sender, _ = create_ingest_key(environment="prod", sender="Billing", now=began())
        assert "Sender Billing" in words(browse(f"/events/?sender={sender.sender_id}"))

    def test_of_a_sample_say_so_at_each_figure(
        self, browse: Any, record: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("audit.web.events.search.FACETS_OF", 3)
        record([event(ago=n) for n in range(1, 6)])
        page = browse("/events/")
        facets = re.findall(r"<section>.*?</section>", page.text, re.DOTALL)
        told = {
            unescape(re.findall(r"<h2>(.*?)</h2>", one)[0]): re.findall(
                r'<span class="number"([^>]*)>([^<]*)</span>', one
            )
            for one in facets
        }
        assert told["Type"] == [("", "5")]
        ((title, count),) = told["User · of the newest 3"]
        assert count == "3+"
        assert "of the newest 3, back to 20" in title

    def test_of_all_have_no_mark(self, browse: Any, record: Any) -> None:
        record([event(ago=n) for n in range(1, 6)])
        page = browse("/events/")
        assert "of the newest" not in page.text
        assert "<h2>User</h2>" in page.text
