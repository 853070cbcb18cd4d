"""How fast is recording by HTTP, next to COPY into a bare heap and to an ordinary project?"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

import psycopg
from tqdm import tqdm

from config.variables import BASE_DIR

from .bodies import CREATED, ENVIRONMENT, ordinary, requests
from .figure import Figure
from .run import Result, Run
from .senders import post_request, send_all
from .servers import ORDINARY, web_server

SENDERS = 4
SINGLE_SENDERS = 16
RATE = "events/s"
# The row that `COPY` is measured with stays this one, whatever the product's becomes: else a
# leaner row would look like slower recording.
PINNED_ROW = """
id uuid NOT NULL, received_at timestamptz, submission_id int8, client_id int8, sequence int8,
ordinal int4, sender_id int4, key_id int4, workspace_hash int4, actor_hash int4,
application_hash int4, resource_hash int4, latitude float8, longitude float8, place_build date,
environment int2, type int2, outcome int2, browser int2, operating_system int2, device_class int2,
country int2, radius_km int2, workspace_id text, actor_id text, application_id text,
application_gid text, resource_type text, resource_id text, session text, request_id text,
trace text, source text, ip inet, place_kind text, region text, city text, time_zone text,
network text, organisation text, redacted text[], head_salt bytea, personal_salt bytea,
details_salt bytea, head_commitment bytea, personal_commitment bytea, details_commitment bytea,
head text, personal text, details text
"""
PINNED_COLUMNS = ", ".join(part.split()[0] for part in PINNED_ROW.split(","))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is sent in one repeat: requests of ours, and of the ordinary project's."""

    repeats: int
    by_thousand: tuple[int, int]
    by_hundred: tuple[int, int]
    single: tuple[int, int]


SMOKE = Sizes(repeats=1, by_thousand=(2, 1), by_hundred=(2, 1), single=(16, 16))
QUICK = Sizes(repeats=3, by_thousand=(16, 4), by_hundred=(60, 15), single=(1_000, 700))
FULL = Sizes(repeats=5, by_thousand=(40, 8), by_hundred=(120, 30), single=(2_000, 1_500))


@dataclass(slots=True)
class _Rates:
    """Events per second, one for each repeat; log: bytes of write-ahead log an event."""

    copy: list[float] = field(default_factory=list)
    ours: dict[int, list[float]] = field(default_factory=dict)
    log: dict[int, list[float]] = field(default_factory=dict)
    ordinary: dict[int, list[float]] = field(default_factory=dict)
    retry: list[float] = field(default_factory=list)


def measure(run: Run) -> Result:
    """Measure all of it, each repeat one after the other, so that all see the same machine.

    After a checkpoint each page that changes goes into the log as a whole once. At these rates one
    follows after a million events, so what is measured comes after as many as a repeat has.
    """
    sizes = run.pick(SMOKE, QUICK, FULL)
    make_ordinary_table()
    rates = _Rates()
    key = run.installation.access.keys[ENVIRONMENT]
    batches = [
        (1_000, SENDERS, sizes.by_thousand),
        (100, SENDERS, sizes.by_hundred),
        (1, SINGLE_SENDERS, sizes.single),
    ]
    with (
        run.installation.connect() as connection,
        web_server() as ours,
        web_server(ORDINARY) as theirs,
    ):
        # Each process gets connections, look-ups and parsed user agents before the clock runs.
        send_all(ours.port, requests(32, 100, key), senders=16, status=CREATED)
        send_all(theirs.port, _ordinary_requests(32, 100), senders=16, status=CREATED)
        connection.execute("CHECKPOINT")
        warm = requests(sizes.by_thousand[0], 1_000, key)
        send_all(ours.port, warm, senders=SENDERS, status=CREATED)
        warm = _ordinary_requests(sizes.by_thousand[1], 1_000)
        send_all(theirs.port, warm, senders=SENDERS, status=CREATED)
        buffers = _copied_rows(connection, sizes.by_thousand[0])
        for _ in tqdm(range(sizes.repeats), desc="recording", disable=None):
            rates.copy.append(_copy_rate(connection, buffers))
            for size, senders, (count, ordinary_count) in batches:
                sent = requests(count, size, key)
                written = _log_bytes(connection)
                seconds = send_all(ours.port, sent, senders=senders, status=CREATED)
                rates.ours.setdefault(size, []).append(size * count / seconds)
                written = _log_bytes(connection) - written
                rates.log.setdefault(size, []).append(written / (size * count))
                if size == 1_000:
                    seconds = send_all(ours.port, sent, senders=senders, status=200)
                    rates.retry.append(size * count / seconds)
                sent = _ordinary_requests(ordinary_count, size)
                seconds = send_all(theirs.port, sent, senders=senders, status=CREATED)
                rates.ordinary.setdefault(size, []).append(size * ordinary_count / seconds)
    return Result(figures=_figures(rates))


def _figures(rates: _Rates) -> list[Figure]:
    drf = "ModelSerializer and bulk_create"
    return [
        Figure(
            name="recording by HTTP, batch 1,000, next to COPY",
            unit=RATE,
            values=rates.ours[1_000],
            reference="binary COPY into a bare heap, a commit for each 1,000",
            references=rates.copy,
            floor=0.16,
            aim=0.20,
        ),
        *(
            Figure(
                name=f"recording by HTTP, batch {size:,}, next to an ordinary project",
                unit=RATE,
                values=rates.ours[size],
                reference=drf,
                references=rates.ordinary[size],
                floor=floor,
                aim=aim,
            )
            for size, floor, aim in ((1_000, 3.5, 5), (100, 3.1, 4), (1, 1.5, 4))
        ),
        Figure(
            name="a delivered batch of 1,000 sent again",
            unit=RATE,
            values=rates.retry,
            reference="its first delivery",
            references=rates.ours[1_000],
            floor=1,
            aim=2,
        ),
        *(
            Figure(
                name=f"write-ahead log an event, batch {size:,}",
                unit="bytes",
                values=written,
                is_more_better=False,
            )
            for size, written in rates.log.items()
        ),
    ]


def _log_bytes(connection: psycopg.Connection) -> int:
    """How far is the write-ahead log? Nothing but recording writes into it meanwhile."""
    row = connection.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchone()
    return int(row[0]) if row else 0


def _ordinary_requests(count: int, size: int) -> list[bytes]:
    return [post_request("/events", body) for body in itertools.islice(ordinary(size), count)]


def make_ordinary_table() -> None:
    """Make the ordinary project's table where it is missing."""
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "ordinary", "--run-syncdb", "--verbosity", "0"],
        cwd=BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": ORDINARY},
        check=True,
    )


def _copied_rows(connection: psycopg.Connection, batches: int) -> list[bytes]:
    """Return the newest rows of the event table as COPY sends them, 1,000 a piece."""
    connection.execute("DROP TABLE IF EXISTS bench_heap")
    connection.execute(f"CREATE TABLE bench_heap ({PINNED_ROW})".encode())
    buffers = []
    for number in range(batches):
        with (
            connection.cursor() as cursor,
            cursor.copy(
                f"COPY (SELECT {PINNED_COLUMNS} FROM audit_event ORDER BY id DESC"  # noqa: S608 (columns of the bench itself, a number)
                f" LIMIT 1000 OFFSET {number * 1_000 % 3_000}) TO STDOUT (FORMAT BINARY)"
            ) as copy,
        ):
            buffers.append(b"".join(bytes(piece) for piece in copy))
    return buffers


def _copy_rate(connection: psycopg.Connection, buffers: Sequence[bytes]) -> float:
    """One connection, one transaction for each 1,000 rows, committed to disk as ours is."""
    connection.execute("TRUNCATE bench_heap")
    began = perf_counter()
    for buffer in buffers:
        with (
            connection.cursor() as cursor,
            cursor.copy("COPY bench_heap FROM STDIN (FORMAT BINARY)") as copy,
        ):
            copy.write(buffer)
    return 1_000 * len(buffers) / (perf_counter() - began)
