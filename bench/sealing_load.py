"""Does sealing keep up with recording, and what does it leave of it? Run as a module, it seals."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic, perf_counter, sleep

import msgspec
import psycopg
from tqdm import tqdm

from audit.worker.lifeline import ends_with_parent
from config.variables import BASE_DIR

from .bodies import CREATED, ENVIRONMENT, requests
from .figure import Figure
from .mixed import SENDERS, quantile
from .run import Run
from .senders import Connection, send_all
from .servers import web_server, worker

BATCH = 100
SINGLE_SENDERS = 16
# Of the rate that senders reach who don't wait.
PACE = 0.5
POLL_SECONDS = 0.01
DRAIN_SECONDS = 120.0


def measure_load(run: Run, database: str, variables: Mapping[str, str], key: str) -> list[Figure]:
    """Measure in a scratch database. key: of a sender of prod there"""
    repeats, batches, singles, seconds = run.pick(
        (1, 4, 32, 0.5), (3, 60, 1_000, 3.0), (5, 150, 3_000, 10.0)
    )
    ways = {BATCH: (SENDERS, batches), 1: (SINGLE_SENDERS, singles)}
    alone: dict[int, list[float]] = {size: [] for size in ways}
    sealed: dict[int, list[float]] = {size: [] for size in ways}
    lags: list[list[float]] = []

    def rate(size: int) -> float:
        senders, count = ways[size]
        sent = requests(count, size, key)
        return size * count / send_all(web.port, sent, senders=senders, status=CREATED)

    with run.installation.connect(database) as connection, web_server(variables=variables) as web:
        send_all(web.port, requests(32, BATCH, key), senders=16, status=CREATED)
        connection.execute("CHECKPOINT")
        for _ in tqdm(range(repeats), desc="sealing beside recording", disable=None):
            for size in ways:
                alone[size].append(rate(size))
                with _sealing(variables):
                    _wait_sealed(connection)
                    sealed[size].append(rate(size))
        top = max(alone[BATCH]) / BATCH
        with worker(variables):
            # Sealed only once the worker is at work; what was recorded before is still to count.
            send_all(web.port, requests(1, BATCH, key), senders=1, status=CREATED)
            _wait_sealed(connection)
            _wait_counted(connection)
            for _ in range(repeats):
                sent = requests(max(int(top * PACE * seconds), SENDERS), BATCH, key)
                lags.append(_lags(connection, web.port, sent, a_second=top * PACE))
    return [*_shares(alone, sealed), *_lag_figures(lags)]


def _shares(alone: dict[int, list[float]], sealed: dict[int, list[float]]) -> Iterator[Figure]:
    for size, rates in sealed.items():
        yield Figure(
            name=f"recording by HTTP, batch {size}, sealed and signed beside it",
            unit="events/s",
            values=rates,
            reference="with nothing beside it",
            references=alone[size],
            floor=0.85,
            aim=0.95,
        )


def _lag_figures(lags: list[list[float]]) -> Iterator[Figure]:
    for name, share in (("half", 0.5), ("99 in 100", 0.99)):
        yield Figure(
            name=f"from the answer to a signature over it, {name}, at half of the top rate",
            unit="ms",
            values=[quantile(one, share) for one in lags],
            is_more_better=False,
            value_floor=2_000,
            value_aim=1_500,
        )


def _lags(
    connection: psycopg.Connection, port: int, sent: list[bytes], *, a_second: float
) -> list[float]:
    """Send at an even pace; return, for each batch, the milliseconds from its answer until a
    checkpoint over it was there.
    """
    signed: list[tuple[float, int]] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(POLL_SECONDS):
            size = _newest(connection)
            if not signed or size > signed[-1][1]:
                signed.append((perf_counter(), size))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        answered = _send_paced(port, sent, a_second=a_second)
        _wait_sealed(connection)
        sleep(2 * POLL_SECONDS)
    finally:
        done.set()
        watcher.join()
    ends = dict(
        connection.execute("SELECT submission_id, first + count FROM audit_position").fetchall()
    )
    return [
        max(next(at for at, size in signed if size >= ends[submission]) - moment, 0) * 1_000
        for moment, submission in answered
    ]


def _send_paced(port: int, sent: list[bytes], *, a_second: float) -> list[tuple[float, int]]:
    """Send at an even pace; return when each was answered, and the receipt's number."""
    began = perf_counter()

    def send(first: int) -> list[tuple[float, int]]:
        answered = []
        with Connection(port) as connection:
            for number in range(first, len(sent), SENDERS):
                sleep(max(began + number / a_second - perf_counter(), 0))
                answer = connection.send(sent[number])
                if answer.status != CREATED:
                    raise RuntimeError("A paced batch was not recorded.")
                answered.append((perf_counter(), msgspec.json.decode(answer.body)["submission"]))
        return answered

    with ThreadPoolExecutor(SENDERS) as pool:
        return [one for part in pool.map(send, range(SENDERS)) for one in part]


def _newest(connection: psycopg.Connection) -> int:
    row = connection.execute(
        "SELECT coalesce(max(c.size), 0) FROM audit_checkpoint c"
        " JOIN audit_environment e ON e.id = c.environment WHERE e.key = %s",
        [ENVIRONMENT],
    ).fetchone()
    assert row is not None  # an aggregate
    return int(row[0])


def _wait_sealed(connection: psycopg.Connection) -> None:
    """Wait until all that is recorded has a signature over it."""
    give_up = monotonic() + DRAIN_SECONDS
    while monotonic() < give_up:
        row = connection.execute(
            "SELECT h.size, EXISTS (SELECT FROM audit_pending) FROM audit_loghead h"
            " JOIN audit_environment e ON e.id = h.environment WHERE e.key = %s",
            [ENVIRONMENT],
        ).fetchone()
        if row == (_newest(connection), False):
            return
        sleep(POLL_SECONDS)
    raise RuntimeError("Sealing does not come to the end.")


def _wait_counted(connection: psycopg.Connection) -> None:
    """Wait until the worker has counted all that has a position."""
    give_up = monotonic() + DRAIN_SECONDS
    while monotonic() < give_up:
        row = connection.execute(
            "SELECT EXISTS (SELECT FROM audit_loghead h LEFT JOIN audit_rolluphead r"
            " USING (environment) WHERE h.size > coalesce(r.position, 0))"
        ).fetchone()
        if row == (False,):
            return
        sleep(POLL_SECONDS)
    raise RuntimeError("Counting does not come to the end.")


@contextmanager
def _sealing(variables: Mapping[str, str]) -> Iterator[None]:
    """Have a process that does of the worker's rounds what seals, as nice as the worker."""
    child = subprocess.Popen(
        [sys.executable, "-m", "bench.sealing_load"],
        cwd=BASE_DIR,
        env={**os.environ, **variables},
        preexec_fn=ends_with_parent(),
    )
    try:
        yield
    finally:
        child.terminate()
        child.wait()


def main() -> None:
    """Seal round by round, with the worker's rests between them, until this process is ended."""
    from audit.management.commands.worker import NICENESS
    from audit.seal.sealer import Sealer
    from audit.worker.loop import MAX_REST_SECONDS, REST_FACTOR

    os.nice(NICENESS)
    sealer = Sealer(using="worker")
    while True:
        began = monotonic()
        done = sealer.seal(now=datetime.now(UTC))
        if not done.is_full:
            sleep(min(REST_FACTOR * (monotonic() - began), MAX_REST_SECONDS))


if __name__ == "__main__":
    import django

    django.setup()
    main()
