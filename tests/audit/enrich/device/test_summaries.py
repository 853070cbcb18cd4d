"""Is a user agent read that was told in a few words?"""

from __future__ import annotations

import pytest

from audit.enrich.device import Device, parse_device
from audit.enrich.device.summaries import AGENTS, SYSTEMS, Family, find_summary


@pytest.mark.parametrize("row", AGENTS, ids=[row.name for row in AGENTS])
def test_an_agent_has_the_name_that_the_other_tables_give_it(row: Family) -> None:
    assert parse_device(row.example).agent_name == row.ours


@pytest.mark.parametrize("row", SYSTEMS, ids=[row.name for row in SYSTEMS])
def test_a_system_has_the_name_that_the_other_tables_give_it(row: Family) -> None:
    assert parse_device(row.example).operating_system_name == row.ours


@pytest.mark.parametrize(
    ("text", "agent", "device", "system"),
    [
        pytest.param(
            "Chrome 120.0.0 / Mac OS X 10.15.7",
            ("Chrome", "120.0.0"),
            ("Desktop", "Macintosh", "Apple"),
            ("macOS", ">=10.15.7"),
            id="a desktop, whose system is frozen",
        ),
        pytest.param(
            "Firefox 121.0.0 / Mac OS X 10.15.0",
            ("Firefox", "121.0.0"),
            ("Desktop", "Macintosh", "Apple"),
            ("macOS", ">=10.15"),
            id="Firefox, which freezes it, too",
        ),
        pytest.param(
            "Edge 120.0.0 / Windows 10.0.0",
            ("Edge", "120.0.0"),
            ("Desktop", "Desktop", None),
            ("Windows", ">=10"),
            id="Windows",
        ),
        pytest.param(
            "Mobile Safari 17.2.0 / iOS 17.2.1",
            ("Safari", "17.2.0"),
            ("Phone", None, "Apple"),
            ("iOS", "17.2.1"),
            id="a phone of Apple's",
        ),
        pytest.param(
            "Chrome Mobile 120.0.0 / Android 10.0.0",
            ("Chrome", "120.0.0"),
            ("Phone", None, None),
            ("Android", None),
            id="Android, which Chrome freezes",
        ),
        pytest.param(
            "HeadlessChrome 120.0.0 / Linux 0.0.0",
            ("Chrome", "120.0.0"),
            ("Robot", "Linux Desktop", None),
            ("Linux", None),
            id="a robot on a desktop",
        ),
        pytest.param(
            "okhttp 4.9.0 / Other 0.0.0",
            ("okhttp", "4.9.0"),
            ("API client", None, None),
            (None, None),
            id="a library",
        ),
        pytest.param(
            "Googlebot 2.1.0 / Other 0.0.0",
            ("Googlebot", "2.1.0"),
            ("Robot", None, None),
            (None, None),
            id="a robot",
        ),
    ],
)
def test_all_is_told_that_it_tells(
    text: str,
    agent: tuple[str, str],
    device: tuple[str, str | None, str | None],
    system: tuple[str | None, str | None],
) -> None:
    assert parse_device(text) == Device(
        agent_name=agent[0],
        agent_version=agent[1],
        device_class=device[0],
        device_name=device[1],
        device_brand=device[2],
        operating_system_name=system[0],
        operating_system_version=system[1],
    )


def test_nothing_is_said_of_what_it_calls_other() -> None:
    assert parse_device("Other 0.0.0 / Other 0.0.0") == Device()


@pytest.mark.parametrize(
    "text", ["Chrome 120 / Mac OS X 10", "Chrome/120.0.0 (Mac OS X 10.15.7)", "a 1.2.3 / b", ""]
)
def test_other_texts_are_none(text: str) -> None:
    assert find_summary(text) is None
