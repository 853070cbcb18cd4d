"""Lowcoder's envelopes to native events: each type rightly, and nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audit.ingest.json.decode import Misfit, Refusal, decode_json, decode_ndjson
from audit.ingest.lowcoder import event_of
from audit.record import Origin, SubmittedEvent
from audit.record.evidence.parts import Parts, make_content, make_head
from audit.vocabulary import EVENT_TYPES, is_product_type

from .envelopes import AGENT, HEADERS, SAMPLES, Sample

ORIGIN = Origin(environment="prod", sender_id=1)
# Members that are told in another way, or say nothing.
TOLD_OTHERWISE = {"isAnonymous"}


def plain(value: Any) -> Any:
    """A struct or a tuple of them, without the members that are not set."""
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    members = msgspec.to_builtins(value) if value is not None else {}
    return {k: v for k, v in members.items() if v is not None} or None


def leaves(value: Any) -> Iterator[str]:
    """Every scalar in a document, as text; null and "" say nothing."""
    if isinstance(value, dict):
        for member in value.values():
            yield from leaves(member)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    elif value not in (None, ""):
        yield str(value)


def stored(event: SubmittedEvent) -> dict[str, Any]:
    head = make_head(event, event_id="x", origin=ORIGIN, received_at="y")
    parts = Parts(head, *make_content(event))
    return {name: json.loads(text) for name, text in parts._asdict().items()}


class TestEachType:
    def test_is_in_the_table(self) -> None:
        lowcoders = [code for code in EVENT_TYPES if not is_product_type(code)]
        assert [sample.code for sample in SAMPLES] == lowcoders

    @pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.code)
    def test_finds_its_place(self, sample: Sample) -> None:
        event = event_of(sample.envelope)
        assert event.type == sample.code
        assert plain(event.workspace) == {"id": "w1"}
        assert plain(event.actor) == {"id": "u1", "type": "user"}
        assert plain(event.application) == sample.application
        assert plain(event.resource) == sample.resource
        assert plain(event.targets or ()) == sample.targets
        assert [msgspec.to_builtins(change) for change in event.changes or ()] == sample.changes
        assert plain(event.context) == {
            "ip": "203.0.113.9",
            "user_agent": AGENT,
            "client_hints": {"sec-ch-ua-platform": '"Windows"'},
            "session": "ab" * 64,
        }
        rest = {name: HEADERS[name] for name in ("x-forwarded-for", "accept")}
        assert event.details == sample.details | {"environmentId": "e-17", "headers": rest}


class TestActor:
    @pytest.mark.parametrize(
        ("members", "actor"),
        [
            pytest.param({"userId": "u1"}, {"id": "u1", "type": "user"}, id="user"),
            pytest.param({"userId": 17}, {"id": "17", "type": "user"}, id="number"),
            pytest.param(
                {"userId": "x", "isAnonymous": True},
                {"id": "x", "type": "anonymous"},
                id="anonymous, named",
            ),
            pytest.param({"isAnonymous": True}, {"type": "anonymous"}, id="anonymous"),
            pytest.param({"isAnonymous": False}, None, id="nobody"),
        ],
    )
    def test_is(self, members: dict[str, Any], actor: Any) -> None:
        event = event_of({"eventType": "USER_LOGIN", **members})
        assert plain(event.actor) == actor
        assert event.details is None

    def test_is_the_system_where_the_server_starts(self) -> None:
        event = event_of({"eventType": "SERVER_START_UP", "userId": None})
        assert plain(event.actor) == {"type": "system"}


class TestContext:
    @pytest.mark.parametrize(
        ("members", "ip"),
        [
            pytest.param({"ipAddress": "192.0.2.1"}, "192.0.2.1", id="ipAddress first"),
            pytest.param({"ipAddress": None}, "192.0.2.2", id="then X-Real-IP"),
            pytest.param(
                {"details": {"headers": {"X-FORWARDED-FOR": " 192.0.2.3:4711 , 10.0.0.1"}}},
                "192.0.2.3",
                id="then X-Forwarded-For's first",
            ),
            pytest.param(
                {"details": {"headers": {"x-forwarded-for": ["[2001:db8::1]:80", "x"]}}},
                "2001:db8::1",
                id="IPv6 with a port, in a list",
            ),
            pytest.param({"ipAddress": "no address"}, "no address", id="what is none stays"),
            pytest.param({"details": {"headers": {"X-Real-IP": ""}}}, None, id="none"),
        ],
    )
    def test_has_the_address(self, members: dict[str, Any], ip: str | None) -> None:
        headers = {"X-Real-IP": "192.0.2.2", "X-Forwarded-For": "192.0.2.9"}
        event = event_of({"eventType": "X", "details": {"headers": headers}, **members})
        assert (event.context.ip if event.context else None) == ip

    def test_has_headers_that_come_as_lists(self) -> None:
        headers = {
            "User-Agent": [AGENT],
            "sec-ch-ua": ["a", "b"],
            "SEC-CH-UA-MOBILE": ["?0"],
            "X": ["1"],
        }
        event = event_of({"eventType": "API_CALL_EVENT", "details": {"headers": headers}})
        assert plain(event.context) == {
            "user_agent": AGENT,
            "client_hints": {"sec-ch-ua": "a", "sec-ch-ua-mobile": "?0"},
        }
        assert event.details == {"headers": {"sec-ch-ua": ["a", "b"], "X": ["1"]}}


class TestThings:
    def test_takes_a_bundle_for_the_resource(self) -> None:
        details = {"bundleId": "b1", "bundleName": "Sales apps", "bundleGid": "g-b1"}
        event = event_of({"eventType": "APPLICATION_MOVE", "details": details})
        assert event.application is None
        assert plain(event.resource) == {"type": "bundle", "id": "b1", "name": "Sales apps"}
        assert event.details == details

    def test_reads_a_query_whose_members_lie_outside(self) -> None:
        details = {"queryId": "q1", "applicationId": "a1"}
        event = event_of({"eventType": "QUERY_EXECUTION", "details": details})
        assert plain(event.resource) == {"type": "query", "id": "q1"}
        assert plain(event.application) == {"id": "a1"}

    @pytest.mark.parametrize(
        ("code", "pair", "change"),
        [
            pytest.param("X", {"oldA": 1, "a": 2}, ("a", 1, 2), id="old and plain"),
            pytest.param("X", {"oldA": 1, "newA": 2}, ("a", 1, 2), id="old and new"),
            pytest.param("X", {"oldA": 1}, ("a", 1, None), id="old alone"),
            pytest.param("X", {"oldA": "", "a": 2}, ("a", "", 2), id="from empty"),
            pytest.param("X", {"oldA": False, "a": True}, ("a", False, True), id="false"),
            pytest.param("X", {"oldA": None, "a": 2}, None, id="nothing told"),
            pytest.param("X", {"oldA": 2, "a": 2}, None, id="the same"),
            pytest.param("X", {"older": 1, "er": 2}, None, id="another word"),
            pytest.param("A_CREATE", {"oldA": "", "a": 2}, None, id="made, not changed"),
        ],
    )
    def test_takes_pairs_that_differ_for_changes(self, code: str, pair: Any, change: Any) -> None:
        event = event_of({"eventType": code, "details": pair})
        found = [(c.field, c.old, c.new) for c in event.changes or ()]
        assert found == ([change] if change else [])
        assert event.details == pair


class TestWhatFitsNowhere:
    @pytest.mark.parametrize(
        ("members", "kept"),
        [
            pytest.param({"tenant": {"a": 1}}, {"tenant": {"a": 1}}, id="unknown member"),
            pytest.param({"orgId": "x" * 257}, {"orgId": "x" * 257}, id="too long an id"),
            pytest.param({"userId": ["u1"]}, {"userId": ["u1"]}, id="no id at all"),
            pytest.param({"isAnonymous": "yes"}, {"isAnonymous": "yes"}, id="neither true nor not"),
            pytest.param({"details": [1, 2]}, {"details": [1, 2]}, id="details that are none"),
            pytest.param(
                {"details": {"lowcoder": 1}}, {"details": {"lowcoder": 1}}, id="a key like ours"
            ),
        ],
    )
    def test_is_kept_in_details(self, members: dict[str, Any], kept: Any) -> None:
        event = event_of({"eventType": "X", **members})
        assert event.details == {"lowcoder": kept}

    def test_is_cut_in_a_name_alone(self) -> None:
        event = event_of({"eventType": "FOLDER_CREATE", "details": {"name": "n" * 1_001}})
        assert event.resource is not None
        assert event.resource.name == "n" * 999 + "…"
        assert event.details == {"name": "n" * 1_001}

    def test_leaves_targets_beyond_the_limit_in_details(self) -> None:
        ids = [str(n) for n in range(1_001)]
        event = event_of({"eventType": "X", "details": {"userIds": ids}})
        assert len(event.targets or ()) == 1_000
        assert event.details == {"userIds": ids}


class TestRefusals:
    @pytest.mark.parametrize(
        ("envelope", "pointer", "word"),
        [
            pytest.param({}, "/eventType", "required", id="no type"),
            pytest.param({"eventType": 1}, "/eventType", "number", id="a type that is none"),
            pytest.param({"eventType": "X", "eventId": []}, "/eventId", "a list", id="id"),
            pytest.param({"eventType": "X", "eventTime": 17}, "/eventTime", "number", id="time"),
        ],
    )
    def test_name_the_envelopes_member(self, envelope: Any, pointer: str, word: str) -> None:
        (refusal,) = decode_json(json.dumps(envelope).encode(), understand=event_of)
        assert isinstance(refusal, Refusal)
        assert refusal.problems[0].pointer == pointer
        assert word in refusal.problems[0].message

    def test_are_a_lines_own(self) -> None:
        body = b'{"eventType":"A","eventId":7}\nx\n{"eventType":"B","eventTime":"t"}'
        first, second, third = decode_ndjson(body, understand=event_of)
        assert first == SubmittedEvent(type="A", id="7")
        assert isinstance(second, Refusal)
        assert third == SubmittedEvent(type="B", time="t")


scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=12)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
keys = st.sampled_from(
    sorted({key for sample in SAMPLES for key in sample.details})
    + ["headers", "lowcoder", "oldX", "X", "newX", "fromName", "userIds", "memberId", "bundleId"]
)
headers = st.dictionaries(
    st.sampled_from([*HEADERS, "User-Agent", "sec-ch-ua", "SEC-CH-UA", "x-real-ip"])
    | st.text(max_size=8),
    values,
)
details = st.dictionaries(keys, values) | st.fixed_dictionaries({"headers": headers})
envelopes = st.fixed_dictionaries(
    {"eventType": st.sampled_from([*EVENT_TYPES, "X"])},
    optional={
        "details": details | values,
        "eventId": st.text(max_size=12) | st.integers(),
        "eventTime": st.text(max_size=12),
        **dict.fromkeys(
            ("orgId", "userId", "sessionHash", "isAnonymous", "ipAddress", "other"), values
        ),
    },
)


class TestAnyEnvelope:
    @given(envelopes)
    @example({"eventType": "X", "details": {"headers": {"User-Agent": [], "user-agent": ["a"]}}})
    @example({"eventType": "X", "details": {"headers": {"User-Agent": "a", "user-agent": "b"}}})
    def test_loses_no_value(self, envelope: dict[str, Any]) -> None:
        found = set(leaves(stored(event_of(envelope))))
        sent = set(leaves({k: v for k, v in envelope.items() if k not in TOLD_OTHERWISE}))
        assert sent <= found

    @given(st.dictionaries(st.text(max_size=8) | st.sampled_from(["eventType", "details"]), values))
    def test_becomes_an_event_or_a_refusal(self, envelope: dict[str, Any]) -> None:
        try:
            assert isinstance(event_of(envelope), SubmittedEvent)
        except Misfit as misfit:
            assert misfit.problems[0].pointer in ("/eventType", "/eventId", "/eventTime")
