"""Whichever door a submission comes through, the answer is the same, byte for byte.

Each request of the table is sent through the view, and then, with all that it did undone, through
the front, which knows its head by then.
"""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from django.db import connection, transaction
from django.utils import timezone

from audit.models import Rejected
from audit.record.caches import clear_caches
from tests.acceptance.hostile import syntax, values
from tests.acceptance.hostile.row import Row
from tests.clock import began

from .doors import EVENTS, LOWCODER_EVENTS, TIME, Door, envelope, event, headers_of

# Twice the bytes of a small submission: these come by the threads, each by itself.
LARGE = "x" * 2**15
NDJSON = {"content-type": "application/x-ndjson"}
NAMED = {"idempotency-key": "order-17"}
UNKNOWN = b'{"type":"X","actr":1}'
OTHER = msgspec.json.encode({"id": "a", "time": TIME, "type": "Y"})


def listed(*events: bytes) -> bytes:
    return b"[%s]" % b",".join(events)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A request; before: bodies that the same sender sent first, by the same head."""

    name: str
    body: bytes
    status: int
    path: str = EVENTS
    headers: dict[str, str] = field(default_factory=dict)
    before: Sequence[bytes] = ()


def lowcoder(name: str, body: bytes, status: int, *before: bytes) -> Case:
    return Case(name=name, body=body, status=status, path=LOWCODER_EVENTS, before=before)


CASES = [
    Case(name="one", body=event("a"), status=201),
    Case(name="a large one", body=event(LARGE), status=422),
    Case(name="a list", body=listed(event("a"), event("b")), status=201),
    Case(name="many", body=listed(*(event(str(n)) for n in range(500))), status=201),
    Case(name="an envelope", body=b'{"events":%s}' % listed(event("a")), status=201),
    Case(name="lines", body=event("a") + b"\n\n" + event("b"), status=201, headers=NDJSON),
    Case(name="some lines", body=event("a") + b"\n{\n" + UNKNOWN, status=200, headers=NDJSON),
    Case(name="no line", body=b"x\ny", status=400, headers=NDJSON),
    Case(name="without an id", body=b'[{"type":"X"},{"type":"Y"}]', status=201),
    Case(name="an id without a time", body=b'{"type":"X","id":"1"}', status=201),
    Case(name="one twice", body=listed(event("a"), event("a")), status=201),
    Case(name="two under one id", body=listed(event("a"), OTHER), status=200),
    Case(name="a duplicate", body=event("a"), status=200, before=[event("a")]),
    Case(name="a conflict", body=OTHER, status=409, before=[event("a")]),
    Case(
        name="all four",
        body=listed(event("b"), UNKNOWN, event("a"), OTHER),
        status=200,
        before=[event("a")],
    ),
    Case(
        name="a conflict and one refused",
        body=listed(OTHER, UNKNOWN),
        status=422,
        before=[event("a")],
    ),
    Case(name="a rule broken", body=listed(event("a"), b'{"type":""}'), status=200),
    Case(name="all refused, in two ways", body=listed(UNKNOWN, b'{"type":""}'), status=422),
    Case(name="unknown and a rule broken", body=b'{"type":"","actr":1}', status=422),
    Case(
        name="a large list with one refused",
        body=listed(*(event(str(n)) for n in range(500)), UNKNOWN),
        status=200,
    ),
    Case(name="too many", body=b"[" + b"0," * 10_000 + b"0]", status=413),
    Case(name="an empty list", body=b"[]", status=400),
    Case(
        name="another address by a proxy",
        body=event("a"),
        status=201,
        headers={"x-forwarded-for": "198.51.100.7"},
    ),
    Case(name="named", body=event("a"), status=201, headers=NAMED),
    Case(name="named again", body=event("a"), status=201, headers=NAMED, before=[event("a")]),
    Case(name="named for another", body=event("b"), status=422, headers=NAMED, before=[event("a")]),
    Case(name="named again, refused", body=UNKNOWN, status=422, headers=NAMED, before=[UNKNOWN]),
    Case(name="named badly", body=event("a"), status=400, headers={"idempotency-key": ""}),
    Case(
        name="compressed",
        body=gzip.compress(event("a"), mtime=0),
        status=201,
        headers={"content-encoding": "gzip"},
    ),
    Case(name="a stranger's", body=event("a"), status=401, headers={"authorization": "Bearer x"}),
    Case(name="text", body=event("a"), status=415, headers={"content-type": "text/plain"}),
    Case(name="a query", body=event("a"), status=201, path=f"{EVENTS}?a=b"),
    lowcoder("Lowcoder's", envelope("a"), 201),
    lowcoder("Lowcoder's duplicate", envelope("a"), 200, envelope("a")),
    lowcoder("Lowcoder's conflict", envelope("a").replace(b"u1", b"u2"), 409, envelope("a")),
    lowcoder("Lowcoder's without a type", listed(envelope("a"), b"{}"), 200),
    lowcoder("Lowcoder's time", envelope("a").replace(TIME.encode(), b"1900-01-01T00:00:00Z"), 422),
    lowcoder("a native one at Lowcoder's", event("a"), 422),
]
HOSTILE = {table.__name__.rpartition(".")[2]: table.ROWS for table in (syntax, values)}


@contextmanager
def undone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let what is done in here be as if it had not been, with the same numbers and salts drawn."""
    monkeypatch.setattr(os, "urandom", random.Random(0).randbytes)  # noqa: S311
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER SEQUENCE audit_submission_id_seq RESTART WITH 17")
        yield
        transaction.set_rollback(True)
    clear_caches()


class BothDoors:
    """One sender at both doors."""

    def __init__(self, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
        self._door = door
        self._monkeypatch = monkeypatch

    def check(self, case: Case) -> None:
        """Send a request through both, and demand the same answer and the same traces."""
        scope = self._door.scope(case.path, **case.headers)
        with undone(self._monkeypatch):
            # An event that is taken lets the front know this head.
            self._door.ask_django(scope, (envelope if "lowcoder" in case.path else event)("first"))
        through_view = self._send(self._door.ask_django, scope, case)
        through_front = self._send(self._door.ask_front, scope, case)
        assert through_view[0] == case.status, case.name
        assert through_view == through_front, case.name

    def _send(self, ask: Callable[[Any, bytes], Any], scope: Any, case: Case) -> tuple[Any, ...]:
        with undone(self._monkeypatch):
            for body in case.before:
                ask(scope, body)
            answer = ask(scope, case.body)
            refused = Rejected.objects.order_by("index").values("index", "errors", "body")
            kept = list(refused)
        return answer[0]["status"], headers_of(answer), answer[1]["body"], kept


@pytest.fixture
def both(door: Door, monkeypatch: pytest.MonkeyPatch) -> BothDoors:
    """Time stands still: ids hold it, and answers tell of ids."""
    monkeypatch.setattr(timezone, "now", began)
    return BothDoors(door, monkeypatch)


class TestBothDoors:
    @pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
    def test_answer_alike(self, both: BothDoors, case: Case) -> None:
        both.check(case)

    @pytest.mark.parametrize("rows", [pytest.param(v, id=k) for k, v in HOSTILE.items()])
    def test_answer_hostile_bodies_alike(self, both: BothDoors, rows: Sequence[Row]) -> None:
        for row in rows:
            headers = {**row.headers, "content-type": row.content_type}
            case = Case(name=row.name, body=row.content, status=row.status, headers=headers)
            both.check(case)
