from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Preferences

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(client: Client) -> User:
    user = User.objects.create_user("ann")
    client.force_login(user)
    return user


class TestPreferences:
    def test_are_kept_for_the_person(self, client: Client, ann: User) -> None:
        sent = {
            "time_zone": "Europe/Berlin",
            "density": "comfortable",
            "columns": ["ip", "", "place", "ip"],
            "folds": "0",
            "next": "/events/?actor=a",
        }
        response = client.post("/preferences/", sent)
        assert response["Location"] == "/events/?actor=a"
        kept = Preferences.objects.get(user=ann)
        assert (kept.time_zone, kept.density, kept.columns, kept.folds) == (
            "Europe/Berlin",
            "comfortable",
            ["ip", "place"],
            False,
        )

    def test_change_alone_leaving_the_others(self, client: Client, ann: User) -> None:
        client.post("/preferences/", {"time_zone": "Europe/Berlin"})
        client.post("/preferences/", {"is_in_utc": "1"})
        kept = Preferences.objects.get(user=ann)
        assert (kept.time_zone, kept.is_in_utc) == ("Europe/Berlin", True)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            pytest.param("time_zone", "Europe/Nowhere", id="no zone"),
            pytest.param("time_zone", "../../etc/passwd", id="a path"),
            pytest.param("time_zone", "UTC\0", id="a zero byte"),
            pytest.param("density", "huge", id="no density"),
            pytest.param("columns", "password", id="no column"),
            pytest.param("is_in_utc", "maybe", id="neither yes nor no"),
        ],
    )
    def test_of_what_is_not_offered_are_left_alone(
        self, client: Client, ann: User, name: str, value: str
    ) -> None:
        assert client.post("/preferences/", {name: value}).status_code == 302
        assert not Preferences.objects.filter(user=ann).exists()

    @pytest.mark.parametrize("path", ["https://example.com/", "//example.com", "javascript:x", ""])
    def test_lead_back_to_no_other_place(self, client: Client, ann: User, path: str) -> None:
        response = client.post("/preferences/", {"density": "compact", "next": path})
        assert response["Location"] == "/preferences/"

    def test_of_nobody_reach_no_further_than_the_browser(self, client: Client) -> None:
        response = client.post("/preferences/", {"theme": "dark", "density": "comfortable"})
        assert response.cookies["sightline_theme"].value == "dark"
        assert not Preferences.objects.exists()
        assert 'data-theme="dark"' in client.get("/login/").text

    def test_choose_the_language(self, client: Client) -> None:
        client.post("/preferences/", {"language": "de"})
        assert '<html lang="de"' in client.get("/login/").text


class TestZoneOfThePages:
    def test_is_the_one_chosen(self, client: Client, ann: User) -> None:
        Preferences.objects.create(user=ann, time_zone="Asia/Tokyo")
        assert "Asia/Tokyo" in client.get("/events/").text

    def test_is_utc_for_as_long_as_that_is_asked_for(self, client: Client, ann: User) -> None:
        Preferences.objects.create(user=ann, time_zone="Asia/Tokyo", is_in_utc=True)
        assert "Show times in Asia/Tokyo" in client.get("/events/").text
