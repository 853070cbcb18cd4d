"""Does the sentence say how and from where, and no more than is known?"""

from __future__ import annotations

import pytest

from audit.enrich.device import parse_device
from audit.vocabulary.document import Device, Place
from audit.web.events.where_and_how import where_and_how

LYON = Place(kind="city", city="Lyon", country="FR", radius_km=20)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko)"
)


def said_of(user_agent: str, place: Place | None = None) -> str | None:
    return where_and_how(parse_device(user_agent), place)


class TestWhereAndHow:
    def test_says_an_in_app_browser_and_a_place(self) -> None:
        client = Device(
            agent_name="Safari",
            agent_version="17.5",
            device_class="Phone",
            device_name="iPhone",
            device_brand="Apple",
            operating_system_name="iOS",
            operating_system_version="17.5",
            webview_app_name="Instagram",
        )
        assert where_and_how(client, LYON) == (
            "Safari 17.5 on iOS 17.5, iPhone, in-app browser of Instagram;"
            " near Lyon, France, ±20 km"
        )

    @pytest.mark.parametrize(
        ("user_agent", "sentence"),
        [
            pytest.param(
                f"{IPHONE} Mobile/21F79 Instagram 335.0.0.33.93 (iPhone14,2; iOS 17_5)",
                "Web view on iOS 17.5, iPhone, in-app browser of Instagram 335",
                id="in an app",
            ),
            pytest.param(
                f"{IPHONE} Version/17.5.1 Mobile/15E148 Safari/604.1",
                "Safari 17.5 on iOS 17.5, iPhone",
                id="on a phone",
            ),
            pytest.param(
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                " Chrome/120.0.0.0 Safari/537.36",
                "Chrome 120 on Windows 10 or later",
                id="on a desktop",
            ),
            pytest.param("curl/8.5.0", "curl 8.5, API client", id="a script"),
            pytest.param(
                "Mozilla/5.0 (compatible; Ourbot/2.1; +http://a.example)",
                "Ourbot 2.1, robot",
                id="a robot",
            ),
            pytest.param("", None, id="nothing"),
        ],
    )
    def test_says_what_a_user_agent_says(self, user_agent: str, sentence: str | None) -> None:
        assert said_of(user_agent) == sentence

    @pytest.mark.parametrize(
        ("place", "words"),
        [
            pytest.param(LYON, "near Lyon, France, ±20 km", id="a city"),
            pytest.param(Place(kind="city", city="Lyon"), "near Lyon", id="a city alone"),
            pytest.param(
                Place(kind="region", region="Rhône", country="FR"),
                "in Rhône, France",
                id="a region",
            ),
            pytest.param(Place(kind="country", country="ZZ"), "in ZZ", id="a country of no name"),
            pytest.param(Place(kind="network", organisation="Ac"), "through Ac", id="an owner"),
            pytest.param(
                Place(kind="private network"), "from a private network", id="a private network"
            ),
            pytest.param(
                Place(kind="multicast"), "from an address of the kind “multicast”", id="a kind"
            ),
            pytest.param(
                Place(kind="registered in AU", latitude=47.0),
                "from a network registered in Australia",
                id="registered, which is not located",
            ),
            pytest.param(Place(kind="point"), "from a place without a name", id="a point"),
            pytest.param(None, None, id="nowhere"),
        ],
    )
    def test_says_a_place(self, place: Place | None, words: str | None) -> None:
        assert where_and_how(None, place) == words

    def test_writes_out_what_would_turn_the_line(self) -> None:
        said = where_and_how(Device(agent_name="a\u202eb"), None)
        assert said == "a⟨U+202E⟩b"
