"""Does each row of the device tables hold for its own example?"""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import asdict

from audit.enrich.device import parse_device
from audit.enrich.device.agents import AGENTS, find_browser
from audit.enrich.device.amazon import NAMES
from audit.enrich.device.api_clients import API_CLIENTS, find_api_client
from audit.enrich.device.brands import BRAND_WORDS, BRANDS, brand_of, without_brand
from audit.enrich.device.classes import CLASSES, find_class
from audit.enrich.device.engines import ENGINES, find_engine
from audit.enrich.device.hardware import MAKERS
from audit.enrich.device.hints import NO_HINTS
from audit.enrich.device.pieces import split_user_agent
from audit.enrich.device.programs import PROGRAMS, find_known_program
from audit.enrich.device.robots import ROBOTS, find_robot
from audit.enrich.device.systems import SYSTEMS, find_system
from audit.enrich.device.televisions import COMMENTS, find_television
from audit.enrich.device.webviews import IN_APP_BROWSERS, find_in_app_browser


def rows(table: Any) -> list[Any]:
    return [pytest.param(row, id=f"{place}-{row[0]}") for place, row in enumerate(table)]


class TestRows:
    @pytest.mark.parametrize("row", rows(ROBOTS))
    def test_a_robot_is_told_by_its_name(self, row: Any) -> None:
        found = find_robot(split_user_agent(row.example))
        assert found is not None
        assert found.name == row.name

    @pytest.mark.parametrize("row", rows(API_CLIENTS))
    def test_an_api_client_is_told_by_its_name(self, row: Any) -> None:
        found = find_api_client(split_user_agent(row.example))
        assert found is not None
        assert found.name == row.name
        assert parse_device(row.example).device_class == "API client"

    @pytest.mark.parametrize("row", rows(AGENTS))
    def test_a_browser_is_told_by_its_name(self, row: Any) -> None:
        found = find_browser(split_user_agent(f"Mozilla/5.0 {row.example}"))
        assert found is not None
        assert found[0] == row
        assert found[1] is not None

    @pytest.mark.parametrize("row", rows(IN_APP_BROWSERS))
    def test_an_app_is_told_by_its_name(self, row: Any) -> None:
        found = find_in_app_browser(split_user_agent(f"Mozilla/5.0 (iPhone) {row.example}"))
        assert found is not None
        assert found[0].name == row.name

    @pytest.mark.parametrize("row", rows(PROGRAMS))
    def test_a_program_is_told_by_its_name(self, row: Any) -> None:
        found = find_known_program(split_user_agent(row.example))
        assert found is not None
        assert found.name == row.name
        assert found.version is not None

    @pytest.mark.parametrize("row", rows(ENGINES))
    def test_an_engine_is_told(self, row: Any) -> None:
        assert find_engine(split_user_agent(row.example)).name == row.name

    @pytest.mark.parametrize("row", rows(SYSTEMS))
    def test_a_system_is_told(self, row: Any) -> None:
        assert find_system(split_user_agent(row.example), NO_HINTS, model="X").name == row.name

    @pytest.mark.parametrize("row", rows(CLASSES))
    def test_a_class_is_told(self, row: Any) -> None:
        pieces = split_user_agent(row.example)
        found = find_class(pieces, NO_HINTS, system=None, model=None, is_page=True)
        assert found == row.name

    @pytest.mark.parametrize("row", rows(BRANDS))
    def test_a_model_tells_its_brand(self, row: Any) -> None:
        assert brand_of(row.example) == row.name

    @pytest.mark.parametrize("row", rows(COMMENTS))
    def test_a_television_tells_brand_and_model(self, row: Any) -> None:
        found = find_television(split_user_agent(row.example))
        assert found == (row.name, row.brand)

    @pytest.mark.parametrize("row", rows(MAKERS))
    def test_internet_explorer_told_the_computers_maker(self, row: Any) -> None:
        user_agent = f"Mozilla/5.0 (Windows NT 6.3; Trident/7.0; {row.code.upper()}; rv:11.0)"
        assert parse_device(f"{user_agent} like Gecko").device_brand == row.brand

    @pytest.mark.parametrize(("word", "brand"), BRAND_WORDS.items())
    def test_a_model_that_begins_with_the_brand(self, word: str, brand: str) -> None:
        assert brand_of(f"{word.upper()}_X1") == brand
        assert without_brand("X1", brand) == "X1"

    @pytest.mark.parametrize(("code", "name"), NAMES.items())
    def test_amazons_codes_have_names(self, code: str, name: str) -> None:
        device = parse_device(f"Mozilla/5.0 (Linux; Android 9; {code}) AppleWebKit/537.36")
        assert (device.device_brand, device.device_name) == ("Amazon", name)
        assert device.operating_system_name == "FireOS"


def test_no_two_rows_wait_for_the_same_mark() -> None:
    for marks in (
        [r.token for r in ROBOTS],
        [a.token for a in AGENTS],
        [c.start for c in API_CLIENTS],
    ):
        assert len(marks) == len(set(marks))


def test_a_device_has_eleven_fields_of_text_or_nothing() -> None:
    fields = asdict(parse_device("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/115.0"))
    assert len(fields) == 11
    assert all(value is None or isinstance(value, str) for value in fields.values())
