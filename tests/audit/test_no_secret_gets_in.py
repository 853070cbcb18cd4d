"""Secrets planted in every way that leads in are in no table, no log, no answer and no page."""

from __future__ import annotations

import io
import json
import logging
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.tokens import create_read_token
from audit.ingest import submission
from audit.models import Event, Idempotency, Rejected, Subject
from audit.worker.loop import do_round
from config.log_format import OneLineFormatter
from tests.factories import EnvironmentFactory, IngestKeyFactory, PersonFactory

pytestmark = pytest.mark.django_db
MARK = "Pl4ntedS3cret"
JWT = f"eyJhbGciOiJIUzI1NiJ9.eyJ{MARK}.x"
DETAILS: dict[str, Any] = {
    "password": MARK,
    "deep": [{"apiKey": MARK, "list": [[{"x-auth-token": [MARK]}]]}],
    "headers": {"authorization": [f"Bearer {MARK}1"], "Cookie": f"sid={MARK}", "Host": "kept"},
    "pairs": [{"name": "Set-Cookie", "value": MARK}, {"value": MARK, "key": "client_secret"}],
    "url": f"https://ann:{MARK}@example.org/?token={MARK}&page=kept",
    "queryString": f"a=1&access_token={MARK}",
    "form": f"username=kept&password={MARK}",
    "inner": json.dumps({"a": json.dumps({"secret": MARK})}),
    "note": f"sent {JWT} and ghp_{MARK}0123456789",
    "sql": f"ALTER USER ann PASSWORD '{MARK}'",
    "command": f"curl -u ann:{MARK} https://example.org",
    "xml": f'<add key="password" value="{MARK}"/>',
    "kennwort": MARK,
    "pem": f"-----BEGIN PRIVATE KEY-----\n{MARK}\n-----END PRIVATE KEY-----",
}
EVENT: dict[str, Any] = {
    "type": "APPLICATION_UPDATE",
    "id": "1",
    "workspace": {"id": f"https://w:{MARK}@example.org"},
    "application": {"id": f"git+ssh://git:{MARK}@example.org/x", "gid": f"s3://a:{MARK}@b"},
    "resource": {"type": "data_source", "id": f"postgres://ann:{MARK}@db/kept", "name": "DB"},
    "targets": [{"type": "queue", "id": f"amqp://ann:{MARK}@mq"}],
    "source": f"http://ann:{MARK}@host",
    "actor": {"id": "ann", "name": f"Ann Bearer {MARK}1"},
    "context": {"user_agent": f"curl (token={MARK})", "client_hints": {"Authorization": MARK}},
    "changes": [{"field": "smtp.password", "old": MARK, "new": MARK}],
    "details": DETAILS,
}
ENVELOPE: dict[str, Any] = {
    "eventType": "API_CALL_EVENT",
    "orgId": "o",
    "userId": "u",
    "sessionHash": "kept",
    "password": MARK,
    "details": {
        "httpMethod": "GET",
        "requestUri": f"/api?token={MARK}",
        "queryParams": {"token": [MARK]},
        "headers": {"Authorization": [MARK], "User-Agent": [f"x Bearer {MARK}1"]},
    },
}
KEPT = (
    ("not JSON", b'{"type": "X", "details": {"password": "%s"' % MARK.encode()),
    ("not UTF-8", b'{"type": "X", "details": {"password": "%s\xff"}}' % MARK.encode()),
    ("unknown member", {**EVENT, "detials": {"token": MARK}}),
    ("unfit member", {**EVENT, "actor": f"Bearer {MARK}1"}),
    ("bad time", {**EVENT, "time": f"Bearer {MARK}1"}),
    ("member twice", f'{{"type": "X", "details": {{"token": "{MARK}", "token": 1}}}}'),
    ("too deep", json.dumps(EVENT)[:-1] + ', "details": ' + "[" * 90 + "]" * 90 + "}"),
    ("long id", {**EVENT, "id": "x" * 200}),
)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, as the product writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLineFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


class Wire:
    """A sender and a reader; answers: all that they were told."""

    def __init__(self) -> None:
        EnvironmentFactory()
        _, self.key = IngestKeyFactory()
        user = PersonFactory(superuser=True)
        _, self.token = create_read_token(user=user, now=timezone.now())
        self.browser = Client(raise_request_exception=False)
        self.browser.force_login(user)
        self.answers: list[str] = []

    def post(
        self,
        body: Any,
        path: str = "events",
        content_type: str = "application/json",
        **headers: str,
    ) -> int:
        raw = body if isinstance(body, bytes | str) else json.dumps(body)
        response = Client(raise_request_exception=False).post(
            f"/api/v1/{path}?token={MARK}",
            raw,
            content_type=content_type,
            headers={"Authorization": f"Bearer {self.key}", **headers},
        )
        self.answers.append(response.content.decode())
        return response.status_code

    def get(self, path: str) -> str:
        given = {} if path.startswith("/admin") else {"Authorization": f"Bearer {self.token}"}
        client = self.browser if not path.startswith("/api") else Client()
        response = client.get(path, headers=given)
        assert response.status_code == 200, path
        raw = b"".join(response.streaming_content) if response.streaming else response.content
        self.answers.append(raw.decode())
        return self.answers[-1]


@pytest.fixture
def wire() -> Wire:
    return Wire()


def dump() -> str:
    """Return every row of every table as text, bytes also as what they hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = 'public'::regnamespace AND NOT relispartition"
        )
        tables = [name for (name,) in cursor.fetchall()]
        rows = []
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows += [text for (text,) in cursor.fetchall()]
    answers = [zlib.decompress(bytes(row.answer)).decode() for row in Idempotency.objects.all()]
    return "\n".join([*rows, *answers])


def holds(text: str, secret: str) -> bool:
    return secret in text or secret.encode().hex() in text


class TestSecrets:
    def test_are_in_no_table_whichever_way_they_came(self, wire: Wire, log: io.StringIO) -> None:
        assert wire.post(EVENT) == 201
        assert wire.post({"events": [{**EVENT, "id": "2"}]}, **{"Idempotency-Key": MARK}) == 201
        assert wire.post({"events": [{**EVENT, "id": "2"}]}, **{"Idempotency-Key": MARK}) == 201
        lines = "\n".join(json.dumps({**EVENT, "id": str(number)}) for number in (3, 4))
        assert wire.post(lines, content_type="application/x-ndjson") == 201
        assert wire.post(ENVELOPE, "lowcoder/events") == 201
        assert Event.objects.count() == 5
        assert all(row.redacted for row in Event.objects.all())
        for name, body in KEPT:
            assert wire.post(body, **{"Idempotency-Key": name}) in (400, 422), name
        assert wire.post({**ENVELOPE, "eventType": 5}, "lowcoder/events") == 422
        assert Rejected.objects.count() == len(KEPT) + 1
        assert wire.post(EVENT, Authorization=f"Bearer {MARK}") == 401

        do_round(using="default")  # which fills the tables of names
        assert Subject.objects.filter(subject_id__contains="postgres").exists()
        dumped = dump()
        assert "kept" in dumped
        assert "[redacted]" in dumped
        for secret in (MARK, wire.key, wire.token):
            assert not holds(dumped, secret)
            assert not holds(log.getvalue(), secret)
            assert not any(holds(answer, secret) for answer in wire.answers)

    def test_are_in_no_answer_and_on_no_page(self, wire: Wire, log: io.StringIO) -> None:
        wire.post(EVENT)
        wire.post(ENVELOPE, "lowcoder/events")
        for _, body in KEPT:
            wire.post(body)
        event, rejected = Event.objects.all()[0], Rejected.objects.all()[0]
        for path in (
            "/api/v1/events",
            f"/api/v1/events/{event.id}",
            "/api/v1/events/export?format=ndjson",
            "/api/v1/events/export?format=csv",
            "/api/v1/rejected",
            "/api/v1/rejected/download",
            "/api/plugins/enterprise/audit-logs",
            "/events/",
            f"/events/{event.id}/",
            f"/admin/audit/event/{event.id}/change/",
            f"/admin/audit/rejected/{rejected.id}/change/",
        ):
            assert not holds(wire.get(path), MARK), path
        assert any("[redacted]" in answer for answer in wire.answers)
        assert not holds(log.getvalue(), MARK)

    def test_are_in_no_log_of_a_failure(
        self, wire: Wire, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*args: object, **kwargs: object) -> None:
            raise RuntimeError(f"the value {MARK} is not {JWT}")

        monkeypatch.setattr(submission, "record_checked", fail)
        assert wire.post(EVENT) == 500
        logging.getLogger("x").warning("GET /?token=%s with Bearer %s", MARK, wire.key)
        logging.getLogger("x").error("Authorization: Token %s", MARK)
        lines = log.getvalue()
        assert "RuntimeError" in lines
        assert "[redacted]" in lines
        assert not holds(lines, MARK)
        assert not holds(lines, wire.key)
        assert not any(holds(answer, MARK) for answer in wire.answers)
