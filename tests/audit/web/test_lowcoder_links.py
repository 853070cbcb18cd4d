"""Links to Lowcoder's own audit screen lead to the same search here."""

from __future__ import annotations

import pytest
from django.test import Client

EVENT = "0195687a-b1c0-7000-8000-000000000001"


class TestLinks:
    @pytest.mark.parametrize(
        ("asked", "address"),
        [
            pytest.param("", "/events/", id="nothing"),
            pytest.param(
                "?environmentId=prod&orgId=w1&appId=a1&pageSize=100&pageNum=1",
                "/events/?environment=prod&workspace=w1&application=a1",
                id="an app",
            ),
            pytest.param(
                "?environmentId=prod&datasourceId=d1",
                "/events/?environment=prod&resource=d1",
                id="a data source",
            ),
            pytest.param("?queryId=q%261", "/events/?resource=q%261", id="a query"),
            pytest.param(
                "?userId=u1&eventType=USER_LOGIN", "/events/?actor=u1&type=USER_LOGIN", id="a user"
            ),
            pytest.param(
                "?fromTimestamp=2026-03-05T09:00:00.000Z&toTimestamp=2026-03-06",
                "/events/?from=2026-03-05T09:00:00.000Z&to=2026-03-06",
                id="a range",
            ),
            pytest.param("?odd=1", "/events/?odd=1", id="what we don't know is said there"),
            pytest.param(f"?eventId={EVENT}", f"/events/{EVENT}/", id="an event"),
            pytest.param(f"/{EVENT}/detail", f"/events/{EVENT}/", id="an event's page"),
        ],
    )
    def test_lead_to_the_same_search(self, asked: str, address: str) -> None:
        answer = Client().get(f"/setting/audit{asked}")
        assert answer.status_code == 302
        assert answer["Location"] == address
