"""Does each filter work everywhere? The cases are made of the facets' own rows."""

from __future__ import annotations

import re
from typing import Any

import pytest

from audit.facets import EXCLUDE, FACETS
from audit.query.search.parameters import MOMENTS, PARAMETERS
from audit.rest.schema.parameters import FILTERS
from audit.web.parts.filter_rows import FILTERS as ROWS
from audit.web.parts.filter_rows import filter_label
from audit.web.parts.url import Address

OF_KIND = {"network": "192.0.2.0/24", "number": "7"}
ROUTES = (
    "events",
    "events?order=recorded",
    "events/count",
    "events/facets?facet=type",
    "events/histogram?by=type",
    "events/export?format=ndjson",
)


def value_of(name: str) -> str:
    facet = FACETS[name]
    return facet.example or next(iter(facet.words), OF_KIND.get(facet.kind, "x-1"))


class TestEveryFilter:
    def test_is_a_parameter(self) -> None:
        assert {*FACETS, *(EXCLUDE + name for name in FACETS), *MOMENTS, "q"} == PARAMETERS

    def test_is_a_chip_but_for_those_of_the_range(self) -> None:
        assert {name.removeprefix(EXCLUDE) for name in PARAMETERS} - set(ROWS) == {"from", "to"}

    @pytest.mark.parametrize("name", FACETS)
    @pytest.mark.parametrize("prefix", ["", EXCLUDE])
    def test_answers_on_the_page_and_is_a_chip_there(
        self, browse: Any, prefix: str, name: str
    ) -> None:
        page = browse(f"/events/?{prefix}{name}={value_of(name)}")
        assert page.status_code == 200
        chips = re.findall(r'<li class="chip.*?</li>', page.text, re.DOTALL)
        assert len(chips) == 1
        assert filter_label(prefix + name) in chips[0]

    @pytest.mark.parametrize("name", FACETS)
    @pytest.mark.parametrize("prefix", ["", EXCLUDE])
    def test_answers_on_all_routes_of_a_search(self, browse: Any, prefix: str, name: str) -> None:
        for route in ROUTES:
            separator = "&" if "?" in route else "?"
            answer = browse(f"/api/v1/{route}{separator}{prefix}{name}={value_of(name)}")
            assert answer.status_code == 200, answer.content
            if answer.streaming:
                b"".join(answer.streaming_content)

    @pytest.mark.parametrize("name", FACETS)
    def test_can_be_picked(self, browse: Any, name: str) -> None:
        value = value_of(name)
        page = browse(str(Address(path="/events/pick/", pairs=(("kind", name), ("typed", value)))))
        assert page.status_code == 200
        link = str(Address(path="/events/", pairs=((name, value),)))
        is_recorded_first = ROWS[name].pick_from in ("subjects", "senders")
        is_offered = not is_recorded_first or ROWS[name].is_partly_listed
        assert (f'href="{link}"' in page.text) == is_offered

    def test_is_told_by_the_reference(self) -> None:
        assert {parameter.name for parameter in FILTERS} == PARAMETERS
