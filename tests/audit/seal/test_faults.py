"""Whatever sealing is cut off in, and whoever seals besides: nothing is doubled, lost or forked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connections
from django.utils import timezone

from audit.log.cursor import psycopg_cursor
from audit.models import Checkpoint, LogHead, Pending, Position, Submission, TileHash
from audit.seal import checkpoints, log_keys, positions, sealer, tree
from audit.seal.sealer import Sealer
from audit.seal.tiles import read_tree
from audit.tlog.consistency import check_consistency, prove_consistency
from tests.audit.tlog import reference

from .conftest import Record

pytestmark = pytest.mark.django_db(transaction=True)
MODULES = (checkpoints, log_keys, positions, sealer, tree)
# More than the statements of a round.
MOST_STATEMENTS = 60


class Failpoint:
    """Ends the connection before a statement, as a killed process ends its own."""

    def __init__(self, at: int) -> None:
        self.left = at

    def cursor(self, using: str) -> psycopg.Cursor[Any]:
        failpoint, connection = self, psycopg_cursor(using).connection

        class Failing(psycopg.Cursor[Any]):
            def execute(self, *args: Any, **kwargs: Any) -> Any:
                failpoint.left -= 1
                if failpoint.left == 0:
                    connection.close()
                return super().execute(*args, **kwargs)

        return Failing(connection)


def see_that_all_is_well(environment: int) -> None:
    receipts = {one.pk: one for one in Submission.objects.all()}
    leaves: list[bytes] = []
    for position in Position.objects.order_by("first"):
        assert position.first == len(leaves)
        leaves += map(bytes, receipts.pop(position.submission_id).leaf_hashes)
    assert not receipts
    assert not Pending.objects.exists()
    head = LogHead.objects.get(environment=environment)
    assert head.size == head.tree_size == len(leaves)
    assert TileHash.objects.count() == len(leaves) // 256
    notes = list(Checkpoint.objects.order_by("size"))
    assert notes[-1].size == len(leaves)
    assert bytes(notes[-1].root) == reference.mth(leaves)
    tree_ = read_tree(psycopg_cursor("default"), environment, len(leaves), epoch=1)
    for note in notes:
        proof = prove_consistency(tree_.subtree, note.size, len(leaves))
        check_consistency(note.size, bytes(note.root), len(leaves), reference.mth(leaves), proof)


class TestCutOff:
    def test_before_any_statement_of_a_round(
        self, environment: int, record: Record, key: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = timezone.now()
        cut = 0
        for at in range(1, MOST_STATEMENTS):
            record(40)
            now += timedelta(seconds=2)
            failpoint = Failpoint(at)
            with monkeypatch.context() as patched:
                for module in MODULES:
                    patched.setattr(module, "psycopg_cursor", failpoint.cursor)
                try:
                    Sealer(using="default").seal(now=now)
                except (DatabaseError, psycopg.Error):
                    cut += 1
                    connections["default"].close()
            if failpoint.left > 0:
                break
        assert cut > 10
        assert failpoint.left > 0, "the round has more statements than were tried"
        Sealer(using="default").seal(now=now + timedelta(seconds=2))
        see_that_all_is_well(environment)


class TestTwoSealers:
    @pytest.fixture
    def others(self) -> Iterator[list[threading.Thread]]:
        threads: list[threading.Thread] = []
        yield threads
        for thread in threads:
            thread.join()

    def test_at_once_are_harmless(
        self, environment: int, record: Record, key: bytes, others: list[threading.Thread]
    ) -> None:
        stop = threading.Event()
        failures: list[Exception] = []

        def work() -> None:
            own = Sealer(using="default")
            now = timezone.now()
            try:
                while not stop.is_set():
                    now += timedelta(seconds=2)
                    own.seal(now=now)
            except Exception as error:
                failures.append(error)
                raise
            finally:
                connections["default"].close()

        others += [threading.Thread(target=work) for _ in range(3)]
        for thread in others:
            thread.start()
        for count in range(1, 60):
            record(count)
        stop.set()
        for thread in others:
            thread.join()
        assert not failures
        Sealer(using="default").seal(now=timezone.now() + timedelta(days=1))
        see_that_all_is_well(environment)
