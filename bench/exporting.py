"""How fast does an export come, and what does it hold meanwhile?"""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from urllib.parse import urlencode

import msgspec
import psycopg
from tqdm import tqdm

from .dataset import DAYS
from .figure import Figure
from .loading import start_of
from .memory import MIB, watched
from .run import Result, Run
from .senders import TIMEOUT_SECONDS
from .servers import Web, web_server

PATH = "/api/v1/events/export?end=line"
BLOCK = 2**18


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exported:
    rows: int
    seconds: float
    first_byte_ms: float


def measure(run: Run) -> Result:
    """Export a part of the year and copy the same events as CSV, in turn."""
    wanted, repeats = run.pick((1_000, 1), (40_000, 3), (300_000, 5))
    start = start_of(run.directory)
    # From the midst of the year, of days that are over.
    low = start + timedelta(days=DAYS / 2)
    high = low + timedelta(days=DAYS * min(wanted / run.events, 0.5))
    span = {"from": low.isoformat(), "to": high.isoformat()}
    token = run.installation.access.read_token
    rates, raw, copied, firsts, held = [], [], [], [], []
    with run.installation.connect() as connection, web_server() as web:
        warm = {"from": low.isoformat(), "to": (low + timedelta(minutes=10)).isoformat()}
        for _ in range(6):
            _export(web, token, warm)
        for _ in tqdm(range(repeats), desc="export", disable=None):
            with watched(web.pids) as taken:
                one = _export(web, token, span)
            rates.append(one.rows / one.seconds)
            firsts.append(one.first_byte_ms)
            held.append((max(taken) - taken[0]) / MIB)
            copied.append(_copy_rate(connection, low, high, rows=one.rows))
            other = _export(web, token, span, format_="raw")
            raw.append(other.rows / other.seconds)
        everything = [_first_byte(web, token) for _ in range(repeats)]
    return Result(
        figures=[
            Figure(
                name="export as NDJSON",
                unit="events/s",
                values=rates,
                reference="COPY of the same rows as CSV",
                references=copied,
                floor=0.65,
                aim=1.0,
            ),
            Figure(
                name="… as it is stored (`raw`)",
                unit="events/s",
                values=raw,
                reference="COPY of the same rows as CSV",
                references=copied,
                floor=1.5,
                aim=2.2,
            ),
            *(
                Figure(
                    name=f"… first byte{of}",
                    unit="ms",
                    values=values,
                    is_more_better=False,
                    value_floor=50,
                    value_aim=20,
                )
                for of, values in (("", firsts), (" of all events", everything))
            ),
            Figure(
                name="… growth of the web processes meanwhile",
                unit="MB",
                values=held,
                is_more_better=False,
                value_floor=32,
                value_aim=16,
            ),
        ]
    )


@contextmanager
def _answered(
    web: Web, token: str, span: dict[str, str], *, format_: str = "ndjson"
) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=TIMEOUT_SECONDS)
    try:
        address = f"{PATH}&{urlencode({'format': format_, **span})}"
        connection.request("GET", address, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} for {address}: {answer.read()[:300]!r}")
        yield answer
    finally:
        connection.close()


def _export(web: Web, token: str, span: dict[str, str], *, format_: str = "ndjson") -> _Exported:
    """Read a whole export, and hold it against what its last line tells."""
    began = perf_counter()
    with _answered(web, token, span, format_=format_) as answer:
        piece = answer.read1(BLOCK)
        first_byte = perf_counter() - began
        lines, end = 0, b""
        while piece:
            lines += piece.count(b"\n")
            end = (end + piece)[-1_000:]
            piece = answer.read1(BLOCK)
    seconds = perf_counter() - began
    rows = msgspec.json.decode(end.splitlines()[-1])["export"]["rows"]
    if rows != lines - 1:
        raise RuntimeError(f"The export tells of {rows} events and has {lines - 1}.")
    return _Exported(rows=rows, seconds=seconds, first_byte_ms=first_byte * 1_000)


def _first_byte(web: Web, token: str) -> float:
    """Begin to read all there is, and hang up."""
    began = perf_counter()
    with _answered(web, token, {}) as answer:
        answer.read1(1)
        return (perf_counter() - began) * 1_000


def _copy_rate(
    connection: psycopg.Connection, low: datetime, high: datetime, *, rows: int
) -> float:
    """Copy the same events, in the same order, to this process."""
    from audit.log.ids import id_floor

    began = perf_counter()
    with connection.cursor() as cursor:
        with cursor.copy(
            f"COPY (SELECT * FROM audit_event WHERE id >= '{id_floor(low)}'"  # noqa: S608 (ids made of times)
            f" AND id < '{id_floor(high)}' ORDER BY id DESC) TO STDOUT (FORMAT csv)"
        ) as copy:
            while copy.read():
                pass
        seconds = perf_counter() - began
        if cursor.rowcount != rows:
            raise RuntimeError(f"{cursor.rowcount} events were copied and {rows} exported.")
    return rows / seconds
