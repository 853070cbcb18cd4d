"""Event ids: their order, their time, and that they name the same event again."""

import hmac
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from audit.log.ids import event_id, id_floor, micros_of, random_event_id, time_of, timeless_hash
from audit.log.times import from_micros, to_micros

MICROS = st.integers(
    min_value=to_micros(datetime(2000, 1, 1, tzinfo=UTC)),
    max_value=to_micros(datetime(2100, 1, 1, tzinfo=UTC)),
)


def named(time_us: int = 1_770_000_000_000_123, **changed: object) -> UUID:
    given_: dict[str, object] = {
        "secret": b"s" * 32,
        "environment": "prod",
        "sender_id": 1,
        "submitted_id": "a",
        "time_us": time_us,
    }
    return event_id(**(given_ | changed))  # type: ignore[arg-type]


class TestEventId:
    @given(st.binary(min_size=1, max_size=64), st.text())
    def test_ends_in_the_hmac_of_the_name(self, secret: bytes, submitted_id: str) -> None:
        submitted_id = submitted_id.encode(errors="replace").decode()
        name = f"prod\n1\n1770000000000123\n{submitted_id}".encode()
        tag = int.from_bytes(hmac.digest(secret, name, "sha256")[:8], "big")
        assert (named(secret=secret, submitted_id=submitted_id).int ^ tag) & (2**62 - 1) == 0

    def test_is_the_same_for_a_retry(self) -> None:
        assert named() == named()

    def test_differs_by_every_part_of_the_name(self) -> None:
        others = [
            named(secret=b"t" * 32),
            named(environment="dev"),
            named(sender_id=2),
            named(submitted_id="b"),
            named(time_us=1_770_000_000_000_124),
        ]
        assert len({named(), *others}) == 6

    @given(MICROS)
    def test_is_a_version_7_uuid_that_holds_its_time(self, micros: int) -> None:
        for id_ in (named(micros), random_event_id(micros)):
            assert id_.version == 7
            assert id_.variant == "specified in RFC 4122"
            assert micros_of(id_) == micros
            assert time_of(id_) == from_micros(micros)

    @given(MICROS, MICROS)
    def test_orders_by_microsecond(self, one: int, other: int) -> None:
        if one != other:
            assert (named(one) < named(other)) == (one < other)

    @given(MICROS)
    def test_lies_between_the_floors_around_it(self, micros: int) -> None:
        id_ = random_event_id(micros)
        assert id_floor(from_micros(micros)) < id_ < id_floor(from_micros(micros + 1))

    def test_is_new_each_time_without_a_name(self) -> None:
        assert random_event_id(1) != random_event_id(1)


class TestTimelessHash:
    def test_is_16_bytes_and_differs_by_sender(self) -> None:
        def of(sender_id: int) -> bytes:
            return timeless_hash(
                secret=b"s", environment="prod", sender_id=sender_id, submitted_id="a"
            )

        assert len(of(1)) == 16
        assert of(1) != of(2)
