"""Does each client have icons that are there?"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

import audit
from audit.vocabulary.document import Device
from audit.web.parts.devices import CLASS_ICONS, FAMILIES, SYSTEM_ICONS, DeviceIcons, device_icons

SPRITE = Path(audit.__file__).parent / "static" / "audit" / "icons.svg"


def ids() -> set[str]:
    return {symbol.attrib["id"] for symbol in ElementTree.parse(SPRITE).getroot()}


class TestDeviceIcons:
    def test_are_of_class_system_and_family(self) -> None:
        client = Device(
            agent_name="Opera Mobile", device_class="Phone", operating_system_name="Android"
        )
        assert device_icons(client) == DeviceIcons(
            device_class="class-phone", system="os-android", browser="browser-opera"
        )

    @pytest.mark.parametrize("client", [None, Device(), Device(device_class="Toaster")])
    def test_are_there_for_what_nobody_knows(self, client: Device | None) -> None:
        assert device_icons(client) == DeviceIcons(
            device_class="class-unknown", system="os-unknown", browser="browser-unknown"
        )

    def test_show_an_in_app_browser_as_one(self) -> None:
        client = Device(agent_name="Instagram", webview_app_name="Instagram")
        assert device_icons(client).browser == "browser-app"

    def test_show_an_api_client_as_a_terminal(self) -> None:
        client = Device(agent_name="curl", device_class="API client")
        assert device_icons(client).browser == "browser-terminal"

    def test_are_all_drawn(self) -> None:
        named = {*CLASS_ICONS.values(), *SYSTEM_ICONS.values(), *(icon for _, icon in FAMILIES)}
        named |= {"class-unknown", "os-unknown", "browser-unknown", "browser-terminal"}
        assert named == ids()
