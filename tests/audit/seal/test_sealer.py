"""Rounds of sealing: what is recorded gets into the tree and is signed, and nothing wrong is."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from audit.log.cursor import psycopg_cursor
from audit.models import Checkpoint, LogHead, Position, Submission, TileHash
from audit.seal.alarms import clear_alarms, open_alarms
from audit.seal.key_file import read_key_file, write_key_file
from audit.seal.log_keys import LogKeyRefused, make_key, public_bytes, rotate_key
from audit.seal.positions import give_positions, pending_environments
from audit.seal.sealer import Sealer
from audit.seal.tiles import read_tree
from audit.tlog.checkpoints import parse_checkpoint
from audit.tlog.consistency import check_consistency, prove_consistency
from audit.tlog.hashes import EMPTY_ROOT
from audit.tlog.notes import make_key as verifier_key
from audit.tlog.notes import signers
from tests.audit.tlog import reference
from tests.factories import EnvironmentFactory
from tests.guards import past_the_guards

from .conftest import Record

pytestmark = pytest.mark.django_db


def leaves_of_the_log() -> list[bytes]:
    receipts = {one.pk: one for one in Submission.objects.all()}
    return [
        bytes(hash_)
        for position in Position.objects.order_by("first")
        for hash_ in receipts[position.submission_id].leaf_hashes
    ]


def seal(now: datetime | None = None) -> None:
    Sealer(using="default").seal(now=now or timezone.now())


class TestSeal:
    def test_grows_the_tree_over_the_leaves_in_the_order_of_positions(
        self, environment: int, record: Record
    ) -> None:
        for count in (1, 255, 3, 300, 1):
            record(count)
            seal()
            head = LogHead.objects.get(environment=environment)
            leaves = leaves_of_the_log()
            assert head.tree_size == head.size == len(leaves)
            tree = read_tree(psycopg_cursor("default"), environment, head.size, epoch=1)
            assert reference.mth(leaves) == reference.mth(
                [tree.subtree(0, index) for index in range(head.size)]
            )
        assert [(t.level, t.index) for t in TileHash.objects.order_by("index")] == [(1, 0), (1, 1)]

    def test_signs_what_grew_with_the_logs_key(
        self, environment: int, record: Record, key: bytes
    ) -> None:
        record(3)
        seal()
        (kept,) = Checkpoint.objects.all()
        note, checkpoint = parse_checkpoint(kept.note.encode())
        assert checkpoint.size == kept.size == 3
        assert checkpoint.root == bytes(kept.root) == reference.mth(leaves_of_the_log())
        assert checkpoint.origin.endswith("/prod")
        own = verifier_key(checkpoint.origin, key)
        assert signers(note, [own]) == (own,)

    def test_signs_at_most_once_a_second_and_only_what_grew(
        self, record: Record, key: bytes
    ) -> None:
        now = timezone.now()
        sealer = Sealer(using="default")
        for count, seconds, sizes in ((1, 0, [1]), (2, 0.4, [1]), (0, 1, [1, 3]), (0, 9, [1, 3])):
            if count:
                record(count)
            sealer.seal(now=now + timedelta(seconds=seconds))
            assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == sizes

    def test_every_checkpoint_continues_those_before(
        self, environment: int, record: Record, key: bytes
    ) -> None:
        now = timezone.now()
        for step in range(6):
            record(90)
            seal(now + timedelta(seconds=2 * step))
        kept = list(Checkpoint.objects.order_by("size"))
        assert [one.size for one in kept] == [90, 180, 270, 360, 450, 540]
        tree = read_tree(psycopg_cursor("default"), environment, 540, epoch=1)
        for old in kept:
            proof = prove_consistency(tree.subtree, old.size, 540)
            check_consistency(old.size, bytes(old.root), 540, bytes(kept[-1].root), proof)

    def test_takes_up_a_log_that_had_positions_before_it_had_a_tree(
        self, environment: int, record: Record, key: bytes
    ) -> None:
        record(400)
        seal()
        LogHead.objects.update(tree_size=0, frontier=[])
        with past_the_guards():
            TileHash.objects.all().delete()
            Checkpoint.objects.all().delete()
        seal(timezone.now() + timedelta(seconds=2))
        assert LogHead.objects.get(environment=environment).tree_size == 400
        assert bytes(Checkpoint.objects.get().root) == reference.mth(leaves_of_the_log())

    def test_keeps_a_log_for_each_environment(self, record: Record, key: bytes) -> None:
        EnvironmentFactory(key="dev")
        record(2)
        record(3, "dev")
        seal()
        told = {parse_checkpoint(one.note.encode())[1] for one in Checkpoint.objects.all()}
        assert {(one.origin.rpartition("/")[2], one.size) for one in told} == {
            ("prod", 2),
            ("dev", 3),
        }


class TestBroken:
    """Nothing is signed that is no continuation, an alarm is raised once, and others go on."""

    @pytest.fixture(autouse=True)
    def sealed(self, record: Record, key: bytes) -> None:
        record(300)
        seal()
        record(10)

    def alarm(self) -> str:
        sealer, now = Sealer(using="default"), timezone.now() + timedelta(seconds=2)
        sealer.seal(now=now)
        sealer.seal(now=now + timedelta(minutes=2))
        assert list(Checkpoint.objects.values_list("size", flat=True)) == [300]
        (alarm,) = open_alarms(psycopg_cursor("default"))
        assert (alarm.kind, alarm.environment) == ("broken-log", "prod")
        return alarm.message

    def test_a_leaf_that_was_signed_is_another(self) -> None:
        first = Submission.objects.order_by("id")[0]
        hashes = [bytes(hash_) for hash_ in first.leaf_hashes]
        hashes[7] = b"\x00" * 32
        with past_the_guards():
            Submission.objects.filter(pk=first.pk).update(leaf_hashes=hashes)
            LogHead.objects.update(tree_size=0, frontier=[])
            TileHash.objects.all().delete()
        assert "no continuation of its checkpoint of 300 leaves" in self.alarm()

    def test_the_frontier_is_another(self) -> None:
        head = LogHead.objects.get(tree_size=300)
        hashes = [b"\x00" * 32, *map(bytes, head.frontier[1:])]
        LogHead.objects.filter(pk=head.pk).update(frontier=hashes)
        assert "no continuation of its checkpoint of 300 leaves" in self.alarm()

    def test_the_frontier_is_none(self) -> None:
        LogHead.objects.filter(tree_size=300).update(frontier=[])
        assert "frontier of a log head is broken" in self.alarm()

    def test_a_receipt_lacks_a_hash(self) -> None:
        last = Submission.objects.order_by("-id")[0]
        with past_the_guards():
            Submission.objects.filter(pk=last.pk).update(leaf_hashes=last.leaf_hashes[:9])
        assert "The receipt at position 300" in self.alarm()

    def test_positions_have_a_gap(self) -> None:
        (number,) = pending_environments(psycopg_cursor("default"))
        give_positions(number, using="default")
        with past_the_guards():
            Position.objects.filter(first=300).update(first=301)
        LogHead.objects.filter(size=310).update(size=311)
        assert "Positions 300 to 301" in self.alarm()

    def test_the_log_is_shorter_than_what_was_signed(self) -> None:
        with past_the_guards():
            Checkpoint.objects.update(size=5000)
        seal(timezone.now() + timedelta(seconds=2))
        assert Checkpoint.objects.count() == 1


class TestKeys:
    def test_without_a_key_sealing_goes_on_and_an_alarm_tells(
        self, key_path: Path, environment: int, record: Record
    ) -> None:
        record(1)
        seal()
        assert LogHead.objects.get(environment=environment).tree_size == 1
        assert not Checkpoint.objects.exists()
        (alarm,) = open_alarms(psycopg_cursor("default"))
        assert alarm.kind == "signing-key"
        assert "log_key new" in alarm.message

    def test_what_is_told_already_is_not_written_again(
        self, key_path: Path, environment: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sealer, now = Sealer(using="default"), timezone.now()
        sealer.seal(now=now)
        plain, said = psycopg.Cursor.execute, list[str]()

        def noting(self: Any, query: Any, *args: Any, **named: Any) -> Any:
            said.append(str(query))
            return plain(self, query, *args, **named)

        monkeypatch.setattr(psycopg.Cursor, "execute", noting)
        sealer.seal(now=now + timedelta(seconds=6))
        assert any("audit_logkey" in one for one in said)
        assert not [one for one in said if not one.startswith("SELECT")]

    def test_an_alarm_that_somebody_cleared_is_raised_again(
        self, key_path: Path, environment: int
    ) -> None:
        sealer, now = Sealer(using="default"), timezone.now()
        sealer.seal(now=now)
        clear_alarms(psycopg_cursor("default"), "signing-key", by="ann", now=now)
        sealer.seal(now=now + timedelta(seconds=6))
        assert [one.kind for one in open_alarms(psycopg_cursor("default"))] == ["signing-key"]

    @pytest.mark.parametrize("harm", ["lost", "empty", "not PEM", "replaced"])
    def test_a_file_that_is_not_the_logs_signs_nothing_until_it_is_back(
        self, harm: str, key_path: Path, key: bytes, record: Record
    ) -> None:
        path = key_path
        kept = path.read_bytes()
        {
            "lost": path.unlink,
            "empty": lambda: path.write_bytes(b""),
            "not PEM": lambda: path.write_bytes(b"-----BEGIN PRIVATE KEY-----\nAAAA\n"),
            "replaced": lambda: write_key_file(path, [Ed25519PrivateKey.generate()]),
        }[harm]()
        record(1)
        now = timezone.now()
        seal(now)
        assert not Checkpoint.objects.exists()
        assert [one.kind for one in open_alarms(psycopg_cursor("default"))] == ["signing-key"]
        path.write_bytes(kept)
        seal(now + timedelta(seconds=1))
        assert Checkpoint.objects.count() == 1
        assert not open_alarms(psycopg_cursor("default"))

    def test_after_a_rotation_both_sign_for_a_week(
        self, key_path: Path, key: bytes, record: Record
    ) -> None:
        now = timezone.now()
        newer = public_bytes(rotate_key(using="default", now=now))
        assert [public_bytes(one) for one in read_key_file(key_path)] == [newer, key]
        for days, expected in ((1, {newer, key}), (8, {newer})):
            record(1)
            seal(now + timedelta(days=days))
            note, checkpoint = parse_checkpoint(
                Checkpoint.objects.order_by("-size")[0].note.encode()
            )
            keys = [verifier_key(checkpoint.origin, public) for public in (newer, key)]
            assert {one.public for one in signers(note, keys)} == expected

    def test_a_second_first_key_is_refused(self, key: bytes) -> None:
        with pytest.raises(LogKeyRefused, match="rotate"):
            make_key(using="default", now=timezone.now())

    def test_a_lost_key_is_replaced_only_where_it_is_said(
        self, key_path: Path, key: bytes, record: Record
    ) -> None:
        key_path.unlink()
        with pytest.raises(LogKeyRefused, match="--lost"):
            rotate_key(using="default", now=timezone.now())
        newer = rotate_key(using="default", now=timezone.now(), is_lost=True)
        record(1)
        seal()
        note, checkpoint = parse_checkpoint(Checkpoint.objects.get().note.encode())
        own = verifier_key(checkpoint.origin, public_bytes(newer))
        assert signers(note, [own]) == (own,)
        assert len(note.signatures) == 1

    def test_the_file_is_for_its_owner_alone(self, key_path: Path, key: bytes) -> None:
        assert key_path.stat().st_mode & 0o777 == 0o600


def test_the_empty_tree_has_the_defined_root() -> None:
    assert reference.mth([]) == EMPTY_ROOT
