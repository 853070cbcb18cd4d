"""Every line of the table gets the answer that it deserves, costs little, and harms nothing."""

from __future__ import annotations

import pytest

from . import sizes, syntax, values
from .conftest import Target
from .heads import HEADS, Head
from .row import Row

ROWS = [
    pytest.param(row, id=f"{table.__name__.rpartition('.')[2]}: {row.name}"[:90])
    for table in (syntax, values, sizes)
    for row in table.ROWS
]
# Of the web processes' processor time, for one request.
MOST_SECONDS = 10
COUNTED = ("recorded", "duplicates", "conflicts", "rejected")


class TestTable:
    def test_is_long(self) -> None:
        assert len(ROWS) + len(HEADS) >= 400
        names = [str(row.id) for row in ROWS] + [head.name for head in HEADS]
        assert len(set(names)) == len(names)

    @pytest.mark.parametrize("row", ROWS)
    def test_answers(self, target: Target, row: Row) -> None:
        content = row.content
        worked = target.worked_seconds
        answer = target.post(content, row.content_type, **row.headers)
        assert target.worked_seconds - worked < MOST_SECONDS
        assert answer.status == row.status, answer.body[:300]
        assert row.says in answer.body.decode()
        document = answer.document
        if row.problem:
            assert answer.headers["content-type"] == "application/problem+json"
            assert document["type"] == f"urn:audit:problem:{row.problem}"
            assert document["detail"]
            return
        events = document["events"]
        assert [event["status"] for event in events] == row.expected_verdicts
        assert [event["index"] for event in events] == list(range(len(events)))
        assert all(event["errors"] for event in events if event["status"] == "rejected")
        assert sum(document[name] for name in COUNTED) == len(events)
        if row.holds:
            (event,) = events
            assert row.holds in target.get(f"events/{event['id']}").body.decode()

    @pytest.mark.parametrize("head", [pytest.param(head, id=head.name) for head in HEADS])
    def test_answers_heads(self, target: Target, head: Head) -> None:
        sent = head.sent.replace(b"{key}", target.key.encode())
        sent = sent.replace(b"{token}", target.token.encode())
        worked = target.worked_seconds
        answer = target.ask(sent)
        assert target.worked_seconds - worked < MOST_SECONDS
        if head.status is not None:
            assert answer.status == head.status, answer.body[:300]
        assert (answer.status or 400) < 500
        if head.stored >= 0:
            assert len(answer.recorded) == head.stored
