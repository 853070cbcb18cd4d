"""Keys of object stores and long addresses are ids that are recorded, listed and found."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.check import MAX_KEY_BYTES
from audit.record.submitted import Resource
from audit.worker.loop import do_round

# Texts that no index can make shorter.
CHANCE = random.Random(7)
LETTERS = [chr(c) for c in range(0x3B1, 0x3C9)] + list("abcdefghijklmnopqrstuvwxyz0123456789/")


def key(characters: int, letters: Any = LETTERS) -> str:
    return "".join(CHANCE.choice(letters) for _ in range(characters))


LONGEST = key(1_024, [*"abcdefghijklmnopqrstuvwxyz0123456789/._-ABCDEFGHIJKLMNOPQRSTUVWXYZ"])
MOST_BYTES = key(1_000, LETTERS[:24])


def record(resource: Resource, *targets: Resource) -> Any:
    ensure_environment("prod")
    event = SubmittedEvent(type="OBJECT_READ", resource=resource, targets=targets or None)
    receipt = record_events(
        [event], origin=Origin(environment="prod"), received_at=datetime.now(UTC)
    )
    return receipt.verdicts[0]


class TestLongIds:
    @pytest.mark.parametrize("id_", [LONGEST, MOST_BYTES], ids=["characters", "bytes"])
    def test_are_recorded_listed_and_found(self, browse: Any, id_: str) -> None:
        resource = Resource(type="object", id=id_, name="march.csv")
        assert record(resource, Resource(type="key of an object", id=id_)).status == "recorded"
        while not do_round(using="default").is_idle:
            pass
        for name in ("resource", "target"):
            found = browse(f"/api/v1/events?{name}={quote(id_, safe='')}").json()["results"]
            assert [event["resource"]["id"] for event in found] == [id_]
        assert browse(f"/events/?resource={quote(id_, safe='')}").status_code == 200
        (listed,) = browse("/api/v1/resources?resource_type=object&prefix=march").json()["results"]
        assert listed["id"] == id_

    @pytest.mark.parametrize(
        ("resource", "said"),
        [
            pytest.param(Resource(type="o", id=LONGEST + "a"), "the limit is 1,024", id="longer"),
            pytest.param(Resource(type="o", id="ä" * 1_001), "limit is 2,000", id="more bytes"),
            pytest.param(Resource(type="ä" * 256, id="ä" * 1_000), "together", id="with its type"),
            pytest.param(Resource(type="user", id="a" * 257), "limit is 256", id="a person"),
            pytest.param(Resource(type="data_source", id="a" * 257), "limit is 256", id="counted"),
        ],
    )
    def test_are_refused_beyond_their_limits(self, db: None, resource: Resource, said: str) -> None:
        for verdict in (record(resource), record(Resource(type="x"), resource)):
            assert verdict.status == "rejected"
            assert said in verdict.problems[0].message

    def test_have_keys_that_fit_into_an_index(self, db: None) -> None:
        """The longest type with the longest id that is let in beside it."""
        type_ = key(250, LETTERS[:24])
        id_ = MOST_BYTES[: (MAX_KEY_BYTES - len(type_.encode())) // 2]
        resource = Resource(type=type_, id=id_, name="x")
        assert record(resource, resource).status == "recorded"
        while not do_round(using="default").is_idle:
            pass
