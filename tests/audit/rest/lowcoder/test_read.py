"""What Lowcoder's client asks, and what it gets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from audit.contracts import Scope
from audit.query import EventQuery
from audit.query.numbered_pages import find_page
from tests.audit.ingest.lowcoder.envelopes import SAMPLES, Sample

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)
MEMBERS = {
    *("id", "eventType", "eventTime", "environmentId", "orgId", "userId", "appId", "details"),
    *("agentName", "operatingSystemName", "operatingSystemVersion", "deviceName", "deviceClass"),
    *("deviceBrand", "layoutEngineName", "layoutEngineVersion", "webviewAppName", "location"),
}


def view(number: int, **members: Any) -> dict[str, Any]:
    return {
        "eventType": "APPLICATION_VIEW",
        "eventId": f"v{number}",
        "eventTime": (AT + timedelta(minutes=number)).isoformat(),
        "orgId": "w1",
        "userId": f"u{number % 2}",
        "details": {"applicationId": f"a{number % 3}"},
        **members,
    }


@pytest.fixture
def ten_views(emit: Any) -> None:
    assert emit([view(n) for n in range(10)]).status_code == 201


def minutes(answer: Any) -> list[int]:
    times = [datetime.fromisoformat(event["eventTime"]) for event in answer.json()["data"]]
    return [(at - AT) // timedelta(minutes=1) for at in times]


class TestEachType:
    @pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.code)
    def test_comes_back_with_lowcoders_names(self, emit: Any, ask: Any, sample: Sample) -> None:
        sent = emit(sample.envelope)
        answer = ask()
        assert answer.status_code == 200
        (event,) = answer.json()["data"]
        assert set(event) == MEMBERS
        assert event["id"] == sent.json()["events"][0]["id"]
        assert event["eventType"] == sample.code
        assert (event["environmentId"], event["orgId"], event["userId"]) == ("prod", "w1", "u1")
        assert event["appId"] == (sample.application or {}).get("id")
        assert (event["agentName"], event["deviceClass"]) == ("Chrome", "Desktop")
        # Our own keys may come on top; what was sent is there as it was sent.
        assert event["details"].items() >= sample.details.items()


class TestNativeEvents:
    def test_are_told_in_lowcoders_keys(self, post: Any, ask: Any) -> None:
        event = {
            "type": "GROUP_MEMBER_ADD",
            "application": {"id": "a1", "gid": "g1", "name": "Orders"},
            "resource": {"type": "group", "id": "g7", "name": "Buyers"},
            "targets": [{"type": "user", "id": "u2"}, {"type": "group", "id": "g8"}],
        }
        assert post(event).status_code == 201
        assert ask().json()["data"][0]["details"] == {
            "applicationId": "a1",
            "applicationGid": "g1",
            "applicationName": "Orders",
            "groupId": "g7",
            "groupName": "Buyers",
            "userIds": ["u2"],
            "groupIds": ["g8"],
        }

    def test_tell_a_querys_execution_in_its_detail(self, post: Any, ask: Any) -> None:
        event = {
            "type": "QUERY_EXECUTION",
            "application": {"id": "a1", "name": "Orders"},
            "resource": {"type": "query", "id": "q1", "name": "open"},
        }
        assert post(event).status_code == 201
        detail = ask().json()["data"][0]["details"]["detail"]
        assert detail == {
            "applicationId": "a1",
            "applicationName": "Orders",
            "queryId": "q1",
            "queryName": "open",
        }


@pytest.mark.usefixtures("ten_views")
class TestPages:
    def test_are_numbered_from_one_newest_first(self, ask: Any) -> None:
        assert minutes(ask(pageSize=4, pageNum=1)) == [9, 8, 7, 6]
        assert minutes(ask(pageSize=4, pageNum=3)) == [1, 0]
        assert minutes(ask(pageSize=4, pageNum=4)) == []
        assert ask(pageSize=4, pageNum=4).json()["totalCount"] == 10

    def test_are_of_25_by_themselves(self, ask: Any, emit: Any) -> None:
        assert emit([view(n) for n in range(10, 40)]).status_code == 201
        assert minutes(ask()) == list(range(39, 14, -1))

    @pytest.mark.parametrize(
        ("params", "found"),
        [
            pytest.param({"userId": "u1"}, [9, 7, 5, 3, 1], id="user"),
            pytest.param({"appId": "a2", "userId": "u1"}, [5], id="app and user"),
            pytest.param({"orgId": "w2"}, [], id="org"),
            pytest.param({"eventType": "USER_LOGIN"}, [], id="type"),
            pytest.param({"eventType": ["USER_LOGIN", "APPLICATION_VIEW"]}, [*range(9, -1, -1)]),
            pytest.param({"environmentId": "prod", "userId": ""}, [*range(9, -1, -1)], id="empty"),
            pytest.param({"fromTimestamp": "2026-03-05T09:08:00.000Z"}, [9, 8], id="from"),
            pytest.param({"toTimestamp": "2026-03-05T09:01"}, [0], id="to, without an offset"),
            pytest.param(
                {"fromTimestamp": "2026-03-05T10:08:00+01:00"}, [9, 8], id="another offset"
            ),
            pytest.param(
                {"fromTimestamp": "2026-03-05 10:08:00 0100"}, [9, 8], id="written in haste"
            ),
        ],
    )
    def test_are_filtered(self, ask: Any, params: Any, found: list[int]) -> None:
        answer = ask(**params)
        assert minutes(answer) == found
        assert answer.json()["totalCount"] == len(found)
        stats = {row["eventType"]: row["groupCountResult"] for row in self.statistics(ask, params)}
        assert stats == ({"APPLICATION_VIEW": len(found)} if found else {})

    def statistics(self, ask: Any, params: Any) -> list[dict[str, Any]]:
        answer = ask("/statistics", groupByParam="eventTypeId", **params)
        assert answer.status_code == 200
        return answer.json()["data"]

    def test_have_one_event_by_its_id(self, ask: Any) -> None:
        wanted = ask(pageSize=3).json()["data"][2]
        answer = ask(eventId=wanted["id"])
        assert answer.json() == {"data": [wanted], "totalCount": 1}
        assert self.statistics(ask, {"eventId": wanted["id"]})[0]["groupCountResult"] == 1
        assert ask(eventId=wanted["id"], userId="u0").json()["totalCount"] == 0
        unknown = wanted["id"][:-1] + ("0" if wanted["id"][-1] != "0" else "1")
        assert ask(eventId=unknown).json() == {"data": [], "totalCount": 0}


@pytest.mark.usefixtures("ten_views")
class TestDepth:
    def test_says_when_there_is_more_than_it_counts(
        self, ask: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert ask()["X-Total-Count-Capped"] == "false"
        monkeypatch.setattr("audit.query.numbered_pages.DEPTH", 6)
        monkeypatch.setattr("audit.rest.lowcoder.read.DEPTH", 6)
        answer = ask(pageSize=4)
        assert answer["X-Total-Count-Capped"] == "true"
        assert answer.json()["totalCount"] == 6
        # The last page that the total leads to is whole.
        assert minutes(ask(pageSize=4, pageNum=2)) == [5, 4, 3, 2]
        assert ask(pageSize=4, pageNum=3).status_code == 400

    def test_refuses_pages_beyond_it(self, ask: Any) -> None:
        assert ask(pageSize=10_000, pageNum=1).status_code == 200
        assert ask(pageSize=25, pageNum=400).status_code == 200
        answer = ask(pageSize=25, pageNum=401)
        assert answer.status_code == 400
        assert answer.json()["parameter"] == "pageNum"
        assert "10,000" in answer.json()["detail"]
        with pytest.raises(ValueError, match="not within"):
            find_page(EventQuery(scope=Scope()), number=401, size=25)


class TestRefusals:
    @pytest.mark.parametrize(
        ("params", "parameter", "word"),
        [
            pytest.param({"enviromentId": "x"}, "enviromentId", "environmentId", id="a typo"),
            pytest.param({"environmentId": "prd"}, "environmentId", "'prod'", id="no environment"),
            pytest.param({"fromTimestamp": "soon"}, "fromTimestamp", "no time", id="no time"),
            pytest.param({"pageNum": "0"}, "pageNum", "from 1", id="page 0"),
            pytest.param({"pageSize": "10001"}, "pageSize", "10,000", id="too large a page"),
            pytest.param({"pageNum": "²"}, "pageNum", "number", id="no digit"),
            pytest.param({"eventId": "7"}, "eventId", "'7'", id="no id of ours"),
            pytest.param({"orgId": "x" * 1_025}, "orgId", "1024", id="too long"),
        ],
    )
    def test_name_the_parameter(self, ask: Any, params: Any, parameter: str, word: str) -> None:
        answer = ask(**params)
        assert answer.status_code == 400
        assert answer.json()["parameter"] == parameter
        assert word in answer.json()["detail"]

    def test_know_one_grouping(self, ask: Any) -> None:
        assert ask("/statistics", groupByParam="userId").json()["parameter"] == "groupByParam"

    def test_keep_out_whom_we_dont_know(self, db: None, ingest_key: str) -> None:
        for path in ("", "/statistics"):
            path = f"/api/plugins/enterprise/audit-logs{path}"
            assert Client().get(path).status_code == 401
            headers = {"Authorization": f"Bearer {ingest_key}"}
            assert Client().get(path, headers=headers).status_code == 403
