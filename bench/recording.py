"""How fast is recording by HTTP, next to COPY into a bare heap and to an ordinary project?"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import msgspec
import psycopg

from config.configuration import BASE_DIR

from .dataset import documents
from .figure import Figure
from .installation import ORDINARY, OURS, Installation, web_server
from .ordinary.payload import flat
from .senders import post_request, send_all

ENVIRONMENT = "prod"
SENDERS = 4
SINGLE_SENDERS = 16
CREATED = 201
_encode = msgspec.json.encode
_seeds = itertools.count(50_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is sent in one repeat: requests of ours, and of the ordinary project's."""

    repeats: int
    by_thousand: tuple[int, int]
    by_hundred: tuple[int, int]
    single: tuple[int, int]


QUICK = Sizes(repeats=3, by_thousand=(24, 6), by_hundred=(80, 20), single=(1_500, 1_500))
SMOKE = Sizes(repeats=1, by_thousand=(2, 1), by_hundred=(2, 1), single=(16, 16))


@dataclass(slots=True)
class _Rates:
    """Events per second, one for each repeat."""

    copy: list[float] = field(default_factory=list)
    ours: dict[int, list[float]] = field(default_factory=dict)
    ordinary: dict[int, list[float]] = field(default_factory=dict)
    retry: list[float] = field(default_factory=list)


def measure_recording(installation: Installation, sizes: Sizes) -> list[Figure]:
    """Measure all of it, each repeat one after the other, so that all see the same machine."""
    make_ordinary_table()
    rates = _Rates()
    with (
        installation.connect() as connection,
        web_server(OURS) as ours,
        web_server(ORDINARY) as ordinary,
    ):
        batches = [
            (1_000, SENDERS, sizes.by_thousand),
            (100, SENDERS, sizes.by_hundred),
            (1, SINGLE_SENDERS, sizes.single),
        ]
        key = installation.keys[ENVIRONMENT]
        for port, path, token in ((ours, "/api/v1/events", key), (ordinary, "/events", "")):
            # Each process gets connections, look-ups and parsed user agents before the clock runs.
            form = _native if port == ours else _flat
            warm = [post_request(path, b, token) for b in itertools.islice(form(100), 32)]
            send_all(port, warm, senders=16, status=CREATED)
        buffers = _copied_rows(connection, sizes.by_thousand[0])
        for _ in range(sizes.repeats):
            rates.copy.append(_copy_rate(connection, buffers))
            for size, senders, (count, ordinary_count) in batches:
                bodies = list(itertools.islice(_native(size), count))
                requests = [post_request("/api/v1/events", body, key) for body in bodies]
                connection.execute("CHECKPOINT")
                seconds = send_all(ours, requests, senders=senders, status=CREATED)
                rates.ours.setdefault(size, []).append(size * count / seconds)
                if size == 1_000:
                    seconds = send_all(ours, requests, senders=senders, status=200)
                    rates.retry.append(size * count / seconds)
                bodies = list(itertools.islice(_flat(size), ordinary_count))
                requests = [post_request("/events", body) for body in bodies]
                connection.execute("CHECKPOINT")
                seconds = send_all(ordinary, requests, senders=senders, status=CREATED)
                rates.ordinary.setdefault(size, []).append(size * ordinary_count / seconds)
    return _figures(rates)


def _figures(rates: _Rates) -> list[Figure]:
    unit = "events/s"
    drf = "ModelSerializer and bulk_create"
    return [
        Figure(
            name="recording by HTTP, batch 1,000, next to COPY",
            unit=unit,
            values=rates.ours[1_000],
            reference="binary COPY into a bare heap, a commit for each 1,000",
            references=rates.copy,
            floor=0.12,
            aim=0.25,
        ),
        *(
            Figure(
                name=f"recording by HTTP, batch {size:,}, next to an ordinary project",
                unit=unit,
                values=rates.ours[size],
                reference=drf,
                references=rates.ordinary[size],
                floor=floor,
                aim=aim,
            )
            for size, floor, aim in ((1_000, 5, 8), (100, 4, 7), (1, 1.5, 4))
        ),
        Figure(
            name="a delivered batch of 1,000 sent again",
            unit=unit,
            values=rates.retry,
            reference="its first delivery",
            references=rates.ours[1_000],
            floor=1,
            aim=2,
        ),
    ]


def _native(size: int) -> Iterator[bytes]:
    """Bodies of native events that happen now."""
    return (_encode([event for _, event in batch]) for batch in _batches(size))


def _flat(size: int) -> Iterator[bytes]:
    """The same for the ordinary project."""
    return (_encode([flat(ENVIRONMENT, event) for _, event in batch]) for batch in _batches(size))


def _batches(size: int) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    seed = next(_seeds)
    start = datetime.now(UTC).replace(second=0, microsecond=0)
    events = documents(10**7, seed=seed, start=start, days=1 / 24, prefix=f"x{seed}-")
    return iter(lambda: list(itertools.islice(events, size)), [])


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
    connection.execute("CREATE TABLE bench_heap AS SELECT * FROM audit_event WHERE false")
    buffers = []
    for number in range(batches):
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "COPY (SELECT * FROM audit_event ORDER BY id DESC"
                f" LIMIT 1000 OFFSET {number * 1_000 % 3_000}) TO STDOUT (FORMAT BINARY)"
            ) as copy,
        ):
            buffers.append(b"".join(bytes(piece) for piece in copy))
    return buffers


def _copy_rate(connection: psycopg.Connection, buffers: Sequence[bytes]) -> float:
    """One connection, one transaction for each 1,000 rows, committed to disk as ours is."""
    connection.execute("TRUNCATE bench_heap")
    connection.execute("CHECKPOINT")
    began = perf_counter()
    for buffer in buffers:
        with (
            connection.cursor() as cursor,
            cursor.copy("COPY bench_heap FROM STDIN (FORMAT BINARY)") as copy,
        ):
            copy.write(buffer)
    return 1_000 * len(buffers) / (perf_counter() - began)
