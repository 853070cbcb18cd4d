"""However many search, few do so at once, and whoever records doesn't wait for them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg

from .faults.watched import connect
from .installation import Installation, post

# Read by the search and not by what records.
LOCKED = "audit_rollupday"
SEARCH = "/api/v1/events/histogram?from=-365d"
SECONDS = 30
TABS = 12


@contextmanager
def locked(installation: Installation) -> Iterator[psycopg.Connection[Any]]:
    """Hold every search up in the database."""
    with (
        connect(installation) as watching,
        connect(installation) as holding,
        holding.transaction(),
    ):
        holding.execute(f"LOCK TABLE {LOCKED} IN ACCESS EXCLUSIVE MODE")
        yield watching


def at_work(watching: psycopg.Connection[Any]) -> int:
    row = watching.execute(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE usename = 'sightline_reader' AND wait_event_type = 'Lock'"
    ).fetchone()
    return int(row[0]) if row else 0


def wait(is_so: Callable[[], bool]) -> None:
    give_up = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < give_up
        time.sleep(0.02)


class TestManySearches:
    def test_leave_recording_alone_and_are_answered_afterwards(
        self, installation: Installation, ingest_key: str, read_token: str
    ) -> None:
        def search() -> int:
            headers = {"Authorization": f"Bearer {read_token}"}
            address = f"{installation.address}{SEARCH}"
            return httpx.get(address, headers=headers, timeout=SECONDS).status_code

        processes = len(installation.children("config.server"))
        with ThreadPoolExecutor(TABS) as pool:
            with locked(installation) as watching:
                asked = [pool.submit(search) for _ in range(TABS)]
                wait(lambda: at_work(watching) > 0)
                with httpx.Client(timeout=SECONDS) as client:
                    for _ in range(20):
                        sent = [{"type": "BESIDE_SEARCHES"} for _ in range(30)]
                        answer = post(client, installation.address, ingest_key, sent)
                        assert answer.status_code == 201
                # A long one lends its turn, so a person has two in a process in the end.
                assert at_work(watching) <= 2 * processes
            assert [one.result() for one in asked] == [200] * TABS
