"""Whatever is changed past the guards is named: the event, and the part of it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

import pytest

from audit.models import Checkpoint, Event, LogHead, Position, Submission, TileHash
from audit.verify.findings import Finding
from tests.guards import past_the_guards

from .conftest import STEPS

Find = Callable[..., list[Finding]]
SIZE = sum(STEPS)


def position_of(event: Event) -> int:
    return Position.objects.get(submission_id=event.submission_id).first + event.ordinal


def event_at(position: int) -> Event:
    given = Position.objects.filter(first__lte=position).order_by("-first")[0]
    return Event.objects.get(submission_id=given.submission_id, ordinal=position - given.first)


def other_byte(content: bytes, at: int, random: Random) -> bytes:
    value = random.choice([v for v in range(256) if v != content[at]])
    return content[:at] + bytes([value]) + content[at + 1 :]


def other_character(text: str, at: int) -> str:
    return text[:at] + ("x" if text[at] != "x" else "y") + text[at + 1 :]


class TestUntouched:
    @pytest.mark.parametrize("span", [(0, 10_000), (0, 1), (256, 512), (300, 301), (590, 10_000)])
    def test_nothing_is_found(self, findings: Find, span: tuple[int, int]) -> None:
        assert findings(*span) == []

    def test_counts_what_it_looked_at(self, log: None) -> None:
        from audit.log.cursor import psycopg_cursor
        from audit.verify.log import read_log, verify_span

        cursor = psycopg_cursor("default")
        log_ = read_log(cursor, "prod")
        assert log_ is not None
        steps: list[int] = []
        count = verify_span(cursor, log_, 0, SIZE, report=pytest.fail, progress=steps.append)
        assert count == sum(steps) == SIZE


class TestChanged:
    @pytest.mark.parametrize("position", [0, 1, 255, 256, 400, 555, 590, SIZE - 1])
    @pytest.mark.parametrize("part", ["head", "personal", "details"])
    def test_one_character_of_a_text(self, findings: Find, position: int, part: str) -> None:
        event = event_at(position)
        text = getattr(event, part)
        at = text.index('":"') + 3 if part != "details" else len(text) // 2
        with past_the_guards() as cursor:
            cursor.execute(
                f"UPDATE audit_event SET {part} = %s WHERE id = %s",
                [other_character(text, at), event.pk],
            )
        told = [f for f in findings() if f.part == part]
        assert [(f.position, f.event_id) for f in told] == [(position, str(event.pk))]

    @pytest.mark.parametrize("part", ["head_salt", "personal_salt", "details_salt"])
    def test_one_byte_of_a_salt(self, findings: Find, part: str) -> None:
        event = event_at(300)
        with past_the_guards() as cursor:
            salt = other_byte(bytes(getattr(event, part)), 3, Random(1))
            cursor.execute(f"UPDATE audit_event SET {part} = %s WHERE id = %s", [salt, event.pk])
        assert [(f.position, f.part) for f in findings()] == [(300, part)]

    def test_more_than_one_byte(self, findings: Find) -> None:
        event = event_at(3)
        with past_the_guards() as cursor:
            cursor.execute("UPDATE audit_event SET details = '{}' WHERE id = %s", [event.pk])
        assert (3, "row") in [(f.position, f.part) for f in findings()]

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("actor_id", "another"),
            ("actor_hash", 7),
            ("outcome", 2),
            ("application_gid", None),
            ("ip", "192.0.2.8"),
            ("session", "s2"),
            ("request_id", "r2"),
            ("resource_type", "user"),
            ("workspace_id", "w2"),
            ("received_at", "2020-01-01T00:00:00Z"),
            ("source", "others"),
        ],
    )
    def test_a_column_that_is_searched_by(self, findings: Find, column: str, value: Any) -> None:
        event = event_at(5)
        with past_the_guards() as cursor:
            cursor.execute(f"UPDATE audit_event SET {column} = %s WHERE id = %s", [value, event.pk])
        assert [(f.position, f.part) for f in findings()] == [(5, column)]

    def test_the_number_of_its_receipt(self, findings: Find) -> None:
        event = event_at(5)
        with past_the_guards() as cursor:
            cursor.execute("UPDATE audit_event SET ordinal = 99 WHERE id = %s", [event.pk])
        assert [(f.position, f.part) for f in findings()] == [(5, "submission_id")]

    @pytest.mark.parametrize("position", [0, 300, 590])
    def test_a_receipts_leaf_hash(self, findings: Find, position: int) -> None:
        event = event_at(position)
        receipt = Submission.objects.get(pk=event.submission_id)
        hashes = [bytes(one) for one in receipt.leaf_hashes]
        hashes[event.ordinal] = other_byte(hashes[event.ordinal], 8, Random(1))
        with past_the_guards():
            Submission.objects.filter(pk=receipt.pk).update(leaf_hashes=hashes)
        told = [f for f in findings() if f.part == "receipt"]
        assert [f.position for f in told] == [position]

    def test_a_receipts_event_id(self, findings: Find) -> None:
        event = event_at(300)
        receipt = Submission.objects.get(pk=event.submission_id)
        ids = list(receipt.event_ids)
        ids[event.ordinal] = type(event.pk)(int=event.pk.int ^ 1)
        with past_the_guards():
            Submission.objects.filter(pk=receipt.pk).update(event_ids=ids)
        told = [f for f in findings() if f.part == "receipt"]
        assert [f.position for f in told] == [300]
        assert str(event.pk) in told[0].message

    def test_a_hash_of_a_tile(self, findings: Find) -> None:
        kept = TileHash.objects.order_by("index")[1]
        with past_the_guards():
            TileHash.objects.filter(pk=kept.pk).update(hash=other_byte(kept.hash, 0, Random(1)))
        assert ("tile", 256) in [(f.part, f.position) for f in findings()]

    @pytest.mark.parametrize("column", ["root", "note"])
    def test_a_checkpoint(self, findings: Find, column: str) -> None:
        kept = Checkpoint.objects.order_by("size")[1]
        value: Any = (
            other_byte(bytes(kept.root), 0, Random(1))
            if column == "root"
            else other_character(kept.note, len(kept.note) - 8)
        )
        with past_the_guards():
            Checkpoint.objects.filter(pk=kept.pk).update(**{column: value})
        assert {f.part for f in findings()} == {"checkpoint"}
        assert f"of {kept.size} leaves" in findings()[0].message

    def test_the_frontier(self, findings: Find) -> None:
        head = LogHead.objects.get()
        hashes = [bytes(one) for one in head.frontier]
        hashes[1] = other_byte(hashes[1], 0, Random(1))
        LogHead.objects.update(frontier=hashes)
        assert {f.part for f in findings()} == {"log head"}


class TestMissingAndMore:
    def test_a_row_is_deleted(self, findings: Find) -> None:
        event = event_at(400)
        with past_the_guards() as cursor:
            cursor.execute("DELETE FROM audit_event WHERE id = %s", [event.pk])
        (found,) = findings()
        assert (found.position, found.part, found.event_id) == (400, "row", str(event.pk))

    def test_a_row_is_added(self, findings: Find) -> None:
        event = event_at(400)
        new = type(event.pk)(int=event.pk.int ^ 1)
        names = ", ".join(f.column for f in Event._meta.fields if f.column != "id")
        with past_the_guards() as cursor:
            cursor.execute(
                f"INSERT INTO audit_event (id, {names})"
                f" SELECT %s, {names} FROM audit_event WHERE id = %s",
                [new, event.pk],
            )
        (found,) = findings()
        assert (found.part, found.event_id) == ("row", str(new))

    def test_a_receipt_is_deleted(self, findings: Find) -> None:
        event = event_at(300)
        with past_the_guards():
            Submission.objects.filter(pk=event.submission_id).delete()
        told = findings()
        assert ("receipt", 256) in [(f.part, f.position) for f in told]
        assert "row" in {f.part for f in told}

    def test_a_position_is_deleted(self, findings: Find) -> None:
        with past_the_guards():
            Position.objects.filter(first=256).delete()
        assert ("position", 556) in [(f.part, f.position) for f in findings()]

    def test_two_receipts_change_places(self, findings: Find) -> None:
        with past_the_guards():
            one, two = Position.objects.filter(first__in=(0, 1)).order_by("first")
            Position.objects.filter(pk=one.pk).update(first=9_999)
            Position.objects.filter(pk=two.pk).update(first=0)
            Position.objects.filter(pk=one.pk).update(first=255)
        assert ("tile", 0) in [(f.part, f.position) for f in findings()]


class TestRandomBytes:
    KINDS = ("text", "salt", "leaf hash", "id", "tile", "root", "note")

    def test_of_everything_that_is_committed_are_all_named(self, findings: Find) -> None:
        random, missed = Random(20), []
        for number in range(200):
            kind = self.KINDS[number % len(self.KINDS)]
            where, said = self._change(random, kind, findings)
            if not said:
                missed.append((kind, where))
        assert missed == []
        assert findings() == []

    def _change(self, random: Random, kind: str, findings: Find) -> tuple[str, bool]:
        """Change one byte, see whether it is named, and put it back."""
        event = event_at(random.randrange(SIZE))
        position = position_of(event)
        if kind in ("text", "salt"):
            part = random.choice(["head", "personal", "details"])
            table, key, where = "audit_event", "id", event.pk
            column = part if kind == "text" else f"{part}_salt"
            stored = getattr(event, column)
            changed = self._other(stored, random)
            named = {(position, column)}
        elif kind in ("leaf hash", "id"):
            receipt = Submission.objects.get(pk=event.submission_id)
            column = "leaf_hashes" if kind == "leaf hash" else "event_ids"
            table, key, where = "audit_submission", "id", receipt.pk
            stored = list(getattr(receipt, column))
            changed = list(stored)
            one = changed[event.ordinal]
            changed[event.ordinal] = (
                UUID(bytes=self._other(one.bytes, random))
                if isinstance(one, UUID)
                else self._other(one, random)
            )
            named = {(position, "receipt")}
        elif kind == "tile":
            tile = random.choice(list(TileHash.objects.all()))
            table, key, where, column = "audit_tilehash", '"index"', tile.index, "hash"
            stored = bytes(tile.hash)
            changed = self._other(stored, random)
            named = {(tile.index * 256, "tile")}
        else:
            kept = random.choice(list(Checkpoint.objects.all()))
            table, key, where, column = "audit_checkpoint", "size", kept.size, kind
            stored = getattr(kept, column)
            changed = self._other(stored, random)
            named = {(None, "checkpoint")}
        statement = f"UPDATE {table} SET {column} = %s WHERE {key} = %s"
        with past_the_guards() as cursor:
            cursor.execute(statement, [changed, where])
        told = {(f.position, f.part) for f in findings()}
        with past_the_guards() as cursor:
            cursor.execute(statement, [stored, where])
        return f"{table}.{column} of {where}: {told}", bool(named & told)

    def _other(self, stored: Any, random: Random) -> Any:
        if isinstance(stored, str):
            return other_character(stored, random.randrange(len(stored)))
        content = bytes(stored)
        return other_byte(content, random.randrange(len(content)), random)
