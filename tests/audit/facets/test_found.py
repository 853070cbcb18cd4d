"""What a facet without an index says of events finds these, shuts them out, and counts them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.http import QueryDict

from audit.contracts import Scope
from audit.facets import EXCLUDE, FACETS, Facet
from audit.query import find_events, parse_query
from audit.query.counts.facets import find_facets
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from tests.clock import began

SCOPE = Scope(grants={"prod": None})
VALUE = "7"  # of a text as well


@pytest.fixture
def two(db: None) -> list[UUID]:
    """Ids of two events that have nothing to be found by."""
    ensure_environment("prod")
    time = (began() - timedelta(hours=1)).isoformat()
    receipt = record_events(
        [SubmittedEvent(type="USER_LOGIN", time=time) for _ in range(2)],
        origin=Origin(environment="prod"),
        received_at=began(),
    )
    return [verdict.id for verdict in receipt.verdicts if verdict.id]


def found(filters: str) -> list[str]:
    query = parse_query(QueryDict(filters), scope=SCOPE, now=began())
    return [event.id for event in find_events(query, cursor=None, page_size=10).results]


@pytest.mark.parametrize(
    "facet",
    [f for f in FACETS.values() if f.kind in ("text", "number")],
    ids=lambda facet: facet.name,
)
class TestFacetWithoutIndex:
    def test_finds_and_shuts_out_and_counts(self, two: list[UUID], facet: Facet) -> None:
        one, other = map(str, two)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE audit_event SET {facet.column} = %s WHERE id = %s", [VALUE, one]
            )
        assert found(f"{facet.name}={VALUE}") == [one]
        assert found(f"{EXCLUDE}{facet.name}={VALUE}") == [other]
        if facet.is_counted:
            query = parse_query(QueryDict(""), scope=SCOPE, now=began())
            (counted,) = find_facets(query, [facet.name], now=began())
            assert [(v.value, v.count) for v in counted.values] == [(VALUE, 1)]
            assert counted.without == 1
