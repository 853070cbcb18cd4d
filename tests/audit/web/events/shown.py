"""Events to be shown, and what a page of them says."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from audit.record import SubmittedEvent
from tests.factories import EventFactory


def event(type_: str = "APPLICATION_VIEW", **members: Any) -> SubmittedEvent:
    return EventFactory(type=type_, **members)


def words(response: Any) -> str:
    """The texts of a page, one space between them."""
    body = re.sub(r"<title>.*?</title>", " ", response.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def rows(response: Any) -> list[str]:
    found = re.findall(r"<tr data-event.*?</tr>", response.text, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in found]
