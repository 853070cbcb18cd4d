"""What a reader finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Grant, User
from accounts.tokens import create_read_token
from environments.models import Environment
from tests.location_files import ACME, LYON, write_location_file

NATIVE = {
    "id": "a-1",
    "time": "2026-03-05T09:00:00.123+01:00",
    "type": "APPLICATION_UPDATE",
    "outcome": "success",
    "workspace": {"id": "w1", "name": "Sales"},
    "actor": {"id": "ann", "name": "Ann", "email": "ann@example.com", "type": "user"},
    "application": {"id": "a1", "gid": "g1", "name": "Orders"},
    "resource": {"type": "application", "id": "a1", "name": "Orders"},
    "targets": [{"type": "group", "id": "g"}, {"type": "user", "id": "ben", "name": "Ben"}],
    "context": {
        "ip": "192.0.2.7",
        "user_agent": "curl/8.5.0",
        "session": "s",
        "request_id": "r",
        "trace": "t",
    },
    "changes": [{"field": "name", "old": "Orders", "new": "Orders v2"}],
    "details": {"n": 1, "deep": {"list": [1, None]}},
    "source": "test",
    "sequence": 17,
}

FIND_ALL = ("environment=prod", "exclude_actor=ben", "exclude_source=none", "recorded_after=-1h")


def found(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [event["submitted_id"] for event in answer.json()["results"]]


class TestEvent:
    def test_has_the_native_members_again_and_what_was_added(self, post: Any, get: Any) -> None:
        told = post(NATIVE).json()["events"][0]
        event = get(f"events/{told['id']}").json()
        same = NATIVE.keys() - {"id", "time"}
        assert {name: event[name] for name in same} == {name: NATIVE[name] for name in same}
        assert event["submitted_id"] == "a-1"
        assert event["time"] == "2026-03-05T08:00:00.123000Z"
        assert event["environment"] == "prod"
        assert event["leaf"] == told["leaf"]
        assert event["client"]["agent_name"] == "curl"
        assert event["place"]["kind"] == "documentation"
        assert event["sender"]["name"] == "billing"

    def test_tells_all_of_the_device_and_of_the_place(
        self, post: Any, get: Any, settings: Any, tmp_path: Path
    ) -> None:
        settings.AUDIT = {
            **settings.AUDIT,
            "GEOIP_CITY_PATH": str(write_location_file(tmp_path / "c", {"81.2.69.0/24": LYON})),
            "GEOIP_ASN_PATH": str(
                write_location_file(tmp_path / "a", {"81.2.0.0/16": ACME}, database_type="Test-ASN")
            ),
        }
        user_agent = (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A; wv) AppleWebKit/537.36 (KHTML,"
            " like Gecko) Version/4.0 Chrome/121.0.6167.178 Mobile Safari/537.36"
            " Instagram 335.0.0.33.93 Android (34/14)"
        )
        context = {"ip": "81.2.69.142", "user_agent": user_agent}
        told = post({**NATIVE, "context": context}).json()["events"][0]
        event = get(f"events/{told['id']}").json()
        assert event["client"] == {
            "agent_name": "Chrome Webview",
            "agent_version": "121.0.6167.178",
            "device_class": "Phone",
            "device_name": "Pixel 8",
            "device_brand": "Google",
            "operating_system_name": "Android",
            "operating_system_version": "14",
            "layout_engine_name": "Blink",
            "layout_engine_version": "121.0.6167.178",
            "webview_app_name": "Instagram",
            "webview_app_version": "335.0.0.33.93",
        }
        assert event["place"] == {
            "kind": "city",
            "country": "FR",
            "region": "Auvergne-Rhône-Alpes",
            "city": "Lyon",
            "latitude": 45.75,
            "longitude": 4.85,
            "radius_km": 20,
            "time_zone": "Europe/Paris",
            "network": "81.2.0.0/16",
            "organisation": "Acme Networks",
        }

    def test_is_404_with_the_same_body_outside_the_scope(self, post: Any, get: Any) -> None:
        id_ = post(NATIVE).json()["events"][0]["id"]
        user = User.objects.create_user("nobody")
        _, token = create_read_token(user=user, now=timezone.now())
        hidden = get(f"events/{id_}", Authorization=f"Bearer {token}")
        missing = get("events/00000000-0000-7000-8000-000000000000")
        assert hidden.status_code == missing.status_code == 404
        assert hidden.content == missing.content


class TestSearch:
    @pytest.mark.parametrize(
        "filter_",
        [
            "environment=prod",
            "workspace=w1",
            "actor=ann",
            "application=a1",
            "type=APPLICATION_UPDATE",
            "group=applications",
            "outcome=success",
            "resource=a1",
            "resource_type=application",
            "target=ben",
            "ip=192.0.2.7",
            "ip=192.0.2.0/24",
            "browser=curl",
            "session=s",
            "session=zz&session=s",
            "request_id=r",
            "trace=t",
            "source=test",
            "exclude_source=none",
            "recorded_after=-1h",
            "recorded_before=now&type=APPLICATION_UPDATE",
            "q=orders",
            "from=2026-03-05T08:00:00Z&to=2026-03-06T00:00:00Z",
            "exclude_actor=ben",
            "actor=zoe&actor=ann",
            "actor=ann&application=a1&outcome=success&ip=192.0.2.7",
        ],
    )
    def test_finds_by_each_filter_and_by_them_together(
        self, post: Any, get: Any, filter_: str
    ) -> None:
        post([NATIVE, {"type": "OTHER", "id": "other", "time": "2026-03-07T09:00:00Z"}])
        finds_all = filter_ in FIND_ALL
        expected = ["other", "a-1"] if finds_all else ["a-1"]
        assert found(get(f"events?{filter_}")) == expected
        assert get(f"events/count?{filter_}").json()["count"] == len(expected)
        assert get(f"events/histogram?{filter_}").json()["total"] == len(expected)

    @pytest.mark.parametrize(
        "filter_",
        [
            "actor=zoe",
            "type=NEVER",
            "exclude_type=APPLICATION_UPDATE",
            "from=-1h",
            "recorded_before=-1h",
            "recorded_after=2100-01-01",
            "exclude_session=s&session=s",
            "key=0",
        ],
    )
    def test_gives_an_empty_page_for_what_isnt_there(
        self, post: Any, get: Any, filter_: str
    ) -> None:
        post(NATIVE)
        assert found(get(f"events?{filter_}")) == []

    @pytest.mark.parametrize(
        ("query", "parameter", "word"),
        [
            ("actr=x", "actr", "actor"),
            ("outcome=sucess", "outcome", "success"),
            ("environment=prd", "environment", "prod"),
            ("group=app", "group", ""),
            ("from=yesterday-ish", "from", "RFC 3339"),
            ("ip=nowhere", "ip", "address"),
            ("recorded_after=soon", "recorded_after", "RFC 3339"),
            ("key=mine", "key", "number"),
            ("q=%00", "q", "Null"),
            ("q=" + "x" * 257, "q", "256"),
            ("q=" + "+".join("abcdefghijk"), "q", "10 words"),
            ("page_size=0", "page_size", "1,000"),
            ("page_size=1001", "page_size", "1,000"),
            ("cursor=abc", "cursor", "cursor"),
        ],
    )
    def test_names_a_bad_parameter_and_the_right_word(
        self, get: Any, query: str, parameter: str, word: str
    ) -> None:
        answer = get(f"events?{query}")
        assert answer.status_code == 400
        assert answer.json()["parameter"] == parameter
        assert word in answer.json()["detail"]


class TestFacets:
    def test_are_told_for_the_filters_given(self, post: Any, get: Any) -> None:
        post([NATIVE, {"type": "OTHER", "id": "other", "time": "2026-03-07T09:00:00Z"}])
        assert get("events/facets?facet=actor&facet=type&actor=ann").json()["facets"] == [
            {
                "facet": "actor",
                "values": [{"value": "ann", "name": None, "count": 1}],
                "total": 1,
                "without": 0,
                "complete": True,
                "searched_back_to": None,
            },
            {
                "facet": "type",
                "values": [
                    {"value": "APPLICATION_UPDATE", "name": "Update application", "count": 1}
                ],
                "total": 1,
                "without": 0,
                "complete": True,
                "searched_back_to": None,
            },
        ]

    @pytest.mark.parametrize(
        ("query", "parameter", "word"),
        [
            ("", "facet", "country"),
            ("facet=contry", "facet", "country"),
            ("facet=type&limit=0", "limit", "100"),
            ("facet=type&actr=x", "actr", "actor"),
        ],
    )
    def test_name_a_bad_parameter(self, get: Any, query: str, parameter: str, word: str) -> None:
        answer = get(f"events/facets?{query}")
        assert answer.status_code == 400
        assert answer.json()["parameter"] == parameter
        assert word in answer.json()["detail"]


class TestPages:
    @pytest.fixture
    def many(self, post: Any) -> None:
        events = [
            {"type": "X", "id": str(n), "time": f"2026-03-05T09:{n:02d}:00Z", "source": "s"}
            for n in range(25)
        ]
        assert post(events).status_code == 201

    def walk(self, get: Any, path: str, way: str) -> list[str]:
        ids: list[str] = []
        while path:
            answer = get(path)
            ids += found(answer)
            onward = answer.json()[way]
            path = "events?" + urlsplit(onward).query if onward else ""
        return ids

    def test_walk_down_meets_each_event_once(self, many: None, get: Any) -> None:
        ids = self.walk(get, "events?page_size=7", "next")
        assert ids == [str(n) for n in reversed(range(25))]

    def test_the_way_back_meets_the_same_pages(self, many: None, get: Any) -> None:
        first = get("events?page_size=10").json()
        assert first["previous"] is None
        second = get("events?" + urlsplit(first["next"]).query).json()
        back = get("events?" + urlsplit(second["previous"]).query).json()
        assert back["results"] == first["results"]
        assert back["previous"] is None

    def test_new_events_dont_move_a_cursor(self, many: None, post: Any, get: Any) -> None:
        first = get("events?page_size=10").json()
        post({"type": "X", "id": "new", "time": "2026-03-05T10:00:00Z"})
        second = get("events?" + urlsplit(first["next"]).query)
        assert found(second)[0] == "14"

    def test_a_cursor_is_refused_with_other_filters_or_when_changed(
        self, many: None, get: Any
    ) -> None:
        query = urlsplit(get("events?page_size=10").json()["next"]).query
        for other in (f"{query}&type=X", query[:-1] + ("A" if query[-1] != "A" else "B")):
            assert get(f"events?{other}").json()["type"] == "urn:audit:problem:bad-cursor"


class TestScope:
    def test_a_workspace_is_all_that_its_holder_sees(self, post: Any, get: Any) -> None:
        post([{**NATIVE, "id": w, "workspace": {"id": w}} for w in ("w1", "w2")])
        post({"type": "X", "id": "none"})
        user = User.objects.create_user("limited")
        Grant.objects.create(
            role="auditor",
            user=user,
            environment=Environment.objects.get(key="prod"),
            workspace_id="w2",
        )
        _, token = create_read_token(user=user, now=timezone.now())
        headers = {"Authorization": f"Bearer {token}"}
        assert found(get("events", **headers)) == ["w2"]
        assert get("events/count", **headers).json()["count"] == 1
        assert get("events/histogram", **headers).json()["total"] == 1
        assert found(get("events?workspace=w1", **headers)) == []

    def test_a_session_may_read_and_nothing_else(self, post: Any, get: Any) -> None:
        post(NATIVE)
        client = Client()
        client.force_login(User.objects.get(username="admin"))
        assert found(client.get("/api/v1/events")) == ["a-1"]
        assert (
            client.post("/api/v1/events", "{}", content_type="application/json").status_code == 401
        )

    def test_anonymous_is_401(self, db: None) -> None:
        assert Client().get("/api/v1/events").status_code == 401
