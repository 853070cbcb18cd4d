"""The worker goes behind those who record, in the database too."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from audit.log.niceness import NICENESS
from audit.worker.loop import run
from audit.worker.progress import WORKER_LOCK

SECONDS = 30


def backend_at_work() -> int | None:
    """The server's process of whoever has the worker's lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND classid::int8 = %s AND objid::int8 = %s",
            WORKER_LOCK,
        )
        row = cursor.fetchone()
    return row[0] if row else None


@pytest.mark.django_db(transaction=True)
def test_the_workers_server_process_gives_way() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(stop,))
    thread.start()
    try:
        give_up = time.monotonic() + SECONDS
        while (pid := backend_at_work()) is None:
            assert time.monotonic() < give_up
            time.sleep(0.02)
        niceness = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[16]
    finally:
        stop.set()
        thread.join(SECONDS)
    assert niceness == str(NICENESS)
