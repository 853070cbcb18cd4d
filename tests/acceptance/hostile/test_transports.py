"""Senders that break off, dawdle, or say one thing and do another."""

from __future__ import annotations

import select
import socket
import struct
import threading

from .conftest import Answer, Target

EVENT = b'{"type":"HOSTILE"}'
HALF_CHUNK = b"12\r\n" + EVENT[:9]
RESET = struct.pack("ii", 1, 0)  # SO_LINGER of 0 s: close() sends RST


def named(name: str) -> bytes:
    return b'{"type":"HOSTILE","id":"%s","time":"2026-03-05T09:00:00Z"}' % name.encode()


def stored(target: Target, name: str) -> Answer:
    """Send it once more: a duplicate was stored, what is recorded now was not."""
    return target.post(named(name))


class TestBrokenOff:
    def test_half_a_body_is_408_when_its_time_is_up(self, target: Target) -> None:
        with target.connect() as connection:
            connection.sendall(target.request(named("half"))[:-9])
            answer = target.read(connection)
        assert answer.status == 408
        assert answer.document["type"] == "urn:audit:problem:timeout"
        assert stored(target, "half").document["recorded"] == 1

    def test_half_a_body_and_an_end_stores_nothing(self, target: Target) -> None:
        with target.connect() as connection:
            connection.sendall(target.request(named("end"))[:-9])
            connection.shutdown(socket.SHUT_WR)
            answer = target.read(connection)
        assert answer.status in (None, 400, 408)
        assert stored(target, "end").document["recorded"] == 1

    def test_half_a_body_and_a_reset_stores_nothing(self, target: Target) -> None:
        connection = target.connect()
        connection.sendall(target.request(named("reset"))[:-9])
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        connection.close()
        assert stored(target, "reset").document["recorded"] == 1

    def test_half_a_chunk_is_408_when_its_time_is_up(self, target: Target) -> None:
        head = target.request(b"", **{"Transfer-Encoding": "chunked"})
        with target.connect() as connection:
            connection.sendall(head.replace(b"Content-Length: 0\r\n", b"") + HALF_CHUNK)
            assert target.read(connection).status == 408

    def test_half_a_head_just_ends(self, target: Target) -> None:
        with target.connect() as connection:
            connection.sendall(target.request(EVENT)[:40])
            assert target.read(connection).status is None

    def test_a_head_without_end_is_not_kept(self, target: Target) -> None:
        with target.connect() as connection:
            target.send(connection, b"GET / HTTP/1.1\r\nX-A: " + b"a" * 2**24)
            assert target.read(connection).status in (None, 431)

    def test_whoever_goes_before_the_answer_has_their_events_stored_once(
        self, target: Target
    ) -> None:
        connection = target.connect()
        connection.sendall(target.request(named("gone")))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        connection.close()
        stored(target, "gone")
        assert stored(target, "gone").document["duplicates"] == 1


class TestDawdling:
    def test_a_body_byte_by_byte_is_taken(self, target: Target) -> None:
        with target.connect() as connection:
            request = target.request(EVENT)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for place in range(len(request)):
                connection.sendall(request[place : place + 1])
            assert target.read(connection).status == 201

    def test_fifty_half_bodies_keep_nobody_waiting(self, target: Target) -> None:
        slow = [target.connect() for _ in range(50)]
        try:
            for connection in slow:
                connection.sendall(target.request(EVENT)[:-1])
            assert target.post(EVENT).status == 201
            # Answered before any of the fifty, whose time was not up.
            assert not select.select(slow, [], [], 0)[0]
            assert {target.read(connection).status for connection in slow} == {408}
        finally:
            for connection in slow:
                connection.close()


class TestOtherLengths:
    def test_pipelined_requests_are_answered_in_order(self, target: Target) -> None:
        with target.connect() as connection:
            connection.sendall(target.request(EVENT) + target.request(b"[") + target.request(EVENT))
            said = [target.read(connection).status for _ in range(3)]
        assert said == [201, 400, 201]

    def test_garbage_behind_a_request_is_no_part_of_it(self, target: Target) -> None:
        with target.connect() as connection:
            connection.sendall(target.request(named("garbage")) + b"garbage\r\n\r\n")
            # The garbage may be refused before the event is answered: then its sender asks again.
            assert target.read(connection).status in (201, 400)
        stored(target, "garbage")
        assert stored(target, "garbage").document["duplicates"] == 1

    def test_a_request_hidden_in_a_body_is_a_body(self, target: Target) -> None:
        hidden = target.request(named("hidden"))
        assert target.post(hidden).status == 400
        assert stored(target, "hidden").document["recorded"] == 1

    def test_a_length_beside_chunks_smuggles_nothing(self, target: Target) -> None:
        body = b"0\r\n\r\n" + target.request(named("smuggled"))
        request = target.request(body, **{"Transfer-Encoding": "chunked"})
        with target.connect() as connection:
            connection.sendall(request)
            first = target.read(connection)
        assert first.status in (None, 400)
        assert stored(target, "smuggled").document["recorded"] == 1

    def test_a_sender_that_waits_for_100_is_told_to_go_on(self, target: Target) -> None:
        with target.connect() as connection:
            request = target.request(EVENT, Expect="100-continue")
            connection.sendall(request[: -len(EVENT)])
            assert connection.recv(1000).startswith(b"HTTP/1.1 100")
            connection.sendall(EVENT)
            assert target.read(connection).status == 201


class TestCrowds:
    def test_the_same_event_from_many_at_once_is_stored_once(self, target: Target) -> None:
        answers: list[Answer] = []

        def send() -> None:
            answers.append(target.post(named("crowd"), **{"Idempotency-Key": "crowd"}))

        threads = [threading.Thread(target=send) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {answer.status for answer in answers} <= {201, 409}
        told = {e["id"] for a in answers if a.status == 201 for e in a.document["events"]}
        assert len(told) == 1
