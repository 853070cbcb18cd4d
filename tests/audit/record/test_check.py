"""The rules that types don't say, and what is odd but right."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from audit.ingest.json.decode import Refusal, decode_json
from audit.log.times import to_micros
from audit.record import Origin, SubmittedEvent
from audit.record.check import check_event
from audit.record.preparation import MAX_USER_AGENT_BYTES, prepare_events
from audit.record.submitted import Change

ORIGIN = Origin(environment="prod", sender_id=1)
NOW = to_micros(datetime(2026, 3, 5, 9, tzinfo=UTC))


def pointers(**members: Any) -> list[str]:
    (event,) = decode_json(msgspec.json.encode({"type": "X", **members}))
    if isinstance(event, Refusal):
        return [problem.pointer for problem in event.problems]
    _, problems = check_event(event, origin=ORIGIN, received_us=NOW)
    return [problem.pointer for problem in problems]


class TestProblemsOf:
    @pytest.mark.parametrize(
        ("members", "pointer"),
        [
            pytest.param({"type": ""}, "/type", id="empty type"),
            pytest.param({"type": "a" * 129}, "/type", id="long type"),
            pytest.param({"type": "AUDIT_ERASURE"}, "/type", id="the log's own type"),
            pytest.param({"id": ""}, "/id", id="empty id"),
            pytest.param({"id": "a" * 129}, "/id", id="long id"),
            pytest.param({"actor": {"id": "a" * 257}}, "/actor/id", id="long actor"),
            pytest.param({"actor": {"name": "a" * 1001}}, "/actor/name", id="long name"),
            pytest.param({"actor": {"email": "a" * 1001}}, "/actor/email", id="long e-mail"),
            pytest.param({"workspace": {"id": ""}}, "/workspace/id", id="empty workspace"),
            pytest.param(
                {"targets": [{"type": "u"}, {"type": ""}]}, "/targets/1/type", id="target"
            ),
            pytest.param({"targets": [{"type": "u"}] * 1001}, "/targets", id="many targets"),
            pytest.param({"context": {"trace": "a" * 257}}, "/context/trace", id="long trace"),
            pytest.param({"source": "a" * 257}, "/source", id="long source"),
            pytest.param({"sequence": 2**63}, "/sequence", id="large sequence"),
            pytest.param({"time": "1999-12-31T23:59:59.999999Z"}, "/time", id="too early"),
            pytest.param({"time": "2026-03-06T09:00:00.000001Z"}, "/time", id="too late"),
            pytest.param({"time": "2026-03-05T09:00:00"}, "/time", id="no offset"),
        ],
    )
    def test_finds(self, members: dict[str, Any], pointer: str) -> None:
        assert pointers(**members) == [pointer]

    @pytest.mark.parametrize(
        "members",
        [
            pytest.param({"type": "a" * 128, "id": "b" * 128}, id="longest type and id"),
            pytest.param({"actor": {"id": "\U0001f600" * 256}}, id="256 characters of four bytes"),
            pytest.param({"actor": {"id": "\x01\x1b[31m\r\n\t\x7f\x85"}}, id="control characters"),
            pytest.param({"actor": {"name": "\u202eevil\u2066"}}, id="bidi"),
            pytest.param({"actor": {"name": ""}}, id="empty name"),
            pytest.param({"details": {"": 1, "__proto__": {}}}, id="odd keys"),
            pytest.param({"context": {"ip": "not an address"}}, id="an address that is none"),
            pytest.param({"context": {"ip": ""}}, id="an empty address"),
            pytest.param({"context": {"ip": "fe80::1%eth0"}}, id="a zone"),
            pytest.param({"context": {"user_agent": "a" * 100_000}}, id="long user agent"),
            pytest.param({"sequence": 2**63 - 1}, id="largest sequence"),
            pytest.param({"sequence": -(2**63)}, id="smallest sequence"),
            pytest.param({"time": "2000-01-01T00:00:00Z"}, id="earliest"),
            pytest.param({"time": "2026-03-06T09:00:00Z"}, id="latest"),
            pytest.param({"targets": [{"type": "u"}] * 1000}, id="most targets"),
            pytest.param(dict.fromkeys(SubmittedEvent.__struct_fields__[1:]), id="null"),
        ],
    )
    def test_takes(self, members: dict[str, Any]) -> None:
        assert pointers(**members) == []

    @pytest.mark.parametrize("blank", [" ", "\t", "\u00a0", "\u200b", "\ufeff", "\u2060 \u200d"])
    def test_finds_types_in_which_nothing_is_seen(self, blank: str) -> None:
        found = pointers(type=blank, resource={"type": blank, "id": "1"})
        assert found == ["/type", "/resource/type"]
        assert pointers(type=f"{blank}X") == []

    def test_names_every_unknown_member_and_what_else_is_wrong(self) -> None:
        assert pointers(actr={}, tpe=1, actor={"id": []}) == ["/actr", "/tpe", "/actor/id"]


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"a": [value]} if levels % 2 else {"a": value}
    return value


class TestNesting:
    """Of what a host's own code hands in, which no body was read of."""

    @pytest.mark.parametrize(
        ("members", "found"),
        [
            pytest.param({"details": nested(62)}, [], id="as deep as may be"),
            pytest.param({"details": {"a": nested(62)}}, [], id="with the event"),
            pytest.param({"details": {"a": nested(64)}}, ["/details"], id="too deep"),
            pytest.param({"details": nested(20_000)}, ["/details"], id="far too deep"),
            pytest.param(
                {"changes": (Change(field="f", old=nested(60)),)}, [], id="a change as deep"
            ),
            pytest.param(
                {"changes": (Change(field="f", new=nested(62)),)}, ["/changes"], id="a deep change"
            ),
        ],
    )
    def test_is_limited_as_for_senders(self, members: dict[str, Any], found: list[str]) -> None:
        event = SubmittedEvent(type="X", **members)
        _, problems = check_event(event, origin=ORIGIN, received_us=NOW)
        assert [problem.pointer for problem in problems] == found
        if nested_too_deep_to_encode(event):
            assert found
        else:
            (same,) = decode_json(msgspec.json.encode(event))
            assert isinstance(same, Refusal) == bool(found)


def nested_too_deep_to_encode(event: SubmittedEvent) -> bool:
    try:
        msgspec.json.encode(event)
    except RecursionError:
        return True
    return False


class TestUserAgent:
    def test_is_cut_to_8_kib_at_a_character(self) -> None:
        (event,) = decode_json(
            msgspec.json.encode({"type": "X", "context": {"user_agent": "a" + "ä" * 8_000}})
        )
        assert isinstance(event, SubmittedEvent)
        (ready,) = prepare_events([(0, event, NOW)], origin=ORIGIN)
        assert ready.event.context is not None
        cut = ready.event.context.user_agent
        assert cut == "a" + "ä" * ((MAX_USER_AGENT_BYTES - 1) // 2)
        assert cut in ready.personal.decode()
