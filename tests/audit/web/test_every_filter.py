"""Does each filter that the parser knows work everywhere? A new one needs a value here."""

from __future__ import annotations

import re
from typing import Any

import pytest

from audit.query.search.parameters import EXCLUDE, FACETS, MOMENTS, PARAMETERS
from audit.rest.schema.parameters import FILTERS
from audit.web.parts.labels import FILTERS as LABELS
from audit.web.parts.labels import filter_label

VALUES = {
    "environment": "prod",
    "workspace": "w-1",
    "actor": "ann@example.org",
    "application": "a-1",
    "type": "APPLICATION_DELETE",
    "group": "applications",
    "outcome": "denied",
    "resource_type": "page",
    "resource": "p-1",
    "target": "ben",
    "ip": "192.0.2.0/24",
    "country": "CH",
    "browser": "Firefox",
    "os": "Linux",
    "device_class": "Desktop",
    "session": "s-1",
    "request_id": "r-1",
    "trace": "0af7651916cd43dd8448eb211c80319c",
    "source": "billing",
    "sender": "7",
    "key": "9",
}
# Told by the line of time itself, or by the box of words: no chip of their own.
WITHOUT_CHIP = ("from", "to")
ROUTES = (
    "events",
    "events?order=recorded",
    "events/count",
    "events/facets?facet=type",
    "events/histogram?by=type",
    "events/export?format=ndjson",
)


class TestEveryFilter:
    def test_has_a_value_here(self) -> None:
        assert set(VALUES) == set(FACETS)
        assert {*FACETS, *(EXCLUDE + name for name in FACETS), *MOMENTS, "q"} == PARAMETERS

    @pytest.mark.parametrize("name", sorted(PARAMETERS - set(WITHOUT_CHIP)))
    def test_has_a_label(self, name: str) -> None:
        assert name.removeprefix(EXCLUDE) in LABELS
        assert filter_label(name) != name

    @pytest.mark.parametrize("name", FACETS)
    @pytest.mark.parametrize("prefix", ["", EXCLUDE])
    def test_answers_on_the_page_and_is_a_chip_there(
        self, browse: Any, prefix: str, name: str
    ) -> None:
        page = browse(f"/events/?{prefix}{name}={VALUES[name]}")
        assert page.status_code == 200
        chips = re.findall(r'<li class="chip.*?</li>', page.text, re.DOTALL)
        assert len(chips) == 1
        assert filter_label(prefix + name) in chips[0]

    @pytest.mark.parametrize("name", FACETS)
    @pytest.mark.parametrize("prefix", ["", EXCLUDE])
    def test_answers_on_all_routes_of_a_search(self, browse: Any, prefix: str, name: str) -> None:
        for route in ROUTES:
            separator = "&" if "?" in route else "?"
            answer = browse(f"/api/v1/{route}{separator}{prefix}{name}={VALUES[name]}")
            assert answer.status_code == 200, answer.content
            if answer.streaming:
                b"".join(answer.streaming_content)

    def test_is_told_by_the_reference(self) -> None:
        assert {parameter.name for parameter in FILTERS} == PARAMETERS
