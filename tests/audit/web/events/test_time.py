"""The range of time: typed, shown, kept, told in whose zone."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from accounts.models import User
from audit.models import Preferences
from audit.record import SubmittedEvent

from .shown import event, rows, words


class TestTime:
    def test_keeps_the_range_that_was_shown(self, browse: Any, record: Any) -> None:
        record([event(ago=5), event(ago=60 * 30)])
        page = browse("/events/?from=-7d&to=now")
        assert '<input type="hidden" name="from" value="-7d">' in page.text
        again = browse("/events/?from=-7d&to=now&range=soon")
        assert again.status_code == 400
        assert "“soon” can't be read. It takes: -3d · yesterday · 2026-03-01" in words(again)
        assert "Last 7 days" in words(again)
        assert len(rows(again)) == 2
        assert not re.search(r'href="[^"]*soon', again.text)

    def test_gives_a_cleared_range_up(self, browse: Any) -> None:
        answer = browse("/events/?actor=a&from=-7d&to=now&range=")
        assert answer["Location"] == "/events/?actor=a"

    def test_says_that_an_end_is_before_the_start(self, browse: Any, record: Any) -> None:
        record([event()])
        page = browse("/events/?from=-1h&to=-2h")
        assert page.status_code == 400
        assert "to '-2h' is before from '-1h'" in words(page)

    def test_tells_the_hours_of_october_apart(self, browse: Any, record: Any, ann: User) -> None:
        Preferences.objects.create(user_id=ann.pk, time_zone="Europe/Berlin")
        record([
            SubmittedEvent(type="A", time="2025-10-26T02:30:00+02:00"),
            SubmittedEvent(type="A", time="2025-10-26T02:30:00+01:00"),
            SubmittedEvent(type="A", time="2025-10-26T03:30:00+01:00"),
        ])  # fmt: skip
        page = browse("/events/?from=2025-10-26T00:00:00Z&to=2025-10-26T03:00:00Z&folds=0")
        times = re.findall(r"<time [^>]*>([^<]*)</time>", page.text)
        assert times == [
            "2025-10-26 03:30:00",
            "2025-10-26 02:30:00+01:00",
            "2025-10-26 02:30:00+02:00",
        ]
        assert "26 Oct 2025 02:00+02:00 – 04:00" in words(page)
        assert 'value="2025-10-26 02:00+02:00..2025-10-26 04:00"' in page.text

    def test_is_the_browsers_where_nobody_chose_another(
        self, browse: Any, client: Client, ann: User
    ) -> None:
        assert 'data-zone="UTC"' in browse("/events/").text
        client.cookies["sightline_zone"] = "Asia%2FTokyo"
        page = browse("/events/")
        assert 'data-zone="Asia/Tokyo"' in page.text
        assert "Asia/Tokyo" in words(browse("/events/"))
        client.cookies["sightline_zone"] = "..%2F..%2Fetc%2Fpasswd"
        assert 'data-zone="UTC"' in browse("/events/").text
        Preferences.objects.create(user_id=ann.pk, time_zone="Europe/Berlin")
        assert "data-zone" not in browse("/events/").text
