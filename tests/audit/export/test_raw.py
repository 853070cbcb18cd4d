"""Raw exports hold the texts as they are stored, in lines that anything reads."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import QueryDict

from audit.contracts import Scope
from audit.export import Form, export
from audit.models import Environment, Event, Position, Submission
from audit.query import parse_query
from audit.record import SubmittedEvent
from audit.record.submitted import Workspace
from audit.seal.positions import give_positions
from audit.tlog.hashes import leaf_hash
from audit.tlog.leaves import PARTS, make_leaf
from tests.clock import began
from tests.guards import past_the_guards

from .test_stream import MANY, SCOPE, many_events, odd_events, record  # noqa: F401

pytestmark = pytest.mark.django_db


def raw(filters: str = "", *, salts_of: tuple[str, ...] = (), scope: Scope = SCOPE) -> bytes:
    query = parse_query(QueryDict(filters), scope=scope, now=began() + timedelta(minutes=1))
    return b"".join(export(query, Form(format="raw", salts_of=salts_of)))


def read(text: bytes) -> list[dict[str, Any]]:
    """The lines, none of which holds a member twice."""

    def once(members: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(members)) == len(members)
        return dict(members)

    assert text.endswith(b"\n") or not text
    return [json.loads(line, object_pairs_hook=once) for line in text.split(b"\n")[:-1]]


def cut(line: str) -> dict[str, str]:
    """The texts of a line, cut out as docs/api.md says it."""
    texts, at, decoder = {}, line.index('"head":'), json.JSONDecoder()
    for part in PARTS:
        start = at + len(f'"{part}":')
        _, end = decoder.raw_decode(line, start)
        texts[part], at = line[start:end], end + 1
    return texts


def give_all_positions() -> None:
    for environment in Environment.objects.all():
        while give_positions(environment.id, using="default"):
            pass


class TestLines:
    @pytest.mark.usefixtures("odd_events")
    def test_hold_the_stored_texts_to_the_letter(self) -> None:
        found = read(raw())
        stored = {str(event.id): event for event in Event.objects.all()}
        assert {line["id"] for line in found} == stored.keys()
        for line, text in zip(found, raw().decode().split("\n"), strict=False):
            assert list(line) == ["environment", "pos", "id", *PARTS]
            assert cut(text) == {p: getattr(stored[line["id"]], p) for p in PARTS}
            assert line["environment"] == line["head"]["environment"]
        assert {line["environment"] for line in found} == {"dev", "prod"}

    @pytest.mark.usefixtures("many_events")
    def test_stand_in_the_order_of_ids_newest_first(self) -> None:
        ids = [line["id"] for line in read(raw())]
        assert len(ids) == MANY
        assert ids == sorted(ids, reverse=True)

    @pytest.mark.usefixtures("many_events")
    def test_have_their_filters(self) -> None:
        found = read(raw("type=T1"))
        assert {line["head"]["type"] for line in found} == {"T1"}
        assert len(found) == len(range(1, MANY, 3))

    def test_stay_inside_the_scope(self) -> None:
        record([SubmittedEvent(type="A", workspace=Workspace(id="w1")), SubmittedEvent(type="B")])
        record([SubmittedEvent(type="C")], environment="dev")
        seen = Scope(grants={"prod": frozenset({"w1"})})
        (line,) = read(raw(scope=seen, salts_of=("prod", "dev")))
        assert line["head"]["type"] == "A"
        assert raw(scope=Scope()) == b""

    def test_say_their_positions_once_they_have_them(self) -> None:
        record([SubmittedEvent(type="A", id=str(n)) for n in range(3)])
        give_all_positions()
        record([SubmittedEvent(type="B")])
        by_type: dict[str, list[int | None]] = {"A": [], "B": []}
        for line in read(raw()):
            by_type[line["head"]["type"]].append(line["pos"])
        assert by_type == {"A": [2, 1, 0], "B": [None]}
        assert Position.objects.count() == 1

    def test_say_null_of_what_was_erased(self) -> None:
        record([SubmittedEvent(type="X", details={"a": 1})])
        with past_the_guards() as cursor:
            cursor.execute(
                "UPDATE audit_event SET head = NULL, head_salt = NULL, head_commitment = 'x'"
            )
        (line,) = read(raw(salts_of=("prod",)))
        assert (line["head"], line["salts"]["head"]) == (None, None)
        assert line["details"] == {"details": {"a": 1}}

    @pytest.mark.parametrize("has_end_line", [False, True])
    def test_end_as_other_lines_do(self, has_end_line: bool) -> None:
        record([SubmittedEvent(type="X")])
        query = parse_query(QueryDict(), scope=SCOPE, now=began() + timedelta(minutes=1))
        text = b"".join(export(query, Form(format="raw", has_end_line=has_end_line)))
        line, _, end = text.partition(b"\n")
        if has_end_line:
            told = {"rows": 1, "sha256": sha256(line + b"\n").hexdigest()}
            assert json.loads(end) == {"export": told}
        else:
            assert end == b""


class TestSalts:
    @pytest.mark.usefixtures("odd_events")
    def test_make_the_leaf_that_the_receipt_has(self) -> None:
        """As docs/export.md says it: what the line has is all that is needed."""
        wanted = {
            (str(id_), bytes(hash_))
            for receipt in Submission.objects.filter(environment__gte=0)
            for id_, hash_ in zip(receipt.event_ids, receipt.leaf_hashes, strict=True)
        }
        made = set()
        for text in raw(salts_of=("dev", "prod")).decode().split("\n")[:-1]:
            line, bodies = json.loads(text), cut(text)
            commitments = [
                sha256(
                    f"audit/v1/{part}\n".encode()
                    + b64decode(line["salts"][part], validate=True)
                    + bodies[part].encode()
                ).digest()
                for part in PARTS
            ]
            head, personal, details = commitments
            leaf = make_leaf(UUID(line["id"]).bytes, (head, personal, details))
            made.add((line["id"], leaf_hash(leaf)))
        assert made == wanted

    @pytest.mark.usefixtures("odd_events")
    def test_are_of_those_environments_alone(self) -> None:
        for line in read(raw(salts_of=("dev",))):
            assert ("salts" in line) is (line["environment"] == "dev")

    @pytest.mark.usefixtures("odd_events")
    def test_are_nowhere_else(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT encode(s, 'base64') FROM audit_event,"
                " unnest(array[head_salt, personal_salt, details_salt]) s"
            )
            salts = [salt for (salt,) in cursor]
        assert salts
        text = raw().decode()
        assert not any(salt in text for salt in salts)
