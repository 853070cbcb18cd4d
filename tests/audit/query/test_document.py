"""What is stored is what a reader gets, to the byte, in each way of reading."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from audit.contracts import Scope
from audit.export import Form, export
from audit.ingest.json.decode import decode_json
from audit.query import EventQuery, get_event
from audit.query.stored_texts import read_document
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.rest.lowcoder.presenter import as_lowcoder
from audit.vocabulary.document import EMPTY_LIST, MEMBERS, NULL, Document
from tests.clock import began

SCOPE = Scope(grants={"prod": None})
NUMBERS = (
    b'{"a":1.0,"b":1e307,"c":-0.0,"d":1E5,"e":18446744073709551615,"f":1.50,"g":[0.10,{"h":1e-400}],'
    b'"i":9007199254740993,"j":"\\u2028\\ud83d\\ude00","k":null}'
)
STORED = (
    b'{"a":1.0,"b":1e307,"c":-0.0,"d":1E5,"e":18446744073709551615,"f":1.50,"g":[0.10,{"h":1e-400}],'
    b'"i":9007199254740993,"j":"\xe2\x80\xa8\xf0\x9f\x98\x80","k":null}'
)
CHANGES = b'[{"field":"f","new":null,"old":1.10},{"field":"","new":{"x":[2.0]},"old":"1"}]'


def recorded(body: bytes) -> Document:
    """Record one event, and read it."""
    ensure_environment("prod")
    (event,) = decode_json(body)
    assert isinstance(event, SubmittedEvent)
    origin = Origin(environment="prod", sender_id=1, sender="billing", key_id=2)
    (verdict,) = record_events([event], origin=origin, received_at=began()).verdicts
    assert verdict.id
    document = get_event(verdict.id, scope=SCOPE)
    assert document
    return document


def exported() -> bytes:
    query = EventQuery(scope=SCOPE, end=began() + timedelta(days=1))
    (line,) = b"".join(export(query, Form(format="ndjson"))).splitlines()
    return line


@pytest.mark.django_db
class TestDocument:
    def test_has_details_and_changes_to_the_byte(self) -> None:
        body = b'{"type":"X","details":%b,"changes":%b}' % (NUMBERS, CHANGES)
        document = recorded(body)
        for told in (msgspec.json.encode(document), exported()):
            assert b'"details":%b,' % STORED in told
            assert b'"changes":%b,' % CHANGES in told
        lowcoder = msgspec.json.encode(as_lowcoder(document))
        assert b'"details":%b,' % STORED in lowcoder
        assert msgspec.json.encode(document.details) == STORED
        assert msgspec.json.encode(document.changes) == CHANGES

    def test_has_the_members_of_things_in_their_old_order(self) -> None:
        """Whoever keeps answers, or their hashes, must find them the same."""
        members = (
            b'"application":{"name":"App","id":"a","gid":"g"},"workspace":{"name":"W","id":"w"},'
            b'"actor":{"type":"user","name":"Ann","id":"u","email":"a@b.example"},'
            b'"context":{"trace":"t","session":"s","ip":"10.0.0.1","client_hints":{"b":"2","a":"1"}}'
        )
        document = recorded(
            b'{"type":"X","resource":{"type":"row","name":"R","id":"r"},%b}' % members
        )
        shared = (
            b'"workspace":{"id":"w","name":"W"},'
            b'"actor":{"email":"a@b.example","id":"u","name":"Ann","type":"user"},"application":{%b},'
            b'"resource":{"id":"r","type":"row","name":"R"},"targets":[],'
            b'"context":{"client_hints":{"a":"1","b":"2"},"ip":"10.0.0.1","session":"s","trace":"t"},'
        )
        assert shared % b'"gid":"g","id":"a","name":"App"' in msgspec.json.encode(document)
        assert shared % b'"id":"a","gid":"g","name":"App"' in exported()

    def test_keeps_targets_in_the_senders_order(self) -> None:
        targets = [{"id": "1", "type": "user"}, {"id": "2", "type": "group"}, {"type": "x"}]
        document = recorded(json.dumps({"type": "X", "targets": targets}).encode())
        told = msgspec.json.decode(msgspec.json.encode(document))
        assert told["targets"] == targets
        assert (*told, "seal") == tuple(MEMBERS)  # which nobody has asked for
        exports = msgspec.json.decode(exported())
        assert exports == {k: v for k, v in told.items() if k not in ("leaf", "position")}


class TestErasure:
    """What is erased is told as erased; the rest is there."""

    def read(self, *texts: bytes | None) -> dict[str, Any]:
        head, personal, details = texts
        document = read_document(
            head,
            personal,
            details,
            id="i",
            time="t",
            type="FROM_THE_COLUMN",
            outcome=None,
            environment="prod",
            received_at="r",
            client=NULL,
            place=NULL,
            redacted=EMPTY_LIST,
            submission=1,
        )
        told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document))
        assert "leaf" not in told
        return told

    def test_of_everything_leaves_what_stands_in_columns(self) -> None:
        told = self.read(None, None, None)
        assert told["erased"] == ["head", "personal", "details"]
        assert (told["type"], told["workspace"]) == ("FROM_THE_COLUMN", None)
        assert told["sender"] == {"id": None, "name": None, "key": None, "address": None}
        assert (told["actor"], told["context"], told["details"]) == (None, {}, {})

    def test_of_people_leaves_the_other_targets(self) -> None:
        details = b'{"details":{"a":1.0},"targets":[null,{"id":"g","type":"group"}]}'
        told = self.read(b'{"type":"X","workspace":"v"}', None, details)
        assert told["erased"] == ["personal"]
        assert told["targets"] == [{"id": "g", "type": "group"}]
        assert (told["type"], told["workspace"]) == ("X", {"id": "v"})

    def test_of_names_leaves_the_ids(self) -> None:
        head = b'{"application":{"gid":"g"},"resource":{"id":"r","type":"row"},"type":"X"}'
        told = self.read(head, b'{"details":{"email":"a"}}', None)
        assert told["erased"] == ["details"]
        assert (told["application"], told["resource"]) == ({"gid": "g"}, {"id": "r", "type": "row"})
        assert told["details"] == {"email": "a"}
        assert told["workspace"] is None
