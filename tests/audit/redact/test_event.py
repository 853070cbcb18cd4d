"""What becomes of an event that holds secrets, and of one that holds none."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from audit.ingest.json.decode import decode_json
from audit.record import SubmittedEvent
from audit.record.submitted import Actor, Resource
from audit.redact import MASK, mask_event, mask_text


def masked(document: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """Return the event as JSON without absent members, and the pointers."""
    (event,) = decode_json(json.dumps({"type": "X"} | document).encode())
    assert isinstance(event, SubmittedEvent)
    result, pointers = mask_event(event, environment="prod")
    given = msgspec.json.decode(msgspec.json.encode(result))
    return {k: v for k, v in given.items() if v is not None}, set(pointers)


def masked_details(details: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    result, pointers = masked({"details": details})
    return result["details"], {p.removeprefix("/details") for p in pointers}


class TestMaskEvent:
    def test_gives_the_same_object_where_there_is_no_secret(self) -> None:
        event = SubmittedEvent(type="X", details={"tokenCount": 3, "passwordChanged": True})
        assert mask_event(event, environment="prod") == (event, ())
        assert mask_event(event, environment="prod")[0] is event

    def test_masks_named_members_at_any_depth_and_says_where(self) -> None:
        details, pointers = masked_details(
            {"a": [{"b": {"x-api-key": "S3CR3T", "kept": 1}}], "password": "S3CR3T"}
        )
        assert details == {"a": [{"b": {"x-api-key": MASK, "kept": 1}}], "password": MASK}
        assert pointers == {"/a/0/b/x-api-key", "/password"}

    def test_writes_pointers_by_rfc_6901(self) -> None:
        assert masked_details({"a/b~c": {"password": "x"}})[1] == {"/a~1b~0c/password"}

    def test_masks_a_name_written_with_escapes(self) -> None:
        (event,) = decode_json(b'{"type":"X","details":{"p\\u0061ssword":"S3CR3T"}}')
        assert isinstance(event, SubmittedEvent)
        assert mask_event(event, environment="prod")[1] == ("/details/password",)

    def test_masks_both_sides_of_a_change_of_a_secret(self) -> None:
        changes = [
            {"field": "name", "old": "a", "new": "b"},
            {"field": "smtp.password", "old": "S3CR3T", "new": "S3CR3T2"},
        ]
        result, pointers = masked({"changes": changes})
        assert result["changes"][0] == changes[0]
        assert result["changes"][1] == {"field": "smtp.password", "old": MASK, "new": MASK}
        assert pointers == {"/changes/1/old", "/changes/1/new"}

    @pytest.mark.parametrize("value", [None, True, False, "", [], {}])
    def test_leaves_what_says_nothing_secret(self, value: Any) -> None:
        assert masked_details({"password": value}) == ({"password": value}, set())

    @pytest.mark.parametrize("value", [7, 12345678, 1.5])
    def test_masks_numbers(self, value: Any) -> None:
        assert masked_details({"password": value}) == ({"password": MASK}, {"/password"})

    def test_leaves_a_count_under_a_plural(self) -> None:
        assert masked_details({"tokens": 512})[0] == {"tokens": 512}

    def test_masks_all_that_a_container_under_a_secret_name_holds(self) -> None:
        details, pointers = masked_details({"cookies": {"a": "x", "b": [1.5, True, {"c": "y"}]}})
        assert details == {"cookies": {"a": MASK, "b": [1.5, True, {"c": MASK}]}}
        assert pointers == {"/cookies"}

    def test_masks_the_texts_of_a_list_under_a_name_that_is_no_container(self) -> None:
        details, pointers = masked_details({"otp": ["1", {"a": "b"}], "pin": {"x": 1}})
        assert details == {"otp": [MASK, {"a": "b"}], "pin": {"x": 1}}
        assert pointers == {"/otp/0"}

    @pytest.mark.parametrize(
        ("headers", "pointer"),
        [
            pytest.param({"Authorization": ["Basic x"]}, "/Authorization", id="map of lists"),
            pytest.param([{"name": "Cookie", "value": "x"}], "/0/value", id="name and value"),
            pytest.param([{"value": "x", "key": "Cookie"}], "/0/value", id="value and key"),
            pytest.param([["Cookie", "x"]], "/0/1", id="pairs"),
            pytest.param("Host: a\r\nCookie: a=b; c=d\r\n", "", id="as sent"),
        ],
    )
    def test_masks_headers_however_they_are_listed(self, headers: Any, pointer: str) -> None:
        details, pointers = masked_details({"headers": headers})
        assert pointers == {f"/headers{pointer}"}
        assert '"x"' not in json.dumps(details)
        assert "c=d" not in json.dumps(details)

    def test_leaves_ids_types_and_times(self) -> None:
        secret = "ghp_" + "a1" * 20
        event = {
            "id": secret,
            "type": secret,
            "source": secret,
            "workspace": {"id": secret},
            "actor": {"id": secret},
            "application": {"id": secret, "gid": secret},
            "resource": {"type": secret, "id": secret},
            "targets": [{"type": secret, "id": secret}],
            "context": {"session": secret, "request_id": secret, "trace": secret, "ip": secret},
        }
        result, pointers = masked(event | {"details": {"password": "x"}})
        assert pointers == {"/details/password"}
        assert json.dumps(result).count(secret) == json.dumps(event).count(secret) == 15

    @pytest.mark.parametrize(
        ("document", "pointer"),
        [
            ({"workspace": {"id": "1", "name": "S"}}, "/workspace/name"),
            ({"actor": {"name": "S"}}, "/actor/name"),
            ({"actor": {"email": "S"}}, "/actor/email"),
            ({"application": {"name": "S"}}, "/application/name"),
            ({"resource": {"type": "x", "name": "S"}}, "/resource/name"),
            ({"targets": [{"type": "x", "name": "S"}]}, "/targets/0/name"),
            ({"context": {"user_agent": "S"}}, "/context/user_agent"),
            ({"context": {"client_hints": {"a": "S"}}}, "/context/client_hints/a"),
            ({"changes": [{"field": "a", "new": ["S"]}]}, "/changes/0/new/0"),
        ],
    )
    def test_masks_what_is_shaped_like_a_secret_in_every_text(
        self, document: dict[str, Any], pointer: str
    ) -> None:
        secret = "ghp_" + "a1" * 20
        given = json.loads(json.dumps(document).replace('"S"', f'"{secret}"'))
        result, pointers = masked(given)
        assert pointers == {pointer}
        assert secret not in json.dumps(result)

    def test_masks_a_member_name_that_is_a_secret(self) -> None:
        one, two = "ghp_" + "a" * 36, "ghp_" + "b" * 36
        details, _ = masked_details({one: 1, two: 2})
        assert sorted(details.values()) == [1, 2]
        assert all(name.startswith(MASK) for name in details)

    def test_bounds_the_pointers_of_an_event(self) -> None:
        details, pointers = masked_details({"n" * 1000: [{"password": "x"}] * 5_000})
        assert sum(map(len, pointers)) < 10_000
        assert "" in pointers
        assert '"x"' not in json.dumps(details)


class TestMaskText:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ('{"password": "x", "a": 1}', '{"password": "[redacted]", "a": 1}'),
            ('{"password":"x', '{"password":"[redacted]"'),
            ('{"a":{"token":12, "b":"c"}', '{"a":{"token":"[redacted]", "b":"c"}'),
            ('[{"value":"x","name":"Cookie"},', '[{"value":"[redacted]","name":"Cookie"},'),
            ('{"a" "b" "password" "x"}', '{"a" "b" "password" "[redacted]"}'),
            ('{"p\\u0061ssword":"x"}', '{"p\\u0061ssword":"[redacted]"}'),
            ('{"cookies":{"a":["x"]},"b":"y"}', '{"cookies":{"a":["[redacted]"]},"b":"y"}'),
            ("GET /?token=x&a=1 HTTP/1.1", "GET /?token=[redacted]&a=1 HTTP/1.1"),
            ("nothing to hide", "nothing to hide"),
            ("", ""),
        ],
    )
    def test_masks_what_is_no_event(self, text: str, expected: str) -> None:
        assert mask_text(text) == expected


class TestIds:
    """Of an id only the password of an address is masked."""

    @pytest.mark.parametrize(
        ("id_", "masked"),
        [
            ("postgres://ann:S3cret@db/x", "postgres://ann:[redacted]@db/x"),
            ("see amqp://:S@h", "see amqp://:[redacted]@h"),
            ("?dsn=redis%3A%2F%2F%3AS%40h", "?dsn=redis%3A%2F%2F%3A[redacted]%40h"),
            ("a://:b@" * 100, "[redacted]"),
        ],
    )
    def test_hold_no_password_of_an_address(self, id_: str, masked: str) -> None:
        event = SubmittedEvent(
            type="X",
            id=id_,
            source=id_,
            actor=Actor(id=id_),
            resource=Resource(type="data_source", id=id_),
            targets=(Resource(type="queue", id=id_),),
        )
        got, pointers = mask_event(event, environment="prod")
        assert got.resource == Resource(type="data_source", id=masked)
        assert got.targets == (Resource(type="queue", id=masked),)
        assert got.actor == Actor(id=masked)
        assert (got.id, got.source) == (masked, masked)
        assert "/targets/0/id" in pointers

    @pytest.mark.parametrize(
        "id_",
        [
            "ann@example.org",
            "google-oauth2:ann@example.org",
            "mailto:ann@example.org",
            "ssh://git@example.org/x",
            "https://example.org:8443/@ann",
            "arn:aws:s3:::bucket/a@b",
            "ghp_0123456789abcdef0123456789abcdef0123",
        ],
    )
    def test_stay_otherwise(self, id_: str) -> None:
        event = SubmittedEvent(type="X", id=id_, resource=Resource(type="row", id=id_))
        assert mask_event(event, environment="prod") == (event, ())
