"""An export holds exactly what the search says, and says how much that is."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import msgspec
import pyarrow.parquet
import pytest
from django.db import connection, transaction
from django.http import QueryDict

from audit.contracts import Scope
from audit.export import FORMATS, Form, export, rows
from audit.export.columns import COLUMNS, JSON_COLUMNS
from audit.export.rows import BATCH, FIRST_BATCH
from audit.export.stream import pieces
from audit.ingest.json.decode import decode_json
from audit.ingest.lowcoder import LOWCODER
from audit.query import find_events, parse_query
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.submitted import Workspace
from audit.vocabulary.document import Document
from tests.audit.ingest.lowcoder.envelopes import SAMPLES
from tests.clock import began
from tests.guards import past_the_guards

pytestmark = pytest.mark.django_db
SCOPE = Scope(grants={"dev": None, "prod": None})
MANY = FIRST_BATCH + BATCH * 2 + 7
EVERYTHING = {
    "id": "e1",
    "time": (began() - timedelta(hours=1)).isoformat(),
    "type": "HOUSE_OF_CARDS",
    "outcome": "denied",
    "workspace": {"id": "w1", "name": "Sales \u202e"},
    "actor": {"id": "u1", "name": "Ann", "email": "ann@example.com", "type": "user"},
    "application": {"id": "a1", "gid": "g1", "name": 'Orders "2"\\'},
    "resource": {"type": "user", "id": "u2", "name": "Ben"},
    "targets": [{"type": "group", "id": "g"}, {"type": "user", "id": "u3"}, {"type": "app"}],
    "context": {"ip": "203.0.113.9", "user_agent": "curl/8.5.0", "request_id": "r", "trace": "t"},
    "changes": [{"field": "name", "old": None, "new": {"null": [1.50, 2]}}],
    "details": {"": "ü", "userIds": ["u9"], "a": {"b": 1e-7}, "lines": "a\nb\r\n\u2028"},
    "source": "s",
    "sequence": -7,
}
ODD = (
    EVERYTHING,
    {"type": "BARE"},
    {"type": "X", "workspace": {"id": "w1"}, "application": {"name": "only a name"}},
    {"type": "X", "actor": {"type": "anonymous"}, "resource": {"type": "t", "name": "n"}},
    {"type": "X", "application": {"gid": "g"}, "targets": [{"type": "t", "name": "null"}]},
    {"type": "X", "targets": [{"type": "user", "id": "u"}], "context": {"session": "s"}},
)


def record(events: Any, *, environment: str = "prod", **origin: Any) -> None:
    ensure_environment(environment)
    known = {"sender_id": 1, "sender": "tests", "key_id": 2, "ip_address": "192.0.2.1"} | origin
    record_events(events, origin=Origin(environment=environment, **known), received_at=began())


@pytest.fixture
def odd_events() -> None:
    decoded = decode_json(json.dumps(ODD).replace("1e-07", "1.00e-7").encode())
    record([event for event in decoded if isinstance(event, SubmittedEvent)])
    record([SubmittedEvent(type="ELSEWHERE")], environment="dev", sender_id=None, key_id=None)
    lowcoder = json.dumps([sample.envelope for sample in SAMPLES]).encode()
    record([e for e in LOWCODER.decode(lowcoder) if isinstance(e, SubmittedEvent)])


@pytest.fixture
def many_events() -> None:
    record([SubmittedEvent(type=f"T{n % 3}", id=str(n)) for n in range(MANY)])


def exported(
    name: str,
    filters: str = "",
    scope: Scope = SCOPE,
    *,
    has_end_line: bool = False,
    has_bom: bool = False,
) -> bytes:
    query = parse_query(QueryDict(filters), scope=scope, now=began() + timedelta(minutes=1))
    form = Form(format=name, has_end_line=has_end_line, has_bom=has_bom)
    return b"".join(export(query, form))


def documents(filters: str = "") -> list[Document]:
    """What the API says, in full."""
    query = parse_query(QueryDict(filters), scope=SCOPE, now=began() + timedelta(minutes=1))
    return list(find_events(query, cursor=None, page_size=1_000).results)


def read_json(text: bytes) -> Any:
    return json.loads(text, parse_float=Decimal)


class TestDocuments:
    @pytest.mark.usefixtures("odd_events")
    def test_are_the_apis_to_the_letter(self) -> None:
        from audit.rest.media import JSONRenderer

        expected = read_json(JSONRenderer().render(documents()))
        for document in expected:
            del document["leaf"], document["position"]
        lines = exported("ndjson").splitlines()
        assert [read_json(line) for line in lines] == expected
        assert len(lines) == len(ODD) + 1 + len(SAMPLES)
        assert read_json(exported("json")) == expected
        assert read_json(exported("json", has_end_line=True))["events"] == expected

    @pytest.mark.usefixtures("odd_events")
    def test_keep_the_digits_of_decimals(self) -> None:
        assert b'"b":1.00e-7' in exported("ndjson", "type=HOUSE_OF_CARDS")

    def test_say_what_was_erased(self) -> None:
        record([SubmittedEvent(type="X", details={"a": 1}, workspace=Workspace(id="w"))])
        with past_the_guards() as cursor:
            cursor.execute(
                "UPDATE audit_event SET head = NULL, head_salt = NULL, head_commitment = 'x',"
                " personal = NULL, personal_salt = NULL, personal_commitment = 'y'"
            )
        document = read_json(exported("ndjson").splitlines()[0])
        (told,) = msgspec.json.decode(msgspec.json.encode(documents()))
        assert {**document, "leaf": told["leaf"], "position": told["position"]} == told
        assert document["workspace"] is None
        assert document["erased"] == ["head", "personal"]
        assert (document["type"], document["details"]) == ("X", {"a": 1})
        assert document["sender"] == {"id": None, "name": None, "key": None, "address": None}


class TestOrder:
    """Newest first, and of one time as they were handed in, the last first."""

    NAMES = tuple(f"N{n:03}" for n in range(FIRST_BATCH + BATCH + 20))

    @pytest.fixture
    def at_once(self) -> None:
        at = (began() - timedelta(hours=1)).isoformat()
        before = (began() - timedelta(hours=2)).isoformat()
        record([SubmittedEvent(type="BEFORE", id=str(n), time=before) for n in range(3)])
        record([SubmittedEvent(type=name, time=at) for name in self.NAMES[:99]])
        record([SubmittedEvent(type=name, time=at) for name in self.NAMES[99:]])

    def types(self, lines: list[bytes]) -> list[str]:
        return [json.loads(line)["type"] for line in lines]

    @pytest.mark.usefixtures("at_once")
    def test_is_kept_over_the_edges_of_batches(self) -> None:
        lines = exported("ndjson").splitlines()
        assert self.types(lines) == [*reversed(self.NAMES), *["BEFORE"] * 3]
        assert [json.loads(line)["id"] for line in lines] == [each.id for each in documents()]

    @pytest.mark.usefixtures("at_once")
    @pytest.mark.parametrize("limit", ["MOST_IN_ORDER", "MOST_HELD_BYTES"])
    def test_is_that_of_ids_where_there_is_too_much_of_one_time(
        self, monkeypatch: pytest.MonkeyPatch, limit: str
    ) -> None:
        monkeypatch.setattr(rows, limit, 10)
        lines = exported("ndjson").splitlines()
        ids = [json.loads(line)["id"] for line in lines]
        assert sorted(ids) == sorted(each.id for each in documents())
        of_the_time = ids[: len(self.NAMES)]
        assert of_the_time == sorted(of_the_time, reverse=True)

    @pytest.mark.usefixtures("at_once")
    def test_is_gone_on_with_where_it_was_interrupted(self) -> None:
        query = parse_query(QueryDict(""), scope=SCOPE, now=began() + timedelta(minutes=1))
        whole = exported("ndjson")
        form = Form(format="ndjson")
        with transaction.atomic():
            done = list(pieces(connection.connection, query, form))
        for place in range(1, len(done) - 1):
            before = b"".join(piece.body for piece in done[: place + 1])
            with transaction.atomic():
                rest = pieces(
                    connection.connection, query, form, done=done[place], digest=sha256(before)
                )
                assert before + b"".join(piece.body for piece in rest) == whole


@pytest.mark.usefixtures("many_events")
class TestCompleteness:
    @pytest.mark.parametrize("name", ["csv", "json", "ndjson"])
    def test_is_told_in_a_last_line_by_choice(self, name: str) -> None:
        body = exported(name, has_end_line=True)
        before, last = body[: body.rindex(b"\n", 0, -1) + 1], body.splitlines()[-1]
        assert str(MANY).encode() in last
        assert sha256(before).hexdigest().encode() in last

    def test_is_told_in_the_footer_of_parquet(self) -> None:
        file = pyarrow.parquet.ParquetFile(io.BytesIO(exported("parquet")))
        ids = file.read()["id"].to_pylist()
        assert len(ids) == MANY
        told = file.metadata.metadata
        assert told[b"rows"] == str(MANY).encode()
        digest = sha256("".join(f"{id_}\n" for id_ in ids).encode()).hexdigest()
        assert told[b"sha256"] == digest.encode()

    @pytest.mark.parametrize(
        ("filters", "residues"),
        [
            pytest.param("type=T1", {1}, id="an index's"),
            pytest.param("exclude_type=T1", {0, 2}, id="none that an index decides"),
            pytest.param("from=-1h&type=T1&type=T2", {1, 2}, id="a range"),
        ],
    )
    def test_is_not_bounded_by_the_budget_of_a_search(
        self, settings: Any, filters: str, residues: set[int]
    ) -> None:
        settings.AUDIT = {**settings.AUDIT, "SEARCH_BUDGET_SECONDS": 0}
        lines = exported("ndjson", filters).splitlines()
        ids = [json.loads(line)["id"] for line in lines]
        assert len(ids) == sum(n % 3 in residues for n in range(MANY))
        assert ids == sorted(set(ids), reverse=True)

    def test_keeps_to_the_scope(self) -> None:
        record([SubmittedEvent(type="HIDDEN")], environment="dev")
        body = exported("ndjson", scope=Scope(grants={"prod": None}))
        assert b"HIDDEN" not in body
        assert len(body.splitlines()) == MANY
        assert exported("ndjson", scope=Scope()) == b""

    def test_has_nothing_to_say_of_nothing(self) -> None:
        for name in FORMATS:
            body, told = exported(name, "type=NONE"), exported(name, "type=NONE", has_end_line=True)
            if name == "parquet":
                assert pyarrow.parquet.read_table(io.BytesIO(body)).num_rows == 0
            elif name == "json":
                assert json.loads(body) == []
                assert json.loads(told) | {"sha256": ""} == {"events": [], "rows": 0, "sha256": ""}
            else:
                assert body.splitlines() == told.splitlines()[:-1]
                assert b"0" in told.splitlines()[-1]

    def test_takes_events_that_are_recorded_meanwhile_for_later(self) -> None:
        stream = export(parse_query(QueryDict(""), scope=SCOPE, now=began()), Form(format="ndjson"))
        first = next(stream)
        record([SubmittedEvent(type="LATE", time="2020-01-01T00:00:00Z")])
        body = first + b"".join(stream)
        assert b"LATE" not in body
        assert len(body.splitlines()) == MANY


def rows_of(body: bytes) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO(body.decode(), newline=""))


class TestCsv:
    @pytest.mark.parametrize(
        "name",
        ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "\ufeff=1", '"=1'],
    )
    def test_runs_nothing_in_a_spreadsheet(self, name: str) -> None:
        event = {
            "type": name.strip() or "X",
            "actor": {"name": name},
            "application": {"id": name, "name": name},
            "context": {"ip": name, "user_agent": name},
        }
        (decoded,) = decode_json(json.dumps(event).encode())
        assert isinstance(decoded, SubmittedEvent)
        record([decoded])
        row = next(iter(rows_of(exported("csv"))))
        for column in ("actor_name", "application_id", "application_name", "ip", "user_agent"):
            assert row[column] == "'" + name
        assert row["type"] == "'" + name.strip()

    def test_leaves_harmless_texts_and_numbers_alone(self) -> None:
        names = ["Ann", "a=b", "ü", "(1)", "", "1-1"]
        record([SubmittedEvent(type="X", sequence=-7, source=n or None) for n in names])
        rows = list(rows_of(exported("csv")))
        assert sorted(row["source"] for row in rows) == sorted(names)
        assert {row["sequence"] for row in rows} == {"-7"}

    @pytest.mark.usefixtures("odd_events")
    def test_has_a_cell_for_each_column_however_odd_the_text(self) -> None:
        rows = list(rows_of(exported("csv")))
        assert len(rows) == len(ODD) + 1 + len(SAMPLES)
        assert all(None not in row and None not in row.values() for row in rows)
        row = next(r for r in rows if r["type"] == "HOUSE_OF_CARDS")
        assert json.loads(row["details"])["lines"] == "a\nb\r\n\u2028"
        assert row["application_name"] == 'Orders "2"\\'
        assert (row["resource_id"], row["agent_name"]) == ("u2", "curl")

    def test_begins_with_a_byte_order_mark_by_choice(self) -> None:
        record([SubmittedEvent(type="X")])
        assert exported("csv", has_bom=True) == b"\xef\xbb\xbf" + exported("csv")


class TestParquet:
    @pytest.mark.usefixtures("odd_events")
    def test_says_what_csv_says(self) -> None:
        table = pyarrow.parquet.read_table(io.BytesIO(exported("parquet"))).to_pylist()
        rows = list(rows_of(exported("csv")))
        assert list(table[0]) == list(COLUMNS)
        for theirs, ours in zip(table, rows, strict=True):
            for name in COLUMNS:
                if name in ("time", "received_at"):
                    assert theirs[name] == datetime.fromisoformat(ours[name])
                elif name in JSON_COLUMNS or theirs[name] is None:
                    assert (theirs[name] or "") == ours[name]
                else:
                    assert str(theirs[name]) == ours[name].removeprefix("'")
