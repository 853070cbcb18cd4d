"""What the worker counts is what the events say, however rounds and batches divide them."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from audit.worker import batch

from .events import record, rows, work

pytestmark = pytest.mark.django_db
ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata")
# The numbers that cells are made of
_HOUR_CELL = (
    "(e.type::int << 7) | (extract(hour FROM audit_id_time(e.id) AT TIME ZONE 'UTC')::int << 2)"
    " | coalesce(e.outcome, 0)"
)
_DAY_CELL = "(e.type::int << 2) | coalesce(e.outcome, 0)"
_WORKSPACE = "b.every, CASE WHEN b.every THEN '' ELSE coalesce(e.workspace_id, '') END"
_LOCAL = "(audit_id_time(e.id) AT TIME ZONE %s)::date"
# What the worker keeps → the same, straight from the events. %s: the zone
COUNTED: Mapping[str, str] = {
    "SELECT environment, all_workspaces, workspace_id, day, u.*"
    " FROM audit_rolluphour r, unnest(r.cells, r.totals) AS u": (
        f"SELECT e.environment, {_WORKSPACE}, (audit_id_time(e.id) AT TIME ZONE 'UTC')::date,"
        f" {_HOUR_CELL}, count(*) FROM audit_event e, (VALUES (false), (true)) AS b (every)"
        " GROUP BY 1, 2, 3, 4, 5"
    ),
    "SELECT environment, all_workspaces, workspace_id, day, u.*"
    " FROM audit_rollupday r, unnest(r.cells, r.totals) AS u": (
        f"SELECT CASE WHEN a.every THEN 0 ELSE e.environment END, {_WORKSPACE}, {_LOCAL},"
        f" {_DAY_CELL}, count(*) FROM audit_event e, (VALUES (false), (true)) AS a (every),"
        " (VALUES (false), (true)) AS b (every) WHERE b.every OR NOT a.every"
        " GROUP BY 1, 2, 3, 4, 5"
    ),
    "SELECT environment, kind, month, subject_id, workspace_id, u.*"
    " FROM audit_subjectcount r, unnest(r.cells, r.sums) AS u": (
        "SELECT environment, kind, month, id, workspace, cell, sum(n) OVER"
        " (PARTITION BY environment, kind, month, id, workspace ORDER BY cell)::int FROM ("
        "SELECT e.environment, v.kind, ((extract(year FROM d.day) - 1970) * 12"
        " + extract(month FROM d.day) - 1)::int AS month, v.id,"
        " coalesce(e.workspace_id, '') AS workspace,"
        f" ((extract(day FROM d.day)::int - 1) << 17) | {_DAY_CELL} AS cell, count(*) AS n"
        f" FROM audit_event e CROSS JOIN LATERAL (SELECT {_LOCAL}) AS d (day)"
        " CROSS JOIN LATERAL (VALUES (1, e.actor_id), (2, e.application_id), (3,"
        " CASE WHEN e.resource_type IN ('data_source', 'datasource') THEN e.resource_id END))"
        " AS v (kind, id) WHERE v.id IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6) AS c"
    ),
    "SELECT environment, actor_id, kind, value, first_event FROM audit_sighting": (
        "SELECT e.environment, e.actor_id, v.kind, v.value, (array_agg(e.id ORDER BY e.id))[1]"
        " FROM audit_event e JOIN audit_eventtype t ON t.id = e.type AND t.code = 'USER_LOGIN'"
        " CROSS JOIN LATERAL (VALUES ('country', e.country::text), ('device',"
        " CASE WHEN e.client_id IS NOT NULL THEN concat_ws('/', coalesce(e.browser, 0),"
        " coalesce(e.operating_system, 0), coalesce(e.device_class, 0)) END)) AS v (kind, value)"
        " WHERE coalesce(e.outcome, 1) = 1 AND e.actor_id IS NOT NULL AND v.value IS NOT NULL"
        " GROUP BY 1, 2, 3, 4"
    ),
}


@pytest.fixture(params=[(7, 20), (10_000, 50_000)], ids=["small batches", "one batch"])
def _sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "MAX_ROWS", request.param[0])
    monkeypatch.setattr(batch, "MAX_EVENTS", request.param[1])


@pytest.mark.usefixtures("_sizes")
class TestRounds:
    @pytest.mark.parametrize("zone", ZONES)
    def test_count_what_the_events_count(self, zone: str, settings: Any) -> None:
        settings.AUDIT = {**settings.AUDIT, "TIME_ZONE": zone}
        random = Random(zone)
        for _ in range(3):
            record(random, 40)
            work()
            for kept, raw in COUNTED.items():
                params = [zone] * raw.count("%s")
                assert rows(kept) == rows(raw, *params)
