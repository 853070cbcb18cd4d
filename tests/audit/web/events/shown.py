"""Events to be shown, and what a page of them says."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

from audit.record import SubmittedEvent
from audit.record.submitted import Actor, Application
from tests.clock import began


def event(type_: str = "APPLICATION_VIEW", *, ago: float = 5, **members: Any) -> SubmittedEvent:
    """ago: minutes before now"""
    given = {
        "actor": Actor(id="u-ann", name="Ann"),
        "application": Application(id="a-1", name="Orders"),
        **members,
    }
    return SubmittedEvent(type=type_, time=(began() - timedelta(minutes=ago)).isoformat(), **given)


def words(response: Any) -> str:
    """The texts of a page, one space between them."""
    body = re.sub(r"<title>.*?</title>", " ", response.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def rows(response: Any) -> list[str]:
    found = re.findall(r"<tr data-event.*?</tr>", response.text, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in found]
